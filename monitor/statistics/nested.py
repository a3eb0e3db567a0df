"""A group beside people whom it is part of, or who are part of it: compared by the two parts that do not overlap."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from monitor.statistics.arrays import Values, columns, divide

Cell = tuple[Values, Values, Values, Values]


def disjoint(nesting: ArrayLike, count: ArrayLike, base: ArrayLike, ref_count: ArrayLike, ref_base: ArrayLike) -> Cell:
    """The counts and bases of the two parts that do not overlap.

    `nesting` is 1 where the group is part of the reference, -1 where the reference is part of it, 0 where they are
    apart. A part that would be negative stays so, and no interval is made of it.
    """
    within, x, n, y, m = columns(nesting, count, base, ref_count, ref_base)
    group = np.where(within < 0, x - y, x), np.where(within < 0, n - m, n)
    return *group, np.where(within > 0, y - x, y), np.where(within > 0, m - n, m)


def of_the_whole(nesting: ArrayLike, ratio: ArrayLike, base: ArrayLike, ref_base: ArrayLike) -> Values:
    """The ratio of the group to the whole reference, from the ratio of the two parts that do not overlap.

    It rises with that ratio, so limits of the one are limits of the other, and 1 is 1 of both. With s the group's share
    of the reference's base it is ratio / (s ratio + 1 - s); turned round, s + (1 - s) ratio.
    """
    within, r, n, m = columns(nesting, ratio, base, ref_base)
    share = divide(n, m)
    inside = np.where(np.isinf(r), divide(1.0, share), divide(r, share * np.where(np.isinf(r), 1.0, r) + 1.0 - share))
    share = np.where(within < 0, divide(m, n), 0.0)
    around = share + np.multiply(1.0 - share, r, where=share < 1, out=np.zeros(r.shape))
    return np.where(within > 0, inside, np.where(within < 0, around, r))[()]
