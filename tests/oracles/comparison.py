"""What the product reads of a file, with no declaration, set beside what its cells say.

Wrong is a figure that its cell contradicts, or that says less than its cell; read is a cell with a right figure.
"""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .readings import read_again
from .said import CHARACTERISTICS, NOT_ASKED, OVERLAPPING, PUBLISHED, AsPublished, Said, plain

Figure = dict[str, Any]

VOCABULARY = Path(__file__).resolve().parents[2] / "monitor" / "vocabulary" / "categories.csv"
LONGEST = 100_000
"""Cells of a CSV beyond which only its first lines are tried, as many as hold these."""
_CELL = re.compile(r"[A-Z]{1,3}\d+")
_NO_VALUE = {"not_available", "not_applicable", "not_collected", "low_reliability"}
_BESIDE = (OVERLAPPING, "identification", "country")
_ALWAYS = ("sheet", "cell", "table_id", "measure", "value", "unit", "status", "period_start", "period_end")
_ALSO = ("period_kind", "place_code", "place_name", "circumstances", "identification", "population")
_COUNTRIES = {"England and Wales", "England", "Wales", "K04000001", "E92000001", "W92000004"}


@dataclass
class Compared:
    """Cells read rightly, wrong figures with why, cells without a figure, and figures of cells nobody read again.

    `undated` are cells without a figure of which the file prints no date: with no declaration they may be refused.
    """

    cells: int = 0
    read: int = 0
    undated: int = 0
    wrong: list[str] = field(default_factory=list)
    unread: list[Said] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def tried(file: str) -> tuple[list[Figure], list[str], int]:
    """Figures `try FILE --json` prints with no declaration, what it told of problems, and the lines it was given."""
    from monitor.cli import main

    out, err = io.StringIO(), io.StringIO()
    with TemporaryDirectory() as folder:
        path, lines = _shortened(PUBLISHED / file, Path(folder))
        with redirect_stdout(out), redirect_stderr(err):
            main(["try", str(path), "--json", "--home", folder])
        try:
            document = json.loads(out.getvalue(), object_hook=_trimmed)
        except ValueError:
            document = {"figures": [], "problems": [{"message": err.getvalue().strip()[-300:]}]}
    return document["figures"], [str(p["message"]) for p in document["problems"]], lines


def _trimmed(found: Figure) -> Figure:
    if "circumstances" not in found or "period_end" not in found:
        return found
    kept = {k: found.get(k) for k in (*_ALWAYS, *_ALSO)}
    labels = {f"{c}_label": found.get(f"{c}_label") for c in CHARACTERISTICS}
    return {**kept, **{c: found.get(c, "all") for c in CHARACTERISTICS}, **labels}


def _shortened(path: Path, folder: Path) -> tuple[Path, int]:
    """The file, or the first lines of a very long CSV under its own name."""
    if path.suffix != ".csv":
        return path, 10**9
    raw = path.read_bytes()
    lines = raw.split(b"\n")
    across = len(next(csv.reader([lines[0].decode("utf-8-sig", "replace")]), []))
    if across * len(lines) <= LONGEST:
        return path, 10**9
    kept = LONGEST // across
    shorter = folder / path.name
    shorter.write_bytes(b"\n".join(lines[:kept]) + b"\n")
    return shorter, kept


def compared(file: str, others: Sequence[Said] = ()) -> tuple[Compared, Compared]:
    """A file tried once, and set beside its independent reading and beside some other cells of it."""
    figures, told, lines = tried(file)
    # because a CSV is read line after line, and only a CSV is ever cut
    ours = set_beside(list(takewhile(lambda s: int(re.sub(r"\D", "", s.cell)) <= lines, read_again(file))), figures)
    ours.told = told
    cells = {(s.sheet, s.cell) for s in others}
    return ours, set_beside(others, [f for f in figures if (f["sheet"], f["cell"]) in cells])


