"""Comparing disparities, over time and many at once. Whether two years are comparable is judged elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from monitor.statistics.arrays import Values, columns, divide, is_base, is_count
from monitor.statistics.intervals import score_statistic


def ratio_of_ratios(
    ratio: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    earlier_ratio: ArrayLike,
    earlier_low: ArrayLike,
    earlier_high: ArrayLike,
) -> tuple[Values, Values, Values]:
    """A ratio over an earlier one with limits at the same confidence: (change, low, high).

    Method of variance estimates recovery on logarithms (Zou and Donner 2008): a lower limit of 0 gives 0, an upper
    limit of inf gives inf. The same people counted in both years make it wider than need be, not narrower.
    """
    now, now_low, now_high, then, then_low, then_high = columns(
        ratio, low, high, earlier_ratio, earlier_low, earlier_high
    )
    usable = is_base(now) & is_base(then)
    now, then = np.where(usable, now, np.nan), np.where(usable, then, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        down = np.hypot(np.log(now / now_low), np.log(then_high / then))
        up = np.hypot(np.log(now_high / now), np.log(then / then_low))
        change = now / then
        return change[()], (change * np.exp(-down))[()], (change * np.exp(up))[()]


def poisson_ratio_p(count: ArrayLike, base: ArrayLike, ref_count: ArrayLike, ref_base: ArrayLike) -> Values:
    """Two-sided exact p-value that two Poisson rates are equal: twice the smaller conditional tail.

    Agrees with `poisson_ratio_exact`: below 0.05 exactly when the 95% limits leave out 1. nan for bad counts.
    """
    a, n, b, m = columns(count, base, ref_count, ref_base)
    usable = is_count(a) & is_count(b) & is_base(n) & is_base(m)
    a, b = np.where(usable, a, np.nan), np.where(usable, b, np.nan)
    share = divide(n, n + m)
    # With no events on a side that tail is the whole distribution, which the function is not defined to say.
    at_least = np.where(a == 0, 1.0, special.betainc(a, b + 1.0, share))
    at_most = np.where(b == 0, 1.0, special.betaincc(a + 1.0, b, share))
    return np.minimum(2.0 * np.minimum(at_least, at_most), 1.0)[()]


def score_ratio_p(count: ArrayLike, base: ArrayLike, ref_count: ArrayLike, ref_base: ArrayLike) -> Values:
    """Two-sided p-value that two shares are equal, by the statistic of `score_ratio`. nan for bad counts."""
    return (2.0 * special.ndtr(-np.abs(score_statistic(1.0, count, base, ref_count, ref_base))))[()]


def benjamini_hochberg(p: ArrayLike, rate: float = 0.05) -> tuple[Values, NDArray[np.bool_]]:
    """Adjusted p-values and which are discoveries when a share `rate` of those named may be false.

    Benjamini and Hochberg 1995. A nan stays nan and is not counted among the tests. ValueError outside 0..1.
    """
    (values,) = columns(p)
    adjusted = np.full(values.shape, np.nan)
    known = ~np.isnan(values)
    if np.any(known):
        # Imported here because scipy.stats takes most of a second to load.
        from scipy.stats import false_discovery_control

        adjusted[known] = false_discovery_control(values[known])
    return adjusted[()], (adjusted <= rate)[()]
