"""A grid's geometry: where its tables are, which cells are labels and which are numbers.

What it makes true: any sheet, old or new in style, is seen as tables, each with a title, labels down its side
(one or more columns) and across its top (one or more levels), and a body of values. Nothing here knows what a
label means; meaning is `placing`. Positions are found by what cells hold, never by where a publisher put them
last year.

What it refuses: numbers that no header names (scratch cells beside a table) are not part of it.
"""

import re
from dataclasses import replace

from pipelines.reading.grid import Cell, Grid, Rows
from pipelines.shape import listed
from pipelines.shape.cells import is_text, is_value
from pipelines.shape.drawing import table_of
from pipelines.shape.extent import segments, side_by_side
from pipelines.shape.table import Axis, Table

_NUMBER_AS_TEXT = re.compile(r"\s*-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d+)?\s*\Z")


def tables(grid: Grid) -> list[Table]:
    """Every table of the grid, in order. A sheet of prose has none; numbers stored as text are read as numbers only
    where the sheet holds no others.
    """
    if isinstance(grid.rows, Rows) and (one := listed.table(grid, grid.rows)) is not None:
        return [one]
    found = _tables(grid)
    if not found and (counted := _numbers_from_text(grid)) is not None:
        found = _tables(counted)
    return found


def _numbers_from_text(grid: Grid) -> Grid | None:
    """The grid with text such as `1,234` as numbers; None when it holds hardly any."""
    changed = 0
    rows: list[list[Cell]] = []
    for row in grid.rows:
        new = list(row)
        for c, cell in enumerate(row):
            if isinstance(cell, str) and _NUMBER_AS_TEXT.match(cell):
                new[c] = float(cell.replace(",", ""))
                changed += 1
        rows.append(new)
    return replace(grid, rows=rows) if changed >= 4 else None


def _tables(grid: Grid) -> list[Table]:
    found: list[Table] = []
    for first, last in segments(grid):
        for part in side_by_side(grid, first, last):
            table = table_of(part, first, last, len(found))
            if table is not None:
                found.append(table)
    return found


__all__ = ["Axis", "Table", "is_text", "is_value", "tables"]
