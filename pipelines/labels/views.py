"""One list that holds several: a column whose words say which dimension the labels of another column are of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pipelines.labels.dimensions import infer
from pipelines.reading.grid import Cell, Column
from pipelines.shape import Axis, Table

MOST_VIEWS = 40
MOST_LABELS = 2000
FEWEST_ROWS = 2


@dataclass(frozen=True)
class View:
    """Rows of a table that say one thing, and by which label of which column (its position) they are found, in every
    spelling that it has there.
    """

    table: Table
    where: Mapping[int, tuple[Cell, ...]] = field(default_factory=dict)


def narrowed(table: Table, keep: np.ndarray, of: str = "") -> Table:
    """The table with only some of its rows; `keep` says which, `of` what they are in the title's words."""
    at = np.flatnonzero(keep)
    rows = np.asarray(table.rows)[at].tolist()
    number = {int(old): new for new, old in enumerate(at)}
    return replace(
        table,
        title=f"{table.title}: {of}" if of else table.title,
        rows=rows,
        side=[replace(a, labels=Column.of(a.labels).take(at)) for a in table.side],
        after_blank=[table.after_blank[i] for i in at],
        blocks=frozenset(number[i] for i in table.blocks if i in number),
    )


def views(table: Table) -> list[View]:
    """The lists that a table holds, each with the labels that select it; the table itself where it holds one.

    A column selects where the labels of another column are of one dimension for each of its words, and not of the
    same for all.
    """
    if len(table.side) < 2:
        return [View(table)]
    columns = [Column.of(axis.labels) for axis in table.side]
    for s, as_spelled in enumerate(columns):
        selector, spellings = _spelled_alike(as_spelled)
        rows = np.bincount(selector.codes, minlength=len(selector.values))
        words = np.flatnonzero(rows).tolist()
        if not 2 <= len(words) <= MOST_VIEWS or any(rows[k] < FEWEST_ROWS or selector.values[k] is None for k in words):
            continue
        for m, column in enumerate(columns):
            if m != s and _differ(table.side[m], column, selector, words):
                return [
                    View(narrowed(table, selector.codes == k, str(selector.values[k])), {s: spellings[k]})
                    for k in words
                ]
    return [View(table)]


def _spelled_alike(column: Column) -> tuple[Column, list[tuple[Cell, ...]]]:
    """The column with labels that differ in spaces alone as one, and the spellings of each."""
    of: dict[Cell, list[int]] = {}
    for k, cell in enumerate(column.values):
        of.setdefault(" ".join(cell.split()) if isinstance(cell, str) else cell, []).append(k)
    renumbered = np.zeros(len(column.values), dtype=column.codes.dtype)
    for n, codes in enumerate(of.values()):
        renumbered[codes] = n
    return Column(list(of), renumbered[column.codes]), [tuple(column.values[k] for k in codes) for codes in of.values()]


def _differ(axis: Axis, column: Column, selector: Column, words: Sequence[int]) -> bool:
    """Whether the labels of a column are of another dimension under each word of the selector, and shared by none."""
    pairs = np.unique(np.stack([selector.codes, column.codes]), axis=1)
    said: dict[int, list[Cell]] = {}
    for k, code in pairs.T.tolist():
        said.setdefault(k, []).append(column.values[code])
    if len(np.unique(column.codes)) > MOST_LABELS:
        return False
    found = {k: infer(Axis("", said[k]), str(selector.values[k])) for k in words}
    if len({d for d in found.values() if d}) < 2:
        return False
    shared = sum(len(set(labels)) for labels in said.values()) - len({c for labels in said.values() for c in labels})
    return shared <= len(words)
