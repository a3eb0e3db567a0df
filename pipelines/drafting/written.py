"""A proposal as a declared table, and as the text of a declaration: TOML that loads as it stands."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.declarations import Reads
from monitor.declarations.table import NOT_UNDERSTOOD
from pipelines.drafting.propose import Measured, Proposal, slug

LEAD = "# Drafted from a file: say what stands in capitals, check every line, delete the tables you do not need."


def declaration(proposals: Sequence[Proposal], name: str) -> str:
    """TOML text that declares every table proposed; `name` is the file's, without its ending."""
    lines = [
        LEAD,
        f"id = {_value(slug(name) or 'publication')}",
        'title = "TITLE OF THE SERIES"',
        'publisher = "PUBLISHER"',
        *("", "[reads]", 'population = "PEOPLE COUNTED"', 'verb = "WHAT THEY ARE, SUCH AS: in prison"'),
        'because = "WHY THEY ARE COMPARED WITH NOBODY (or say baseline and fit)"',
    ]
    for proposal in proposals:
        sheet = _comment(proposal.table.grid.sheet)
        if proposal.refused:
            lines += ["", f"# sheet {sheet}: not read, because {_comment(proposal.refused)}"]
        else:
            about = f"# sheet {sheet}: {_comment(proposal.table.title)[:90]}".rstrip(": ")
            lines += ["", about, *table_text(said_of(proposal))]
    if not proposals:
        lines.append("# No table was found in this file.")
    return "\n".join(lines) + "\n"


def said_of(p: Proposal, reads: Reads | None = None) -> dict[str, Any]:
    """What a declaration of a proposal's table says, key by key; in capitals what only a person can say.

    `reads` is what the publication declares of all its tables; what it leaves open is as the file says.
    """
    reads = reads and reads.of(p.table.title or p.table.grid.sheet)
    # because until a person says who is counted, no figure of one table is another's
    whom = f"WHO IS COUNTED IN {p.id.upper()}" if reads is None else f"{reads.population} ({p.id})"
    events = p.counts != "people" or (reads is not None and reads.counts == "events")
    said: dict[str, Any] = {
        "id": p.id,
        "title": p.title,
        "sheet": p.sheet,
        "shape": p.shape if p.shape == "long" else "",
        "measure": "WHAT-IS-COUNTED" if reads is None else p.id,
        "population": whom,
        "period_kind": _kind(p.period_kind, reads),
    }
    unit = p.unit if p.unit != "people" or reads is None else reads.unit
    if not p.statistics:
        said |= {
            "counts": "events" if events else "",
            "unit": unit if unit != "people" else "",
            "scale": p.scale if p.scale != 1 else "",
        }
    place = p.place or (reads.place if reads is not None else "")
    said = {key: value for key, value in said.items() if value != ""} | {"place": place}
    said |= {"scope": p.scope} if p.scope else {}
    said |= {"identification": p.identification} if p.identification != "self" else {}
    said |= {"fields": p.fields} if p.fields else {"rows": list(p.rows)}
    said |= {"columns": list(p.columns)} if p.shape == "crosstab" else {}
    said |= {} if p.fields else {"inferred": True}
    said |= {"where": p.where} if p.where else {}
    said |= {"days": list(reads.days)} if reads is not None and reads.days and said["period_kind"] == "stock" else {}
    said |= {"period": p.period or "PERIOD, such as 2022-06-30 or 2018/19"} if p.period is not None else {}
    counts = "events" if reads is not None and reads.counts == "events" else "people"
    said |= {"statistics": [_statistic(s, counts) for s in p.statistics]} if p.statistics else {}
    return said


def _kind(shown: str, reads: Reads | None) -> str:
    """Stock or flow: days are a stock whatever is declared, and words that say another than declared leave it open."""
    if reads is None or not reads.period_kind or shown == "stock":
        return shown
    return NOT_UNDERSTOOD if (shown, reads.period_kind) == ("flow", "stock") else reads.period_kind


def table_text(said: Mapping[str, Any]) -> list[str]:
    """A declared table as lines of TOML, one a key."""
    lines = ["[[table]]"]
    for key, value in said.items():
        if key == "statistics":
            lines += ["statistics = [", *(f"  {_value(each)}," for each in value), "]"]
        else:
            lines.append(f"{key} = {_value(value)}")
    return lines


def _statistic(m: Measured, counts: str) -> dict[str, Any]:
    said = {"header": m.header, "measure": slug(m.header) or "value", "unit": m.unit}
    said |= {"counts": "neither"} if not m.adds_up else {"counts": counts} if counts != "people" else {}
    return said | ({"scale": m.scale} if m.scale != 1 else {})


def _value(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if key.isidentifier() and key.isascii() and key.islower() else _value(key)


def _comment(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
