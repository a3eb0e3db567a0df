"""What is held of a publication on a day: its editions in order, the files that stand, the tables inspected.

Editions are ordered by the period they name, because a file added by hand has no day of publication.
"""

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import polars as pl

from monitor.vocabulary import CHARACTERISTICS, UnknownWord, category, edition_end

ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One table's groups of one characteristic. `groups` are substantive: neither totals nor unknown.

    `doubtful` says that not all of its sheet was understood: it is there, and what it lacks may be our failure.
    """

    characteristic: str
    classification: str | None
    categories: tuple[str, ...]
    groups: frozenset[str]
    unknown_share: float | None
    unknown_before: float | None
    suppressed_share: float | None
    cells: tuple[str, ...]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a sheet left open of a characteristic: the words that name it, what was not understood, and its cells."""

    sha256: str
    sheet: str
    named_by: str
    not_understood: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table inspected. `name` is its title without number, dates and notes; `number` the publisher's."""

    sha256: str
    sheet: str
    position: int
    title: str
    name: str
    number: str
    first_period: dt.date | None
    last_period: dt.date | None
    crossed: frozenset[frozenset[str]]
    scope: Mapping[str, str]
    places: frozenset[str]
    headings: tuple[str, ...]
    breakdowns: Mapping[str, Breakdown]


@dataclass(frozen=True, slots=True)
class File:
    """A file that is held; `same_as` is the hash of the file with the same cells, whose tables are this one's too.

    `bare` says that it was read and nothing in it is a table.
    """

    sha256: str
    original_sha256: str
    name: str
    kind: str
    seen_at: dt.datetime | None
    readable: bool
    same_as: str = ""
    listed: bool = False
    bare: bool = False


@dataclass(slots=True)
class Edition:
    """One edition as held. `replaced` are files that another took the place of: before, after.

    `whole_by` names who stated that it is whole, where somebody did.
    """

    id: str
    published_on: dt.date | None
    ends: dt.date | None
    files: list[File]
    replaced: list[tuple[File, File]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    sheets: tuple[str, ...] = ()
    doubts: Mapping[str, tuple[Doubt, ...]] = field(default_factory=dict)
    whole_by: str = ""

    @property
    def day(self) -> dt.date | None:
        """When it was published, else when its period ended."""
        return self.published_on or self.ends

    @property
    def readable(self) -> bool:
        """Whether anything of it could be read."""
        return any(f.readable for f in self.files)

    @property
    def transcribed(self) -> bool:
        """Whether only facts of it are held, which show what is there and never what is not."""
        return all(f.kind != ORIGINAL for f in self.files)

    @property
    def hashes(self) -> list[str]:
        """The publisher's hashes of the files that stand."""
        return list(dict.fromkeys(f.original_sha256 for f in self.files))

    @property
    def inspected(self) -> str:
        """How much was inspected, in words."""
        n = len(self.sheets)
        return f"{n} sheet{'s' if n != 1 else ''} inspected"

    def having(self, characteristic: str) -> list[Table]:
        """Its tables that separate people by a characteristic."""
        return [t for t in self.tables if characteristic in t.breakdowns]

    def answers(self, characteristic: str) -> bool:
        """Whether it says of a characteristic that it has it, or that it has not: it was read, and understood."""
        return self.readable and (characteristic not in self.doubts or bool(self.having(characteristic)))

    def doubtful(self, characteristic: str, sheet: str) -> bool:
        """Whether a sheet of it may separate people by a characteristic in a way that was not understood."""
        return any(doubt.sheet == sheet for doubt in self.doubts.get(characteristic, ()))

    def overlooked(self, sheet: str) -> bool:
        """Whether a part of a sheet was not read, whatever it separates people by."""
        return all(self.doubtful(c.id, sheet) for c in CHARACTERISTICS)


# --- names ------------------------------------------------------------------------------------------------------------

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_PARTS = r"\d+(?:[._-](?:[a-z]{1,2}[._-])?\d+)*[a-z]{0,4}"
"""The parts of a table's number, with letters between them (`1.Q.7`, `1_Q_7`) or after (`3ii`)."""
_NUMBER = re.compile(
    rf"^\s*(?:(?:table|figure|chart|worksheet)[\s_]*([a-z]{{0,3}}[\d._-]*{_PARTS}\b(?:\([a-z]\))?)\s*[:.–-]?\s*"
    rf"|([a-z]{{0,3}}[._-]?{_PARTS}(?:\([a-z]\))?)\s*:\s*"
    # because a sheet without a title is called by its number alone; two years (`19_20`) are no number
    r"|(?!\d\d[._]\d\d\s*$)([a-z]{0,2}\d{1,3}(?:[._](?:[a-z]{1,2}[._])?\d{1,3})+[a-z]{0,4}(?:\([a-z]\))?)\s*$)",
    re.I,
)
_DATES = re.compile(
    rf"\b(?:\d{{1,2}}\s+)?{_MONTH}\s+(?:to|and|-)\s+(?:\d{{1,2}}\s+)?{_MONTH}\s+\d{{4}}\b"
    rf"|\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}\s+\d{{2,4}}\b|\b(?:19|20)\d\d\s*[/-]\s*\d{{2,4}}\d*\b"
    r"|(?:19|20)\d\d\d?\b|q[1-4](?![a-z])|\b(?:year|quarter|month)s? (?:ending|ended|to)\b|\bonwards?\b",
    re.I,
)
_NOTES = re.compile(r"\(\d+\)|\[note[^\]]*\]|\[[a-z]\]", re.I)
_JOINING = re.compile(r"\b(?:to|and|from|at|as|on|of|the|in|for|by|latest|data)\b")


@lru_cache(maxsize=65536)
def named(title: str) -> tuple[str, str]:
    """A table's name and number, from its title: what stays and what moves from one edition to the next.

    `Table A1.7: Prison population by age; 30 June 2022` gives `prison population age` and `A1.7`. Dates, notes and
    small words are left out of the name, because they differ between editions of one table.
    """
    match = _NUMBER.match(title)
    number = next((g for g in match.groups() if g), "").strip("._-") if match else ""
    rest = title[match.end() :] if match else title
    rest = re.sub(r"\.(?:csv|xlsx?|xlsm|xlsb|ods)$", "", rest.strip(), flags=re.I)
    rest = _NOTES.sub(" ", rest).replace("_", " ")
    rest = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[a-zA-Z])(?=\d)", " ", rest)
    rest = _DATES.sub(" ", rest).lower()
    words = re.findall(r"[a-z]+", _JOINING.sub(" ", rest))
    return " ".join(words), number


