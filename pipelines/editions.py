"""An edition as it is judged: what stands of it, what is asked of it, and what reading it could not do.

What it makes true: an edition is judged whole, whenever one of its files is new: tables in different files must
agree, and a transcription whose original has come is no longer judged. What reading could not place is a finding
like any other, with its cells.

What it refuses: to judge a superseded figure twice.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from expectations.suites import Checks, TableChecks, Tolerance
from monitor.declarations import Publication
from monitor.store.schema import STAGED, frame_schema
from monitor.store.vault import Artefact
from pipelines.acquire import ORIGINAL, TRANSCRIPTION
from pipelines.observe import Observed
from pipelines.tidy import Problem, missing_tables

Edition = tuple[str, str]
"""Publication and edition id."""
_NOT_SUMMED = ("period", "place", "value", "ignored")


def edition_of(artefact: Artefact) -> Edition:
    """The edition a file belongs to."""
    return artefact.publication, artefact.edition_id


def superseded(kept: Sequence[Artefact]) -> set[str]:
    """Hashes of transcriptions whose original is held for the same edition."""
    originals = {(edition_of(a), a.sha256) for a in kept if a.kind == ORIGINAL}
    return {a.sha256 for a in kept if a.kind == TRANSCRIPTION and (edition_of(a), a.original_sha256) in originals}


def together(observed: Iterable[Observed]) -> dict[str, pl.DataFrame]:
    """The staged frames of several artefacts as one set."""
    many = list(observed)
    frames = {}
    for table in STAGED:
        parts = [o.frames[table] for o in many if table in o.frames and not o.frames[table].is_empty()]
        if parts:
            frames[table] = pl.concat(parts, how="diagonal")
    return frames


def checks_of(publication: Publication, edition: Edition, frames: Mapping[str, pl.DataFrame]) -> Checks | None:
    """What must be true of an edition's figures, compiled from its declaration; None when it has no figures."""
    figures = frames.get("figure", pl.DataFrame())
    if figures.is_empty():
        return None
    mine = figures.filter((pl.col("publication") == edition[0]) & (pl.col("edition_id") == edition[1]))
    found = set(mine["table_id"].unique().to_list())
    if not found:
        return None
    return Checks(
        publication=edition[0],
        edition_id=edition[1],
        tables=tuple(
            TableChecks(
                table_id=t.id,
                title=t.title or t.id,
                dimensions=tuple(
                    dict.fromkeys(d for d in (*t.rows, *t.columns, *t.fields.values()) if d not in _NOT_SUMMED)
                ),
                tolerances=tuple(Tolerance(d.id, d.tolerance) for d in publication.definition if d.tolerance),
                last=mine["published_on"].max(),  # type: ignore[arg-type]
            )
            for t in publication.table
            if t.id in found
        ),
    )


def problems_of(
    observed: Sequence[Observed],
    gone: set[str],
    declared: Mapping[str, Publication],
    frames: Mapping[str, pl.DataFrame],
) -> pl.DataFrame:
    """What reading and tidying could not do, as findings: of each file, and tables no file of an edition holds."""
    rows = []
    for o in observed:
        if o.artefact.sha256 not in gone:
            rows += [_finding(edition_of(o.artefact), p, o.artefact.sha256) for p in o.problems]
    figures, surveyed = frames.get("figure"), frames.get("surveyed_table")
    for edition in dict.fromkeys(edition_of(o.artefact) for o in observed):
        found = {t for o in observed if edition_of(o.artefact) == edition for t in o.found}
        found |= _values(figures, edition, "table_id")
        titles = sorted(_values(surveyed, edition, "title"))
        rows += [_finding(edition, p, None) for p in missing_tables(declared[edition[0]], found, titles)]
    return pl.DataFrame(rows, schema=frame_schema("finding"))


def _values(frame: pl.DataFrame | None, edition: Edition, column: str) -> set[str]:
    if frame is None or frame.is_empty():
        return set()
    mine = frame.filter((pl.col("publication") == edition[0]) & (pl.col("edition_id") == edition[1]))
    return set(mine[column].drop_nulls().to_list())


def _finding(edition: Edition, problem: Problem, artefact: str | None) -> dict[str, object]:
    key = "\x1f".join((*edition, problem.check, problem.message, problem.sheet, *problem.cells))
    return {
        "finding_id": hashlib.sha256(key.encode()).hexdigest()[:20],
        "publication": edition[0],
        "edition_id": edition[1],
        "check": problem.check,
        "severity": problem.severity,
        "state": "failed",
        "message": problem.message,
        "sheet": problem.sheet or None,
        "cells": list(problem.cells),
        "observations": [],
        "artefact_sha256": artefact,
    }
