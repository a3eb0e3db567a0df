"""From failures to causes: which published number explains them, and which failures are one.

Where no single cell explains more than one failure, every cell of the sum stays under suspicion.
"""

from __future__ import annotations

import heapq
import json
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from expectations.queries import ROUNDING


@dataclass(frozen=True)
class Cell:
    """One observation as a question returned it. `categories` leaves out what is not broken down ("all")."""

    observation_id: str
    artefact_sha256: str
    table_id: str
    sheet: str
    cell: str
    value: float | None = None
    period_start: date | None = None
    period_end: date | None = None
    period_label: str | None = None
    categories: tuple[tuple[str, str], ...] = ()

    @property
    def period(self) -> Hashable:
        """What must be equal for two cells to be of one period (a label tells 2009 from 2009 restated)."""
        return (self.period_start, self.period_end, self.period_label)

    @property
    def place(self) -> tuple[str, str, str]:
        """The table it stands in: artefact, table, sheet."""
        return (self.artefact_sha256, self.table_id, self.sheet)

    @property
    def position(self) -> tuple[str, int, int, str]:
        """Sheet, row and column as numbers: the order in which a person reads down a sheet."""
        found = re.fullmatch(r"([A-Z]+)([0-9]+)", self.cell)
        if not found:
            return (self.sheet, 0, 0, self.cell)
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        return (self.sheet, int(found[2]), column, self.cell)


def cell_of(record: Mapping[str, Any]) -> Cell:
    """A cell from a record of `queries`, or from the few columns the library gives."""
    categories = record.get("categories") or {}
    if isinstance(categories, str):
        categories = json.loads(categories)
    start, end = record.get("period_start"), record.get("period_end")
    return Cell(
        observation_id=record["observation_id"] or "",
        artefact_sha256=record.get("artefact_sha256") or "",
        table_id=record["table_id"] or "",
        sheet=record["sheet"] or record["table_id"] or "",
        cell=record["cell"] or "",
        value=record.get("value"),
        period_start=date.fromisoformat(start) if start else None,
        period_end=date.fromisoformat(end) if end else None,
        period_label=record.get("period_label"),
        categories=tuple(sorted((k, str(v)) for k, v in categories.items() if v != "all")),
    )


@dataclass(frozen=True)
class Equation:
    """A sum that does not hold: `whole` is published, `parts` give another number (`given`)."""

    check: str
    dimension: str
    whole: Cell
    parts: tuple[Cell, ...]
    given: float
    tolerance: float
    elsewhere: tuple[Cell, ...] = ()

    @property
    def excess(self) -> float:
        """By how much the whole is more than its parts."""
        return (self.whole.value or 0.0) - self.given

    @property
    def contradicted(self) -> bool:
        """Whether another table, too, publishes another value of the whole."""
        return bool(self.elsewhere)

    def mending(self) -> list[tuple[Cell, float]]:
        """Each cell, and what would have to be added to it, alone, for the sum to hold."""
        return [(self.whole, -self.excess), *((part, self.excess) for part in self.parts)]


def equation_of(check: str, record: Mapping[str, Any]) -> Equation:
    """An equation from a record of `queries.sums`."""
    return Equation(
        check=check,
        dimension=record["dimension"],
        whole=cell_of(record["whole"]),
        parts=tuple(cell_of(part) for part in record["parts"]),
        given=record["given"],
        tolerance=record["tolerance"],
        elsewhere=tuple(cell_of(other) for other in record["elsewhere"] or ()),
    )


@dataclass(frozen=True)
class Nesting:
    """The parent of each category that has one, by (artefact, table, dimension, category)."""

    parents: Mapping[tuple[str, str, str, str], str]

    def family(self, cell: Cell) -> Hashable:
        """The cell's categories with each replaced by its outermost ancestor: "60-69" by "60 and over"."""
        return tuple((dimension, self._outermost(cell, dimension, name)) for dimension, name in cell.categories)

    def _outermost(self, cell: Cell, dimension: str, category: str) -> str:
        seen = {category}
        while (
            parent := self.parents.get((cell.artefact_sha256, cell.table_id, dimension, category))
        ) and parent not in seen:
            seen.add(parent)
            category = parent
        return category


