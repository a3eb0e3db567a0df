"""What is published and what is not: the matrix, and the evidence about one publication."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards import sentences as say
from dashboards.pages.evidence import files_shown, findings_shown
from dashboards.pages.kinds import Held, Page
from dashboards.pages.readings import numbers_of_tables, tables_read
from dashboards.pages.words import title_of
from monitor.vocabulary import CHARACTERISTICS
from monitor.watch.register import AWAITING, SEPARATING, word

HELD = tuple(SEPARATING)


def gap_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the register as shown: its state in a word, what lies under it, its evidence."""
    evidence = json.loads(row["evidence"] or "{}")
    categories = [say.label(str(c)) for c in evidence.get("categories", [])]
    state, sheets = row["state"], evidence.get("sheets")
    counted = f"{len(categories)} categories" if categories else ""
    under = {
        "present": counted,
        "partial": counted,
        "absent": f"{sheets} inspected" if isinstance(sheets, int) else "",
        "not_looked": "no file held",
        "unclear": "by us; says nothing of the publisher",
        "not_read": "it may be there",
    }
    return {
        **row,
        "word": word(AWAITING if row.get("awaits") else state),
        "under": under.get(state, ""),
        "categories": categories,
        "sheets": [str(s) for s in sheets] if isinstance(sheets, list) else [],
        "sha256": evidence.get("sha256", []),
        "source": evidence.get("source", ""),
        "unknown": say.percent(row["unknown_share"]) if row["unknown_share"] is not None else "",
        "since_words": say.day(row["since"]) if row["since"] else "",
        "reason": say.clean(row["reason"] or ""),
    }


def _by_publication(held: Held) -> dict[str, dict[str, list[dict[str, Any]]]]:
    table: dict[str, dict[str, list[dict[str, Any]]]] = {p: {} for p in held.publications}
    for row in held.gaps.sort("severity", "state", nulls_last=True, maintain_order=True).iter_rows(named=True):
        table.setdefault(row["publication"], {}).setdefault(row["characteristic"], []).append(gap_shown(row))
    return table


def least_covered_first(gaps: pl.DataFrame) -> tuple[list[str], list[str]]:
    """The nine protected characteristics, then those beside them; each list begins with the least covered."""
    held = (
        gaps.filter(pl.col("state").is_in(HELD)).unique(["characteristic", "publication"])["characteristic"].to_list()
    )
    ordered = sorted(CHARACTERISTICS, key=lambda c: held.count(c.id))
    return [c.id for c in ordered if c.protected], [c.id for c in ordered if not c.protected]


def coverage(held: Held) -> Page:
    """The matrix: publications down, nine characteristics and those beside across, least covered first."""
    nine, beside = least_covered_first(held.gaps)
    table = _by_publication(held)
    context = {
        "nine": [(c, say.title_of(c)) for c in nine],
        "beside": [(c, say.title_of(c)) for c in beside],
        "rows": [(slug, title_of(held, slug), cells) for slug, cells in table.items()],
        "wide": True,
    }
    return Page("coverage.html", "What is published, and what is not", "coverage", context)


def publication(held: Held, slug: str) -> Page:
    """The evidence about one publication: each characteristic, the files, what the checks found."""
    record = held.publications[slug]
    cells = _by_publication(held).get(slug, {})
    context = {
        "record": record,
        "rows": [(c.id, c.title, c.protected, cells.get(c.id, [])) for c in CHARACTERISTICS],
        "files": files_shown(held, slug),
        "findings": findings_shown(held.findings.filter(publication=slug)),
        "tables": _tables(held, slug),
        "changes": _changes(held, slug),
        "read": tables_read(held, slug),
        "numbers": numbers_of_tables(held, slug),
    }
    return Page(f"publication-{slug}.html", say.clean(record.title), "coverage", context, "publication.html")


def _tables(held: Held, slug: str) -> list[tuple[str, ...]]:
    """The history of each table by each characteristic it has separated people by: cells of a row."""
    rows: list[tuple[str, ...]] = []
    for r in held.coverage.filter(publication=slug).iter_rows(named=True):
        what = say.clean(r["table"] or ""), say.title_of(r["characteristic"]), word(r["state"])
        editions = r["first_edition"] or "", r["last_edition"] or ""
        unknown = say.percent(r["unknown_share"]) if r["unknown_share"] is not None else "not known"
        cells = f"{say.clean(r['sheet'] or '')} {' '.join(r['cells'] or [])}"
        rows.append((*what, *editions, str(len(r["categories"] or [])), unknown, cells))
    return rows


MOST_CHANGES = 40
"""Changes listed on a page; `justice-monitor diff` has them all."""


def _changes(held: Held, slug: str) -> dict[str, Any]:
    rows = held.revisions.filter(publication=slug)
    return {"lines": [say.clean(m) for m in rows["message"].head(MOST_CHANGES)], "all": rows.height}
