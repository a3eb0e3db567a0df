"""An edition as it is judged, whole: what stands of it, what is asked of it, and what reading it could not do."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import permutations
from typing import Any

import polars as pl

from expectations.records import Checks, TableChecks, Tolerance
from monitor.declarations import Publication
from monitor.settings import TAKEN_IN_TOGETHER
from monitor.store.schema import FIGURE_IDENTITY, STAGED, frame_schema
from monitor.store.vault import Artefact
from monitor.vocabulary import DIMENSIONS
from monitor.watch.register.held import named
from pipelines.acquire import ORIGINAL, TRANSCRIPTION
from pipelines.answers import NO_GROUPS, OF_A_TABLE
from pipelines.inferring import HELD_BACK, INFERRED
from pipelines.observe import Observed
from pipelines.tidy import Problem, in_force, missing_tables

Edition = tuple[str, str]
"""Publication and edition id."""
_NOT_SUMMED = ("period", "place", "value", "ignored")


def edition_of(artefact: Artefact) -> Edition:
    """The edition a file belongs to."""
    return artefact.publication, artefact.edition_id


def rounds(new: Sequence[Artefact], at_most: int = TAKEN_IN_TOGETHER) -> list[list[Artefact]]:
    """New files in the order in which editions came to be known, one state (seen at one moment) of each a round.

    A round is `at_most` so many files, and more only where one edition has them.
    """
    moments: dict[Edition, list[datetime]] = {}
    for a in sorted(new, key=lambda a: a.seen_at):
        seen = moments.setdefault(edition_of(a), [])
        if a.seen_at not in seen:
            seen.append(a.seen_at)
    found: list[list[Artefact]] = [[] for _ in range(max(map(len, moments.values()), default=0))]
    for a in new:
        found[moments[edition_of(a)].index(a.seen_at)].append(a)
    return [part for state in found for part in _parts(state, at_most)]


def _parts(state: Sequence[Artefact], at_most: int) -> list[list[Artefact]]:
    """Files in parts of so many, those of one edition together."""
    by_edition: dict[Edition, list[Artefact]] = {}
    for a in state:
        by_edition.setdefault(edition_of(a), []).append(a)
    parts: list[list[Artefact]] = []
    for files in by_edition.values():
        if not parts or len(parts[-1]) + len(files) > at_most:
            parts.append([])
        parts[-1] += files
    return parts


def same_cells(observed: Sequence[Observed], held: pl.DataFrame, gone: pl.DataFrame) -> list[tuple[Observed, str]]:
    """Files whose cells a file of the same edition that counts has: each, and the hash of the one before it.

    `held` are rows of `artefact` and `gone` of `supersession`, both of the editions observed.
    """
    past = set(gone.filter(pl.col("table_id").is_null()).select(*_FILE).rows())
    known = {
        (row["publication"], row["edition_id"], row["kind"], row["cells_sha256"]): row["sha256"]
        for row in held.filter(pl.col("cells_sha256").is_not_null(), pl.col("same_as").is_null()).to_dicts()
        if (row["publication"], row["edition_id"], row["sha256"]) not in past
    }
    found = []
    for o in observed:
        if o.cells_sha256:
            mine = (*edition_of(o.artefact), o.artefact.kind, o.cells_sha256)
            if (other := known.setdefault(mine, o.artefact.sha256)) != o.artefact.sha256:
                found.append((o, other))
    return found


_FILE = ("publication", "edition_id", "artefact_sha256")
_SUPERSESSION = frame_schema("supersession")


def read_in_part(frames: Mapping[str, pl.DataFrame]) -> set[tuple[str, ...]]:
    """The files of which a part was not understood, or a table is held back: publication, edition, hash."""
    # because words that may speak of another table leave nothing of this file unread
    elsewhere = (pl.col("not_understood") == NO_GROUPS) & ~pl.col("named_by").str.contains(OF_A_TABLE)
    left = frames["unclear"].filter(~elsewhere)
    held_back = frames["table_read"].filter(state=HELD_BACK)
    return {file for frame in (left, held_back) for file in frame.select(*_FILE).rows()}


def supersessions(
    artefacts: pl.DataFrame,
    figures: pl.DataFrame,
    tables: pl.DataFrame,
    in_part: Collection[tuple[str, ...]] = frozenset(),
) -> pl.DataFrame:
    """Which files of an edition, or which tables of them, no longer count, and which file does instead.

    The edition's page is asked, as it was last seen: what it no longer lists gives way to what it lists, and of two
    files that it lists only the later of one address counts, whatever their names. Of files that no page speaks of, one
    gives way to a later one of the same name, or that holds most of its tables and prints some of the same figures.

    A transcription gives way to the original it is of; a table to the same table of a file seen later that prints some
    of the same figures. Files seen at one moment were published beside each other and both count. Nothing gives way
    to a file that could not be read, nor a transcribed table to an original of which that table could not be. A file
    `in_part` read (as `read_in_part` gives them) takes the place of none that was read whole: it is set aside for it.
    `artefacts`, `figures` and `tables` are rows of `artefact`, `figure` and `surveyed_table`; rows of `supersession`
    are returned, sorted.
    """
    files = artefacts.filter(pl.col("same_as").is_null())
    read = set(tables.select(*_FILE).rows())
    held = figures.select(*_FILE, "table_id").unique()
    by_edition: dict[Edition, list[dict[str, Any]]] = {}
    for row in files.to_dicts():
        by_edition.setdefault((row["publication"], row["edition_id"]), []).append(row)
    whole, by_page, pairs = list[tuple[Any, ...]](), list[tuple[Any, ...]](), list[tuple[Any, ...]]()
    titles, kept = _titles(tables), set[tuple[str, ...]]()
    for edition, rows in by_edition.items():
        for was, now in permutations(rows, 2):
            if (*edition, now["sha256"]) not in read or (was["listed"] and now["listed"] is False):
                continue  # because neither what was not read, nor what left the page, is in the place of anything
            left = was["listed"] is False and bool(now["listed"])
            old, new = (*edition, was["sha256"]), (*edition, now["sha256"])
            is_later = was["kind"] == now["kind"] == ORIGINAL and now["seen_at"] > was["seen_at"]
            unfit = is_later and new in in_part and old not in in_part
            follows = _replaces(was, now) or (left and bool(titles.get(old, set()) & titles.get(new, set())))
            if unfit and (follows or (left and _same_name(was, now))):
                kept.add(old)
                whole.append((*new, None, was["sha256"], None))
            elif left:
                there = whole if follows and new not in in_part else by_page
                there.append((*old, None, now["sha256"], was["left_at"]))
            elif unfit:
                pairs.append((*new, was["sha256"], bool(was["listed"] and now["listed"])))
            elif _replaces(was, now):
                given_up: Sequence[str | None] = [None]
                if was["kind"] == TRANSCRIPTION:
                    mine, theirs = (_tables_of(held, edition, row["sha256"]) for row in (was, now))
                    given_up = [None] if mine <= theirs else sorted(mine & theirs)
                whole += [(*edition, was["sha256"], table, now["sha256"], None) for table in given_up]
            elif now["kind"] == ORIGINAL and (was["kind"] == TRANSCRIPTION or now["seen_at"] > was["seen_at"]):
                pairs.append((*edition, was["sha256"], now["sha256"], bool(was["listed"] and now["listed"])))
    # because what left its page for a file that could only be read in part stands beside whatever is listed there
    whole += [row for row in by_page if row[:3] not in kept]
    found = [pl.DataFrame(whole, schema=_SUPERSESSION, orient="row")]
    if pairs and not figures.is_empty():
        found.append(_tables_replaced(pairs, figures, tables))
    return pl.concat(found).sort(pl.all())


def _tables_of(held: pl.DataFrame, edition: Edition, sha256: str) -> set[str]:
    return set(held.filter(publication=edition[0], edition_id=edition[1], artefact_sha256=sha256)["table_id"])


def _replaces(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    if was["kind"] == TRANSCRIPTION and now["kind"] == ORIGINAL:
        return bool(was["original_sha256"] == now["sha256"])
    if was["kind"] != now["kind"] or now["seen_at"] <= was["seen_at"]:
        return False
    # because two files, or two queries of one data set, may have one name
    by_address = (was["listed"] and now["listed"]) or all("?" in (file["url"] or "") for file in (was, now))
    if by_address:
        return bool(was["url"] == now["url"])
    return _same_name(was, now)


def _same_name(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return bool(was["name"].casefold() == now["name"].casefold())


def _titles(tables: pl.DataFrame) -> dict[tuple[str, ...], set[str]]:
    """The names of the tables of each file."""
    words: dict[tuple[str, ...], set[str]] = {}
    for *file, title in tables.filter(pl.col("position") >= 0).select(*_FILE, "title").iter_rows():
        words.setdefault(tuple(file), set()).add(named(title or "")[0])
    return words


def set_aside(gone: pl.DataFrame, artefacts: pl.DataFrame, in_part: Collection[tuple[str, ...]]) -> pl.DataFrame:
    """Rows of `supersession` of files that were read in part, and that an earlier one stands for."""
    seen = artefacts.select("publication", "edition_id", "sha256", "seen_at").unique()
    asked = pl.DataFrame(sorted(in_part), schema=dict.fromkeys(_FILE, pl.String), orient="row")
    dated = (
        gone.join(asked, on=_FILE, how="semi")
        .join(seen, left_on=_FILE, right_on=[*_FILE[:2], "sha256"])
        .join(seen, left_on=[*_FILE[:2], "by_sha256"], right_on=[*_FILE[:2], "sha256"], suffix="_by")
    )
    return dated.filter(pl.col("seen_at_by") < pl.col("seen_at"), pl.col("since").is_null()).select(gone.columns)


def _tables_replaced(pairs: Sequence[tuple[Any, ...]], figures: pl.DataFrame, tables: pl.DataFrame) -> pl.DataFrame:
    """Of pairs of files, the tables of the first that the second prints too; a null for all where it holds most.

    The fifth of each pair says that a page lists both, so that neither is in the place of all of the other.
    """
    asked = pl.DataFrame(pairs, schema=[*_FILE, "by_sha256", "both"], orient="row")
    claim = ["edition_id", "table_id", *FIGURE_IDENTITY]
    wanted = figures.select(*claim, "artefact_sha256").unique()
    found = (
        asked.join(wanted, on=_FILE)
        .join(wanted.rename({"artefact_sha256": "by_sha256"}), on=[*claim, "by_sha256"], how="semi", nulls_equal=True)
        .with_columns(since=pl.lit(None, dtype=_SUPERSESSION["since"]))
        .select(*_SUPERSESSION, "both")
        .unique()
    )
    words = _titles(tables)
    all_of_it = [
        (*file, by)
        for *file, by in found.filter(~pl.col("both")).select(*_FILE, "by_sha256").unique().iter_rows()
        if (mine := words.get(tuple(file), set()))
        and len(mine & words.get((*file[:2], by), set())) >= _MOSTLY * len(mine)
    ]
    replaced = pl.DataFrame(all_of_it, schema=dict.fromkeys((*_FILE, "by_sha256"), pl.String), orient="row")
    return pl.concat(
        [
            found.drop("both").join(replaced, on=[*_FILE, "by_sha256"], how="anti"),
            replaced.with_columns(pl.lit(None, dtype=_SUPERSESSION[c]).alias(c) for c in ("table_id", "since")).select(
                list(_SUPERSESSION)
            ),
        ]
    )


_MOSTLY = 0.5
"""Share of a file's tables that a later one must hold to be the same file published again."""


