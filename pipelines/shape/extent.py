"""Where the tables of a sheet begin and end: under a title, under a header of other words, beside other labels."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from pipelines.reading.grid import Cell, Grid, across
from pipelines.shape.cells import (
    LONGEST_LABEL,
    NOTE,
    NUMBERED,
    counts_up,
    filled_in,
    goes_up,
    is_number,
    is_spelled,
    is_title,
    is_value,
    plain_number,
)

MOSTLY = 0.7
"""Share of a header's cells that make a later row the same header."""
MOST_LEVELS = 4
OLDEST = 110
"""No single year of age is higher."""
LIKELY_YEARS = range(1990, 2041)
"""A whole number in this range above a column, with no words over it, is a year and not a count."""


def segments(grid: Grid) -> Iterator[tuple[int, int]]:
    """Row ranges that each hold one table, or tables side by side.

    A table ends where a numbered title stands, or, under an empty row, a header of other words: a header
    repeated over the next block of a table does not end it, unless each stands under a title of its own.
    """
    starts = [0]
    header: list[list[Cell]] = []
    counted: set[int] = set()
    blank = False
    body = 0
    lines: list[int] = []
    titled = False
    for r, row in enumerate(grid.rows):
        if body > 50 and not blank and row and isinstance(row[0], str) and not NUMBERED.match(row[0]):
            continue  # because the middle of a long table holds no surprise but a title
        filled = filled_in(row)
        if not filled:
            blank = True
            continue
        if counted and is_title(row, filled):
            starts.append(r)
            counted, header, body, titled = set(), [], 0, False
        elif counted and (
            (blank and _is_new_header(grid, r, filled, counted, header))
            or (titled and lines[-1:] == [r - 1] and row == header[0])
        ):
            starts.append(_first_line_above(grid, r, starts[-1]))
            titled = starts[-1] == r - 1
            counted, header, body = set(), [row], 0
        elif len(filled) > 1:
            numbers = [i for i in filled if type(row[i]) is float or is_number(row[i])]
            if any(i > filled[0] for i in numbers) and not is_header_of_numbers(grid, starts[-1], r, numbers):
                counted.update(numbers)
                body += 1
            elif not counted:
                # because a line over a repeated header is a title where the first one's title is all that is over it
                titled = titled if header else lines == [r - 1] == [starts[-1]]
                header.append(row)
        elif isinstance(row[filled[0]], str):
            lines.append(r)
        blank = blank and len(filled) == 1 and not isinstance(row[filled[0]], float)
    yield from zip(starts, [*starts[1:], len(grid.rows)], strict=True)


def _is_new_header(grid: Grid, r: int, filled: list[int], counted: set[int], header: list[list[Cell]]) -> bool:
    """Whether a row under an empty one names columns of numbers that follow, in other words than before."""
    row = grid.rows[r]
    over = [i for i in filled if i in counted]
    named = [i for i in filled[1:] if not is_value(row[i])]
    numbers = [row[i] for i in filled if isinstance(row[i], float)]
    if len(filled) < 2 or not over or (numbers and not _are_years(numbers)):
        return False
    if not numbers and (len(named) < len(filled) - 1 or not all(isinstance(row[i], str | dt.date) for i in named)):
        return False
    for before in header[-MOST_LEVELS:]:
        corner = before[filled[0]] if filled[0] < len(before) else None
        same = sum((before[i] if i < len(before) else None) == row[i] for i in filled)
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
        return not NOTE.match(line) and len(line) <= 3 * LONGEST_LABEL

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


def are_years(cells: Iterable[Cell]) -> bool:
    """Whether the numbers among some cells are years and no counts: each follows the one before, up or down."""
    numbers = [n for n in cells if isinstance(n, float)]
    steps = {b - a for a, b in pairwise(numbers)}
    return _are_years(numbers) and len(numbers) > 2 and (steps == {1.0} or steps == {-1.0})


