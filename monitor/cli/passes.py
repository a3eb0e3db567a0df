"""Verbs that change what is held: a pass, fetching, adding a file, rebuilding."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.desk import Failed, a_date, answer, app, document, given, reader, say, version, who, writes, writing


@app.command()
@writes
def run(offline: Annotated[bool, typer.Option("--offline", help="Use only what is held.")] = False) -> None:
    """One whole pass: keep, read, survey, tidy, judge, load, derive, publish; then what it says."""
    from monitor.run import run as whole_pass

    summary = whole_pass(given.home, offline=offline, say=say, as_of=given.as_of)
    pages = _report(asdict(summary))
    if not given.json:
        _looked(summary.said if summary.complete else "", summary.noticed)
    shortcomings = [*_damaged(summary.lost), *_left_out(summary.undeclared), *pages]
    if not summary.complete:
        shortcomings += [_unreached(summary.said, summary.failed), "What is held was used and published."]
    if summary.undelivered:
        shortcomings.append(_unreached("Not everybody could be told; the next run tries again:", summary.undelivered))
    if shortcomings:
        raise Failed("\n".join(shortcomings))


@app.command()
def fetch(
    slugs: Annotated[list[str] | None, typer.Argument(metavar="[SLUG]...", help="All, when none.")] = None,
    propose: Annotated[
        str, typer.Option(metavar="SLUG", help="Fetch nothing: search for where a publication is, for you to accept.")
    ] = "",
) -> None:
    """Look at publishers and bring new files into the vault; the line runs over them with the next pass."""
    if propose:
        if slugs:
            raise typer.BadParameter(f"--propose {propose} fetches nothing: name no publication beside it.")
        _proposed(propose)
        return
    from monitor.declarations import check
    from monitor.run import fetch as look_and_keep
    from monitor.store.vault import Vault

    wrong = check()
    with writing("fetch"):
        done = look_and_keep(Vault(given.home), slugs or None, say)
    failed = [f"{f.publication}: {f.reason}" for f in done.failed]
    if given.json:
        new = [f"{a.publication} {a.edition_id}: {a.name}" for a in done.new]
        said = {"looked": done.looked, "of": done.of, "new": new, "failed": failed, "noticed": done.noticed}
        document({**said, "undeclared": wrong})
    else:
        _looked("" if failed else done.sentence, done.noticed)
    if shortcomings := [*_left_out(wrong), *([_unreached(done.sentence, failed)] if failed else [])]:
        raise Failed("\n".join(shortcomings))


def _proposed(slug: str) -> None:
    """Where a publication could be, and what a person writes where to accept it."""
    from dashboards import terminal
    from monitor.declarations import place_of
    from monitor.run import propose

    publication, found = propose(slug)
    rows = []
    for c in found.candidates:
        file, line = place_of(publication.id, c.write[-1].partition(" ")[0])
        said = {"title": c.title, "organisations": c.organisations, "address": c.address, "why": c.why}
        rows.append({**said, "file": str(file), "line": line, "write": c.write})
    value = {"publication": publication.id, "declared": found.declared, "candidates": rows, "failed": found.failed}
    answer(value, lambda: terminal.proposed(value))
    if found.failed:
        raise Failed("Not everything could be asked:\n" + "\n".join(found.failed))


@app.command()
@writes
def add(
    file: Annotated[Path, typer.Argument(help="A publisher's file on disk.")],
    publication: Annotated[str, typer.Option(help="The publication it belongs to.")],
    edition: Annotated[str, typer.Option(help="Its edition, such as 2022-06-30.")],
    published_on: Annotated[
        str | None, typer.Option(help="The day it was published, where it is not the edition's: a correction.")
    ] = None,
    complete: Annotated[
        bool, typer.Option("--complete", help="State that the edition is held in full: what it lacks is told at once.")
    ] = False,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who states it; kept in the journal.")] = "",
) -> None:
    """Keep a publisher's file in the vault and run the line over it."""
    from monitor import clock
    from monitor.run import take_in, what_can_be_asked
    from monitor.store import reads
    from monitor.store.vault import Vault
    from pipelines.acquire import add as keep
    from pipelines.acquire import state_whole

    if by and not complete:
        raise typer.BadParameter("--by names who states that the edition is whole: give --complete too, or neither.")
    day = a_date(published_on, "--published-on") if published_on else None
    artefact, is_new = keep(Vault(given.home), file, publication, edition, clock.now(), day)
    say(f"{'Kept' if is_new else 'Already held'}: {artefact.name} sha256 {artefact.sha256}")
    if complete:
        state_whole(Vault(given.home), artefact, who(by), clock.now())
    summary = take_in(given.home, say=say, as_of=given.as_of)
    with reader() as store:
        problems = reads.problems_of(store, artefact.sha256)
        editions = set(store.table("artefact").filter(publication=artefact.publication)["edition_id"])
        ask = _commands(artefact.publication, what_can_be_asked(store), len(editions))
    held = f"{artefact.publication} {artefact.edition_id}: {artefact.name}, {artefact.bytes:,} bytes, held."
    answer(
        {**asdict(summary), "sha256": artefact.sha256, "is_new": is_new, "problems": problems.to_dicts(), "ask": ask},
        lambda: "\n".join([held, "Now you can ask:", *(f"  justice-monitor {command}" for command in ask)]),
    )
    unread = [p for p in problems.to_dicts() if p["severity"] != "note"]
    shortcomings = _left_out(summary.undeclared)
    if unread:
        shortcomings.append(f"{artefact.name} is kept, but not all of it could be read:")
        shortcomings += [f"{p['check']} {p['sheet'] or ''} {' '.join(p['cells'])}: {p['message']}" for p in unread]
    if shortcomings:
        raise Failed("\n".join(shortcomings))


