"""Announced release dates of publications: one search for all, and our own history of what was announced before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from monitor.declarations import Publication
from monitor.declarations.record import compiled
from monitor.watch.calendar import Announcement
from pipelines.fetch.finding import Failed, Finding
from pipelines.look import govuk
from pipelines.look.desk import Desk
from pipelines.look.found import missing
from pipelines.look.looker import kind_of
from pipelines.look.members import name_of
from pipelines.look.memory import Memory
from pipelines.look.titles import period_of, series_words

LOOK_BACK = timedelta(days=60)
"""Announced dates this far past are still asked for: what is late stays in view."""


@dataclass(frozen=True)
class Announced:
    """What a look gave, whatever a server did; `ended` are paths of announcements that are none any more, with why."""

    changed: tuple[Announcement, ...] = ()
    ended: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    looked: bool = False


def together(calendars: Iterable[Announced | None]) -> Announced:
    """What looks at several calendars gave, as one; looked at when some were asked and none of them failed."""
    every = [one for one in calendars if one is not None]
    return Announced(
        changed=tuple(a for one in every for a in one.changed),
        ended=tuple(e for one in every for e in one.ended),
        findings=tuple(f for one in every for f in one.findings),
        looked=bool(every) and all(one.looked for one in every),
    )


def look_at_announcements(publications: Sequence[Publication], desk: Desk) -> Announced | None:
    """Every announcement of the declared series that is new, changed or gone; None where nobody is to be asked."""
    organisations = tuple(sorted({name for p in publications for name in p.organisations}))
    if not organisations:
        return None
    findings = list[Finding]()
    url = govuk.announcements_url(desk.now.date() - LOOK_BACK, organisations)
    try:
        asked = desk.ask(url, keep=False)
    except Failed as failed:
        return Announced(findings=(failed.finding,))
    if asked.status != 200:
        findings.append(Finding("unexpected_answer", url, "search results", f"status {asked.status}"))
    listed = govuk.read_announcements(asked.body, url, findings) if asked.status == 200 else None
    if listed is None:
        return Announced(findings=tuple(findings))
    ours = {a.path: a for a in listed if any(announces(p, a.title) for p in publications)}
    known = desk.memory.announcements
    changed = [
        _detailed(a, known.get(path), desk, findings)
        for path, a in ours.items()
        if path not in known or not _same(a, known[path])
    ]
    unlisted = [
        was
        for path, was in sorted(known.items())
        # because announcements of publications that are not looked at now were not asked for
        if path not in ours and path.startswith("/") and _stands(was, desk)
        if any(announces(p, was.title) for p in publications)
    ]
    asked_alone = [_by_its_own_page(was, desk, findings) for was in unlisted]
    changed += [a for a in asked_alone if isinstance(a, Announcement)]
    ended = tuple(a for a in asked_alone if isinstance(a, tuple))
    fresh = tuple(a for a in changed if a != known.get(a.path))
    return Announced(fresh, ended, tuple(findings), looked=True)


def announces(publication: Publication, title: str) -> bool:
    """Whether an announcement of that title is of this series: by its patterns, else by the words of its title."""
    if publication.releases:
        return bool(compiled(publication.releases).search(title))
    if publication.editions:
        return publication.is_edition(title)
    own = series_words(publication.title)
    return bool(own) and kind_of(publication).startswith("govuk") and own <= series_words(title)


def announcements_of(publication: Publication, memory: Memory) -> list[Announcement]:
    """The announcements of a series as last seen, by date, each with the edition that its title names."""
    ours = [a for a in memory.announcements.values() if announces(publication, a.title)]
    named = (replace(a, edition=name_of(publication, a.title) or "") if period_of(a.title) else a for a in ours)
    return sorted(named, key=lambda a: (a.date, a.path))


def _same(now: Announcement, was: Announcement) -> bool:
    kept = (was.title, was.display, was.state, was.at, was.unlisted)
    return (now.title, now.display, now.state, now.at, now.unlisted) == kept


def _stands(was: Announcement, desk: Desk) -> bool:
    """Whether an announcement that is not listed should be: cancelled ones leave the list with time."""
    return was.state != "cancelled" or was.until >= desk.now.date() - LOOK_BACK


def _detailed(now: Announcement, was: Announcement | None, desk: Desk, findings: list[Finding]) -> Announcement:
    """An announcement with what only its own page says (why, and what was announced before), and our memory of it."""
    try:
        opened = desk.open(now.path, findings)
    except Failed as failed:
        findings.append(failed.finding)
        opened = None
    if opened is not None and isinstance(opened.item, Announcement):
        now = replace(opened.item, path=now.path)
    return with_history(now, was)


def with_history(now: Announcement, was: Announcement | None) -> Announcement:
    """An announcement with the dates before: the last by the publisher's own word for it, else as we remember."""
    if was is None:
        return now
    previous = now.previous or (was.display if was.display != now.display else was.previous)
    return replace(now, previous=previous, first=was.first or (was.until if was.until != now.until else None))


def _by_its_own_page(
    was: Announcement, desk: Desk, findings: list[Finding]
) -> Announcement | tuple[str, str] | None:  # fmt: skip
    """What the page of an announcement that is not listed says; or the path and what it became, where it is none.

    None where its page cannot be read: then what was known of it stands.
    """
    try:
        opened = desk.open(was.path, findings)
    except Failed as failed:
        findings.append(failed.finding)
        return None
    where, expected = govuk.page_url(was.path), f"{was.title} on {was.display} ({was.state})"
    if isinstance(opened.item, Announcement):
        now = replace(opened.item, path=was.path, unlisted=opened.item.state != "cancelled")
        if now.unlisted and not was.unlisted:
            found = f"its own page alone, which says {now.display} ({now.state})"
            findings.append(Finding("announcement_unlisted", where, "it in the calendar", found, _UNLISTED, "note"))
        return with_history(now, was)
    if isinstance(opened.item, govuk.Page | govuk.Collection):
        return was.path, opened.path
    if opened.item is None and opened.status not in (301, 404, 410):
        findings.append(missing(where, opened.status, None, expected))
        return None
    found = "taken down" if isinstance(opened.item, govuk.Gone) else f"status {opened.status}"
    remedy = "It was neither published there nor cancelled: ask the publisher."
    findings.append(Finding("announcement_gone", where, expected, found, remedy))
    return was.path, ""


_UNLISTED = "What its page says counts. Nothing is called late by it before twenty working days."
