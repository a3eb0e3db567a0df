"""Rates, ratios, intervals and bounds of many rows in one batch."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from monitor.statistics.arrays import Limits, Values, divide
from monitor.statistics.bands import band
from monitor.statistics.bounds import tipping_share, unknown_bounds, unknown_bounds_stage
from monitor.statistics.comparison import poisson_ratio_p, score_ratio_p
from monitor.statistics.intervals import CONDITIONAL, SCORE, poisson_rate, poisson_ratio_exact, score_ratio, wilson
from monitor.statistics.nested import disjoint, of_the_whole

STAGE = "stage"
CHUNK = 1 << 18
"""Rows worked out at a time, so that the memory needed does not grow with them."""

_GIVEN = (
    *("per", "count", "denominator", "denominator_low", "denominator_high"),
    *("reference_count", "reference_denominator", "reference_low", "reference_high"),
    *("unknown_at_most", "unknown_base"),
)
_CLUSTERED = {
    "ratio_low": "clustered_low",
    "ratio_high": "clustered_high",
    "ratio_low_998": "clustered_low_998",
    "ratio_high_998": "clustered_high_998",
    "p_value": "clustered_p",
}
INPUTS: dict[str, Any] = {
    "kind": pl.String,
    **dict.fromkeys((*_GIVEN, *_CLUSTERED.values(), "nesting", "fewest"), pl.Float64),
    "clustered_method": pl.String,
    "is_reference": pl.Boolean,
}
"""What is asked of a row: null where there is none. `reference_low` and `_high` bound the reference's people, `fewest`
is how few of either side a census counted, `nesting` says which side is part of the other, `clustered` what allows for
clusters, in place of limits as if events were independent."""

LEVELS = (0.95, 0.998)
_OF_A_RATIO = ("rate_difference", "ratio", "ratio_low", "ratio_high", "ratio_low_998", "ratio_high_998", "p_value")

Columns = dict[str, Values]


def with_intervals(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with rate, ratio, their limits, p-value, bounds, tipping share, band and significance added.

    `frame` has the columns `INPUTS`. Rates and their difference are per `per`. A row without a denominator has no
    rate, without a reference no ratio; the reference itself has the ratio 1 and no interval.
    """
    parts = [_chunk(part) for part in frame.iter_slices(CHUNK)] or [_chunk(frame)]
    return pl.concat(parts)


def _chunk(frame: pl.DataFrame) -> pl.DataFrame:
    asked = (*_GIVEN, *_CLUSTERED.values(), "nesting")
    given: Columns = {n: frame[n].cast(pl.Float64).to_numpy() for n in asked}
    stage = (frame["kind"] == STAGE).to_numpy()
    is_reference = frame["is_reference"].fill_null(False).to_numpy()
    found: dict[str, Any] = {}
    for kind, mask in ((_population, ~stage), (_stage, stage)):
        if mask.any():
            for name, values in kind({n: v[mask] for n, v in given.items()}, ~is_reference[mask]).items():
                found.setdefault(name, np.full(frame.height, np.nan))[mask] = values
    has_ratio = ~np.isnan(found["ratio_low"])
    bands = np.full(frame.height, None, dtype=object)
    named = has_ratio & stage  # because four fifths is a rule about selection among those who could be selected
    bands[named] = band(found["ratio"][named], found["ratio_low"][named], found["ratio_high"][named])
    found["ratio"] = np.where(is_reference & (given["reference_denominator"] > 0), 1.0, found["ratio"])
    numbers = {n: pl.Series(np.where(np.isfinite(v), v, np.nan)).fill_nan(None) for n, v in found.items()}
    certain = pl.when(pl.lit(pl.Series(has_ratio)))
    outside_95 = pl.lit(pl.Series((found["ratio_low"] > 1) | (found["ratio_high"] < 1)))
    outside_998 = pl.lit(pl.Series((found["ratio_low_998"] > 1) | (found["ratio_high_998"] < 1)))
    return frame.with_columns(
        **numbers,
        band=pl.Series(bands.tolist(), dtype=pl.String),
        interval_method=certain.then(
            pl.when(pl.col("clustered_method").is_not_null())
            .then("clustered_method")
            .when(pl.col("kind") == STAGE)
            .then(pl.lit(SCORE))
            .otherwise(pl.lit(CONDITIONAL))
        ),
        significance=certain.then(
            pl.when(outside_998)
            .then(pl.lit("beyond_99_8"))
            .when(outside_95)
            .then(pl.lit("beyond_95"))
            .otherwise(pl.lit("within_95"))
        ),
    )


