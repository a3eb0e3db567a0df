"""Verbs that tell people: alerts and their life, and delivery."""

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.desk import FINDINGS, Check, Failed, Usage, a_date, a_name, answer, app, given, reader, who

if TYPE_CHECKING:
    from monitor.notify.forward import Forwardable
    from monitor.watch.alerts import Alert, Event

verbs = typer.Typer(help="What is missing and who knows: list, show, and what people do about it.")
app.add_typer(verbs, name="alerts")

Id = Annotated[str, typer.Argument(metavar="ID", help="An alert's name, as `alerts` prints it.")]
Reason = Annotated[str, typer.Option(help="Why, for others to read.")]
By = Annotated[str, typer.Option(help="Who does this; your user name when left out.")]
Severity = Annotated[str, typer.Option(help="Only alerts as severe as this or more: S1 to S4.")]
OnlyPublication = Annotated[str | None, typer.Option(help="Only this publication.")]
OnlyCharacteristic = Annotated[str | None, typer.Option(help="Only this characteristic.")]
OnlyOpen = Annotated[bool, typer.Option("--open", help="Without those set aside or closed.")]


@verbs.callback(invoke_without_command=True)
@verbs.command("list", help="Every alert, open ones first, gravest first.")
def alerts(
    context: typer.Context,
    publication: OnlyPublication = None,
    characteristic: OnlyCharacteristic = None,
    severity: Severity = "S4",
    only_open: OnlyOpen = False,
    check: Check = False,
) -> None:
    """What is missing and who knows: without a verb, the list. S4 alerts are a log and no finding for --check."""
    if context.invoked_subcommand is not None:
        return
    from monitor.declarations import find, publications
    from monitor.notify.written import rows
    from monitor.vocabulary import CHARACTERISTICS, TERMS

    if publication is not None:
        find(publications(), publication, "publication")
    if characteristic is not None:
        characteristic = a_name(characteristic, [c.id for c in CHARACTERISTICS], "characteristic")
    a_name(severity, TERMS["alert_severity"], "severity")
    found = [a for a in _standing() if a.gap.severity <= severity and (a.is_open or not only_open)]
    found = [a for a in found if publication in (None, a.gap.publication)]
    found = [a for a in found if characteristic in (None, a.gap.characteristic)]
    answer(rows(found, _ready(found)) if given.json else None, lambda: _in_lines(found))
    if check and any(a.is_open and a.gap.severity < "S4" for a in found):
        raise typer.Exit(FINDINGS)


def _in_lines(found: "list[Alert]") -> str:
    from monitor.notify.message import line
    from monitor.notify.owed import by_gravity

    states = {
        "Open": [a for a in found if a.is_open],
        "Set aside": [a for a in found if a.state in ("snoozed", "accepted", "false_positive")],
        "Closed": [a for a in found if a.state == "resolved"],
    }
    parts = [
        "\n".join([f"{heading} ({len(some)})", *(f"* {line(a)}" for a in sorted(some, key=by_gravity))])
        for heading, some in states.items()
        if some
    ]
    return "\n\n".join(parts) or "No alerts."


def _standing() -> "list[Alert]":
    """Every alert as asked for; a warning for journal lines that cannot be read."""
    from monitor.cli.desk import say
    from monitor.run import alerts as as_they_stand

    found, known = as_they_stand(given.home, given.as_of, given.known_at)
    if known.unreadable:
        say(f"{known.unreadable} lines of the journal cannot be read and were passed over; `doctor` names them.")
    return found


def _ready(found: "list[Alert]") -> "list[Forwardable]":
    from monitor import clock
    from monitor.notify.forward import Held, forwardable
    from monitor.notify.templates import of_home

    with reader() as store:
        held = Held.of(store)
    templates = of_home(given.home)
    return [forwardable(a, held, templates, clock.now()) for a in found]


def _one(identifier: str, among: "list[Alert]") -> "Alert":
    known = {a.id: a for a in among}
    if not known:
        raise Usage(f"no alert is called {identifier!r}; there are no alerts.")
    return known[a_name(identifier, list(known), "alert")]


@verbs.command()
def show(
    identifier: Id, wording: Annotated[str, typer.Option(help="Only these words: producer, foi, pq or osr.")] = ""
) -> None:
    """One alert as it can be forwarded, with the words to ask for the breakdown back."""
    from monitor.notify.templates import of_home
    from monitor.notify.written import rows
    from monitor.watch.alerts import routes

    alert = _one(identifier, _standing())
    (ready,) = _ready([alert])
    if wording:
        a_name(wording, list(routes()), "wording")
        if wording not in ready.wording:
            known = ", ".join(ready.wording) or "none"
            why = " ".join(ready.problems) or f"There is nothing of that kind to ask for here; there is: {known}."
            raise Failed(f"{alert.id} has no {wording} wording. {why}")
        answer({"id": alert.id, "wording": ready.wording[wording]}, lambda: ready.wording[wording].rstrip())
        return
    (row,) = rows([alert], [ready])
    answer(row, lambda: of_home(given.home).render("alert.txt.j2", alert=ready, routes=routes()).rstrip())


