"""A file to its sheets, by what kind of file it is; of a zip file all members with data are read, or none."""

import datetime as dt
import io
import math
import re
import zipfile
from array import array
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, TypedDict

from monitor.vocabulary.text import without_controls

from .beside import Beside
from .columns import Columns
from .refused import ASK_UNLOCKED, LONGEST_TEXT, MOST_CELLS, Refused, too_long, too_many_cells


class Sheet(TypedDict):
    """One sheet. Positions are zero-based `[row, column]`; a date stands in its row as ISO text, listed in `dates`.

    A long sheet has no `rows` but `columns`, the different values of each, and `codes`: which stands in each row.
    Its `dates` are positions in `columns`: `[number, column]`.
    """

    sheet: str
    rows: list[list[Any]]
    columns: list[list[Any]]
    codes: list["array[int]"]
    dates: list[list[int]]
    hidden: bool
    hidden_columns: list[int]
    hidden_rows: list[int]
    superscripts: list[list[Any]]
    percentages: list[list[int]]
    notes: list[str]
    unopened: list[str]


_LOOKS_A_VALUE = re.compile(r"\s*(?:[-+]?[\d,]*\.?\d+\s*%?|\.\.|[-–*~])\s*\Z")
_NOTE_NUMBERS = re.compile(r"\d{1,2}(?:\s*,\s*\d{1,2})*\Z")
_NOT_ONE = (
    "not readable as a spreadsheet: what is inside is damaged, is not a workbook's, or spans more cells than can be "
    "read. Expected .xlsx, .ods, .xls or .csv; fetch it again or ask the publisher."
)


def sheets_of(path: Path, kind: str, most_rows: int) -> list[Sheet]:
    """Every sheet, those above `most_rows` by column. Raises `Refused`, and what the reader of workbooks raises."""
    with path.open("rb") as stream:
        if kind == "zip":
            return _archive(stream, most_rows)
        return _one(stream, kind, path.name, most_rows)


def _one(stream: BinaryIO, kind: str, name: str, most_rows: int) -> list[Sheet]:
    if kind == "csv":
        from . import delimited

        rows = delimited.rows_of(stream.read(), most_rows)
        if isinstance(rows, Columns):
            commas = delimited.with_decimal_commas(rows.different)
            instead = dict.fromkeys(commas, lambda text: _clean(delimited.as_published(text)))
            return [_long(name, rows, lambda text: _clean(delimited.value_of(text)), Beside(), instead=instead)]
        return [_plain(name, [list(map(_clean, row)) for row in rows], [], Beside())]
    if kind == "html":
        from . import webpage

        return [
            _plain(title, [list(map(_clean, row)) for row in rows], [], Beside())
            for title, rows in webpage.tables_of(stream.read())
        ]
    return _workbook(stream, most_rows)


def _archive(stream: BinaryIO, most_rows: int) -> list[Sheet]:
    from . import kinds

    found: list[Sheet] = []
    cells = 0
    with zipfile.ZipFile(stream) as archive:
        for member in kinds.members(archive.infolist()):
            name = member.filename
            try:
                inside = io.BytesIO(archive.read(member))
                kind = kinds.kind_of(inside)
                if kind == kinds.ARCHIVE:
                    raise Refused("is an archive inside the zip file; one level is read. Unpack it and add its files.")
                inside.seek(0)
                sheets = _one(inside, kind, name, most_rows)
            except Refused as refused:
                raise Refused(f"member {name!r}: {refused} The whole zip file is refused.") from None
            except Exception as error:
                raise Refused(
                    f"member {name!r}: not readable ({type(error).__name__}: {str(error)[:150]}). The whole zip "
                    "file is refused; fetch it again or ask the publisher."
                ) from None
            for sheet in sheets:
                sheet["unopened"] = [f"{name}/{part}" for part in sheet["unopened"]]
                cells += sum(map(len, sheet["rows"])) + sum(map(len, sheet["codes"]))
                if kind == kinds.WORKBOOK:
                    sheet["sheet"] = f"{name}/{sheet['sheet']}"
            if cells > MOST_CELLS:
                raise too_many_cells("its files together", cells)
            found += sheets
        found[0]["unopened"] = [*kinds.left_aside(archive.infolist()), *found[0]["unopened"]]
    return found


