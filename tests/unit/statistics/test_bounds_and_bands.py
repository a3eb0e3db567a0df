"""What unknown and hidden people allow, and the one word a ratio gets."""

import math

import numpy as np
import pytest

from monitor.statistics import bounds
from monitor.statistics.bands import band
from tests.margins import margin


@pytest.mark.parametrize(
    ("ratio", "low", "high", "word"),
    [
        (2.0, 1.26, 3.0, "over_clear"),
        (2.0, 1.25, 3.0, "over"),  # the end of four fifths belongs to it
        (1.1, 1.01, 1.2, "over"),  # clearly different, though small
        (1.0, 0.80, 1.25, "parity"),
        (1.0, 0.79, 1.25, "inconclusive"),
        (1.0, 0.5, 2.0, "inconclusive"),
        (1.3, 1.0, 1.6, "inconclusive"),
        (0.9, 0.85, 0.99, "under"),
        (0.7, 0.60, 0.80, "under"),
        (0.7, 0.60, 0.79, "under_clear"),
        (math.nan, 19.0, math.inf, "over_clear"),  # none in the reference: undefined, but certainly more
        (math.nan, 0.0, math.inf, "inconclusive"),
        (math.nan, math.nan, math.nan, None),
    ],
)
def test_a_band_says_size_and_certainty(ratio, low, high, word):
    assert band(ratio, low, high) == word


def test_bands_of_a_column():
    assert list(band([2, 1], [1.5, 0.5], [3, 2])) == ["over_clear", "inconclusive"]


def test_limits_given_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="between its limits"):
        band(1.0, 2.0, 0.5)


def test_bounds_with_nobody_unknown_are_the_ratio():
    low, high = bounds.unknown_bounds(10, 100, 20, 400, 0)
    assert low == high == 2.0
    assert np.isnan(bounds.tipping_share(10, 100, 20, 400, 0))


def test_at_the_tipping_share_the_ratio_is_the_one_asked_for():
    g, n, r, m, u = 30, 100, 40, 400, 50
    share = bounds.tipping_share(g, n, r, m, u, 1.25)
    assert ((g + share * u) / n) / ((r + (1 - share) * u) / m) == pytest.approx(1.25)


def test_a_reference_with_nobody_known_leaves_no_upper_bound():
    assert bounds.unknown_bounds(5, 100, 0, 400, 3) == (pytest.approx(5 / 100 / (3 / 400)), math.inf)
    assert np.isnan(bounds.unknown_bounds(5, 100, 0, 400, 0)).all()


def test_bounds_of_a_stage_are_wider_because_both_sides_move():
    one_side = bounds.unknown_bounds(30, 300, 60, 1200, 20)
    both = bounds.unknown_bounds_stage(30, 300, 60, 1200, 20, 150)
    assert both[0] < one_side[0] < one_side[1] < both[1]


def test_no_allocation_of_the_unknown_gives_a_stage_a_rate_above_one():
    _, high = bounds.unknown_bounds_stage(90, 100, 50, 100, 40, 0)
    assert high == pytest.approx(1.0 / 0.5)


def test_a_margin_that_no_cells_satisfy_has_no_bounds():
    assert np.isnan(margin(100, 80, 2, 1, 5).limits([0])[0]).all()


def test_bad_cells_have_no_bounds():
    assert np.isnan(bounds.unknown_bounds(-1, 100, 2, 100, 3)).all()
    assert np.isnan(bounds.unknown_bounds_stage(1, 0, 2, 100, 3, 3)).all()
