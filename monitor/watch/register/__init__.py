"""The register: for every publication, table and protected characteristic, what is published, what is not, since when.

One function of declarations, frames and looks, so that any day can be asked again; linear in the editions held.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from monitor.declarations import Commitment, Publication
from monitor.store.schema import frame_schema
from monitor.watch.register.completeness import awaited, lists, not_read
from monitor.watch.register.held import Edition, editions
from monitor.watch.register.looked import Dead, Event, Look, Shown
from monitor.watch.register.promises import answered, beside_audits, deadlines, stated, with_expectations
from monitor.watch.register.readings import MOST_NAMED, newest_read, of_readings
from monitor.watch.register.release import of_files, of_release
from monitor.watch.register.rows import ALL, OURS, QUIET, SEPARATING, Row, each_once, frame, gravest_first, in_force
from monitor.watch.register.severity import gravity
from monitor.watch.register.tables import Series, covers, of_tables, renumbered
from monitor.watch.register.tracks import Track, follow
from monitor.watch.register.whole import of_publication
from monitor.watch.register.wording import AWAITING, listed, sentence, title, word


@dataclass(frozen=True)
class Register:
    """`gaps` has the columns of the store's `gap`, `coverage` those of `coverage`; `commitments` one row each."""

    gaps: pl.DataFrame
    coverage: pl.DataFrame
    commitments: list[dict[str, Any]]


def register(
    publications: Mapping[str, Publication],
    artefacts: pl.DataFrame,
    surveyed_tables: pl.DataFrame,
    breakdowns: pl.DataFrame,
    *,
    unclear: pl.DataFrame | None = None,
    tables_read: pl.DataFrame | None = None,
    as_of: dt.date,
    known_at: dt.datetime | None = None,
    looks: Mapping[str, Look] | None = None,
    commitments: Iterable[Commitment] = (),
    whole: Mapping[tuple[str, str], str] | None = None,
    superseded: pl.DataFrame | None = None,
) -> Register:
    """The register as it stood on `as_of`, from the store's frames and from what looking at publishers gave.

    `unclear` is what was not understood; without it all that was read counts as understood. `tables_read` are the
    tables of which figures were made, or that are held back.

    Only files published by `as_of` and seen by `known_at` count. `looks` has an entry for every publication, and for
    the page of every policy document, that was looked at; of the others nothing is said about releases. `whole` names
    who stated of an edition that it is whole. `superseded` are rows of `supersession`: the files that do not stand.
    """
    looks = looks or {}
    asked = list(commitments)
    held = editions(
        artefacts,
        surveyed_tables,
        breakdowns,
        unclear,
        as_of=as_of,
        known_at=known_at,
        yearly=[p.id for p in publications.values() if p.is_yearly],
        whole=whole,
        superseded=superseded,
    )
    dated = deadlines(asked, as_of)
    rows: list[Row] = []
    history: list[dict[str, Any]] = []
    for slug, publication in publications.items():
        look = looks.get(slug)
        series = _series(publication, held.get(slug, []), look, as_of, dated)
        rows += _of(series, look)
        if tables_read is not None:
            rows += of_readings(series, tables_read.filter(pl.col("publication") == slug))
        history += _history(series)
    return Register(
        frame(rows), pl.DataFrame(history, schema=frame_schema("coverage")), answered(asked, rows, looks, as_of)
    )


def _of(series: Series, look: Look | None) -> list[Row]:
    """Every row of one publication: the characteristics, single tables under them, the release."""
    whole = with_expectations(of_publication(series, look), series)
    tables = of_tables(series)
    whole, tables = _folded(series, whole, tables)
    under: dict[str, list[Row]] = {}
    for r in [*tables, *stated(series, look is not None)]:
        under.setdefault(r["characteristic"], []).append(r)
    found = []
    for r in whole:
        found += [r, *sorted(under.pop(r["characteristic"], ()), key=lambda each: each["severity"])]
    release = [*of_release(series, look), *of_files(series, look), *renumbered(series)]
    return [*found, *(r for rest in under.values() for r in rest), *release]


def _folded(series: Series, whole: list[Row], tables: list[Row]) -> tuple[list[Row], list[Row]]:
    """Say once of the publication what is so of every one of its tables by a characteristic: never a row a table."""
    if series.newest < 0:
        return whole, tables
    found = list(whole)
    folded: set[int] = set()
    for n, r in enumerate(whole):
        if r["state"] not in ("present", "partial"):
            continue
        d = r["characteristic"]
        titles = {(t.title, t.sheet) for t in series.editions[series.newest].having(d)}
        for state in ("collapsed", "category_drift", "suppressed", "unknown_share"):
            mine = [t for t in tables if t["characteristic"] == d and t["state"] == state and t["level"] == "table"]
            if len(mine) == len(titles) and mine:
                worst = min(mine, key=lambda t: t["severity"])
                found[n] = {**worst, "level": "publication", "measure": None if len(mine) > 1 else worst["measure"]}
                folded |= {id(t) for t in mine}
                break
    return found, [t for t in tables if id(t) not in folded]


def _series(
    publication: Publication, held: list[Edition], look: Look | None, as_of: dt.date, dated: set[tuple[str, str]]
) -> Series:
    shown = look.published(as_of) if look else []
    designation = next((s.designation for s in reversed(shown) if s.designation), publication.designation)
    return Series(
        publication,
        held,
        follow([edition.tables for edition in held]),
        unread := not_read(publication, held, look),
        awaited(publication, held, look),
        [not reason and lists(edition, look) for edition, reason in zip(held, unread, strict=True)],
        as_of,
        designation,
        frozenset(d for of, d in dated if of == publication.id),
    )


def _history(series: Series) -> list[dict[str, Any]]:
    """Runs of editions in which each table is in one state by each characteristic that it ever had."""
    return [run for track in series.tracks for d in _ever(track) for run in _runs(series, track, d)]


def _ever(track: Track) -> list[str]:
    return list(dict.fromkeys(d for table in track.seen.values() for d in table.breakdowns))


def _runs(series: Series, track: Track, d: str) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    begun = False
    for n, edition in enumerate(series.editions):
        table = track.seen.get(n)
        found = table.breakdowns.get(d) if table else None
        begun = begun or found is not None
        if not begun or not edition.readable or (found is None and d in edition.doubts):
            continue
        state = "present" if found else "absent" if table else "gone"
        code = found.classification if found else None
        if not runs or runs[-1]["state"] != state or (found and runs[-1]["classification"] != code):
            of = {"publication": series.publication.id, "table": track.name, "characteristic": d}
            begins = {"first_edition": edition.id, "since": edition.day, "editions": 0, "classification": code}
            runs.append({**of, "state": state, **begins})
        runs[-1]["last_edition"] = edition.id
        runs[-1]["editions"] += 1
        if table:
            runs[-1] |= {"table": table.title, "artefact_sha256": table.sha256, "sheet": table.sheet}
        if table and found:
            runs[-1] |= {"categories": list(found.categories), "cells": list(found.cells), "at": n}
            runs[-1] |= {"unknown_share": found.unknown_share, "suppressed_share": found.suppressed_share}
    for run in runs:
        table = track.seen.get(run.pop("at", -1))
        run["covers"] = covers(series.publication, table) if table else None
    return runs
