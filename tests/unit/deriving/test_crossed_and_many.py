"""Groups within another characteristic, unknown on both sides, named standards, and many comparisons at once."""

import csv
import datetime as dt
import itertools
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from monitor.statistics.comparison import benjamini_hochberg
from monitor.statistics.standardisation import direct
from pipelines.deriving import EACH, Refused, Request, adjusted_together, derive, each_within, every_summary
from pipelines.deriving.standards import people_of, standards
from tests.unit.deriving.made import HIDDEN, PEOPLE, baseline, disparities, figures, measure

ORACLES = Path(__file__).resolve().parents[3].parent / "shared" / "oracles"
BOTH = ("ethnicity", "religion")
MUSLIM = {("White", "Muslim"): 30.0, ("Black", "Muslim"): 40.0, ("White", "all"): 300.0, ("Black", "all"): 60.0}
OTHERS = {("White", "Christian"): 270.0, ("Black", "Christian"): 20.0}
RESIDENTS = {
    ("White", "Muslim"): 3000.0, ("Black", "Muslim"): 500.0, ("White", "all"): 40000.0, ("Black", "all"): 2000.0,
    ("White", "Christian"): 37000.0, ("Black", "Christian"): 1500.0,
}  # fmt: skip


def test_groups_are_compared_within_a_category_of_another_characteristic() -> None:
    counts, people = (
        figures({**MUSLIM, **OTHERS}, by=BOTH),
        figures(RESIDENTS, by=BOTH, table="people", measure="people"),
    )
    row = disparities(counts, people, Request(within=(("religion", "Muslim"),)))["Black"]
    assert row["ratio"] == pytest.approx((40 / 500) / (30 / 3000))
    assert (row["within"], row["sex"]) == ("religion Muslim", "all")


def test_each_category_of_another_characteristic_can_be_asked_for() -> None:
    counts = figures({**MUSLIM, **OTHERS}, by=BOTH)
    asked = each_within(measure(), Request(within=(("religion", EACH),)), counts)
    assert [r.within for r in asked] == [(("religion", "Christian"),), (("religion", "Muslim"),)]
    with pytest.raises(Refused, match="not published by ethnicity within age"):
        each_within(measure(), Request(within=(("age", EACH),)), counts)


def test_what_the_baseline_does_not_cross_keeps_its_counts_and_says_why_there_is_no_ratio() -> None:
    rows = disparities(figures({**MUSLIM, **OTHERS}, by=BOTH), request=Request(within=(("religion", "Muslim"),)))
    assert (rows["Black"]["count"], rows["Black"]["ratio"], rows["Black"]["status"]) == (40, None, "refused")
    assert "religion Muslim" in rows["Black"]["reason"]


def test_a_crossing_that_is_not_published_is_refused() -> None:
    with pytest.raises(Refused, match="`crossings`"):
        disparities(figures({"White": 3.0, "Black": 5.0}), request=Request(within=(("religion", "Muslim"),)))


def test_one_religion_hidden_beside_the_others_and_the_total_is_withheld_for_all() -> None:
    counts = figures({**MUSLIM, **OTHERS, ("Black", "Christian"): HIDDEN}, by=BOTH)
    people = figures(RESIDENTS, by=BOTH, table="people", measure="people")
    for name, state in (("Christian", "recoverable"), ("Muslim", "beside_recoverable")):
        row = disparities(counts, people, Request(within=(("religion", name),)))["Black"]
        assert (row["suppression"], row["count"], row["rate"]) == (state, None, None)


# --- unknown ---------------------------------------------------------------------------------------------------------


def test_unknown_residents_move_the_bounds_too() -> None:
    people = {"White": 400.0, "Black": 20.0, "Not stated": 30.0}
    row = disparities({"White": 30.0, "Black": 6.0, "Not stated": 2.0}, people)["Black"]
    for here, there in itertools.product(range(3), range(31)):
        truth = ((6 + here) / (20 + there)) / ((30 + 2 - here) / (400 + 30 - there))
        assert row["bound_low"] - 1e-12 <= truth <= row["bound_high"] + 1e-12
    assert row["baseline_unknown_share"] == pytest.approx(30 / 450)
    assert "6.7% of those compared with" in row["reason"]
    assert row["tipping_share"] is None  # because no share of the two counted settles it


# --- hidden and missing ----------------------------------------------------------------------------------------------


