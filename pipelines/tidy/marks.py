"""Marks in the place of numbers that the publication does not declare.

What it makes true: each is one finding with its cells and the closest marks that are declared; its figures are kept
as unreadable. What it refuses: to take an unknown mark for suppression, or for nothing.
"""

import polars as pl

from monitor.vocabulary import closest_symbols, why_unreadable
from pipelines.tidy.task import Problem, Task

MOST_MARKS = 20
"""So many unknown marks of one table are reported, each by itself."""
LONGEST_QUOTED = 40


def report_unknown_marks(task: Task, frame: pl.DataFrame) -> None:
    """Add a problem to the task for each unknown mark among the figures of its table."""
    unread = frame.filter(pl.col("status") == "unreadable").with_columns(pl.col("marker").fill_null("(empty)"))
    cells_of = unread.group_by("marker", maintain_order=True).agg(pl.col("cell"))
    for mark, cells in cells_of.head(MOST_MARKS).iter_rows():
        why = why_unreadable(mark)
        near = "; ".join(f"{s.symbol} ({s.meaning})" for s in closest_symbols(task.symbols, mark))
        task.problems.append(
            Problem(
                "values_readable",
                "warning",
                f"{mark[:LONGEST_QUOTED]!r} in table {task.declared.id!r}: {len(cells)} cells hold neither a number "
                f"nor a mark that the map of symbols {task.symbols!r} declares"
                + (f" ({why})" if why else f" (closest known: {near})" if near else "")
                + ". They are kept as unreadable, not guessed. Add the mark to the map, or ask the publisher.",
                task.table.grid.sheet,
                tuple(cells),
            )
        )
