"""How far a direction rests on what was chosen: counted again from what the choices themselves say, and from counts."""

import math
import re
from collections import Counter

import pytest
from scipy import stats

from tests.spec.rows import PRISON, by_category, rows_of

IN_2023 = "--period", "2023-06-30"
POPULATIONS = (
    *("residents-18plus", "census-2021-18plus", "residents", "census-2021"),
    *("census-2021-15plus", "census-2011"),
)
REFERENCES = "White", "White British", "all others", "all"
KNOWN, TO_REFERENCE, TO_GROUP = "as known", "all unknown to the reference", "all unknown to the group"


@pytest.fixture(scope="module")
def swayed(cli):
    return by_category(rows_of(cli, "ratios", PRISON, *IN_2023, "--sensitivity"))


def chosen(row, **wanted):
    return next(c for c in row["choices"] if all(c[name] == value for name, value in wanted.items()))


def way(*ranges):
    """More, less or open, by hand: every range on one side of 1."""
    if all(low > 1 for low, _ in ranges):
        return "more"
    return "less" if all(high is not None and high < 1 for _, high in ranges) else "open"


def test_everything_declared_is_tried_and_nothing_else(swayed) -> None:
    tried = Counter((c["baseline"], c["reference"], c["among"]) for c in swayed["Asian"]["choices"])
    assert set(tried) == {(b, r, a) for b in POPULATIONS for r in REFERENCES for a in ("everyone", "British")}
    assert {n for (_, r, a), n in tried.items() if (r, a) != ("White British", "British")} == {3}
    assert {c["among"] for c in swayed["Indian"]["choices"]} == {"everyone"}  # not published by nationality
    assert "White" not in {c["reference"] for c in swayed["White"]["choices"]}


def test_the_count_is_that_of_the_same_choices_asked_one_by_one(cli, swayed) -> None:
    for name in ("Asian", "Black African", "Other", "White Irish"):
        found = Counter()
        for population in POPULATIONS:
            asked = ("--baseline", population, "--reference", "each", *IN_2023)
            rows = [r for r in rows_of(cli, "ratios", PRISON, *asked) if r["category"] == name]
            assert [r["reference"] for r in rows] == list(REFERENCES)
            for r in rows:
                interval = r["ratio_low"], r["ratio_high"]
                census = [(r["census_low"], r["census_high"])] if r["census_low"] is not None else []
                for end in (r["ratio"], r["bound_low"], r["bound_high"]):
                    by = end / r["ratio"]
                    found[way(*((low * by, high * by) for low, high in (interval, *census)))] += 1
        mine = Counter(c["direction"] for c in swayed[name]["choices"] if c["among"] == "everyone")
        assert mine == found, name


def test_kept_turned_open_and_not_made_are_all_there_is(swayed) -> None:
    for row in swayed.values():
        of = Counter(c["direction"] for c in row["choices"])
        assert (row["open"], row["not_made"]) == (of["open"], of[None])
        other = {"more": "less", "less": "more"}.get(row["default"])
        assert (row["kept"], row["turned"]) == ((of[row["default"]], of[other]) if other else (None, None))
        for c in row["choices"]:
            assert (c["reason"] is None) == (c["direction"] is not None) == (c["ratio"] is not None)
            includes_1 = c["low"] is not None and c["low"] <= 1 <= c["high"]
            assert not includes_1 or c["direction"] == "open", c
    asian = swayed["Asian"]
    made = asian["kept"] + asian["turned"] + asian["open"]
    assert asian["said"].startswith(f"{asian['kept']} of {made} choices keep the direction, a ratio above 1; ")
    assert asian["said"].endswith(f"{asian['not_made']} could not be made.")
    assert asian["kept"] < asian["turned"]
    assert (swayed["Black"]["turned"], swayed["Black"]["open"]) == (0, 0)


def test_an_open_default_or_the_reference_itself_has_no_direction_to_keep(swayed) -> None:
    assert swayed["Other"]["said"].startswith("The default is open, so there is no direction to keep")
    assert swayed["White"]["said"].startswith("The default is to compare others with this group")


