"""Each format opened again by something other than what wrote it: what a reader of the file would see."""

import csv
import html
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import docx
from lxml import etree
from python_calamine import CalamineWorkbook

OFFICE = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
}


@dataclass
class Seen:
    """All words of a file, and its table as rows of text (or numbers, where the format has them)."""

    words: str
    rows: list[list[str | float]]

    def column(self, header: str) -> dict[str, str | float]:
        """One column by the name of its rows."""
        at = self.rows[0].index(header)
        return {str(r[0]).strip("\u2003"): r[at] for r in self.rows[1:]}


def part(path: Path, name: str) -> etree._Element:
    with zipfile.ZipFile(path) as package:
        return etree.fromstring(package.read(name))


def _docx(path: Path) -> Seen:
    document = docx.Document(str(path))
    rows = [[c.text for c in r.cells] for r in document.tables[0].rows]
    return Seen("\n".join(p.text for p in document.paragraphs), rows)


def _odt(path: Path) -> Seen:
    root = part(path, "content.xml")
    rows = [
        ["".join(c.itertext()) for c in r.iterfind("table:table-cell", OFFICE)]
        for r in root.iterfind(".//table:table-row", OFFICE)
    ]
    return Seen("\n".join("".join(p.itertext()) for p in root.iterfind(".//text:p", OFFICE)), rows)


def _sheets(path: Path) -> Seen:
    book = CalamineWorkbook.from_path(path)
    lines = [book.get_sheet_by_name(n).to_python() for n in book.sheet_names]
    words = "\n".join(str(c) for sheet in lines for line in sheet for c in line if c != "")
    top = next(i for i, line in enumerate(lines[0]) if sum(c != "" for c in line) > 1)
    return Seen(words, lines[0][top:])


def _csv(path: Path) -> Seen:
    text = path.read_text(encoding="utf-8")
    return Seen(text, list(csv.reader(text.splitlines())))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str | float]] = []
        self.tags: set[str] = set()
        self.words: list[str] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td") and self._cell is not None:
            self.rows[-1].append("".join(self._cell))
            self._cell = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._cell is not None:
            self._cell.append(data)


def page(path: Path) -> _Page:
    read = _Page()
    read.feed(path.read_text(encoding="utf-8"))
    return read


def _html(path: Path) -> Seen:
    read = page(path)
    return Seen("\n".join(read.words), read.rows)


def _markdown(path: Path) -> Seen:
    text = path.read_text(encoding="utf-8")
    piped = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|--")]
    plain = [html.unescape(re.sub(r"\\([^|])", r"\1", line)) for line in piped]
    rows: list[list[str | float]] = [
        [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in plain
    ]
    return Seen(re.sub(r"\\(.)", r"\1", text), rows)


def _json(path: Path) -> Seen:
    said = json.loads(path.read_text(encoding="utf-8"))
    keys = [c["key"] for c in said["columns"]]
    rows = [["group", *keys]]
    rows += [[r["group"], *(r["cells"][k]["value"] for k in keys)] for r in said["rows"]]
    return Seen(json.dumps(said, ensure_ascii=False), rows)


AGAIN: dict[str, Callable[[Path], Seen]] = {
    "docx": _docx,
    "odt": _odt,
    "ods": _sheets,
    "xlsx": _sheets,
    "csv": _csv,
    "html": _html,
    "md": _markdown,
    "json": _json,
}
