"""Figures set beside the truth: which say what their cell says, which say otherwise, and which cells have none.

`compared` takes the figures of any way of reading: a draft's, or those of the store after a pass.
"""

import datetime as dt
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from .known import CHARACTERISTICS, Claim, Known, figures

Figure = Mapping[str, Any]
Place = tuple[str, str, str]
"""A file's name, a sheet, a cell."""

NO_VALUE = {"not_available", "not_applicable", "not_collected", "low_reliability"}
COUNTRIES = {"not stated", "K04000001", "E92000001", "W92000004"}
_CODE = re.compile(r"[EWKSN]\d{8}")
_CELL = re.compile(r"[A-Z]{1,3}\d+")


@dataclass(frozen=True)
class Wrong:
    """A figure that does not say what its cell says."""

    known: Known | None
    place: Place
    kind: str
    found: str
    expected: str

    def __str__(self) -> str:
        file, sheet, cell = self.place
        about = f"{self.known.layout} [{' '.join(self.known.faults)}]" if self.known else "a cell that holds no number"
        return f"{about}: {file} {sheet}!{cell}: {self.kind}: found {self.found}, expected {self.expected}"


@dataclass
class Compared:
    """What came of the known cells: read rightly, wrong, or without a figure."""

    known: int = 0
    read: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    unread: list[Known] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.read / self.known if self.known else 0.0

    def by_layout(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Cells without a figure, and cells known, by file and layout."""
        unread = Counter((k.file, k.layout) for k in self.unread)
        return {at: (n, self._of[at]) for at, n in unread.items()}

    _of: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __str__(self) -> str:
        lines = [f"{self.known:,} cells known, {self.read:,} read ({self.share:.1%}), {len(self.wrong):,} wrong"]
        lines += [str(each) for each in self.wrong[:40]]
        lines += [f"{file}, {layout}: {n:,} of {of:,} not read" for (file, layout), (n, of) in self.by_layout().items()]
        return "\n".join(lines)


def compared(found: pl.DataFrame, known: Iterable[Known], *, file: str = "file") -> Compared:
    """Figures (columns as the store's, and one that names the file) set beside every known cell."""
    truth = {(k.file, k.sheet, k.cell): k for k in known}
    result = Compared(known=sum(1 for _ in figures(truth.values())))
    result._of.update((k.file, k.layout) for k in figures(truth.values()))
    right: set[Place] = set()
    alike: dict[str, tuple[Place, Known]] = {}
    names = {name for name, _, _ in truth}
    csvs = {name for name, sheet, _ in truth if not sheet}
    for figure in found.iter_rows(named=True):
        if figure[file] not in names or not _CELL.fullmatch(figure["cell"]):
            continue
        place = (figure[file], "" if figure[file] in csvs else figure["sheet"], figure["cell"])
        one = truth.get(place)
        if figure["status"] == "unreadable":
            continue  # because what is said to be unreadable is refused in words
        if one is None or one.claim is None:
            # because an empty cell among figures may be told as one that has none, and a change is no count
            if (figure["value"] is not None or figure["status"] not in NO_VALUE) and figure["unit"] == "people":
                result.wrong.append(Wrong(one, place, "figure", str(figure["value"]), "none: the cell holds no figure"))
            continue
        faults = [Wrong(one, place, *said) for said in contradictions(one.claim, figure)]
        identity = _identity(figure)
        if not faults and identity in alike and _about(alike[identity][1].claim) != _about(one.claim):
            other = alike[identity][0][2]
            faults = [Wrong(one, place, "alike", f"the same as {other}", "another category, time or place")]
        alike.setdefault(identity, (place, one))
        result.wrong += faults[:1]
        if not faults:
            right.add(place)
    wrong = {w.place for w in result.wrong}
    result.read = len(right - wrong)
    result.unread = [k for at, k in truth.items() if k.claim is not None and at not in right and at not in wrong]
    return result


def contradictions(claim: Claim, figure: Figure) -> Iterator[tuple[str, str, str]]:
    """What a figure says otherwise than its cell, or leaves out: a kind, what was found, what was expected."""
    status = _told(figure["status"])
    if status != _told(claim.status):
        yield "status", status, claim.status
    if claim.value is None and figure["value"] is not None:
        yield "value", str(figure["value"]), "none"
    if claim.value is not None and not _same_number(claim, figure["value"]):
        yield "value", str(figure["value"]), str(claim.value)
    people = {name: (category, label) for name, category, label in claim.people}
    beside = {_plain(v) for v in json.loads(figure["circumstances"] or "{}").values()}
    for name in CHARACTERISTICS:
        category, label = people.get(name, ("all", ""))
        found = figure[name]
        if found != category and not (label and _plain(label) == _plain(found)):
            yield name, str(found), category
    yield from _other_time(claim, figure)
    yield from _other_place(claim, figure, beside)
    yield from _other_circumstances(claim, figure, beside)
    is_count = not str(figure["unit"]).startswith(("percent", "per ", "rate", "ratio"))
    if is_count and figure["unit"] == "people" and claim.unit != "count":
        yield "unit", str(figure["unit"]), claim.unit
    if not is_count and claim.unit == "count":
        yield "unit", str(figure["unit"]), claim.unit


def _told(status: str) -> str:
    return "no value" if status in NO_VALUE else status


def _same_number(claim: Claim, found: float | None) -> bool:
    if found is None or claim.value is None:
        return False
    scales = (1.0, 100.0, 0.01) if claim.unit == "percent" else (1.0,)
    return any(abs(found - claim.value * s) <= 1e-4 * max(1.0, abs(claim.value)) for s in scales)


def _other_time(claim: Claim, figure: Figure) -> Iterator[tuple[str, str, str]]:
    start, end = _day(figure["period_start"]), _day(figure["period_end"])
    start = start or end
    # because people counted at the end of a month are often headed by the month alone
    if figure["period_kind"] == "stock" and end == start == claim.end:
        return
    if end is not None and claim.end is not None and (start, end) != (claim.start, claim.end):
        yield "period", f"{start} to {end}", f"{claim.start} to {claim.end}"


def _day(said: object) -> dt.date | None:
    return dt.date.fromisoformat(said) if isinstance(said, str) else said  # type: ignore[return-value]


def _other_place(claim: Claim, figure: Figure, beside: set[str]) -> Iterator[tuple[str, str, str]]:
    found = figure["place_name"] or figure["place_code"] or ""
    # because a place that no list holds may be kept among the circumstances: an establishment of the country, or an
    # area where nothing else is called the place
    country = COUNTRIES if not claim.codes else {"not stated"}
    kept = figure["place_code"] in country and _area(claim.place) in map(_area, beside)
    if claim.place and _area(claim.place) != _area(found) and not kept:
        yield "place", str(found), claim.place
    code = figure["place_code"] or ""
    if claim.place and not kept and _CODE.fullmatch(code) and not code.startswith(claim.codes or ("none",)):
        yield "place", f"{found} ({code})", f"{claim.place}, another kind of place"
    if not claim.place and (figure["place_code"] or "not stated") not in COUNTRIES:
        yield "place", str(found), "the whole"


def _area(name: str) -> str:
    return _plain(re.sub(r"\bregion\b", "", name.lower()))


def _other_circumstances(claim: Claim, figure: Figure, beside: set[str]) -> Iterator[tuple[str, str, str]]:
    """What stands under other headings is said somewhere, and nothing else is."""
    said = {_plain(label) for _, label in claim.others}
    heard = {
        *beside,
        _plain(figure["measure"]),
        _plain(figure["place_name"] or ""),
        _plain(figure["identification"] or ""),
    }
    measure = _plain(figure["measure"])
    if missing := [w for w in said if w not in heard and w not in measure]:
        yield "circumstances", json.dumps(figure["circumstances"]), " ".join(missing)
    extra = {
        v
        for k, v in json.loads(figure["circumstances"] or "{}").items()
        if k != "statistic" and _plain(v) not in said and not _is_total(v) and _area(v) != _area(claim.place or " ")
    }
    if extra and len(extra) > len(said - beside):
        yield "circumstances", ", ".join(sorted(extra)), ", ".join(label for _, label in claim.others) or "none"


def _is_total(word: str) -> bool:
    return bool(re.match(r"(all|total)\b", word.strip().lower()))


def _plain(text: object) -> str:
    return "".join(c for c in str(text).lower() if c.isalnum())


def _identity(figure: Figure) -> str:
    parts = ("file", "table_id", "measure", "unit", "period_start", "period_end", "place_code", "place_name")
    own = [str(figure.get(p)) for p in (*parts, "population", "identification", "circumstances", *CHARACTERISTICS)]
    return "\0".join(own)


def _about(claim: Claim | None) -> object:
    assert claim is not None
    return claim.people, claim.others, claim.place, claim.start, claim.end, claim.unit


def kinds(wrong: Iterable[Wrong]) -> dict[tuple[str, str, str], list[Wrong]]:
    """Wrong figures by file, layout and kind, commonest first."""
    found: dict[tuple[str, str, str], list[Wrong]] = defaultdict(list)
    for each in wrong:
        found[each.place[0], each.known.layout if each.known else "", each.kind].append(each)
    return dict(sorted(found.items(), key=lambda kv: -len(kv[1])))
