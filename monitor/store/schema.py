"""The tables, each column once: the polars schemas and the DuckDB DDL are both read from here."""

from functools import cache
from typing import Any

from monitor.vocabulary import CHARACTERISTICS

_TEXT, _REAL, _WHOLE, _DATE, _TIME, _LIST = "VARCHAR", "DOUBLE", "BIGINT", "DATE", "TIMESTAMP", "VARCHAR[]"
_FLAG = "BOOLEAN"

ARTEFACT = {
    "sha256": _TEXT,
    "publication": _TEXT,
    "edition_id": _TEXT,
    "kind": _TEXT,
    "name": _TEXT,
    "bytes": _WHOLE,
    "original_sha256": _TEXT,
    "published_on": _DATE,
    "seen_at": _TIME,
    "publisher": _TEXT,
    "title": _TEXT,
    "edition_title": _TEXT,
    "url": _TEXT,
    "licence": _TEXT,
    "cells_sha256": _TEXT,
    "same_as": _TEXT,
}
"""Bytes as served, or a transcription of facts from them. `original_sha256` is the publisher's file's hash.

`cells_sha256` is the hash of the addressed values of every sheet; null where the file cannot be read. `same_as` names
the artefact of the edition with the same cells, whose observations stand for this one's too: it has none of its own.
"""

SURVEYED_TABLE = {
    "publication": _TEXT,
    "edition_id": _TEXT,
    "artefact_sha256": _TEXT,
    "sheet": _TEXT,
    "position": _WHOLE,
    "title": _TEXT,
    "first_period": _DATE,
    "last_period": _DATE,
    "crossed": _TEXT,
    "scope": _TEXT,
    "headings": _LIST,
    "places": _LIST,
    "account": _TEXT,
}
"""One row for every table found on every sheet inspected, whether or not it is broken down by anything.

A sheet without a table has one of position -1. `account` is JSON: how many cells were taken for what.
"""

BREAKDOWN = {
    "publication": _TEXT,
    "edition_id": _TEXT,
    "artefact_sha256": _TEXT,
    "sheet": _TEXT,
    "position": _WHOLE,
    "characteristic": _TEXT,
    "classification": _TEXT,
    "categories": _LIST,
    "unknown_share": _REAL,
    "suppressed_share": _REAL,
    "cells": _LIST,
    "unknown_share_before": _REAL,
}
"""A table that separates people by a characteristic: which categories, which share is unknown or suppressed."""

UNCLEAR = {
    "publication": _TEXT,
    "edition_id": _TEXT,
    "artefact_sha256": _TEXT,
    "sheet": _TEXT,
    "characteristic": _TEXT,
    "named_by": _TEXT,
    "not_understood": _TEXT,
    "cells": _LIST,
}
"""A sheet that may separate people by a characteristic, and the cells that leave it open; about us, not a publisher."""

_CHARACTERISTIC_COLUMNS = {column: _TEXT for c in CHARACTERISTICS for column in (c.id, f"{c.id}_label")}

FOOTNOTE = {
    "publication": _TEXT,
    "edition_id": _TEXT,
    "artefact_sha256": _TEXT,
    "sheet": _TEXT,
    "cell": _TEXT,
    "text": _TEXT,
}
"""The publisher's words under and above its tables: footnotes, sources, notes on coverage."""

FIGURE = {
    "figure_id": _TEXT,
    "observation_id": _TEXT,
    "publication": _TEXT,
    "edition_id": _TEXT,
    "artefact_sha256": _TEXT,
    "table_id": _TEXT,
    "sheet": _TEXT,
    "cell": _TEXT,
    "published_on": _DATE,
    "seen_at": _TIME,
    "measure": _TEXT,
    "value": _REAL,
    "unit": _TEXT,
    "status": _TEXT,
    "marker": _TEXT,
    "value_low": _REAL,
    "value_high": _REAL,
    "flags": _LIST,
    "period_start": _DATE,
    "period_end": _DATE,
    "period_kind": _TEXT,
    "period_label": _TEXT,
    "place_code": _TEXT,
    "place_name": _TEXT,
    "population": _TEXT,
    "counts": _TEXT,
    **_CHARACTERISTIC_COLUMNS,
    "circumstances": _TEXT,
    "classification": _TEXT,
    "mapping": _TEXT,
    "identification": _TEXT,
    "definition_id": _TEXT,
}
"""One published number with its cell and its categories. `value_low`/`value_high` bound a suppressed value."""

FIGURE_IDENTITY = (
    "publication",
    "measure",
    "unit",
    "period_start",
    "period_end",
    "period_kind",
    "place_code",
    "population",
    "definition_id",
    "identification",
    *(c.id for c in CHARACTERISTICS),
    "circumstances",
)
"""What is claimed: the columns that make two numbers claims about the same thing, the same in every vintage."""

