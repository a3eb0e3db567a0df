"""Summary measures of a classification, one row a period and level, beside the ratios."""

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from monitor.statistics import summary
from monitor.statistics.arrays import Limits, Values
from monitor.statistics.intervals import poisson_rate, wilson
from monitor.statistics.simulated import FEWEST_EXPECTED, SIMULATED, simulated_limits, too_few
from monitor.store.schema import frame_schema
from pipelines.deriving.arithmetic import STAGE
from pipelines.deriving.judging import EVENTS
from pipelines.deriving.residents import AGE, age_span

ORDERED = (AGE,)
ROUNDING = 0.005
"""How far from 1 the shares of a whole level may add up to, because publishers round."""
_SAID = (
    "measure", "edition", "characteristic", "period", "period_start", "period_end", "place", "sex", "level", "baseline",
    "per",
)  # fmt: skip
_ENDS = ("", "_low", "_high")
KEY = ("period_start", "period_end", "place", "level", "sex", "baseline")


def summaries(found: pl.DataFrame, adverse: bool = False) -> list[dict[str, Any]]:
    """Summary measures of every period and level of `found`, disparities of one measure by one characteristic.

    Rates are per `per`; what is per cent or times 1,000, `monitor.statistics.summary` says. Measures from the group
    with the lowest rate are given where the measure is declared `adverse`; those in order by age, youngest first.
    """
    named = found.filter(pl.col("level").is_in(["groups", "detail"]))
    rows = []
    for part in named.partition_by(list(KEY), maintain_order=True):
        first = part.row(0, named=True)
        said = {k: first[k] for k in _SAID} | {"groups": part["category"].to_list()}
        by_age = _youngest_first(part) if first["characteristic"] in ORDERED else None
        if refusal := _not_whole(part, first["characteristic"] in ORDERED and by_age is None):
            rows.append(said | {"status": "withheld", "reason": f"No summary: {refusal}."})
        else:
            measured = _measured(part if by_age is None else by_age, adverse, by_age is not None)
            rows.append(said | measured | {"status": "shown"})
    return rows


def every_summary(disparities: pl.DataFrame, adverse: Collection[str]) -> pl.DataFrame:
    """The summary measures of every measure by every characteristic: the store's `summary`. `adverse` are measures."""
    schema = frame_schema("summary")
    parts = disparities.partition_by(["measure", "characteristic"], maintain_order=True)
    rows = [row for part in parts for row in summaries(part, part["measure"][0] in adverse)]
    return pl.DataFrame([{n: row.get(n) for n in schema} for row in rows], schema=schema)


def _youngest_first(part: pl.DataFrame) -> pl.DataFrame | None:
    """The groups by age; None where two overlap or one is no age."""
    known = sorted((*span, row) for row, name in enumerate(part["category"]) if (span := age_span(name)))
    if len(known) < part.height or any(high >= low for (_, high, _), (low, _, _) in pairwise(known)):
        return None
    return part[[row for _, _, row in known]]


def _not_whole(part: pl.DataFrame, without_ages: bool) -> str | None:
    """Why the groups of a level are not a whole that can be summed up; None where they are."""
    covered = float(part["share"].sum())
    if part["gap_points"].null_count() or part["rate"].null_count() or part["category"].is_duplicated().any():
        lost = part.filter(pl.col("gap_points").is_null() | pl.col("rate").is_null())["category"].to_list()
        return f"{', '.join(lost) or 'a group'} has no rate of its own, so the level is not whole"
    if abs(covered - 1) > ROUNDING:
        return f"the groups of this level are {100 * covered:.1f}% of those known"
    if without_ages:
        return "two of its ages overlap, or one is not an age"
    if part.height < 2:
        return "one group alone is not compared with anything"
    return None


def _measured(part: pl.DataFrame, adverse: bool, by_age: bool) -> dict[str, Any]:
    first = part.row(0, named=True)
    per, stage = float(first["per"]), first["kind"] == STAGE
    counts, bases = part["count"].to_numpy(), part["denominator"].to_numpy()
    lowest = [name for name, rate in zip(part["category"], part["rate"], strict=True) if rate == part["rate"].min()]

    def measures(rates: Values, shares: Values) -> dict[str, Values]:
        if by_age:
            return summary.in_order(rates * per, shares, per)
        every = summary.without_order(rates * per, shares)
        return {name: v for name, v in every.items() if adverse or name not in summary.OF_THE_LOWEST}

    found = measures(counts / bases, bases)
    withheld = too_few(counts, bases, stage)
    limits: dict[str, Limits] = (
        {}
        if withheld
        else simulated_limits(counts, bases, measures, summary.midpoints(bases) if by_age else None, stage)
    )
    total, base = counts.sum(), bases.sum()
    found = {"mean_rate": per * total / base, **found}
    low, high = wilson(total, base) if stage else poisson_rate(total, base)[1:]
    limits = {"mean_rate": (per * low, per * high), **limits}
    none = np.nan, np.nan
    values = {m + end: v for m in found for end, v in zip(_ENDS, (found[m], *limits.get(m, none)), strict=True)}
    reasons = _reasons(part, found, adverse or by_age, limits)
    return {k: float(v) if np.isfinite(v) else None for k, v in values.items()} | {
        "interval_method": None if withheld else SIMULATED,
        "lowest_group": ", ".join(lowest) if adverse and not by_age else None,
        "reason": " ".join(reasons) or None,
    }


def _reasons(part: pl.DataFrame, found: dict[str, Any], is_declared: bool, limits: dict[str, Any]) -> Iterator[str]:
    """What must be said with a summary, or in place of the measures and limits that it has not."""
    if not is_declared:
        yield (
            "Measures from the group with the lowest rate are withheld: nobody has declared that this is an outcome "
            "people would wish to avoid."
        )
    if "largest_ratio" in found and not np.isfinite(found["largest_ratio"]):
        yield "The lowest rate is zero, so the highest over it is undefined."
    if "slope_index" in found and not np.isfinite(found["slope_index"]):
        yield "A group has more than one event a person, or no line fits: there is no slope and no relative index."
    if len(limits) == 1:
        yield f"Limits are withheld: a group has no events, or fewer than {FEWEST_EXPECTED} expected at equal rates."
    elif all(np.isnan(low) for name, (low, _) in limits.items() if name != "mean_rate"):
        yield "Limits are withheld: the rates agree exactly."
    if part["counts"][0] == "events":
        yield EVENTS
    if np.isinf(limits.get("largest_ratio", (0.0, 0.0))[1]):
        yield "So few are in the group with the lowest rate that the highest over it has no upper limit."
    if part["ratio_extrapolated"].null_count() < part.height:
        yield "Over the residents of the last census, who may have grown since."
