"""What a file is broken down by, and what a declaration makes of it, as text."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.terminal.layout import TITLES, aligned, count, percent, wrapped
from monitor.vocabulary import CHARACTERISTICS
from pipelines.account import Account


def surveyed(document: Mapping[str, Any]) -> str:
    """A survey in words: each table with what became of its cells, then the answers and what left them open."""
    lines = [f"sha256 {document['sha256']}"]
    for t in document["tables"]:
        span = f"{t['first_period']} to {t['last_period']}" if t["first_period"] else "no period found"
        lines.append(f"\n{t['sheet']}: {t['title'][:90]} ({span})")
        if t["account"] and t["account"]["cells"]:
            lines.append(f"  {accounted(t['account'])}")
        for name, c in t["characteristics"].items():
            more = f" and {len(c['categories']) - 8} more" if len(c["categories"]) > 8 else ""
            kind = f" [{c['classification']}]" if c["classification"] else ""
            unknown = f"; {percent(c['unknown_share'])} unknown" if c["unknown_share"] else ""
            lines.append(wrapped(f"{TITLES[name]}{kind}: {', '.join(c['categories'][:8])}{more}{unknown}", "  "))
        if not t["characteristics"]:
            lines.append("  broken down by no characteristic")
        if t["crossed"]:
            lines.append("  crossed: " + "; ".join(" by ".join(c) for c in t["crossed"]))
    lines.append(f"\nThe file: {accounted(document['account'])}\n")
    rows = [["characteristic", "in this file"]] + [[TITLES[k], v] for k, v in document["characteristics"].items()]
    lines.append(aligned(rows))
    by_cause: dict[tuple[str, ...], list[str]] = {}
    for u in document["unclear"]:
        cause = (u["sheet"], ", ".join(u["cells"][:12]), u["named_by"], u["not_understood"])
        by_cause.setdefault(cause, []).append(TITLES[u["characteristic"]])
    for (sheet, cells, named_by, what), names in by_cause.items():
        named = f"named by {named_by}; " if named_by else ""
        lines.append(wrapped(f"Unclear: {', '.join(names)}. {sheet}, {cells}: {named}{what}."))
    lines += [unread(each) for each in document["unread"]]
    return "\n".join(lines)


def unread(block: Mapping[str, Any]) -> str:
    """Cells that yield nothing, where they are and why."""
    cells = ", ".join(block["cells"][:12]) + ("…" if len(block["cells"]) > 12 else "")
    return wrapped(f"{block['sheet']}, {cells}: {why_nothing(block)}")


def why_nothing(block: Mapping[str, Any]) -> str:
    """Why cells yield nothing, in a sentence."""
    cells = "cell yields" if block["count"] == 1 else "cells yield"
    return f"{count(block['count'])} {cells} no figure ({block['what']}): {block['why'].rstrip('.')}."


def accounted(account: Mapping[str, int]) -> str:
    """What became of cells, in one line."""
    return str(Account(**account))


def tried(document: Mapping[str, Any], preview: Sequence[str] = ()) -> str:
    """What a declaration yields from a file, with what was read where."""
    lines = [accounted(document["account"]), *preview]
    for table, sheet in document["found"].items():
        mine = [r for r in document["figures"] if r["table_id"] == table]
        lines.append(f"{table}: sheet {sheet}, {len(mine):,} figures")
        for r in mine[:3]:
            named = {c.id: r[c.id] for c in CHARACTERISTICS if r[c.id] != "all"}
            said = f"{r['status']} {r['period_label']} {named} {r['circumstances']}"
            lines.append(f"  {r['cell']}: {count(r['value'])} {said}")
    for p in document["problems"]:
        which = f"{p['severity'].upper()} {p['check']}{' ' if p['sheet'] else ''}{p['sheet'] or ''}"
        lines.append(wrapped(f"{which}: {p['message']} {' '.join(p['cells'][:12])}"))
    return "\n".join(lines)


def to_confirm(row: Mapping[str, Any], file: str, figures: pl.DataFrame) -> str:
    """What a person confirms of a table: where it stands, what it separates, and some of its figures cell by cell."""
    lines = [f"{row['title']}", f"{file}, sheet {row['sheet']}, edition {row['edition_id']}"]
    if row["state"] == "held_back":
        lines.append(wrapped(f"It is held back: {row['reason']}"))
    lines.append(
        wrapped(f"By {', '.join(row['dimensions'])}: {figures.height:,} figures. Compare these with the file:")
    )
    named = [c for c in figures.columns if c not in ("table_id", "sheet", "marker")]
    shown = figures if figures.height <= 2 * _COMPARED else pl.concat([figures[:_COMPARED], figures[-_COMPARED:]])
    lines.append(aligned([named, *([str(r[c]) for c in named] for r in shown.iter_rows(named=True))]))
    return "\n".join(lines)


_COMPARED = 6
"""So many figures from the beginning and the end of a table are shown to whoever confirms it."""
