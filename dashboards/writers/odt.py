"""An OpenDocument text: caption with a numbered sequence, borders, a header that repeats, British English."""

import json
from pathlib import Path

from dashboards.cited import CitedTable
from dashboards.writers.layout import provenance, reading
from dashboards.writers.package import fill, write_opendocument


def write(table: CitedTable, path: Path) -> None:
    """Write the table as an OpenDocument text."""
    layout = reading(table)
    said = json.dumps({"made_with": table.made_with, "cells": provenance(table)}, ensure_ascii=False)
    content = fill("document.xml", table=table, layout=layout)
    write_opendocument(path, table, "text", content, wide=layout.wide, provenance=said)
