"""What a million disparities take, against the least that could be done, and how often intervals hold the truth.

What it makes true: the arithmetic of a whole corpus is a batch, its cost a small multiple of the bare functions, and
its memory does not grow with the number of rows.
"""

import argparse
import resource
import time
from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy import special, stats
from statsmodels.stats.proportion import confint_proportions_2indep

from monitor.statistics import stratified
from monitor.statistics.clustered import delete_one
from monitor.statistics.intervals import poisson_ratio_exact, score_ratio
from pipelines.deriving.arithmetic import CHUNK, INPUTS, with_intervals
from tests.benchmarks.coverage import EXCEPTIONS, coverage, exceptions
from tests.benchmarks.measures import Measured
from tests.benchmarks.timing import alternately

Z = float(special.ndtri(0.975))


def cells(rows: int, kind: str = "population", seed: int = 1) -> pl.DataFrame:
    """Distinct-looking cells: counts from a few to thousands, as published tables have them."""
    draw = np.random.default_rng(seed)
    base = draw.integers(500, 200_000, rows).astype(float)
    ref_base = draw.integers(10_000, 2_000_000, rows).astype(float)
    count = draw.binomial(base.astype(int), 10 ** draw.uniform(-3, -0.5, rows)).astype(float)
    ref_count = draw.binomial(ref_base.astype(int), 10 ** draw.uniform(-3, -0.5, rows)).astype(float)
    found = pl.DataFrame(
        {
            "kind": [kind] * rows,
            "per": 1000.0,
            "count": count,
            "denominator": base,
            "denominator_low": base,
            "denominator_high": base,
            "reference_count": ref_count,
            "reference_denominator": ref_base,
            "reference_low": ref_base,
            "reference_high": ref_base,
            "unknown_at_most": np.round(0.02 * count),
            "unknown_base": 0.0,
            "is_reference": False,
        },
        strict=False,
    )
    missing = {n: pl.lit(None, dtype=t) for n, t in INPUTS.items() if n not in found.columns}
    return found.with_columns(**missing)


def points(frame: pl.DataFrame) -> None:
    """Our single-rate and point columns: rates with their interval, and what needs no search."""
    without = frame.with_columns(
        pl.lit(None, dtype=pl.Float64).alias(n) for n in ("reference_count", "reference_denominator")
    )
    with_intervals(without)


def bare_byar(frame: pl.DataFrame) -> None:
    """A join to the reference's rate and Byar's limits as polars expressions, nothing else."""
    x, n = pl.col("count"), pl.col("denominator")
    keyed = frame.with_row_index("k")
    reference = keyed.select("k", ref=pl.col("reference_count") / pl.col("reference_denominator"))
    keyed.join(reference, on="k").with_columns(
        rate=x / n,
        low=x * (1 - 1 / (9 * x) - Z / (3 * x.sqrt())) ** 3 / n,
        high=(x + 1) * (1 - 1 / (9 * (x + 1)) + Z / (3 * (x + 1).sqrt())) ** 3 / n,
        ratio=x / n / pl.col("ref"),
    )


def bare_exact(frame: pl.DataFrame) -> None:
    """The two inverse beta functions of the exact ratio, in one call each over all rows."""
    a, b = frame["count"].to_numpy(), frame["reference_count"].to_numpy()
    few, many = np.minimum(a, b), np.maximum(a, b)
    special.betaincinv(np.maximum(few, 1e-300), many + 1, 0.025)
    special.betainccinv(few + 1, np.maximum(many, 1e-300), 0.025)


def bare_score(frame: pl.DataFrame) -> None:
    """Bisection for both score limits over all rows at once, 60 halvings of the logarithm."""
    x, n, y, m = (frame[c].to_numpy() for c in ("count", "denominator", "reference_count", "reference_denominator"))
    for z in (Z, -Z):
        low, high = np.full(len(x), -15.0), np.full(len(x), 15.0)
        for _ in range(60):
            middle = (low + high) / 2
            theta = np.exp(middle)
            a, b, c = (n + m) * theta, -(n * theta + x + m + y * theta), x + y
            p2 = (-b - np.sqrt(b * b - 4 * a * c)) / (2 * a)
            p1 = theta * p2
            variance = (p1 * (1 - p1) / n + theta**2 * p2 * (1 - p2) / m) * (n + m) / (n + m - 1)
            above = (x / n - theta * y / m) / np.sqrt(variance) > z
            low, high = np.where(above, middle, low), np.where(above, high, middle)


