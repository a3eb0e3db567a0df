"""A grid's geometry: where its tables are, which cells are labels and which are numbers.

What it makes true: any sheet, old or new in style, is seen as tables, each with a title, labels down its side
(one or more columns) and across its top (one or more levels), and a body of values. Nothing here knows what a
label means; meaning is `placing`. Positions are found by what cells hold, never by where a publisher put them
last year.

What it refuses: numbers that no header names (scratch cells beside a table) are not part of it.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from monitor.vocabulary import parse_period, read_value
from pipelines.reading.grid import Cell, Grid

_NUMBERED = re.compile(r"\s*(?:table|figure|chart|worksheet)\s+\S+|\s*[A-Z]{0,2}[._-]?\d+[\w.()]*\s*:\s*\S", re.I)
_FOOTNOTE = re.compile(r"\s*(?:\(\d+\)|\[?note|notes?\b|source\b|\d+\.\s|\*\s|' ?\*|©|contains public sector)", re.I)
_SYMBOL = re.compile(r"\s*(?:\.\.|-|–|\*{1,2}|~0?|!|\?|c|n/?a|:|\[[a-z]{1,3}\])\s*\Z", re.I)
_MARKED_NUMBER = re.compile(r"\s*-?[\d,]*\.?\d+\s*%?\s*(?:\(\d+\)|\[[^\]]+\]|[*pr])+\s*\Z")
_CODED = re.compile(
    r"\s*(?:(?:single )?(?:year of )?age(?: in years| \(years\))?|(?:financial |calendar )?years?|date|time|month|quarter"
    r"|period|.*\bcode)\s*\Z",
    re.I,
)
LONGEST_LABEL = 90
"""A first cell longer than this with nothing beside it is prose, not a label."""


def is_value(cell: Cell) -> bool:
    """Whether a cell stands where a published value stands: a number, or a mark for a missing one."""
    if isinstance(cell, str):
        return bool(_SYMBOL.match(cell) or _MARKED_NUMBER.match(cell))
    return isinstance(cell, float)


def is_text(cell: Cell) -> bool:
    """Whether a cell is words."""
    return isinstance(cell, str) and not is_value(cell)


@dataclass
class Axis:
    """Labels in one direction. `labels[i]` belongs to body row (or value column) `i`; None where there is none."""

    header: str
    labels: list[Cell]


@dataclass
class Table:
    """One table of a sheet.

    `rows` and `columns` are zero-based positions in the grid; `side` has one `Axis` a label column, `top` one a
    header level. Rows that are labels only (blocks) are in `rows` too: they scope what is under them.
    `after_blank[i]` says whether body row `i` stands first or under an empty row.
    """

    grid: Grid
    position: int
    title: str
    rows: list[int]
    columns: list[int]
    side: list[Axis]
    top: list[Axis]
    after_blank: list[bool]
    header_rows: list[int]
    notes: list[str] = field(default_factory=list)

    def numbered_title(self) -> tuple[str, str]:
        """The publisher's number and the title without it: `("A1.7", "Prison population by …")`."""
        match = re.match(r"\s*(?:table\s+)?([A-Z]{0,2}[._-]?\d+[\w.()]*)\s*:?\s*(.*)", self.title, re.I | re.S)
        return (match[1].rstrip(".:"), match[2].strip()) if match else ("", self.title.strip())


def _filled(row: list[Cell]) -> list[int]:
    return [i for i, cell in enumerate(row) if cell is not None]


def _is_title(row: list[Cell], filled: list[int]) -> bool:
    first = row[filled[0]]
    return (
        isinstance(first, str)
        and len(filled) <= 3
        and not any(isinstance(row[i], float) for i in filled)
        and bool(_NUMBERED.match(first))
    )


def _counts_up(cells: list[Cell]) -> bool:
    """Numbers that label rather than count: consecutive years, or ages from 0."""
    numbers = [c for c in cells if isinstance(c, float)]
    if len(numbers) < 2 or any(n != int(n) for n in numbers):
        return False
    steps = {b - a for a, b in pairwise(numbers)}
    return (steps == {1.0} and (numbers[0] == 0 or 1850 <= numbers[0] <= 2100)) or (
        len(steps) == 1 and all(1850 <= n <= 2100 for n in numbers)
    )


