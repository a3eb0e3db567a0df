"""The tables of a page of HTML, each a sheet with the geometry of one in a workbook."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, BinaryIO

from lxml import html

from . import delimited
from .refused import MOST_CELLS, Refused, too_many_cells

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
    text = text.replace("\0", "") + "<p></p>"  # because a page of nothing is no document
    reader = html.HTMLParser(encoding="utf-8", huge_tree=True)
    page = html.document_fromstring(text.encode("utf-8", "replace"), reader)
    if any(error.level_name == "FATAL" for error in reader.error_log):
        raise Refused("a web page nested deeper than any that is published; refused. Fetch it again.")
    # because a page of words alone has been inspected too
    return [(f"table {number}", rows) for number, rows in enumerate(_tables(page), 1)] or [("page", [])]


def _tables(page: Any) -> Iterator[list[list[Any]]]:
    """The rows of each table that holds something, under its title: its caption, or what was said over it."""
    title, heading, cells = "", "", 0
    for element in page.iter("table", "p", *_HEADINGS):
        if next(element.iterancestors("table"), None) is not None:
            continue  # because words in a cell are no title, and a table in a cell is a part of it
        if element.tag == "table":
            caption = element.find("caption")
            rows, cells = _rows(element, cells)
            title = (title if caption is None else _said(caption)) or heading
            if rows:
                yield [[title], *rows] if title else rows
            title = ""
        elif _TITLE.match(said := _said(element)):
            title = said
        elif element.tag != "p":
            title, heading = "", said


def _rows(table: Any, cells: int) -> tuple[list[list[Any]], int]:
    """The rows of a table that hold something, and how many cells there are with those counted before."""
    rows: list[list[Any]] = []
    below: dict[int, int] = {}
    for line in _lines(table):
        row: list[Any] = []
        _leave_free(row, below)
        for cell in line:
            across, down = _span(cell.get("colspan")), _span(cell.get("rowspan"))
            cells += across * down
            if cells > MOST_CELLS:
                raise too_many_cells("the page", cells)
            if down > 1:
                below.update(dict.fromkeys(range(len(row), len(row) + across), down - 1))
            row += [delimited.value_of(_said(cell)), *[None] * (across - 1)]
            _leave_free(row, below)
        rows.append(row)
    return [row for row in rows if any(cell is not None for cell in row)], cells


def _lines(table: Any) -> Iterator[list[Any]]:
    """The cells of each row; those that stand in none are one of their own, as browsers show them."""
    inside = "*[self::tr or self::td or self::th]"
    parts = table.xpath(f"./{inside} | ./*[self::thead or self::tbody or self::tfoot]/{inside}")
    for is_row, some in groupby(parts, key=lambda part: part.tag == "tr"):
        together = list(some)
        yield from [list(row.iterchildren("td", "th")) for row in together] if is_row else [together]


def _leave_free(row: list[Any], below: dict[int, int]) -> None:
    """Leave free the cells that a cell above reaches down into."""
    while below.get(len(row), 0) > 0:
        below[len(row)] -= 1
        row.append(None)


def _span(said: str | None) -> int:
    return min(max(int(said), 1), _MOST_SPAN) if said and said.isdecimal() else 1


def _said(element: Any) -> str:
    """What a reader sees of an element, on one line."""
    return " ".join("".join(_words(element)).split())


def _words(element: Any) -> Iterator[str]:
    yield element.text or ""
    for inner in element:
        if inner.tag == "br":
            yield " "
        elif inner.tag == "sup":
            note = _said(inner)
            yield f" [{note.strip('[]')}]" if _NOTE.match(note) else note
        elif isinstance(inner.tag, str) and inner.tag not in _UNSHOWN:  # because a comment's tag is none
            yield from _words(inner)
        yield inner.tail or ""
