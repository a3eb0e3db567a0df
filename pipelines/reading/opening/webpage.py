"""The tables of a page of HTML, each a sheet with the geometry of one in a workbook."""

import re
from html.parser import HTMLParser
from typing import Any, BinaryIO

from . import delimited
from .refused import MOST_CELLS, too_many_cells

KIND = "html"
_ENDINGS = (".html", ".htm")
_MARKUP = re.compile(rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<table[\s>]|<div[\s>]", re.IGNORECASE)
_NOTE = re.compile(r"\[?(?:notes?\s*)?\d{1,2}(?:\s*,\s*\d{1,2})*\]?\Z", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TITLE = re.compile(r"\s*table\b", re.IGNORECASE)
_UNSHOWN = ("script", "style", "template")
_MOST_SPAN = 1000


def is_one(name: str, stream: BinaryIO) -> bool:
    """Whether a file is called a web page and is one. The stream is left at its start."""
    head = stream.read(4096) if name.lower().endswith(_ENDINGS) else b""
    stream.seek(0)
    return bool(_MARKUP.search(head))


def tables_of(raw: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Every table of a page, as a name and rows of numbers, texts and None; one without rows where there is none."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    page = _Page()
    page.feed(text)
    page.close()
    # because a page of words alone has been inspected too
    return [(f"table {number}", rows) for number, rows in enumerate(page.tables, 1)] or [("page", [])]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[Any]]] = []
        self._title, self._heading = "", ""
        self._words: list[str] = []
        self._raised: list[str] | None = None
        self._depth, self._silent, self._cells = 0, 0, 0
        self._rows: list[list[Any]] = []
        self._open: tuple[int, int] | None = None
        self._below: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in _UNSHOWN:
            self._silent += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._rows, self._below = [], {}
                self._words = []
        elif self._depth > 1:
            return
        elif tag == "tr" and self._depth:
            self._end_cell()
            self._begin_row()
        elif tag in ("td", "th") and self._depth:
            self._end_cell()
            if not self._rows:
                self._begin_row()
            self._open = (_span(said.get("colspan")), _span(said.get("rowspan")))
            self._words = []
        elif tag == "sup":
            self._raised = []
        elif tag == "br":
            self._words.append(" ")
        elif tag in _HEADINGS or tag in ("p", "caption"):
            self._words = self._words if self._open else []

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSHOWN:
            self._silent = max(self._silent - 1, 0)
        elif tag == "table" and self._depth:
            self._depth -= 1
            if not self._depth:
                self._end_table()
        elif self._depth > 1:
            return
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "sup" and self._raised is not None:
            note = "".join(self._raised).strip()
            self._raised = None
            self._words.append(f" [{note.strip('[]')}]" if _NOTE.match(note) else note)
        elif tag == "caption" or (tag in ("p", *_HEADINGS) and not self._depth):
            said = _one_line(self._words)
            if tag == "caption" or _TITLE.match(said):
                self._title = said
            elif tag in _HEADINGS:
                self._title, self._heading = "", said
            self._words = []

    def handle_data(self, data: str) -> None:
        if not self._silent:
            (self._words if self._raised is None else self._raised).append(data)

    def _begin_row(self) -> None:
        self._rows.append([])
        self._fill()

    def _fill(self) -> None:
        """Leave free the cells that a cell above reaches down into."""
        row = self._rows[-1]
        while self._below.get(len(row), 0) > 0:
            self._below[len(row)] -= 1
            row.append(None)

    def _end_cell(self) -> None:
        if self._open is None:
            return
        across, down = self._open
        self._open = None
        row, value = self._rows[-1], delimited.value_of(_one_line(self._words))
        self._cells += across * down
        if self._cells > MOST_CELLS:
            raise too_many_cells("the page", self._cells)
        for n in range(across):
            if down > 1:
                self._below[len(row)] = down - 1
            row.append(None if n else value)
        self._fill()

    def _end_table(self) -> None:
        self._end_cell()
        rows = [row for row in self._rows if any(cell is not None for cell in row)]
        if rows:
            title = self._title or self._heading
            self.tables.append([[title], *rows] if title else rows)
        self._title, self._words = "", []


def _span(said: str | None) -> int:
    return min(max(int(said), 1), _MOST_SPAN) if said and said.isdecimal() else 1


def _one_line(words: list[str]) -> str:
    return " ".join("".join(words).split())
