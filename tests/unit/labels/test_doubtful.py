"""Labels that are damaged, lost or elsewhere: what they may have said is refused, and is not called absent."""

import datetime as dt
from typing import Any

import pytest

from pipelines.reading.grid import Grid
from pipelines.survey import survey
from tests.hostile.undeclared import drafted

YEARS = ["2019/20", "2020/21", "2021/22"]


def sheet(*rows: list[Any], name: str = "1") -> Grid:
    return Grid(name, [[float(c) if isinstance(c, int) else c for c in row] for row in rows])


def read(*rows: list[Any], name: str = "1") -> dict[str, dict[str, Any]]:
    return {f["cell"]: f for f in drafted(sheet(*rows, name=name))}


def answers(*rows: list[Any], name: str = "1") -> dict[str, str]:
    return survey([sheet(*rows, name=name)]).characteristics


def test_a_mark_is_no_group() -> None:
    figures = read(["Sex", *YEARS], ["Male", 4, 5, 6], ["Female", 7, 8, 9], ["[x]", 1, 2, 3], ["Total", 12, 15, 18])
    assert figures["B2"]["sex"] == "male"
    assert "B4" not in figures


def test_a_header_one_column_beside_its_numbers_is_refused() -> None:
    assert not read(["Sex", None, *YEARS], ["Male", 4, 5, 6], ["Female", 7, 8, 9])
    assert read(["Sex", *YEARS], ["Male", 4, 5, 6], ["Female", 7, 8, 9])


def test_a_group_over_a_label_is_no_parent_of_another_dimensions_group() -> None:
    groups = ["Asian", "Black", "Mixed", "Other", "White", "Not stated"]
    figures = read(
        ["Defendants by sex and ethnicity, 2021"],
        [None, "Male", *[None] * 5, "Female"],
        ["Offence group", *groups, *groups],
        ["Robbery", *range(40, 52)],
        ["Theft offences", *range(60, 72)],
    )
    assert [(figures[f"{c}4"]["sex"], figures[f"{c}4"]["ethnicity"]) for c in "EGHK"] == [
        ("male", "Other"), ("male", "Not stated"), ("female", "Asian"), ("female", "Other"),
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["Table 2: Disability", "Table 2"])
def test_one_group_beside_a_row_without_a_label_leaves_its_characteristic_open(title: str) -> None:
    rows = [title], [], ["Group", *YEARS], ["Disabled", 4, 5, 6], [None, 7, 8, 9], ["Not known", 1, 2, 3]
    assert answers(*rows)["disability"] == "unclear"


def test_a_heading_over_an_empty_column_names_its_characteristic() -> None:
    rows = [
        ["year", "age_group", "sex", "count"],
        *(["2021/22", None, s, n] for s, n in zip("MFMF", (4, 5, 6, 7), strict=True)),
    ]
    assert answers(*rows, name="open.csv")["age"] == "unclear"
    assert not read(*rows, name="open.csv"), "the rows stand twice: an age parts them that nobody can read"


def test_a_date_among_words_dates_nothing() -> None:
    rows = (
        ["Previous offences", *YEARS],
        ["0", 4, 5, 6],
        ["1 - 2", 4, 5, 6],
        ["Nov-14", 1, 2, 3],
        ["15 or more", 4, 5, 6],
    )
    assert {f["period_start"] for f in read(*rows).values()} <= {"2019-04-01", "2020-04-01", "2021-04-01"}
    assert not read([None, *YEARS], [dt.date(2014, 10, 1), 4, 5, 6], [dt.date(2015, 10, 1), 7, 8, 9])


def test_blocks_that_lost_their_labels_are_all_in_doubt() -> None:
    block = ["Male", 4, 5, 6], ["Female", 7, 8, 9], ["Not known", 1, 2, 3]
    assert not read([None, *YEARS], *block, *block, *block)


def test_a_total_that_stands_again_with_other_numbers_is_another_total() -> None:
    block = ["All ethnicities", 11, 13, 15], ["Asian", 4, 5, 6], ["Black", 7, 8, 9]
    assert {"B2", "B5"} <= read(["Ethnicity", *YEARS], *block, ["All ethnicities", 11, 13, 15]).keys()
    assert not {"B2", "B5"} & read(["Ethnicity", *YEARS], *block, ["All ethnicities", 5, 6, 7]).keys()


def test_a_column_of_one_header_twice_is_refused() -> None:
    rows = [["Sex", "Searches", "Searches", "Rate"], ["Male", 4, 4, 0.5], ["Female", 7, 7, 0.5]]
    assert set(read(*rows)) & {"B2", "C2"} == set()


def test_a_total_over_areas_is_of_the_whole() -> None:
    figures = read(["Region", *YEARS], ["North East", 4, 5, 6], ["Wales", 7, 8, 9], ["Sub-total", 11, 13, 15])
    assert figures["B4"]["place_code"] == "not stated"  # because nothing there says of which country


def test_labels_made_alike_say_each_for_itself() -> None:
    rows = [["Ethnicity and legal basis", *YEARS], ["White - Remand", 4, 5, 6], ["White - DTO", 7, 8, 9]]
    assert "remand" not in (read(*rows).get("B3") or {"circumstances": ""})["circumstances"]
