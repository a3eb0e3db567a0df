"""What holds for every table of counts, whichever it is."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, settings
from hypothesis import given as given_any
from hypothesis import strategies as st

from monitor.statistics import bounds, comparison, intervals, rates, standardisation, summary
from monitor.statistics.arrays import divide
from monitor.statistics.bands import band
from monitor.statistics.calc import calc, calc_rows
from monitor.statistics.decomposition import decomposed
from tests.margins import margin

RATIOS = (intervals.poisson_ratio_exact, intervals.score_ratio)
LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99, 0.998])


def given(*strategies):
    """Hypothesis without a time limit for one example: the first loads scipy, and the machine may be busy."""
    return lambda test: settings(deadline=None)(given_any(*strategies)(test))


@st.composite
def stage(draw, least: int = 0, most: int = 10**7) -> tuple[int, int]:
    """A count and the base it is part of."""
    base = draw(st.integers(max(least, 1), most))
    return draw(st.integers(least, base)), base


cells = st.tuples(stage(), stage()).map(lambda pair: (*pair[0], *pair[1]))
full_cells = st.tuples(stage(1), stage(1)).map(lambda pair: (*pair[0], *pair[1]))
small = st.integers(0, 6)


def swapped(cell):
    return (*cell[2:], *cell[:2])


@given(full_cells)
def test_a_ratio_times_its_reverse_is_one(cell):
    assert rates.ratio(*cell) * rates.ratio(*swapped(cell)) == pytest.approx(1, rel=1e-12)


@given(cells, LEVELS)
def test_limits_bracket_the_estimate_and_widen_with_confidence(cell, level):
    found = rates.ratio(*cell)
    for interval in RATIOS:
        low, high = interval(*cell, level)
        wide_low, wide_high = interval(*cell, 0.999)
        assert 0 <= wide_low <= low < high <= wide_high
        assert math.isnan(found) or (low <= found * (1 + 1e-9) and found <= high * (1 + 1e-9))


@given(stage(), LEVELS)
def test_limits_of_a_share_and_a_count_bracket_them(cell, level):
    x, n = cell
    low, high = intervals.wilson(x, n, level)
    assert 0 <= low <= x / n * (1 + 1e-12) and x / n <= high * (1 + 1e-12) and high <= 1
    low, high = intervals.poisson_count(x, level)
    assert 0 <= low <= x <= high


@given(cells, LEVELS)
def test_swapping_the_groups_gives_the_reciprocal_limits(cell, level):
    for interval in RATIOS:
        low, high = interval(*cell, level)
        other_low, other_high = interval(*swapped(cell), level)
        assert other_low == (0 if high == math.inf else pytest.approx(1 / high, rel=1e-9))
        assert other_high == (math.inf if low == 0 else pytest.approx(1 / low, rel=1e-9))


@given(full_cells, LEVELS)
def test_score_limits_are_where_the_statistic_is_z(cell, level):
    z = -intervals.special.ndtri((1 - level) / 2)
    for limit, sign in zip(intervals.score_ratio(*cell, level), (1, -1), strict=True):
        # The statistic crosses z within one part in a thousand million of the limit.
        nearer, further = limit * (1 + sign * 1e-9), limit * (1 - sign * 1e-9)
        assert abs(intervals.score_statistic(nearer, *cell)) <= z * (1 + 1e-7)
        assert abs(intervals.score_statistic(further, *cell)) >= z * (1 - 1e-7)


@given(cells, st.integers(1, 1000))
def test_scale_moves_no_estimate_and_the_unit_of_population_no_limit(cell, scale):
    x, n, y, m = cell
    assert rates.ratio(x * scale, n * scale, y * scale, m * scale) == pytest.approx(rates.ratio(*cell), nan_ok=True)
    # Counting the population in thousands changes nothing but the unit.
    assert intervals.poisson_ratio_exact(x, n * scale, y, m * scale) == pytest.approx(
        intervals.poisson_ratio_exact(*cell), rel=1e-12
    )


@given(st.lists(cells, min_size=1, max_size=12), st.randoms())
def test_order_and_company_never_matter(table, random):
    order = list(range(len(table)))
    random.shuffle(order)
    for interval in RATIOS:
        together = np.array(interval(*np.array(table, dtype=float).T))
        shuffled = np.array(interval(*np.array([table[i] for i in order], dtype=float).T))
        alone = np.array([interval(*cell) for cell in table]).T
        np.testing.assert_allclose(shuffled, together[:, order], rtol=1e-11)
        np.testing.assert_allclose(alone, together, rtol=1e-11)


@given(cells)
def test_a_published_cell_and_counts_typed_in_agree(cell):
    row = dict(zip(("count", "base", "ref_count", "ref_base"), cell, strict=True))
    for kind in ("population", "stage"):
        found = calc(*cell, kind)
        in_company = calc_rows([{"count": 1, "base": 3}, {**row, "kind": kind}])[1]
        for key, value in found.items():
            assert in_company[key] == (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value)
        assert all(v is None or isinstance(v, str) or math.isfinite(v) for v in found.values())
        back = calc(*swapped(cell), kind)
        assert {found["verdict"], back["verdict"]} in ({"more", "less"}, {"same"}, {"depends"}, {"too_few"})
        assert {found["band"], back["band"]} in (
            {"over", "under"}, {"over_clear", "under_clear"}, {"parity"}, {"inconclusive"}, {None},
        )  # fmt: skip


@given(st.lists(stage(), min_size=2, max_size=6))
def test_gaps_and_excess_counts_sum_to_nothing(groups):
    count, base = np.array(groups, dtype=float).T
    assume(count.sum() > 0)
    gaps = rates.gap_points(rates.share(count, count.sum()), rates.share(base, base.sum()))
    assert abs(gaps.sum()) < 1e-9
    excess = rates.excess_count(count, base, count.sum(), base.sum())
    assert abs(excess.sum()) <= 1e-9 * count.sum()


@given(full_cells)
def test_two_representation_indices_divide_to_the_ratio(cell):
    x, n, y, m = cell
    mine = rates.representation_index(x / (x + y), n / (n + m))
    theirs = rates.representation_index(y / (x + y), m / (n + m))
    assert mine / theirs == pytest.approx(rates.ratio(*cell))


@given(small, small, small, st.integers(1, 9), st.integers(1, 9))
def test_bounds_hold_every_allocation_of_the_unknown(x, y, unknown, n, m):
    truths = [
        (x + mine) * m / (n * (y + theirs))
        for mine in range(unknown + 1)
        for theirs in range(unknown + 1 - mine)  # the rest belong to a third group
        if y + theirs
    ]
    low, high = bounds.unknown_bounds(x, n, y, m, unknown)
    if not truths:
        assert math.isnan(low) and math.isnan(high)
    else:
        assert low == pytest.approx(min(truths))
        # With nobody known in the reference the truth may be undefined, and the bound says that it has none.
        assert high == pytest.approx(max(truths)) if y else high == (math.inf if x + unknown else 0)


@given(small, small, st.integers(0, 4), st.integers(0, 4), st.integers(1, 8), st.integers(1, 8))
def test_bounds_hold_every_allocation_of_the_unknown_counted_and_of_the_unknown_residents(x, y, unknown, v, n, m):
    truths = [
        ((x + a) / (n + c)) / ((y + b) / (m + d))
        for a, b in itertools.product(range(unknown + 1), repeat=2)
        for c, d in itertools.product(range(v + 1), repeat=2)
        if a + b <= unknown and c + d <= v and y + b
    ]
    low, high = bounds.unknown_bounds(x, n, y, m, unknown, v)
    assert not truths or low == pytest.approx(min(truths))
    if truths and y:
        assert high == pytest.approx(max(truths))


@given(small, small, st.integers(0, 4), st.integers(0, 4), st.integers(1, 8), st.integers(1, 8))
def test_stage_bounds_hold_every_allocation_on_both_sides(x, y, unknown, unknown_base, n, m):
    truths = [
        ((x + a) / (n + c)) / ((y + b) / (m + d))
        for a, b in itertools.product(range(unknown + 1), repeat=2)
        for c, d in itertools.product(range(unknown_base + 1), repeat=2)
        if a + b <= unknown and c + d <= unknown_base and y + b and x + a <= n + c and y + b <= m + d
    ]
    low, high = bounds.unknown_bounds_stage(x, n, y, m, unknown, unknown_base)
    for truth in truths:
        assert low <= truth * (1 + 1e-12) and truth <= high * (1 + 1e-12)


@given(st.integers(1, 4), small, st.integers(0, 3), st.integers(0, 6))
def test_hidden_cells_lie_within_their_bounds_and_reach_them(hidden, left, lo, span):
    hi = lo + span
    feasible = [c for c in itertools.product(range(lo, hi + 1), repeat=hidden) if sum(c) == left]
    table = margin(100 + left, 100, hidden, lo, hi)
    low, high = table.limits([0])[0]
    if not feasible:
        assert math.isnan(low) and math.isnan(high)
        return
    assert (low, high) == (min(c[0] for c in feasible), max(c[0] for c in feasible))
    assert table.gives(0) == (len({c[0] for c in feasible}) == 1)


@given(full_cells, full_cells)
def test_a_change_reversed_is_its_reciprocal(now, then):
    ours = [float(v) for cell in (now, then) for v in (rates.ratio(*cell), *intervals.score_ratio(*cell))]
    change, low, high = comparison.ratio_of_ratios(*ours)
    back, back_low, back_high = comparison.ratio_of_ratios(*ours[3:], *ours[:3])
    assert low <= change * (1 + 1e-12) and change <= high * (1 + 1e-12)
    assert [change * back, low * back_high, high * back_low] == pytest.approx([1, 1, 1], rel=1e-9)


@given(full_cells, LEVELS)
def test_a_band_follows_from_the_limits_alone(cell, level):
    low, high = intervals.score_ratio(*cell, level)
    word = band(rates.ratio(*cell), low, high)
    assert (word in {"over", "over_clear"}) == (low > 1)
    assert (word in {"under", "under_clear"}) == (high < 1)


@given(st.lists(st.tuples(st.integers(5, 5000), st.integers(5000, 10**6)), min_size=2, max_size=8))
def test_standardising_to_ones_own_population_is_the_crude_rate(strata):
    count, base = np.array(strata, dtype=float).T
    assert standardisation.direct(count, base, base).value == pytest.approx(count.sum() / base.sum())
    assert standardisation.indirect(count, base, count, base).value == pytest.approx(1)


@given(
    st.lists(st.tuples(st.floats(0.01, 100), st.floats(0.01, 1)), min_size=2, max_size=8),
    st.floats(0.01, 1000),
)
def test_relative_summaries_ignore_the_unit_and_are_nothing_at_equality(groups, per):
    found, shares = np.array(groups).T
    scaled, here, equal = (
        summary.without_order(r, shares) for r in (found * per, found, np.full(found.size, found[0]))
    )
    for measure in ("theil", "mean_log_deviation", "index_of_disparity", "coefficient_of_variation"):
        assert scaled[measure] == pytest.approx(here[measure], rel=1e-6, abs=1e-6)
        assert here[measure] >= -1e-9
        assert equal[measure] == pytest.approx(0, abs=1e-6)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 1)), min_size=2, max_size=8), st.randoms())
def test_a_summary_does_not_depend_on_how_groups_are_listed(groups, turn):
    listed = summary.without_order(*np.array(groups).T)
    turn.shuffle(groups)
    assert summary.without_order(*np.array(groups).T) == pytest.approx(listed, rel=1e-6, abs=1e-6, nan_ok=True)
    assert not listed["population_attributable_risk"] > 0


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 1)), min_size=3, max_size=8))
def test_an_order_turned_round_turns_its_measures_round(groups):
    found, shares = np.array(groups).T
    up, down = summary.in_order(found, shares), summary.in_order(found[::-1], shares[::-1])
    for measure in ("slope_index", "concentration_index", "relative_concentration_index"):
        assert up[measure] == pytest.approx(-down[measure], rel=1e-4, abs=1e-6, nan_ok=True)


@pytest.mark.filterwarnings("error")
def test_a_quotient_too_large_to_be_a_number_is_none() -> None:
    assert np.isnan(divide(1e300, 1e-300))


@given(st.lists(full_cells, min_size=1, max_size=8), st.booleans())
def test_the_parts_of_a_change_add_up_to_it(ages, part_of_base):
    x, n, y, m = (list(v) for v in zip(*ages, strict=True))
    found = decomposed(x, n, y, m, part_of_base)
    scale = max(sum(n), sum(m)) * 1e-9
    assert float(found.population + found.age_mix + found.rate) == pytest.approx(sum(y) - sum(x), abs=scale, rel=1e-9)
    for part in ("population", "age_mix", "rate"):
        low, value, high = (float(getattr(found, part + end)) for end in ("_low", "", "_high"))
        assert low <= value + scale and value <= high + scale
    then, now = ((sum(b), np.divide(b, sum(b)), np.divide(a, b)) for a, b in ((x, n), (y, m)))
    each = np.zeros(3)
    for order in itertools.permutations(range(3)):  # by another hand: one factor after the other, in every order
        factors = list(then)
        for at in order:
            before = np.sum(np.prod(np.broadcast_arrays(*factors), axis=0))
            factors[at] = now[at]
            each[at] += (np.sum(np.prod(np.broadcast_arrays(*factors), axis=0)) - before) / 6
    assert [float(v) for v in found[:3]] == pytest.approx(list(each), rel=1e-9, abs=scale)
