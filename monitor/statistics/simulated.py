"""Limits of a summary measure of several groups: the truths along one line that would seldom give what was found.

A measure built of distances between groups is raised by chance alone, most where groups are nearly equal, so that
percentiles of repeated draws do not hold its truth. Here the rates counted are moved along a line: groups without an
order nearer to their mean and further from it, in proportion; groups in an order up or down along it. The limits are
the values of the measure where what was found is the 97.5th and the 2.5th percentile of draws (Neyman 1937), the upper
one never below the 97.5th percentile of draws from what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from monitor.statistics.arrays import Limits, Values, columns

SIMULATED = "inverted simulation"
SEED, DRAWS = 1937, 799
TAILS = (19, 779)
"""Where the 2.5th and the 97.5th percentile of so many draws stand."""
FEWEST_EXPECTED = 5
"""Events expected of every group, were all rates equal (of a stage, people without one too), for limits to hold."""
NEARER, FURTHER = (-1.0, -0.75, -0.5, -0.25, 0.0), (0.5, 1.0, 2.0, 4.0)
"""Where truths are tried: at -1 all groups are equal, at 0 as found; beyond, in multiples of a half or of the noise."""


def too_few(counts: ArrayLike, bases: ArrayLike, of_a_stage: bool) -> bool:
    """Whether a group has no event, or fewer are expected of one than limits need."""
    x, n = columns(counts, bases)
    # because to ask it of the counts themselves would choose those that chance made high
    share = np.sum(x) / np.sum(n)
    expected = n * (min(share, 1.0 - share) if of_a_stage else share)
    return bool(np.any(x == 0) or np.any(expected < FEWEST_EXPECTED))


def simulated_limits(
    counts: ArrayLike,
    bases: ArrayLike,
    measures: Callable[[Values, Values], Mapping[str, Values]],
    order: ArrayLike | None = None,
    of_a_stage: bool = False,
) -> dict[str, Limits]:
    """95% limits (low, high) of every measure of rates and shares of the people, which hold what was found.

    `order` is where each group stands in its order, None for groups without one. Counts are drawn as Poisson, of a
    stage as binomial, on the scale that makes their variance constant (Anscombe 1948), always the same draws. They
    are nan where all rates agree exactly, which have no line, and where the measure is; a ratio may have no upper one,
    which is inf.
    """
    x, n = columns(counts, bases)
    if order is None:  # because a group must get the same draws however the groups are listed
        x, n = (v[np.lexsort((n, x))] for v in (x, n))
    rates, shares, mean = x / n, n / np.sum(n), np.sum(x) / np.sum(n)
    found = measures(rates, shares)
    if order is None:
        noise = mean * (1.0 - mean if of_a_stage else 1.0) / n
        signal = np.sum((rates - mean) ** 2 / noise) / (x.size - 1)
        if not signal > 1e-12:
            return dict.fromkeys(found, (np.asarray(np.nan), np.asarray(np.nan)))
        steps = np.array([*NEARER, *(max(0.5, signal**-0.5) * step for step in FURTHER)])
        direction = np.log(rates / mean)
    else:
        steps = np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])
        direction = np.asarray(order, dtype=np.float64)
    line = rates * np.exp(steps[:, np.newaxis] * direction)
    if order is not None:  # because a slope that takes the overall rate with it need not grow
        line *= mean / np.sum(shares * line, axis=-1, keepdims=True)
    line = np.minimum(line, 1.0) if of_a_stage else line
    # groups first in memory, because sums over them are then of whole rows
    drawn = np.moveaxis(_drawn(line.T[..., np.newaxis], n[:, np.newaxis, np.newaxis], of_a_stage), 0, -1)
    truths, spread = measures(line, shares), measures(drawn, shares)
    here = np.flatnonzero(steps == 0.0)[0]
    return {name: _limits(found[name], truths[name], spread[name], here, order is None) for name in found}


def _drawn(rates: Values, bases: Values, of_a_stage: bool) -> Values:
    evenly = np.tile(special.ndtri(np.arange(1, DRAWS + 1) / (DRAWS + 1)), (rates.shape[0], 1, 1))
    z = np.random.default_rng(SEED).permuted(evenly, axis=-1)
    if of_a_stage:
        return np.sin(np.clip(np.arcsin(np.sqrt(rates)) + z / (2.0 * np.sqrt(bases)), 0.0, np.pi / 2)) ** 2
    return np.maximum((np.sqrt(rates * bases) + z / 2.0) ** 2 - 0.25, 0.0) / bases


def _limits(found: Values, truths: Values, drawn: Values, here: np.intp, uneven: bool) -> Limits:
    sign = -1.0 if truths[0] > truths[-1] else 1.0
    found, truths = sign * found, sign * truths
    # because a ratio over no events is beyond every number
    ranked = np.partition(np.where(np.isnan(drawn), np.inf, sign * drawn), TAILS, axis=-1)
    lower, upper = (ranked[..., tail] for tail in TAILS)
    low = np.interp(found, np.maximum.accumulate(upper), truths, right=lower[here])
    high = np.interp(found, np.maximum.accumulate(lower), truths, right=upper[here])
    # because on this line the group found highest stays so, and in truth another may be
    high = np.maximum(high, upper[here]) if uneven else high
    low, high = np.minimum(low, found), np.maximum(high, found)
    return (low, high) if sign > 0 else (-high, -low)
