"""What is measured: the published workbook where it is at hand, and workbooks made here in its geometry."""

import datetime as dt
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from monitor.declarations import Publication, parse, sources
from monitor.store.vault import sha256_of
from pipelines import starter
from tests.benchmarks.timing import ROOT

PUBLISHED = ROOT.parent / "shared" / "published"

GROUPS = ("Asian", "Black", "Mixed", "White", "Other", "Not stated")
AGES = ("15-17", "18-20", "21-24", "25-29", "30-39", "40-49", "50-59", "60 and over")
ROWS_A_DATE = 2 * len(GROUPS)
DECLARED = """
id = "generated"
title = "Generated"
publisher = "nobody"

[[table]]
id = "everyone"
title = "People by ethnic group, sex and age"
measure = "people"
population = "people"
columns = ["age"]
fields = { "Date" = "period", "Ethnic group" = "ethnicity", "Sex" = "sex" }
"""


@dataclass(frozen=True)
class Workbook:
    """A file, the declaration it is tidied by, and its edition."""

    path: Path
    publication: Publication
    edition: str


def published() -> Workbook | None:
    """The workbook of most sheets that starter figures are transcribed from; None where no original is at hand."""
    known = {source.original_sha256: source for source in starter.sources()}
    at_hand = {p: known[digest] for p in PUBLISHED.rglob("*.xlsx") if (digest := sha256_of(p)) in known}
    if not at_hand:
        return None
    path = max(at_hand, key=lambda p: (len(_sheets(p)), p.stat().st_size))
    return Workbook(path, sources()[at_hand[path].publication], at_hand[path].edition)


def _sheets(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as book:
        return [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]


def generated(folder: Path, dates: int) -> Workbook:
    """A workbook of one table with `dates × ROWS_A_DATE` rows of ethnic group and sex, ages across the top.

    At most 600 dates: the first of each month from 1975.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Table_1")
    sheet.append(["Table 1: People by ethnic group, sex and age"])
    sheet.append([])
    sheet.append(["Date", "Ethnic group", "Sex", *AGES])
    for number in range(dates):
        date = dt.date(1975 + number // 12, number % 12 + 1, 1)
        for k, group in enumerate(GROUPS):
            for sex in ("Males", "Females"):
                sheet.append([date, group, sex, *(1000 + 7 * number + k + a for a in range(len(AGES)))])
    path = folder / f"generated-{dates}.xlsx"
    book.save(path)
    return Workbook(path, parse(Publication, DECLARED, "generated.toml"), "2022")
