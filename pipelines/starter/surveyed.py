"""The survey of sheets whose cells are not transcribed: which tables they hold and what those are broken down by.

What it makes true: "absent from the sheets inspected" speaks of the whole of a publisher's workbook on a fresh
clone too. One row a table and characteristic; a table broken down by nothing has one row, and so has a sheet
without a table. Regenerated from the original with the cells, and compared with it by a test.
"""

import csv
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from pipelines import starter
from pipelines.survey import Characteristic, Surveyed

COLUMNS = (
    "sheet", "position", "title", "first_period", "last_period", "crossed", "scope",
    "characteristic", "classification", "categories", "unknown_share", "suppressed_share", "cells",
)  # fmt: skip
_SUFFIX = ".survey.csv"


def path_beside(cells: Path) -> Path:
    """The survey that goes with a transcription of cells."""
    return cells.with_name(cells.name.replace(".cells.csv", _SUFFIX))


def survey_of(original_sha256: str) -> list[Surveyed]:
    """The transcribed survey of an original's other sheets; empty when there is none."""
    for source in starter.sources():
        path = path_beside(source.path)
        if source.original_sha256 == original_sha256 and path != source.path and path.exists():
            return read(path)
    return []


def read(path: Path) -> list[Surveyed]:
    """A survey file's tables, in order."""
    tables: dict[tuple[str, int], Surveyed] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            key = (row["sheet"], int(row["position"]))
            table = tables.get(key)
            if table is None:
                table = tables[key] = Surveyed(
                    sheet=row["sheet"],
                    position=key[1],
                    title=row["title"],
                    first_period=_date(row["first_period"]),
                    last_period=_date(row["last_period"]),
                    crossed=json.loads(row["crossed"]),
                    scope=json.loads(row["scope"]),
                )
            if row["characteristic"]:
                table.characteristics[row["characteristic"]] = Characteristic(
                    categories=row["categories"].split("|"),
                    classification=row["classification"] or None,
                    unknown_share=_number(row["unknown_share"]),
                    suppressed_share=_number(row["suppressed_share"]),
                    cells=tuple(row["cells"].split()),
                )
    return list(tables.values())


def write(path: Path, tables: Sequence[Surveyed], empty_sheets: Sequence[str]) -> None:
    """Write a survey file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        out.writeheader()
        for sheet in empty_sheets:
            out.writerow({"sheet": sheet, "position": -1, "crossed": "[]", "scope": "{}"})
        for t in tables:
            base = {
                "sheet": t.sheet,
                "position": t.position,
                "title": t.title,
                "first_period": t.first_period or "",
                "last_period": t.last_period or "",
                "crossed": json.dumps(t.crossed),
                "scope": json.dumps(t.scope, sort_keys=True),
            }
            for name, c in t.characteristics.items() or {"": None}.items():
                row = dict(base, characteristic=name)
                if c is not None:
                    row |= {
                        "classification": c.classification or "",
                        "categories": "|".join(c.categories),
                        "unknown_share": "" if c.unknown_share is None else repr(c.unknown_share),
                        "suppressed_share": "" if c.suppressed_share is None else repr(c.suppressed_share),
                        "cells": " ".join(c.cells),
                    }
                out.writerow(row)


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None
