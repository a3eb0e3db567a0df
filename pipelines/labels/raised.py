"""Raised footnote numbers, set apart from the labels that workbooks glue them to.

What it makes true: `Under 101` with a raised 1 is `Under 10 [1]`, whatever number the label itself ends in, because
the file says which part was raised. What it refuses: to touch a period that reads as it stands (`2018/191`), whose
published spelling tells two columns apart, and anything raised that is no note's number.
"""

import re
from dataclasses import replace
from typing import cast

from monitor.vocabulary import ImpossiblePeriod, parse_period
from pipelines.reading.grid import Cell, Grid
from pipelines.shape import Sheet, sheet

_NOTE_NUMBERS = re.compile(r"\(?\d{1,2}(?:\s*,\s*\d{1,2})*\)?\Z")


def drawn(grid: Grid) -> Sheet:
    """The tables of a grid and the role of every cell, raised note numbers set apart: drawn once for all who ask."""
    if grid.drawn is None:
        grid.drawn = sheet(notes_apart(grid))
    return cast(Sheet, grid.drawn)


def notes_apart(grid: Grid) -> Grid:
    """The grid with raised note numbers at the end of labels in square brackets; the same grid where there are none."""
    rows: list[list[Cell]] | None = None
    for (r, c), end in grid.superscripts.items():
        cell = grid.at(r, c)
        if not isinstance(cell, str) or not _NOTE_NUMBERS.match(end) or not cell.rstrip().endswith(end):
            continue
        before = cell.rstrip()[: -len(end)].rstrip()
        if not before or not any(letter.isalpha() for letter in before) or _is_period(cell):
            continue
        if rows is None:
            rows = list(grid.rows)
        rows[r] = [*rows[r][:c], f"{before} [{end.strip('()')}]", *rows[r][c + 1 :]]
    return grid if rows is None else replace(grid, rows=rows)


def _is_period(text: str) -> bool:
    try:
        return parse_period(text) is not None
    except ImpossiblePeriod:
        return False
