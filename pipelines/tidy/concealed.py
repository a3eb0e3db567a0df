"""Figures in a hidden row, column or sheet: read, because hiding is how quarters fold into years, and marked."""

import re

import polars as pl

from pipelines.reading.grid import column_letters
from pipelines.tidy.task import Problem, Task

MOST_NAMED = 12


def flagged_hidden(task: Task, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with the flag `hidden` on figures whose cell is; adds a finding to the task when there are any."""
    grid = task.table.grid
    if not (grid.is_hidden or grid.hidden_columns or grid.hidden_rows):
        return frame
    letters, number = r"^([A-Z]+)\d+$", r"^[A-Z]+(\d+)$"
    hidden = pl.lit(grid.is_hidden)
    if grid.hidden_columns:
        hidden |= pl.col("cell").str.extract(letters).is_in([column_letters(c) for c in sorted(grid.hidden_columns)])
    if grid.hidden_rows:
        hidden |= pl.col("cell").str.extract(number).cast(pl.Int64).is_in([r + 1 for r in sorted(grid.hidden_rows)])
    frame = frame.with_columns(hidden=hidden.fill_null(False))
    hidden_letters = {column_letters(c) for c in grid.hidden_columns}
    cells = frame.filter("hidden")["cell"].unique(maintain_order=True).to_list()
    if cells:
        seen = frame.filter("hidden").select("cell", column=pl.col("cell").str.extract(letters))
        columns = seen["column"].unique(maintain_order=True).drop_nulls().to_list()
        firsts = seen.unique("column", keep="first", maintain_order=True)["cell"].to_list()
        by_row = [c for c in cells if not grid.hidden_columns or column_of(c) not in hidden_letters]
        rows = sorted({int(number_of[1]) for c in by_row if (number_of := re.search(r"(\d+)$", c))})
        said = [f"columns {_some([c for c in columns if c in hidden_letters])}"] if len(by_row) < len(cells) else []
        said += [f"rows {_ranges(rows)}"] if rows else []
        where = "on a hidden sheet" if grid.is_hidden else f"in hidden {' and '.join(said)}"
        task.problems.append(
            Problem(
                "hidden_figures",
                "note",
                f"Table {task.declared.id!r}, sheet {grid.sheet}: {len(cells)} figures stand {where}. They are "
                "kept and marked hidden: a reader of the file sees them only after unhiding. To know why, ask the "
                "publisher.",
                grid.sheet,
                tuple(firsts),
            )
        )
    mark = pl.lit(["hidden"], dtype=pl.List(pl.String))
    return frame.with_columns(flags=pl.when("hidden").then(pl.concat_list(mark, "flags")).otherwise("flags")).drop(
        "hidden"
    )


def column_of(cell: str) -> str:
    """The letters of a cell's address."""
    return cell.rstrip("0123456789")


def _ranges(rows: list[int]) -> str:
    """Row numbers as ranges: `5–8, 12`."""
    parts: list[list[int]] = []
    for row in rows:
        if parts and row == parts[-1][-1] + 1:
            parts[-1].append(row)
        else:
            parts.append([row])
    return _some([f"{p[0]}–{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts])


def _some(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
