"""Residents of each published group: covered exactly by the baseline's own groups or a declared regrouping."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import polars as pl

from monitor.declarations import Baseline
from monitor.vocabulary import CHARACTERISTICS, UnknownWord, category, members, parse_age
from pipelines.tidy import containing

NAMED = tuple(c.id for c in CHARACTERISTICS)
ALL, AGE = "all", "age"
SYSTEM = pl.col("definition_id").str.split("+").list.first().alias("system")
"""The counting system: the first part of a definition names it, because two may publish one date."""


@dataclass
class Residents:
    """Denominators of one baseline by category, with bounds from suppressed cells and the figures summed."""

    value: dict[str, float] = field(default_factory=dict)
    low: dict[str, float] = field(default_factory=dict)
    high: dict[str, float] = field(default_factory=dict)
    figures: dict[str, list[str]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    """The categories of which a count is hidden and can be of any size."""
    everyone: tuple[float, list[str]] | None = None
    classification: dict[str, str] = field(default_factory=dict)
    """Of each category, because one table may count some groups otherwise than others."""

    def sum(self, names: Sequence[str]) -> tuple[float, float, float, list[str]]:
        """Residents of several groups together: value, low, high, figures."""
        return (
            sum(self.value[n] for n in names),
            sum(self.low[n] for n in names),
            sum(self.high[n] for n in names),
            [f for n in names for f in self.figures[n]],
        )

    def without(self, other: "Residents") -> "Residents":
        """These residents less those of a place that the numerator does not count."""
        rest = Residents(classification=self.classification, unknown=self.unknown, hidden=self.hidden | other.hidden)
        for name in self.value:
            rest.value[name] = self.value[name] - other.value.get(name, 0.0)
            rest.low[name] = self.low[name] - other.high.get(name, 0.0)
            rest.high[name] = self.high[name] - other.low.get(name, 0.0)
            rest.figures[name] = self.figures[name] + other.figures.get(name, [])
        if self.everyone and other.everyone:
            rest.everyone = (self.everyone[0] - other.everyone[0], self.everyone[1] + other.everyone[1])
        return rest


def residents(
    figures: pl.DataFrame, baseline: Baseline, characteristic: str, held: Mapping[str, str], place: str
) -> Residents:
    """Residents by category of `characteristic` from a baseline's figures: summed over what is not asked for.

    `figures` are observations of the one table that the baseline names for the characteristic, `held` the category
    of other characteristics. A suppressed cell adds its bounds, never a zero; the value is the sum of what is
    published.
    """
    frame = figures.filter(
        (pl.col("place_code") == place) & (pl.col("period_end") == baseline.date) & (pl.col("circumstances") == "{}")
    )
    for d, name in held.items():
        of_age = _age_cover(name, frame[AGE].unique().to_list()) if d == AGE else [name]
        frame = frame.filter(pl.col(d).is_in([] if isinstance(of_age, str) else of_age))
    others = [d for d in NAMED if d != characteristic and d not in held and frame.height and (frame[d] != ALL).any()]
    for d in others:
        if d == AGE and (baseline.age_from is not None or baseline.age_to is not None):
            continue
        elif (frame[d] == ALL).any():
            frame = frame.filter(pl.col(d) == ALL)
    bounded = baseline.age_from is not None or baseline.age_to is not None
    if (characteristic == AGE or bounded) and (frame[AGE] != ALL).any():
        frame = _within_ages(frame, baseline.age_from, baseline.age_to)
    return counted(frame, characteristic)


def counted(frame: pl.DataFrame, characteristic: str) -> Residents:
    """People by category from figures that vary by `characteristic` only, or are to be summed over the rest."""
    if frame.schema["figure_id"] != pl.List(pl.String):
        frame = frame.with_columns(pl.concat_list("figure_id"))
    total = frame.filter((pl.col(characteristic) == ALL) & (pl.col("status") == "published"))
    frame = frame.filter(pl.col(characteristic) != ALL)
    found = Residents()
    if frame.is_empty():
        return found
    named = frame.filter(pl.col("classification").is_not_null()).select(characteristic, "classification")
    found.classification = dict(named.unique(maintain_order=True).iter_rows())
    usable = frame.filter(pl.col("status").is_in(["published", "suppressed"]))
    summed = usable.group_by(characteristic, maintain_order=True).agg(
        value=pl.col("value").fill_null(0).sum(),
        low=pl.coalesce("value", "value_low").fill_null(0).sum(),
        high=pl.coalesce("value", "value_high").sum(),
        figures=pl.col("figure_id").explode(),
    )
    found.hidden = {*usable.filter((pl.col("status") == "suppressed") & pl.col("value_high").is_null())[characteristic]}
    for name, value, low, high, ids in summed.iter_rows():
        found.value[name], found.low[name], found.high[name], found.figures[name] = value, low, high, ids
        record = category(characteristic, name)
        if record is not None and record.kind == "unknown":
            found.unknown.add(name)
    if total.height == 1:
        found.everyone = (total["value"][0], total["figure_id"][0].to_list())
    elif not found.hidden:
        outer = [n for n in found.value if part_of(characteristic, n, list(found.value)) is None]
        summed_up = found.sum(outer)
        found.everyone = (summed_up[0], summed_up[3])
    return found


def part_of(characteristic: str, name: str, seen: list[str]) -> str | None:
    """The category of which this one is a part, among those seen."""
    if characteristic == AGE:
        return containing(name, seen)
    record = category(characteristic, name)
    return record.parent if record and record.parent in seen else None


def _within_ages(frame: pl.DataFrame, low: int | None, high: int | None) -> pl.DataFrame:
    """The finest bands of age within bounds, every age once; none where they leave out an age between the bounds."""
    spans = [span for name in frame[AGE].unique() if name != ALL and (span := age_span(name))]
    first = low if low is not None else min((start for start, _ in spans), default=0)
    return frame.filter(pl.col(AGE).is_in(age_cover(first, _last(high), frame[AGE].unique().to_list())))


def age_cover(low: float, high: float, names: Sequence[str]) -> list[str]:
    """The finest bands among `names` that make up ages `low` to `high`, each once; none if one is left out."""
    kept: list[str] = []
    spans = sorted((span, name) for name in names if (span := age_span(name)))
    reached = low
    while found := [(last, name) for (first, last), name in spans if first == reached and last <= high]:
        last, name = min(found)
        kept.append(name)
        reached = last + 1
    return kept if reached > high or math.isinf(reached) else []


def _last(high: int | None) -> float:
    return math.inf if high is None else high


def covering(wanted: str, found: Residents, characteristic: str, code: str | None) -> list[str] | str:
    """The baseline's groups that are exactly the group wanted, or the reason why there are none."""
    names = [n for n in found.value if n not in found.unknown]
    if characteristic == AGE:
        return _age_cover(wanted, names)
    if characteristic != "ethnicity":
        return [wanted] if wanted in names else f"the baseline has no group {wanted!r}; it has {', '.join(names)}"
    target = _members(code, wanted)
    if not target:
        return f"{wanted!r} is not a group of classification {code}; name its members in a regroup"
    cover, reached = [], frozenset[str]()
    for name in names:
        part = _members(found.classification.get(name), name)
        if part and part <= target and not part & reached:
            cover.append(name)
            reached |= part
    by = " and ".join(sorted(set(found.classification.values()))) or None
    if reached == target:
        moved = _moved(wanted, cover, names)
        if not moved:
            return cover
        return (
            f"{wanted!r} ({code}) stands for {', '.join(cover)} of the baseline ({by}), which counts "
            f"{moved}. Declare a regroup with its reason."
        )
    return (
        f"{wanted!r} ({code}) stands for {', '.join(sorted(target))}; the baseline ({by}) cannot be "
        f"summed to that ({', '.join(sorted(target - reached))} left over). Declare a regroup with its reason."
    )


