"""A table that somebody has checked: its words for a declaration, and what it must yield."""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from monitor.declarations import DeclarationError, Publication
from monitor.declarations.record import nearest
from monitor.declarations.table import NOT_UNDERSTOOD
from monitor.store.vault import Artefact
from pipelines.drafting import Proposal, expected, propose, said_of, table_text
from pipelines.inferring.reading import put_period, task_of
from pipelines.reading.grid import Grid
from pipelines.tidy import Notes, Unusable, figures_of

TOLD = ("unit", "counts", "period", "period_kind", "place")
"""What a person may say of a table that its file does not."""


@dataclass(frozen=True)
class Checked:
    """Who compared a table with the publisher's file, when, and what they say of it."""

    by: str
    on: dt.date
    note: str = ""


def proposed(grids: Sequence[Grid], publication: Publication, table: str, artefact: Artefact) -> Proposal:
    """The table of a file that is meant by its id. Raises `DeclarationError` where it cannot be declared as it is."""
    found = {p.id: p for p in propose(grids, [t.id for t in publication.table])}
    if table not in found:
        raise DeclarationError(f"{artefact.name} has no table {table!r}; {nearest(table, found)}")
    p = found[table]
    if p.refused:
        raise DeclarationError(
            f"{table}: {p.refused}. Nobody can confirm that; declare it by hand: docs/add-a-publication.md."
        )
    put_period(p, publication.reads, artefact)
    return p


def said(p: Proposal, publication: Publication, checked: Checked, told: Mapping[str, str]) -> dict[str, Any]:
    """What its declaration says: as it was read, with what a person tells besides, and who checked it.

    Raises `DeclarationError` for something that nobody may tell, and where a unit or a kind of period is left open.
    """
    for key in told:
        if key not in TOLD:
            raise DeclarationError(f"a person may say {', '.join(TOLD)} of a table; {nearest(key, TOLD)}")
    words = {**said_of(p, publication.reads), **told}
    for key in ("unit", "period_kind"):
        if words.get(key) == NOT_UNDERSTOOD:
            raise DeclarationError(f"{p.id}: its {key} was not understood; tell it with --say {key}=… to confirm it.")
    words |= {"checker": checked.by, "checked_on": checked.on.isoformat()}
    return words | ({"note": checked.note} if checked.note else {})


def must_yield(
    grids: Sequence[Grid], p: Proposal, publication: Publication, words: Mapping[str, Any], edition: str
) -> pl.DataFrame:
    """The figures of a table as declared, for a person to compare and the next reader to be held to.

    Raises `DeclarationError` where it yields none.
    """
    try:
        figures = figures_of(task_of(p, words, publication, edition, Notes.of(grids)))
    except Unusable as error:
        raise DeclarationError(error.problem.message) from None
    if figures.is_empty():
        raise DeclarationError(f"{p.id}: no number in it could be given a meaning, so there is nothing to confirm.")
    return expected(figures)


def with_table(text: str, publication: str, words: dict[str, Any]) -> str:
    """The text of a file of confirmed tables (empty where there is none yet) with one more, or with one said anew.

    A series declared here as a whole has the table at its end, as one that ships.
    """
    said = tomllib.loads(text)
    if said.keys() - {"id", "table"}:
        return appended(text, publication, words)
    held = said.get("table", [])
    tables = [*(t for t in held if t["id"] != words["id"]), words]
    lines = [f"# Tables of {publication} that were checked here.", f'id = "{publication}"']
    for table in tables:
        lines += ["", *table_text(table)]
    return "\n".join(lines) + "\n"


def appended(text: str, publication: str, words: dict[str, Any]) -> str:
    """The text of a declaration that ships, with a table at its end. Raises `DeclarationError` where it has it."""
    if any(table["id"] == words["id"] for table in tomllib.loads(text).get("table", ())):
        raise DeclarationError(f"{publication} declares {words['id']!r} already; change it there by hand.")
    return text.rstrip("\n") + "\n\n" + "\n".join(table_text(words)) + "\n"
