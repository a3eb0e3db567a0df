"""Rows that hold values and are no row of the table as shaped: their label was lost, or their only value is a word.

What it makes true: a row that cannot be read still ends what stood above it. What it refuses: to take numbers beside
a table, which no label ever named, for a row.
"""

import re
from dataclasses import replace

from pipelines.reading.grid import Cell
from pipelines.shape import Axis, Table, is_value

_NOTE = re.compile(r"\s*(?:\(\d+\)|\[?note|notes?\b|source\b|\d+\.\s|\*\s|' ?\*|©)", re.I)
LONGEST_LABEL = 90
"""As in `shape`: a longer text with nothing readable beside it is prose."""


def with_overlooked_rows(table: Table) -> Table:
    """The table with the rows between its own that hold values; their labels may be None."""
    own, grid = set(table.rows), table.grid
    sides = side_columns(table)
    first = max(table.header_rows, default=table.rows[0] - 1) + 1
    last = table.rows[-1] + 1
    while last < len(grid.rows) and _is_a_row(table, sides[0], grid.rows[last]):
        last += 1
    found = [r for r in range(first, last) if r not in own and _is_a_row(table, sides[0], grid.rows[r])]
    if not found:
        return table
    rows = sorted([*table.rows, *found])
    blank = dict(zip(table.rows, table.after_blank, strict=True))
    blocks = {table.rows[i] for i in table.blocks}
    return replace(
        table,
        rows=rows,
        side=[Axis(a.header, [grid.at(r, c) for r in rows]) for a, c in zip(table.side, sides, strict=True)],
        after_blank=[blank.get(r, False) for r in rows],
        blocks=frozenset(i for i, r in enumerate(rows) if r in blocks),
    )


def side_columns(table: Table) -> list[int]:
    """The grid columns that a table's label columns stand in."""
    width, taken = table.grid.width, set(table.columns)
    found: list[int] = []
    for axis in table.side:
        found.append(
            next(
                c
                for c in range(width)
                if c not in taken
                and c not in found
                and all(table.grid.at(r, c) == label for r, label in zip(table.rows, axis.labels, strict=True))
            )
        )
    return found


def _is_a_row(table: Table, leading: int, row: list[Cell]) -> bool:
    cells = [row[c] if c < len(row) else None for c in table.columns]
    if not any(cell is not None for cell in cells):
        return False
    label = row[leading] if leading < len(row) else None
    if label is None:
        return 2 * sum(is_value(cell) for cell in cells) >= len(cells)
    heads = [[table.grid.at(h, c) for c in table.columns] for h in table.header_rows]
    if any(2 * sum(a == b for a, b in zip(head, cells, strict=True)) > len(head) for head in heads):
        return False  # because it repeats the header, whatever became of one of its cells
    return len(str(label)) <= LONGEST_LABEL and not _NOTE.match(str(label))