def set_beside(said: Sequence[Said], figures: Sequence[Figure]) -> Compared:
    """Figures set beside cells, by sheet and address; a sum of cells beside the cells it says it sums."""
    by_cell = {(s.sheet, s.cell): s for s in said}
    compared = Compared(cells=len(by_cell))
    right: set[tuple[str, str]] = set()
    wrong: dict[tuple[str, str], str] = {}
    sums = Sums(said)
    alike: dict[tuple[object, ...], list[tuple[Said, Figure]]] = defaultdict(list)
    for figure in figures:
        at = (figure["sheet"], figure["cell"])
        if not _CELL.fullmatch(figure["cell"]):
            summed, problem = sums.judged(figure)
            if problem:
                wrong[at[0], f"{at[1]} {_who(figure)}"] = problem
            right |= {(s.sheet, s.cell) for s in summed}
        elif (cell := by_cell.get(at)) is None:
            compared.beyond.append(f"{at[0]}!{at[1]} {figure['value']}")
        elif figure["status"] == "unreadable" and figure["value"] is None:
            continue  # because what is said to be unreadable is refused in words
        elif problem := contradiction(cell, figure):
            wrong[at] = problem
        else:
            right.add(at)
            alike[_identity(figure)].append((cell, figure))
    for found in alike.values():
        _tell_apart(found, wrong)
    compared.wrong = [f"{sheet}!{cell}: {why}" for (sheet, cell), why in wrong.items()]
    right -= set(wrong)
    compared.read = len(right)
    left = [s for at, s in by_cell.items() if at not in right and at not in wrong]
    compared.unread = [s for s in left if s.end is not None]
    compared.undated = len(left) - len(compared.unread)
    return compared


def _is_total(words: str) -> bool:
    return words.casefold().startswith(("all ", "total"))


def contradiction(said: Said, figure: Figure) -> str:
    """How a figure contradicts its cell, or says less; empty where it does not."""
    return next(_contradictions(said, figure), "")


def _contradictions(said: Said, figure: Figure) -> Iterator[str]:
    if _told(figure["status"]) != _told(said.status):
        yield f"status {figure['status']}, is {said.status}"
    if said.value is not None and not _same_number(said, figure["value"]):
        yield f"value {figure['value']}, is {said.value}"
    if said.value is None and figure["value"] is not None:
        yield f"value {figure['value']}, has none"
    for c in sorted(CHARACTERISTICS):
        wanted = said.people.get(c, "all")
        if wanted != NOT_ASKED and not _same_group(wanted, figure[c], figure[f"{c}_label"]):
            yield f"{c} {figure[c]}, is {wanted}"
    yield from _wrong_time(said, figure)
    yield from _wrong_place(said, figure)
    if said.unit != "count" and figure["unit"] == "people":
        yield f"unit people, is {said.unit}"
    if "identification" in said.extra and figure["identification"] != said.extra["identification"]:
        yield f"identification {figure['identification']}, is {said.extra['identification']}"
    # because a total of everyone has nothing beside it
    printed = {k: v for k, v in said.extra.items() if k not in _BESIDE and not _is_total(v)}
    measured = plain(figure["measure"]).replace("-", " ")
    named = (plain(figure["place_name"] or ""),)
    if (
        printed
        and not json.loads(figure["circumstances"] or "{}")
        and not any(_bare(v).replace("-", " ") in (*named, measured) or _bare(v) in measured for v in printed.values())
    ):
        yield f"no circumstances, has {', '.join(f'{k}={v}' for k, v in printed.items())}"


def _told(status: str) -> str:
    return "no value" if status in _NO_VALUE else status


def _same_number(said: Said, found: float | None) -> bool:
    wanted = said.value
    if found is None or wanted is None:
        return False
    scales = (1.0, 100.0, 0.01) if said.unit == "percent" else (1.0,)
    return any(abs(found - wanted * s) <= 1e-6 * max(1.0, abs(wanted)) for s in scales)


def _same_group(wanted: str, found: str, label: str | None) -> bool:
    if isinstance(wanted, AsPublished):
        return found != "all" and plain(wanted) in (plain(found), _bare(label or ""))
    return found == wanted


