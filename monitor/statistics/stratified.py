"""One ratio of two groups compared within strata, after Mantel and Haenszel: its limits, and whether strata agree.

`kind` is `rate` (events over people), `risk` (a count that is part of its base) or `odds` (of the same counts). Counts
and bases of the group (`x1`, `n1`) and of the reference (`x0`, `n0`) are of one dimension, an entry a stratum. A
stratum without one of the two says nothing and adds nothing. What is undefined is nan, never infinite.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from monitor.statistics.arrays import Limits, Values, columns, divide, is_count

Kind = Literal["rate", "risk", "odds"]
GREENLAND = "Greenland-Robins"
METHODS: dict[Kind, str] = {"rate": GREENLAND, "risk": GREENLAND, "odds": "Robins-Breslow-Greenland"}
HOMOGENEITY: dict[Kind, str] = {
    "rate": "Breslow-Day for rates, Tarone's correction",
    "risk": "Gart's score test of equal risk ratios, Tarone's correction",
    "odds": "Breslow-Day, Tarone's correction",
}
"""By whom the limits and the test of equal ratios are."""


class Pooled(NamedTuple):
    """A Mantel-Haenszel ratio with its limits, as if every event were independent of every other."""

    ratio: float
    low: float
    high: float


class Homogeneity(NamedTuple):
    """A chi-squared test that the ratio is the same in every stratum, from the `strata` that can tell."""

    statistic: float
    freedom: int
    p_value: float
    strata: int


def parts(kind: Kind, x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike) -> Limits:
    """What each stratum adds above and below the line: the sum of the first over the sum of the second is the ratio."""
    a, n, b, m = columns(x1, n1, x0, n0)
    less, other = (b, a) if kind == "odds" else (0.0, 0.0)
    whole = n + m
    some = whole > 0
    return tuple(np.divide(v, whole, out=np.zeros(whole.shape), where=some) for v in (a * (m - less), b * (n - other)))  # type: ignore[return-value]


def mantel_haenszel(
    kind: Kind, x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike, *, confidence: float = 0.95
) -> Pooled:
    """The ratio common to all strata with its limits, on logarithms.

    Mantel and Haenszel 1959; limits of Greenland and Robins 1985 for rates and risks, of Robins, Breslow and Greenland
    1986 for odds. All nan for a bad count; the limits where either group has no events in strata with both.
    """
    a, n, b, m = cells = columns(x1, n1, x0, n0)
    bad = not all(is_count(c).all() for c in cells) or (kind != "rate" and bool(((a > n) | (b > m)).any()))
    if bad:
        return Pooled(np.nan, np.nan, np.nan)
    a, n, b, m = (c[(n > 0) & (m > 0)] for c in cells)
    above, below = parts(kind, a, n, b, m)
    top, bottom = float(above.sum()), float(below.sum())
    ratio = float(divide(top, bottom))
    if not top or not bottom:
        return Pooled(ratio, np.nan, np.nan)
    whole = n + m
    if kind == "odds":
        same, cross = (a + m - b) / whole, (b + n - a) / whole
        variance = float((same * above).sum() / top**2 + (cross * below).sum() / bottom**2)
        variance = variance / 2 + float((same * below + cross * above).sum() / (2 * top * bottom))
    else:
        overlap = a * b / whole if kind == "risk" else 0.0
        variance = float((n * m * (a + b) / whole**2 - overlap).sum() / (top * bottom))
    step = -special.ndtri((1 - confidence) / 2) * np.sqrt(variance)
    return Pooled(ratio, float(ratio * np.exp(-step)), float(ratio * np.exp(step)))


def homogeneity(
    kind: Kind, x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike, *, least: float = 0.0
) -> Homogeneity:
    """Whether strata differ more in their ratios than chance would: a small p says that one ratio hides differences.

    Odds and rates: Breslow and Day 1980, 1987; risks: the score test of Gart 1985; all with the correction of Tarone
    1985, because the pooled ratio is not of maximum likelihood. Only strata where at least `least` (and more than 0)
    are expected in every cell are tested. p is nan under two of them.
    """
    cells = columns(x1, n1, x0, n0)
    common = mantel_haenszel(kind, *cells).ratio
    if not common > 0:
        return Homogeneity(np.nan, 0, np.nan, 0)
    _, apart, weight, fewest = expected(kind, common, *cells)
    kept = (fewest > 0) & (fewest >= least) & np.isfinite(apart) & (weight > 0)
    if least and not kept.all():
        return homogeneity(kind, *(c[kept] for c in cells))
    apart, weight, freedom = apart[kept], weight[kept], int(kept.sum()) - 1
    if freedom < 1:
        return Homogeneity(np.nan, 0, np.nan, freedom + 1)
    found = max(float((apart**2 / weight).sum() - apart.sum() ** 2 / weight.sum()), 0.0)
    return Homogeneity(found, freedom, float(special.chdtrc(freedom, found)), freedom + 1)


def expected(
    kind: Kind, common: float, x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike
) -> tuple[Values, ...]:
    """What one `common` ratio leads to expect of each stratum, its events and people given; nan where nothing.

    Expected events of the group, the score of what was found less them, its information (the inverse of the variance of
    a log ratio), and the fewest expected in a cell.
    """
    cells = columns(x1, n1, x0, n0)
    usable = (cells[1] > 0) & (cells[3] > 0) & (cells[0] + cells[2] > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _expected[kind](common, *(np.where(usable, c, np.nan) for c in cells))


def without_each(
    kind: Kind, stratum: ArrayLike, cluster: ArrayLike, x1: ArrayLike, n1: ArrayLike, x0: ArrayLike, n0: ArrayLike
) -> Values:
    """The pooled ratio without each cluster, in the order of their sorted names; nan where nothing is left of it.

    An entry is what one cluster has in one stratum, each pair once; a cluster may lie in many strata.
    """
    cells = columns(x1, n1, x0, n0)
    _, at = np.unique(np.asarray(stratum), return_inverse=True)
    _, of = np.unique(np.asarray(cluster), return_inverse=True)
    sums = [np.bincount(at, c) for c in cells]
    left = parts(kind, *(s[at] - c for s, c in zip(sums, cells, strict=True)))
    remains = []
    for whole, rest in zip(parts(kind, *sums), left, strict=True):
        total = whole.sum()
        kept = total - np.bincount(of, whole[at] - rest)
        remains.append(np.where(kept > 1e-9 * total, kept, np.nan))  # because what is left of a sum is not exact
    return divide(*remains)


def corners(kind: Kind, low: tuple[ArrayLike, ...], high: tuple[ArrayLike, ...]) -> tuple[float, float]:
    """The least and the most that the pooled ratio can be where each of `x1, n1, x0, n0` lies from `low` to `high`.

    It falls with the group's people and the reference's events and rises with the others, stratum by stratum, so both
    lie at corners. Of rates and risks only. nan where a limit is missing or nobody need be left to divide by.
    """
    ends = []
    for falls, rises in ((high, low), (low, high)):
        above, below = parts(kind, rises[0], falls[1], falls[2], rises[3])
        ends.append(float(divide(above.sum(), below.sum())))
    return ends[0], ends[1]


def _of_odds(common: float, a: Values, n: Values, b: Values, m: Values) -> tuple[Values, ...]:
    both = a + b
    middle = m - both + common * (n + both)
    expected = 2 * common * n * both / (middle + np.sqrt(middle**2 + 4 * (1 - common) * common * n * both))
    table = np.stack([expected, n - expected, both - expected, m - both + expected])
    return expected, a - expected, 1 / (1 / table).sum(axis=0), table.min(axis=0)


def _of_rates(common: float, a: Values, n: Values, b: Values, m: Values) -> tuple[Values, ...]:
    expected = (a + b) * common * n / (common * n + m)
    other = a + b - expected
    return expected, a - expected, expected * other / (a + b), np.minimum(expected, other)


def _of_risks(common: float, a: Values, n: Values, b: Values, m: Values) -> tuple[Values, ...]:
    square, middle = (n + m) * common, n * common + a + m + b * common
    other = (middle - np.sqrt(np.maximum(middle**2 - 4 * square * (a + b), 0))) / (2 * square)
    mine = common * other
    table = np.stack([n * mine, n * (1 - mine), m * other, m * (1 - other)])
    weight = 1 / ((1 - mine) / (n * mine) + (1 - other) / (m * other))
    return n * mine, (a - n * mine) / (1 - mine), weight, table.min(axis=0)


_expected = {"odds": _of_odds, "rate": _of_rates, "risk": _of_risks}
"""By kind, the numbers of `expected`."""
