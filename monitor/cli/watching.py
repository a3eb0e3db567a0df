"""Verbs that say what is missing, wrong, late or unwell: checks, gaps, due, journal, doctor."""

from typing import Annotated

import typer

from monitor.cli.desk import FINDINGS, Check, Failed, a_name, answer, app, given, reader, say, writing


@app.command()
def checks(publication: Annotated[str | None, typer.Argument(help="Only this publication.")] = None) -> None:
    """What validation found: one row a check and cause, with all its cells."""
    from dashboards import terminal
    from monitor.declarations import find, sources
    from monitor.run import unread
    from monitor.store import reads

    if publication is not None:
        publication = find(sources(), publication, "publication").id
    with reader() as store:
        known = reads.Known(given.as_of, given.known_at)
        found = reads.findings(store, publication, known).rename({"edition_id": "edition"})
        why = unread(store, publication, known) if publication else ""
    words = "" if why and found.is_empty() else terminal.checks(found)
    answer(found.to_dicts(), lambda: "\n".join(filter(None, [why, words])))


@app.command()
def gaps(
    slug: Annotated[str | None, typer.Argument(metavar="[PUBLICATION]", help="Only this publication.")] = None,
    characteristic: Annotated[str | None, typer.Option(help="Only this characteristic.")] = None,
    publication: Annotated[str | None, typer.Option(help="The same, as an option.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Each table through its editions: in which state, from when to when.")
    ] = False,
    check: Check = False,
) -> None:
    """The register: what each publication breaks down by, what it does not, and what was never looked at."""
    import polars as pl

    from dashboards import terminal
    from monitor import clock
    from monitor.declarations import find, publications
    from monitor.run import register_of, unread
    from monitor.store import reads
    from monitor.vocabulary import CHARACTERISTICS
    from monitor.watch.register import QUIET

    if characteristic is not None:
        characteristic = a_name(characteristic, [c.id for c in CHARACTERISTICS], "characteristic")
    if slug and publication and slug != publication:
        raise typer.BadParameter(f"{slug} and --publication {publication} are two; name one.")
    if (asked := slug or publication) is not None:
        publication = find(publications(), asked, "publication").id
    with reader() as store:
        register = register_of(given.home, store, given.as_of or clock.today(), given.known_at)
        why = unread(store, publication, reads.Known(given.as_of, given.known_at)) if publication else ""
    found = register.coverage if history else register.gaps
    wanted = {"characteristic": characteristic, "publication": publication}
    found = found.filter(**{column: name for column, name in wanted.items() if name is not None})
    words = terminal.coverage if history else terminal.gaps
    answer(found.to_dicts(), lambda: "\n".join(filter(None, [words(found), why])))
    missing = pl.col("state").is_in(sorted(QUIET - {"absent"})).not_()
    if check and not history and found.filter(missing).height:
        raise typer.Exit(FINDINGS)


@app.command()
def commitments(
    look: Annotated[
        bool, typer.Option("--look", help="First look at the policy documents of which a statement is expected.")
    ] = False,
    audited: Annotated[
        bool, typer.Option("--audits", help="What others found of recommendations, beside what the register says.")
    ] = False,
    check: Check = False,
) -> None:
    """Who asked for a breakdown or promised one, and what the register says of it."""
    from dashboards import terminal
    from monitor import clock
    from monitor.declarations import audits
    from monitor.run import look_at_documents, register_of
    from monitor.watch.register import beside_audits

    if look:
        with writing("commitments --look"):
            say(look_at_documents(given.home, say).sentence)
    with reader() as store:
        rows = register_of(given.home, store, given.as_of or clock.today(), given.known_at).commitments
    if audited:
        found = beside_audits(audits(), rows, given.as_of or clock.today())
        answer(found, lambda: terminal.audits(found))
        return
    answer(rows, lambda: terminal.commitments(rows))
    if check and any(r["state"] in ("not kept", "kept in part") for r in rows):
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
def journal(
    alert: Annotated[str, typer.Option(metavar="ID", help="Only what happened to one alert: when, why, by what.")] = "",
) -> None:
    """What was kept and looked at, and when; of one alert, each state it went through and what that rests on."""
    from dashboards import terminal
    from monitor.notify.written import happened
    from monitor.store.vault import Vault
    from monitor.watch.alerts import past

    if alert:
        events = past(Vault(given.home).journal(), given.known_at).events
        named = a_name(alert, sorted({e.alert for e in events}), "alert")
        rows = [happened(e) for e in events if e.alert == named]
        answer(rows, lambda: terminal.happened(rows))
        return
    entries = list(Vault(given.home).journal())
    lines = (
        "  ".join(str(e.get(k, "")) for k in ("seen_at", "what", "publication", "edition_id", "name")) for e in entries
    )
    answer(entries, lambda: "\n".join(lines) or "The journal is empty: nothing has been kept yet.")


@app.command()
def doctor(
    online: Annotated[
        bool, typer.Option("--online", help="Ask each service once too: does it work, with what status, how fast.")
    ] = False,
    check: Check = False,
) -> None:
    """Whether declarations load, bytes are what they were, reviews are due, and (`--online`) services answer."""
    from dashboards import terminal
    from monitor import clock
    from monitor.run import health, services

    asked = services() if online else []
    rows = [*health(given.home, clock.today()), *asked]
    answer(rows, lambda: terminal.doctored(rows))
    if check and any(r["state"] != "passed" for r in rows):
        raise typer.Exit(FINDINGS)
    if silent := [r["check"] for r in asked if r["state"] != "passed"]:
        raise Failed(f"{len(silent)} of {len(asked)} services do not work: {', '.join(silent)}.")
