"""What the reader does not tell of an .ods workbook, found by walking the tags of its content.

Why walked only when a word that matters occurs: a walk takes as long as reading does, and most files hold none.
"""

import html
import re

from .beside import Beside
from .parts import Parts
from .refused import MOST_CELLS, too_many_cells

_TAG = re.compile(
    rb"<(/?)table:(table|table-column|table-row|table-cell|covered-table-cell)(?=[\s/>])"
    rb'((?:[^>"]++|"[^"]*+")*+)>'
)
_REPEATED = re.compile(rb'table:number-(?:columns|rows)-repeated="(\d+)"')
_REPEATED_OFTEN = re.compile(rb'table:number-(columns|rows)-repeated="\d{3,}"')
_FILLED = re.compile(rb"<table:table-cell\b[^>]*value-type=[^>]*>")
_NAME = re.compile(rb'table:name="([^"]*)"')
_HIDDEN = re.compile(rb'table:visibility="(?:collapse|filter)"')
_FORMULA = re.compile(rb'table:formula="([^"]*)"')
_ERROR = re.compile(rb'calcext:value-type="error"')
_STYLE = re.compile(rb'<style:style\b[^>]*\bstyle:name="([^"]+)"[^>]*>(.*?)</style:style>', re.S)
_RAISED = re.compile(rb'style:text-position="(?:super|[1-9]\d*%)')
_ANNOTATION = re.compile(rb"<office:annotation\b.*?</office:annotation>", re.S)
_MARKUP = re.compile(rb"<[^>]*>")
_NAMESPACE = re.compile(rb"^=?\s*(?:of|oooc|msoxl):=?")
_CARRIERS = (b'="collapse"', b'="filter"', b"table:formula=", b'value-type="error"')
_MOST_PLACES = 1_000_000


def beside(parts: Parts) -> dict[str, Beside]:
    """What stands beside the values, by the sheet's name."""
    content, styles = parts.read("content.xml"), parts.read("styles.xml")
    _refuse_repeats(content)
    declared = _STYLE.findall(styles) + _STYLE.findall(content[: content.find(b"<office:body")])
    raised = {name for name, said in declared if _RAISED.search(said)}
    if not raised and not any(word in content for word in _CARRIERS):
        return {}
    return _walk(content, _raised_span(raised))


def _refuse_repeats(content: bytes) -> None:
    """Refuse rows and cells that are said once and repeated beyond any table, before they are made."""
    cells = 0
    for repeated in _REPEATED_OFTEN.finditer(content):
        start, end = content.rfind(b"<", 0, repeated.start()), content.find(b">", repeated.end()) + 1
        tag = content[start:end]
        if repeated[1] == b"columns":
            cells += _count(tag) if b"value-type=" in tag else 0
        elif not tag.endswith(b"/>"):
            inside = content[end : content.find(b"</table:table-row>", end)]
            cells += _count(tag) * sum(_count(cell[0]) for cell in _FILLED.finditer(inside))
    if cells > MOST_CELLS:
        raise too_many_cells("what it repeats", cells)


def _raised_span(styles: set[bytes]) -> re.Pattern[bytes] | None:
    if not styles:
        return None
    names = b"|".join(re.escape(s) for s in sorted(styles))
    return re.compile(rb'<text:span\b[^>]*text:style-name="(?:' + names + rb')"[^>]*>([^<]*)</text:span>\s*'
                      rb"(?:</text:span>)?(?:<text:s\s*/>)?\s*</text:p>\s*\Z")  # fmt: skip


def _walk(content: bytes, raised: re.Pattern[bytes] | None) -> dict[str, Beside]:
    found: dict[str, Beside] = {}
    sheet, row, column, columns = Beside(), 0, 0, 0
    rows, cell_end = 1, 0
    for tag in _TAG.finditer(content):
        closing, what, said = tag[1], tag[2], tag[3]
        empty = said.endswith(b"/")
        if tag.start() < cell_end:
            continue  # because a cell can hold a picture with a table of its own
        if what == b"table":
            if not closing and not empty:
                name = _NAME.search(said)
                sheet, row, columns = Beside(), 0, 0
                found[html.unescape(name[1].decode("utf-8", "replace")) if name else ""] = sheet
        elif what == b"table-column":
            count = _count(said)
            if _HIDDEN.search(said):
                sheet.hidden_columns.update(range(columns, min(columns + count, 16384)))
            columns += count
        elif what == b"table-row":
            if closing:
                row += rows
                continue
            column, rows = 0, _count(said)
            if _HIDDEN.search(said):
                sheet.hidden_rows.update(range(row, min(row + rows, 1 << 20)))
            if empty:
                row += rows
        elif what.endswith(b"table-cell") and not closing:
            count = _count(said)
            inside = b""
            if not empty:
                cell_end = content.find(b"</table:" + what + b">", tag.end())
                inside = content[tag.end() : cell_end]
            _cell(sheet, row, rows, column, count, said, inside, raised)
            column += count
    return found


def _cell(
    sheet: Beside,
    row: int,
    rows: int,
    column: int,
    columns: int,
    said: bytes,
    inside: bytes,
    raised: re.Pattern[bytes] | None,
) -> None:
    formula = _FORMULA.search(said)
    error = _ERROR.search(said)
    text = end = ""
    if error:
        text = _words(inside) or "error"
    elif formula and b"office:value-type=" not in said:
        text = "=" + html.unescape(_NAMESPACE.sub(b"", formula[1]).decode("utf-8", "replace"))[:200]
    if raised and b"<text:span" in inside:
        match = raised.search(_ANNOTATION.sub(b"", inside))
        end = html.unescape(match[1].decode("utf-8", "replace")).strip() if match else ""
    if not text and not end:
        return
    if rows * columns + len(sheet.texts) + len(sheet.superscripts) > _MOST_PLACES:
        return
    places = [(r, c) for r in range(row, row + rows) for c in range(column, column + columns)]
    for into, what in ((sheet.texts, text), (sheet.superscripts, end)):
        if what:
            into.update(dict.fromkeys(places, what))


def _count(said: bytes) -> int:
    repeated = _REPEATED.search(said)
    return min(int(repeated[1][:12]), 1 << 40) if repeated else 1


def _words(markup: bytes) -> str:
    return html.unescape(_MARKUP.sub(b"", markup).decode("utf-8", "replace")).strip()[:200]