def _commands(publication: str, measures: Sequence[Mapping[str, Any]], editions: int) -> list[str]:
    """What can be asked of a publication, as commands: its measures by each characteristic, its tables that nobody
    declared, and its register; of several editions, what is different between them.
    """
    mine = [m for m in measures if m["publication"] == publication]
    ratios = [f"ratios {m['id']} --by {c}" for m in mine if m["is_measure"] for c in m["characteristics"]]
    tables = [m for m in mine if m["layout"] == "inferred"]
    ratios += [
        f"ratios {publication} --table {m['table']} --by {m['characteristics'][0]}" for m in tables[:_MOST_ASKED]
    ]
    always = [*([f"measures {publication}"] if tables else []), f"gaps {publication}", f"checks {publication}"]
    return [*ratios, *always, *([f"diff {publication}"] if editions > 1 else [])]


_MOST_ASKED = 5
"""So many tables that nobody declared are named after a file was added."""


@app.command()
@writes
def rebuild() -> None:
    """Make the database again from the vault: every table comes out identical."""
    from monitor.run import rebuild as again

    summary = again(given.home, say=say, as_of=given.as_of)
    pages = _report(asdict(summary))
    if shortcomings := [*_damaged(summary.lost), *_left_out(summary.undeclared), *pages]:
        raise Failed("\n".join(shortcomings))


def _damaged(lost: Sequence[str]) -> list[str]:
    """What is said of files that are kept and not whole."""
    return [f"{len(lost)} files are not whole, and were not read:", *(f"  {line}" for line in lost)] if lost else []


def _left_out(wrong: Sequence[str]) -> list[str]:
    """What is said of declarations that name what nobody declared."""
    said = f"{len(wrong)} names stand for nothing declared; what rests on them was left out:"
    return [said, *(f"  {line}" for line in wrong)] if wrong else []


def _unreached(said: str, failed: Sequence[str]) -> str:
    """What was said, and each reason once with everything it kept."""
    by_reason: dict[str, list[str]] = {}
    for line in failed:
        name, _, reason = line.partition(": ")
        by_reason.setdefault(reason, []).append(name)
    return "\n".join([said, *(f"  {', '.join(names)}: {reason}" for reason, names in by_reason.items())])


def _looked(said: str, noticed: Sequence[str]) -> None:
    """What looking at publishers gave: the pass in a sentence, and what was noticed."""
    if said:
        print(f"\nPublishers: {said}")
    if noticed:
        print("\nWhat their pages showed:")
        for line in noticed[:_MOST_NOTICED]:
            print(f"* {line}")
        if len(noticed) > _MOST_NOTICED:
            print(f"* and {len(noticed) - _MOST_NOTICED} more: see `justice-monitor journal`.")


_MOST_NOTICED = 20


def _report(summary: dict[str, Any]) -> list[str]:
    """What a pass did, with its pages; gives a sentence for each page that could not be made."""
    from dashboards.site import build_or_say

    say("Writing the pages")
    summary["pages_not_made"] = not_made = build_or_say(given.home, version=version())
    if given.json:
        document(summary)
        return not_made
    from dashboards import terminal
    from monitor.notify.message import of_a_pass
    from monitor.store import reads

    with reader() as store:
        print(terminal.summary(summary, reads.disparities(store), reads.findings(store), reads.gaps(store)))
    if news := of_a_pass(summary["alerts"], summary["known_before"]):
        print(f"\n{news}")
    print(f"\nDatabase: {given.home.main}")
    print(f"Pages:    {given.home.site / 'index.html'}")
    return not_made