def _workbook(stream: BinaryIO, most_rows: int) -> list[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    found = _beside(stream)
    stream.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(stream)
    except PasswordError:
        raise Refused(ASK_UNLOCKED) from None
    except CalamineError as error:
        if "detect file format" not in str(error):
            raise
        raise Refused(_NOT_ONE) from None  # because the reader tries every format in turn and keeps no reason
    visible = {sheet.name: sheet.visible == SheetVisibleEnum.Visible for sheet in book.sheets_metadata}
    sheets, cells = [], 0
    for number, name in enumerate(book.sheet_names):
        said, hidden = found.get(name) or found.get(number) or Beside(), not visible.get(name, True)
        if said.is_copy:
            continue
        sheet = book.get_sheet_by_name(name)
        cells += sheet.total_height * sheet.total_width
        if cells > MOST_CELLS:
            raise too_many_cells(f"sheet {name!r}", cells)
        rows = sheet.to_python(skip_empty_area=False)
        if len(rows) > most_rows:
            sheets.append(_long(name, _columns(rows, said), _cell, said, hidden=hidden))
            continue
        dates: list[list[int]] = []
        sheets.append(_plain(name, [_row(r, row, dates) for r, row in enumerate(rows)], dates, said, hidden=hidden))
    return sheets


def _beside(stream: BinaryIO) -> dict[Any, Beside]:
    """What stands beside the values, by the sheet's name or, of an .xls, its number; and the checks before reading."""
    if stream.read(4) != b"PK\x03\x04":
        from . import old_excel

        stream.seek(0)
        return dict(old_excel.beside(stream.read()))
    from . import parts

    with zipfile.ZipFile(stream) as package:
        held = parts.Parts(package)
        names = package.namelist()
        if "content.xml" in names:
            from .opendocument import beside
        else:
            from .office import beside
        found = beside(held)
        held.check_rest()
    return dict(found)


def _row(number: int, values: list[Any], dates: list[list[int]]) -> list[Any]:
    """One row without the empty cells that end it; numbers, which are most of it, go by untouched."""
    kinds = set(map(type, values))
    if kinds == {float}:
        return values
    if kinds <= _FEW:
        cells = [v if type(v) is float else _TEXTS[v] for v in values]
    else:
        cells = [v if type(v) is float else _cell(v) for v in values]
    if kinds & _DATES:
        for column, value in enumerate(cells):
            if isinstance(value, dt.date):
                dates.append([number, column])
                cells[column] = value.isoformat()
    while cells and cells[-1] is None:
        cells.pop()
    return cells


class _Texts(dict[str, Any]):
    """What each different text of a workbook comes to: most are empty, and labels come again."""

    def __missing__(self, text: str) -> Any:
        if len(self) > 100_000:
            self.clear()
        self[text] = value = _cell(text)
        return value


_TEXTS = _Texts()
_FEW = {str, float}
_DATES = {dt.date, dt.datetime}
_ORDINARY = {str, float, dt.date}


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value) if value and not value.isspace() else None
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.datetime):
        return value.date()
    return value if value is None or isinstance(value, dt.date) else str(value)


def _text(value: str) -> str:
    """The text, cleaned; refused where it is longer than any label."""
    if len(value) > LONGEST_TEXT:
        raise too_long(value)
    return without_controls(value)


def _clean(value: str | float | None) -> str | float | None:
    return _text(value) if isinstance(value, str) else value


