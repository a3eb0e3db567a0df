"""The three sheets of a spreadsheet of a cited table: the table, its notes and sources, where each number came from."""

from dataclasses import dataclass

from dashboards.cited import Cell, CitedTable, Column
from dashboards.writers.layout import data

TABLE_SHEET, NOTES_SHEET, CELLS_SHEET = "Table", "Notes and sources", "Sources of cells"
MARKS = "[x1]"


@dataclass(frozen=True)
class Entry:
    """One cell. `kind` is a number's kind, or how words are set: plain, set-in, mark, wrap."""

    text: str
    kind: str
    value: str | None = None


@dataclass(frozen=True)
class Sheet:
    """One sheet: lines above, headers with how each is set, rows; widths in centimetres; lines of a header."""

    name: str
    summary: str
    lines: tuple[str, ...]
    headers: tuple[Entry, ...]
    rows: tuple[tuple[Entry, ...], ...]
    widths: tuple[float, ...]
    header_lines: int = 1


def sheets(table: CitedTable) -> tuple[Sheet, ...]:
    """The sheet of the table, of its notes and sources, and the one that says where its numbers came from."""
    layout = data(table)
    set_as = {c: "set-in" if c.key == "finding" else "mark" for c in layout.columns}

    def entry(column: Column, cell: Cell) -> Entry:
        words = cell.value is None
        return Entry(cell.text, set_as[column]) if words else Entry(cell.text, column.kind, repr(cell.value))

    rows = tuple(
        (Entry(row.name, "set-in" if row.depth else "plain"), *map(entry, layout.columns, row.cells))
        for row in layout.rows
    )
    first = Sheet(
        name=TABLE_SHEET,
        summary=table.summary,
        lines=(
            f"Table {table.number}. {table.title}",
            f"Baseline: {table.baseline_sentence}",
            table.unknown_sentence,
            table.licence,
            f"Notes, sources and marks such as {MARKS} are on the sheet {NOTES_SHEET!r}.",
            table.made_with,
        ),
        headers=(Entry(layout.headers[0], "plain"), *(Entry(c.header, set_as[c]) for c in layout.columns)),
        rows=rows,
        widths=(6.5, *(5.5 if c.key == "finding" else 2.8 for c in layout.columns)),
        header_lines=3,
    )
    notes = Sheet(
        name=NOTES_SHEET,
        summary="Notes, sources and licence of the table.",
        lines=(f"Notes and sources of table {table.number}",),
        headers=(Entry("Note", "plain"),),
        rows=tuple((Entry(line, "wrap"),) for line in table.said),
        widths=(26.0,),
    )
    stood = (
        (row.name, column.header, cell.text, table.came_from(cell), table.ids(cell) or "–")
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
        if cell.figures or cell.calculated
    )
    second = Sheet(
        name=CELLS_SHEET,
        summary="Where each number of the table was published, or that it was calculated.",
        lines=(
            f"Where each number of table {table.number} comes from",
            "Figure: the identifier of a published number. – Calculated from other numbers of the table.",
        ),
        headers=tuple(Entry(h, "plain") for h in ("Row", "Column", "Number", "From", "Figure")),
        rows=tuple(tuple(Entry(text, "plain") for text in texts) for texts in stood),
        widths=(6.5, 5.5, 3.5, 14.0, 8.0),
    )
    return first, notes, second
