"""What the reader does not tell of an .xlsx workbook, found by pattern: parts are large and few tags in them matter."""

import html
import posixpath
import re
from collections.abc import Collection

from . import drawings
from .beside import Beside, Place
from .formats import Format
from .parts import Parts

_PREFIX = rb"(?:\w+:)?"
_HIDDEN_COLUMNS = re.compile(rb"<" + _PREFIX + rb"col\b[^>]*\bhidden=\"(?:1|true)\"[^>]*>")
_HIDDEN_ROW = re.compile(rb"<" + _PREFIX + rb"row\b(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*\br=\"(\d+)\"")
_FIRST, _LAST = re.compile(rb'\bmin="(\d+)"'), re.compile(rb'\bmax="(\d+)"')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_UNCALCULATED = re.compile(
    rb"<" + _PREFIX + rb"c\b([^>]*)>\s*<" + _PREFIX + rb"f\b(?:[^>]*/>|[^>]*>([^<]*)</" + _PREFIX + rb"f>)"
    rb"\s*(?:<" + _PREFIX + rb"v\s*/>|<" + _PREFIX + rb"v></" + _PREFIX + rb"v>)?\s*</" + _PREFIX + rb"c>"
)  # fmt: skip
_ERROR = re.compile(rb"<" + _PREFIX + rb'c\b((?=[^>]*\bt="e")[^>]*)>.*?<' + _PREFIX + rb"v>([^<]*)</", re.S)
_STRING = re.compile(rb"<" + _PREFIX + rb"si\b[^>]*?(?:/>|>(.*?)</" + _PREFIX + rb"si>)", re.S)
_RUN = re.compile(rb"<" + _PREFIX + rb"r>(.*?)</" + _PREFIX + rb"r>", re.S)
_RAISED = re.compile(rb"<" + _PREFIX + rb'vertAlign\s+val="superscript"')
_TEXT = re.compile(rb"<" + _PREFIX + rb"t\b[^>]*>([^<]*)</")
_INLINE = re.compile(rb"<" + _PREFIX + rb'c\b((?=[^>]*\bt="inlineStr")[^>]*)>(.*?)</' + _PREFIX + rb"c>", re.S)


