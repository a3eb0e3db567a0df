"""What hidden counts can be at most and at least, from a whole that another table of the file prints.

What it refuses: a bound that is the number itself, or one from how small a count must be to be hidden.
"""

from collections.abc import Iterable

import polars as pl

_PLACE = ("place_code", "period_start", "period_end")


def bounded(frame: pl.DataFrame, frames: Iterable[pl.DataFrame], whole: str) -> pl.DataFrame:
    """`frame` with bounds on its hidden counts: each is one at least, and what all of them leave it at most.

    `whole` names the table, one of `frames`, whose counts add up to everyone; a place of which it hides one has none.
    """
    everyone = next((other for other in frames if other["table_id"][0] == whole), None)
    if everyone is None:
        return frame
    counts = everyone.group_by(_PLACE).agg(
        _whole=pl.when(pl.col("value").null_count() == 0).then(pl.col("value").sum())
    )
    hidden = pl.col("status") == "suppressed"
    of_place = frame.group_by(_PLACE).agg(_shown=pl.col("value").sum(), _hidden=hidden.sum())
    most = pl.col("_whole") - pl.col("_shown") - (pl.col("_hidden") - 1)
    known = hidden & (most > 1) & (pl.col("_hidden") > 1)
    return (
        frame.join(of_place, on=_PLACE, how="left", maintain_order="left")
        .join(counts, on=_PLACE, how="left", maintain_order="left")
        .with_columns(
            value_low=pl.when(known).then(1.0).otherwise("value_low"),
            value_high=pl.when(known).then(most).otherwise("value_high"),
        )
        .drop("_whole", "_shown", "_hidden")
    )