def test_worst_cases_are_those_of_the_counts_and_their_limits_no_narrower_than_exact(cli, swayed) -> None:
    rows = by_category(rows_of(cli, "ratios", PRISON, *IN_2023))
    asian, white, unknown = rows["Asian"], rows["White"], 85851 - sum(rows[g]["count"] for g in (
        "Asian", "Black", "Mixed", "White", "Other"))  # fmt: skip
    assert (asian["count"], unknown) == (6840, 854)
    for case, mine, theirs in ((KNOWN, 0, 0), (TO_REFERENCE, 0, 854), (TO_GROUP, 854, 0)):
        x, y = 6840 + mine, int(white["count"]) + theirs
        over = white["denominator"] / asian["denominator"]
        found = chosen(swayed["Asian"], baseline="residents-18plus", reference="White", among="everyone", case=case)
        assert found["ratio"] == pytest.approx(
            x / y * over, rel=1e-5
        )  # because hidden cells of a census are at an end too
        p = stats.binomtest(x, x + y).proportion_ci(0.95, "exact")
        low, high = (q / (1 - q) * over for q in p)
        assert found["low"] <= low * (1 + 1e-5) and found["high"] >= high * (1 - 1e-5)
        assert case != KNOWN or math.isclose(found["low"], low, rel_tol=1e-9)


def test_british_nationals_are_those_published_over_residents_of_every_nationality(cli, swayed) -> None:
    british = by_category(rows_of(cli, "ratios", PRISON, *IN_2023, "--within", "nationality=British"))
    people = by_category(rows_of(cli, "ratios", PRISON, *IN_2023))
    rate = {g: british[g]["count"] / people[g]["denominator"] for g in ("Asian", "White")}
    found = chosen(swayed["Asian"], baseline="residents-18plus", reference="White", among="British", case="as known")
    assert found["ratio"] == pytest.approx(rate["Asian"] / rate["White"])
    assert found["direction"] == "less"
    said = cli("ratios", PRISON, *IN_2023, "--sensitivity").out
    assert "residents they are compared with are of all nationalities" in " ".join(said.split())


def test_what_is_refused_is_listed_with_its_reason_and_never_agrees(cli) -> None:
    women = by_category(rows_of(cli, "ratios", PRISON, *IN_2023, "--sex", "female", "--sensitivity"))["Black"]
    refused = [c for c in women["choices"] if c["baseline"] == "census-2011"]
    assert refused
    assert all(c["direction"] is None and "by sex" in c["reason"] for c in refused)
    assert women["not_made"] >= len(refused)
    before = by_category(rows_of(cli, "ratios", PRISON, "--period", "2005-06-30", "--sensitivity"))["Asian"]
    assert (before["kept"], before["not_made"]) == (None, len(before["choices"]))
    assert before["said"].startswith("None of ")


def test_what_is_turned_is_named(cli) -> None:
    said = " ".join(cli("ratios", PRISON, *IN_2023, "--sensitivity").out.split())
    assert "turned to all others: residents-18plus (as known 0.93, all unknown to the reference 0.92)" in said
    assert "no probability" in said
    assert "%" not in said


@pytest.mark.parametrize(
    "more", [("--baseline", "residents"), ("--reference", "all"), ("--within", "sex=each"), ("--standard", "x")]
)
def test_a_choice_made_beforehand_is_an_error_of_use(cli, more) -> None:
    assert cli("ratios", PRISON, "--sensitivity", *more).code == 2


def test_a_characteristic_without_a_population_has_nothing_to_choose(cli) -> None:
    answer = cli("ratios", PRISON, "--by", "nationality", "--sensitivity")
    assert answer.code != 0
    assert "nothing to choose" in answer.err


def test_the_page_counts_populations_and_the_unknown_of_what_is_stored(starter_home, swayed) -> None:
    page = (starter_home / "site" / f"{PRISON}-ethnicity.html").read_text(encoding="utf-8")
    panel = page.partition('<section id="sensitivity"')[2].partition("</section>")[0]
    mine = [c for c in swayed["Asian"]["choices"] if (c["reference"], c["among"]) == ("White", "everyone")]
    of = Counter(c["direction"] for c in mine)
    cells = re.findall(r">([^<>]+)</t[dh]>", panel)
    at = cells.index("Asian")
    assert cells[at + 1 : at + 6] == [str(n) for n in (len(mine), of["more"], of["less"], of["open"], of[None])]
