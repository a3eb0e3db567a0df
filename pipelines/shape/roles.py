"""What every filled cell of a sheet is: title, note, label, figure, or something that no table claims."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np

from monitor.vocabulary import periods_in
from pipelines.reading.grid import Cell, Column, Grid, Rows, column_letters
from pipelines.shape.cells import NUMBERED, is_note, is_spelled, is_value
from pipelines.shape.drawing import NAVIGATION, NUMBERED_ROWS
from pipelines.shape.table import Table


class Role(IntEnum):
    """What a cell is; `EMPTY` is none. Geometry alone calls a figure what a table holds, read or not."""

    EMPTY = 0
    TITLE = 1
    NOTE = 2
    LABEL = 3
    FIGURE = 4
    REFUSED = 5
    NOT_UNDERSTOOD = 6


YEARS = "years outside every table"
FEWEST_YEARS, EARLIEST, LATEST = 3, 1800, 2100
"""So many numbers of a column that all lie between these are years."""


@dataclass(frozen=True)
class Unread:
    """Cells of one cause that yield nothing: `count` of them, in `cells` (`C5:C18`), `what` they are and `why`.

    `mask` has every one of them by row and column of the grid, `cells` no more than a person reads.
    """

    sheet: str
    cells: tuple[str, ...]
    what: str
    why: str
    count: int
    mask: np.ndarray = field(compare=False, repr=False)

    def document(self) -> dict[str, Any]:
        """The same for other programs."""
        return {name: getattr(self, name) for name in ("sheet", "cells", "what", "why", "count")}

    @property
    def is_stray(self) -> bool:
        """Whether its numbers, or words for them, stand one by one: groups of people stand beside each other.

        Years count nobody, however many there are.
        """
        return self.what == YEARS or (
            self.what.startswith(("numbers", "words where")) and self.count == len(self.cells)
        )


@dataclass
class Sheet:
    """One grid as tables, with the role of every cell and what was left over."""

    grid: Grid
    tables: list[Table]
    roles: np.ndarray
    unread: list[Unread]


MOST_RANGES = 50
"""So many ranges of cells are told of one cause."""
FEWEST_RECORDS = 10
MOST_DIFFERENT = 0.9
"""Records of people or things say the same of many; lists of definitions say each thing once."""
FEWEST_IN_SENTENCE = 3
"""Words beside a table with so many spaces remark on the row."""
FEWEST_COUNTED = 2
_COUNTED = re.compile(r"(?=.{1,30}\Z)[^\d.]*(?<![\w.])\d[\d,]*(?![\w.])[^\d]+\d[\d,.]*(?!\w)")
"""Two numbers among few words: `1,010 / 9%`, `about 12 of 90`; no `Table 1.1` and no code."""
_NOTES_COLUMN = re.compile(r"\s*(?:notes?(?: no\.?| numbers?)?|footnotes?|comments?|source)\s*\Z", re.I)
_NUMBER, _MARK, _SPELLED, _WORDS = 1, 2, 3, 4


class _Kinds(dict[Cell, int]):
    """What cells hold by themselves, asked once of each."""

    def __missing__(self, cell: Cell) -> int:
        kind = _WORDS
        if cell is None:
            kind = 0
        elif isinstance(cell, float):
            return _NUMBER
        elif is_value(cell):
            kind = _MARK
        elif isinstance(cell, str) and is_spelled(cell):
            kind = _SPELLED
        self[cell] = kind
        return kind


def kinds_of(grid: Grid) -> np.ndarray:
    """What each cell of a grid holds by itself, by row and column."""
    rows, width, kinds = grid.rows, grid.width, _Kinds()
    held = np.zeros((len(rows), width), dtype=np.uint8)
    if isinstance(rows, Rows):
        for c, column in enumerate(rows.columns):
            held[:, c] = np.array([kinds[value] for value in column.values], dtype=np.uint8)[column.codes]
    else:
        for r, row in enumerate(rows):
            held[r, : len(row)] = [_NUMBER if type(cell) is float else kinds[cell] for cell in row]
    return held


def with_roles(grid: Grid, tables: list[Table]) -> Sheet:
    """The sheet of a grid whose tables are known."""
    sheet = _Roles(grid, tables)
    return Sheet(grid, tables, sheet.roles, sheet.unread())


class _Roles:
    def __init__(self, grid: Grid, tables: Sequence[Table]) -> None:
        self.grid, self.kinds = grid, kinds_of(grid)
        self.roles = np.zeros_like(self.kinds)
        self.causes: list[tuple[str, str, np.ndarray]] = []
        for table in tables:
            self._table(table)
        self._rest(tables)

    def unread(self) -> list[Unread]:
        """What was left over, by cause."""
        return [unread_of(self.grid, what, why, mask) for what, why, mask in self.causes if mask.any()]

    def _table(self, table: Table) -> None:
        roles, kinds = self.roles, self.kinds
        rows, columns = np.asarray(table.rows), np.asarray(table.columns)
        for axis in table.side:
            role = Role.NOTE if _NOTES_COLUMN.match(axis.header) else Role.LABEL
            for c in axis.columns:
                roles[rows, c] = np.where(kinds[rows, c] > 0, role, Role.EMPTY)
        held = kinds[np.ix_(rows, columns)]
        roles[np.ix_(rows, columns)] = np.choose(
            held, [Role.EMPTY, Role.FIGURE, Role.FIGURE, Role.FIGURE, Role.REFUSED]
        )
        if (held == _WORDS).any():
            words = np.zeros(kinds.shape, dtype=bool)
            words[np.ix_(rows, columns)] = held == _WORDS
            self.causes.append(("words where a number stands", "neither a number nor a mark for one", words))
        for c in table.beside.values():
            roles[rows, c] = np.where(kinds[rows, c] > 0, Role.NOTE, Role.EMPTY)
        across = table.area[1]
        for r in table.header_rows:
            self._put(r, across, Role.LABEL)
        for r, c in table.title_cells:
            roles[r, c] = Role.TITLE
        self._between(table)

    def _between(self, table: Table) -> None:
        """Rows among a table's own that repeat its header, a label, or say a note."""
        own = np.zeros(len(self.kinds), dtype=bool)
        own[np.asarray(table.rows)] = True
        own[table.header_rows] = True
        first = min([*table.header_rows, int(table.rows[0])])
        odd = np.flatnonzero(
            ~own[first : int(table.rows[-1]) + 1] & (self.kinds[first : int(table.rows[-1]) + 1] > 0).any(axis=1)
        )
        heads = [self.grid.rows[h] for h in table.header_rows]
        for r in (odd + first).tolist():
            row = self.grid.rows[r]
            same = max((sum(a == b and a is not None for a, b in zip(row, h, strict=False)) for h in heads), default=0)
            if same and 2 * same >= sum(cell is not None for cell in row):
                self._put(r, table.area[1], Role.LABEL)

    def _put(self, row: int, across: slice, role: Role) -> None:
        here = self.kinds[row, across] > 0
        self.roles[row, across][here & (self.roles[row, across] == Role.EMPTY)] = role

    def _rest(self, tables: Sequence[Table]) -> None:
        """Cells that no table claims: words are notes where they can be, numbers are not understood."""
        kinds, roles = self.kinds, self.roles
        left = (kinds > 0) & (roles == Role.EMPTY)
        if not left.any():
            return
        beside = np.zeros_like(left)
        for table in tables:
            beside[np.ix_(np.asarray(table.rows), np.arange(*table.area[1].indices(kinds.shape[1])))] = True
        words = left & (kinds == _WORDS)
        if not tables:
            rows = np.flatnonzero(left.any(axis=1))
            first = rows[0]
            c = int(np.flatnonzero(left[first])[0])
            if kinds[first, c] == _WORDS:
                roles[first, c] = Role.TITLE
                left[first, c] = words[first, c] = False
            if self._are_records(words):
                self._say("records", "each row names things and no column counts them", left)
                return
        numbers = left & ~words
        numbers &= ~self._named_in_notes(numbers, words)
        loose = words & beside
        for r, c in zip(*(each.tolist() for each in np.nonzero(loose)), strict=True):
            cell = self.grid.at(r, c)
            if isinstance(cell, str) and (
                is_note(cell) or NUMBERED.match(cell) or NAVIGATION.match(cell) or cell.count(" ") >= FEWEST_IN_SENTENCE
            ):
                loose[r, c] = False
        self._say(
            "words with numbers in them", "neither a number nor a mark for one", self._counts_in_words(words & ~loose)
        )
        self._say("words beside a table", "no header names them", loose)
        years = self._years(numbers & ~beside)
        self._say(YEARS, "no header says what of", years)
        numbers &= ~years
        self._say("numbers beside a table", "no header names them", numbers & beside)
        self._say("numbers outside every table", "no labels and header were found that name them", numbers & ~beside)
        roles[left & (roles == Role.EMPTY)] = Role.NOTE

    def _years(self, numbers: np.ndarray) -> np.ndarray:
        """Columns of numbers outside every table that are all of them years."""
        found = np.zeros_like(numbers)
        for c in np.flatnonzero(numbers.sum(axis=0) >= FEWEST_YEARS).tolist():
            rows = np.flatnonzero(numbers[:, c]).tolist()
            cells = [self.grid.at(r, c) for r in rows]
            if all(isinstance(n, float) and n == int(n) and EARLIEST <= n < LATEST for n in cells):
                found[rows, c] = True
        return found

    def _counts_in_words(self, words: np.ndarray) -> np.ndarray:
        """Short words with numbers in them, down a column beside other words: counts in a form that nobody reads."""
        found = np.zeros_like(words)
        for c in range(1, words.shape[1]):
            rows = np.flatnonzero(words[:, c] & words[:, :c].any(axis=1)).tolist()
            said = [str(self.grid.at(r, c)) for r in rows]
            here = [r for r, text in zip(rows, said, strict=True) if _COUNTED.match(text) and not periods_in(text)]
            if len(here) >= FEWEST_COUNTED and 2 * len(here) >= len(rows):
                found[here, c] = True
        return found

    def _say(self, what: str, why: str, mask: np.ndarray) -> None:
        self.roles[mask] = Role.NOT_UNDERSTOOD
        self.causes.append((what, why, mask))

    def _named_in_notes(self, numbers: np.ndarray, words: np.ndarray) -> np.ndarray:
        """Marks and numbers that are a note's own: its number, a symbol explained, the page of a list of contents."""
        found = np.zeros_like(numbers)
        for c in np.flatnonzero(numbers.any(axis=0)).tolist():
            over = self.grid.at(int(np.flatnonzero(words[:, c])[0]), c) if words[:, c].any() else None
            found[:, c] = isinstance(over, str) and bool(NUMBERED_ROWS.match(over))
        in_row = numbers.sum(axis=1)
        worded = words.any(axis=1)
        for r in np.flatnonzero((in_row == 1) & worded).tolist():
            c = int(np.flatnonzero(numbers[r])[0])
            after = np.flatnonzero(words[r])
            found[r, c] |= bool(len(after)) and after[0] > c
        # because a mark such as ".." alone counts nothing
        return found | (numbers & (self.kinds == _MARK) & ~(numbers & (self.kinds != _MARK)).any(axis=1)[:, None])

    def _are_records(self, words: np.ndarray) -> bool:
        """Whether the words of a sheet without tables are records: columns of words said again, crossing each other."""
        grid = self.grid
        if words.any(axis=1).sum() < FEWEST_RECORDS:
            return False
        several = words.sum(axis=1) > 1
        words = words[several]
        codes: np.ndarray | None = None
        again = 0
        for c in np.flatnonzero(words.sum(axis=0) >= FEWEST_RECORDS).tolist():
            column = Column.of(
                grid.rows.columns[c] if isinstance(grid.rows, Rows) else (grid.at(r, c) for r in range(len(grid.rows)))
            )
            different = len(set(column.values) - {None})
            titles = {v for v in column.values if isinstance(v, str) and v.count(" ") >= FEWEST_IN_SENTENCE}
            if 2 * len(titles) > len(words):
                return False  # because each row is a title or a definition of its own
            if 2 <= different <= MOST_DIFFERENT * words[:, c].sum() and 2 * words[:, c].sum() >= len(words):
                again += 1
                here = column.codes[several]
                both = here if codes is None else codes * len(column.values) + here
                codes = np.unique(both, return_inverse=True)[1].astype(np.int64)
        return again > 1 and codes is not None and int(codes.max()) < MOST_DIFFERENT * len(codes)


