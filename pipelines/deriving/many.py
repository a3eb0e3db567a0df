"""Many comparisons at once: of the ratios of one edition, which would look real by chance.

What it makes true: the p-values of everything one edition was divided into are adjusted together, whichever page or
table they are shown on, so that asking for fewer rows does not make any of them surer.

What it refuses: to adjust across editions, whose readers are told of one at a time.
"""

from collections.abc import Mapping

import polars as pl

from monitor.declarations import Measure
from monitor.statistics.comparison import benjamini_hochberg

_NEEDED = ("disparity_id", "measure", "edition", "p_value")


def edition_adjusted(
    found: pl.DataFrame, measures: Mapping[str, Measure], stored: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The disparities `found` with `p_adjusted`: after Benjamini and Hochberg, among all of the same edition.

    `stored` are the disparities held, of which those not among `found` count too.
    """
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
