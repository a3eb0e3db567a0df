"""Small workbooks of a publication that declares no table: what a publisher prints, written cell by cell."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

Row = Sequence[str | int | float | None]
SLUG = "youth-custody"
GROUPS = ("Asian or Asian British", "Black or Black British", "Mixed", "Other ethnic group", "White", "Not known")
COUNTS = {"2022": (40, 130, 60, 10, 250, 5), "2023": (38, 140, 66, 12, 230, 4)}
YEARS = ("31 March 2022", "31 March 2023")
TITLE = "Table 1: Children in custody by ethnic group, England and Wales, 31 March 2022 and 31 March 2023"


def by_ethnicity(
    *, more: Sequence[Row] = (), total: int = 0, counts: Mapping[str, Sequence[int]] = COUNTS
) -> list[Row]:
    """A table by ethnic group on two days, with its total; `total` is added to the last one."""
    before, after = COUNTS["2022"], COUNTS["2023"]
    rows: list[Row] = [[TITLE], [], ["Ethnic group", *YEARS]]
    rows += [[group, a, b] for group, a, b in zip(GROUPS, before, after, strict=True)]
    return [*rows, *more, ["Total", sum(before), sum(after) + total]]


def by_sex(title: str = "Table 2: Children in custody by sex, England and Wales") -> list[Row]:
    """A table by sex on two days."""
    rows: list[Row] = [[title], [], ["Sex", *YEARS]]
    return [*rows, ["Boys", 480, 477], ["Girls", 15, 13], ["Total", 495, 490]]


def workbook(path: Path, sheets: Mapping[str, Sequence[Row]]) -> Path:
    """The sheets as a workbook at `path`."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    path.write_bytes(held.getvalue())
    return path
