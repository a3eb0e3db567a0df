"""An artefact's grids to figures, by declaration.

What it makes true: every number of a declared table becomes one row with its cell, its period and a harmonised
category for each characteristic, the publisher's words beside it. Tables are found by title or headers, labels by
the vocabulary, never by position.

What it refuses: a number whose label is unknown or ambiguous becomes a finding and no figure; nothing is summed
unless a declaration says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from monitor.declarations import Publication
from monitor.store.schema import frame_schema
from pipelines.reading.grid import Grid
from pipelines.shape import tables
from pipelines.tidy import crosstab, long
from pipelines.tidy.locate import find_table
from pipelines.tidy.nesting import levels, unplaced
from pipelines.tidy.task import Problem, Task, Unusable

_YEAR = re.compile(r"(?:19|20)\d\d")
_ADDED = ("figure_id", "observation_id", "publication", "edition_id", "artefact_sha256", "published_on", "seen_at")
"""Columns of a figure that its artefact gives, or the store."""


@dataclass
class Tidied:
    """What a file's declared tables yielded: figures without ids, what nests in what, and what went wrong."""

    figures: pl.DataFrame
    levels: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)


def tidy(grids: Sequence[Grid], publication: Publication, *, edition: str, transcribed: bool = False) -> Tidied:
    """Figures of every declared table that `grids` hold.

    `edition` completes periods whose year stands only in the edition's name. Columns of `figures` are those of
    the store's figure, without ids, artefact and dates of publication, which the caller adds.
    """
    frames: list[pl.DataFrame] = []
    nested: list[dict[str, Any]] = []
    result = Tidied(pl.DataFrame(), pl.DataFrame())
    shaped = [table for grid in grids for table in tables(grid)]
    year = _YEAR.search(edition)
    for declared in publication.table:
        table = find_table(declared, shaped, result.problems)
        if table is None:
            continue
        result.found[declared.id] = table.grid.sheet
        task = Task(publication, declared, table, year[0] if year else None, result.problems)
        try:
            frame = long.figures(task) if declared.shape == "long" else crosstab.figures(task)
        except Unusable as refused:
            result.problems.append(refused.problem)
            continue
        if frame.is_empty():
            continue
        flags = [
            *declared.flags,
            *(["transcribed"] if transcribed else []),
            *(["derived"] if table.grid.is_sum else []),
        ]
        frame = frame.with_columns(
            flags=pl.concat_list(pl.col("flags"), pl.lit(flags, dtype=pl.List(pl.String))) if flags else pl.col("flags")
        )
        frames.append(frame)
        nested.extend(levels(declared, frame))
        nested.extend(unplaced(declared, task.refused))
    schema = {k: v for k, v in frame_schema("figure").items() if k not in _ADDED}
    result.figures = (
        pl.concat([pl.DataFrame(schema=schema), *(f.select(_cast(f, schema)) for f in frames)], how="diagonal")
        if frames
        else pl.DataFrame(schema=schema)
    )
    result.levels = pl.DataFrame(nested, schema={k: v for k, v in frame_schema("level").items() if k not in _ADDED})
    return result


def _cast(frame: pl.DataFrame, schema: dict[str, Any]) -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in schema.items() if name in frame.columns]