def is_header_of_numbers(grid: Grid, first: int, r: int, columns: list[int]) -> bool:
    """Whether the numbers of a row name columns: years, or numbers that count up with no words over them."""
    row = grid.rows[r]
    numbers = [row[i] for i in columns]
    years = _are_years(numbers)
    if years and len(numbers) >= 3 and len(set(numbers)) > 1:
        return True  # because three counts of people are not all years
    if not years and not counts_up(numbers):
        if len(numbers) < 3 or not goes_up(numbers):
            return False
        counts = [n for n in numbers if isinstance(n, float)]
        if max(counts) > OLDEST:
            return False
        if {b - a for a, b in pairwise(counts)} != {1.0}:
            return False
    elif counts_up(numbers):
        return True
    return not any(
        len(filled_in(grid.rows[q])) > 1 and all(grid.at(q, i) is not None for i in columns) for q in range(first, r)
    )


def side_by_side(grid: Grid, first: int, last: int) -> list[tuple[Grid, int, int]]:
    """The tables that stand beside one another in these rows, each alone on a grid of the same addresses, with its
    first column and the one after its last.

    An empty column divides two tables when words label rows again right of it; without such words it only spaces
    out groups of columns. With nothing between, words divide two that have the same header.
    """
    width = max((len(grid.rows[r]) for r in range(first, last)), default=0)
    numbers, texts = [0] * width, [0] * width
    filled = [row for row in grid.rows[first:last] if len(row) - row.count(None) > 1]
    for c, cells in enumerate(across(filled)):
        numbers[c] = list(map(type, cells)).count(float)
        texts[c] = len(cells) - numbers[c] - cells.count(None)
    edges = [0]
    for right in range(2, width - 1):
        if texts[right] < 3 or texts[right] <= 2 * numbers[right] or not any(numbers[right + 1 :]):
            continue
        if not numbers[right - 1] and not texts[right - 1]:
            if any(numbers[edges[-1] : right]) and _labels_rows(grid, first, last, right):
                edges.append(right)
        elif numbers[right - 1] and _begins_again(grid, first, last, range(edges[-1], right), width):
            edges.append(right)
    if len(edges) == 1:
        return [(grid, 0, width)]
    parts = []
    for left, end in zip(edges, [*edges[1:], width], strict=True):
        rows: list[list[Cell]] = [
            [None] * left + row[left:end] if first <= r < last else [] for r, row in enumerate(grid.rows)
        ]
        parts.append((replace(grid, rows=rows), left, end))
    return parts


def _labels_rows(grid: Grid, first: int, last: int, column: int) -> bool:
    """Whether a column labels the numbers right of it, and holds no value itself."""
    if any(is_value(grid.at(r, column)) for r in range(first, last)):
        return False
    beside = (grid.at(r, column) for r in range(first, last) if isinstance(grid.at(r, column + 1), float))
    labels = [cell for cell in beside if isinstance(cell, str)]
    # because numbers stored as text are counts, unless they are years
    counts = [is_spelled(cell) and plain_number(cell) not in LIKELY_YEARS for cell in labels]
    return len(labels) >= 2 and not all(counts)


def _begins_again(grid: Grid, first: int, last: int, before: range, width: int) -> bool:
    """Whether the words right of some columns have the header of those columns over again."""
    right = before.stop

    def is_between(r: int) -> bool:
        beside = (grid.at(r, right - 1), grid.at(r, right + 1))
        return isinstance(grid.at(r, right), str) and all(isinstance(cell, float) for cell in beside)

    body = next(filter(is_between, range(first + 1, last)), None)
    if body is None:
        return False
    header = [grid.at(body - 1, c) for c in range(width)]
    counted = [c for c in before if isinstance(grid.at(body, c), float)]
    again = header[right + 1 : right + 1 + len(counted)]
    return None not in again and again == [header[c] for c in counted] and isinstance(header[right], str)
