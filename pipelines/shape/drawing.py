"""One table drawn from its rows: its header, its labels down the side and across the top, its body of values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.reading.grid import Cell, Grid
from pipelines.shape.cells import filled_in, is_number, is_title, is_value
from pipelines.shape.extent import FOOTNOTE, LONGEST_LABEL, is_header_of_numbers
from pipelines.shape.table import Axis, Table

_CODED = re.compile(
    r"\s*(?:(?:single )?(?:year of )?age(?: in years| \(years\))?|(?:financial |calendar )?years?|date|time|month"
    r"|quarter|period)\s*\Z",
    re.I,
)
_NUMBERED_ROWS = re.compile(r"(?:.*\b(?:code|id|order|rank|note number|row number)|notes?|note no\.?|#|ref)\s*\Z", re.I)
"""Headings of numbers that name a row and count nothing."""
_UNITS = re.compile(r"\s*(?:numbers?|percentages?|thousands|units?|rates?|£)\b.{0,40}\Z", re.I)
_NAVIGATION = re.compile(
    r"\s*(?:(?:back|return|go)(?: to)?(?: the)? )?(?:table of )?(?:contents|index|cover(?: sheet)?|home)\s*\Z", re.I
)


def first_body_row(grid: Grid, first: int, last: int) -> int | None:
    """The first row of these that holds published values; None when none does."""
    for r in range(first, last):
        row = grid.rows[r]
        filled = filled_in(row)
        if not filled:
            continue
        values = [i for i in filled if is_value(row[i])]
        if not values or (len(values) == 1 and len(filled) == 1) or is_title(row, filled):
            continue
        numbers = [i for i in values if is_number(row[i])]
        # because "2010 2011 2012" under words is a header, while under another header it is a body of counts
        if numbers and not is_header_of_numbers(grid, first, r, numbers):
            return r
    return None


def header_rows(grid: Grid, first: int, body: int, left: int) -> tuple[list[int], int]:
    """The header's rows, top to bottom, and the row after the lowest: block labels may stand between."""
    r = body - 1
    while r >= first:
        filled = filled_in(grid.rows[r])
        if any(i > left for i in filled) and not is_title(grid.rows[r], filled):
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
        filled = filled_in(grid.rows[r])
        if not filled or is_title(grid.rows[r], filled) or (len(filled) == 1 and filled[0] == left and rows):
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


@dataclass
class Plan:
    """Which columns of a sheet are a table's labels and which its values, and the levels of its header."""

    header: list[int]
    side: list[int]
    columns: list[int]
    top: list[dict[int, Cell]]
    leading: int
    """The first column of words, whose label says what a row is."""

    def __post_init__(self) -> None:
        self.sides, self.values = frozenset(self.side), frozenset(self.columns)

    def side_axes(self, grid: Grid, columns: Sequence[Sequence[Cell]]) -> list[Axis]:
        """The side's axes, from the labels of its columns in the body's rows."""
        return [
            Axis(" ".join(str(cell) for h in self.header if (cell := grid.at(h, c)) is not None), labels)
            for c, labels in zip(self.side, columns, strict=True)
        ]

    def top_axes(self) -> list[Axis]:
        """The header's levels as axes over the columns of values."""
        return [Axis("", [level.get(c) for c in self.columns]) for level in self.top]


