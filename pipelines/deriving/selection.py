"""Which observations answer a request: those that vary only by the characteristic asked for.

What it makes true: a count is of the people asked for and of nobody else; where a file prints no totals, the sums
that a declaration allows are made here, flagged `derived`, and keep every figure they rest on.

What it refuses: a period for which the characteristic is not published; the periods that have it are the answer.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.deriving.fit import Refused, Request
from pipelines.deriving.residents import ALL, NAMED

SYSTEM = pl.col("definition_id").str.split("+").list.first().alias("system")
"""The counting system: the first part of a definition names it, because two may publish one date."""
SLICE = ("period_start", "period_end", "place_code", "system")
"""What the rows compared with each other have in common."""
_ONE_OBSERVATION = (
    "value",
    "figure_id",
    "observation_id",
    "cell",
    "flags",
    "marker",
    "status",
    "value_low",
    "value_high",
)


def varying_by(
    characteristics: Sequence[str],
    figures: pl.DataFrame,
    sex: str = ALL,
    circumstances: Mapping[str, str] | None = None,
    sum_over: Sequence[str] = (),
) -> pl.DataFrame:
    """Observations of everyone of `sex` in `circumstances`, separated by `characteristics` and nothing else.

    `sum_over` names the dimensions that the file never totals (`circumstances` for all that are no
    characteristic). Sums hold a list in `figure_id`. The result has a column `system` besides.
    """
    frame = _summed(characteristics, figures, sex, circumstances or {}, sum_over) if sum_over else figures
    wanted = json.dumps(dict(sorted((circumstances or {}).items())))
    others = [d for d in NAMED if d not in characteristics]
    return frame.filter(
        pl.col("circumstances") == wanted, *(pl.col(d) == (sex if d == "sex" else ALL) for d in others)
    ).with_columns(SYSTEM)


def _summed(
    characteristics: Sequence[str],
    figures: pl.DataFrame,
    sex: str,
    circumstances: Mapping[str, str],
    sum_over: Sequence[str],
) -> pl.DataFrame:
    summed = [d for d in sum_over if d in NAMED and d not in characteristics and not (d == "sex" and sex != ALL)]
    whole = [] if circumstances or "circumstances" not in sum_over else ["circumstances"]
    gone = {*_ONE_OBSERVATION, *summed, *(f"{d}_label" for d in summed), *whole}
    keys = [c for c in figures.columns if c not in gone]
    parts = _sum(figures.filter(pl.col("status") == "published"), keys, pl.col("figure_id"))
    levels = [parts]
    for c in characteristics:
        if c in sum_over:
            kept = [k for k in keys if k not in (c, f"{c}_label")]
            everyone = [_sum(level, kept, pl.col("figure_id").list.explode()) for level in levels]
            levels += [e.with_columns(pl.lit(ALL).alias(c), pl.lit("All").alias(f"{c}_label")) for e in everyone]
    together = pl.concat(levels, how="diagonal").with_columns(pl.lit(ALL).alias(d) for d in summed)
    return together.with_columns(pl.lit("{}").alias("circumstances")) if whole else together


def _sum(frame: pl.DataFrame, keys: Sequence[str], figures: pl.Expr) -> pl.DataFrame:
    return frame.group_by(keys, maintain_order=True).agg(
        pl.col("value").sum(),
        figures,
        flags=pl.lit(["derived"], dtype=pl.List(pl.String)),
        status=pl.lit("published"),
        value_low=pl.lit(None, dtype=pl.Float64),
        value_high=pl.lit(None, dtype=pl.Float64),
    )


def at_periods(frame: pl.DataFrame, measure: str, request: Request, table: str) -> pl.DataFrame:
    """The observations at the periods asked for; the latest of `table` where none is named. Raises `Refused`."""
    separated = frame.filter(pl.col(request.characteristic) != ALL)
    asked = request.period
    if separated.is_empty():
        raise Refused(f"{measure} by {request.characteristic}: no figures are held for sex {request.sex!r}.")
    if request.every_period:
        return frame
    if asked is None:
        latest = separated.filter(pl.col("table_id") == table)["period_end"].max()
        return frame.filter(pl.col("period_end") == latest)
    if isinstance(asked, dt.date):
        wanted = pl.col("period_end") == asked
    elif isinstance(asked, tuple):
        wanted = (pl.col("period_start") >= asked[0]) & (pl.col("period_end") <= asked[1])
    else:
        wanted = pl.col("period_label") == asked
    if separated.filter(wanted).is_empty():
        have = separated["period_end"].unique().sort().to_list()
        raise Refused(
            f"{measure} by {request.characteristic} has no figures for {asked}; it has {len(have)} dates "
            f"from {have[0]} to {have[-1]}, the nearest {', '.join(str(d) for d in _nearest(have, asked))}."
        )
    return frame.filter(wanted)


def _nearest(have: list[dt.date], asked: Any) -> list[dt.date]:
    if isinstance(asked, tuple):
        asked = asked[1]
    if not isinstance(asked, dt.date):
        return have[-2:]
    return sorted(sorted(have, key=lambda d: abs((d - asked).days))[:2])
