"""A grid's geometry: where its tables are, which cells are labels and which are numbers.

What it makes true: any sheet, old or new in style, is seen as tables, each with a title, labels down its side
(one or more columns) and across its top (one or more levels), and a body of values. Nothing here knows what a
label means; meaning is `placing`. Positions are found by what cells hold, never by where a publisher put them
last year.

What it refuses: numbers that no header names (scratch cells beside a table) are not part of it.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from monitor.vocabulary import parse_period, read_value
from pipelines.reading.grid import Cell, Grid

_NUMBERED = re.compile(r"\s*(?:table|figure|chart|worksheet)\s+\S+|\s*[A-Z]{0,4}[._ -]?\d+[\w.()]*\s*:\s*\S", re.I)
_FOOTNOTE = re.compile(r"\s*(?:\(\d+\)|\[?note|notes?\b|source\b|\d+\.\s|\*\s|' ?\*|©|contains public sector)", re.I)
_SYMBOL = re.compile(
    r"\s*(?:\.\.|-|–|\*{1,2}|~0?|!|\?|c|n/?a|:|\[[a-z]{1,3}\]|(?:<|fewer than |less than )\s?\d+"
    r"|\d+ or (?:fewer|less))\s*\Z",
    re.I,
)
_MARKED_NUMBER = re.compile(r"\s*-?[\d,]*\.?\d+\s*%?\s*(?:\(\d+\)|\[[^\]]+\]|[*pr])+\s*\Z")
_CODED = re.compile(
    r"\s*(?:(?:single )?(?:year of )?age(?: in years| \(years\))?|(?:financial |calendar )?years?|date|time|month"
    r"|quarter|period)\s*\Z",
    re.I,
)
_NUMBERED_ROWS = re.compile(r"(?:.*\b(?:code|id|order|rank|note number|row number)|notes?|note no\.?|#|ref)\s*\Z", re.I)
"""Headings of numbers that name a row and count nothing."""
_NUMBER_AS_TEXT = re.compile(r"\s*-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d+)?\s*\Z")
_UNITS = re.compile(r"\s*(?:numbers?|percentages?|thousands|units?|rates?|£)\b.{0,40}\Z", re.I)
_NAVIGATION = re.compile(
    r"\s*(?:(?:back|return|go)(?: to)?(?: the)? )?(?:table of )?(?:contents|index|cover(?: sheet)?|home)\s*\Z", re.I
)
LONGEST_LABEL = 90
"""A first cell longer than this with nothing beside it is prose, not a label."""
MOSTLY = 0.7
"""Share of a header's cells that make a later row the same header."""
OLDEST = 110
"""No single year of age is higher."""
LIKELY_YEARS = range(1990, 2041)
"""A whole number in this range above a column, with no words over it, is a year and not a count."""


@lru_cache(maxsize=65536)
def _is_value_text(text: str) -> bool:
    return bool(_SYMBOL.match(text) or _MARKED_NUMBER.match(text))


def is_value(cell: Cell) -> bool:
    """Whether a cell stands where a published value stands: a number, or a mark for a missing one."""
    if type(cell) is str:
        return _is_value_text(cell)
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
    `after_blank[i]` says whether body row `i` stands first or under an empty row; `blocks` are the body rows that
    hold labels and no value.
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
    blocks: frozenset[int] = frozenset()

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
        and (len(filled) <= 3 or (len(filled) <= 6 and len(first) >= 25))
        and not any(isinstance(row[i], float) for i in filled)
        and bool(_NUMBERED.match(first))
    )


def counts_up(cells: Iterable[Cell]) -> bool:
    """Numbers that label rather than count: consecutive years, or ages from 0."""
    numbers = [c for c in cells if isinstance(c, float)]
    if len(numbers) < 2 or any(n != int(n) for n in numbers):
        return False
    steps = {b - a for a, b in pairwise(numbers)}
    return (steps == {1.0} and (numbers[0] == 0 or 1850 <= numbers[0] <= 2100)) or (
        len(steps) == 1 and all(1850 <= n <= 2100 for n in numbers)
    )


def tables(grid: Grid) -> list[Table]:
    """Every table of the grid, in order. A sheet of prose has none; numbers stored as text are read as numbers only
    where the sheet holds no others.
    """
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
    for first, last in _segments(grid):
        for part in _side_by_side(grid, first, last):
            table = _table(part, first, last, len(found))
            if table is not None:
                found.append(table)
    return found


