"""A sheet that was read, changed in one way as publishers and spreadsheet programs change sheets.

Every cell carries where it stood (`at`), through any change, so that what a cell is of is known after it has moved.
A change says which evidence it leaves in the sheet against another reading: a sum, a type, an order, a word; a change
that leaves none makes a sound sheet that says something else, and nobody could tell.
"""

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any, TypeGuard

from monitor.vocabulary import CHARACTERISTICS
from pipelines.reading.grid import Cell, Grid
from pipelines.shape import Table, tables

Place = tuple[int, int]
Rows = list[list[Cell]]


class Word(str):
    """A text that knows where it stood."""

    at: Place


class Number(float):
    """A number that knows where it stood."""

    at: Place


class Day(dt.date):
    """A date that knows where it stood."""

    at: Place


def marked(grid: Grid) -> Rows:
    """The rows with every cell knowing where it stands."""
    return [[_at(cell, (r, c)) for c, cell in enumerate(row)] for r, row in enumerate(grid.rows)]


def _at(cell: Any, place: Place | None) -> Any:
    if cell is None or place is None:
        return cell
    if isinstance(cell, dt.date):
        made: Any = Day(cell.year, cell.month, cell.day)
    else:
        made = Number(cell) if isinstance(cell, float) else Word(cell)
    made.at = place
    return made


def origin(cell: Cell) -> Place | None:
    """Where a cell stood; None for one that was not there."""
    return getattr(cell, "at", None)


def plain(rows: Rows) -> Rows:
    """Cells as a reader of files gives them."""
    return [[_plain(cell) for cell in row] for row in rows]


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, Day):
        return dt.date(cell.year, cell.month, cell.day)
    return float(cell) if isinstance(cell, Number) else str(cell) if isinstance(cell, Word) else cell