OBSERVATION_IDENTITY = ("edition_id", "artefact_sha256", "sheet", "cell")
"""Where it was seen: with the figure's identity, unique."""

LEVEL = {
    "publication": _TEXT,
    "edition_id": _TEXT,
    "artefact_sha256": _TEXT,
    "table_id": _TEXT,
    "dimension": _TEXT,
    "category": _TEXT,
    "parent": _TEXT,
    "kind": _TEXT,
}
"""What a table nests: each category of each dimension it separates, and the category it is part of (null: of all)."""

FINDING = {
    "finding_id": _TEXT,
    "publication": _TEXT,
    "edition_id": _TEXT,
    "check": _TEXT,
    "severity": _TEXT,
    "state": _TEXT,
    "message": _TEXT,
    "sheet": _TEXT,
    "cells": _LIST,
    "observations": _LIST,
    "artefact_sha256": _TEXT,
    "judged_at": _TIME,
}
"""A check's result: one row a check and cause, with all its cells (`Sheet!A1` where more than one sheet).

`artefact_sha256` is the file that a reading problem is about; null where the figures of an edition were judged.
`judged_at` names the state of the edition that was judged: the moment its newest file was seen.
"""

WITHHOLDING = {"observation_id": _TEXT, "finding_id": _TEXT, "reason": _TEXT, "judged_at": _TIME}
"""A figure contradicted by its own parts and by another table: kept, never edited, never used."""

SUPERSESSION = {
    "publication": _TEXT,
    "edition_id": _TEXT,
    "artefact_sha256": _TEXT,
    "table_id": _TEXT,
    "by_sha256": _TEXT,
}
"""A file of an edition whose observations no longer count, or those of one table (null: of all), and which file's do
instead: the original of a transcription, or what the publisher put in its place. Both are kept.
"""

DISPARITY = {
    "disparity_id": _TEXT,
    "measure": _TEXT,
    "kind": _TEXT,
    "counts": _TEXT,
    "edition": _TEXT,
    "period": _TEXT,
    "period_start": _DATE,
    "period_end": _DATE,
    "place": _TEXT,
    "sex": _TEXT,
    "within": _TEXT,
    "characteristic": _TEXT,
    "level": _TEXT,
    "category": _TEXT,
    "label": _TEXT,
    "classification": _TEXT,
    "reference": _TEXT,
    "baseline": _TEXT,
    "count": _REAL,
    "count_low": _REAL,
    "count_high": _REAL,
    "suppression": _TEXT,
    "denominator": _REAL,
    "denominator_low": _REAL,
    "denominator_high": _REAL,
    "rate": _REAL,
    "rate_low": _REAL,
    "rate_high": _REAL,
    "per": _REAL,
    "reference_count": _REAL,
    "reference_denominator": _REAL,
    "rate_difference": _REAL,
    "ratio": _REAL,
    "ratio_low": _REAL,
    "ratio_high": _REAL,
    "ratio_low_998": _REAL,
    "ratio_high_998": _REAL,
    "interval_method": _TEXT,
    "p_value": _REAL,
    "p_adjusted": _REAL,
    "significance": _TEXT,
    "share": _REAL,
    "share_of_all": _REAL,
    "baseline_share": _REAL,
    "gap_points": _REAL,
    "representation": _REAL,
    "excess": _REAL,
    "unknown_count": _REAL,
    "unknown_share": _REAL,
    "baseline_unknown_share": _REAL,
    "bound_low": _REAL,
    "bound_high": _REAL,
    "tipping_share": _REAL,
    "band": _TEXT,
    "adjusted_ratio": _REAL,
    "adjusted_low": _REAL,
    "adjusted_high": _REAL,
    "adjusted_crude": _REAL,
    "adjusted_reference": _TEXT,
    "adjustment": _TEXT,
    "status": _TEXT,
    "reason": _TEXT,
    "fit": _TEXT,
    "definition_id": _TEXT,
    "flags": _LIST,
    "numerator_figures": _LIST,
    "denominator_figures": _LIST,
}
"""A rate or share against a baseline, with everything that must stand beside it, or withheld with a reason."""

SUMMARY = {
    "measure": _TEXT,
    "edition": _TEXT,
    "period": _TEXT,
    "period_start": _DATE,
    "period_end": _DATE,
    "place": _TEXT,
    "sex": _TEXT,
    "characteristic": _TEXT,
    "level": _TEXT,
    "baseline": _TEXT,
    "reference": _TEXT,
    "groups": _LIST,
    "per": _REAL,
    "mean_rate": _REAL,
    "difference": _REAL,
    "largest_ratio": _REAL,
    "mean_difference": _REAL,
    "index_of_disparity": _REAL,
    "index_of_disparity_weighted": _REAL,
    "between_group_variance": _REAL,
    "between_group_variance_error": _REAL,
    "coefficient_of_variation": _REAL,
    "theil": _REAL,
    "mean_log_deviation": _REAL,
    "population_attributable_risk": _REAL,
    "population_attributable_fraction": _REAL,
    "status": _TEXT,
    "reason": _TEXT,
}
"""How unequal a whole classification is at one period of one edition, for groups without an order."""

