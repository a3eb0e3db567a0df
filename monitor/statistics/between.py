"""A population on a day between two counts of it, as if each part had grown at one steady rate."""

import numpy as np
from numpy.typing import ArrayLike

from monitor.statistics.arrays import Values


def between(earlier: ArrayLike, later: ArrayLike, passed: float) -> Values:
    """People when a share `passed` of the time between two counts had passed: 0 at the earlier, 1 at the later.

    Log-linear; along a straight line, and never below none, where either count is zero. Beyond 1 it is as if growth
    went on.
    """
    first, last = (np.asarray(v, dtype=float) for v in (earlier, later))
    straight = np.maximum(first + (last - first) * passed, 0.0)
    some = (first > 0) & (last > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        steady = np.exp(np.log(first) + (np.log(last) - np.log(first)) * passed)
    return np.where(some, steady, straight)
