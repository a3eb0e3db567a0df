"""Change explained: how much of the change of each group's count is population, age mix and rate."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from monitor.declarations import Measure
from monitor.settings import UNKNOWN_WITHHELD
from monitor.statistics.decomposition import Parts, decomposed
from pipelines.deriving.adjusting import leaves, outermost
from pipelines.deriving.arithmetic import STAGE
from pipelines.deriving.denominators import Population
from pipelines.deriving.fit import Request
from pipelines.deriving.judging import EVENTS
from pipelines.deriving.residents import AGE, ALL, age_span
from pipelines.deriving.selection import SLICE, varying_by
from pipelines.deriving.trend import WHOSE, broken, two_periods

_PARTS = tuple(f"of_{part}" for part in Parts._fields)
_BEYOND = "_extrapolated"
_NUMBERS = ("earlier_count", "count", "count_change", *_PARTS, *(part + _BEYOND for part in _PARTS))
EXPLAINED: dict[str, Any] = {
    **dict.fromkeys((*WHOSE, "earlier_period", "period"), pl.String),
    **dict.fromkeys(_NUMBERS, pl.Float64),
    **dict.fromkeys(("age_mix_reason", "status", "reason"), pl.String),
    "disparity_ids": pl.List(pl.String),
}
"""Columns of a change explained. Parts that are not null add up to `count_change`; one that is null is in `of_rate`."""

SINCE = (
    "Nobody was counted since the last census: its people stand in, so what the group grew since then is in the rate. "
    "Beside it stand the parts as they would be had each group grown on."
)
UNMOVED = (
    "Nobody was counted between the two periods: both stand on the people of one census, so no growth was counted, and "
    "whatever there was is in the rate."
)
_ByAge = dict[int, float]
"""Numbers by the first age of each band."""


@dataclass(frozen=True)
class Ages:
    """Counts and people by age of a measure's groups, at any period."""

    measure: Measure
    request: Request
    figures: pl.DataFrame
    population: Population

    def of(self, earlier: Mapping[str, Any], later: Mapping[str, Any]) -> list[np.ndarray] | str:
        """Counts, people, later counts and later people along the same ages; or why there are none."""
        found: list[_ByAge] = []
        for row in (earlier, later):
            side = self._at(row)
            if isinstance(side, str):
                return side
            found += side
        starts = sorted(set.intersection(*(set(side) for side in found)))
        if len(starts) < 2:
            return "Counts and people are published by different ages."
        first = [np.array([[s for s in (starts[0], *starts) if s <= age or s == starts[0]][-1] for age in side])
                 for side in found]  # fmt: skip
        along = [np.array([np.array([*side.values()])[at == s].sum() for s in starts])
                 for side, at in zip(found, first, strict=True)]  # fmt: skip
        for at, row in ((1, earlier), (3, later)):
            # because people grown age by age are not to the person those grown as one group
            along[at] = along[at] * (row["denominator"] / along[at].sum())
        return along

    def _at(self, row: Mapping[str, Any]) -> tuple[_ByAge, _ByAge] | str:
        c, held, name, measure = self.request.characteristic, self.request.held, row["category"], self.measure
        by = "age" if name == ALL else f"{c} and age together"
        when = [pl.col(k) == row[k] for k in ("period_start", "period_end")]
        when += [pl.col("place_name") == row["place"], pl.col("system") == row["definition_id"].split("+")[0]]
        frame = varying_by([c, AGE], self.figures, held, measure.circumstances, measure.sum_over)
        frame = frame.filter(*when, pl.col(c) == name, pl.col(AGE) != ALL, pl.col("status") != "not_applicable")
        if c == AGE or frame.is_empty():
            return f"No counts by {by} are held at {row['period']}."
        counts = _first_ages(frame)
        # because a hidden count at one age is no zero, and people of unknown age have none
        if frame["value"].null_count() or sum(counts.values()) != row["count"]:
            return f"The counts by {by} at {row['period']} do not add up to everyone counted."
        key, figure = frame.select(SLICE).row(0), frame.row(0, named=True)
        people, there = self.population.by_age(key), self.population.on(key).residents
        made_of = self.population.by_age_made_of(name, figure, there) if name != ALL else []
        if isinstance(made_of, str):
            return f"No people by {by} are held for {row['period']}: {made_of}."
        whom = made_of or leaves(people[c].unique().to_list(), c)
        least = self.population.baseline.age_from or 0
        summed = people.filter(pl.col(c).is_in(whom)).group_by(AGE).agg(pl.col("value").sum())
        of_age = {first: n for first, n in _first_ages(summed).items() if first >= least}
        return (counts, of_age) if sum(of_age.values()) > 0 else f"No people by {by} are held for {row['period']}."


