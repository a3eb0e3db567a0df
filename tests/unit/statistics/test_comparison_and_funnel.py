"""Change over time, many ratios at once, and many places at once."""

import math

import numpy as np
import pytest

from monitor.statistics import comparison, funnel, intervals, rates, standardisation


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


def test_a_funnel_for_shares_is_the_inverse_of_wilson():
    low, high = funnel.share_limits(0.3, 100)
    assert intervals.wilson(high * 100, 100)[0] == pytest.approx(0.3)
    assert intervals.wilson(low * 100, 100)[1] == pytest.approx(0.3)
    assert funnel.share_label([20, 21.1, 38, 39.5, 60], 100, 0.3).tolist() == [
        "Low (0.025)", "Not significant", "Not significant", "High (0.025)", "High (0.001)",
    ]  # fmt: skip


def test_a_place_is_high_when_its_expected_count_is_below_its_limits():
    words = funnel.ratio_label([151, 150, 8, 220, 159, math.nan], [106.4, 119.6, 6.2, 249.8, 232.9, 3])
    assert words.tolist() == [
        "High (0.001)", "High (0.025)", "Not significant", "Not significant", "Low (0.001)", None,
    ]  # fmt: skip


def test_curves_of_a_ratio_funnel_close_in_on_one():
    under, over = funnel.ratio_limits([1, 100, 10_000])
    assert np.all(np.diff(under) > 0) and under[-1] < 1
    assert np.all(np.diff(over) < 0) and over[-1] > 1


def test_an_adjusted_rate_of_nine_events_is_withheld():
    found = standardisation.direct([4, 5], [100, 200], [1, 1])
    assert np.isnan([found.value, found.low, found.high, found.standard_error]).all()
    assert found.observed == 9


def test_a_blank_stratum_is_not_a_zero():
    found = standardisation.direct([40, math.nan], [100, 200], [1, 1])
    assert np.isnan(found.value)
    assert np.isnan(standardisation.indirect([40, math.nan], [100, 200], [5, 5], [100, 100]).value)


def test_repeat_events_widen_an_adjusted_rate():
    counts, bases, weights = [30, 40], [1000, 1000], [1, 2]
    people = [[10, 10], [20, 10]]  # 10 + 2 x 10 = 30 events; 20 + 2 x 10 = 40
    once = standardisation.direct(counts, bases, weights)
    again = standardisation.direct(counts, bases, weights, people_by_events=people)
    assert again.value == once.value
    assert again.low < once.low < once.high < again.high


def test_strata_of_many_groups_are_standardised_together():
    found = standardisation.direct([[40, 50], [60, 20]], [100, 200], [3, 1], per=1000)
    assert found.value == pytest.approx([(3 * 0.4 + 0.25) / 4 * 1000, (3 * 0.6 + 0.1) / 4 * 1000])


def test_gaps_are_in_percentage_points_and_undefined_is_missing():
    assert rates.gap_points(0.27, 0.18) == pytest.approx(9)
    assert np.isnan(rates.ratio([1, 1, 0], [0, 10, 10], 0, 10)).all()
