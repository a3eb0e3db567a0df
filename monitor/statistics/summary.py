"""Summary measures, absolute and relative, of a whole classification, without an order (ethnicity) or in one (age).

Groups lie along the last axis; `shares` are population shares, scaled to sum to 1; the mean is the share-weighted
mean rate; a missing rate or share makes the summary nan. Sources: the World Health Organization's Health Equity
Assessment Toolkit; Pearcy and Keppel 2002 (index of disparity); Theil 1967; Wagstaff, Paci and van Doorslaer 1991.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from monitor.statistics.arrays import Values, columns, divide

ZERO_RELATIVE_RATE = 1e-6
"""Stands for a zero rate where a logarithm is taken; a multiple of the mean, so the unit does not matter."""
OF_THE_LOWEST = (
    "mean_difference_from_lowest", "mean_difference_from_lowest_unweighted", "population_attributable_risk",
    "population_attributable_fraction",
)  # fmt: skip
"""Measures from the group with the lowest rate, which say something of an outcome that nobody would wish for."""
WITHOUT_ORDER = (
    "difference", "largest_ratio", "mean_difference", "mean_difference_unweighted", "index_of_disparity",
    "index_of_disparity_weighted", "between_group_variance", "between_group_deviation", "coefficient_of_variation",
    "theil", "mean_log_deviation", *OF_THE_LOWEST,
)  # fmt: skip
IN_ORDER = ("slope_index", "relative_index", "concentration_index", "relative_concentration_index")
NEWTON_STEPS = 30
"""Steps after which a regression is given up; seven are usual."""


def mean_rate(rates: ArrayLike, shares: ArrayLike) -> Values:
    """The overall rate: the rates weighted by the groups' population shares."""
    r, p = _groups(rates, shares)
    return np.sum(p * r, axis=-1)


def without_order(rates: ArrayLike, shares: ArrayLike) -> dict[str, Values]:
    """Every measure of `WITHOUT_ORDER`, in the rate's unit, as a ratio, in per cent, or (the last two) times 1,000.

    Differences are distances from the mean, weighted by shares unless they say otherwise, or from the lowest rate;
    the attributable risk, lowest less mean, is WHO's for an adverse outcome, and never above 0.
    """
    r, p = _groups(rates, shares)
    lowest, highest = np.min(r, axis=-1), np.max(r, axis=-1)
    mean = np.sum(p * r, axis=-1)
    above = np.maximum(mean - lowest, 0.0)  # because a mean of equal rates can lie under them by its last digit
    away = np.abs(r - mean[..., np.newaxis])
    weighted, unweighted = np.sum(p * away, axis=-1), np.mean(away, axis=-1)
    variance = np.sum(p * away**2, axis=-1)
    relative = r / np.where(mean > 0, mean, np.nan)[..., np.newaxis]
    relative = np.where(relative == 0, ZERO_RELATIVE_RATE, relative)
    logarithm = np.log(relative)
    return {
        "difference": highest - lowest,
        "largest_ratio": divide(highest, lowest),
        "mean_difference": weighted,
        "mean_difference_unweighted": unweighted,
        "index_of_disparity": 100.0 * divide(unweighted, mean),
        "index_of_disparity_weighted": 100.0 * divide(weighted, mean),
        "between_group_variance": variance,
        "between_group_deviation": np.sqrt(variance),
        "coefficient_of_variation": 100.0 * divide(np.sqrt(variance), mean),
        "theil": 1000.0 * np.sum(p * relative * logarithm, axis=-1),
        "mean_log_deviation": -1000.0 * np.sum(p * logarithm, axis=-1),
        "mean_difference_from_lowest": above,
        "mean_difference_from_lowest_unweighted": np.maximum(np.mean(r, axis=-1) - lowest, 0.0),
        "population_attributable_risk": 0.0 - above,
        "population_attributable_fraction": 100.0 * divide(0.0 - above, mean),
    }


def in_order(rates: ArrayLike, shares: ArrayLike, per: float = 1.0) -> dict[str, Values]:
    """Every measure of `IN_ORDER`, of rates per `per` people, the first group being the first in the order.

    The slope and the relative index are the rate at the end of the order less, and over, that at its start, on a
    logit line fitted by maximum likelihood at the groups' midpoints, each person counting once. Both are nan where
    a group has more than one event a person, or no line fits best. Concentration is sum p (2X - 1) r, X the midpoints.
    """
    r, p = _groups(rates, shares)
    x = midpoints(p)
    first, last = _logit_ends(r / per, p, x)
    concentration = np.sum(p * (2.0 * x - 1.0) * r, axis=-1)
    return {
        "slope_index": per * (last - first),
        "relative_index": divide(last, first),
        "concentration_index": concentration,
        "relative_concentration_index": 100.0 * divide(concentration, np.sum(p * r, axis=-1)),
    }


def midpoints(shares: ArrayLike) -> Values:
    """Where the middle of each group stands among all people, from 0 at the start of the order to 1 at its end."""
    (p,) = columns(shares)
    p = np.asarray(divide(p, np.sum(p, axis=-1, keepdims=True)))
    return np.cumsum(p, axis=-1) - p / 2.0


def _logit_ends(share: Values, p: Values, x: Values) -> tuple[Values, Values]:
    """Both ends of the logit line of shares at x, weighted by p, by Newton's method; nan where there is none."""
    mean = np.sum(p * share, axis=-1)
    fits = np.all((share >= 0) & (share <= 1), axis=-1) & (mean > 0) & (mean < 1)
    start, slope = special.logit(np.where(fits, mean, 0.5)), np.zeros(fits.shape)
    known, settled = np.where(fits[..., np.newaxis], share, 0.5), ~fits
    for _ in range(NEWTON_STEPS):
        fitted = special.expit(start[..., np.newaxis] + slope[..., np.newaxis] * x)
        away, weight = p * (known - fitted), p * fitted * (1.0 - fitted)
        up, along = np.sum(away, axis=-1), np.sum(away * x, axis=-1)
        a, b, c = np.sum(weight, axis=-1), np.sum(weight * x, axis=-1), np.sum(weight * x**2, axis=-1)
        step = divide(a * along - b * up, a * c - b * b)
        start, slope = start + divide(c * up - b * along, a * c - b * b), slope + step
        settled = ~fits | (np.abs(step) < 1e-6)  # because each error is about the square of the one before it
        if settled.all():
            break
    found = fits & settled
    return np.where(found, special.expit(start), np.nan), np.where(found, special.expit(start + slope), np.nan)


def _groups(rates: ArrayLike, shares: ArrayLike) -> tuple[Values, Values]:
    (r,), (p,) = columns(rates), columns(shares)
    return r, np.asarray(divide(p, np.sum(p, axis=-1, keepdims=True)))
