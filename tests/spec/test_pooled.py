"""Like compared with like: ratios within strata, pooled, as a program reads them from the command line.

Adjudication outcomes are from the open data of July to September 2022 and January to March 2023, people held in each
prison from the population data tool to 30 June 2023.
"""

import csv
import datetime as dt
import itertools
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from scipy import stats

from dashboards.cited import make
from dashboards.pages import pages
from dashboards.site import hold
from pipelines.deriving import Request, pooled
from pipelines.deriving.strata import ABOUT, BASE, COUNT, GROUP, Stratified
from tests.spec.rows import SHARED, Row, rows_of, with_originals
from tests.unit.deriving.made import measure

SUMMER, WINTER = "2022-07-01/2022-09-30", "2023-01-01/2023-03-31"
BY_PRISON = "adjudications", "--within", "establishment", "--pooled"
STARTER = Path(__file__).resolve().parents[2] / "pipelines" / "starter"


def answers(cli: Any, measure: str, period: str, *within: str, more: tuple[str, ...] = ()) -> dict[Any, Row]:
    """The pooled rows by group; by what is counted too, where several things are."""
    strata = [word for name in within for word in ("--within", name)]
    rows = rows_of(cli, "ratios", measure, "--by", "ethnicity", *strata, "--pooled", "--period", period, *more)
    return {(r["counted"], r["category"]) if r["counted"] else r["category"]: r for r in rows}


@pytest.fixture(scope="module")
def proved(cli) -> dict[str, Row]:
    """Proved outcomes within prison, offence and who decided."""
    return answers(cli, "adjudications-proved", SUMMER, "establishment", "offence", "adjudicator")


@pytest.fixture(scope="module")
def charged(cli) -> dict[Any, Row]:
    """Outcomes, all and proved, over the people held in the same prison when the quarter began."""
    return answers(cli, "adjudications", WINTER, "establishment")


def test_proved_within_prison_offence_and_adjudicator(proved, cli) -> None:
    black = proved["Black"]
    assert black["crude_ratio"] == pytest.approx(0.906, abs=5e-4)
    assert black["ratio"] == pytest.approx(0.925, abs=5e-4)
    assert (black["independent_low"], black["independent_high"]) == pytest.approx((0.905, 0.946), abs=5e-4)
    assert (black["ratio_low"], black["ratio_high"]) == pytest.approx((0.897, 0.954), abs=5e-4)
    assert (black["clustered_low"], black["clustered_high"]) == (black["ratio_low"], black["ratio_high"])
    assert black["interval_method"] == "delete-one jackknife by establishment, t on K - 1 degrees of freedom"
    assert (black["strata"], black["strata_withheld"], black["clusters"]) == (550, 0, 120), (
        "one of 121 has no stratum with both"
    )
    assert black["homogeneity_p"] < 0.001
    offence = answers(cli, "adjudications-proved", SUMMER, "offence")["Black"]
    assert offence["ratio"] == pytest.approx(0.917, abs=5e-4)
    assert offence["clusters"] == 121, "events of one prison are alike whatever they are compared within"


def test_the_crude_ratio_allows_for_prisons_too(proved) -> None:
    limits = {g: (proved[g]["crude_low"], proved[g]["crude_high"]) for g in ("Black", "Mixed")}
    assert limits["Black"] == pytest.approx((0.868, 0.945), abs=5e-4)
    assert limits["Mixed"] == pytest.approx((0.928, 1.002), abs=5e-4)


def test_outcomes_over_people_held_in_the_same_prison(charged) -> None:
    black = charged["all outcomes", "Black"]
    assert (black["count"], black["denominator"]) == (8535, 10160)
    assert black["crude_ratio"] == pytest.approx(1.660, abs=5e-4)
    assert black["ratio"] == pytest.approx(1.422, abs=5e-4)
    assert (black["strata"], black["strata_withheld"]) == (118, 3)
    assert (black["independent_low"], black["independent_high"]) == pytest.approx((1.385, 1.460), abs=5e-4)
    low, high = black["ratio_low"], black["ratio_high"]
    # 1.305 to 1.549 by the normal quantile; ours is t on 117 degrees of freedom, which is what 0.897 to 0.954 is by too
    narrower = stats.norm.ppf(0.975) / stats.t.ppf(0.975, 117)
    assert black["ratio"] * (np.array([low, high]) / black["ratio"]) ** narrower == pytest.approx(
        (1.305, 1.549), abs=5e-4
    )
    assert (low, high) == pytest.approx((1.304, 1.551), abs=5e-4)
    assert charged["proved", "Black"]["ratio"] == pytest.approx(1.304, abs=5e-4)


