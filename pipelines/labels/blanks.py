"""Empty cells in columns of labels: the label above repeated, a total, a group not recorded, or nobody can say."""

from collections.abc import Sequence

import polars as pl

from pipelines.labels.meaning import is_total
from pipelines.reading.grid import Cell, Column

ENOUGH = 2
"""In so many places an empty label must stand for it to be how the publisher writes "not recorded"."""


class Blank(str):
    """The word that an empty cell stands for."""


TOTAL, NOT_RECORDED = Blank("Total"), Blank("Not recorded")


def resolved(side: Sequence[Sequence[Cell]], values: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Columns of labels with their empty cells as what they stand for; None where nobody can say.

    A label is repeated below itself where that names every row once, and not past a new label to its left. Else an
    empty label is a total where its numbers are the sums of the others', and not recorded where they are not and it
    stands in several lists. `values` are the table's columns of values.
    """
    columns = [Column.of(axis) for axis in side]
    if not any(_has_blanks(c) for c in columns):
        return list(side)
    frame = pl.DataFrame(
        {
            **{f"label{k}": _words(c) for k, c in enumerate(columns)},
            **{f"value{k}": _numbers(v) for k, v in enumerate(values)},
        }
    ).with_row_index("at")
    labels = [f"label{k}" for k in range(len(columns))]
    out: list[Sequence[Cell]] = []
    for k, column in enumerate(columns):
        if not _has_blanks(column):
            out.append(side[k])
            continue
        frame, repeated = _repeated_below(frame, labels, k)
        frame = _told_by_sums(frame, labels, k)
        out.append(_cells(column, repeated, frame[f"told{k}"]))
    return out


def _has_blanks(column: Column) -> bool:
    return None in column.values and any(v is not None for v in column.values)


def _words(column: Column) -> pl.Series:
    said = [None if v is None else str(v) for v in column.values]
    return pl.Series(said, dtype=pl.String).gather(pl.Series(column.codes, dtype=pl.UInt32))


def _numbers(cells: Sequence[Cell]) -> pl.Series:
    column = Column.of(cells)
    said = [v if isinstance(v, float) else None for v in column.values]
    return pl.Series(said, dtype=pl.Float64).gather(pl.Series(column.codes, dtype=pl.UInt32))


def _repeated_below(frame: pl.DataFrame, labels: Sequence[str], k: int) -> tuple[pl.DataFrame, pl.Series]:
    """The frame with a column's labels repeated below themselves where they may be, and where each then comes from."""
    name = labels[k]
    fresh = pl.any_horizontal(pl.lit(False), *((pl.col(c) != pl.col(c).shift(1)).fill_null(False) for c in labels[:k]))
    source = pl.when(pl.col(name).is_not_null()).then("at").when(fresh).then(-1).otherwise(None)
    tried = frame.with_columns(source=source.cast(pl.Int64).forward_fill())
    words = frame[name]
    source_at = tried["source"].fill_null(-1)
    filled = words.gather(source_at.clip(0).cast(pl.UInt32)).set(source_at < 0, None)
    tried = tried.with_columns(filled.alias(name))
    again = tried.with_columns(n=pl.len().over(labels), was=words.is_null())
    first = words.drop_nulls().len() and source_at[0] >= 0
    if not first or again.filter(pl.col("was") & pl.col(name).is_not_null() & (pl.col("n") > 1)).height:
        return frame, pl.Series(range(len(words)), dtype=pl.Int64).set(words.is_null(), -1)
    return tried.drop("source"), source_at


def _told_by_sums(frame: pl.DataFrame, labels: Sequence[str], k: int) -> pl.DataFrame:
    """The frame with `told{k}`: what the labels of a column that are empty still stand for, else None."""
    name, told = labels[k], f"told{k}"
    blank = pl.col(name).is_null()
    others = [c for c in labels if c != name]
    left = frame.select(labels[:k])
    under_total = pl.Series([False] * frame.height)
    for c in left.columns:
        totals = [w for w in left[c].unique().drop_nulls() if is_total(w) or w.casefold().endswith(" total")]
        under_total = under_total | left[c].is_in(totals).fill_null(False)
    values = [c for c in frame.columns if c.startswith("value")]
    keyed = frame.with_columns(
        key=pl.concat_str(*(pl.col(c).fill_null("\0") for c in others), pl.lit(""), separator="\1")
    )
    parts = (
        keyed.filter(~blank)
        .group_by("key")
        .agg(
            pl.len().alias("n"),
            *(pl.when(pl.col(v).null_count() == 0).then(pl.col(v).sum()).alias(f"sum_{v}") for v in values),
        )
    )
    joined = keyed.filter(blank).select("at", "key", *values).join(parts, on="key", how="left")
    equal = [(pl.col(v) - pl.col(f"sum_{v}")).abs() < 0.5 for v in values]
    judged = joined.with_columns(
        holds=pl.all_horizontal(pl.lit(True), *(e.fill_null(True) for e in equal))
        & pl.any_horizontal(pl.lit(False), *(e.fill_null(False) for e in equal))
        & (pl.col("n") > 1),
        fails=pl.any_horizontal(pl.lit(False), *((~e).fill_null(False) for e in equal)),
    )
    holds, fails = int(judged["holds"].sum()), int(judged["fails"].sum())
    once = not (keyed.filter(blank)["key"].is_duplicated().any() if judged.height else True)
    stands_for: str | None = None
    if holds and not fails:
        stands_for = TOTAL
    elif fails >= ENOUGH and not holds and once:
        stands_for = NOT_RECORDED
    said = pl.when(blank & under_total).then(pl.lit(str(TOTAL))).when(blank).then(pl.lit(stands_for, dtype=pl.String))
    return frame.with_columns(said.alias(told))


def _cells(column: Column, source: pl.Series, told: pl.Series) -> list[Cell]:
    known: dict[str | None, Cell] = {str(TOTAL): TOTAL, str(NOT_RECORDED): NOT_RECORDED, None: None}
    return [column[s] if s >= 0 else known[t] for s, t in zip(source.to_list(), told.to_list(), strict=True)]
