"""Delimited text (CSV and its relatives) to rows of values.

What it makes true: the encoding and the separator are found from the bytes; a quotation mark that is never closed
is refused with its line, because it would swallow every row after it and look like a shorter table.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from .refused import MOST_CELLS, Refused, too_many_cells

_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\Z", re.ASCII)
_DAMAGED = "\ufffd"
_BEYOND_ASCII = re.compile("[^\x00-\x7f\ufffd]")
_SEPARATORS = ",\t;|"
_UNCLOSED = "unexpected end of data"


class _Known(dict[str, Any]):
    """What a text stands for, found once: a column of a million rows holds few different texts."""

    def __missing__(self, text: str) -> Any:
        if len(self) > 1_000_000:
            self.clear()
        self[text] = value = _value(text)
        return value


def _value(text: str) -> str | float | None:
    if _NUMBER.match(text) and not (len(text) > 1 and text[0] == "0" and text[1].isdigit()):
        return float(text.replace(",", ""))
    return text if text.strip() else None


def rows_of(raw: bytes) -> list[list[Any]]:
    """Every record as a row of numbers, texts and None. Raises `Refused`."""
    text = _decoded(raw)
    separator = _separator(text)
    csv.field_size_limit(len(raw) + 1)  # because the length of a cell is judged where every format's is
    try:
        return list(_records(text, separator, strict=True))
    except csv.Error as error:
        if _UNCLOSED in str(error):
            raise Refused(
                f"a quotation mark opened at line {_unclosed(text, separator)} is never closed, so the rows after it "
                "cannot be told apart. Fetch it again or ask the publisher."
            ) from None
    # because published files also hold quotation marks inside a value, which only the lenient reading allows
    rows = list(_records(text, separator, strict=False))
    for number, row in enumerate(rows, 1):
        if any(isinstance(cell, str) and "\n" in cell for cell in row):
            raise Refused(
                f"quotation marks do not match, and record {number} runs over more than one line, so its cells cannot "
                "be told apart. Fetch it again or ask the publisher."
            )
    return rows


def _records(text: str, separator: str, *, strict: bool) -> Iterator[list[Any]]:
    known, cells = _Known(), 0
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict):
        cells += len(record)
        if cells > MOST_CELLS:
            raise too_many_cells("it", cells)
        yield [known[text] for text in record]


def _unclosed(text: str, separator: str) -> int:
    """The line on which the last record that could be read ended, plus one."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    last = 0
    try:
        for _ in lines:
            last = lines.line_num
    except csv.Error:
        pass
    return last + 1


def _decoded(raw: bytes) -> str:
    """UTF-8, else what older programs write; a few damaged letters do not make a UTF-8 file another's."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        lenient = raw.decode("utf-8-sig", "replace")
    if lenient.count(_DAMAGED) <= len(_BEYOND_ASCII.findall(lenient)):
        return lenient
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return lenient


def _separator(text: str) -> str:
    """The comma, unless the first lines hold none and hold another separator; a tab where it outnumbers commas."""
    head = "".join(text[:20_000].splitlines(keepends=True)[:20])
    if "\t" in head and head.count("\t") >= head.count(","):
        return "\t"
    return next((s for s in _SEPARATORS if s in head), ",")