@lru_cache(maxsize=16384)
def substantive(characteristic: str, name: str) -> bool:
    """Whether a category is a group of people, and neither a total nor unknown."""
    try:
        return category(characteristic, name).kind == "group"
    except UnknownWord:
        return True


# --- from the store's frames ------------------------------------------------------------------------------------------


_Tables = dict[tuple[str, str, str], list[tuple[str, Table | None]]]
_Doubts = dict[tuple[str, str, str], dict[str, list[Doubt]]]


def editions(
    artefacts: pl.DataFrame,
    surveyed_tables: pl.DataFrame,
    breakdowns: pl.DataFrame,
    unclear: pl.DataFrame | None = None,
    *,
    as_of: dt.date,
    known_at: dt.datetime | None = None,
    yearly: Iterable[str] = (),
    whole: Mapping[tuple[str, str], str] | None = None,
    superseded: pl.DataFrame | None = None,
) -> dict[str, list[Edition]]:
    """Every publication's editions that stand on a day, oldest first, from the store's frames.

    `yearly` are publications whose editions are years, `whole` who stated of which edition that it is whole,
    `superseded` rows of `supersession`: which files others stand in the place of. An artefact without a day of
    publication counts from the end of the period its edition names.
    """
    years = frozenset(yearly)
    by_edition: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in superseded.iter_rows(named=True) if superseded is not None else ():
        if row["table_id"] is None:
            by_edition[row["publication"], row["edition_id"]].append(row)
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in artefacts.iter_rows(named=True):
        out = row["published_on"] or edition_end(row["edition_id"], row["publication"] in years)
        if (out is None or out <= as_of) and (known_at is None or row["seen_at"] is None or row["seen_at"] <= known_at):
            groups[row["publication"], row["edition_id"]].append(row)
    originals = {sha: of for sha, of in artefacts.select("sha256", "original_sha256").iter_rows() if of}
    doubts = _doubts(unclear, originals)
    tables = _tables(surveyed_tables, breakdowns, originals, doubts)
    found: dict[str, list[Edition]] = defaultdict(list)
    for (publication, name), rows in groups.items():
        gone = by_edition.get((publication, name), ())
        standing, replaced = _standing([_file_in(row, tables) for row in rows], gone, as_of, known_at)
        out = min((row["published_on"] for row in rows if row["published_on"]), default=None)
        inside = _once([(f, each) for f in standing for each in tables.get((f.sha256, publication, name), ())])
        left_open: dict[str, tuple[Doubt, ...]] = defaultdict(tuple)
        for f in standing:
            for d, more in doubts.get((f.sha256, publication, name), {}).items():
                left_open[d] += tuple(more)
        found[publication].append(
            Edition(
                name,
                out,
                edition_end(name, publication in years),
                standing,
                replaced,
                tables=[table for _, (_, table) in inside if table is not None],
                sheets=tuple(sheet for _, sheet in dict.fromkeys((sha, sheet) for sha, (sheet, _) in inside)),
                doubts=dict(left_open),
                whole_by=(whole or {}).get((publication, name), ""),
            )
        )
    for each in found.values():
        each.sort(key=_order)
    return dict(found)


