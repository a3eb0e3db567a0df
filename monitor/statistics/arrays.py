"""Arrays of numbers: broadcasting, division that never gives infinity, inverse functions on distinct rows only."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]
Limits = tuple[Values, Values]

CHUNK = 1 << 17
"""Distinct rows computed at a time: enough to be fast, few enough for ten million to stay under 2 GB."""
PIECE = 1 << 13
"""Rows of a search computed at a time: what it works on then stays in a processor's own cache."""


def columns(*values: ArrayLike) -> list[Values]:
    """The values as read-only float64 arrays of one shape, None as nan. ValueError if they cannot be."""
    return [np.asarray(v) for v in np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))]


def divide(above: ArrayLike, below: ArrayLike) -> Values:
    """above / below, nan where either is missing or infinite, `below` is zero or none can say how large; never inf."""
    top, bottom = columns(above, below)
    fits = np.isfinite(top) & np.isfinite(bottom) & (bottom != 0)
    with np.errstate(over="ignore"):
        found = np.divide(top, bottom, out=np.full(fits.shape, np.nan), where=fits)
    return np.where(np.isinf(found), np.nan, found)[()]


def is_count(values: Values) -> NDArray[np.bool_]:
    """True where a value can be a number of people or events: finite and not negative."""
    return np.isfinite(values) & (values >= 0)


def is_base(values: Values) -> NDArray[np.bool_]:
    """True where a value can be a denominator: finite and above zero."""
    return np.isfinite(values) & (values > 0)


def per_distinct(limits: Callable[..., Limits], usable: NDArray[np.bool_], *inputs: Values) -> Limits:
    """Low and high of `limits(*inputs)`, called on distinct rows only; nan wherever `usable` is False.

    `limits` takes and returns arrays of one dimension and length; the result has the shape of `usable`.
    """
    low, high = np.full(usable.shape, np.nan), np.full(usable.shape, np.nan)
    if not np.any(usable):
        return low[()], high[()]
    rows, where = _distinct([column[usable] for column in inputs])
    lows, highs = _in_pieces(limits, rows, CHUNK)
    low[usable], high[usable] = lows[where], highs[where]
    return low[()], high[()]


def per_row(limits: Callable[..., Limits], usable: NDArray[np.bool_], *inputs: Values) -> Limits:
    """As `per_distinct`, on every row: for limits that cost less than telling which rows are distinct."""
    low, high = np.full(usable.shape, np.nan), np.full(usable.shape, np.nan)
    low[usable], high[usable] = _in_pieces(limits, [column[usable] for column in inputs], PIECE)
    return low[()], high[()]


def _in_pieces(limits: Callable[..., Limits], rows: list[Values], size: int) -> Limits:
    lows, highs = np.empty(rows[0].size), np.empty(rows[0].size)
    for start in range(0, rows[0].size, size):
        piece = slice(start, start + size)
        lows[piece], highs[piece] = limits(*(row[piece] for row in rows))
    return lows, highs


def _distinct(inputs: list[Values]) -> tuple[list[Values], NDArray[np.intp]]:
    """The distinct rows of parallel one-dimensional arrays, and for each row the position of its own."""
    code = np.zeros(inputs[0].size, dtype=np.intp)
    first = np.zeros(1, dtype=np.intp)
    for column in inputs:
        _, of_column = np.unique(column, return_inverse=True)
        # Codes are made dense again at every step because their product could overflow with four columns.
        joined = code * (of_column.max() + 1) + of_column
        _, first, code = np.unique(joined, return_index=True, return_inverse=True)
    return [column[first] for column in inputs], code
