"""What may be said of a ratio: more, less, the same, or on what it depends. Every word that is shown follows from it.

What it makes true: a direction holds on every bound that stands beside the ratio. What it refuses: to call a
difference that was not found no difference.
"""

from collections.abc import Mapping
from typing import NamedTuple

MORE, LESS, SAME, DEPENDS, TOO_FEW = "more", "less", "same", "depends", "too_few"
DIRECTIONS = (MORE, LESS)
GOOD, FAIR, LOW = "good", "fair", "low"
SAME_WITHIN = 1.05
"""How far from 1 either way every limit may lie for two rates to be called the same: this project's convention."""
FEW, SOME, FEWEST_PEOPLE = 20, 100, 50
"""Events under which a rate is of low, or of fair reliability; and the people under whom it is of low."""

Range = tuple[float | None, float | None]
"""The least and the most of a ratio; no most where it has no limit."""


class Verdict(NamedTuple):
    """What may be said of a ratio, and what keeps a direction from being said."""

    verdict: str
    depends_on: tuple[str, ...] = ()


def side(bounds: Range) -> int:
    """On which side of 1 a range lies: 1 above, -1 below, 0 where it includes 1."""
    low, high = bounds
    if low is not None and low > 1:
        return 1
    return -1 if high is not None and high < 1 else 0


def verdict(
    interval: Range, beside: Mapping[str, Range], *, opposed: tuple[str, ...] = (), few: bool = False
) -> Verdict:
    """What may be said of a ratio with its 95% interval and the ranges `beside` it, by what each depends on.

    `opposed` are things that turn the direction round (an adjustment, say), `few` that it rests on small numbers.
    """
    leans = side(interval)
    open_ = tuple(name for name, bounds in beside.items() if side(bounds) != leans)
    if leans:
        return Verdict(DEPENDS, (*open_, *opposed)) if open_ or opposed else Verdict(MORE if leans > 0 else LESS)
    if few:
        return Verdict(TOO_FEW)
    if all(_within(bounds) for bounds in (interval, *beside.values())):
        return Verdict(SAME)
    return Verdict(
        DEPENDS, ("interval", *(name for name, bounds in beside.items() if not side(bounds) and _moves(bounds)))
    )


def _within(bounds: Range) -> bool:
    low, high = bounds
    return low is not None and high is not None and low >= 1 / SAME_WITHIN and high <= SAME_WITHIN


def _moves(bounds: Range) -> bool:
    return bounds[0] != bounds[1]


def reliability(*cells: tuple[float, float], of_a_stage: bool = False) -> str:
    """How far counts carry a rate or ratio, from the (events, people) of each side: good, fair or low.

    Of a stage those who did not go on count too. Relative standard errors of about 10% and 22% (National Center for
    Health Statistics and Office for National Statistics: fewer than 20 events are unreliable).
    """
    events = [min(x, n - x) if of_a_stage else x for x, n in cells]
    if min(events) < FEW or min(n for _, n in cells) < FEWEST_PEOPLE:
        return LOW
    return FAIR if min(events) < SOME else GOOD
