"""A row of the register, made in one place.

What it makes true: every row has the columns of the store's `gap`, its code from the vocabulary, its evidence as one
JSON object. `level` says what the row is about: the `publication` as a whole by one characteristic (always one for
each of the nine and the three besides), a `table`, a `crossing` of two characteristics, or the `release` itself, whose
characteristic is `all`.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from monitor.declarations import Publication
from monitor.store.schema import frame_schema
from monitor.vocabulary import GAP_CODES
from monitor.watch.register.held import Edition, Table
from monitor.watch.register.wording import title

ALL = "all"
"""The characteristic of a row that is about the release itself."""
SEPARATING = frozenset(
    {"present", "partial", "collapsed", "category_drift", "suppressed", "unknown_share", "annual_only"}
)
"""States in which the publication does separate people by the characteristic, well or badly."""
QUIET = frozenset({"present", "partial", "absent", "not_looked", "not_applicable", "not_collected", "annual_only"})
"""States that are no news: what is published, what was never expected, and what nobody has looked at."""

Row = dict[str, Any]


def row(
    publication: Publication,
    characteristic: str,
    state: str,
    *,
    severity: str,
    reason: str,
    level: str = "publication",
    edition: str | None = None,
    measure: str | None = None,
    crossed: str | None = None,
    confidence: str | None = None,
    since: dt.date | None = None,
    last_seen: str | None = None,
    classification: str | None = None,
    unknown_share: float | None = None,
    suppressed_share: float | None = None,
    covers: str | None = None,
    evidence: dict[str, Any] | None = None,
) -> Row:
    """One row, complete."""
    return {
        "publication": publication.id,
        "edition": edition,
        "measure": measure or None,
        "characteristic": characteristic,
        "state": state,
        "code": GAP_CODES.get(state) or None,
        "severity": severity,
        "confidence": confidence,
        "since": since,
        "last_seen": last_seen,
        "classification": classification,
        "unknown_share": unknown_share,
        "reason": reason,
        "evidence": json.dumps(evidence or {}, ensure_ascii=False, default=str),
        "level": level,
        "crossed": crossed,
        "suppressed_share": suppressed_share,
        "covers": covers,
        "title": title(state, characteristic),
    }


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    """Rows as the store keeps them."""
    schema = frame_schema("gap")
    return pl.DataFrame([{k: r.get(k) for k in schema} for r in rows], schema=schema)


def inspected(edition: Edition) -> dict[str, Any]:
    """Evidence that is the same for everything inspected of an edition: hashes, files, sheets."""
    return {
        "sha256": edition.hashes,
        "files": [f.name for f in edition.files],
        "sheet_names": list(edition.sheets),
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
