"""Verbs that say what is missing, wrong, late or unwell: checks, gaps, due, journal, doctor."""

from typing import Annotated

import typer

from monitor.cli.desk import (
    FINDINGS,
    Check,
    a_name,
    answer,
    app,
    document,
    given,
    reader,
    rows_of,
    tell,
)


@app.command()
def checks(publication: Annotated[str | None, typer.Argument(help="Only this publication.")] = None) -> None:
    """What validation found: one row a check and cause, with all its cells."""
    from dashboards import terminal
    from monitor.declarations import find, sources
    from monitor.store import reads

    if publication is not None:
        find(sources(), publication, "publication")
    with reader() as store:
        found = reads.findings(store, publication).rename({"edition_id": "edition"})
    answer(rows_of(found), lambda: terminal.checks(found))


@app.command()
def gaps(
    characteristic: Annotated[str | None, typer.Option(help="Only this characteristic.")] = None,
    check: Check = False,
) -> None:
    """The register: what each publication breaks down by, what it does not, and what was never looked at."""
    import polars as pl

    from dashboards import terminal
    from monitor import clock
    from monitor.run import gaps as register
    from monitor.vocabulary import CHARACTERISTICS

    if characteristic is not None:
        characteristic = a_name(characteristic, [c.id for c in CHARACTERISTICS], "characteristic")
    with reader() as store:
        found = register(store, given.as_of or clock.today())
    if characteristic is not None:
        found = found.filter(pl.col("characteristic") == characteristic)
    answer(rows_of(found), lambda: terminal.gaps(found))
    if check and found.filter(pl.col("state").is_in(["never_published", "absent", "dropped"])).height:
        raise typer.Exit(FINDINGS)


@app.command()
def due(check: Check = False) -> None:
    """What is expected, late, postponed or cancelled; of a publication nobody has looked at, nothing is late."""
    from dashboards import terminal
    from monitor import clock
    from monitor.run import expected_by

    rows = expected_by(given.home, given.as_of or clock.today(), given.known_at)
    answer(rows, lambda: terminal.due(rows))
    if check and any(r["overdue"] for r in rows):
        raise typer.Exit(FINDINGS)


@app.command()
def journal() -> None:
    """What was kept and looked at, and when."""
    from monitor.store.vault import Vault

    entries = list(Vault(given.home).journal())
    if given.json:
        document(entries)
        return
    for e in entries:
        said = (e.get(k, "") for k in ("seen_at", "what", "publication", "edition_id", "name"))
        tell("  ".join(str(word) for word in said))
    if not entries:
        tell("The journal is empty: nothing has been kept yet.")


@app.command()
def doctor(check: Check = False) -> None:
    """Whether declarations load, bytes are what they were, and reviews are due."""
    from dashboards import terminal
    from monitor import clock
    from monitor.run import health

    rows = health(given.home, clock.today())
    answer(rows, lambda: terminal.doctored(rows))
    if check and any(r["state"] != "passed" for r in rows):
        raise typer.Exit(FINDINGS)
