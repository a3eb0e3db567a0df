"""The footnotes, sources and prose around a sheet's tables, each with its cell."""

from collections.abc import Iterator, Sequence

from pipelines.reading.grid import Grid
from pipelines.shape.cells import NOTE, NUMBERED, is_note

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
    rows = {number: [(c, cell) for c, cell in enumerate(grid.rows[number]) if cell is not None] for number in looked}
    last = max((n for n, cells in rows.items() if any(isinstance(cell, float) for _, cell in cells)), default=count)
    for number, cells in rows.items():
        if not 1 <= len(cells) <= 2 or not all(isinstance(cell, str) for _, cell in cells):
            continue
        column, first = cells[0]
        text = str(first) if len(cells) == 1 else f"{first} {cells[1][1]}"
        alone = len(cells) == 1 and (is_note(text) or (number > last and len(text) >= _LINE))
        if (NOTE.match(text) or alone) and not NUMBERED.match(text):
            yield number, column, text
