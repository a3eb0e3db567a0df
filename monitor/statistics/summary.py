"""Summary measures, absolute and relative, of a classification whose groups have no order, such as ethnicity.

Groups lie along the last axis; `shares` are population shares, scaled to sum to 1; the mean is the share-weighted
mean rate; a missing rate or share makes the summary nan. Sources: the World Health Organization's Health Equity
Assessment Toolkit; Pearcy and Keppel 2002 (index of disparity); Theil 1967.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from monitor.statistics.arrays import Values, columns, divide

ZERO_RELATIVE_RATE = 1e-6
"""Stands for a zero rate where a logarithm is taken; a multiple of the mean, so the unit does not matter."""


def mean_rate(rates: ArrayLike, shares: ArrayLike) -> Values:
    """The overall rate: the rates weighted by the groups' population shares."""
    r, p = _groups(rates, shares)
    return np.sum(p * r, axis=-1)


def difference(rates: ArrayLike) -> Values:
    """The highest rate minus the lowest."""
    r = np.asarray(rates, dtype=np.float64)
    return np.max(r, axis=-1) - np.min(r, axis=-1)


def largest_ratio(rates: ArrayLike) -> Values:
    """The highest rate over the lowest; nan when the lowest is zero."""
    r = np.asarray(rates, dtype=np.float64)
    return divide(np.max(r, axis=-1), np.min(r, axis=-1))


def mean_difference(rates: ArrayLike, shares: ArrayLike, against: ArrayLike, weighted: bool = True) -> Values:
    """Average distance of the groups' rates from `against`, weighted by population shares or each counted once."""
    r, p = _groups(rates, shares)
    distance = np.abs(r - np.asarray(against, dtype=np.float64)[..., np.newaxis])
    return np.sum(p * distance, axis=-1) if weighted else np.mean(distance, axis=-1)


def index_of_disparity(rates: ArrayLike, shares: ArrayLike, weighted: bool = False) -> Values:
    """Average distance from the mean in per cent of it: 100/k sum |r - mean| / mean, or share-weighted."""
    mean = mean_rate(rates, shares)
    return (100.0 * divide(mean_difference(rates, shares, mean, weighted), mean))[()]


def between_group_variance(rates: ArrayLike, shares: ArrayLike) -> Values:
    """Share-weighted squared distance of the groups' rates from the mean; its unit is the rate's, squared."""
    r, p = _groups(rates, shares)
    return np.sum(p * (r - mean_rate(r, p)[..., np.newaxis]) ** 2, axis=-1)


def between_group_variance_error(rates: ArrayLike, shares: ArrayLike, errors: ArrayLike) -> Values:
    """Standard error of the between-group variance from each rate's, the shares being taken as known."""
    r, p = _groups(rates, shares)
    e = np.broadcast_to(np.asarray(errors, dtype=np.float64), r.shape)
    away = r - mean_rate(r, p)[..., np.newaxis]
    first = 4.0 * np.sum(p**2 * e**2 * away**2, axis=-1)
    second = (
        np.sum(p**2 * e**2, axis=-1) ** 2 - np.sum(p**4 * e**4, axis=-1) + np.sum(p**2 * (1.0 - p) ** 2 * e**4, axis=-1)
    )
    return np.sqrt(first + 2.0 * second)


def between_group_deviation(rates: ArrayLike, shares: ArrayLike) -> Values:
    """Square root of the between-group variance, in the rate's own unit."""
    return np.sqrt(between_group_variance(rates, shares))


def coefficient_of_variation(rates: ArrayLike, shares: ArrayLike) -> Values:
    """The between-group deviation as a percentage of the mean rate."""
    return (100.0 * divide(between_group_deviation(rates, shares), mean_rate(rates, shares)))[()]


def population_attributable_risk(ref_rate: ArrayLike, overall: ArrayLike) -> Values:
    """Change of the overall rate if everyone had the reference's: ref_rate - overall, never above 0."""
    best, everyone = columns(ref_rate, overall)
    return np.minimum(best - everyone, 0.0)[()]


def population_attributable_fraction(ref_rate: ArrayLike, overall: ArrayLike) -> Values:
    """The population attributable risk as a percentage of the overall rate."""
    return (100.0 * divide(population_attributable_risk(ref_rate, overall), overall))[()]


def theil(rates: ArrayLike, shares: ArrayLike) -> Values:
    """Theil index x 1000: 1000 sum p (r/mean) ln(r/mean). 0 when all rates agree."""
    relative, p = _relative(rates, shares)
    return 1000.0 * np.sum(p * relative * np.log(relative), axis=-1)


def mean_log_deviation(rates: ArrayLike, shares: ArrayLike) -> Values:
    """Mean log deviation x 1000: 1000 sum p (-ln(r/mean)). 0 when all rates agree."""
    relative, p = _relative(rates, shares)
    return -1000.0 * np.sum(p * np.log(relative), axis=-1)


def _groups(rates: ArrayLike, shares: ArrayLike) -> tuple[Values, Values]:
    r, p = columns(rates, shares)
    return r, np.asarray(divide(p, np.sum(p, axis=-1, keepdims=True)))


def _relative(rates: ArrayLike, shares: ArrayLike) -> tuple[Values, Values]:
    r, p = _groups(rates, shares)
    relative = np.asarray(divide(r, np.asarray(mean_rate(r, p))[..., np.newaxis]))
    return np.where(relative == 0, ZERO_RELATIVE_RATE, relative), p
