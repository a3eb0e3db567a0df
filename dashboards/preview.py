"""What was read where: every sheet of a file with the role of each cell, in a terminal and as one page of HTML."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from markupsafe import Markup

from dashboards import sentences as say
from dashboards.site import page_templates
from dashboards.terminal.layout import WIDTH
from monitor.vocabulary import CHARACTERISTICS
from pipelines.account import Account, FileAccount, SheetAccount
from pipelines.reading.grid import Cell, column_letters
from pipelines.shape import Role, Table

MARKS = {
    Role.TITLE: ("T", "title", "1;34"),
    Role.NOTE: ("N", "note", "35"),
    Role.LABEL: ("L", "label", "32"),
    Role.FIGURE: ("#", "figure", "0"),
    Role.REFUSED: ("R", "refused", "1;33"),
    Role.NOT_UNDERSTOOD: ("?", "not understood", "1;31"),
}
"""By role the mark that stands before a cell, what it means, and its colour in a terminal."""
LEGEND = ", ".join(f"{mark} {words}" for mark, words, _ in MARKS.values())
FIRST, LAST, COLUMNS, DOUBTED = 10, 4, 40, 60
"""Of a page: rows shown of each part of a sheet, columns, and rows besides with cells that yield nothing."""
_BRIEF = {"first": 4, "last": 1, "columns": 6, "doubted": 2}
"""The same in a terminal."""
_WIDE = 14
"""Characters of a column in a terminal."""
WORDS = 200
"""Longer text in a cell is cut."""


@dataclass
class Shown:
    """A cell: its text, why it yields nothing (by number), what it was read as and how its table differs."""

    role: Role
    text: str
    reason: int = 0
    span: int = 1
    read_as: list[str] = field(default_factory=list)
    differs: str = ""

    @property
    def mark(self) -> str:
        """Its mark."""
        return MARKS[self.role][0]

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right and in one line, as numbers and marks do."""
        return self.role >= Role.FIGURE and " " not in self.text

    @property
    def kind(self) -> str:
        """Its role as a class of the style sheet."""
        return MARKS[self.role][1].replace(" ", "-")


@dataclass
class Line:
    """A row of a sheet, or what became of rows left out: then `cells` is empty and `left_out` says it."""

    number: str
    cells: Sequence[Shown | None] = ()
    left_out: str = ""
    is_hidden: bool = False


def page(name: str, sha256: str, account: FileAccount, figures: pl.DataFrame) -> str:
    """A file as one page of HTML that needs no other file."""
    css = (Path(__file__).parent / "assets" / "site.css").read_text(encoding="utf-8")
    known = {
        "name": name,
        "sha256": sha256,
        "account": account.account,
        "figures": figures.height,
        "legend": MARKS.values(),
        "sheets": [_sheet(sheet, figures.filter(pl.col("sheet") == sheet.sheet)) for sheet in account.sheets],
        # because the fonts are files of their own
        "css": Markup("\n".join(line for line in css.splitlines() if not line.startswith("@font-face"))),
    }
    return page_templates().get_template("preview.html").render(known)


def lines(account: FileAccount, *, colour: bool) -> list[str]:
    """A file in a terminal: of each table and each sheet in doubt its first rows and columns."""
    said = [LEGEND]
    for sheet in account.sheets:
        grid, roles, tables = sheet.shape.grid, sheet.roles, sheet.shape.tables
        areas = [(t.area, t.title, one, [_body(t)]) for t, one in zip(tables, sheet.tables, strict=True)]
        if not areas and (roles >= Role.REFUSED).any():
            areas = [((slice(None), slice(None)), "no table", sheet.account, [])]
        for area, title, one, parts in areas:
            said += ["", _plain(f"{grid.sheet}: {title}", WIDTH - 2), f"  {one}"]
            body, columns = _kept(roles, parts, area, **_BRIEF)
            rest = sorted(set(np.flatnonzero(roles[area].any(axis=0)) + (area[1].start or 0)) - set(columns))
            said.append(" " * 8 + " ".join(column_letters(c).ljust(_WIDE) for c in columns).rstrip())
            for line in _lines(sheet, body, columns, area):
                said.append(f"{line.number:>6}  {line.left_out or _row(line.cells, colour)}".rstrip())
            if rest:
                said.append(f"     …  not shown: {len(rest)} more columns, up to {column_letters(rest[-1])}")
    return [*said, ""]


