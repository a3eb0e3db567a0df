"""Ratios pooled over strata, their limits and tests, against statsmodels, scipy and brute force."""

import itertools
import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats.contingency import relative_risk
from statsmodels.stats.contingency_tables import StratifiedTable

from monitor.statistics.clustered import LEAST_CLUSTERS, delete_one
from monitor.statistics.stratified import corners, homogeneity, mantel_haenszel, without_each

pytestmark = pytest.mark.filterwarnings("error")
KINDS = "rate", "risk", "odds"


def strata(number: int = 30, seed: int = 1, least: int = 20) -> list[np.ndarray]:
    """Counts and people of two groups: `x1, n1, x0, n0`."""
    chance = np.random.default_rng(seed)
    n1, n0 = chance.integers(least, 60, number), chance.integers(least, 90, number)
    return [chance.binomial(n1, 0.4), n1, chance.binomial(n0, 0.3), n0]


def tables(x1, n1, x0, n0) -> StratifiedTable:
    return StratifiedTable([np.array([[a, n - a], [b, m - b]]) for a, n, b, m in zip(x1, n1, x0, n0, strict=True)])


@pytest.mark.parametrize("seed", range(5))
def test_odds_and_their_limits_are_those_of_statsmodels(seed: int) -> None:
    cells, other = strata(seed=seed), tables(*strata(seed=seed))
    found = mantel_haenszel("odds", *cells)
    assert found.ratio == pytest.approx(other.oddsratio_pooled)
    assert (found.low, found.high) == pytest.approx(tuple(other.oddsratio_pooled_confint()))
    test, theirs = homogeneity("odds", *cells), other.test_equal_odds(adjust=True)
    assert (test.statistic, test.p_value) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert mantel_haenszel("risk", *cells).ratio == pytest.approx(other.riskratio_pooled)


def test_of_one_stratum_limits_are_those_that_are_known_of_it() -> None:
    risk = relative_risk(26, 304, 645, 11111)
    found = mantel_haenszel("risk", [26], [304], [645], [11111])
    assert found.ratio == pytest.approx(risk.relative_risk)
    assert found[1:] == pytest.approx(tuple(risk.confidence_interval(0.95)))
    rate = mantel_haenszel("rate", [26], [304], [645], [11111])
    assert np.log(rate.high / rate.ratio) == pytest.approx(1.959963984540054 * np.sqrt(1 / 26 + 1 / 645))


@pytest.mark.parametrize(("kind", "seed"), [*itertools.product(("rate", "risk"), range(4))])
def test_homogeneity_is_what_a_model_of_one_ratio_leaves_unexplained(kind: str, seed: int) -> None:
    """The residual of a generalised linear model with a term a stratum: the same but for where the ratio is put."""
    x1, n1, x0, n0 = strata(12, seed, least=40)
    every = np.vstack([np.eye(12)] * 2)
    design = np.column_stack([every, np.r_[np.ones(12), np.zeros(12)]])
    events, people = np.r_[x1, x0], np.r_[n1, n0]
    if kind == "rate":
        model = sm.GLM(events, design, family=sm.families.Poisson(), exposure=people).fit()
    else:
        start = np.r_[np.full(12, -1.3), 0.2]
        with warnings.catch_warnings(action="ignore"):  # that a logarithm may leave the domain: it does not here
            family = sm.families.Binomial(sm.families.links.Log())
            model = sm.GLM(np.column_stack([events, people - events]), design, family=family).fit(start_params=start)
    found = homogeneity(kind, x1, n1, x0, n0)
    assert found.statistic == pytest.approx(model.pearson_chi2, rel=0.01)
    assert (found.freedom, found.strata) == (11, 12)
    assert np.exp(model.params[-1]) == pytest.approx(mantel_haenszel(kind, x1, n1, x0, n0).ratio, rel=0.01)


@pytest.mark.parametrize("kind", KINDS)
def test_the_other_way_round_it_is_the_reciprocal(kind: str) -> None:
    x1, n1, x0, n0 = strata()
    there, back = mantel_haenszel(kind, x1, n1, x0, n0), mantel_haenszel(kind, x0, n0, x1, n1)
    assert (back.ratio, back.low, back.high) == pytest.approx((1 / there.ratio, 1 / there.high, 1 / there.low))


@pytest.mark.parametrize("kind", KINDS)
def test_a_stratum_without_one_of_the_two_changes_nothing(kind: str) -> None:
    cells = strata()
    more = [np.r_[c, lone] for c, lone in zip(cells, ([0, 5], [0, 9], [7, 0], [30, 0]), strict=True)]
    assert mantel_haenszel(kind, *more) == pytest.approx(mantel_haenszel(kind, *cells))
    assert homogeneity(kind, *more) == pytest.approx(homogeneity(kind, *cells))


