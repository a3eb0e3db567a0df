"""A crosstab to figures: labels down the side times labels across the top."""

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from monitor.declarations import Statistic
from monitor.declarations.table import NOT_UNDERSTOOD
from monitor.vocabulary import Value, parse_period, symbol_bounds
from pipelines.labels import (
    AS_PUBLISHED,
    NO_LABEL,
    PART_OF_PERIOD,
    PLACE,
    RATE_AMONG_COUNTS,
    STATISTIC,
    TWICE,
    UNKNOWN,
    Labels,
    State,
    Told,
    is_rate,
    mentioned,
    read_labels,
    text_of,
)
from pipelines.reading.grid import Cell
from pipelines.tidy.finish import finished
from pipelines.tidy.repeated import repeated_columns, repeated_rows
from pipelines.tidy.select import finest, places_of, selected
from pipelines.tidy.summed import summed
from pipelines.tidy.task import IGNORED, NAMED, UNWANTED, Problem, Task, Unusable, plain
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


def figures(task: Task) -> pl.DataFrame:
    """Figures of a crosstab, one row a number. Empty when nothing could be placed. Raises `Unusable`."""
    task.table = selected(task)
    statistics = _statistics(task)
    labels = read_labels(task.table, _told(task))
    codes = _places(task)
    _refuse_rows(task, labels, codes)
    _refuse_columns(task, labels, statistics)
    task.refuse_labels(labels)
    _refuse_unmet(task, labels)
    cells = _cells(task, labels, codes, statistics)
    if cells.is_empty():
        return pl.DataFrame()
    side = _side_frame(labels.rows, labels.row_at)
    if codes is not None:
        side = side.with_columns(place_code=pl.Series(codes, dtype=pl.String))
    top, counted = _side_frame(labels.columns, labels.column_at), _counted(task, statistics)
    frame = pl.concat(
        [
            cells.drop("row", "column"),
            counted[cells["column"]],
            side[cells["row"]].rename(lambda n: f"row:{n}"),
            top[cells["column"]].rename(lambda n: f"column:{n}"),
        ],
        how="horizontal",
    )
    frame = _merged(task, _flagged(frame))
    if task.declared.sums and not task.table.grid.is_sum:
        frame = pl.concat([summed(task, frame, s) for s in task.declared.sums], how="diagonal")
    return finished(task, frame)


def _told(task: Task) -> Told | None:
    """What the declaration tells of the table's labels; None where it leaves them to be read by what they show."""
    declared, table = task.declared, task.table
    if declared.inferred and not declared.fields:
        return None
    at = {plain(a.header): k for k, a in enumerate(table.side)}
    fields = {
        at[task.header(header, at)]: dimension
        for header, dimension in declared.fields.items()
        if dimension not in (IGNORED, PLACE)
    }
    said = {str(c) for axis in table.top for c in axis.labels if c is not None and _statistic_of(task, c)}
    return Told(
        declared.rows,
        declared.columns,
        fields if declared.fields else None,
        task.hint,
        declared.spellings,
        frozenset(said),
    )


def _places(task: Task) -> list[str | None] | None:
    """The place of each row, where the declaration names a column of them."""
    headers = [h for h, d in task.declared.fields.items() if d == "place"]
    if not headers:
        return None
    by_header = {plain(a.header): a for a in task.table.side}
    return finest([places_of(by_header[task.header(h, by_header)].labels) for h in headers])


def _refuse_rows(task: Task, labels: Labels, codes: list[str | None] | None) -> None:
    """Refuse rows that claim what another row claims, and report every row that is refused."""
    declared, table = task.declared, task.table
    count = len(table.rows)
    states = [labels.row(i) for i in range(count)]
    if codes is not None and (only := declared.only.get("place")):
        unwanted = [i for i in range(count) if codes[i] not in only]
        for i in unwanted:
            labels.refuse_row(i, UNWANTED)
        states = [labels.row(i) for i in range(count)]
    # because a row without numbers claims nothing
    keys = [None if i in table.blocks else _key(s, codes[i] if codes else None) for i, s in enumerate(states)]
    by_field = bool(declared.fields)
    outermost = next((d for d in declared.rows if d != "period"), None)
    ends = [by_field or (outermost is not None and s.own == {outermost}) for s in states]
    totals = [
        not by_field and bool(s.own and outermost and (p := s.scope.get(outermost)) and p.meaning.kind == "total")
        for s in states
    ]
    blocks = list(itertools.accumulate(ends))
    first: dict[object, int] = {}
    for i in (i for i in range(count) if totals[i]):
        at = first.setdefault(keys[i], i)
        # because a total that stands again with other numbers is the total of something else
        same = all(table.grid.at(table.rows[i], c) == table.grid.at(table.rows[at], c) for c in table.columns)
        # because what is listed under a total may stand again under it, and not twice in one list
        totals[i] = same and (at == i or ends[i] or blocks[at] != blocks[i])
    opening = {i for i in range(count) if totals[i] and ends[i] and (table.after_blank[i] or i - 1 in table.blocks)}
    refused = repeated_rows(keys, ends, totals, opening)
    sure = [i for i in range(count) if i not in refused and i not in table.blocks and not states[i].refused]
    for i in (*refused, *_unequal(task, {i: states[i] for i in sure}, keys)):
        labels.refuse_row(i, TWICE)
    task.report_rows(labels)


