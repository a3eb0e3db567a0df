"""A sheet as addressed cells.

What it makes true: whatever the file was (workbook, open-data file, transcription), what follows sees rows of
plain values and can say where each stood. A cell is a string, a number, a date or None when empty.

What it refuses: types of one file format leaking further down the line.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache

Cell = str | float | dt.date | None


class UnreadableFile(Exception):
    """A file that cannot be read: says what was expected, what was found and what to do."""


@dataclass
class Grid:
    """One sheet. `rows[r][c]` is the value of the cell whose address is `address(r, c)`.

    Rows may be shorter than `width`. `places` overrides addresses where a row is not a row of the
    publisher's sheet (a declared sum over rows). `hidden_rows` and `hidden_columns` are zero-based; `is_hidden`
    says that the whole sheet is. `superscripts` is the end of a text that was raised, a footnote's number mostly,
    by zero-based row and column: labels keep it glued, as readers of workbooks give it (`Under 101`).
    """

    sheet: str
    rows: list[list[Cell]]
    hidden_columns: frozenset[int] = frozenset()
    places: dict[int, str] = field(default_factory=dict)
    is_sum: bool = False
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False
    superscripts: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max(map(len, self.rows), default=0)

    def at(self, row: int, column: int) -> Cell:
        """The value at zero-based row and column, None beyond the edge."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None

    def address(self, row: int, column: int) -> str:
        """Where a cell stood in the publisher's file: `B17`, or the rows a declared sum was taken over."""
        return self.places.get(row) or address(row, column)


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