def planned(
    grid: Grid, header: list[int], start: int, last: int, numbers: Sequence[int], texts: Sequence[int]
) -> Plan | None:
    """The plan of the table whose body is rows `start` to `last`; None when it has no labels or no values.

    `numbers` and `texts` count the cells of the body that are values and words, by column.
    """
    width = len(numbers)

    def head(c: int) -> str | None:
        words = [str(cell) for h in header if (cell := grid.at(h, c)) is not None]
        return " ".join(words).replace("_", " ") if words else None

    heads = {c: head(c) for c in range(width)}
    coded = {
        c
        for c, h in heads.items()
        if h and (_NUMBERED_ROWS.match(h) or (_CODED.match(h) and not _is_measured(grid, c, start, last)))
    }
    side = [c for c in range(width) if c in coded or texts[c] > numbers[c]]
    if not side:
        return None
    top = levels(grid, header, [c for c in range(width) if c not in side and numbers[c]])
    columns = [
        c for c in range(width) if c not in side and numbers[c] and any(level.get(c) is not None for level in top)
    ]
    if not columns:
        return None
    kept = [
        c
        for c in side
        if c < columns[0] or (heads[c] is not None and texts[c] >= numbers[columns[0]] // 2) or c in coded
    ]
    return Plan(header, kept, columns, top, side[0])


def counted(grid: Grid, start: int, last: int) -> tuple[list[int], list[int]]:
    """How many cells of rows `start` to `last` are values, and how many words, by column."""
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
    return numbers, texts


def standing_of(row: Sequence[Cell], filled: list[int], plan: Plan) -> str:
    """What a row of the body that holds something is: `figures`, a `block` of labels, a `note`, or `nothing`."""
    label = row[plan.leading] if plan.leading < len(row) else None
    if any(i in plan.values and is_value(row[i]) for i in filled):
        # because numbers that no label names are scratch, not figures
        return "nothing" if label is None and len(plan.side) == 1 else "figures"
    if isinstance(label, str) and (FOOTNOTE.match(label) or len(label) > LONGEST_LABEL):
        return "note"
    return "block" if isinstance(label, str) and all(i in plan.sides for i in filled) else "nothing"


def table_of(grid: Grid, first: int, last: int, position: int) -> Table | None:
    """The table that rows `first` to `last` hold, by its `position` among the sheet's; None when they hold none."""
    body = first_body_row(grid, first, last)
    if body is None:
        return None
    left = min((f[0] for r in range(first, last) if len(f := filled_in(grid.rows[r])) > 1), default=0)
    header, start = header_rows(grid, first, body, left)
    if not header:
        start = body
    plan = planned(grid, header, start, last, *counted(grid, start, last))
    if plan is None:
        return None
    heads = [grid.rows[r] for r in header]
    rows: list[int] = []
    after_blank: list[bool] = []
    notes: list[str] = []
    blocks: list[int] = []
    blank = True
    for r in range(start, last):
        row = grid.rows[r]
        filled = filled_in(row)
        if not filled:
            blank = True
            continue
        if row in heads or same_header(row, heads[-1] if heads else [], plan.columns):
            continue
        standing = standing_of(row, filled, plan)
        if standing == "note":
            notes.append(str(row[plan.leading]))
        if standing in ("note", "nothing"):
            continue
        if standing == "block":
            blocks.append(len(rows))
        rows.append(r)
        after_blank.append(blank)
        blank = False
    if len(blocks) == len(rows):
        return None
    return Table(
        grid=grid,
        position=position,
        title=title_of(grid, first, header[0] if header else body),
        rows=rows,
        columns=plan.columns,
        side=plan.side_axes(grid, [[grid.at(r, c) for r in rows] for c in plan.side]),
        top=plan.top_axes(),
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


def same_header(row: list[Cell], header: list[Cell], columns: list[int]) -> bool:
    """Whether a body row repeats the header (blocks stacked under a repeated row of dates)."""
    cells = ((row[c] if c < len(row) else None, header[c] if c < len(header) else None) for c in columns)
    named = False
    for cell, head in cells:
        if cell != head:
            return False
        named = named or cell is not None
    return named


def levels(grid: Grid, header: list[int], columns: list[int]) -> list[dict[int, Cell]]:
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


def title_of(grid: Grid, first: int, before: int) -> str:
    """The table's title: a numbered one if there is one, else the first words above the header."""
    words = []
    for r in range(first, before):
        filled = filled_in(grid.rows[r])
        if filled and isinstance(cell := grid.rows[r][filled[0]], str) and not _NAVIGATION.match(cell):
            if is_title(grid.rows[r], filled):
                return " ".join(cell.split())
            words.append(" ".join(cell.split()))
    return words[0] if words else grid.sheet
