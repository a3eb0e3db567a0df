"""What a cell says, in the fields a figure has, and the few ways a sheet is walked. Nothing of the product is used."""

import calendar
import csv
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from python_calamine import CalamineWorkbook

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "published"
NOT_ASKED = ""
"""A category that the sheet leaves open: no answer of a figure contradicts it."""
OVERLAPPING = "overlapping"
"""Among the circumstances of cells that may count one person twice: no sum of them is right."""

Row = Sequence[Any]
Scope = Mapping[str, str]


EVERYONE: Scope = {}


class AsPublished(str):
    """A category outside any vocabulary, in the publisher's words: a figure may have it as category or as label."""


class Said(NamedTuple):
    """One cell. `people` names characteristics (what is missing is everyone), `extra` every other printed scope.

    `start` and `end` are null where the sheet gives no date. `unit` is count, percent, rate, average or other.
    `place` is null for the file's whole country. `measure` tells columns apart that count different things.
    """

    file: str
    sheet: str
    cell: str
    value: float | None
    status: str
    people: Scope
    extra: Scope
    start: dt.date | None
    end: dt.date | None
    kind: str
    place: str | None = None
    measure: str = ""
    unit: str = "count"


class When(NamedTuple):
    """A period as a heading gives it."""

    start: dt.date | None
    end: dt.date | None
    kind: str


UNDATED = When(None, None, "unknown")


def day(year: int, month: int, of_month: int) -> When:
    return When(dt.date(year, month, of_month), dt.date(year, month, of_month), "stock")


def year(of: int | str, kind: str = "flow") -> When:
    return When(dt.date(int(of), 1, 1), dt.date(int(of), 12, 31), kind)


def financial(first: int | str, kind: str = "flow") -> When:
    return When(dt.date(int(first), 4, 1), dt.date(int(first) + 1, 3, 31), kind)


def column(index: int) -> str:
    letters = ""
    while index >= 0:
        letters = chr(65 + index % 26) + letters
        index = index // 26 - 1
    return letters


def index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def address(row: int, at: int) -> str:
    """Of zero-based row and column."""
    return f"{column(at)}{row + 1}"


def plain(text: object) -> str:
    """A label without notes in brackets, doubled blanks and capitals."""
    words = re.sub(r"\s*\((?:\d{1,2}(?:,\s*\d{1,2})*|[a-z])\),?", "", str(text))
    return " ".join(words.split()).lower()


@lru_cache(maxsize=2)
def _workbook(path: Path) -> CalamineWorkbook:
    return CalamineWorkbook.from_path(path)


def rows(file: str, sheet: str = "") -> list[list[Any]]:
    """Every row of a sheet or of a CSV, from its first; cells of a CSV stay text."""
    path = PUBLISHED / file
    if path.suffix == ".csv":
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252")
        return list(csv.reader(text.splitlines()))
    return _workbook(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def number(cell: object) -> float | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    try:
        return float(str(cell).replace(",", ""))
    except ValueError:
        return None


def value(cell: object, marks: Mapping[str, str]) -> tuple[float | None, str] | None:
    """Value and status of a cell; null for a cell that holds neither a number nor a mark named."""
    found = number(cell)
    if found is not None:
        return found, "published"
    status = marks.get(str(cell).strip())
    return (None, status) if status else None


_MONTHS = {m.lower(): i for i, m in enumerate(calendar.month_abbr)}


def date(cell: object) -> When | None:
    """A date cell, or text such as `30-Jun-09(1)`."""
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, dt.date):
        return day(cell.year, cell.month, cell.day)
    if m := re.match(r"(\d{1,2})-(\w{3})-(\d{2})\b", str(cell).strip()):
        return day(2000 + int(m[3]), _MONTHS[m[2].lower()], int(m[1]))
    return None


Header = Mapping[int, When]


Level = Mapping[str, Scope] | Callable[[str, Scope], Scope | None]
Across = Mapping[int, tuple[When, Scope]]


def down(
    file: str,
    sheet: str,
    levels: Sequence[Level],
    *,
    head: int,
    heads: Across | None = None,
    marks: Mapping[str, str] = EVERYONE,
    dated: Callable[[object], When | None] = date,
    last: int = 10**6,
    scope: Scope = EVERYONE,
    others: str = "",
    unit: str = "count",
) -> Iterator[Said]:
    """A table with its labels in column A, nested: a label of one level ends all that a deeper level said.

    A label in no level is left out, or is a circumstance named `others` at the deepest level. The header row is
    `head`, counted from 1, and is found again by its dates, unless `heads` says what every column holds.
    """
    grid = rows(file, sheet)
    columns: Across = heads or {}
    first: Across = {}
    path: list[Scope] = [{}] * (len(levels) + 1)
    for r in range(head - 1, min(len(grid), last)):
        line = grid[r]
        label = plain(line[0])
        if heads is None and (r == head - 1 or (not label and sum(dated(c) is not None for c in line[1:]) > 1)):
            again: Across = {j: (when, {}) for j, c in enumerate(line) if j and (when := dated(c)) is not None}
            first = first or again
            # because where a header repeated says another date, the sheet contradicts itself and either may be right
            columns = {j: over if first.get(j) == over else (UNDATED, {}) for j, over in again.items()}
            continue
        if not label or re.match(r"\(\d", str(line[0]).strip()):
            continue
        said = {k: v for part in (scope, *path) for k, v in part.items()}
        found, level = next(
            ((f, k) for k, names in enumerate(levels) if (f := _named(names, label, said)) is not None), (None, -1)
        )
        if found is None and others:
            found, level = {others: str(line[0]).strip()}, len(levels)
        if found is None:
            continue
        path = [*path[:level], found, *[EVERYONE] * (len(levels) - level)]
        said = {k: v for part in (scope, *path) for k, v in part.items()}
        for j, (when, over) in columns.items():
            if j < len(line) and (v := value(line[j], marks)) is not None:
                yield cell(file, sheet, r, j, v, {**said, **over}, when, unit=unit)


def _named(names: Level, label: str, said: Scope) -> Scope | None:
    return names(label, said) if callable(names) else names.get(label)


CHARACTERISTICS = {
    "age", "disability", "ethnicity", "religion", "sex", "sexual_orientation", "nationality", "gender_reassignment",
}  # fmt: skip


def cell(
    file: str,
    sheet: str,
    row: int,
    at: int,
    found: tuple[float | None, str],
    scope: Scope,
    when: When,
    *,
    place: str | None = None,
    measure: str = "",
    unit: str = "count",
) -> Said:
    """One cell said, its scope parted into characteristics and the rest; `all` is left out, as everyone."""
    people = {k: v for k, v in scope.items() if k in CHARACTERISTICS and v != "all"}
    extra = {k: v for k, v in scope.items() if k not in CHARACTERISTICS and v != "all"}
    start, end, kind = when
    number_of, status = found
    at_cell = address(row, at)
    return Said(file, sheet, at_cell, number_of, status, people, extra, start, end, kind, place, measure, unit)


Reading = Callable[[], Iterable[Said]]
