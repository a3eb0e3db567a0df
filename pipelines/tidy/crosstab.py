"""A crosstab to figures: labels down the side times labels across the top.

What it makes true: a figure takes the categories of its row and of its column. A row side and a column side are made
once and multiplied, so a workbook of many thousand numbers costs two short loops over labels.

What it refuses: an empty cell is not a value; a number whose row or column could not be placed is no figure.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

import polars as pl

from monitor.declarations import Statistic
from monitor.vocabulary import Period, read_value, symbol_bounds
from pipelines.reading.grid import Cell
from pipelines.scoping import TWICE, Placed, Placing, place, text_of
from pipelines.shape import Axis
from pipelines.tidy.finish import finished
from pipelines.tidy.overlooked import with_overlooked_rows
from pipelines.tidy.repeated import repeated_columns, repeated_rows
from pipelines.tidy.task import IGNORED, NAMED, Problem, Task, Unusable, plain
from pipelines.tidy.units import scale_of

_CELL = {
    "row": pl.Int64,
    "column": pl.Int64,
    "cell": pl.String,
    "value": pl.Float64,
    "status": pl.String,
    "marker": pl.String,
    "value_low": pl.Float64,
    "value_high": pl.Float64,
}


@dataclass
class _Side:
    """One direction of a table: for each position a row of categories, or None where it could not be placed."""

    scopes: list[dict[str, Placed] | None]
    periods: list[Period | None]
    extra: list[dict[str, Any]]


def figures(task: Task) -> pl.DataFrame:
    """Figures of a crosstab, one row a number. Empty when nothing could be placed. Raises `Unusable`."""
    task.table = with_overlooked_rows(task.table)
    rows, columns = _rows(task), _columns(task)
    statistics = _statistics(task)
    _refuse_unmet(task, rows, columns)
    cells = _cells(task, rows, columns, statistics)
    if cells.is_empty():
        return pl.DataFrame()
    side, top, counted = _side_frame(task, rows), _side_frame(task, columns), _counted(task, statistics)
    frame = pl.concat(
        [
            cells.drop("row", "column"),
            counted[cells["column"]],
            side[cells["row"]].rename(lambda n: f"row:{n}"),
            top[cells["column"]].rename(lambda n: f"column:{n}"),
        ],
        how="horizontal",
    )
    return finished(task, _merged(task, _flagged(frame)))


def _rows(task: Task) -> _Side:
    declared, table = task.declared, task.table
    if not declared.fields:
        axis = table.side[0]
        placing = place(
            axis,
            declared.rows or ("period",),
            table.after_blank,
            hint=task.hint,
            spellings=task.declared.spellings,
            blocks=table.blocks,
            stacked=True,
        )
        side = _Side(placing.scopes, placing.periods, [{} for _ in placing.scopes])
        outermost = next((d for d in declared.rows if d != "period"), None)
        totals = [bool(o and s and s[o].meaning.kind == "total") for o, s in zip(placing.own, side.scopes, strict=True)]
        _refuse_repeated(side, placing, [o is not None and o == outermost for o in placing.own], totals)
        task.report_labels(placing, lambda i: table.rows[i])
        return side
    by_header = {plain(a.header): a for a in table.side}
    count = len(table.rows)
    side = _Side([{} for _ in range(count)], [None] * count, [{} for _ in range(count)])
    for header, dimension in declared.fields.items():
        if dimension == IGNORED:
            continue
        axis = by_header[task.header(header, by_header)]
        if dimension == "place":
            for i, cell in enumerate(axis.labels):
                side.extra[i]["place_code"] = None if cell is None else text_of(cell)
            continue
        only = declared.only.get("place")
        wanted = [i for i in range(count) if not only or side.extra[i].get("place_code") in only]
        part = Axis(axis.header, [axis.labels[i] for i in wanted])
        placing = place(part, (dimension,), hint=task.hint, fill_down=True, spellings=task.declared.spellings)
        task.report_labels(placing, lambda i, w=wanted: table.rows[w[i]])  # type: ignore[misc]
        for k, i in enumerate(wanted):
            scope, mine = placing.scopes[k], side.scopes[i]
            side.scopes[i] = None if scope is None or mine is None else {**mine, **scope}
            side.periods[i] = placing.periods[k] or side.periods[i]
    whole = Placing(tuple(dict.fromkeys(declared.fields.values())), side.scopes, side.periods, own=[None] * count)
    _refuse_repeated(side, whole, [True] * count, [False] * count)
    task.report_labels(whole, lambda i: table.rows[i])
    return side


def _refuse_repeated(side: _Side, placing: Placing, outermost: list[bool], totals: list[bool]) -> None:
    """Refuse rows that claim what another row claims."""
    keys = [_key(side, i) for i in range(len(side.scopes))]
    for i in repeated_rows(keys, outermost, totals):
        scope = side.scopes[i] or {}
        label = next((p.label for p in reversed(scope.values())), "") or text_of(None)
        placing.refuse(i, label, TWICE)


def _key(side: _Side, i: int) -> tuple[object, ...] | None:
    """What a position claims: its categories, its period as published and its place."""
    scope, period = side.scopes[i], side.periods[i]
    if scope is None or (not scope and period is None):
        return None
    said = frozenset((d, p.meaning.category) for d, p in scope.items())
    return said, period and (period.start, period.end, period.label), side.extra[i].get("place_code")


def _columns(task: Task) -> _Side:
    count = len(task.table.columns)
    side = _Side([{} for _ in range(count)], [None] * count, [{} for _ in range(count)])
    dimensions = task.declared.columns
    statistics = {plain(s.header) for s in task.declared.statistics}
    failed: dict[int, str] = {}
    for axis in task.table.top:
        if statistics and all(label is None or _statistic_of(task, label) for label in axis.labels):
            continue
        placing = place(axis, dimensions, hint=task.hint, spellings=task.declared.spellings)
        level_says_something = any(s or p for s, p in zip(placing.scopes, placing.periods, strict=True))
        for j in range(count):
            label = axis.labels[j]
            if label is None or (statistics and _statistic_of(task, label)):
                continue
            scope, mine = placing.scopes[j], side.scopes[j]
            if scope is None:
                failed[j] = str(label)
                if level_says_something:
                    side.scopes[j] = None  # because a group of this level was damaged, and the column is not everyone
                continue
            if mine is not None:
                side.scopes[j] = {**mine, **scope}
            side.periods[j] = placing.periods[j] or side.periods[j]
    for j in range(count):
        placed = side.periods[j] is not None if "period" in dimensions else bool(statistics)
        if not side.scopes[j] and not placed:
            side.scopes[j] = None
    if statistics:
        failed = {}  # because the statistics named are the columns wanted
    lost = {failed[j]: j for j in failed if side.scopes[j] is None}
    for label, j in lost.items():
        task.report_column(label, task.table.columns[j])
    _refuse_repeated_columns(task, side)
    return side


def _refuse_repeated_columns(task: Task, side: _Side) -> None:
    """Refuse columns that claim what another column claims."""
    statistics = _statistics(task)
    keys = [
        (key, statistics[j] and statistics[j].header) if (key := _key(side, j)) is not None else None  # type: ignore[union-attr]
        for j in range(len(side.scopes))
    ]
    for j in repeated_columns(keys):
        label = next((str(a.labels[j]) for a in reversed(task.table.top) if a.labels[j] is not None), "")
        side.scopes[j] = None
        task.report_column(label, task.table.columns[j], TWICE)


def _refuse_unmet(task: Task, rows: _Side, columns: _Side) -> None:
    """Raises `Unusable` when the table separates nobody by a dimension that its declaration names."""
    declared = task.declared
    said = {d for side in (rows, columns) for scope in side.scopes if scope for d in scope}
    asked = declared.columns if declared.fields else (*declared.rows, *declared.columns)
    unmet = [d for d in asked if d not in said and d not in ("period", "place", "value", IGNORED)]
    if unmet:
        raise Unusable(
            Problem(
                "columns_found",
                "critical",
                f"Table {declared.id!r}: expected labels for {', '.join(unmet)}; found none, in rows or columns. Its "
                "figures are refused, because they may be of one group only. If the table is no longer broken down "
                "so, change `rows` or `columns` in the declaration.",
                task.table.grid.sheet,
            )
        )


def _statistic_of(task: Task, label: Cell) -> Statistic | None:
    said = plain(re.sub(r"(?<=\D)\d+\Z", "", str(label)))
    return next((s for s in task.declared.statistics if said.startswith(plain(s.header))), None)


def _statistics(task: Task) -> list[Statistic | None]:
    """For each value column what it counts, where a table prints several statistics side by side."""
    found: list[Statistic | None] = []
    for j in range(len(task.table.columns)):
        labels = [axis.labels[j] for axis in task.table.top if axis.labels[j] is not None]
        found.append(next((s for label in labels if (s := _statistic_of(task, label))), None))
    return found


def _counted(task: Task, statistics: list[Statistic | None]) -> pl.DataFrame:
    """One row a value column: what it counts, in which unit, and its scale."""
    counted = [statistic or task.declared for statistic in statistics]
    scale = scale_of(task)
    return pl.DataFrame(
        {
            "measure": [c.measure for c in counted],
            "unit": [c.unit for c in counted],
            "counts": [c.counts for c in counted],
            "scale": [s.scale if s else scale for s in statistics],
        }
    )


def _cells(task: Task, rows: _Side, columns: _Side, statistics: list[Statistic | None]) -> pl.DataFrame:
    """One row a value: the positions of its labels, its cell, and what stands there."""
    grid, declared = task.table.grid, task.declared
    only_places = declared.only.get("place")
    wanted_columns = [
        (j, c)
        for j, c in enumerate(task.table.columns)
        if columns.scopes[j] is not None and (not declared.statistics or statistics[j] is not None)
    ]
    out: list[tuple[Any, ...]] = []
    for i, r in enumerate(task.table.rows):
        if rows.scopes[i] is None or (only_places and rows.extra[i].get("place_code") not in only_places):
            continue
        line = grid.rows[r]
        width = len(line)
        for j, c in wanted_columns:
            raw = line[c] if c < width else None
            if raw is None:
                continue
            cell = grid.address(r, c)
            if isinstance(raw, float):
                out.append((i, j, cell, raw, "published", None, None, None))
                continue
            seen = read_value(raw if isinstance(raw, str) else str(raw), task.symbols)
            if seen is None:
                continue
            suppressed = seen.marker if seen.status == "suppressed" else None
            low, high = symbol_bounds(task.symbols, suppressed) if suppressed else (None, None)
            out.append((i, j, cell, seen.value, seen.status, seen.marker, low, high))
    return pl.DataFrame(out, schema=_CELL, orient="row")


def _side_frame(task: Task, side: _Side) -> pl.DataFrame:
    """One row a position: categories, labels, what is not a characteristic, period, place."""
    data: dict[str, list[Any]] = {}
    dimensions = {d for scope in side.scopes if scope for d in scope}
    for d in sorted(dimensions & set(NAMED)):
        data[d] = [(s or {}).get(d).meaning.category if (s or {}).get(d) else None for s in side.scopes]  # type: ignore[union-attr]
        data[f"{d}_label"] = [(s or {}).get(d).label if (s or {}).get(d) else None for s in side.scopes]  # type: ignore[union-attr]
    others = sorted(dimensions - set(NAMED))
    data["circumstances"] = [
        {d: s[d].meaning.category for d in others if s and d in s and s[d].meaning.kind != "total"} if s else {}
        for s in side.scopes
    ]
    data["circumstances"] = [json.dumps(c, sort_keys=True) if c else None for c in data["circumstances"]]
    if any(side.periods):
        data["period_start"] = [p.start if p else None for p in side.periods]
        data["period_end"] = [p.end if p else None for p in side.periods]
        data["period_label"] = [p.label if p else None for p in side.periods]
        data["period_markers"] = [list(p.markers) if p else None for p in side.periods]
    if any(side.extra):
        data["place_code"] = [e.get("place_code") for e in side.extra]
    return pl.DataFrame(data, infer_schema_length=None)


def _merged(task: Task, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows' and columns' categories become one set of columns; the two sets of circumstances one JSON."""
    names = {n.split(":", 1)[1] for n in frame.columns if ":" in n}
    merged = []
    for name in sorted(names - {"circumstances"}):
        parts = [pl.col(f"{s}:{name}") for s in ("row", "column") if f"{s}:{name}" in frame.columns]
        merged.append(pl.coalesce(parts).alias(name))
    sides = ["row:circumstances", "column:circumstances"]
    circumstances = pl.coalesce(sides)
    if all(frame[side].null_count() < frame.height for side in sides):
        circumstances = pl.struct(sides).map_elements(_one_json, return_dtype=pl.String)
    merged.append(circumstances.alias("circumstances"))
    return frame.with_columns(merged).drop([n for n in frame.columns if ":" in n])


def _flagged(frame: pl.DataFrame) -> pl.DataFrame:
    """Values in their scale, with their flags: people in fractions are estimates."""
    whole = (pl.col("value") == pl.col("value").floor()) | (pl.col("scale") != 1.0)
    estimated = ~whole.fill_null(True) & (pl.col("unit") == "people")
    flags = pl.when(estimated).then(pl.lit(["estimated"])).otherwise(pl.lit([], dtype=pl.List(pl.String)))
    scaled = pl.when(pl.col("scale") == 1.0).then("value").otherwise((pl.col("value") * pl.col("scale")).round(6))
    return frame.with_columns(scaled.alias("value"), flags=flags).drop("scale")


def _one_json(both: dict[str, str | None]) -> str | None:
    """The circumstances of a row and of its column as one canonical JSON."""
    parts = [part for part in both.values() if part]
    return json.dumps({k: v for p in parts for k, v in json.loads(p).items()}, sort_keys=True) if parts else None