def test_a_hidden_count_whose_rate_is_printed_is_recoverable() -> None:
    counts = figures({"Asian": 211.0, "White": 1901.0, "Mixed": HIDDEN, "Other": HIDDEN, "all": 2116.0})
    rates = figures({"Asian": 52.8, "Mixed": 3.0}, measure="made-rate")
    people = {"everyone": figures(PEOPLE, table="people", measure="people")}
    found = derive(measure(), Request(), counts, people, {"everyone": baseline()}, rates)
    rows = {r["category"]: r for r in found.to_dicts()}
    assert (rows["Mixed"]["suppression"], rows["Mixed"]["count_low"]) == ("recoverable", None)
    assert (rows["Other"]["suppression"], rows["Other"]["count_low"]) == ("hidden", 1)


def test_a_sum_that_includes_a_hidden_cell_is_hidden_and_bounded() -> None:
    counts = figures(
        {
            ("White", "Muslim"): 30.0,
            ("White", "Christian"): 270.0,
            ("Black", "Muslim"): 40.0,
            ("Black", "Sikh"): HIDDEN,
        },
        by=BOTH,
    )
    row = disparities(counts, of=measure(sum_over=("religion",)))["Black"]
    assert (row["count"], row["count_low"], row["count_high"]) == (None, 41, 45)
    assert disparities(counts, of=measure(sum_over=("religion",)))["White"]["count"] == 300


@pytest.mark.parametrize(
    "status", ["not_available", "low_reliability", "rounded_to_zero", "not_collected", "unreadable"]
)
def test_a_category_without_a_number_keeps_its_row_and_says_why(status) -> None:
    printed = figures({"White": 300.0, "Black": 60.0, "Asian": 5.0, "all": 365.0})
    is_asian = pl.col("ethnicity") == "Asian"
    printed = printed.with_columns(
        status=pl.when(is_asian).then(pl.lit(status)).otherwise("status"),
        value=pl.when(~is_asian).then("value"),
    )
    rows = disparities(printed)
    assert (rows["Asian"]["status"], rows["Asian"]["count"], rows["Asian"]["ratio"]) == ("withheld", None, None)
    assert rows["Asian"]["reason"].startswith(("The publisher", "What is printed"))
    assert rows["Black"]["ratio"] == pytest.approx((60 / 2000) / (300 / 40000))
    assert rows["Black"]["share"] is None  # because everyone known cannot be added up


# --- equal ages ------------------------------------------------------------------------------------------------------

AGES = ("18-20", "21-24", "25 and over")


def by_age(measured: str, cells: dict[str, list[float | None]]) -> pl.DataFrame:
    both = {(g, a): v for g, values in cells.items() for a, v in zip(AGES, values, strict=True)}
    whole = {(g, "all"): sum(v or 3.0 for v in values) for g, values in cells.items()}
    return figures({**both, **whole}, by=("ethnicity", "age"), table=measured, measure=measured)


ADJUSTED = measure(adjust=("ethnicity",))
LIVING = by_age("people", {"White": [1000, 1000, 8000], "Black": [1000, 500, 500]})


def test_a_hidden_count_at_one_age_is_no_zero() -> None:
    counts = by_age("made", {"White": [200, 90, 100], "Black": [350, HIDDEN, 15]})
    assert disparities(counts, LIVING, of=ADJUSTED)["Black"]["adjusted_ratio"] is None


def test_ages_at_which_a_group_has_nobody_are_put_together() -> None:
    people = by_age("people", {"White": [1000, 1000, 8000], "Black": [1000, 500, 0]})
    counts = by_age("made", {"White": [200, 90, 100], "Black": [350, 60, 0]})
    row = disparities(counts, people, of=ADJUSTED)["Black"]
    standard = np.array([2000, 1500 + 8000])
    ours, theirs = direct([350, 60], [1000, 500], standard), direct([200, 190], [1000, 9000], standard)
    assert row["adjusted_ratio"] == pytest.approx(float(ours.value / theirs.value))
    assert "21-24 and 25 and over" in row["adjustment"]


