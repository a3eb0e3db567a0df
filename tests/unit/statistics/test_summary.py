"""One figure for a whole classification: by hand, by statsmodels, by WHO's published numbers; and its limits."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from monitor.statistics.simulated import simulated_limits, too_few
from monitor.statistics.summary import IN_ORDER, OF_THE_LOWEST, WITHOUT_ORDER, in_order, mean_rate, without_order
from tests.benchmarks.summaries import TRUTHS, covered

WHO_PEOPLE = (78, 91, 162, 103, 105)
"""The people of the tests of WHO's R package healthequal: round(rnorm(5, 100, 40)) after set.seed(123)."""
WHO_RATES = (20, 30, 40, 50, 60)
FOUND, SHARES = [2.0, 1.0, 4.0], [0.5, 0.25, 0.25]  # mean 2.25


def test_measures_of_three_groups_worked_by_hand():
    theil = 1000 / 2.25 * sum(p * r * math.log(r / 2.25) for p, r in zip(SHARES, FOUND, strict=True))
    told = {
        "difference": 3,
        "largest_ratio": 4,
        "mean_difference": 0.875,
        "mean_difference_unweighted": (0.25 + 1.25 + 1.75) / 3,
        "index_of_disparity": 100 / 3 * (0.25 + 1.25 + 1.75) / 2.25,
        "index_of_disparity_weighted": 100 * 0.875 / 2.25,
        "between_group_variance": 1.1875,
        "between_group_deviation": math.sqrt(1.1875),
        "coefficient_of_variation": 100 * math.sqrt(1.1875) / 2.25,
        "theil": theil,
        "mean_log_deviation": 1000 * (math.log(2.25) - 0.5 * math.log(2) - 0.25 * math.log(4)),
        "mean_difference_from_lowest": 1.25,
        "mean_difference_from_lowest_unweighted": 4 / 3,
        "population_attributable_risk": -1.25,
        "population_attributable_fraction": -100 * 1.25 / 2.25,
    }
    found = without_order(FOUND, SHARES)
    assert tuple(found) == WITHOUT_ORDER and set(OF_THE_LOWEST) < set(found)
    assert found == pytest.approx(told)
    assert mean_rate(FOUND, SHARES) == pytest.approx(2.25)


def test_concentration_is_as_the_world_health_organization_publishes_it():
    found = in_order(WHO_RATES, WHO_PEOPLE, per=100)
    assert tuple(found) == IN_ORDER
    assert found["concentration_index"] == pytest.approx(7.3284202, rel=1e-7)
    assert found["relative_concentration_index"] == pytest.approx(17.776859, rel=1e-3)


def logit_line(rates, people, per):
    """Rates at the start and the end of the order, by statsmodels."""
    people, x = np.array(people, dtype=float), (np.cumsum(people) - np.array(people) / 2) / np.sum(people)
    share = np.array(rates) / per
    fitted = sm.GLM(share, sm.add_constant(x), family=sm.families.Binomial(), freq_weights=people).fit(tol=1e-12)
    return per * fitted.predict([[1, 0], [1, 1]])


@pytest.mark.parametrize(
    ("rates", "people", "per"),
    [
        (WHO_RATES, WHO_PEOPLE, 100),
        ((16.3, 159, 280, 337, 325, 206, 104, 36.9), (2.0e6, 2.0e6, 2.9e6, 3.9e6, 8.1e6, 7.5e6, 8.1e6, 14.5e6), 1e5),
        ((0.0, 3.0, 90.0), (50, 20, 10), 100),
    ],
)  # fmt: skip
def test_the_slope_is_that_of_a_logit_line_in_which_each_person_counts_once(rates, people, per):
    start, end = logit_line(rates, people, per)
    found = in_order(rates, people, per)
    assert found["slope_index"] == pytest.approx(end - start, rel=1e-7)
    assert found["relative_index"] == pytest.approx(end / start, rel=1e-7)


def test_who_counts_each_person_as_often_as_its_group_has_people():
    """healthequal 1.0 gives 44.44502 and 3.159506: the weights of its regression are the people, a second time."""
    start, end = logit_line(WHO_RATES, WHO_PEOPLE, 100)
    assert (end - start, end / start) == pytest.approx((44.905, 3.2239), abs=0.02)
    squared = np.array(WHO_PEOPLE, dtype=float) ** 2
    x = (np.cumsum(WHO_PEOPLE) - np.array(WHO_PEOPLE) / 2) / np.sum(WHO_PEOPLE)
    y = np.round(np.array(WHO_RATES) / 100 * WHO_PEOPLE) / WHO_PEOPLE
    twice = sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial(), freq_weights=squared).fit()
    start, end = 100 * twice.predict([[1, 0], [1, 1]])
    assert (end - start, end / start) == pytest.approx((44.44502, 3.159506), rel=1e-6)


@pytest.mark.parametrize("rates", [[500.0, 100.0, 50.0], [0.0, 0.0, 0.0], [0.0, 0.0, 100.0], [np.nan, 1.0, 2.0]])
def test_no_slope_where_rates_are_above_one_a_person_or_no_line_fits_best(rates):
    """The third is told apart by the order without an error, so that no slope is steep enough."""
    found = in_order(rates, [1, 1, 1], per=100)
    assert np.isnan([found["slope_index"], found["relative_index"]]).all()


