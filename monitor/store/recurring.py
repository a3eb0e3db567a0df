"""An error that a publisher repeats from edition to edition, told once: with its cells in each, and whether it stands.

Two findings are one where the same check failed on the same figures with the same values. The newest is told.
"""

import datetime as dt
from collections.abc import Callable, Sequence

import polars as pl

from monitor.vocabulary import edition_end

Ask = Callable[[str, Sequence[object]], pl.DataFrame]
"""Rows of a query with its parameters."""
MOST_NAMED = 12
"""So many cells of an older edition are named."""


def told_once(ask: Ask, findings: pl.DataFrame) -> pl.DataFrame:
    """Findings of several editions with each error once, in the order they came in; its message names the others.

    Editions are ordered by the day they were published, else by the one they name: a file added by hand has no other.
    """
    about = findings.filter(pl.col("observations").list.len() > 0)
    if about["edition_id"].n_unique() < 2:
        return findings
    failed = about.select("finding_id", "publication", "edition_id", "check", "state", "observations", "cells")
    of_figures = failed.explode("observations").rename({"observations": "observation_id"})
    ids = of_figures["observation_id"].unique().to_list()
    figures = ask("select observation_id, figure_id, value from figure where list_contains(?, observation_id)", [ids])
    order = _in_turn(ask)
    said = (
        of_figures.join(figures, on="observation_id")
        .with_columns(said=pl.format("{}={}", "figure_id", pl.col("value").fill_null("none")))
        .group_by("finding_id", "publication", "edition_id", "check", "state")
        .agg(pl.col("said").sort().str.join("|"), pl.col("figure_id").unique())
        .join(order, on=["publication", "edition_id"])
        .join(failed.select("finding_id", "cells"), on="finding_id")
        .sort("turn")
    )
    last = dict(order.group_by("publication").agg(pl.col("edition_id").sort_by("turn").last()).iter_rows())
    added: dict[str, str] = {}
    older: set[str] = set()
    for _, alike in said.group_by("publication", "check", "state", "said", maintain_order=True):
        rows = alike.to_dicts()
        newest = rows[-1]
        older |= {r["finding_id"] for r in rows[:-1]}
        words = [f"It stands in edition {r['edition_id']} too ({_cells(r['cells'])})." for r in rows[:-1]]
        latest = last[newest["publication"]]
        if newest["edition_id"] != latest and _has(ask, newest["publication"], latest, newest["figure_id"]):
            words.append(f"Edition {latest} prints these figures without it.")
        elif rows[:-1]:
            words.append(f"Edition {newest['edition_id']} still has it.")
        added[newest["finding_id"]] = " ".join(words)
    return findings.filter(~pl.col("finding_id").is_in(sorted(older))).with_columns(
        message=pl.concat_str(
            "message",
            pl.col("finding_id").replace_strict(added, default="", return_dtype=pl.String),
            separator=" ",
        ).str.strip_chars_end()
    )


def _in_turn(ask: Ask) -> pl.DataFrame:
    """Every edition held and its place among those of its publication, `turn`."""
    files = "select publication, edition_id, min(published_on) as published_on from artefact group by all"
    days = [(p, e, day or edition_end(e) or dt.date.min) for p, e, day in ask(files, []).iter_rows()]
    held = pl.DataFrame(days, schema=["publication", "edition_id", "day"], orient="row")
    return held.sort("day", "edition_id").with_columns(turn=pl.int_range(pl.len()).over("publication")).drop("day")


def _has(ask: Ask, publication: str, edition: str, figures: Sequence[str]) -> bool:
    """Whether an edition prints every one of some figures."""
    sql = (
        "select count(distinct figure_id) as n from figure "
        "where publication = ? and edition_id = ? and list_contains(?, figure_id)"
    )
    return bool(ask(sql, [publication, edition, list(figures)])["n"][0] == len(set(figures)))


def _cells(cells: Sequence[str]) -> str:
    more = f" and {len(cells) - MOST_NAMED} more" if len(cells) > MOST_NAMED else ""
    return ", ".join(cells[:MOST_NAMED]) + more
