"""Funnels: how far the ratio of each of many places lies from the one common to all, and how far chance would put it.

Spiegelhalter 2005, Statistics in Medicine 24, on logarithms. The standard error of a place is what it would be if its
ratio were the common one (`stratified.expected`), so that no place narrows its own limits. Where places differ by more
than chance, a variance between them is added to that of each. What is undefined is nan, never infinite.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from monitor.statistics.arrays import Limits, Values, divide
from monitor.statistics.stratified import Kind, expected, parts

INNER, OUTER = 0.95, 0.998
LEAST_PLACES = 10
"""Under so many places how much they differ cannot be told, and none is placed."""
TAIL = 0.1
"""The share of places at each end whose z scores are drawn in, so that they do not widen the limits they lie beyond."""
ABOVE, OVER, WITHIN, UNDER, BELOW = (
    "higher than expected at 99.8%",
    "higher than expected at 95%",
    "within the 95% limits",
    "lower than expected at 95%",
    "lower than expected at 99.8%",
)
OPEN = "depends on what is hidden"
OUTLYING = {ABOVE: 1, BELOW: -1}
"""Places beyond the outer limits: above the common ratio, and below it."""


class Funnel(NamedTuple):
    """Of each place its expected events, the standard error of its log ratio, z scores without and with the variance
    between places (`tau2`), and in words where it lies, None for one not placed; `phi` says by how much places differ.
    """

    expected: Values
    error: Values
    z: Values
    z_adjusted: Values
    placed: Any
    phi: float
    tau2: float


def funnel(
    kind: Kind,
    common: float,
    x1: ArrayLike,
    n1: ArrayLike,
    x0: ArrayLike,
    n0: ArrayLike,
    *,
    least: float = 5.0,
    bounds: tuple[float, float] | None = None,
) -> Funnel:
    """Where places lie about a `common` ratio above 0: counts and people of a group and of its reference, one
    dimension.

    Placed are those with events of both and at least `least` expected in every cell. Where the common ratio can lie
    anywhere within `bounds`, a place is beyond limits only if it is beyond those about every such ratio.
    """
    told = expected(kind, common, x1, n1, x0, n0)
    apart = divide(*parts(kind, x1, n1, x0, n0)) / common
    usable = (told.fewest >= least) & (apart > 0)
    if usable.sum() < LEAST_PLACES:
        usable = np.zeros_like(usable)
    apart = np.log(np.where(usable & (apart > 0), apart, np.nan))
    error = np.sqrt(divide(1.0, np.where(usable, told.information, np.nan)))
    phi, tau2 = overdispersion(apart[usable], error[usable])
    spread = np.sqrt(error**2 + tau2)
    with np.errstate(divide="ignore"):
        lowest, highest = np.log(np.divide(bounds or (common, common), common))
    beyond = (apart - np.clip(apart, min(lowest, 0.0), max(highest, 0.0))) / spread
    inner, outer = _steps(INNER), _steps(OUTER)
    sides = [~usable, beyond > outer, beyond > inner, beyond < -outer, beyond < -inner, np.abs(apart) > inner * spread]
    words = [np.array(w, dtype=object) for w in (None, ABOVE, OVER, BELOW, UNDER, OPEN)]
    placed = np.select(sides, words, np.array(WITHIN, dtype=object))
    return Funnel(told.events, error, apart / error, apart / spread, placed, phi, tau2)


def overdispersion(apart: ArrayLike, error: ArrayLike) -> tuple[float, float]:
    """How much more places differ than chance: phi, and the variance between them, tau squared; nan for too few.

    `apart` are log ratios less the common one. phi is the mean square of winsorised z scores over what it is of
    standard normal ones. tau squared is 0 unless phi exceeds 1 at p < 0.05 (chi-squared, one degree a place), and is
    else the variance with which phi is 1 (Paule and Mandel 1982): a moment estimate takes winsorised scores too narrow.
    """
    from scipy.optimize import brentq  # because most that ask for statistics never come here

    y, s = np.asarray(apart, dtype=np.float64), np.asarray(error, dtype=np.float64)
    if y.size < LEAST_PLACES:
        return np.nan, np.nan

    def phi(tau2: float) -> float:
        z = y / np.sqrt(s**2 + tau2)
        return float(np.mean(np.clip(z, *np.quantile(z, [TAIL, 1 - TAIL])) ** 2)) / _BY_CHANCE

    found = phi(0.0)
    if special.chdtrc(y.size, y.size * found) >= 0.05:
        return found, 0.0
    return found, float(brentq(lambda tau2: phi(tau2) - 1.0, 0.0, float(np.max(y**2)) / _BY_CHANCE))


def limits(common: float, error: ArrayLike, tau2: float, confidence: float = INNER) -> Limits:
    """The ratios (low, high) between which a place of so large a standard error is unremarkable; nan where it is."""
    step = _steps(confidence) * np.sqrt(np.asarray(error, dtype=np.float64) ** 2 + tau2)
    return common * np.exp(-step), common * np.exp(step)


def _steps(confidence: float) -> float:
    return float(-special.ndtri((1 - confidence) / 2))


_CUT = _steps(1 - 2 * TAIL)
_BY_CHANCE = float(1 - 2 * TAIL - 2 * _CUT * np.exp(-(_CUT**2) / 2) / np.sqrt(2 * np.pi) + 2 * TAIL * _CUT**2)
"""The mean square of standard normal scores winsorised by `TAIL`: 0.679."""
