"""Small files in the formats that are met, written tag by tag, so that a test can write what no program would.

Each maker returns bytes. `TABLE` is a table in the published geometry; `.xlsx`, `.ods`, `.xls` and `.csv` of it hold
the same cells at the same places.
"""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape

Cell = str | float | dt.date | None
Row = Sequence[Cell]

TABLE: tuple[Row, ...] = (
    ("Table 1: People in prison by ethnic group and sex, 30 June 2022",),
    (),
    ("Ethnic group", "Males", "Females", "Total"),
    ("Asian", 10.0, 1.0, 11.0),
    ("Black", 20.0, 2.0, 22.0),
    ("Mixed", 5.0, 1.0, 6.0),
    ("White", 60.0, 4.0, 64.0),
    ("Not stated", 2.0, 1.0, 3.0),
)

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODF = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("style", "style"), ("table", "table"), ("text", "text"))
)
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def zipped(parts: Mapping[str, bytes | str], *, store: bool = False) -> bytes:
    """A zip file of these parts, in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def column(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# --- .csv ----------------------------------------------------------------------------------------------------------


def csv(rows: Sequence[Row] = TABLE) -> bytes:
    def text(cell: Cell) -> str:
        said = "" if cell is None else f"{cell:.12g}" if isinstance(cell, float) else str(cell)
        return '"' + said.replace('"', '""') + '"' if set(said) & set(',"\n') else said

    return "".join(",".join(map(text, row)) + "\r\n" for row in rows).encode()


# --- .xlsx ---------------------------------------------------------------------------------------------------------


def xlsx_cell(place: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f'<c r="{place}"><v>{cell:.12g}</v></c>'
    if isinstance(cell, dt.date):
        return f'<c r="{place}" t="d"><v>{cell.isoformat()}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell, quote=False)}</t></is></c>'


def xlsx_rows(rows: Sequence[Row] = TABLE, *, hidden: Sequence[int] = ()) -> str:
    return "".join(
        f'<row r="{r + 1}"{" hidden=" + chr(34) + "1" + chr(34) if r in hidden else ""}>'
        + "".join(xlsx_cell(f"{column(c)}{r + 1}", cell) for c, cell in enumerate(row))
        + "</row>"
        for r, row in enumerate(rows)
    )


def xlsx_parts(
    data: str | None = None, *, head: str = "", sheets: Mapping[str, str] | None = None, strings: str = ""
) -> dict[str, str]:
    """The parts of a workbook. `data` is what stands in `sheetData` of a sheet called Table_1, `head` before it.

    `sheets` gives instead the `sheetData` of several, by name; a name that ends in `!` is of a hidden sheet.
    """
    sheets = sheets or {"Table_1": xlsx_rows() if data is None else data}
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types {_PACKAGE}content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships {_PACKAGE}relationships"><Relationship Id="rId1" '
        f'Type="{kinds}officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f"{_HEAD}<workbook {_MAIN} {_LINKS}><sheets>"
        + "".join(
            f'<sheet name="{escape(name.rstrip("!"))}" sheetId="{i}" r:id="rId{i}"'
            + (' state="hidden"/>' if name.endswith("!") else "/>")
            for i, name in enumerate(sheets, 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships {_PACKAGE}relationships">'
        + "".join(
            f'<Relationship Id="rId{i}" Type="{kinds}worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        + (f'<Relationship Id="rId0" Type="{kinds}sharedStrings" Target="sharedStrings.xml"/>' if strings else "")
        + "</Relationships>",
    }
    for i, said in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{i}.xml"] = (
            f"{_HEAD}<worksheet {_MAIN}>{head}<sheetData>{said}</sheetData></worksheet>"
        )
    if strings:
        parts["xl/sharedStrings.xml"] = f"{_HEAD}<sst {_MAIN}>{strings}</sst>"
    return parts


def xlsx(data: str | None = None, **said: object) -> bytes:
    return zipped(xlsx_parts(data, **said))  # type: ignore[arg-type]


# --- .ods ----------------------------------------------------------------------------------------------------------


def ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell:.12g}"><text:p>{cell:g}</text:p>'
            "</table:table-cell>"
        )
    if isinstance(cell, dt.date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"><text:p>{cell}</text:p>'
            "</table:table-cell>"
        )
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def ods_rows(rows: Sequence[Row] = TABLE) -> str:
    return "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows)


def ods_parts(
    body: str | None = None, *, styles: str = "", prolog: str = "", sheets: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The parts of a workbook. `body` is what stands in a sheet called Table_1; `sheets` gives several, by name."""
    sheets = sheets or {"Table_1": ods_rows() if body is None else body}
    tables = "".join(f'<table:table table:name="{escape(name)}">{said}</table:table>' for name, said in sheets.items())
    return {
        "mimetype": ODS_TYPE,
        "META-INF/manifest.xml": f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:'
        f'manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
        "</manifest:manifest>",
        "content.xml": f"{_HEAD}{prolog}<office:document-content {_ODF} {_CALC}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>",
    }


