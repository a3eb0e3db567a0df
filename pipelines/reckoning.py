"""What became of every cell of a file that was read by a declaration: figures, and what is none with the reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from pipelines.account import Cause, FileAccount, Understood
from pipelines.account import account as accounted
from pipelines.labels import drawn
from pipelines.reading.grid import Grid
from pipelines.shape import Sheet, Table
from pipelines.tidy import Refusal, Tidied

NOT_DECLARED = Cause("a table", "no declared table reads it", refused=True)
NO_VALUE = Cause("a mark", "neither a number nor a mark that is declared")
NOT_READ = Cause("a value", "the table it stands in yields no figure of it")


def reckoned(
    grids: Sequence[Grid],
    tidied: Tidied,
    figures: pl.DataFrame,
    refusals: Sequence[Refusal] = (),
    undrafted: Mapping[str, str] | None = None,
) -> FileAccount:
    """The account of a file by its `figures`: those tidied, and those of tables that nobody declared.

    `refusals` are those of the latter; `undrafted` says of sheets why a table yields none.
    """
    sheets = [drawn(grid) for grid in grids]
    read: dict[str, set[str]] = defaultdict(set)
    unreadable: dict[str, set[str]] = defaultdict(set)
    for name, cell, status in figures.select("sheet", "cell", "status").iter_rows():
        (unreadable if status == "unreadable" else read)[name].add(cell)
    return accounted(
        sheets,
        {
            id(table): _understood(
                each, table, tidied, refusals, read[each.grid.sheet], unreadable[each.grid.sheet], undrafted or {}
            )
            for each in sheets
            for table in each.tables
        },
    )


def _understood(
    each: Sheet,
    table: Table,
    tidied: Tidied,
    more: Sequence[Refusal],
    read: set[str],
    unreadable: set[str],
    undrafted: Mapping[str, str],
) -> Understood:
    rows, columns = np.asarray(table.rows), np.asarray(table.columns)
    nothing = Understood.of(table)
    if any(t.grid.sheet == each.grid.sheet and set(t.columns) & set(table.columns) for t in tidied.summed):
        return nothing
    why = undrafted.get(each.grid.sheet)
    causes = [NOT_READ, NO_VALUE, Cause("a table", why) if why else NOT_DECLARED]
    codes = np.full((len(rows), len(columns)), 3, dtype=np.int32)
    addressed = [np.array(each.grid.addresses(rows, c).to_list()) for c in table.columns]
    refusals = [r for r in (*tidied.refusals, *more) if r.grid.sheet == each.grid.sheet]
    if not read and not unreadable and not refusals:
        return Understood(nothing.rows, nothing.columns, causes, codes)
    found = any(cell in read or cell in unreadable for column in addressed for cell in column.tolist())
    codes[:] = 1 if found else 3
    for refusal in refusals:
        at = np.isin(rows, refusal.rows)
        across = np.ones(len(columns), dtype=bool) if refusal.columns is None else np.isin(columns, refusal.columns)
        here = np.ix_(at, across)
        if at.any() and across.any():
            causes.append(Cause("a column" if refusal.columns is not None else "a row", refusal.why, refused=True))
            codes[here] = np.where(codes[here] > 3, codes[here], len(causes))
    for j, cells in enumerate(addressed):
        codes[np.array([cell in unreadable for cell in cells.tolist()], dtype=bool), j] = 2
        codes[np.array([cell in read for cell in cells.tolist()], dtype=bool), j] = 0
    return Understood(nothing.rows, nothing.columns, causes, codes)
