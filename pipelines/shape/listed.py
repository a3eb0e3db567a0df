"""A long sheet that is one list of records under one header, drawn by column: each different value is asked once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from pipelines.reading.grid import Cell, Column, Grid, Rows
from pipelines.shape import drawing
from pipelines.shape.cells import NUMBERED, filled_in, is_spelled, is_value
from pipelines.shape.extent import segments
from pipelines.shape.headers import unsure
from pipelines.shape.table import Table

HEAD = 200
"""Rows of the body that are looked at one by one, with what stands over them."""
MOST_ODD = 0.05
"""Share of rows without a value above which a sheet is no list of records."""


def table(grid: Grid, rows: Rows) -> Table | None:
    """The one table of a long sheet; None when it must be read row by row to know."""
    body = drawing.first_body_row(grid, 0, min(len(rows), HEAD))
    if body is None:
        return None
    head = replace(grid, rows=rows[: body + HEAD])
    if list(segments(head)) != [(0, len(head.rows))]:
        return None
    columns = [column[body:] for column in rows.columns]
    filled = [_where(column, _is_filled) for column in columns]
    if not _goes_on(columns, filled):
        return None
    left = min((f[0] for row in head.rows if len(f := filled_in(row)) > 1), default=0)
    header, start = drawing.header_rows(grid, 0, body, left)
    if not header or start != body:
        return None
    kinds = (is_value, _is_words, _is_spelled)

    def where(leading: Sequence[int], at: Sequence[int]) -> drawing.Standing:
        valued = np.logical_or.reduce([_where(columns[c], is_value) for c in at])
        return np.stack([filled[c] for c in leading], axis=1), valued, ~np.logical_or.reduce([filled[c] for c in at])

    counts = [[_count(c, is_it) for c in columns] for is_it in kinds]
    plan = drawing.planned(grid, header, start, len(rows), counts, standing=where)
    if plan is None or plan.steps:
        return None
    if any(isinstance(cell := grid.at(h, c), str) and is_value(cell) for h in header[1:] for c in plan.columns):
        return None  # because of rows that hold only marks each must be looked at
    figures = np.logical_or.reduce([_where(columns[c], _is_figure) for c in plan.columns])
    if len(plan.side) == 1:
        figures &= filled[plan.leading]
    if len(plan.side) >= drawing.RECORDS:
        figures |= np.logical_and.reduce([filled[c] for c in plan.side]) & _only(filled, plan.side)
    figures &= ~_repeats(columns, plan.columns, grid.rows[header[-1]])
    odd = np.flatnonzero(~figures)
    if len(odd) > MOST_ODD * len(figures):
        return None
    blocks: list[int] = []
    notes: list[str] = []
    lost: list[int] = []
    heads = [grid.rows[h] for h in header]
    for i in odd.tolist():
        row = rows[body + i]
        if drawing.same_header(row, grid.rows[header[-1]], plan.columns) or row in heads:
            continue
        standing = drawing.standing_of(row, filled_in(row), plan)
        if standing == "note":
            notes.append(str(row[plan.leading]))
        elif standing == "block":
            figures[i] = True
            blocks.append(i)
        elif standing == "lost" and not drawing.is_like_header(row, heads, plan.columns):
            lost.append(i)
    end = int(np.flatnonzero(figures)[-1]) if figures.any() else 0
    for i in lost:
        if i > end + 1:
            break
        figures[i] = True
        end = max(end, i)
    kept = np.flatnonzero(figures)
    title, title_cells = drawing.title_of(grid, 0, header[0])
    return Table(
        grid=grid,
        position=0,
        title=title,
        rows=range(body, len(rows)) if len(kept) == len(figures) else (kept + body).tolist(),
        columns=plan.columns,
        side=plan.side_axes(grid, [columns[c].take(kept) for c in plan.side]),
        top=plan.top_axes(),
        after_blank=[True] + [False] * (len(kept) - 1),
        header_rows=header,
        notes=notes,
        blocks=frozenset(np.searchsorted(kept, blocks).tolist()),
        unsure=unsure(grid, header, plan.columns),
        beside=drawing.marks_beside(lambda c: set(columns[c].values) if c < len(columns) else set(), plan),
        area=(slice(0, len(rows)), slice(0, grid.width)),
        title_cells=title_cells,
    )


def _goes_on(columns: Sequence[Column], filled: Sequence[np.ndarray]) -> bool:
    """Whether no row below the first could begin another table: none is empty or a title, and no column divides."""
    used = [bool(f.any()) for f in filled]
    if any(not left and right for left, right in pairwise(used)):
        return False
    empty = ~filled[0]
    titles = _where(columns[0], _is_titled)
    for column, f in zip(columns[1:], filled[1:], strict=True):
        titles |= empty & _where(column, _is_titled)
        empty &= ~f
    if empty.any():
        return False
    return not titles.any() or not (titles & ~_any_number(columns)).any()


def _only(filled: Sequence[np.ndarray], columns: Sequence[int]) -> np.ndarray:
    """Which rows hold nothing beyond some columns."""
    others = [f for c, f in enumerate(filled) if c not in columns]
    return ~np.logical_or.reduce([np.zeros(len(filled[0]), dtype=bool), *others])


def _any_number(columns: Sequence[Column]) -> np.ndarray:
    return np.logical_or.reduce([_where(column, lambda cell: isinstance(cell, float)) for column in columns])


def _repeats(columns: Sequence[Column], at: Sequence[int], header: Sequence[Cell]) -> np.ndarray:
    """Which rows repeat the header over every column of values."""
    repeats = np.ones(len(columns[0]), dtype=bool)
    for c in at:
        here = header[c] if c < len(header) else None
        repeats &= _where(columns[c], lambda cell, here=here: cell == here)  # type: ignore[misc]
        if not repeats.any():
            break
    return repeats


def _where(column: Column, is_so: Callable[[Cell], bool]) -> np.ndarray:
    """Where something is so of a column's cells."""
    return np.array([is_so(value) for value in column.values], dtype=bool)[column.codes]


def _count(column: Column, is_so: Callable[[Cell], bool]) -> int:
    """Of how many cells something is so."""
    counts = np.bincount(column.codes, minlength=len(column.values))
    return int(sum(n for n, value in zip(counts.tolist(), column.values, strict=True) if n and is_so(value)))


def _is_filled(cell: Cell) -> bool:
    return cell is not None


def _is_words(cell: Cell) -> bool:
    return cell is not None and not _is_figure(cell)


def _is_spelled(cell: Cell) -> bool:
    return isinstance(cell, str) and not is_value(cell) and is_spelled(cell)


def _is_figure(cell: Cell) -> bool:
    return is_value(cell) or _is_spelled(cell)


def _is_titled(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(NUMBERED.match(cell))
