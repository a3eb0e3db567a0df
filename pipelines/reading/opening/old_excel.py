"""What the reader does not tell of an .xls workbook: hidden rows and columns, errors, and whether it is encrypted."""

import io
import struct
from collections.abc import Iterator

import olefile

from .beside import Beside
from .refused import ASK_UNLOCKED, Refused

_EOF, _FORMULA, _ENCRYPTED, _COLUMNS, _SHEET, _ERROR, _ROW = 0x0A, 0x06, 0x2F, 0x7D, 0x85, 0x205, 0x208
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def beside(raw: bytes) -> dict[int, Beside]:
    """What stands beside the values, by the sheet's place in the workbook. Raises `Refused` when it is encrypted."""
    starts = []
    try:
        with olefile.OleFileIO(io.BytesIO(raw)) as package:
            book = package.openstream("Workbook").read()
        for what, at, _ in _records(book, 0):
            if what == _ENCRYPTED:
                raise Refused(ASK_UNLOCKED)
            if what == _SHEET:
                starts.append(struct.unpack_from("<I", book, at)[0])
        return {i: _sheet(book, start) for i, start in enumerate(starts)}
    except (OSError, struct.error, IndexError, ValueError):  # because what is damaged is told by the reader
        return {}


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Of each record to the end of a section: what it is, where its content starts, and its length."""
    while at + 4 <= len(book):
        what, length = struct.unpack_from("<HH", book, at)
        if what == _EOF:
            return
        yield what, at + 4, length
        at += 4 + length


def _sheet(book: bytes, start: int) -> Beside:
    found = Beside()
    for what, at, length in _records(book, start):
        if what == _COLUMNS and length >= 10:
            first, last, _, _, options = struct.unpack_from("<5H", book, at)
            if options & 1:
                found.hidden_columns.update(range(first, min(last, 255) + 1))
        elif what == _ROW and length >= 16:
            row, *_, options = struct.unpack_from("<7H", book, at)
            if options & 0x20:
                found.hidden_rows.add(row)
        elif what == _ERROR and length >= 8 and book[at + 7]:
            _put(found, book, at, book[at + 6])
        elif what == _FORMULA and length >= 14 and book[at + 12 : at + 14] == b"\xff\xff" and book[at + 6] == 2:
            _put(found, book, at, book[at + 8])
    return found


def _put(found: Beside, book: bytes, at: int, code: int) -> None:
    row, column = struct.unpack_from("<2H", book, at)
    found.texts[row, column] = _ERRORS.get(code, "#ERROR!")