@dataclass
class Sheet:
    """A sheet that was read: its cells, its tables, and the cells of which a figure is known."""

    grid: Grid
    known: Mapping[Place, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def tables(self) -> list[Table]:
        """Its tables, in their places."""
        return tables(replace(self.grid, rows=list(self.grid.rows)))

    def rows(self) -> Rows:
        """Its cells, to be changed."""
        return marked(self.grid)

    def numbers(self) -> list[Place]:
        """Cells of which a figure is known and that hold a number."""
        return sorted(p for p in self.known if isinstance(self.grid.at(*p), float))

    def beside(self) -> list[Place]:
        """Labels down the sides of its tables."""
        return [
            (r, c)
            for t in self.tables
            for axis in t.side
            for r in t.rows
            for c in axis.columns
            if self.grid.at(r, c) is not None
        ]

    def over(self, lowest: bool) -> list[Place]:
        """Labels across the tops of its tables, of the lowest level or of those above it."""
        return [
            (r, c)
            for t in self.tables
            for r in (t.header_rows[-1:] if lowest else t.header_rows[:-1])
            for c in t.columns
            if self.grid.at(r, c) is not None
        ]

    def blocks(self) -> list[Place]:
        """Labels without values, which scope what is under them."""
        return [
            (t.rows[i], c)
            for t in self.tables
            for i in sorted(t.blocks)
            for c in t.side[0].columns
            if self.grid.at(t.rows[i], c) is not None
        ]


@dataclass
class Changed:
    """A changed sheet. `evidence` is what in the sheet speaks against another reading; empty where nothing does.

    `words` are labels that were not there and may be kept as published. `shown` says what cells that hold something
    else now say, by where they stand: a value, or None for no value. `sums` are new cells, with those they sum.
    `undated`: what only the title said may be lost; `emptied`: an empty category may be one that is not recorded;
    `cut`: groups were cut away, and their characteristic with them.
    """

    rows: Rows
    evidence: str = ""
    words: frozenset[str] = frozenset()
    shown: dict[Place, float | None] = field(default_factory=dict)
    sums: dict[Place, list[Place]] = field(default_factory=dict)
    undated: bool = False
    emptied: bool = False
    cut: bool = False


Change = Callable[[Sheet, random.Random], Changed | None]
CHANGES: list[Change] = []


def change(made: Change) -> Change:
    """A kind of change."""
    CHANGES.append(made)
    return made


def _put(sheet: Sheet, place: Place, cell: Cell, *, moved: bool = False) -> Rows:
    rows = sheet.rows()
    _write(rows, place, _at(cell, place) if moved else cell)
    return rows


def _write(rows: Rows, place: Place, cell: Cell) -> None:
    row = rows[place[0]]
    row += [None] * (place[1] + 1 - len(row))
    row[place[1]] = cell


def _pick(chance: random.Random, places: Sequence[Place]) -> Place | None:
    return chance.choice(places) if places else None


def _is_word(cell: Cell) -> TypeGuard[str]:
    return isinstance(cell, str) and bool(re.search(r"[^\W\d_]{4,}", cell))


def _words(sheet: Sheet, places: Sequence[Place]) -> list[Place]:
    return [p for p in places if _is_word(sheet.grid.at(*p))]


def _labels(sheet: Sheet) -> list[Place]:
    return [*sheet.beside(), *sheet.over(lowest=True), *sheet.over(lowest=False)]


# --- labels that are lost, damaged or something else ------------------------------------------------------------------


@change
def damaged_word(sheet: Sheet, chance: random.Random) -> Changed | None:
    """Two letters of a word change places: `Blakc`."""
    place = _pick(chance, _words(sheet, _labels(sheet)))
    if place is None:
        return None
    text = str(sheet.grid.at(*place))
    spots = [k for m in re.finditer(r"[^\W\d_]{4,}", text) for k in range(m.start(), m.end() - 1)]
    spots = [k for k in spots if text[k].lower() != text[k + 1].lower()]
    if not spots:
        return None
    k = chance.choice(spots)
    made = text[:k] + text[k + 1] + text[k] + text[k + 2 :]
    return Changed(_put(sheet, place, made), "a word that is none", frozenset({made}))


@change
def label_that_says_nothing(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A label is a made-up word, or a mark."""
    place = _pick(chance, _labels(sheet))
    made = chance.choice(["Zzqx", "[x]", "..", "-", "*", "Category 4", "#REF!"])
    return place and Changed(_put(sheet, place, made), "a label that says nothing", frozenset({made}))


@change
def empty_label_beside(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A label beside numbers is empty."""
    places = [(r, c) for r, c in sheet.beside() if any((r, k) in sheet.known for t in sheet.tables for k in t.columns)]
    place = _pick(chance, places)
    others = place and any(c == place[1] and r != place[0] for r, c in places)
    return place and Changed(_put(sheet, place, None), "an empty label among others" if others else "")


@change
def empty_label_over(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A label over one column of numbers is empty."""
    place = _pick(chance, sheet.over(lowest=True))
    return place and Changed(_put(sheet, place, None), "an empty label among others")


@change
def empty_group_over(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A label over several columns is empty."""
    places = [p for p in sheet.over(lowest=False) if _columns_under(sheet, p)]
    place = _pick(chance, places)
    if place is None:
        return None
    table, columns = next((t, s) for t in sheet.tables if (s := _span(sheet, t, place)))
    before = [c for c in table.columns if c < columns[0]]
    low = table.header_rows[-1]
    said = {str(sheet.grid.at(low, c)) for c in before}
    twice = any(str(sheet.grid.at(low, c)) in said for c in columns)
    return Changed(_put(sheet, place, None), "labels that stand twice" if twice or not before else "")


def _columns_under(sheet: Sheet, place: Place) -> list[int]:
    return next((s for t in sheet.tables if (s := _span(sheet, t, place))), [])


def _span(sheet: Sheet, table: Table, place: Place) -> list[int]:
    r, c = place
    if r not in table.header_rows or c not in table.columns:
        return []
    later = [k for k in table.columns if k > c and sheet.grid.at(r, k) is not None]
    return [k for k in table.columns if c <= k < (later[0] if later else 10**6)]


@change
def empty_block(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A label that scopes the rows under it is empty."""
    place = _pick(chance, sheet.blocks())
    if place is None:
        return None
    table = next(t for t in sheet.tables if place[0] in t.rows)
    at = list(table.rows).index(place[0])
    above = {str(sheet.grid.at(r, place[1])) for r in list(table.rows)[:at]}
    under = [str(sheet.grid.at(r, place[1])) for r in list(table.rows)[at + 1 :][:3]]
    twice = bool(under) and all(label in above for label in under)
    return Changed(_put(sheet, place, None), "labels that stand twice" if twice else "")


@change
def label_as_date(sheet: Sheet, chance: random.Random) -> Changed | None:
    """An age band is the date that a spreadsheet program makes of it."""
    bands = [
        (p, m) for p in _labels(sheet) if (m := re.fullmatch(r"(\d\d?) ?(?:-|to) ?(\d\d)", str(sheet.grid.at(*p))))
    ]
    if not bands:
        return None
    place, match = chance.choice(bands)
    low, high = int(match[1]), int(match[2])
    if not 1 <= low <= 12:
        return None
    made = chance.choice([dt.date(2000 + high, low, 1), f"{dt.date(2000 + high, low, 1):%b-%y}"])
    return Changed(_put(sheet, place, made), "a date among ages", frozenset({str(made)}))


@change
def word_as_date(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A group's label is a date."""
    place = _pick(chance, [p for p in _words(sheet, _labels(sheet)) if not re.search(r"\d", str(sheet.grid.at(*p)))])
    return place and Changed(_put(sheet, place, dt.date(2014, 10, 1)), "a date among words", frozenset({"2014-10-01"}))


@change
def empty_total(sheet: Sheet, chance: random.Random) -> Changed | None:
    """The label of a total is empty: its numbers are the sums of the others'."""
    places = [p for p in _labels(sheet) if _is_total(sheet.grid.at(*p))]
    place = _pick(chance, places)
    return place and Changed(_put(sheet, place, None), "sums of the others")


@change
def exchanged_with_total(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A group and the total of its list have changed names: only sums show it, and only checks of sums say so."""
    found = [pair for pair in _pairs(sheet) if any(_is_total(sheet.grid.at(*p)) for p in pair)]
    return _exchanged(sheet, chance, found)


@change
def exchanged(sheet: Sheet, chance: random.Random) -> Changed | None:
    """Two groups of a list have changed names, which nothing in the sheet shows."""
    found = [pair for pair in _pairs(sheet) if not any(_is_total(sheet.grid.at(*p)) for p in pair)]
    return _exchanged(sheet, chance, found)


def _exchanged(sheet: Sheet, chance: random.Random, pairs: list[tuple[Place, Place]]) -> Changed | None:
    if not pairs:
        return None
    one, other = chance.choice(pairs)
    rows = _put(sheet, one, sheet.grid.at(*other))
    _write(rows, other, sheet.grid.at(*one))
    return Changed(rows)


def _is_total(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(re.match(r"(?:total|all)\b(?! other)", cell.strip(), re.I))


def _pairs(sheet: Sheet) -> list[tuple[Place, Place]]:
    found = []
    for t in sheet.tables:
        lines = [[(r, t.side[-1].columns[-1]) for r in t.rows if r not in _block_rows(t)]] if t.side else []
        lines += [[(r, c) for c in t.columns] for r in t.header_rows[-1:]]
        for line in lines:
            full = [p for p in line if sheet.grid.at(*p) is not None]
            pairs = pairwise(full)
            found += [(a, b) for a, b in pairs if sheet.grid.at(*a) != sheet.grid.at(*b)]
    return found


def _block_rows(table: Table) -> set[int]:
    return {table.rows[i] for i in table.blocks}


# --- headers and columns of categories --------------------------------------------------------------------------------


@change
def header_one_to_the_right(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A header stands one column to the right of its numbers."""
    return _moved_header(sheet, chance, lowest=True)


@change
def groups_one_to_the_right(sheet: Sheet, chance: random.Random) -> Changed | None:
    """The labels over several columns each stand one column to the right."""
    return _moved_header(sheet, chance, lowest=False)


def _moved_header(sheet: Sheet, chance: random.Random, lowest: bool) -> Changed | None:
    places = sheet.over(lowest=lowest)
    place = _pick(chance, places)
    if place is None:
        return None
    table = next(t for t in sheet.tables if place[0] in t.header_rows and place[1] in t.columns)
    first = min(c for r, c in places if r == place[0] and c in table.columns)
    rows = sheet.rows()
    rows[place[0]] = [*rows[place[0]][:first], None, *rows[place[0]][first:]]
    return Changed(rows, "numbers without a label, and a label over none" if lowest else "groups that do not line up")


@change
def header_gone(sheet: Sheet, chance: random.Random) -> Changed | None:
    """The lowest line of a header is empty."""
    place = _pick(chance, sheet.over(lowest=True))
    if place is None:
        return None
    rows = sheet.rows()
    rows[place[0]] = []
    return Changed(rows, "numbers without labels")


@change
def shuffled_header(sheet: Sheet, chance: random.Random) -> Changed | None:
    """The labels of a header in another order, over the same numbers: only a total among them would show."""
    place = _pick(chance, sheet.over(lowest=True))
    if place is None:
        return None
    line = [p for p in sheet.over(lowest=True) if p[0] == place[0]]
    rows = sheet.rows()
    for at, other in zip(line, chance.sample(line, len(line)), strict=True):
        _write(rows, at, sheet.grid.at(*other))
    return Changed(rows)


@change
def empty_column_of_categories(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A column of categories has its heading and nothing under it: its rows stand twice."""
    return _emptied(sheet, chance, 1.0, "rows that stand twice")


@change
def empty_categories(sheet: Sheet, chance: random.Random) -> Changed | None:
    """Some cells of a full column of categories are empty."""
    return _emptied(sheet, chance, 0.1, "empty labels among others")


def _emptied(sheet: Sheet, chance: random.Random, share: float, why: str) -> Changed | None:
    full = [
        (t, c)
        for t in sheet.tables
        if len(t.side) > 1
        for axis in t.side
        for c in axis.columns
        if all(sheet.grid.at(r, c) is not None for r in t.rows) and len({sheet.grid.at(r, c) for r in t.rows}) > 1
    ]
    if not full:
        return None
    table, column = chance.choice(full)
    rows = sheet.rows()
    for r in table.rows:
        if chance.random() < share:
            rows[r][column] = None
    said = [
        tuple(str(sheet.grid.at(r, a.columns[0])) for a in table.side if column not in a.columns) for r in table.rows
    ]
    twice = max(Counter(said).values()) > 1
    return Changed(rows, why if twice or share < 1 else "", emptied=share < 1)


# --- rows and columns more or elsewhere -------------------------------------------------------------------------------


@change
def row_twice(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A row stands twice; a total may."""
    totals = {r for r, c in sheet.beside() if _is_total(sheet.grid.at(r, c))}
    place = _pick(chance, [p for p in sheet.numbers() if p[0] not in totals])
    if place is None:
        return None
    rows = sheet.rows()
    rows.insert(place[0], list(rows[place[0]]))
    return Changed(rows, "a row that stands twice")


@change
def column_twice(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A column stands twice."""
    place = _pick(chance, sheet.numbers())
    if place is None:
        return None
    c = place[1]
    rows = [[*row[:c], *row[c : c + 1], *row[c:]] for row in sheet.rows()]
    return Changed(rows, "a column that stands twice")


@change
def total_beside_its_parts(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A row of sums under the rows it sums, named a total or nothing."""
    lists = [(t, run) for t in sheet.tables for run in _runs(sheet, t)]
    if not lists:
        return None
    table, run = chance.choice(lists)
    rows = sheet.rows()
    under = run[-1] + 1
    made: list[Cell] = [None] * (max(table.columns) + 1)
    sums = {}
    for c in table.columns:
        parts = [(r, c) for r in run]
        made[c] = sum(float(v) for p in parts if isinstance(v := sheet.grid.at(*p), float))
        sums[under, c] = parts
    made[table.side[-1].columns[0]] = chance.choice(["Total", "All", None, "Sub-total"])
    rows.insert(under, made)
    return Changed(rows, "sums of the others", sums=sums)


def _runs(sheet: Sheet, table: Table) -> Iterator[list[int]]:
    """Rows one under the other of which every number is known, with no total among them."""
    if len(table.side) != 1:
        return
    column = table.side[0].columns[-1]
    full = [
        all((r, c) in sheet.known and isinstance(sheet.grid.at(r, c), float) for c in table.columns) for r in table.rows
    ]
    for good, group in groupby(zip(table.rows, full, strict=True), key=lambda pair: pair[1]):
        run = [r for r, _ in group]
        ended = run[-1] == table.rows[-1]
        if good and len(run) > 2 and ended and not any(_is_total(sheet.grid.at(r, column)) for r in run):
            yield run


@change
def row_of_nothing(sheet: Sheet, chance: random.Random) -> Changed | None:
    """An empty row more, somewhere."""
    rows = sheet.rows()
    rows.insert(chance.randrange(len(rows) + 1), [])
    return Changed(rows, "every label where it was")


@change
def column_of_nothing(sheet: Sheet, chance: random.Random) -> Changed | None:
    """An empty column more, somewhere."""
    c = chance.randrange(sheet.grid.width + 1)
    rows = [[*row[:c], None, *row[c:]] if len(row) > c else row for row in sheet.rows()]
    return Changed(rows, "every label where it was")


@change
def columns_in_another_order(sheet: Sheet, chance: random.Random) -> Changed | None:
    """The columns under a header of one line in another order, with their numbers."""
    found = [t for t in sheet.tables if len(t.header_rows) == 1 and len(sheet.tables) == 1]
    if not found or len(_varying(sheet, found[0])) > 1:
        return None  # because under a header of several lists another order is another meaning
    columns = found[0].columns
    first = found[0].header_rows[0]
    order = dict(zip(columns, chance.sample(columns, len(columns)), strict=True))
    rows = sheet.rows()
    wide = [row + [None] * (max(columns) + 1 - len(row)) if r >= first else row for r, row in enumerate(rows)]
    made = [[row[order.get(c, c)] for c in range(len(row))] if r >= first else row for r, row in enumerate(wide)]
    return Changed(made, "every label over its numbers")


def _varying(sheet: Sheet, table: Table) -> list[str]:
    """Characteristics that differ across the columns of a table."""
    lines = [[f for c in table.columns if (f := sheet.known.get((r, c)))] for r in table.rows]
    line = max(lines, key=len)
    return [c.id for c in CHARACTERISTICS if len({f[c.id] for f in line}) > 1]


@change
def some_rows_only(sheet: Sheet, chance: random.Random) -> Changed | None:
    """The sheet ends in the middle of a table."""
    place = _pick(
        chance, [p for t in sheet.tables for p in sheet.numbers() if p[0] in t.rows[max(3, len(t.rows) // 2) :]]
    )
    return place and Changed(sheet.rows()[: place[0] + 1], "every label where it was", cut=True)


@change
def title_cut(sheet: Sheet, chance: random.Random) -> Changed | None:
    """The title ends after some words: what it alone said is lost."""
    places = [p for t in sheet.tables for p in t.title_cells if isinstance(sheet.grid.at(*p), str)]
    place = _pick(chance, places)
    if place is None:
        return None
    words = str(sheet.grid.at(*place)).split(" ")
    return Changed(_put(sheet, place, " ".join(words[: chance.randint(1, len(words))])), undated=True)


# --- the same in another form -----------------------------------------------------------------------------------------


@change
def note_glued(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A note's sign is glued to a label."""
    place = _pick(chance, [p for p in _labels(sheet) if isinstance(sheet.grid.at(*p), str)])
    if place is None:
        return None
    text = str(sheet.grid.at(*place))
    signs = [" [note 2]", "(1)", " (2)", "[1]", " [r]", "*"]
    made = text + chance.choice([*signs, "3", "1,2"] if text[-1:].isalpha() and len(text) > 3 else signs)
    return Changed(_put(sheet, place, made), "a word with a note's sign", frozenset({made, text}))


@change
def spaced(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A label with other spaces or capitals."""
    place = _pick(chance, _words(sheet, _labels(sheet)))
    if place is None:
        return None
    text = str(sheet.grid.at(*place))
    made = chance.choice([f"  {text}", f"{text} ", text.replace(" ", "  "), text.replace(" ", "\n", 1), text.upper()])
    return Changed(_put(sheet, place, made), "the same word", frozenset({made, text}))


@change
def number_with_mark(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A number is text with a mark, or a mark alone."""
    place = _pick(chance, sheet.numbers())
    if place is None:
        return None
    value = sheet.grid.at(*place)
    assert isinstance(value, float)
    if value != int(value) or chance.random() < 0.3:
        return Changed(
            _put(sheet, place, chance.choice(["[c]", "*", "..", "[x]"]), moved=True), "a mark", shown={place: None}
        )
    made = chance.choice(["{:,.0f} (r)", "{:,.0f}r", "{:.0f} [p]", "{:,.0f}", "{:.0f}[1]", " {:.0f} "]).format(value)
    return Changed(_put(sheet, place, made, moved=True), "a number with a mark", shown={place: value})


@change
def numbers_as_text(sheet: Sheet, chance: random.Random) -> Changed | None:
    """Every number of a column, or of the sheet, is text."""
    place = _pick(chance, sheet.numbers())
    if place is None:
        return None
    rows, whole = sheet.rows(), chance.random() < 0.3
    form = chance.choice(["{:,.0f}", "{:.0f}"])
    for r, c in sheet.numbers():
        value = sheet.grid.at(r, c)
        if (whole or c == place[1]) and isinstance(value, float) and value == int(value):
            rows[r][c] = _at(form.format(value), (r, c))
    return Changed(rows, "numbers")


@change
def period_in_another_form(sheet: Sheet, chance: random.Random) -> Changed | None:
    """A period's label is written otherwise."""
    found = [(p, forms) for p in _labels(sheet) if (forms := list(_forms(sheet.grid.at(*p))))]
    if not found:
        return None
    place, forms = chance.choice(found)
    made = chance.choice(forms)
    return Changed(_put(sheet, place, made), "the same period", frozenset({str(made)}))


def _forms(cell: Cell) -> Iterator[Cell]:
    if isinstance(cell, dt.date):
        yield from (
            f"{cell:%d %B %Y}",
            f"{cell:%d-%b-%y}",
            f"{cell:%d/%m/%Y}",
            f"{cell:%Y-%m-%d}",
            f"{cell:%d %b %Y} (p)",
        )
    elif isinstance(cell, str) and (m := re.fullmatch(r"(20\d\d)[/-](\d\d)", cell.strip())):
        if int(m[2]) == int(m[1][2:]) + 1 and int(m[2]) > 12:
            first, last = m[1], f"20{m[2]}"
            yield from (f"{first}/{m[2]} (r)", f"{first}-{m[2]}", f"April {first} to March {last}", f"{first}/{last}")
            yield f"Year ending March {last}"
    elif isinstance(cell, float) and 1990 < cell < 2030:
        yield from (f"{cell:.0f}", f"{cell:.0f} (p)", f"{cell:.0f}[r]")
