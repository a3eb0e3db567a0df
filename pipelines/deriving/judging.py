"""What must be said with a ratio, or in its place: its verdict, on what that depends, and the sentence of it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from monitor.settings import UNKNOWN_NOTED, UNKNOWN_WITHHELD
from monitor.statistics.intervals import CONDITIONAL, SCORE
from monitor.statistics.verdict import DIRECTIONS, LOW, TOO_FEW, Range, reliability, verdict
from pipelines.deriving.arithmetic import STAGE

EVENTS = "Counts events; the same person may be counted again; the interval is too narrow."
ALIKE = "Counts events; the same person may be counted again; the limits allow for what is alike ({method})."
FEWEST = 100
"""Residents of a group whom either census must have counted for a ratio to be made of the people between them."""
_OF_THE_RATIO = (
    "ratio", "ratio_low", "ratio_high", "ratio_low_998", "ratio_high_998", "rate_difference", "p_value", "p_adjusted",
    "significance", "band", "ratio_extrapolated",
)  # fmt: skip
_BY_CENSUS = ("census_low", "census_high")


def judged(row: dict[str, Any]) -> dict[str, Any]:
    """A disparity with its verdict, reliability and reason; its ratio withheld where it could mislead."""
    if row["ratio_low"] is None:
        return row
    is_stage, share = row["kind"] == STAGE, row["unknown_share"] or 0.0
    sides = ((row["count"], row["denominator"]), (row["reference_count"], row["reference_denominator"]))
    row = row | {"reliability": reliability(*sides, of_a_stage=is_stage)}
    said = [row["reason"]] if row["reason"] else []
    ranges = dict(_beside(row))
    found = verdict(
        (row["ratio_low"], row["ratio_high"]),
        ranges,
        opposed=("adjustment",) if _turned_round(row) else (),
        few=row["reliability"] == LOW,
    )
    if share > UNKNOWN_WITHHELD and _includes_1(row["bound_low"], row["bound_high"]):
        unknown = f"{100 * share:.0f}% are of unknown {row['characteristic']}; the bounds lie on both sides of 1."
        return row | dict.fromkeys((*_OF_THE_RATIO, *_BY_CENSUS)) | {"status": "withheld", "reason": unknown}
    if row["fewest"] is not None and row["fewest"] < FEWEST:
        few = (
            f"A census counted fewer than {FEWEST} residents of this group or of those compared with: over the people "
            f"of one census or the other the ratio is {row['census_low']:.2f} to {row['census_high']:.2f}."
        )
        return row | dict.fromkeys(_OF_THE_RATIO) | {"verdict": TOO_FEW, "status": "withheld", "reason": few}
    said += _of_the_unknown(row, found.depends_on)
    if row["ratio"] is None:
        said.append("The reference group has no events, so the ratio is undefined; its lower limit is not.")
    if "census" in found.depends_on:
        said.append(
            f"The direction depends on the census: over the people of one or the other it is {row['census_low']:.2f} "
            f"to {row['census_high']:.2f}."
        )
    if "adjustment" in found.depends_on:
        said.append(
            f"At equal ages the direction is the other: to {row['adjusted_reference']} the ratio is "
            f"{row['adjusted_crude']:.2f} as counted and {row['adjusted_ratio']:.2f} at equal ages."
        )
    if row["counts"] == "events":
        alone = as_if_independent(row)
        said.append(EVENTS if alone else ALIKE.format(method=row["interval_method"]))
        row = row | ({"p_value": None, "significance": None} if alone else {})
    more = {"verdict": found.verdict, "depends_on": list(found.depends_on), "reason": " ".join(said) or None}
    return row | more


def leading(rows: pl.DataFrame) -> dict[str, Any] | None:
    """The disparity to lead with: furthest from parity among those that hold on every bound, else among all; or None.

    `rows` are of the groups of one measure, characteristic, period and baseline, or what they are compared within.
    """
    given = pl.col("ratio").is_not_null() & pl.col("ratio_low").is_not_null() & (pl.col("ratio") > 0)
    shown = rows.filter(given, status="shown").to_dicts()
    sure = [row for row in shown if row["verdict"] in DIRECTIONS]
    return max(sure or shown, key=lambda row: (abs(math.log(row["ratio"])), row["category"]), default=None)


def _beside(row: dict[str, Any]) -> Iterator[tuple[str, Range]]:
    """The ranges beside a ratio, by what it would depend on if one of them included 1."""
    if row["bound_low"] is not None:
        unknown = (row["unknown_at_most"] or 0) > 0 or (row["unknown_base"] or 0) > 0
        yield "unknown" if unknown else "suppression", (row["bound_low"], row["bound_high"])
    yield from of_this_population(row)


def of_this_population(row: Mapping[str, Any]) -> Iterator[tuple[str, Range]]:
    """The ranges beside a ratio, whoever is unknown: by census, and of events that may be of the same people."""
    if row["census_low"] is not None:
        yield "census", (row["census_low"], row["census_high"])
    if as_if_independent(row):
        yield "clustering", (row["ratio_low_998"], row["ratio_high_998"])


def as_if_independent(row: Mapping[str, Any]) -> bool:
    """Whether a row counts events and its limits do not allow for what is alike, so that they are too narrow."""
    return row["counts"] == "events" and row["interval_method"] in (CONDITIONAL, SCORE)


def _turned_round(row: dict[str, Any]) -> bool:
    crude, equal = row["adjusted_crude"], row["adjusted_ratio"]
    return crude is not None and equal is not None and (crude - 1) * (equal - 1) < 0


def _of_the_unknown(row: dict[str, Any], depends_on: Sequence[str]) -> Iterator[str]:
    share, of_base = row["unknown_share"] or 0.0, row["baseline_unknown_share"] or 0.0
    low, high = row["bound_low"], row["bound_high"]
    if low is None:
        return
    most = f"between {low:.2f} and {high:.2f}" if high is not None else f"above {low:.2f}"
    beside = f", and {100 * of_base:.1f}% of those compared with" if of_base else ""
    if max(share, of_base) > UNKNOWN_NOTED or "unknown" in depends_on:
        yield (
            f"{100 * share:.1f}% are of unknown {row['characteristic']}{beside}; whatever they are, the ratio lies "
            f"{most}."
        )


def _includes_1(low: float | None, high: float | None) -> bool:
    return low is not None and low <= 1 and (high is None or high >= 1)