def _row(cells: Sequence[Shown | None], colour: bool) -> str:
    """Cells side by side; the last one may run on over the empty ones after it, as in a spreadsheet."""
    last = max((k for k, cell in enumerate(cells) if cell), default=0)
    said = []
    for k, cell in enumerate(cells[: last + 1]):
        wide = _WIDE if k < last else WIDTH - 10 - k * (_WIDE + 1)
        text = _plain(f"{cell.mark} {cell.text}", wide).ljust(wide) if cell else " " * wide
        said.append(f"\x1b[{MARKS[cell.role][2]}m{text}\x1b[0m" if cell and colour else text)
    return " ".join(said).rstrip()


def _body(table: Table) -> slice:
    return slice(int(table.rows[0]), int(table.rows[-1]) + 1)


def _kept(
    roles: np.ndarray,
    parts: Sequence[slice],
    area: tuple[slice, slice] = (slice(None), slice(None)),
    first: int = FIRST,
    last: int = LAST,
    columns: int = COLUMNS,
    doubted: int = DOUBTED,
) -> tuple[list[int], list[int]]:
    """The rows to show (the ends of each part, and some that yield nothing) and the columns."""
    within = np.zeros(roles.shape, dtype=bool)
    within[area] = roles[area] > Role.EMPTY
    filled = np.asarray(within.any(axis=1))
    kept: set[int] = set()
    edges = sorted({0, len(roles), *(edge for part in parts for edge in part.indices(len(roles))[:2])})
    for start, end in pairwise(edges):
        rows = (np.flatnonzero(filled[start:end]) + start).tolist()
        kept |= {*rows[:first], *rows[max(first, len(rows) - last) :]}
    doubt = np.flatnonzero((within & (roles >= Role.REFUSED)).any(axis=1)).tolist()
    kept |= set([r for r in doubt if r not in kept][:doubted])
    order = np.flatnonzero(filled).tolist()
    # because a line that says of one row that it is left out takes its place
    kept |= {r for before, r, after in zip(order, order[1:], order[2:], strict=False) if kept >= {before, after}}
    return sorted(kept), np.flatnonzero(within.any(axis=0)).tolist()[:columns]


def _lines(
    sheet: SheetAccount,
    rows: Sequence[int],
    columns: Sequence[int],
    area: tuple[slice, slice] = (slice(None), slice(None)),
) -> Iterator[Line]:
    """Rows in order, and between them what became of those left out."""
    grid, roles = sheet.shape.grid, sheet.roles
    reasons = np.zeros(roles.shape, dtype=np.int32)
    for n, unread in enumerate(sheet.unread, 1):
        reasons[unread.mask] = n
    start, end, _ = area[0].indices(len(roles))
    for r in [*rows, end]:
        if (left := Account.of(roles[start:r, area[1]])).cells:
            span = f"row {start + 1} is" if r == start + 1 else f"rows {start + 1:,} to {r:,} are"
            yield Line("…", left_out=f"{span} not shown: {left}")
        start = r + 1
        if r == end:
            continue
        row = grid.rows[r]
        cells = [
            Shown(role, _text(row[c], role, (r, c) in grid.percentages), int(reasons[r, c]))
            if (role := Role(int(roles[r, c]))) and c < len(row)
            else None
            for c in columns
        ]
        last = max((k for k, cell in enumerate(cells) if cell), default=-1)
        if last >= 0 and (end_ := cells[last]) is not None and end_.role in (Role.TITLE, Role.NOTE):
            end_.span = len(cells) - last
            del cells[last + 1 :]
        yield Line(grid.places.get(r) or str(r + 1), cells, is_hidden=r in grid.hidden_rows)


