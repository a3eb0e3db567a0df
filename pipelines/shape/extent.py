"""Where the tables of a sheet begin and end: under a numbered title, under a header of other words, beside an empty
column.

What it refuses: a header that is only repeated over the next block of a table does not begin another one.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from pipelines.reading.grid import Cell, Grid
from pipelines.shape.cells import NUMBERED, counts_up, filled_in, is_number, is_title, is_value

FOOTNOTE = re.compile(r"\s*(?:\(\d+\)|\[?note|notes?\b|source\b|\d+\.\s|\*\s|' ?\*|©|contains public sector)", re.I)
LONGEST_LABEL = 90
"""A first cell longer than this with nothing beside it is prose, not a label."""
MOSTLY = 0.7
"""Share of a header's cells that make a later row the same header."""
OLDEST = 110
"""No single year of age is higher."""
LIKELY_YEARS = range(1990, 2041)
"""A whole number in this range above a column, with no words over it, is a year and not a count."""


def segments(grid: Grid) -> Iterator[tuple[int, int]]:
    """Row ranges that each hold one table, or tables side by side.

    A table ends where a numbered title stands, or, under an empty row, a header of other words: a header
    repeated over the next block of a table does not end it.
    """
    starts = [0]
    header: list[Cell] = []
    counted: set[int] = set()
    blank = False
    body = 0
    for r, row in enumerate(grid.rows):
        if body > 50 and not blank and row and isinstance(row[0], str) and not NUMBERED.match(row[0]):
            continue  # because the middle of a long table holds no surprise but a title
        filled = filled_in(row)
        if not filled:
            blank = True
            continue
        if counted and is_title(row, filled):
            starts.append(r)
            counted, header, body = set(), [], 0
        elif counted and blank and _is_new_header(grid, r, filled, counted, header):
            starts.append(_first_line_above(grid, r, starts[-1]))
            counted, header, body = set(), row, 0
        elif len(filled) > 1:
            numbers = [i for i in filled if is_number(row[i])]
            if any(i > filled[0] for i in numbers) and not is_header_of_numbers(grid, starts[-1], r, numbers):
                counted.update(numbers)
                body += 1
            elif not counted:
                header = row
        blank = blank and len(filled) == 1 and not isinstance(row[filled[0]], float)
    yield from zip(starts, [*starts[1:], len(grid.rows)], strict=True)


def _is_new_header(grid: Grid, r: int, filled: list[int], counted: set[int], header: list[Cell]) -> bool:
    """Whether a row under an empty one names columns of numbers that follow, in other words than before."""
    row = grid.rows[r]
    over = [i for i in filled if i in counted]
    named = [i for i in filled[1:] if not is_value(row[i])]
    numbers = [row[i] for i in filled if isinstance(row[i], float)]
    if len(filled) < 2 or not over or (numbers and not _are_years(numbers)):
        return False
    if not numbers and (len(named) < len(filled) - 1 or not all(isinstance(row[i], str | dt.date) for i in named)):
        return False
    corner = header[filled[0]] if filled[0] < len(header) else None
    same = sum((header[i] if i < len(header) else None) == row[i] for i in filled)
    if same >= MOSTLY * len(filled) and (filled[0] in counted or corner == row[filled[0]]):
        return False  # because a header repeated by hand may have a slip in it
    below = (grid.rows[q] for q in range(r + 1, min(r + 6, len(grid.rows))))
    columns = set(filled[1:])
    return any(sum(i in columns and isinstance(c, float) for i, c in enumerate(line)) > 0 for line in below)


def _first_line_above(grid: Grid, r: int, start: int) -> int:
    """Where the words over a header begin: lines of one cell directly above it, or above one empty row."""

    def is_line(q: int) -> bool:
        filled = filled_in(grid.rows[q])
        if len(filled) != 1 or not isinstance(line := grid.rows[q][filled[0]], str):
            return False
        return not FOOTNOTE.match(line) and len(line) <= 3 * LONGEST_LABEL

    first = r
    gaps = 0
    while first - 1 > start:
        if not filled_in(grid.rows[first - 1]):
            gaps += 1
            if gaps > 1 or first - 2 <= start or not is_line(first - 2):
                break
        elif not is_line(first - 1):
            break
        first -= 1
    return first


def _are_years(numbers: Iterable[Cell]) -> bool:
    return all(isinstance(n, float) and n == int(n) and int(n) in LIKELY_YEARS for n in numbers)


def is_header_of_numbers(grid: Grid, first: int, r: int, columns: list[int]) -> bool:
    """Whether the numbers of a row name columns: years, or numbers that count up with no words over them."""
    numbers = [grid.rows[r][i] for i in columns]
    years = _are_years(numbers)
    if years and len(numbers) >= 3 and len(set(numbers)) > 1:
        return True  # because three counts of people are not all years
    if not years and not counts_up(numbers):
        steps = {b - a for a, b in pairwise(n for n in numbers if isinstance(n, float))}
        if len(numbers) < 3 or steps != {1.0} or max(n for n in numbers if isinstance(n, float)) > OLDEST:
            return False
    elif counts_up(numbers):
        return True
    return not any(
        len(filled_in(grid.rows[q])) > 1 and all(grid.at(q, i) is not None for i in columns) for q in range(first, r)
    )


def side_by_side(grid: Grid, first: int, last: int) -> list[Grid]:
    """The tables that stand beside one another in these rows, each alone on a grid of the same addresses.

    An empty column divides two tables when words label rows again right of it; without such words it only spaces
    out groups of columns.
    """
    width = max((len(grid.rows[r]) for r in range(first, last)), default=0)
    numbers, texts = [0] * width, [0] * width
    for r in range(first, last):
        row = grid.rows[r]
        if sum(c is not None for c in row) < 2:
            continue
        for c, cell in enumerate(row):
            if cell is not None:
                if isinstance(cell, float):
                    numbers[c] += 1
                else:
                    texts[c] += 1
    empty = [c for c in range(width) if not numbers[c] and not texts[c]]
    edges = [0]
    for c in empty:
        right = next((k for k in range(c + 1, width) if numbers[k] or texts[k]), None)
        if right is None or right != c + 1 or not any(numbers[edges[-1] : c]):
            continue
        if texts[right] >= 3 and texts[right] > 2 * numbers[right] and any(numbers[right + 1 :]):
            labelled = sum(
                isinstance(grid.at(r, right), str) and isinstance(grid.at(r, right + 1), float)
                for r in range(first, last)
            )
            if labelled >= 2 and not any(is_value(grid.at(r, right)) for r in range(first, last)):
                edges.append(right)
    if len(edges) == 1:
        return [grid]
    parts = []
    for left, end in zip(edges, [*edges[1:], width], strict=True):
        rows: list[list[Cell]] = [
            [None] * left + row[left:end] if first <= r < last else [] for r, row in enumerate(grid.rows)
        ]
        parts.append(replace(grid, rows=rows))
    return parts
