"""Age-adjusted ratios beside the crude ones: direct where counts are published by age and group, else indirect."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from monitor.declarations import Measure
from monitor.statistics.rates import ratio
from monitor.statistics.standardisation import direct, direct_ratio, indirect
from monitor.statistics.verdict import FEWEST_PEOPLE
from monitor.vocabulary import category
from pipelines.deriving.arithmetic import STAGE
from pipelines.deriving.denominators import Population
from pipelines.deriving.fit import Refused, Request
from pipelines.deriving.groups import Groups
from pipelines.deriving.residents import AGE, ALL, Residents, age_cover, age_span, part_of
from pipelines.deriving.selection import SLICE, varying_by
from pipelines.deriving.standards import people_of
from pipelines.deriving.standards import standard as standard_called


class Adjusted(NamedTuple):
    """An adjusted ratio, its limits and the crude ratio to the same reference; `adjustment` says how."""

    adjusted_ratio: float | None
    adjusted_low: float | None
    adjusted_high: float | None
    adjusted_crude: float | None
    adjusted_reference: str
    adjustment: str


def adjusted(
    measure: Measure,
    request: Request,
    groups: Groups,
    population: Population | None,
    figures: pl.DataFrame,
    key: Sequence[Any],
) -> Mapping[str, Adjusted]:
    """Adjusted ratios by group at one slice (`key`: period, place, system); empty where ages do not allow it."""
    c = request.characteristic
    if c not in measure.adjust or population is None or AGE in request.held:
        return _unadjusted(request)
    same = [pl.col(n) == v for n, v in zip(SLICE, key, strict=True)]
    by_both = varying_by([c, AGE], figures, request.held, measure.circumstances, measure.sum_over).filter(*same)
    held, people = population.on(key).residents, population.by_age(key)
    if not held.value or people.is_empty():
        return _unadjusted(request)
    by_both = by_both.filter((pl.col(AGE) != ALL) & (pl.col("status") != "not_applicable"))
    crossed, by_age = by_both.filter(pl.col(c) != ALL), by_both.filter(pl.col(c) == ALL)
    into = _bands_of(by_both[AGE].unique().to_list(), people[AGE].unique().to_list())
    if not into:
        return _unadjusted(request)
    banded = pl.col(AGE).replace_strict(into, default=None)
    crossed, by_age = (f.with_columns(banded).drop_nulls(AGE) for f in (crossed, by_age))
    ages = _Ages(measure, c, groups, population, held, people, into)
    if not crossed.is_empty():
        return ages.direct(crossed, request.standard)
    if request.standard:
        return _unadjusted(request)
    # because a hidden count at one age is no zero
    if by_age.is_empty() or (by_age["status"] != "published").any():
        return {}
    return ages.indirect(by_age)


def _unadjusted(request: Request) -> dict[str, Adjusted]:
    if request.standard:
        raise Refused(
            f"rates cannot be averaged over the ages of {request.standard}: no counts by {request.characteristic} and "
            "age together are published here, or the measure declares no adjustment. Leave --standard out."
        )
    return {}


@dataclass(frozen=True)
class _Ages:
    """One slice whose people are known by age, as `Population.by_age` gives them; `held` has them by group.

    `into` says of each age band that is published the one it is counted in here.
    """

    measure: Measure
    characteristic: str
    groups: Groups
    population: Population
    held: Residents
    people: pl.DataFrame
    into: Mapping[str, str]

    def direct(self, crossed: pl.DataFrame, named: str | None) -> dict[str, Adjusted]:
        """Ratios of each group's rates by age, averaged over the ages of a standard `named`, else of everyone."""
        c, groups, measure = self.characteristic, self.groups, self.measure
        bands = outermost(crossed[AGE].unique().to_list())
        bases = self._bases(bands)
        if bases is None:
            return {}
        counts = _table(crossed, c, bands)
        # because a hidden count at one age is no zero: such a group has no rates by age
        hidden = set(crossed.filter(pl.col("status") != "published")[c])
        known = [n for n in leaves(list(bases), c) if (record := category(c, n)) is None or record.kind == "group"]
        standard = people_of(named, bands) if named else np.sum([bases[n] for n in known], axis=0)
        reference = measure.reference.get(c, ALL)
        compared = [n for n in groups.names if groups.kinds[n] == "group" and groups.is_shown(n) and n not in hidden]
        of = {n: base for n in compared if (base := self._people_of(n, bases)) is not None}
        if reference not in of:
            return {}
        found = {}
        for n in of:
            if n == reference:
                continue
            sides = [(counts.get(name, np.zeros(len(bands))), of[name]) for name in (n, reference)]
            merged = _merged([base for _, base in sides])
            weights, is_part = _joined(standard, merged), measure.kind == STAGE
            rates = [direct(_joined(x, merged), _joined(m, merged), weights, part_of_base=is_part) for x, m in sides]
            crude = ratio(*(np.sum(v) for side in sides for v in side))
            said = _said_of(bands, merged, measure, named) + self._put_together()
            found[n] = _answer(direct_ratio(rates[0], rates[1]), crude, reference, said)
        return found

    def indirect(self, by_age: pl.DataFrame) -> dict[str, Adjusted]:
        """Ratios of each group's count to the one expected of its ages at everyone's rates."""
        c, held = self.characteristic, self.held
        bands = outermost(by_age[AGE].to_list())
        bases = self._bases(bands)
        if bases is None:
            return {}
        outer = [n for n in held.value if n in bases and n not in held.unknown]
        everyone = np.sum([bases[n] for n in leaves(outer, c)], axis=0)
        events = np.array([by_age.filter(pl.col(AGE) == b)["value"].sum() for b in bands], dtype=float)
        found = {}
        for n in self.groups.names:
            count = self.groups.count(n)
            if self.groups.kinds[n] == "unknown" or count is None or (base := self._people_of(n, bases)) is None:
                continue
            # because only the sum of the group's events is known, they stand in one stratum of nobody
            limits = indirect(
                np.append(np.zeros(len(bands)), count),
                np.append(base, 0.0),
                np.append(events, 0.0),
                np.append(everyone, 1.0),
            )
            crude = ratio(count, base.sum(), events.sum(), everyone.sum())
            found[n] = _answer((limits.value, limits.low, limits.high), crude, ALL, _INDIRECT + self._put_together())
        return found

    def _bases(self, bands: Sequence[str]) -> dict[str, np.ndarray] | None:
        """People of each group of the baseline by age band; None where its ages do not make up every band."""
        ages = self.people[AGE].unique().to_list()
        into = {age: b for b in bands for age in age_cover(*(age_span(b) or (0, -1.0)), ages)}
        if set(into.values()) != set(bands):
            return None
        banded = self.people.with_columns(pl.col(AGE).replace_strict(into, default=None)).drop_nulls(AGE)
        return _table(banded, self.characteristic, bands)

    def _put_together(self) -> str:
        several = {b: [n for n, into in self.into.items() if into == b] for b in dict.fromkeys(self.into.values())}
        named = [f"{' and '.join(parts)} ({band})" for band, parts in several.items() if len(parts) > 1]
        return f" Ages put together because those compared with are counted so: {'; '.join(named)}." if named else ""

    def _people_of(self, name: str, bases: Mapping[str, np.ndarray]) -> np.ndarray | None:
        """The people by age whom a published group stands for; None where the baseline has no such group."""
        names = self.population.by_age_made_of(name, self.groups.published[name], self.held)
        if isinstance(names, str) or any(m not in bases for m in names):
            return None
        return np.asarray(np.sum([bases[m] for m in names], axis=0))


