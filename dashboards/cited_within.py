"""The cited table of ratios pooled within strata: crude and within together, with what was left out and whether strata
agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards import sentences as say
from dashboards.cited import (
    BY_CENSUS,
    FROM_UNKNOWN,
    CitationMissing,
    CitedTable,
    Column,
    assembled,
    label_of,
    of_one_table,
    span,
)
from monitor.declarations import Measure, baselines
from monitor.store import reads
from monitor.store.schema import frame_schema

HIDDEN = "With those left out"
_ONE = ("baseline", "reference", "period", "sex", "held", "within")


@dataclass(frozen=True)
class Pooling:
    """What a pooled table is asked besides: the strata, over whom (`exposure`), and which of several things counted."""

    within: tuple[str, ...]
    exposure: str | None = None
    counted: str | None = None

    @property
    def words(self) -> list[str]:
        """The words of the command that ask it."""
        options = {"exposure": self.exposure, "counted": self.counted}
        said = [word for name in self.within for word in ("--within", name)]
        return [*said, "--pooled", *(word for name, text in options.items() if text for word in (f"--{name}", text))]


def make_within(
    store: reads.Queries, rows: Sequence[Mapping[str, Any]], measure: Measure, pooling: Pooling
) -> CitedTable:
    """A cited table of pooled ratios of one period, baseline and reference: of what is asked for of several things
    counted, else of the first. Raises `CitationMissing`.
    """
    things = list(dict.fromkeys(r["counted"] for r in rows))
    counted = pooling.counted or next(iter(things), None)
    if counted not in things:
        raise CitationMissing(f"{measure.id} counts no {counted!r}; --counted is {', '.join(filter(None, things))}.")
    mine = [{**r, "level": _level(r), "label": r["category"]} for r in rows if r["counted"] == counted]
    frame = pl.DataFrame([{n: r.get(n) for n in _SCHEMA} for r in mine], schema=_SCHEMA)
    of_one_table(frame, _ONE, measure)
    first = frame.row(0, named=True)
    methods = ", or ".join(frame["interval_method"].drop_nulls().unique(maintain_order=True))
    more = [f"{HIDDEN}: the least and the most that the ratio can be, whatever is hidden."] * _has(frame, "bound_low")
    left_out = (frame["strata_withheld"] > 0).any()
    more += ["Numbers, people and crude ratios are of the strata that are not left out."] * bool(left_out)
    more += [say.alike(test) for test in frame["homogeneity_test"].drop_nulls().unique()]
    return assembled(
        store,
        frame,
        measure,
        _columns(measure, frame),
        title=_caption(measure, first),
        unknown=_unknown(first, measure),
        intervals=f"Ratios within: Mantel-Haenszel. Intervals: 95%, {methods}, for each ratio." if methods else "",
        caution=first["caution"],
        more=[*more, *map(say.clean, say.of_groups(frame.iter_rows(named=True)))],
        asked=Pooling(pooling.within, pooling.exposure, counted).words,
    )


_SCHEMA: dict[str, Any] = frame_schema("pooled") | {
    **dict.fromkeys(("level", "label", "band"), pl.String),
    **dict.fromkeys(("flags", "numerator_figures", "denominator_figures"), pl.List(pl.String)),
    "ratio_extrapolated": pl.Float64,
}


def _level(row: Mapping[str, Any]) -> str:
    known = say.known(row["characteristic"], row["category"])
    return "unknown" if known is not None and known.kind == "unknown" else "groups"


def _has(frame: pl.DataFrame, column: str) -> bool:
    return frame[column].null_count() < frame.height


def _columns(measure: Measure, frame: pl.DataFrame) -> tuple[Column, ...]:
    first = frame.row(0, named=True)
    baseline, reference = baselines().get(first["baseline"]), label_of(first["characteristic"], first["reference"])
    within = say.strata(first["within"])
    return (
        Column("count", "Number of people" if measure.counts == "people" else "Number", "count", measure.counts),
        Column("denominator", (baseline.noun if baseline else "people").capitalize(), "count", "people"),
        Column("crude_ratio", f"Crude ratio to {reference}", "ratio"),
        *span("crude", "Crude, 95% interval"),
        Column("ratio", f"Ratio within {within}", "ratio"),
        *span("ratio", "Within, 95% interval"),
        Column("strata", "Strata", "count"),
        Column("strata_withheld", "Left out", "count"),
        Column("homogeneity_p", "Strata alike, p", "p_value"),
        *(span("bound", HIDDEN) if _has(frame, "bound_low") else ()),
        *(span("unknown", FROM_UNKNOWN) if _has(frame, "unknown_low") else ()),
        *(span("census", BY_CENSUS) if _has(frame, "census_low") else ()),
        Column("finding", "Finding", "text"),
    )


def _unknown(first: Mapping[str, Any], measure: Measure) -> str:
    count, share = first["unknown_count"], first["unknown_share"]
    if count is None:
        return "A count is hidden, so which share is of unknown group is not known."
    return say.unknown(first["characteristic"], count, count / share if share else 0.0, measure.counts, "every ratio")


def _caption(measure: Measure, first: Mapping[str, Any]) -> str:
    sex = {"female": " (women)", "male": " (men)"}.get(first["sex"], "")
    by, within = say.title_of(first["characteristic"]).lower(), say.strata(first["within"])
    when = say.period(first["period"], first["period_start"], first["period_end"])
    held = "".join(f", {say.clean(words)}" for words in (first["counted"], first["held"]) if words)
    return f"{measure.title}{sex} by {by} within {within}{held}, {when}: numbers and ratios"
