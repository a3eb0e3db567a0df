"""The second hash of a file: of what its cells say, whatever holds them.

What it makes true: a file saved again, in another program, another format or another order of its parts has the same
hash as before when every sheet holds the same values at the same addresses, and another one when a single cell
differs. So "the file changed, the numbers did not" is known without comparing two files.

What it refuses: to look at formatting (colours, widths, what is hidden), at the order of sheets, at empty cells behind
the last value, and at the name of a file that has no sheets of its own. A number and a text of the same letters differ.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import zip_longest

import polars as pl

from pipelines.reading.grid import Cell, Column, Grid, Rows


def cells_sha256(grids: Sequence[Grid], name: str) -> str:
    """The SHA-256 of the addressed values of every sheet. `name` is the file's, by which a CSV's only sheet is called.

    A sheet is its columns in order, a column its cells from the top: the same for a sheet held by row or by column.
    """
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
