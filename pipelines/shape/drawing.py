"""One table drawn from its rows: its header, its labels down the side and across the top, its body of values."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from pipelines.reading.grid import Cell, Grid, across
from pipelines.shape.cells import (
    LONGEST_LABEL,
    counts_up,
    filled_in,
    is_note,
    is_number,
    is_spelled,
    is_text,
    is_title,
    is_value,
    plain_number,
)
from pipelines.shape.extent import LIKELY_YEARS, are_years, is_header_of_numbers
from pipelines.shape.headers import levels, unsure
from pipelines.shape.table import Axis, Table

_CODED = re.compile(
    r"\s*(?:(?:single )?(?:year of )?age(?: in years| \(years\))?|(?:financial |calendar[ -])?years?|date"
    r"|time(?: period)?|month|quarter|period)\s*(?:/[a-z](?:,[a-z])*|\[[^\]]*\]|\d)?\s*\Z",
    re.I,
)
NUMBERED_ROWS = re.compile(
    r"(?:.*\b(?:(?:type ?)?code|id|(?:sort ?)?order|rank|page|note number|row number|record (?:offset|count|number))"
    r"|notes?|note no\.?|#|ref)\s*\Z",
    re.I,
)
"""Headings of numbers that name a row and count nothing."""
_UNITS = re.compile(r"\s*(?:numbers?|percentages?|thousands|units?|rates?|£)\b.{0,40}\Z", re.I)
NAVIGATION = re.compile(
    r"\s*(?:(?:back|return|go)(?: to)?(?: the)? )?(?:table of )?(?:contents|index|cover(?: sheet)?|home)\s*\Z", re.I
)

_BARE = re.compile(r"\s*(?:table|figure|chart|worksheet)\s+\S+\s*\Z", re.I)
"""A title's number without its words."""
FEWEST_STEPS = RECORDS = 3
"""So many columns of labels may be the steps of one list, or make every row a record."""
MOST_BOTH = 0.02
"""Share of rows that may fill two steps of a list of labels, by a slip."""
NEAR = 6
"""So many rows under a header may stand between it and the names of the columns of labels."""
LATEST = 2200
LONGEST_MARK = 3
OLDEST = 125
"""No year and no age is higher."""
Standing = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Of each row of a body: which columns of labels it fills, whether a value stands in it, whether nothing does."""


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
            while _goes_before(grid, first, r - 1):
                r -= 1
            return r
    return None


def _goes_before(grid: Grid, first: int, r: int) -> bool:
    """Whether a row over the first row of numbers is one too: marks and numbers stored as text, under a header."""
    if r <= first:
        return False
    row, (label, *columns) = grid.rows[r], filled_in(grid.rows[r]) or [0]
    if not columns or filled_in(grid.rows[r + 1]) != [label, *columns] or not is_text(row[label]):
        return False
    cells = [row[c] for c in columns]
    if not all(is_value(c) or (isinstance(c, str) and is_spelled(c)) for c in cells) or is_spelled(str(row[label])):
        return False
    spelled = [n for c in cells if isinstance(c, str) and (n := plain_number(c.strip())) is not None]
    if any(n == int(n) and int(n) in LIKELY_YEARS for n in spelled) or counts_up(spelled):
        return False
    return any(all(grid.at(q, c) is not None for c in columns) for q in range(first, r))


def header_rows(grid: Grid, first: int, body: int, left: int) -> tuple[list[int], int]:
    """The header's rows, top to bottom, and the row after the lowest: block labels may stand between."""
    r = body - 1
    values = ({i for i, c in enumerate(row) if is_value(c)} for row in grid.rows[body:])
    columns = next(filter(None, values))
    begins = min(columns)
    while r >= first:
        filled = filled_in(grid.rows[r])
        if any(i > left and i >= begins for i in filled) and not is_title(grid.rows[r], filled):
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
    """Which columns of a sheet are a table's labels and which its values, and the levels of its header.

    `steps` are the columns of labels that are one list, each step to the right being a level of it.
    """

    header: list[int]
    side: list[int]
    columns: list[int]
    top: list[dict[int, Cell]]
    leading: int
    """The first column of words, whose label says what a row is."""
    steps: list[int]

    def __post_init__(self) -> None:
        self.sides, self.values = frozenset(self.side), frozenset(self.columns)
        self.apart = [c for c in self.side if c not in self.steps]

    def label(self, row: Sequence[Cell]) -> Cell:
        """The label that says what a row is."""
        if self.steps:
            return next((row[c] for c in self.steps if c < len(row) and row[c] is not None), None)
        return row[self.leading] if self.leading < len(row) else None

    def side_axes(self, grid: Grid, columns: Sequence[Sequence[Cell]]) -> list[Axis]:
        """The side's axes, from the labels of its columns in the body's rows."""
        axes = [
            Axis(" ".join(str(cell) for h in self.header if (cell := grid.at(h, c)) is not None), labels, (c,))
            for c, labels in zip(self.side, columns, strict=True)
        ]
        if not self.steps:
            return axes
        stepped = [a for a in axes if a.columns[0] in self.steps]
        depths = [
            next((d for d, label in enumerate(labels) if label is not None), 0)
            for labels in zip(*(a.labels for a in stepped), strict=True)
        ]
        one = [stepped[d].labels[i] for i, d in enumerate(depths)]
        heading = " ".join(a.header for a in stepped if a.header)
        return [Axis(heading, one, tuple(self.steps), depths), *(a for a in axes if a.columns[0] not in self.steps)]

    def top_axes(self) -> list[Axis]:
        """The header's levels as axes over the columns of values."""
        return [Axis("", [level.get(c) for c in self.columns]) for level in self.top]


