"""Residents of the time: each group grown steadily from one census to the next, and both beside it."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from pipelines.deriving.disparity import finished
from tests.conftest import Cli

ORACLE = Path(__file__).resolve().parents[3] / "shared" / "oracles" / "people_of_the_time.csv"
ANSWERS = list(csv.DictReader(ORACLE.open(encoding="utf-8"))) if ORACLE.is_file() else []
with_oracle = pytest.mark.skipif(not ANSWERS, reason="the independent answers are not here: no ../shared/oracles")


def ratios(cli: Cli, measure: str, baseline: str, *more: str) -> dict[str, dict]:
    rows = cli("ratios", measure, "--by", "ethnicity", "--baseline", baseline, "--json", *more).document
    return {r["category"]: r for r in rows}


@with_oracle
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: f"{a['period']} {a['ages']} {a['group']}")
def test_ratios_stand_on_the_people_of_the_time(cli: Cli, answer: dict[str, str]) -> None:
    baseline = "residents" if answer["ages"] == "all" else f"residents-{answer['ages']}plus"
    row = ratios(cli, "prison-population", baseline, "--period", answer["period"])[answer["group"]]
    assert row["count"] == float(answer["count"])
    of_2021, of_the_time = float(answer["ratio_2021"]), float(answer["ratio"])
    if answer["period"] > "2021-03-21":  # after the last census its people stand in
        assert row["ratio"] == pytest.approx(of_2021, rel=0.01)
        assert of_the_time in (pytest.approx(row["census_low"], rel=0.01), pytest.approx(row["census_high"], rel=0.01))
    else:
        assert row["ratio"] == pytest.approx(of_the_time, rel=0.01)
        assert row["census_low"] <= of_2021 * 1.01 and of_2021 * 0.99 <= row["census_high"]


def test_arrests_of_a_year_stand_on_the_residents_in_its_middle(cli: Cli) -> None:
    rows = ratios(cli, "arrests", "residents", "--period", "2018/19")
    expected = {"Asian": 0.98, "Chinese or Other": 0.80, "Mixed": 1.46, "Black": 2.79}
    assert {g: round(rows[g]["ratio"], 2) for g in expected} == expected
    asian = rows["Asian"]
    assert asian["census_low"] < 1 < asian["census_high"], "1.20 over the residents of 2011"
    assert "direction depends on the census" in asian["reason"]
    assert asian["verdict"] == "depends"


def test_after_the_last_census_its_people_stand_in_and_what_growth_would_make_stands_beside(cli: Cli) -> None:
    black = ratios(cli, "prison-population", "residents-18plus", "--period", "2022-06-30")["Black"]
    assert black["ratio"] == pytest.approx(3.97, rel=0.01)
    assert black["census_low"] == pytest.approx(3.84, rel=0.01)
    assert black["census_high"] == pytest.approx(black["ratio"])


def test_a_group_compared_with_itself_depends_on_no_census(cli: Cli) -> None:
    assert ratios(cli, "arrests", "residents", "--period", "2018/19")["White"]["census_low"] is None


@pytest.mark.parametrize(("unknown", "shown"), [(0, True), (300, False)])
def test_where_a_ratio_is_withheld_so_is_what_either_census_would_say(unknown: int, shown: bool) -> None:
    people = dict.fromkeys(("denominator", "denominator_low", "denominator_high"), 1000.0)
    people |= dict.fromkeys(("reference_denominator", "reference_low", "reference_high"), 1000.0)
    row = {"kind": "population", "counts": "people", "per": 1000.0, "characteristic": "ethnicity", "category": "Black"}
    row |= {
        "count": 120.0,
        "reference_count": 100.0,
        "unknown_at_most": unknown,
        "unknown_base": 0.0,
        "status": "shown",
    }
    row |= {"unknown_share": unknown / (220 + unknown), "census_low": 1.1, "census_high": 1.3, "is_reference": False}
    row |= {"ratio_extrapolated": 1.3}
    (found,) = finished([row | people]).to_dicts()
    assert {found[name] is not None for name in ("ratio", "census_low", "census_high", "ratio_extrapolated")} == {shown}


def test_of_few_residents_in_a_census_there_is_a_range_and_no_ratio() -> None:
    people = dict.fromkeys(("denominator", "denominator_low", "denominator_high"), 400.0)
    people |= dict.fromkeys(("reference_denominator", "reference_low", "reference_high"), 10_000.0)
    row = {"kind": "population", "counts": "people", "per": 1000.0, "characteristic": "ethnicity", "category": "Roma"}
    row |= {"count": 40.0, "reference_count": 100.0, "unknown_at_most": 0.0, "unknown_base": 0.0, "status": "shown"}
    row |= {"census_low": 4.0, "census_high": 44.4, "fewest": 90.0, "is_reference": False}
    (found,) = finished([row | people]).to_dicts()
    assert (found["ratio"], found["verdict"], found["status"]) == (None, "too_few", "withheld")
    assert (found["census_low"], found["census_high"]) == (4.0, 44.4)
    assert "fewer than 100 residents" in found["reason"]


def test_before_the_first_census_nobody_is_guessed(cli: Cli) -> None:
    row = ratios(cli, "prison-population", "residents-18plus", "--period", "2010-06-30")["Black"]
    assert row["ratio"] is None
    assert "2011" in row["reason"]


def test_of_women_the_residents_are_the_women_of_the_time(cli: Cli) -> None:
    asked = ("prison-population", "residents-18plus", "--period", "2016-06-30")
    women, everyone = ratios(cli, *asked, "--sex", "female"), ratios(cli, *asked)
    assert women["Black"]["ratio"] > 1
    assert women["Black"]["denominator"] == pytest.approx(everyone["Black"]["denominator"] * 0.53, rel=0.05)


def test_on_the_people_of_the_last_census_every_group_is_as_on_that_census(cli: Cli) -> None:
    asked = ("prison-population", "--by", "ethnicity", "--period", "2022-06-30", "--json")
    there = {r["category"]: r["denominator"] for r in cli("ratios", *asked).document}
    of_2021 = {
        r["category"]: r["denominator"] for r in cli("ratios", *asked, "--baseline", "census-2021-18plus").document
    }
    assert there == of_2021


def test_roma_may_be_counted_with_either_of_two_groups_and_the_range_takes_in_both(cli: Cli) -> None:
    """Roma of 2021 aged 18 and over are 81,080: with Gypsy or Irish Traveller the ratio falls to about a third."""
    rows = ratios(cli, "prison-population", "residents-18plus", "--period", "2022-06-30")
    traveller = rows["Gypsy or Irish Traveller"]
    with_roma = traveller["ratio"] * traveller["denominator"] / (traveller["denominator"] + 81_080)
    assert traveller["census_low"] < with_roma < traveller["census_high"] == pytest.approx(traveller["ratio"])
    assert rows["White"]["census_low"] is None


def test_over_ten_years_black_people_came_closer_and_mixed_people_stood_still(cli: Cli) -> None:
    """Of the time Black falls from 5.26 to 3.97 and Mixed from 3.05 to 3.02; Census 2021 alone says 4.17 and 2.26."""
    asked = ("trend", "prison-population", "--since", "2012-06-30", "--json")
    black, mixed = (r for r in cli(*asked).document if r["category"] in ("Black", "Mixed"))
    assert black["earlier_ratio"] == pytest.approx(5.26, rel=0.01)
    assert (black["direction"], black["change"] < 0.76) == ("closer to parity", True)
    assert mixed["earlier_ratio"] == pytest.approx(3.05, rel=0.01)
    assert mixed["change_low"] < 1 < mixed["change_high"]
    assert mixed["direction"] == "depends on the census", "had groups grown on it would be less"
    assert mixed["change_extrapolated_high"] < 1


def test_rates_by_age_stand_on_people_grown_age_by_age_before_they_are_adjusted(cli: Cli, starter_store) -> None:
    """By another hand: the bands of both files put together, grown, and everyone's rates laid on each group's ages."""
    bands = {"15-17": (15, 17), "18-24": (18, 24), "25-29": (25, 29), "30-39": (30, 39), "40-49": (40, 49)}
    bands |= {"50-59": (50, 59), "60 and over": (60, 999)}
    passed = (dt.date(2016, 6, 30) - dt.date(2011, 3, 27)) / (dt.date(2021, 3, 21) - dt.date(2011, 3, 27))

    def people(table: str, leaves: tuple[str, ...], low: int, high: int) -> dict[tuple[int, str], float]:
        found: dict[tuple[int, str], float] = {}
        said = starter_store.frame(
            "select ethnicity, age, coalesce(value, value_low) as people from figure where table_id = ? "
            "and sex = 'all' and place_code = 'K04000001' and age <> 'all' and ethnicity <> 'all'",
            [table],
        )
        for name, age, number in said.rows():
            first = 0 if age.startswith("under") else int(age.split("-")[0].split(" ")[0])
            if low <= first <= high and (not leaves or name in leaves):
                found[first, name] = found.get((first, name), 0) + number
        return found

    asian = ("Bangladeshi", "Chinese", "Indian", "Pakistani", "Asian other")
    starts = [15, 16, 18, 20, *range(25, 90, 5)]

    def banded(at: int) -> int:
        return max(s for s in starts if s <= at)

    def grown(leaves: tuple[str, ...], low: int, high: int) -> float:
        earlier, later = (people(t, leaves, low, high) for t in ("ethnicity-sex-age", "ethnicity-age"))
        then: dict[tuple[int, str], float] = {}
        now: dict[tuple[int, str], float] = {}
        for found, into in ((earlier, then), (later, now)):
            for (first, name), number in found.items():
                key = banded(first), "White other" if name == "Roma" else name
                into[key] = into.get(key, 0) + number
        return sum(then[k] * (now[k] / then[k]) ** passed for k in now if k in then)

    sums = {b: (grown(asian, *ages), grown((), *ages)) for b, ages in bands.items()}
    counted = starter_store.frame(
        "select age, max(value) from figure where measure = 'prison-population' and table_id = 'custody-age-sex' and "
        "period_end = '2016-06-30' and sex = 'all' and circumstances = '{}' group by age"
    )
    events = dict(counted.rows())
    events["18-24"] = events["18-20"] + events["21-24"]
    expected = sum(sums[b][0] * events[b] / sums[b][1] for b in bands)
    row = ratios(cli, "prison-population", "residents-18plus", "--period", "2016-06-30")["Asian"]
    assert row["adjusted_ratio"] == pytest.approx(row["count"] / expected, rel=1e-4)
    assert "18-20 and 21-24 (18-24)" in row["adjustment"]