def standing(frames: Mapping[str, pl.DataFrame], gone: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The rows of some editions that still count: those of files and tables that nothing has superseded."""
    whole, tables = gone.filter(pl.col("table_id").is_null()), gone.filter(pl.col("table_id").is_not_null())
    found = {}
    for name, frame in frames.items():
        file = [*_FILE[:2], "sha256" if name == "artefact" else "artefact_sha256"]
        left = frame.join(whole, left_on=file, right_on=_FILE, how="anti")
        if "table_id" in frame.columns:
            left = left.join(tables, left_on=[*file, "table_id"], right_on=[*_FILE, "table_id"], how="anti")
        found[name] = left
    return found


def together(observed: Iterable[Observed]) -> dict[str, pl.DataFrame]:
    """The staged frames of several artefacts as one set."""
    many = list(observed)
    frames = {}
    for table in STAGED:
        parts = [o.frames[table] for o in many if table in o.frames and not o.frames[table].is_empty()]
        if parts:
            frames[table] = pl.concat(parts, how="diagonal")
    return frames


def of_editions(frame: pl.DataFrame, editions: Sequence[Edition]) -> pl.DataFrame:
    """The rows of some editions."""
    asked = pl.DataFrame(editions, schema=dict.fromkeys(_FILE[:2], pl.String), orient="row")
    return frame.join(asked, on=_FILE[:2], how="semi")


def checks_of(publication: Publication, edition: Edition, frames: Mapping[str, pl.DataFrame]) -> Checks | None:
    """What must be true of an edition's figures, compiled from its declaration; None when it has no figures."""
    if "figure" not in frames or (mine := of_editions(frames["figure"], [edition])).is_empty():
        return None
    found, last = set(mine["table_id"]), mine["published_on"].max()
    undeclared = of_editions(frames["table_read"], [edition]).filter(
        pl.col("layout") == INFERRED, pl.col("table_id").is_in(found)
    )
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
                tolerances=_tolerances(publication, t.id),
                last=last,  # type: ignore[arg-type]
            )
            for t in in_force(publication, edition[1], last)  # type: ignore[arg-type]
            if t.id in found
        )
        + tuple(
            # because of words kept as published nobody knows which make up which
            TableChecks(
                table,
                title or table,
                tuple(d for d in dimensions if d in DIMENSIONS),
                last=last,  # type: ignore[arg-type]
                declared=False,
            )
            for table, title, dimensions in undeclared.select("table_id", "title", "dimensions")
            .unique("table_id", maintain_order=True)
            .iter_rows()
        ),
    )


