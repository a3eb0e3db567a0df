"""The right answers, written from the sheets themselves: what each cell says, and which can only be refused.

An answer is a small grid. A column is headed by its letter and what stands over it, a row by its number and what
stands beside it, in segments between semicolons: `2021/22`, `2011-10`, `2022-06-30` (a stock) or
`2022-04-01..2023-03-31` is a period, `sex=male` a category, and a bare word a category of the answer's `rows` or
`columns`. Words between commas are all right; `*` stands for any letters. A cell is one of:

    90              this number, which must be read          90 revised   the same with this flag
    (90)            this number, or refused in words         90 flagged   the same with any flag or mark
    suppressed      no number, and this status               -1 named     refused, or read and named by a problem
    z/?             either of these                          ?            refused: no number, and words for it
    .               an empty cell                            -            no figure and no words needed
"""

import calendar
import datetime as dt
import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ANSWERS = Path(__file__).parent / "answers"
TRIALS = Path(__file__).resolve().parents[3] / "shared" / "trials"

Period = tuple[str, str]
Place = tuple[str, str]
"""A sheet and a cell."""


@dataclass(frozen=True)
class Says:
    """What one cell says. `categories` holds what stands beside and over it; everything else is of everyone."""

    value: float | None
    categories: Mapping[str, str]
    period: Period | None = None
    unit: str = "count"
    place: str | None = None
    kind: str = "any"
    identification: str | None = None
    flags: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset({"published"})
    may_be_refused: bool = False
    must_be_refused: bool = False
    must_be_named: bool = False
    needs_words: bool = True

    @property
    def wanted(self) -> str:
        """In a few words, for a person who mends."""
        if self.must_be_refused:
            return "refused in words"
        value = f"{self.value:g}" if self.value is not None else "/".join(sorted(self.statuses)) or "no figure"
        period = ["..".join(self.period)] if self.period else []
        unit = [self.unit] if self.unit != "count" else []
        return "; ".join(
            [value, *(f"{k}={v}" for k, v in self.categories.items()), *period, *unit, *sorted(self.flags)]
        )


@dataclass
class Answer:
    """The right answer for one file. `cells` holds every reading that is right; any of them will do."""

    file: str
    must: str = "read"
    cells: dict[Place, list[Says]] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    not_absent: frozenset[str] = frozenset()
    why: str = ""
    declarations: Mapping[str, str] = field(default_factory=dict)
    complaint: str = ""
    overlapping: bool = False
    not_crossed: bool = False
    tables_apart: tuple[str, ...] = ()
    unknown: Mapping[str, float] = field(default_factory=dict)
    says: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None


@cache
def answers() -> dict[str, Answer]:
    """Every answer by its file."""
    return {
        file: read_answer(file, written)
        for path in sorted(ANSWERS.glob("*.toml"))
        for file, written in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def read_answer(file: str, written: Mapping[str, Any]) -> Answer:
    """One answer as its file writes it."""
    answer = Answer(
        file,
        **{k: written[k] for k in ("must", "why", "declarations", "complaint", "overlapping", "not_crossed",
                                   "unknown", "says", "delimiter") if k in written},
        present=frozenset(written.get("present", ())),
        not_absent=frozenset(written.get("not_absent", ())),
        tables_apart=tuple(written.get("tables_apart", ())),
    )  # fmt: skip
    sheets = written.get("sheets") or {"" if file.endswith((".csv", ".tsv")) else "*": written["cells"]}
    for sheet, text in sheets.items():
        for block in re.split(r"\n\s*\n", text.strip("\n")):
            for address, says in _block(block, written):
                answer.cells.setdefault((sheet, address), []).append(says)
    return answer


def _block(block: str, written: Mapping[str, Any]) -> list[tuple[str, Says]]:
    lines = [[part.strip() for part in line.split("|")] for line in block.splitlines()]
    columns = [head.partition(":")[::2] for head in lines[0][1:]]
    found = []
    for first, *cells in lines[1:]:
        number, _, beside = first.partition(" ")
        for (letter, over), cell in zip(columns, cells, strict=True):
            stands = {
                **{k: str(written[k]) for k in ("period", "unit", "place", "kind") if k in written},
                **_segments(over, written.get("columns", "ethnicity")),
                **_segments(beside, written.get("rows", "ethnicity")),
            }
            found.append((f"{letter}{number}", _says(cell, stands)))
    return found


def _segments(text: str, dimension: str) -> dict[str, str]:
    found = {}
    for segment in filter(None, (s.strip() for s in text.split(";"))):
        name, equals, value = segment.partition("=")
        if equals:
            found[name] = value
        elif _PERIOD.fullmatch(segment):
            found["period"] = segment
        else:
            found[dimension] = segment
    return found


def says(cell: str | float, **stands: str) -> Says:
    """What a cell says, in the words of an answer: `says("(90)", sex="male", period="2021/22")`."""
    return _says(str(cell), stands)


def _says(cell: str, stands: Mapping[str, str]) -> Says:
    stands = dict(stands)
    period, kind = _period(stands.pop("period", "none"))
    asked: dict[str, Any] = {
        "period": period,
        "kind": stands.pop("kind", kind),
        "unit": stands.pop("unit", "count"),
        "place": stands.pop("place", None),
        "identification": stands.pop("identification", None),
    }
    flags = frozenset(filter(None, (f.strip() for f in stands.pop("flags", "").split(","))))
    number, _, mark = cell.strip("()").partition(" ")
    try:
        value = float(number)
    except ValueError:
        words = frozenset(cell.split("/"))
        return Says(
            None,
            stands,
            **asked,
            statuses=words - {"?", ".", "-"} | ({"not_available"} if "." in words else frozenset()),
            may_be_refused=bool(words & {"?", ".", "-"}),
            must_be_refused=cell == "?",
            needs_words=not words & {".", "-"},
        )
    named = mark == "named"
    return Says(
        value,
        stands,
        **asked,
        flags=flags | ({mark} - {"", "named"}),
        may_be_refused=cell.startswith("(") or named,
        must_be_named=named,
    )


_PERIOD = re.compile(r"none|\d{4}(?:/\d{2}|-\d{2}(?:-\d{2})?)?(?:\.\.\d{4}-\d{2}-\d{2})?")


def _period(text: str) -> tuple[Period | None, str]:
    if text == "none":
        return None, "any"
    if ".." in text:
        first, last = text.split("..")
        return (first, last), "flow"
    if "/" in text:
        year = int(text[:4])
        return (f"{year}-04-01", f"{year + 1}-03-31"), "flow"
    parts = [int(p) for p in text.split("-")]
    if len(parts) == 3:
        return (text, text), "stock"
    first, last = (parts[1], parts[1]) if len(parts) == 2 else (1, 12)
    end = dt.date(parts[0], last, calendar.monthrange(parts[0], last)[1])
    return (f"{parts[0]}-{first:02}-01", end.isoformat()), "flow"


def by_sheet(answer: Answer) -> dict[str, dict[str, list[Says]]]:
    """The cells of each sheet."""
    found: dict[str, dict[str, list[Says]]] = defaultdict(dict)
    for (sheet, address), readings in answer.cells.items():
        found[sheet][address] = readings
    return found
