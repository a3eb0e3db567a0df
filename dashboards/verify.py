"""A file we wrote, read back and checked cell by cell against the bytes in the vault, not against the database."""

import argparse
import csv
import json
import re
import shlex
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import polars as pl

from dashboards.cited import COMMAND, CitedTable, make
from dashboards.cited_within import Pooling, make_within
from dashboards.sentences import unbroken
from dashboards.writers.csv import CITING, NAME, readable
from dashboards.writers.layout import Layout, data, reading
from dashboards.writers.markdown import SET_IN, unescape
from dashboards.writers.sheets import TABLE_SHEET
from monitor.declarations import Measure, sources
from monitor.store import reads
from monitor.store.schema import FIGURE_IDENTITY
from monitor.store.vault import Artefact, NotHeld, Vault
from pipelines.deriving import Request
from pipelines.observe import figures_of
from pipelines.reading import read

Derive = Callable[[reads.Queries, Measure, Request], pl.DataFrame]
"""How disparities are derived from a store: given by the room above."""

Pool = Callable[[reads.Queries, Measure, Request, Sequence[str], str | None], list[dict[str, Any]]]
"""How ratios are pooled over strata of a store: given by the room above."""

Asked = Callable[[reads.Queries, str, str | None, str], Measure]
"""Which measure of a store is meant by a name, a table and a characteristic: given by the room above."""

Rows = list[list[str | float]]
"""Cells as a file has them: a number is a float only if it was one."""

_TOLERANCE = 1e-9


class NotOurs(ValueError):
    """A file that cannot be verified: says what was expected in it."""


@dataclass(frozen=True)
class Differing:
    """One cell that does not say what the vault says."""

    row: str
    column: str
    expected: str
    found: str


@dataclass(frozen=True)
class Verification:
    """Cells that agree, those that differ, and whether checked against an `original` or a `transcription`."""

    checked: int
    agreed: int
    checked_against: str
    differing: tuple[Differing, ...]


def verify(path: Path, store: reads.Queries, vault: Vault, derive: Derive, pool: Pool, asked: Asked) -> Verification:
    """Check every cell of a table this tool wrote, in any of its formats, against the vault. Raises `NotOurs`."""
    found = read_back(path)
    name, request, pooling = _request(found.made_with, path)
    measure = asked(store, name, None, request.characteristic)
    again = FromVault(store, vault)
    if pooling.within:
        table = make_within(again, pool(again, measure, request, pooling.within, pooling.exposure), measure, pooling)
    else:
        table = make(again, derive(again, measure, request), measure)
    expected = _expected(table, found)
    rows = {unbroken(str(row[0])): row for row in found.rows}
    differing: list[Differing] = []
    checked = agreed = 0
    for name, cells in expected.items():
        checked += len(cells)
        row = rows.pop(name, None)
        if row is None:
            differing.append(Differing(name, found.headers[0], name, "no such row"))
            continue
        for header, (text, value) in cells.items():
            at = found.headers.index(header) if header in found.headers else None
            held = row[at] if at is not None and at < len(row) else "no such column"
            said = found.texts.get((name, header), text)
            if _agrees(held, text, value) and unbroken(said) == unbroken(text):
                agreed += 1
            else:
                differing.append(Differing(name, header, text, f"{held:g}" if isinstance(held, float) else held))
    differing += [Differing(name, found.headers[0], "no such row", name) for name in rows]
    return Verification(checked, agreed, again.checked_against(table), tuple(differing))


def _agrees(held: str | float, text: str, value: float | None) -> bool:
    if isinstance(held, float):
        return value is not None and abs(held - value) <= _TOLERANCE * max(1.0, abs(value))
    return unbroken(held) == unbroken(text)