def planned(
    grid: Grid,
    header: list[int],
    start: int,
    last: int,
    counted: Sequence[Sequence[int]],
    *,
    standing: Callable[[Sequence[int], Sequence[int]], Standing] | None = None,
    heading: int | None = None,
) -> Plan | None:
    """The plan of the table whose body is rows `start` to `last`; None when it has no labels or no values.

    `heading` is a row cut off from the header that names what the header does not. `counted` has the cells of the
    body that are values, words, and numbers stored as text, by column; `standing` says where the body holds something,
    if not its rows.
    """
    numbers, texts, spelled = (list(each) for each in counted)
    width = len(numbers)

    def head(c: int) -> str | None:
        words = [str(cell) for h in rows if (cell := grid.at(h, c)) is not None]
        return " ".join(words).replace("_", " ") if words else None

    rows = header if heading is None else [*header, heading]

    heads = {c: head(c) for c in range(width)}
    named = {h.casefold() for h in heads.values() if h}
    worded = next((c for c in range(width) if texts[c] > numbers[c]), width)
    for c in range(width):
        # because a column of numbers stored as text counts, unless it is the first and names the rows
        (numbers if c > worded else texts)[c] += spelled[c]

    def is_coded(c: int) -> bool:
        h = heads[c]
        if not h or not (numbers[c] or texts[c]):
            return False
        own = h.casefold()
        # because a column of codes stands beside one of their names, and both name the row
        if (
            NUMBERED_ROWS.match(h)
            or f"{own} name" in named
            or (own.endswith(" name") and own[: -len(" name")] in named)
        ):
            return True
        # because a column of numbers beside others counts, whatever its heading, unless they are years
        first = next(
            (k for k in range(c) if k != worded and numbers[k] > texts[k] and not _CODED.match(heads[k] or "")), c
        )
        return (
            bool(_CODED.match(h))
            and not _is_measured(grid, c, start, last, h)
            and (first == c or "age" not in h.casefold())
        )

    coded = {c for c in range(width) if is_coded(c)}
    first = next((c for c in range(width) if numbers[c] or texts[c]), width)
    if first < width and numbers[first] > 1 and are_years([grid.at(r, first) for r in range(start, last)]):
        coded.add(first)
    side = [c for c in range(width) if c in coded or texts[c] > numbers[c]]
    if not side:
        return None
    top = levels(grid, header, [c for c in range(width) if c not in side and numbers[c]])
    if heading is not None:
        top.append({c: cell for c, cell in enumerate(grid.rows[heading]) if cell is not None})
    columns = [
        c for c in range(width) if c not in side and numbers[c] and any(level.get(c) is not None for level in top)
    ]
    if not columns:
        return None
    unnamed = [c for c in range(columns[-1] + 1, width) if c not in side and numbers[c] >= numbers[columns[0]]]
    if len(unnamed) >= len(columns):
        return None  # because a line of words over more columns than it names is no header
    kept = [
        c
        for c in side
        if c < columns[0] or (heads[c] is not None and texts[c] >= numbers[columns[0]] // 2) or c in coded
    ]
    leading = [c for c in kept if c < columns[0] and c not in coded]
    steps: list[int] = []
    if len(leading) >= FEWEST_STEPS:
        steps = _steps(leading, *(standing or partial(_standing, grid.rows[start:last]))(leading, columns))
    return Plan(rows, kept, columns, top, side[0], steps)


def _steps(leading: list[int], labelled: np.ndarray, valued: np.ndarray, empty: np.ndarray) -> list[int]:
    """The first of the columns of labels that are one list in steps: three or more, of which a row fills one."""
    held, many = labelled[valued | empty].any(axis=0), labelled[valued]
    for count in range(len(leading), FEWEST_STEPS - 1, -1):
        if not held[:count].all():
            continue  # because a column with nothing in it is no step of a list
        if (many[:, :count].sum(axis=1) > 1).sum() <= MOST_BOTH * len(many):
            return leading[:count]
    return []


def _standing(rows: Sequence[Sequence[Cell]], leading: Sequence[int], columns: Sequence[int]) -> Standing:
    labels, values = ([[row[c] if c < len(row) else None for c in at] for row in rows] for at in (leading, columns))
    return (
        np.array([[cell is not None for cell in row] for row in labels], dtype=bool).reshape(-1, len(leading)),
        np.array([any(map(is_value, row)) for row in values], dtype=bool),
        np.array([all(cell is None for cell in row) for row in values], dtype=bool),
    )


def counted(grid: Grid, start: int, last: int) -> tuple[list[int], list[int], list[int]]:
    """How many cells of rows `start` to `last` are values, words, and numbers stored as text, by column."""
    numbers, texts, spelled = list[int](), list[int](), list[int]()
    for cells in across(grid.rows[start:last]):
        others = [cell for cell in cells if cell is not None and type(cell) is not float]
        marks = sum(map(is_value, others))
        clothed = sum(type(cell) is str and not is_value(cell) and is_spelled(cell) for cell in others)
        numbers.append(list(map(type, cells)).count(float) + marks)
        spelled.append(clothed)
        texts.append(len(others) - marks - clothed)
    return numbers, texts, spelled


def standing_of(row: Sequence[Cell], filled: list[int], plan: Plan) -> str:
    """What a row of the body that holds something is: `figures`, a row whose label is `lost`, a `block` of labels, a
    `note`, or `nothing`.
    """
    label = plan.label(row)
    if label is not None and any(type(row[i]) is float and i in plan.values for i in filled):
        return "figures"  # because it is what nearly every row is
    held = [row[i] for i in filled if i in plan.values]
    if any(is_value(cell) or is_spelled(str(cell)) for cell in held):
        if label is not None or len(plan.apart) + bool(plan.steps) > 1:
            return "figures"
        # because a few numbers that no label names are scratch, not figures
        return "lost" if 2 * sum(map(is_value, held)) >= len(plan.columns) else "nothing"
    if isinstance(label, str) and is_note(label):
        return "note"
    if held:
        return "lost" if label is not None else "nothing"
    if len(plan.side) >= RECORDS and filled == plan.side:
        return "figures"  # because a record that names everything and counts nothing has an empty count
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
    cells = counted(grid, start, last)
    plan = planned(grid, header, start, last, cells)
    if plan is not None and (heading := _heading_of_sides(grid, plan, start, last)) is not None:
        plan = planned(grid, header, start, last, cells, heading=heading)
    if plan is None:
        return None
    heads = [grid.rows[r] for r in plan.header]
    rows: list[int] = []
    after_blank: list[bool] = []
    notes: list[str] = []
    blocks: list[int] = []
    lost: list[int] = []
    again = False
    blank = True
    for r in range(start, last):
        row = grid.rows[r]
        filled = filled_in(row)
        if not filled:
            blank = True
            continue
        if row in heads or same_header(row, heads[-1] if heads else [], plan.columns):
            again = again or (bool(blocks) and rows[-1:] == blocks[-1:])
            continue
        standing = standing_of(row, filled, plan)
        if standing == "note":
            notes.append(str(plan.label(row)))
        if standing == "lost" and not is_like_header(row, heads, plan.columns):
            lost.append(r)
        elif standing in ("figures", "block"):
            if standing == "block":
                blocks.append(r)
            rows.append(r)
            after_blank.append(blank)
            blank = False
    if len(blocks) == len(rows) or _is_key(grid, rows, plan):
        return None
    rows, after_blank = _with_lost(rows, after_blank, lost)
    title, title_cells = title_of(grid, first, header[0] if header else body)
    if again and (line := header[0] - 1) >= first and _is_block(grid.rows[line], plan):
        # because the words over a header that comes again are the first block's label, as the next are the next one's
        rows, after_blank = [line, *rows], [True, *after_blank]
        blocks.append(line)
        if title_cells[:1] and title_cells[0][0] == line:
            title, title_cells = grid.sheet, []
    of_labels = set(blocks)
    return Table(
        grid=grid,
        position=position,
        title=title,
        rows=rows,
        columns=plan.columns,
        side=plan.side_axes(grid, [[grid.at(r, c) for r in rows] for c in plan.side]),
        top=plan.top_axes(),
        after_blank=after_blank,
        header_rows=plan.header,
        notes=notes,
        blocks=frozenset(i for i, r in enumerate(rows) if r in of_labels),
        unsure=unsure(grid, header, plan.columns),
        beside=marks_beside(lambda c: {grid.at(r, c) for r in rows}, plan),
        title_cells=title_cells,
    )


def marks_beside(cells_of: Callable[[int], set[Cell]], plan: Plan) -> dict[int, int]:
    """For columns of values (by position) the column right of each that has no header and holds only short marks."""
    found = {}
    for j, c in enumerate(plan.columns):
        if c + 1 not in plan.values and c + 1 not in plan.sides:
            marks = cells_of(c + 1) - {None}
            if marks and all(isinstance(m, str) and len(m.strip(" ()[]")) <= LONGEST_MARK for m in marks):
                found[j] = c + 1
    return found


def _is_key(grid: Grid, rows: Sequence[int], plan: Plan) -> bool:
    """Whether what stands left of words is marks that the words explain."""
    if len(plan.side) != 1 or plan.side[0] < plan.columns[-1]:
        return False
    return 2 * sum(isinstance(grid.at(r, c), float) for r in rows for c in plan.columns) <= len(rows)


def _is_block(row: Sequence[Cell], plan: Plan) -> bool:
    filled = filled_in(row)
    return len(filled) == 1 and not is_title(row, filled) and standing_of(row, filled, plan) == "block"


def _with_lost(rows: list[int], after_blank: list[bool], lost: list[int]) -> tuple[list[int], list[bool]]:
    """The rows of a table with those among or directly under them that hold values and whose label was lost."""
    end = rows[-1]
    kept = []
    for r in lost:
        if r > end + 1:
            break
        kept.append(r)
        end = max(end, r)
    if not kept:
        return rows, after_blank
    blank = dict(zip(rows, after_blank, strict=True))
    rows = sorted([*rows, *kept])
    return rows, [blank.get(r, False) for r in rows]


def is_like_header(row: Sequence[Cell], heads: Sequence[Sequence[Cell]], columns: Sequence[int]) -> bool:
    """Whether a row repeats most of a header, whatever became of one of its cells."""
    here = [row[c] if c < len(row) else None for c in columns]
    there = ([head[c] if c < len(head) else None for c in columns] for head in heads)
    return any(2 * sum(a == b for a, b in zip(head, here, strict=True)) > len(here) for head in there)


def _heading_of_sides(grid: Grid, plan: Plan, start: int, last: int) -> int | None:
    """The row that names the columns of labels where it is cut off from the header, under totals or an empty row."""
    if len(plan.side) < 2 or plan.steps or any(grid.at(h, c) is not None for h in plan.header for c in plan.side):
        return None
    for r in range(start, min(start + NEAR, last)):
        row = grid.rows[r]
        filled = filled_in(row)
        if filled[: len(plan.side)] == plan.side and plan.values.isdisjoint(filled):
            return r if all(is_text(row[c]) for c in filled) else None
        if any(is_text(row[c]) for c in plan.side[1:] if c < len(row)):
            return None
    return None


def _is_measured(grid: Grid, column: int, start: int, last: int, heading: str) -> bool:
    """Whether a column headed by a word such as "age" holds counts after all: fractions or numbers too large."""
    highest = OLDEST if "age" in heading.casefold() else LATEST
    for r in range(start, min(last, start + 400)):
        cell = grid.at(r, column)
        if isinstance(cell, float) and (cell != int(cell) or cell > highest):
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


def title_of(grid: Grid, first: int, before: int) -> tuple[str, list[tuple[int, int]]]:
    """The table's title with its cells: a numbered one if there is one, else the first words above the header."""
    found: tuple[str, list[tuple[int, int]]] | None = None
    for r in range(first, before):
        row = grid.rows[r]
        filled = filled_in(row)
        if filled and isinstance(cell := row[filled[0]], str) and not NAVIGATION.match(cell):
            if is_title(row, filled):
                parts = [filled[0]]
                for i in filled[1:]:
                    # because a number alone has its words in the next cell, and commas cut a title in cells
                    words = row[i]
                    if (
                        isinstance(words, str)
                        and (_BARE.match(cell) or words[:1] == " ")
                        and not NAVIGATION.match(words)
                    ):
                        parts.append(i)
                joined = (", " if len(parts) > 1 and not _BARE.match(cell) else " ").join(
                    str(row[i]).strip() for i in parts
                )
                return " ".join(joined.split()), [(r, i) for i in parts]
            found = found or (" ".join(cell.split()), [(r, filled[0])])
    return found or (grid.sheet, [])