@dataclass(frozen=True)
class Cause:
    """Failures of one check that have one explanation, and the cells under suspicion in reading order."""

    equations: tuple[Equation, ...]
    suspects: tuple[Cell, ...]
    located: bool

    @property
    def contradicted(self) -> tuple[Equation, ...]:
        """The equations whose total another table contradicts too."""
        return tuple(equation for equation in self.equations if equation.contradicted)


def causes(equations: Sequence[Equation], nesting: Nesting) -> list[Cause]:
    """Failing equations of all checks as causes, each of one check in one table, in reading order.

    Failures of one check in one table have one cause when they share a suspect, when they suspect the
    same row in different periods, or when they suspect a category and its split in one period.
    """
    suspects = _suspects(equations)
    located = [len(cells) == 1 for cells in suspects]

    def keys(index: int) -> Iterable[Hashable]:
        equation = equations[index]
        where = (equation.check, equation.whole.place)
        # because a sum that stays unexplained is recognised in other periods by its total
        named = suspects[index] if located[index] else (equation.whole,)
        yield from ((where, "cell", cell.observation_id) for cell in suspects[index])
        yield from ((where, "row", cell.categories) for cell in named)
        yield from ((where, "family", cell.period, nesting.family(cell)) for cell in named)

    found = []
    for group in grouped(len(equations), keys):
        cells = {cell.observation_id: cell for index in group for cell in suspects[index]}
        found.append(
            Cause(
                equations=tuple(sorted((equations[i] for i in group), key=lambda e: e.whole.position)),
                suspects=tuple(sorted(cells.values(), key=lambda cell: cell.position)),
                located=all(located[index] for index in group),
            )
        )
    return sorted(found, key=lambda cause: (cause.suspects[0].position, cause.equations[0].check))


def grouped(count: int, keys: Callable[[int], Iterable[Hashable]]) -> list[list[int]]:
    """Indices 0 … count-1 in groups that are connected by a shared key, each group and the list in order."""
    leader = list(range(count))

    def find(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    first: dict[Hashable, int] = {}
    for index in range(count):
        for key in keys(index):
            one, other = sorted((find(first.setdefault(key, index)), find(index)))
            leader[other] = one
    groups = defaultdict(list)
    for index in range(count):
        groups[find(index)].append(index)
    return list(groups.values())


def _suspects(equations: Sequence[Equation]) -> list[tuple[Cell, ...]]:
    """For each equation the one cell that explains it, or all its cells.

    A cell explains the equations that adding one amount to it would mend. Cells are taken in turn, first those that
    another table contradicts as totals, then those that explain most; one equation alone locates nothing.
    """
    cells: dict[str, Cell] = {}
    mendings: dict[str, list[tuple[float, int]]] = defaultdict(list)
    contradicted: set[str] = set()
    for index, equation in enumerate(equations):
        if equation.contradicted:
            contradicted.add(equation.whole.observation_id)
        for cell, amount in equation.mending():
            cells[cell.observation_id] = cell
            mendings[cell.observation_id].append((amount, index))

    explained: dict[int, Cell] = {}

    def explains(name: str) -> list[int]:
        amounts = [(amount, index) for amount, index in mendings[name] if index not in explained]
        alike = [
            [
                index
                for other, index in amounts
                if abs(other - amount) <= equations[index].tolerance + equations[mine].tolerance + ROUNDING
            ]
            for amount, mine in amounts
        ]
        return max(alike, key=len, default=[])

    def rank(name: str) -> tuple[bool, int, int, tuple[str, int, int, str]]:
        indices = explains(name)
        totals = sum(equations[index].whole.observation_id == name for index in indices)
        return (name not in contradicted, -len(indices), -totals, cells[name].position)

    queue = [(rank(name), name) for name in cells]
    heapq.heapify(queue)
    while queue:
        promised, name = heapq.heappop(queue)
        # because cells taken before may have explained some of what this one was counted for
        if (current := rank(name)) != promised:
            heapq.heappush(queue, (current, name))
            continue
        indices = explains(name)
        if len(indices) > 1 or (indices and name in contradicted):
            explained.update(dict.fromkeys(indices, cells[name]))
    return [
        (explained[index],) if index in explained else (equation.whole, *equation.parts)
        for index, equation in enumerate(equations)
    ]
