"""Real published files changed in one way each, as publishers change them: harmful, or harmless.

What it makes true: each change is made to the cells of a sheet and is surveyed like a file; the register then compares
the file as published with the changed one as its next edition. `python -m tests.benchmarks.register` counts how many
harmful changes are noticed, and how many harmless ones raise an alarm.

Each change is made in another dress as well: the sheet renamed, the table retitled or standing a column further right,
or written as a workbook, as OpenDocument, or as CSV in a zip, and read again. None of these is a harm by itself.

An alarm is a row about a characteristic that says something was lost or got worse, or any row that is to be acted on
(S1, S2). That a file has another name is said as well (S3): it is true, and no alarm.
"""

import csv
import datetime as dt
import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from monitor.declarations import Publication
from monitor.store.schema import frame_schema
from monitor.vocabulary import category, meanings
from monitor.watch.register import QUIET, register
from pipelines.reading import read
from pipelines.reading.grid import Cell, Grid
from pipelines.survey import Survey, frames, survey
from tests.world.workbooks import Format, write

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "published"
FILES = (
    "moj/Population_30June2022_Annual.xlsx",
    "home-office/arrest-police-powers-procedures-mar19-hosb2519-tables.ods",
    "moj/AdjudicationsQ32022.csv",
    "ethnicity-facts-figures/custody-rate.csv",
)
LONGEST = 1500
"""Rows of an open-data file that are kept: every nth of them, so that a thousand changes take a minute."""
CLOSED = ("ethnicity", "religion", "sex", "age")
"""Characteristics whose groups are a closed list: of nationalities single ones come and go."""
PUBLICATION = Publication(id="custody", title="Custody statistics", publisher="Office for Made-up Statistics")

Rows = list[list[Cell]]
Mutate = Callable[[random.Random], "Rows | None"]


