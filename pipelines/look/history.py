"""What looking has given so far, as of any day: editions shown, events, dead addresses."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from monitor.clock import in_london
from monitor.declarations import Commitment, Publication
from monitor.store.vault import Vault
from monitor.watch.register import Dead, Event, Look, Shown
from pipelines.look.calendar import announcements_of
from pipelines.look.members import selected
from pipelines.look.memory import LOOK, Memory
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
