"""Starter figures: facts transcribed from published tables, each traceable to its original file, sheet and cell.

`sources.csv` says from which original each file is transcribed, `selections.toml` which of its cells.
"""

import calendar
import csv
import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from monitor.declarations import DeclarationError
from monitor.settings import DECLARATIONS

SOURCES = "sources.csv"
COLUMNS = (
    "file",
    "publication",
    "edition",
    "edition_title",
    "published_on",
    "original_name",
    "original_sha256",
    "publisher",
    "title",
    "url",
    "licence",
)
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class Source:
    """The transcription at `path`, and the citation of its original, published on `published_on` at the latest."""

    file: str
    publication: str
    edition: str
    edition_title: str
    published_on: dt.date
    original_name: str
    original_sha256: str
    publisher: str
    title: str
    url: str
    licence: str
    path: Path


def last_day(stated: str) -> dt.date:
    """The last day a stated day or month covers: `2023-01` → 31 January 2023. Raises `ValueError`."""
    if re.fullmatch(r"\d{4}-\d\d", stated):
        year, month = map(int, stated.split("-"))
        return dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.date.fromisoformat(stated)


def sources(folder: Path | None = None, *, made: bool = True) -> list[Source]:
    """Every starter transcription, in the order of `sources.csv`; none when the folder has no such file.

    With `made` false the files themselves need not exist yet. Raises `DeclarationError` naming the line when
    a column, a file, a hash, a date or a licence is missing.
    """
    folder = folder or DECLARATIONS / "starter"
    listing = folder / SOURCES
    if not listing.exists():
        return []
    with listing.open(encoding="utf-8", newline="") as stream:
        lines = csv.DictReader(stream)
        if tuple(lines.fieldnames or ()) != COLUMNS:
            raise DeclarationError(
                f"starter/{SOURCES}, line 1: expected the columns {','.join(COLUMNS)}; "
                f"found {','.join(lines.fieldnames or ()) or 'nothing'}"
            )
        return [_source(folder, row, lines.line_num, made) for row in lines]


def _source(folder: Path, row: dict[str, str], line: int, made: bool) -> Source:
    where = f"starter/{SOURCES}, line {line}"
    for column in COLUMNS:
        if not row[column] and column != "url":
            raise DeclarationError(f"{where}: {column} is empty; state it, a citation needs it")
    if not _SHA256.match(row["original_sha256"]):
        raise DeclarationError(
            f"{where}: original_sha256 is {row['original_sha256']!r}; expected 64 hexadecimal digits"
        )
    try:
        published_on = last_day(row["published_on"])
    except ValueError:
        raise DeclarationError(
            f"{where}: published_on is {row['published_on']!r}; expected a day (2022-07-28) or a month (2023-01)"
        ) from None
    path = folder / row["file"]
    if made and not path.exists():
        raise DeclarationError(
            f"{where}: there is no file {row['file']!r} in {folder.name}/; make it with "
            "`python -m pipelines.starter.transcribe`, or take the row out"
        )
    stated = {column: row[column] for column in COLUMNS if column != "published_on"}
    return Source(**stated, published_on=published_on, path=path)
