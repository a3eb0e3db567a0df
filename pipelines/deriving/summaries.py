"""Summary measures of a classification without order, one row a period and level, beside the ratios."""

from typing import Any

import numpy as np
import polars as pl

from monitor.statistics import summary
from monitor.store.schema import frame_schema
from pipelines.deriving.arithmetic import STAGE
from pipelines.deriving.fit import Refused

ORDERED = ("age",)
ROUNDING = 0.005
"""How far from 1 the shares of a whole level may add up to, because publishers round."""
_SAID = (
    "measure", "edition", "characteristic", "period", "period_start", "period_end", "place", "sex", "level", "baseline",
    "per",
)  # fmt: skip
KEY = ("period_start", "period_end", "place", "level", "sex", "baseline")


def summaries(found: pl.DataFrame) -> list[dict[str, Any]]:
    """Summary measures of every period and level of `found`, disparities of one measure by one characteristic.

    Rates are per `per`; `index_of_disparity`, `coefficient_of_variation` and `population_attributable_fraction`
    are per cent, `theil` and `mean_log_deviation` times 1,000. Raises `Refused` for an ordered characteristic.
    """
    if found.is_empty():
        return []
    characteristic = found["characteristic"][0]
    if characteristic in ORDERED:
        raise Refused(f"{characteristic} has an order, and these measures are for groups without one; see `ratios`.")
    named = found.filter(pl.col("level").is_in(["groups", "detail"]))
    rows = []
    for part in named.partition_by(list(KEY), maintain_order=True):
        first = part.row(0, named=True)
        said = {k: first[k] for k in _SAID}
        said["groups"] = part["category"].to_list()
        if part["gap_points"].null_count() or part["rate"].null_count() or part["category"].is_duplicated().any():
            lost = part.filter(pl.col("gap_points").is_null() | pl.col("rate").is_null())["category"].to_list()
            reason = f"No summary: {', '.join(lost) or 'a group'} has no rate of its own, so the level is not whole."
            rows.append(said | {"status": "withheld", "reason": reason})
            continue
        covered = float(part["share"].sum())
        if abs(covered - 1) > ROUNDING:
            reason = f"No summary: the groups of this level are {100 * covered:.1f}% of those known."
            rows.append(said | {"status": "withheld", "reason": reason})
            continue
        rows.append(said | _measured(part) | {"status": "shown", "reason": None})
    return rows


def every_summary(disparities: pl.DataFrame) -> pl.DataFrame:
    """The summary measures of every measure by every characteristic without an order: the store's `summary`."""
    unordered = disparities.filter(~pl.col("characteristic").is_in(ORDERED))
    parts = unordered.partition_by(["measure", "characteristic"], maintain_order=True)
    schema = frame_schema("summary")
    return pl.DataFrame([{n: row.get(n) for n in schema} for part in parts for row in summaries(part)], schema=schema)


def _measured(part: pl.DataFrame) -> dict[str, Any]:
    rates, shares = part["rate"].to_numpy(), part["baseline_share"].to_numpy()
    errors = rates / np.sqrt(np.maximum(part["count"].to_numpy(), 1.0))
    if part["kind"][0] == STAGE:  # because a count that is part of its base varies less than one of rare events
        errors = errors * np.sqrt(np.maximum(1.0 - rates / part["per"][0], 0.0))
    mean = summary.mean_rate(rates, shares)
    reference = part["reference"][0]
    of_reference = next(iter(part.filter(category=reference)["rate"]), np.nan)
    found = {
        "mean_rate": mean,
        "difference": summary.difference(rates),
        "largest_ratio": summary.largest_ratio(rates),
        "mean_difference": summary.mean_difference(rates, shares, mean),
        "index_of_disparity": summary.index_of_disparity(rates, shares),
        "index_of_disparity_weighted": summary.index_of_disparity(rates, shares, weighted=True),
        "between_group_variance": summary.between_group_variance(rates, shares),
        "between_group_variance_error": summary.between_group_variance_error(rates, shares, errors),
        "coefficient_of_variation": summary.coefficient_of_variation(rates, shares),
        "theil": summary.theil(rates, shares),
        "mean_log_deviation": summary.mean_log_deviation(rates, shares),
        "population_attributable_risk": summary.population_attributable_risk(of_reference, mean),
        "population_attributable_fraction": summary.population_attributable_fraction(of_reference, mean),
    }
    return {k: float(v) if np.isfinite(v) else None for k, v in found.items()} | {"reference": reference}
