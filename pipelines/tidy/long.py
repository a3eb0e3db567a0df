"""Open data to figures: one row a count, a column a dimension; each different label is judged once."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from monitor.vocabulary import Period, Value, clean_label
from pipelines.labels import (
    AS_PUBLISHED,
    TWICE,
    Around,
    Placed,
    is_mark,
    mentioned,
    published_name,
    read_axis,
    resolved,
    text_of,
    unlabelled,
)
from pipelines.reading.grid import Cell, Column
from pipelines.shape import Axis
from pipelines.tidy.finish import finished
from pipelines.tidy.select import finest, places_of, selected
from pipelines.tidy.summed import PUBLISHED, summed
from pipelines.tidy.task import IGNORED, NAMED, Problem, Task, Unusable, plain

_TEXT = pl.String()
_Data = dict[str, pl.Series | pl.Expr]


def figures(task: Task) -> pl.DataFrame:
    """Figures of an open-data table, one row a count or a declared sum. Empty when no row could be placed."""
    task.table = selected(task)
    declared, table = task.declared, task.table
    grid = table.grid
    column = _value_column(task)
    side = resolved([a.labels for a in table.side], [table.cells(column)])
    by_header = {plain(a.header): Axis(a.header, labels) for a, labels in zip(table.side, side, strict=True)}
    at = {plain(a.header): a.columns[0] for a in table.side}
    data = _values(task, column)
    refused = np.zeros(len(table.rows), dtype=bool)
    places: tuple[list[str | None], np.ndarray] | None = None
    for header, dimension in declared.fields.items():
        # because a sum of our own keeps only some of the file's columns
        if dimension in ("value", IGNORED) or (grid.is_sum and plain(header) not in by_header):
            continue
        axis = by_header[task.header(header, by_header)]
        if dimension == "place":
            labels = Column.of(axis.labels)
            mine = places_of(labels.values)
            if places is None:
                data["place_code"] = _spread(mine, labels.codes)
                places = mine, labels.codes
            else:
                whole = [[of[k] for k in codes.tolist()] for of, codes in (places, (mine, labels.codes))]
                data["place_code"] = pl.Series(finest(whole), dtype=_TEXT)
            refused |= _nowhere(task, header, labels, refused)
        else:
            refused |= _placed(task, axis, at[plain(header)], dimension, refused, data)
    frame = pl.select(data.pop("index")).with_columns(**data)
    if refused.any():
        task.refuse(np.flatnonzero(refused).tolist(), "a label of the row could not be read")
        frame = frame.filter(pl.Series(~refused))
    if not declared.sums and not grid.is_sum:
        frame = _once(task, frame)
    for name, wanted in declared.only.items():
        named = "place_code" if name == "place" else name
        if named in frame.columns:
            frame = frame.filter(pl.col(named).cast(pl.String).is_in(wanted))
    if declared.sums and not grid.is_sum:
        frame = pl.concat([summed(task, frame, s) for s in declared.sums], how="diagonal")
    else:
        rows = np.asarray(table.rows)[frame["index"].to_numpy()]
        frame = frame.with_columns(
            cell=grid.addresses(rows, column),
            flags=pl.lit([], dtype=pl.List(pl.String)),
        )
    frame = _circumstances(task, frame).drop("index", strict=False)
    return finished(
        task,
        frame.with_columns(
            measure=pl.lit(declared.measure), unit=pl.lit(declared.unit), counts=pl.lit(declared.counts)
        ),
    )


def _once(task: Task, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without rows that claim what another row claims."""
    said = [c for c in frame.columns if c not in ("index", "value", "status", "marker") and not c.endswith("_label")]
    again = frame.select(said).is_duplicated() if said else pl.Series([frame.height > 1] * frame.height)
    if not again.any():
        return frame
    at = frame.filter(again)["index"].to_list()
    task.refuse(at, TWICE)
    cells = tuple(task.table.grid.address(task.table.rows[i], 0) for i in at)
    said_so = (
        f"Table {task.declared.id!r}: {len(at)} rows stand twice under the same labels. Their figures are refused."
    )
    task.problems.append(Problem("labels_once", "warning", said_so, task.table.grid.sheet, cells))
    return frame.filter(~again)


def _value_column(task: Task) -> int:
    """The grid column that the declaration calls `value`."""
    if lost := unlabelled(task.table):
        said = f"Table {task.declared.id!r}: {lost}. Its figures are refused: ask the publisher which is which."
        raise Unusable(Problem("columns_found", "critical", said, task.table.grid.sheet))
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


def _values(task: Task, column: int) -> _Data:
    """Each row's value, status and mark, with its position."""
    cells = task.table.cells(column)
    decimal = task.decimal()
    seen = [_value(raw, task, decimal) for raw in cells.values]
    return {
        "index": pl.Series("index", np.arange(len(cells), dtype=np.uint32)),
        "value": _spread([v.value if v else None for v in seen], cells.codes, pl.Float64()),
        "status": _spread([v.status if v else task.empty for v in seen], cells.codes),
        "marker": _spread([v.marker if v else None for v in seen], cells.codes),
    }


