"""What a draft and a survey say of a sheet that was changed, judged by what they said of it before.

The truth of a cell is what was read of it in the sound sheet, where an independent reading of the published file
(`tests/oracles`) does not contradict that; it moves with the cell. A figure of the changed sheet may be refused; it may
not say another category, period, place or number. What was printed is not called absent.
"""

import datetime as dt
import json
import random
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from monitor.declarations import Publication, parse
from monitor.vocabulary import CHARACTERISTICS, clean_label
from pipelines.drafting import declaration, propose
from pipelines.reading import Grid, read
from pipelines.reading.grid import address, position
from pipelines.survey import survey
from pipelines.tidy import tidy
from tests.hostile.relabelled import CHANGES, Change, Changed, Place, Sheet, origin, plain
from tests.oracles.comparison import contradiction
from tests.oracles.readings import READINGS, read_again
from tests.survey.made import made

PUBLISHED = Path(__file__).parents[3] / "shared" / "published"
MOST_ROWS, MOST_CELLS = 200, 6_000
"""A longer sheet is cut there: a case must be short."""
LARGEST = 1 << 22
"""A larger file is left to other tests."""
UNDATED = "1901"
"""The period a person would have to give, where a sheet gives none."""
PEOPLE = tuple(c.id for c in CHARACTERISTICS)

Figure = dict[str, Any]


@dataclass
class Original:
    """A sound sheet, and what was read of it."""

    name: str
    grid: Grid
    file: str = ""
    known: frozenset[str] | None = None
    """What it was made to be broken down by; None where nobody made it."""

    @cached_property
    def truth(self) -> dict[Place, Figure]:
        """The figure of each cell; cells of which there are two, or which the independent reading contradicts, not."""
        again = _read_again(self.file) if self.file in READINGS else {}
        found: dict[Place, list[Figure]] = {}
        for figure in drafted(self.grid):
            if not figure["cell"].startswith("sum of"):
                found.setdefault(position(figure["cell"]), []).append(figure)
        return {
            place: figures[0]
            for place, figures in found.items()
            if len(figures) == 1
            and (self.known is None or {d for d in PEOPLE if figures[0][d] != "all"} <= self.known)
            and ((said := again.get((self.grid.sheet, address(*place)))) is None or not contradiction(said, figures[0]))
        }

    @cached_property
    def printed(self) -> frozenset[str]:
        """Characteristics the sound sheet separates people by."""
        return frozenset(d for t in survey([self.grid]).tables for d in t.characteristics)

    @cached_property
    def sheet(self) -> Sheet:
        """The sheet, to be changed."""
        return Sheet(self.grid, self.truth)


@lru_cache(maxsize=1)  # because the readings of all files together are large
def _read_again(file: str) -> Mapping[tuple[str, str], Any]:
    return {(said.sheet, said.cell): said for said in read_again(file)}


def drafted(grid: Grid) -> list[Figure]:
    """What a draft of the sheet, with a period where it asks for one, yields of it."""
    text = declaration(propose([grid]), "changed").replace("PERIOD, such as 2022-06-30 or 2018/19", UNDATED)
    figures = tidy([grid], parse(Publication, text, "the draft"), edition="changed").figures
    return [
        {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in row.items()}
        for row in figures.iter_rows(named=True)
    ]


def generated() -> list[Original]:
    """Sheets of workbooks in the published geometries."""
    return [
        replace(
            _original(f"{book.name} {name}", Grid(name, _cells(rows))),
            known=book.truth[name].characteristics | set(book.truth[name].scope),
        )
        for book in made()
        for name, rows in book.sheets.items()
    ]


def published() -> list[Original]:
    """Sheets of published files, where they are at hand."""
    found = []
    for path in sorted(PUBLISHED.rglob("*.*")):
        if path.stat().st_size < LARGEST:
            file = str(path.relative_to(PUBLISHED))
            found += [replace(_original(f"{path.name} {grid.sheet}", grid), file=file) for grid in read(path)]
    return found


