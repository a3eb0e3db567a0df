"""Change over time, many ratios at once, and rates at equal ages."""

import math

import numpy as np
import pytest

from monitor.statistics import comparison, intervals, rates, standardisation


def test_a_ratio_that_has_not_moved_is_a_change_of_one():
    change, low, high = comparison.ratio_of_ratios(2.0, 1.5, 2.6, 2.0, 1.4, 2.8)
    assert change == 1
    assert low < 1 < high


def test_a_change_has_the_interval_of_independent_logarithms():
    one, two = 0.1, 0.2  # standard errors of the logarithms
    z = 1.959963984540054
    told = [f for r, e in ((3.0, one), (2.0, two)) for f in (r, r * math.exp(-z * e), r * math.exp(z * e))]
    change, low, high = comparison.ratio_of_ratios(*told)
    spread = z * math.hypot(one, two)
    assert (change, low, high) == pytest.approx((1.5, 1.5 * math.exp(-spread), 1.5 * math.exp(spread)))


def test_a_change_from_or_to_an_undefined_ratio_is_undefined():
    for cell in ((math.nan, 1, math.inf, 2, 1, 3), (2, 1, 3, 0, 0, 3)):
        assert np.isnan(comparison.ratio_of_ratios(*cell)).all()


def test_an_unbounded_limit_stays_unbounded():
    _, low, high = comparison.ratio_of_ratios(2, 0, math.inf, 2, 1, 4)
    assert (low, high) == (0, math.inf)


def test_a_p_value_and_the_interval_tell_the_same_story():
    generator = np.random.default_rng(3)
    cells = [c.astype(float) for c in generator.integers([0, 40, 0, 40], [30, 90, 30, 90], size=(400, 4)).T]
    for p_value, interval in (
        (comparison.poisson_ratio_p, intervals.poisson_ratio_exact),
        (comparison.score_ratio_p, intervals.score_ratio),
    ):
        p = p_value(*cells)
        low, high = interval(*cells)
        assert 20 < np.sum(p < 0.05) < 380
        assert np.array_equal(p < 0.05, (low > 1) | (high < 1))


def test_p_values_at_the_edges():
    assert comparison.poisson_ratio_p([0, 0, 5], 10, [0, 7, 0], 10) == pytest.approx([1, 2 * 0.5**7, 2 * 0.5**5])
    assert np.isnan(comparison.poisson_ratio_p(-1, 10, 3, 10))
    assert np.isnan(comparison.score_ratio_p(11, 10, 3, 10))


def test_discoveries_among_many_are_fewer_than_small_p_values():
    # The fifteen p-values of Benjamini and Hochberg's own example: nine are below 0.05, four are discoveries.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459,
         0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    adjusted, found = comparison.benjamini_hochberg([*p, math.nan])
    assert list(found) == [True] * 4 + [False] * 12
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)
    assert math.isnan(adjusted[-1])


def test_an_adjusted_rate_of_nine_events_is_withheld():
    found = standardisation.direct([4, 5], [100, 200], [1, 1])
    assert np.isnan([found.value, found.low, found.high, found.standard_error]).all()


def test_a_blank_stratum_is_not_a_zero():
    found = standardisation.direct([40, math.nan], [100, 200], [1, 1])
    assert np.isnan(found.value)
    assert np.isnan(standardisation.indirect([40, math.nan], [100, 200], [5, 5], [100, 100]).value)


def test_strata_of_many_groups_are_standardised_together():
    found = standardisation.direct([[40, 50], [60, 20]], [100, 200], [3, 1], per=1000)
    assert found.value == pytest.approx([(3 * 0.4 + 0.25) / 4 * 1000, (3 * 0.6 + 0.1) / 4 * 1000])


def test_gaps_are_in_percentage_points_and_undefined_is_missing():
    assert rates.gap_points(0.27, 0.18) == pytest.approx(9)
    assert np.isnan(rates.ratio([1, 1, 0], [0, 10, 10], 0, 10)).all()
