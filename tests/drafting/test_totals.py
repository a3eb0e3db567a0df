"""Totals beside their parts are found by their values, and labels that may overlap are never added."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.drafting.totals import totals_in

SHARED = Path(__file__).resolve().parents[3] / "shared" / "published"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the publishers' originals are not here: no ../shared/published"
)

FORCES = {
    "North": {"Avon": (11, 7), "Kent": (23, 5), "Dyfed": (3, 31)},
    "South": {"Essex": (41, 2), "Gwent": (8, 19)},
}


def long(*rows: tuple[object, ...], columns: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=list(columns), orient="row")


def forces(with_totals: bool) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for region, places in FORCES.items():
        for sex in (0, 1):
            rows += [(region, place, "MF"[sex], counts[sex]) for place, counts in places.items()]
            if with_totals:
                rows.append((region, "Total", "MF"[sex], sum(counts[sex] for counts in places.values())))
    return rows


def test_a_total_row_of_each_region_is_the_sum_of_its_forces() -> None:
    frame = long(*forces(with_totals=True), columns=("region", "force", "sex", "people"))
    found = totals_in(frame, ["region", "force", "sex"], "people")
    assert found["force"].totals == {"Total": ("Avon", "Kent", "Dyfed", "Essex", "Gwent")}
    assert found["force"].parts == ("Avon", "Kent", "Dyfed", "Essex", "Gwent")
    assert found["sex"].parts == ("M", "F")
    assert found["sex"].totals == {}


def test_a_country_beside_its_forces_is_their_sum() -> None:
    rows = [(place, year, people + year % 7) for year in (2019, 2020, 2021) for place, people in
            (("Avon", 10), ("Kent", 25), ("Gwent", 7))]  # fmt: skip
    rows += [("England and Wales", y, 42 + 3 * (y % 7)) for y in (2019, 2020, 2021)]
    found = totals_in(long(*rows, columns=("area", "year", "people")), ["area", "year"], "people")["area"]
    assert (found.parts, found.whole) == (("Avon", "Kent", "Gwent"), "England and Wales")


def test_totals_of_totals_have_parts_that_are_none() -> None:
    values = {"a": (1, 20, 33), "b": (4, 5, 60), "c": (7, 80, 9), "d": (13, 1, 2)}
    values["All first"] = tuple(x + y for x, y in zip(values["a"], values["b"], strict=True))
    values["All second"] = tuple(x + y for x, y in zip(values["c"], values["d"], strict=True))
    values["All"] = tuple(x + y for x, y in zip(values["All first"], values["All second"], strict=True))
    rows = [(name, year, each[year]) for name, each in values.items() for year in range(3)]
    found = totals_in(long(*rows, columns=("order", "year", "people")), ["order", "year"], "people")["order"]
    assert found.parts == ("a", "b", "c", "d")
    assert found.totals == {"All first": ("a", "b"), "All second": ("c", "d"), "All": ("a", "b", "c", "d")}
    assert (found.whole, found.overlapping) == ("All", ())


def test_one_sum_that_holds_by_chance_makes_no_total() -> None:
    rows = [("x", 0, 3), ("y", 0, 1), ("z", 0, 2), ("x", 1, 9), ("y", 1, 4), ("z", 1, 1), ("x", 2, 5), ("y", 2, 2)]
    found = totals_in(long(*rows, columns=("kind", "year", "people")), ["kind", "year"], "people")["kind"]
    assert (found.totals, found.parts) == ({}, ("x", "y", "z"))


def test_a_suppressed_part_is_unknown_and_the_other_combinations_decide() -> None:
    rows = [(n, y, v) for y, (a, b) in enumerate([(4, 6), (1, 9), (8, 3), (2, 7)]) for n, v in
            (("a", a), ("b", b), ("both", a + b))]  # fmt: skip
    rows[0] = ("a", 0, None)
    found = totals_in(long(*rows, columns=("kind", "year", "people")), ["kind", "year"], "people")["kind"]
    assert found.totals == {"both": ("a", "b")}


def test_a_label_called_all_that_is_no_sum_leaves_nothing_to_add() -> None:
    rows = [(n, y, v) for y in range(4) for n, v in (("All orders", 9 + y), ("a", 6 + y), ("b", 5))]
    found = totals_in(long(*rows, columns=("kind", "year", "people")), ["kind", "year"], "people")["kind"]
    assert (found.parts, found.overlapping, found.whole) == ((), ("All orders", "a", "b"), "All orders")


def test_rounded_parts_make_a_total_only_where_their_step_is_said() -> None:
    rows = [(n, y, v) for y, t in enumerate((100, 110, 90, 100)) for n, v in (("a", 50), ("b", 50), ("both", t))]
    frame = long(*rows, columns=("kind", "year", "people"))
    assert totals_in(frame, ["kind", "year"], "people")["kind"].totals == {}
    assert totals_in(frame, ["kind", "year"], "people", step=10)["kind"].totals == {"both": ("a", "b")}


@needs_shared
@pytest.mark.parametrize(
    ("file", "whole", "men", "women"),
    [
        ("caseloadQ12023.csv", "All supervision", 217_979, 21_539),
        ("startsQ12023.csv", "All court orders and pre-release supervision", 36_135, 4_907),
    ],
)
def test_people_on_several_orders_are_counted_once_so_order_types_are_not_added(
    file: str, whole: str, men: int, women: int
) -> None:
    frame = pl.read_csv(SHARED / "moj" / file)
    found = totals_in(frame, ["REGION", "ORDER TYPE", "SEX", "DATE"], "COUNT")
    orders = found["ORDER TYPE"]
    assert (orders.parts, orders.whole) == ((), whole)
    assert len(orders.overlapping) == frame["ORDER TYPE"].n_unique()
    everyone = frame.filter(pl.col("ORDER TYPE") == whole).group_by("SEX").agg(pl.col("COUNT").sum())
    assert dict(everyone.iter_rows()) == {"Male": men, "Female": women}
    assert len(found["REGION"].parts) == frame["REGION"].n_unique()
    assert found["SEX"].parts == ("Female", "Male")
