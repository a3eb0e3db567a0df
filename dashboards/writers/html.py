"""An HTML fragment for any page: caption, header cells with a scope, each figure's source in `data-from`."""

from pathlib import Path

from dashboards.cited import CitedTable
from dashboards.writers.layout import reading
from dashboards.writers.package import fill


def write(table: CitedTable, path: Path) -> None:
    """Write the table, its notes and its sources as one `<figure>`; every text in it is escaped."""
    path.write_text(fill("table.html", table=table, layout=reading(table)), encoding="utf-8", newline="\n")
