"""How often the limits of each summary measure hold the truth: simulated, from truths like those published.

`python -m tests.benchmarks.summaries` writes the table that Methods prints; it takes some minutes. Counts are drawn
from exact Poisson and binomial distributions, which the limits only approximate.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from monitor.statistics.simulated import simulated_limits, too_few
from monitor.statistics.summary import in_order, midpoints, without_order

COVERAGE = Path(__file__).resolve().parents[2] / "docs" / "summary-coverage.csv"
REPEATS = 1000


class Truth(NamedTuple):
    """What is expected of each group, of how many people, and how that is drawn and summed up."""

    name: str
    expected: tuple[float, ...]
    people: tuple[float, ...]
    stage: bool = False
    ordered: bool = False


FIVE = (4.04e6, 1.73e6, 0.77e6, 39.6e6, 0.88e6)
AGES = (2.0e6, 2.0e6, 2.9e6, 3.9e6, 8.1e6, 7.5e6, 8.1e6, 14.5e6)
DETAIL = (
    26, 54, 67, 83, 120, 180, 260, 400, 620, 900, 1300, 1900, 2400, 3100, 5200, 9000, 54000,
)  # fmt: skip
DETAIL_PEOPLE = (
    31e3, 64e3, 2.9e4, 1.4e5, 9.0e4, 3.9e5, 2.2e5, 4.5e5, 3.0e5, 1.1e6, 6.2e5, 1.3e6, 9.5e5, 1.4e6, 1.1e6, 2.9e6, 3.6e7,
)  # fmt: skip
TRUTHS = (
    Truth("five groups of thousands", (6500, 10000, 3800, 58000, 1500), FIVE),
    Truth("two groups of thousands", (3250, 77400), (24e6, 23e6)),
    Truth("seventeen groups of 26 to 54,000", DETAIL, DETAIL_PEOPLE),
    Truth("five groups of 30 to 2,700", (110, 234, 170, 2695, 30), tuple(p / 2 for p in FIVE)),
    Truth("five groups of 30 to 300", (30, 60, 50, 300, 40), (4e4, 4e4, 5e4, 4e5, 3.5e4)),
    Truth("two groups of 10 and 30", (10, 30), (1000, 1000)),
    Truth("five groups of 5 to 50", (5, 20, 12, 40, 6), (8e3, 1e4, 1e4, 8e4, 1e4)),
    Truth("four groups of 2 to 400", (2, 60, 40, 400), (5e3, 3e4, 3e4, 4e5)),
    Truth("five of 400 to 17,000, a stage", (1622, 4409, 1100, 17384, 400), (2460, 7259, 1700, 25924, 640), True),
    Truth("five groups of 8 to 950, a stage", (17, 108, 20, 947, 8), (25, 279, 40, 1520, 20), True),
    Truth("four groups of 10 to 60, a stage", (10, 30, 45, 60), (50, 100, 90, 300), True),
    Truth("five groups, a tenth apart", (100, 60, 50, 800, 40), (1.05e5, 5.8e4, 5.1e4, 8e5, 3.8e4)),
    Truth("five equal groups", (100, 60, 50, 800, 40), (1e5, 6e4, 5e4, 8e5, 4e4)),
    Truth("eight ages of hundreds", (333, 3240, 8169, 13132, 26446, 15504, 8479, 5356), AGES, ordered=True),
    Truth("eight ages of 5 to 50", (5, 12, 20, 30, 50, 40, 20, 12), tuple(p / 1000 for p in AGES), ordered=True),
    Truth("five ages of 10 to 60, a stage", (30, 60, 40, 20, 10), (45, 100, 75, 45, 30), True, True),
)


def covered(truth: Truth, repeats: int = REPEATS, seed: int = 1) -> pl.DataFrame:
    """Coverage of every measure under one truth: `truth, measure, shown, coverage, below, above`.

    `shown` is how often limits were given; `below` and `above` how often the truth lay so.
    """
    people, draw = np.array(truth.people), np.random.default_rng(seed)
    of: Callable[..., dict[str, np.ndarray]] = in_order if truth.ordered else without_order
    order = midpoints(people) if truth.ordered else None
    true = {name: float(value) for name, value in of(np.array(truth.expected) / people, people).items()}
    found = []
    for _ in range(repeats):
        chance = np.array(truth.expected)
        x = draw.binomial(people.astype(int), chance / people) if truth.stage else draw.poisson(chance)
        if not too_few(x, people, truth.stage):
            limits = simulated_limits(x, people, of, order, truth.stage)
            found += [(name, *map(float, pair)) for name, pair in limits.items()]
    rows = pl.DataFrame(found, schema=["measure", "low", "high"], orient="row")
    # because equal groups differ by nothing only to within the last digit of a float
    unit = float(np.sum(truth.expected) / np.sum(people))
    least = {name: 1e-9 * max(abs(v), unit**2 if "variance" in name else unit) for name, v in true.items()}
    value = pl.col("measure").replace_strict(true, return_dtype=pl.Float64)
    slack = pl.col("measure").replace_strict(least, return_dtype=pl.Float64)
    below, above = (value < pl.col("low") - slack).mean(), (value > pl.col("high") + slack).mean()
    return rows.group_by("measure", maintain_order=True).agg(
        truth=pl.lit(truth.name), shown=pl.len() / repeats, coverage=1 - below - above, below=below, above=above
    )


if __name__ == "__main__":
    together = pl.concat([covered(truth) for truth in TRUTHS])
    together.with_columns(pl.selectors.float().round(4)).write_csv(COVERAGE)
    with pl.Config(tbl_rows=-1, fmt_str_lengths=60):
        print(together)
