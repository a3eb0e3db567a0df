"""Arrests compared within the same police force area, and each area about what is common to all.

Arrests are of table A.08 to 31 March 2019. Everything here is computed again from the publishers' files, by other
means and with another table of 2011 (DC2101EW): residents in the middle of the year, 30 September 2018, grown steadily
between the censuses of 27 March 2011 and 21 March 2021.
"""

import csv
import datetime as dt
import math
from collections import Counter, defaultdict
from functools import cache
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from scipy import stats

from dashboards.cited import make
from dashboards.pages import pages
from dashboards.site import hold
from monitor.vocabulary import place, place_members, places_of, places_of_kind
from tests.spec.rows import SHARED, Row, rows_of, with_originals

ASKED = "ratios", "arrests", "--by", "ethnicity", "--within", "force", "--pooled", "--funnel"
FIVE = ("White", "Black", "Asian", "Mixed", "Chinese or Other")
PRINTED = ("Total", *FIVE, "Not stated")
"""The columns of table A.08, of each year in this order."""
UNCLEAR = {
    "Bedfordshire", "Cambridgeshire", "Hertfordshire", "Humberside", "Kent", "Norfolk", "South Yorkshire", "Suffolk",
    "Warwickshire", "West Mercia",
}  # fmt: skip
PASSED = (dt.date(2018, 9, 30) - dt.date(2011, 3, 27)).days / (dt.date(2021, 3, 21) - dt.date(2011, 3, 27)).days
LEAST, MOST = 0, 9
"""What a count that Census 2021 hides by `c` can be."""


@pytest.fixture(scope="module")
def rows(cli: Any) -> dict[str, Row]:
    return {r["category"]: r for r in rows_of(cli, *ASKED)}


@pytest.fixture(scope="module")
def areas(rows) -> dict[str, Row]:
    return {s["force"]: s for s in rows["Black"]["of_strata"]}


# --- the publishers' files -------------------------------------------------------------------------------------------


@cache
def sheet(name: str) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(
        str(SHARED / "home-office" / "arrest-police-powers-procedures-mar19-hosb2519-tables.ods")
    )
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[no-any-return]


def arrests() -> dict[str, dict[str, float]]:
    """Of each area the arrests of the year to March 2019 by group; London's two forces as their printed sum."""
    found = {}
    for row in sheet("A_08")[6:72]:
        name = {"London Region": "London", "Devon and Cornwall": "Devon & Cornwall"}.get(row[0], row[0])
        is_area = name and not str(name).endswith("Region") and not str(name).isupper()
        if is_area and name not in ("Metropolitan Police", "London, City of", "Lancashire1"):
            found[name] = dict(zip(PRINTED, map(float, row[9:16]), strict=True))
    return found


def in_2011() -> dict[str, Counter[str]]:
    """Residents of each authority by the five groups, as the arrests table groups them."""
    path = SHARED / "ons-census" / "census2011-dc2101ew-localAuthorities.csv"
    head = "Sex: All persons; Age: All categories: Age; Ethnic Group: {}; measures: Value"
    of = {
        "White: Total": "White",
        "Mixed/multiple ethnic group: Total": "Mixed",
        "Asian/Asian British: Total": "Asian",
        "Black/African/Caribbean/Black British: Total": "Black",
        "Other ethnic group: Total": "Chinese or Other",
    }
    chinese = head.format("Asian/Asian British: Chinese")
    found = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            people = Counter({group: int(row[head.format(name)]) for name, group in of.items()})
            people["Asian"] -= int(row[chinese])
            people["Chinese or Other"] += int(row[chinese])
            found[row["geography code"]] = people
    return found


def in_2021(hidden: int = LEAST) -> dict[str, Counter[str]]:
    """Residents of each authority as above; every hidden count taken as one number."""
    path = SHARED / "ons-census" / "census2021_ethnic20_by_sex_la__EthnicGroup.csv"
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            for name, printed in list(row.items())[3:]:
                broad = name.split(",")[0].split(":")[0].split(" or ")[0]
                group = "Chinese or Other" if "Chinese" in name or broad == "Other ethnic group" else broad
                found[row["Geography Code"]][group] += hidden if printed == "c" else int(printed)
    return found


