"""A table's labels read: what is in force at each of its rows and columns, by a declaration or without one."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

import numpy as np

from monitor.vocabulary import CHARACTERISTICS, Period, axis_places
from pipelines.labels.blanks import resolved
from pipelines.labels.meaning import candidates, heading, is_mark, is_total, text_of
from pipelines.labels.records import is_attribute, records
from pipelines.labels.sums import dated, numbers_of, parted, settled
from pipelines.labels.walk import (
    IN_LIST_OR_NOT,
    NAMES_PEOPLE,
    STATISTIC,
    UNKNOWN,
    UNREAD_ABOVE,
    WORDS,
    Around,
    Placed,
    Reading,
    State,
    could_name_people,
    interned,
    read_axis,
    without_words,
)
from pipelines.labels.words import constants, measures_only
from pipelines.reading.grid import Cell, Column, Rows
from pipelines.shape import Axis, Table

NAMED = tuple(c.id for c in CHARACTERISTICS)
_MARK = re.compile(r"[\[(]\s*(?P<mark>[a-z]{1,2}|\d{1,2})\s*[\])]", re.I)
"""A header cell that holds a mark alone, for the period over it: `(r)`."""


@dataclass(frozen=True)
class Told:
    """What a declaration tells of a table's labels: dimensions of its rows and columns, or of each label column.

    `fields` are label columns by position; one that is not named there says nothing. `spellings` say what a label
    means in this table only, `hint` completes periods that lack a year, `passed_over` are header cells that name
    what is measured.
    """

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    fields: Mapping[int, str] | None = None
    hint: str | None = None
    spellings: Mapping[str, str] = field(default_factory=dict)
    passed_over: frozenset[str] = frozenset()


class _Own(list[int]):
    """Positions that labels were given for themselves, copied once: a reading of one axis keeps its own."""


def _put(states: list[State], at: Sequence[int], i: int, state: State) -> _Own:
    """Let position `i` have another state."""
    own = at if isinstance(at, _Own) else _Own(at)
    own[i] = len(states)
    states.append(state)
    return own


@dataclass
class Labels:
    """The labels of a table. `rows[row_at[i]]` is in force at its body row `i`, `columns[column_at[j]]` at its value
    column `j`; `sides` and `tops` are the axes by themselves, None for a column of names of characteristics.
    """

    table: Table
    sides: list[Reading | None]
    tops: list[Reading]
    rows: list[State]
    row_at: Sequence[int]
    columns: list[State]
    column_at: Sequence[int]

    def row(self, i: int) -> State:
        """What is in force at body row `i`."""
        return self.rows[self.row_at[i]]

    def column(self, j: int) -> State:
        """What is in force at value column `j`."""
        return self.columns[self.column_at[j]]

    def refuse_row(self, i: int, why: str) -> None:
        """Let no figure be made of a row."""
        self.put_row(i, self.row(i)._replace(refused=self.row(i).refused or why))

    def refuse_column(self, j: int, why: str) -> None:
        """Let no figure be made of a column."""
        self.put_column(j, self.column(j)._replace(refused=self.column(j).refused or why))

    def put_row(self, i: int, state: State) -> None:
        """Let a row say something else."""
        self.row_at = _put(self.rows, self.row_at, i, state)

    def put_column(self, j: int, state: State) -> None:
        """Let a column say something else."""
        self.column_at = _put(self.columns, self.column_at, j, state)

    def dimensions(self) -> tuple[str, ...]:
        """Every dimension that an axis was read in."""
        readings = (*(r for r in self.sides if r is not None), *self.tops)
        return tuple(dict.fromkeys(d for r in readings for d in r.dimensions))


def words_around(table: Table) -> str:
    """The title and the sheet's name, which say what labels are about where they do not."""
    is_csv = table.grid.sheet.lower().endswith(".csv")
    return table.title if is_csv or table.title == table.grid.sheet else f"{table.title} | {table.grid.sheet}"


