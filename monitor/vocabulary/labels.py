"""A label as published, separated into its words and its footnote markers.

Digits glued to digits (`Under 101`) stay: only a dictionary can say where a number ends.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_SPACES = re.compile(r"\s+")  # \s covers the non-breaking space
_NUMBERS = r"\d{1,2}(?:\s*[,&]\s*\d{1,2})*"
_MARKER_AT_END = re.compile(
    rf"""(?<=\S)\s*(?:
        \((?P<round>{_NUMBERS})\)                                # (2)  (3,4)
      | \[\s*(?:notes?\s*)?(?P<square>{_NUMBERS})\s*\]           # [1]  [note 1]  [notes 1, 2]
      | \[(?P<shorthand>[a-z]{{1,4}}\d?(?:\s*,\s*[a-z]{{1,4}}\d?)*)\]    # [r]  [p,f]
      | (?<=\S\S\S)/(?-i:(?P<letters>[a-z](?:,[a-z])*))             # /a  /b,c
      | \((?-i:(?P<letter>[a-z](?:,\s?[a-z])*))\)                     # (a)  (b,c)
      | (?P<superscript>[⁰¹²³⁴-⁹]+(?:\s*,\s*[⁰¹²³⁴-⁹]+)*)
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
_GLUED_AT_END = re.compile(r"(?:(?P<word>[A-Za-z]*[a-z]{2})|(?<=\)))(?P<glued>[1-9](?:, ?[1-9])*)$")
# because these words take a number of their own: Level1 and Level2 are two labels, not one with two notes
_NUMBERED_WORD = re.compile(
    r"^(?:band|category|chapter|class|column|grade|group|level|note|part|phase|quarter|row|section|sheet|stage"
    r"|table|tier|type|unit|wing|year)$",
    re.IGNORECASE,
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_DASHES = str.maketrans({"–": "-", "—": "-", "‑": "-", "−": "-", "‐": "-"})
_APOSTROPHES = re.compile(r"['’`]")
_PUNCTUATION = re.compile(r"[^\w+/%]+|_+")


@dataclass(frozen=True, slots=True)
class Label:
    """A published label: its words, and its footnote markers in order."""

    text: str
    markers: tuple[str, ...] = ()


LONGEST_MARKERS = 120
"""Markers are looked for in this many characters at the end: no label carries more of them."""


@lru_cache(maxsize=65536)
def clean_label(raw: str) -> Label:
    """The words and footnote markers of a raw label: `(3,4)` gives `("3", "4")`, `[note 1]` gives `("1",)`.

    A digit glued to a word is a marker when the word cannot own it (`Lancashire1`); one glued to a digit is left alone.
    """
    text, markers = split_markers(_SPACES.sub(" ", raw).strip())
    head, tail = text[:-LONGEST_MARKERS], text[-LONGEST_MARKERS:]
    glued = _GLUED_AT_END.search(tail)
    if glued and not _NUMBERED_WORD.match(glued["word"] or ""):
        text, markers = head + tail[: glued.start("glued")].rstrip(), (*_parts(glued["glued"]), *markers)
    return Label(text, markers)


def split_markers(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` without the bracketed or superscript markers at its end, and those markers in the order they stand."""
    markers: tuple[str, ...] = ()
    head, tail = text[:-LONGEST_MARKERS], text[-LONGEST_MARKERS:]
    while match := _MARKER_AT_END.search(tail):
        markers = (*_parts(next(part for part in match.groups() if part)), *markers)
        tail = tail[: match.start()].rstrip(" ,")
    return head + tail, markers


def is_note_only(text: str) -> bool:
    """Whether a label is only the number of a note (`[note 1]`, `(2)`), and so names nothing."""
    return split_markers(f"x {text.strip()}")[0] == "x"


def _parts(marker: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,&]+", marker.translate(_SUPERSCRIPTS).lower()) if part)


def plain_dashes(text: str) -> str:
    """`text` with every kind of dash written as a hyphen."""
    return text.translate(_DASHES)


@lru_cache(maxsize=65536)
def match_key(text: str) -> str:
    """What two spellings of one label have in common: lower case, `&` as `and`, punctuation as one space.

    `/`, `+` and `%` are kept, because `Mixed/Other` is not `Mixed other`.
    """
    text = _APOSTROPHES.sub("", text.casefold()).replace("&", " and ").replace("/", " / ")
    return _PUNCTUATION.sub(" ", text).strip()
