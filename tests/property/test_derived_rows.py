"""What holds for every row that is shown, whatever the publisher counted: from made figures to finished disparities."""

import itertools
import math
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from pipelines.deriving import Request
from tests.unit.deriving.made import Cells, baseline, disparities, figures, measure

GROUPS = ("Asian", "Black", "Mixed", "White", "Other")
STAGE, THROUGH = measure(kind="stage"), baseline(date=None, follows=True)
counts = st.integers(0, 400)
table = st.fixed_dictionaries(dict.fromkeys(GROUPS, counts))
people = st.fixed_dictionaries(dict.fromkeys(GROUPS, st.integers(400, 10**6)))
kinds = st.sampled_from(["population", "stage"])
references = st.sampled_from([*GROUPS, "all", "all others"])
Whole = dict[str, int]


def given(*strategies: Any) -> Any:
    """Hypothesis, forty tables each: a table is read, divided and judged whole."""
    return lambda test: settings(deadline=None, max_examples=40)(given_any(*strategies)(test))


def rows(
    counted: Whole, of: Whole, kind: str = "population", reference: str | None = None
) -> dict[str, dict[str, Any]]:
    """Disparities of whole numbers by category, over a population or a stage before."""
    made: list[Cells] = [{name: float(value) for name, value in cells.items()} for cells in (counted, of)]
    asked = Request(reference=reference)
    if kind == "stage":
        return disparities(made[0], made[1], asked, STAGE, THROUGH)
    return disparities(made[0], made[1] | {"all": float(sum(of.values()))}, asked)


@given(table, people, kinds, st.permutations(GROUPS))
def test_the_rri_of_a_group_and_of_its_reference_multiply_to_one(counted, of, kind, order):
    group, reference = order[:2]
    there = rows(counted, of, kind, reference)[group]["ratio"]
    back = rows(counted, of, kind, group)[reference]["ratio"]
    assert (there is None) == (counted[reference] == 0)
    assert there is None or back is None or there * back == pytest.approx(1, rel=1e-12)


@given(table, people, kinds, counts)
def test_gaps_and_excess_sum_to_nothing_over_everyone_who_is_known(counted, of, kind, unknown):
    found = rows(counted | {"Not stated": unknown}, of, kind)
    level = [row for row in found.values() if row["level"] == "groups"]
    if not sum(counted.values()):
        assert {row["gap_points"] for row in level} == {None}
        return
    assert sum(row["gap_points"] for row in level) == pytest.approx(0, abs=1e-9)
    assert sum(row["excess"] for row in level) == pytest.approx(0, abs=1e-6)
    assert sum(row["share"] for row in level) == pytest.approx(1)
    assert found["Not stated"]["gap_points"] is found["Not stated"]["excess"] is None


def test_gaps_of_a_level_sum_to_nothing_and_its_details_are_not_counted_twice():
    detailed = {"Indian": 30, "Pakistani": 12, "Chinese": 3, "Asian other": 5, "Bangladeshi": 0}
    level = {"Asian": 50, "Black": 60, "Mixed": 20, "White": 300, "Other": 5}
    found = rows(level | detailed, dict.fromkeys(level, 10_000))
    for key in ("gap_points", "excess"):
        assert sum(r[key] for r in found.values() if r["level"] == "groups") == pytest.approx(0, abs=1e-9)


@given(table, people, kinds, references)
def test_every_limit_brackets_its_estimate_and_the_wider_interval_the_narrower(counted, of, kind, reference):
    for row in rows(counted, of, kind, reference).values():
        if row["rate"] is not None:
            assert 0 <= row["rate_low"] <= row["rate"] * (1 + 1e-12)
            assert row["rate"] <= row["rate_high"] * (1 + 1e-12)
        if row["ratio_low"] is None:
            continue
        high, high_998 = (math.inf if row[k] is None else row[k] for k in ("ratio_high", "ratio_high_998"))
        assert 0 <= row["ratio_low_998"] <= row["ratio_low"] <= high <= high_998
        if row["ratio"] is not None:
            assert row["ratio_low"] <= row["ratio"] * (1 + 1e-9)
            assert row["ratio"] <= high * (1 + 1e-9)


few = st.integers(0, 3)


@given(few, few, few, few, few, st.integers(3, 9), st.integers(3, 9), kinds)
def test_bounds_hold_every_truth_there_can_be_on_small_tables(x, y, other, unknown, unknown_before, n, m, kind):
    """Each unknown person is put into each group in turn, on both sides, and the ratio worked out afresh."""
    counted = {"Black": x, "White": y, "Asian": other, "Not stated": unknown}
    of = {"Black": n, "White": m, "Asian": 9, "Not stated": unknown_before}
    row = rows(counted, of, kind, "White")["Black"]
    high = math.inf if row["bound_high"] is None else row["bound_high"]
    for a, b, c, d in itertools.product(*(range(u + 1) for u in (unknown, unknown, unknown_before, unknown_before))):
        if a + b > unknown or c + d > unknown_before or not y + b:
            continue
        if kind == "stage" and (x + a > n + c or y + b > m + d or other + unknown - a - b > 9 + unknown_before - c - d):
            continue
        truth = ((x + a) / (n + c)) / ((y + b) / (m + d))
        assert row["bound_low"] is None or row["bound_low"] <= truth * (1 + 1e-12)
        assert truth <= high * (1 + 1e-12)
    if y and unknown:
        assert row["bound_low"] is not None, "a ratio with unknown people has no bounds"


@given(table, people, kinds, references, st.integers(2, 50))
def test_twice_as_many_of_everything_moves_no_estimate(counted, of, kind, reference, times):
    once = rows(counted, of, kind, reference)
    more = rows({k: v * times for k, v in counted.items()}, {k: v * times for k, v in of.items()}, kind, reference)
    for name, row in once.items():
        for key in ("rate", "ratio", "share", "gap_points", "representation", "baseline_share", "rate_difference"):
            assert more[name][key] == (None if row[key] is None else pytest.approx(row[key], rel=1e-9, abs=1e-9)), key
        if row["excess"] is not None:
            assert more[name]["excess"] == pytest.approx(row["excess"] * times, rel=1e-6, abs=1e-6)


@given(table, people, kinds, references, st.permutations(range(2 * len(GROUPS) + 1)))
def test_the_order_in_which_figures_were_printed_never_matters(counted, of, kind, reference, order):
    whole = {name: float(value) for name, value in counted.items()}
    base = {name: float(value) for name, value in of.items()} | (
        {} if kind == "stage" else {"all": float(sum(of.values()))}
    )
    made = [figures(whole), figures(base, table="people", measure="people")]
    shuffled = [part[[at for at in order if at < part.height]] for part in made]
    declared = (STAGE, THROUGH) if kind == "stage" else (None, None)
    asked = Request(reference=reference)
    assert disparities(*shuffled, asked, *declared) == disparities(*made, asked, *declared)
