"""Sheets into the bytes of a workbook: xlsx, ods, csv, and csv in a zip."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape

from .sheets import Cell, Sheet

EPOCH = dt.datetime(2024, 1, 2)
"""When every member of an archive was made: the same bytes each time."""


def written(name: str, sheets: Sequence[Sheet]) -> bytes:
    """The file that a name's ending asks for."""
    return _WRITERS[name.rpartition(".")[2]](sheets)


def _xlsx(sheets: Sequence[Sheet]) -> bytes:
    import openpyxl
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.utils import get_column_letter

    raised = InlineFont(vertAlign="superscript")
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = EPOCH
    for sheet in sheets:
        made = book.create_sheet(sheet.name)
        for r, line in enumerate(sheet.rows, 1):
            for c, cell in enumerate(line, 1):
                if cell.shown is None:
                    continue
                at = made.cell(r, c)
                at.value = CellRichText(str(cell.shown), TextBlock(raised, cell.raised)) if cell.raised else cell.shown
                if cell.format:
                    at.number_format = cell.format
                elif isinstance(cell.shown, dt.date):
                    at.number_format = "dd/mm/yyyy"
                if cell.width > 1:
                    made.merge_cells(start_row=r, end_row=r, start_column=c, end_column=c + cell.width - 1)
        for c in sheet.hidden:
            made.column_dimensions[get_column_letter(c + 1)].hidden = True
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as made_now:
        members = {name: made_now.read(name) for name in made_now.namelist()}
    members["docProps/core.xml"] = _NOW.sub(rb"\g<1>2024-01-02T00:00:00Z", members["docProps/core.xml"])
    return _zipped(members)


_NOW = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")

_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2">
<office:automatic-styles><style:style style:name="up" style:family="text">
<style:text-properties style:text-position="super 58%"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"""
_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def _ods(sheets: Sequence[Sheet]) -> bytes:
    tables = []
    for sheet in sheets:
        columns = "".join(
            f"<table:table-column{' table:visibility=' + chr(34) + 'collapse' + chr(34) if c in sheet.hidden else ''}/>"
            for c in range(max(sheet.width, 1))
        )
        lines = []
        for line in sheet.rows:
            cells, covered = [], 0
            for cell in line:
                if covered:
                    cells.append("<table:covered-table-cell/>")
                    covered -= 1
                else:
                    cells.append(_ods_cell(cell))
                    covered = cell.width - 1
            lines.append(f"<table:table-row>{''.join(cells) or '<table:table-cell/>'}</table:table-row>")
        name = escape(sheet.name, {'"': "&quot;"})
        tables.append(f'<table:table table:name="{name}">{columns}{"".join(lines)}</table:table>')
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return _zipped({"mimetype": kind, "META-INF/manifest.xml": _MANIFEST, "content.xml": _ODS.format("".join(tables))})


def _ods_cell(cell: Cell) -> str:
    value, merged = cell.shown, f' table:number-columns-spanned="{cell.width}"' if cell.width > 1 else ""
    if value is None:
        return f"<table:table-cell{merged}/>"
    if isinstance(value, dt.date):
        said = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        return f"<table:table-cell {said}{merged}><text:p>{value:%d/%m/%Y}</text:p></table:table-cell>"
    if isinstance(value, int | float):
        kind = "percentage" if "%" in cell.format else "float"
        shown = f"{value * 100:.1f}%" if "%" in cell.format else f"{value:,}"
        said = f'office:value-type="{kind}" office:value="{value}"'
        return f"<table:table-cell {said}{merged}><text:p>{shown}</text:p></table:table-cell>"
    up = f'<text:span text:style-name="up">{escape(cell.raised)}</text:span>' if cell.raised else ""
    lines = [escape(part) for part in value.split("\n")]
    paragraphs = "".join(f"<text:p>{part}</text:p>" for part in [*lines[:-1], lines[-1] + up])
    return f'<table:table-cell office:value-type="string"{merged}>{paragraphs}</table:table-cell>'


def _csv(sheets: Sequence[Sheet]) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    for line in sheets[0].rows:
        lines.writerow(["" if c.shown is None else f"{c.shown}{c.raised}" for c in line])
    return out.getvalue().encode("utf-8")


def _zip(sheets: Sequence[Sheet]) -> bytes:
    return _zipped({f"{sheet.name}.csv": _csv([sheet]) for sheet in sheets})


def _zipped(members: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in members.items():
            about = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(about, body, compress_type=kind)
    return out.getvalue()


_WRITERS: Mapping[str, Callable[[Sequence[Sheet]], bytes]] = {"xlsx": _xlsx, "ods": _ods, "csv": _csv, "zip": _zip}