@pytest.mark.filterwarnings("error")
def test_what_has_no_answer_is_nan_without_a_warning():
    nothing = without_order([0.0, 0.0], [1, 1])
    assert nothing["difference"] == 0 and nothing["population_attributable_risk"] == 0
    assert np.isnan([nothing[m] for m in ("largest_ratio", "index_of_disparity", "theil")]).all()
    assert np.isnan(list(without_order([np.nan, 1.0], [1, 1]).values())).all()
    assert np.isnan(list(simulated_limits([20, 10, 40], [200, 100, 400], without_order).values())).all()


@pytest.mark.parametrize(("counts", "people", "stage"), [
    ([110, 234, 170, 2695, 30], [2e6, 0.9e6, 0.4e6, 20e6, 0.45e6], False),
    ([30, 60], [1000, 1000], False),
    ([17, 108, 20, 947, 8], [25, 279, 40, 1520, 20], True),
])  # fmt: skip
def test_limits_hold_the_measure_and_do_not_mind_how_groups_are_listed(counts, people, stage):
    x, n = np.array(counts), np.array(people)
    found, limits = without_order(x / n, n), simulated_limits(x, n, without_order, None, stage)
    turned = simulated_limits(x[::-1], n[::-1], without_order, None, stage)
    for name, (low, high) in limits.items():
        assert low <= found[name] <= high
        assert (low, high) == pytest.approx(turned[name], rel=1e-9)
    assert simulated_limits(x, n, without_order, None, stage) == limits


def test_limits_are_in_the_unit_of_the_measure():
    x, n = [110, 234, 170, 2695, 30], [2e6, 0.9e6, 0.4e6, 20e6, 0.45e6]
    per = simulated_limits(x, n, lambda r, p: without_order(r * 1e5, p))
    for name, (low, high) in simulated_limits(x, n, without_order).items():
        times = float(per[name][0] / low)
        assert times == pytest.approx(float(per[name][1] / high))
        assert any(times == pytest.approx(unit) for unit in (1, 1e5, 1e10)), name


def test_of_two_groups_far_apart_the_limits_of_the_difference_are_those_of_two_counts():
    """Against the normal interval of a difference of two rates, exact for counts of thousands."""
    (x, n), (y, m) = (3253, 24e6), (77406, 23e6)
    low, high = simulated_limits([x, y], [n, m], without_order)["difference"]
    middle, error = y / m - x / n, math.hypot(math.sqrt(x) / n, math.sqrt(y) / m)
    assert (low, high) == pytest.approx((middle - 1.96 * error, middle + 1.96 * error), abs=0.1 * error)


def test_of_a_measure_in_order_the_limits_are_those_of_its_own_standard_error():
    """Against the delta method: the concentration index is a weighted sum of independent counts."""
    x, n = np.array([3240, 8169, 13132, 26446, 15504.0]), np.array([2.0e6, 2.9e6, 3.9e6, 8.1e6, 7.5e6])
    mid = (np.cumsum(n) - n / 2) / n.sum()
    weight = (2 * mid - 1) / n.sum()
    low, high = simulated_limits(x, n, in_order, mid)["concentration_index"]
    middle, error = np.sum(weight * x), math.sqrt(np.sum(weight**2 * x))
    assert (high - low) / (2 * 1.96 * error) == pytest.approx(1, abs=0.08)
    assert (high + low) / 2 == pytest.approx(middle, abs=0.1 * error)


def test_groups_that_chance_could_have_made_unequal_may_be_equal():
    """Of equal groups a plain percentile interval never holds the truth; here none and one are within the limits."""
    n = np.array([1e5, 6e4, 5e4, 8e5, 4e4])
    x = np.array([106, 57, 52, 790, 44])
    assert stats.chisquare(x, n * x.sum() / n.sum()).pvalue > 0.2
    limits = simulated_limits(x, n, without_order)
    assert limits["difference"][0] == pytest.approx(0, abs=1e-12)
    assert limits["largest_ratio"][0] == pytest.approx(1)
    assert limits["population_attributable_risk"][1] == pytest.approx(0, abs=1e-12)


@pytest.mark.filterwarnings("error")
def test_a_ratio_over_a_count_that_might_be_none_has_no_upper_limit():
    limits = simulated_limits([2, 41], [400, 1000], without_order)
    low, high = limits["largest_ratio"]
    assert 1 < low < (41 / 1000) / (2 / 400) and high == np.inf
    assert all(np.isfinite(pair).all() for name, pair in limits.items() if name != "largest_ratio")


@pytest.mark.parametrize("name", ["five equal groups", "five groups of 30 to 300", "five ages of 10 to 60, a stage"])
def test_limits_hold_the_truth_as_often_as_methods_says(name):
    """A few of the truths and draws of the printed table: 95% of 150 are fewer than 90% once in two hundred."""
    [truth] = [truth for truth in TRUTHS if truth.name == name]
    found = covered(truth, repeats=150, seed=2)
    assert found["measure"].to_list() == list(IN_ORDER if truth.ordered else WITHOUT_ORDER)
    assert found["coverage"].min() > 0.9


def test_few_are_those_with_no_event_or_fewer_than_five_expected():
    assert too_few([0, 50], [1000, 1000], False)
    assert too_few([9, 100], [40, 1000], False)  # expected: 4.2
    assert not too_few([4, 100], [60, 1000], False)  # expected: 5.9, because the count itself is chance
    assert too_few([48, 900], [50, 1000], True)  # of a stage, without an event: 4.9
