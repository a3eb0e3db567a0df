"""Named reads: the questions other rooms ask of the database, each asked in one place.

What it makes true: "which observations count" has one answer. An observation counts unless it is withheld, or is
a transcription of a file whose original is held for the same edition (the original supersedes it: same figures,
better evidence).
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

STANDING = """
    select f.* from figure f
    where not exists (select 1 from withholding w where w.observation_id = f.observation_id)
      and not (list_contains(f.flags, 'transcribed') and exists (
        select 1 from artefact mine join artefact theirs
          on theirs.publication = mine.publication and theirs.edition_id = mine.edition_id
         and theirs.kind = 'original' and theirs.sha256 = mine.original_sha256
        where mine.sha256 = f.artefact_sha256 and mine.kind = 'transcription'))
"""
"""Observations that may be used."""


@dataclass(frozen=True)
class Known:
    """What had been published by a date, and what we had seen by a moment: two clocks."""

    published_by: dt.date | None = None
    seen_by: dt.datetime | None = None


EVERYTHING = Known()


class Queries(Protocol):
    """Anything that answers SQL with a frame: the writer during a pass, a reader afterwards."""

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
        """Rows of a query."""
        ...


def figures(
    store: Queries, publication: str, measure: str, tables: Sequence[str], known: Known = EVERYTHING
) -> pl.DataFrame:
    """Observations of one measure that may be used, from the tables that speak for it.

    Of several editions that print the same figure, the latest published by then counts.
    """
    marks = ", ".join("?" for _ in tables)
    return store.frame(
        f"select * from ({STANDING}) where publication = ? and measure = ? and table_id in ({marks}) "
        "and (?::date is null or published_on <= ?::date) and (?::timestamp is null or seen_at <= ?::timestamp) "
        "qualify edition_id = first_value(edition_id) over (partition by figure_id, table_id "
        "order by published_on desc nulls last, edition_id desc) "
        "order by period_end, sheet, cell, observation_id",
        [
            publication, measure, *tables,
            known.published_by, known.published_by, known.seen_by, known.seen_by,
        ],
    )  # fmt: skip


def standing_of(
    store: Queries, editions: Sequence[tuple[str, str]], superseded: Collection[str]
) -> dict[str, pl.DataFrame]:
    """What is held of some editions and still stands: figures, levels, tables found, and reading problems."""
    wanted = [f"{publication}\x1f{edition}" for publication, edition in editions]
    found = {}
    for table in ("artefact", "figure", "level", "surveyed_table", "finding"):
        sha = "sha256" if table == "artefact" else "artefact_sha256"
        found[table] = store.frame(
            f'select * from "{table}" where list_contains(?, publication || chr(31) || edition_id) '
            f"and {sha} is not null and not list_contains(?::varchar[], {sha})",
            [wanted, sorted(superseded)],
        )
    return found


def problems_of(store: Queries, sha256: str) -> pl.DataFrame:
    """What reading and tidying one file could not do."""
    return store.frame('select * from finding where artefact_sha256 = ? order by "check", sheet, finding_id', [sha256])


def explained(store: Queries, identifier: str) -> dict[str, Any] | None:
    """A figure or a disparity with every observation it rests on and the file each comes from; None if unknown."""
    seen = store.frame(
        "select f.*, a.name, a.publisher, a.title, a.edition_title, a.original_sha256, a.url, a.licence, "
        "w.reason as withheld_because from figure f join artefact a on a.sha256 = f.artefact_sha256 "
        "and a.publication = f.publication and a.edition_id = f.edition_id "
        "left join withholding w using (observation_id) "
        "where f.figure_id = ? or f.observation_id = ? order by f.published_on, f.sheet, f.cell",
        [identifier, identifier],
    )
    if not seen.is_empty():
        return {"id": identifier, "observations": seen.to_dicts()}
    disparity = store.frame("select * from disparity where disparity_id = ?", [identifier])
    if disparity.is_empty():
        return None
    row = disparity.row(0, named=True)
    sides = {}
    for side in ("numerator_figures", "denominator_figures"):
        found = (explained(store, f) for f in row[side] or [])
        sides[side] = [o for f in found if f for o in f["observations"]]
    return {"id": identifier, "disparity": row, **sides}


def withheld(store: Queries, publication: str) -> pl.DataFrame:
    """Observations withheld, with the reason."""
    return store.frame(
        "select f.*, w.reason as withheld_because from figure f join withholding w using (observation_id) "
        "where f.publication = ? order by f.observation_id",
        [publication],
    )


def artefacts(store: Queries) -> pl.DataFrame:
    """Every artefact held."""
    return store.frame("select * from artefact order by publication, edition_id, kind, sha256")


def breakdowns(store: Queries) -> pl.DataFrame:
    """Every breakdown seen in every artefact."""
    return store.frame("select * from breakdown order by publication, edition_id, sheet, position, characteristic")


def surveyed_tables(store: Queries) -> pl.DataFrame:
    """Every table found in every artefact."""
    return store.frame("select * from surveyed_table order by publication, edition_id, sheet, position")


def findings(store: Queries, publication: str | None = None) -> pl.DataFrame:
    """What the checks found, worst first."""
    where = "where publication = ?" if publication else ""
    return store.frame(
        f"select * exclude (artefact_sha256) from finding {where} "
        "order by array_position(['critical', 'warning', 'note'], severity), "
        'publication, "check", sheet, finding_id',
        [publication] if publication else [],
    )


def disparities(store: Queries) -> pl.DataFrame:
    """The declared disparities of the latest pass, in the order they are read."""
    return store.frame("select * from disparity order by rowid")


def gaps(store: Queries) -> pl.DataFrame:
    """The register of gaps of the latest pass, in the order of the Act."""
    return store.frame("select * from gap order by rowid")
