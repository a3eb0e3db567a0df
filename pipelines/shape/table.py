"""What a table is to the rooms that read it: a title, labels down its side and across its top, and where they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipelines.reading.grid import Cell, Column, Grid, Rows, across


@dataclass
class Axis:
    """Labels in one direction. `labels[i]` belongs to body row (or value column) `i`; None where there is none.

    `columns` are the grid's columns that a side's labels stand in: several where each step to the right is a level
    of one list, and then `depths[i]` says how far in label `i` stands.
    """

    header: str
    labels: Sequence[Cell]
    columns: tuple[int, ...] = ()
    depths: Sequence[int] = ()


@dataclass
class Table:
    """One table of a sheet.

    `rows` and `columns` are zero-based positions in the grid; `side` has one `Axis` a label column, `top` one a
    header level. Rows that are labels only (blocks) are in `rows` too: they scope what is under them.
    `after_blank[i]` says whether body row `i` stands first or under an empty row; `blocks` are the body rows that
    hold labels and no value. Rows that hold values and whose label was lost are in `rows` with the label None.
    `unsure` says of a value column (by its position in `columns`) why the group over it is not certain. `area` is
    where the table stands, with the words around it; `title_cells` are the title's own. `beside` has for a value column
    (by position) the grid's column right of it that holds marks such as `R` or `%` and has no header.
    """

    grid: Grid
    position: int
    title: str
    rows: Sequence[int]
    columns: list[int]
    side: list[Axis]
    top: list[Axis]
    after_blank: list[bool]
    header_rows: list[int]
    notes: list[str] = field(default_factory=list)
    blocks: frozenset[int] = frozenset()
    unsure: dict[int, str] = field(default_factory=dict)
    area: tuple[slice, slice] = (slice(None), slice(None))
    title_cells: list[tuple[int, int]] = field(default_factory=list)
    beside: dict[int, int] = field(default_factory=dict)
    _across: list[tuple[Cell, ...]] = field(default_factory=list, init=False, repr=False, compare=False)
    _columns: dict[int, Column] = field(default_factory=dict, init=False, repr=False, compare=False)

    def cells(self, column: int) -> Column:
        """The cells of a grid's column in the table's rows, by their different values."""
        rows = self.grid.rows
        if isinstance(rows, Rows):
            return rows.columns[column].take(np.asarray(self.rows))
        if column not in self._columns:
            if not self._across:
                self._across += across(map(rows.__getitem__, self.rows))
            empty = (None,) * len(self.rows)
            self._columns[column] = Column.of(self._across[column] if column < len(self._across) else empty)
        return self._columns[column]

    def texts(self) -> Iterator[str]:
        """The different texts among the table's values."""
        for column in self.columns:
            yield from (value for value in self.cells(column).values if isinstance(value, str))

    def headers(self) -> list[str]:
        """The words over each value column, every level of the header together."""
        return [
            " ".join(str(axis.labels[j]) for axis in self.top if axis.labels[j] is not None)
            for j in range(len(self.columns))
        ]

    def lines_above(self, rows: int, longest: int) -> list[str]:
        """Texts of at most `longest` characters in the `rows` over the header, upwards, as far as the title."""
        found: list[str] = []
        top = self.header_rows[0] if self.header_rows else 0
        for r in range(top - 1, max(top - 1 - rows, -1), -1):
            texts = [cell for cell in self.grid.rows[r] if isinstance(cell, str)]
            if any(" ".join(text.split()) == self.title for text in texts):
                break
            found += [text for text in texts if len(text) <= longest]
        return found

    def numbered_title(self) -> tuple[str, str]:
        """The publisher's number and the title without it: `("A1.7", "Prison population by …")`."""
        match = re.match(r"\s*(?:table\s+)?([A-Z]{0,2}[._-]?\d+[\w.()]*)\s*:?\s*(.*)", self.title, re.I | re.S)
        return (match[1].rstrip(".:"), match[2].strip()) if match else ("", self.title.strip())
