"""Tidy CSV, for programs: one row a group, numbers in full, and on every row what is needed to cite it."""

import csv
from collections.abc import Callable
from pathlib import Path

from dashboards.cited import CitedTable

_RUN_FIRST = ("=", "+", "-", "@", "\t", "\r")
NAME, LABEL = "group", "published_label"
CITING: dict[str, Callable[[CitedTable], str]] = {
    "table": lambda table: table.title,
    "unknown": lambda table: table.unknown_sentence,
    "baseline": lambda table: table.baseline_sentence,
    "fit": lambda table: table.fit,
    "intervals": lambda table: table.interval_sentence,
    "notes": lambda table: " ".join((*table.notes, table.caution)),
    "source": lambda table: " ".join(table.sources),
    "calculated_by": lambda table: table.calculated_by,
    "licence": lambda table: table.licence,
    "made_with": lambda table: table.made_with,
}
"""Columns that say the same on every row: what is needed to cite one."""


def safe(text: str) -> str:
    """Words that no spreadsheet program runs."""
    return f"'{text}" if text.startswith(_RUN_FIRST) else text


def readable(text: str) -> str:
    """The inverse of `safe`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RUN_FIRST) else text


def write(table: CitedTable, path: Path) -> None:
    """Write the table as CSV, UTF-8, one row a group."""
    numbers = [c for i, c in enumerate(table.columns) if any(row.cells[i].figures for row in table.rows)]
    origins = [f"{c.key}_{what}" for c in numbers for what in ("from", "figures")]
    header = [NAME, LABEL, "level", *(c.key for c in table.columns), *origins, *CITING]
    citing = [said(table) for said in CITING.values()]
    with path.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, lineterminator="\r\n")
        lines.writerow(header)
        for row in table.rows:
            values = [repr(c.value) if c.value is not None else safe(c.text) for c in row.cells]
            where = []
            for column, cell in zip(table.columns, row.cells, strict=True):
                if column in numbers:
                    where += [table.came_from(cell) or "–", table.ids(cell) or "–"]
            words = [safe(w or "–") for w in (*where, *citing)]
            lines.writerow([safe(row.name), safe(row.label), row.level, *values, *words])
