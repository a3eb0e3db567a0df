"""Which observations answer a request: those that vary only by the characteristic asked for."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.deriving.fit import Refused, Request
from pipelines.deriving.residents import ALL, NAMED, SYSTEM

SLICE = ("period_start", "period_end", "place_code", "system")
"""What the rows compared with each other have in common."""
KEPT_BACK = "kept_back"
"""The column of an observation that must not be repeated: null, `recoverable` or `beside_recoverable`."""
_ONE_OBSERVATION = (
    KEPT_BACK,
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
_DESCRIBED = (
    "artefact_sha256", "sheet", "published_on", "seen_at", "period_label", "place_name", "classification", "mapping",
    *(f"{c}_label" for c in NAMED),
)  # fmt: skip
"""What a sum takes from its first part: words about a figure, which may differ between parts of one sum."""


def varying_by(
    characteristics: Sequence[str],
    figures: pl.DataFrame,
    held: Mapping[str, str] | None = None,
    circumstances: Mapping[str, str] | None = None,
    sum_over: Sequence[str] = (),
) -> pl.DataFrame:
    """Observations in `circumstances`, separated by `characteristics` and nothing else, of everyone or of those `held`.

    `held` fixes the category of other characteristics: `{"sex": "female"}` are the women.

    `sum_over` names the dimensions that the file never totals (`circumstances` for all that are no
    characteristic). Sums hold a list in `figure_id`. The result has a column `system` besides.
    """
    held = held or {}
    frame = _summed(characteristics, figures, held, circumstances or {}, sum_over) if sum_over else figures
    wanted = json.dumps(dict(sorted((circumstances or {}).items())))
    others = [d for d in NAMED if d not in characteristics]
    return frame.filter(
        pl.col("circumstances") == wanted, *(pl.col(d) == held.get(d, ALL) for d in others)
    ).with_columns(SYSTEM)


def _summed(
    characteristics: Sequence[str],
    figures: pl.DataFrame,
    held: Mapping[str, str],
    circumstances: Mapping[str, str],
    sum_over: Sequence[str],
) -> pl.DataFrame:
    summed = [d for d in sum_over if d in NAMED and d not in characteristics and d not in held]
    whole = [] if circumstances or "circumstances" not in sum_over else ["circumstances"]
    gone = {*_ONE_OBSERVATION, *summed, *(f"{d}_label" for d in summed), *whole}
    keys = [c for c in figures.columns if c not in gone and c not in _DESCRIBED]
    parts = figures.filter(pl.col("status") != "not_applicable")
    if whole:
        # because what one circumstance means by its name is no other meaning of all of them together
        same = [c for c in keys if c != "definition_id"]
        several = pl.col("definition_id").n_unique().over(same) > 1
        parts = parts.with_columns(definition_id=pl.when(several).then(SYSTEM).otherwise("definition_id"))
    parts = _sum(parts, keys, pl.col("figure_id"))
    levels = [parts]
    for c in characteristics:
        if c in sum_over:
            # because a change of meaning is one category's, and everyone together is of the counting system alone
            plain = [level.with_columns(definition_id=SYSTEM) for level in levels]
            kept = [k for k in keys if k != c]
            everyone = [_sum(level, kept, pl.col("figure_id").list.explode()) for level in plain]
            levels += [e.with_columns(pl.lit(ALL).alias(c), pl.lit("All").alias(f"{c}_label")) for e in everyone]
    together = pl.concat(levels, how="diagonal").with_columns(pl.lit(ALL).alias(d) for d in summed)
    return together.with_columns(pl.lit("{}").alias("circumstances")) if whole else together


def _sum(frame: pl.DataFrame, keys: Sequence[str], figures: pl.Expr) -> pl.DataFrame:
    # because a hidden cell is no zero: a sum that has one is hidden too, between limits where they are known
    whole = (pl.col("status") == "published").all()
    low, high = pl.coalesce("value", "value_low").fill_null(0.0).sum(), pl.coalesce("value", "value_high")
    kept_back = [pl.col(KEPT_BACK).max()] if KEPT_BACK in frame.columns else []
    return frame.group_by(keys, maintain_order=True).agg(
        figures,
        *kept_back,
        pl.col([c for c in _DESCRIBED if c in frame.columns]).first(),
        value=pl.when(whole).then(pl.col("value").sum()),
        flags=pl.lit(["derived"], dtype=pl.List(pl.String)),
        status=pl.when(whole).then(pl.lit("published")).otherwise(pl.lit("suppressed")),
        value_low=pl.when(~whole).then(low),
        value_high=pl.when(~whole & high.is_not_null().all()).then(high.sum()),
    )


def at_periods(frame: pl.DataFrame, measure: str, request: Request, table: str) -> pl.DataFrame:
    """The observations at the periods asked for; the latest of `table` where none is named. Raises `Refused`."""
    separated = frame.filter(pl.col(request.characteristic) != ALL)
    asked = request.period
    if separated.is_empty():
        whom = " and ".join(f"{c} {name!r}" for c, name in request.held.items())
        raise Refused(
            f"{measure} by {request.characteristic}: no figures are held"
            + (f" for {whom}: `crossings` says what is published together." if whom else ".")
        )
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
