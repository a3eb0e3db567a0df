"""What an empty cell among a file's figures means: what its notes say, else that there is no number."""

import re
from collections.abc import Iterator, Sequence

from pipelines.reading.grid import Grid

NOT_AVAILABLE = "not_available"
_BLANK = r"(?:blanks?|empty|no value|not shown|left out)"
_SUPPRESSED = re.compile(
    rf"(?:suppress\w*|withheld|disclosure)[^.]{{0,80}}\b{_BLANK}\b|\b{_BLANK}\b[^.]{{0,80}}(?:suppress|withheld|disclos)",
    re.I,
)
_LONGEST_SHEET = 300
"""Rows of a sheet that are looked through for notes about its empty cells."""


def meaning_of_empty(grids: Sequence[Grid]) -> str:
    """The status of an empty cell: `suppressed` where a note of the file says so, else `not_available`."""
    return "suppressed" if any(_SUPPRESSED.search(text) for text in _notes(grids)) else NOT_AVAILABLE


def _notes(grids: Sequence[Grid]) -> Iterator[str]:
    for grid in grids:
        yield from grid.notes
        for row in grid.rows[:_LONGEST_SHEET]:
            yield from (cell for cell in row if isinstance(cell, str) and len(cell) > 20)
