"""Rates as they would be if every group had the same ages: direct and indirect standardisation.

Strata lie along the last axis; a count missing in any makes the rate nan. Sources: Dobson et al. 1991 for the
direct interval, OHID's technical guides for both.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from monitor.statistics.arrays import Values, columns, divide
from monitor.statistics.intervals import byar, poisson_count

MINIMUM_EVENTS = 10
"""A directly standardised rate from fewer events is withheld (OHID's rule)."""


class Direct(NamedTuple):
    """A directly standardised rate; `standard_error` is on the scale of `value`."""

    value: Values
    low: Values
    high: Values
    standard_error: Values


class Indirect(NamedTuple):
    """Observed over expected events; times the reference's rate it is an indirectly standardised rate."""

    value: Values
    low: Values
    high: Values


def direct(
    counts: ArrayLike,
    bases: ArrayLike,
    weights: ArrayLike,
    per: float = 1.0,
    confidence: float = 0.95,
    part_of_base: bool = False,
) -> Direct:
    """Directly standardised rate per `per`: the strata's rates averaged with the standard's weights.

    Limits: value + sqrt(variance / O) x (Byar limit of O - O), O the events. `part_of_base` is for events that are a
    subset of the base (a stage): their variance is binomial, x (1 - x/n).
    All nan under 10 events, where a stratum is missing, or where its base is zero.
    """
    x, n, w = columns(counts, bases, weights)
    n = np.where(n > 0, n, np.nan)
    observed, whole = np.sum(x, axis=-1), np.sum(w, axis=-1)
    value = divide(np.sum(w * x / n, axis=-1), whole)
    spread = x * (1.0 - x / n) if part_of_base else x
    variance = divide(np.sum(w**2 * spread / n**2, axis=-1), whole**2)
    enough = np.asarray(observed >= MINIMUM_EVENTS)
    observed_enough = np.where(enough, observed, np.nan)
    low, high = byar(observed_enough, confidence)
    step = np.sqrt(divide(variance, observed_enough))
    shown = np.where(enough, value, np.nan)
    return Direct(
        (shown * per)[()],
        ((shown + step * (low - observed_enough)) * per)[()],
        ((shown + step * (high - observed_enough)) * per)[()],
        (np.where(enough, np.sqrt(variance), np.nan) * per)[()],
    )


def direct_ratio(group: Direct, reference: Direct, confidence: float = 0.95) -> tuple[Values, Values, Values]:
    """Ratio of two directly standardised rates with limits: (ratio, low, high), by logarithms and the delta method.

    The two groups are independent; nan where either rate is withheld or zero.
    """
    z = float(-special.ndtri((1 - confidence) / 2))
    value = divide(group.value, reference.value)
    error = np.hypot(divide(group.standard_error, group.value), divide(reference.standard_error, reference.value))
    value = np.where(value > 0, value, np.nan)
    return value[()], (value * np.exp(-z * error))[()], (value * np.exp(z * error))[()]


def indirect(
    counts: ArrayLike, bases: ArrayLike, ref_counts: ArrayLike, ref_bases: ArrayLike, confidence: float = 0.95
) -> Indirect:
    """Observed events over those expected at the reference's rates in each stratum, with limits.

    Limits by OHID's rule for the observed count (Garwood under 10, else Byar) over the expected. nan where a stratum is
    missing, the reference has nobody in one where the group has people, or nothing is expected.
    """
    x, n, ref_x, ref_n = columns(counts, bases, ref_counts, ref_bases)
    observed = np.sum(x, axis=-1)
    expected = np.sum(np.where(n == 0, 0.0, n * divide(ref_x, ref_n)), axis=-1)
    low, high = poisson_count(observed, confidence)
    return Indirect(divide(observed, expected), divide(low, expected), divide(high, expected))
