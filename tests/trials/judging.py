"""What the product says of a file, asked as a person asks it, and set against the right answer."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from tests.trials.answering import Answer, Says
from tests.trials.sheets import Cells, sheets

WRONG, MISLEADING, SILENT, UNREAD, UNACCOUNTED = (
    "wrong number",
    "misleading",
    "silent loss",
    "not read",
    "no account",
)
GRAVEST_FIRST = (WRONG, MISLEADING, SILENT, UNREAD, UNACCOUNTED)
RIGHT, REFUSED = "right", "refused in words"

CHARACTERISTICS = (
    "age", "disability", "gender_reassignment", "marriage_and_civil_partnership", "pregnancy_and_maternity",
    "ethnicity", "religion", "sex", "sexual_orientation", "nationality", "gypsy_roma_traveller",
    "learning_disability",
)  # fmt: skip
SUM_CHECKS = {"children_sum_to_parent", "parts_sum_to_total", "sexes_sum_to_both"}
KINDS = ("titles", "notes", "labels", "figures", "refused", "not_understood")
UNDECLARED = "England and Wales"
"""Where a draft places figures of a sheet that names no place."""
_NO_COUNT = re.compile(r"\bper\b|%|percent|\brates?\b|proportion|share|thousand|fraction", re.I)
_A_COUNT = re.compile(r"people|persons?|counts?|events?|arrests?|stops?|deaths?|prisoners?", re.I)
_FRACTION = re.compile(r"proportion|fraction|share|ratio", re.I)


@dataclass(frozen=True)
class Reason:
    """One thing that is not right: where, what the sheet says, what the product says."""

    kind: str
    where: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.kind} at {self.where}: expected {self.expected}; found {self.found}"


@dataclass(frozen=True)
class Told:
    """What the product answered: exit code, document, and what it wrote for people."""

    code: int
    document: Mapping[str, Any]
    out: str
    err: str


@cache
def ask(home: Path, *arguments: str | Path) -> Told:
    """A verb in this process, with `--json`, asked once; a document is owed on exit 1 too."""
    from monitor.cli import main

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([*map(str, arguments), "--json", "--quiet", "--home", str(home)])
    try:
        document = json.loads(out.getvalue())
    except ValueError:
        document = {}
    return Told(code, document, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Judged:
    """All that is not right about what the product says of a file, gravest first, and whether it read anything."""

    reasons: list[Reason]
    read: bool

    @property
    def verdict(self) -> str:
        """In a word or two."""
        return self.reasons[0].kind if self.reasons else RIGHT if self.read else REFUSED


def judged(answer: Answer, path: Path, home: Path, declaration: Path | None = None, must: str = "") -> Judged:
    """What the product says of a file, drafted or by a declaration, set against the right answer."""
    surveyed = ask(home, "survey", path)
    tried = ask(home, "try", path, *(("--declaration", declaration) if declaration else ()))
    judge = _Judge(answer, sheets(path, answer.delimiter), surveyed, tried, must or answer.must, not declaration)
    reasons = sorted(judge.reasons(), key=lambda r: GRAVEST_FIRST.index(r.kind))
    return Judged(reasons, bool(tried.document.get("figures")) or answer.must == "refuse")


@dataclass
class _Judge:
    answer: Answer
    stands: Mapping[str, Cells]
    surveyed: Told
    tried: Told
    must: str
    surveys: bool

    def reasons(self) -> Iterator[Reason]:
        for verb, told in (("survey", self.surveyed), ("try", self.tried)):
            if "Traceback" in told.err or not told.document:
                yield Reason(SILENT, verb, "one JSON document", (told.err or told.out or "nothing").strip()[-200:])
                return
        self.problems = [
            *self.tried.document["problems"],
            *(
                u
                for told in (self.tried, self.surveyed)
                for k in ("unread", "unclear")
                for u in told.document.get(k, ())
            ),
        ]
        self.figures = [
            (self._sheet(f["sheet"]), f) for f in self.tried.document["figures"] if not f["cell"].startswith("sum of")
        ]
        yield from self._numbers()
        yield from self._sums()
        if self.surveys:
            yield from self._characteristics()
        yield from self._complaints()
        yield from self._lost()
        yield from self._accounts()

    def _sheet(self, name: str) -> str:
        """The sheet's name in the answer: a CSV has none, and a workbook of one sheet needs none."""
        return name if any(sheet == name for sheet, _ in self.answer.cells) else next(iter(self.answer.cells))[0]

    def _readings(self, sheet: str, cell: str) -> list[Says] | None:
        return self.answer.cells.get((sheet, cell))

    def _numbers(self) -> Iterator[Reason]:
        for sheet, figure in self.figures:
            where = f"{sheet if sheet not in ('', '*') else ''} {figure['cell']}".strip()
            readings = self._readings(sheet, figure["cell"])
            if readings is None:
                if figure["value"] is not None:
                    yield Reason(WRONG, where, "no figure", _said(figure))
                continue
            if self._is_undated(sheet, figure):
                continue
            differing = [list(_differs(figure, reading)) for reading in readings]
            if all(differing):
                least = min(zip(readings, differing, strict=True), key=lambda pair: len(pair[1]))
                yield Reason(WRONG, where, least[0].wanted, f"{', '.join(least[1])}: {_said(figure)}")
                continue
            right = next(r for r, d in zip(readings, differing, strict=True) if not d)
            if figure["status"] == "unreadable":
                continue
            marked = set(figure["flags"]) | ({"flagged"} if figure["flags"] or figure["marker"] else set())
            if missing := right.flags - marked:
                yield Reason(MISLEADING, where, f"the flag {', '.join(sorted(missing))}", _said(figure))
            if right.must_be_named and figure["value"] is not None and not self._named(sheet, figure["cell"]):
                yield Reason(MISLEADING, where, "a finding that names the cell", _said(figure))
        for one, other in zip(self.answer.tables_apart, self.answer.tables_apart[1:], strict=False):
            tables = [{f["table_id"] for _, f in self.figures if f["cell"] == cell} for cell in (one, other)]
            if tables[0] & tables[1]:
                yield Reason(WRONG, f"{one} and {other}", "two tables", f"one: {', '.join(tables[0])}")

    def _is_undated(self, sheet: str, figure: Mapping[str, Any]) -> bool:
        """Whether a figure has no period and a problem says so: in no table and no ratio, so as good as refused."""
        readings = self._readings(sheet, figure["cell"]) or []
        others = {d for r in readings for d in _differs(figure, r)} - {"period"}
        return (
            not (others or figure["period_start"])
            and any(r.period for r in readings)
            and self._named(sheet, figure["cell"])
        )

    def _sums(self) -> Iterator[Reason]:
        for figure in self.tried.document["figures"]:
            if not figure["cell"].startswith("sum of") or figure["value"] is None:
                continue
            wanted = None if self.answer.overlapping else self._summed(figure)
            if wanted is None or abs(wanted - figure["value"]) > 1e-6:
                expected = "no sum of what overlaps" if wanted is None else f"{wanted:g}"
                yield Reason(WRONG, figure["cell"], expected, _said(figure))

    def _summed(self, figure: Mapping[str, Any]) -> float | None:
        """What the parts of a sum come to: of every dimension that the sum leaves out, its parts and not its total."""
        every = [r for readings in self.answer.cells.values() for r in readings if r.value is not None]
        stands = _categories(figure)
        parts = [
            r
            for r in every
            if r.period in (None, (figure["period_start"], figure["period_end"]))
            and all(_matches(v, r.categories.get(k, "all")) for k, v in stands.items() if v != "all")
        ]
        for name in {k for r in parts for k in r.categories if stands.get(k, "all") == "all"}:
            whole = [r for r in parts if r.categories.get(name, "all") == "all"]
            parts = whole or [r for r in parts if r.categories.get(name, "all") != "all"]
        return sum(r.value or 0 for r in parts) if parts else None

    def _characteristics(self) -> Iterator[Reason]:
        said = self.surveyed.document["characteristics"]
        for name in CHARACTERISTICS:
            if name in self.answer.present and said[name] != "present":
                unclear = said[name] == "unclear"
                if not unclear or self.must == "read":
                    yield Reason(UNREAD if unclear else MISLEADING, "survey", f"{name} present", said[name])
            elif name in self.answer.not_absent and said[name] == "absent":
                yield Reason(MISLEADING, "survey", f"{name} not absent", "absent")
            elif name not in self.answer.present | self.answer.not_absent and said[name] == "present":
                yield Reason(MISLEADING, "survey", f"{name} not in this sheet", "present")
        tables = self.surveyed.document["tables"]
        if self.answer.not_crossed and any(t["crossed"] for t in tables):
            yield Reason(MISLEADING, "survey", "nothing crossed", str([t["crossed"] for t in tables]))
        for name, share in self.answer.unknown.items():
            for t in tables:
                found = t["characteristics"].get(name, {}).get("unknown_share")
                if found is not None and abs(found - share) > 0.005:
                    yield Reason(MISLEADING, "survey", f"{share:.1%} of unknown {name}", f"{found:.1%}")

    def _complaints(self) -> Iterator[Reason]:
        for problem in self.tried.document["problems"]:
            if problem["check"] in SUM_CHECKS and not self.answer.complaint:
                cells = ", ".join(problem["cells"])
                yield Reason(MISLEADING, cells, "no complaint", f"{problem['check']}: {problem['message']}")
            wanted = self.answer.says.get(problem["check"])
            if wanted and wanted not in problem["message"]:
                yield Reason(MISLEADING, ", ".join(problem["cells"]), f"{wanted!r} in its words", problem["message"])

    def _lost(self) -> Iterator[Reason]:
        lost = 0
        read = {
            (sheet, f["cell"])
            for sheet, f in self.figures
            if f["status"] != "unreadable" and not self._is_undated(sheet, f)
        }
        for (sheet, cell), readings in self.answer.cells.items():
            if (sheet, cell) in read or not all(r.needs_words for r in readings):
                continue
            lost += 1
            where = f"{sheet if sheet not in ('', '*') else ''} {cell}".strip()
            if not self._named(sheet, cell):
                yield Reason(SILENT, where, f"{readings[0].wanted.removesuffix(' in words')}, or words", "neither")
            elif self.must == "read" and not all(r.may_be_refused or r.must_be_refused for r in readings):
                yield Reason(UNREAD, where, readings[0].wanted, self._why(sheet, cell))
        account = self.tried.document.get("account")
        if account and account["refused"] + account["not_understood"] < lost:
            yield Reason(SILENT, "try", f"{lost} cells refused or not understood", str(account))

    def _named(self, sheet: str, cell: str) -> bool:
        return bool(self._naming(sheet, cell))

    def _why(self, sheet: str, cell: str) -> str:
        problem = self._naming(sheet, cell)[0]
        return f"{problem.get('check', 'unclear')}: {problem.get('message') or problem.get('not_understood')}"

    def _naming(self, sheet: str, cell: str) -> list[Mapping[str, Any]]:
        """The problems that name a cell, a label beside or over it, the words of such a label, or the whole table."""
        row, column = coordinate_to_tuple(cell)
        stands = self.stands.get(sheet) or next(iter(self.stands.values()))
        labels = {
            str(text).strip()
            for address, text in stands.items()
            if self._labels(sheet, address, row, column)
        }  # fmt: skip
        found = []
        for problem in self.problems:
            if problem.get("sheet") and sheet not in ("", "*", problem["sheet"]):
                continue
            quoted = set(re.findall(r"'([^']+)'", problem.get("message") or problem.get("not_understood") or ""))
            cells = [c.rpartition("!")[2].replace("$", "") for c in problem.get("cells") or ()]
            whole = problem.get("severity") == "critical" and not cells
            if whole or quoted & labels or any(self._covers(sheet, c, row, column) for c in cells):
                found.append(problem)
        return found

    def _labels(self, sheet: str, address: str, row: int, column: int) -> bool:
        """Whether a cell stands to the left of another or over it, and holds no figure itself."""
        r, c = coordinate_to_tuple(address)
        return (sheet, address) not in self.answer.cells and ((r == row and c < column) or (c == column and r < row))

    def _covers(self, sheet: str, named: str, row: int, column: int) -> bool:
        if not re.fullmatch(r"[A-Z]+\d+(?::[A-Z]+\d+)?", named):
            return False
        if ":" in named:
            left, top, right, bottom = range_boundaries(named)
            if top <= row <= bottom and left <= column <= right:
                return True
            named = named.partition(":")[0] if left == right or top == bottom else ""
            if left == right and top <= row <= bottom:
                named = f"{named.rstrip('0123456789')}{row}"
            if not named:
                return False
        return coordinate_to_tuple(named) == (row, column) or self._labels(sheet, named, row, column)

    def _accounts(self) -> Iterator[Reason]:
        every = [str(text) for cells in self.stands.values() for text in cells.values()]
        filled = sum(not text.startswith("sep=") for text in every)
        for verb, told in (("survey", self.surveyed), ("try", self.tried)):
            account = told.document.get("account")
            if not account:
                yield Reason(UNACCOUNTED, verb, f"an account of {filled} cells", "none")
            elif sum(account[k] for k in KINDS) != account["cells"]:
                yield Reason(SILENT, verb, "an account that adds up to its cells", str(account))
            elif account["cells"] not in (filled, len(every)):
                yield Reason(SILENT, verb, f"an account of {filled} cells", str(account))


