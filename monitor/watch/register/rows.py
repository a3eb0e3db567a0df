"""A row of the register, made in one place.

`level` says what it is about: the `publication` as a whole by one characteristic, a `table`, a `crossing` of two
characteristics, or the `release` itself, whose characteristic is `all`.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from monitor.declarations import Expectation, Known, Publication
from monitor.declarations.expectation import Practice
from monitor.store.schema import frame_schema
from monitor.vocabulary import GAP_CODES
from monitor.watch.register.held import Doubt, Edition, Table
from monitor.watch.register.severity import gravity
from monitor.watch.register.wording import listed, title

ALL = "all"
"""The characteristic of a row that is about the release itself."""
SEPARATING = frozenset(
    {"present", "partial", "collapsed", "category_drift", "suppressed", "unknown_share", "annual_only"}
)
"""States in which the publication does separate people by the characteristic, well or badly."""
TRANSCRIBED = "only a transcription is held"
"""What is not read of an edition of which the facts of a table are held, and an account of its file's sheets."""
FILES, LOOKS = "files", "looks"
"""What a row awaits before anybody outside is told: that its edition is whole, or that another look confirms it."""
OURS = frozenset({"unclear", "not_read"})
"""States that are about us: told to whoever runs this monitor, and to no publisher."""
QUIET = OURS | {"present", "partial", "absent", "not_looked", "not_applicable", "not_collected", "annual_only"}
"""States that are no news: what is published, what was never expected, what nobody has looked at or understood."""

Row = dict[str, Any]


def gravest_first(gaps: pl.DataFrame) -> list[Row]:
    """What is missing or changed, gravest first, and of equals what is so since last."""
    news = gaps.filter(~pl.col("state").is_in(QUIET)).sort(
        "since", descending=True, nulls_last=True, maintain_order=True
    )
    return sorted(news.to_dicts(), key=lambda r: gravity(r["severity"], r["characteristic"]))


def each_once(rows: Iterable[Row]) -> list[Row]:
    """The first of the rows in which a publication has a characteristic in one state, with how many more there are."""
    found: dict[tuple[str, str, str], Row] = {}
    for r in rows:
        first = found.setdefault((r["publication"], r["characteristic"], r["state"]), r | {"alike": -1})
        first["alike"] += 1
    return list(found.values())


def row(
    publication: Publication,
    characteristic: str,
    state: str,
    *,
    level: str = "publication",
    evidence: Mapping[str, Any] | None = None,
    **known: Any,
) -> Row:
    """One row, complete: of `known`, further columns of the store's `gap`, what is not given is null."""
    return {
        **dict.fromkeys(frame_schema("gap")),
        **known,
        "measure": known.get("measure") or None,
        "publication": publication.id,
        "characteristic": characteristic,
        "state": state,
        "code": GAP_CODES.get(state) or None,
        "level": level,
        "evidence": json.dumps(evidence or {}, ensure_ascii=False, default=str),
        "title": title(state, characteristic),
    }


def in_force(known: Known | Practice | Expectation, day: dt.date) -> bool:
    """Whether what is declared with `since` and `until` held on a day; without them it always did and does."""
    return (known.since is None or known.since <= day) and (known.until is None or day <= known.until)


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    """Rows as the store keeps them."""
    schema = frame_schema("gap")
    return pl.DataFrame([{k: r.get(k) for k in schema} for r in rows], schema=schema)


def inspected(edition: Edition) -> dict[str, Any]:
    """Evidence that is the same for everything inspected of an edition: hashes, files, sheets."""
    return {"sha256": edition.hashes, "files": [f.name for f in edition.files], "sheet_names": list(edition.sheets)}


def left_open(doubts: Sequence[Doubt], most: int = 3) -> str:
    """What was not understood, in words: sheets, cells, the words that name the characteristic, and why."""
    said = [
        f"Sheet {d.sheet}, cells {listed(d.cells)}: {'; '.join(filter(None, [d.named_by, d.not_understood]))}."
        for d in doubts[:most]
    ]
    return " ".join(said) + (f" And {len(doubts) - most} sheets more." if len(doubts) > most else "")


def of_doubts(edition: Edition, doubts: Sequence[Doubt]) -> dict[str, Any]:
    """Evidence of what was not understood: every cell of it."""
    return {
        **inspected(edition),
        "sheets": list(dict.fromkeys(d.sheet for d in doubts)),
        "cells": [f"{d.sheet}!{cell}" for d in doubts for cell in d.cells],
        "named_by": list(dict.fromkeys(d.named_by for d in doubts if d.named_by)),
        "not_understood": list(dict.fromkeys(d.not_understood for d in doubts)),
    }


def where(tables: Sequence[Table], characteristic: str) -> dict[str, Any]:
    """Evidence of where a characteristic stands: sheets, cells, categories of the finest, scope."""
    finest = max(tables, key=lambda t: len(t.breakdowns[characteristic].categories))
    return {
        "sha256": list(dict.fromkeys(t.sha256 for t in tables)),
        "sheets": list(dict.fromkeys(t.sheet for t in tables)),
        "cells": [f"{t.sheet}!{cell}" for t in tables for cell in t.breakdowns[characteristic].cells],
        "categories": list(finest.breakdowns[characteristic].categories),
        "tables": list(dict.fromkeys(t.title for t in tables)),
    }
