"""Small declared tables in the published geometry, for tests of what a label, a mark or a layout is taken for."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from monitor.declarations import Publication, parse
from pipelines.reading import Grid
from pipelines.reading.grid import Cell, position
from pipelines.tidy import Tidied, tidy

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "published"
NOT_HERE = "the publishers' originals are not here: no ../shared/published"

HEAD = 'id = "series"\ntitle = "A series"\npublisher = "A publisher"\n'
TABLE = """
[[table]]
id = "{id}"
title = "People in prison"
measure = "prison-population"
population = "people in prison"
{more}
"""


def declared(*tables: str, head: str = "") -> Publication:
    """A publication of these tables; each is what its declaration says beside its title and measure."""
    ids = ("one", "two", "three")
    text = HEAD + head + "".join(TABLE.format(id=i, more=t) for i, t in zip(ids, tables, strict=False))
    return parse(Publication, text, "series.toml")


def sheet(*rows: Sequence[Cell], title: str = "Table 1: People in prison", name: str = "Table_1", **said) -> Grid:
    """A sheet with a title in its first row and the rows from its third; whole numbers are cells of numbers."""
    cells = [[float(c) if type(c) is int else c for c in row] for row in rows]
    return Grid(name, [[title], [], *cells], **said)


def read(grid: Grid, publication: Publication, edition: str = "2022-06-30") -> Tidied:
    """What one sheet gives."""
    return tidy([grid], publication, edition=edition)


def changed(grid: Grid, cells: dict[str, Cell]) -> Grid:
    """The sheet with other words in these cells."""
    rows = [list(row) for row in grid.rows]
    for address, cell in cells.items():
        r, c = position(address)
        rows[r][c] = cell
    return replace(grid, rows=rows)


def claims(tidied: Tidied, *columns: str) -> dict[str, tuple[object, ...]]:
    """What each cell is said to be of, in these columns."""
    found = tidied.figures.select("cell", *columns).rows()
    assert len({row[0] for row in found}) == len(found), "a cell became two figures"
    return {row[0]: row[1:] for row in found}


def checks(tidied: Tidied) -> dict[str, str]:
    """The problems by check, one message each."""
    return {p.check: p.message for p in tidied.problems}


def flags(tidied: Tidied, flag: str) -> set[str]:
    """The cells that carry a flag."""
    return set(tidied.figures.filter(pl.col("flags").list.contains(flag))["cell"])