def tables_of(surveyed: pl.DataFrame, breakdowns: pl.DataFrame) -> list[Table]:
    """Tables from rows of `surveyed_table` and `breakdown`, in the order given."""
    found = _tables(surveyed, breakdowns, {}, {})
    return [table for inside in found.values() for _, table in inside if table is not None]


def file_of(row: Mapping[str, Any], *, readable: bool = True) -> File:
    """A file from its row of `artefact`."""
    original, same_as, listed = row["original_sha256"] or row["sha256"], row.get("same_as") or "", row.get("listed")
    return File(row["sha256"], original, row["name"], row["kind"], row["seen_at"], readable, same_as, bool(listed))


def _file_in(row: Mapping[str, Any], tables: _Tables) -> File:
    """A file, with whether anything was found in it, or in the one with the same cells, and whether that is a table."""
    shas = row["sha256"], row.get("same_as") or ""
    found = [tables.get((sha, row["publication"], row["edition_id"]), ()) for sha in shas]
    inside = [table for sheets in found for _, table in sheets]
    return replace(file_of(row, readable=bool(inside)), bare=bool(inside) and not any(inside))


def _order(edition: Edition) -> tuple[dt.date, dt.date, str]:
    ends = edition.ends or max((t.last_period for t in edition.tables if t.last_period), default=None)
    first = ends or edition.published_on or dt.date.min
    return first, edition.published_on or first, edition.id


def _standing(
    files: list[File], superseded: Iterable[Mapping[str, Any]], as_of: dt.date, known_at: dt.datetime | None
) -> tuple[list[File], list[tuple[File, File]]]:
    """Files that stand, and those that a later one replaced, as it was stored which file stands: before, after."""
    here = {f.sha256: f for f in files}
    gone: dict[str, list[File]] = defaultdict(list)
    for row in superseded:
        since, was = row["since"], row["artefact_sha256"]
        if since is not None and (since.date() > as_of or (known_at is not None and since > known_at)):
            continue
        if was in here and row["by_sha256"] in here:
            gone[was].append(here[row["by_sha256"]])
    standing = [f for f in files if f.sha256 not in gone and f.same_as not in gone]
    replaced = []
    for f in sorted((here[sha] for sha in gone), key=_seen):
        later = [by for by in gone[f.sha256] if f.kind == ORIGINAL and _seen(by) > _seen(f)]
        replaced += [(f, min(later, key=_seen))] if later else []
    return standing, replaced


def _once(inside: Sequence[tuple[File, tuple[str, Table | None]]]) -> list[tuple[str, tuple[str, Table | None]]]:
    """What is inside the files of an edition, by their hashes, without tables that are printed twice."""
    twice = printed_twice(
        [(f, sheet, t.position if t else -1, t.title if t and t.title != sheet else "") for f, (sheet, t) in inside]
    )
    return [(f.sha256, each) for n, (f, each) in enumerate(inside) if n not in twice]


