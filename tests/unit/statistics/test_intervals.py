"""What an interval says at the edges, and what it refuses."""

import math

import numpy as np
import pytest

from monitor.statistics import intervals
from monitor.statistics.arrays import CHUNK

RATIOS = (intervals.poisson_ratio_exact, intervals.score_ratio)
each_ratio = pytest.mark.parametrize("interval", RATIOS)


@each_ratio
def test_no_events_in_the_group_leaves_an_upper_limit_only(interval):
    low, high = interval(0, 37, 40, 900)
    assert low == 0
    assert 1 < high < 10


@each_ratio
def test_no_events_in_the_reference_leaves_a_lower_limit_only(interval):
    low, high = interval(3, 37, 0, 900)
    assert 1 < low < math.inf
    assert high == math.inf


@each_ratio
def test_no_events_at_all_exclude_no_ratio(interval):
    assert interval(0, 37, 0, 900) == (0, math.inf)


@each_ratio
@pytest.mark.parametrize(
    "cell",
    [
        (-1, 10, 1, 10),
        (1, 0, 1, 10),
        (1, 10, 1, -5),
        (None, 10, 1, 10),
        (1, 10, math.nan, 10),
        (1, math.inf, 1, 10),
    ],
)
def test_counts_that_cannot_be_have_no_limits(interval, cell):
    assert np.isnan(interval(*cell)).all()


def test_a_count_above_its_base_is_a_rate_but_not_a_share():
    assert intervals.poisson_rate(250, 220)[0] > 1
    assert np.isnan(intervals.wilson(250, 220)).all()
    assert np.isnan(intervals.score_ratio(250, 220, 3, 10)).all()
    assert np.isfinite(intervals.poisson_ratio_exact(250, 220, 3, 10)).all()


def test_everyone_at_a_stage_is_a_ratio_like_any_other():
    low, high = intervals.score_ratio(5, 5, 40, 40)
    assert low < 1 < high < math.inf


def test_a_share_of_none_or_all_ends_exactly_at_the_edge():
    assert intervals.wilson(0, 7)[0] == 0
    assert intervals.wilson(7, 7)[1] == 1


def test_byars_lower_limit_is_missing_where_it_would_be_negative():
    low, high = intervals.byar([0, 1], 0.998)
    assert np.isnan(low).all()
    assert np.isfinite(high).all()


def test_rare_events_in_a_whole_country_keep_their_digits():
    # Stages so large that the events hardly deplete them: the binomial score nears the Poisson one.
    low, high = intervals.score_ratio(5200, 3e9, 36923, 4e10)
    ratio = (5200 / 3e9) / (36923 / 4e10)
    spread = 1.959963984540054 * math.sqrt(1 / 5200 + 1 / 36923)
    assert (low, high) == pytest.approx((ratio * math.exp(-spread), ratio * math.exp(spread)), rel=1e-3)


def test_a_missing_cell_leaves_the_others_of_a_column_as_they_were():
    low, high = intervals.garwood([3, math.nan, -1, 3])
    assert np.isnan(low[[1, 2]]).all() and np.isnan(high[[1, 2]]).all()
    assert low[0] == low[3] == intervals.garwood(3)[0]


def test_a_column_meets_one_reference():
    low, high = intervals.score_ratio([[1], [2]], 50, [3, 4, 5], 60)
    assert low.shape == high.shape == (2, 3)
    assert low[1, 2] == pytest.approx(intervals.score_ratio(2, 50, 5, 60)[0], rel=1e-12)


def test_no_cells_have_no_limits():
    for found in (intervals.garwood([]), intervals.score_ratio([], [], [], [])):
        assert [limit.shape for limit in found] == [(0,), (0,)]


def test_a_column_longer_than_a_chunk_is_computed_whole():
    counts = np.arange(CHUNK + 5)
    low, high = intervals.garwood(counts)
    assert (low[-1], high[-1]) == intervals.garwood(counts[-1])
    assert np.all(np.diff(low) > 0) and np.all(np.diff(high) > 0)


@pytest.mark.parametrize("confidence", [0, 0.4, 1, 95])
def test_a_confidence_that_is_no_confidence_is_refused(confidence):
    with pytest.raises(ValueError, match=r"expected a number from 0\.5 to below 1"):
        intervals.garwood(3, confidence)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="broadcast"):
        intervals.wilson([1, 2, 3], [10, 20])


@pytest.mark.parametrize(("share", "ref_share", "bases"), [(0.3, 0.2, (120, 2000)), (0.02, 0.02, (400, 5000))])
def test_the_score_interval_holds_the_truth_as_often_as_it_says(share, ref_share, bases):
    """Exact enumeration over the group's count, the reference's integrated by its quantiles."""
    from scipy import stats

    n, m = bases
    x = np.arange(n + 1)
    y = stats.binom.ppf((np.arange(200) + 0.5) / 200, m, ref_share)
    low, high = intervals.score_ratio(x[:, None], n, y[None, :], m)
    held = (low <= share / ref_share) & (share / ref_share <= high)
    covered = float(stats.binom.pmf(x, n, share) @ held.mean(axis=1))
    assert 0.93 < covered < 0.975
