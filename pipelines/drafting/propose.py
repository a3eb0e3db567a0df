"""What a declaration of each table would say: how it is found, and what its labels and columns are.

The one reader of labels names the dimensions, so that a draft and a survey of one file cannot disagree. Nothing is
summed and nothing passed over: a column of words that no dimension fits is kept as published.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor.declarations.table import NOT_UNDERSTOOD
from monitor.vocabulary import (
    Period,
    axis_places,
    clean_label,
    country_named_in,
    identification_of,
    local_names_in,
    officer_observed,
    periods_in,
)
from pipelines.drafting.units import are_events, kind_of, unit_of
from pipelines.labels import (
    AS_PUBLISHED,
    PART_OF_PERIOD,
    PLACE,
    STATISTIC,
    UNREAD_ABOVE,
    Labels,
    View,
    drawn,
    infer,
    is_code_of,
    is_rate,
    narrowed,
    read_labels,
    remarks,
    scope_of,
    views,
    words_around,
)
from pipelines.reading.grid import Cell, Column, Grid
from pipelines.shape import Table
from pipelines.tidy.task import plain

LONGEST_NAME = 60
"""A table's id is no longer than this."""
LINES_ABOVE, LONGEST_LINE = 9, 160
"""Rows over a header, and characters of a line there, that say what a table is about."""
MOST_WORDS = 6
"""A line over a header that names a country in more words says something else of it."""
_NOT_THERE = re.compile(r"\b(?:excluding|except|excepting|outside|without|other than|not)\b", re.I)
_UP_TO_PERIOD = re.compile(
    r"[;(]|,? year ending|,? (?:as )?at \d{1,2} \w+|,? \d{1,2} \w+ (?:19|20)\d\d|,? (?:19|20)\d\d"
)


@dataclass
class Measured:
    """A column of its own kind: its header, unit, whether its parts add up, and its scale."""

    header: str
    unit: str
    adds_up: bool
    scale: float = 1.0


@dataclass
class Proposal:
    """One table as a declaration would name it. Field names are those of a declared table.

    `table` is the list that is read, `whole` the table that `where` selects it from. `refused` says why nothing of it
    can be read, in words, and `doubt` what a person must settle before its numbers are shown; empty where nothing is.
    """

    id: str
    table: Table
    whole: Table
    title: str = ""
    sheet: str = ""
    shape: Literal["crosstab", "long"] = "crosstab"
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    statistics: list[Measured] = field(default_factory=list)
    where: dict[str, list[str]] = field(default_factory=dict)
    unit: str = "people"
    counts: str = "people"
    adds_up: bool = True
    scale: float = 1.0
    period: str | None = None
    period_kind: str = "flow"
    place: str = ""
    identification: str = "self"
    scope: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    doubt: str = ""


def propose(grids: Sequence[Grid], taken: Iterable[str] = ()) -> list[Proposal]:
    """Every table the grids hold, each under a name of its own (none of those taken), found by words no other has."""
    shaped = [table for grid in grids for table in drawn(grid).tables]
    used = set(taken)
    country = _country(grids, shaped)
    return [
        _proposal(part, table, shaped, used, country)
        for table in shaped
        for view in views(table)
        for part in _by_statistic(view)
    ]


def _by_statistic(view: View) -> list[View]:
    """A list whose rows say what kind of number stands in them, as one list a kind."""
    for k, axis in enumerate(view.table.side):
        if len(view.table.side) > 1 and infer(axis, words_around(view.table)) == (STATISTIC,):
            column = Column.of(axis.labels)
            return [
                View(narrowed(view.table, column.codes == n, str(word)), {**view.where, k: (word,)})
                for n, word in enumerate(column.values)
                if word is not None
            ]
    return [view]


def _country(grids: Sequence[Grid], shaped: Sequence[Table]) -> str:
    """The one country that the words of a file's first sheet name, or most of its titles; empty where there is none.

    What one table's title names is not where another's people are.
    """
    titles = [place.code for table in shaped if (place := country_named_in(table.title)) is not None]
    found = set(titles) if 2 * len(titles) > len(shaped) else set()
    own = {" ".join(table.title.split()) for table in shaped}
    alone = (row for grid in grids[:1] for row in grid.rows[:40] if sum(c is not None for c in row) == 1)
    words = [c for row in alone for c in row if isinstance(c, str) and len(c) < 200 and " ".join(c.split()) not in own]
    found |= {place.code for text in words if (place := country_named_in(text)) is not None}
    found |= set(titles) if found else set()
    return found.pop() if len(found) == 1 else ""


