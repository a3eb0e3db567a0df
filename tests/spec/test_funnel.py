"""Each prison about the ratio common to all, as a program reads it from the command line and people from the pages."""

import csv
import io
import math
from typing import Any

import pytest
from scipy import stats

from dashboards.cited import make
from dashboards.pages import pages
from dashboards.site import hold, rows_as_csv
from tests.spec.rows import Row, rows_of
from tests.spec.test_pooled import BOTH, PRISONS, made

ASKED = "adjudications", "--within", "establishment", "--pooled"
NUMBERS = "expected", "standard_error", "z", "z_adjusted", "low_95", "high_95", "low_998", "high_998"


@pytest.fixture(scope="module")
def rows(cli: Any) -> dict[Any, Row]:
    return {(r["counted"], r["category"]): r for r in rows_of(cli, "ratios", *ASKED, "--funnel")}


@pytest.fixture(scope="module")
def prisons(rows) -> dict[str, Row]:
    return {s["establishment"]: s for s in rows["all outcomes", "Black"]["of_strata"]}


def test_a_prison_beyond_the_limits_with_its_numbers(rows, prisons) -> None:
    black, bure = rows["all outcomes", "Black"], prisons["Bure"]
    four = [bure[n] for n in ("count", "denominator", "reference_count", "reference_denominator")]
    assert four == [58, 44, 65, 541]
    assert bure["ratio"] == pytest.approx(58 / 44 / (65 / 541))
    share = black["ratio"] * 44 / (black["ratio"] * 44 + 541)  # of 123 outcomes, were the ratio the common one
    assert bure["expected"] == pytest.approx(123 * share)
    deviance = 2 * (58 * math.log(58 / (123 * share)) + 65 * math.log(65 / (123 * (1 - share))))
    assert bure["z"] == pytest.approx(math.sqrt(deviance))
    apart = math.log(bure["ratio"] / black["ratio"])
    assert bure["standard_error"] == pytest.approx(apart / math.sqrt(deviance))
    wide = math.sqrt(bure["standard_error"] ** 2 + black["tau2"])
    assert bure["z_adjusted"] == pytest.approx(apart / wide)
    assert bure["high_998"] == pytest.approx(black["ratio"] * math.exp(stats.norm.ppf(0.999) * wide))
    assert bure["placed"] == "higher than expected at 99.8%"


def test_what_overdispersion_is_allowed_for(rows) -> None:
    black = rows["all outcomes", "Black"]
    assert (round(black["phi"], 2), round(black["tau2"], 4)) == (7.02, 0.1351)
    placed = [s for s in black["of_strata"] if s["placed"]]
    assert len(placed) == 107
    as_if_alike = [s for s in placed if abs(s["z"]) > stats.norm.ppf(0.999)]
    assert len(as_if_alike) == 28, "without it more than one prison in four would be called outlying"
    assert sum(s["placed"].endswith("99.8%") for s in placed) == 1


def test_every_prison_is_listed_placed_or_with_the_reason(rows) -> None:
    for row in rows.values():
        for s in row["of_strata"]:
            assert (s["placed"] is None) == bool(s["reason"])
            if s["placed"] is None:
                assert all(s[n] is None for n in NUMBERS if n != "expected")
                continue
            assert min(s["count"], s["reference_count"]) > 0
            assert s["expected"] >= 5
            assert s["low_998"] < s["low_95"] < row["ratio"] < s["high_95"] < s["high_998"]
    reasons = {s["reason"] for s in rows["all outcomes", "Black"]["of_strata"] if s["reason"]}
    assert reasons == {
        "Fewer than 5 are expected in a cell: too few to place.",
        "Nobody of one of the two groups is counted: too few to place.",
        "A number there is hidden, or cannot be divided.",
    }


def test_what_the_publisher_hides_is_in_no_number_of_a_funnel(rows, prisons) -> None:
    for name in ("Drake Hall", "Low Newton", "Swansea"):
        assert prisons[name]["denominator"] is None
        assert all(prisons[name][n] is None for n in (*NUMBERS, "ratio", "placed"))


def test_a_hidden_prison_leaves_the_funnel_of_the_others_as_it_is_without_it() -> None:
    every = BOTH | {(p, "Black"): (6.0 + 5 * (n % 7), 40.0) for n, p in enumerate(PRISONS)}
    every |= {(p, "White"): (20.0, 90.0) for p in PRISONS}
    row = made(every | {("p00", "Black"): (3.0, None)}, "prison")["Black"]
    rest = made({k: v for k, v in every.items() if k[0] != "p00"}, "prison")["Black"]
    assert {n: row[n] for n in ("phi", "tau2")} == {n: rest[n] for n in ("phi", "tau2")}
    for mine, theirs in zip(row["of_strata"][1:], rest["of_strata"], strict=True):
        assert {n: mine[n] for n in NUMBERS} == {n: theirs[n] for n in NUMBERS}


