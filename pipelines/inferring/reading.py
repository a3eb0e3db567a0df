"""A file's undeclared tables to figures: each drafted, read by its draft, and let through or held back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from monitor.declarations import Publication, Reads
from monitor.declarations import Table as Declared
from monitor.store.schema import frame_schema
from monitor.store.vault import Artefact
from monitor.vocabulary import category, periods_in
from pipelines.drafting import Proposal, propose, said_of
from pipelines.inferring.gate import DECLARED, HELD_BACK, INFERRED, SHOWN, why_held_back
from pipelines.reading.grid import Grid
from pipelines.tidy import (
    NAMED,
    Notes,
    Refusal,
    Task,
    Tidied,
    Unusable,
    figures_of,
    levels,
    together,
    unplaced,
    year_of,
)

_GIVEN = ("publication", "edition_id", "artefact_sha256", "reader")
"""Columns of a table read that its artefact gives."""


@dataclass
class Inferred:
    """Figures and levels of the tables that are shown, and one row for every table read or held back."""

    figures: pl.DataFrame
    levels: pl.DataFrame
    tables: pl.DataFrame
    refusals: list[Refusal] = field(default_factory=list)

    def held_back(self) -> dict[str, str]:
        """Of each sheet with a table that is held back, why."""
        return dict(self.tables.filter(pl.col("state") == HELD_BACK).select("sheet", "reason").iter_rows())


def infer(grids: Sequence[Grid], publication: Publication, tidied: Tidied, artefact: Artefact) -> Inferred:
    """Read every table that separates people and that no declaration speaks of.

    Nothing is read of a publication that does not say what its tables count (`reads`). A table is named by its title
    and number in this one file, and not followed from the edition before: what a file yields is then made of its bytes
    alone, in whatever order editions come. Columns are those of the store's tables, without what the artefact gives.
    """
    frames: list[pl.DataFrame] = []
    refusals: list[Refusal] = []
    nested: list[dict[str, Any]] = []
    rows = [_declared_row(tidied, table) for table in tidied.tables]
    if publication.reads is not None and artefact.kind == "original":  # because a transcription holds parts of tables
        spoken_of = {id(table) for table in tidied.tables.values()}
        taken = [t.id for t in publication.table]
        proposals = [p for p in propose(grids, taken) if id(p.whole) not in spoken_of and _may_separate(p)]
        notes = Notes.of(grids)
        for proposal in proposals:
            frame, more, row = _read(proposal, publication, publication.reads, artefact, notes, refusals)
            if row is not None:
                rows.append(row)
            if not frame.is_empty():
                frames.append(frame)
                nested += more
    figures, nesting = together(frames, nested)
    schema = {k: v for k, v in frame_schema("table_read").items() if k not in _GIVEN}
    return Inferred(figures, nesting, pl.DataFrame(rows, schema=schema), refusals)


def _may_separate(p: Proposal) -> bool:
    return bool(p.refused or set(NAMED) & {*p.rows, *p.columns, *p.fields.values()})


def _read(
    p: Proposal,
    publication: Publication,
    reads: Reads,
    artefact: Artefact,
    notes: Notes,
    refusals: list[Refusal],
) -> tuple[pl.DataFrame, list[dict[str, Any]], dict[str, Any] | None]:
    nothing = pl.DataFrame()
    row: dict[str, Any] = {"table_id": p.id, "sheet": p.table.grid.sheet, "title": p.table.title, "layout": INFERRED}
    row |= {"state": HELD_BACK, "characteristics": [], "dimensions": [], "figures": 0, "refused": 0}
    if p.refused:
        return nothing, [], {**row, "reason": p.refused}
    put_period(p, reads, artefact)
    task = task_of(p, said_of(p, reads), publication, artefact.edition_id, notes)
    frame, failed = nothing, ""
    try:
        frame = figures_of(task)
    except Unusable as error:
        failed = error.problem.message
    row |= _described(frame) if not frame.is_empty() else {}
    if not frame.is_empty() and not row["characteristics"]:
        return nothing, [], None  # because it separates nobody after all
    reason = failed or why_held_back(p, task, frame)
    row["refused"] = len({r for refusal in task.refusals for r in refusal.rows if refusal.columns is None})
    if reason:
        return nothing, [], {**row, "reason": reason}
    refusals += task.refusals
    more = [*levels(task.declared, frame), *unplaced(task.declared, task.refused)]
    named = dict.fromkeys(label for _, label in task.refused)
    row |= {"state": SHOWN, "reason": f"not read, with their rows: {'; '.join(named)}" if named else ""}
    return frame, more, row


def put_period(p: Proposal, reads: Reads | None, artefact: Artefact) -> None:
    """Date a table that names no period by the one of its edition's title, where its publication says that it is so."""
    if p.period == "" and reads is not None and reads.period == "edition":
        found = {(period.start, period.end): period.label for period in periods_in(artefact.edition_title)}
        p.period = next(iter(found.values())) if len(found) == 1 else ""


def task_of(p: Proposal, words: Mapping[str, Any], publication: Publication, edition: str, notes: Notes) -> Task:
    """A drafted table, ready to be read as its words say."""
    hint = year_of(edition) or year_of(p.table.title)
    declared = Declared.model_validate(words)
    return Task(publication, declared, p.whole, hint, [], empty=notes.empty, marks=notes.marks)


def _described(frame: pl.DataFrame) -> dict[str, Any]:
    """What a table's figures say of the whole: measure, unit, whom it separates, dimensions, periods, sums."""
    counted = frame.filter(pl.col("counts") != "neither")
    lead = (counted if not counted.is_empty() else frame).row(0, named=True)
    people = [c for c in NAMED if _groups(c, frame[c].unique().to_list()) > 1]
    others = dict.fromkeys(d for text in frame["circumstances"].unique(maintain_order=True) for d in _names(text))
    totals = any({"all"} < set(frame[c].unique()) for c in people)
    return {
        "measure": lead["measure"],
        "counts": lead["counts"],
        "unit": lead["unit"],
        "characteristics": people,
        "scope": [f"{c}={frame[c][0]}" for c in NAMED if frame[c].n_unique() == 1 and frame[c][0] != "all"],
        "circumstances": frame["circumstances"][0] if frame["circumstances"].n_unique() == 1 else "{}",
        "reference": [f"{c}={name}" for c in people for name in frame[c].unique().sort() if name != "all"],
        "dimensions": [c for c in NAMED if frame[c].n_unique() > 1] + list(others),
        "first_period": frame["period_end"].min(),
        "last_period": frame["period_end"].max(),
        "figures": frame.height,
        "sums": "" if totals else "no totals to check",
    }


def _groups(characteristic: str, names: Sequence[str]) -> int:
    known = (category(characteristic, name) for name in names if name != "all")
    return sum(record is None or record.kind == "group" for record in known)


def _names(circumstances: str) -> list[str]:
    return list(json.loads(circumstances))


def _declared_row(tidied: Tidied, table: str) -> Mapping[str, Any]:
    grid, title = tidied.tables[table].grid, tidied.tables[table].title
    row: dict[str, Any] = {
        "table_id": table,
        "sheet": grid.sheet,
        "title": title,
        "layout": DECLARED,
        "state": SHOWN,
        "reason": "",
    }
    frame = tidied.figures.filter(pl.col("table_id") == table)
    return row if frame.is_empty() else row | _described(frame)