def printed_twice(tables: Sequence[tuple[File, str, int, str]]) -> set[int]:
    """Positions of tables (file, sheet, place on it, title) that do not count beside the same table of another file.

    Of files that a page lists beside each other each counts; else an original before a transcription, and of those the
    one that came last.
    """
    best: dict[tuple[object, ...], File] = {}
    for file, *table in tables:
        key = tuple(table)
        best[key] = max(best.get(key, file), file, key=lambda f: (f.kind == ORIGINAL, _seen(f)))
    return {n for n, (file, *table) in enumerate(tables) if not file.listed and best[tuple(table)] is not file}


def _seen(file: File) -> dt.datetime:
    return file.seen_at or dt.datetime.min


_OF = ("artefact_sha256", "publication", "edition_id", "sheet", "position")
_BREAKDOWN = ("characteristic", "classification", "categories", "unknown_share", "suppressed_share", "cells")
_UNCLEAR = ("characteristic", "named_by", "not_understood", "cells")
_TABLE = ("title", "first_period", "last_period", "crossed", "scope")
_LATER: dict[str, Any] = {
    "unknown_share_before": pl.Float64, "headings": pl.List(pl.String), "places": pl.List(pl.String),
}  # fmt: skip
"""Columns that a database made by an earlier release may lack."""


def _read(frame: pl.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Rows of some columns as tuples, which is many times quicker than as records."""
    wanted = [
        pl.col(c) if c in frame.columns else pl.lit(None, dtype=_LATER.get(c, pl.String)).alias(c) for c in columns
    ]
    return frame.select(wanted).iter_rows()


def _doubts(unclear: pl.DataFrame | None, originals: Mapping[str, str]) -> _Doubts:
    """What each artefact leaves open, by characteristic."""
    found: _Doubts = defaultdict(lambda: defaultdict(list))
    rows = () if unclear is None else _read(unclear, *_OF[:4], *_UNCLEAR)
    for sha, publication, edition, sheet, d, named_by, what, cells in rows:
        doubt = Doubt(originals.get(sha, sha), sheet, named_by or "", what, tuple(cells or ()))
        found[sha, publication, edition][d].append(doubt)
    return found


def _tables(surveyed: pl.DataFrame, breakdowns: pl.DataFrame, originals: Mapping[str, str], doubts: _Doubts) -> _Tables:
    """Tables of each artefact as an edition's; a sheet without a table stands with None.

    A table bears the publisher's hash of its file, `originals`, whatever it was read from.
    """
    by_table: dict[tuple[str, str, str, str, int], dict[str, Breakdown]] = defaultdict(dict)
    for row in _read(breakdowns, *_OF, *_BREAKDOWN, "unknown_share_before"):
        d, code, names, unknown, suppressed, cells, before = row[5:]
        categories = tuple(names or ())
        groups = _groups(d, categories)
        doubtful = any(doubt.sheet == row[3] for doubt in doubts.get(row[:3], {}).get(d, ()))
        found = Breakdown(d, code, categories, groups, unknown, before, suppressed, tuple(cells or ()), doubtful)
        by_table[row[:5]].setdefault(d, found)
    tables: _Tables = defaultdict(list)
    for row in _read(surveyed, *_OF, *_TABLE, "headings", "places"):
        sha, publication, edition, sheet, position, title, first, last, crossed, scope, headings, places = row
        if position < 0:
            tables[sha, publication, edition].append((sheet, None))
            continue
        title = title or sheet
        table = Table(
            originals.get(sha, sha), sheet, position, title, *named(title), first, last, _crossed(crossed or "[]"),
            _scope(scope or "{}"), frozenset(places or ()), tuple(headings or ()), by_table.get(row[:5], {}),
        )  # fmt: skip
        tables[sha, publication, edition].append((sheet, table))
    return tables


@lru_cache(maxsize=16384)
def _groups(characteristic: str, categories: tuple[str, ...]) -> frozenset[str]:
    return frozenset(c for c in categories if substantive(characteristic, c))


@lru_cache(maxsize=4096)
def _crossed(text: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(each) for each in json.loads(text))


@lru_cache(maxsize=4096)
def _scope(text: str) -> Mapping[str, str]:
    return dict(json.loads(text))
