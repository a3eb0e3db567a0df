"""Multiple comparisons: p-values adjusted over all ratios that one page shows of one period."""

import polars as pl

from monitor.statistics.comparison import benjamini_hochberg

FAMILY = ("measure", "characteristic", "within", "period_start", "period_end", "baseline", "reference")
"""What the ratios of one family have in common: every group, level and sex of a page at one period."""


def adjusted_together(found: pl.DataFrame, stored: pl.DataFrame | None = None) -> pl.DataFrame:
    """The disparities `found` with `p_adjusted` (Benjamini and Hochberg) among all `stored` of the same family."""
    needed = [*FAMILY, "disparity_id", "p_value"]
    together = found.select(needed)
    if stored is not None:
        together = pl.concat([together, stored.select(needed).join(found, on="disparity_id", how="anti")])
    adjusted = together.with_columns(
        pl.col("p_value")
        .map_batches(lambda p: pl.Series(benjamini_hochberg(p.to_numpy())[0]), return_dtype=pl.Float64)
        .over(FAMILY)
        .fill_nan(None)
    )
    return found.with_columns(p_adjusted=adjusted["p_value"].head(found.height))
