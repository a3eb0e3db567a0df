"""Residents on a day between two censuses: each group grown steadily from the one to the other.

What it makes true: a count of 2016 stands over the people of 2016, and beside it stands what either census alone would
say. What it refuses: a day before the first census, one far beyond the last, and groups that not both separate.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from monitor.declarations import Baseline
from monitor.statistics.between import between
from pipelines.deriving.residents import Residents, residents

YEARS_BEYOND = 10
"""For so many years after the last census its people stand in; then the next one is due."""


@dataclass
class Grown(Residents):
    """Residents of two censuses when a share `passed` of the time between had: groups together grow as one group.

    `less` are those of places that are not counted.
    """

    passed: float = 0.0
    earlier: Residents = field(default_factory=Residents)
    later: Residents = field(default_factory=Residents)
    less: tuple[Residents, ...] = ()

    def __post_init__(self) -> None:
        for name in self.earlier.value:
            if name in self.later.value:
                self.value[name], self.low[name], self.high[name], self.figures[name] = self.sum([name])
        self.classification = self.earlier.classification
        everyone = self.earlier.everyone, self.later.everyone
        if everyone[0] and everyone[1]:
            away = sum(other.everyone[0] for other in self.less if other.everyone)
            self.everyone = (_people(everyone[0][0], everyone[1][0], self.passed) - away, [])

    def sum(self, names: Sequence[str]) -> tuple[float, float, float, list[str]]:
        """Residents of several groups together: value, low, high, figures."""
        *then, figures = self.earlier.sum(names)
        *now, more = self.later.sum(names)
        value, low, high = (_people(a, b, self.passed) for a, b in zip(then, now, strict=True))
        figures = [*figures, *more]
        for other in self.less:
            away, least, most, more = other.sum(names)
            value, low, high, figures = value - away, low - most, high - least, figures + more
        return value, low, high, figures

    def without(self, other: Residents) -> "Grown":
        """These residents less those of a place, each grown for itself."""
        return Grown(passed=self.passed, earlier=self.earlier, later=self.later, less=(*self.less, other))


def _people(earlier: float, later: float, passed: float) -> float:
    return float(round(float(between(earlier, later, passed))))  # because no table has a tenth of a person


@dataclass(frozen=True)
class OnADay:
    """Residents of a day and those that stand beside them (of either census, or as if growth went on); or why none."""

    residents: Residents
    others: tuple[Residents, ...] = ()
    refused: str = ""


class OfTheTime:
    """The residents of two censuses and of every day between, by the categories of one characteristic.

    `ends` are the two censuses' baselines with the figures of their tables, the earlier first.
    """

    def __init__(
        self,
        baseline: Baseline,
        ends: Sequence[tuple[Baseline, pl.DataFrame]],
        characteristic: str,
        held: Mapping[str, str],
        place: str,
    ) -> None:
        self.title = baseline.title
        self.days = (ends[0][0].date or dt.date.min, ends[1][0].date or dt.date.min)
        ages = {"age_from": baseline.age_from, "age_to": baseline.age_to}
        self.ends = [residents(f, end.model_copy(update=ages), characteristic, held, place) for end, f in ends]
        for whole, parts in baseline.joined.items():
            _join(self.ends[1], whole, parts)
        self._known: dict[float, Grown] = {}

    def at(self, start: dt.date, end: dt.date) -> OnADay:
        """The residents in the middle of a period; a reason in their place where there are none."""
        first, last = self.days
        day = start + (end - start) / 2
        if day < first:
            return OnADay(Residents(), refused=f"{self.title}: nobody is known before {first:%-d %B %Y}")
        if day > last.replace(year=last.year + YEARS_BEYOND):
            return OnADay(Residents(), refused=f"{self.title}: nobody is known so long after {last:%-d %B %Y}")
        passed = (day - first).days / (last - first).days
        if passed >= 1:
            return OnADay(self._after(1.0), (self._after(passed),))
        return OnADay(self._after(passed), (self._after(0.0), self._after(1.0)))

    def _after(self, passed: float) -> Grown:
        if passed not in self._known:
            self._known[passed] = Grown(passed=passed, earlier=self.ends[0], later=self.ends[1])
        return self._known[passed]


def _join(found: Residents, whole: str, parts: Sequence[str]) -> None:
    """Count some groups with another, as the census before did."""
    names = [n for n in (whole, *parts) if n in found.value]
    if whole in names:
        found.value[whole], found.low[whole], found.high[whole], found.figures[whole] = found.sum(names)
        for n in names[1:]:
            del found.value[n], found.low[n], found.high[n], found.figures[n]
