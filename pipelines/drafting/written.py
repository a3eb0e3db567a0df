"""A proposal as the text of a declaration: TOML that loads as it stands, what only a person can say in capitals."""

import json
from collections.abc import Mapping, Sequence

from pipelines.drafting.propose import Measured, Proposal, slug

LEAD = "# Drafted from a file: say what stands in capitals, check every line, delete the tables you do not need."


def declaration(proposals: Sequence[Proposal], name: str) -> str:
    """TOML text that declares every table proposed; `name` is the file's, without its ending."""
    lines = [
        LEAD,
        f"id = {_text(slug(name) or 'publication')}",
        'title = "TITLE OF THE SERIES"',
        'publisher = "PUBLISHER"',
    ]
    for proposal in proposals:
        if proposal.refused:
            lines += [
                "",
                f"# sheet {_comment(proposal.table.grid.sheet)}: not read, because {_comment(proposal.refused)}",
            ]
        else:
            lines += ["", *_table(proposal)]
    if not proposals:
        lines.append("# No table was found in this file.")
    return "\n".join(lines) + "\n"


def _table(p: Proposal) -> list[str]:
    lines = [f"# sheet {_comment(p.table.grid.sheet)}: {_comment(p.table.title)[:90]}".rstrip(": "), "[[table]]"]
    lines.append(f"id = {_text(p.id)}")
    if p.title:
        lines.append(f"title = {_text(p.title)}")
    if p.sheet:
        lines.append(f"sheet = {_text(p.sheet)}")
    if p.shape == "long":
        lines.append('shape = "long"')
    # because until a person says who is counted, no figure of one table is another's
    lines += ['measure = "WHAT-IS-COUNTED"', f"population = {_text('WHO IS COUNTED IN ' + p.id.upper())}"]
    lines.append(f"period_kind = {_text(p.period_kind)}")
    if p.counts != "people" and not p.statistics:
        lines.append(f"counts = {_text(p.counts)}")
    if p.unit != "people" and not p.statistics:
        lines.append(f"unit = {_text(p.unit)}")
    if p.scale != 1 and not p.statistics:
        lines.append(f"scale = {p.scale:g}")
    lines.append(f"place = {_text(p.place)}")
    if p.scope:
        lines.append(f"scope = {_mapping(p.scope)}")
    if p.identification != "self":
        lines.append(f"identification = {_text(p.identification)}")
    if p.fields:
        lines.append(f"fields = {_mapping(p.fields)}")
    else:
        lines.append(f"rows = {_list(p.rows)}")
    if p.shape == "crosstab":
        lines.append(f"columns = {_list(p.columns)}")
    if not p.fields:
        lines.append("inferred = true")
    if p.where:
        lines.append("where = { " + ", ".join(f"{_text(k)} = {_list(v)}" for k, v in p.where.items()) + " }")
    if p.period is not None:
        lines.append(f"period = {_text(p.period or 'PERIOD, such as 2022-06-30 or 2018/19')}")
    if p.statistics:
        lines += ["statistics = [", *(_statistic(s) for s in p.statistics), "]"]
    return lines


def _statistic(m: Measured) -> str:
    said = {"header": m.header, "measure": slug(m.header) or "value", "unit": m.unit}
    written = ", ".join(f"{name} = {_text(value)}" for name, value in said.items())
    written += "" if m.adds_up else ', counts = "neither"'
    return f"  {{ {written}{f', scale = {m.scale:g}' if m.scale != 1 else ''} }},"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Sequence[str]) -> str:
    return "[" + ", ".join(_text(v) for v in values) + "]"


def _mapping(values: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{_text(k)} = {_text(v)}" for k, v in values.items()) + " }"


def _comment(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
