"""A change of a count in parts: how many people there are, their ages, and the rate at each age."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from monitor.statistics.arrays import Values, columns, is_base, is_count
from monitor.statistics.intervals import poisson_count, wilson


class Parts(NamedTuple):
    """Parts of a change, which add up to it, and the 95% limits of each."""

    population: Values
    age_mix: Values
    rate: Values
    population_low: Values
    age_mix_low: Values
    rate_low: Values
    population_high: Values
    age_mix_high: Values
    rate_high: Values


def decomposed(
    counts: ArrayLike, people: ArrayLike, later_counts: ArrayLike, later_people: ArrayLike, part_of_base: bool = False
) -> Parts:
    """The change of a count as parts of population, age mix and rate (Das Gupta 1993, three factors).

    Ages lie along the last axis, one where ages are not known: `age_mix` is then 0 and the rest the symmetric average.
    People are taken as known: each part is then a sum of rates times what is known, and its limits are recovered from
    those of each rate (Poisson; Wilson's for counts that are `part_of_base`) after Zou and Donner 2008. All nan for bad
    counts or an age without people.
    """
    given = columns(counts, people, later_counts, later_people)
    x, n, y, m = (np.atleast_1d(v) for v in given)
    usable = np.all(is_count(x) & is_count(y) & is_base(n) & is_base(m), axis=-1, keepdims=True)
    x, n, y, m = (np.where(usable, v, np.nan) for v in (x, n, y, m))
    size, later_size = n.sum(axis=-1, keepdims=True), m.sum(axis=-1, keepdims=True)
    mix, later_mix, rate, later_rate = n / size, m / later_size, x / n, y / m
    sides = [(rate, *_rates(x, n, part_of_base)), (later_rate, *_rates(y, m, part_of_base))]
    of_a_mix, of_a_size = _averaged(size, later_size), _averaged(mix, later_mix)
    weight = mix * of_a_mix[0] + later_mix * of_a_mix[1]
    of_size, of_mix, of_rate = (
        _sum_of_rates(times, sides)
        for times in (
            [(later_size - size) * w for w in of_a_size],
            [(later_mix - mix) * w for w in of_a_mix],
            [-weight, weight],
        )
    )
    # because it is the same but for the last digit, and parts add up to the change to that too
    remaining = (y - x).sum(axis=-1) - of_size[0] - of_mix[0]
    lows, highs = ([part[end] for part in (of_size, of_mix, of_rate)] for end in (1, 2))
    return Parts(of_size[0], of_mix[0], remaining, *lows, *highs)


def _averaged(then: Values, now: Values) -> tuple[Values, Values]:
    """One factor, averaged over the orders in which the three can change: beside another of then, and of now."""
    return then / 3.0 + now / 6.0, now / 3.0 + then / 6.0


def _sum_of_rates(
    times: Sequence[Values], sides: Sequence[tuple[Values, Values, Values]]
) -> tuple[Values, Values, Values]:
    """A sum of rates, each multiplied by what is known, with its limits."""
    value, down, up = np.zeros(()), np.zeros(()), np.zeros(())
    for w, (rate, low, high) in zip(times, sides, strict=True):
        ends = w * (low - rate), w * (high - rate)
        value = value + (w * rate).sum(axis=-1)
        down = down + (np.minimum(*ends) ** 2).sum(axis=-1)
        up = up + (np.maximum(*ends) ** 2).sum(axis=-1)
    return value[()], (value - np.sqrt(down))[()], (value + np.sqrt(up))[()]


def _rates(counts: Values, people: Values, part_of_base: bool) -> tuple[Values, Values]:
    if part_of_base:
        return wilson(counts, people)
    low, high = poisson_count(counts)
    return low / people, high / people