@pytest.mark.parametrize("kind", KINDS)
def test_the_jackknife_is_that_of_a_loop(kind: str) -> None:
    cells, chance = strata(240), np.random.default_rng(7)
    stratum, cluster = np.repeat(np.arange(60), 4), np.tile(np.arange(24), 10)
    cluster = chance.permutation(24)[cluster]

    def by_hand(kept: np.ndarray) -> float:
        return mantel_haenszel(kind, *(np.bincount(stratum[kept], c[kept], 60) for c in cells)).ratio

    each = without_each(kind, stratum, cluster, *cells)
    looped = np.array([by_hand(cluster != k) for k in range(24)])
    assert each == pytest.approx(looped)
    whole = by_hand(cluster >= 0)
    logs = np.log(looped)
    error = np.sqrt(23 / 24 * ((logs - logs.mean()) ** 2).sum())
    step = 2.0686576104190406 * error  # t of 23 degrees of freedom, 97.5%, from a table
    assert delete_one(whole, each) == pytest.approx((whole * np.exp(-step), whole * np.exp(step)))


def test_few_clusters_and_one_that_has_all_of_a_group_have_no_limits() -> None:
    cells = strata(40)
    cells[0][1:], cells[1][1:] = 0, 0
    each = without_each("rate", np.zeros(40), np.arange(40), *cells)
    assert np.isnan(each[0]) and not np.isnan(each[1:]).any()
    assert np.isnan(delete_one(1.2, each)).all()
    assert np.isnan(delete_one(1.2, np.full(LEAST_CLUSTERS - 1, 1.2))).all()
    assert delete_one(1.2, np.full(LEAST_CLUSTERS, 1.2)) == pytest.approx((1.2, 1.2))


@pytest.mark.parametrize("kind", ["rate", "risk"])
def test_no_point_between_the_limits_lies_outside_the_corners(kind: str) -> None:
    low = [np.array(v, float) for v in ([3, 5], [10, 8], [4, 6], [20, 15])]
    high = [np.array(v, float) for v in ([3, 7], [16, 8], [4, 8], [20, 30])]
    least, most = corners(kind, tuple(low), tuple(high))
    flat = list(zip(np.ravel(low), np.ravel(high), strict=True))
    every = [mantel_haenszel("rate", *np.reshape(point, (4, 2))).ratio for point in itertools.product(*flat)]
    assert (min(every), max(every)) == pytest.approx((least, most))


def test_where_nobody_may_be_left_a_corner_is_no_infinity() -> None:
    assert all(not np.isinf(v) for v in corners("rate", ([1.0], [0.0], [0.0], [9.0]), ([1.0], [4.0], [0.0], [9.0])))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "cells",
    [
        ([], [], [], []),
        ([0], [0], [0], [0]),
        ([0], [9], [0], [9]),
        ([0], [9], [3], [9]),
        ([3], [9], [0], [9]),
        ([3], [9], [3], [0]),
        ([-1], [9], [3], [9]),
        ([np.nan], [9], [3], [9]),
        ([np.inf], [9], [3], [9]),
        ([9], [9], [9], [9]),
    ],
)
def test_what_cannot_be_said_is_missing_and_never_infinite_nor_a_warning(kind: str, cells) -> None:
    found = (*mantel_haenszel(kind, *cells), *homogeneity(kind, *cells)[:3:2])
    assert not np.isinf(found).any()
    assert np.isnan(homogeneity(kind, *cells).p_value)


def test_counts_above_their_base_are_no_risk() -> None:
    assert np.isnan(mantel_haenszel("risk", [10], [9], [3], [9]).ratio)
    assert mantel_haenszel("rate", [10], [9], [3], [9]).ratio == pytest.approx(10 / 3)


def test_only_strata_that_expect_enough_are_tested() -> None:
    cells = strata()
    thin = [np.r_[c, few] for c, few in zip(cells, ([1, 0], [2, 1], [0, 1], [2, 1]), strict=True)]
    assert homogeneity("risk", *thin, least=5) == pytest.approx(homogeneity("risk", *cells, least=5))
    assert homogeneity("risk", *thin).strata > homogeneity("risk", *thin, least=5).strata


@pytest.mark.parametrize("kind", KINDS)
def test_of_many_strata_of_independent_events_limits_by_cluster_are_those_as_if_independent(kind: str) -> None:
    cells = strata(200_000, least=0)
    numbers = np.arange(200_000)
    found = mantel_haenszel(kind, *cells)
    assert homogeneity(kind, *cells, least=5).strata > 100_000
    limits = delete_one(found.ratio, without_each(kind, numbers, numbers % 500, *cells))
    assert limits == pytest.approx(found[1:], rel=0.01)
