"""Which of the tables found a declaration speaks of: by its title, else its sheet, else its headers.

What it makes true: a table that was renumbered or moved is found; one that was renamed is reported with the nearest
titles. What it refuses: to choose between two.
"""

import difflib
from collections.abc import Iterable, Sequence

from monitor.declarations import Publication
from monitor.declarations import Table as Declared
from pipelines.shape import Table
from pipelines.tidy.task import Problem, plain


def find_table(declared: Declared, shaped: list[Table], problems: list[Problem]) -> Table | None:
    """The one table a declaration speaks of, by its title, else by its sheet, else by its headers."""
    if declared.title:
        wanted = plain(declared.title)
        titled = [t for t in shaped if plain(t.numbered_title()[1]).startswith(wanted) or plain(t.title) == wanted]
        if declared.sheet:
            titled = [t for t in titled if t.grid.sheet == declared.sheet] or titled
    elif declared.sheet:
        titled = [t for t in shaped if t.grid.sheet == declared.sheet]
    else:
        headers = {plain(h) for h in declared.fields}
        titled = [t for t in shaped if headers <= {plain(h) for h in _headers(t)}]
    if len(titled) > 1:
        where = ", ".join(f"{t.grid.sheet} ({t.title[:60]})" for t in titled)
        problems.append(
            Problem(
                "table_found",
                "critical",
                f"Table {declared.id!r}: expected one table titled {declared.title!r}, found {len(titled)}: {where}. "
                "Lengthen the title in the declaration or name the sheet.",
                titled[0].grid.sheet,
            )
        )
        return None
    return titled[0] if titled else None


def missing_tables(publication: Publication, found: Iterable[str], titles: Sequence[str]) -> list[Problem]:
    """Declared tables that no artefact of an edition holds, with the nearest titles that it does."""
    seen = set(found)
    problems = []
    for declared in publication.table:
        if declared.id in seen:
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