def unread_of(grid: Grid, what: str, why: str, mask: np.ndarray) -> Unread:
    """The cells of a mask over a grid, as one cause."""
    return Unread(grid.sheet, tuple(_ranges(grid, mask)), what, why, int(mask.sum()), mask)


def _ranges(grid: Grid, mask: np.ndarray) -> Iterator[str]:
    """The cells of a mask as ranges, columns side by side that hold the same rows together."""
    if grid.places:
        rows, columns = np.nonzero(mask)
        some = zip(rows.tolist(), columns.tolist(), strict=True)
        yield from list(dict.fromkeys(grid.address(r, c) for r, c in some))[:MOST_RANGES]
        return
    open_runs: dict[tuple[int, int], int] = {}
    done: list[tuple[int, int, int, int]] = []
    for c in range(mask.shape[1] + 1):
        runs = set(_runs(mask[:, c])) if c < mask.shape[1] else set()
        for run in [run for run in open_runs if run not in runs]:
            done.append((run[0], open_runs.pop(run), run[1], c - 1))
        for run in runs:
            open_runs.setdefault(run, c)
    for top, left, bottom, right in sorted(done)[:MOST_RANGES]:
        start, end = f"{column_letters(left)}{top + 1}", f"{column_letters(right)}{bottom + 1}"
        yield start if start == end else f"{start}:{end}"


def _runs(column: np.ndarray) -> Iterable[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], column, [False])).astype(np.int8)))
    return zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True)
