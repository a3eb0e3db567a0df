"""An OpenDocument spreadsheet: numbers as numbers, words as words, nothing a program would run."""

from pathlib import Path

from dashboards.cited import CitedTable
from dashboards.writers.package import fill, write_opendocument
from dashboards.writers.sheets import sheets


def write(table: CitedTable, path: Path) -> None:
    """Write the table as an OpenDocument spreadsheet of three sheets."""
    write_opendocument(path, table, "spreadsheet", fill("spreadsheet.xml", sheets=sheets(table)))
