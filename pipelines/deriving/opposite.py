"""Rows of a count that its two denominators, everyone and the stage before, give opposite directions."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from monitor.declarations import Measure
from monitor.statistics.verdict import DIRECTIONS
from pipelines.deriving.fit import leading_fit

DIRECTION_DIFFERS = "direction_differs"
"""The flag of a ratio whose other denominator points the other way."""
_SAME = (
    "period_start", "period_end", "place", "sex", "within", "characteristic", "category", "classification", "reference",
)  # fmt: skip


def other_denominators(measure: Measure, measures: Mapping[str, Measure], characteristic: str) -> list[Measure]:
    """The measures of the same publication that divide by the other kind of denominator."""
    return [
        m
        for m in measures.values()
        if m.publication == measure.publication and m.kind != measure.kind and characteristic in m.table
    ]


def default_baseline(measure: Measure, characteristic: str) -> str | None:
    """The baseline that a measure leads with, None where it declares none for the characteristic."""
    fit = leading_fit(measure, characteristic)
    return fit.baseline if fit else None


def disagreement(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """`no`, `yes` (two ratios on opposite sides of 1) or `clearly` (and both directions hold on every bound)."""
    if one.get("ratio") is None or other.get("ratio") is None or (one["ratio"] - 1) * (other["ratio"] - 1) >= 0:
        return "no"
    sure = all(side.get("verdict") in DIRECTIONS for side in (one, other))
    return "clearly" if sure else "yes"


def directions_flagged(found: pl.DataFrame, others: pl.DataFrame, measures: Mapping[str, Measure]) -> pl.DataFrame:
    """The disparities `found`, flagged `direction_differs` with the other ratio in `reason` where one of `others` does.

    `found` and `others` are rows of the store's `disparity`; `others` may hold any measures, `found` among them.
    """
    beside = _beside(others, measures)
    if not beside:
        return found
    flags, reasons = found["flags"].to_list(), found["reason"].to_list()
    for at, row in enumerate(found.select(*_NEEDED).iter_rows(named=True)):
        measure = measures.get(row["measure"])
        if measure is None or row["status"] != "shown" or row["ratio"] is None:
            continue
        for other in other_denominators(measure, measures, row["characteristic"]):
            side = beside.get((other.id, *(row[k] for k in _SAME)))
            how = disagreement(row, side) if side else "no"
            if side and how != "no":
                flags[at] = sorted({*(flags[at] or []), DIRECTION_DIFFERS})
                reasons[at] = " ".join(r for r in (reasons[at], _said(other, side, how)) if r)
    return found.with_columns(
        flags=pl.Series(flags, dtype=found.schema["flags"]), reason=pl.Series(reasons, dtype=pl.String)
    )


_NEEDED = ("measure", "baseline", "status", "ratio", "verdict", *_SAME)


def _beside(others: pl.DataFrame, measures: Mapping[str, Measure]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Shown ratios of measures that have another denominator beside them, on the baseline they lead with."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    paired = [m.id for m in measures.values() if any(other_denominators(m, measures, c) for c in m.table)]
    shown = others.filter(
        pl.col("measure").is_in(paired) & (pl.col("status") == "shown") & pl.col("ratio").is_not_null()
    )
    for row in shown.select(*_NEEDED).iter_rows(named=True):
        if row["baseline"] == default_baseline(measures[row["measure"]], row["characteristic"]):
            found.setdefault((row["measure"], *(row[k] for k in _SAME)), row)
    return found


def _said(other: Measure, side: Mapping[str, Any], how: str) -> str:
    sure = "both directions hold" if how == "clearly" else "not both directions hold"
    return (
        f"The other denominator points the other way: {other.title} ({other.id}, over {side['baseline']}) has a ratio "
        f"of {side['ratio']:.2f}; {sure} on every bound beside them."
    )
