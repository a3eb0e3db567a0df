"""The columns every figure has, whatever its table's shape: period, place, classification, definition.

What it makes true: an absent dimension is "all", never empty; every figure names the classification of its groups
and the counting rules in force at its date. What it refuses: a table without a period.
"""

import datetime as dt
import re

import polars as pl

from monitor.declarations.record import counted_on
from monitor.vocabulary import UnknownWord, best_classification, classification, find_symbol, is_usual, parse_period
from monitor.vocabulary import place as place_named
from pipelines.tidy.task import NAMED, Problem, Task, Unusable

_BRACKETED = re.compile(r"\[[^\[\]]+\]")
AS_PUBLISHED = "as published"
NOT_STATED = "not stated"
"""The place of figures of which nothing in the file says where."""


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
    place = declared.place or NOT_STATED
    frame = frame.with_columns(
        *(pl.lit(declared.scope.get(d, "all")).alias(d) for d in NAMED if d not in have),
        *(pl.col(d).fill_null(declared.scope.get(d, "all")) for d in NAMED if d in have),
        *(pl.lit(None, dtype=pl.String).alias(n) for n in ("circumstances", "marker") if n not in have),
        *(pl.lit(None, dtype=pl.Float64).alias(n) for n in ("value_low", "value_high") if n not in have),
        place_code=pl.col("place_code").fill_null(place) if "place_code" in have else pl.lit(place),
        table_id=pl.lit(declared.id),
        sheet=pl.lit(task.table.grid.sheet),
        population=pl.lit(declared.population),
        period_kind=pl.lit(declared.period_kind),
        identification=pl.lit(declared.identification),
    )
    if declared.period_kind == "stock" and "period_kind" in declared.model_fields_set:
        # because a stock given for a quarter or a year is counted at its end, unless its day is declared
        frame = _on_its_day(declared.days, frame) if declared.days else frame
        frame = frame.with_columns(period_start=pl.col("period_end"))
    codes = {c: _name_of(c) for c in frame["place_code"].unique().to_list()}
    frame = frame.with_columns(
        circumstances=pl.col("circumstances").fill_null("{}"),
        place_name=pl.col("place_code").replace_strict(codes, return_dtype=pl.String),
    )
    return _defined(task, _flagged(task, _classified(task, frame)))


def _on_its_day(days: tuple[str, ...], frame: pl.DataFrame) -> pl.DataFrame:
    """Periods that end on the day declared, where it falls in them."""
    spans = frame.select("period_start", "period_end").unique()
    counted = pl.Series("day", [counted_on(days, *span) for span in spans.iter_rows()], dtype=pl.Date)
    found = frame.join(spans.with_columns(counted), on=spans.columns, how="left", maintain_order="left")
    return found.with_columns(period_end=pl.col("day")).drop("day")


def _name_of(code: str) -> str:
    """A place's name; its code where it is not listed, as most small areas are not."""
    try:
        return place_named(code).name
    except UnknownWord:
        return code


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


def _flagged(task: Task, frame: pl.DataFrame) -> pl.DataFrame:
    """The flags that marks beside a number or beside its period declare: `[r]` revised, `June 2026 [p]` provisional."""
    if "period_markers" not in frame.columns:
        frame = frame.with_columns(period_markers=pl.lit([], dtype=pl.List(pl.String)))
    frame = frame.with_columns(pl.col("period_markers").cast(pl.List(pl.String)))
    of_value = {
        m: _flags_of(task, [m, *_BRACKETED.findall(m), f"[{m.strip('()%').lower()}]"])
        for m in frame["marker"].unique()
        if m
    }
    of_period = {
        m: _flags_of(task, [f"[{m}]"]) for m in frame["period_markers"].explode().unique().to_list() if m is not None
    }
    for mark, flags in of_value.items():
        if flags:
            frame = _with_flags(frame, pl.col("marker") == mark, flags)
    for mark, flags in of_period.items():
        if flags:
            frame = _with_flags(frame, pl.col("period_markers").list.contains(mark), flags)
    return frame


def _flags_of(task: Task, signs: list[str]) -> list[str]:
    found = (find_symbol(task.symbols, sign) for sign in signs)
    return list(dict.fromkeys(sign.flag for sign in found if sign is not None and sign.flag))


def _with_flags(frame: pl.DataFrame, where: pl.Expr, flags: list[str]) -> pl.DataFrame:
    added = pl.concat_list("flags", pl.lit(flags, dtype=pl.List(pl.String))).list.unique(maintain_order=True)
    return frame.with_columns(flags=pl.when(where.fill_null(False)).then(added).otherwise("flags"))


def _defined(task: Task, frame: pl.DataFrame) -> pl.DataFrame:
    """Which counting rules were in force for each figure."""
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
    declared = pl.concat_str([*ids, _of_a_marked_column(task, twice)], separator="+", ignore_nulls=True)
    system = pl.when(declared == "").then(pl.lit(AS_PUBLISHED)).otherwise(declared)
    return frame.with_columns(
        definition_id=pl.concat_str([system, _of_classification(task, frame)], separator="+", ignore_nulls=True)
    ).drop("period_markers")


def _of_classification(task: Task, frame: pl.DataFrame) -> pl.Expr:
    """What the classification makes of a group that is not what its name usually means: `Asian of 5A`.

    So the group of one edition and the group of the next, under another classification, are two series. A declared
    definition that names a classification says so already.
    """
    declared = {d.classification for d in task.publication.definition}
    said = pl.lit(None, dtype=pl.String)
    for group, code in frame.select("ethnicity", "classification").unique(maintain_order=True).iter_rows():
        if code is None or code in declared or group not in classification(code).members or is_usual(code, group):
            continue
        here = (pl.col("ethnicity") == group) & (pl.col("classification") == code)
        said = pl.when(here).then(pl.lit(f"{group} of {code}")).otherwise(said)
    return said


def _of_a_marked_column(task: Task, twice: set[dt.date]) -> pl.Expr:
    """The footnote marks of a date that stands in two columns, where no declared definition tells them apart."""
    told = {day for d in task.publication.definition if d.marked or d.unless_marked for day in (d.since, d.until)}
    marks = pl.col("period_markers").list.join(", ")
    return pl.when(pl.col("period_end").is_in(sorted(twice - told)) & (marks != "")).then(
        pl.format("column marked {}", marks)
    )


def _periods_shown_twice(frame: pl.DataFrame) -> set[dt.date]:
    """Dates that stand in two columns of one table, told apart by a footnote mark."""
    pairs = frame.select("period_end", "period_label").unique().group_by("period_end").len()
    return set(pairs.filter(pl.col("len") > 1)["period_end"].to_list())
