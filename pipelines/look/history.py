"""What looking has given so far, as of any day: editions shown, events, dead addresses."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress

from monitor.clock import in_london
from monitor.declarations import Commitment, Publication
from monitor.store.vault import Key, Vault, key_of
from monitor.watch.register import Dead, Event, Look, Shown
from pipelines.acquire import ORIGINAL
from pipelines.fetch.remembered import FILE
from pipelines.look.calendar import announcements_of
from pipelines.look.members import selected
from pipelines.look.memory import EDITION, LOOK, VANISHED, Memory
from pipelines.look.records import EditionSeen


def looks_of(
    vault: Vault, publications: Mapping[str, Publication], as_of: dt.date, known_at: dt.datetime | None = None
) -> dict[str, Look]:
    """A look for every publication that was looked at with success by `known_at`, as the register asks for it."""
    memory = Memory.of(vault, known_at)
    evening = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time())
    # because an announcement has no day of publication: what we had not seen by then, was not known to us
    then = Memory.of(vault, min(known_at, evening) if known_at else evening)
    events, days = _events(vault, known_at)
    found = {}
    for slug, publication in publications.items():
        last = memory.looks.get(slug)
        if last is None or last.succeeded_at is None:
            continue
        found[slug] = Look(
            on=in_london(last.succeeded_at).date(),
            at=last.succeeded_at,
            editions={e.id: _shown(publication, e) for e in memory.editions.get(slug, {}).values()},
            announcements=tuple(announcements_of(publication, then)),
            events=tuple(events.get(slug, ())),
            days=tuple(sorted(days.get(slug, ()))),
            dead=tuple(
                Dead(m.url, in_london(m.since).date(), in_london(m.dead_at).date(), m.page)
                for m in memory.missing.values()
                if m.publication == slug and m.dead_at is not None
            ),
        )
    return found


def _shown(publication: Publication, edition: EditionSeen) -> Shown:
    wanted = selected(publication, edition.attachments)
    return Shown(
        id=edition.id,
        title=edition.title,
        url=edition.url,
        published_on=edition.published_on,
        designation=edition.designation,
        withdrawn=edition.withdrawn,
        redirected=edition.redirected,
        files=tuple(a.name for a in wanted),
        unread=tuple(a.title or a.name for a in edition.attachments if a not in wanted),
        opened=edition.opened,
        noted=edition.notes,
        attachments=tuple(a.title or a.name for a in edition.attachments),
    )


def _events(
    vault: Vault, until: dt.datetime | None
) -> tuple[dict[str, list[Event]], dict[str, set[dt.date]]]:  # fmt: skip
    """Every change that a look found, by publication, oldest first, and the days of looks that succeeded.

    Lines that cannot be read are passed over.
    """
    found: dict[str, list[Event]] = defaultdict(list)
    days: dict[str, set[dt.date]] = defaultdict(set)
    for entry in vault.journal():
        if entry.get("what") != LOOK:
            continue
        try:
            at = dt.datetime.fromisoformat(str(entry["seen_at"]))
            on = in_london(at).date()
            said = entry.get("changes", ())
            changes = [Event(on, c["kind"], c["edition"], c.get("was", ""), c.get("now", "")) for c in said]
            well = entry["status"] in ("new", "unchanged")
        except (KeyError, ValueError, TypeError):
            continue
        if until is None or at <= until:
            found[entry["publication"]] += changes
            days[entry["publication"]] |= {on} if well else set()
    return found, days


def listed_now(vault: Vault) -> dict[Key, tuple[bool, dt.datetime | None]]:
    """Of every file that an edition's page lists or listed: whether it does now, and since when it does not.

    A file is told by its page and by every address that served its bytes. Pages that roll on, and so are the page of
    several editions, take nothing back by not listing it.
    """
    served: dict[tuple[str, str], set[str]] = defaultdict(set)
    listed: dict[tuple[str, str], set[str]] = defaultdict(set)
    left: dict[tuple[str, str], dict[str, dt.datetime]] = defaultdict(dict)
    pages: dict[tuple[str, str], str] = {}
    for entry in vault.journal():
        with suppress(KeyError, TypeError, ValueError):
            if entry["what"] == FILE:
                served[entry["publication"], entry["sha256"]].add(entry["url"])
            elif entry["what"] == EDITION and entry.get("opened"):
                edition, at = (entry["publication"], entry["id"]), dt.datetime.fromisoformat(str(entry["seen_at"]))
                urls = {a["url"] for a in entry.get("attachments", ())}
                left[edition] |= dict.fromkeys(listed[edition] - urls, at)
                listed[edition] = urls
                pages[edition] = entry["url"]
            elif entry["what"] == VANISHED:
                pages.pop((entry["publication"], entry["id"]), None)
    editions = Counter((publication, url) for (publication, _), url in pages.items())
    rolling = {edition for edition, url in pages.items() if editions[edition[0], url] > 1}
    found: dict[Key, tuple[bool, dt.datetime | None]] = {}
    for a in vault.artefacts():
        edition = (a.publication, a.edition_id)
        urls = served[a.publication, a.sha256] if a.kind == ORIGINAL else {a.url}
        if urls & listed[edition]:
            found[key_of(a)] = (True, None)
        elif edition not in rolling and (since := [left[edition][u] for u in urls if u in left[edition]]):
            found[key_of(a)] = (False, max(since))
    return found


def documents(commitments: Iterable[Commitment]) -> list[Publication]:
    """Policy documents of which a statement is expected, as pages to look at: nothing of them is fetched."""
    return [
        Publication(
            id=asked.page,
            title=asked.title or asked.page,
            publisher="",
            part_of=asked.page,  # because no release is counted twice for its documents
            kind="govuk-page",
            pages=(asked.page,),
        )
        for each in commitments
        for asked in each.asked
        if asked.page
    ]