def _members(code: str | None, name: str) -> frozenset[str]:
    """The detailed groups that a group of a baseline is made of; none where its classification has no such group."""
    try:
        return members(code or "19A", name)
    except UnknownWord:
        return frozenset()


def _moved(wanted: str, cover: Sequence[str], names: Sequence[str]) -> str:
    """How the baseline groups the same people otherwise: in words, empty where broad groups agree."""
    broad = {n: record.parent for n in names if (record := category("ethnicity", n))}
    outer = {parent for n in cover if (parent := broad.get(n))}
    if len(outer) > 1:
        return f"them in {' and '.join(sorted(outer))}"
    known = category("ethnicity", wanted)
    if outer and (known is None or known.parent is None):
        # because a broad group is its detailed groups: one that stands elsewhere was moved
        missing = [n for n in names if broad.get(n) in outer and n not in cover]
        return f"{', '.join(missing)} in {outer.pop()} besides" if missing else ""
    return ""


def _age_cover(wanted: str, names: list[str]) -> list[str] | str:
    if wanted in names:
        return [wanted]
    outer = age_span(wanted)
    if outer is None:
        return f"{wanted!r} is not an age"
    return age_cover(*outer, names) or f"the baseline's ages do not add up to {wanted}"


@cache
def age_span(name: str) -> tuple[int, float] | None:
    """The first and last age of a band, infinity where it is open; None for what is no band of ages."""
    band = parse_age(name, bare=True)
    return (band.low, math.inf if band.high is None else band.high) if band else None
