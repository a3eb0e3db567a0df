"""Why a count changed: how much of it is population, age mix and rate."""

import pytest

from tests.conftest import Cli


def explained(cli: Cli, *more: str) -> dict[str, dict]:
    rows = cli("trend", "prison-population", "--explain", "--json", *more).document
    return {r["category"]: r for r in rows}


def test_fewer_black_people_in_prison_although_more_of_them_live_here(cli: Cli) -> None:
    rows = explained(cli, "--since", "2012-06-30")
    black, ratios = rows["Black"], cli("ratios", "prison-population", "--period", "2012-06-30", "--json").document
    assert black["earlier_count"] == next(r["count"] for r in ratios if r["category"] == "Black")
    assert black["of_population"] > 0 > black["of_rate_high"]
    assert black["of_population"] + black["of_rate"] == pytest.approx(black["count_change"])
    assert "Nobody was counted since the last census" in black["reason"]
    assert black["of_age_mix"] is None
    assert "by ethnicity and age together" in black["age_mix_reason"]


def test_of_everyone_the_ages_are_known_and_people_grew_older(cli: Cli) -> None:
    everyone = explained(cli, "--since", "2012-06-30")["all"]
    assert everyone["of_age_mix"] < 0
    parts = everyone["of_population"], everyone["of_age_mix"], everyone["of_rate"]
    assert sum(parts) == pytest.approx(everyone["count_change"])


def test_the_reference_is_explained_too_and_a_break_is_refused(cli: Cli) -> None:
    rows = explained(cli, "--since", "2012-06-30")
    assert rows["White"]["of_rate"] is not None
    assert (rows["Asian"]["of_rate"], rows["Asian"]["status"]) == (None, "refused")


def test_after_the_census_none_are_counted_and_the_table_says_so(cli: Cli) -> None:
    black = explained(cli, "--since", "2021-06-30")["Black"]
    assert (black["of_population"], black["of_rate"]) == (None, black["count_change"])
    shown = cli("trend", "prison-population", "--explain", "--since", "2021-06-30").out
    assert "not counted" in shown


def test_beside_an_uncounted_growth_stands_what_it_would_be_had_the_group_grown_on(cli: Cli) -> None:
    """The census is of 21 March 2021: had growth gone on, so much of it lies between June 2021 and June 2023."""
    rows = explained(cli, "--since", "2021-06-30")
    grown, then = rows["Black"], rows["all"]
    parts = [grown[f"of_{part}_extrapolated"] for part in ("population", "rate")]
    assert sum(parts) == pytest.approx(grown["count_change"])
    assert grown["of_age_mix_extrapolated"] is None
    black = cli("ratios", "prison-population", "--period", "2023-06-30", "--json").document
    now = next(r for r in black if r["category"] == "Black")
    by = (now["denominator_extrapolated"] / now["denominator"]) ** (1 - 101 / 831)  # days from census to each June
    before = now["denominator_extrapolated"] / by
    mean_rate = (grown["earlier_count"] / before + grown["count"] / now["denominator_extrapolated"]) / 2
    assert parts[0] == pytest.approx((now["denominator_extrapolated"] - before) * mean_rate, rel=1e-4)
    assert then["of_population_extrapolated"] is not None
