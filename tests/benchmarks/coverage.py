"""How often the score interval holds the truth: computed, not simulated.

Every outcome of two binomials is weighed by its probability.
"""

from pathlib import Path

import numpy as np
import polars as pl
from scipy import special, stats

from monitor.statistics.intervals import score_statistic

Z = float(special.ndtri(0.975))
EXCEPTIONS = Path(__file__).resolve().parents[2] / "docs" / "coverage-exceptions.csv"

GRID_P, GRID_N = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5), (50, 100, 300, 1000, 3000, 10_000)


def coverage(grid_p: tuple[float, ...] = GRID_P, grid_n: tuple[int, ...] = GRID_N) -> pl.DataFrame:
    """Exact coverage of the 95% score ratio: columns `p, n, ref_p, ref_n, coverage, expected_smallest`.

    Each outcome whose probability is not negligible is asked whether its interval holds the true ratio: it does
    where the score statistic at that ratio lies within 1.96, which is what the interval inverts.
    """
    rows = []
    for p in grid_p:
        for n in grid_n:
            x, wx = _likely(n, p)
            for ref_p in grid_p:
                for ref_n in grid_n:
                    y, wy = _likely(ref_n, ref_p)
                    held = np.abs(score_statistic(p / ref_p, x[:, None], n, y[None, :], ref_n)) <= Z
                    # with no events on either side the interval is everything
                    held |= (x[:, None] == 0) & (y[None, :] == 0)
                    covered = float(wx @ held @ wy)
                    rows.append(
                        (p, n, ref_p, ref_n, covered, min(n * p, n * (1 - p), ref_n * ref_p, ref_n * (1 - ref_p)))
                    )
    return pl.DataFrame(rows, schema=["p", "n", "ref_p", "ref_n", "coverage", "expected_smallest"], orient="row")


def _likely(n: int, p: float) -> tuple[np.ndarray, np.ndarray]:
    low, high = stats.binom.ppf([1e-8, 1 - 1e-8], n, p)
    x = np.arange(max(low, 0), min(high, n) + 1)
    return x, stats.binom.pmf(x, n, p)


def exceptions(found: pl.DataFrame) -> pl.DataFrame:
    """The points of the grid outside 94.5 to 96.5%, the least covered first: what Methods prints."""
    return found.filter((pl.col("coverage") < 0.945) | (pl.col("coverage") > 0.965)).sort("coverage")
