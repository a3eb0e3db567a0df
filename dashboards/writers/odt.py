"""An OpenDocument text: caption with a numbered sequence, borders, a header that repeats, British English."""

import json
from pathlib import Path

from dashboards.cited import CitedTable
from dashboards.sentences import TOOL
from dashboards.writers.layout import provenance, reading
from dashboards.writers.package import fill, stamp, write_package

MIMETYPE = "application/vnd.oasis.opendocument.text"


def write(table: CitedTable, path: Path) -> None:
    """Write the table as an OpenDocument text."""
    layout = reading(table)
    said = json.dumps({"made_with": table.made_with, "cells": provenance(table)}, ensure_ascii=False)
    # because documents of odfdo begin in French, with a picture and the clock inside
    parts = {
        "mimetype": MIMETYPE,
        "content.xml": fill("document.xml", table=table, layout=layout),
        "styles.xml": fill("styles.xml", document=True, wide=layout.wide),
        "meta.xml": fill("meta.xml", table=table, tool=TOOL, day=stamp(table.accessed), provenance=said),
        "META-INF/manifest.xml": fill("manifest.xml", mimetype=MIMETYPE),
    }
    write_package(path, parts)