def residents(hidden: int = LEAST, passed: float = PASSED) -> dict[str, dict[str, float]]:
    """Of each area the residents of each group in the middle of the year, or when a share of the years had passed."""
    then, now, found = in_2011(), in_2021(hidden), {}
    for code in places_of(("police_force_area", "E12000007")):
        parts = place_members(code)
        sums = [{g: sum(year[p][g] for p in parts if p in year) for g in FIVE} for year in (then, now)]
        found[place(code).name] = {g: round(sums[0][g] ** (1 - passed) * sums[1][g] ** passed) for g in FIVE}
    return found


def well_known() -> list[str]:
    """The areas where the group of at least four arrests in five is stated."""
    return [name for name, of in arrests().items() if of["Not stated"] <= 0.2 * of["Total"]]


def pooled_of(there: dict[str, dict[str, float]], group: str) -> float:
    """Mantel and Haenszel's ratio of a group to White, of the areas where enough is known."""
    above = below = 0.0
    for name in well_known():
        counted, (n, m) = arrests()[name], (there[name][g] for g in (group, "White"))
        above += counted[group] * m / (n + m)
        below += counted["White"] * n / (n + m)
    return above / below


# --- which authorities make up which area ----------------------------------------------------------------------------


def test_no_authority_is_in_two_areas_and_london_is_one() -> None:
    of = places_of(("police_force_area", "E12000007"))
    parts = Counter(part for code in of for part in place_members(code))
    assert set(parts.values()) == {1}
    assert {place(part).kind for part in parts} == {"local_authority"}
    forces = {p.name for p in places_of_kind("police_force_area")}
    assert forces - {place(code).name for code in of} == {"Metropolitan Police", "London, City of"}
    assert len(of) == 42


def test_places_are_asked_for_by_code_or_by_kind() -> None:
    assert places_of(("K04000001",)) == ("K04000001",)
    assert places_of(()) == ()
    with pytest.raises(LookupError, match="police_force"):
        places_of(("police_forces",))


@with_originals
def test_every_authority_of_both_censuses_is_in_one_area_and_all_together_are_england_and_wales() -> None:
    parts = {part for code in places_of(("police_force_area", "E12000007")) for part in place_members(code)}
    then, now = in_2011(), in_2021()
    assert set(then) <= parts
    assert {code for code in now if code[:3] in ("E06", "E07", "E08", "E09", "W06")} <= parts
    assert sum(sum(then[p].values()) for p in parts if p in then) == 56_075_912
    whole = now["K04000001"]
    least = sum((Counter(now[p]) for p in parts if p in now), Counter())
    most = sum((Counter(n) for p, n in in_2021(MOST).items() if p in parts), Counter())
    for group in FIVE:
        # because counts are rounded to 5, of 330 authorities, two sexes and up to 5 groups
        assert least[group] - 2000 < whole[group] < most[group] + 2000


@with_originals
def test_areas_have_as_many_residents_as_the_publisher_divides_by() -> None:
    """Table A.05 prints a rate over the estimates of mid-2018, from which those can be had back."""
    ours = {name: sum(groups.values()) for name, groups in residents().items()}
    found = {}
    for row in sheet("A_05")[4:72]:
        name = {"London Region": "London", "Devon and Cornwall": "Devon & Cornwall"}.get(row[0], row[0])
        if name in ours and isinstance(row[10], float):
            found[name] = ours[name] / (1000 * row[8] / row[10])
    assert set(found) == set(ours) - {"Lancashire"}
    assert {n: r for n, r in found.items() if not 0.965 < r < 1.025} == {}


@with_originals
def test_what_the_census_hides_is_too_little_to_matter() -> None:
    least, most = residents(LEAST), residents(MOST)
    apart = {(n, g): most[n][g] / least[n][g] - 1 for n in least for g in FIVE}
    assert max(apart, key=lambda one: apart[one]) == ("Cumbria", "Black")
    assert apart.pop(("Cumbria", "Black")) < 0.065, "964 residents, of whom 62 more may be hidden"
    assert max(apart.values()) < 0.012
    for group in FIVE[1:]:
        assert pooled_of(most, group) == pytest.approx(pooled_of(least, group), rel=0.001)


# --- the ratios ------------------------------------------------------------------------------------------------------


