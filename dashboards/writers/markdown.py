"""Markdown: a pipe table under a bold caption, notes as a list, and where the numbers came from as a JSON block."""

import json
import re
from pathlib import Path

from dashboards.cited import CitedTable
from dashboards.writers.layout import provenance, reading

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~])")
SET_IN = "\u2003"
"""Stands before the name of a group that is part of the one above it: Markdown has no indentation in tables."""


def escape(text: str) -> str:
    """Text that Markdown, and HTML inside it, take for words only."""
    return _SPECIAL.sub(r"\\\1", text.replace("&", "&amp;"))


def unescape(text: str) -> str:
    """The inverse of `escape`."""
    return re.sub(r"\\([\\`*_{}\[\]<>|~])", r"\1", text).replace("&amp;", "&")


def write(table: CitedTable, path: Path) -> None:
    """Write the table as Markdown."""
    layout = reading(table)
    lines = [f"**Table {table.number}. {escape(table.title)}**", ""]
    lines.append(f"| {' | '.join(escape(h) for h in layout.headers)} |")
    lines.append(f"|{'|'.join(['---', *('---' if c.key == 'finding' else '---:' for c in layout.columns)])}|")
    for row in layout.rows:
        cells = [SET_IN * row.depth + escape(row.name), *(escape(c.text) for c in row.cells)]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *(f"- {escape(line)}" for line in table.said), ""]
    said = {"made_with": table.made_with, "cells": provenance(table)}
    lines += ["```json", json.dumps(said, ensure_ascii=True, indent=1).replace("`", "\\u0060"), "```", ""]
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