def _unequal(task: Task, states: Mapping[int, State], keys: Sequence[tuple[object, ...] | None]) -> Iterator[int]:
    """Rows that say the same in other words, a group and the total of the list of people under it, with other numbers.

    A total over what is no characteristic of people ("all offences") may be of more than the group it stands under. A
    row of no place is of the place of the whole table.
    """
    table = task.table
    alike: dict[object, list[int]] = {}
    for i, state in states.items():
        meanings = [p.meaning for p in state.scope.values()]
        said = {m.dimension: m.category for m in meanings if m.kind != "total" or m.dimension not in NAMED}
        if PLACE in task.declared.rows and said.get(PLACE) in (None, "all"):
            said[PLACE] = task.declared.place
        _, *beside = keys[i] or (None, None, None, "")
        alike.setdefault((frozenset(said.items()), *beside), []).append(i)
    for rows in alike.values():
        if len({keys[i] for i in rows}) > 1:
            lines = [[table.grid.at(table.rows[i], c) for c in table.columns] for i in rows]
            pairs = [pair for line in lines[1:] for pair in zip(lines[0], line, strict=True)]
            if any(a != b for a, b in pairs if isinstance(a, float) and isinstance(b, float)):
                yield from rows


def _key(state: State, code: str | None = None) -> tuple[object, ...] | None:
    """What a position claims: its categories, its period as published and its place."""
    period = state.period
    if state.refused or not (state.scope or period or state.part or code):
        return None
    said = frozenset((d, p.meaning.category) for d, p in state.scope.items())
    return said, period and (period.start, period.end, period.label), code, state.part


def _refuse_columns(task: Task, labels: Labels, statistics: list[Statistic | None]) -> None:
    """Refuse columns that say nothing, or what another column says; report those whose label nobody knows."""
    count = len(task.table.columns)
    for j in range(count):
        state = labels.column(j)
        if not state.scope and not (state.period if "period" in task.declared.columns else statistics[j]):
            labels.refuse_column(j, UNKNOWN if state.unread else NO_LABEL)
        kind = state.category(STATISTIC)
        over = (text_of(c) for axis in task.table.top if (c := axis.labels[j]) is not None)
        is_share = kind not in (None, "number") or any(is_rate(text) and not mentioned(text) for text in over)
        if is_share and not task.declared.statistics and _counts(task.declared.unit):
            labels.refuse_column(j, RATE_AMONG_COUNTS)
        if labels.column(j).refused and statistics[j] is None and not task.declared.statistics and state.unread:
            task.report_column(j, UNKNOWN)
    keys = [
        (key, (s := statistics[j]) and s.header)
        if (key := _key(labels.column(j))) is not None or (statistics[j] and not labels.column(j).refused)
        else None
        for j in range(count)
    ]
    for j in repeated_columns(keys):
        labels.refuse_column(j, TWICE)
        task.report_column(j, TWICE)


def _refuse_unmet(task: Task, labels: Labels) -> None:
    """Raises `Unusable` when the table separates nobody by a dimension that its declaration names."""
    declared = task.declared
    states = [labels.row(i) for i in range(len(task.table.rows))] + labels.columns
    said = {d for state in states if not state.refused for d in state.scope}
    asked = declared.columns if declared.fields else (*declared.rows, *declared.columns)
    unmet = [
        d for d in asked if d not in said and d not in ("period", PLACE, AS_PUBLISHED, PART_OF_PERIOD, "value", IGNORED)
    ]
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
    """The declared statistic that a header names: exactly, else by the longest beginning; its note's digit is none."""
    by_header = {plain(s.header): s for s in task.declared.statistics}
    for said in (plain(str(label)), plain(re.sub(r"(?<=\D)\d+\Z", "", str(label)))):
        if said in by_header:
            return by_header[said]
        if begins := [h for h in by_header if h and said.startswith(f"{h} ")]:
            return by_header[max(begins, key=len)]
    return None


def _statistics(task: Task) -> list[Statistic | None]:
    """For each value column what it counts, where a table prints several statistics side by side."""
    found: list[Statistic | None] = []
    for j, whole in enumerate(task.table.headers()):
        labels = [axis.labels[j] for axis in task.table.top if axis.labels[j] is not None]
        found.append(next((s for label in (whole, *labels) if (s := _statistic_of(task, label))), None))
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