GAP = {
    "publication": _TEXT,
    "edition": _TEXT,
    "measure": _TEXT,
    "characteristic": _TEXT,
    "state": _TEXT,
    "code": _TEXT,
    "severity": _TEXT,
    "confidence": _TEXT,
    "since": _DATE,
    "last_seen": _TEXT,
    "classification": _TEXT,
    "unknown_share": _REAL,
    "reason": _TEXT,
    "evidence": _TEXT,
    "level": _TEXT,
    "crossed": _TEXT,
    "suppressed_share": _REAL,
    "covers": _TEXT,
    "title": _TEXT,
}
"""Expected or promised, minus observed: what is published of a characteristic, and what is not.

`level` is what a row is about: publication (one row a characteristic), table, crossing, or release (characteristic
`all`). `measure` names the table or what was asked for; `covers` the people and places of the finest table.
"""

COVERAGE = {
    "publication": _TEXT,
    "table": _TEXT,
    "characteristic": _TEXT,
    "state": _TEXT,
    "first_edition": _TEXT,
    "last_edition": _TEXT,
    "since": _DATE,
    "editions": _WHOLE,
    "classification": _TEXT,
    "categories": _LIST,
    "unknown_share": _REAL,
    "suppressed_share": _REAL,
    "covers": _TEXT,
    "artefact_sha256": _TEXT,
    "sheet": _TEXT,
    "cells": _LIST,
}
"""The register's history: one row for each run of editions in which a table is in one state by one characteristic.

`state` is present, absent (the table stands, without it) or gone (the table does not stand); what was inspected is of
the run's last edition.
"""

REVISION = {
    "publication": _TEXT,
    "edition_before": _TEXT,
    "edition_after": _TEXT,
    "seen_before": _TIME,
    "seen_after": _TIME,
    "published_after": _DATE,
    "change": _TEXT,
    "what": _TEXT,
    "table": _TEXT,
    "measure": _TEXT,
    "characteristic": _TEXT,
    "category": _TEXT,
    "period": _TEXT,
    "figure_id": _TEXT,
    "was": _TEXT,
    "now": _TEXT,
    "value_before": _REAL,
    "value_after": _REAL,
    "marked": _FLAG,
    "sheet_before": _TEXT,
    "cells_before": _LIST,
    "artefact_before": _TEXT,
    "sheet_after": _TEXT,
    "cells_after": _LIST,
    "artefact_after": _TEXT,
    "message": _TEXT,
}
"""What is different between an edition and the one before it, or between two vintages of one edition.

`change` and `what` are closed vocabularies of `monitor.watch.revisions`. `marked` says whether the publisher marked a
revised value as revised; null for other changes.
"""

STAGED = {
    "artefact": ARTEFACT,
    "surveyed_table": SURVEYED_TABLE,
    "breakdown": BREAKDOWN,
    "unclear": UNCLEAR,
    "footnote": FOOTNOTE,
    "figure": FIGURE,
    "level": LEVEL,
}
"""Observations, append-only: what a pass over one artefact yields."""

JUDGED = {"finding": FINDING, "withholding": WITHHOLDING, "supersession": SUPERSESSION}
DUE = {
    "publication": _TEXT,
    "title": _TEXT,
    "held": _TEXT,
    "status": _TEXT,
    "at": _TIME,
    "opens": _DATE,
    "closes": _DATE,
    "basis": _TEXT,
    "overdue": _FLAG,
    "days_late": _WHOLE,
    "severity": _TEXT,
    "reason": _TEXT,
    "as_of": _DATE,
}
DERIVED = {
    "disparity": DISPARITY,
    "summary": SUMMARY,
    "gap": GAP,
    "coverage": COVERAGE,
    "revision": REVISION,
    "due": DUE,
}
"""Derived tables are replaced whole, in one transaction a pass."""

TABLES = {**STAGED, **JUDGED, **DERIVED}


def ddl(table: str) -> str:
    """`CREATE TABLE` for one of the tables above."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in TABLES[table].items())
    return f'CREATE TABLE IF NOT EXISTS "{table}" ({columns})'


@cache
def frame_schema(table: str) -> dict[str, Any]:
    """The polars schema of one of the tables above."""
    import polars as pl

    kinds = {
        _TEXT: pl.String(),
        _REAL: pl.Float64(),
        _WHOLE: pl.Int64(),
        _DATE: pl.Date(),
        _TIME: pl.Datetime("us"),
        _LIST: pl.List(pl.String()),
        _FLAG: pl.Boolean(),
    }
    return {name: kinds[kind] for name, kind in TABLES[table].items()}
