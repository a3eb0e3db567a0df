"""Which of the tables found a declaration speaks of: by its title, else its sheet, else its headers.

What it makes true: a table that was renumbered or moved is found; one that was renamed is reported with the nearest
titles. What it refuses: to choose between two.
"""

import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterable, Sequence

from monitor.declarations import Publication
from monitor.declarations import Table as Declared
from monitor.vocabulary import edition_end
from pipelines.labels import drawn
from pipelines.reading.grid import Grid, Rows
from pipelines.shape import Table
from pipelines.tidy.task import Problem, plain


def in_force(publication: Publication, edition: str, published_on: dt.date | None = None) -> tuple[Declared, ...]:
    """The declared tables whose layout is in force for an edition, in the order declared.

    A table may be declared several times under one id, each with the dates of its layout (`from`, `until`). They
    are compared with the day the edition is of, where its id is a date or a period, else with the day it was
    published, else with the year its id holds; without any the last layout is in force.
    """
    year = re.search(r"(?:19|20)\d\d", edition)
    day = (
        edition_end(edition, publication.is_yearly)
        or published_on
        or (dt.date(int(year[0]), 12, 31) if year else dt.date.max)
    )
    return tuple(t for t in publication.table if (t.since or dt.date.min) <= day <= (t.until or dt.date.max))


class Shaped:
    """The tables of a file's sheets, each sheet's drawn when they are asked for."""

    def __init__(self, grids: Sequence[Grid]) -> None:
        self.grids = grids
        self._words: dict[int, str] = {}

    def of(self, grids: Iterable[Grid]) -> list[Table]:
        """The tables of some of the sheets."""
        return [table for grid in grids for table in drawn(grid).tables]

    def with_words(self, words: str) -> list[Table]:
        """The tables of sheets whose name or texts hold some words; of all where none does."""
        return self.of([g for g in self.grids if words in plain(g.sheet) or words in self._said(g)] or self.grids)

    def _said(self, grid: Grid) -> str:
        if id(grid) not in self._words:
            # because a sheet that is held by column has millions of rows, and few different words
            lines = [c.values for c in grid.rows.columns] if isinstance(grid.rows, Rows) else grid.rows
            texts = dict.fromkeys(cell for line in lines for cell in line if type(cell) is str)
            self._words[id(grid)] = plain(" ".join(texts))
        return self._words[id(grid)]


def find_table(declared: Declared, shaped: Shaped, taken: Collection[str], problems: list[Problem]) -> Table | None:
    """The one table a declaration speaks of, by its title, else by its sheet, else by its headers.

    Its number and, where a title is declared, its sheet may have changed: the table is followed, and that is told.
    `taken` are sheets that another declaration names, whose tables are not found by headers.
    """
    if declared.title:
        found = _titled(declared, shaped.with_words(plain(declared.title)))
    elif declared.sheet:
        found = shaped.of(g for g in shaped.grids if plain(g.sheet) == plain(declared.sheet))
    else:
        headers = {plain(h) for h in declared.fields}
        free = shaped.of(g for g in shaped.grids if g.sheet not in taken)
        found = [t for t in free if headers <= {plain(h) for h in _headers(t)}]
    if len(found) > 1:
        where = "; ".join(f"{t.grid.sheet} ({t.title[:60]})" for t in found)
        asked = (
            f"titled {declared.title!r}"
            if declared.title
            else f"on the sheet {declared.sheet!r}"
            if declared.sheet
            else f"with the columns {', '.join(declared.fields)}"
        )
        problems.append(
            Problem(
                "table_found",
                "critical",
                f"Table {declared.id!r}: expected one table {asked}, found {len(found)}: {where}. None is read. "
                "Lengthen the title in the declaration or name the sheet.",
                found[0].grid.sheet,
            )
        )
        return None
    if not found:
        return None
    _report_moved(declared, found[0], problems)
    return found[0]


def _titled(declared: Declared, shaped: list[Table]) -> list[Table]:
    """Tables whose title begins with the declared words; one that has no other words goes before the rest."""
    wanted = plain(declared.title)
    starting = [t for t in shaped if plain(t.numbered_title()[1]).startswith(wanted) or plain(t.title) == wanted]
    exactly = [t for t in starting if wanted in (plain(t.numbered_title()[1]), plain(t.title))]
    found = exactly if len(exactly) == 1 else starting
    if declared.sheet and len(found) > 1:
        found = [t for t in found if plain(t.grid.sheet) == plain(declared.sheet)] or found
    return found


def _joined(number: str) -> str:
    return plain(number).replace(" ", "")  # because A_04 and A.04 are one number


def _report_moved(declared: Declared, table: Table, problems: list[Problem]) -> None:
    """Say that a table has another number than declared, or stands on a sheet of another name."""
    number = table.numbered_title()[0]
    said = []
    if declared.number and number and _joined(number) != _joined(declared.number):
        said.append(f"is numbered {number}; declared as {declared.number}")
    if declared.title and declared.sheet and plain(table.grid.sheet) != plain(declared.sheet):
        said.append(f"stands on the sheet {table.grid.sheet!r}; declared on {declared.sheet!r}")
    if said:
        problems.append(
            Problem(
                "renumbered",
                "note",
                f"Table {declared.id!r} ({declared.title}) {' and '.join(said)}. It was followed by its title, and its "
                "figures are read. Change the declaration once the new place is the usual one.",
                table.grid.sheet,
            )
        )


def missing_tables(
    tables: Iterable[Declared], found: Iterable[str], titles: Sequence[str], in_part: Iterable[str] = ()
) -> list[Problem]:
    """Declared tables that no artefact of an edition holds, with the nearest titles that it does.

    `in_part` are titles of tables in files of which only some facts are held: such a table is no less published.
    """
    seen, apart = set(found), [plain(title) for title in in_part]
    problems = []
    for declared in tables:
        if declared.id in seen or (declared.title and any(t.startswith(plain(declared.title)) for t in apart)):
            continue
        # because a table declared by its sheet has no title to be near to
        near = difflib.get_close_matches(declared.title, titles, n=2, cutoff=0.3) if declared.title else titles[:3]
        problems.append(
            Problem(
                "table_found",
                "critical",
                f"Table {declared.id!r} ({declared.title or declared.sheet or 'by headers'}) is in none of the files. "
                + (f"Titles there: {'; '.join(near)}. " if near else "")
                + "If it was renamed, change the declaration; if it is gone, it is a gap.",
                "",
            )
        )
    return problems


def _headers(table: Table) -> list[str]:
    top = [str(label) for axis in table.top for label in axis.labels if isinstance(label, str)]
    return [axis.header for axis in table.side] + top