_INDIRECT = (
    "Adjusted for age: the count over the one expected if everyone's rates by age held for the group (indirect; "
    "those of unknown group are in everyone's rates). It is not the actual ratio, and groups so adjusted are "
    "compared with everyone, not with each other."
)


def _merged(bases: Sequence[np.ndarray]) -> list[slice]:
    """Neighbouring age bands put together until each group compared has people enough in every one."""
    stretches = [slice(i, i + 1) for i in range(len(bases[0]))]
    while len(stretches) > 1:
        empty = next((i for i, s in enumerate(stretches) if any(b[s].sum() < FEWEST_PEOPLE for b in bases)), None)
        if empty is None:
            break
        first = max(empty - 1, 0)
        stretches[first : first + 2] = [slice(stretches[first].start, stretches[first + 1].stop)]
    return stretches


def _joined(values: np.ndarray, stretches: Sequence[slice]) -> np.ndarray:
    return np.array([values[s].sum() for s in stretches])


def _said_of(bands: Sequence[str], merged: Sequence[slice], measure: Measure, named: str | None) -> str:
    whose = f"the ages of {standard_called(named).title}" if named else "the ages of everyone compared"
    few = f"Ages put together because a group has fewer than {FEWEST_PEOPLE} people of one"
    together = [" and ".join(bands[s]) for s in merged if s.stop - s.start > 1]
    return (
        f"Adjusted for age: each group's rates by age, averaged over {whose} (direct; Dobson and others 1991"
        + (
            "; the variance is that of a share, because those counted are part of the base"
            if measure.kind == STAGE
            else ""
        )
        + "). "
        + (f"{few}: {'; '.join(together)}. " if together else "")
        + "It is not the actual ratio."
    )


def _answer(limits: Sequence[Any], crude: Any, reference: str, said: str) -> Adjusted:
    value, low, high, plain = (float(v) if np.isfinite(v) else None for v in (*limits, crude))
    return Adjusted(value, low, high, plain, reference, said)


def _table(frame: pl.DataFrame, c: str, bands: Sequence[str]) -> dict[str, np.ndarray]:
    """For each group its values in the order of the bands, 0 where there is no row."""
    found: dict[str, np.ndarray] = {}
    place = {b: i for i, b in enumerate(bands)}
    for name, band, number in frame.group_by(c, AGE).agg(pl.col("value").sum()).iter_rows():
        if band in place:
            found.setdefault(name, np.zeros(len(bands)))[place[band]] = number
    return found


def outermost(names: Sequence[str]) -> list[str]:
    """Age bands that are part of no other among them, youngest first."""
    spans = {n: span for n in names if (span := age_span(n))}
    outer = [
        n
        for n, (low, high) in spans.items()
        if not any(o != n and first <= low and last >= high for o, (first, last) in spans.items())
    ]
    return sorted(outer, key=lambda n: spans[n][0])


def _bands_of(bands: Sequence[str], ages: Sequence[str]) -> dict[str, str]:
    """For each outermost band the one it is put into: neighbours together until the ages of people make each up.

    Empty where they never do.
    """
    into: dict[str, str] = {}
    together: list[str] = []
    for band in outermost(bands):
        together.append(band)
        spans = [age_span(b) or (0, 0.0) for b in together]
        low, high = spans[0][0], spans[-1][1]
        if age_cover(low, high, ages):
            named = band if len(together) == 1 else f"{low}-{high:.0f}" if math.isfinite(high) else f"{low} and over"
            into |= dict.fromkeys(together, named)
            together = []
    return {} if together else into


def leaves(names: Sequence[str], c: str) -> list[str]:
    """Groups that have no part among the names, so that everyone is counted once."""
    parents = {part_of(c, n, list(names)) for n in names}
    return [n for n in names if n not in parents]
