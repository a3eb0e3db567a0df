"""What is published and what is not: the matrix, and the evidence about one publication."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards import sentences as say
from dashboards.pages.evidence import files_shown, findings_shown
from dashboards.pages.kinds import Held, Page
from dashboards.pages.words import title_of
from monitor.vocabulary import CHARACTERISTICS
from monitor.watch.register import SEPARATING, word

HELD = tuple(SEPARATING)


def _evidence(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def gap_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the register as shown: its state in a word, what lies under it, its evidence."""
    evidence = _evidence(row["evidence"])
    categories = [say.label(str(c)) for c in evidence.get("categories", [])]
    state = row["state"]
    under = {
        "present": f"{len(categories)} categories" if categories else "",
        "partial": f"{len(categories)} categories" if categories else "",
        "absent": f"{evidence.get('sheets')} inspected" if isinstance(evidence.get("sheets"), int) else "",
        "not_looked": "no file held",
        "unclear": "by us; says nothing of the publisher",
        "not_read": "not every file is held",
    }.get(state, "")
    sheets = evidence.get("sheets")
    return {
        **row,
        "word": word(state),
        "under": under,
        "categories": categories,
        "sheets": [str(s) for s in sheets] if isinstance(sheets, list) else [],
        "sha256": evidence.get("sha256", []),
        "source": evidence.get("source", ""),
        "unknown": say.percent(row["unknown_share"]) if row["unknown_share"] is not None else "",
        "since_words": say.day(row["since"]) if row["since"] else "",
        "reason": say.clean(row["reason"] or ""),
    }


def _by_publication(held: Held) -> dict[str, dict[str, list[dict[str, Any]]]]:
    rank = {"S1": 0, "S2": 1, "S3": 2, "S4": 3}
    table: dict[str, dict[str, list[dict[str, Any]]]] = {p: {} for p in held.publications}
    rows = sorted(held.gaps.iter_rows(named=True), key=lambda r: (rank.get(r["severity"], 9), r["state"]))
    for row in rows:
        table.setdefault(row["publication"], {}).setdefault(row["characteristic"], []).append(gap_shown(row))
    return table


def least_covered_first(gaps: pl.DataFrame) -> tuple[list[str], list[str]]:
    """The nine protected characteristics, then those beside them; each list begins with the least covered."""
    counts = {
        c.id: gaps.filter((pl.col("characteristic") == c.id) & pl.col("state").is_in(HELD))["publication"].n_unique()
        for c in CHARACTERISTICS
    }
    nine = sorted((c.id for c in CHARACTERISTICS if c.protected), key=lambda c: counts[c])
    beside = sorted((c.id for c in CHARACTERISTICS if not c.protected), key=lambda c: counts[c])
    return nine, beside


def coverage(held: Held) -> Page:
    """The matrix: publications down, nine characteristics and those beside across, least covered first."""
    nine, beside = least_covered_first(held.gaps)
    table = _by_publication(held)
    return Page(
        "coverage.html",
        "coverage.html",
        "What is published, and what is not",
        "coverage",
        {
            "nine": [(c, say.title_of(c)) for c in nine],
            "beside": [(c, say.title_of(c)) for c in beside],
            "rows": [(slug, title_of(held, slug), cells) for slug, cells in table.items()],
            "wide": True,
        },
    )


def publication(held: Held, slug: str) -> Page:
    """The evidence about one publication: each characteristic, the files, what the checks found."""
    record = held.publications[slug]
    cells = _by_publication(held).get(slug, {})
    return Page(
        f"publication-{slug}.html",
        "publication.html",
        say.clean(record.title),
        "coverage",
        {
            "record": record,
            "rows": [(c.id, c.title, c.protected, cells.get(c.id, [])) for c in CHARACTERISTICS],
            "files": files_shown(held, slug),
            "findings": findings_shown(held.findings.filter(pl.col("publication") == slug)),
            "tables": _tables(held, slug),
            "changes": _changes(held, slug),
        },
    )


def _tables(held: Held, slug: str) -> list[tuple[str, ...]]:
    """The history of each table by each characteristic it has separated people by: cells of a row."""
    return [
        (
            say.clean(r["table"] or ""),
            say.title_of(r["characteristic"]),
            word(r["state"]),
            r["first_edition"] or "",
            r["last_edition"] or "",
            str(len(r["categories"] or [])),
            say.percent(r["unknown_share"]) if r["unknown_share"] is not None else "not known",
            f"{say.clean(r['sheet'] or '')} {' '.join(r['cells'] or [])}",
        )
        for r in held.coverage.filter(pl.col("publication") == slug).iter_rows(named=True)
    ]


MOST_CHANGES = 40
"""Changes listed on a page; `justice-monitor diff` has them all."""


def _changes(held: Held, slug: str) -> dict[str, Any]:
    rows = held.revisions.filter(pl.col("publication") == slug)
    return {"lines": [say.clean(m) for m in rows["message"].head(MOST_CHANGES)], "all": rows.height}
