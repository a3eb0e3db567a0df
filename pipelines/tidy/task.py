"""One declared table on one found table: what the rooms of tidying hand to each other, and how they report.

What it makes true: a problem names the label, what was expected, the nearest words known, the sheet and the cells,
and is one row a cause. What it refuses: to guess.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from monitor.declarations import Publication
from monitor.declarations import Table as Declared
from monitor.vocabulary import (
    CHARACTERISTICS,
    DIMENSIONS,
    STANDARD,
    Value,
    clean_label,
    closest,
    decimal_mark,
    read_value,
)
from pipelines.labels import NO_LABEL, TWICE, UNDER_UNKNOWN, UNKNOWN, Labels, Reading, text_of
from pipelines.reading.grid import Cell, Grid
from pipelines.shape import Table

NAMED = tuple(c.id for c in CHARACTERISTICS)
UNWANTED = "of a place that the declaration does not ask for"
IGNORED = "ignored"
"""What a declaration calls a column that says nothing about a figure."""


@dataclass(frozen=True)
class Problem:
    """Something about a file that a person must know: one cause, with its cells."""

    check: str
    severity: str
    message: str
    sheet: str
    cells: tuple[str, ...] = ()


_REMEDIES = {
    UNDER_UNKNOWN: "make the label above it known, and they can be read.",
    TWICE: "see whether a label above one of the two is missing, or ask the publisher.",
    NO_LABEL: "see what the publisher's file says there, or ask the publisher.",
}


class Unusable(Exception):
    """A declared table that cannot be tidied as declared; carries the problem to report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True)
class Refusal:
    """Rows (of the grid) of a table, or some of its columns, of which no figure is made, and why."""

    grid: Grid
    why: str
    rows: tuple[int, ...]
    columns: tuple[int, ...] | None = None


@dataclass
class Task:
    """A declaration, the table it speaks of, the year for periods that lack one, and where problems go."""

    publication: Publication
    declared: Declared
    table: Table
    hint: str | None
    problems: list[Problem]
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Dimensions and labels that could not be placed: sums over them are not the publisher's to answer for."""
    refusals: list[Refusal] = field(default_factory=list)
    empty: str = "not_available"
    """The status of an empty cell where a number is due."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """What the file's notes say of bare marks, where the publication declares no map of its own."""

    def read(self, text: str, decimal: str) -> Value | None:
        """What a cell's text says, by the publication's map of marks and the file's notes."""
        seen = read_value(text, self.symbols, decimal)
        if (seen is None or seen.value is None) and self.symbols == STANDARD and text.strip() in self.marks:
            return Value(None, self.marks[text.strip()], text.strip())
        return seen

    @property
    def symbols(self) -> str:
        """The publication's map of marks."""
        return self.publication.symbols.map

    def decimal(self) -> str:
        """The sign that parts whole numbers from fractions in the table's texts. Raises `Unusable` for both at once."""
        mark = decimal_mark(self.table.texts())
        if mark is None:
            what = (
                "expected a comma or a point between whole numbers and fractions; found both. Its figures are refused"
            )
            where = self.table.grid.sheet
            raise Unusable(Problem("values_readable", "critical", f"Table {self.declared.id!r}: {what}.", where))
        return mark

    def header(self, name: str, known: Mapping[str, object]) -> str:
        """The normal form of a declared column name. Raises `Unusable` when the table has no such column."""
        if plain(name) in known:
            return plain(name)
        raise Unusable(
            Problem(
                "columns_found",
                "critical",
                f"Table {self.declared.id!r}: expected a column {name!r}; found {', '.join(h for h in known if h)}. "
                "If it was renamed, change `fields` in the declaration.",
                self.table.grid.sheet,
            )
        )

    def refuse(self, rows: Iterable[int], why: str, columns: Iterable[int] | None = None) -> None:
        """Note that no figure is made of some rows of the table, or of some of its columns, by their positions."""
        grid_rows = tuple(self.table.rows[i] for i in rows)
        grid_columns = None if columns is None else tuple(self.table.columns[j] for j in columns)
        self.refusals.append(Refusal(self.table.grid, why, grid_rows, grid_columns))

    def refuse_labels(self, labels: Labels) -> None:
        """Note every row and column that the reader of labels refused."""
        count = range(len(self.table.rows))
        for states, at, by_row in ((labels.rows, labels.row_at, True), (labels.columns, labels.column_at, False)):
            whys: dict[str, list[int]] = {}
            for i, k in enumerate(at):
                if states[k].refused:
                    whys.setdefault(states[k].refused, []).append(i)
            for why, positions in whys.items():
                self.refuse(positions if by_row else count, why, None if by_row else positions)

    def report_rows(self, labels: Labels) -> None:
        """Report rows whose labels could not be placed, one problem a label and cause."""
        causes: dict[tuple[str, str, int], list[int]] = {}
        dimensions: dict[int, tuple[str, ...]] = {}
        for i, k in enumerate(labels.row_at):
            if not (why := labels.rows[k].refused) or why == UNWANTED:
                continue
            said = [(s, r) for s, r in enumerate(labels.sides) if r is not None]
            s = next((s for s, r in said if r.state(i).refused == why), said[-1][0] if said else 0)
            dimensions[s] = labels.sides[s].dimensions if labels.sides[s] else ()  # type: ignore[union-attr]
            causes.setdefault((text_of(self.table.side[s].labels[i]), why, s), []).append(i)
        for (label, why, s), rows in causes.items():
            self._refuse(
                label,
                why,
                dimensions[s],
                tuple(self.table.grid.address(self.table.rows[i], self.table.side[s].columns[0]) for i in rows),
            )

    def report_labels(self, reading: Reading, labels: Sequence[Cell], cells: Callable[[int], str]) -> None:
        """Report labels of one axis that could not be placed. `cells` gives the cell of a position."""
        causes: dict[tuple[str, str], list[int]] = {}
        for i in reading.refused():
            causes.setdefault((text_of(labels[i]), reading.state(i).refused), []).append(i)
        for (label, why), at in causes.items():
            self._refuse(label, why, reading.dimensions, tuple(cells(i) for i in at))

    def report_column(self, j: int, why: str) -> None:
        """Report a value column whose label could not be placed."""
        label = next((str(a.labels[j]) for a in reversed(self.table.top) if a.labels[j] is not None), "(empty)")
        row = self.table.header_rows[-1] if self.table.header_rows else 0
        self._refuse(label, why, self.declared.columns, (self.table.grid.address(row, self.table.columns[j]),))

    def _refuse(self, label: str, why: str, dimensions: tuple[str, ...], cells: tuple[str, ...]) -> None:
        self.refused += [(d, label.strip()) for d in dimensions]
        self._report(label, why, dimensions, cells)

    def _report(self, label: str, why: str, dimensions: tuple[str, ...], cells: tuple[str, ...]) -> None:
        near = closest(label, [d for d in dimensions if d in DIMENSIONS]) if why == UNKNOWN else []
        self.problems.append(
            Problem(
                "labels_once" if why == TWICE else "labels_known",
                "warning",
                f"{label.strip()!r} in table {self.declared.id!r}: {why}; expected a word for "
                f"{', '.join(dimensions)}"
                + (f" (nearest known: {'; '.join(near)})" if near else "")
                + ". Its figures are refused, not guessed: "
                + _REMEDIES.get(why, "add the spelling to the vocabulary or the declaration."),
                self.table.grid.sheet,
                cells,
            )
        )


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A title or header without case, punctuation and the footnote marks at its end, for comparing."""
    return re.sub(r"[^a-z0-9]+", " ", clean_label(text).text.lower()).strip()
