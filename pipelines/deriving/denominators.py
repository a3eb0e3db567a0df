"""The denominator of each published group at one period: residents, or those of the stage before."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import polars as pl

from monitor.declarations import Baseline, Measure
from monitor.store.schema import frame_schema
from pipelines.deriving.fit import Request
from pipelines.deriving.groups import Groups
from pipelines.deriving.of_the_time import ByAge, Grown, OfTheTime, OnADay, counted_by_age
from pipelines.deriving.residents import AGE, Residents, counted, covering, residents
from pipelines.deriving.selection import SLICE, varying_by


class Base(NamedTuple):
    """People, the least and the most they can be where cells are suppressed, and the figures summed."""

    value: float
    low: float
    high: float
    figures: list[str]
    others: tuple[float, ...] = ()
    """The same people as either census alone would have them, or had growth gone on; of the same length for all."""
    fewest: float | None = None
    """How few of them a census counted, where the people are grown from one to the next."""


@dataclass
class Denominators:
    """The people each group is compared with, or why there are none."""

    of: dict[str, Base | str] = field(default_factory=dict)
    everyone: Base | None = None
    known: float = 0.0
    is_exhaustive: bool = False
    unknown: float = 0.0
    nobody: str = ""
    """Why nobody is known at that date at all; empty where somebody is."""
    since: dt.date | None = None
    """The last census, where its people stand in because nobody was counted since; None where they are of the time."""

    @property
    def unknown_share(self) -> float | None:
        """The share of the people compared with whose group is not known; None where nobody is known."""
        return self.unknown / (self.known + self.unknown) if self.known else None

    def base(self, name: str) -> Base | None:
        """The people of a group, None where there are none."""
        found = self.of.get(name)
        return found if isinstance(found, Base) else None


class Population:
    """The people of one baseline, ready to be asked at any period."""

    def __init__(
        self,
        measure: Measure,
        request: Request,
        baseline: Baseline,
        figures: Mapping[str, pl.DataFrame],
        baselines: Mapping[str, Baseline],
    ) -> None:
        self.measure, self.request, self.baseline = measure, request, baseline
        self.everything = figures.get(baseline.id, pl.DataFrame(schema=frame_schema("figure")))
        self.of_the_time: list[OfTheTime] = []
        self.ends: list[tuple[Baseline, pl.DataFrame]] = []
        self.figures = self.everything
        self.held = Residents()
        self._days: dict[tuple[Any, ...], OnADay] = {}
        c, whom = request.characteristic, request.held
        if baseline.between is not None:
            self.ends = [(baselines[name], figures.get(name, self.everything)) for name in baseline.between]
            places = [baseline.place, *(e.place for e in measure.exclude if e.of(baseline))]
            self.of_the_time = [OfTheTime(baseline, self.ends, c, whom, place) for place in places]
        elif baseline.date is None:
            self.figures = varying_by([c], self.figures, whom, baseline.circumstances, baseline.sum_over)
        else:
            self.held = residents(self.figures, baseline, c, whom, baseline.place)
            for exclude in measure.exclude:
                if exclude.of(baseline):
                    self.held = self.held.without(residents(self.figures, baseline, c, whom, exclude.place))

    def at(self, key: Sequence[Any], groups: Groups) -> Denominators:
        """The people of each of `groups` at the slice `key` (period, place and counting system)."""
        day = self.on(key)
        held, others = day.residents, day.others
        found = Denominators(unknown=held.sum(sorted(held.unknown))[0], since=day.since, nobody=day.refused)
        for n in groups.names:
            if groups.kinds[n] != "unknown":
                found.of[n] = self._people(n, groups.published[n], held, others) if held.value else self._nobody()
        bases = [found.base(n) for n in groups.top]
        # because without the hidden, those known are not everyone known
        found.known = 0.0 if held.hidden else sum(b.value for b in bases if b)
        found.is_exhaustive = all(b is not None and b.value > 0 for b in bases)
        if held.everyone and held.everyone[0]:
            whole, ids = held.everyone
            beside = tuple(other.everyone[0] for other in others if other.everyone)
            found.everyone = Base(whole, whole, whole, ids, beside)
        return found

    def on(self, key: Sequence[Any]) -> OnADay:
        """The people by the baseline's own groups at a slice, and those that stand beside them."""
        if tuple(key) not in self._days:  # because counts, and the same at equal ages, both ask
            self._days[tuple(key)] = self._on(key)
        return self._days[tuple(key)]

    def _on(self, key: Sequence[Any]) -> OnADay:
        if self.of_the_time:
            slice_ = dict(zip(SLICE, key, strict=True))
            there, *elsewhere = (one.at(slice_["period_start"], slice_["period_end"]) for one in self.of_the_time)
            for other in elsewhere:
                held = there.residents.without(other.residents)
                others = tuple(o.without(e) for o, e in zip(there.others, other.others, strict=True))
                there = replace(there, residents=held, others=others)
            return there
        if self.baseline.date is None:
            return OnADay(counted(self.figures.filter(*self._when(key)), self.request.characteristic))
        return OnADay(self.held)

    def by_age(self, key: Sequence[Any]) -> pl.DataFrame:
        """The people at a slice by the baseline's own groups and age: columns of the characteristic, `age`, `value`."""
        c = self.request.characteristic
        if self.baseline.follows:
            of = varying_by(
                [c, AGE], self.everything, self.request.held, self.baseline.circumstances, self.baseline.sum_over
            )
            return counted_by_age(of.filter(*self._when(key)), c)
        if not self.of_the_time:
            return self._ages.at(1.0)
        slice_ = dict(zip(SLICE, key, strict=True))
        return self._ages.at(self.of_the_time[0].passed(slice_["period_start"], slice_["period_end"]))

    def by_age_made_of(self, name: str, figure: Mapping[str, Any], held: Residents) -> list[str] | str:
        """Which of the groups that `by_age` gives a published one is; or why none is."""
        return [name] if self.baseline.follows else self.made_of(name, figure, held)

    @cached_property
    def _ages(self) -> ByAge:
        ends = self.ends or [(self.baseline, self.everything)]
        found = []
        for end, figures in ends:
            of_the_day = (pl.col("place_code") == end.place) & (pl.col("period_end") == end.date)
            by_both = varying_by([self.request.characteristic, AGE], figures, self.request.held).filter(of_the_day)
            found.append(counted_by_age(by_both, self.request.characteristic))
        return ByAge(found[0], found[-1], self.request.characteristic, self.baseline.joined)

    def _when(self, key: Sequence[Any]) -> list[pl.Expr]:
        """Which people stand beside the slice `key`: those of the same slice, or of the one day in its period."""
        slice_ = dict(zip(SLICE, key, strict=True))
        if self.baseline.follows:
            return [pl.col(name) == value for name, value in slice_.items()]
        day = self.baseline.day_in(slice_["period_start"], slice_["period_end"])
        mine = (pl.col("period_end") == day) & (pl.col("place_code") == slice_["place_code"])
        # because two counting systems may publish one day, and nobody could say which people are meant
        systems = self.figures.filter(mine)["system"].n_unique()
        return [mine if day and systems == 1 else pl.lit(False)]

    def _nobody(self) -> str:
        whom = "".join(f" and {c} {name}" for c, name in self.request.held.items())
        return (
            f"{self.baseline.title}: no {self.baseline.population} by {self.request.characteristic}{whom} are held, so "
            "there are counts and shares only"
        )

    def _people(self, name: str, figure: Any, held: Residents, others: Sequence[Residents]) -> Base | str:
        cover = self.made_of(name, figure, held)
        if isinstance(cover, str):
            return cover
        if hidden := [m for m in cover if m in held.hidden]:
            return f"how many {self.baseline.population} are {', '.join(hidden)} is hidden, or kept back for its sake"
        if lost := [m for m in cover if m not in held.value]:
            return f"the baseline has no {', '.join(lost)}; it has {', '.join(held.value) or 'no figures'}"
        fewest = held.fewest(cover) if isinstance(held, Grown) else None
        return Base(*held.sum(cover), tuple(other.sum(cover)[0] for other in others), fewest)

    def made_of(self, name: str, figure: Mapping[str, Any], held: Residents) -> list[str] | str:
        """The baseline's groups that a published one is: as declared, else by its members; or why none is."""
        c, end = self.request.characteristic, figure["period_end"]
        for g in self.measure.regroup:
            in_force = (g.since is None or end >= g.since) and (g.until is None or end <= g.until)
            meant = (g.characteristic, g.category) == (c, name)
            if meant and in_force and (not g.baselines or self.baseline.id in g.baselines):
                return list(g.members)
        return covering(name, held, c, figure["classification"])
