"""People of several places together, where some of their numbers are hidden."""

import polars as pl

from pipelines.deriving.residents import ALL


def shares_together(rows: pl.DataFrame) -> dict[str, tuple[float, float]]:
    """By group, the least and the most that its share in several places together can be; equal where none is hidden.

    `rows` are disparities of one period, of all the places. Empty where everyone in a place is not known; a group of
    which a limit is not known is left out.
    """
    everyone = rows.filter(category=ALL)["count"]
    if everyone.null_count() or len(everyone) != rows["place"].n_unique() or not everyone.sum():
        return {}
    limits = {"low": pl.coalesce("count", "count_low"), "high": pl.coalesce("count", "count_high")}
    sums = (
        rows.filter(pl.col("category") != ALL)
        .with_columns(**limits)
        .drop_nulls("category")
        .group_by("category", maintain_order=True)
        .agg(pl.when(pl.col(each).null_count() == 0).then(pl.col(each).sum()) for each in limits)
        .drop_nulls(["low", "high"])
    )
    return {name: (low / everyone.sum(), high / everyone.sum()) for name, low, high in sums.iter_rows()}