def tables(grid: Grid) -> list[Table]:
    """Every table of the grid, in order. A sheet of prose has none."""
    found: list[Table] = []
    for first, last in _segments(grid):
        table = _table(grid, first, last, len(found))
        if table is not None:
            found.append(table)
    return found


def _segments(grid: Grid) -> Iterator[tuple[int, int]]:
    """Row ranges that each hold at most one table: from one numbered title to the next."""
    starts = [0]
    numbers_since = False
    for r, row in enumerate(grid.rows):
        filled = _filled(row)
        if not filled:
            continue
        if numbers_since and _is_title(row, filled):
            starts.append(r)
            numbers_since = False
        elif len(filled) > 1 and any(isinstance(row[i], float) for i in filled[1:]):
            numbers_since = True
    yield from zip(starts, [*starts[1:], len(grid.rows)], strict=True)


def _first_body_row(grid: Grid, first: int, last: int) -> int | None:
    for r in range(first, last):
        row = grid.rows[r]
        filled = _filled(row)
        values = [i for i in filled if is_value(row[i])]
        if not values or (len(values) == 1 and len(filled) == 1):
            continue
        if _is_title(row, filled):
            continue
        numbers = [row[i] for i in values]
        if any(isinstance(n, float) for n in numbers) and not _counts_up(numbers):
            # because "2010 2011 2012" under words is a header, while under another header it is a body of counts
            return r
    return None


def _header_rows(grid: Grid, first: int, body: int) -> tuple[list[int], int]:
    """The header's rows, top to bottom, and the row after the lowest: block labels may stand between."""
    r = body - 1
    while r >= first:
        filled = _filled(grid.rows[r])
        if len([i for i in filled if i > 0]) >= 1 and not _is_title(grid.rows[r], filled):
            break
        if (
            filled
            and r > first
            and isinstance(grid.rows[r][filled[0]], str)
            and len(str(grid.rows[r][0])) > LONGEST_LABEL
        ):
            return [], body
        r -= 1
    if r < first:
        return [], body
    lowest = r
    columns = {i for i, c in enumerate(grid.rows[body]) if is_value(c)}
    rows: list[int] = []
    while r >= first:
        filled = _filled(grid.rows[r])
        if not filled or _is_title(grid.rows[r], filled) or (len(filled) == 1 and filled[0] == 0 and rows):
            break
        named = [i for i in filled if i in columns]
        reach = len(named) if r == lowest else len([i for i in columns if named and i >= named[0]])
        if r != lowest and (not named or reach < max(2, len(columns) / 3)) and len(columns) > 1:
            break
        rows.append(r)
        r -= 1
    return rows[::-1], lowest + 1


