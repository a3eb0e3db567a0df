"""The verb by which a person takes over a table that was read by what it shows."""

import datetime as dt
import sys
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.desk import Usage, a_date, a_name, answer, app, given, reader, say

if TYPE_CHECKING:
    from pipelines.inferring.confirming import Checked


@app.command()
def confirm(
    publication: Annotated[str, typer.Argument(metavar="SLUG", help="The publication.")],
    table: Annotated[str | None, typer.Argument(help="The table: `measures SLUG` lists them.")] = None,
    edition: Annotated[str | None, typer.Option(help="The edition to check it in; the latest by default.")] = None,
    by: Annotated[str, typer.Option(help="Who checked it.")] = "",
    on: Annotated[str, typer.Option(help="The day it was checked.")] = "",
    note: Annotated[str, typer.Option(help="What there is to say of it.")] = "",
    besides: Annotated[
        list[str] | None, typer.Option("--say", help="What the file does not say: unit=offences, period_kind=flow.")
    ] = None,
    here: Annotated[bool, typer.Option("--here", help="Write to the checkout instead of the home.")] = False,
) -> None:
    """Declare a table that was read by what it shows: see it, say who checked it, and its figures are declared."""
    from dashboards import terminal
    from monitor import clock
    from monitor.declarations import find, publications
    from monitor.run import take_in
    from monitor.settings import DECLARATIONS
    from monitor.store import reads
    from monitor.store.vault import Vault
    from pipelines.inferring import confirming
    from pipelines.reading import read

    declared = find(publications(), publication, "publication")
    with reader() as store:
        rows = reads.tables_read(store).filter(publication=declared.id, layout="inferred")
    if edition is not None:
        rows = rows.filter(edition_id=a_name(edition, rows["edition_id"].unique().sort().to_list(), "edition"))
    names = rows["table_id"].unique(maintain_order=True).to_list()
    if not names:
        raise Usage(f"{declared.id}: no table is held that was read by what it shows; there is nothing to confirm.")
    if table is None and len(names) > 1:
        raise Usage(f"{declared.id} has {len(names)} tables that nobody has confirmed; name one: {', '.join(names)}.")
    row = rows.filter(table_id=a_name(table or names[0], names, "table")).row(-1, named=True)
    vault = Vault(given.home)
    of = (row["artefact_sha256"], row["publication"], row["edition_id"])
    artefact = next(a for a in vault.artefacts() if (a.sha256, a.publication, a.edition_id) == of)
    grids = read(vault.path(artefact.sha256), artefact.name)
    proposal = confirming.proposed(grids, declared, row["table_id"], artefact)
    told = dict(_told(each) for each in besides or ())
    unchecked = confirming.said(proposal, declared, confirming.Checked("", clock.today()), told)
    figures = confirming.must_yield(grids, proposal, declared, unchecked, artefact.edition_id)
    say(terminal.to_confirm(row, artefact.name, figures))
    words = confirming.said(proposal, declared, _checked(by, on, note), told)
    folder = DECLARATIONS if here else given.home.declarations
    path = folder / "publications" / f"{declared.id}.toml" if here else folder / f"{declared.id}.toml"
    text = confirming.appended(path, words) if here else confirming.with_table(path, declared.id, words)
    beside = (Path("tests/publications") if here else folder / "expected") / f"{declared.id}.{row['table_id']}.csv"
    _write(path, text, asked=bool(by and on))
    beside.parent.mkdir(parents=True, exist_ok=True)
    figures.write_csv(beside)
    take_in(given.home, say=say)
    found = {"table": row["table_id"], "figures": figures.height, "declaration": str(path), "expected": str(beside)}
    answer(found, lambda: f"{row['table_id']}: {figures.height:,} figures are declared now.\n{path}\n{beside}")


def _told(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise Usage(f"--say: expected a key and what it is, such as unit=offences; found {text!r}.")
    return key.strip(), value.strip()


def _checked(by: str, on: str, note: str) -> "Checked":
    """Who checked a table and when: as flags, or asked for on a terminal. Raises `Usage` where nobody can be asked."""
    from monitor import clock
    from pipelines.inferring.confirming import Checked

    if not (by and on):
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise Usage("expected --by NAME and --on DATE, because there is no terminal to ask on; nothing is written.")
        by = by or typer.prompt("Who compared it with the publisher's file?", err=True)
        on = on or typer.prompt("On which day?", default=clock.today().isoformat(), err=True)
        note = note or typer.prompt("Anything to note", default="", show_default=False, err=True)
    day: dt.date = a_date(on, "--on")
    return Checked(by, day, note)


def _write(path: Path, text: str, *, asked: bool) -> None:
    """Write a file; what would change in one that is there is shown first, and asked for on a terminal."""
    if path.exists():
        before = path.read_text(encoding="utf-8")
        say("".join(unified_diff(before.splitlines(True), text.splitlines(True), str(path), str(path))))
        if not asked and not typer.confirm("Write it so?", err=True):
            raise Usage("nothing was written.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
