"""Facts transcribed from a published table, as the grid they stood in: cells by their addresses, or sums over rows.

Cells are `sheet,cell,value,hidden`; sums have the publisher's own column names, and `rows`, how many were summed. A
column that was summed over is empty: sums of one sheet over different columns are grids of their own.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path

from pipelines.reading.grid import Cell, Grid, UnreadableFile, position

SHEET, ROWS = "sheet", "rows"
CELLS_HEADER = [SHEET, "cell", "value", "hidden"]
HIDDEN = "hidden"
"""What the last column of the cells form says of a cell in a hidden column; empty otherwise."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?\Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)


def value_of(text: str) -> Cell:
    """A transcribed value: a date, a number or text. Text that looks like either stands in quotes."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    if _NUMBER.match(text):
        return float(text)
    if _DATE.match(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:  # because "2022-06-31" names no day, and is text
            return text
    return text


def text_of(value: Cell) -> str:
    """The inverse of `value_of`: `value_of(text_of(v)) == v` for every value of a cell that is not empty."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(int(value)) if value == int(value) else repr(value)
    text = value or ""
    return f'"{text}"' if text and value_of(text) != text else text


def summed_rows(count: int) -> str:
    """The address of a declared sum: `sum of 1,234 rows`."""
    return f"sum of {count:,} rows"


def transcribed_grids(path: Path) -> list[Grid]:
    """The grids of one transcription. Raises `UnreadableFile` when it is in neither of the two forms."""
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        header = next(lines, [])
        try:
            if header == CELLS_HEADER:
                return _cells(lines)
            if header[:1] == [SHEET] and ROWS in header:
                return _sums(header, lines)
        except (ValueError, IndexError) as error:
            raise UnreadableFile(
                f"{path.name}, line {lines.line_num}: not a transcribed value ({error}); expected "
                f"{','.join(header)}. Make the file again with `python -m pipelines.starter.transcribe`."
            ) from None
    raise UnreadableFile(
        f"{path.name}: expected the columns {','.join(CELLS_HEADER)}, or a first column {SHEET!r} and "
        f"a column {ROWS!r}; found {','.join(header) or 'nothing'}."
    )


def _cells(lines: Iterable[list[str]]) -> list[Grid]:
    sheets: dict[str, list[list[Cell]]] = {}
    hidden: dict[str, set[int]] = {}
    for sheet, cell, text, concealed in lines:
        rows = sheets.setdefault(sheet, [])
        row, column = position(cell)
        while len(rows) <= row:
            rows.append([])
        line = rows[row]
        line.extend([None] * (column + 1 - len(line)))
        line[column] = value_of(text)
        if concealed:
            hidden.setdefault(sheet, set()).add(column)
    return [Grid(sheet, rows, frozenset(hidden.get(sheet, ()))) for sheet, rows in sheets.items()]


def _sums(header: list[str], lines: Iterable[list[str]]) -> list[Grid]:
    at = header.index(ROWS)
    sheets: dict[tuple[str, tuple[int, ...]], list[list[Cell]]] = {}
    places: dict[tuple[str, tuple[int, ...]], dict[int, str]] = {}
    for line in lines:
        # because what is summed over is empty, and sums over other columns are other tables
        kept = tuple(i for i, text in enumerate(line) if i not in (0, at) and text)
        rows = sheets.setdefault((line[0], kept), [[header[i] for i in kept]])
        places.setdefault((line[0], kept), {})[len(rows)] = summed_rows(int(line[at]))
        rows.append([value_of(line[i]) for i in kept])
    return [Grid(key[0], rows, places=places[key], is_sum=True) for key, rows in sheets.items()]
