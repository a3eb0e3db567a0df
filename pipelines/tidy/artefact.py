"""An artefact's grids to figures, by declaration: tables are found by title or headers, never by position."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from monitor.declarations import Publication
from monitor.store.schema import frame_schema
from pipelines.reading.grid import Grid
from pipelines.shape import Table
from pipelines.tidy import crosstab, long
from pipelines.tidy.bounds import bounded
from pipelines.tidy.concealed import flagged_hidden
from pipelines.tidy.empty import Notes
from pipelines.tidy.locate import Shaped, find_table, in_force
from pipelines.tidy.marks import report_unknown_marks
from pipelines.tidy.nesting import levels, unplaced
from pipelines.tidy.task import Problem, Refusal, Task, Unusable

_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_ADDED = ("figure_id", "observation_id", "publication", "edition_id", "artefact_sha256", "published_on", "seen_at")
"""Columns of a figure that its artefact gives, or the store."""


@dataclass
class Tidied:
    """What a file's declared tables yielded: figures without ids, what nests in what, and what went wrong.

    `refusals` are rows and columns of which no figure is made, `summed` tables whose figures are declared sums of rows,
    `tables` all those that a declaration speaks of, by their ids.
    """

    figures: pl.DataFrame
    levels: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    summed: list[Table] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)


def tidy(
    grids: Sequence[Grid],
    publication: Publication,
    *,
    edition: str,
    published_on: dt.date | None = None,
    transcribed: bool = False,
) -> Tidied:
    """Figures of every declared table that `grids` hold.

    `edition` completes periods whose year stands only in the edition's name, and says, or `published_on` where it
    is no date, which of several dated layouts is in force. Columns of `figures` are those of the store's figure,
    without ids, artefact and dates of publication, which the caller adds.
    """
    frames: list[pl.DataFrame] = []
    nested: list[dict[str, Any]] = []
    result = Tidied(pl.DataFrame(), pl.DataFrame())
    shaped = Shaped(grids)
    # because a sheet that one declaration names is not another's for having its headers too
    named = {declared.sheet for declared in publication.table}
    notes = Notes.of(grids)
    for declared in in_force(publication, edition, published_on):
        table = find_table(declared, shaped, named, result.problems)
        if table is None:
            continue
        result.found[declared.id], result.tables[declared.id] = table.grid.sheet, table
        hint = year_of(edition) or year_of(table.title)
        empty = declared.empty or notes.empty
        task = Task(publication, declared, table, hint, result.problems, empty=empty, marks=notes.marks)
        try:
            frame = figures_of(task, transcribed=transcribed)
        except Unusable as refused:
            result.problems.append(refused.problem)
            task.refuse(range(len(task.table.rows)), refused.problem.message)
            continue
        finally:
            result.refusals += task.refusals
        if declared.sums:
            result.summed.append(task.table)
        if not frame.is_empty():
            frames.append(frame)
            nested.extend(levels(declared, frame))
            nested.extend(unplaced(declared, task.refused))
    wholes = {d.id: d.whole for d in publication.table if d.whole}
    frames = [bounded(frame, frames, wholes.get(frame["table_id"][0], "")) for frame in frames]
    result.figures, result.levels = together(frames, nested)
    return result


def figures_of(task: Task, *, transcribed: bool = False) -> pl.DataFrame:
    """Figures of one table as its declaration says; empty when nothing could be placed. Raises `Unusable`."""
    declared = task.declared
    frame = long.figures(task) if declared.shape == "long" else crosstab.figures(task)
    if frame.is_empty():
        return frame
    flags = [
        *declared.flags,
        *(["transcribed"] if transcribed else []),
        *(["derived"] if task.table.grid.is_sum else []),
    ]
    frame = frame.with_columns(
        flags=pl.concat_list(pl.col("flags"), pl.lit(flags, dtype=pl.List(pl.String))) if flags else pl.col("flags")
    )
    report_unknown_marks(task, frame)
    return flagged_hidden(task, frame)


def together(frames: Sequence[pl.DataFrame], nested: Sequence[dict[str, Any]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Figures of several tables, and what nests in what, in the columns of the store that an artefact does not give."""
    schema = {k: v for k, v in frame_schema("figure").items() if k not in _ADDED}
    # because joining a frame to another, be it empty, writes out what it says once for all its rows
    whole = [frame.select(_cast(frame, schema)) for frame in frames]
    figures = whole[0] if len(whole) == 1 else pl.concat([pl.DataFrame(schema=schema), *whole])
    return figures, pl.DataFrame(nested, schema={k: v for k, v in frame_schema("level").items() if k not in _ADDED})


def year_of(text: str) -> str | None:
    """The one year that a name or a title speaks of; None where it speaks of none, or of several."""
    years = set(_YEAR.findall(text))
    return years.pop() if len(years) == 1 else None


def _cast(frame: pl.DataFrame, schema: dict[str, Any]) -> list[pl.Expr]:
    return [
        pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in schema.items()
    ]
