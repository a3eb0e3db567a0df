"""Bytes on disk to grids, safely: what a file is by its first bytes, then a child process with limits."""

import datetime as dt
import gc
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from monitor.settings import READ_MAX_MB
from pipelines.reading import limited
from pipelines.reading.grid import Cell, Column, Grid, Rows, UnreadableFile
from pipelines.reading.opening import kinds, webpage
from pipelines.reading.opening.refused import Refused
from pipelines.reading.transcription import transcribed_grids


def kind_of(path: Path, name: str) -> str:
    """`workbook`, `csv` or `zip` by the bytes, or `html` for a page that is called one. Raises `UnreadableFile`."""
    if not path.exists():
        raise UnreadableFile(f"{name}: no such file; expected an .xlsx, .ods, .xls or .csv file. Check the path.")
    if path.is_dir():
        raise UnreadableFile(f"{name}: is a folder; expected one .xlsx, .ods, .xls or .csv file.")
    if not path.is_file():
        raise UnreadableFile(f"{name}: is neither a file nor a link to one; expected .xlsx, .ods, .xls or .csv.")
    if (size := path.stat().st_size) > READ_MAX_MB << 20:
        raise UnreadableFile(
            f"{name}: {size >> 20} MB; files above {READ_MAX_MB} MB are not read. Ask the publisher for it in parts."
        )
    try:
        with path.open("rb") as stream:
            return webpage.KIND if webpage.is_one(name, stream) else kinds.kind_of(stream)
    except Refused as refused:
        raise UnreadableFile(f"{name}: {_line(refused)}") from None
    except OSError as error:
        raise UnreadableFile(f"{name}: cannot be opened ({error.strerror}). Check who may read it.") from None


def read(path: Path, name: str | None = None, *, transcription: bool = False) -> list[Grid]:
    """Every sheet of the file as a `Grid`. `name` is how the file is called in messages.

    The only sheet of a CSV is called by the file's name; in a zip file a CSV by the member's name, and a sheet of a
    workbook `member/sheet`. Raises `UnreadableFile`; nothing else escapes for any content of the file.
    """
    name = name or path.name
    if transcription:
        return transcribed_grids(path)
    kind = kind_of(path, name)
    grids = _grids(limited.ask(path, kind, name), name)
    if kind == kinds.DELIMITED:
        grids[0].sheet = name  # because a CSV's only sheet is the file, by the publisher's name and not by ours
    return grids


def _grids(answer: bytes, name: str) -> list[Grid]:
    end = answer.find(b"\n")
    collecting = gc.isenabled()
    gc.disable()  # because nothing here is garbage, and looking for it takes as long as parsing
    try:
        said: dict[str, Any] = orjson.loads(answer[:end] if end >= 0 else answer)
        if "memory" in said:
            raise UnreadableFile(limited.out_of_memory(name))
        if "refused" in said:
            raise UnreadableFile(f"{name}: {_line(said['refused'])}")
        if "error" in said:
            raise UnreadableFile(
                f"{name}: not readable as a spreadsheet ({_line(said['error'][:200])}). Expected .xlsx, .ods, .xls or "
                ".csv; fetch it again or ask the publisher."
            )
        codes = np.frombuffer(answer, dtype=np.intc, offset=end + 1)
        grids = []
        for sheet in said["sheets"]:
            taken = sum(sheet["codes"])
            grids.append(_grid(sheet, codes[:taken]))
            codes = codes[taken:]
        return grids
    except ValueError:
        raise UnreadableFile(f"{name}: the reader's answer was cut short. The bytes are kept; try again.") from None
    finally:
        if collecting:
            gc.enable()


def _line(said: object) -> str:
    """What was said, on one line and without what a terminal would obey: part of it can be the file's own words."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(said)).split())


def _grid(sheet: dict[str, Any], codes: np.ndarray) -> Grid:
    """The sheet as a `Grid`; `codes` are those of its columns, one column after another. Raises `ValueError`."""
    held = sheet["columns"] or sheet["rows"]
    for first, second in sheet["dates"]:
        # because dates of a long sheet are told by their number and column, and others by row and column
        line, at = (second, first) if sheet["columns"] else (first, second)
        held[line][at] = dt.date.fromisoformat(held[line][at])
    return Grid(
        sheet=sheet["sheet"],
        rows=_by_column(held, sheet["codes"], codes) if sheet["columns"] else held,
        hidden_columns=frozenset(sheet["hidden_columns"]),
        hidden_rows=frozenset(sheet["hidden_rows"]),
        is_hidden=sheet["hidden"],
        superscripts={(row, column): end for row, column, end in sheet["superscripts"]},
        notes=tuple(sheet["notes"]),
        percentages=frozenset(map(tuple, sheet["percentages"])),
        unopened=tuple(sheet["unopened"]),
    )


def _by_column(values: list[list[Cell]], lengths: list[int], codes: np.ndarray) -> Rows:
    columns = []
    for kept, mine, length in zip(values, np.split(codes, np.cumsum(lengths)[:-1]), lengths, strict=True):
        if len(mine) != length or (length and not 0 <= mine.min() <= mine.max() < len(kept)):
            raise ValueError("codes that point to no value")
        # because most columns have few different values, and a file of them then a quarter of its size
        columns.append(Column(kept, mine.astype(np.min_scalar_type(len(kept)))))
    return Rows(columns)
