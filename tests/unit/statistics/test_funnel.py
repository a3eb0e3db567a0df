"""Funnels against statsmodels, scipy, OHID's labels and brute force, and how many places chance alone puts outside."""

import csv
import statistics
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import integrate, stats

from monitor.statistics import funnel as of
from monitor.statistics.funnel import ABOVE, BELOW, OPEN, OVER, UNDER, WITHIN, limits, overdispersion
from monitor.statistics.stratified import mantel_haenszel

pytestmark = pytest.mark.filterwarnings("error")
ORACLE = Path(__file__).resolve().parents[3].parent / "shared" / "oracles" / "phe_funnel_ratio_inputs.csv"
BY_CHANCE = 0.6786545589528744
funnel = partial(of.funnel, least=5.0)


def places(chance: np.random.Generator, kind: str, number: int = 100, between: float = 0.0, size: int = 1400):
    """Counts and people of two groups in prisons that differ in size and rate, and in their ratio by `between`."""
    ratio, n0 = 1.4, chance.integers(100, size, number)
    n1 = np.round(n0 * chance.uniform(0.1, 0.6, number)).astype(int)
    p0 = chance.uniform(0.1, 0.45 if kind == "risk" else 0.9, number)
    p1 = p0 * ratio * np.exp(chance.normal(0, between, number))
    if kind == "risk":
        return chance.binomial(n1, np.minimum(p1, 0.99)), n1, chance.binomial(n0, p0), n0
    return chance.poisson(n1 * p1), n1, chance.poisson(n0 * p0), n0


def shape(kind: str, cells, **more) -> of.Funnel:
    return funnel(kind, mantel_haenszel(kind, *cells).ratio, *cells, **more)


def fitted(kind: str, common: float, a: int, n: int, b: int, m: int) -> tuple[float, float]:
    """What statsmodels expects of a group whose ratio to the other is given, and the deviance of what was found."""
    given = np.log([common, 1.0])
    if kind == "rate":
        model = sm.GLM([a, b], np.ones(2), family=sm.families.Poisson(), offset=given + np.log([n, m])).fit(tol=1e-12)
        return model.predict()[0], model.deviance
    with warnings.catch_warnings(action="ignore"):  # that a logarithm may leave the domain: it does not here
        family = sm.families.Binomial(sm.families.links.Log())
        model = sm.GLM([[a, n - a], [b, m - b]], np.ones(2), family=family, offset=given)
    found = model.fit(start_params=[np.log((a + b) / (n * common + m))], tol=1e-12)
    return found.predict()[0] * n, found.deviance


@pytest.mark.parametrize("kind", ["rate", "risk"])
def test_what_is_expected_of_a_place_and_how_far_it_lies_apart_are_what_statsmodels_fits(kind: str) -> None:
    cells = places(np.random.default_rng(4), kind, 30, between=0.2)
    common = mantel_haenszel(kind, *cells).ratio
    found = shape(kind, cells)
    for i, (a, n, b, m) in enumerate(zip(*cells, strict=True)):
        expected, deviance = fitted(kind, common, a, n, b, m)
        apart = np.log((a / n) / (b / m) / common)
        assert found.expected[i] == pytest.approx(expected, rel=1e-6)
        assert found.z[i] == pytest.approx(np.sign(apart) * np.sqrt(deviance), rel=1e-4)
        assert found.z[i] * found.error[i] == pytest.approx(apart)


@pytest.mark.parametrize(("kind", "usual"), [("rate", 1 / 60 + 1 / 90), ("risk", 1 / 60 + 1 / 90 - 1 / 150 - 1 / 300)])
def test_beside_the_common_ratio_the_standard_error_is_the_usual_one(kind: str, usual: float) -> None:
    for moved in (0.0, 1e-7, 1e-5, 1e-3):
        found = funnel(kind, 4 / 3 * np.exp(moved), *(np.full(10, c) for c in (60, 150, 90, 300)))
        assert found.error == pytest.approx(np.sqrt(usual), rel=1e-3)
        assert found.z == pytest.approx(-moved / np.sqrt(usual), rel=1e-3)


def test_a_place_of_few_events_lies_about_as_far_apart_as_by_the_exact_binomial() -> None:
    """A log ratio over its usual standard error is -6.4 and 2.0 here, which are no places' z scores."""
    for a, b, expected in ((2, 351, 12.4), (12, 341, 5.0), (13, 340, 30.0)):
        share = expected / (a + b)
        common = share / (1 - share)  # of as many people
        cells = [np.full(10, c) for c in (a, 1000, b, 1000)]
        tail = stats.binom.cdf(a - 1, a + b, share) + stats.binom.pmf(a, a + b, share) / 2
        assert funnel("rate", common, *cells).z[0] == pytest.approx(stats.norm.ppf(tail), abs=0.25)


