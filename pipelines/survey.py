"""What a file is broken down by, asked of the file itself, with no declaration."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import Any, Literal

import numpy as np
import polars as pl

from monitor.store.schema import frame_schema
from monitor.vocabulary import (
    CHARACTERISTICS,
    ImpossiblePeriod,
    Meaning,
    best_classification,
    clean_label,
    decimal_mark,
    find_symbol,
    ordered,
    parse_age,
    parse_period,
    periods_in,
    read_value,
)
from pipelines.account import Account, FileAccount, SheetAccount, Understood
from pipelines.account import account as accounted
from pipelines.answers import UNCLEAR, LeftUnread, Naming, Unclear, answers
from pipelines.labels import (
    AS_PUBLISHED,
    PLACE,
    STATISTIC,
    View,
    drawn,
    is_rate,
    left_unread,
    names_in,
    naming,
    read_labels,
    scope_of,
    text_of,
    understood_by,
    views,
)
from pipelines.reading.grid import Column, Grid
from pipelines.shape import Sheet, Table, is_value

_NAMED = tuple(c.id for c in CHARACTERISTICS)
GYPSY_ROMA_TRAVELLER = {"Gypsy or Irish Traveller", "Gypsy or Roma", "Irish Traveller", "Roma"}
"""Ethnic groups whose own row makes the breakdown "Gypsy, Roma and Traveller" present too."""
LONG = 3
"""Columns of labels from which a table is a list of records, whose columns of numbers are different measures."""


@dataclass
class Characteristic:
    """One characteristic of one table: its categories as published and harmonised, and what is not known.

    `unknown_share_before` is the share about a year before the latest period, where the table prints that too.
    """

    categories: list[str]
    classification: str | None = None
    unknown_share: float | None = None
    suppressed_share: float | None = None
    cells: tuple[str, ...] = ()
    unknown_share_before: float | None = field(default=None, compare=False)


@dataclass
class Surveyed:
    """One table of one sheet, and what it is broken down by.

    `across` are characteristics that sheets alike but for their group divide people by: each table then has one
    group in `scope`, and all of them together a breakdown. `headings` are the words over its numbers, periods left
    out, one for each column; `places` its areas or establishments: what the register tells a change of layout and of
    coverage by. A transcription does not hold these two.
    """

    sheet: str
    position: int
    title: str
    first_period: dt.date | None = None
    last_period: dt.date | None = None
    characteristics: dict[str, Characteristic] = field(default_factory=dict)
    crossed: list[list[str]] = field(default_factory=list)
    scope: dict[str, str] = field(default_factory=dict)
    across: dict[str, Characteristic] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list, compare=False)
    places: list[str] = field(default_factory=list, compare=False)
    account: Account | None = field(default=None, compare=False)


@dataclass
class Survey:
    """What a file is broken down by: its tables, the three answers, what left them open, the account of its cells.

    `empty` are the sheets without a table, as tables of position -1 that hold nothing but their account; `file` says
    what became of every cell of every sheet, where it was read here and not transcribed.
    """

    tables: list[Surveyed]
    unclear: list[Unclear] = field(default_factory=list)
    characteristics: dict[str, str] = field(default_factory=dict)
    empty: list[Surveyed] = field(default_factory=list)
    file: FileAccount | None = None

    @property
    def account(self) -> Account:
        """What became of every filled cell of the file."""
        return sum((t.account for t in (*self.tables, *self.empty) if t.account is not None), Account())


def survey(grids: Sequence[Grid], symbols: str = "default") -> Survey:
    """Every table of every grid, with what it is broken down by; and what was not understood."""
    sheets = [drawn(grid) for grid in grids]
    found: list[tuple[Table, Surveyed]] = []
    empty: list[Surveyed] = []
    understood: dict[int, Understood] = {}
    named: list[Naming] = []
    unread: list[LeftUnread] = []
    for each in sheets:
        position = 0
        for table in each.tables:
            # because lists told apart by a column of names of characteristics are the margins of one table
            margins = any(naming(axis) is not None for axis in table.side)
            parts = [(v, _Survey(v.table, symbols)) for v in ([View(table)] if margins else views(table))]
            understood[id(table)] = understood_by(table, [part.labels for _, part in parts])
            for _, part in parts:
                answer = part.answer()
                answer.position = position
                position += 1
                found.append((part.table, answer))
            unread += [u for _, part in parts for u in left_unread(part.labels)]
        named += names_in(each)
    file = accounted(sheets, understood)
    for each, account in zip(sheets, file.sheets, strict=True):
        mine = [answer for table, answer in found if table.grid.sheet == each.grid.sheet and answer.account is None]
        _put_accounts(mine, each, account, empty)
        for u in each.unread:
            kind: Literal["stray", "figures"] = "stray" if each.tables and u.is_stray else "figures"
            unread.append(LeftUnread(kind, f"{u.what}: {u.why}", u.sheet, u.cells))
        unread += [
            LeftUnread("member", f"{name} was not opened", each.grid.sheet, (name,)) for name in each.grid.unopened
        ]
    _compare_sheets(found)
    answered = [answer for _, answer in found]
    said, unclear = answers(answered, named, unread)
    return Survey(answered, unclear, said, empty, file)


def _put_accounts(mine: Sequence[Surveyed], each: Sheet, account: SheetAccount, empty: list[Surveyed]) -> None:
    """Give the first table of a sheet the account of it, so that accounts add up to the file."""
    if not mine:
        empty.append(Surveyed(each.grid.sheet, -1, "", account=account.account))
        return
    for answer in mine:
        answer.account = Account()
    mine[0].account = account.account


class _Survey:
    """One table asked what it is broken down by."""

    def __init__(self, table: Table, symbols: str) -> None:
        self.table = table
        self.symbols = symbols
        self.is_csv = table.grid.sheet.lower().endswith(".csv")
        self.labels = read_labels(table, people_only=True)
        self.rows, self.row_states = self.labels.row_at, self.labels.rows
        self.columns, self.column_states = self.labels.column_at, self.labels.columns
        periods = [self.column_states[k].period for k in self.columns]
        self.column_ends = [period.end if period else dt.date.min for period in periods]
        self.decimal = decimal_mark(table.texts()) or "."
        self._count()

    def _count(self) -> None:
        """Sums, numbers, cells, suppressed cells and cells without a number for each state of rows and each column."""
        table, kinds = self.table, len(self.row_states)
        at = np.asarray(self.rows, dtype=np.int64)
        counted = np.zeros((5, len(table.columns), kinds))
        filled = np.zeros(len(table.rows), dtype=bool)
        for j, c in enumerate(table.columns):
            column = table.cells(c)
            said = self._said(column)
            filled |= said[2, column.codes] > 0
            for k, weights in enumerate(said):
                counted[k, j] = np.bincount(at, weights[column.codes], kinds)
        self.counted = counted
        self.sums = counted[0].T.tolist()
        self.numbers, self.cells, self.suppressed = counted[1:4].astype(int).transpose(0, 2, 1).tolist()
        stand = np.flatnonzero(filled)
        states = list(zip(at[stand].tolist(), np.asarray(table.rows)[stand].tolist(), strict=True))
        self.last_row, self.first_row = dict(states), dict(reversed(states))

    def _said(self, column: Column) -> np.ndarray:
        """For each different cell its number, whether it is one, is filled; if not all are numbers, is suppressed, has
        none.
        """
        cells, numbers = column.values, column.numbers
        if numbers is not None:
            return np.stack([np.nan_to_num(numbers), ~np.isnan(numbers), ~np.isnan(numbers)])
        said = np.zeros((5, len(cells)))
        said[0] = [cell if type(cell) is float else 0.0 for cell in cells]
        said[1:3] = [type(cell) is float for cell in cells]
        for k, cell in enumerate(cells):
            if type(cell) is not float and cell is not None:
                text = str(cell)
                number = self._number(text)
                if number is not None:
                    said[:3, k] = number, True, True
                else:
                    said[2:, k] = True, self._is_suppressed(text), self._is_missing(text)
        return said

    def _number(self, text: str) -> float | None:
        """The number that a text says, with its marks; None where it says none."""
        value = read_value(text, self.symbols, self.decimal)
        return value.value if value is not None else None

    def _is_suppressed(self, text: str) -> bool:
        """Whether a mark stands for a number that is withheld; words and codes in a column of numbers are none."""
        symbol = find_symbol(self.symbols, text)
        if symbol is None and is_value(text):
            value = read_value(text, self.symbols)
            return value is not None and value.status == "suppressed"
        return symbol is not None and symbol.status == "suppressed"

    def _is_missing(self, text: str) -> bool:
        """Whether a cell has no number at all: words, or a mark for not available, applicable or collected."""
        symbol = find_symbol(self.symbols, text)
        if symbol is None:
            return not is_value(text)
        return symbol.status in ("not_available", "not_applicable", "not_collected")

    def answer(self) -> Surveyed:
        """Characteristics, what is crossed with what, scope and periods."""
        table = self.table
        out = Surveyed(table.grid.sheet, table.position, table.title)
        self.pairs = self._pairs()
        self._periods(out)
        self._characteristics(out)
        out.headings, out.places = self._headings(), self._places()
        out.crossed = self._crossed([d for d in _NAMED if d in out.characteristics])
        for d, category in scope_of(table, out.characteristics).items():
            out.scope.setdefault(d, category)
        return out

    def _headings(self) -> list[str]:
        """The words over each column of numbers, in every header level, without periods."""
        said = []
        for j in range(len(self.table.columns)):
            over = [text_of(c) for axis in self.table.top if (c := axis.labels[j]) is not None]
            words = [clean_label(text).text.casefold() for text in over if not _is_period(text)]
            if words:
                said.append(" | ".join(words))
        return said[:MOST_NAMED]

    def _places(self) -> list[str]:
        """Labels of an axis whose heading, or else whose title, speaks of areas or establishments."""
        for axis, reading in zip(self.table.side, self.labels.sides, strict=True):
            if reading is None:
                continue
            of_people = set(reading.dimensions) - {"period", PLACE, AS_PUBLISHED}
            if of_people or not _PLACES.search(axis.header or self.table.title):
                continue
            found = dict.fromkeys(clean_label(c).text for c in axis.labels if isinstance(c, str))
            if (axis.header and _PLACES.search(axis.header)) or len(found) > 10:
                return sorted(found)[:MOST_NAMED]
        return []

    def _pairs(self) -> list["_Pair"]:
        """Every state of rows with all columns that say the same but for their period, where both hold a cell."""
        groups: dict[tuple[Any, ...], list[int]] = {}
        for j, at in enumerate(self.columns):
            state = self.column_states[at]
            key = (state.unread, *((d, p.meaning) for d, p in state.scope.items()))
            groups.setdefault(key, []).append(j)
        for columns in groups.values():
            columns.sort(key=self._column_end, reverse=True)
        counts = self.counted[1] > 0
        counts[list(self._rates)] = False
        self.counts = counts.T.tolist()
        pairs = []
        counted = [self.counted[2:, columns].sum(axis=1).astype(int).T.tolist() for columns in groups.values()]
        newest = [self._newest(columns, counts[columns]) for columns in groups.values()]
        for k, rows in enumerate(self.row_states):
            for columns, said, ends in zip(groups.values(), counted, newest, strict=True):
                cells, suppressed, without = said[k]
                if cells:
                    state = self.column_states[self.columns[columns[0]]]
                    scope = {d: p.meaning for d, p in {**rows.scope, **state.scope}.items()}
                    unread = rows.unread + state.unread
                    pairs.append(_Pair(k, columns, scope, unread, cells, suppressed, cells > without, ends[k]))
        return pairs

    def _newest(self, columns: Sequence[int], counts: np.ndarray) -> list[dt.date | None]:
        """For each state of rows the end of the latest period of which these columns, latest first, have a number."""
        first = counts.argmax(axis=0).tolist()
        ends = [max(self._row_end(k), self._column_end(columns[j])) for k, j in enumerate(first)]
        return [end if has else None for end, has in zip(ends, np.any(counts, axis=0), strict=True)]

    def _periods(self, out: Surveyed) -> None:
        ends = {s.period.end for k, s in enumerate(self.row_states) if s.period is not None and k in self.last_row}
        for j, at in enumerate(self.columns):
            period = self.column_states[at].period
            if period is not None and any(cells[j] for cells in self.cells):
                ends.add(period.end)
        ends = ends or {day for p in periods_in(self.table.title) for day in (p.first_end or p.end, p.end)}
        if ends:
            out.first_period, out.last_period = min(ends), max(ends)

    def _characteristics(self, out: Surveyed) -> None:
        kinds: dict[str, dict[str, str]] = {}
        covered: dict[str, int] = {}
        told = {(d, m.category) for pair in self.pairs if pair.told for d, m in pair.scope.items()}
        for pair in self.pairs:
            for d, meaning in pair.scope.items():
                if d in _NAMED and (d, meaning.category) in told:
                    kinds.setdefault(d, {})[meaning.category] = meaning.kind
                    covered[d] = covered.get(d, 0) + (meaning.kind == "group")
        readings = [r for r in (*self.labels.sides, *self.labels.tops) if r is not None]
        raw = {d: words for reading in readings for d, words in reading.as_published.items()}
        for d in _NAMED:
            categories = kinds.get(d, {})
            groups = [c for c, kind in categories.items() if kind == "group"]
            if len(groups) == 1 and covered[d] == len(self.pairs) and d not in raw:
                out.scope[d] = groups[0]
            if len(groups) < 2:
                if d in raw:
                    out.characteristics[d] = Characteristic(
                        [*raw[d], *(c for c, k in categories.items() if k != "total")]
                    )
                continue
            named = ordered(d, [c for c, kind in categories.items() if kind != "total"])
            code, _ = best_classification(d, groups)
            share, suppressed, cells, before = self._shares(d)
            out.characteristics[d] = Characteristic(named, code, share, suppressed, cells, before)
        ethnic = out.characteristics.get("ethnicity")
        if ethnic is not None and "gypsy_roma_traveller" not in out.characteristics:
            own = GYPSY_ROMA_TRAVELLER & set(ethnic.categories)
            own |= {c for c, kind in kinds.get("gypsy_roma_traveller", {}).items() if kind == "group"}
            if own:
                out.characteristics["gypsy_roma_traveller"] = Characteristic(
                    sorted(own), None, ethnic.unknown_share, ethnic.suppressed_share, ethnic.cells
                )

    def _crossed(self, present: list[str]) -> list[list[str]]:
        """Which characteristics vary within one another: a group of each in force over the same cell."""
        wanted = set(present)
        alike = {tuple([d for d, m in p.scope.items() if m.kind == "group" and d in wanted]) for p in self.pairs}
        together = {frozenset(t) for t in alike if len(t) > 1}
        largest = [t for t in together if not any(t < other for other in together)]
        return sorted([[d for d in present if d in t] for t in largest])

    def _shares(self, d: str) -> tuple[float | None, float | None, tuple[str, ...], float | None]:
        """Share unknown at the latest period where all else is "all"; share of the breakdown's cells suppressed; where
        they stand; share unknown a year before.
        """
        pairs = [p for p in self.pairs if d in p.scope and p.scope[d].kind != "total"]
        cells = sum(p.cells for p in pairs)
        if not cells:
            return None, None, (), None
        grid, at = self.table.grid, self.table.columns
        near = sorted({j for columns in {id(p.columns): p.columns for p in pairs}.values() for j in columns})
        first, last = (
            next(j for j in order if any(self.cells[p.row][j] for p in pairs)) for order in (near, near[::-1])
        )
        corner = grid.address(min(self.first_row[p.row] for p in pairs), at[first])
        end = grid.address(max(self.last_row[p.row] for p in pairs), at[last])
        share = _unknown_share(d, self._latest(d, pairs))
        before = _unknown_share(d, self._year_before(d, pairs)) if share is not None else None
        return share, sum(p.suppressed for p in pairs) / cells, (f"{corner}:{end}",), before

    def _year_before(self, d: str, pairs: Sequence["_Pair"]) -> list[tuple[Meaning, float]]:
        """As `_latest`, about a year before the latest period; nothing where the table does not go back so far."""
        latest = max((p.newest for p in pairs if p.newest), default=dt.date.min)
        at: dict[dt.date, list[tuple[_Pair, int]]] = {}
        then: dict[tuple[int, dt.date], list[tuple[dt.date, int]]] = {}
        for p in pairs:
            row, counts = self._row_end(p.row), self.counts[p.row]
            if (alike := (id(p.columns), row)) not in then:
                ends = ((max(self.column_ends[j], row), j) for j in p.columns)
                then[alike] = [(end, j) for end, j in ends if 300 <= (latest - end).days <= 430]
            for end, j in then[alike]:
                if counts[j]:
                    at.setdefault(end, []).append((p, j))
        found = at[max(at)] if at else []
        fewest = min((p.others(d) for p, _ in found), default=0)
        return [(p.scope[d], self.sums[p.row][j]) for p, j in found if p.others(d) == fewest]

    def _latest(self, d: str, pairs: Sequence["_Pair"]) -> list[tuple[Meaning, float]]:
        """Meanings of one dimension with their numbers, where the period is the latest and other labels say least."""
        latest = max((p.newest for p in pairs if p.newest), default=None)
        if latest is None:
            return []
        now = [p for p in pairs if p.newest == latest]
        fewest = min(p.others(d) for p in now)
        for p in pairs:
            if p.scope[d].kind == "unknown" and p.others(d) == fewest and self._is_hidden(p, latest):
                return []  # because a suppressed number of unknown people is not none
        return [
            (p.scope[d], self.sums[p.row][j])
            for p in now
            if p.others(d) == fewest
            for j in self._columns_at(p, latest)
            if self.counts[p.row][j]
        ]

    def _row_end(self, k: int) -> dt.date:
        period = self.row_states[k].period
        return period.end if period else dt.date.min

    def _column_end(self, j: int) -> dt.date:
        return self.column_ends[j]

    def _columns_at(self, p: "_Pair", latest: dt.date) -> Iterable[int]:
        """The columns of a state whose cells are of the latest period; columns stand latest first."""
        row = self._row_end(p.row)
        if row == latest:
            return p.columns
        return takewhile(lambda j: self._column_end(j) == latest, p.columns)

    def _is_hidden(self, p: "_Pair", latest: dt.date) -> bool:
        """Whether all cells of a state at the latest period are suppressed."""
        now = [j for j in self._columns_at(p, latest) if self.cells[p.row][j]]
        return bool(now) and all(self.suppressed[p.row][j] == self.cells[p.row][j] for j in now)

    @cached_property
    def _rates(self) -> set[int]:
        """Columns that hold percentages, rates or tests, and of a list of records all but its first of counts."""
        labels = self.table.headers()
        rates = {j for j, label in enumerate(labels) if is_rate(label)}
        if len(rates) == len(labels):
            return set()
        if len(self.table.side) >= LONG and not any(s.scope or s.period for s in self.column_states):
            first = next(j for j in range(len(labels)) if j not in rates)
            return set(range(len(labels))) - {first}
        return rates


@dataclass
class _Pair:
    """A state of rows and columns that say the same: what is in force over their cells.

    `told` is false where every cell only says that there is no number ("not available"); `newest` ends the latest
    period of which there is one.
    """

    row: int
    columns: list[int]
    scope: Mapping[str, Meaning]
    unread: int
    cells: int
    suppressed: int
    told: bool
    newest: dt.date | None = None

    def __post_init__(self) -> None:
        said = sum(m.kind != "total" for x, m in self.scope.items() if x != STATISTIC)
        statistic = self.scope.get(STATISTIC)
        is_rate = statistic is not None and statistic.kind == "group" and statistic.category != "number"
        self._said = said + self.unread + 100 * is_rate

    def others(self, d: str) -> int:
        """How much else than one of its dimensions the labels say: groups of others, and words nobody could read."""
        return self._said - (self.scope[d].kind != "total")


_PLACES = re.compile(
    r"\b(?:establishments?|prisons?(?! population)|police forces?|forces?|areas?|regions?|courts?|local authorit\w+"
    r"|boroughs?|districts?|providers?|youth (?:justice|offending) (?:services?|teams?))\b",
    re.I,
)
"""Words of a heading over areas or establishments."""
MOST_NAMED = 1000
"""How many headings or places of one table are kept at most."""


def _is_period(text: str) -> bool:
    try:
        return parse_period(text) is not None
    except ImpossiblePeriod:
        return True


def _unknown_share(d: str, found: Sequence[tuple[Meaning, float]]) -> float | None:
    """Unknown of known and unknown; groups inside another one of the list are not counted again."""
    names = {m.category for m, _ in found}
    inner = _inside_another(names) if d == "age" else frozenset()
    known = sum(n for m, n in found if m.kind == "group" and m.parent not in names and m.category not in inner)
    unknown = sum(n for m, n in found if m.kind == "unknown" and m.parent not in names)
    return unknown / (known + unknown) if known + unknown else None


def _inside_another(names: Iterable[str]) -> frozenset[str]:
    """Age bands that are part of another one in the list, which would be counted twice."""
    bands = {n: b for n in names if (b := parse_age(n, bare=True)) is not None}
    ends = {n: (b.low, 999 if b.high is None else b.high) for n, b in bands.items()}
    return frozenset(
        n for n, (low, high) in ends.items() if any(m != n and a <= low and high <= z for m, (a, z) in ends.items())
    )


def _compare_sheets(found: Sequence[tuple[Table, Surveyed]]) -> None:
    """Say of tables alike but for one group in their scope that together they are a breakdown."""
    alike: dict[tuple[Any, ...], list[Surveyed]] = {}
    for table, answer in found:
        if answer.scope:
            shape = (
                tuple(tuple(axis.labels) for axis in table.top),
                tuple(axis.header for axis in table.side),
                tuple(sorted(answer.characteristics)),
            )
            for d in answer.scope:
                alike.setdefault((d, *shape), []).append(answer)
    for (d, *_), several in alike.items():
        groups = {answer.scope[d] for answer in several}
        if len(groups) < 2 or len({a.sheet for a in several}) < 2:
            continue
        whole = Characteristic(ordered(d, groups), best_classification(d, groups)[0])
        for answer in several:
            answer.across[d] = whole


def frames(surveyed: Survey) -> dict[str, pl.DataFrame]:
    """The survey as the store keeps it: every table and every breakdown, what is unclear; empty sheets count too."""
    tables_ = [
        {
            "sheet": t.sheet,
            "position": t.position,
            "title": t.title,
            "first_period": t.first_period,
            "last_period": t.last_period,
            "crossed": json.dumps(t.crossed),
            "scope": json.dumps(t.scope, sort_keys=True),
            "headings": t.headings,
            "places": t.places,
            "account": json.dumps(asdict(t.account)) if t.account else None,
        }
        for t in (*surveyed.tables, *surveyed.empty)
    ]
    breakdowns = [
        {
            "sheet": t.sheet,
            "position": t.position,
            "characteristic": d,
            "classification": c.classification,
            "categories": c.categories,
            "unknown_share": c.unknown_share,
            "suppressed_share": c.suppressed_share,
            "cells": list(c.cells),
            "unknown_share_before": c.unknown_share_before,
        }
        for t in surveyed.tables
        for d, c in (*t.characteristics.items(), *t.across.items())
    ]
    unclear = [asdict(u) | {"cells": list(u.cells)} for u in surveyed.unclear]
    keys = ("publication", "edition_id", "artefact_sha256")
    return {
        name: pl.DataFrame(
            [_complete(r, name) for r in rows],
            schema={k: v for k, v in frame_schema(name).items() if k not in keys},
        )
        for name, rows in (("surveyed_table", tables_), ("breakdown", breakdowns), ("unclear", unclear))
    }


def _complete(row: dict[str, Any], table: str) -> dict[str, Any]:
    return {name: row.get(name) for name in frame_schema(table)}


def document(sha256: str, surveyed: Survey) -> dict[str, Any]:
    """The survey as one JSON document for other programs."""
    left_open = [u for u in surveyed.unclear if surveyed.characteristics[u.characteristic] == UNCLEAR]
    return {
        "sha256": sha256,
        "tables": [
            {
                "sheet": t.sheet,
                "title": t.title,
                "first_period": t.first_period.isoformat() if t.first_period else None,
                "last_period": t.last_period.isoformat() if t.last_period else None,
                "characteristics": {
                    d: {
                        "classification": c.classification,
                        "categories": c.categories,
                        "unknown_share": c.unknown_share,
                        "suppressed_share": c.suppressed_share,
                    }
                    for d, c in t.characteristics.items()
                },
                "crossed": t.crossed,
                "scope": t.scope,
                "across_sheets": {d: c.categories for d, c in t.across.items()},
                "account": asdict(t.account) if t.account else None,
            }
            for t in surveyed.tables
        ],
        "characteristics": surveyed.characteristics,
        "unclear": [asdict(u) for u in left_open],
        "account": asdict(surveyed.account),
        "unread": [each.document() for each in surveyed.file.unread] if surveyed.file else [],
    }
