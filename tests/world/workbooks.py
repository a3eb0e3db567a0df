"""Small workbooks in the published geometry: a contents sheet, then one titled table a sheet, header row found below.

Every variation that a publisher makes from one edition to the next is a word here: the breakdown dropped, eighteen
groups collapsed to two, tables renumbered, the same numbers saved again.
"""

import csv
import io
from collections.abc import Sequence
from typing import Literal

Groups = Literal["eighteen", "binary", "none"]
Format = Literal["xlsx", "ods", "csv"]

_GROUPS = {
    "White": ("British", "Irish", "Gypsy or Irish Traveller", "Other"),
    "Mixed": ("White and Black Caribbean", "White and Black African", "White and Asian", "Other"),
    "Asian or Asian British": ("Indian", "Pakistani", "Bangladeshi", "Chinese", "Other"),
    "Black or Black British": ("African", "Caribbean", "Other"),
    "Other": ("Arab", "Any other"),
}
EIGHTEEN = (*(f"{group}: {part}" for group, parts in _GROUPS.items() for part in parts), "Not stated")
BINARY = ("White", "All other ethnic groups combined", "Not stated")
CATEGORIES: dict[Groups, Sequence[str]] = {"eighteen": EIGHTEEN, "binary": BINARY, "none": ()}

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
}


def workbook(
    period: str, *, groups: Groups = "eighteen", format: Format = "xlsx", first_table: int = 1, shift: int = 0
) -> bytes:
    """People in custody at the end of `period`. `first_table` numbers the tables, `shift` moves every count."""
    return write(sheets(period, groups=groups, first_table=first_table, shift=shift), format)


def write(sheets: list[tuple[str, list[list[str | int]]]], format: Format = "xlsx") -> bytes:
    """Sheets as a file; of several a CSV file holds the last."""
    return _WRITERS[format](sheets)


def sheets(
    period: str, *, groups: Groups = "eighteen", first_table: int = 1, shift: int = 0
) -> list[tuple[str, list[list[str | int]]]]:
    """The workbook as (sheet name, rows)."""
    sexes = _table(first_table, "People in custody by sex", "Sex", ("Male", "Female"), period, shift)
    tables = [sexes]
    if CATEGORIES[groups]:
        title = "People in custody by ethnic group"
        tables.append(_table(first_table + 1, title, "Ethnic group", CATEGORIES[groups], period, shift))
    contents: list[list[str | int]] = [["Contents"], *([rows[0][0]] for _, rows in tables)]
    return [("Contents", contents), *tables]


def _table(
    number: int, title: str, of: str, categories: Sequence[str], period: str, shift: int
) -> tuple[str, list[list[str | int]]]:
    counts = [1000 + 10 * n + shift for n in range(len(categories))]
    rows: list[list[str | int]] = [
        [f"Table {number}: {title}, {period}"],
        ["This worksheet contains one table."],
        [of, period],
        *([c, n] for c, n in zip(categories, counts, strict=True)),
        ["Total", sum(counts)],
    ]
    return f"Table_{number}", rows


def _xlsx(sheets: list[tuple[str, list[list[str | int]]]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods(sheets: list[tuple[str, list[list[str | int]]]]) -> bytes:
    from odfdo import Document, Row, Table

    document = Document("spreadsheet")
    document.body.clear()
    for name, rows in sheets:
        table = Table(name)
        for values in rows:
            row = Row()
            row.set_values(values)
            table.append_row(row)
        document.body.append(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _csv(sheets: list[tuple[str, list[list[str | int]]]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(sheets[-1][1][2:])
    return out.getvalue().encode()


_WRITERS = {"xlsx": _xlsx, "ods": _ods, "csv": _csv}
