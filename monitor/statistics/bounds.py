"""Bounds, never a guess, of a figure whose people are partly unknown or whose cells are hidden.

All broadcast and return (low, high); high is inf when the reference may have no events, and both are nan when
nothing can be said. After Manski 1995 (worst-case bounds).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from monitor.statistics.arrays import Limits, Values, columns, divide, is_base, is_count
from monitor.statistics.intervals import poisson_ratio_exact


def unknown_bounds(
    count: ArrayLike,
    base: ArrayLike,
    ref_count: ArrayLike,
    ref_base: ArrayLike,
    unknown: ArrayLike,
    unknown_base: ArrayLike = 0.0,
) -> Limits:
    """Bounds of a ratio of population rates: `unknown` people counted, and `unknown_base` of the base, have no group.

    Low: all the unknown counted belong to the reference, and all of the base to the group; high: the reverse. They
    also hold, only wider than need be, when there are more groups. With none unknown both equal the ratio.
    """
    x, n, y, m, u, v = columns(count, base, ref_count, ref_base, unknown, unknown_base)
    usable = np.logical_and.reduce([is_count(c) for c in (x, y, u, v)]) & is_base(n) & is_base(m)
    return _quotients(usable, divide(x, n + v), divide(y + u, m), divide(x + u, n), divide(y, m + v))


def unknown_bounds_stage(
    count: ArrayLike,
    base: ArrayLike,
    ref_count: ArrayLike,
    ref_base: ArrayLike,
    unknown: ArrayLike,
    unknown_base: ArrayLike,
) -> Limits:
    """Bounds of a ratio of stage-to-stage rates: `unknown` people at the stage, `unknown_base` before it.

    Both sides move: at the high end the unknown of the stage are the group's and the unknown of the stage
    before are the reference's; at the low end the reverse. No group's rate is let above 1. They hold whether
    or not the two sets of unknown are the same people, because recording can improve or worsen between
    stages.
    """
    x, n, y, m, u, v = columns(count, base, ref_count, ref_base, unknown, unknown_base)
    usable = np.logical_and.reduce([is_count(c) for c in (x, y, u, v)]) & is_base(n) & is_base(m)
    usable = usable & (x <= n + v) & (y <= m + v)
    return _quotients(
        usable, divide(x, n + v), np.minimum(divide(y + u, m), 1.0), np.minimum(divide(x + u, n), 1.0), divide(y, m + v)
    )


def unknown_share_bounds(count: ArrayLike, known: ArrayLike, unknown: ArrayLike) -> Limits:
    """Bounds of a group's share of everyone: none of the unknown belong to it, or all of them do."""
    x, k, u = columns(count, known, unknown)
    usable = is_count(x) & is_count(u) & is_count(k) & (x <= k)
    x = np.where(usable, x, np.nan)
    return divide(x, k + u), divide(x + u, k + u)


def tipping_share(
    count: ArrayLike,
    base: ArrayLike,
    ref_count: ArrayLike,
    ref_base: ArrayLike,
    unknown: ArrayLike,
    ratio: ArrayLike = 1.0,
) -> Values:
    """Share of the unknown that must belong to the group, the rest to the reference, for `ratio` to be true.

    Below 0 or above 1 (it is not clipped): no allocation of the unknown gives that ratio, so a conclusion on
    one side of it holds whatever they are. nan when nobody is unknown.
    """
    x, n, y, m, u, wanted = columns(count, base, ref_count, ref_base, unknown, ratio)
    usable = is_count(x) & is_count(y) & is_base(u) & is_base(n) & is_base(m)
    n, m = np.where(usable, n, np.nan), np.where(usable, m, np.nan)
    return divide(wanted * (y + u) / m - x / n, u / n + wanted * u / m)


def suppression_bounds(total: ArrayLike, known: ArrayLike, hidden: ArrayLike, lo: ArrayLike, hi: ArrayLike) -> Limits:
    """Bounds of each of `hidden` cells, every one from `lo` to `hi`, of a `total` with `known` shown.

    With S = total - known, max(lo, S - (hidden-1) hi) <= cell <= min(hi, S - (hidden-1) lo). A missing total
    gives lo and hi. Where zeros are hidden too, `lo` is 0. nan when no cells could satisfy the margin (a
    wrong total or a wrong range: a finding, not a bound) and when nothing is hidden. Equal bounds mean the
    cell is `recoverable`.
    """
    whole, shown, m, least, most = columns(total, known, hidden, lo, hi)
    left = whole - shown
    unlimited = np.isnan(left)
    low = np.where(unlimited, least, np.maximum(least, left - (m - 1) * most))
    high = np.where(unlimited, most, np.minimum(most, left - (m - 1) * least))
    possible = (m >= 1) & (low <= high)
    return np.where(possible, low, np.nan)[()], np.where(possible, high, np.nan)[()]


def recoverable(low: ArrayLike, high: ArrayLike) -> NDArray[np.bool_]:
    """True where the bounds leave a hidden cell one value: it can be worked out and must not be shown."""
    below, above = columns(low, high)
    return below == above


def rounding_bounds(value: ArrayLike, to: int) -> Limits:
    """Bounds of a whole number published to the nearest `to`: v-2..v+2 for 5, v-5..v+5 for 10 (any tie)."""
    if to < 1:
        raise ValueError(f"to: expected the step of the rounding, such as 5 or 10; found {to}")
    (shown,) = columns(value)
    return np.maximum(shown - to // 2, 0.0)[()], (shown + to // 2)[()]


def ratio_bounds(
    low: ArrayLike, high: ArrayLike, base: ArrayLike, ref_low: ArrayLike, ref_high: ArrayLike, ref_base: ArrayLike
) -> Limits:
    """Bounds of a ratio from the bounds of its two counts; a count that is known has low = high.

    The extremes pair one cell's lowest with the other's highest. Cells hidden in one margin can be so at once
    when their bounds come from `suppression_bounds`, which leaves the rest to the other hidden cells.
    """
    x_low, x_high, n, y_low, y_high, m = columns(low, high, base, ref_low, ref_high, ref_base)
    usable = is_count(x_low) & (x_low <= x_high) & is_count(y_low) & (y_low <= y_high) & is_base(n) & is_base(m)
    return _quotients(usable, divide(x_low, n), divide(y_high, m), divide(x_high, n), divide(y_low, m))


def ratio_envelope(
    low: ArrayLike,
    high: ArrayLike,
    base: ArrayLike,
    ref_low: ArrayLike,
    ref_high: ArrayLike,
    ref_base: ArrayLike,
    interval: Callable[..., Limits] = poisson_ratio_exact,
    confidence: float = 0.95,
) -> Limits:
    """`ratio_bounds` widened by chance: the interval's low at the lower end, its high at the upper end.

    `interval` is `poisson_ratio_exact` or, for stages, `score_ratio`.
    """
    lowest, _ = interval(low, base, ref_high, ref_base, confidence)
    _, highest = interval(high, base, ref_low, ref_base, confidence)
    return lowest, highest


def _quotients(usable: NDArray[np.bool_], x_low: Values, y_high: Values, x_high: Values, y_low: Values) -> Limits:
    """x_low / y_high and x_high / y_low: 0 over anything is 0, positive over 0 is inf, the rest is nan."""
    known = usable & (y_high > 0) & (x_high >= 0)
    low = divide(np.where(known, x_low, np.nan), y_high)
    high = np.where(known & (y_low == 0), np.where(x_high > 0, np.inf, 0.0), divide(x_high, y_low))
    return low, np.where(known, high, np.nan)[()]