def scope_of(table: Table, separated: Collection[str]) -> dict[str, str]:
    """What the title or the sheet's name says everyone in a table is, in what its labels do not separate people by."""
    found: dict[str, str] = {}
    for text in dict.fromkeys((table.title, table.grid.sheet)):
        # because the name of a file says what it is about in words of any kind ("by_single_age")
        of_file = text == table.grid.sheet and table.grid.sheet.lower().endswith(".csv")
        for meaning in constants(text):
            if meaning.dimension not in separated and (meaning.dimension == "sex" or not of_file):
                found.setdefault(meaning.dimension, meaning.category)
    return found


def read_labels(table: Table, told: Told | None = None, *, people_only: bool = False) -> Labels:
    """Read every label of a table: as a declaration tells, or by what the labels themselves show.

    With `people_only` all places, and all labels kept as published, are alike: a list of millions then costs little.
    """
    words = words_around(table)
    sides = _sides(table, words, told)
    if people_only:
        sides = [r and without_words(r) for r in sides]
    tops = _tops(table, words, told)
    rows, row_at = _together([r for r in sides if r is not None], len(table.rows))
    columns, column_at = _across(table, tops, told)
    labels = Labels(table, sides, tops, rows, row_at, columns, column_at)
    _settle(labels)
    return labels


_YEAR = re.compile(r"\d\d\s*\Z|(?:19|20)\d\d")
TWO_PERIODS = "a period beside columns of other periods"
MOVED = "the header stands one column beside its numbers"
FAILED = "a column of labels holds only marks, or what a spreadsheet could not work out"
EMPTIED = "a column of groups has its heading and nothing under it"


def unlabelled(table: Table) -> str:
    """Why nobody can say what the numbers of a table are of, whatever its other labels say; empty where they can."""
    lost = ((MOVED, _header_moved), (EMPTIED, _groups_emptied), (FAILED, _labels_failed))
    return next((why for why, is_so in lost if is_so(table)), "")


def _labels_failed(table: Table) -> bool:
    """Whether a column between those of labels could not be worked out: it is one of them."""
    beside = remarks(table)
    right = [a.columns[0] for k, a in enumerate(table.side) if a.columns and k not in beside]
    between = (c for c in table.columns if c < max(right, default=0))
    return any(_says_nothing(table, c) for c in between)


def _says_nothing(table: Table, column: int) -> bool:
    """Whether a column holds only marks, or what a spreadsheet could not work out."""
    return all(v is None or (isinstance(v, str) and is_mark(v)) for v in table.cells(column).values)


def _groups_emptied(table: Table) -> bool:
    """Whether a column that a characteristic is the heading of is empty."""
    if not table.header_rows:
        return False
    line = table.grid.rows[table.header_rows[-1]]
    taken = {*table.columns, *(c for axis in table.side for c in axis.columns)}
    named = (c for c in range(*table.area[1].indices(len(line))) if c not in taken and heading(line[c])[1])
    return any(heading(line[c])[0] in NAMED and _is_empty(table, c) for c in named)


def _header_moved(table: Table) -> bool:
    """Whether numbers without a header stand before columns, and a header without numbers directly after them."""
    if not table.header_rows or not table.columns or isinstance(table.grid.rows, Rows):
        return False
    grid = table.grid
    beside = {c for axis in table.side for c in axis.columns}
    columns = range(max(table.columns[0] - 1, 0), table.columns[-1] + 2)
    for r in table.header_rows:
        for start in (c for c in columns if c not in beside and grid.at(r, c) is None):
            after = next((c for c in columns if c > start and (grid.at(r, c) is None or _is_empty(table, c))), start)
            if grid.at(r, after) is not None and any(isinstance(grid.at(i, start), float) for i in table.rows):
                return True
    return False


def _is_empty(table: Table, column: int) -> bool:
    return set(table.cells(column).values) <= {None}


def _apart(one: Period, other: Period) -> bool:
    """Whether two periods that both name their year exclude each other."""
    dated = _YEAR.search(one.label) and _YEAR.search(other.label)
    return bool(dated) and (one.start > other.end or other.start > one.end)