def _said(figure: Mapping[str, Any]) -> str:
    value = f"{figure['value']:g}" if figure["value"] is not None else figure["status"]
    stands = [f"{k}={v}" for k, v in _categories(figure).items() if v != "all"]
    period = f"{figure['period_start']}..{figure['period_end']} {figure['period_kind'] or ''}".strip()
    return "; ".join([value, *stands, period, figure["unit"] or "no unit", *figure["flags"]])


def _categories(figure: Mapping[str, Any]) -> dict[str, str]:
    beside = json.loads(figure["circumstances"] or "{}")
    return {**{name: figure[name] for name in CHARACTERISTICS}, **beside}


def _matches(found: object, wanted: str) -> bool:
    """Whether a category is one of the words between commas, in any case and with `_` as a space."""
    said = str(found).replace("_", " ").lower()
    patterns = [wanted, *wanted.split(",")]
    return any(fnmatchcase(said, p.strip().replace("_", " ").lower()) for p in patterns)


def _differs(figure: Mapping[str, Any], says: Says) -> Iterator[str]:
    """What of a figure contradicts its cell."""
    if figure["status"] == "unreadable" and figure["value"] is None:
        return
    if says.must_be_refused:
        yield "a figure"
        return
    if figure["status"] not in says.statuses:
        yield "status"
        return
    if figure["value"] is not None:
        yield from _differs_in_number(figure, says)
    beside = json.loads(figure["circumstances"] or "{}")
    for name in CHARACTERISTICS:
        if not _matches(figure[name], says.categories.get(name, "all")):
            yield name
    yield from _differs_beside(beside, says)
    if (figure["period_start"], figure["period_end"]) != (says.period or (None, None)):
        yield "period"
    elif says.kind not in ("any", kind := figure["period_kind"] or says.kind) and kind != "not_understood":
        yield "kind of period"
    where = [figure["place_name"] or "", *map(str, beside.values())]
    if says.place is None:
        if figure["place_name"] not in (None, UNDECLARED):
            yield "place"
    elif not any(says.place.lower() == w.lower().replace("_", " ") for w in where):
        yield "place"
    if says.identification and figure["identification"] != says.identification:
        yield "identification"


