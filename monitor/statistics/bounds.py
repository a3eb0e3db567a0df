"""Bounds, never a guess, of a ratio whose people are partly unknown.

All broadcast and return (low, high); high is inf when the reference may have no events, and both are nan when
nothing can be said. After Manski 1995 (worst-case bounds).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from monitor.statistics.arrays import Limits, Values, columns, divide, is_base, is_count


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

    At the high end the unknown of the stage are the group's and those of the stage before the reference's; at the low
    end the reverse. No group's rate is let above 1. They hold whether or not the two sets are the same people.
    """
    x, n, y, m, u, v = columns(count, base, ref_count, ref_base, unknown, unknown_base)
    usable = np.logical_and.reduce([is_count(c) for c in (x, y, u, v)]) & is_base(n) & is_base(m)
    usable = usable & (x <= n + v) & (y <= m + v)
    return _quotients(
        usable, divide(x, n + v), np.minimum(divide(y + u, m), 1.0), np.minimum(divide(x + u, n), 1.0), divide(y, m + v)
    )


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


def _quotients(usable: NDArray[np.bool_], x_low: Values, y_high: Values, x_high: Values, y_low: Values) -> Limits:
    """x_low / y_high and x_high / y_low: 0 over anything is 0, positive over 0 is inf, the rest is nan."""
    known = usable & (y_high > 0) & (x_high >= 0)
    low = divide(np.where(known, x_low, np.nan), y_high)
    high = np.where(known & (y_low == 0), np.where(x_high > 0, np.inf, 0.0), divide(x_high, y_low))
    return low, np.where(known, high, np.nan)[()]
