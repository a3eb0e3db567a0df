"""A change of a count in parts: how many people there are, their ages, and the rate at each age."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from monitor.statistics.arrays import Values, columns, is_base, is_count
from monitor.statistics.intervals import poisson_count, wilson


class Parts(NamedTuple):
    """Parts of a change, which add up to it; `rate_low` and `rate_high` are the 95% limits of `rate`."""

    population: Values
    age_mix: Values
    rate: Values
    rate_low: Values
    rate_high: Values


def decomposed(
    counts: ArrayLike, people: ArrayLike, later_counts: ArrayLike, later_people: ArrayLike, part_of_base: bool = False
) -> Parts:
    """The change of a count as parts of population, age mix and rate (Das Gupta 1993, three factors).

    Ages lie along the last axis, one where ages are not known: `age_mix` is then 0 and the rest the symmetric average.
    People are taken as known; limits from those of each rate (Poisson; Wilson's for counts that are `part_of_base`) by
    variance estimates recovery (Zou and Donner 2008). All nan for bad counts or an age without people.
    """
    given = columns(counts, people, later_counts, later_people)
    x, n, y, m = (np.atleast_1d(v) for v in given)
    usable = np.all(is_count(x) & is_count(y) & is_base(n) & is_base(m), axis=-1, keepdims=True)
    x, n, y, m = (np.where(usable, v, np.nan) for v in (x, n, y, m))
    size, later_size = n.sum(axis=-1, keepdims=True), m.sum(axis=-1, keepdims=True)
    mix, later_mix, rate, later_rate = n / size, m / later_size, x / n, y / m
    of_size = (_mean(mix, rate, later_mix, later_rate) * (later_size - size)).sum(axis=-1)
    of_mix = (_mean(size, rate, later_size, later_rate) * (later_mix - mix)).sum(axis=-1)
    weight = _mean(size, mix, later_size, later_mix)
    (low, high), (later_low, later_high) = (_rates(*side, part_of_base) for side in ((x, n), (y, m)))
    # because it is the sum of weight x difference of rates but for the last digit, and parts add up to that too
    of_rate = (y - x).sum(axis=-1) - of_size - of_mix
    down = np.sqrt((weight**2 * ((later_rate - later_low) ** 2 + (high - rate) ** 2)).sum(axis=-1))
    up = np.sqrt((weight**2 * ((later_high - later_rate) ** 2 + (rate - low) ** 2)).sum(axis=-1))
    return Parts(of_size[()], of_mix[()], of_rate, of_rate - down, of_rate + up)


def _mean(a: Values, b: Values, later_a: Values, later_b: Values) -> Values:
    """The product of two factors, averaged over the orders in which the three can change."""
    return np.asarray((a * b + later_a * later_b) / 3.0 + (a * later_b + later_a * b) / 6.0)


def _rates(counts: Values, people: Values, part_of_base: bool) -> tuple[Values, Values]:
    if part_of_base:
        return wilson(counts, people)
    low, high = poisson_count(counts)
    return low / people, high / people
