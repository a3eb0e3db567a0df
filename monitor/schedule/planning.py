"""When to look next, at what, and why: a pure function of declarations, what is known, and the moment."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor.clock import aware, in_london, london_time
from monitor.declarations import Publication
from monitor.schedule.cadences import Cadences, between_looks
from monitor.settings import DEAD_LINK_WAIT, DIGEST_AT, LOOK_AHEAD_AT, LOOK_AT, RELEASE_LOOKS, RETRY_WAIT
from monitor.watch.calendar import WORKING_DAYS_TO_ACT, Announcement, Due, add_working_days, expected, is_working_day

What = Literal["look", "look_ahead", "digest"]
Reason = Literal[
    "first", "announced", "awaited", "recheck", "failed", "expected", "late", "cadence", "look_ahead", "digest"
]

_MOST_SPECIFIC: Sequence[Reason] = ("announced", "awaited", "recheck", "failed", "expected", "late", "cadence")
"""Where two reasons ask for one moment, the one that is given."""
_DAY = dt.timedelta(days=1)
_A_LITTLE = dt.timedelta(minutes=5)
"""A look so long before its time of day counts as that day's: one at the hour of a release is no reason for another."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing to do at a moment (UTC): a look at a publication, a look at announced dates, or the digest."""

    at: dt.datetime
    what: What
    publication: str
    reason: Reason
    why: str


@dataclass(frozen=True, slots=True)
class Tried:
    """When something was last done (UTC), and how often in a row it has failed since it last went well."""

    at: dt.datetime
    failures: int = 0


@dataclass(frozen=True)
class Known:
    """What the journal and the state say; `failing` is since when there is what a second look must confirm: a dead
    address, or what an edition lacks.
    """

    tried: Mapping[str, Tried] = field(default_factory=dict)
    published: Mapping[str, Mapping[str, dt.date]] = field(default_factory=dict)
    announcements: Mapping[str, Sequence[Announcement]] = field(default_factory=dict)
    failing: Mapping[str, Sequence[dt.datetime]] = field(default_factory=dict)
    ahead: Tried | None = None
    digested: dt.datetime | None = None


def plan(
    publications: Iterable[Publication], known: Known, now: dt.datetime, cadences: Cadences
) -> tuple[Planned, ...]:
    """The next look at each publication and at announced dates, and the next digest, by time. `now` is UTC."""
    now = aware(now)
    declared = list(publications)
    planned = [_next_look(p, known, now, cadences) for p in declared]
    if any(p.organisations for p in declared):
        planned.append(_next_look_ahead(known.ahead, now))
    planned.append(_next_digest(known.digested, now))
    return tuple(sorted(planned, key=lambda p: (p.at, p.what, p.publication)))


def _next_look(publication: Publication, known: Known, now: dt.datetime, cadences: Cadences) -> Planned:
    between = between_looks(publication, cadences, in_london(now).date())
    tried = _believed(known.tried.get(publication.id), between, now)
    if tried is None:
        return Planned(now, "look", publication.id, "first", "Not looked at before.")
    found = [
        _by_cadence(publication.id, tried.at, between),
        *(look for due in _owed(publication, known, now) for look in _looks_for(due, publication, tried.at)),
    ]
    if tried.failures:
        found.append(Planned(_again(tried), "look", publication.id, "failed", f"Failed {_times(tried.failures)}."))
    again = (since + DEAD_LINK_WAIT for since in known.failing.get(publication.id, ()))
    if recheck := min((at for at in again if at > tried.at), default=None):
        found = _with_recheck(found, publication.id, recheck)
    return min(found, key=lambda p: (p.at, _MOST_SPECIFIC.index(p.reason)))


def _believed(tried: Tried | None, between: dt.timedelta, now: dt.datetime) -> Tried | None:
    """What was last done, unless it was done in a future that only a wrong clock can have shown."""
    return None if tried is None or tried.at - now > max(between, _DAY) else tried


def _by_cadence(publication: str, last: dt.datetime, between: dt.timedelta) -> Planned:
    if between < _DAY:
        at, said = last + between, f"{between.total_seconds() / 3600:g} hours"
    else:
        at, said = _working_day_after(last, LOOK_AT, between.days), f"{between.days} days" if between > _DAY else "day"
    return Planned(at, "look", publication, "cadence", f"Looked at every {said}.")


