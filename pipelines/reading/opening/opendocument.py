"""What the reader does not tell of an .ods workbook, found by pattern; only rows with something to tell are walked."""

import html
import re
from bisect import bisect_left

from . import drawings
from .beside import Beside
from .formats import in_place_of, is_marked
from .parts import Parts
from .refused import MOST_CELLS, too_many_cells

_ATTRIBUTES = rb'(?=[\s/>])((?:[^>"]++|"[^"]*+")*+)>'
_FRAME = re.compile(rb"<(/?)table:(table|table-column|table-row)" + _ATTRIBUTES)
_CELL = re.compile(rb"<table:((?:covered-)?table-cell)" + _ATTRIBUTES)
_REPEATED = re.compile(rb'table:number-(?:columns|rows)-repeated="(\d+)"')
_REPEATED_OFTEN = re.compile(rb'table:number-(columns|rows)-repeated="\d{3,}"')
_FILLED = re.compile(rb"<table:table-cell\b[^>]*value-type=[^>]*>")
_NAME = re.compile(rb'table:name="([^"]*)"')
_COPY = re.compile("'.+'#")
_SOURCE = re.compile(rb"\s*<table:table-source\b")
_HIDDEN = re.compile(rb'table:visibility="(?:collapse|filter)"')
_FORMULA = re.compile(rb'table:formula="([^"]*)"')
_ERROR = re.compile(rb'calcext:value-type="error"')
_STYLE = re.compile(rb'<style:style\b[^>]*\bstyle:name="([^"]+)"[^>]*>(.*?)</style:style>', re.S)
_RAISED = re.compile(rb'style:text-position="(?:super|[1-9]\d*%)')
_ANNOTATION = re.compile(rb"<office:annotation\b.*?</office:annotation>", re.S)
_ANNOTATION_OPENS = b"<office:annotation"
_DRAWING = re.compile(rb"<draw:(\w[\w-]*)\b(?:[^<>]*/>|.*?</draw:\1>)", re.S)
_MARKUP = re.compile(rb"<[^>]*>")
_NAMESPACE = re.compile(rb"^=?\s*(?:of|oooc|msoxl):=?")
_SHOWN_OTHERWISE = re.compile(rb'value-type="[fpc][^<>]*[^/]>(?!<text:p>[-\d.,]+%?</text:p></table:)')
_VALUE = re.compile(rb'office:value="([^"]*)"')
_SHOWN = re.compile(r"(\D*)(\d[\d.,\s]*)?(.*)\Z", re.S)
_UNCALCULATED = re.compile(rb"<table:(?:covered-)?table-cell\b(?![^<>]*office:value-type=)[^<>]*table:formula=")
_PERCENTAGE_OR_ERROR = re.compile(rb'value-type="(?:percentage|error)"')
_NUMBER_STYLE = re.compile(rb"<number:(number|percentage|currency)-style\b[^<>]*(?:/>|>(.*?)</number:\1-style>)", re.S)
_STYLE_TEXT = re.compile(rb"<number:text\b[^<>]*>([^<]*)</")
_DIGITS = re.compile(rb"<number:(?:number|scientific-number|fraction)\b")
_OTHER_THAN_NIL = re.compile(rb'style:condition="value\(\)[^"\d-]*(?:-|0*[1-9]|0*\.0*[1-9])')
_DRAWN = re.compile(
    rb"<draw:(text-box|custom-shape|rect|ellipse|circle|line|connector|caption|polygon|polyline|path|regular-polygon)"
    rb"(?=[\s>])[^<>]*(?<!/)>"
)
_OBJECT = re.compile(rb'<draw:object(?:-ole)?\b[^<>]*\bxlink:href="(?:\./)?([^"]*?)/?"')
_CHART_WORDS = re.compile(rb"<chart:(title|subtitle|footer)\b[^<>]*>(.*?)</chart:\1>", re.S)
_MOST_PLACES = 1_000_000


def beside(parts: Parts) -> dict[str, Beside]:
    """What stands beside the values, by the sheet's name."""
    content, styles = parts.read("content.xml"), parts.read("styles.xml")
    _refuse_repeats(content)
    declared = styles + content[: content.find(b"<office:body")]
    raised = _raised_span({name for name, said in _STYLE.findall(declared) if _RAISED.search(said)})
    to_tell = [cell.start() for cell in _PERCENTAGE_OR_ERROR.finditer(content)]
    if b"table:formula=" in content:
        to_tell += [cell.start() for cell in _UNCALCULATED.finditer(content)]
    if raised:
        to_tell += [span.start() for span in raised.finditer(content)]
    if _may_show_otherwise(declared):
        to_tell += [cell.start() for cell in _SHOWN_OTHERWISE.finditer(content)]
    return _walk(parts, content, sorted(to_tell), raised)


def _may_show_otherwise(declared: bytes) -> bool:
    """Whether a number format could show other than its number; it could where no format is declared."""
    styles = _NUMBER_STYLE.findall(declared)
    return not styles or any(_is_otherwise(style) for _, style in styles)


def _is_otherwise(style: bytes) -> bool:
    text = html.unescape(b"".join(_STYLE_TEXT.findall(style)).decode("utf-8", "replace"))
    if _DIGITS.search(style):
        return is_marked("", re.sub("[%(]", "", text)) or bool(_OTHER_THAN_NIL.search(style))
    return not text.strip() or in_place_of(0.0, text) is not None


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
                      rb"(?:</text:span>)?(?:<text:s\s*/>)?\s*</text:p>")  # fmt: skip