def slug(text: str) -> str:
    """A text as an id: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _proposal(view: View, whole: Table, shaped: Sequence[Table], used: set[str], country: str) -> Proposal:
    table = view.table
    title, sheet = _found_by(whole, shaped)
    named = re.sub(r"\.\w{2,4}\Z", "", title or table.grid.sheet)
    chosen = " ".join(str(spelled[0]) for spelled in view.where.values())
    proposed = Proposal(
        _unused(slug(f"{named} {chosen}")[:LONGEST_NAME].strip("-") or "table", used), table, whole, title, sheet
    )
    labels = read_labels(table)
    proposed.where = {table.side[k].header: [str(v) for v in spelled] for k, spelled in view.where.items()}
    beside = remarks(table)
    if len(table.side) - len(beside) > 1:
        _records(proposed, labels, view, beside)
    else:
        proposed.rows = next((r.dimensions for r in labels.sides if r is not None), ())
        proposed.columns = _people(labels)
    kinds = [labels.column(j).category(STATISTIC) for j in range(len(table.columns))]
    if not proposed.columns or all(kinds):
        proposed.statistics = _measures(proposed, labels)
    else:
        _unit(proposed)
    if proposed.rows == () and proposed.columns == () and not proposed.fields:
        proposed.columns = ("period",)
    _when_and_where(proposed, labels, country)
    if any(s.refused == UNREAD_ABOVE for s in labels.columns):
        proposed.refused = "a level of its header was not read, and parts columns that are else alike"
    proposed.scope = scope_of(table, (*proposed.rows, *proposed.columns, *proposed.fields.values()))
    return proposed


def _when_and_where(proposed: Proposal, labels: Labels, country: str) -> None:
    table = proposed.table
    words = _around(table)
    dimensions = (*proposed.rows, *proposed.columns, *proposed.fields.values())
    stated: list[Period] = []
    if "period" in dimensions:
        stated = [s.period for s in (*labels.rows, *labels.columns) if s.period is not None]
    else:
        for text in (table.title, table.grid.sheet, *_lines_above(table)):
            named = text in (table.title, table.grid.sheet)
            spelled = [
                p for p in periods_in(text) if named or not p.label.isdigit() or f"census {p.label}" in text.lower()
            ]
            found = dict.fromkeys((p.start, p.end) for p in spelled)
            if len(found) == 1:
                stated = spelled[:1]
                break
        proposed.period = stated[0].label if stated else ""
    headers = " ".join([*(a.header for a in table.side), *table.headers()])
    proposed.counts = "events" if are_events(words) else "people"
    proposed.period_kind = kind_of(f"{words} {headers} {table.grid.sheet}", stated)
    lines = (table.title, *(line for line in _lines_above(table) if len(line.split()) <= MOST_WORDS))
    proposed.place = next((place.code for line in lines if (place := country_named_in(line)) is not None), country)
    if PLACE not in dimensions:
        _local(proposed, (table.grid.sheet, *lines))
    ethnic = [a for a, r in zip(table.side, labels.sides, strict=True) if r is not None and "ethnicity" in r.dimensions]
    chosen = [h for h, d in proposed.fields.items() if d == "ethnicity"] or [a.header for a in ethnic]
    said = {identification_of(h) for h in chosen} - {None} or {identification_of(table.title)}
    if "officer" in said or any(isinstance(c, str) and officer_observed(c) for a in ethnic for c in set(a.labels)):
        proposed.identification = "officer"


def _local(proposed: Proposal, lines: Sequence[str]) -> None:
    """The one place smaller than a country that words over a table name, else a doubt which it is of."""
    named = dict.fromkeys(name for line in lines for name in local_names_in(line))
    found = {p.code for name in named if len(places := axis_places([name])) == 1 and (p := places[0]) is not None}
    if len(named) == len(found) == 1 and not any(_NOT_THERE.search(line) for line in lines):
        proposed.place = found.pop()
    elif named:
        proposed.doubt = f"the words over it name {', '.join(named)}, and nothing says that its numbers are of it"


def _lines_above(table: Table) -> list[str]:
    return table.lines_above(LINES_ABOVE, LONGEST_LINE)


def _around(table: Table) -> str:
    """The words over a table: its title, its sheet's name, and the lines between the title and the header."""
    return " ".join((words_around(table), *_lines_above(table)))


def _found_by(table: Table, shaped: Sequence[Table]) -> tuple[str, str]:
    """The title and the sheet that lead to this table alone; neither, where its headers must."""
    full = table.numbered_title()[1]
    if not full or (plain(full) == plain(table.grid.sheet) and table.grid.sheet.lower().endswith(".csv")):
        return "", "" if table.grid.sheet.lower().endswith(".csv") else table.grid.sheet
    short = _UP_TO_PERIOD.split(full)[0].strip()
    for wanted in (short, full):
        alike = [t for t in shaped if plain(t.numbered_title()[1]).startswith(plain(wanted))]
        if plain(wanted) and len(alike) == 1:
            return wanted, ""
    return full, table.grid.sheet


def _unused(name: str, used: set[str]) -> str:
    unused, n = name, 1
    while unused in used:
        n += 1
        unused = f"{name}-{n}"
    used.add(unused)
    return unused


