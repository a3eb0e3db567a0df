"""A sheet's geometry: where its tables are, and what every cell of it is: title, note, label, value, or left over."""

from dataclasses import replace

from monitor.vocabulary import decimal_mark
from pipelines.reading.grid import Cell, Grid, Rows
from pipelines.shape import listed
from pipelines.shape.cells import is_failed, is_spelled, is_text, is_value, plain_number
from pipelines.shape.drawing import table_of, title_of
from pipelines.shape.extent import segments, side_by_side
from pipelines.shape.roles import Role, Sheet, Unread, unread_of, with_roles
from pipelines.shape.table import Axis, Table

FEWEST_SPELLED = 4


def tables(grid: Grid) -> list[Table]:
    """Every table of the grid, in order. A sheet of prose has none; where a sheet holds no numbers, those stored as
    text are its numbers.
    """
    if isinstance(grid.rows, Rows) and (one := listed.table(grid, grid.rows)) is not None:
        return [one]
    by_row = replace(grid, rows=list(grid.rows)) if isinstance(grid.rows, Rows) else grid
    found = _tables(by_row) or _tables_of_text(by_row)
    for table in found:
        table.grid = grid if table.grid is by_row else table.grid
    return found


def sheet(grid: Grid) -> Sheet:
    """The grid as tables, with the role of every filled cell and what no table claims."""
    return with_roles(grid, tables(grid))


def _tables(grid: Grid) -> list[Table]:
    found: list[Table] = []
    above: tuple[str, list[tuple[int, int]]] = ("", [])
    for first, last in segments(grid):
        over = ""
        before = len(found)
        for part, left, end in side_by_side(grid, first, last):
            table = table_of(part, first, last, len(found))
            if table is not None:
                table.title = over = table.title if table.title_cells or not over else over
                if above[1] and not table.title_cells:
                    table.title, table.title_cells = over, _ = above
                table.area = (slice(first, last), slice(left, end))
                found.append(table)
        # because a number with its label may stand between a title and the table it is over
        above = title_of(grid, first, last) if len(found) == before else ("", [])
    return found


def _tables_of_text(grid: Grid) -> list[Table]:
    """The tables of a sheet whose numbers are all stored as text; what is more than a number keeps its words."""
    numbers: list[list[Cell]] = []
    readable: list[list[Cell]] = []
    spelled = 0
    # because "1,725" is no thousands where "0,912" stands beside it
    points = decimal_mark(c for row in grid.rows for c in row if isinstance(c, str) and is_spelled(c)) == "."
    for row in grid.rows:
        here, said = list(row), list(row)
        for c, cell in enumerate(row):
            if isinstance(cell, str) and (is_spelled(cell) or is_value(cell)) and any(map(str.isdigit, cell)):
                spelled += 1
                plain = plain_number(cell) if points or "," not in cell else None
                here[c], said[c] = (1.5, cell) if plain is None else (plain, plain)
        numbers.append(here)
        readable.append(said)
    if spelled < FEWEST_SPELLED:
        return []
    found = _tables(replace(grid, rows=numbers))
    for table in found:
        as_said = [
            [said if cell is not None else None for cell, said in zip(row, words, strict=False)]
            for row, words in zip(table.grid.rows, readable, strict=False)
        ]
        table.grid = replace(table.grid, rows=as_said)
        for axis in table.side:
            axis.labels = [
                next((x for c in axis.columns if (x := table.grid.at(r, c)) is not None), None) for r in table.rows
            ]
    return found