def _walk(parts: Parts, content: bytes, to_tell: list[int], raised: re.Pattern[bytes] | None) -> dict[str, Beside]:
    found: dict[str, Beside] = {}
    sheet, row, columns, depth = Beside(), 0, 0, 0
    words = _words_drawn(parts, content)
    begun, rows = 0, 1
    for tag in _FRAME.finditer(content):
        closing, what, said = tag[1], tag[2], tag[3]
        empty = said.endswith(b"/")
        if what == b"table":
            depth += 0 if empty else -1 if closing else 1
            if not closing and not empty and depth == 1:
                named = _NAME.search(said)
                name = html.unescape(named[1].decode("utf-8", "replace")) if named else ""
                found[name] = sheet = Beside()
                sheet.is_copy = bool(_COPY.match(name) and _SOURCE.match(content, tag.end()))
                row, columns = 0, 0
            elif closing and depth == 0:
                while words and words[0][0] < tag.start():
                    _, note, unopened = words.pop(0)
                    sheet.notes += note
                    sheet.unopened += unopened
        elif depth != 1:
            continue  # because a cell can hold a picture with a table of its own
        elif what == b"table-column":
            count = _count(said)
            if _HIDDEN.search(said):
                sheet.hidden_columns.update(range(columns, min(columns + count, 16384)))
            columns += count
        elif closing:
            if bisect_left(to_tell, begun) < bisect_left(to_tell, tag.start()):
                _row(sheet, range(row, row + rows), content, begun, tag.start(), raised)
            row += rows
        else:
            begun, rows = tag.end(), _count(said)
            if _HIDDEN.search(said):
                sheet.hidden_rows.update(range(row, min(row + rows, 1 << 20)))
            row += rows if empty else 0
    return found


def _words_drawn(parts: Parts, content: bytes) -> list[tuple[int, list[str], list[str]]]:
    """Where drawings and boxes stand, what they say, and which of them hold a file that nobody reads."""
    found: list[tuple[int, list[str], list[str]]] = []
    if b"<draw:" not in content:
        return found
    at = 0
    while box := _DRAWN.search(content, at):
        at = content.find(b"</draw:" + box[1] + b">", box.end())
        if at < 0:
            break
        if said := drawings.words(_ANNOTATION.sub(b"", content[box.end() : at])):
            found.append((box.start(), [said], []))
    for held in _OBJECT.finditer(content):
        name = html.unescape(held[1].decode("utf-8", "replace"))
        inside = parts.read(f"{name}/content.xml")
        if b"<office:chart>" in inside:
            found.append((held.start(), [drawings.words(said) for _, said in _CHART_WORDS.findall(inside)], []))
        else:
            found.append((held.start(), [], [name]))
    return sorted(found)


def _row(sheet: Beside, rows: range, content: bytes, begun: int, end: int, raised: re.Pattern[bytes] | None) -> None:
    column, cell_end = 0, begun
    while cell := _CELL.search(content, cell_end, end):
        what, said = cell[1], cell[2]
        columns, inside, cell_end = range(column, column + _count(said)), b"", cell.end()
        if not said.endswith(b"/"):
            cell_end = content.find(b"</table:" + what + b">", cell.end(), end)
            if cell_end < 0:
                return
            inside = content[cell.end() : cell_end]
        _cell(sheet, rows, columns, said, inside, raised)
        column = columns.stop


def _cell(
    sheet: Beside, rows: range, columns: range, said: bytes, inside: bytes, raised: re.Pattern[bytes] | None
) -> None:
    formula, value = _FORMULA.search(said), _VALUE.search(said)
    if _ANNOTATION_OPENS in inside:
        inside = _ANNOTATION.sub(b"", inside)
    text = end = shown = ""
    if _ERROR.search(said):
        text = _words(inside) or "error"
    elif formula and b"office:value-type=" not in said:
        text = "=" + html.unescape(_NAMESPACE.sub(b"", formula[1]).decode("utf-8", "replace"))[:200]
    elif value and b"<text:p" in inside:
        shown = _shown(value[1], drawings.words(_DRAWING.sub(b"", inside))) or ""
    if raised and b"<text:span" in inside:
        match = next((m for m in raised.finditer(inside) if not inside[m.end() :].strip()), None)
        end = html.unescape(match[1].decode("utf-8", "replace")).strip() if match else ""
    is_percentage = bool(value) and not shown and b'office:value-type="percentage"' in said
    if not (text or end or shown or is_percentage):
        return
    told = len(sheet.texts) + len(sheet.superscripts) + len(sheet.shown) + len(sheet.percentages)
    if len(rows) * len(columns) + told > _MOST_PLACES:
        return
    places = [(r, c) for r in rows for c in columns]
    for into, what in ((sheet.texts, text), (sheet.superscripts, end), (sheet.shown, shown)):
        if what:
            into.update(dict.fromkeys(places, what))
    if is_percentage:
        sheet.percentages.update(places)


def _shown(value: bytes, text: str) -> str | None:
    """What stands in a cell in place of its number; None where it is the number, or the number in thousands."""
    try:
        number = float(value)
    except ValueError:
        return None
    said = _SHOWN.match(text)
    before, digits, after = said.groups() if said else ("", None, "")
    if not digits:
        return in_place_of(number, text)
    as_shown = float(re.sub(r"[,\s]", "", digits).rstrip(".") or 0) if digits.count(".") < 2 else None
    is_number = as_shown is not None and any(
        abs(abs(n) - as_shown) <= max(0.51, n * 0.01) for n in (number, 100 * number)
    )
    return text if is_number and is_marked(before, after.replace("%", "", 1)) else None


def _count(said: bytes) -> int:
    repeated = _REPEATED.search(said)
    return min(int(repeated[1][:12]), 1 << 40) if repeated else 1


def _words(markup: bytes) -> str:
    return html.unescape(_MARKUP.sub(b"", markup).decode("utf-8", "replace")).strip()[:200]
