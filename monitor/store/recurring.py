"""An error that a publisher repeats from edition to edition, told once: with its cells in each, and whether it stands.

Two findings are one where the same check failed on the same figures with the same values. The newest is told.
"""

import datetime as dt
from collections.abc import Callable, Sequence

import polars as pl

from monitor.declarations import sources
from monitor.vocabulary import edition_end

Ask = Callable[[str, Sequence[object]], pl.DataFrame]
"""Rows of a query with its parameters."""
MOST_NAMED = 12
"""So many cells of an older edition are named."""


def told_once(ask: Ask, findings: pl.DataFrame, editions: pl.DataFrame) -> pl.DataFrame:
    """Findings of several editions with each error once, in the order they came in; its message names the others.

    `editions` are those that were known, with the day each was published; one without a day is of the day it names, as
    a file added by hand is.
    """
    about = findings.filter(pl.col("observations").list.len() > 0)
    if about["edition_id"].n_unique() < 2:
        return findings
    failed = about.select("finding_id", "publication", "edition_id", "check", "state", "observations", "cells")
    figures = failed.explode("observations").rename({"observations": "observation_id"})
    said = figures.join(_printed(ask, figures["observation_id"]), on=["observation_id", "publication", "edition_id"])
    claims = (
        said.with_columns(said=pl.format("{}={}", "figure_id", pl.col("value").fill_null("none")))
        .group_by("finding_id", "publication", "edition_id", "check", "state")
        .agg(pl.col("said").sort().str.join("|"), pl.col("figure_id").unique())
        .join(failed.select("finding_id", "cells"), on="finding_id")
    )
    yearly = {p for p, declared in sources().items() if declared.is_yearly}
    days = ((p, e, day or edition_end(e, p in yearly) or dt.date.min) for p, e, day in editions.iter_rows())
    turns = {(p, e): turn for turn, (p, e, _) in enumerate(sorted(days, key=lambda known: (known[2], known[1])))}
    latest = dict(turns)
    having = _having(ask, claims["figure_id"].explode())
    added: dict[str, str] = {}
    older: set[str] = set()
    for (publication, *_), alike in claims.group_by("publication", "check", "state", "said", maintain_order=True):
        rows = sorted(alike.to_dicts(), key=lambda r: turns.get((r["publication"], r["edition_id"]), -1))
        newest, last = rows[-1], latest.get(str(publication))
        before = [r for r in rows if r["edition_id"] != newest["edition_id"]]
        older |= {r["finding_id"] for r in before}
        words = [f"It stands in edition {r['edition_id']} too ({_cells(r['cells'])})." for r in before]
        if newest["edition_id"] != last and set(newest["figure_id"]) <= having.get((publication, last), set()):
            words.append(f"Edition {last} prints these figures without it.")
        elif before:
            words.append(f"Edition {newest['edition_id']} still has it.")
        added |= {r["finding_id"]: " ".join(words) for r in rows if r not in before}
    more = pl.col("finding_id").replace_strict(added, default="", return_dtype=pl.String)
    return findings.filter(~pl.col("finding_id").is_in(sorted(older))).with_columns(
        message=pl.concat_str("message", more, separator=" ").str.strip_chars_end()
    )


def _printed(ask: Ask, observations: pl.Series) -> pl.DataFrame:
    """Which figure each observation is of, and its value."""
    wanted = "observation_id in (select unnest(?))"
    columns = "observation_id, publication, edition_id, figure_id, value"
    return ask(f"select {columns} from figure where {wanted}", [observations.unique().to_list()])


def _having(ask: Ask, figures: pl.Series) -> dict[tuple[object, object], set[str]]:
    """Which of some figures each edition prints."""
    wanted = "figure_id in (select unnest(?))"
    found = ask(
        f"select distinct publication, edition_id, figure_id from figure where {wanted}", [figures.unique().to_list()]
    )
    having: dict[tuple[object, object], set[str]] = {}
    for publication, edition, figure in found.iter_rows():
        having.setdefault((publication, edition), set()).add(figure)
    return having


def _cells(cells: Sequence[str]) -> str:
    more = f" and {len(cells) - MOST_NAMED} more" if len(cells) > MOST_NAMED else ""
    return ", ".join(cells[:MOST_NAMED]) + more
