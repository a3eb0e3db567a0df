"""Figures that the publisher hides: in a hidden row, column or sheet.

What it makes true: they are read, because hiding is how quarters are folded into a table of years, and marked,
because a reader of the file does not see them; one finding says which. What it refuses: to leave them out.
"""

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
    cells = frame.filter("hidden")["cell"].unique(maintain_order=True).to_list()
    if cells:
        seen = frame.filter("hidden").select("cell", column=pl.col("cell").str.extract(letters))
        columns = seen["column"].unique(maintain_order=True).drop_nulls().to_list()
        firsts = seen.unique("column", keep="first", maintain_order=True)["cell"].to_list()
        where = "on a hidden sheet" if grid.is_hidden else "in hidden rows or columns (columns " + _some(columns) + ")"
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


def _some(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
