"""The words that stand in drawings: text boxes, shapes, diagrams and the titles of charts, each box one text."""

import html
import re

_TAG = re.compile(rb"<(/?)(?:\w+:)?(sp|rich|pt|p|t|br|Fallback)(?=[\s/>])[^<>]*?(/?)>([^<]*)")
_OBJECT = re.compile(rb'ObjectType="(\w+)"')
_MARKUP = re.compile(rb"<[^<>]*>")
_LINES = re.compile(rb"<text:(?:s|tab|line-break)\b[^<>]*>|</text:(?:p|h)>|</?div\b[^<>]*>|<br\b[^<>]*>")


def words(markup: bytes) -> str:
    """What a piece of markup says, on one line."""
    return " ".join(html.unescape(_MARKUP.sub(b"", _LINES.sub(b" ", markup)).decode("utf-8", "replace")).split())


def boxes(part: bytes) -> list[str]:
    """The texts of a drawing or a chart of an .xlsx workbook, in order."""
    found: list[str] = []
    inside, instead = 0, 0
    said: list[bytes] = []
    for closing, what, empty, text in _TAG.findall(part):
        if what == b"Fallback":  # because it says again, for older programs, what stands before it
            instead += 0 if empty else -1 if closing else 1
        elif instead > 0:
            continue
        elif what in (b"sp", b"rich", b"pt"):
            inside += 0 if empty else -1 if closing else 1
            if closing and inside == 0:
                found.append(words(b"".join(said)))
                said = []
        elif inside > 0 and what == b"t" and not closing:
            said.append(text)
        elif inside > 0 and what != b"t" and (closing or what == b"br"):
            said.append(b" ")
    return list(filter(None, found))


def old_boxes(part: bytes) -> list[str]:
    """The texts of boxes in VML, as older programs draw them. Comments, which are drawn likewise, are left out."""
    found = []
    for piece in part.split(b"<v:textbox")[1:]:
        inside, _, rest = piece.partition(b"</v:textbox>")
        what = _OBJECT.search(rest)
        if not what or what[1] != b"Note":
            found.append(words(inside.partition(b">")[2]))
    return list(filter(None, found))