def _original(name: str, grid: Grid) -> Original:
    most = min(MOST_ROWS, MOST_CELLS // max(grid.width, 1)) if grid.width * len(grid.rows) > MOST_CELLS else None
    return Original(name, replace(grid, rows=list(grid.rows[:most])))


def _cells(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [[float(c) if isinstance(c, int) and not isinstance(c, bool) else c for c in row] for row in rows]


@dataclass(frozen=True)
class Fault:
    """What is said of a changed sheet that is not so."""

    change: str
    name: str
    number: int
    cell: str
    kind: str
    what: str
    evidence: str

    def __str__(self) -> str:
        return (
            f"{self.name}, {self.change} {self.number}: {self.cell}: {self.kind}: {self.what} (against {self.evidence})"
        )


@dataclass
class Case:
    """One sheet changed once."""

    original: Original
    change: Change
    number: int

    @cached_property
    def changed(self) -> Changed | None:
        """The changed sheet; None where it cannot be changed so."""
        seed = zlib.crc32(f"{self.original.name} {self.change.__name__} {self.number}".encode())
        return self.change(self.original.sheet, random.Random(seed))

    @cached_property
    def grid(self) -> Grid:
        """The changed sheet as a reader of files gives it."""
        assert self.changed is not None
        sound = self.original.grid
        moved = {o: (r, c) for r, row in enumerate(self.changed.rows) for c, x in enumerate(row) if (o := origin(x))}
        return replace(
            sound,
            rows=plain(self.changed.rows),
            superscripts={moved[at]: text for at, text in sound.superscripts.items() if at in moved},
            percentages=frozenset(moved[at] for at in sound.percentages if at in moved),
            hidden_rows=frozenset(),
            hidden_columns=frozenset(),
        )

    def faults(self) -> Iterator[Fault]:
        """Every figure that says what is not so, and every characteristic that is printed and called absent."""
        assert self.changed is not None
        truth = self.original.truth
        alike: dict[str, tuple[Place, str]] = {}
        self.read = 0
        for figure in drafted(self.grid):
            if figure["cell"].startswith("sum of"):
                continue
            r, c = place = position(figure["cell"])
            row = self.changed.rows[r]
            at = origin(row[c]) if c < len(row) else None
            was = truth.get(at) if at else None
            if was is None and (at is not None or not self.changed.sums):
                if at is None and (figure["value"] is not None or figure["status"] == "suppressed"):
                    yield self._fault(place, "figure", f"{figure['value']} of a cell that holds no number")
                continue
            parts = self.changed.sums.get(place)
            if parts is not None:
                wanted = _common([truth[p] for p in parts if p in truth])
                wanted |= {"value": sum(truth[p]["value"] or 0 for p in parts), "status": "published"}
            elif was is None:
                continue
            else:
                wanted = dict(was)
            if at in self.changed.shown:
                wanted["value"], wanted["status"] = self.changed.shown[at], None
            self.read += 1
            yield from (self._fault(place, kind, what) for kind, what in self._differs(wanted, figure))
            says, means = _identity(figure), _identity(wanted)
            if says in alike and alike[says][1] != means:
                yield self._fault(place, "alike", f"says the same as {address(*alike[says][0])}: {_short(figure)}")
            elif says in alike and was is not None and alike[says][0] != place and self._copies(at):
                yield self._fault(place, "twice", f"is counted in {address(*alike[says][0])} too: {_short(figure)}")
            alike.setdefault(says, (place, means))
        for d, said in survey([self.grid]).characteristics.items():
            if d in self.original.printed and said == "absent" and not self.changed.cut:
                yield self._fault((0, 0), "absent", d)

    def _copies(self, at: Place | None) -> bool:
        assert self.changed is not None
        return sum(origin(cell) == at for row in self.changed.rows for cell in row) > 1

    def _differs(self, wanted: Figure, figure: Figure) -> Iterator[tuple[str, str]]:
        assert self.changed is not None
        if wanted["value"] != figure["value"] and figure["status"] != "unreadable":
            yield "value", f"{figure['value']}, is {wanted['value']}"
        if wanted["status"] and wanted["status"] != figure["status"]:
            yield "status", f"{figure['status']}, is {wanted['status']}"
        beside, before = _beside(figure), _beside(wanted)
        # because a list of which too few words are known is kept in the publisher's words, and says no less
        changed = any(map(self._as_published, beside))
        said = {d: str(wanted[f"{d}_label"]).lower() for d in PEOPLE if wanted[d] != "all" and figure[d] == "all"}
        kept = {d: label for d, label in said.items() if changed or label in beside}
        for d in PEOPLE:
            if (
                figure[d] != wanted[d]
                and d not in kept
                and not self._as_published(figure[d])
                and not self._not_recorded(figure[d])
            ):
                yield d, f"{figure[d]!r}, is {wanted[d]!r}"
        when, was = _when(figure), _when(wanted)
        if when != was and when is not None and not (was is None and self.changed.undated):
            yield "period", f"{when}, is {was}"
        # because an area that no official list holds stands among the circumstances
        if (
            wanted["place_code"]
            and not self._as_published(figure["place_code"] or "")
            and _folded(figure["place_code"]) != _folded(wanted["place_code"])
            and len(beside) <= len(before)
        ):
            yield "place", f"{figure['place_code']}, is {wanted['place_code']}"
        # because a place that stands among words as published is named there
        named = {_folded(wanted["place_name"])} if figure["place_code"] == "not stated" else set()
        if {v for v in beside if not self._as_published(v) and not self._not_recorded(v)} - before - {
            *kept.values(),
            *named,
        } or (len(before) > len(beside)):
            yield "circumstances", f"{sorted(beside)}, is {sorted(before)}"
        if (figure["unit"] == "people") != (wanted["unit"] == "people") and not self.changed.undated:
            yield "unit", f"{figure['unit']}, is {wanted['unit']}"

    def _as_published(self, category: str) -> bool:
        assert self.changed is not None
        # because a sign of a note at a label's end is no part of what is kept
        words = {said for word in self.changed.words for said in (word, clean_label(word).text)}
        return _plain(category) in map(_plain, words)

    def _not_recorded(self, category: str) -> bool:
        assert self.changed is not None
        return self.changed.emptied and _plain(category) == "notrecorded"

    def _fault(self, place: Place, kind: str, what: str) -> Fault:
        assert self.changed is not None
        name, change = self.original.name, self.change.__name__
        return Fault(change, name, self.number, address(*place), kind, what, self.changed.evidence)


def _common(parts: Sequence[Figure]) -> Figure:
    """What a sum of cells is of: what all of them are of, and everyone where they differ."""
    first = dict(parts[0])
    for d in PEOPLE:
        first[d] = first[d] if len({p[d] for p in parts}) == 1 else "all"
    for k in ("period_start", "period_end", "period_label", "place_code", "unit"):
        first[k] = first[k] if len({p[k] for p in parts}) == 1 else None
    same = set.intersection(*({*json.loads(p["circumstances"] or "{}").items()} for p in parts))
    return first | {"circumstances": json.dumps(dict(same), sort_keys=True)}


def _when(figure: Figure) -> tuple[str, str] | None:
    if figure["period_label"] == UNDATED or figure["period_end"] is None:
        return None
    return figure["period_start"] or figure["period_end"], figure["period_end"]


def _beside(figure: Figure) -> set[str]:
    return {str(v).lower() for k, v in json.loads(figure["circumstances"] or "{}").items() if k != "statistic"}


def _identity(figure: Figure) -> str:
    parts = ("table_id", "measure", "unit", "period_start", "period_end", "place_code", "circumstances", *PEOPLE)
    return json.dumps([figure.get(p) for p in parts])


def _short(figure: Figure) -> str:
    return ", ".join(f"{d} {figure[d]}" for d in PEOPLE if figure[d] != "all") or "everyone"


def _folded(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


def _plain(text: object) -> str:
    return "".join(c for c in str(text).lower() if c.isalnum())


def cases(originals: Sequence[Original], count: int) -> Iterator[Case]:
    """So many cases that can be made: each kind of change in turn, over the sheets of which figures are read."""
    known = [o for o in originals if o.truth]
    number = done = 0
    while done < count:
        for k, change in enumerate(CHANGES):
            case = Case(known[(number * 7 + k) % len(known)], change, number)
            if case.changed is not None and case.changed.rows != case.original.sheet.rows():
                yield case
                done += 1
                if done == count:
                    return
        number += 1


@dataclass
class Told:
    """What came of many cases. `unseen` are changes without evidence, after which something was read otherwise."""

    faults: list[Fault] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    scored: int = 0
    read: int = 0
    known: int = 0

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in Counter(self.unseen).items())
        head = f"{self.scored} scored, {self.read:,} of {self.known:,} figures read; without evidence: {kinds}"
        by_case = {(f.name, f.change, f.number, f.kind): f for f in self.faults}
        return "\n".join([head, *(str(f) for f in list(by_case.values())[:40])])


def told(tried: Iterable[Case]) -> Told:
    """Every case judged."""
    found = Told()
    for case in tried:
        assert case.changed is not None
        faults = list(case.faults())
        if not case.changed.evidence:
            found.unseen += [case.change.__name__] if faults else []
            continue
        found.scored += 1
        found.read += case.read
        found.known += len(case.original.truth)
        found.faults += faults
    return found
