"""What of a table's labels was not read, whether it could hold a characteristic, and which words name one."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from pipelines.account import Cause, Understood
from pipelines.answers import LeftUnread, Naming
from pipelines.labels.meaning import candidates, heading, text_of
from pipelines.labels.table import NAMED, Labels, is_code_of, scope_of
from pipelines.labels.walk import CAPTION, WORDS
from pipelines.labels.words import is_rate, mentioned, names_an_offence
from pipelines.reading.grid import Cell, Column
from pipelines.shape import Role, Sheet, Table

MOST_LOOKED = 2000
"""Rows of a sheet whose notes are asked: notes stand around tables, and a long list has none within."""
MOST_NAMED = 20
"""So many cells of one cause are named."""
MOST_QUOTED = 120
"""So many letters of the words that name a characteristic are quoted."""


def understood_by(table: Table, parts: Sequence[Labels]) -> Understood:
    """Which rows and columns of a table have labels that were read; `parts` are the lists that the table holds."""
    causes: dict[Cause, int] = {}
    rows = np.zeros(len(table.rows), dtype=np.int32)
    columns = np.zeros(len(table.columns), dtype=np.int32)
    at = {r: i for i, r in enumerate(table.rows)} if len(parts) > 1 else None

    def code(what: str, why: str) -> int:
        return causes.setdefault(Cause(what, why), len(causes) + 1)

    for part in parts:
        codes = np.array([code("a row", s.refused) if s.refused else 0 for s in part.rows], dtype=np.int32)
        here = codes[np.asarray(part.row_at, dtype=np.int64)] if len(part.row_at) else np.zeros(0, dtype=np.int32)
        rows[[at[r] for r in part.table.rows] if at else slice(None)] = here
        codes = np.array([code("a column", s.refused) if s.refused else 0 for s in part.columns], dtype=np.int32)
        columns = np.maximum(columns, codes[np.asarray(part.column_at, dtype=np.int64)])
    return Understood(rows, columns, list(causes))


def left_unread(labels: Labels) -> Iterator[LeftUnread]:
    """The labels that were not read and could hold a characteristic, with the cells they stand over."""
    table, read = labels.table, _separated(labels)
    if alone := _alone(labels):
        rows = [i for i, k in enumerate(labels.row_at) if labels.rows[k].refused and i not in table.blocks]
        cells = [table.grid.address(table.rows[i], 0) for i in rows[:MOST_NAMED]]
        cells += [
            table.grid.address(int(table.rows[0]), c) for j, c in enumerate(table.columns) if labels.column(j).refused
        ]
        if alone not in scope_of(table, ()):  # because of a table whose title names one group nothing else is told
            cells += _of_one_group(labels, alone)
        if cells:
            why = f"fewer than two groups of {alone} were read, beside labels that were not or say nothing of it"
            yield LeftUnread("header", why, table.grid.sheet, tuple(cells[:MOST_NAMED]), frozenset({alone}))
    columns = [Column.of(axis.labels) for axis in table.side]
    for axis, reading, column in zip(table.side, labels.sides, columns, strict=True):
        if reading is None or any(is_code_of(column, other) for other in columns):
            continue
        covered = set(labels.dimensions())
        lost = [k for k, s in enumerate(reading.states) if (s.unread and s.refused) or s.names - covered]
        if not lost:
            continue
        first = column.first(np.isin(np.asarray(reading.at), lost))
        named: dict[frozenset[str] | None, list[tuple[str, str]]] = {}
        for k in [k for k in np.argsort(first, kind="stable").tolist() if first[k] < len(column)][:MOST_LOOKED]:
            only = _could_be_of(column.values[k], read)
            if only is None or only:
                where = table.grid.address(table.rows[int(first[k])], axis.columns[0] if axis.columns else 0)
                named.setdefault(only, []).append((text_of(column.values[k]), where))
        for only, found in named.items():
            what, places = f"the label {found[0][0]!r} was not read", tuple(where for _, where in found[:MOST_NAMED])
            yield LeftUnread("header", what, table.grid.sheet, places, only or frozenset())
    row = table.header_rows[-1] if table.header_rows else int(table.rows[0])
    for j, c in enumerate(table.columns):
        state = labels.column(j)
        label = next((a.labels[j] for a in reversed(table.top) if a.labels[j] is not None), None)
        only = _could_be_of(label, read) if state.unread and state.refused else frozenset()
        if only is None or only:
            what, where = f"the heading {text_of(label)!r} was not read", table.grid.address(row, c)
            yield LeftUnread("header", what, table.grid.sheet, (where,), only or frozenset())


def _separated(labels: Labels) -> frozenset[str]:
    """What the labels that were read separate people by: two groups or more."""
    states = (s for s in (*labels.rows, *labels.columns) if not s.refused)
    groups = {(d, p.meaning.category) for s in states for d, p in s.scope.items() if p.meaning.kind == "group"}
    return frozenset(d for d, n in Counter(d for d, _ in groups).items() if n > 1)


def _could_be_of(label: Cell, read: frozenset[str]) -> frozenset[str] | None:
    """Of which characteristics a label could be that its table was not `read` to separate people by; None: of any.

    Words of no characteristic are of none, nor are offences, whoever is named in them. So is a rest, or a group not
    recorded: it is of the groups beside it.
    """
    words = text_of(label)
    if isinstance(label, dt.date):
        return frozenset({"age"}) - read  # because of an age band a spreadsheet program makes a date
    if CAPTION.match(words.strip()):
        return frozenset()
    if not WORDS.search(words):
        return frozenset() if is_rate(words) else None
    groups = (
        m for m in candidates(label, NAMED) if m.kind == "group" and not m.category.casefold().startswith("other")
    )
    said = frozenset() if names_an_offence(words) else mentioned(words)
    return frozenset({*said, *(m.dimension for m in groups)}) - read


def _alone(labels: Labels) -> str:
    """A characteristic that labels were read in and of which fewer than two groups are known, if any."""
    rows = [labels.rows[k] for k in set(labels.row_at)]
    for d in labels.dimensions():
        states = [*rows, *(labels.columns[k] for k in set(labels.column_at))]
        placed = [s.scope[d].meaning for s in states if d in s.scope and not s.refused]
        known = {m.category for m in placed if m.kind == "group"}
        if d in NAMED and len(known) < 2:
            return d
    return ""


def _of_one_group(labels: Labels, dimension: str) -> list[str]:
    """The cells where figures of the only group of a characteristic begin, beside figures that are not of it."""
    table = labels.table
    rows = [labels.rows[k].category(dimension) for k in labels.row_at]
    columns = [labels.columns[k].category(dimension) for k in labels.column_at]
    found = []
    for said, cells in (
        (rows, [(int(r), 0) for r in table.rows]),
        (columns, [(int(table.rows[0]), c) for c in table.columns]),
    ):
        of_it = [cell for category, cell in zip(said, cells, strict=True) if category not in (None, "all")]
        if 0 < len(of_it) < len(cells):
            found.append(table.grid.address(*of_it[0]))
    return found


def names_in(sheet: Sheet) -> Iterator[Naming]:
    """The titles, headings, headers and notes of a sheet that name a characteristic, with their cells."""
    grid = sheet.grid
    for table in sheet.tables:
        cells = [grid.address(r, c) for r, c in table.title_cells]
        for d in sorted(mentioned(table.title)):
            yield Naming(d, "title", table.title[:MOST_QUOTED], grid.sheet, cells[0] if cells else "")
        for axis in table.side:
            dimension, _ = heading(axis.header)
            if dimension in NAMED:
                where = (
                    grid.address(table.header_rows[-1], axis.columns[0]) if table.header_rows and axis.columns else ""
                )
                yield Naming(dimension, "heading", axis.header[:MOST_QUOTED], grid.sheet, where)
        beside = {c for axis in table.side for c in axis.columns}
        for r in table.header_rows:
            for c, label in enumerate(grid.rows[r][table.area[1]], table.area[1].start or 0):
                dimension, exact = heading(label)
                if dimension in NAMED and exact and c not in beside:
                    yield Naming(dimension, "header", text_of(label)[:MOST_QUOTED], grid.sheet, grid.address(r, c))
    notes = sheet.roles == Role.NOTE
    for r, c in zip(*(a.tolist() for a in np.nonzero(notes[:MOST_LOOKED])), strict=True):
        cell = grid.at(r, c)
        if isinstance(cell, str):
            for d in sorted(mentioned(cell)):
                yield Naming(d, "note", cell[:MOST_QUOTED], grid.sheet, grid.address(r, c))
    for text in grid.notes:
        for d in sorted(mentioned(text)):
            yield Naming(d, "note", text[:MOST_QUOTED], grid.sheet)
