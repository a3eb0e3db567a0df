"""What the ways of looking share: editions of several addresses together, and what to say when one gives none."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from monitor.declarations import Publication
from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.session import forbidden
from pipelines.look import govuk
from pipelines.look.desk import Desk, Opened
from pipelines.look.records import Attachment, EditionSeen
from pipelines.look.times import london_day
from pipelines.look.titles import edition_id, period_of

T = TypeVar("T")


@dataclass(frozen=True)
class Found:
    """The editions an address shows, newest first, and titles beside; `as_before` when all are as remembered."""

    editions: Sequence[EditionSeen]
    besides: Sequence[str] = ()
    as_before: bool = False


Way = Callable[[Publication, Desk, list[Finding]], Found | None]
"""How the editions of a kind of publication are found; None, with findings, when they cannot be."""


def found_at(
    editions: Sequence[EditionSeen],
    reached: bool,
    failures: Sequence[Failed],
    findings: list[Finding],
    besides: Sequence[str] = (),
) -> Found | None:
    """What several addresses gave together. Raises `Failed` when every one of them failed."""
    if failures and not reached:
        raise failures[-1]
    findings += [failed.finding for failed in failures]
    return Found(editions, besides) if reached else None


def join(editions: dict[str, EditionSeen], more: Iterable[EditionSeen]) -> None:
    """Add editions of another page or data set: those of one id are one, with the files of both."""
    for edition in more:
        held = editions.get(edition.id)
        if held is None:
            editions[edition.id] = edition
            continue
        days = [day for day in (held.published_on, edition.published_on) if day]
        files = {a.url: a for a in (*held.attachments, *edition.attachments)}
        editions[edition.id] = replace(held, published_on=max(days, default=None), attachments=tuple(files.values()))


def with_remembered(publication: Publication, desk: Desk, editions: Sequence[EditionSeen]) -> list[EditionSeen]:
    """Editions, and after them those remembered that are not among them: what shows them does not show all."""
    seen = {e.id for e in editions}
    before = desk.memory.editions_of(publication.id)
    return [*editions, *(e for e in before.values() if e.id not in seen)]


def newest_first(editions: Mapping[str, EditionSeen]) -> list[EditionSeen]:
    """Editions by their ids, which begin with a year."""
    return sorted(editions.values(), key=lambda e: e.id, reverse=True)


def tried(ask: Callable[[], T], failures: list[Failed]) -> T | None:
    """An answer; None when there was none, and why among the failures."""
    try:
        return ask()
    except Failed as failed:
        failures.append(failed)
        return None


def say_missing(opened: Opened, findings: list[Finding], expected: str) -> None:
    """A finding for what was not there; what was there and could not be read has its own already."""
    if opened.item is not None or opened.status != 200:
        findings.append(missing(opened.url, opened.status, opened.item, expected))


def missing(url: str, status: int, item: object, expected: str) -> Finding:
    """What to say of an address that did not give what was expected."""
    if isinstance(item, govuk.Gone):
        words = f"taken down: {item.explanation or 'no reason given'}"
        if item.alternative:
            words += f"; the publisher points to {item.alternative}"
        return Finding("gone", url, expected, words, "What is held is kept.", "critical")
    if status in (404, 410):
        return Finding("dead_link", url, expected, f"status {status}")
    if status == 403:
        return forbidden(url, expected)
    found = f"a {type(item).__name__.lower()}" if item is not None else f"nothing readable (status {status})"
    return Finding("unexpected_answer", url, expected, found, "The next pass asks again.")


def moved(was: str, now: str) -> Finding:
    """What to say of a page that is elsewhere now."""
    return Finding("moved", was, "the page", f"a redirect to {now}", "Declare the new address.", "note")


def by_period(
    publication: Publication, desk: Desk, page: EditionSeen, files: Iterable[Attachment]
) -> list[EditionSeen]:
    """A rolling page's editions: its files by the period they name, else by the day they were first seen."""
    day_updated = london_day(page.updated_at)
    before = desk.memory.editions_of(publication.id)
    known = {a.url: e.id for e in before.values() for a in e.attachments}
    groups: dict[str, list[Attachment]] = defaultdict(list)
    undated = set()
    for a in files:
        period = period_of(a.title) or period_of(a.name.replace("-", " ").replace("_", " "))
        name = edition_id(period) if period else known.get(a.url, (day_updated or desk.now.date()).isoformat())
        groups[name].append(a)
        if period is None:
            undated.add(name)
    editions = []
    for name, group in groups.items():
        was = before.get(name)
        as_before = was is not None and was.attachments == tuple(group)
        edition = replace(
            page,
            id=name,
            title=f"{page.title}: {name}",
            # because at a first look the day of the latest update says nothing of older files
            published_on=was.published_on if was else day_updated if before else None,
            updated_at=was.updated_at if was and as_before else page.updated_at,
            by_day=name in undated,
            attachments=tuple(group),
            notes=(),
        )
        editions.append(edition)
    # because a rolling page drops old files: an edition no longer shown there has not been taken back
    old = [e for name, e in before.items() if name not in groups and e.url == page.url]
    shown = {a.url for group in groups.values() for a in group}
    return editions + [e for e in old if not e.attachments or not {a.url for a in e.attachments} <= shown]