def test_a_place_that_what_is_hidden_could_move_within_is_not_called_beyond(rows) -> None:
    other = rows["all outcomes", "Other"]
    assert other["bound_low"] < 1 < other["bound_high"]
    for s in other["of_strata"]:
        if s["placed"] and s["placed"].startswith(("higher", "lower")):
            wide = math.sqrt(s["standard_error"] ** 2 + other["tau2"])
            nearest = min(abs(math.log(s["ratio"] / other[n])) / wide for n in ("ratio", "bound_low", "bound_high"))
            assert nearest > stats.norm.ppf(0.975)
    assert "depends on what is hidden" in {s["placed"] for s in other["of_strata"]}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", ["population", "stage"])
def test_of_strata_without_events_or_of_few_there_is_no_funnel_and_it_says_why(kind) -> None:
    few = made({k: (9.0, 40.0) for k in BOTH if k[0] < "p09"}, "prison", kind)["Black"]
    assert (few["phi"], few["tau2"]) == (None, None)
    assert {s["reason"] for s in few["of_strata"]} == {
        "Fewer than 10 can be compared, so how much they differ is not known."
    }
    none = made(dict.fromkeys(BOTH, (1.0, 40.0)) | {(p, "White"): (0.0, 40.0) for p in PRISONS[1:]}, "prison", kind)
    assert {s["placed"] for s in none["Black"]["of_strata"]} == {None}


def test_whatever_can_be_pooled_within_places_or_else_can_be_shown_so(cli) -> None:
    proved = rows_of(cli, "ratios", "adjudications-proved", "--within", "establishment", "--pooled", "--funnel")
    black = next(r for r in proved if r["category"] == "Black")
    assert {s["establishment"] for s in black["of_strata"] if s["placed"] == "lower than expected at 99.8%"} == {
        "Winchester"
    }
    ages = "ratios", "adjudications-proved", "--within", "age", "--within", "sex", "--pooled", "--funnel"
    black = next(r for r in rows_of(cli, *ages) if r["category"] == "Black")
    assert "18-20, male" in cli(*ages).out
    assert [s["placed"] for s in black["of_strata"] if (s["age"], s["sex"]) == ("18-20", "male")] != [None]


def test_a_person_reads_who_lies_beyond_first_as_a_question_and_then_every_prison_by_name(cli) -> None:
    said = " ".join(cli("ratios", *ASKED, "--funnel").out.split())
    black = said[said.index("Black to White, about") : said.index("Mixed to White, about")]
    for text in (
        "107 of 121 can be placed. Beyond the 99.8% limits: Bure (higher than expected at 99.8%).",
        "these among them: 7; chance alone would put about 5 there.",
        "a question, not a verdict",
        "not shown to be without disparity",
        "7.0 times as much as chance would have them (phi), and the limits allow for it, by a variance",
        "Drake Hall; Low Newton; Swansea",
    ):
        assert text in black, text
    assert black.index("Altcourse") < black.index("Belmarsh") < black.index("Wymott"), "by name, and by no rank"
    asian = said[: said.index("Black to White, about")]
    assert "Beyond the 99.8% limits: none." in asian


def test_a_funnel_is_of_strata_pooled(cli) -> None:
    answer = cli("ratios", "adjudications", "--funnel")
    assert answer.code == 2
    assert "add --pooled and --within" in answer.err


def test_the_page_and_its_file_say_what_the_command_says(starter_store, rows) -> None:
    held = hold(starter_store)
    made_pages = pages(held, lambda found, measure: make(starter_store, found, measure))
    page = next(p for p in made_pages if p.path == "adjudications-ethnicity.html")
    (section,) = (s for s in page.context["sections"] if s.id == "funnel")
    assert section.words[0].startswith("107 of 121 can be placed. Beyond the 99.8% limits: Bure (higher")
    assert section.words[0] in section.picture.alt
    assert section.title == "Each prison about the common ratio"
    points = section.picture.wide["data"]["values"]
    assert len(points) == 107
    assert [p["n"] for p in points if "n" in p] == ["Bure"], "named, and filled, without need of a colour"
    told = {r["stratum"]: r for r in csv.DictReader(io.StringIO(rows_as_csv(section.picture.data)))}
    assert len(told) == 121
    for s in rows["all outcomes", "Black"]["of_strata"]:
        line = told[s["establishment"]]
        for name in (*NUMBERS, "count", "denominator", "reference_count", "reference_denominator", "ratio"):
            assert (float(line[name]) if line[name] else None) == pytest.approx(s[name])
        assert (line["placed"] or None, line["reason"] or None) == (s["placed"], s["reason"])
    assert "funnel" not in {
        s.id for p in made_pages if p.path == "prison-population-ethnicity.html" for s in p.sections
    }


def test_the_store_holds_each_group_and_thing_counted_within_each_single_stratum(starter_store) -> None:
    held = hold(starter_store).funnel
    assert set(held.filter(measure="adjudications")["counted"]) == {"all outcomes", "proved"}
    assert set(held.filter(measure="adjudications-proved")["within"]) == {"establishment", "offence", "adjudicator"}
    assert held.filter(measure="adjudications", category="Asian", counted="proved").height == 121
