"""Residents on a day between two censuses: each group grown steadily from the one to the other.

What it makes true: a count of 2016 stands over the people of 2016, and beside it stands what either census alone would
say. What it refuses: a day before the first census, one far beyond the last, and groups that not both separate.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from monitor.declarations import Baseline
from monitor.statistics.between import between
from pipelines.deriving.residents import AGE, ALL, Residents, age_cover, age_span, residents

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
            figures = self._resting_on(everyone[0][1], everyone[1][1])
            whole = _people(everyone[0][:1], everyone[1][:1], self.passed)[0]
            self.everyone = (whole - away, figures)

    def sum(self, names: Sequence[str]) -> tuple[float, float, float, list[str]]:
        """Residents of several groups together: value, low, high, figures."""
        *then, first = self.earlier.sum(names)
        *now, last = self.later.sum(names)
        value, low, high = _people(then, now, self.passed)
        figures = self._resting_on(first, last)
        for other in self.less:
            away, least, most, more = other.sum(names)
            value, low, high, figures = value - away, low - most, high - least, figures + more
        return value, low, high, figures

    def _resting_on(self, first: list[str], last: list[str]) -> list[str]:
        return last if self.passed == 1 else first if self.passed == 0 else [*first, *last]

    def fewest(self, names: Sequence[str]) -> float:
        """The fewest residents that either census counted of several groups together, every place included."""
        return min(self.earlier.sum(names)[0], self.later.sum(names)[0])

    def without(self, other: Residents) -> "Grown":
        """These residents less those of a place, each grown for itself."""
        return Grown(passed=self.passed, earlier=self.earlier, later=self.later, less=(*self.less, other))


def _people(earlier: Sequence[float], later: Sequence[float], passed: float) -> list[float]:
    return [float(round(n)) for n in between(earlier, later, passed).tolist()]  # because none is a tenth of a person


@dataclass(frozen=True)
class OnADay:
    """Residents of a day and those that stand beside them, or why there are none.

    The others are those of either census or, where nobody was counted `since` the last, those there would be had
    growth gone on; then all of them with groups that the earlier census had not counted with another.
    """

    residents: Residents
    others: tuple[Residents, ...] = ()
    since: dt.date | None = None
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
        last = self.ends[1]
        self.ends[1] = _joined(last, baseline.joined)
        self.doubted = [_joined(last, {whole: parts}) for whole, parts in baseline.or_joined.items()]
        self._known: dict[tuple[float, int], Grown] = {}

    def at(self, start: dt.date, end: dt.date) -> OnADay:
        """The residents in the middle of a period; a reason in their place where there are none."""
        first, last = self.days
        passed = self.passed(start, end)
        if passed < 0:
            return OnADay(Residents(), refused=f"{self.title}: nobody was counted before {first:%-d %B %Y}.")
        if passed > self.passed(*[last.replace(year=last.year + YEARS_BEYOND)] * 2):
            return OnADay(Residents(), refused=f"{self.title}: nobody was counted for so long after {last:%-d %B %Y}.")
        there, beside = (1.0, (passed,)) if passed >= 1 else (passed, (0.0, 1.0))
        doubted = [self._after(at, n) for n in range(1, len(self.doubted) + 1) for at in (there, *beside)]
        others = (*(self._after(at) for at in beside), *doubted)
        return OnADay(self._after(there), others, since=last if passed > 1 else None)

    def passed(self, start: dt.date, end: dt.date) -> float:
        """The share of the time between the censuses that had passed in the middle of a period."""
        first, last = self.days
        return (start + (end - start) / 2 - first).days / (last - first).days

    def _after(self, passed: float, doubted: int = 0) -> Grown:
        if (passed, doubted) not in self._known:
            later = self.doubted[doubted - 1] if doubted else self.ends[1]
            self._known[passed, doubted] = Grown(passed=passed, earlier=self.ends[0], later=later)
        return self._known[passed, doubted]


class ByAge:
    """People by group and age as two censuses counted them, and on every day between in the earlier's bands."""

    def __init__(self, earlier: pl.DataFrame, later: pl.DataFrame, c: str, joined: Mapping[str, Sequence[str]]) -> None:
        into = {part: whole for whole, parts in joined.items() for part in parts}
        later = later.with_columns(pl.col(c).replace(into))
        self._c, self._later = c, _summed(later, c)
        ages = later[AGE].unique().to_list()
        bands = {age: b for b in earlier[AGE].unique() for age in age_cover(*(age_span(b) or (0, -1.0)), ages)}
        banded = later.with_columns(pl.col(AGE).replace_strict(bands, default=None, return_dtype=pl.String))
        self._both = earlier.join(_summed(banded.drop_nulls(AGE), c), on=[c, AGE], suffix="_later")

    def at(self, passed: float) -> pl.DataFrame:
        """People when a share `passed` of the time between had; from the later census on, as it counted them."""
        if passed >= 1:
            return self._later
        people = between(self._both["value"].to_numpy(), self._both["value_later"].to_numpy(), passed)
        return self._both.select(self._c, AGE, value=pl.Series(people))


def counted_by_age(frame: pl.DataFrame, c: str) -> pl.DataFrame:
    """Figures as people by group and age: columns `c`, `age`, `value`."""
    # because a suppressed cell of single years is a handful of people among thousands; its lower limit stands
    value = pl.coalesce("value", "value_low").fill_null(0.0)
    return frame.filter((pl.col(AGE) != ALL) & (pl.col(c) != ALL)).select(c, AGE, value=value)


def _summed(people: pl.DataFrame, c: str) -> pl.DataFrame:
    return people.group_by(c, AGE, maintain_order=True).agg(pl.col("value").sum())


def _joined(found: Residents, joined: Mapping[str, Sequence[str]]) -> Residents:
    """Some groups counted with another, as the census before did."""
    made = replace(
        found, value=dict(found.value), low=dict(found.low), high=dict(found.high), figures=dict(found.figures)
    )
    for whole, parts in joined.items():
        names = [n for n in (whole, *parts) if n in found.value]
        if whole in names:
            made.value[whole], made.low[whole], made.high[whole], made.figures[whole] = found.sum(names)
            for n in names[1:]:
                del made.value[n], made.low[n], made.high[n], made.figures[n]
    return made
