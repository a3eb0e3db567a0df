"""The columns and rows of a cited table, for reading (two limits as one range) and for data (each a number)."""

from dataclasses import dataclass

from dashboards import sentences as say
from dashboards.cited import Cell, CitedTable, Column, Row

WIDE = 7
"""From this many columns a page is turned on its side."""
MARGIN = 1.8
"""Margin of a page on each side, in centimetres."""
NAME, PADDING, BOLD, RANGE = 20, 3, 1.25, 0.85
"""Letters that a name has room for on one line where it is as long, and those that the space around a cell is worth;
how much wider than a letter one in bold is, and how much narrower one of a range.
"""


@dataclass(frozen=True)
class Layout:
    """Headers (the group's first) and rows of a table as one format shows them."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    headers: tuple[str, ...]

    @property
    def wide(self) -> bool:
        """Whether it needs a page on its side."""
        return len(self.headers) >= WIDE

    @property
    def width(self) -> float:
        """Width of the table on its A4 page, in centimetres."""
        return (29.7 if self.wide else 21.0) - 2 * MARGIN

    def in_words(self, i: int) -> bool:
        """Whether a column, counted from 0 after the names, holds words and no numbers."""
        return self.columns[i].key == "finding"

    @property
    def widths(self) -> list[float]:
        """Width of each column in centimetres, by its longest word, so that no number is broken over two lines."""
        names = [self.headers[0], *(row.name for row in self.rows)]
        needed: list[float] = [max(min(NAME, max(map(len, names))), _longest(names))]
        for i, column in enumerate(self.columns):
            cells = [row.cells[i].text for row in self.rows]
            # because a range is read as one, and is mostly of narrow signs; a heading is bold
            within = RANGE * max(map(len, cells)) if column.span else _longest(cells)
            needed.append(max(BOLD * _longest([self.headers[i + 1]]), within))
        shares = [PADDING + letters for letters in needed]
        return [self.width * share / sum(shares) for share in shares]


def _longest(texts: list[str]) -> int:
    """Letters of the longest word."""
    return max(len(word) for text in texts for word in text.split() or [""])


def data(table: CitedTable) -> Layout:
    """Every number in a column of its own: for spreadsheets and programs."""
    return Layout(table.columns, table.rows, (table.group_header, *(c.header for c in table.columns)))


def reading(table: CitedTable) -> Layout:
    """Two limits as one range (`3.89 to 4.06`): for pages and documents."""
    kept = [i for i, c in enumerate(table.columns) if not (c.span and table.columns[i - 1].span == c.span)]
    columns = tuple(
        Column(c.key, c.span, "text", c.unit, c.span) if (c := table.columns[i]).span else table.columns[i]
        for i in kept
    )
    rows = tuple(Row(r.name, r.label, r.level, r.depth, tuple(_cell(table, r, i) for i in kept)) for r in table.rows)
    return Layout(columns, rows, (table.group_header, *(c.header for c in columns)))


def _cell(table: CitedTable, row: Row, i: int) -> Cell:
    low = row.cells[i]
    if not table.columns[i].span or low.value is None:
        return low
    high = row.cells[i + 1]
    if high.value is None:
        return Cell(f"from {low.text}", calculated=True)
    return Cell(say.interval(low.value, high.value), calculated=True)


def provenance(table: CitedTable) -> dict[str, dict[str, dict[str, str]]]:
    """Of every number that was published: row, column, where it came from and the figures' ids."""
    return {
        row.name: {
            column.header: {"from": table.came_from(cell), "figures": table.ids(cell)}
            for column, cell in zip(table.columns, row.cells, strict=True)
            if cell.figures
        }
        for row in table.rows
    }
