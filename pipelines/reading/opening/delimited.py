"""Delimited text (CSV and its relatives) to rows of values, its encoding and separator found from its structure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, pairwise, zip_longest
from typing import Any, NamedTuple

from .columns import Columns
from .refused import MOST_CELLS, Refused, too_many_cells

_SPACES = " \u00a0\u2009\u202f"
_NUMBER = re.compile(
    rf"[-+\u2212]?(?:(?:[1-9]\d{{0,2}}(?:,\d{{3}})+|[1-9]\d{{0,2}}(?:[{_SPACES}]\d{{3}})+|0|[1-9]\d*)?(?:\.\d+)?"
    r"|\d(?:\.\d+)?[eE][-+]\d{1,3})\Z",
    re.ASCII,
)
_SAYS_COMMA = re.compile(r"\s*[-+\u2212]?(?:0,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:[. ]\d{3})+,\d+)%?\s*\Z", re.ASCII)
_SAYS_POINT = re.compile(
    r"\s*[-+\u2212]?(?:\d{1,3}(?:,\d{3})+(?:,\d{3}|\.\d+)|\d*\.(?!\d{3}\s*\Z)\d+)%?\s*\Z", re.ASCII
)
_SEPARATOR_SAID = re.compile(r'\ufeff?"?sep=([^"\r\n])"?\s*(?=[\r\n])', re.I)
_QUOTED = re.compile(r'(?:(?<=[,;\t|\r\n])|\A) *"[^"]*(?:""[^"]*)*"')
_SPACE_BEFORE_QUOTE = re.compile(r'[,;\t|] +"')
_PLAIN_FIELD = re.compile(r'\s*(?:"|[-+£$€]?[\d., ]*\d%?)?\s*\Z')
_DAMAGED = "\ufffd"
_BEYOND_ASCII = re.compile("[^\x00-\x7f\ufffd]")
_SEPARATORS = ",\t;|"
_UNCLOSED = "unexpected end of data"
_Written = tuple[str, str]
"""An encoding, and what is done about bytes that it does not know."""
_LOOKED_AT = 20_000


class _Separator(NamedTuple):
    """What stands between cells, whether the first line says so, and whether spaces stand before quotation marks."""

    sign: str
    is_said: bool
    is_spaced: bool


class _Known(dict[str, Any]):
    """What a text stands for, found once: a column of a million rows holds few different texts."""

    def __missing__(self, text: str) -> Any:
        if len(self) > 1_000_000:
            self.clear()
        self[text] = value = value_of(text)
        return value


def value_of(text: str) -> str | float | None:
    """What a text stands for: a number, itself, or nothing."""
    said = text.strip()
    if said and said[-1].isdigit() and _NUMBER.match(said):
        return float(re.sub(rf"[,{_SPACES}]", "", said).replace("\u2212", "-"))
    return text if said else None


def as_published(text: str) -> str | float | None:
    """What a text stands for in a column with decimal commas: a number only where no sign divides it."""
    return value_of(text) if not re.search("[,.]", text) else text


def with_decimal_commas(columns: Sequence[Iterable[str]]) -> set[int]:
    """Which columns of a file write decimals with a comma.

    A column does where one of its cells can be read no other way (`0,435`); and, because a file has one way of
    writing, so do the others that do not show decimals with a point. A list of notes (`1,2`) says nothing of others.
    """
    said = {i: [t for t in texts if _SAYS_COMMA.match(t)] for i, texts in enumerate(columns)}
    is_whole = any(not _is_list_of_notes(text) for texts in said.values() for text in texts)
    return {i for i, texts in enumerate(columns) if said[i] or (is_whole and not any(map(_SAYS_POINT.match, texts)))}


def _is_list_of_notes(text: str) -> bool:
    first, _, second = text.strip().partition(",")
    return first.isdigit() and second.isdigit() and second[0] != "0" and 0 < int(first) < int(second) < 100


def rows_of(raw: bytes, most_rows: int) -> list[list[Any]] | Columns:
    """Every record as a row of numbers, texts and None; more than `most_rows` by column, as text. Raises `Refused`."""
    written = _encoding(raw)
    separator = _separator(_lines(raw, written).read(_LOOKED_AT))
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
        values = [[known[text] for text in record] for record in rows]
        if any(map(_SAYS_COMMA.match, known)):
            columns = list(zip_longest(*rows, fillvalue=""))
            for column in with_decimal_commas(columns):
                for row, text in zip(values, columns[column], strict=True):
                    if column < len(row):
                        row[column] = as_published(text)
        return values
    held = Columns(empty="")
    held.take(chain(rows, (more,), records))
    return held


def _broken(rows: list[list[Any]] | Columns) -> int | None:
    """The first row with a cell of several lines; None when there is none."""

    def is_several(cell: Any) -> bool:
        return isinstance(cell, str) and "\n" in cell

    if isinstance(rows, Columns):
        return rows.first_row(is_several)
    return next((number for number, row in enumerate(rows) if any(map(is_several, row))), None)


def _records(raw: bytes, written: _Written, separator: _Separator, *, strict: bool) -> Iterator[list[str]]:
    cells = 0
    records = _reader(raw, written, separator, strict=strict)
    if separator.is_said:
        next(records, None)
        yield []
    for record in records:
        cells += len(record)
        if cells > MOST_CELLS:
            raise too_many_cells("it", cells)
        yield record


def _reader(raw: bytes, written: _Written, separator: _Separator, *, strict: bool) -> Any:
    return csv.reader(
        _lines(raw, written), delimiter=separator.sign, skipinitialspace=separator.is_spaced, strict=strict
    )


def _lines(raw: bytes, written: _Written) -> io.TextIOWrapper:
    """The text a piece at a time: whole, beside its bytes, it would fill most of the memory there is."""
    return io.TextIOWrapper(io.BytesIO(raw), *written, newline="")


def _unclosed(raw: bytes, written: _Written, separator: _Separator) -> int:
    """The line on which the last record that could be read ended, plus one."""
    lines = _reader(raw, written, separator, strict=True)
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


def _separator(start: str) -> _Separator:
    """The sign that divides the first lines, quotation marks apart, most alike."""
    is_spaced = bool(_SPACE_BEFORE_QUOTE.search(start))
    if said := _SEPARATOR_SAID.match(start):
        return _Separator(said[1], True, is_spaced)
    lines = _QUOTED.sub('"', start).splitlines()
    if len(start) == _LOOKED_AT and len(lines) > 1:
        lines.pop()
    lines = [line for line in lines if line.strip()]
    return _Separator(max(_SEPARATORS, key=lambda sign: _alike(lines, sign)), False, is_spaced)


def _alike(lines: list[str], sign: str) -> tuple[int, float, int]:
    """How often a line divides as the next one does, how much of what results is plain, and how many lines divide."""
    counts = [line.count(sign) for line in lines]
    fields = [field for line in lines if sign in line for field in line.split(sign)]
    plain = sum(1 for field in fields if _PLAIN_FIELD.match(field)) / max(len(fields), 1)
    return sum(a == b > 0 for a, b in pairwise(counts)), plain, sum(map(bool, counts))
