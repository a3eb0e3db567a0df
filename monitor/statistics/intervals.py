"""Intervals for a count, a rate, a share and a ratio, each fitting its denominator; Wald and Katz are not among them.

`confidence` is one number (0.95), a ValueError outside 0..1. Both limits are nan for a negative or missing count, a
zero or missing base, and in the binomial forms a count above its base. A lower limit is never below 0; the upper
limit of a ratio is inf when the reference has no events, and with no events on either side they are 0 and inf.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from monitor.statistics.arrays import Limits, Values, columns, is_base, is_count, per_distinct, per_row

SECANTS = 12
"""Steps after which a search by secants is given up for a slower one that cannot go astray; eight are usual."""
EXACT_BELOW = 10
"""OHID's rule: the rate of fewer events than this gets the exact interval."""

GARWOOD, BYAR, WILSON = "Garwood exact Poisson", "Byar", "Wilson score"
CONDITIONAL, SCORE = "exact conditional Poisson", "Miettinen-Nurminen score"


def garwood(count: ArrayLike, confidence: float = 0.95) -> Limits:
    """Exact Poisson limits (low, high) of a count of events. Garwood 1936, by the inverse gamma integral."""
    tail = _tail(confidence)
    (events,) = columns(count)

    def limits(x: Values) -> Limits:
        low = np.where(x > 0, special.gammaincinv(np.where(x > 0, x, 1.0), tail), 0.0)
        return low, special.gammainccinv(x + 1.0, tail)

    return per_distinct(limits, is_count(events), events)


def byar(count: ArrayLike, confidence: float = 0.95) -> Limits:
    """Byar's approximate Poisson limits of a count, in the form OHID publishes (Breslow and Day 1987).

    The lower limit is nan where the approximation turns negative or has no meaning (no events). The variant
    with half an event added on both sides, which some software calls Byar, is a different formula.
    """
    z = _z(confidence)
    (events,) = columns(count)
    events = np.where(is_count(events), events, np.nan)
    some = np.where(events > 0, events, np.nan)
    low = some * (1.0 - 1.0 / (9.0 * some) - z / (3.0 * np.sqrt(some))) ** 3
    more = events + 1.0
    high = more * (1.0 - 1.0 / (9.0 * more) + z / (3.0 * np.sqrt(more))) ** 3
    return np.where(low >= 0, low, np.nan)[()], high[()]


def rate_method(count: ArrayLike) -> str | np.ndarray:
    """The interval `poisson_rate` gives a count: a string for one, an array of strings for many."""
    (events,) = columns(count)
    named = np.where(events < EXACT_BELOW, GARWOOD, BYAR)
    return str(named) if named.ndim == 0 else named


def poisson_count(count: ArrayLike, confidence: float = 0.95) -> Limits:
    """Limits of a count of events by OHID's rule: Garwood under 10 events, Byar from 10."""
    (events,) = columns(count)
    few = events < EXACT_BELOW
    exact_low, exact_high = garwood(np.where(few, events, np.nan), confidence)
    low, high = byar(events, confidence)
    return np.where(few, exact_low, low)[()], np.where(few, exact_high, high)[()]


def poisson_rate(
    count: ArrayLike, base: ArrayLike, per: float = 1.0, confidence: float = 0.95
) -> tuple[Values, Values, Values]:
    """Rate of events per `per` of the base, limits by OHID's rule (its technical guide): (rate, low, high)."""
    events, people = columns(count, base)
    usable = is_count(events) & is_base(people)
    events, people = np.where(usable, events, np.nan), np.where(usable, people, np.nan)
    low, high = poisson_count(events, confidence)
    return (events / people * per)[()], (low / people * per)[()], (high / people * per)[()]


def wilson(count: ArrayLike, base: ArrayLike, confidence: float = 0.95) -> Limits:
    """Wilson score limits of a share (fractions between 0 and 1). Wilson 1927; Newcombe 1998, method 3."""
    z = _z(confidence)
    x, n = _subset(count, base)
    spread = z * np.sqrt(z * z + 4.0 * x * (1.0 - x / n))
    low, high = (2 * x + z * z - spread) / (2 * (n + z * z)), (2 * x + z * z + spread) / (2 * (n + z * z))
    # At the two ends the formula is 0 and 1 in exact arithmetic, and only nearly so in floating point.
    return np.where(x == 0, 0.0, np.maximum(low, 0.0))[()], np.where(x == n, 1.0, np.minimum(high, 1.0))[()]