@dataclass(frozen=True)
class Target:
    """A sheet of a real file by one of its characteristics: where its labels stand, and how.

    `labels` are positions of labels of groups and of unknown, with their category and whether it is a group. `way` is
    how the groups run: `down` a column beside the numbers, `across` a header row, or as a `long` file's records.
    """

    file: str
    sheet: str
    characteristic: str
    rows: Rows
    labels: Mapping[tuple[int, int], tuple[str, bool]]
    way: str

    @property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(name for name, is_group in self.labels.values() if is_group))

    @property
    def stacked(self) -> bool:
        """Whether each label stands over a block of rows of its own."""
        starts = sorted(r for (r, _), (_, is_group) in self.labels.items() if is_group)
        steps = sorted(b - a for a, b in pairwise(starts))
        return self.way == "down" and bool(steps) and steps[len(steps) // 2] > 2


@lru_cache(maxsize=1)
def held() -> dict[str, list[Grid]]:
    """The real files, long ones thinned."""
    found = {}
    for name in FILES:
        grids = read(PUBLISHED / name)
        found[name] = [_thinned(g) for g in grids]
    return found


def _thinned(grid: Grid) -> Grid:
    rows = [list(row) for row in grid.rows]
    if len(rows) > LONGEST * 1.5 or grid.sheet.endswith(".csv"):
        step = max(1, len(rows) // LONGEST)
        rows = [rows[0], *rows[1::step]]
    return Grid(grid.sheet, rows, grid.hidden_columns)


@lru_cache(maxsize=1)
def surveyed() -> dict[str, Survey]:
    """What each file is broken down by as published."""
    return {name: survey(grids) for name, grids in held().items()}


def targets() -> list[Target]:
    """Every sheet of every file by every characteristic that its one table separates people by."""
    found = []
    for name, grids in held().items():
        for grid in grids:
            tables = [t for t in surveyed()[name].tables if t.sheet == grid.sheet]
            for d in tables[0].characteristics if len(tables) == 1 else ():
                target = _target(name, grid, d)
                if target is not None:
                    found.append(target)
    return found


def _target(file: str, grid: Grid, d: str) -> Target | None:
    rows = [list(row) for row in grid.rows]
    labels: dict[tuple[int, int], tuple[str, bool]] = {}
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str) and len(value) < 70:
                found = [m for m in meanings(value, (d,)) if m.kind in ("group", "unknown")]
                if found:
                    labels[r, c] = (found[0].category, found[0].kind == "group")
    columns = [c for _, c in labels]
    if not labels:
        return None
    down = max(set(columns), key=columns.count)
    beside = [p for p in labels if p[1] == down]
    if grid.sheet.endswith(".csv"):
        way, kept = "long", beside
    elif len({labels[p][0] for p in beside}) >= 2:
        way, kept = "down", beside
    else:
        lines = [r for r, _ in labels]
        line = max(set(lines), key=lines.count)
        way, kept = "across", [p for p in labels if p[0] == line]
    mine = {p: labels[p] for p in kept}
    said = [str(row[down]).casefold() for row in rows if len(row) > down and isinstance(row[down], str)]
    if way == "down" and any(f"({name})" in text for text in said for name, _ in mine.values()):
        return None  # because names of prisons say the sex too, and would still say it after the change
    if len({name for name, is_group in mine.values() if is_group}) < 2:
        return None
    return Target(file, grid.sheet, d, rows, mine, way)


# --- harmful ----------------------------------------------------------------------------------------------------------


def drop(t: Target, _: random.Random) -> Rows | None:
    """The breakdown is gone: its rows, its columns, or a record's field."""
    if t.way == "long":
        (column,) = {c for _, c in t.labels}
        return [[v for c, v in enumerate(row) if c != column] for row in t.rows]
    if t.way == "down":
        starts = sorted(r for r, _ in t.labels)
        gone = set(range(starts[0], len(t.rows))) if t.stacked else set(starts)
        return [row for r, row in enumerate(t.rows) if r not in gone]
    columns = {c for _, c in t.labels}
    return [[v for c, v in enumerate(row) if c not in columns] for row in t.rows]


def rename(t: Target, _: random.Random) -> Rows | None:
    """Its groups have names that say nothing."""
    names = {name: f"Category {n + 1}" for n, name in enumerate(dict.fromkeys(n for n, _ in t.labels.values()))}
    rows = _copy(t.rows)
    for (r, c), (name, _group) in t.labels.items():
        rows[r][c] = names[name]
    if t.way == "long":
        (column,) = {c for _, c in t.labels}
        rows[0][column] = "Category"
    return rows


def merge_two(t: Target, random_: random.Random) -> Rows | None:
    """One group is counted with another."""
    if t.characteristic not in CLOSED or t.characteristic == "age":
        return None
    gone, into = random_.sample(t.groups, 2)
    return _merged(t, {gone: into})


def merge_to_two(t: Target, _: random.Random) -> Rows | None:
    """Every group but one is counted together."""
    if t.characteristic != "ethnicity" or len(t.groups) < 3 or "White" not in t.groups:
        return None
    others = [g for g in t.groups if g != "White"]
    return _merged(t, dict.fromkeys(others[1:], others[0]), "All other ethnic groups combined")


def _merged(t: Target, into: Mapping[str, str], label: str = "") -> Rows | None:
    rows = _copy(t.rows)
    if t.way == "long":
        names = {name: rows[r][c] for (r, c), (name, _) in t.labels.items()}
        for (r, c), (name, _) in t.labels.items():
            if name in into or name in into.values():
                rows[r][c] = label or names[into.get(name, name)]
        return rows
    kept = set(into.values())
    for (r, c), (name, _) in t.labels.items():
        if name in kept and label:
            rows[r][c] = label
    gone = [p for p, (name, _) in t.labels.items() if name in into]
    if t.way == "down":
        return [row for r, row in enumerate(rows) if r not in {r for r, _ in gone}]
    return [[v for c, v in enumerate(row) if c not in {c for _, c in gone}] for row in rows]


def blank(t: Target, random_: random.Random) -> Rows | None:
    """Every number of one group, or of all of them, is an empty cell.

    Never of one whose parts stand under it with their numbers: they say what it was.
    """
    if t.way == "long" or t.characteristic not in CLOSED:
        return None
    whole = random_.random() < 0.5
    over = {category(t.characteristic, name).parent for name in t.groups}
    alone = [name for name in t.groups if name not in over]
    return _values(t, set(t.groups) if whole else {random_.choice(alone)}, lambda: None)


def suppress(t: Target, random_: random.Random) -> Rows | None:
    """A share of its numbers is hidden behind a mark."""
    share = random_.uniform(0.25, 0.9)
    mark = random_.choice(["*", "[c]"])
    rows = _copy(t.rows)
    for r, c in _cells(t, {name for name, _ in t.labels.values()}):
        if random_.random() < share:
            rows[r][c] = mark
    return rows


def shift_header(t: Target, _: random.Random) -> Rows | None:
    """The header stands one column to the right of its numbers."""
    if t.way == "down":
        return None
    rows = _copy(t.rows)
    line = 0 if t.way == "long" else next(r for r, _ in t.labels)
    if t.way == "long":
        rows[line] = [None, *rows[line]]
    else:
        first = min(c for _, c in t.labels)
        rows[line] = [*rows[line][:first], None, *rows[line][first:]]
    return rows


HARMFUL = (drop, rename, merge_two, merge_to_two, blank, suppress, shift_header)

# --- harmless ---------------------------------------------------------------------------------------------------------


def renamed_file(t: Target, _: random.Random) -> Rows | None:
    """The same cells under another name: see `changed`."""
    return _copy(t.rows)


def moved_header(t: Target, random_: random.Random) -> Rows | None:
    """The table stands some rows lower, under a sentence."""
    if t.way == "long":
        return None
    first = next((r for r, row in enumerate(t.rows) if any(v is not None for v in row)), 0)
    lines: Rows = [["This worksheet contains one table."], *([] for _ in range(random_.randint(0, 3)))]
    return [*_copy(t.rows)[: first + 1], *lines, *_copy(t.rows)[first + 1 :]]


def added_column(t: Target, random_: random.Random) -> Rows | None:
    """A column more: a later year, or a remark."""
    rows = _copy(t.rows)
    width = max(map(len, rows))
    counts = [sum(isinstance(v, float) for v in row) for row in rows]
    header = 0 if t.way == "long" else max(0, next((r for r, n in enumerate(counts) if n), 1) - 1)
    is_header = [r for r, row in enumerate(rows) if sum(v is not None for v in row) > 2 and r <= header]
    if not is_header:
        return None
    name = random_.choice(["Source", "Remarks"])
    for r, row in enumerate(rows):
        if any(isinstance(v, float) for v in row) and r > is_header[-1]:
            row += [None] * (width - len(row)) + ["Administrative data"]
    rows[is_header[-1]] += [None] * (width - len(rows[is_header[-1]])) + [name]
    return rows


def reordered_groups(t: Target, random_: random.Random) -> Rows | None:
    """Groups in another order."""
    rows = _copy(t.rows)
    if t.way == "long":
        body = rows[1:]
        random_.shuffle(body)
        return [rows[0], *body]
    if t.way == "across":
        if len(t.groups) < len(t.labels) - 1 or any(len(row) > 2 for row in t.rows[: min(t.labels)[0]]):
            return None  # because under a header of several levels another order is another meaning
        columns = sorted(c for _, c in t.labels)
        order = random_.sample(columns, len(columns))
        wide = [row + [None] * (max(columns) + 1 - len(row)) for row in rows]
        body = min(r for r, _ in t.labels)
        return [
            row if r < body else _put(row, dict(zip(columns, [row[c] for c in order], strict=True)))
            for r, row in enumerate(wide)
        ]
    for block in _blocks(sorted(r for r, _ in t.labels)):
        if len({t.labels[r, c][0] for r, c in t.labels if r in block}) == len(block):
            for r, other in zip(block, random_.sample(block, len(block)), strict=True):
                rows[r] = list(t.rows[other])
    return rows


def retyped_date(t: Target, _: random.Random) -> Rows | None:
    """Dates that were dates are text, and the other way round."""
    rows = _copy(t.rows)
    changed = False
    for row in rows:
        for c, value in enumerate(row):
            if isinstance(value, dt.date):
                row[c], changed = f"{value:%d-%b-%y}", True
            elif isinstance(value, str) and value[:4].isdigit() and value[4:5] == "-" and value.endswith("00:00:00"):
                row[c], changed = f"{dt.date.fromisoformat(value[:10]):%d %B %Y}", True
    return rows if changed else None


HARMLESS = (renamed_file, moved_header, added_column, reordered_groups, retyped_date)


def _copy(rows: Rows) -> Rows:
    return [list(row) for row in rows]


def _put(row: list[Cell], values: Mapping[int, Cell]) -> list[Cell]:
    out = list(row)
    for c, value in values.items():
        out[c] = value
    return out


def _blocks(lines: Sequence[int]) -> Iterator[list[int]]:
    block: list[int] = []
    for r in lines:
        if block and r != block[-1] + 1:
            yield block
            block = []
        block.append(r)
    if block:
        yield block


def _cells(t: Target, names: set[str]) -> Iterator[tuple[int, int]]:
    """Where the numbers of some groups stand."""
    starts = sorted(r for (r, _), (_, is_group) in t.labels.items() if is_group or not t.stacked)
    for (r, c), (name, _) in t.labels.items():
        if name not in names:
            continue
        if t.way == "across":
            columns = sorted(p[1] for p in t.labels)
            widest = max((b - a for a, b in pairwise(columns)), default=1)
            last = next((at for at in columns if at > c), c + widest)
            for k in range(r + 1, len(t.rows)):
                yield from ((k, at) for at in range(c, min(last, len(t.rows[k]))) if _number(t.rows[k][at]))
        else:
            last = next((s for s in starts if s > r), len(t.rows)) if t.stacked else r + 1
            yield from ((at, k) for at in range(r, last) for k, v in enumerate(t.rows[at]) if k != c and _number(v))


def _values(t: Target, names: set[str], value: Callable[[], Cell]) -> Rows:
    rows = _copy(t.rows)
    for r, c in _cells(t, names):
        rows[r][c] = value()
    return rows


def _number(value: Cell) -> bool:
    return isinstance(value, float)


# --- in what dress ----------------------------------------------------------------------------------------------------

Dressed = tuple[str, Rows]
CONTAINERS = {"as_xlsx": "xlsx", "as_ods": "ods", "as_csv_in_a_zip": "zip"}


def as_it_was(sheet: str, rows: Rows) -> Dressed | None:
    """Nothing else is changed."""
    return sheet, rows


def renamed_sheet(sheet: str, rows: Rows) -> Dressed | None:
    """The sheet has a name that says nothing."""
    return f"Sheet {len(sheet)}", rows


def retitled(sheet: str, rows: Rows) -> Dressed | None:
    """The title has another number and begins in other words."""
    title = rows[0][0] if rows and rows[0] else None
    if not isinstance(title, str) or ":" not in title:
        return None
    return sheet, [[f"Table 17.3: Statistics on the {title.partition(':')[2].strip()}", *rows[0][1:]], *rows[1:]]


def further_right(sheet: str, rows: Rows) -> Dressed | None:
    """An empty column stands before the table."""
    return None if sheet.endswith(".csv") else (sheet, [[None, *row] if row else [] for row in rows])


def as_xlsx(sheet: str, rows: Rows) -> Dressed | None:
    """Written and read again."""
    return _read_again(sheet, rows, "xlsx")


def as_ods(sheet: str, rows: Rows) -> Dressed | None:
    """Written and read again; a short one, because writing a long one takes many seconds."""
    return _read_again(sheet, rows, "ods") if sum(map(len, rows)) < 3000 else None


def as_csv_in_a_zip(sheet: str, rows: Rows) -> Dressed | None:
    """Written as text in an archive, and read again."""
    return _read_again(sheet, rows, "csv")


DRESSES = (as_it_was, renamed_sheet, retitled, further_right, as_xlsx, as_ods, as_csv_in_a_zip)


def _read_again(sheet: str, rows: Rows, format: Format) -> Dressed:
    name = sheet.removesuffix(".csv")[:31]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{format}"
        if format == "csv":
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            path = path.with_suffix(".zip")
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr(f"{name}.csv", text.getvalue())
        else:
            path.write_bytes(write([(name, rows)], format))
        (grid,) = read(path)
    return grid.sheet, [list(row) for row in grid.rows]


# --- what the register says -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """One change and what the register said of it: the states it named, and whether that is an alarm."""

    change: str
    harmful: bool
    file: str
    sheet: str
    characteristic: str
    said: tuple[tuple[str, str, str], ...]
    dress: str

    @property
    def alarm(self) -> bool:
        return any(severity in ("S1", "S2") or d != "all" for d, _, severity in self.said)

    @property
    def right(self) -> bool:
        return self.alarm == self.harmful


def outcomes(number: int, seed: int = 2022) -> Iterator[Outcome]:
    """`number` changes of the real files, harmful and harmless in turn, spread over sheets and kinds of change."""
    random_ = random.Random(seed)
    wanted = targets()
    kinds = [(k, True) for k in HARMFUL] + [(k, False) for k in HARMLESS]
    done = 0
    while done < number:
        before = done
        for kind, harmful in random_.sample(kinds, len(kinds)):
            target, dress = random_.choice(wanted), random_.choice(DRESSES)
            rows = kind(target, random_)
            if rows is not None and done < number and (dressed := dress(target.sheet, rows)) is not None:
                yield _outcome(target, kind.__name__, harmful, *dressed, dress.__name__)
                done += 1
        assert done > before or number == 0


def _outcome(t: Target, change: str, harmful: bool, sheet: str, rows: Rows, dress: str) -> Outcome:
    name = t.file.rpartition("/")[2]
    renamed = change == "renamed_file"
    if renamed and t.way == "long" and sheet == t.sheet:
        sheet = f"data-{name}"
    was, changed = surveyed()[t.file], survey([Grid(sheet, rows)])
    now = Survey(
        [s for s in was.tables if s.sheet != t.sheet] + changed.tables,
        [u for u in was.unclear if u.sheet != t.sheet] + changed.unclear,
        empty=[s for s in was.empty if s.sheet != t.sheet] + changed.empty,
    )
    later = f"final v2 {name}" if renamed else f"{name}.{CONTAINERS[dress]}" if dress in CONTAINERS else name
    found = _said(t.file, name, surveyed()[t.file], later, now)
    fresh = (found - as_published(t.file)).elements()
    return Outcome(change, harmful, t.file, t.sheet, t.characteristic, tuple(sorted(fresh)), dress)


@lru_cache(maxsize=8)
def as_published(file: str) -> Counter[tuple[str, str, str]]:
    """What the register says of a file followed by itself: what is true of it unchanged."""
    name = file.rpartition("/")[2]
    return _said(file, name, surveyed()[file], name, surveyed()[file])


def _said(file: str, name: str, was: Survey, later: str, now: Survey) -> Counter[tuple[str, str, str]]:
    parts: dict[str, list[pl.DataFrame]] = {"surveyed_table": [], "breakdown": [], "unclear": []}
    artefacts: list[dict[str, Any]] = []
    for edition, at, kept in (("2024-03", name, was), ("2024-06", later, now)):
        for table, frame in frames(kept).items():
            keys = {"publication": "custody", "edition_id": edition, "artefact_sha256": edition}
            parts[table].append(frame.with_columns(**{k: pl.lit(v) for k, v in keys.items()}))
        artefacts.append(
            {"sha256": edition, "original_sha256": edition, "publication": "custody", "edition_id": edition,
             "kind": "original", "name": at, "published_on": dt.date.fromisoformat(f"{edition}-28"),
             "seen_at": dt.datetime(2030, 1, 1)}
        )  # fmt: skip
    schema = frame_schema("artefact")
    found = register(
        {"custody": PUBLICATION},
        pl.DataFrame([{k: a.get(k) for k in schema} for a in artefacts], schema=schema),
        pl.concat(parts["surveyed_table"], how="diagonal"),
        pl.concat(parts["breakdown"], how="diagonal"),
        unclear=pl.concat(parts["unclear"], how="diagonal"),
        as_of=dt.date(2024, 7, 1),
    )
    ours = pl.col("state") == "unclear"  # because what a title still names is ours to understand, and is said to us
    rows = found.gaps.filter(pl.col("state").is_in(sorted(QUIET)).not_() | ours)
    return Counter(rows.select("characteristic", "state", "severity").iter_rows())


__all__ = ["HARMFUL", "HARMLESS", "Outcome", "outcomes", "targets"]
