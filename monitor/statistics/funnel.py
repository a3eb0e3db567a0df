"""Funnels: how far the ratio of each of many places lies from the one common to all, and how far chance would put it.

Spiegelhalter 2005, Statistics in Medicine 24, on logarithms. The standard error of a place is that with which its z
score is the signed root of the deviance, because a log ratio over its usual standard error calls far too many places of
few events low. Where places differ by more than chance, a variance between them is added. What is undefined is nan.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from monitor.statistics.arrays import Limits, Values, columns, divide
from monitor.statistics.stratified import Kind, expected, parts

INNER, OUTER = 0.95, 0.998
LEAST_PLACES = 10
"""Under so many places how much they differ cannot be told, and none is placed."""
TAIL = 0.1
"""The share of places at each end whose z scores are drawn in, so that they do not widen the limits they lie beyond."""
ABOVE, OVER = "higher than expected at 99.8%", "higher than expected at 95%"
BELOW, UNDER = "lower than expected at 99.8%", "lower than expected at 95%"
WITHIN, OPEN = "within the 95% limits", "depends on what is hidden"
OUTLYING = ABOVE, BELOW


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
    least: float,
    bounds: tuple[float, float] | None = None,
) -> Funnel:
    """Where places lie about a `common` ratio above 0, by counts and people of a group and its reference, as arrays.

    Of rates and risks only. Placed are those with events of both and at least `least` expected in every cell. Where
    the common ratio can lie anywhere within `bounds`, a place is beyond limits only if it is beyond those about each.
    """
    a, n, b, m = cells = columns(x1, n1, x0, n0)
    events, _, information, fewest = expected(kind, common, *cells)
    apart = divide(*parts(kind, *cells)) / common
    usable = (fewest >= least) & (apart > 0)
    usable &= usable.sum() >= LEAST_PLACES
    apart, other = np.log(np.where(usable, apart, np.nan)), divide(m * events, n * common)
    found, told = (np.stack([p, q, *(() if kind == "rate" else (n - p, m - q))]) for p, q in ((a, b), (events, other)))
    deviance = 2 * special.rel_entr(*(np.where(usable, c, 1.0) for c in (found, told))).sum(axis=0)
    usual = np.sqrt(divide(1.0, np.where(usable, information, np.nan)))
    # because near the common ratio the deviance is lost in the rounding of its parts
    error = np.where(np.abs(apart) > 1e-4, divide(np.abs(apart), np.sqrt(np.maximum(deviance, 0.0))), usual)
    phi, tau2 = overdispersion(apart[usable], error[usable])
    spread = np.sqrt(error**2 + tau2)
    with np.errstate(divide="ignore"):
        lowest, highest = np.log(np.divide(bounds or (common, common), common))
    beyond = (apart - np.clip(apart, min(lowest, 0.0), max(highest, 0.0))) / spread
    inner, outer = _steps(INNER), _steps(OUTER)
    sides = [~usable, beyond > outer, beyond > inner, beyond < -outer, beyond < -inner, np.abs(apart) > inner * spread]
    words = [np.array(w, dtype=object) for w in (None, ABOVE, OVER, BELOW, UNDER, OPEN, WITHIN)]
    return Funnel(events, error, apart / error, apart / spread, np.select(sides, words[:-1], words[-1]), phi, tau2)


def overdispersion(apart: ArrayLike, error: ArrayLike) -> tuple[float, float]:
    """How much more places differ than chance: phi, and the variance between them, tau squared; nan for too few.

    `apart` are log ratios less the common one. phi is the mean square of winsorised z scores over what it is of
    standard normal ones. tau squared is 0 unless phi exceeds 1 at p < 0.05 (chi-squared, one degree a place), and is
    else the variance with which phi is 1 (Paule and Mandel 1982): a moment estimate takes winsorised scores too narrow.
    """
    from scipy.optimize import brentq  # because most that ask for statistics never come here

    y, s = columns(apart, error)
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