def test_over_the_mean_of_both_ends(cli) -> None:
    black = answers(cli, "adjudications", WINTER, "establishment", more=("--exposure", "mean"))["all outcomes", "Black"]
    assert (round(black["crude_ratio"], 2), round(black["ratio"], 2)) == (1.67, 1.43)


def test_the_latest_quarter_and_the_day_before_it_are_the_default(cli, charged) -> None:
    rows = rows_of(cli, "ratios", "adjudications", "--within", "establishment", "--pooled")
    assert rows == list(charged.values())


def test_unknown_is_counted_and_outside_the_ratio(charged, proved) -> None:
    unknown = charged["all outcomes", "Not known"]
    assert (unknown["count"], unknown["ratio"]) == (337, None)
    assert unknown["unknown_share"] == pytest.approx(337 / 45705)
    assert charged["all outcomes", "Black"]["unknown_count"] == 337
    assert proved["Not known"]["count"] == 198


def test_a_hidden_denominator_is_left_out_counted_and_bounded(charged) -> None:
    for (_, name), row in charged.items():
        if name in ("White", "Not known"):
            continue
        hidden = [s for s in row["of_strata"] if s["status"] == "withheld"]
        assert len(hidden) == row["strata_withheld"] > 0
        assert all(s["denominator"] is None and s["ratio"] is None and s["weight"] is None for s in hidden)
        assert row["bound_low"] < row["bound_high"]
        assert f"{len(hidden)} of 121 strata are left out" in row["reason"]
    other = charged["all outcomes", "Other"]
    assert other["bound_low"] < 1 < other["bound_high"]
    assert "direction depends on what is hidden" in other["reason"]
    assert {s["establishment"] for s in charged["all outcomes", "Black"]["of_strata"] if s["status"] == "withheld"} == {
        "Drake Hall",
        "Low Newton",
        "Swansea",
    }


@pytest.mark.parametrize("which", ["charged", "proved"])
def test_the_strata_make_the_ratio(which, request) -> None:
    """The pooled ratio is the mean of the strata's, by their weights: who is told it can see where it comes from."""
    for row in request.getfixturevalue(which).values():
        used = [s for s in row["of_strata"] if s["weight"]]
        if row["interval_method"]:
            assert sum(s["weight"] for s in used) == pytest.approx(1)
            above = [
                s["count"] * s["reference_denominator"] / (s["denominator"] + s["reference_denominator"])
                for s in row["of_strata"]
                if s["status"] == "shown" and s["denominator"] and s["reference_denominator"]
            ]
            below = [
                s["reference_count"] * s["denominator"] / (s["denominator"] + s["reference_denominator"])
                for s in row["of_strata"]
                if s["status"] == "shown" and s["denominator"] and s["reference_denominator"]
            ]
            assert row["ratio"] == pytest.approx(sum(above) / sum(below))


def test_eight_prisons_are_one_place_by_either_name(charged) -> None:
    with (STARTER / "adjudications-2023-Q1.sums.csv").open(encoding="utf-8") as lines:
        events = {row["Establishment"] for row in csv.DictReader(lines)}
    sheet: dict[str, dict[str, str]] = defaultdict(dict)
    with (STARTER / "prison-population-by-prison-2023-06.cells.csv").open(encoding="utf-8") as lines:
        for cell in csv.DictReader(lines):
            sheet[cell["cell"][1:]][cell["cell"][0]] = cell["value"]
    people = {row["C"] for row in sheet.values() if row.get("B") == "2022-12"}
    assert (len(events), len(people), len(events - people)) == (121, 121, 8)
    assert len(charged["all outcomes", "White"]["of_strata"]) == 0
    assert len(charged["all outcomes", "Black"]["of_strata"]) == 121