def by_hand(apart, error, tau2: float = 0.0) -> float:
    """The mean square of z scores drawn in to their first and ninth decile (as R's quantile and NHS England's)."""
    z = [y / (s**2 + tau2) ** 0.5 for y, s in zip(apart, error, strict=True)]
    first, *_, ninth = statistics.quantiles(z, n=10, method="inclusive")
    return statistics.fmean(min(max(v, first), ninth) ** 2 for v in z) / BY_CHANCE


def test_the_mean_square_of_standard_normal_scores_drawn_in_is_0_679() -> None:
    cut = stats.norm.ppf(0.9)
    inside, _ = integrate.quad(lambda z: z**2 * stats.norm.pdf(z), -cut, cut)
    assert inside + 0.2 * cut**2 == pytest.approx(BY_CHANCE)


@pytest.mark.parametrize(("seed", "between"), [(1, 0.1), (2, 0.3), (3, 0.6)])
def test_phi_and_the_variance_between_places_are_those_of_brute_force(seed: int, between: float) -> None:
    found = shape("rate", places(np.random.default_rng(seed), "rate", between=between))
    apart = found.z * found.error
    assert found.phi == pytest.approx(by_hand(apart, found.error))
    low, high = 0.0, 4.0
    for _ in range(60):  # halved until nothing is left to halve
        middle = (low + high) / 2
        low, high = (middle, high) if by_hand(apart, found.error, middle) > 1 else (low, middle)
    assert found.tau2 == pytest.approx(low)
    assert found.z_adjusted == pytest.approx(apart / np.sqrt(found.error**2 + low))


def test_limits_are_where_a_place_comes_to_lie_beyond_them() -> None:
    found = shape("rate", places(np.random.default_rng(5), "rate", between=0.5))
    ratio = np.exp(found.z * found.error)
    for confidence, said in ((0.95, {ABOVE, OVER, UNDER, BELOW}), (0.998, {ABOVE, BELOW})):
        low, high = limits(1.0, found.error, found.tau2, confidence)
        assert [w in said for w in found.placed] == list((ratio < low) | (ratio > high))
        assert np.log(high) == pytest.approx(
            stats.norm.ppf((1 + confidence) / 2) * np.sqrt(found.error**2 + found.tau2)
        )
        assert low * high == pytest.approx(1)


# --- by simulation ----------------------------------------------------------------------------------------------------


def outside(kind: str, between: float, number: int = 100, times: int = 300, size: int = 1400) -> tuple[float, float]:
    """The shares of simulated places beyond the 95% and the 99.8% limits as adjusted."""
    chance = np.random.default_rng(11)
    z = np.concatenate([shape(kind, places(chance, kind, number, between, size)).z_adjusted for _ in range(times)])
    z = np.abs(z[np.isfinite(z)])
    return float((z > 1.959964).mean()), float((z > 3.090232).mean())


@pytest.mark.parametrize("size", [120, 1400])
@pytest.mark.parametrize("kind", ["rate", "risk"])
def test_where_places_do_not_differ_chance_puts_one_in_twenty_beyond_95(kind: str, size: int) -> None:
    inner, outer = outside(kind, 0.0, size=size)
    assert inner == pytest.approx(0.05, abs=0.01)
    assert outer == pytest.approx(0.002, abs=0.0015)


@pytest.mark.parametrize(
    ("kind", "between"), [("rate", 0.05), ("rate", 0.1), ("rate", 0.3), ("rate", 0.5), ("risk", 0.1)]
)
def test_where_they_differ_the_adjusted_limits_still_hold_95(kind: str, between: float) -> None:
    inner, outer = outside(kind, between)
    assert inner == pytest.approx(0.05, abs=0.012)
    assert outer == pytest.approx(0.002, abs=0.003)