@verbs.command()
def ack(identifier: Id, by: By = "", reason: Reason = "") -> None:
    """Take an alert on, or take up again one that was set aside."""
    from monitor.watch.alerts import acknowledged

    _do(identifier, lambda alert, at: acknowledged(alert, at, who(by), reason))


@verbs.command()
def snooze(
    identifier: Id,
    until: Annotated[str, typer.Option(help="The day on which it opens again.")],
    by: By = "",
    reason: Reason = "",
) -> None:
    """Set an alert aside until a day."""
    from monitor.watch.alerts import snoozed

    _do(identifier, lambda alert, at: snoozed(alert, at, who(by), a_date(until, "--until"), reason))


@verbs.command("raise")
def raise_(
    identifier: Id,
    to: Annotated[str, typer.Option(help="producer, foi, pq (parliamentary question) or osr (the regulator).")],
    reference: Annotated[str, typer.Option(help="The reference of what was sent.")] = "",
    due: Annotated[str, typer.Option(help="When a reply is due; by default as the route has it.")] = "",
    by: By = "",
) -> None:
    """Record that the breakdown was asked for; a reply is awaited until its day."""
    from monitor.watch.alerts import raised, routes

    route = a_name(to.lower(), list(routes()), "route")
    day = a_date(due, "--due") if due else None
    _do(identifier, lambda alert, at: raised(alert, at, who(by), route, reference, day))


@verbs.command("answer")
def answer_(
    identifier: Id,
    outcome: Annotated[str, typer.Option(help="explained, promised or refused.")] = "",
    promised: Annotated[str, typer.Option(help="The day for which it was promised.")] = "",
    reason: Reason = "",
    by: By = "",
) -> None:
    """Record an answer. A promise has a day; when it passes unseen, the alert opens again."""
    from monitor.watch.alerts import ANSWERS, answered

    kind = a_name(outcome or ("promised" if promised else "explained"), ANSWERS, "outcome")
    day = a_date(promised, "--promised") if promised else None
    _do(identifier, lambda alert, at: answered(alert, at, who(by), kind, reason, day))


@verbs.command()
def accept(identifier: Id, reason: Reason = "", by: By = "") -> None:
    """Record that the gap is legitimate; it is asked again in twelve months."""
    from monitor.watch.alerts import accepted

    _do(identifier, lambda alert, at: accepted(alert, at, who(by), reason))


@verbs.command("false-positive")
def false_positive(identifier: Id, reason: Reason = "", by: By = "") -> None:
    """Record that the alert is our mistake, and why, so that it becomes a test."""
    from monitor.watch.alerts import false_positive as mistaken

    _do(identifier, lambda alert, at: mistaken(alert, at, who(by), reason))


@verbs.command()
def resolve(identifier: Id) -> None:
    """Ask the register whether the gap has gone, and close the alert if it has: only what was seen again is closed."""
    from monitor.run import settle

    _may_write()
    alert = _one(identifier, settle(given.home))
    if alert.state != "resolved":
        why = (
            f"The register still says so: {alert.gap.reason}"
            if alert.standing
            else "The register says nothing of it now: nobody has looked, and that closes nothing."
        )
        raise Failed(
            f"{alert.id} is not closed. {why} Bring the file that has it (`justice-monitor fetch` or `add`), or use "
            "`alerts accept` or `alerts false-positive` with a reason."
        )
    answer({"id": alert.id, "state": alert.state}, lambda: f"{alert.id} is closed. {alert.reason}")


def _do(identifier: str, act: "Callable[[Alert, dt.datetime], Event]") -> None:
    """One thing that a person does: written to the journal, then said."""
    from monitor import clock
    from monitor.notify.kept import note
    from monitor.notify.words import in_words
    from monitor.run import settle
    from monitor.store.vault import Vault
    from monitor.watch.alerts import after

    _may_write()
    alert = _one(identifier, settle(given.home))
    event = act(alert, clock.now())
    note(Vault(given.home), event)
    alert = after(alert, event)
    answer({"id": alert.id, "state": alert.state}, lambda: f"{alert.id}: {in_words(alert)}.")


def _may_write() -> None:
    if given.as_of or given.known_at:
        raise Usage("--as-of and --known-at ask about another day; what people do is written today. Leave them out.")


@app.command()
def deliver(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent; send and write nothing.")] = False,
) -> None:
    """Send what is owed to those who asked for it: one digest each, never twice, never empty."""
    from monitor import clock
    from monitor.notify.settings import EXAMPLE, path_of
    from monitor.run import deliver as send

    _may_write()
    done = send(given.home, dry_run=dry_run)
    if done is None:
        raise Usage(
            f"nobody is told of anything: expected settings in {path_of(given.home)}, found none. Copy {EXAMPLE} there "
            "and take out what you do not need."
        )
    now = clock.now()
    said = "\n".join(o.sentence(now) for o in done.outcomes) or "Nobody is to be told: the settings name no one."
    answer({"outcomes": [asdict(o) for o in done.outcomes], "problems": done.problems}, lambda: said)
    if not done.is_complete:
        raise Failed("Not everything was delivered; the next run tries again.\n" + "\n".join(done.shortcomings(now)))
