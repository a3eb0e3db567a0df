"""How often limits hold the truth that counts were drawn from: every kind of limits that is shown, simulated.

`python -m tests.benchmarks.simulated [--write]` prints the table that Methods has, and writes it into docs/.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from scipy import stats

from monitor.statistics import comparison, decomposition, intervals, nested, standardisation, stratified
from monitor.statistics.arrays import Limits
from monitor.statistics.clustered import delete_one

SIMULATED = Path(__file__).resolve().parents[2] / "docs" / "coverage-simulated.csv"
DRAWS = 4000
"""Of each truth: a coverage is then known to within 0.7 points."""
Draw = np.random.Generator
Held = Callable[[Draw, int], np.ndarray]
Truth = tuple[str, str, float, Held]
"""A kind of limits, the truth in words, the fewest expected in a cell, and which of so many draws hold it."""


def simulated(draws: int = DRAWS) -> pl.DataFrame:
    """Columns `limits, truth, expected, coverage`, a row for each truth; the same numbers each time."""
    return coverage_of(list(truths()), draws)


def coverage_of(chosen: Sequence[Truth], draws: int = DRAWS) -> pl.DataFrame:
    """The same of some truths: each is drawn for itself."""
    rows = [(*said, round(float(np.mean(held(np.random.default_rng(7), draws))), 4)) for *said, held in chosen]
    return pl.DataFrame(rows, schema=["limits", "truth", "expected", "coverage"], orient="row")


def truths() -> Iterator[Truth]:
    """What counts are drawn from."""
    for few, many in ((5, 5), (5, 500), (20, 1000), (200, 5000), (1000, 4000)):
        yield "exact, of two rates", f"{few:,} and {many:,} events expected", few, _exact(few, many)
    for few, many in ((5, 500), (20, 1000), (200, 5000)):
        yield "exact, of a group and a whole", f"{few} events expected of {many:,}", few, _part(few, many)
    for few in (5, 20, 200, 5000):
        yield "of a rate (exact under 10 events, then Byar)", f"{few:,} events expected", few, _rate(few)
    for size, risk in ((20, 0.3), (100, 0.05), (1000, 0.2)):
        yield "of a share (Wilson)", f"{size * risk:g} of {size:,} expected", size * risk, _share(size, risk)
    for few, size, risk in ((10, 100, 0.1), (30, 100, 0.3), (500, 5000, 0.1)):
        yield "score, of two shares", f"{few} of {size:,} expected, and of ten times as many", few, _shares(size, risk)
    kinds: tuple[tuple[stratified.Kind, float], ...] = (("rate", 0.02), ("risk", 0.3), ("odds", 0.3))
    for kind, risk in kinds:
        for strata, people in ((5, 300), (30, 50), (118, 60)):
            few = risk * people
            said = f"{strata} strata of about {people} of a group, {few:g} expected in each"
            yield f"Mantel-Haenszel, of {kind}" + "s" * (kind != "odds"), said, few, _strata(kind, strata, people, risk)
    for clusters, people in ((20, 200), (50, 100), (120, 60)):
        for spread in (0.0, 0.4):
            said = f"{clusters} unequal prisons, {'alike' if spread else 'independent'} within"
            for how, within in (("crude", False), ("within prisons", True)):
                held = _prisons(clusters, people, spread, within=within)
                yield f"delete-one prison, {how}", said, 0.2 * people, held
    for people in (200, 2000):
        yield (
            "directly standardised ratio",
            f"six ages, about {people:,} of a group in each",
            people / 50,
            _ages(people),
        )
    for few in (20, 200):
        yield "change of a ratio", f"{few} and {50 * few:,} events expected, twice", few, _change(few)
        for part in ("rate", "population"):
            said = f"two ages, {few} events expected in each"
            yield f"part of a change, {part}", said, few, _parts(few, part)


def _within(limits: Limits, truth: float) -> np.ndarray:
    return np.asarray((limits[0] <= truth) & ~(limits[1] < truth))  # because a limit that is not defined is none


def _exact(few: float, many: float) -> Held:
    """Not drawn: every pair of counts is weighed by its probability."""
    (x, wx), (y, wy) = _counts(few), _counts(many)
    held = _within(intervals.poisson_ratio_exact(x[:, None], 1000.0, y[None, :], 2000.0), 2 * few / many)
    return lambda draw, draws: wx @ held @ wy


def _part(few: float, whole: float) -> Held:
    """Not drawn either: the group's counts and those of all others."""
    (x, wx), (y, wy) = _counts(few), _counts(whole - few)
    cell = nested.disjoint(1, x[:, None], 1000.0, x[:, None] + y[None, :], 50_000.0)
    low, high = (nested.of_the_whole(1, end, 1000.0, 50_000.0) for end in intervals.poisson_ratio_exact(*cell))
    held = _within((low, high), few / 1000 / (whole / 50_000))
    return lambda draw, draws: wx @ held @ wy


def _rate(few: float) -> Held:
    x, weight = _counts(few)
    held = _within(intervals.poisson_count(x), few)
    return lambda draw, draws: weight @ held


def _share(size: int, risk: float) -> Held:
    x = np.arange(size + 1.0)
    held = _within(intervals.wilson(x, size), risk)
    return lambda draw, draws: stats.binom.pmf(x, size, risk) @ held


