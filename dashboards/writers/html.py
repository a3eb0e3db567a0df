"""An HTML fragment for any page: caption, header cells with a scope, each figure's source in `data-from`."""

from pathlib import Path

from dashboards.cited import CitedTable
from dashboards.writers.layout import reading
from dashboards.writers.package import fill


def fragment(table: CitedTable) -> str:
    """The table, its notes and its sources as one `<figure>`; every text in it is escaped."""
    return fill("table.html", table=table, layout=reading(table))


def write(table: CitedTable, path: Path) -> None:
    """Write the fragment."""
    path.write_text(fragment(table), encoding="utf-8", newline="\n")