def _settle(labels: Labels) -> None:
    """Let the numbers say what labels alone leave open; of records of persons nothing is read."""
    table = labels.table
    if lost := unlabelled(table):
        for j in range(len(table.columns)):
            labels.refuse_column(j, lost)
        return
    spans = [s.period for s in labels.columns if s.period is not None and not s.refused]
    for i in range(len(labels.row_at)) if spans and any(s.period for s in labels.rows) else ():
        period = labels.row(i).period
        if period is not None and all(_apart(period, span) for span in spans):
            labels.refuse_row(i, TWO_PERIODS)
    heads = table.headers()
    counted = any(s.period or s.scope for s in labels.columns)
    if table.side and not counted and all(is_attribute(h) for h in heads):
        cells = {a.header: a.labels for a in table.side} | {
            h: table.cells(c) for h, c in zip(heads, table.columns, strict=True)
        }
        if why := records(cells):
            for j in range(len(heads)):
                labels.refuse_column(j, why)
            return
    row_numbers, column_numbers = numbers_of(labels.table)
    read = [reading for reading in labels.sides if reading is not None]
    if len(read) == 1 and (options := read[0].options):
        states = [labels.row(i) for i in range(len(labels.row_at))]
        for i, state in settled(states, options, row_numbers).items():
            labels.put_row(i, state)
    if len(read) == 1 and len(read[0].dimensions) > 1:
        states = [labels.row(i) for i in range(len(labels.row_at))]
        for i, state in parted(states, read[0].dimensions, row_numbers):
            labels.put_row(i, state)
    for i, why in _totals_alone(labels):
        labels.refuse_row(i, why)
    states = [labels.column(j) for j in range(len(labels.table.columns))]
    for reading in labels.tops:
        for j, state in settled(states, reading.options, column_numbers).items():
            labels.put_column(j, state)
    if not any(s.period for s in labels.rows):
        for j, state in dated(labels.table, [labels.column(j) for j in range(len(states))], column_numbers):
            labels.put_column(j, state)


def _totals_alone(labels: Labels) -> Iterator[tuple[int, str]]:
    """Totals that stand alone under a group without a number, whose fellows have one: of it, or of the whole list."""
    table = labels.table
    if len(table.side) != 1 or not table.blocks:
        return
    said = table.side[0].labels
    listed = {d for i in range(len(said)) if i not in table.blocks for d in labels.row(i).own}
    for at in sorted(table.blocks):
        under = list(takewhile(lambda i: i not in table.blocks, range(at + 1, len(said))))
        of_it = {d for d in listed if any(d in labels.row(i).scope for i in under)}
        if under and of_it & labels.row(at).own and all(is_total(said[i]) for i in under):
            yield from ((i, IN_LIST_OR_NOT.format(said[at])) for i in under)


def _sides(table: Table, words: str, told: Told | None) -> list[Reading | None]:
    by_field = told is not None and told.fields is not None
    beside = remarks(table) if not by_field else frozenset()
    several = len(table.side) - len(beside) > 1
    labels: list[Sequence[Cell]] = [axis.labels for axis in table.side]
    if several or by_field:
        labels = resolved(labels, [table.cells(c) for c in table.columns])
    named = next((n for axis in table.side if (n := naming(axis)) is not None), None) if several else None
    parents: list[Mapping[str, Placed]] | None = None
    readings: list[Reading | None] = []
    for k, axis in enumerate(table.side):
        unasked = told is not None and told.fields is not None and k not in told.fields
        if k in beside or unasked or (several and not by_field and naming(axis) is not None):
            readings.append(None)
            continue
        dimensions = None
        if told is not None:
            dimensions = (told.fields[k],) if told.fields is not None else (told.rows or ("period",))
        around = Around(
            words,
            blocks=table.blocks if k == 0 and not by_field else frozenset(),
            after_blank=() if several else table.after_blank,
            named=named if several and not by_field else None,
            parents=parents,
            stacked=not several and not by_field,
            alone=several or by_field,
            hint=told.hint if told else None,
            spellings=told.spellings if told else {},
        )
        reading = read_axis(Axis(axis.header, labels[k]), around, dimensions)
        if any("ethnicity" in s.scope for s in reading.states):
            parents = [reading.state(i).scope for i in range(len(axis.labels))]
        readings.append(reading)
    if several and not by_field:  # because what a column says in codes another says in words
        columns = [Column.of(axis.labels) for axis in table.side]
        for k, said in enumerate(readings):
            if said is not None and not said.dimensions and any(is_code_of(columns[k], other) for other in columns):
                readings[k] = None
    return readings