# --- what the file says ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """What a file says: the command it was made with, headers and rows.

    `keyed`: headers are the columns' keys. `as_data`: limits stand in columns of their own. `texts`: by row and
    column, what is shown beside the number where a format keeps both.
    """

    made_with: str
    headers: list[str]
    rows: Rows
    keyed: bool = False
    as_data: bool = False
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)


def _expected(table: CitedTable, found: Found) -> dict[str, dict[str, tuple[str, float | None]]]:
    layout: Layout = data(table) if found.as_data else reading(table)
    keys = [c.key if found.keyed else c.header for c in layout.columns]
    return {
        unbroken(row.name): {k: (c.text, c.value) for k, c in zip(keys, row.cells, strict=True)} for row in layout.rows
    }


def read_back(path: Path) -> Found:
    """What a file of ours says, by its format (the ending of its name). Raises `NotOurs`."""
    reader = _READERS.get(path.suffix.lower().lstrip("."))
    if reader is None:
        raise NotOurs(f"{path.name}: verify reads {', '.join(_READERS)}; found {path.suffix or 'no ending'!r}.")
    try:
        found = reader(path)
    except Exception as error:  # because anyone's file may be given, and five libraries each fail in their own way
        raise NotOurs(
            f"{path.name}: expected a table written by `{COMMAND}`; found a file that cannot be read as one "
            f"({type(error).__name__}: {error})."
        ) from None
    if not found.rows:
        raise NotOurs(f"{path.name}: expected a table written by `{COMMAND}`; found no rows.")
    return found


_MADE = re.compile(rf"{re.escape(COMMAND)} [^\n]+")


def _made_with(texts: Iterable[str]) -> str:
    made = next((match[0] for text in texts if (match := _MADE.search(unbroken(text)))), None)
    if made is None:
        raise ValueError(f"no line says how it was made ({COMMAND} …)")
    return made


def _docx(path: Path) -> Found:
    import docx

    document = docx.Document(str(path))
    rows: Rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    return _with_header(_made_with([p.text for p in document.paragraphs]), rows)


_ODF = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


def _odt(path: Path) -> Found:
    with zipfile.ZipFile(path) as package:
        root = lxml.etree.fromstring(package.read("content.xml"), lxml.etree.XMLParser(resolve_entities=False))
    rows: Rows = []
    for row in root.find(".//table:table", _ODF).iterfind(".//table:table-row", _ODF):
        cells: list[str | float] = []
        for cell in row.iterfind("table:table-cell", _ODF):
            times = int(cell.get(f"{{{_ODF['table']}}}number-columns-repeated", "1"))
            cells += ["".join(cell.itertext()).strip()] * times
        rows.append(cells)
    return _with_header(_made_with(["".join(p.itertext()) for p in root.iterfind(".//text:p", _ODF)]), rows)


def _workbook(path: Path) -> Found:
    from python_calamine import CalamineWorkbook

    lines = CalamineWorkbook.from_path(path).get_sheet_by_name(TABLE_SHEET).to_python()
    filled = [[c for c in line if c != ""] for line in lines]
    top = next(i for i, line in enumerate(filled) if len(line) > 1)
    rows: Rows = [
        [float(c) if isinstance(c, int | float) and not isinstance(c, bool) else str(c) for c in line]
        for line in filled[top:]
    ]
    found = _with_header(_made_with([str(line[0]) for line in filled[:top] if line]), rows)
    return Found(found.made_with, found.headers, found.rows, as_data=True)


def _csv(path: Path) -> Found:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *lines = csv.reader(stream)
    keep = [i for i, h in enumerate(header) if h not in CITING]
    rows: Rows = [
        [readable(line[i]) if header[i] in (NAME, "finding") else _number(readable(line[i])) for i in keep]
        for line in lines
    ]
    made_with = _made_with([lines[0][header.index("made_with")]])
    return Found(made_with, [header[i] for i in keep], rows, keyed=True, as_data=True)


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def _html(path: Path) -> Found:
    root = lxml.html.fromstring(path.read_text(encoding="utf-8"))
    table = root.find(".//table")
    rows: Rows = [[cell.text_content() for cell in row.iterchildren("th", "td")] for row in table.iter("tr")]
    return _with_header(_made_with([p.text_content() for p in root.iter("p")]), rows)


_PIPE = re.compile(r"(?<!\\)\|")


def _markdown(path: Path) -> Found:
    lines = path.read_text(encoding="utf-8").splitlines()
    piped = [line for line in lines if line.startswith("|")]
    rows: Rows = [
        [unescape(cell.strip()).lstrip(SET_IN) for cell in _PIPE.split(line)[1:-1]] for line in (piped[0], *piped[2:])
    ]
    return _with_header(_made_with([unescape(line) for line in lines if line.startswith("- ")]), rows)


def _json(path: Path) -> Found:
    said = json.loads(path.read_text(encoding="utf-8"))
    keys = [c["key"] for c in said["columns"]]
    rows: Rows = []
    for row in said["rows"]:
        cells = [row["cells"][k] for k in keys]
        rows.append([row["group"], *(c["text"] if c["value"] is None else float(c["value"]) for c in cells)])
    texts = {(unbroken(r["group"]), k): r["cells"][k]["text"] for r in said["rows"] for k in keys}
    return Found(_made_with([said["made_with"]]), ["group", *keys], rows, keyed=True, as_data=True, texts=texts)


def _with_header(made_with: str, rows: Rows) -> Found:
    return Found(made_with, [unbroken(str(h)) for h in rows[0]], rows[1:])


_READERS: dict[str, Callable[[Path], Found]] = {
    "docx": _docx,
    "odt": _odt,
    "ods": _workbook,
    "xlsx": _workbook,
    "csv": _csv,
    "html": _html,
    "md": _markdown,
    "json": _json,
}


def _request(made_with: str, path: Path) -> tuple[str, Request, Pooling]:
    """The measure's name and the request of the command a file was made with, and the strata pooled, if any."""
    parser = argparse.ArgumentParser(exit_on_error=False, add_help=False)
    parser.add_argument("measure")
    for option in ("--by", "--baseline", "--reference", "--period", "--sex", "--exposure", "--counted"):
        parser.add_argument(option)
    parser.add_argument("--within", action="append", default=[])
    try:
        asked, _ = parser.parse_known_args(shlex.split(made_with)[len(COMMAND.split()) :])
    except (argparse.ArgumentError, ValueError) as error:
        raise NotOurs(f"{path.name}: cannot read how it was made ({error}); found {made_with!r}.") from None
    when: tuple[date, date] | date | str | None = asked.period
    with suppress(AttributeError, ValueError):  # because a period that is no day is the publisher's own label
        first, *last = (date.fromisoformat(day) for day in asked.period.split("/"))
        when = (first, last[0]) if last else first
    held = tuple((c, name) for c, crossed, name in (text.partition("=") for text in asked.within) if crossed)
    strata = tuple(text for text in asked.within if "=" not in text)
    request = Request(asked.by, asked.baseline, asked.reference, asked.sex or "all", when, within=held)
    return asked.measure, request, Pooling(strata, asked.exposure, asked.counted)