def by_hand(cells: dict[str, tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    """Crude and pooled rate ratios, and limits of the second by leaving out one prison at a time, in plain Python."""

    def ratio(names: list[str]) -> float:
        above = sum(cells[n][0] * cells[n][3] / (cells[n][1] + cells[n][3]) for n in names)
        below = sum(cells[n][2] * cells[n][1] / (cells[n][1] + cells[n][3]) for n in names)
        return above / below

    x1, n1, x0, n0 = (sum(c[i] for c in cells.values()) for i in range(4))
    names = list(cells)
    logs = [np.log(ratio([n for n in names if n != left])) for left in names]
    error = np.sqrt((len(logs) - 1) / len(logs) * sum((v - np.mean(logs)) ** 2 for v in logs))
    step, whole = stats.t.ppf(0.975, len(logs) - 1) * error, ratio(names)
    return x1 / n1 / (x0 / n0), whole, whole * np.exp(-step), whole * np.exp(step)


@with_originals
def test_the_published_files_say_the_same_to_another_reader(charged) -> None:
    """Counted again from the publisher's own files, with nothing of ours but the names of eight prisons."""
    alike = {
        "east sutton park": "East Sutton Park",
        "highpoint (north and south)": "Highpoint",
        "mount": "Mount (The)",
        "peterborough (female)": "Peterborough Female",
        "peterborough (male)": "Peterborough Male",
        "swaleside (sheppey cluster)": "Swaleside (Sheppey Cluster)",
        "zzz morton hall irc/hmp (dec 21-)": "Morton Hall",
        "zzz the verne irc/hmp (aug 18-)": "The Verne",
    }
    key = {name: new.casefold() for name, new in alike.items()}
    events: Counter[tuple[str, str, str]] = Counter()
    with (SHARED / "moj" / "AdjudicationsQ12023.csv").open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            prison = row["Establishment"].strip().casefold()
            events[prison, row["Ethnicity"][0], row["Outcomes"]] += int(row["Count"])
    people: dict[tuple[str, str], float | None] = defaultdict(float)
    workbook = CalamineWorkbook.from_path(SHARED / "moj" / "Population_data_tool_20230630.xlsx")
    for view, date, prison, _, group, count in (r[:6] for r in workbook.get_sheet_by_name("PT Data").to_python()):
        if str(view).startswith("e ") and str(date)[:7] == "2022-12":
            name = (key.get(prison.strip().casefold(), prison.strip().casefold()), group[0].lower())
            held = people[name]
            people[name] = None if held is None or count in ("", None) else held + float(count)
    prisons = {p for p, _, _ in events} | {p for p, _ in people}
    assert len(prisons) == 121
    for counted, outcomes in (("all outcomes", {o for _, _, o in events}), ("proved", {"Proved"})):
        cells = {}
        for p in prisons:
            n1, n0 = people.get((p, "b"), 0.0), people.get((p, "e"), 0.0)
            if n1 is not None and n0 is not None:
                cells[p] = (
                    float(sum(events[p, "b", o] for o in outcomes)),
                    n1,
                    float(sum(events[p, "e", o] for o in outcomes)),
                    n0,
                )
        row = charged[counted, "Black"]
        shown = row["crude_ratio"], row["ratio"], row["ratio_low"], row["ratio_high"]
        assert shown == pytest.approx(by_hand(cells))


# --- what must not be said -------------------------------------------------------------------------------------------


def made(
    cells: dict[tuple[str, str], tuple[float | None, float | None]], cluster: str = "", kind: str = "population"
) -> dict[str, Row]:
    """The rows of `{(stratum, group): (count, people)}`; None is a hidden cell of 1 to 5."""
    rows = [
        {
            "prison": stratum,
            GROUP: group,
            **{n: v for names, number in ((COUNT, numbers[0]), (BASE, numbers[1])) for n, v in limits(names, number)},
        }
        for (stratum, group), numbers in cells.items()
    ]
    about = dict.fromkeys(ABOUT) | {"counted": None, "period_start": dt.date(2023, 1, 1), "baseline": "people"}
    frame = pl.DataFrame(
        rows, schema={"prison": pl.String, GROUP: pl.String, **dict.fromkeys((*COUNT, *BASE), pl.Float64)}
    )
    found = pooled(measure(kind=kind, counts="events"), Request(), [Stratified(frame, ("prison",), cluster, about)])
    json.dumps(found, default=str, allow_nan=False)
    return {r["category"]: r for r in found}


def limits(names: tuple[str, ...], number: float | None) -> list[tuple[str, float | None]]:
    low, high = (1.0, 5.0) if number is None else (number, number)
    return list(zip(names, (number, low, high), strict=True))


PRISONS = [f"p{n:02}" for n in range(24)]
BOTH = {(p, g): (float(3 + n % 4), 40.0) for n, p in enumerate(PRISONS) for g in ("Black", "White")}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", ["population", "stage"])
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({(p, "White"): (0.0, 0.0) for p in PRISONS}, "No stratum has both Black and White"),
        ({(p, "White"): (None, None) for p in PRISONS}, "hidden, or not held, in every stratum"),
        ({(p, "White"): (0.0, 40.0) for p in PRISONS}, "None of Black or of White are counted"),
        ({(p, "Black"): (0.0, 0.0) for p in PRISONS[1:]}, None),
        ({(p, "White" if n % 2 else "Black"): (0.0, 0.0) for n, p in enumerate(PRISONS)}, "No stratum has both"),
        ({(p, "Black"): (0.0, 40.0) for p in PRISONS[1:]}, "One prison has all there is of a group"),
        ({(p, "Not known"): (9.0, 40.0) for p in PRISONS}, "of unknown group"),
    ],
    ids=[
        "no reference",
        "hidden reference",
        "no events",
        "one stratum",
        "clusters of one group",
        "one cluster",
        "unknown",
    ],
)
def test_what_cannot_be_pooled_is_withheld_in_words(kind, changed, said) -> None:
    row = made(BOTH | changed, "prison", kind)["Black"]
    if said is None:  # one stratum is left, of one cluster: limits as if independent, and it says so
        assert (row["strata"], row["clusters"], row["clustered_low"]) == (1, 1, None)
        assert row["interval_method"] == "Greenland-Robins"
        assert "the interval is too narrow" in row["reason"]
        return
    assert (row["status"], row["ratio"], row["ratio_low"], row["crude_ratio"]) == ("withheld", None, None, None)
    assert said in row["reason"]