def poisson_ratio_exact(
    count: ArrayLike, base: ArrayLike, ref_count: ArrayLike, ref_base: ArrayLike, confidence: float = 0.95
) -> Limits:
    """Exact limits of the ratio of two Poisson rates, given their total number of events.

    The group's events among all events of both are binomial; Clopper-Pearson limits p of that share become
    p / (1 - p) x ref_base / base. Bases may be fractional (person-years). Przyborowski and Wilenski 1940.
    """
    tail = _tail(confidence)
    a, n, b, m = columns(count, base, ref_count, ref_base)
    usable = is_count(a) & is_count(b) & is_base(n) & is_base(m)
    # Solved on the rarer side only, and inverted for the other: 1 - p keeps its digits, and swapping the two
    # groups gives exactly the reciprocal limits.
    low, high = per_distinct(lambda few, many: _exact_odds(few, many, tail), usable, np.minimum(a, b), np.maximum(a, b))
    with np.errstate(divide="ignore", invalid="ignore"):
        swapped_low, swapped_high = 1.0 / high, 1.0 / low
        scale = np.where(usable, m, np.nan) / np.where(usable, n, np.nan)
    return (np.where(a > b, swapped_low, low) * scale)[()], (np.where(a > b, swapped_high, high) * scale)[()]


def _exact_odds(few: Values, many: Values, tail: float) -> Limits:
    """Limits of the odds of few events among few and many, by Clopper and Pearson's limits of their share."""
    low = np.where(few > 0, special.betaincinv(np.maximum(few, 1e-300), many + 1.0, tail), 0.0)
    high = np.where(many > 0, special.betainccinv(few + 1.0, np.maximum(many, 1e-300), tail), 1.0)
    with np.errstate(divide="ignore"):
        return low / (1.0 - low), high / (1.0 - high)


def score_ratio(
    count: ArrayLike, base: ArrayLike, ref_count: ArrayLike, ref_base: ArrayLike, confidence: float = 0.95
) -> Limits:
    """Score limits of the ratio of two shares with the factor N/(N-1), N the two bases together.

    The limits are the two ratios at which `score_statistic` is +z and -z; the search is over their logarithm.
    Miettinen and Nurminen 1985, equations 9 and 10 and the appendix.
    """
    z = _z(confidence)
    x, n, y, m = (part for pair in (_subset(count, base), _subset(ref_count, ref_base)) for part in pair)
    x, n, y, m = columns(x, n, y, m)

    def limits(x: Values, n: Values, y: Values, m: Values) -> Limits:
        low, high = np.zeros(x.size), np.full(x.size, np.inf)
        some, ref_some = x > 0, y > 0
        low[some] = _score_root(z, x[some], n[some], y[some], m[some])
        high[ref_some] = _score_root(-z, x[ref_some], n[ref_some], y[ref_some], m[ref_some])
        return low, high

    return per_row(limits, ~(np.isnan(x) | np.isnan(y)), x, n, y, m)


def score_statistic(
    ratio: ArrayLike, count: ArrayLike, base: ArrayLike, ref_count: ArrayLike, ref_base: ArrayLike
) -> Values:
    """Standardised distance of the counts from a supposed ratio of shares, which falls as it rises; nan for bad counts.

    The variance is taken at the shares most likely under that ratio, which solve a quadratic.
    """
    x, n, y, m = (part for pair in (_subset(count, base), _subset(ref_count, ref_base)) for part in pair)
    supposed, x, n, y, m = columns(ratio, x, n, y, m)
    return _score(supposed, x, n, y, m)[()]


def _score(ratio: Values, x: Values, n: Values, y: Values, m: Values) -> Values:
    # The quadratic's smaller root, and what it leaves of 1, are written without differences of large numbers:
    # the usual form loses its digits for rare events, and again when nearly everyone has the event.
    no_event, ref_no_event = n - x, m - y
    lean = ratio * (n + y) - (m + x)
    product = 4.0 * ratio * no_event * ref_no_event
    root = np.sqrt(lean * lean + product)
    larger = root + np.abs(lean)
    smaller = np.divide(product, larger, out=np.zeros_like(larger), where=larger > 0)
    whole = ratio * (n + y) + (m + x) + root
    ref_share, ref_rest = (2.0 * (x + y) / whole, (np.where(lean > 0, larger, smaller) + 2.0 * ref_no_event) / whole)
    share, rest = ratio * ref_share, (np.where(lean > 0, smaller, larger) + 2.0 * ratio * no_event) / whole
    variance = share * rest / n + ratio * ratio * ref_share * ref_rest / m
    total = n + m
    distance = (x * m - ratio * y * n) / (n * m)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = distance / np.sqrt(variance * total / (total - 1.0))
    return np.where(distance == 0, 0.0, statistic)