def _tops(table: Table, words: str, told: Told | None) -> list[Reading]:
    readings: list[Reading] = []
    named: list[str | None] = [None] * len(table.columns)
    parents: list[Mapping[str, Placed]] | None = None
    for level, axis in enumerate(table.top):
        over = [heading(c) for c in axis.labels]
        lowest = level == len(table.top) - 1
        headings = [d if exact and d in NAMED and not lowest else None for d, exact in over]
        around = Around(
            words,
            named=named if any(named) else None,
            parents=parents,
            hint=told.hint if told else None,
            spellings=told.spellings if told else {},
        )
        reading = read_axis(axis, around, told.columns if told else None)
        if any(headings):
            named = headings
            reading.states.append(State({}))
            nothing = len(reading.states) - 1
            reading.at = [nothing if d is not None else k for d, k in zip(headings, reading.at, strict=True)]
        if any(s.scope for s in reading.states):
            parents = [reading.state(j).scope for j in range(len(axis.labels))]
        readings.append(reading)
    return readings


def _together(readings: Sequence[Reading], length: int) -> tuple[list[State], Sequence[int]]:
    """Readings of one direction as one: for each position the number of its state, and the distinct states."""
    if not readings:
        return [State({})], [0] * length
    if len(readings) == 1:
        return [_merged([s]) if s.names else s for s in readings[0].states], readings[0].at
    index: dict[tuple[int, ...], int] = {}
    at = [index.setdefault(key, len(index)) for key in zip(*(r.at for r in readings), strict=True)]
    return [_merged([r.states[k] for r, k in zip(readings, key, strict=True)]) for key in index], at


def _merged(parts: Sequence[State]) -> State:
    scope: dict[str, Placed] = {}
    for part in parts:
        for d, p in part.scope.items():
            # because a column of parents beside one of children says less than the children, and a total nothing
            if d not in scope or p.meaning.kind != "total":
                scope[d] = p
    names = frozenset().union(*(p.names for p in parts)) - set(scope)
    periods = [p.period for p in parts if p.period is not None]
    doubt = NAMES_PEOPLE if names else TWO_PERIODS if any(_apart(periods[0], p) for p in periods[1:]) else ""
    return State(
        scope,
        next((p.period for p in reversed(parts) if p.period is not None), None),
        frozenset().union(*(p.own for p in parts)),
        any(p.unread for p in parts),
        next((p.refused for p in parts if p.refused), doubt),
        next((p.part for p in parts if p.part), ""),
        names,
    )


def _across(table: Table, tops: Sequence[Reading], told: Told | None) -> tuple[list[State], Sequence[int]]:
    """The levels of a header as one. A level that says nothing of people or time over any column is passed over."""
    passed_over = told.passed_over if told else frozenset()
    made: list[State] = []
    speaks = [any(s.scope.keys() - {STATISTIC} or s.period for s in r.states) for r in tops]
    under_unread: list[int] = []
    words: list[int] = []
    naming = False
    for j in range(len(table.columns)):
        parts: list[State] = []
        lost: State | None = None
        parted = False
        for axis, reading, says in zip(table.top, tops, speaks, strict=True):
            label: Cell = axis.labels[j]
            if label is None or str(label) in passed_over:
                continue
            state = reading.state(j)
            if says or not (state.refused or state.unread):
                parts.append(state)
            elif lost is None:
                lost = state
            # because a heading of other words that parts columns whose own labels are alike cannot be left out
            parted = parted or (not says and len(set(axis.labels) - {None}) > 1 and not measures_only(str(label)))
        state = _merged(parts) if parts else State({})
        if lost is not None and not state.scope and state.period is None:
            # because a header of other words is what is measured, unless it could be of people
            said = next((a.labels[j] for a in reversed(table.top) if a.labels[j] is not None), None)
            people = could_name_people(said) and not measures_only(str(said))
            state = state._replace(unread=lost.unread, refused=lost.refused if people else "")
            naming = naming or any(m.kind == "group" and m.dimension in NAMED for m in candidates(said, None))
        elif parted and told is None:
            under_unread.append(j)
        if told is None and state.unread and not state.refused:
            words.append(j)
        marks = [m["mark"].lower() for a in table.top if (m := _MARK.fullmatch(str(a.labels[j]).strip()))]
        if marks and state.period is not None:
            state = state._replace(period=replace(state.period, markers=(*state.period.markers, *marks)))
        if j in table.unsure:
            state = state._replace(refused=state.refused or table.unsure[j])
        made.append(state)
    if naming:  # because a word beside one that names people may be a group too
        for j in words:
            made[j] = made[j]._replace(refused=UNKNOWN)
    for j in under_unread:
        alike = (
            k
            for k, other in enumerate(made)
            if k != j and (other.scope, other.period) == (made[j].scope, made[j].period)
        )
        if next(alike, None) is not None:
            made[j] = made[j]._replace(unread=True, refused=made[j].refused or UNREAD_ABOVE)
    return interned(made)