def _population(c: Columns, compared: np.ndarray) -> Columns:
    rate, low, high = (limit * c["per"] for limit in poisson_rate(c["count"], c["denominator"]))
    found = _compared(c, compared, rate, (low, high), poisson_ratio_exact, poisson_ratio_p)
    x, y, u = (np.where(compared, c[n], np.nan) for n in ("count", "reference_count", "unknown_at_most"))
    v = c["unknown_base"]
    lowest, _ = unknown_bounds(x, c["denominator_high"], y, c["reference_low"], u, v)
    _, highest = unknown_bounds(x, c["denominator_low"], y, c["reference_high"], u, v)
    # because where people compared with are unknown too, no share of the unknown counted settles the ratio
    tips = np.where(v > 0, np.nan, tipping_share(x, c["denominator"], y, c["reference_denominator"], u))
    return found | {"bound_low": lowest, "bound_high": highest, "tipping_share": tips}


def _stage(c: Columns, compared: np.ndarray) -> Columns:
    rate = divide(np.where(c["count"] <= c["denominator"], c["count"], np.nan), c["denominator"]) * c["per"]
    low, high = wilson(c["count"], c["denominator"])
    found = _compared(c, compared, rate, (low * c["per"], high * c["per"]), score_ratio, score_ratio_p)
    lowest, highest = unknown_bounds_stage(
        np.where(compared, c["count"], np.nan),
        c["denominator"],
        c["reference_count"],
        c["reference_denominator"],
        c["unknown_at_most"],
        c["unknown_base"],
    )
    return found | {"bound_low": lowest, "bound_high": highest, "tipping_share": np.full(rate.shape, np.nan)}


def _compared(
    c: Columns,
    compared: np.ndarray,
    rate: Values,
    limits: Limits,
    interval: Callable[..., Limits],
    test: Callable[..., Values],
) -> Columns:
    alone = {"rate": rate, "rate_low": limits[0], "rate_high": limits[1]}
    count = np.where(compared & np.isfinite(rate) & np.isfinite(c["reference_count"]), c["count"], np.nan)
    if np.isnan(count).all():
        return alone | dict.fromkeys(_OF_A_RATIO, np.full(rate.shape, np.nan))
    cell = count, c["denominator"], c["reference_count"], c["reference_denominator"]
    reference_rate = divide(cell[2], cell[3]) * c["per"]
    nesting = np.nan_to_num(c["nesting"])
    # because people who are on both sides would be compared with themselves
    apart = disjoint(nesting, *cell)
    limits_of = {
        level: [of_the_whole(nesting, r, cell[1], cell[3]) for r in interval(*apart, level)] for level in LEVELS
    }
    independent = {
        "ratio_low": limits_of[0.95][0],
        "ratio_high": limits_of[0.95][1],
        "ratio_low_998": limits_of[0.998][0],
        "ratio_high_998": limits_of[0.998][1],
        "p_value": test(*apart),
    }
    has_ratio = np.isfinite(independent["ratio_low"])
    clustered = {
        n: np.where(has_ratio & np.isfinite(c[given]), c[given], independent[n]) for n, given in _CLUSTERED.items()
    }
    return (
        alone
        | clustered
        | {
            "rate_difference": np.where(np.isfinite(count), rate - reference_rate, np.nan),
            "ratio": divide(np.where(np.isfinite(count), rate, np.nan), reference_rate),
        }
    )
