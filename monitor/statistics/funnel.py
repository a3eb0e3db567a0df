"""Funnel limits at 0.025 and 0.001 in each tail: which of many places lie beyond what chance would give.

Source: Spiegelhalter 2005; the two levels and the words are OHID's practice.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from monitor.statistics.arrays import Limits, columns, divide, is_base, is_count
from monitor.statistics.intervals import garwood, wilson

INNER, OUTER = 0.95, 0.998


def expected_limits(observed: ArrayLike, confidence: float = INNER) -> Limits:
    """The exact Poisson limits (low, high) between which an observed count is unremarkable."""
    return garwood(observed, confidence)


def ratio_limits(observed: ArrayLike, confidence: float = INNER) -> Limits:
    """The ratios observed / expected on the funnel's (lower, upper) curves; upper nan for 0 observed."""
    low, high = expected_limits(observed, confidence)
    return divide(observed, high), divide(observed, low)


def share_limits(average: ArrayLike, base: ArrayLike, confidence: float = INNER) -> Limits:
    """The shares of a base between which a place is unremarkable if the true share is `average` (fractions).

    The inverse of Wilson's interval: average -/+ z sqrt(average (1 - average) / base), kept within 0 and 1.
    """
    from scipy import special

    mean, n = columns(average, base)
    usable = is_base(n) & (mean >= 0) & (mean <= 1)
    mean = np.where(usable, mean, np.nan)
    spread = float(-special.ndtri((1 - confidence) / 2)) * np.sqrt(divide(mean * (1 - mean), n))
    return np.maximum(mean - spread, 0.0)[()], np.minimum(mean + spread, 1.0)[()]


def ratio_label(observed: ArrayLike, expected: ArrayLike) -> Any:
    """How an observed count compares with the expected one.

    ``High (0.001)``, ``High (0.025)``, ``Not significant``, ``Low (0.025)`` or ``Low (0.001)``: whether the
    expected count lies outside the exact limits of the observed one, and at which level. None where it cannot
    be said.
    """
    x, e = columns(observed, expected)
    return _label(e, is_count(x) & is_base(e), garwood(x, INNER), garwood(x, OUTER))


def share_label(count: ArrayLike, base: ArrayLike, average: ArrayLike) -> Any:
    """How a share compares with the average share, in the words of `ratio_label`, by Wilson limits."""
    x, n, mean = columns(count, base, average)
    usable = is_count(x) & is_base(n) & (x <= n) & (mean >= 0) & (mean <= 1)
    return _label(mean, usable, wilson(x, n, INNER), wilson(x, n, OUTER))


def _label(centre: np.ndarray, usable: np.ndarray, inner: Limits, outer: Limits) -> Any:
    words = (None, "High (0.001)", "Low (0.001)", "High (0.025)", "Low (0.025)")
    held = [~usable, centre < outer[0], centre > outer[1], centre < inner[0], centre > inner[1]]
    named = np.select(held, [np.array(word, dtype=object) for word in words], np.array("Not significant", dtype=object))
    return named[()]