def test_a_hidden_cell_is_never_a_zero_and_without_a_limit_there_is_no_bound() -> None:
    row = made(BOTH | {("p00", "Black"): (3.0, None)}, "prison")["Black"]
    rest = made({k: v for k, v in BOTH.items() if k[0] != "p00"}, "prison")["Black"]
    same = ("ratio", "ratio_low", "ratio_high", "count", "denominator", "crude_ratio", "homogeneity_p")
    assert {n: row[n] for n in same} == {n: rest[n] for n in same}
    assert (row["strata_withheld"], rest["strata_withheld"]) == (1, 0)
    possible = [made(BOTH | {("p00", "Black"): (3.0, float(n))}, "prison")["Black"]["ratio"] for n in (1, 3, 5)]
    assert row["bound_low"] == pytest.approx(min(possible))
    assert row["bound_high"] == pytest.approx(max(possible))


def test_a_stratum_where_more_than_a_fifth_is_of_unknown_group_is_left_out_and_bounds_nothing() -> None:
    """Counts there are 3 of either group: 2 more of unknown group are more than a fifth of 8, 1 of 7 is not."""
    row = made(BOTH | {("p00", "Not known"): (2.0, 5.0)}, "prison")["Black"]
    rest = made({k: v for k, v in BOTH.items() if k[0] != "p00"}, "prison")["Black"]
    same = ("ratio", "ratio_low", "ratio_high", "count", "denominator", "crude_ratio", "phi", "verdict", "bound_low")
    assert {n: row[n] for n in same} == {n: rest[n] for n in same}
    assert (row["strata_withheld"], row["unknown_low"]) == (1, row["ratio"]), "of no unknown in those compared"
    assert "1 of 24 strata are left out: there more than 20% are of unknown group." in row["reason"]
    left = row["of_strata"][0]
    assert (left["count"], left["ratio"], left["placed"], left["status"]) == (3, None, None, "withheld")
    assert left["unknown_share"] == pytest.approx(2 / 8)
    kept = made(BOTH | {("p00", "Not known"): (1.0, 5.0)}, "prison")["Black"]
    assert (kept["strata_withheld"], kept["of_strata"][0]["unknown_share"]) == (0, pytest.approx(1 / 7))
    hidden = made(BOTH | {("p00", "Not known"): (None, 5.0)}, "prison")["Black"]
    assert (hidden["strata_withheld"], hidden["of_strata"][0]["unknown_share"]) == (0, None)


