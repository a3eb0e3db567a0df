"""Change over time: each ratio over an earlier one, with an interval, never across a break in series."""

import datetime as dt
import math
from typing import Any

import polars as pl

from monitor.statistics.comparison import ratio_of_ratios
from monitor.statistics.verdict import side
from pipelines.deriving.judging import as_if_independent

YEARS = 5
SAME, TOWARDS, AWAY, ACROSS = "about the same", "closer to parity", "further from parity", "to the other side of parity"
DEPENDS, REPEATED = "depends on the census", "depends on how often one person is counted"
"""Said of a change after the last census that holds on its residents only, or only had groups grown on; and of one of
events whose limits take each as independent, where the 95% interval leaves out no change and the 99.8% does not."""

WHOSE = ("measure", "characteristic", "level", "category", "reference", "baseline", "sex", "place")
_NUMBERS = (
    *("earlier_ratio", "earlier_low", "earlier_high", "ratio", "ratio_low", "ratio_high"),
    *("change", "change_low", "change_high", "change_low_998", "change_high_998", "gap_points_change"),
    *("change_extrapolated", "change_extrapolated_low", "change_extrapolated_high"),
)
SCHEMA: dict[str, Any] = {
    **dict.fromkeys((*WHOSE, "earlier_period", "period"), pl.String),
    **dict.fromkeys(_NUMBERS, pl.Float64),
    **dict.fromkeys(("direction", "significance", "status", "reason"), pl.String),
    "disparity_ids": pl.List(pl.String),
}
"""Columns of a trend. `change` is the later ratio over the earlier; `gap_points_change` the difference of gaps.

`change_extrapolated` is the same change as it would be had groups grown on after the last census; null before it.
"""


