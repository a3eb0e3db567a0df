"""What validation found and what is not published, as text."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.terminal.layout import TITLES, aligned, heading, listed, percent, wrapped
from monitor.watch.register import OURS


def checks(found: pl.DataFrame) -> str:
    """Findings, worst first, with their cells."""
    if found.is_empty():
        return "The checks found nothing."
    lines = []
    for r in found.iter_rows(named=True):
        cells = list(r["cells"] or [])
        shown = ", ".join(cells[:12]) + (f" and {len(cells) - 12} more" if len(cells) > 12 else "")
        lines.append(f"{r['severity'].upper()}  {r['publication']} {r['edition']}  {r['check']}  {r['sheet'] or ''}")
        lines.append(wrapped(r["message"], "  "))
        if shown:
            lines.append(wrapped(f"Cells: {shown}", "  "))
        lines.append("")
    return "\n".join(lines).rstrip()


def gaps(found: pl.DataFrame) -> str:
    """The register, one block a publication: its characteristics, then what is news of tables and of the release."""
    lines = []
    for key, part in found.partition_by("publication", as_dict=True, maintain_order=True).items():
        lines.append(heading(str(key[0])))
        rows = [["characteristic", "state", "severity", "confidence", "finest", "unknown", "since"]]
        for r in part.filter(level="publication").iter_rows(named=True):
            surely = [r["severity"], *(r[name] or "–" for name in ("confidence", "classification"))]
            since = str(r["since"] or "–")
            rows.append([TITLES[r["characteristic"]], _state(r), *surely, percent(r["unknown_share"]), since])
        lines.append(aligned(rows))
        loud = part.filter(~pl.col("state").is_in(["absent", *OURS]), level="publication")
        reasons = loud["reason"].unique(maintain_order=True).to_list()[:3]
        lines += [wrapped(line, "  ") for line in (*left_open(part), *reasons)]
        news = part.filter(pl.col("level") != "publication").sort("severity", maintain_order=True)
        for r in news.iter_rows(named=True):
            of = r["measure"] or ("release" if r["characteristic"] == "all" else TITLES[r["characteristic"]])
            lines.append(wrapped(f"{r['severity']}  {_state(r)}: {of}. {r['reason']}", "  "))
    return "\n".join(lines)


def left_open(part: pl.DataFrame) -> list[str]:
    """What this monitor did not understand or read of a publication: its cells, once for all they leave open."""
    by_cause: dict[tuple[str, ...], list[str]] = {}
    for r in part.filter(pl.col("state").is_in(OURS), level="publication").iter_rows(named=True):
        evidence = json.loads(r["evidence"])
        cells, why = ", ".join(evidence.get("cells", [])[:12]), "; ".join(evidence.get("not_understood", []))
        by_cause.setdefault((_state(r), r["edition"], cells, why), []).append(TITLES[r["characteristic"]].lower())
    return [
        f"{state} by this monitor, and told to no publisher: {listed(names)}, edition {edition}"
        f"{f'. {cells}' if cells else ''}: {why}."
        for (state, edition, cells, why), names in by_cause.items()
    ]


def _state(row: Mapping[str, Any]) -> str:
    return row["state"].replace("_", " ") + (f" ({row['code']})" if row["code"] else "")


def coverage(found: pl.DataFrame) -> str:
    """The history of the register: for each table, in which state it was by each characteristic, from when to when."""
    lines = []
    for key, part in found.partition_by("publication", as_dict=True, maintain_order=True).items():
        lines.append(heading(str(key[0])))
        rows = [["table", "characteristic", "state", "from", "to", "editions", "finest", "unknown"]]
        for r in part.iter_rows(named=True):
            seen = [r["state"], r["first_edition"], r["last_edition"], str(r["editions"])]
            finest = [r["classification"] or "–", percent(r["unknown_share"])]
            rows.append([r["table"][:60], TITLES[r["characteristic"]], *seen, *finest])
        lines.append(aligned(rows, right=(5,)))
    return "\n".join(lines) if lines else "No file that is held separates people by it."


def audits(found: Sequence[Mapping[str, Any]]) -> str:
    """Audits by others: their totals, and their rows beside what the register says."""
    if not found:
        return "No audit is declared."
    lines = []
    for each in found:
        lines.append(heading(f"{each['by']}: {each['title']}"))
        said = "; ".join(f"{state} {n}" for state, n in each["totals"].items())
        lines.append(wrapped(f"{each['recommendations']} {each['of']}: {said}. Source: {each['source']}.", "  "))
        for row in each["rows"]:
            accepted = f", accepted {row['accepted']}" if row["accepted"] else ""
            lines.append(wrapped(f"{row['by']}: {row['recommended']}{accepted}: {row['state']}.", "  "))
            lines.append(wrapped(f"Source: {row['source']}. We: {row['ours'] or 'nothing is held of it'}.", "    "))
    said = "What others found is theirs, with the day they found it; what the register says is in `commitments`."
    return "\n".join([*lines, wrapped(said)]).lstrip("\n")


def commitments(rows: Sequence[Mapping[str, Any]]) -> str:
    """What was asked or promised, and what the register says of each place where it would be kept."""
    if not rows:
        return "Nothing had been asked or promised by that day."
    lines = []
    for r in rows:
        lines.append(heading(f"{r['title']}: {r['state']}"))
        lines.append(wrapped(f"{r['said']} Source: {r['source']}.", "  "))
        if r["due"]:
            lines.append(wrapped(f"Due {r['due']}{': the day has passed' if r['overdue'] else ''}.", "  "))
        for place in r["asked"]:
            what = "" if place["characteristic"] == "all" else f", {TITLES[place['characteristic']].lower()}"
            lines.append(wrapped(f"{place['publication']}{what}: {place['reason']}", "  "))
    return "\n".join(lines).lstrip("\n")
