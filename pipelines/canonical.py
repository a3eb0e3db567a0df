"""The second hash of a file: of the values at the addresses of its sheets, whatever program or format holds them.

Formatting, the order of sheets and empty cells behind the last value do not count; a number and a text differ.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import zip_longest

import polars as pl

from pipelines.reading.grid import Cell, Column, Grid, Rows


def cells_sha256(grids: Sequence[Grid], name: str) -> str:
    """The SHA-256 of the addressed values of every sheet, column by column. `name` is the file's: a CSV's sheet."""
    digest = hashlib.sha256()
    for sheet, grid in sorted(((g.sheet if g.sheet != name else "", g) for g in grids), key=lambda pair: pair[0]):
        for number, said in enumerate(_columns(grid)):
            if said:
                digest.update(f"{sheet}\x1f{number}\x1f{said}\x1e".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _columns(grid: Grid) -> Iterator[str]:
    if isinstance(grid.rows, Rows):
        yield from map(_by_value, grid.rows.columns)
    else:
        for cells in zip_longest(*grid.rows):
            yield _text(cells)


def _text(cells: Sequence[Cell]) -> str:
    """Cells as one text, without the empty ones at the end; empty where all are."""
    last = next((n for n in range(len(cells), 0, -1) if cells[n - 1] is not None), 0)
    return ", ".join(map(repr, cells[:last]))


def _by_value(column: Column) -> str:
    """The same text, made of each different value once."""
    filled = [n for n, value in enumerate(column.values) if value is not None]
    codes = pl.Series(column.codes)
    last = codes.is_in(filled).arg_true().max()
    if last is None:
        return ""
    values = pl.Series([repr(value) for value in column.values], dtype=pl.String)
    return values.gather(codes.head(int(str(last)) + 1)).str.join(", ")[0]
