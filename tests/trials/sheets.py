"""What stands in a file, cell by cell, read plainly and without the product: text as text, and nothing decided."""

import csv
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
from openpyxl.utils import get_column_letter

Cells = dict[str, object]


def sheets(path: Path, delimiter: str | None = None) -> dict[str, Cells]:
    """Every filled cell of every sheet, by its address; a CSV is one sheet without a name."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, data_only=True)
        return {s.title: _cells(s.iter_rows(values_only=True)) for s in book.worksheets}
    if path.suffix == ".ods":
        return {name: _cells(rows) for name, rows in _open_document(path)}
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    between = delimiter or ("\t" if path.suffix == ".tsv" else ",")
    rows = list(csv.reader(io.StringIO(text, newline=None), delimiter=between))
    return {"": _cells(rows)}


def _cells(rows) -> Cells:  # type: ignore[no-untyped-def]
    return {
        f"{get_column_letter(c)}{r}": value
        for r, row in enumerate(rows, 1)
        for c, value in enumerate(row, 1)
        if value is not None and str(value).strip()
    }


def _open_document(path: Path):  # type: ignore[no-untyped-def]
    with zipfile.ZipFile(path) as packed:
        root = ElementTree.fromstring(packed.read("content.xml"))
    for sheet in root.iter(_in("table", "table")):
        rows = []
        for row in sheet.iter(_in("table", "table-row")):
            cells = []
            for cell in row:
                kind = cell.get(_in("office", "value-type"))
                value = cell.get(_in("office", "value")) if kind in ("float", "percentage") else _words(cell)
                cells += [value] * int(cell.get(_in("table", "number-columns-repeated"), "1"))
            rows += [cells] * int(row.get(_in("table", "number-rows-repeated"), "1"))
        yield sheet.get(_in("table", "name")), rows


def _in(space: str, name: str) -> str:
    return f"{{urn:oasis:names:tc:opendocument:xmlns:{space}:1.0}}{name}"


def _words(element: ElementTree.Element) -> str:
    if element.tag in (_in("office", "annotation"), _in("text", "note")):
        return element.tail or ""
    return (element.text or "") + "".join(_words(child) for child in element) + (element.tail or "")
