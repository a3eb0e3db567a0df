"""What a file is broken down by, and what a declaration makes of it, as text."""

from collections.abc import Mapping
from typing import Any

from dashboards.terminal.layout import TITLES, aligned, count, percent, wrapped
from monitor.vocabulary import CHARACTERISTICS


def surveyed(document: Mapping[str, Any]) -> str:
    """A survey in words: each table with what became of its cells, then the answers and what left them open."""
    lines = [f"sha256 {document['sha256']}"]
    for t in document["tables"]:
        span = f"{t['first_period']} to {t['last_period']}" if t["first_period"] else "no period found"
        lines.append(f"\n{t['sheet']}: {t['title'][:90]} ({span})")
        if t["account"]:
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
    return "\n".join(lines)


def accounted(account: Mapping[str, int]) -> str:
    """What became of cells, in one line: `120 cells: 1 title, 4 notes, 20 labels, 95 figures`."""
    kinds = (("titles", "title"), ("notes", "note"), ("labels", "label"), ("figures", "figure"))
    said = [f"{count(n)} {one if n == 1 else many}" for many, one in kinds if (n := account[many])]
    said += [f"{count(n)} {kind.replace('_', ' ')}" for kind in ("refused", "not_understood") if (n := account[kind])]
    return f"{count(account['cells'])} cells: {', '.join(said) or 'none filled'}"


def tried(document: Mapping[str, Any]) -> str:
    """What a declaration yields from a file."""
    lines = [accounted(document["account"])]
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
