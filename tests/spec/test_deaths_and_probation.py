"""What is said of people on probation and of people who died in prison, asked of the command line.

Counts are of the Ministry of Justice's open data of January to March 2023 and of its tables of deaths to December 2018;
people in prison on 30 June 2018 are of its annual tables; residents by sex and age are Census 2021 table RM032.
"""

import pytest
from scipy import stats

from tests.spec.rows import SHARED, Row, by_category, rows_of, with_originals

WOMEN, MEN = 24_378_967, 22_826_361
"""Residents aged 18 and over."""


@pytest.fixture(scope="module")
def on_probation(cli) -> dict[str, Row]:
    return by_category(rows_of(cli, "ratios", "probation-caseload", "--by", "sex"))


def test_women_are_nine_in_a_hundred_people_on_probation(on_probation) -> None:
    women, men = on_probation["female"], on_probation["male"]
    assert (women["count"], men["count"]) == (21_539, 217_979)
    assert on_probation["all"]["count"] == 239_518
    assert women["share"] == pytest.approx(21_539 / 239_518)
    assert round(100 * women["share"], 1) == 9.0


def test_people_on_probation_stand_beside_residents_of_the_same_sex_aged_18_and_over(on_probation) -> None:
    women, men = on_probation["female"], on_probation["male"]
    assert (women["denominator"], men["denominator"]) == (WOMEN, MEN)
    assert round(100 * WOMEN / (WOMEN + MEN), 1) == 51.6
    assert women["ratio"] == pytest.approx((21_539 / WOMEN) / (217_979 / MEN))
    low, high = stats.beta.ppf([0.025, 0.975], [21_539, 21_540], [217_980, 217_979])
    assert women["ratio_low"] == pytest.approx(low / (1 - low) * MEN / WOMEN)
    assert women["ratio_high"] == pytest.approx(high / (1 - high) * MEN / WOMEN)


def test_court_orders_are_counted_as_events_and_nothing_is_added_over_order_types(cli) -> None:
    starts = by_category(rows_of(cli, "ratios", "probation-starts", "--by", "sex"))
    assert {name: starts[name]["count"] for name in ("male", "female")} == {"male": 20_692, "female": 3_812}
    assert "events" in cli("ratios", "probation-starts", "--by", "sex").out


def test_no_ethnicity_of_people_on_probation_is_a_belief_and_no_finding(cli) -> None:
    gaps = {g["characteristic"]: g for g in cli("gaps", "--publication", "probation-caseload", "--json").document}
    assert gaps["ethnicity"]["state"] == "annual_only"
    assert "not verified; no file of it is held" in gaps["ethnicity"]["reason"]
    assert {gaps[d]["state"] for d in ("age", "religion", "disability")} == {"not_read"}
    assert "told to no publisher" in cli("gaps", "probation-caseload").out


def test_self_inflicted_deaths_of_2018_stand_beside_people_in_prison_that_june(cli) -> None:
    deaths = by_category(rows_of(cli, "ratios", "self-inflicted-deaths"))
    assert deaths["all"]["count"] == 92
    people = {"Asian": 6_635, "Black": 10_412, "Mixed": 3_766, "White": 60_275, "Other": 1_188}
    assert {name: deaths[name]["denominator"] for name in people} == people
    assert deaths["Black"]["count"] == 5
    assert deaths["Black"]["ratio"] == pytest.approx((5 / 10_412) / (78 / 60_275))
    black_men = by_category(rows_of(cli, "ratios", "self-inflicted-deaths", "--sex", "male"))["Black"]
    assert black_men["count"] == 4


def test_a_year_has_the_people_of_its_own_june_and_none_before_they_are_published(cli) -> None:
    asked = "ratios", "self-inflicted-deaths", "--by", "sex", "--period"
    assert by_category(rows_of(cli, *asked, "2016-12-31"))["female"]["denominator"] == 3_862
    before = by_category(rows_of(cli, *asked, "2001-12-31"))["female"]
    assert before["count"] == 6
    assert before["ratio"] is None


def test_a_death_is_never_said_to_be_able_to_happen_twice(cli) -> None:
    assert "again" not in cli("ratios", "self-inflicted-deaths").out


@with_originals
def test_adding_a_file_ends_with_what_can_now_be_asked(cli, own_home) -> None:
    """Each command that is named answers."""
    asked = "add", SHARED / "moj" / "caseloadQ12023.csv", "--publication", "probation-caseload", "--edition", "2023-Q2"
    said = cli(*asked, home=own_home)
    commands = [line.split()[1:] for line in said.out.splitlines() if line.startswith("  justice-monitor ")]
    assert ["ratios", "probation-caseload", "--by", "sex"] in commands
    assert commands[-2:] == [["gaps", "probation-caseload"], ["checks", "probation-caseload"]], "one edition is held"
    assert {tuple(c): cli(*c, home=own_home).code for c in commands} == {tuple(c): 0 for c in commands}
    assert cli(*asked, "--json", home=own_home).document["ask"] == [" ".join(c) for c in commands]


def test_groups_that_the_prison_tables_counted_otherwise_then_are_not_compared(cli) -> None:
    """Until 2015 Chinese people were in the prison tables' Other, and the deaths do not say where they are."""
    then = by_category(rows_of(cli, "ratios", "self-inflicted-deaths", "--period", "2005-12-31"))
    assert {name: then[name]["denominator"] for name in ("Black", "White")} == {"Black": 11_170, "White": 56_824}
    assert {name: then[name]["ratio"] for name in ("Asian", "Other")} == {"Asian": None, "Other": None}
    assert "Chinese" in then["Asian"]["reason"]