def test_the_moment_estimate_as_published_would_name_more_than_twice_as_many() -> None:
    """Why tau squared is not taken from Spiegelhalter's formula as it stands: scores drawn in vary too little."""
    chance, beyond = np.random.default_rng(12), []
    for _ in range(200):
        found = shape("rate", places(chance, "rate", between=0.3))
        weight, number = found.error[np.isfinite(found.z)] ** -2, np.isfinite(found.z).sum()
        tau2 = (number * found.phi * BY_CHANCE - (number - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())
        beyond.append((np.abs(found.z * found.error) / np.sqrt(found.error**2 + tau2) > 1.959964).mean())
    assert np.mean(beyond) > 0.11


def test_with_the_fewest_places_the_limits_hold_too() -> None:
    assert outside("rate", 0.3, of.LEAST_PLACES, 600)[0] == pytest.approx(0.05, abs=0.015)


def test_places_that_lie_apart_do_not_widen_the_limits_they_lie_beyond() -> None:
    a, n, b, m = places(np.random.default_rng(6), "rate", between=0.1)
    plain = shape("rate", (a, n, b, m))
    a = a.copy()
    a[:5] *= 6
    found = shape("rate", (a, n, b, m))
    assert list(found.placed[:5]) == [ABOVE] * 5
    z = found.z * found.error / np.sqrt(found.error**2 + found.tau2)
    assert np.sqrt(found.tau2) < 2 * np.sqrt(plain.tau2) + 0.1
    assert np.mean(z**2) > 2, "which scores as they come would have drawn in to 1"


# --- what is not said -------------------------------------------------------------------------------------------------


def test_who_has_too_few_is_not_placed_and_counts_for_nothing() -> None:
    cells = places(np.random.default_rng(7), "rate", 40)
    # none of the group, none of the reference, nobody, under five expected, a hidden number
    lone = ([0, 9, 0, 3, np.nan], [90, 90, 0, 4, 50], [40, 0, 7, 30, 20], [80, 90, 30, 60, 40])
    more, common = (
        [np.r_[c, extra] for c, extra in zip(cells, lone, strict=True)],
        mantel_haenszel("rate", *cells).ratio,
    )
    whole, few = funnel("rate", common, *cells), funnel("rate", common, *more)
    assert list(few.placed[40:]) == [None] * 5
    assert np.isnan([few.z[40:], few.z_adjusted[40:], few.error[40:]]).all()
    assert (few.phi, few.tau2) == (whole.phi, whole.tau2)
    assert few.z_adjusted[:40] == pytest.approx(whole.z_adjusted)


def test_of_fewer_than_ten_none_is_placed() -> None:
    nine = shape("rate", [c[:9] for c in places(np.random.default_rng(8), "rate", 30)])
    assert list(nine.placed) == [None] * 9
    assert np.isnan([nine.phi, nine.tau2]).all()
    assert np.isnan(overdispersion(np.zeros(9), np.ones(9))).all()
    assert overdispersion(np.zeros(10), np.ones(10)) == (0.0, 0.0)


def test_a_place_is_beyond_only_if_it_is_about_every_ratio_that_may_be_common() -> None:
    cells = places(np.random.default_rng(9), "rate", between=0.4)
    common = mantel_haenszel("rate", *cells).ratio
    point, wide = funnel("rate", common, *cells), funnel("rate", common, *cells, bounds=(common / 1.3, common * 1.3))
    about = [funnel("rate", c, *cells) for c in (common / 1.3, common * 1.3)]
    assert {ABOVE, OVER, UNDER, BELOW} & set(point.placed)
    for i, said in enumerate(wide.placed):
        if said in (ABOVE, OVER):
            assert point.placed[i] in (ABOVE, OVER)
            assert about[1].z[i] > 0
        assert (said == OPEN) <= (point.placed[i] != WITHIN)
    assert OPEN in wide.placed
    nowhere = funnel("rate", common, *cells, bounds=(0.0, np.inf))
    assert set(nowhere.placed) <= {WITHIN, OPEN}


def test_the_other_way_round_places_lie_on_the_other_side() -> None:
    x1, n1, x0, n0 = places(np.random.default_rng(10), "rate", between=0.4)
    there, back = shape("rate", (x1, n1, x0, n0)), shape("rate", (x0, n0, x1, n1))
    assert back.z_adjusted == pytest.approx(-there.z_adjusted)
    turned = {ABOVE: BELOW, OVER: UNDER, UNDER: OVER, BELOW: ABOVE, WITHIN: WITHIN}
    assert list(back.placed) == [turned[w] for w in there.placed]


@pytest.mark.skipif(not ORACLE.exists(), reason="no ../shared/oracles beside the checkout")
def test_over_a_reference_without_error_places_are_labelled_as_by_ohid() -> None:
    """OHID's funnel is of observed over expected: ours where the reference is so large that nothing of it varies."""
    with ORACLE.open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if float(r["expected"]) >= 5 and float(r["obs"])]
    observed, expected = (np.array([float(r[n]) for r in rows]) for n in ("obs", "expected"))
    large = np.full(len(rows), 1e12)
    z = funnel("rate", 1.0, observed, expected, large, large).z
    ours = np.select([z > 3.090232, z < -3.090232, z > 1.959964, z < -1.959964], range(4), 4)
    words = ["High (0.001)", "Low (0.001)", "High (0.025)", "Low (0.025)", "Not significant"]
    theirs = np.array([words.index(r["significance"]) for r in rows])
    assert (ours == theirs).mean() > 0.97
    others = z[ours != theirs]
    near = np.minimum(np.abs(np.abs(others) - 1.96), np.abs(np.abs(others) - 3.09))
    assert near.max() < 0.1, "only beside a limit, because theirs are exact"
    turned = np.array([0, 1, 0, 1, 2])
    assert not ((turned[ours] + turned[theirs] == 1) & (ours != 4) & (theirs != 4)).any(), "none on the other side"