def _wrong_time(said: Said, figure: Figure) -> Iterator[str]:
    start, end = figure["period_start"], figure["period_end"]
    if said.end is None or said.start is None or end is None:
        return
    kinds = {said.kind, figure["period_kind"]}
    if kinds <= {"stock", "flow"} and len(kinds) == 2:
        yield f"{figure['period_kind']}, is a {said.kind}"
    first, last = said.start.isoformat(), said.end.isoformat()
    start = start or end
    exact = (start, end) == (first, last)
    # because where one of the two does not say whether it is a day or a span, each may lie within the other
    within = not kinds <= {"stock", "flow"} and (first <= start <= end <= last or start <= first <= last <= end)
    if not exact and not within:
        yield f"period {start} to {end}, is {first} to {last}"


def _wrong_place(said: Said, figure: Figure) -> Iterator[str]:
    if said.place == NOT_ASKED:
        return
    if said.place is not None:
        # because an area that no official list holds may be a circumstance
        # because a column of an area that nobody lists may be named in what is measured
        stated = (
            figure["place_name"],
            figure["place_code"],
            figure["measure"],
            *json.loads(figure["circumstances"] or "{}").values(),
        )
        first = {_area(v or "").split(" ")[0] for v in stated[2:3]}
        if _area(said.place) not in {*first, *(_area(v or "") for v in stated)}:
            yield f"place {figure['place_name'] or figure['place_code']}, is {said.place}"
    elif "country" in said.extra and figure["place_code"] in _COUNTRIES:
        yield f"place {figure['place_name']}, is {said.extra['country']}"


def _bare(label: str) -> str:
    """A label without the digits of its notes."""
    return re.sub(r"(?<=[a-z ])[\d,]+$", "", plain(label))


_AREAS = {
    "eastern": "east of england", "aust": "australia", "london city of": "city of london", "u.s.": "united states",
    "metropolitan police": "metropolitan",
}  # fmt: skip


def _area(name: str) -> str:
    """An area's name as compared: `North East Region`, `Total North East` and `North East` are one."""
    words = re.sub(r"\b(?:total|region)\b|,", "", _bare(name).replace("&", "and"))
    words = " ".join(words.split())
    return _AREAS.get(words, words)


def _identity(figure: Figure) -> tuple[object, ...]:
    """What a figure claims to be about, within its table."""
    parts = ("sheet", "table_id", "measure", "unit", "period_start", "period_end", "place_code", "place_name")
    return tuple(figure[p] for p in (*parts, "population", "circumstances", *sorted(CHARACTERISTICS)))


def _tell_apart(found: Sequence[tuple[Said, Figure]], wrong: dict[tuple[str, str], str]) -> None:
    """Figures of one table that claim to be about the same, whose cells say they are not, are all wrong."""
    first = found[0][0]
    other = next((s for s, _ in found if _about(s) != _about(first)), None)
    if other is not None:
        for said, _ in found:
            against = other if said.cell == first.cell else first
            wrong[said.sheet, said.cell] = f"says the same as {against.cell}, which is {_scope(against)}"


def _about(said: Said) -> tuple[object, ...]:
    people = {k: v for k, v in said.people.items() if v != NOT_ASKED}
    return (
        sorted(people.items()),
        sorted((k, v) for k, v in said.extra.items() if not _is_total(v)),
        said.end,
        said.start,
        said.place,
        said.measure,
    )


def _scope(said: Said) -> str:
    extra = {k: v for k, v in said.extra.items() if k not in _BESIDE}
    scope = {**said.people, **extra, "place": said.place, "measure": said.measure}
    return ", ".join(f"{k} {v}" for k, v in scope.items() if v) or "everyone"


def _who(figure: Figure) -> str:
    return ", ".join(f"{figure[c]}" for c in sorted(CHARACTERISTICS) if figure[c] != "all")