def ods(body: str | None = None, **said: object) -> bytes:
    return zipped(ods_parts(body, **said))  # type: ignore[arg-type]


# --- .xls ----------------------------------------------------------------------------------------------------------


def _record(what: int, content: bytes) -> bytes:
    return struct.pack("<HH", what, len(content)) + content


def _old_cell(row: int, number: int, cell: Cell) -> bytes:
    if cell is None:
        return b""
    at = struct.pack("<3H", row, number, 0)
    if isinstance(cell, float):
        return _record(0x203, at + struct.pack("<d", cell))
    text = str(cell)
    return _record(0x204, at + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def xls(
    rows: Sequence[Row] = TABLE,
    *,
    hidden_columns: Sequence[int] = (),
    hidden_rows: Sequence[int] = (),
    error_at: tuple[int, int] | None = None,
    encrypted: bool = False,
    stream_name: str = "Workbook",
) -> bytes:
    """An Excel 97 workbook of one sheet called Table_1."""
    begin = struct.pack("<4H2I", 0x600, 5, 0, 1997, 0, 0)
    name = b"Table_1"
    head = _record(0x809, begin) + (_record(0x2F, bytes(6)) if encrypted else b"")
    start = len(head) + 4 + 8 + len(name) + 4
    head += _record(0x85, struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name) + _record(0x0A, b"")
    body = _record(0x809, struct.pack("<4H2I", 0x600, 0x10, 0, 1997, 0, 0))
    for hidden in hidden_columns:
        body += _record(0x7D, struct.pack("<6H", hidden, hidden, 2048, 0, 1, 0))
    for hidden in hidden_rows:
        body += _record(0x208, struct.pack("<8H", hidden, 0, 4, 255, 0, 0, 0x20, 0))
    for r, row in enumerate(rows):
        body += b"".join(_old_cell(r, c, cell) for c, cell in enumerate(row))
    if error_at:
        body += _record(0x205, struct.pack("<3HBB", *error_at, 0, 7, 1))
    return _compound((head + body + _record(0x0A, b"")).ljust(4096, b"\0"), stream_name)


def _compound(stream: bytes, name: str) -> bytes:
    """A compound file of one stream: header, one table sector, the directory, the stream."""
    stream += bytes(-len(stream) % 512)
    sectors = len(stream) // 512
    none, end = 0xFFFFFFFF, 0xFFFFFFFE
    table = [0xFFFFFFFD, end, *range(3, 2 + sectors), end]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[none] * 108)

    def entry(called: str, kind: int, child: int, first: int, size: int) -> bytes:
        said = called.encode("utf-16-le")
        return (
            said.ljust(64, b"\0") + struct.pack("<HBB3I", len(said) + 2 if said else 0, kind, 1, none, none, child)
            + bytes(36) + struct.pack("<3I", first, size, 0)
        )  # fmt: skip

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, none, 2, len(stream)) + entry("", 0, none, 0, 0) * 2
    return header + struct.pack("<128I", *table, *[none] * (128 - len(table))) + directory + stream


EVERY: dict[str, Callable[[Sequence[Row]], bytes]] = {
    "xlsx": lambda rows: xlsx(xlsx_rows(rows)),
    "ods": lambda rows: ods(ods_rows(rows)),
    "xls": xls,
    "csv": csv,
}
"""Makers of a sheet of rows in each format, by the ending."""
