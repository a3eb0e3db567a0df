"""What the reader does not tell of an .xlsx workbook, found in the text of its parts.

Why by pattern and not by a parser of markup: parts are tens of megabytes and only a few tags in them matter; a
sheet without any of the words that matter is not looked at twice.
"""

import html
import posixpath
import re

from .beside import Beside, Place
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


def beside(parts: Parts) -> dict[str, Beside]:
    """What stands beside the values, by the sheet's name. Sheets are matched by the workbook's own relations."""
    raised = _raised_strings(parts.read("xl/sharedStrings.xml"))
    shown = _showing(raised)
    return {name: _sheet(parts.read(part), raised, shown) for name, part in _parts_of_sheets(parts).items()}


def _showing(raised: dict[int, str]) -> re.Pattern[bytes] | None:
    """What a cell looks like, from its type on, that shows one of these shared strings."""
    if not raised:
        return None
    numbers = b"|".join(b"%d" % number for number in raised)
    return re.compile(rb't="s"[^>]*>\s*<' + _PREFIX + rb"v>(" + numbers + rb")</")


def _parts_of_sheets(parts: Parts) -> dict[str, str]:
    book = parts.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = parts.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets: dict[str, str] = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations):
        identity, target = re.search(r'\bId="([^"]+)"', tag), re.search(r'\bTarget="([^"]+)"', tag)
        if identity and target:
            targets[identity[1]] = posixpath.normpath(posixpath.join("/xl", target[1])).lstrip("/")
    found = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        name, relation = re.search(r'\bname="([^"]*)"', tag), re.search(r'\b\w+:id="([^"]+)"', tag)
        if name and relation and relation[1] in targets:
            found[html.unescape(name[1])] = targets[relation[1]]
    return found


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
    if b"<f" in part or b":f" in part:
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
    place = _PLACE.search(cell)
    if not place or not text:
        return
    column = 0
    for letter in place[1]:
        column = column * 26 + letter - 64
    into[int(place[2]) - 1, column - 1] = text


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