@with_originals
def test_crude_and_pooled_ratios_are_those_of_the_files(rows) -> None:
    counted, there, known = arrests(), residents(), well_known()
    assert len(counted) == 41
    assert set(counted) - set(known) == UNCLEAR
    for group in FIVE[1:]:
        a, b = ([counted[name][g] for name in known] for g in (group, "White"))
        n, m = ([there[name][g] for name in known] for g in (group, "White"))
        row = rows[group]
        assert (row["count"], row["reference_count"]) == (sum(a), sum(b))
        assert (row["denominator"], row["reference_denominator"]) == (sum(n), sum(m))
        assert row["crude_ratio"] == pytest.approx(sum(a) / sum(n) / (sum(b) / sum(m)))
        assert row["ratio"] == pytest.approx(pooled_of(there, group))


@with_originals
@pytest.mark.parametrize("name", ["Dorset", "Gwent", "London"])
def test_an_area_is_as_in_the_files(name, areas) -> None:
    counted, there, area = arrests()[name], residents()[name], areas[name]
    four = [counted["Black"], there["Black"], counted["White"], there["White"]]
    assert [area[n] for n in ("count", "denominator", "reference_count", "reference_denominator")] == four
    assert area["ratio"] == pytest.approx(four[0] / four[1] / (four[2] / four[3]))
    assert area["unknown_share"] == pytest.approx(counted["Not stated"] / counted["Total"])


def test_the_pooled_ratios_and_limits_that_allow_for_what_is_alike_in_one_area(rows) -> None:
    found = {g: tuple(round(r[n], 3) for n in ("crude_ratio", "ratio", "ratio_low", "ratio_high"))
             for g, r in rows.items() if r["interval_method"]}  # fmt: skip
    assert found == {
        "Asian": (0.935, 0.905, 0.837, 0.979),
        "Black": (2.665, 2.633, 2.339, 2.964),
        "Mixed": (1.439, 1.437, 1.302, 1.584),
        "Chinese or Other": (0.726, 0.715, 0.640, 0.799),
    }
    black = rows["Black"]
    assert black["interval_method"] == "delete-one jackknife by force, t on K - 1 degrees of freedom"
    assert black["clusters"] == 31
    narrow = math.log(black["independent_high"] / black["independent_low"])
    assert math.log(black["ratio_high"] / black["ratio_low"]) > 10 * narrow, "arrests are not independent"


@with_originals
def test_a_direction_holds_whatever_the_unknown_are_or_is_not_said(rows) -> None:
    counted, there = arrests(), residents()
    for group in FIVE[1:]:
        sums = dict.fromkeys(("above", "above_most", "below", "below_most"), 0.0)
        for name in well_known():
            of, n, m = counted[name], there[name][group], there[name]["White"]
            for more, ends in ((0.0, ""), (of["Not stated"], "_most")):
                sums["above" + ends] += (of[group] + more) * m / (n + m)
                sums["below" + ends] += (of["White"] + more) * n / (n + m)
        row = rows[group]
        assert row["unknown_low"] == pytest.approx(sums["above"] / sums["below_most"])
        assert row["unknown_high"] == pytest.approx(sums["above_most"] / sums["below"])
        assert ("unknown" in row["depends_on"]) == (row["unknown_low"] < 1 < row["unknown_high"])
    assert {g for g, r in rows.items() if r["verdict"] == "depends"} == {"Asian", "Chinese or Other"}
    assert "whoever they are, it lies from 0.844 to 1.543" in rows["Asian"]["reason"]


@with_originals
def test_the_range_over_the_people_of_either_census_takes_in_the_ratio_over_each(rows) -> None:
    """In every area at once the least, and in every area at once the most, of the three ratios there."""
    then, now, steady = residents(passed=0), residents(passed=1), residents()
    for group in FIVE[1:]:
        row, ends = rows[group], []
        for pick in (max, min):  # because the more people there are of a group, the lower its ratio
            people = {
                name: {
                    "White": steady[name]["White"],
                    group: pick(p[name][group] / p[name]["White"] for p in (then, now, steady)) * steady[name]["White"],
                }
                for name in well_known()
            }
            ends.append(pooled_of(people, group))
        assert (row["census_low"], row["census_high"]) == pytest.approx(tuple(ends), rel=1e-6)
        over = [pooled_of(then, group), pooled_of(now, group)]
        assert row["census_low"] <= min(over) + 1e-9 < row["ratio"] < max(over) - 1e-9 <= row["census_high"]
    assert "The direction depends on the census" in rows["Asian"]["reason"]


