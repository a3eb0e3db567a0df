"""A digest in words: sections that every channel shows in its own form, and the plain and the HTML letter."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dashboards import sentences
from monitor.declarations import publications
from monitor.notify.forward import Forwardable, Held, forwardable
from monitor.notify.owed import NAMED, Digest
from monitor.notify.settings import Recipient, Subscriptions
from monitor.notify.templates import TemplateError, Templates
from monitor.notify.words import SEVERITIES, in_words, said
from monitor.watch.alerts import Alert, routes, title
from monitor.watch.register import word

IN_FULL = 10
"""How many alerts a message gives in full; the rest are one line each."""


@dataclass(frozen=True)
class Section:
    """One part of a message: a heading, a sentence, alerts in full, and lines."""

    heading: str
    lead: str = ""
    alerts: tuple[Forwardable, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message:
    """What is sent; the same news has the same `reference`. `problems` names templates that could not be used."""

    subject: str
    sections: tuple[Section, ...]
    text: str
    html: str
    reference: str
    problems: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """The message for a program: subject, sections with their alerts, reference."""
        sections = [asdict(section) for section in self.sections]
        return {"reference": self.reference, "subject": self.subject, "sections": sections}


def compose(
    digest: Digest, held: Held, settings: Subscriptions, templates: Templates, not_told: Sequence[str], now: dt.datetime
) -> Message:
    """A digest that is not empty as a message. `not_told` is one line for each recipient that could not be reached."""
    sections = tuple(s for s in _sections(digest, held, templates, not_told, now) if s.alerts or s.lines or s.lead)
    subject = _subject(digest)
    fields = {
        "subject": subject,
        "sections": sections,
        "site": settings.site,
        "asked_for": _asked_for(digest.recipient),
        "routes": routes(),
    }
    problems = list(dict.fromkeys(p for s in sections for a in s.alerts for p in a.problems))
    letters = []
    for name in ("digest.txt.j2", "digest.html.j2"):
        try:
            letters.append(templates.render(name, **fields))
        except TemplateError as error:
            problems.append(str(error))
            letters.append(Templates().render(name, **fields))
    return Message(subject, sections, letters[0], letters[1], _reference(digest, now), tuple(problems))


def _reference(digest: Digest, now: dt.datetime) -> str:
    about = [digest.recipient.name, *digest.events, *(a.id for a in digest.listed)]
    if not digest.events and not digest.listed:
        about.append(now.date().isoformat())
    return hashlib.sha256("\x1f".join(about).encode()).hexdigest()[:24]


def _subject(digest: Digest) -> str:
    counts = {
        "new": len(digest.opened),
        "changed": len(digest.changed),
        "closed": len(digest.closed) + len(digest.passed),
        "known before": len(digest.listed),
        "still open": len(digest.reminders),
    }
    named = ", ".join(f"{n} {what}" for what, n in counts.items() if n)
    first = (*digest.opened, *(a for a, _ in (*digest.changed, *digest.closed)), *digest.passed, *digest.listed)
    alert = (*first, *digest.reminders)[0]
    return f"{alert.gap.severity}: {_title(alert)} ({named})"


def _sections(
    digest: Digest, held: Held, templates: Templates, not_told: Sequence[str], now: dt.datetime
) -> tuple[Section, ...]:
    full, beside = _grouped(digest.opened)
    passed = tuple(f"{_title(a)}. {in_words(a)} Alert {a.id}" for a in digest.passed)
    return (
        Section("New", "", tuple(forwardable(a, held, templates, now) for a in full), tuple(map(line, beside))),
        Section("Changed", lines=tuple(f"{line(a)} {said(e)}" for a, e in digest.changed)),
        Section("Closed", lines=tuple(f"{_title(a)}. {said(e)} Alert {a.id}" for a, e in digest.closed)),
        Section("Opened and closed before you could be told", lines=passed),
        _known_before(digest.listed),
        Section("Still open", lines=tuple(line(a) for a in digest.reminders)),
        Section("Not delivered to others", lines=tuple(not_told)),
    )


def _grouped(opened: Sequence[Alert]) -> tuple[list[Alert], list[Alert]]:
    """The first alert of each loss, to be given in full, and the other tables of the same loss, a line each."""
    first: dict[tuple[str, str, str], Alert] = {}
    for alert in opened:
        first.setdefault((alert.gap.publication, alert.gap.characteristic, alert.gap.code), alert)
    full = list(first.values())[:IN_FULL]
    return full, [a for a in opened if a not in full]


def _known_before(listed: Sequence[Alert]) -> Section:
    if not listed:
        return Section("")
    counted = Counter(a.gap.severity for a in listed)
    said_so = ", ".join(f"{n} {s} ({SEVERITIES[s]})" for s, n in sorted(counted.items()))
    more = f" The first {NAMED} are named; `justice-monitor alerts` lists them all." if len(listed) > NAMED else ""
    by = by_publisher(listed) if more else ()
    lead = f"Already so when watching began, or before you were added, and said once: {said_so}.{more}"
    return Section("Known before", lead, lines=(*by, *map(line, listed[:NAMED])))


def by_publisher(alerts: Sequence[Alert]) -> list[str]:
    """How many alerts there are of each publisher, a line each."""
    known = publications()
    whose = ((known[a.gap.publication].publisher if a.gap.publication in known else "Others", a) for a in alerts)
    return sentences.tallied((publisher, word(a.gap.state)) for publisher, a in whose)


def line(alert: Alert) -> str:
    """An alert in one line: severity, title, state, since when, and its name."""
    noticed = sentences.day(alert.opened.date())
    return f"{alert.gap.severity} {_title(alert)}: {in_words(alert)}, noticed {noticed}. Alert {alert.id}"


def of_a_pass(news: Sequence[str], known_before: int) -> str:
    """What a pass brought, for the terminal: alerts that opened or closed, and gaps that were there from the first."""
    lines = [f"* {text}" for text in news[:NAMED]]
    if len(news) > NAMED:
        lines.append(f"* and {len(news) - NAMED} more: see `justice-monitor alerts`.")
    if known_before:
        told = "`justice-monitor alerts` lists them, and they are told once to those who asked"
        lines.append(f"* {known_before} gaps were there when watching began: {told}.")
    return "\n".join(["Alerts", "======", *lines]) if lines else ""


def _title(alert: Alert) -> str:
    return sentences.clean(title(alert.gap, publications()))


def _asked_for(recipient: Recipient) -> str:
    known = publications()
    named = [known[p].title for p in recipient.publications]
    of = [sentences.title_of(c).lower() for c in recipient.characteristics]
    return (
        f"alerts of severity {recipient.severity}{'' if recipient.severity == 'S1' else ' and graver'} on "
        f"{', '.join(of) or 'every characteristic'}, in {'; '.join(named) or 'every publication'}; "
        "to change that, ask whoever runs this monitor"
    )