def _text(cell: Cell, role: Role, is_percentage: bool) -> str:
    if isinstance(cell, float):
        text = f"{cell * 100:.12g}%" if is_percentage else f"{cell:,.12g}"
        return text if role > Role.LABEL else text.replace(",", "")
    return _plain(str(cell), WORDS)


def _plain(text: str, most: int) -> str:
    """Outside text in one line, without what a terminal would obey."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


# --- a page -----------------------------------------------------------------------------------------------------------


def _sheet(sheet: SheetAccount, figures: pl.DataFrame) -> dict[str, Any]:
    """What the template says of one sheet."""
    grid = sheet.shape.grid
    rows, columns = _kept(sheet.roles, [_body(table) for table in sheet.shape.tables])
    found = list(_lines(sheet, rows, columns))
    by_cell = dict(zip(rows, (line for line in found if line.cells), strict=True))
    alike: dict[str, list[str]] = {}
    mine = figures.filter(pl.col("cell").is_in([grid.address(r, c) for r in rows for c in columns]))
    for (table,), some in mine.group_by("table_id", maintain_order=True):
        said = {cell: list(map(read_as, of.to_dicts())) for (cell,), of in some.group_by("cell", maintain_order=True)}
        all_ = [one for several in said.values() for one in several]
        same = {k: v for k, v in all_[0].items() if k and all(one.get(k) == v for one in all_)}
        alike[str(table)] = [f"{k}: {v}" for k, v in same.items()]
        for r, line in by_cell.items():
            for c, cell in zip(columns, line.cells, strict=False):
                for one in said.get(grid.address(r, c), ()) if cell else ():
                    assert cell is not None
                    cell.read_as.append(_whole(one))
                    less = ", ".join(v for k, v in one.items() if k not in same and v != cell.text)
                    cell.differs = "; ".join(filter(None, (cell.differs, less)))
    sums = figures.filter(pl.col("cell").str.starts_with("sum of"))
    left = Account.of(np.delete(sheet.roles, columns, axis=1))
    return {
        "name": grid.sheet,
        "is_hidden": grid.is_hidden,
        "account": sheet.account,
        "tables": [(t.title, one) for t, one in zip(sheet.shape.tables, sheet.tables, strict=True)],
        "unread": sheet.unread,
        "alike": alike,
        "columns": [(column_letters(c), c in grid.hidden_columns) for c in columns],
        "lines": found,
        "left_out": left if left.cells else "",
        "notes": grid.notes,
        "unopened": grid.unopened,
        "sums": sums.height,
        "some_sums": [_whole(read_as(one)) for one in sums.head(FIRST).to_dicts()],
    }


def _whole(said: Mapping[str, str]) -> str:
    return "; ".join(f"{k}: {v}" if k else v for k, v in said.items())


def read_as(figure: Mapping[str, Any]) -> dict[str, str]:
    """What a figure was read as: its value, and under their names its period, place, unit, groups and circumstances."""
    value = figure["status"] if figure["value"] is None else _text(figure["value"], Role.FIGURE, False)
    said = {"": " ".join([value, *(figure["flags"] or ())])}
    if figure["period_end"] is not None:
        label, start, end = (figure[f"period_{part}"] for part in ("label", "start", "end"))
        said["Period"] = say.period(label or "", start, end)
        said["Stock or flow"] = figure["period_kind"]
    said |= {c.title: figure[c.id] for c in CHARACTERISTICS if figure[c.id] != "all"}
    if figure["identification"] == "officer":
        said["Seen by"] = "officer"
    said |= {k.capitalize(): v for k, v in json.loads(figure["circumstances"] or "{}").items()}
    said |= {"Place": figure["place_name"] or "not said", "Unit": figure["unit"], "Measure": figure["measure"]}
    return {k.replace("_", " "): _plain(str(v).replace("_", " "), WORDS) for k, v in said.items()}
