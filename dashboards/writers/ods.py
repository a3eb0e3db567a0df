"""An OpenDocument spreadsheet: numbers as numbers, words as words, nothing a program would run."""

from pathlib import Path

from dashboards.cited import CitedTable
from dashboards.sentences import TOOL
from dashboards.writers.package import fill, stamp, write_package
from dashboards.writers.sheets import sheets

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def write(table: CitedTable, path: Path) -> None:
    """Write the table as an OpenDocument spreadsheet of three sheets."""
    parts = {
        "mimetype": MIMETYPE,
        "content.xml": fill("spreadsheet.xml", sheets=sheets(table)),
        "styles.xml": fill("styles.xml", document=False, wide=True),
        "meta.xml": fill("meta.xml", table=table, tool=TOOL, day=stamp(table.accessed), provenance=""),
        "META-INF/manifest.xml": fill("manifest.xml", mimetype=MIMETYPE),
    }
    write_package(path, parts)