def _first_ages(frame: pl.DataFrame) -> _ByAge:
    found: dict[str, float] = dict(frame.select(AGE, "value").iter_rows())
    spans = {band: age_span(band) for band in outermost(list(found))}
    return {span[0]: found[band] for band, span in spans.items() if span}


def explained(found: pl.DataFrame, since: dt.date | None = None, ages: Ages | None = None) -> pl.DataFrame:
    """The change of every group's and everyone's count between the periods that `trend` compares, in parts.

    `found` are disparities at every period on one baseline, for one sex, against one reference.
    """
    counted = found.filter(pl.col("level").is_in([ALL, "groups", "detail"]))
    parts = counted.partition_by(["category", "place"], maintain_order=True)
    return pl.DataFrame([_explained(part, since, ages) for part in parts], schema=EXPLAINED)


def _explained(part: pl.DataFrame, since: dt.date | None, ages: Ages | None) -> dict[str, Any]:
    periods = two_periods(part, since)
    if periods is None:
        last = part.sort("period_end").row(-1, named=True)
        said = last["reason"] or "The people are not held for two periods, so there is no change to explain."
        kept = {k: last[k] for k in (*WHOSE, "period", "count")}
        return kept | {"status": "withheld", "reason": said, "disparity_ids": [last["disparity_id"]]}
    earlier, later = periods
    row = {k: later[k] for k in (*WHOSE, "period", "count")} | {"earlier_period": earlier["period"]}
    row |= {"earlier_count": earlier["count"], "disparity_ids": [r["disparity_id"] for r in periods]}
    if earlier["definition_id"] != later["definition_id"]:
        said = broken(later["category"], earlier["definition_id"], later["definition_id"])
        return row | {"status": "refused", "reason": said}
    if earlier["baseline"] != later["baseline"]:
        return row | {"status": "refused", "reason": "The two periods are on different baselines."}
    if None in (earlier["rate"], later["rate"]):
        why = later["reason"] if later["rate"] is None else earlier["reason"]
        return row | {"status": "withheld", "reason": why or "There is no rate at one of the two periods."}
    row["count_change"] = later["count"] - earlier["count"]
    unknown = max(r["unknown_share"] or 0.0 for r in periods)
    if later["category"] != ALL and unknown > UNKNOWN_WITHHELD:
        said = f"{100 * unknown:.0f}% are of unknown {later['characteristic']}: who is known may be what changed."
        return row | {"status": "withheld", "reason": said}
    return row | _parts(earlier, later, ages)


def _parts(earlier: dict[str, Any], later: dict[str, Any], ages: Ages | None) -> dict[str, Any]:
    sides = earlier, later
    unmoved = earlier["denominator"] == later["denominator"] and set(earlier["denominator_figures"]) == set(
        later["denominator_figures"]
    )
    by_age = UNMOVED if unmoved else ages.of(earlier, later) if ages else "No counts by age are held."
    of_no_age = isinstance(by_age, str)
    x, n, y, m = [[r[k]] for r in sides for k in ("count", "denominator")] if isinstance(by_age, str) else by_age
    is_stage = later["kind"] == STAGE
    found = [decomposed(x, n, y, m, is_stage)]
    if later["denominator_extrapolated"] is not None:
        # because ages after the census are nobody's count: each group grows on as a whole
        grown = ((r["denominator_extrapolated"] or r["denominator"]) / r["denominator"] for r in sides)
        n, m = (np.asarray(people) * by for people, by in zip((n, m), grown, strict=True))
        found.append(decomposed(x, n, y, m, is_stage))
    if not np.isfinite([np.array(parts, dtype=float) for parts in found]).all():
        return {"status": "withheld", "reason": "At one of the two periods there is nobody of the group or of an age."}
    named: dict[str, Any] = {}
    for parts, suffix in zip(found, ("", _BEYOND), strict=False):
        lost = ("of_age_mix",) * of_no_age + ("of_population",) * (unmoved and not suffix)
        named |= {n + suffix: None if n.startswith(lost) else float(v) for n, v in zip(_PARTS, parts, strict=True)}
    if isinstance(by_age, str):
        named["age_mix_reason"] = by_age
    said = [UNMOVED] * unmoved + [SINCE] * (len(found) > 1)
    said += [EVENTS] if later["counts"] == "events" else []
    return named | {"status": "shown", "reason": " ".join(said) or None}
