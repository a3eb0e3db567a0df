"""Which cell explains failing sums, and which failures are one: on equations alone, without a database."""

from datetime import date
from typing import Any

from expectations.causes import Cell, Equation, Nesting, causes, cell_of
from expectations.messages import dated, described, number

NOTHING_NESTED = Nesting({})


def cell(name: str, value: float, day: date = date(2020, 6, 30), **categories: str) -> Cell:
    place = {"artefact_sha256": "a", "table_id": "T", "sheet": "T"}
    return Cell(
        observation_id=f"{name} {day}",
        cell=name,
        value=value,
        period_end=day,
        categories=tuple(sorted(categories.items())),
        **place,
    )


def sum_of(whole: Cell, *parts: Cell, check: str = "parts_sum_to_total", **more: Any) -> Equation:
    given = sum(part.value or 0 for part in parts)
    return Equation(check, "age", whole, parts, given, more.pop("tolerance", 0), **more)


def suspects(*equations: Equation) -> list[list[str]]:
    return [[c.cell for c in cause.suspects] for cause in causes(equations, NOTHING_NESTED)]


def test_one_failure_alone_leaves_every_cell_under_suspicion() -> None:
    assert suspects(sum_of(cell("B1", 11), cell("B2", 4), cell("B3", 6))) == [["B1", "B2", "B3"]]


def test_the_cell_whose_one_correction_mends_two_sums_is_the_suspect() -> None:
    wrong = cell("B2", 5, age="15-17")
    assert suspects(
        sum_of(cell("B1", 10), wrong, cell("B3", 6)),
        sum_of(wrong, cell("B8", 2), cell("B9", 2)),
    ) == [["B2"]]


def test_a_shared_cell_that_would_need_two_corrections_explains_neither() -> None:
    shared = cell("B2", 5, age="15-17")
    found = suspects(
        sum_of(cell("B1", 10), shared, cell("B3", 6)),
        sum_of(cell("B7", 10), shared, cell("B8", 9)),
    )
    assert found == [["B1", "B2", "B3", "B7", "B8"]]


def test_a_total_that_another_table_contradicts_is_the_suspect_though_it_fails_once() -> None:
    other = cell("Z9", 10)
    assert suspects(sum_of(cell("B1", 11), cell("B2", 4), cell("B3", 6), elsewhere=(other,))) == [["B1"]]


def test_the_same_row_failing_at_two_dates_is_one_cause_and_two_rows_are_two() -> None:
    days = (date(2019, 6, 30), date(2020, 6, 30))
    same_row = [
        sum_of(cell(f"{c}1", 11, d, sex="male"), cell(f"{c}2", 4, d), cell(f"{c}3", 6, d))
        for c, d in zip("BC", days, strict=True)
    ]
    other_row = sum_of(cell("B7", 3, sex="female"), cell("B8", 1), cell("B9", 1))
    assert suspects(*same_row, other_row) == [["B1", "C1", "B2", "C2", "B3", "C3"], ["B7", "B8", "B9"]]


def test_a_category_and_its_split_are_one_cause_at_one_date() -> None:
    nesting = Nesting({("a", "T", "age", "60-69"): "60 and over"})
    older, split = cell("B4", 9, age="60 and over"), cell("B5", 5, age="60-69")
    equations = [
        sum_of(older, cell("C4", 4), cell("D4", 4)),
        sum_of(split, cell("C5", 2), cell("D5", 2)),
    ]
    assert len(causes(equations, nesting)) == 1
    assert len(causes(equations, NOTHING_NESTED)) == 2


def test_one_defect_is_a_cause_of_its_own_for_each_check() -> None:
    wrong = cell("B2", 5)
    found = causes(
        [
            sum_of(cell("B1", 10), wrong, cell("B3", 6)),
            sum_of(wrong, cell("B8", 2), cell("B9", 2), check="children_sum_to_parent"),
        ],
        NOTHING_NESTED,
    )
    assert [(c.equations[0].check, [s.cell for s in c.suspects]) for c in found] == [
        ("children_sum_to_parent", ["B2"]),
        ("parts_sum_to_total", ["B2"]),
    ]


def test_cells_are_told_in_the_order_of_the_sheet() -> None:
    names = ["AA2", "B10", "Z2", "B2"]
    assert [c.cell for c in sorted((cell(n, 1) for n in names), key=lambda c: c.position)] == [
        "B2",
        "Z2",
        "AA2",
        "B10",
    ]


def test_a_cell_is_described_by_what_it_is_broken_down_by() -> None:
    record = {
        "observation_id": "o",
        "table_id": "T",
        "sheet": "T",
        "cell": "B2",
        "categories": {"sex": "male", "age": "all", "legal_status": "non_criminal"},
        "period_start": "2018-04-01",
        "period_end": "2019-03-31",
    }
    assert described(cell_of(record)) == "legal status non criminal, sex male"
    assert dated(cell_of(record)) == "from 1 April 2018 to 31 March 2019"
    assert described(cell("B1", 1)) == "the total"
    assert dated(cell("B1", 1)) == "on 30 June 2020"


def test_numbers_are_written_as_people_write_them() -> None:
    assert [number(v) for v in (84968.0, 3836.67, 0.0, None)] == ["84,968", "3,836.67", "0", "no value"]
