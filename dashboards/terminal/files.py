"""What a file is broken down by, and what a declaration makes of it, as text."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.terminal.layout import TITLES, aligned, count, percent, wrapped
from monitor.vocabulary import CHARACTERISTICS


def surveyed(document: Mapping[str, Any]) -> str:
    """A survey in words."""
    lines = [f"sha256 {document['sha256']}"]
    for t in document["tables"]:
        span = f"{t['first_period']} to {t['last_period']}" if t["first_period"] else "no period found"
        lines.append(f"\n{t['sheet']}: {t['title'][:90]} ({span})")
        for name, c in t["characteristics"].items():
            shown = ", ".join(c["categories"][:8]) + (
                f" and {len(c['categories']) - 8} more" if len(c["categories"]) > 8 else ""
            )
            kind = f" [{c['classification']}]" if c["classification"] else ""
            unknown = f"; {percent(c['unknown_share'])} unknown" if c["unknown_share"] else ""
            lines.append(wrapped(f"{TITLES[name]}{kind}: {shown}{unknown}", "  "))
        if not t["characteristics"]:
            lines.append("  broken down by no characteristic")
        if t["crossed"]:
            lines.append("  crossed: " + "; ".join(" by ".join(c) for c in t["crossed"]))
    lines.append("")
    rows = [["characteristic", "in this file"]] + [[TITLES[k], v] for k, v in document["characteristics"].items()]
    return "\n".join(lines) + "\n" + aligned(rows)


def tried(figures: pl.DataFrame, found: Mapping[str, str], problems: Sequence[Any]) -> str:
    """What a declaration yields from a file."""
    lines = []
    for table, sheet in found.items():
        mine = figures.filter(pl.col("table_id") == table)
        lines.append(f"{table}: sheet {sheet}, {mine.height:,} figures")
        for r in mine.head(3).iter_rows(named=True):
            named = {c.id: r[c.id] for c in CHARACTERISTICS if r[c.id] != "all"}
            lines.append(
                f"  {r['cell']}: {count(r['value'])} {r['status']} {r['period_label']} {named} {r['circumstances']}"
            )
    for p in problems:
        where = f" {p['sheet']}" if p["sheet"] else ""
        lines.append(
            wrapped(f"{p['severity'].upper()} {p['check']}{where}: {p['message']} {' '.join(p['cells'][:12])}")
        )
    return "\n".join(lines) or "Nothing was found."
