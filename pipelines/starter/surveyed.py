"""The survey of the originals of transcriptions, as one CSV each: absence rests on it where no original is held.

One row a table and characteristic; a table broken down by nothing has one row, so has a sheet without a table
(position -1), and each characteristic that a sheet leaves open (no position).
"""

import csv
import datetime as dt
import json
import re
from dataclasses import asdict
from pathlib import Path

from pipelines import starter
from pipelines.account import Account
from pipelines.answers import Unclear
from pipelines.survey import Characteristic, Survey, Surveyed

COLUMNS = (
    "sheet", "position", "title", "first_period", "last_period", "crossed", "scope", "account", "characteristic",
    "classification", "categories", "unknown_share", "unknown_share_before", "suppressed_share", "cells", "named_by",
    "not_understood",
)  # fmt: skip
_FORM = re.compile(r"\.(?:cells|sums)\.csv\Z")


def path_beside(transcription: Path) -> Path:
    """The survey that goes with a transcription."""
    return transcription.with_name(_FORM.sub(".survey.csv", transcription.name))


def survey_of(original_sha256: str) -> Survey | None:
    """The transcribed survey of an original; None where there is none."""
    for source in starter.sources():
        path = path_beside(source.path)
        if source.original_sha256 == original_sha256 and path != source.path and path.exists():
            return read(path)
    return None


def read(path: Path) -> Survey:
    """A survey file's tables and what it leaves open, in order."""
    tables: dict[tuple[str, int], Surveyed] = {}
    unclear = []
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if not row["position"]:
                cells, why = tuple(row["cells"].split("|")), row["not_understood"]
                unclear.append(Unclear(row["characteristic"], row["sheet"], row["named_by"], why, cells))
                continue
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
                    account=Account(**json.loads(row["account"])) if row["account"] else None,
                )
            if row["characteristic"]:
                table.characteristics[row["characteristic"]] = Characteristic(
                    categories=row["categories"].split("|"),
                    classification=row["classification"] or None,
                    unknown_share=_number(row["unknown_share"]),
                    suppressed_share=_number(row["suppressed_share"]),
                    cells=tuple(row["cells"].split("|")) if row["cells"] else (),
                    unknown_share_before=_number(row["unknown_share_before"]),
                )
    every = tables.values()
    return Survey([t for t in every if t.position >= 0], unclear, empty=[t for t in every if t.position < 0])


def write(path: Path, surveyed: Survey) -> None:
    """Write a survey file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        out.writeheader()
        for t in (*surveyed.empty, *surveyed.tables):
            of_table = {
                "sheet": t.sheet,
                "position": t.position,
                "title": t.title,
                "first_period": t.first_period or "",
                "last_period": t.last_period or "",
                "crossed": json.dumps(t.crossed),
                "scope": json.dumps(t.scope, sort_keys=True),
                "account": json.dumps(asdict(t.account)) if t.account else "",
            }
            for name, c in {**t.across, **t.characteristics}.items():
                out.writerow(
                    of_table
                    | {
                        "characteristic": name,
                        "classification": c.classification or "",
                        "categories": "|".join(c.categories),
                        "unknown_share": _text(c.unknown_share),
                        "unknown_share_before": _text(c.unknown_share_before),
                        "suppressed_share": _text(c.suppressed_share),
                        "cells": "|".join(c.cells),
                    }
                )
                of_table["account"] = ""  # because it is said once a table
            if not t.characteristics and not t.across:
                out.writerow(of_table)
        for u in surveyed.unclear:
            out.writerow(asdict(u) | {"cells": "|".join(u.cells)})


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None


def _text(number: float | None) -> str:
    return "" if number is None else repr(number)