_XFS = re.compile(rb"<" + _PREFIX + rb"cellXfs\b.*?</" + _PREFIX + rb"cellXfs>", re.S)
_XF = re.compile(rb"<" + _PREFIX + rb"xf\b([^>]*)>")
_NUMBER_FORMAT = re.compile(rb"<" + _PREFIX + rb"numFmt\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_FORMAT_ID = re.compile(rb'\bnumFmtId="(\d{1,9})"')
_CODE = re.compile(rb"\bformatCode=(?:\"([^\"]*)\"|'([^']*)')")
_CELL = re.compile(rb"<" + _PREFIX + rb"c\s")
_NOT_A_NUMBER = re.compile(rb'\st="(?!n")')
_VALUE = re.compile(
    rb"\s*(?:<" + _PREFIX + rb"f\b(?:[^>]*/>|[^>]*>[^<]*</" + _PREFIX + rb"f>))?\s*<" + _PREFIX + rb"v>([^<]+)</"
)
_BUILT_IN = {9: "0%", 10: "0.00%"}
_NOT_OPENED = ("xl/embeddings/", "xl/macrosheets/", "xl/dialogsheets/", "xl/model/")
_KEPT_ELSEWHERE = re.compile(rb'cacheSource\b[^>]*\stype="(?!worksheet")|worksheetSource\b[^>]*\s\w+:id="')
_WORDS_IN = {"chart", "chartEx", "diagramData", "chartUserShapes"}


def beside(parts: Parts) -> dict[str, Beside]:
    """What stands beside the values, by the sheet's name. Sheets are matched by the workbook's own relations."""
    raised = _raised_strings(parts.read("xl/sharedStrings.xml"))
    shown = _one_of(rb't="s"[^>]*>\s*<' + _PREFIX + rb"v>", raised, rb"</")
    formats = _formats(parts.read("xl/styles.xml"))
    formatted = _one_of(rb' s="', formats, rb'"')
    found, book = dict[str, Beside](), "xl/workbook.xml"
    sheets = _relations(parts, book)
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", parts.read(book).decode("utf-8", "replace")):
        name, relation = re.search(r'\bname="([^"]*)"', tag), re.search(r'\b\w+:id="([^"]+)"', tag)
        if name and relation and relation[1] in sheets:
            _, part = sheets[relation[1]]
            content = parts.read(part)
            found[html.unescape(name[1])] = sheet = _sheet(content, raised, shown)
            if formatted:
                _put_shown(sheet, content, formats, formatted)
            if b"rawing" in content:  # because nothing is drawn on most sheets, and then nothing more is opened
                sheet.notes += _words_drawn(parts, part)
    if found:
        next(iter(found.values())).unopened += _unopened(parts)
    return found


def _one_of(before: bytes, numbers: Collection[int], after: bytes) -> re.Pattern[bytes] | None:
    """One of these numbers between two pieces of markup; None where there is no number to look for."""
    return re.compile(before + b"(" + b"|".join(b"%d" % n for n in numbers) + b")" + after) if numbers else None


def _relations(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to inside the workbook, in order: by identity the kind and the part."""
    folder, name = posixpath.split(part)
    said_of = parts.read(f"{folder}/_rels/{name}.rels").decode("utf-8", "replace")
    found = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", said_of):
        said = dict(re.findall(r'\b(Id|Type|Target|TargetMode)="([^"]*)"', tag))
        if "Id" in said and "Target" in said and said.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, said["Target"])).lstrip("/")
            found[said["Id"]] = (said.get("Type", "").rsplit("/", 1)[-1], target)
    return found


def _words_drawn(parts: Parts, part: str) -> list[str]:
    found: list[str] = []
    for kind, target in _relations(parts, part).values():
        if kind == "drawing":
            found += drawings.boxes(parts.read(target))
            inside = [t for k, t in _relations(parts, target).values() if k in _WORDS_IN]
            found += [text for t in inside for text in drawings.boxes(parts.read(t))]
        elif kind == "vmlDrawing":
            found += drawings.old_boxes(parts.read(target))
    return found


def _unopened(parts: Parts) -> list[str]:
    """The parts that could hold a table or words and are not read."""
    # because the cells hold what other workbooks gave them, links to those are none
    return [
        name
        for name in parts.names
        if name.startswith(_NOT_OPENED)
        or (name.startswith("xl/drawings/drawing") and name not in parts.opened)
        or (name.startswith("xl/pivotCache/pivotCacheDefinition") and _KEPT_ELSEWHERE.search(parts.head(name)))
    ]


def _formats(styles: bytes) -> dict[int, Format]:
    """The number formats that show other than the number, by the number of the cell style that has them."""
    codes = dict(_BUILT_IN)
    for said in _NUMBER_FORMAT.findall(styles):
        identity, code = _FORMAT_ID.search(said), _CODE.search(said)
        if identity and code:
            codes[int(identity[1])] = html.unescape((code[1] or code[2] or b"").decode("utf-8", "replace"))
    formats = {identity: Format(code) for identity, code in codes.items()}
    found, declared = {}, _XFS.search(styles)
    for number, said in enumerate(_XF.findall(declared[0]) if declared else ()):
        identity = _FORMAT_ID.search(said)
        if identity and (format := formats.get(int(identity[1]))) and not format.is_plain:
            found[number] = format
    return found


def _put_shown(sheet: Beside, part: bytes, formats: dict[int, Format], formatted: re.Pattern[bytes]) -> None:
    for style in formatted.finditer(part):
        start, end = part.rfind(b"<", 0, style.start()), part.find(b">", style.end())
        cell = part[start:end]
        value = _VALUE.match(part, end + 1)
        if not value or not _CELL.match(cell) or _NOT_A_NUMBER.search(cell):
            continue
        try:
            number = float(value[1])
        except ValueError:
            continue
        format = formats[int(style[1])]
        if (text := format.shown(number)) is not None:
            _put(sheet.shown, cell, text)
        elif format.is_percentage(number) and (place := _place(cell)):
            sheet.percentages.add(place)


def _sheet(part: bytes, raised: dict[int, str], shown: re.Pattern[bytes] | None) -> Beside:
    found = Beside()
    if b"hidden=" in part:
        data = part.find(b"sheetData")
        for tag in _HIDDEN_COLUMNS.findall(part, 0, data if data > 0 else len(part)):
            first, last = _FIRST.search(tag), _LAST.search(tag)
            if first and last:
                found.hidden_columns.update(range(int(first[1]) - 1, min(int(last[1]), 16384)))
        if part.find(b"hidden=", data) >= 0:
            found.hidden_rows.update(int(row) - 1 for row in _HIDDEN_ROW.findall(part, max(data, 0)))
    if b"<f" in part or (b":worksheet" in part[:4096] and b":f" in part):
        for cell, formula in _UNCALCULATED.findall(part):
            if b't="str"' in cell:
                continue  # because this formula was calculated, to a text without letters
            _put(found.texts, cell, "=" + _words(formula))
    if b't="e"' in part:
        for cell, error in _ERROR.findall(part):
            _put(found.texts, cell, _words(error))
    for cell in shown.finditer(part) if shown else ():
        start = part.rfind(b"<", 0, cell.start())
        _put(found.superscripts, part[start : cell.start()], raised[int(cell[1])])
    if b"vertAlign" in part:
        for cell, inside in _INLINE.findall(part):
            _put(found.superscripts, cell, _raised_end(inside))
    return found


def _put(into: dict[Place, str], cell: bytes, text: str) -> None:
    if text and (place := _place(cell)):
        into[place] = text


def _place(cell: bytes) -> Place | None:
    said = _PLACE.search(cell)
    if not said:
        return None
    column = 0
    for letter in said[1]:
        column = column * 26 + letter - 64
    return int(said[2]) - 1, column - 1


def _words(markup: bytes) -> str:
    return html.unescape(markup.decode("utf-8", "replace"))[:200]


def _raised_strings(part: bytes) -> dict[int, str]:
    """The shared strings that end in superscript, by number."""
    if b"superscript" not in part:
        return {}
    ends = {i: _raised_end(inside) for i, inside in enumerate(_STRING.findall(part)) if b"superscript" in inside}
    return {i: end for i, end in ends.items() if end}


def _raised_end(inside: bytes) -> str:
    """What stands in superscript at the end of a text, blanks apart."""
    end = ""
    for run in reversed(_RUN.findall(inside)):
        text = "".join(_words(t) for t in _TEXT.findall(run))
        if not text.strip():
            continue
        if not _RAISED.search(run):
            break
        end = text.strip() + end
    return end