class Sums:
    """The cells that a figure summed of rows covers, and whether it is their sum."""

    def __init__(self, said: Sequence[Said]) -> None:
        self.said = said
        self.indexes: dict[tuple[str, ...], dict[tuple[str, ...], list[Said]]] = {}

    def judged(self, figure: Figure) -> tuple[list[Said], str]:
        stated: dict[str, str] = json.loads(figure["circumstances"] or "{}")
        people = {c: figure[c] for c in sorted(CHARACTERISTICS) if figure[c] != "all"}
        shape = (*people, "|", *sorted(stated))
        if shape not in self.indexes:
            index = self.indexes[shape] = defaultdict(list)
            for s in self.said:
                index[self._key(s, list(people), sorted(stated))].append(s)
        wanted = (figure["sheet"], figure["period_end"] or "", *people.values(), *(stated[k] for k in sorted(stated)))
        covered = _without_parts(figure, self.indexes[shape].get(wanted, []))
        if not covered:
            return [], "a sum over no cell read again"
        total = sum(s.value or 0.0 for s in covered)
        if any(OVERLAPPING in s.extra for s in covered):
            return [], f"a sum over rows that overlap: {figure['value']}"
        if abs(total - (figure["value"] or 0.0)) > 1e-6 * max(1.0, total):
            return [], f"sum {figure['value']}, the cells sum to {total} ({len(covered)} cells)"
        return covered, ""

    @staticmethod
    def _key(said: Said, people: Sequence[str], circumstances: Sequence[str]) -> tuple[str, ...]:
        groups = (said.people.get(c, "all") for c in people)
        ends = said.end.isoformat() if said.end else ""
        return (said.sheet, ends, *groups, *(_circumstance(said, d) for d in circumstances))


def _circumstance(said: Said, dimension: str) -> str:
    """A cell's category of a circumstance of the vocabulary, by the publisher's word for it."""
    words = [plain(v) for k, v in said.extra.items() if k in dimension]
    known = _categories()
    return next((c for w in words for d in (dimension, "*") if (c := known.get((d, w)))), words[0] if words else "")


@lru_cache
def _categories() -> dict[tuple[str, str], str]:
    found = {}
    with VOCABULARY.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for word in (row["category"].replace("_", " "), *row["spellings"].split("|")):
                found[row["dimension"], plain(word)] = row["category"]
    return found


def _without_parts(figure: Figure, covered: list[Said]) -> list[Said]:
    """Where a total stands beside its parts, the total alone."""
    for c in sorted(CHARACTERISTICS):
        if figure[c] == "all" and any(c not in s.people for s in covered):
            covered = [s for s in covered if c not in s.people]
    for key in {k for s in covered for k in s.extra}:
        if any(key not in s.extra for s in covered):
            covered = [s for s in covered if key not in s.extra]
    return covered


def table(file: str, found: Compared, most: int = 12) -> str:
    """What a person who mends needs: how much was read, and the first cells of each kind of fault."""
    share = found.read / found.cells if found.cells else 0.0
    head = f"{file}: {found.cells:,} cells, {found.read:,} read ({share:.1%}), {len(found.wrong):,} wrong, "
    lines = [
        head
        + f"{len(found.unread):,} unread, {found.undated:,} undated, {len(found.beyond):,} figures beyond the reading"
    ]
    for why, places in islice(_kinds(found.wrong), most):
        lines.append(f"  wrong  {len(places):>6} × {why}: {', '.join(places[:4])}")
    by_sheet: dict[str, list[Said]] = defaultdict(list)
    for said in found.unread:
        by_sheet[said.sheet].append(said)
    for sheet, unread in islice(sorted(by_sheet.items(), key=lambda kv: -len(kv[1])), most):
        first = unread[0]
        lines.append(f"  unread {len(unread):>6} × {sheet}: {first.cell} = {first.value} ({_scope(first)}) …")
    lines += [f"  told   {message[:200]}" for message in found.told[:4]]
    if found.beyond:
        lines.append(f"  beyond {', '.join(found.beyond[:6])}")
    return "\n".join(lines)


def _kinds(wrong: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Faults of one sheet that differ only in their numbers and names, commonest first."""
    by_kind: Mapping[str, list[str]] = defaultdict(list)
    for line in wrong:
        place, _, why = line.partition(": ")
        sheet, _, cell = place.rpartition("!")
        by_kind[f"{sheet}: " + re.sub(r"\d+(\.\d+)?", "#", re.sub(r"(, is|, has|which is) .*", r"\1 …", why))].append(
            f"{cell} {why}"
        )
    for why, places in sorted(by_kind.items(), key=lambda kv: -len(kv[1])):
        yield why, places
