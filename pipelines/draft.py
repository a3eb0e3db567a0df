"""A first declaration for a file nobody declared, for a person to correct.

What it makes true: the next workbook of a kind needs a TOML of a few lines, and those lines are proposed. What it
refuses: to decide what a number counts; `measure` and `population` are left for the person who knows.
"""

import re
from collections.abc import Sequence

from pipelines.placing import infer
from pipelines.reading.grid import Grid
from pipelines.shape import Table, tables


def draft(grids: Sequence[Grid], name: str) -> str:
    """TOML text that declares every table the grids hold."""
    slug = _slug(name)
    parts = [
        "# Drafted from the file: check every line, name what is counted, and delete tables you do not need.",
        f'id = "{slug}"',
        'title = "TITLE OF THE SERIES"',
        'publisher = "PUBLISHER"',
    ]
    used: set[str] = set()
    for grid in grids:
        for table in tables(grid):
            parts.append(_table(table, used))
    if not used:
        parts.append("# No table was found in this file.")
    return "\n".join(parts)


def _table(table: Table, used: set[str]) -> str:
    title = table.numbered_title()[1] or table.grid.sheet
    title = re.split(r"[;(]|,? year ending|,? \d{1,2} \w+ (?:19|20)\d\d", title)[0].strip().replace('"', "'")
    slug = _slug(title)[:60].strip("-") or _slug(table.grid.sheet)
    while slug in used:
        slug += "-2"
    used.add(slug)
    rows = infer(table.side[0])
    columns = tuple(dict.fromkeys(d for axis in table.top for d in infer(axis)))
    lines = ["", "[[table]]", f'id = "{slug}"']
    if len(table.side) > 1:
        fields = {axis.header: infer(axis) for axis in table.side if axis.header}
        named = ", ".join(f'"{h}" = "{d[0] if d else "ignored"}"' for h, d in fields.items())
        lines += [f"fields = {{ {named} }}", f"columns = {_list(columns)}"]
    else:
        lines += [f'title = "{title}"', f"rows = {_list(rows)}", f"columns = {_list(columns)}"]
    if "period" not in (*rows, *columns):
        lines.append('period = "PERIOD, such as 2022-06-30 or 2018/19"')
    lines += [
        'measure = "WHAT IS COUNTED"',
        'population = "people in prison"',
        f"# sheet {table.grid.sheet}: {table.title[:90]}",
    ]
    return "\n".join(lines)


def _list(names: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{n}"' for n in names) + "]"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "publication"
