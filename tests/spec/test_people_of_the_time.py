"""Residents of the time: each group grown steadily from one census to the next, and both beside it."""

import csv
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
    assert asian["band"] is None


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
    (found,) = finished([row | people]).to_dicts()
    assert (found["ratio"] is not None, found["census_low"] is not None, found["census_high"] is not None) == (
        shown,
    ) * 3


def test_before_the_first_census_nobody_is_guessed(cli: Cli) -> None:
    row = ratios(cli, "prison-population", "residents-18plus", "--period", "2010-06-30")["Black"]
    assert row["ratio"] is None
    assert "2011" in row["reason"]


def test_of_women_the_residents_are_the_women_of_the_time(cli: Cli) -> None:
    asked = ("prison-population", "residents-18plus", "--period", "2016-06-30")
    women, everyone = ratios(cli, *asked, "--sex", "female"), ratios(cli, *asked)
    assert women["Black"]["ratio"] > 1
    assert women["Black"]["denominator"] == pytest.approx(everyone["Black"]["denominator"] * 0.53, rel=0.05)
