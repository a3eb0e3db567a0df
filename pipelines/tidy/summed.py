"""Declared sums over the rows of a table: what the publisher's file has only the parts of."""

import polars as pl

from monitor.declarations import ENGLAND_AND_WALES, Sum
from monitor.vocabulary import place_members, places_of
from pipelines.reading.transcription import summed_rows
from pipelines.tidy.task import Task

PUBLISHED = "published:"
"""Before the name of a column whose words are kept as they stand."""
_AS_IT_IS = ("period_start", "period_end", "period_label", "measure", "unit", "counts", "circumstances")


def summed(task: Task, frame: pl.DataFrame, declared: Sum) -> pl.DataFrame:
    """A declared sum over rows: grouped by the dimensions kept, and by place where places are named.

    A sum over a missing number is missing too, never a sum of the rest; where the missing have bounds, so has it.
    """
    by_place = "place" in declared.keep
    keys = ["place_code"] if by_place else []
    keys += [k for d in declared.keep for k in (d, f"{d}_label", f"{PUBLISHED}{d}") if k in frame.columns]
    keys += [k for k in _AS_IT_IS if k in frame.columns]
    known = pl.col("value").null_count() == 0
    bounds = [
        pl.when(~known & (pl.coalesce("value", b).null_count() == 0)).then(pl.coalesce("value", b).sum()).alias(b)
        for b in ("value_low", "value_high")
        if b in frame.columns
    ]
    parts = []
    for code in places_of(declared.places) or (None,):
        part = frame
        if code is not None and code != ENGLAND_AND_WALES:
            part = frame.filter(pl.col("place_code").is_in(sorted(place_members(code))))
        one = part.group_by(keys, maintain_order=True).agg(
            *bounds,
            value=pl.when(known).then(pl.col("value").sum()),
            status=pl.when(known)
            .then(pl.lit("published"))
            .otherwise(pl.col("status").filter(pl.col("value").is_null()).first()),
            n=pl.len(),
        )
        parts.append(one if by_place else one.with_columns(place_code=pl.lit(code or task.declared.place)))
    return (
        pl.concat(parts)
        .with_columns(
            cell=pl.col("n").map_elements(summed_rows, return_dtype=pl.String),
            flags=pl.lit(["derived"], dtype=pl.List(pl.String)),
        )
        .drop("n")
    )
