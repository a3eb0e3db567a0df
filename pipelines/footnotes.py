"""The words a publisher puts around its tables: footnotes, sources, what is left out and why.

What it makes true: a footnote that comes, goes or changes can be told, with its cell. What it refuses: titles, labels
and blocks of labels, which the survey reads; a label of a table is never taken for a note.
"""

import re
from collections.abc import Iterator, Sequence

from pipelines.reading.grid import Cell, Grid

_NOTE = re.compile(
    r"\s*(?:\(\d{1,2}\)|\[?notes?\b|source\b|\d{1,2}[.)]\s|\*+\s|[†‡]|©|contains public sector|.*\bround(?:ed|ing)\b)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\s*(?:(?:table|figure|chart|worksheet)\s+\S|[a-z]{0,4}[._ -]?\d+[\w.()]*\s*:\s*\S)", re.IGNORECASE
)
_PROSE = 90
"""A text longer than this that stands alone in its row is a sentence, not a label."""
_LINE = 15
"""Under the last number of a sheet, a text as long as this is a note."""
_EDGE = 250
"""Rows looked at from the top and from the bottom of a sheet: notes stand around tables, and a list has many rows."""


def footnotes(grids: Sequence[Grid]) -> list[dict[str, str]]:
    """Every note: `sheet`, `cell` and `text`, its spaces made single, in the order of the sheets."""
    return [
        {"sheet": grid.sheet, "cell": grid.address(row, column), "text": " ".join(text.split())}
        for grid in grids
        for row, column, text in _notes(grid)
    ]


def _notes(grid: Grid) -> Iterator[tuple[int, int, str]]:
    count = len(grid.rows)
    looked = [*range(min(count, _EDGE)), *range(max(_EDGE, count - _EDGE), count)]
    rows = {number: _filled(grid.rows[number]) for number in looked}
    last = max((n for n, cells in rows.items() if any(isinstance(cell, float) for _, cell in cells)), default=count)
    for number, cells in rows.items():
        if not 1 <= len(cells) <= 2 or not all(isinstance(cell, str) for _, cell in cells):
            continue
        column, first = cells[0]
        text = str(first) if len(cells) == 1 else f"{first} {cells[1][1]}"
        alone = len(cells) == 1 and (len(text) > _PROSE or (number > last and len(text) >= _LINE))
        if (_NOTE.match(text) or alone) and not _NUMBERED.match(text):
            yield number, column, text


def _filled(row: Sequence[Cell]) -> list[tuple[int, Cell]]:
    return [(column, cell) for column, cell in enumerate(row) if cell is not None]
