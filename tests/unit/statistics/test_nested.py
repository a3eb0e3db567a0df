"""A group beside people whom it is part of: never compared with itself."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from monitor.statistics.intervals import poisson_ratio_exact
from monitor.statistics.nested import disjoint, of_the_whole

WHITE_BRITISH = 53_950, 35_945_885, 61_823, 39_602_280
"""People in prison and residents: White British, and White people of whom they are part, 30 June 2023."""


def limits(nesting: int, *cell: float) -> tuple[float, float]:
    low, high = poisson_ratio_exact(*disjoint(nesting, *cell))
    return tuple(float(of_the_whole(nesting, r, cell[1], cell[3])) for r in (low, high))


def test_a_group_within_its_reference_has_the_limits_of_its_share_of_the_events() -> None:
    """Given all events of the whole, the group's are binomial: Clopper and Pearson over its share of the people."""
    x, n, y, m = WHITE_BRITISH
    share = stats.binomtest(x, y).proportion_ci(0.95, "exact")
    assert limits(1, *WHITE_BRITISH) == pytest.approx((share.low * m / n, share.high * m / n), rel=1e-9)
    assert limits(1, *WHITE_BRITISH) == pytest.approx((0.958, 0.964), abs=5e-4)


def test_as_if_they_were_apart_the_limits_would_be_four_times_as_wide() -> None:
    apart, nested = (limits(n, *WHITE_BRITISH) for n in (0, 1))
    assert (apart[1] - apart[0]) / (nested[1] - nested[0]) == pytest.approx(4, rel=0.1)


wholes = st.tuples(st.integers(1, 500), st.integers(0, 400), st.integers(1, 10**6), st.integers(1, 10**6))


@given(wholes)
@settings(deadline=None)
def test_limits_hold_the_ratio_and_turn_round_with_it(parts) -> None:
    x, others, n, rest = parts
    cell = x, n, x + others, n + rest
    low, high = limits(1, *cell)
    assert low <= (x / n) / (cell[2] / cell[3]) * (1 + 1e-9)
    assert high * (1 + 1e-9) >= (x / n) / (cell[2] / cell[3])
    assert high <= cell[3] / n * (1 + 1e-9), "no group has more than all of the events"
    back = limits(-1, cell[2], cell[3], x, n)
    assert back == pytest.approx((1 / high, 1 / low if low else math.inf), rel=1e-6)


def test_parts_that_exceed_their_whole_have_no_limits() -> None:
    assert np.isnan(limits(1, 10, 100, 9, 1000)).all()
    assert np.isnan(limits(1, 10, 100, 10, 100)).all(), "nobody else is there to compare with"