def test_whatever_the_unknown_are_the_ratio_lies_within_their_bounds() -> None:
    """Each way to share out 1 of unknown group and 5 people in one prison, and 1 and none in another."""
    row = made(BOTH | {("p00", "Not known"): (1.0, 5.0), ("p01", "Not known"): (1.0, 0.0)}, "prison")["Black"]
    possible = []
    for black, other, people in itertools.product((0, 1), (0, 1), range(6)):
        own = {("p00", "Black"): (3.0 + black, 40.0 + people), ("p00", "White"): (4.0 - black, 45.0 - people)}
        own |= {("p01", "Black"): (4.0 + other, 40.0), ("p01", "White"): (5.0 - other, 40.0)}
        possible.append(made(BOTH | own, "prison")["Black"]["ratio"])
    assert row["unknown_low"] <= min(possible) < row["ratio"] < max(possible) <= row["unknown_high"]
    assert (row["unknown_low"], row["unknown_high"]) == pytest.approx((min(possible), max(possible)), rel=0.01)


def test_what_limits_give_back_bounds_nothing() -> None:
    """A hidden cell that can be only one number must not be found again in the bounds of a ratio."""
    from pipelines.deriving.strata import _summed
    from tests.unit.deriving.made import figures

    frame = figures({"Black": None, "White": 9}).with_columns(pl.col("ethnicity").alias(GROUP), prison=pl.lit("p"))
    one = frame.with_columns(pl.col("value_low").replace(1.0, 5.0))
    hidden = _sums(_summed(one, ["prison"], BASE))
    assert hidden == {"Black": (None, None, None), "White": (9.0, 9.0, 9.0)}
    wide = _sums(_summed(frame, ["prison"], BASE))
    assert wide["Black"] == (None, 1.0, 5.0)


def _sums(cells: pl.DataFrame) -> dict[str, tuple[float | None, ...]]:
    return {group: tuple(numbers) for group, *numbers in cells.select(GROUP, *BASE).iter_rows()}


def test_more_counted_than_there_are_of_a_stage_is_withheld() -> None:
    row = made(BOTH | {("p00", "Black"): (41.0, 40.0)}, "prison", "stage")["Black"]
    assert (row["strata_withheld"], row["bound_low"]) == (1, None)
    assert made(BOTH | {("p00", "Black"): (41.0, 40.0)}, "prison")["Black"]["strata_withheld"] == 0


def test_a_hidden_count_of_people_unknown_is_said_and_is_no_share() -> None:
    row = made(BOTH | {("p00", "Not known"): (None, 40.0)}, "prison")["Black"]
    assert (row["unknown_count"], row["unknown_share"], row["status"]) == (None, None, "shown")
    assert "which share is of unknown group is not known" in row["reason"]