def strata(four: Sequence[np.ndarray]) -> None:
    """The Mantel-Haenszel ratio of all cells as strata, whether they agree, and its limits by 500 clusters."""
    numbers = np.arange(four[0].size)
    found = stratified.mantel_haenszel("rate", *four)
    stratified.homogeneity("rate", *four, least=5)
    delete_one(found.ratio, stratified.without_each("rate", numbers, numbers % 500, *four))


def disparities(rows: int = 1_000_000, repeats: int = 3, scalar: int = 200) -> list[Measured]:
    """Rows of the report for `rows` cells; `scalar` cells are done one at a time for comparison."""
    held = cells(rows)
    four = [held[c].to_numpy() for c in ("count", "denominator", "reference_count", "reference_denominator")]
    took = alternately(
        {
            "points": lambda: points(held),
            "byar": lambda: bare_byar(held),
            "exact": lambda: poisson_ratio_exact(*four),
            "betas": lambda: bare_exact(held),
            "score": lambda: score_ratio(*four),
            "bisection": lambda: bare_score(held),
            "whole": lambda: with_intervals(held),
            "strata": lambda: strata(four),
        },
        repeats,
    )
    start = time.perf_counter()
    for x, n, y, m in zip(*(v[:scalar].tolist() for v in four), strict=True):
        confint_proportions_2indep(x, n, y, m, compare="ratio", method="score", correction=True)
    scalar_score = (time.perf_counter() - start) / scalar * rows
    start = time.perf_counter()
    for a, b in zip(four[0][:scalar].astype(int), four[2][:scalar].astype(int), strict=True):
        stats.binomtest(a, a + b).proportion_ci(0.95, "exact")
    scalar_exact = (time.perf_counter() - start) / scalar * rows
    return [
        Measured(f"rates and points of {rows:,} cells", took["points"], "bare polars join with Byar", took["byar"], 4),
        Measured("exact ratio limits", took["exact"], "the same two scipy functions, bare", took["betas"], 1.5),
        Measured("score ratio limits", took["score"], "bare bisection, all rows at once", took["bisection"], 1.5),
        Measured("exact ratio limits", took["exact"], f"scipy one by one ({scalar} scaled up)", scalar_exact, 0.01),
        Measured(
            "score ratio limits", took["score"], f"statsmodels one by one ({scalar} scaled up)", scalar_score, 0.01
        ),
        Measured("apart: everything in a row", took["whole"]),
        Measured(
            f"pooled, tested and clustered over {rows:,} strata", took["strata"], "2 s a million", rows / 5e5, 1.0
        ),
    ]


def growth_of_disparities(sizes: tuple[int, ...] = (10_000, 100_000, 1_000_000, 10_000_000)) -> list[Measured]:
    """Seconds a size in chunks, against as many times what the size before took, and the most memory held."""
    found, before = [], None
    for rows in sizes:
        start = time.perf_counter()
        for first in range(0, rows, CHUNK):
            with_intervals(cells(min(CHUNK, rows - first), seed=first))
        seconds = time.perf_counter() - start
        scaled = None if before is None else before[1] * rows / before[0]
        found.append(Measured(f"{rows:,} cells in chunks", seconds, "in proportion to the size before", scaled, 1.25))
        before = rows, seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return [*found, Measured("peak memory, GB", peak, "2 GB", 2.0, 1.0)]


def main() -> None:
    """Measure and print."""
    from tests.benchmarks.__main__ import report

    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.disparities", description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--coverage", action="store_true", help="only the coverage of the score ratio over the grid")
    options.add_argument("--write", action="store_true", help="with --coverage: the exceptions into docs/")
    options.add_argument("--growth", action="store_true", help="sizes from 10 thousand to 10 million cells")
    chosen = options.parse_args()
    if not chosen.coverage:
        print(report([*disparities(chosen.rows), *(growth_of_disparities() if chosen.growth else [])]))
        return
    found = coverage()
    sure = found.filter(pl.col("expected_smallest") >= 5)
    print(f"mean {found['coverage'].mean():.4f}; least where each cell expects 5: {sure['coverage'].min():.4f}")
    print(exceptions(found))
    if chosen.write:
        exceptions(found).with_columns(pl.col("coverage").round(6)).write_csv(EXCEPTIONS)


if __name__ == "__main__":
    main()