def _again(tried: Tried) -> dt.datetime:
    """When what failed is done again: the wait doubles with each failure in a row, up to a day."""
    return tried.at + min(RETRY_WAIT * 2 ** min(tried.failures - 1, 10), _DAY)


def _times(failures: int) -> str:
    return "the last time" if failures == 1 else f"{failures} times in a row"


def _owed(publication: Publication, known: Known, now: dt.datetime) -> Iterator[Due]:
    """The editions to look for: not those cancelled, unless only postponed; slower tables come with an edition."""
    seen, told = known.published.get(publication.id, {}), known.announcements.get(publication.id, ())
    for due in expected(publication, now, seen, told):
        if not due.tables and due.status != "cancelled":
            yield due


def _looks_for(due: Due, publication: Publication, last: dt.datetime) -> Iterator[Planned]:
    """The next look for an edition: on its confirmed day with growing pauses; else each working day it is owed."""
    told = due.announcement
    owed_from = due.opens
    confirmed = told is not None and told.state == "confirmed" and not told.unlisted
    if confirmed and due.opens == due.closes and publication.calendar:
        hour = dt.time.fromisoformat(publication.calendar.time)
        release = aware(due.at) if due.at else london_time(due.opens, hour)
        at_the_hour, *later = _growing(release, due.opens)
        if last < at_the_hour:
            yield Planned(at_the_hour, "look", due.publication, "announced", due.reason)
            return
        if following := next((at for at in later if at > last), None):
            why = f"{due.reason} Looked for since {in_london(release):%H:%M}."
            yield Planned(following, "look", due.publication, "awaited", why)
            return
        owed_from += _DAY
    until = add_working_days(due.closes, WORKING_DAYS_TO_ACT)
    at = max(_working_day_after(last, LOOK_AT), _on_working_day(owed_from, LOOK_AT))
    day = in_london(at).date()
    if day <= until:
        late = day > due.closes
        yield Planned(at, "look", due.publication, "late" if late else "expected", due.reason)


def _growing(release: dt.datetime, day: dt.date) -> list[dt.datetime]:
    """The moments to look at on a day of release: at the hour, then after longer and longer, so many at most."""
    return [at for after in RELEASE_LOOKS if in_london(at := release + after).date() <= day]


def _with_recheck(found: Sequence[Planned], publication: str, again: dt.datetime) -> list[Planned]:
    """The looks found and the second at what must be confirmed; a usual one shortly before would be one too many."""
    kept = [p for p in found if p.reason in ("announced", "awaited") or not again - RETRY_WAIT < p.at < again]
    why = "An address failed, or something is missing: it counts when a second look, a day later, finds so too."
    return [*kept, Planned(again, "look", publication, "recheck", why)]


def _next_look_ahead(tried: Tried | None, now: dt.datetime) -> Planned:
    tried = _believed(tried, _DAY, now)
    if tried is None:
        return Planned(now, "look_ahead", "", "first", "Announced dates were not looked at before.")
    at = _working_day_after(tried.at, LOOK_AHEAD_AT)
    if tried.failures and _again(tried) < at:
        return Planned(_again(tried), "look_ahead", "", "failed", f"Failed {_times(tried.failures)}.")
    return Planned(at, "look_ahead", "", "look_ahead", "Announced dates are looked at every working day.")


def _next_digest(digested: dt.datetime | None, now: dt.datetime) -> Planned:
    last = _believed(Tried(aware(digested)), _DAY, now) if digested else None
    if last is None:
        return Planned(now, "digest", "", "first", "Nothing was delivered before.")
    why = "What is not delivered yet, and reminders, every working day."
    return Planned(_working_day_after(last.at, DIGEST_AT), "digest", "", "digest", why)


def _working_day_after(last: dt.datetime, time: dt.time, days: int = 1) -> dt.datetime:
    """The first working day at a time of day that is so many days after the last such time before `last`."""
    local = in_london(last + _A_LITTLE)
    day = local.date() if local.time() >= time else local.date() - _DAY
    return _on_working_day(day + dt.timedelta(days=days), time)


def _on_working_day(day: dt.date, time: dt.time) -> dt.datetime:
    while not is_working_day(day):
        day += _DAY
    return london_time(day, time)
