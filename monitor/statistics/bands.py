"""The display band of a ratio: how far from parity, as far as its interval lets one say.

The four-fifths rule (US Uniform Guidelines, 29 CFR 1607.4(D), here with its reciprocal, ends included by this
project's convention) is a convention of display, not a test.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from monitor.statistics.arrays import columns

FOUR_FIFTHS_LOW, FOUR_FIFTHS_HIGH = 0.80, 1.25


def band(ratio: ArrayLike, low: ArrayLike, high: ArrayLike) -> Any:
    """The band of each ratio, from its limits; a string for one, an object array of strings for many.

    The first that holds:

    * ``over_clear``: low > 1.25. Even the lower limit is above the four-fifths band.
    * ``over``: low > 1. More likely than the reference; by how much is less sure.
    * ``under_clear``: high < 0.80. Even the upper limit is below the band.
    * ``under``: high < 1. Less likely than the reference.
    * ``parity``: 0.80 <= low and high <= 1.25. Any difference is within four fifths either way.
    * ``inconclusive``: none of these; the counts allow both parity and a disparity. It never means "no
      disparity".

    An undefined ratio (no events in the reference) still has limits, and a band. None where a limit is nan.
    ValueError if a ratio lies outside its limits.
    """
    estimate, below, above = columns(ratio, low, high)
    if np.any((estimate < below * (1 - 1e-6)) | (estimate > above * (1 + 1e-6))):
        raise ValueError("band: expected each ratio between its limits (ratio, low, high); found one outside them")
    named = np.select(
        [
            np.isnan(below) | np.isnan(above),
            below > FOUR_FIFTHS_HIGH,
            below > 1,
            above < FOUR_FIFTHS_LOW,
            above < 1,
            (below >= FOUR_FIFTHS_LOW) & (above <= FOUR_FIFTHS_HIGH),
        ],
        [np.array(name, dtype=object) for name in (None, "over_clear", "over", "under_clear", "under", "parity")],
        np.array("inconclusive", dtype=object),
    )
    return named[()]
