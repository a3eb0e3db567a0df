"""Named reads: the questions other rooms ask of the database, each asked in one place.

An observation counts unless it is withheld or its file is superseded by one that was known itself.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

from monitor.store.recurring import told_once


@dataclass(frozen=True)
class Known:
    """What had been published by a date, and what we had seen by a moment: two clocks.

    Of what the publisher has not dated nothing is known by a date: it counts only where no date is asked about.
    """

    published_by: dt.date | None = None
    seen_by: dt.datetime | None = None

    def sees(self, table: str) -> str:
        """The condition, in SQL, that a row of `table` with `published_on` and `seen_at` was known."""
        said = ["true"]
        if self.published_by is not None:
            said.append(f"{table}.published_on <= date '{self.published_by.isoformat()}'")
        if self.seen_by is not None:
            said.append(f"{table}.seen_at <= timestamp '{self.seen_by.isoformat()}'")
        return " and ".join(said)

    def sees_from(self, column: str) -> str:
        """The condition, in SQL, that what began at a moment, if at one, had begun by then."""
        if self.seen_by is None:
            return "true"
        return f"coalesce({column} <= timestamp '{self.seen_by.isoformat()}', true)"


EVERYTHING = Known()


def _known_files(known: Known) -> str:
    """Common table expressions: the files known, the state each edition was last judged in, and what is superseded."""
    return f"""
    seen as (select * from artefact where {known.sees("artefact")}),
    state as (select publication, edition_id, max(seen_at) as judged_at from seen where same_as is null group by all),
    gone as (
        select s.* from supersession s
        join seen on seen.sha256 = s.by_sha256
        and seen.publication = s.publication and seen.edition_id = s.edition_id
        where {known.sees_from("s.since")})"""


def _of(table: str, other: str) -> str:
    return f"{other}.publication = {table}.publication and {other}.edition_id = {table}.edition_id"


def standing(known: Known = EVERYTHING) -> str:
    """A query of the observations that may be used, of what was known."""
    return f"""
    with {_known_files(known)}
    select f.* from figure f
    anti join (select w.observation_id, state.publication, state.edition_id
        from withholding w join state using (judged_at)) withheld using (observation_id, publication, edition_id)
    anti join (select * from gone where table_id is null) whole using (publication, edition_id, artefact_sha256)
    anti join (select * from gone where table_id is not null) part
        using (publication, edition_id, artefact_sha256, table_id)
    where {known.sees("f")}
    """


STANDING = standing()
"""Observations that may be used."""


def _current(table: str, known: Known = EVERYTHING) -> str:
    """A query of the findings, or the withholdings, of each edition in the state that was known."""
    if table == "finding":
        whose = f"join state on {_of('t', 'state')}"
    else:
        whose = f"join figure f using (observation_id) join state on {_of('f', 'state')}"
    return f'with {_known_files(known)} select t.* from "{table}" t {whose} and t.judged_at = state.judged_at'


def _inspected(table: str, known: Known) -> str:
    """A query of what was found in files, without those that another stands for."""
    return f"""
    with {_known_files(known)}
    select t.* from "{table}" t
    semi join (select publication, edition_id, sha256 as artefact_sha256 from seen) known
        using (publication, edition_id, artefact_sha256)
    anti join (select * from gone where table_id is null) whole using (publication, edition_id, artefact_sha256)"""


class Queries(Protocol):
    """Anything that answers SQL with a frame: the writer during a pass, a reader afterwards."""

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
        """Rows of a query."""
        ...


def figures(
    store: Queries, publication: str, measure: str, tables: Sequence[str], known: Known = EVERYTHING
) -> pl.DataFrame:
    """Observations of one measure that may be used; of several editions the one first published last counts."""
    marks = ", ".join("?" for _ in tables)
    return store.frame(
        f"""
        with usable as (
            select * from ({standing(known)}) where publication = ? and measure = ? and table_id in ({marks})),
        turn as (
            select edition_id, row_number() over (order by min(published_on) nulls first, edition_id) as turn
            from artefact where publication = ? and {known.sees("artefact")} group by edition_id),
        latest as (
            select figure_id, table_id, max(turn) as turn from usable join turn using (edition_id) group by all)
        select usable.* from usable join turn using (edition_id) join latest using (figure_id, table_id, turn)
        order by period_end, sheet, cell, observation_id""",
        [publication, measure, *tables, publication],
    )


def rates(store: Queries, publication: str, tables: Sequence[str], known: Known = EVERYTHING) -> pl.DataFrame:
    """Rates and shares that some tables print beside their counts, by which a hidden count could be worked out."""
    marks = ", ".join("?" for _ in tables)
    return store.frame(
        f"select * from ({standing(known)}) where publication = ? and counts = 'neither' and table_id in ({marks}) "
        "order by period_end, sheet, cell, observation_id",
        [publication, *tables],
    )


def beside_hidden(store: Queries, publication: str, known: Known = EVERYTHING) -> pl.DataFrame:
    """Everything that stands where one publication hides a count: of the same period and place, in any of its tables.

    Of several editions that print a figure in one table the one first published last counts, as for `figures`.
    """
    hidden = "select distinct period_start, period_end, place_code from figure where status = 'suppressed'"
    if store.frame(f"{hidden} and publication = ? limit 1", [publication]).is_empty():
        return pl.DataFrame()
    return store.frame(
        f"""
        with turn as (
            select edition_id, row_number() over (order by min(published_on) nulls first, edition_id) as turn
            from artefact where publication = ? and {known.sees("artefact")} group by edition_id)
        select f.* from ({standing(known)}) f join turn using (edition_id)
        semi join ({hidden} and publication = ?) using (period_start, period_end, place_code)
        where publication = ?
        qualify turn = max(turn) over (partition by figure_id, table_id)
        order by period_end, sheet, cell, observation_id""",
        [publication, publication, publication],
    )


def held_of(store: Queries, editions: Sequence[tuple[str, str]]) -> dict[str, pl.DataFrame]:
    """All that is held of some editions, superseded or not: files, figures, levels, tables, reading problems."""
    wanted = [f"{publication}\x1f{edition}" for publication, edition in editions]
    found = {}
    for table in ("artefact", "figure", "level", "surveyed_table", "unclear", "table_read", "finding"):
        rows = f"({_current('finding')})" if table == "finding" else table
        found[table] = store.frame(
            f"select * from {rows} where list_contains(?, publication || chr(31) || edition_id)"
            + (" and artefact_sha256 is not null" if table == "finding" else ""),
            [wanted],
        )
    return found


def states(store: Queries, publication: str | None = None, known: Known = EVERYTHING) -> pl.DataFrame:
    """Every state of every edition known, in order: one row a moment at which files of an edition were first seen,
    or left its page.

    Editions stand in the order of `day`: the day of first publication, else the last day their tables speak of. Files
    whose cells were held already make no state, nor do files that could not be read. Columns: publication, edition_id,
    day, seen_at, published_on (of the newest file), files (their hashes).
    """
    return store.frame(
        f"""
        with {_known_files(known)},
        file as (
            select * from seen where same_as is null {"and publication = ?" if publication else ""}
            and sha256 in (select artefact_sha256 from surveyed_table union all select artefact_sha256 from figure)),
        spoken as (select publication, edition_id, max(last_period) as last from surveyed_table group by all),
        edition as (
            select publication, edition_id, coalesce(min(published_on), any_value(last)) as day
            from file left join spoken using (publication, edition_id) group by all),
        moment as (
            select publication, edition_id, seen_at, published_on, sha256 from file
            union all by name
            select publication, edition_id, since as seen_at from gone where since is not null)
        select publication, edition_id, day, seen_at,
            case when count(sha256) = 0 then max(seen_at)::date else max(published_on) end as published_on,
            list(sha256) filter (sha256 is not null) as files
        from moment join edition using (publication, edition_id) group by all
        order by publication, day nulls first, edition_id, seen_at""",
        [publication] if publication else [],
    )


def state_of(store: Queries, publication: str, edition: str, known: Known = EVERYTHING) -> dict[str, pl.DataFrame]:
    """What is known of an edition and stands: its files, figures, tables found, breakdowns and footnotes."""
    mine, whose = "publication = ? and edition_id = ?", [publication, edition]
    files = store.frame(
        f"with {_known_files(known)} select seen.* from seen anti join (select publication, edition_id, "
        "artefact_sha256 as sha256 from gone where table_id is null) whole using (publication, edition_id, sha256) "
        f"where {mine}",
        whose,
    )
    found = {"artefact": files, "figure": store.frame(f"select * from ({standing(known)}) where {mine}", whose)}
    for table in ("surveyed_table", "breakdown", "unclear", "footnote"):
        found[table] = store.frame(
            f"select * from {table} where {mine} and list_contains(?, artefact_sha256)",
            [*whose, files["sha256"].to_list()],
        )
    return found


def problems_of(store: Queries, sha256: str) -> pl.DataFrame:
    """What reading and tidying one file could not do."""
    return store.frame(
        f'select * from ({_current("finding")}) where artefact_sha256 = ? order by "check", sheet, finding_id', [sha256]
    )


def explained(store: Queries, identifier: str) -> dict[str, Any] | None:
    """A figure or a disparity with every observation it rests on and the file each comes from; None if unknown."""
    seen = store.frame(
        "select f.*, a.name, a.publisher, a.title, a.edition_title, a.original_sha256, a.url, a.licence, "
        "w.reason as withheld_because from figure f join artefact a on a.sha256 = f.artefact_sha256 "
        "and a.publication = f.publication and a.edition_id = f.edition_id "
        f"left join ({_current('withholding')}) w using (observation_id) "
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


def artefacts(store: Queries, known: Known = EVERYTHING) -> pl.DataFrame:
    """Every artefact held, of what was known."""
    return store.frame(
        f"select * from artefact where {known.sees('artefact')} order by publication, edition_id, kind, sha256"
    )


def superseded(store: Queries, known: Known = EVERYTHING) -> pl.DataFrame:
    """Which files, and tables of files, others stand in the place of, of what was known."""
    return store.frame(f"with {_known_files(known)} select * from gone order by all")


def breakdowns(store: Queries, known: Known = EVERYTHING) -> pl.DataFrame:
    """Every breakdown seen in every artefact that stands, of what was known."""
    return store.frame(f"select * from ({_inspected('breakdown', known)}) order by {_IN_ORDER['breakdown']}")


def inspected(store: Queries, table: str, known: Known = EVERYTHING) -> pl.DataFrame:
    """All that was found in the files known, in the place of which another stands or not: `surveyed_table`,
    `breakdown` or `unclear`. Who asks about a day decides with `superseded` which counted then.
    """
    return store.frame(
        f'select t.* from "{table}" t semi join (select * from artefact where {known.sees("artefact")}) known '
        f"on known.sha256 = t.artefact_sha256 and {_of('t', 'known')} order by {_IN_ORDER[table]}"
    )


_IN_ORDER = {
    "surveyed_table": "publication, edition_id, sheet, position, artefact_sha256",
    "breakdown": "publication, edition_id, sheet, position, characteristic, artefact_sha256",
    "unclear": "publication, edition_id, sheet, characteristic, artefact_sha256",
}


def tables_read(store: Queries, known: Known = EVERYTHING) -> pl.DataFrame:
    """Every table read, as declared or by what it shows, in every artefact that stands, of what was known: editions in
    the order in which they were first published, tables in that of their file.
    """
    return store.frame(
        f"""
        with {_known_files(known)},
        turn as (
            select publication, edition_id, coalesce(min(published_on), min(seen_at)::date) as day
            from seen group by all),
        standing as (
            select t.*, t.rowid as position from table_read t
            semi join (select publication, edition_id, sha256 as artefact_sha256 from seen) known
                using (publication, edition_id, artefact_sha256)
            anti join (select * from gone where table_id is null) whole using (publication, edition_id, artefact_sha256)
            anti join (select * from gone where table_id is not null) part
                using (publication, edition_id, artefact_sha256, table_id))
        select standing.* exclude (position) from standing join turn using (publication, edition_id)
        order by publication, day, edition_id, position"""
    )


def surveyed_tables(store: Queries, known: Known = EVERYTHING) -> pl.DataFrame:
    """Every table found in every artefact that stands, of what was known."""
    return store.frame(f"select * from ({_inspected('surveyed_table', known)}) order by {_IN_ORDER['surveyed_table']}")


def findings(store: Queries, publication: str | None = None, known: Known = EVERYTHING) -> pl.DataFrame:
    """What the checks found in each edition as it was known, worst first; an error of several editions once."""
    where = "where publication = ?" if publication else ""
    found = store.frame(
        f"select * exclude (artefact_sha256, judged_at) from ({_current('finding', known)}) {where} "
        "order by array_position(['critical', 'warning', 'note'], severity), "
        'publication, "check", sheet, finding_id',
        [publication] if publication else [],
    )
    editions = store.frame(
        "select publication, edition_id, min(published_on) as published_on from artefact "
        f"where {known.sees('artefact')} group by publication, edition_id"
    )
    return told_once(store.frame, found, editions)


def disparities(store: Queries) -> pl.DataFrame:
    """The declared disparities of the latest pass, in the order they are read."""
    return store.frame("select * from disparity order by rowid")


def gaps(store: Queries) -> pl.DataFrame:
    """The register of gaps of the latest pass, in the order of the Act."""
    return store.frame("select * from gap order by rowid")


def pooled(store: Queries) -> pl.DataFrame:
    """The newest ratios within the strata that measures declare, in the order they were worked out."""
    return store.frame("select * from pooled order by rowid")


def funnel(store: Queries) -> pl.DataFrame:
    """The strata of those ratios about what is common to them, in the order they were worked out."""
    return store.frame("select * from funnel order by rowid")


def revisions(store: Queries) -> pl.DataFrame:
    """What is different between editions, and between vintages of one, in the order it is read."""
    return store.frame("select * from revision order by rowid")


def due(store: Queries) -> pl.DataFrame:
    """What was owed and expected on the day of the latest pass, one row an edition."""
    return store.frame("select * from due order by rowid")


def coverage(store: Queries) -> pl.DataFrame:
    """What each table has separated people by, first edition to last: the history beneath the register."""
    return store.frame("select * from coverage order by rowid")