def _people(labels: Labels) -> tuple[str, ...]:
    """Dimensions of the header, once each, without kinds of number: those are different measures, not groups."""
    return tuple(dict.fromkeys(d for r in labels.tops for d in r.dimensions if d != STATISTIC))


def _records(proposed: Proposal, labels: Labels, view: View, beside: Collection[int]) -> None:
    """A table with several columns of labels: each column is a field, and its numbers are one measure or several."""
    table = proposed.table
    known: dict[str, str] = {}
    columns = [Column.of(axis.labels) for axis in table.side]
    for k, (axis, reading) in enumerate(zip(table.side, labels.sides, strict=True)):
        if k in view.where or k in beside:
            proposed.fields[axis.header] = "ignored"
            continue
        dimensions = reading.dimensions if reading is not None else ()
        if len(dimensions) > 1:
            proposed.refused = f"the column {axis.header!r} holds several dimensions: {', '.join(dimensions)}"
        elif not dimensions and any(is_code_of(columns[k], other) for other in columns):
            proposed.fields[axis.header] = "ignored"
            continue
        elif not dimensions:
            proposed.refused = f"the column {axis.header!r} says something of people that is not understood"
        dimension = dimensions[0] if dimensions else AS_PUBLISHED
        dimension = "period" if dimension == PART_OF_PERIOD else dimension  # because the edition may say of which year
        if dimension in known and identification_of(axis.header) != identification_of(known[dimension]):
            # because how a person is seen and how they describe themselves are two things
            officer = axis.header if identification_of(axis.header) == "officer" else known[dimension]
            proposed.fields[officer] = AS_PUBLISHED
            if officer == axis.header:
                continue
        known[dimension] = axis.header
        proposed.fields[axis.header] = dimension
    proposed.columns = _people(labels)
    if not proposed.columns and len(table.columns) == 1 and all(axis.header for axis in table.side):
        proposed.shape = "long"
        proposed.fields[table.headers()[0]] = "value"
        kinds = [k for k in view.where if infer(table.side[k], "") in ((STATISTIC,), ())]
        if kinds:
            said = " ".join(str(view.where[k][0]) for k in kinds)
            proposed.unit, proposed.adds_up, _ = unit_of(said, "", _numbers(table, 0), "")


def _numbers(table: Table, j: int) -> list[float]:
    return [v for v in table.cells(table.columns[j]).values if isinstance(v, float)]


def _corner(table: Table) -> str:
    """The words over the labels of a table with one column of them."""
    return table.side[0].header if len(table.side) == 1 else ""


def _shown_as(table: Table, j: int) -> str:
    """How a column is shown where its cells say so: as fractions under a format of percentages, or with the sign.

    Nobody can say it of a column of which some numbers are shown as percentages and others are not.
    """
    c = table.columns[j]
    if percentages := table.grid.percentages:
        numbers = [r for r in table.rows if isinstance(table.grid.at(r, c), float)]
        shown = sum((r, c) in percentages for r in numbers)
        if shown:
            return "fraction" if shown == len(numbers) else NOT_UNDERSTOOD
    texts = [v for v in table.cells(c).values if isinstance(v, str) and any(map(str.isdigit, v))]
    percent = sum(text.rstrip().endswith("%") for text in texts)
    return "percentage" if texts and percent == len(texts) and not _numbers(table, j) else ""


def _measures(proposed: Proposal, labels: Labels) -> list[Measured]:
    """Header, unit, and whether parts add up, once a header: where columns are kinds of number and not groups."""
    table = proposed.table
    level = next((a for a, r in zip(table.top, labels.tops, strict=True) if STATISTIC in r.dimensions), None)
    said: Sequence[Cell] = level.labels if level is not None else table.headers()
    around = _around(table)
    found: dict[str, Measured] = {}
    for j, label in enumerate(said):
        header = "" if label is None else " ".join(clean_label(str(label)).text.split())
        # because a heading that may name a group is no measure
        if header and header not in found and not labels.column(j).refused:
            found[header] = Measured(
                header, *unit_of(header, around, _numbers(table, j), _shown_as(table, j), _corner(table))
            )
    if proposed.shape == "long" and found:
        only = next(iter(found.values()))
        proposed.unit, proposed.adds_up, proposed.scale = only.unit, only.adds_up, only.scale
        return []
    return list(found.values())


def _unit(proposed: Proposal) -> None:
    """The unit of a table whose columns are all groups or periods."""
    table = proposed.table
    around = _around(table)
    headers = table.headers()
    # because a rate beside counts is no figure of the table, and says nothing of what the others are
    counting = [j for j, h in enumerate(headers) if not is_rate(h)] or range(len(headers))
    numbers = [n for j in counting for n in _numbers(table, j)]
    ways = {_shown_as(table, j) for j in counting}
    shown = ways.pop() if len(ways) == 1 else ""
    said = headers[0] if headers and len(counting) == len(headers) and is_rate(headers[0]) else ""
    proposed.unit, proposed.adds_up, proposed.scale = unit_of(said, around, numbers, shown, _corner(table))
