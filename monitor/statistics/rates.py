"""Rates, ratios, shares, gaps and excess counts: the estimates, without their intervals.

All broadcast. Shares are fractions (0.27), gaps percentage points; a division by zero or by what is missing is nan.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from monitor.statistics.arrays import Values, columns, divide


def rate(count: ArrayLike, base: ArrayLike, per: float = 1.0) -> Values:
    """Events per `per` of the base: count / base x per."""
    return (divide(count, base) * per)[()]


def ratio(count: ArrayLike, base: ArrayLike, ref_count: ArrayLike, ref_base: ArrayLike) -> Values:
    """Relative rate index: the group's rate over the reference's; 1 is parity.

    nan when the reference has no events, because the ratio is then undefined (its lower limit is not).
    Source: Uhrig 2016, after the US Office of Juvenile Justice and Delinquency Prevention.
    """
    return divide(divide(count, base), divide(ref_count, ref_base))


def share(count: ArrayLike, total: ArrayLike) -> Values:
    """count / total as a fraction; of those known or of everyone is the caller's choice of total."""
    return divide(count, total)


def gap_points(share: ArrayLike, other: ArrayLike) -> Values:
    """Difference of two shares or rates (fractions) in percentage points: 100 x (share - other).

    Against baseline shares it sums to 0 over an exhaustive classification. Source: the Youth Justice Board's NI 044.
    """
    left, right = columns(share, other)
    return (100.0 * (left - right))[()]


def representation_index(share: ArrayLike, baseline_share: ArrayLike) -> Values:
    """Share in the system over share in the baseline; 1 is parity. Two indices divide to their ratio."""
    return divide(share, baseline_share)


def excess_count(count: ArrayLike, base: ArrayLike, total_count: ArrayLike, total_base: ArrayLike) -> Values:
    """Events above what the group's share of the base would give: count - total_count x base / total_base.

    Sums to 0 over an exhaustive classification. The Lammy Review's "9,000 fewer people" is a figure of this kind.
    """
    mine, all_events = columns(count, total_count)
    return (mine - all_events * divide(base, total_base))[()]
