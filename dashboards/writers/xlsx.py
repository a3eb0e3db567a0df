"""An Excel workbook, for analysts: numbers as numbers, every word a string and never a formula."""

import io
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from dashboards.cited import CitedTable
from dashboards.sentences import TOOL
from dashboards.writers.package import settled, write_package
from dashboards.writers.sheets import Sheet, sheets

_FORMATS = {"count": "#,##0", "percent": "0.0%", "rate": "#,##0.0", "ratio": "#,##0.00", "p_value": "0.000"}
_TITLE, _BOLD = Font(name="Arial", size=14, bold=True), Font(name="Arial", size=10, bold=True)
_PLAIN, _SHADE = Font(name="Arial", size=10), PatternFill("solid", fgColor="E6E6E6")
_RULE = Border(bottom=Side(style="thin", color="8A8A8A"))
_SET = {
    "set-in": Alignment(horizontal="left", indent=1),
    "mark": Alignment(horizontal="right"),
    "wrap": Alignment(wrap_text=True, vertical="top"),
}
_HEADERS = {
    "plain": Alignment(wrap_text=True, vertical="bottom"),
    "set-in": Alignment(wrap_text=True, vertical="bottom", horizontal="left", indent=1),
    "mark": Alignment(wrap_text=True, vertical="bottom", horizontal="right"),
}
_WIDTH = 1 / 0.19  # Excel's unit of width is about 0.19 cm


def write(table: CitedTable, path: Path) -> None:
    """Write the table as an Excel workbook of three sheets."""
    book = Workbook()
    properties = book.properties
    properties.title, properties.creator, properties.lastModifiedBy = table.title, TOOL, TOOL
    properties.language, properties.description, properties.subject = "en-GB", table.summary, table.licence
    first = book.active
    for i, sheet in enumerate(sheets(table)):
        made = first if i == 0 else book.create_sheet()
        assert isinstance(made, Worksheet)
        _sheet(made, sheet)
    saved = io.BytesIO()
    book.save(saved)
    write_package(path, settled(saved.getvalue(), table.accessed))


def _words(cell: ExcelCell, text: str) -> None:
    cell.value = text
    cell.data_type = "s"  # because openpyxl takes a text that begins with `=` for a formula
    cell.font = _PLAIN


def _sheet(made: Worksheet, sheet: Sheet) -> None:
    made.title = sheet.name
    made.sheet_view.showGridLines = False
    made.page_setup.orientation, made.page_setup.paperSize = "landscape", 9
    made.page_setup.fitToWidth, made.page_setup.fitToHeight = 1, 0
    made.sheet_properties.pageSetUpPr.fitToPage = True
    for column, width in enumerate(sheet.widths, 1):
        made.column_dimensions[made.cell(1, column).column_letter].width = width * _WIDTH
    for at, line in enumerate(sheet.lines, 1):
        _words(made.cell(at, 1), line)
        made.cell(at, 1).font = _TITLE if at == 1 else _PLAIN
    top = len(sheet.lines) + 1
    for column, header in enumerate(sheet.headers, 1):
        cell = made.cell(top, column)
        _words(cell, header.text)
        cell.font, cell.fill, cell.border, cell.alignment = _BOLD, _SHADE, _RULE, _HEADERS[header.kind]
    made.row_dimensions[top].height = 14.5 * sheet.header_lines
    for at, row in enumerate(sheet.rows, top + 1):
        for column, entry in enumerate(row, 1):
            cell = made.cell(at, column)
            if entry.value is not None:
                cell.value = float(entry.value)
                cell.number_format, cell.font = _FORMATS[entry.kind], _PLAIN
            else:
                _words(cell, entry.text)
                if entry.kind in _SET:
                    cell.alignment = _SET[entry.kind]
    made.print_title_rows = f"{top}:{top}"
