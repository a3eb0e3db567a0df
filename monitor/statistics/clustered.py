"""Limits that allow for what is alike within clusters: events of one prison, one court, one person."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from monitor.statistics.arrays import columns, is_base

LEAST_CLUSTERS = 20
"""Under so many clusters the spread between them is too uncertain, and no limits are made of it."""
JACKKNIFE = "delete-one jackknife"


def delete_one(ratio: float, without: ArrayLike, confidence: float = 0.95) -> tuple[float, float]:
    """Limits of a ratio from the ratios `without` each of K clusters: jackknife on logarithms, t on K - 1 degrees.

    nan under `LEAST_CLUSTERS`, and where any of the ratios is 0 or undefined because a cluster has all there is of a
    group. Tukey 1958; MacKinnon, Nielsen and Webb 2023 for few and unequal clusters.
    """
    error, freedom = _error(ratio, without)
    step = float(special.stdtrit(freedom, (1 + confidence) / 2) * error)
    return float(ratio * np.exp(-step)), float(ratio * np.exp(step))


def delete_one_p(ratio: float, without: ArrayLike) -> float:
    """Two-sided p-value that the ratio is 1, by the same error and degrees: below 0.05 where the limits leave out 1."""
    error, freedom = _error(ratio, without)
    return float(2.0 * special.stdtr(freedom, -abs(np.log(ratio)) / error)) if error > 0 else float("nan")


def _error(ratio: float, without: ArrayLike) -> tuple[float, int]:
    """The error of the logarithm of a ratio, and its degrees of freedom."""
    (each,) = columns(without)
    if each.size < LEAST_CLUSTERS or not ratio > 0 or not is_base(each).all():
        return np.nan, max(each.size - 1, 1)
    logs = np.log(each)
    return float(np.sqrt((logs.size - 1) / logs.size * ((logs - logs.mean()) ** 2).sum())), logs.size - 1