def test_a_named_standard_is_used_and_said() -> None:
    counts = by_age("made", {"White": [200, 90, 100], "Black": [350, 60, 15]})
    row = disparities(counts, LIVING, Request(standard="european-2013"), of=ADJUSTED)["Black"]
    weights = people_of("european-2013", AGES)
    ours, theirs = direct([350, 60, 15], [1000, 500, 500], weights), direct([200, 90, 100], [1000, 1000, 8000], weights)
    assert row["adjusted_ratio"] == pytest.approx(float(ours.value / theirs.value))
    assert "European Standard Population 2013" in row["adjustment"]
    with pytest.raises(Refused, match="european-2013, england-and-wales-2021"):
        disparities(counts, LIVING, Request(standard="world"), of=ADJUSTED)
    with pytest.raises(Refused, match="no counts by ethnicity and age together"):
        disparities(figures({"White": 3.0, "Black": 5.0}), request=Request(standard="european-2013"), of=ADJUSTED)


def test_the_events_of_a_stage_vary_less_than_rare_ones() -> None:
    x, n, w = [350, 60, 15], [1000, 500, 500], [1, 1, 1]
    p = np.array(x) / np.array(n)
    told = np.sqrt(np.sum(p * (1 - p) / np.array(n)) / 9)
    assert direct(x, n, w, part_of_base=True).standard_error == pytest.approx(told)
    assert direct(x, n, w).standard_error > told


@pytest.mark.skipif(not ORACLES.is_dir(), reason="no ../shared/oracles beside the checkout")
def test_the_european_standard_is_the_one_ohid_uses() -> None:
    with (ORACLES / "phe_dsr_inputs.csv").open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["area"] == "testdata_big"]
    # because the oracle prints 55-69 where 55-59 stands between 50-54 and 60-64
    mended = {"90+": "90 and over", "55-69": "55-59"}
    bands = [mended.get(r["ageband"], r["ageband"]) for r in rows]
    assert people_of("european-2013", bands).tolist() == [float(r["esp2013"]) for r in rows]


def test_each_standard_counts_everyone_once_and_names_its_source() -> None:
    everyone = {"european-2013": 100_000, "england-and-wales-2021": 59_597_546}
    assert {n: people_of(n, ["0-17", "18 and over"]).sum() for n in standards()} == pytest.approx(everyone)
    assert all(s.source for s in standards().values())


# --- many at once ----------------------------------------------------------------------------------------------------


def test_p_values_are_adjusted_among_all_that_one_page_shows_whatever_is_asked_for() -> None:
    counts = figures({"Asian": 40.0, "Black": 60.0, "Mixed": 11.0, "White": 300.0, "Other": 5.0})
    counts = counts.with_columns(edition_id=pl.lit("2022"))
    people = {"everyone": figures(PEOPLE, table="people", measure="people")}
    of = measure()
    stored = adjusted_together(derive(of, Request(), counts, people, {"everyone": baseline()}))
    told = benjamini_hochberg(stored["p_value"].drop_nulls().to_numpy())[0]
    assert stored["p_adjusted"].drop_nulls().to_list() == pytest.approx(told.tolist())
    one = stored.filter(pl.col("category") == "Asian")
    another_year = stored.with_columns(period_end=pl.lit(dt.date(2020, 6, 30)), disparity_id=pl.lit("other"))
    more = pl.concat([stored, another_year])
    assert adjusted_together(one, more)["p_adjusted"].to_list() == one["p_adjusted"].to_list()


def test_a_level_that_is_not_whole_has_no_summary() -> None:
    people = figures({**PEOPLE, "Indian": 900.0, "Chinese": 3100.0}, table="people", measure="people")
    counts = figures({"Asian": 40.0, "Black": 60.0, "White": 300.0, "Indian": 10.0, "all": 400.0})
    in_detail = pl.lit("18A").alias("classification")
    bases = {"everyone": people.with_columns(in_detail)}
    derived = derive(measure(), Request(), counts.with_columns(in_detail), bases, {"everyone": baseline()})
    found = every_summary(derived, adverse=[measure().id])
    rows = {r["level"]: r for r in found.to_dicts()}
    assert rows["groups"]["status"] == "shown"
    assert (rows["detail"]["status"], rows["detail"]["theil"]) == ("withheld", None)


def test_words_that_differ_between_parts_do_not_split_a_sum() -> None:
    counts = figures({("White", "Muslim"): 30.0, ("Black", "Muslim"): 40.0, ("Black", "Sikh"): 2.0}, by=BOTH)
    counts = counts.with_columns(
        mapping=pl.col("ethnicity"), definition_id=pl.lit("made+") + pl.col("ethnicity"), ethnicity_label="religion"
    )
    rows = disparities(counts, of=measure(sum_over=("religion", "ethnicity")))
    assert (rows["all"]["count"], rows["Black"]["count"]) == (72, 42)