def test_the_limits_are_those_of_leaving_out_each_area(rows, areas) -> None:
    placed = [s for s in areas.values() if s["placed"]]

    def ratio(of: list[Row]) -> float:
        parts = [(s["count"], s["denominator"], s["reference_count"], s["reference_denominator"]) for s in of]
        return sum(a * m / (n + m) for a, n, _, m in parts) / sum(b * n / (n + m) for _, n, b, m in parts)

    logs = [math.log(ratio([s for s in placed if s is not one])) for one in placed]
    k, mean = len(logs), sum(logs) / len(logs)
    error = math.sqrt((k - 1) / k * sum((x - mean) ** 2 for x in logs))
    step = stats.t.ppf(0.975, k - 1) * error
    assert rows["Black"]["ratio_high"] == pytest.approx(ratio(placed) * math.exp(step))


def test_an_area_where_too_many_are_of_unknown_group_is_listed_and_neither_placed_nor_pooled(rows, areas) -> None:
    black = rows["Black"]
    assert (black["strata"], black["strata_withheld"]) == (31, 10)
    assert "10 of 41 strata are left out: there more than 20% are of unknown group." in black["reason"]
    assert (black["bound_low"], black["bound_high"]) == (None, None), "nothing there is hidden"
    assert black["unknown_count"] == 82_838
    left = {n: s for n, s in areas.items() if s["status"] == "withheld"}
    assert set(left) == UNCLEAR == {n for n, s in areas.items() if not s["placed"]}
    assert {s["reason"] for s in left.values()} == {"There more than 20% are of unknown group."}
    assert all(s["ratio"] is s["weight"] is s["z"] is None for s in left.values())
    assert left["Humberside"]["unknown_share"] == pytest.approx(11_429 / 18_958)
    assert sum(s["weight"] or 0 for s in areas.values()) == pytest.approx(1)


def test_lancashire_gave_no_arrests_and_the_two_forces_of_london_are_one(rows, areas) -> None:
    assert len(areas) == 41
    assert not {"Lancashire", "Metropolitan Police", "London, City of", "England", "North West"} & set(areas)
    assert areas["London"]["count"] == 31_972 + 212
    assert "London's two areas as one, without Lancashire" in rows["Black"]["fit"]


def test_hardly_an_area_lies_beyond_limits_that_allow_for_how_much_all_of_them_differ(rows, areas) -> None:
    black = rows["Black"]
    assert black["phi"] > 100
    placed = [s for s in areas.values() if s["placed"]]
    as_if_alike = [s for s in placed if abs(s["z"]) > stats.norm.ppf(0.999)]
    assert len(as_if_alike) > 15, "without it most areas would be called outlying"
    assert {n: s["placed"] for n, s in areas.items() if s["placed"] not in (None, "within the 95% limits")} == {
        "Dorset": "higher than expected at 95%"
    }


def test_the_year_before_can_be_asked_for_and_no_other_people(cli) -> None:
    before = rows_of(cli, *ASKED, "--period", "2017-04-01/2018-03-31")
    black = next(r for r in before if r["category"] == "Black")
    assert (black["strata"], black["strata_withheld"]) == (36, 5)
    refused = cli(*ASKED, "--baseline", "census-2011")
    assert refused.code != 0
    assert "within strata is over residents-by-force" in refused.err
    refused = cli(*ASKED, "--exposure", "mean")
    assert "is not counted over people of a day by stratum" in refused.err


def test_the_page_of_arrests_shows_both_and_names_who_is_left_out(starter_store) -> None:
    made = pages(hold(starter_store), lambda found, measure: make(starter_store, found, measure))
    page = next(p for p in made if p.path == "arrests-ethnicity.html")
    within, funnel = ({s.id: s for s in page.context["sections"]}[n] for n in ("within", "funnel"))
    lines = {line[0]: line for line in within.grids[0].rows}
    assert lines["Black"][1:] == (
        "56,535",
        "2.66 (2.33 to 3.05)",
        "2.63 (2.34 to 2.96); more likely; 10 of 41 left out; 2.43 to 3.93 whatever the unknown are",
    )
    assert "police force area" in within.words[0]
    assert "prison" not in within.words[0]
    assert "without Lancashire" in within.words[1]
    assert funnel.title == "Each police force area about the common ratio"
    assert funnel.words[0].startswith("31 of 41 can be placed.")
    assert funnel.words[-1].startswith("Left out of the common ratio: Bedfordshire; Cambridgeshire;")
    assert funnel.words[-1].endswith("There more than 20% are of unknown group.")
    assert len(funnel.picture.wide["data"]["values"]) == 31
    assert funnel.picture.title.startswith("Black:"), "the group furthest from parity that holds on every bound"