def trend(found: pl.DataFrame, since: dt.date | None = None) -> pl.DataFrame:
    """The change of every group's ratio since `since` (five years before the latest), one row a group.

    `found` are disparities at every period on one baseline, for one sex, against one reference. The earlier period
    is the last one not after `since`, or the first of all.
    """
    shown = found.filter(pl.col("level").is_in(["groups", "detail"]))
    rows = [
        row
        for part in shown.partition_by(["category", "place"], maintain_order=True)
        if (row := _changed(part, shown, since)) is not None
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def five_years_before(day: dt.date) -> dt.date:
    """The same day five years before; 28 February for a day that year has not."""
    return day.replace(year=day.year - YEARS, day=min(day.day, 28) if day.month == 2 else day.day)


def two_periods(part: pl.DataFrame, since: dt.date | None = None) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The earlier and the later of one group's rows to compare; None without people at two periods."""
    comparable = part.filter(pl.col("denominator").is_not_null()).sort("period_end")
    if comparable.is_empty():
        return None
    later = comparable.row(-1, named=True)
    end = later["period_end"]
    before = since or five_years_before(end)
    past = comparable.filter(pl.col("period_end") < end)
    if past.is_empty():
        return None
    until = past.filter(pl.col("period_end") <= before)
    day = until["period_end"].max() if not until.is_empty() else past["period_end"].min()
    candidates = past.filter(pl.col("period_end") == day).to_dicts()
    # because two counting systems may publish one date: the one that goes on is the one to compare with
    earlier = next((r for r in candidates if r["definition_id"] == later["definition_id"]), candidates[-1])
    return earlier, later


def _changed(part: pl.DataFrame, everyone: pl.DataFrame, since: dt.date | None) -> dict[str, Any] | None:
    if part["category"][0] == part["reference"][0] or (periods := two_periods(part, since)) is None:
        return None
    earlier, later = periods
    row = {
        **{k: later[k] for k in (*WHOSE, "period", "ratio", "ratio_low", "ratio_high")},
        "earlier_period": earlier["period"],
        **{f"earlier_{k}": earlier[f"ratio_{k}" if k != "ratio" else k] for k in ("ratio", "low", "high")},
        "status": "shown",
        "disparity_ids": [earlier["disparity_id"], later["disparity_id"]],
    }
    if broken := _break(earlier, later, everyone):
        return row | {"status": "refused", "reason": broken}
    if earlier["baseline"] != later["baseline"]:
        return row | {"status": "refused", "reason": "The two periods are on different baselines."}
    if None in (earlier["ratio"], later["ratio"], earlier["ratio_low"], later["ratio_low"]):
        why = later["reason"] if later["ratio"] is None else earlier["reason"]
        return row | {"status": "withheld", "reason": why or "There is no ratio at one of the two periods."}
    return row | _read(earlier, later)


def _break(earlier: dict[str, Any], later: dict[str, Any], everyone: pl.DataFrame) -> str:
    """The break between two rows, in words; empty where there is none."""
    pairs = [(later["category"], earlier["definition_id"], later["definition_id"])]
    defined = {
        (r["category"], r["period_end"], r["definition_id"].split("+")[0]): r["definition_id"]
        for r in everyone.select("category", "period_end", "definition_id").iter_rows(named=True)
    }
    reference = later["reference"]
    sides = [defined.get((reference, r["period_end"], r["definition_id"].split("+")[0])) for r in (earlier, later)]
    pairs.append((reference, sides[0], sides[1]))
    for name, was, now in pairs:
        if was != now:
            return broken(name, was, now)
    return ""


def broken(name: str, was: str | None, now: str | None) -> str:
    """A break in the series of a group, in words."""
    return f"The definition of {name} changed from {was} to {now}: a break in the series, which is not bridged."


def _read(earlier: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """The change of a ratio and what it is; after the last census only what holds had groups grown on as well."""
    found, gaps = _compared(earlier, later), (later["gap_points"], earlier["gap_points"])
    found["gap_points_change"] = gaps[0] - gaps[1] if None not in gaps else None
    if earlier["ratio_extrapolated"] is None and later["ratio_extrapolated"] is None:
        return found
    beyond = _compared(*(_extrapolated(row) for row in (earlier, later)))
    found |= {f"change_extrapolated{end}": beyond[f"change{end}"] for end in ("", "_low", "_high")}
    if beyond["direction"] != found["direction"]:
        found |= {"direction": DEPENDS, "significance": None}
    return found


def _extrapolated(row: dict[str, Any]) -> dict[str, Any]:
    """A ratio and its limits over the people there would be had groups grown on; the same within the censuses."""
    by = 1.0 if row["ratio_extrapolated"] is None else row["ratio_extrapolated"] / row["ratio"]
    numbers = ("ratio", "ratio_low", "ratio_high", "ratio_low_998", "ratio_high_998")
    return row | {name: None if row[name] is None else by * row[name] for name in numbers}


def _compared(earlier: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    for suffix, low, high in (("", "ratio_low", "ratio_high"), ("_998", "ratio_low_998", "ratio_high_998")):
        sides = [math.inf if r[k] is None else r[k] for r in (later, earlier) for k in ("ratio", low, high)]
        found = (float(v) if math.isfinite(v) else None for v in ratio_of_ratios(*sides))
        limits |= zip(("change", f"change_low{suffix}", f"change_high{suffix}"), found, strict=True)
    is_clear = {s: side((limits[f"change_low{s}"], limits[f"change_high{s}"])) != 0 for s in ("", "_998")}
    alone = as_if_independent(earlier) or as_if_independent(later)
    said = _direction(earlier, later)
    significance = "beyond_99_8" if is_clear["_998"] else "beyond_95" if is_clear[""] else "within_95"
    return limits | {
        "direction": SAME if not is_clear[""] else REPEATED if alone and not is_clear["_998"] else said,
        "significance": None if alone else significance,
    }


def _direction(earlier: dict[str, Any], later: dict[str, Any]) -> str:
    was, now = earlier["ratio"], later["ratio"]
    if was <= 0 or now <= 0:
        return SAME
    sides = [side((row["ratio_low"], row["ratio_high"])) for row in (earlier, later)]
    if sides[0] * sides[1] < 0:  # because an interval that includes 1 has crossed nothing
        return ACROSS
    return TOWARDS if abs(math.log(now)) < abs(math.log(was)) else AWAY
