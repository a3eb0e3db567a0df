"""A sheet as cells that know what they are, so that a fault can move a figure and its claim moves with it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from .known import Claim

Value = str | int | float | dt.date | None


@dataclass(eq=False)
class Cell:
    """What stands in a cell. `role` is title, note, header, label, figure, scratch or text.

    `format` is the number format it is shown by, `raised` a note's number set above the line at its end, `width` over
    how many columns it is merged.
    """

    shown: Value = None
    role: str = "text"
    claim: Claim | None = None
    format: str = ""
    raised: str = ""
    width: int = 1


Row = list[Cell]


@dataclass
class Sheet:
    """A sheet of a workbook; `hidden` are columns nobody sees."""

    name: str
    rows: list[Row]
    layout: str = ""
    faults: list[str] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)

    def cells(self, *roles: str) -> Iterator[tuple[int, int, Cell]]:
        """Cells of some roles with their places, from zero."""
        for r, row in enumerate(self.rows):
            for c, cell in enumerate(row):
                if cell.role in roles:
                    yield r, c, cell

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


def row(*parts: "Cell | Value", role: str = "text") -> Row:
    """A row of cells and plain values; the values have one role."""
    return [p if isinstance(p, Cell) else Cell(p, role if p is not None else "text") for p in parts]


def title(text: str) -> Row:
    return [Cell(text, "title")]


def note(text: str) -> Row:
    return [Cell(text, "note")]


def header(*labels: "Cell | Value") -> Row:
    return row(*labels, role="header")


def line(label: Value, *figures: "Cell | Value") -> Row:
    """A row of a body: its label, then its figures."""
    return [Cell(label, "label" if label is not None else "text"), *row(*figures, role="label")]


def address(r: int, c: int) -> str:
    letters = ""
    c += 1
    while c:
        c, rest = divmod(c - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{r + 1}"