def _table(grid: Grid, first: int, last: int, position: int) -> Table | None:
    body = _first_body_row(grid, first, last)
    if body is None:
        return None
    header, start = _header_rows(grid, first, body)
    if not header:
        start = body
    heads = [grid.rows[r] for r in header]
    width = max((len(grid.rows[r]) for r in range(start, last)), default=0)
    numbers, texts = [0] * width, [0] * width
    for r in range(start, last):
        for c, cell in enumerate(grid.rows[r]):
            if cell is None:
                continue
            if isinstance(cell, float) or is_value(cell):
                numbers[c] += 1
            else:
                texts[c] += 1
    bottom = header[-1] if header else None

    def head(c: int) -> Cell:
        return grid.at(bottom, c) if bottom is not None else None

    coded = {
        c
        for c in range(width)
        if isinstance(h := head(c), str) and _CODED.match(h) and not _is_measured(grid, c, start, last)
    }
    side_columns = [c for c in range(width) if c in coded or texts[c] > numbers[c]]
    if not side_columns:
        return None
    top = _levels(grid, header, [c for c in range(width) if c not in side_columns and numbers[c]])
    columns = [
        c
        for c in range(width)
        if c not in side_columns and numbers[c] and any(level.get(c) is not None for level in top)
    ]
    if not columns:
        return None
    leading = side_columns[0]
    side_columns = [
        c
        for c in side_columns
        if c < columns[0] or (head(c) is not None and texts[c] >= numbers[columns[0]] // 2) or c in coded
    ]
    rows, after_blank, notes = [], [], []
    blank = True
    column_set = set(columns)
    for r in range(start, last):
        row = grid.rows[r]
        filled = _filled(row)
        if not filled:
            blank = True
            continue
        if row in heads or _same_header(row, heads[-1] if heads else [], columns):
            continue
        has_value = any(i in column_set and is_value(row[i]) for i in filled)
        label = row[leading] if leading < len(row) else None
        if not has_value:
            if isinstance(label, str) and (_FOOTNOTE.match(label) or len(label) > LONGEST_LABEL):
                notes.append(label)
                continue
            if not isinstance(label, str) or any(i not in side_columns for i in filled):
                continue
        elif label is None and len(side_columns) == 1:
            continue  # because numbers that no label names are scratch, not figures
        rows.append(r)
        after_blank.append(blank)
        blank = False
    if not any(is_value(grid.at(r, c)) for r in rows for c in columns):
        return None
    side = [
        Axis(
            " ".join(str(grid.at(h, c)) for h in header if grid.at(h, c) is not None),
            [grid.at(r, c) for r in rows],
        )
        for c in side_columns
    ]
    return Table(
        grid=grid,
        position=position,
        title=_title(grid, first, header[0] if header else body),
        rows=rows,
        columns=columns,
        side=side,
        top=[Axis("", [level.get(c) for c in columns]) for level in top],
        after_blank=after_blank,
        header_rows=header,
        notes=notes,
    )


def _is_measured(grid: Grid, column: int, start: int, last: int) -> bool:
    """Whether a column headed by a word such as "age" holds counts after all: fractions or large numbers."""
    for r in range(start, min(last, start + 400)):
        cell = grid.at(r, column)
        if isinstance(cell, float) and (cell != int(cell) or cell > 2200):
            return True
    return False


def _same_header(row: list[Cell], header: list[Cell], columns: list[int]) -> bool:
    """Whether a body row repeats the header (blocks stacked under a repeated row of dates)."""
    cells = ((row[c] if c < len(row) else None, header[c] if c < len(header) else None) for c in columns)
    named = False
    for cell, head in cells:
        if cell != head:
            return False
        named = named or cell is not None
    return named


def _levels(grid: Grid, header: list[int], columns: list[int]) -> list[dict[int, Cell]]:
    """Header levels by column. A label above several columns reaches right, over cells that a lower level names."""
    levels: list[dict[int, Cell]] = []
    for k, r in enumerate(header):
        row = grid.rows[r]
        level = {c: row[c] for c in range(len(row)) if row[c] is not None}
        if k < len(header) - 1:
            lower = [grid.rows[q] for q in header[k + 1 :]]
            seen: Cell = None
            for c in range(columns[0] if columns else 0, (columns[-1] + 1) if columns else 0):
                if c in level:
                    seen = level[c]
                elif seen is not None and any(c < len(q) and q[c] is not None for q in lower):
                    level[c] = seen
        levels.append(level)
    return levels


def _title(grid: Grid, first: int, before: int) -> str:
    """The table's title: a numbered one if there is one, else the first words above the header."""
    words = []
    for r in range(first, before):
        filled = _filled(grid.rows[r])
        if filled and isinstance(cell := grid.rows[r][filled[0]], str):
            if _is_title(grid.rows[r], filled):
                return " ".join(cell.split())
            words.append(" ".join(cell.split()))
    return words[0] if words else grid.sheet


def period_of(cell: Cell) -> bool:
    """Whether a label reads as a period."""
    if isinstance(cell, dt.date):
        return True
    try:
        return parse_period(cell) is not None if cell is not None else False
    except ValueError:
        return True


__all__ = ["Axis", "Table", "is_text", "is_value", "period_of", "read_value", "tables"]