def test_under_twenty_clusters_limits_are_as_if_independent_and_say_so() -> None:
    row = made({k: v for k, v in BOTH.items() if k[0] < "p19"}, "prison")["Black"]
    assert (row["clusters"], row["clustered_low"], row["interval_method"]) == (19, None, "Greenland-Robins")
    assert "the interval is too narrow" in row["reason"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["adjudications", "--within", "establishment"], "add --pooled"),
        (["adjudications", "--pooled"], "--pooled takes --within"),
        (["adjudications", "--within", "sex=female", "--pooled"], "--pooled takes --within"),
        (["adjudications", "--exposure", "mean"], "add --pooled"),
        ([*BY_PRISON, "--exposure", "means"], "did you mean mean?"),
        (
            ["adjudications", "--within", "offence", "--pooled"],
            "has no strata by offence. Declared together: establishment",
        ),
        (
            [*BY_PRISON, "--reference", "all"],
            "ask --reference 'all others'",
        ),
        ([*BY_PRISON, "--reference", "Blue"], "published: Asian, Black"),
        (
            [*BY_PRISON, "--baseline", "census-2021"],
            "is over in-the-same",
        ),
        (
            [*BY_PRISON, "--period", SUMMER, "--exposure", "mean"],
            "nobody is counted on 2022-09-30",
        ),
        (["adjudications", "--within", "establishment", "--within", "sex=female", "--pooled"], "no figures are held"),
        (["adjudications-proved", "--within", "age", "--pooled", "--exposure", "mean"], "--exposure says nothing"),
        ([*BY_PRISON, "--as-of", "2020-01-01"], "no figures are held"),
        (["adjudications-proved", "--within", "ethnicity", "--pooled"], "has no strata by ethnicity"),
        (["people-by-prison", "--within", "establishment", "--pooled"], "has no strata by establishment"),
    ],
)
def test_what_is_not_answered_says_what_is(cli, asked, said) -> None:
    answer = cli("ratios", *asked)
    assert answer.code in (1, 2)
    assert said in answer.err


def test_characteristics_pool_too_where_a_table_prints_their_totals(cli) -> None:
    rows = rows_of(cli, "ratios", "prison-population", "--within", "sex", "--pooled", "--baseline", "census-2021")
    black = next(r for r in rows if r["category"] == "Black")
    each = rows_of(cli, "ratios", "prison-population", "--within", "sex=each", "--baseline", "census-2021")
    of = {r["sex"]: r for r in each if r["category"] == "Black"}
    assert {s["sex"]: s["ratio"] for s in black["of_strata"]} == pytest.approx(
        {sex: r["ratio"] for sex, r in of.items() if sex != "all"}
    )
    assert (black["strata"], black["clusters"], black["interval_method"]) == (2, None, "Greenland-Robins")


def test_a_file_that_prints_no_none_keeps_the_people_of_whom_none_are_counted(cli) -> None:
    rows = answers(cli, "adjudications-proved", SUMMER, "age", "sex")
    assert {g: rows[g]["denominator"] for g in ("Black", "Other")} == {"Black": 7259, "Other": 581}


def test_a_person_reads_crude_and_within_together_with_a_folded_list(cli) -> None:
    said = cli("ratios", "adjudications", "--within", "establishment", "--pooled", "--period", WINTER).out
    for text in ("1.660", "1.422", "1.304 to 1.551", "<0.001", "and 116 more: --json", "K = 118", "Not known"):
        assert text in said, text
    assert "in-the-same-prison" in said and "No causative links" in said
    assert max(map(len, said.splitlines())) <= 140


# --- on the pages -----------------------------------------------------------------------------------------------------


def test_pages_say_what_the_command_says_within_the_same_prison(starter_store, charged) -> None:
    held = hold(starter_store)
    page = next(p for p in pages(held, lambda rows, measure: make(starter_store, rows, measure))
                if p.path == "adjudications-ethnicity.html")  # fmt: skip
    (within,) = (s for s in page.context["sections"] if s.id == "within")
    of_all, of_proved = within.grids
    assert ("all outcomes" in of_all.caption, "proved" in of_proved.caption) == (True, True)
    black = next(row for row in of_all.rows if row[0] == "Black")
    assert black[1:3] == ("8,535", "1.66 (1.43 to 1.92)")
    assert black[3].startswith("1.42 (1.30 to 1.55); more likely; 3 of 121 left out")
    told = {
        (r["counted"], r["category"]): r["ratio"] for r in held.pooled.to_dicts() if r["measure"] == "adjudications"
    }
    assert told == {key: row["ratio"] for key, row in charged.items()}


def test_the_pages_of_proved_outcomes_compare_within_each_and_within_all(starter_store) -> None:
    mine = hold(starter_store).pooled.filter(measure="adjudications-proved")
    assert mine["within"].unique(maintain_order=True).to_list() == [
        "establishment", "offence", "adjudicator", "establishment, offence, adjudicator",
    ]  # fmt: skip
