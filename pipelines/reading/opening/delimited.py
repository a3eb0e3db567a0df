"""Delimited text (CSV and its relatives) to rows of values.

What it makes true: the encoding and the separator are found from the bytes; a quotation mark that is never closed
is refused with its line, because it would swallow every row after it and look like a shorter table.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from .columns import Columns
from .refused import MOST_CELLS, Refused, too_many_cells

_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\Z", re.ASCII)
_DAMAGED = "\ufffd"
_BEYOND_ASCII = re.compile("[^\x00-\x7f\ufffd]")
_SEPARATORS = ",\t;|"
_UNCLOSED = "unexpected end of data"
_Written = tuple[str, str]
"""An encoding, and what is done about bytes that it does not know."""


class _Known(dict[str, Any]):
    """What a text stands for, found once: a column of a million rows holds few different texts."""

    def __missing__(self, text: str) -> Any:
        if len(self) > 1_000_000:
            self.clear()
        self[text] = value = value_of(text)
        return value


def value_of(text: str) -> str | float | None:
    """What a text stands for: a number, itself, or nothing."""
    if _NUMBER.match(text) and not (len(text) > 1 and text[0] == "0" and text[1].isdigit()):
        return float(text.replace(",", ""))
    return text if text.strip() else None


def rows_of(raw: bytes, most_rows: int) -> list[list[Any]] | Columns:
    """Every record as a row of numbers, texts and None; by column, as text, where there are more than `most_rows`.

    Raises `Refused`.
    """
    written = _encoding(raw)
    separator = _separator(_lines(raw, written).read(20_000))
    # because the length of a cell is judged where every format's is
    csv.field_size_limit(max(csv.field_size_limit(), len(raw) + 1))
    try:
        return _taken(_records(raw, written, separator, strict=True), most_rows)
    except csv.Error as error:
        if _UNCLOSED in str(error):
            raise Refused(
                f"a quotation mark opened at line {_unclosed(raw, written, separator)} is never closed, so the rows "
                "after it cannot be told apart. Fetch it again or ask the publisher."
            ) from None
    # because published files also hold quotation marks inside a value, which only the lenient reading allows
    rows = _taken(_records(raw, written, separator, strict=False), most_rows)
    if (number := _broken(rows)) is not None:
        raise Refused(
            f"quotation marks do not match, and record {number + 1} runs over more than one line, so its cells cannot "
            "be told apart. Fetch it again or ask the publisher."
        )
    return rows


def _taken(records: Iterator[list[str]], most_rows: int) -> list[list[Any]] | Columns:
    rows = list(islice(records, most_rows))
    more = next(records, None)
    if more is None:
        known = _Known()
        return [[known[text] for text in record] for record in rows]
    columns = Columns(empty="")
    columns.take(chain(rows, (more,), records))
    return columns


def _broken(rows: list[list[Any]] | Columns) -> int | None:
    """The first row with a cell of several lines; None when there is none."""

    def is_several(cell: Any) -> bool:
        return isinstance(cell, str) and "\n" in cell

    if isinstance(rows, Columns):
        return rows.first_row(is_several)
    return next((number for number, row in enumerate(rows) if any(map(is_several, row))), None)


def _records(raw: bytes, written: _Written, separator: str, *, strict: bool) -> Iterator[list[str]]:
    cells = 0
    for record in csv.reader(_lines(raw, written), delimiter=separator, strict=strict):
        cells += len(record)
        if cells > MOST_CELLS:
            raise too_many_cells("it", cells)
        yield record


def _lines(raw: bytes, written: _Written) -> io.TextIOWrapper:
    """The text a piece at a time: whole, beside its bytes, it would fill most of the memory there is."""
    return io.TextIOWrapper(io.BytesIO(raw), *written, newline="")


def _unclosed(raw: bytes, written: _Written, separator: str) -> int:
    """The line on which the last record that could be read ended, plus one."""
    lines = csv.reader(_lines(raw, written), delimiter=separator, strict=True)
    last = 0
    try:
        for _ in lines:
            last = lines.line_num
    except csv.Error:
        pass
    return last + 1


def _encoding(raw: bytes) -> _Written:
    """UTF-8, else what older programs write; a few damaged letters do not make a UTF-8 file another's."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", "replace"
    try:
        if not raw.isascii():
            raw.decode("utf-8-sig")
        return "utf-8-sig", "strict"
    except UnicodeDecodeError:
        lenient = raw.decode("utf-8-sig", "replace")
    if lenient.count(_DAMAGED) <= len(_BEYOND_ASCII.findall(lenient)):
        return "utf-8-sig", "replace"
    try:
        raw.decode("cp1252")
        return "cp1252", "strict"
    except UnicodeDecodeError:
        return "utf-8-sig", "replace"


def _separator(start: str) -> str:
    """The comma, unless the first lines hold none and hold another separator; a tab where it outnumbers commas."""
    head = "".join(start.splitlines(keepends=True)[:20])
    if "\t" in head and head.count("\t") >= head.count(","):
        return "\t"
    return next((s for s in _SEPARATORS if s in head), ",")