def _tolerances(publication: Publication, table: str) -> tuple[Tolerance, ...]:
    """How far figures of a table may be from what they are compared with: by definition, else as perturbed."""
    declared = [Tolerance(d.id, d.tolerance) for d in publication.definition if d.tolerance]
    asked = [q.tolerance for q in publication.query if q.tolerance and q.table == table]
    return (*declared, *(Tolerance(None, value) for value in asked))


def problems_of(
    observed: Sequence[Observed],
    gone: pl.DataFrame,
    declared: Mapping[str, Publication],
    frames: Mapping[str, pl.DataFrame],
    aside: pl.DataFrame,
) -> pl.DataFrame:
    """What reading and tidying could not do, as findings: of each file, and tables no file of an edition holds.

    Of a file that was set `aside` for an earlier one it is said too, and that it was.
    """
    past = set(gone.filter(pl.col("table_id").is_null()).select(*_FILE).rows()) - set(aside.select(*_FILE).rows())
    names = dict(frames["artefact"].select("sha256", "name").rows())
    earlier = {tuple(file): names.get(by, by) for *file, by in aside.select(*_FILE, "by_sha256").iter_rows()}
    rows = []
    for o in observed:
        file = (*edition_of(o.artefact), o.artefact.sha256)
        problems = [*o.problems, *([_in_part(o.artefact.name, earlier[file])] if file in earlier else [])]
        if file not in past:
            rows += [_finding(edition_of(o.artefact), p, o.artefact.sha256) for p in problems]
    for edition in dict.fromkeys(edition_of(o.artefact) for o in observed):
        mine = [o for o in observed if edition_of(o.artefact) == edition]
        # because a table that is asked of a service has nothing to be looked for in until it was
        found = {t for o in mine for t in o.found} | {query.table for query in declared[edition[0]].query}
        found |= _values(frames, "figure", edition, "table_id")
        titles = sorted(_values(frames, "surveyed_table", edition, "title"))
        published = max((o.artefact.published_on for o in mine if o.artefact.published_on), default=None)
        wanted = in_force(declared[edition[0]], edition[1], published)
        # because only some facts of a file are transcribed, and a table that is not among them is no less published
        if any(o.artefact.kind == "original" for o in mine):
            in_part = _titles_in_part(frames, edition)
            rows += [_finding(edition, p, None) for p in missing_tables(wanted, found, titles, in_part)]
    return pl.DataFrame(rows, schema=frame_schema("finding"))


def _in_part(name: str, earlier: str) -> Problem:
    return Problem(
        "read_in_part",
        "warning",
        f"{name} could only be read in part, and {earlier} of the same edition, which came before it and was read "
        "whole, still stands. `justice-monitor survey` names the cells that were not understood; compare the two "
        "files, and tell whoever keeps this monitor.",
        "",
    )


def _values(frames: Mapping[str, pl.DataFrame], table: str, edition: Edition, column: str) -> set[str]:
    return set(of_editions(frames[table], [edition])[column].drop_nulls()) if table in frames else set()


def _titles_in_part(frames: Mapping[str, pl.DataFrame], edition: Edition) -> list[str]:
    """Titles of tables in the originals of an edition's transcriptions that count."""
    if not {"artefact", "surveyed_table"} <= set(frames):
        return []
    files = of_editions(frames["artefact"], [edition]).filter(pl.col("kind") == TRANSCRIPTION)["sha256"]
    tables = of_editions(frames["surveyed_table"], [edition])
    return tables.filter(pl.col("artefact_sha256").is_in(files.to_list()))["title"].drop_nulls().to_list()


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