# --- what the vault says --------------------------------------------------------------------------------------------


class FromVault:
    """A store whose figures have the values that are in the vault's bytes now, read and tidied again.

    It answers the queries of the store it stands before; observations in an answer are given the value found
    again at their sheet and cell. One that is not found again has no value, and so is missed by what follows.
    """

    def __init__(self, store: reads.Queries, vault: Vault) -> None:
        self.store, self.vault = store, vault
        self.kept = {(a.sha256, a.publication, a.edition_id): a for a in vault.artefacts()}
        self._read: dict[tuple[str, str, str], pl.DataFrame] = {}

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
        """Rows of a query, values of observations as the vault has them."""
        frame = self.store.frame(sql, parameters)
        if frame.is_empty() or not {*FIGURE_IDENTITY, *_WHERE, "value"} <= set(frame.columns):
            return frame
        again = pl.concat([self._again(key) for key in frame.select(_WHOSE).unique(maintain_order=True).iter_rows()])
        keys = [*FIGURE_IDENTITY, *_WHERE]
        joined = frame.join(again, on=keys, how="left", nulls_equal=True, maintain_order="left")
        status = pl.when(pl.col("value").is_not_null() & pl.col("value_again").is_null()).then(pl.lit("unreadable"))
        found = joined.with_columns(value=pl.col("value_again"), status=status.otherwise(pl.col("status")))
        return found.drop("value_again")

    def _again(self, key: tuple[str, str, str]) -> pl.DataFrame:
        if key not in self._read:
            if key not in self.kept:
                which = f"{key[0][:12]} of {key[1]} {key[2]}"
                raise NotOurs(f"the vault has no {which}; `justice-monitor rebuild` and retry.")
            self._read[key] = self._tidied(self.kept[key])
        return self._read[key]

    def _tidied(self, artefact: Artefact) -> pl.DataFrame:
        try:
            path = self.vault.whole(artefact.sha256)
        except NotHeld as error:
            raise NotOurs(f"{artefact.name}: {error}") from error
        transcribed, source = artefact.kind == "transcription", sources()[artefact.publication]
        grids = read(path, artefact.name, transcription=transcribed)
        return (
            figures_of(grids, source, artefact)[2]
            .with_columns(
                publication=pl.lit(artefact.publication),
                edition_id=pl.lit(artefact.edition_id),
                artefact_sha256=pl.lit(artefact.sha256),
                value_again=pl.col("value").cast(pl.Float64),
            )
            .select([*FIGURE_IDENTITY, *_WHERE, "value_again"])
        )

    def checked_against(self, table: CitedTable) -> str:
        """`original` when every figure of a table was read again from a publisher's file, else `transcription`."""
        ids = {f for row in table.rows for cell in row.cells for f in cell.figures}
        held = self.store.frame(
            f"select distinct artefact_sha256 as sha, publication, edition_id from ({reads.STANDING}) "
            "where list_contains(?, figure_id)",
            [sorted(ids)],
        )
        kinds = {self.kept[key].kind for key in held.iter_rows() if key in self.kept}
        return "original" if kinds == {"original"} else "transcription"


_WHOSE = ("artefact_sha256", "publication", "edition_id")
_WHERE = ("artefact_sha256", "edition_id", "sheet", "cell")
