"""A hidden count is an interval, never a number; one that other figures give back is withheld with what gives it."""

import itertools
from typing import Any

import pytest

from monitor.declarations import Fit
from monitor.declarations.measure import Size
from pipelines.deriving import EACH, Request, guarded
from tests.unit.deriving.made import HIDDEN, PEOPLE, baseline, disparities, figures, measure

SHOWN = {"Asian": 211.0, "Black": 307.0, "White": 1901.0}


def test_two_hidden_counts_are_bounded_by_what_the_total_leaves() -> None:
    rows = disparities({**SHOWN, "Mixed": HIDDEN, "Other": HIDDEN, "all": sum(SHOWN.values()) + 4})
    for name in ("Mixed", "Other"):
        row = rows[name]
        assert (row["suppression"], row["status"], row["count"]) == ("hidden", "withheld", None)
        assert (row["count_low"], row["count_high"]) == (1, 3)
        assert row["rate"] is row["ratio"] is row["share"] is row["excess"] is None


def test_without_a_total_the_publishers_own_limits_stand() -> None:
    row = disparities({**SHOWN, "Mixed": HIDDEN})["Mixed"]
    assert (row["suppression"], row["count_low"], row["count_high"]) == ("hidden", 1, 5)


def test_a_count_the_total_gives_back_is_flagged_and_not_repeated() -> None:
    rows = disparities({**SHOWN, "Other": 97.0, "Mixed": HIDDEN, "all": sum(SHOWN.values()) + 97 + 4})
    hidden = rows["Mixed"]
    assert (hidden["suppression"], hidden["count"], hidden["count_low"], hidden["count_high"]) == (
        "recoverable", None, None, None,
    )  # fmt: skip
    beside = rows["Other"]
    assert (beside["suppression"], beside["status"], beside["count"]) == ("beside_recoverable", "withheld", None)
    assert "could be worked out" in beside["reason"]


def test_ratios_between_shown_groups_stand() -> None:
    rows = disparities({**SHOWN, "Other": 97.0, "Mixed": HIDDEN, "all": sum(SHOWN.values()) + 97 + 4})
    assert rows["Black"]["ratio"] == pytest.approx((307 / 2000) / (1901 / 40000))
    assert rows["Black"]["share"] is None  # because a share of those known would give the hidden counts' sum


def test_a_hidden_reference_group_leaves_no_ratio_and_says_so() -> None:
    rows = disparities({"Asian": 211.0, "White": HIDDEN, "Black": HIDDEN})
    assert rows["Asian"]["ratio"] is None
    assert "reference group White is hidden" in rows["Asian"]["reason"]


def test_one_sex_hidden_beside_the_other_and_the_total_is_withheld_for_both() -> None:
    counts = figures(
        {
            ("Black", "all"): 40.0, ("Black", "male"): 37.0, ("Black", "female"): HIDDEN,
            ("White", "all"): 90.0, ("White", "male"): 70.0, ("White", "female"): 20.0,
        },
        by=("ethnicity", "sex"),
    )  # fmt: skip
    people = figures(
        {(g, s): 1000.0 for g in ("Black", "White") for s in ("all", "male", "female")},
        by=("ethnicity", "sex"), table="people", measure="people",
    )  # fmt: skip
    assert disparities(counts, people, Request(sex="female"))["Black"]["suppression"] == "recoverable"
    assert disparities(counts, people, Request(sex="male"))["Black"]["suppression"] == "beside_recoverable"
    assert disparities(counts, people, Request())["Black"]["count"] == 40