def _differs_beside(beside: Mapping[str, Any], says: Says) -> Iterator[str]:
    wanted = {k: v for k, v in says.categories.items() if k not in CHARACTERISTICS}
    for name, category in wanted.items():
        found = [beside[name]] if name in beside else list(beside.values())
        if not found and category == "all":
            continue
        if category == "all" and any(re.search(r"\b(all|total)\b", str(v).replace("_", " "), re.I) for v in found):
            continue
        if not any(_matches(v, category) for v in found):
            yield name
    place = (says.place or "").lower()
    if not wanted and any(k != "statistic" and str(v).replace("_", " ").lower() != place for k, v in beside.items()):
        yield "circumstances"


def _differs_in_number(figure: Mapping[str, Any], says: Says) -> Iterator[str]:
    unit = figure["unit"] or ""
    is_open = not unit or unit.isupper()
    wanted = says.value
    if says.unit == "percent" and (_FRACTION.search(unit) or (is_open and wanted and figure["value"] < wanted / 50)):
        wanted = (wanted or 0) / 100
    if says.unit == "thousands" and _A_COUNT.search(unit) and "thousand" not in unit:
        wanted = (wanted or 0) * 1000
    elif says.unit == "count" and _NO_COUNT.search(unit):
        yield "unit"
    elif says.unit in ("percent", "rate") or says.unit.startswith("per "):
        counted = _A_COUNT.search(unit) and not _NO_COUNT.search(unit)
        size = re.search(r"per ([\d,]+)", unit)
        if counted or (size and says.unit.startswith("per ") and size[1] != says.unit[4:]):
            yield "unit"
    if wanted is None or abs(figure["value"] - wanted) > 1e-9 * max(1, abs(wanted)):
        yield "value"