def _columns(rows: list[list[Any]], said: Beside) -> Columns:
    """Rows of a workbook by column. A truth value is put into words first: it would be taken for the number 1."""
    _put(rows, said)
    columns = Columns(empty="")
    columns.take(row if set(map(type, row)) <= _ORDINARY else [_cell(v) for v in row] for row in rows)
    return columns


def _long(
    name: str,
    rows: Columns,
    value_of: Callable[[Any], Any],
    said: Beside,
    *,
    hidden: bool = False,
    instead: Mapping[int, Callable[[Any], Any]] = MappingProxyType({}),
) -> Sheet:
    values, codes = rows.finished(value_of, instead)
    dates = [[k, c] for c, kept in enumerate(values) for k, v in enumerate(kept) if isinstance(v, dt.date)]
    for k, c in dates:
        values[c][k] = values[c][k].isoformat()
    return _sheet(name, said, hidden, columns=values, codes=codes, dates=dates)


def _plain(name: str, rows: list[list[Any]], dates: list[list[int]], said: Beside, *, hidden: bool = False) -> Sheet:
    _put(rows, said)
    while rows and not rows[-1]:
        rows.pop()
    return _sheet(name, said, hidden, rows=rows, dates=dates)


def _put(rows: list[list[Any]], said: Beside) -> None:
    """Put what the reader does not tell where it stands."""
    for (row, column), text in said.texts.items():
        _fill(rows, row, column, text)
    for (row, column), text in said.shown.items():
        if _is_number(rows, row, column):
            rows[row][column] = _text(text)
    for (row, column), end in said.superscripts.items():
        _separate(rows, row, column, end)


def _sheet(name: str, said: Beside, hidden: bool, **held: Any) -> Sheet:
    """A sheet of `rows`, or of `columns` and `codes`, with its `dates` and what stands beside them."""
    return {
        "rows": held.get("rows", []),
        "columns": held.get("columns", []),
        "codes": held.get("codes", []),
        "dates": held["dates"],
        "sheet": _text(name.encode(errors="replace").decode()),
        "hidden": hidden,
        "hidden_columns": sorted(said.hidden_columns),
        "hidden_rows": sorted(said.hidden_rows),
        "superscripts": [[r, c, _text(end)] for (r, c), end in sorted(said.superscripts.items())],
        "percentages": sorted(map(list, said.percentages)),
        "notes": [without_controls(note) for note in said.notes],
        "unopened": said.unopened,
    }


def _is_number(rows: list[list[Any]], row: int, column: int) -> bool:
    return row < len(rows) and column < len(rows[row]) and type(rows[row][column]) is float


def _fill(rows: list[list[Any]], row: int, column: int, text: str) -> None:
    """Put a text where the reader saw nothing; what it saw stays."""
    if row >= 1 << 20 or column >= 16384:
        return
    rows.extend([] for _ in range(row + 1 - len(rows)))
    cells = rows[row]
    cells.extend([None] * (column + 1 - len(cells)))
    if cells[column] in (None, ""):
        cells[column] = _text(text)


def _separate(rows: list[list[Any]], row: int, column: int, end: str) -> None:
    """Write a number's raised note apart: `5,678` with a raised 2 arrives as `5,6782`, which is another number."""
    text = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
    if not isinstance(text, str) or not _NOTE_NUMBERS.match(end) or not text.rstrip().endswith(end):
        return
    before = text.rstrip()[: -len(end)]
    if len(before) < 40 and _LOOKS_A_VALUE.match(before):
        rows[row][column] = f"{before.rstrip()} [{end}]"


def finite(sheets: Iterable[Sheet]) -> None:
    """Turn numbers too large to be one into text, in place: JSON has no word for them."""
    for sheet in sheets:
        for row in (*sheet["rows"], *sheet["columns"]):
            if not all(map(math.isfinite, [v for v in row if type(v) is float])):
                row[:] = [str(v) if type(v) is float and not math.isfinite(v) else v for v in row]
