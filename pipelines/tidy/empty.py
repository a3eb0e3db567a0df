"""What an empty cell or a bare mark among a file's figures means, where the file's own notes say so."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.reading.grid import Grid

NOT_AVAILABLE = "not_available"
_BLANK = r"(?:blanks?|empty|no value|not shown|left out)"
_SUPPRESSED = re.compile(
    rf"(?:suppress\w*|withheld|disclosure)[^.]{{0,80}}\b{_BLANK}\b|\b{_BLANK}\b[^.]{{0,80}}(?:suppress|withheld|disclos)",
    re.I,
)
_MARK = re.compile(
    r"['‘\"(\[ ]*(?P<mark>\*{1,2}|\.\.|-|–|~|:|c)['’\")\] ]*\s*(?:[=–:-]|denotes|means|indicates)?\s*"
    r"(?P<words>[A-Za-z].{3,90})"
)
_SAID = (
    ("suppressed", re.compile(r"suppress|confidential|disclosure|withheld|small number", re.I)),
    ("not_applicable", re.compile(r"not applicable", re.I)),
    ("not_available", re.compile(r"not available|unavailable|no data|not collected", re.I)),
)
_LONGEST_SHEET = 300
"""Rows of a sheet that are looked through for notes about its empty cells."""


@dataclass(frozen=True)
class Notes:
    """The status of an empty cell of a file, and of each bare mark that its notes explain."""

    empty: str
    marks: Mapping[str, str]

    @classmethod
    def of(cls, grids: Sequence[Grid]) -> "Notes":
        """What the notes of a file say."""
        said = notes_in(grids)
        return cls(meaning_of_empty(said), meaning_of_marks(said))


def meaning_of_empty(notes: Iterable[str]) -> str:
    """The status of an empty cell: `suppressed` where a note of the file says so, else `not_available`."""
    return "suppressed" if any(_SUPPRESSED.search(text) for text in notes) else NOT_AVAILABLE


def meaning_of_marks(notes: Iterable[str]) -> dict[str, str]:
    """The status of each bare mark that the notes explain alike (`* data not applicable`)."""
    found: dict[str, set[str]] = {}
    for text in notes:
        if match := _MARK.fullmatch(text.strip()[:90]):
            said = next((status for status, words in _SAID if words.search(match["words"])), None)
            if said is not None:
                found.setdefault(match["mark"], set()).add(said)
    return {mark: next(iter(said)) for mark, said in found.items() if len(said) == 1}


def notes_in(grids: Sequence[Grid]) -> list[str]:
    """The different texts of a file that may be notes: of boxes, and of cells longer than a mark."""
    rows = (row for grid in grids for row in grid.rows[:_LONGEST_SHEET])
    texts = dict.fromkeys(cell for row in rows for cell in row if type(cell) is str and len(cell) > 8)
    return [*dict.fromkeys(text for grid in grids for text in grid.notes), *texts]