def _cells(
    task: Task, labels: Labels, codes: list[str | None] | None, statistics: list[Statistic | None]
) -> pl.DataFrame:
    """One row a value: the positions of its labels, its cell, and what stands there."""
    grid, declared = task.table.grid, task.declared
    wanted_columns = [
        (j, c)
        for j, c in enumerate(task.table.columns)
        if not labels.column(j).refused and (not declared.statistics or statistics[j] is not None)
    ]
    out: list[tuple[Any, ...]] = []
    decimal = task.decimal()
    counts = [s.unit if s else declared.unit for s in statistics]
    for i, r in enumerate(task.table.rows):
        if labels.row(i).refused:
            continue
        line = grid.rows[r]
        width = len(line)
        for j, c in wanted_columns:
            raw = line[c] if c < width else None
            if raw is None:
                continue
            cell = grid.address(r, c)
            if isinstance(raw, float) and j not in task.table.beside:
                out.append((i, j, cell, raw, "published", None, None, None))
                continue
            text = raw if isinstance(raw, str) else str(raw)
            if (mark := task.table.beside.get(j)) is not None and isinstance(beside := grid.at(r, mark), str):
                text = f"{text} [{beside.strip('()[] ').lower()}]"
            seen = task.read(text, decimal)
            if seen is None:
                continue
            if seen.marker and _is_no_count(seen.marker, counts[j]):
                seen = Value(None, "unreadable", text)
            suppressed = seen.marker if seen.status == "suppressed" else None
            low, high = symbol_bounds(task.symbols, suppressed) if suppressed else (None, None)
            out.append((i, j, cell, seen.value, seen.status, seen.marker, low, high))
    return pl.DataFrame(out, schema=_CELL, orient="row")


def _counts(unit: str) -> bool:
    return not is_rate(unit) and unit not in (NOT_UNDERSTOOD, "fraction")


def _is_no_count(marker: str, unit: str) -> bool:
    """Whether the sign beside a number says that it is a share or a sum of money, and its unit says neither."""
    if "%" in marker:
        return _counts(unit)
    return bool(set(marker) & set("£$€") - set(unit))


def _side_frame(states: Sequence[State], at: Sequence[int]) -> pl.DataFrame:
    """One row a position: categories, labels, what is not a characteristic, period."""
    data: dict[str, list[Any]] = {}
    dimensions = {d for s in states for d in s.scope}
    for d in sorted(dimensions & set(NAMED)):
        data[d] = [s.category(d) for s in states]
        data[f"{d}_label"] = [s.scope[d].label if d in s.scope else None for s in states]
    if PLACE in dimensions:
        data["place_code"] = [s.category(PLACE) for s in states]
    others = sorted(dimensions - {*NAMED, PLACE})
    said = [
        {d: p.meaning.category for d in others if (p := s.scope.get(d)) and p.meaning.kind != "total"} for s in states
    ]
    data["circumstances"] = [json.dumps(c, sort_keys=True) if c else None for c in said]
    if any(s.part for s in states):
        data["part"] = [s.part or None for s in states]
    if any(s.period for s in states):
        periods = [s.period for s in states]
        data["period_start"] = [p.start if p else None for p in periods]
        data["period_end"] = [p.end if p else None for p in periods]
        data["period_label"] = [p.label if p else None for p in periods]
        data["period_markers"] = [list(p.markers) if p else None for p in periods]
    return pl.DataFrame(data, infer_schema_length=None)[list(at)]


def _merged(task: Task, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows' and columns' categories become one set of columns; the two sets of circumstances one JSON."""
    if "row:part" in frame.columns and "column:period_label" in frame.columns:
        frame = _with_parts(frame)
    names = {n.split(":", 1)[1] for n in frame.columns if ":" in n} - {"part"}
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


def _with_parts(frame: pl.DataFrame) -> pl.DataFrame:
    """Months or quarters down the side within the years across the top, as periods of the columns."""
    pairs = frame.select("row:part", "column:period_label").unique().drop_nulls()
    found = [(part, year, parse_period(part, year)) for part, year in pairs.iter_rows()]
    dates = pl.DataFrame(
        [(part, year, p.start, p.end, f"{part} {year}") for part, year, p in found if p],
        schema={
            "row:part": pl.String,
            "column:period_label": pl.String,
            "start": pl.Date,
            "end": pl.Date,
            "label": pl.String,
        },
        orient="row",
    )
    frame = frame.join(dates, on=["row:part", "column:period_label"], how="left", maintain_order="left")
    inner = {"column:period_start": "start", "column:period_end": "end", "column:period_label": "label"}
    return frame.with_columns(pl.col(name).alias(whole) for whole, name in inner.items()).drop(list(inner.values()))


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