_REMARKS = re.compile(r"\s*(?:foot)?(?:notes?|remarks?|comments?|sources?|data sources?)\b.{0,20}\Z", re.I)


_BESIDE_A_NAME = re.compile(r"(.+)_(?:CODE|TYPE|TYPECODE|SORTORDER)\Z")
_OF_A_RECORD = frozenset({"URN", "RECORD_OFFSET", "RECORD_COUNT"})


def _said_in_names(table: Table) -> frozenset[int]:
    """Columns of a query's answer that say in codes what a column of names beside them says (`SEX` and `SEX_NAME`)."""
    headers = [axis.header.upper() for axis in table.side]
    named = {h.removesuffix("_NAME") for h in headers if h.endswith("_NAME")}
    # because the code of a place says which of several places of one name it is
    codes = {k for k, h in enumerate(headers) if (m := _BESIDE_A_NAME.match(h)) and m[1] in named}
    codes -= {k for k in codes if any(axis_places([text_of(v) for v in Column.of(table.side[k].labels).values]))}
    counts = {k for k, h in enumerate(headers) if h == "MEASURES_NAME" and {*table.side[k].labels} == {"Value"}}
    again = {k for k, h in enumerate(headers) if named and (h in named or h in _OF_A_RECORD)}
    return frozenset(codes | counts | again)


def remarks(table: Table) -> frozenset[int]:
    """Columns that label no row: codes beside names; right of the numbers, notes, sources, or one word throughout."""
    return _said_in_names(table) | _beside_numbers(table)


def _beside_numbers(table: Table) -> frozenset[int]:
    first = next((c for c in table.columns if not _says_nothing(table, c)), 0)
    right = {k for k, axis in enumerate(table.side) if axis.columns and axis.columns[0] > first}
    if len(right) == len(table.side):
        return frozenset()
    alike = {k for k in right if len({c for c in Column.of(table.side[k].labels) if c is not None}) < 2}
    return frozenset(k for k in right if k in alike or _REMARKS.match(table.side[k].header))


def naming(axis: Axis) -> list[str | None] | None:
    """For an axis whose labels are names of characteristics ("Sex", "Sex", "Age group", …), those; else None."""
    distinct = {cell for cell in Column.of(axis.labels).values if isinstance(cell, str)}
    if len(distinct) > 2 * len(NAMED):
        return None
    known = {cell: d for cell in distinct if (d := heading(cell)[0]) in NAMED and heading(cell)[1]}
    if len(set(known.values())) < 2 or len(known) < 0.6 * len(distinct):
        return None
    return [known.get(cell) if isinstance(cell, str) else None for cell in filled_down(axis.labels)]


def is_code_of(codes: Column, names: Column) -> bool:
    """Whether a column of labels without words says in codes, one for one, what another says in words."""
    if any(WORDS.search(text_of(v)) for v in codes.values if v is not None):
        return False
    if not all(WORDS.search(text_of(v)) for v in names.values if v is not None):
        return False
    pairs = np.unique(np.asarray(codes.codes, dtype=np.int64) * len(names.values) + names.codes)
    return len(pairs) == len(np.unique(codes.codes)) == len(np.unique(names.codes))


def filled_down(labels: Sequence[Cell]) -> list[Cell]:
    """Labels with each empty one as the one above it."""
    out: list[Cell] = []
    above: Cell = None
    for cell in labels:
        above = above if cell is None else cell
        out.append(above)
    return out
