"""The columns every figure has, whatever its table's shape: period, place, classification, definition.

What it makes true: an absent dimension is "all", never empty; every figure names the classification of its groups
and the counting rules in force at its date. What it refuses: a table without a period.
"""

import datetime as dt

import polars as pl

from monitor.vocabulary import best_classification, parse_period
from monitor.vocabulary import place as place_named
from pipelines.tidy.task import NAMED, Problem, Task, Unusable


def finished(task: Task, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with every column a figure has. Raises `Unusable` for a table without a period."""
    declared = task.declared
    have = set(frame.columns)
    if "period_start" not in have:
        period = parse_period(declared.period, task.hint) if declared.period else None
        if period is None:
            raise Unusable(
                Problem(
                    "period_found",
                    "critical",
                    f"Table {declared.id!r} has no period in its rows, columns or declaration; add `period` to it.",
                    task.table.grid.sheet,
                )
            )
        frame = frame.with_columns(
            period_start=pl.lit(period.start),
            period_end=pl.lit(period.end),
            period_label=pl.lit(declared.period),
        )
    frame = frame.with_columns(
        *(pl.lit("all").alias(d) for d in NAMED if d not in have),
        *(pl.col(d).fill_null("all") for d in NAMED if d in have),
        *(pl.lit(None, dtype=pl.String).alias(n) for n in ("circumstances", "marker") if n not in have),
        *(pl.lit(None, dtype=pl.Float64).alias(n) for n in ("value_low", "value_high") if n not in have),
        *([] if "place_code" in have else [pl.lit(declared.place).alias("place_code")]),
        table_id=pl.lit(declared.id),
        sheet=pl.lit(task.table.grid.sheet),
        population=pl.lit(declared.population),
        period_kind=pl.lit(declared.period_kind),
        identification=pl.lit(declared.identification),
    )
    codes = {c: (p.name if (p := place_named(c)) else c) for c in frame["place_code"].unique().to_list()}
    frame = frame.with_columns(
        circumstances=pl.col("circumstances").fill_null("{}"),
        place_name=pl.col("place_code").replace_strict(codes, return_dtype=pl.String),
    )
    return _defined(task, _classified(task, frame))


def _classified(task: Task, frame: pl.DataFrame) -> pl.DataFrame:
    """The classification of the table's ethnic groups: declared, else inferred, then named."""
    code, mapping = task.declared.classification, "exact"
    groups = [c for c in frame["ethnicity"].unique().to_list() if c != "all"]
    if code is None and groups:
        code, mapping = best_classification("ethnicity", groups)
    return frame.with_columns(
        classification=pl.lit(code, dtype=pl.String),
        mapping=pl.lit(mapping if groups else None, dtype=pl.String),
    )


def _defined(task: Task, frame: pl.DataFrame) -> pl.DataFrame:
    """Which counting rules were in force for each figure."""
    if "period_markers" not in frame.columns:
        frame = frame.with_columns(period_markers=pl.lit([], dtype=pl.List(pl.String)))
    twice = _periods_shown_twice(frame)
    end = pl.col("period_end")
    ids: list[pl.Expr] = []
    for d in task.publication.definition:
        applies = pl.lit(True)
        if d.since is not None:
            on_the_day = (end == d.since) & (
                pl.col("period_markers").list.contains(d.marked) if d.marked and d.since in twice else pl.lit(True)
            )
            applies = applies & ((end > d.since) | on_the_day)
        if d.until is not None:
            on_the_day = (end == d.until) & (
                ~pl.col("period_markers").list.contains(d.unless_marked)
                if d.unless_marked and d.until in twice
                else pl.lit(d.unless_marked is None or d.until not in twice)
            )
            applies = applies & ((end < d.until) | on_the_day)
        if d.dimension in NAMED:
            applies = applies & pl.col(d.dimension).is_in(d.categories)
        elif d.dimension is not None:
            value = pl.col("circumstances").str.json_path_match(f"$.{d.dimension}")
            applies = applies & value.is_in(d.categories)
        applies = applies.fill_null(False)
        ids.append(pl.when(applies).then(pl.lit(d.id)))
        if d.classification:
            frame = frame.with_columns(
                classification=pl.when(applies).then(pl.lit(d.classification)).otherwise("classification")
            )
    definition = pl.concat_str(ids, separator="+", ignore_nulls=True) if ids else pl.lit("")
    return frame.with_columns(
        definition_id=pl.when(definition == "").then(pl.lit("as published")).otherwise(definition)
    ).drop("period_markers")


def _periods_shown_twice(frame: pl.DataFrame) -> set[dt.date]:
    """Dates that stand in two columns of one table, told apart by a footnote mark."""
    pairs = frame.select("period_end", "period_label").unique().group_by("period_end").len()
    return set(pairs.filter(pl.col("len") > 1)["period_end"].to_list())
