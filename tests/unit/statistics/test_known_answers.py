"""A handful of known answers, so that the arithmetic is proved wherever the tests run.

Each is transcribed with its source: values printed by R, by OHID's published examples, or worked by hand.
"""

import numpy as np
import pytest

from monitor.statistics import bounds, intervals, rates, standardisation

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
