"""Multiple comparisons: p-values adjusted over all ratios of one edition, whichever of them are shown."""

from collections.abc import Mapping

import polars as pl

from monitor.declarations import Measure
from monitor.statistics.comparison import benjamini_hochberg

_NEEDED = ("disparity_id", "measure", "edition", "p_value")


def edition_adjusted(
    found: pl.DataFrame, measures: Mapping[str, Measure], stored: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The disparities `found` with `p_adjusted` (Benjamini and Hochberg) among all `stored` of the same edition."""
    together = found.select(_NEEDED)
    if stored is not None:
        together = pl.concat([together, stored.select(_NEEDED).join(found, on="disparity_id", how="anti")])
    whose = pl.col("measure").replace_strict({m.id: m.publication for m in measures.values()}, default=None)
    adjusted = together.with_columns(publication=whose).with_columns(
        pl.col("p_value")
        .map_batches(lambda p: pl.Series(benjamini_hochberg(p.to_numpy())[0]), return_dtype=pl.Float64)
        .over("publication", "edition")
        .fill_nan(None)
    )
    return found.with_columns(p_adjusted=adjusted["p_value"].head(found.height))
