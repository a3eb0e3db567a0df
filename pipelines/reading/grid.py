"""A sheet as addressed cells, whatever the file was. A cell is a string, a number, a date or None when empty."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from typing import Any, overload

import numpy as np
import polars as pl

Cell = str | float | dt.date | None


class UnreadableFile(Exception):
    """A file that cannot be read: says what was expected, what was found and what to do."""


class Column(Sequence[Cell]):
    """Cells in one direction by their different values: cell `i` is `values[codes[i]]`."""

    def __init__(self, values: Sequence[Cell], codes: np.ndarray) -> None:
        self.values, self.codes = values, codes

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> "Column":
        """Cells as a column: itself, if it is one."""
        if isinstance(cells, Column):
            return cells
        cells = list(cells)
        numbered = {cell: code for code, cell in enumerate(dict.fromkeys(cells))}
        return cls(list(numbered), np.fromiter(map(numbered.__getitem__, cells), np.int32, len(cells)))

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, at: int) -> Cell: ...
    @overload
    def __getitem__(self, at: slice) -> "Column": ...
    def __getitem__(self, at: int | slice) -> "Cell | Column":
        return Column(self.values, self.codes[at]) if isinstance(at, slice) else self.values[self.codes[at]]

    def __iter__(self) -> Iterator[Cell]:
        return map(self.values.__getitem__, self.codes.tolist())

    def take(self, positions: np.ndarray) -> "Column":
        """The cells at these positions."""
        return Column(self.values, self.codes[positions])

    @property
    def numbers(self) -> np.ndarray | None:
        """The different values as numbers, "not a number" for empty cells; None where some are words or dates."""
        kinds = set(map(type, self.values))
        return np.array(self.values, dtype=float) if kinds <= {float, type(None)} else None

    def first(self, among: np.ndarray | None = None) -> np.ndarray:
        """For each different value its first position, of those where `among` is true; the length where it has none."""
        positions = np.arange(len(self.codes)) if among is None else np.flatnonzero(among)
        found = np.full(len(self.values), len(self.codes))
        found[self.codes[positions][::-1]] = positions[::-1]  # because the last to be written stays
        return found


class Rows(Sequence[list[Cell]]):
    """The rows of a sheet that is held by column, each made when it is asked for."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @overload
    def __getitem__(self, at: int) -> list[Cell]: ...
    @overload
    def __getitem__(self, at: slice) -> list[list[Cell]]: ...
    def __getitem__(self, at: int | slice) -> list[Cell] | list[list[Cell]]:
        if isinstance(at, slice):
            return [_ended(row) for row in zip(*(column[at] for column in self.columns), strict=True)]
        return _ended([column[at] for column in self.columns])

    def __iter__(self) -> Iterator[list[Cell]]:
        return map(_ended, zip(*self.columns, strict=True))


def across(rows: Iterable[Sequence[Cell]]) -> Iterator[tuple[Cell, ...]]:
    """The columns of some rows, shorter ones ending in empty cells."""
    return zip_longest(*rows)


def _ended(cells: Sequence[Cell]) -> list[Cell]:
    """A row without the empty cells that end it."""
    row = list(cells)
    while row and row[-1] is None:
        row.pop()
    return row


@dataclass
class Grid:
    """One sheet. `rows[r][c]` is the value of the cell whose address is `address(r, c)`.

    A long sheet is held by column, as `Rows`; what follows may ask for its columns, or read it like any other.
    Rows may be shorter than `width`. `places` overrides addresses where a row is not a row of the
    publisher's sheet (a declared sum over rows). `hidden_rows` and `hidden_columns` are zero-based; `is_hidden`
    says that the whole sheet is. `superscripts` is the end of a text that was raised, a footnote's number mostly,
    by zero-based row and column: labels keep it glued, as readers of workbooks give it (`Under 101`).
    `percentages` are the numbers that are shown as percentages: 0.27 stands in the sheet as 27%. A number that is
    shown as something else (`[c]`) is held as the text shown. `notes` are the texts of drawings and boxes, in order.
    `unopened`, on the first sheet of a file, names what in the file nobody read: absence may not be said of it.
    """

    sheet: str
    rows: Sequence[list[Cell]]
    hidden_columns: frozenset[int] = frozenset()
    places: dict[int, str] = field(default_factory=dict)
    is_sum: bool = False
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False
    superscripts: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    percentages: frozenset[tuple[int, int]] = frozenset()
    unopened: tuple[str, ...] = ()
    drawn: Any = field(default=None, init=False, repr=False, compare=False)
    """What `labels.drawn` made of it, once for everybody who asks."""

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return len(self.rows.columns) if isinstance(self.rows, Rows) else max(map(len, self.rows), default=0)

    def at(self, row: int, column: int) -> Cell:
        """The value at zero-based row and column, None beyond the edge."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None

    def address(self, row: int, column: int) -> str:
        """Where a cell stood in the publisher's file: `B17`, or the rows a declared sum was taken over."""
        return self.places.get(row) or address(row, column)

    def addresses(self, rows: Sequence[int] | np.ndarray, column: int) -> pl.Series:
        """Where the cells of some rows of a column stood."""
        if self.places:
            return pl.Series([self.address(row, column) for row in rows], dtype=pl.String)
        numbers = pl.Series(np.asarray(rows, dtype=np.int64) + 1).cast(pl.String)
        return pl.Series([column_letters(column)]) + numbers


@lru_cache(maxsize=16384)
def column_letters(column: int) -> str:
    """`0` → `A`, `26` → `AA`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The spreadsheet address of a zero-based row and column: `(16, 1)` → `B17`."""
    return f"{column_letters(column)}{row + 1}"


def position(cell: str) -> tuple[int, int]:
    """Zero-based row and column of a spreadsheet address: `B17` → `(16, 1)`."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, column - 1


def records(grid: Grid) -> list[dict[str, Cell]]:
    """Rows under a header in the first row, each as a record; empty rows are left out."""
    if not grid.rows:
        return []
    names = [str(c).strip() if c is not None else "" for c in grid.rows[0]]
    return [
        {name: grid.at(r, c) for c, name in enumerate(names) if name}
        for r in range(1, len(grid.rows))
        if any(c is not None for c in grid.rows[r])
    ]
