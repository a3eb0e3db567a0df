"""The register: for every publication and protected characteristic, what is published and what is not.

What it makes true: nine named rows for each publication, always, and beside them nationality, Gypsy, Roma and
Traveller, and learning disability; each says whether a breakdown is present in the files inspected, absent from
all of them, or not looked for. A promise or a request to publish stands with its basis until a table is seen.

What it refuses: to mistake "we have not looked" for "they have not published", and to pool the nine.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from monitor.declarations import Publication
from monitor.store.schema import frame_schema
from monitor.vocabulary import CHARACTERISTICS, GAP_CODES


def register(
    publications: Mapping[str, Publication],
    artefacts: pl.DataFrame,
    surveyed_tables: pl.DataFrame,
    breakdowns: pl.DataFrame,
    *,
    as_of: dt.date,
) -> pl.DataFrame:
    """Gap rows (columns of the store's `gap`) as the register stood on `as_of`.

    `artefacts`, `surveyed_tables` and `breakdowns` are the store's; only files published by `as_of` count, and
    of each publication only the latest edition.
    """
    rows: list[dict[str, Any]] = []
    known = artefacts.filter(pl.col("published_on").is_null() | (pl.col("published_on") <= as_of))
    for slug, publication in publications.items():
        held = known.filter(pl.col("publication") == slug).sort("published_on", "edition_id")
        if held.is_empty():
            rows += [_not_looked(publication, c.id) for c in CHARACTERISTICS]
        else:
            edition = held["edition_id"][-1]
            rows += _inspected(
                publication,
                held.filter(pl.col("edition_id") == edition),
                surveyed_tables.filter((pl.col("publication") == slug) & (pl.col("edition_id") == edition)),
                breakdowns.filter((pl.col("publication") == slug) & (pl.col("edition_id") == edition)),
            )
        rows = _with_expectations(rows, publication, as_of)
    schema = frame_schema("gap")
    return pl.DataFrame([{k: r.get(k) for k in schema} for r in rows], schema=schema)


def _row(publication: Publication, characteristic: str, state: str, **more: Any) -> dict[str, Any]:
    return {
        "publication": publication.id,
        "characteristic": characteristic,
        "state": state,
        "code": GAP_CODES.get(state) or None,
        "severity": "S4",
        **more,
    }


def _not_looked(publication: Publication, characteristic: str) -> dict[str, Any]:
    return _row(
        publication,
        characteristic,
        "not_looked",
        reason="No file of this publication is held and its page has not been looked at. "
        "This says nothing about what is published.",
        evidence=json.dumps({"held": 0}),
    )


def _inspected(
    publication: Publication, held: pl.DataFrame, tables: pl.DataFrame, breakdowns: pl.DataFrame
) -> list[dict[str, Any]]:
    edition = held["edition_id"][-1]
    hashes = held["original_sha256"].unique(maintain_order=True).to_list()
    sheets = tables["sheet"].n_unique()
    inspected = f"{sheets} sheet{'s' if sheets != 1 else ''} inspected"
    rows = []
    for c in CHARACTERISTICS:
        found = breakdowns.filter(pl.col("characteristic") == c.id)
        if c.id in publication.not_applicable:
            rows.append(
                _row(
                    publication,
                    c.id,
                    "not_applicable",
                    edition=edition,
                    reason=publication.not_applicable[c.id],
                )
            )
            continue
        if found.is_empty():
            rows.append(
                _row(
                    publication,
                    c.id,
                    "absent",
                    edition=edition,
                    severity="S3" if c.protected else "S4",
                    confidence="inspected",
                    reason=f"No table separates people by {c.title.lower()} in the {inspected}.",
                    evidence=json.dumps({"sha256": hashes, "sheets": sheets}),
                )
            )
            continue
        finest = found.with_columns(n=pl.col("categories").list.len()).sort("n", descending=True).row(0, named=True)
        first = tables.filter(pl.col("sheet").is_in(found["sheet"].to_list()))["first_period"].drop_nulls()
        where = found.select("sheet").unique(maintain_order=True)["sheet"].to_list()
        rows.append(
            _row(
                publication,
                c.id,
                "present",
                edition=edition,
                confidence="inspected",
                since=first.min(),
                last_seen=edition,
                classification=finest["classification"],
                unknown_share=finest["unknown_share"],
                reason=f"In {len(where)} of the {inspected}: {', '.join(where)}. "
                f"Finest: {finest['n']} categories in {finest['sheet']}.",
                evidence=json.dumps({"sha256": hashes, "sheets": where, "categories": finest["categories"]}),
            )
        )
    return rows


def _with_expectations(rows: list[dict[str, Any]], publication: Publication, as_of: dt.date) -> list[dict[str, Any]]:
    """Requests and promises in force on the day, unless a table with the breakdown has been seen."""
    for expected in publication.expect:
        if as_of < expected.since or expected.state == "practice":
            continue
        current = next(
            r for r in rows if r["publication"] == publication.id and r["characteristic"] == expected.characteristic
        )
        if current["state"] == "present":
            continue
        said = {"day": "%-d %B %Y", "month": "%B %Y", "year": "%Y"}[expected.precision]
        stands = _row(
            publication,
            expected.characteristic,
            "never_published",
            measure=expected.measure,
            severity=expected.severity,
            confidence=expected.confidence,
            since=expected.since,
            reason=f"{expected.basis} In force from {expected.since.strftime(said)}.",
            evidence=json.dumps({"source": expected.source, "files_inspected": 0}),
        )
        rows[rows.index(current)] = stands
    return rows
