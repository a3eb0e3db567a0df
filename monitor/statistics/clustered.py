"""Limits that allow for what is alike within clusters: events of one prison, one court, one person."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from monitor.statistics.arrays import columns, is_base

LEAST_CLUSTERS = 20
"""Under so many clusters the spread between them is too uncertain, and no limits are made of it."""


def delete_one(ratio: float, without: ArrayLike, confidence: float = 0.95) -> tuple[float, float]:
    """Limits of a ratio from the ratios `without` each of K clusters: jackknife on logarithms, t on K - 1 degrees.

    nan under `LEAST_CLUSTERS`, and where any of the ratios is 0 or undefined because a cluster has all there is of a
    group. Tukey 1958; MacKinnon, Nielsen and Webb 2023 for few and unequal clusters.
    """
    (each,) = columns(without)
    if each.size < LEAST_CLUSTERS or not ratio > 0 or not is_base(each).all():
        return np.nan, np.nan
    logs = np.log(each)
    error = np.sqrt((logs.size - 1) / logs.size * ((logs - logs.mean()) ** 2).sum())
    step = float(special.stdtrit(logs.size - 1, (1 + confidence) / 2) * error)
    return float(ratio * np.exp(-step)), float(ratio * np.exp(step))
