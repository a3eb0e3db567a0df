"""Rates, ratios, intervals and bounds of many rows in one batch.

What it makes true: arithmetic is done once, by the statistics room, and what a reader gets is plain numbers or
nothing: never infinity, never "not a number".
"""

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from monitor.settings import UNKNOWN_NOTED, UNKNOWN_WITHHELD
from monitor.statistics.bands import band
from monitor.statistics.bounds import unknown_bounds
from monitor.statistics.intervals import poisson_rate, poisson_ratio_exact
from monitor.store.schema import frame_schema

INTERVAL = "exact conditional Poisson"


def with_intervals(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rates, ratios, their intervals and bounds for all rows in one batch, as a disparity frame."""
    schema = frame_schema("disparity")
    if not rows:
        return pl.DataFrame(schema=schema)

    def column(name: str) -> np.ndarray:
        return np.array([math.nan if (v := r.get(name)) is None else v for r in rows], dtype=float)

    count, base, per = column("count"), column("denominator"), column("per")
    has_rate = np.isfinite(base)
    rate, low, high = (np.full(len(rows), np.nan) for _ in range(3))
    if has_rate.any():
        rate[has_rate], low[has_rate], high[has_rate] = poisson_rate(count[has_rate], base[has_rate])
    ref_count, ref_base = column("ref_count"), column("ref_base")
    has_ratio = has_rate & np.isfinite(ref_base) & (ref_base > 0)
    is_reference = np.array([bool(r.get("is_reference")) for r in rows])
    ratio, ratio_low, ratio_high, bound_low, bound_high = (np.full(len(rows), np.nan) for _ in range(5))
    compared = has_ratio & ~is_reference & (ref_count > 0)
    if compared.any():
        k, n, rk, rn = count[compared], base[compared], ref_count[compared], ref_base[compared]
        ratio[compared] = (k / n) / (rk / rn)
        ratio_low[compared], ratio_high[compared] = poisson_ratio_exact(k, n, rk, rn)
        unknown = column("unknown")[compared]
        bound_low[compared] = unknown_bounds(
            k, column("denominator_high")[compared], rk, column("ref_low")[compared], unknown
        )[0]
        bound_high[compared] = unknown_bounds(
            k, column("denominator_low")[compared], rk, column("ref_high")[compared], unknown
        )[1]
    ratio[has_ratio & is_reference] = 1.0
    bands = [str(band(ratio[i], ratio_low[i], ratio_high[i])) if compared[i] else None for i in range(len(rows))]
    out = []
    for i, r in enumerate(rows):
        r = {k: r.get(k) for k in schema}
        r["disparity_id"] = _identity(r)
        r.update(
            rate=_plain(rate[i] * per[i]),
            rate_low=_plain(low[i] * per[i]),
            rate_high=_plain(high[i] * per[i]),
            ratio=_plain(ratio[i]),
            ratio_low=_plain(ratio_low[i]),
            ratio_high=_plain(ratio_high[i]),
            bound_low=_plain(bound_low[i]),
            bound_high=_plain(bound_high[i]),
            interval_method=INTERVAL if compared[i] else None,
            band=bands[i],
        )
        share = r["unknown_share"] or 0
        if compared[i] and share > UNKNOWN_WITHHELD and bound_low[i] <= 1 <= bound_high[i]:
            r.update(
                status="withheld",
                reason=f"{100 * share:.0f}% are of unknown {r['characteristic']}; the bounds lie on both sides of 1.",
                **dict.fromkeys(("ratio", "ratio_low", "ratio_high", "band")),
            )
        elif compared[i] and share > UNKNOWN_NOTED:
            r["reason"] = (
                f"{100 * share:.1f}% are of unknown {r['characteristic']}; whatever they are, the ratio lies "
                f"between {bound_low[i]:.2f} and {bound_high[i]:.2f}."
            )
        out.append(r)
    return pl.DataFrame(out, schema=schema)


def _identity(row: Mapping[str, Any]) -> str:
    """A disparity's id: what is compared with what, the same in every pass."""
    parts = (row[k] for k in ("measure", "period_start", "period_end", "place", "sex", "characteristic", "category"))
    more = (row[k] for k in ("reference", "baseline", "definition_id"))
    return hashlib.sha256("\x1f".join(map(str, (*parts, *more))).encode()).hexdigest()[:16]


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