def _segments(grid: Grid) -> Iterator[tuple[int, int]]:
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
        if body > 50 and not blank and row and isinstance(row[0], str) and not _NUMBERED.match(row[0]):
            continue  # because the middle of a long table holds no surprise but a title
        filled = _filled(row)
        if not filled:
            blank = True
            continue
        if counted and _is_title(row, filled):
            starts.append(r)
            counted, header, body = set(), [], 0
        elif counted and blank and _is_new_header(grid, r, filled, counted, header):
            starts.append(_first_line_above(grid, r, starts[-1]))
            counted, header, body = set(), row, 0
        elif len(filled) > 1:
            numbers = [i for i in filled if isinstance(row[i], float)]
            if any(i > filled[0] for i in numbers) and not _is_header_of_numbers(grid, starts[-1], r, numbers):
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
        filled = _filled(grid.rows[q])
        if len(filled) != 1 or not isinstance(line := grid.rows[q][filled[0]], str):
            return False
        return not _FOOTNOTE.match(line) and len(line) <= 3 * LONGEST_LABEL

    first = r
    gaps = 0
    while first - 1 > start:
        if not _filled(grid.rows[first - 1]):
            gaps += 1
            if gaps > 1 or first - 2 <= start or not is_line(first - 2):
                break
        elif not is_line(first - 1):
            break
        first -= 1
    return first


def _are_years(numbers: Iterable[Cell]) -> bool:
    return all(isinstance(n, float) and n == int(n) and int(n) in LIKELY_YEARS for n in numbers)


def _is_header_of_numbers(grid: Grid, first: int, r: int, columns: list[int]) -> bool:
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
        len(_filled(grid.rows[q])) > 1 and all(grid.at(q, i) is not None for i in columns) for q in range(first, r)
    )


def _side_by_side(grid: Grid, first: int, last: int) -> list[Grid]:
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


def _first_body_row(grid: Grid, first: int, last: int) -> int | None:
    for r in range(first, last):
        row = grid.rows[r]
        filled = _filled(row)
        if not filled:
            continue
        values = [i for i in filled if is_value(row[i])]
        if not values or (len(values) == 1 and len(filled) == 1) or _is_title(row, filled):
            continue
        numbers = [i for i in values if isinstance(row[i], float)]
        # because "2010 2011 2012" under words is a header, while under another header it is a body of counts
        if numbers and not _is_header_of_numbers(grid, first, r, numbers):
            return r
    return None


def _header_rows(grid: Grid, first: int, body: int, left: int) -> tuple[list[int], int]:
    """The header's rows, top to bottom, and the row after the lowest: block labels may stand between."""
    r = body - 1
    while r >= first:
        filled = _filled(grid.rows[r])
        if any(i > left for i in filled) and not _is_title(grid.rows[r], filled):
            break
        if (
            filled
            and r > first
            and isinstance(grid.rows[r][filled[0]], str)
            and len(str(grid.rows[r][filled[0]])) > LONGEST_LABEL
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
        if not filled or _is_title(grid.rows[r], filled) or (len(filled) == 1 and filled[0] == left and rows):
            break
        named = [i for i in filled if i in columns]
        reach = len(named) if r == lowest else len([i for i in columns if named and i >= named[0]])
        if r != lowest and filled[0] == left and _UNITS.match(str(grid.rows[r][left])) and left not in columns:
            break  # because a line of units and places above a header is not a level of it
        if r != lowest and (not named or reach < max(2, len(columns) / 3)) and len(columns) > 1:
            break
        rows.append(r)
        r -= 1
    return rows[::-1], lowest + 1


def _table(grid: Grid, first: int, last: int, position: int) -> Table | None:
    body = _first_body_row(grid, first, last)
    if body is None:
        return None
    left = min((f[0] for r in range(first, last) if len(f := _filled(grid.rows[r])) > 1), default=0)
    header, start = _header_rows(grid, first, body, left)
    if not header:
        start = body
    heads = [grid.rows[r] for r in header]
    width = max((len(grid.rows[r]) for r in range(start, last)), default=0)
    numbers, texts = [0] * width, [0] * width
    for r in range(start, last):
        for c, cell in enumerate(grid.rows[r]):
            if cell is None:
                continue
            if type(cell) is float or is_value(cell):
                numbers[c] += 1
            else:
                texts[c] += 1

    def head(c: int) -> str | None:
        words = [str(cell) for h in header if (cell := grid.at(h, c)) is not None]
        return " ".join(words).replace("_", " ") if words else None

    coded = {
        c
        for c in range(width)
        if (h := head(c)) and (_NUMBERED_ROWS.match(h) or (_CODED.match(h) and not _is_measured(grid, c, start, last)))
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
    rows: list[int] = []
    after_blank: list[bool] = []
    notes: list[str] = []
    blocks: list[int] = []
    blank = True
    column_set, side_set = set(columns), set(side_columns)
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
            if not isinstance(label, str) or any(i not in side_set for i in filled):
                continue
            blocks.append(len(rows))
        elif label is None and len(side_columns) == 1:
            continue  # because numbers that no label names are scratch, not figures
        rows.append(r)
        after_blank.append(blank)
        blank = False
    if len(blocks) == len(rows):
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
        blocks=frozenset(blocks),
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
        if filled and isinstance(cell := grid.rows[r][filled[0]], str) and not _NAVIGATION.match(cell):
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
