"""The tables, each column once.

What it makes true: a figure, a finding, a disparity or a gap has the same columns wherever it travels, because
both the polars schema and the DuckDB DDL are read from here. Every characteristic has its own column and the
publisher's own words beside it; what is not a characteristic is canonical JSON in `circumstances`.

Why columns and keys, not attributes of a dataframe: provenance kept as metadata is lost at the first join.

What it refuses: a second place where a table's columns are written.
"""

from functools import cache
from typing import Any

from monitor.vocabulary import CHARACTERISTICS

_TEXT, _REAL, _WHOLE, _DATE, _TIME, _LIST = "VARCHAR", "DOUBLE", "BIGINT", "DATE", "TIMESTAMP", "VARCHAR[]"

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
}
"""Bytes as served, or a transcription of facts from them. `original_sha256` is the publisher's file's hash."""

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
}
"""One row for every table found on every sheet inspected, whether or not it is broken down by anything."""

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
}
"""A table that separates people by a characteristic: which categories, which share is unknown or suppressed."""

_CHARACTERISTIC_COLUMNS = {column: _TEXT for c in CHARACTERISTICS for column in (c.id, f"{c.id}_label")}

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
}
"""A check's result: one row a check and cause, with all its cells (`Sheet!A1` where more than one sheet).

`artefact_sha256` is the file that a reading problem is about; null where the figures of an edition were judged.
"""

WITHHOLDING = {"observation_id": _TEXT, "finding_id": _TEXT, "reason": _TEXT}
"""A figure contradicted by its own parts and by another table: kept, never edited, never used."""

DISPARITY = {
    "disparity_id": _TEXT,
    "measure": _TEXT,
    "kind": _TEXT,
    "counts": _TEXT,
    "period": _TEXT,
    "period_start": _DATE,
    "period_end": _DATE,
    "place": _TEXT,
    "sex": _TEXT,
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
}
"""Expected or promised, minus observed: what is published of a characteristic, and what is not."""

STAGED = {
    "artefact": ARTEFACT,
    "surveyed_table": SURVEYED_TABLE,
    "breakdown": BREAKDOWN,
    "figure": FIGURE,
    "level": LEVEL,
}
"""Observations, append-only: what a pass over one artefact yields."""

JUDGED = {"finding": FINDING, "withholding": WITHHOLDING}
DERIVED = {"disparity": DISPARITY, "gap": GAP}
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
    }
    return {name: kinds[kind] for name, kind in TABLES[table].items()}
