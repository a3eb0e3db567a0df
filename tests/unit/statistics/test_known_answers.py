"""A handful of known answers, so that the arithmetic is proved wherever the tests run.

Each is transcribed with its source: values printed by R, by OHID's published examples, or worked by hand.
"""

import math

import numpy as np
import pytest

from monitor.statistics import bounds, intervals, rates, standardisation, summary

CLOSE = 1e-9

# Youth Justice Statistics 2024-25, tables 5.8 and 6.1, pooled: custody of those sentenced, Other and White.
OTHER_CUSTODY = (26, 304, 645, 11111)


@pytest.mark.parametrize(
    ("count", "level", "low", "high"),
    [
        (0, 0.95, 0.0, 3.6888794541139363),  # -ln(0.025)
        (1, 0.95, 0.025317807984289897, 5.571643390938898),  # R: qgamma(0.025, 1), qgamma(0.975, 2)
        (5, 0.998, 0.7393717319178327, 16.454745203680105),  # R: qgamma(0.001, 5), qgamma(0.999, 6)
    ],
)
def test_exact_limits_of_a_count(count, level, low, high):
    assert intervals.garwood(count, level) == pytest.approx((low, high), rel=CLOSE)


def test_byar_is_ohids_formula_and_not_the_other_of_that_name():
    # OHID's example: 65 events, 50.16 to 82.85. The variant with half an event added starts at 50.60.
    assert intervals.byar(65) == pytest.approx((50.163187710459454, 82.84913854593984), rel=CLOSE)


def test_exact_and_byar_meet_at_ten_events():
    nine, ten = intervals.poisson_rate([9, 10], 1)[1:], intervals.rate_method([9, 10])
    assert nine[0] == pytest.approx([intervals.garwood(9)[0], intervals.byar(10)[0]])
    assert list(ten) == ["Garwood exact Poisson", "Byar"]


def test_wilson_limits_of_a_share():
    assert intervals.wilson(65, 100) == pytest.approx((0.5525444329688797, 0.7363575175690247), rel=CLOSE)


def test_a_stage_to_stage_ratio_has_miettinen_and_nurminens_limits():
    assert rates.ratio(*OTHER_CUSTODY) == pytest.approx(1.4733068135454916, rel=CLOSE)
    low, high = intervals.score_ratio(*OTHER_CUSTODY)
    assert (low, high) == pytest.approx((1.0095447739654415, 2.124512521199474), rel=CLOSE)


def test_a_poisson_interval_on_the_same_counts_would_hide_the_difference():
    exact = intervals.poisson_ratio_exact(*OTHER_CUSTODY)
    assert exact == pytest.approx((0.9550466396505651, 2.1789136705727685), rel=CLOSE)


def test_score_limits_are_those_of_statsmodels_on_ordinary_tables():
    from statsmodels.stats.proportion import confint_proportions_2indep

    tables = np.random.default_rng(7).integers([2, 40, 2, 40], [40, 400, 40, 4000], size=(25, 4))
    low, high = intervals.score_ratio(*tables.T.astype(float))
    for table, ours in zip(tables, zip(low, high, strict=True), strict=True):
        theirs = confint_proportions_2indep(*map(int, table), compare="ratio", method="score", correction=True)
        assert ours == pytest.approx(theirs, rel=1e-7)


def test_over_representation_can_survive_half_of_all_records_unknown():
    cell = 700, 2_409_278, 3000, 48_699_249
    assert bounds.unknown_bounds(*cell, 3700) == pytest.approx((2.1118282069590846, 29.646045495787536), rel=CLOSE)
    assert bounds.tipping_share(*cell, 3700) < 0


def test_standardising_for_age_takes_a_younger_groups_excess_down():
    group, reference = [[20, 900, 300], [3e5, 7e5, 1e6]], [[180, 9000, 8400], [4e6, 9e6, 3e7]]
    standard = [5_635_559, 13_000_000, 34_000_000]
    crude = rates.ratio(sum(group[0]), sum(group[1]), sum(reference[0]), sum(reference[1]))
    ours, theirs = (standardisation.direct(*table, standard, per=1e5) for table in (group, reference))
    adjusted, low, high = standardisation.direct_ratio(ours, theirs)
    assert (crude, adjusted) == pytest.approx((1.4920364050056882, 1.1983168871798895), rel=CLOSE)
    assert low < adjusted < high
    found = standardisation.indirect(*group, *reference)
    told = 1.2279818822345243, 1.160033168879518, 1.2988719003892468
    assert found == pytest.approx(told, rel=CLOSE)


def test_summary_measures_of_three_groups_worked_by_hand():
    found, shares = [2.0, 1.0, 4.0], [0.5, 0.25, 0.25]  # mean 2.25
    assert summary.mean_rate(found, shares) == pytest.approx(2.25)
    assert summary.difference(found) == 3
    assert summary.largest_ratio(found) == 4
    assert summary.index_of_disparity(found, shares) == pytest.approx(100 / 3 * (0.25 + 1.25 + 1.75) / 2.25)
    assert summary.index_of_disparity(found, shares, weighted=True) == pytest.approx(100 * 0.875 / 2.25)
    assert summary.mean_difference(found, shares, against=1.0) == pytest.approx(1.25)
    assert summary.mean_difference(found, shares, against=1.0, weighted=False) == pytest.approx(4 / 3)
    assert summary.between_group_variance(found, shares) == pytest.approx(1.1875)
    assert summary.between_group_deviation(found, shares) == pytest.approx(math.sqrt(1.1875))
    assert summary.coefficient_of_variation(found, shares) == pytest.approx(100 * math.sqrt(1.1875) / 2.25)
    theil = 1000 / 2.25 * sum(p * r * math.log(r / 2.25) for p, r in zip(shares, found, strict=True))
    assert summary.theil(found, shares) == pytest.approx(theil)
    deviation = 1000 * (math.log(2.25) - 0.5 * math.log(2) - 0.25 * math.log(4))
    assert summary.mean_log_deviation(found, shares) == pytest.approx(deviation)


def test_what_prison_would_be_with_the_reference_groups_rate():
    assert summary.population_attributable_risk(1.5, 2.0) == -0.5
    assert summary.population_attributable_fraction(1.5, 2.0) == -25
    assert summary.population_attributable_risk(2.5, 2.0) == 0


def test_the_error_of_the_between_group_variance_is_that_of_simulated_rates():
    found, shares, errors = np.array([2.0, 1.0, 4.0]), np.array([0.5, 0.25, 0.25]), np.array([0.2, 0.1, 0.3])
    drawn = np.random.default_rng(1).normal(found, errors, size=(200_000, 3))
    simulated = summary.between_group_variance(drawn, shares).std()
    assert summary.between_group_variance_error(found, shares, errors) == pytest.approx(simulated, rel=0.02)