def _counts(expected: float) -> tuple[np.ndarray, np.ndarray]:
    low, high = stats.poisson.ppf([1e-8, 1 - 1e-8], expected)
    x = np.arange(low, high + 1)
    return x, stats.poisson.pmf(x, expected)


def _shares(size: int, risk: float) -> Held:
    def held(draw: Draw, draws: int) -> np.ndarray:
        x, y = draw.binomial(size, risk, draws), draw.binomial(10 * size, risk / 2, draws)
        return _within(intervals.score_ratio(x, np.full(draws, size), y, np.full(draws, 10 * size)), 2.0)

    return held


def _strata(kind: stratified.Kind, strata: int, people: int, risk: float) -> Held:
    def held(draw: Draw, draws: int) -> np.ndarray:
        n, m = draw.poisson(people, strata) + 5, draw.poisson(4 * people, strata) + 5
        base = risk * draw.uniform(0.6, 1.4, strata)
        theirs = base / 1.5 if kind != "odds" else base / (base + 1.5 * (1 - base))
        found = []
        for _ in range(draws):
            if kind == "rate":
                x, y = draw.poisson(n * base), draw.poisson(m * theirs)
            else:
                x, y = draw.binomial(n, base), draw.binomial(m, theirs)
            found.append(stratified.mantel_haenszel(kind, x, n, y, m)[1:])
        low, high = np.array(found).T
        return _within((low, high), 1.5)

    return held


def _prisons(clusters: int, people: int, spread: float, *, within: bool) -> Held:
    """Events of people in prisons that differ in how often anything happens, and in how a group is treated."""

    def held(draw: Draw, draws: int) -> np.ndarray:
        sizes = draw.lognormal(0, 0.7, clusters)
        n = np.round(people * sizes / sizes.mean() * draw.uniform(0.3, 1.7, clusters)) + 5
        m = np.round(4 * people * sizes / sizes.mean()) + 5
        at, truth, found = np.arange(clusters), 1.2, []
        strata = at if within else np.zeros(clusters, dtype=int)
        for _ in range(draws):
            here = 0.2 * _varying(draw, spread, clusters)
            treated = truth * _varying(draw, spread / 2, clusters)
            cells = draw.poisson(n * here * treated), n, draw.poisson(m * here), m
            ratio = stratified.mantel_haenszel("rate", *(np.bincount(strata, v) for v in cells)).ratio
            found.append(delete_one(ratio, stratified.without_each("rate", strata, at, *cells)))
        low, high = np.array(found).T
        return _within((low, high), truth)

    return held


def _varying(draw: Draw, spread: float, size: int) -> np.ndarray:
    """Factors around 1 with this standard deviation."""
    return draw.gamma(1 / spread**2, spread**2, size) if spread else np.ones(size)


def _ages(people: int) -> Held:
    def held(draw: Draw, draws: int) -> np.ndarray:
        rates = np.array([0.01, 0.03, 0.025, 0.015, 0.008, 0.005])
        n, m = people * np.array([1.4, 1.3, 1.1, 0.9, 0.8, 0.5]), 10 * people * np.ones(6)
        weights = n + m
        x, y = draw.poisson(1.5 * n * rates, (draws, 6)), draw.poisson(m * rates, (draws, 6))
        sides = standardisation.direct(x, n, weights), standardisation.direct(y, m, weights)
        return _within(standardisation.direct_ratio(*sides)[1:], 1.5)

    return held


def _change(few: float) -> Held:
    def held(draw: Draw, draws: int) -> np.ndarray:
        sides: list[np.ndarray] = []
        for times in (1.0, 1.4):
            x, y = draw.poisson(times * few, draws), draw.poisson(50 * few, draws)
            low, high = intervals.poisson_ratio_exact(x, np.ones(draws), y, np.full(draws, 50.0))
            sides = [np.asarray(x / (y / 50)), np.asarray(low), np.asarray(high), *sides]
        return _within(comparison.ratio_of_ratios(*sides)[1:], 1.4)

    return held


def _parts(few: float, part: str) -> Held:
    def held(draw: Draw, draws: int) -> np.ndarray:
        n, m = np.array([1000.0, 2000.0]), np.array([1500.0, 2200.0])
        rate, later = few / n, 1.3 * few / n
        x, y = draw.poisson(n * rate, (draws, 2)), draw.poisson(m * later, (draws, 2))
        size, mix, then, now = n.sum(), n / n.sum(), m.sum(), m / m.sum()
        if part == "rate":
            weight = (size * mix + then * now) / 3 + (size * now + then * mix) / 6
            truth = float((weight * (later - rate)).sum())
        else:
            truth = float(((then - size) * ((mix * rate + now * later) / 3 + (mix * later + now * rate) / 6)).sum())
        found = decomposition.decomposed(x, n, y, m)
        return _within((getattr(found, f"{part}_low"), getattr(found, f"{part}_high")), truth)

    return held


def main() -> None:
    """Simulate and print."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.simulated", description=__doc__)
    options.add_argument("--write", action="store_true", help="the table into docs/, for Methods")
    options.add_argument("--draws", type=int, default=DRAWS, help=f"how many of each truth (default {DRAWS})")
    chosen = options.parse_args()
    found = simulated(chosen.draws)
    with pl.Config(tbl_rows=-1, fmt_str_lengths=80):
        print(found)
    if chosen.write:
        found.write_csv(SIMULATED)


if __name__ == "__main__":
    main()