def _score_root(target: float, x: Values, n: Values, y: Values, m: Values) -> Values:
    """The ratio at which the statistic is `target`: secants over its logarithm, in which it is nearly straight."""

    def beyond(log_ratio: Values) -> Values:
        return _score(np.exp(log_ratio), x, n, y, m) - target

    middle = np.log((x + 0.5) * (m + 1.0) / ((y + 0.5) * (n + 1.0)))
    width = np.sign(target) * np.sqrt(1.0 / (x + 0.5) + 1.0 / (y + 0.5))
    before, here = middle, middle - abs(target) * width
    was, step = beyond(before), here - before
    for _ in range(SECANTS):
        found = beyond(here)
        moved = here - before
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = np.where((np.abs(moved) < 1e-10) | (found == 0), 0.0, -found * moved / (found - was))
        before, was, here = here, found, here + np.clip(step, -2.0, 2.0)
        # because each error is about the product of the two before it, which is then below the last digit
        if np.all(np.abs(step) < 1e-10):
            return np.exp(here)
    astray = ~(np.abs(step) < 1e-10)
    here[astray] = np.log(_bracketed_score_root(target, x[astray], n[astray], y[astray], m[astray]))
    return np.exp(here)


def _bracketed_score_root(target: float, x: Values, n: Values, y: Values, m: Values) -> Values:
    def beyond(ratio: Values, x: Values, n: Values, y: Values, m: Values) -> Values:
        return np.clip(_score(ratio, x, n, y, m) - target, -1e100, 1e100)

    middle = (x + 0.5) * (m + 1.0) / ((y + 0.5) * (n + 1.0))
    width = np.exp(abs(target) * np.sqrt(1.0 / (x + 0.5) + 1.0 / (y + 0.5)) + 0.1)
    low, high = middle / width, middle * width
    for edge, outward, wanted in ((low, 1.0 / width, 1.0), (high, width.copy(), -1.0)):
        short = beyond(edge, x, n, y, m) * wanted <= 0
        while short.any():
            edge[short] *= outward[short]
            outward[short] *= outward[short]
            short[short] = beyond(edge[short], x[short], n[short], y[short], m[short]) * wanted <= 0
    return _root(beyond, low, high, x, n, y, m)


def _root(function: Callable[..., Values], low: Values, high: Values, *inputs: Values) -> Values:
    """Where a monotonic function of a positive number crosses zero between low and high, to 1e-14 of it."""
    if low.size == 0:
        return np.empty(0)
    # Imported here because only one interval searches, and loading it costs a command a third of a second.
    from scipy.optimize import elementwise

    # Over the logarithm, because the absolute tolerance is then a relative one, however rare the events.
    found = elementwise.find_root(
        lambda log_value, *inputs: function(np.exp(log_value), *inputs),
        (np.log(low), np.log(high)),
        args=inputs,
        tolerances={"xatol": 1e-14, "xrtol": 0.0, "fatol": 0.0, "frtol": 0.0},
    )
    if not np.all(found.success):
        at = int(np.argmin(found.success))
        cell = ", ".join(f"{column[at]:g}" for column in inputs)
        raise ArithmeticError(
            f"Expected an interval limit for the counts {cell}; the search found none. Report these counts."
        )
    return np.exp(found.x)


def _subset(count: ArrayLike, base: ArrayLike) -> tuple[Values, Values]:
    """Count and base where the one can be a subset of the other; nan elsewhere."""
    x, n = columns(count, base)
    usable = is_count(x) & is_base(n) & (x <= n)
    return np.where(usable, x, np.nan), np.where(usable, n, np.nan)


def _tail(confidence: float) -> float:
    if not 0.5 <= confidence < 1:
        raise ValueError(f"confidence: expected a number from 0.5 to below 1, such as 0.95; found {confidence}")
    return (1.0 - confidence) / 2.0


def _z(confidence: float) -> float:
    return float(-special.ndtri(_tail(confidence)))