TABLES: dict[str, tuple[dict[str, Any], float]] = {
    "one hidden, total shown": ({**SHOWN, "Other": 97.0, "Mixed": HIDDEN, "all": 2520.0}, 4),
    "one hidden, unknown shown": ({**SHOWN, "Other": 97.0, "Mixed": HIDDEN, "Not stated": 53.0, "all": 2573.0}, 4),
    "two hidden, 1 and 3": ({**SHOWN, "Other": HIDDEN, "Mixed": HIDDEN, "all": 2423.0}, 3),
    "no total": ({**SHOWN, "Other": 97.0, "Mixed": HIDDEN}, 4),
    "a part hidden": (
        {**SHOWN, "Mixed": 61.0, "Other": 97.0, "Indian": 150.0, "Chinese": 57.0, "Pakistani": HIDDEN, "all": 2577.0},
        4,
    ),
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("reference", [None, "all", "all others", EACH])
def test_no_shown_rate_times_a_shown_base_gives_a_hidden_count_back(table, reference) -> None:
    counts, hidden = TABLES[table]
    rows = disparities(counts, request=Request(reference=reference)).values()
    rates = [r[k] / r["per"] for r in rows for k in ("rate", "rate_low", "rate_high") if r[k] is not None]
    rates += [r[k] for r in rows for k in ("share", "share_of_all", "unknown_share") if r[k] is not None]
    bases = [r[k] for r in rows for k in ("denominator", "count", "reference_denominator") if r[k]]
    for rate, base in itertools.product(rates, {*bases, *PEOPLE.values()}):
        assert rate * base != pytest.approx(hidden, abs=1e-6)


@pytest.mark.parametrize("table", TABLES)
def test_no_sum_or_difference_of_shown_counts_gives_a_hidden_count_back(table) -> None:
    """Every shown count may be taken once, with either sign: what is left must not be the one hidden number."""
    counts, hidden = TABLES[table]
    rows = disparities(counts)
    shown = {n: r["count"] for n, r in rows.items() if r["count"] is not None}
    total = shown.pop("all", None) or shown.pop("Asian", 0.0)
    for size in range(1, len(shown) + 1):
        for some in itertools.combinations(shown.values(), size):
            assert total - sum(some) != hidden


def test_a_measure_of_one_hidden_level_keeps_the_other_level_whole() -> None:
    counts, _ = TABLES["a part hidden"]
    rows = disparities(counts, of=measure())
    assert rows["Asian"]["share"] == pytest.approx(211 / 2577)
    assert rows["Pakistani"]["suppression"] == "recoverable"
    assert rows["Chinese"]["suppression"] == "beside_recoverable"


# --- the people of a stage before ------------------------------------------------------------------------------------


def test_hidden_people_of_a_stage_are_no_denominator_and_nothing_is_made_of_them() -> None:
    """What is hidden of the stage before, or kept back for its sake, is in no rate, share or total."""
    of, over = measure(kind="stage"), baseline(date=None, follows=True)
    before = figures({**SHOWN, "Other": 97.0, "Mixed": HIDDEN, "all": 2520.0}, table="people", measure="people")
    counts = {"Asian": 20.0, "Black": 30.0, "Mixed": 2.0, "Other": 9.0, "White": 100.0, "all": 161.0}
    rows = disparities(counts, guarded(before), of=of, over=over)
    for name in ("Mixed", "Other"):
        row = rows[name]
        assert (row["status"], row["count"], row["denominator"], row["rate"]) == ("refused", counts[name], None, None)
        assert "hidden, or kept back" in row["reason"]
    assert rows["Black"]["ratio"] == pytest.approx((30 / 307) / (100 / 1901))
    assert {r["baseline_share"] for r in rows.values()} == {None}


def test_the_size_of_what_does_not_fit_is_not_told_where_it_is_hidden() -> None:
    size = Size(characteristic="religion", category="Sikh")
    over = Fit(baseline="everyone", characteristics=("ethnicity",), default=True, sentence="Nearly", size=size)
    cells = {("all", "all"): 90.0, ("all", "Sikh"): HIDDEN, ("White", "all"): 60.0, ("Black", "all"): 30.0}
    row = disparities(figures(cells, by=("ethnicity", "religion")), of=measure(fit=(over,)))["Black"]
    assert row["fit"] == "Nearly."
