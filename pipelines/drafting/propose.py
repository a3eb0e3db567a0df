"""What a declaration of each table would say: how it is found, and what its labels and columns are.

What it makes true: the same reading of labels that the survey makes (`placing.infer`) names the dimensions, so a
draft and a survey of one file cannot disagree. A table is found again by its title, by its sheet where titles are
shared, by its headers where it has no title.

What it refuses: to name a measure or a population. A column that no dimension fits is `ignored`; where rows then
say the same twice, the draft says which rows of it are wanted (its total) or that they are summed, and why.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor.vocabulary import ImpossiblePeriod, Meaning, clean_label, parse_period, periods_in
from pipelines.labels import candidates, infer, is_rate
from pipelines.reading.grid import Cell, Grid
from pipelines.shape import Axis, Table, tables
from pipelines.tidy.task import IGNORED, plain

STATISTIC = "statistic"
"""The vocabulary's dimension for what kind of number a label stands over."""
LONGEST_NAME = 60
"""A table's id is no longer than this."""
_PLACE = re.compile(r"[EWKNSJ]\d{8}\Z")
_WHEN = re.compile(r"\b(?:date|day|month|quarter|year|period|time)\b", re.I)
_UP_TO_PERIOD = re.compile(
    r"[;(]|,? year ending|,? (?:as )?at \d{1,2} \w+|,? \d{1,2} \w+ (?:19|20)\d\d|,? (?:19|20)\d\d"
)


@dataclass
class Proposal:
    """One table as a declaration would name it. Field names are those of a declared table."""

    id: str
    table: Table
    title: str = ""
    sheet: str = ""
    shape: Literal["crosstab", "long"] = "crosstab"
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    statistics: list[tuple[str, str, bool]] = field(default_factory=list)
    """Header, unit, and whether its parts add up, where columns hold different measures."""
    where: dict[str, list[str]] = field(default_factory=dict)
    sum_over: tuple[str, ...] = ()
    period: str | None = None
    is_flow: bool = True


def propose(grids: Sequence[Grid]) -> list[Proposal]:
    """Every table the grids hold, each under a name of its own, found by words that no other table has."""
    shaped = [table for grid in grids for table in tables(grid)]
    used: set[str] = set()
    return [_proposal(table, shaped, used) for table in shaped]


def slug(text: str) -> str:
    """A text as an id: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _proposal(table: Table, shaped: Sequence[Table], used: set[str]) -> Proposal:
    title, sheet = _found_by(table, shaped)
    named = re.sub(r"\.\w{2,4}\Z", "", title or table.grid.sheet)
    proposed = Proposal(_unused(slug(named)[:LONGEST_NAME].strip("-") or "table", used), table, title, sheet)
    around = table.title if table.title == table.grid.sheet else f"{table.title} | {table.grid.sheet}"
    if len(table.side) > 1:
        _records(proposed, around)
    else:
        proposed.rows = _people(infer(table.side[0], around)) if table.side else ()
        proposed.columns = _people(d for axis in table.top for d in infer(axis, around))
        _measures(proposed, around)
        if proposed.rows == () and proposed.columns == ():
            proposed.columns = ("period",)
    named_dimensions = (*proposed.rows, *proposed.columns, *proposed.fields.values())
    stated = periods_in(table.title) or periods_in(table.grid.sheet)
    if "period" not in named_dimensions:
        proposed.period = stated[-1].label if stated else ""
    if stated:
        proposed.is_flow = stated[-1].start is not None and stated[-1].start != stated[-1].end
    return proposed


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


def _records(proposed: Proposal, around: str) -> None:
    """A table with several columns of labels: each column is a field, and its numbers are one measure or several."""
    table = proposed.table
    for axis in table.side:
        if axis.header:
            proposed.fields[axis.header] = _field(axis, around)
    proposed.columns = _people(d for axis in table.top for d in infer(axis, around))
    if proposed.columns:
        _measures(proposed, around)
    elif len(table.columns) == 1:
        proposed.shape = "long"
        proposed.fields[_headers(table)[0]] = "value"
        _told_apart(proposed)
    else:
        proposed.statistics = _different(table, _headers(table))


def _people(dimensions: Iterable[str]) -> tuple[str, ...]:
    """Dimensions once each, without kinds of number: those are different measures, not groups of people."""
    return tuple(dict.fromkeys(d for d in dimensions if d != STATISTIC))


def _headers(table: Table) -> list[str]:
    return [" ".join(str(a.labels[j]) for a in table.top if a.labels[j] is not None) for j in range(len(table.columns))]


def _measures(proposed: Proposal, around: str) -> None:
    """Where a header level names kinds of number (Number, Per cent, Rate), each is a measure of its own."""
    table = proposed.table
    level = next((a for a in table.top if STATISTIC in infer(a, around)), None)
    if level is not None:
        proposed.statistics = _different(table, ["" if v is None else str(v) for v in level.labels])


def _different(table: Table, headers: Sequence[str]) -> list[tuple[str, str, bool]]:
    """Header, unit and whether parts add up, once a header: rates and fractions do not."""
    found: dict[str, tuple[str, str, bool]] = {}
    for label, column in zip(headers, table.columns, strict=True):
        header = " ".join(clean_label(label).text.split())
        if header and header not in found:
            numbers = [n for r in table.rows if isinstance(n := table.grid.at(r, column), float)]
            adds_up = not is_rate(header) and all(n.is_integer() for n in numbers)
            found[header] = (header, "people" if adds_up else "UNIT", adds_up)
    return list(found.values())


def _field(axis: Axis, around: str) -> str:
    """What a column of labels says: a place, the one dimension it names, or nothing."""
    said = [str(v) for v in dict.fromkeys(axis.labels) if v is not None]
    if said and all(_PLACE.match(v) for v in said):
        return "place"
    found = infer(axis, around)
    if not found and _WHEN.search(axis.header) and said and all(_dates(v) for v in said):
        return "period"
    return found[0] if found and (found[0] != STATISTIC or len(said) > 1) else IGNORED


def _dates(text: str) -> bool:
    """Whether a label is a period once the edition has said which year: "Q3", "April to June"."""
    try:
        return parse_period(text, "2000") is not None
    except ImpossiblePeriod:
        return True


def _told_apart(proposed: Proposal) -> None:
    """Where the columns kept do not tell rows apart: keep the totals of the others, or sum over them."""
    side = {a.header: a for a in proposed.table.side}
    kept = [side[h] for h, d in proposed.fields.items() if h in side and d != IGNORED]
    left_out = [side[h] for h, d in proposed.fields.items() if h in side and d == IGNORED]
    rows = range(len(proposed.table.rows))
    if not _repeats(kept, rows):
        return
    for axis in left_out:
        total = next((v for v in dict.fromkeys(axis.labels) if _is_total(v)), None)
        if total is not None:
            proposed.where[axis.header] = [str(total)]
            rows = [i for i in rows if axis.labels[i] == total]  # type: ignore[assignment]
    if _repeats(kept, rows):
        wanted = [proposed.fields[a.header] for a in kept]
        proposed.sum_over = tuple(d for d in dict.fromkeys(wanted) if d not in ("period", "place"))


def _repeats(kept: Sequence[Axis], rows: Sequence[int]) -> bool:
    keys = [tuple(axis.labels[i] for axis in kept) for i in rows]
    return len(set(keys)) < len(keys)


def _is_total(cell: Cell) -> bool:
    found: list[Meaning] = [] if cell is None else candidates(cell, None, None, False)
    return bool(found) and all(m.kind == "total" for m in found)
