"""Which editions, and which vintages of one, are compared with which; and what is different."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import polars as pl

from monitor.store import reads
from monitor.store.schema import frame_schema
from monitor.watch.register.held import file_of, printed_twice
from monitor.watch.revisions import Side, compare
from pipelines.acquire import TRANSCRIPTION
from pipelines.editions import Edition
from pipelines.starter.surveyed import survey_of


class NoSuchEdition(Exception):
    """An edition that is not held: says which are."""


class NothingToCompare(Exception):
    """Too few editions are held: says which are."""


@dataclass(frozen=True)
class State:
    """An edition as it stood from a moment on, when files of it were first seen, until the next."""

    publication: str
    edition: str
    seen_at: dt.datetime
    published_on: dt.date | None


def states(
    store: reads.Queries, publication: str | None = None, known: reads.Known = reads.EVERYTHING
) -> list[list[State]]:
    """The states of each edition known, oldest first, and editions in the order in which they came out."""
    found: dict[Edition, list[State]] = {}
    for row in reads.states(store, publication, known).to_dicts():
        state = State(row["publication"], row["edition_id"], row["seen_at"], row["published_on"])
        found.setdefault((state.publication, state.edition), []).append(state)
    return list(found.values())


def changes(
    store: reads.Queries, publication: str, editions: Sequence[str] = (), known: reads.Known = reads.EVERYTHING
) -> pl.DataFrame:
    """What is different, as rows of `revision`: between two editions, by default the latest two; or, of one edition
    named, between its vintages. Raises `NoSuchEdition` and `NothingToCompare`.
    """
    held = {each[-1].edition: each for each in states(store, publication, known)}
    for edition in editions:
        if edition not in held:
            raise NoSuchEdition(
                f"{publication}: no edition {edition!r} {'is held' if known == reads.EVERYTHING else 'was known then'}"
                + (f"; there are {', '.join(held)}." if held else "; none is.")
                + " `justice-monitor journal` tells what was kept; `add FILE` brings a file of it."
            )
    if len(editions) == 1:
        pairs = list(pairwise(held[editions[0]]))
    elif editions:
        pairs = [(held[editions[0]][-1], held[editions[1]][-1])]
    elif len(held) > 1:
        pairs = [tuple(each[-1] for each in list(held.values())[-2:])]  # type: ignore[list-item]
    else:
        only = f"only {next(iter(held))}" if held else "none"
        raise NothingToCompare(
            f"{publication}: two editions are compared, and {only} is held. Name an edition to compare its vintages, "
            "or bring another with `justice-monitor fetch` or `add FILE`."
        )
    nothing = pl.DataFrame(schema=frame_schema("revision"))
    return pl.concat([nothing, *(_compared(store, was, now, known) for was, now in pairs)])


def every_change(store: reads.Queries, touched: Collection[Edition], before: pl.DataFrame) -> pl.DataFrame:
    """Rows of `revision` between all editions that follow each other and all vintages that do.

    `touched` are the editions that are otherwise than when the rows `before` were made; what concerns none of them is
    taken over from there.
    """
    every = states(store)
    pairs = [pair for each in every for pair in pairwise(each)]
    pairs += [(was[-1], now[-1]) for was, now in pairwise(every) if was[-1].publication == now[-1].publication]
    found = [before.clear()]
    for was, now in pairs:
        if {(was.publication, was.edition), (now.publication, now.edition)} & set(touched):
            found.append(_compared(store, was, now, reads.EVERYTHING))
        else:
            found.append(
                before.filter(
                    pl.col("publication") == was.publication,
                    pl.col("edition_before") == was.edition,
                    pl.col("edition_after") == now.edition,
                    pl.col("seen_before") == was.seen_at,
                    pl.col("seen_after") == now.seen_at,
                )
            )
    return pl.concat(found)


def _compared(store: reads.Queries, was: State, now: State, known: reads.Known) -> pl.DataFrame:
    return compare(was.publication, _side(store, was, known), _side(store, now, known))


def _side(store: reads.Queries, state: State, known: reads.Known) -> Side:
    found = reads.state_of(store, state.publication, state.edition, replace(known, seen_by=state.seen_at))
    transcribed = found["artefact"].filter(pl.col("kind") == TRANSCRIPTION)
    originals = dict(transcribed.select("sha256", "original_sha256").rows())
    files = {row["sha256"]: file_of(row) for row in found["artefact"].to_dicts()}
    tables = found["surveyed_table"]
    placed = tables.select("artefact_sha256", "sheet", "position", "title").iter_rows()
    twice = printed_twice([(files[sha], sheet, at, title or "") for sha, sheet, at, title in placed])
    tables = tables.filter(~pl.int_range(pl.len()).is_in(sorted(twice)))
    return Side(
        edition=state.edition,
        seen_at=state.seen_at,
        published_on=state.published_on,
        figures=found["figure"],
        tables=tables,
        breakdowns=found["breakdown"],
        notes=found["footnote"],
        originals=originals,
        figures_whole=not originals,
        # because a part of a sheet that was not read, whatever it is of, is named by nothing
        tables_whole=all(survey_of(original) for original in originals.values())
        and found["unclear"].filter(pl.col("named_by") == "").is_empty(),
        unclear=frozenset(found["unclear"].select("sheet", "characteristic").iter_rows()),
    )