def _spread(values: Sequence[Any], codes: np.ndarray, kind: pl.DataType = _TEXT) -> pl.Series | pl.Expr:
    """What is so of each different label, at every row that bears it; said once where it is so of all."""
    if len(set(values)) == 1:
        return pl.lit(values[0], dtype=kind)
    return pl.Series(values, dtype=kind).gather(pl.Series(codes.astype(np.uint32)))


def _value(raw: Cell, task: Task, decimal: str) -> Value | None:
    if isinstance(raw, float):
        return Value(raw, "published", None, ())
    return task.read(str(raw), decimal) if raw is not None else None


def _placed(task: Task, axis: Axis, column: int, dimension: str, refused: np.ndarray, data: _Data) -> np.ndarray:
    """Add one column's categories (or periods) to `data`; returns which rows it refuses.

    Each different label is placed once, in the order in which rows that are not refused show them.
    """
    labels = Column.of(axis.labels)
    wanted = labels.first(~refused)
    shown = [k for k in np.argsort(wanted, kind="stable").tolist() if wanted[k] < len(labels)]
    distinct = [labels.values[k] for k in shown]
    around = Around(hint=task.hint, spellings=task.declared.spellings, alone=True)
    reading = read_axis(Axis(axis.header, distinct), around, (dimension,))
    first = labels.first()
    task.report_labels(
        reading, distinct, lambda i: task.table.grid.address(task.table.rows[int(first[shown[i]])], column)
    )
    states = [reading.state(i) for i in range(len(distinct))]
    lost = np.ones(len(labels.values), dtype=bool)
    if dimension == "period":
        periods: list[Period | None] = [None] * len(lost)
        for k, state in zip(shown, states, strict=True):
            periods[k], lost[k] = state.period, state.period is None
        data["period_start"] = _spread([p.start if p else None for p in periods], labels.codes, pl.Date())
        data["period_end"] = _spread([p.end if p else None for p in periods], labels.codes, pl.Date())
        data["period_label"] = _spread([p.label if p else None for p in periods], labels.codes)
    elif dimension == AS_PUBLISHED:
        key = published_name(axis.header)
        kept = [None if v is None or is_mark(text_of(v)) else clean_label(text_of(v)).text for v in labels.values]
        told = {*task.declared.fields.values()}
        spelled = task.declared.spellings
        lost = np.array([v is None or (v not in spelled and bool(mentioned(v) - told)) for v in kept], dtype=bool)
        data[f"{PUBLISHED}{key}"] = _spread(kept, labels.codes, pl.Categorical())
    else:
        placed: list[Placed | None] = [None] * len(lost)
        for k, state in zip(shown, states, strict=True):
            placed[k], lost[k] = state.scope.get(dimension), bool(state.refused) or dimension not in state.scope
        kind = _TEXT if dimension in NAMED else pl.Categorical()
        data[dimension] = _spread([p.meaning.category if p else None for p in placed], labels.codes, kind)
        if dimension in NAMED:
            data[f"{dimension}_label"] = _spread([p.label if p else None for p in placed], labels.codes)
    return lost[labels.codes]


def _nowhere(task: Task, header: str, places: Column, refused: np.ndarray) -> np.ndarray:
    """Which rows name no place. Those not refused already are reported."""
    empty = np.array([value is None for value in places.values], dtype=bool)[places.codes]
    found = np.flatnonzero(empty & ~refused).tolist()
    if found:
        cells = tuple(task.table.grid.address(task.table.rows[i], 0) for i in found)
        task.refused.append(("place", header))
        task.problems.append(
            Problem(
                "labels_known",
                "warning",
                f"Table {task.declared.id!r}: {len(found)} rows have nothing in the column {header!r}; expected the "
                "code of a place. Their figures are refused, not guessed: ask the publisher.",
                task.table.grid.sheet,
                cells,
            )
        )
    return empty


def _circumstances(task: Task, frame: pl.DataFrame) -> pl.DataFrame:
    """What is not a characteristic, as canonical JSON."""
    apart = (*NAMED, "value", "place", "period", IGNORED)
    others = [d for d in dict.fromkeys(task.declared.fields.values()) if d not in apart and d in frame.columns]
    others += [c for c in frame.columns if c.startswith(PUBLISHED)]
    if not others:
        return frame
    # because one number for all of them is found and looked up faster than a row of words
    numbered = np.zeros(frame.height, dtype=np.int64)
    for dimension in others:
        codes = frame[dimension].to_physical().to_numpy().astype(np.int64)
        numbered = numbered * (codes.max(initial=0) + 1) + codes
    _, first, at = np.unique(numbered, return_index=True, return_inverse=True)
    said = [
        json.dumps({k.removeprefix(PUBLISHED): v for k, v in row.items() if v not in (None, "all")}, sort_keys=True)
        for row in frame.select(others)[first].iter_rows(named=True)
    ]
    return frame.drop(others).with_columns(circumstances=_spread(said, at))
