"""Open data to figures: one row a count, a column a dimension.

What it makes true: only the columns a declaration names are read; what it does not name is summed only where it
says so, and the sum says over how many rows. What it refuses: a row with a label nobody knows.
"""

import json
from typing import Any

import polars as pl

from monitor.declarations import ENGLAND_AND_WALES, Sum
from monitor.vocabulary import Value, place_members, read_value
from pipelines.placing import place
from pipelines.reading.grid import Cell
from pipelines.shape import Axis
from pipelines.tidy.finish import finished
from pipelines.tidy.task import IGNORED, NAMED, Problem, Task, Unusable, plain


def figures(task: Task) -> pl.DataFrame:
    """Figures of an open-data table, one row a count or a declared sum. Empty when no row could be placed."""
    declared, table = task.declared, task.table
    grid = table.grid
    column = _value_column(task)
    by_header: dict[str, Any] = {plain(a.header): a for a in table.side}
    data: dict[str, Any] = _values(task, column)
    refused = [False] * len(table.rows)
    for header, allowed in declared.where.items():
        axis = by_header[task.header(header, by_header)]
        refused = [r or v not in allowed for r, v in zip(refused, axis.labels, strict=True)]
    for header, dimension in declared.fields.items():
        # because a sum of our own keeps only some of the file's columns
        if dimension in ("value", IGNORED) or (grid.is_sum and plain(header) not in by_header):
            continue
        axis = by_header[task.header(header, by_header)]
        if dimension == "place":
            data["place_code"] = [None if v is None else str(v) for v in axis.labels]
        else:
            refused = _placed(task, axis, dimension, refused, data)
    frame = pl.DataFrame(data).filter(~pl.Series(refused))
    for name, wanted in declared.only.items():
        named = "place_code" if name == "place" else name
        if named in frame.columns:
            frame = frame.filter(pl.col(named).is_in(wanted))
    if declared.sums and not grid.is_sum:
        frame = pl.concat([_summed(task, frame, s) for s in declared.sums], how="diagonal")
    else:
        frame = frame.with_columns(
            cell=pl.Series([grid.address(table.rows[i], column) for i in frame["index"]], dtype=pl.String),
            flags=pl.lit([], dtype=pl.List(pl.String)),
        )
    frame = _circumstances(task, frame).drop("index", strict=False)
    return finished(
        task,
        frame.with_columns(
            measure=pl.lit(declared.measure), unit=pl.lit(declared.unit), counts=pl.lit(declared.counts)
        ),
    )


def _value_column(task: Task) -> int:
    """The grid column that the declaration calls `value`."""
    tops: dict[str, Any] = {
        plain(str(label)): c
        for axis in task.table.top
        for label, c in zip(axis.labels, task.table.columns, strict=True)
        if label is not None
    }
    header = next((h for h, d in task.declared.fields.items() if d == "value"), None)
    if header is None:
        raise Unusable(
            Problem(
                "columns_found",
                "critical",
                f"Table {task.declared.id!r}: no column is declared as the value. Say which of "
                f"{', '.join(tops)} it is, in `fields`.",
                task.table.grid.sheet,
            )
        )
    column: int = tops[task.header(header, tops)]
    return column


def _values(task: Task, column: int) -> dict[str, Any]:
    """Each row's value, status and mark, with its position."""
    seen = [_value(task.table.grid.at(r, column), task.symbols) for r in task.table.rows]
    return {
        "index": list(range(len(seen))),
        "value": pl.Series([v.value if v else None for v in seen], dtype=pl.Float64),
        "status": [v.status if v else "unreadable" for v in seen],
        "marker": pl.Series([v.marker if v else None for v in seen], dtype=pl.String),
    }


def _value(raw: Cell, symbols: str) -> Value | None:
    if isinstance(raw, float):
        return Value(raw, "published", None, ())
    return read_value(str(raw), symbols) if raw is not None else None


def _placed(task: Task, axis: Axis, dimension: str, refused: list[bool], data: dict[str, Any]) -> list[bool]:
    """Add one column's categories (or periods) to `data`; returns which rows are refused so far."""
    distinct = list(dict.fromkeys(v for v, r in zip(axis.labels, refused, strict=True) if not r))
    placing = place(Axis(axis.header, distinct), (dimension,), hint=task.hint, spellings=task.declared.spellings)
    task.report_labels(placing, lambda i: task.table.rows[axis.labels.index(distinct[i])])
    if dimension == "period":
        periods = dict(zip(distinct, placing.periods, strict=True))
        found = [periods.get(v) for v in axis.labels]
        data["period_start"] = [p.start if p else None for p in found]
        data["period_end"] = [p.end if p else None for p in found]
        data["period_label"] = [p.label if p else None for p in found]
        lost = {v for v, p in periods.items() if p is None}
    else:
        chosen = {v: s[dimension] if s else None for v, s in zip(distinct, placing.scopes, strict=True)}
        placed = [chosen.get(v) for v in axis.labels]
        data[dimension] = [p.meaning.category if p else None for p in placed]
        if dimension in NAMED:
            data[f"{dimension}_label"] = [p.label if p else None for p in placed]
        lost = {v for v, p in chosen.items() if p is None}
    return [r or v in lost for r, v in zip(refused, axis.labels, strict=True)]


def _circumstances(task: Task, frame: pl.DataFrame) -> pl.DataFrame:
    """What is not a characteristic, as canonical JSON."""
    apart = (*NAMED, "value", "place", "period", IGNORED)
    others = [d for d in task.declared.fields.values() if d not in apart and d in frame.columns]
    if not others:
        return frame
    distinct = frame.select(others).unique()
    said = [
        json.dumps({k: v for k, v in row.items() if v not in (None, "all")}, sort_keys=True)
        for row in distinct.iter_rows(named=True)
    ]
    looked_up = distinct.with_columns(circumstances=pl.Series(said, dtype=pl.String))
    return frame.join(looked_up, on=others, how="left", nulls_equal=True, maintain_order="left").drop(others)


def _summed(task: Task, frame: pl.DataFrame, declared: Sum) -> pl.DataFrame:
    """A declared sum over rows: grouped by the dimensions kept, and by place where places are named.

    A sum over a missing number is missing too: never a sum of the rest.
    """
    keys = [k for d in declared.keep for k in (d, f"{d}_label") if k in frame.columns]
    keys += [k for k in ("period_start", "period_end", "period_label") if k in frame.columns]
    parts = []
    for code in declared.places or (None,):
        part = frame
        if code is not None and code != ENGLAND_AND_WALES:
            part = frame.filter(pl.col("place_code").is_in(sorted(place_members(code))))
        summed = part.group_by(keys, maintain_order=True).agg(
            value=pl.when(pl.col("value").null_count() == 0).then(pl.col("value").sum()),
            status=pl.when(pl.col("value").null_count() == 0)
            .then(pl.lit("published"))
            .otherwise(pl.col("status").filter(pl.col("value").is_null()).first()),
            n=pl.len(),
        )
        parts.append(summed.with_columns(place_code=pl.lit(code or task.declared.place)))
    out = pl.concat(parts)
    return out.with_columns(
        cell=pl.format("sum of {} rows", pl.col("n").map_elements(lambda n: f"{n:,}", return_dtype=pl.String)),
        flags=pl.lit(["derived"], dtype=pl.List(pl.String)),
    ).drop("n")
