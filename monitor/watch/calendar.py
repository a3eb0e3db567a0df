"""When the next editions are due and which are late, from declared days, announcements and what was seen.

Pure, so that any day can be asked again; an edition belongs to the latest slot open or about to open when it came.
"""

import calendar as months
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from monitor.clock import LONDON, day_in_words, in_london
from monitor.declarations import Calendar, Publication, Rhythm, TableRhythm
from monitor.vocabulary import day_in
from monitor.vocabulary.tables import rows

GRACE = dt.timedelta(hours=2)
"""How long after an announced time a page may still come."""
WORKING_DAYS_OF_GRACE = 5
"""How many working days after the usual window an edition may still be announced."""
WORKING_DAYS_TO_ACT = 20
"""After how many working days a late edition is to be acted on today (S1)."""
EARLY = dt.timedelta(days=60)
"""How long before the day it was announced for an edition may come and be what was announced."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_WHICH = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_UNHURRIED = dt.timedelta(days=366)

Precision = Literal["time", "day", "month", "months"]
State = Literal["provisional", "confirmed", "cancelled"]
Status = Literal["not_looked", "expected", "late", "postponed", "cancelled"]


@dataclass(frozen=True)
class Announcement:
    """A release date as announced, when last looked at. `date` is the day, or the first of the window to `until`.

    `at` is the moment where it is exact (without a zone, UTC). `previous` is the date announced before, as published;
    where the publisher leaves no trace of it, from our own history. `reason` is the publisher's. `first` is the day we
    first saw it announced for, where that was another; `edition` the one its title names, if any. `unlisted` says that
    it is gone from the calendar while its own page still answers.
    """

    path: str
    title: str
    date: dt.date
    until: dt.date
    at: dt.datetime | None
    precision: Precision
    state: State
    display: str
    previous: str = ""
    reason: str = ""
    content_id: str = ""
    first: dt.date | None = None
    edition: str = ""
    unlisted: bool = False

    @property
    def meant_for(self) -> dt.date:
        """The day it was announced for at first, as far as known: to whatever day it is put off, it is that day's."""
        return self.first or _day_said(self.previous) or self.until

    @property
    def is_superseded(self) -> bool:
        """Whether another announcement of the same edition counts in its place."""
        return self.unlisted or self.state == "cancelled"


@dataclass(frozen=True, slots=True)
class Due:
    """One edition to expect: the release, or (with `tables`) tables that come only with some of its editions.

    `at` is the moment of release in London where a day is known; `days_late` counts working days; `overdue` means
    owed and past its grace.
    """

    publication: str
    status: Status
    opens: dt.date
    closes: dt.date
    at: dt.datetime | None
    basis: Literal["announced", "usual"]
    overdue: bool
    days_late: int
    reason: str
    tables: str = ""
    characteristics: tuple[str, ...] = ()
    announcement: Announcement | None = None

    @property
    def severity(self) -> str | None:
        """How urgent: S1 a cancellation without a reason or an edition over 20 working days late; else S2."""
        if self.status in ("cancelled", "postponed") and self.announcement and self.announcement.state == "cancelled":
            return "S2" if self.announcement.reason else "S1"
        if self.overdue:
            return "S1" if self.days_late > WORKING_DAYS_TO_ACT and not self.is_unlisted else "S2"
        return None

    @property
    def is_unlisted(self) -> bool:
        """Whether its date is of an announcement that is no longer in the release calendar."""
        return self.announcement is not None and self.announcement.unlisted

    @property
    def source(self) -> str:
        """What its date rests on: the best there is of a confirmed date, a provisional one, and the usual days."""
        told = self.announcement
        if told is None:
            return "declared rhythm"
        return f"{told.state} {'date' if self.opens == self.closes else 'month'}"


@dataclass(frozen=True, slots=True)
class Slot:
    """One occurrence of a rhythm: a day, or a window of days."""

    opens: dt.date
    closes: dt.date


# --- working days -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[dt.date]:
    """Bank holidays in England and Wales, 2018 to 2030, from `bank_holidays.csv`."""
    return frozenset(dt.date.fromisoformat(row["date"]) for row in rows("bank_holidays.csv", "monitor.watch"))


def is_working_day(day: dt.date) -> bool:
    """Neither a weekend nor a bank holiday in England and Wales."""
    return day.weekday() < 5 and day not in bank_holidays()


def add_working_days(day: dt.date, n: int) -> dt.date:
    """The day `n` working days after `day`; the day itself for none."""
    while n > 0:
        day += dt.timedelta(days=1)
        n -= is_working_day(day)
    return day


def working_days_between(start: dt.date, end: dt.date) -> int:
    """How many working days lie after `start`, up to and with `end`; 0 if `end` is not after it."""
    return sum(is_working_day(start + dt.timedelta(days=i)) for i in range(1, (end - start).days + 1))


# --- usual days -------------------------------------------------------------------------------------------------


def slots(rhythm: Rhythm, start: dt.date, end: dt.date) -> list[Slot]:
    """The usual days and windows of a rhythm that touch `start` to `end`, in order; none where no day is usual."""
    start = max(start, rhythm.since or start)
    end = min(end, rhythm.until or end)
    found = {s for year in range(start.year - 1, end.year + 2) for s in _in_year(rhythm, year)}
    return sorted((s for s in found if s.closes >= start and s.opens <= end), key=lambda s: (s.opens, s.closes))


@lru_cache(maxsize=4096)
def _in_year(rhythm: Rhythm, year: int) -> tuple[Slot, ...]:
    """A year's usual days, counted once: each look at what is due asks for the same years again."""
    return tuple(_counted(rhythm, year))


def _counted(rhythm: Rhythm, year: int) -> Iterator[Slot]:
    if rhythm.years != "every" and (year % 2 == 1) != (rhythm.years == "odd"):
        return
    if rhythm.which == "every":
        first = dt.date(year, 1, 1)
        first += dt.timedelta(days=(_WEEKDAYS.index(rhythm.weekday or "Friday") - first.weekday()) % 7)
        yield from (
            _on(first + dt.timedelta(weeks=i)) for i in range(53) if (first + dt.timedelta(weeks=i)).year == year
        )
    for month in rhythm.months:
        last = day_in(year, month, 31)
        if rhythm.weekday and rhythm.which:
            weekday = _WEEKDAYS.index(rhythm.weekday)
            days = [d for d in range(1, last.day + 1) if dt.date(year, month, d).weekday() == weekday]
            yield _on(dt.date(year, month, days[_WHICH[rhythm.which]]))
        else:
            yield Slot(last.replace(day=1), last)
    for opens, closes in rhythm.windows:
        yield Slot(_day_of(year, opens), _day_of(year, closes))


def _on(day: dt.date) -> Slot:
    """A usual day; where it is not a working day, from a week before it to the next working day."""
    return Slot(day, day) if is_working_day(day) else Slot(day - dt.timedelta(weeks=1), add_working_days(day, 1))


def _day_of(year: int, month_day: str) -> dt.date:
    month, day = (int(part) for part in month_day.split("-"))
    return day_in(year, month, day)


def _slot_of(day: dt.date, known: Sequence[Slot]) -> int:
    """The index of the slot that something of that day belongs to: the latest one open or about to open; or -1.

    About to open is a quarter of the time since the slot before closed: three weeks for a quarterly series.
    """
    found = -1
    for i, slot in enumerate(known):
        if i:
            # because what comes within a window, such as the days after a bank holiday, belongs to that window
            since = max(slot.opens - known[i - 1].closes, dt.timedelta(0))
        else:
            since = known[1].opens - slot.opens if len(known) > 1 else _UNHURRIED
        if slot.opens - since / 4 <= day:
            found = i
    return found


# --- what is due ------------------------------------------------------------------------------------------------


def expected(
    publication: Publication,
    as_of: dt.date | dt.datetime,
    seen: Mapping[str, dt.date] | None = None,
    announcements: Sequence[Announcement] = (),
) -> tuple[Due, ...]:
    """What is owed and what comes next, by date; each slower set of tables has its next date beside the release's.

    `as_of` is a moment (aware, or UTC without a zone) or a day (its end in London). `seen` gives the day each
    edition was published; None means that nobody has looked. `announcements` are those of this publication, as
    known then; cancellations that a source states are added. Nothing comes of a publication without a calendar, or
    after its last edition.
    """
    declared = publication.calendar
    if declared is None:
        return ()
    now = _moment(as_of)
    today = now.date()
    if declared.until and today > declared.until:
        return ()
    out = {edition: day for edition, day in (seen or {}).items() if day <= today}
    published = sorted(out.values())
    usual = slots(declared, (published[-1] if published else today) - _UNHURRIED, today + 3 * _UNHURRIED)
    last = _slot_of(published[-1], usual) if published else -1
    if not published:
        # because without an edition to count from, nothing that should have come before today is known to be owed
        last = max((i for i, slot in enumerate(usual) if slot.closes < today), default=-1)
    told = [*announcements, *_stated_cancellations(publication, today)]
    of_slot = _by_slot([a for a in told if not _has_come(a, out)], published, usual)

    found: list[Due] = []
    for i, slot in enumerate(usual[last + 1 :], last + 1):
        mine = of_slot.pop(i, [])
        best = max(mine, key=_standing, default=None)
        if best is not None:
            of_slot[i] = [a for a in mine if a.state != "cancelled" and not _is_same_edition(a, best)]
        found.append(_due(publication.id, declared, slot, best, now, looked=seen is not None))
        if slot.opens > today and found[-1].status != "cancelled":
            break
    for a in (a for group in of_slot.values() for a in group if a.state != "cancelled" or not usual):
        found.append(_due(publication.id, declared, Slot(a.date, a.until), a, now, looked=seen is not None))
    found.sort(key=lambda d: (d.opens, d.closes))
    return (
        *found,
        *(due for tables in declared.tables if (due := _tables_due(publication.id, declared, tables, found, today))),
    )


def _stated_cancellations(publication: Publication, today: dt.date) -> list[Announcement]:
    """Cancellations that a source states and that were known on the day, as announcements."""
    return [
        Announcement("", "", k.release, k.release, None, "day", "cancelled", "", reason=k.what)
        for k in publication.known
        if k.state == "cancelled" and k.release and k.since and k.since <= today
    ]


def _has_come(told: Announcement, out: Mapping[str, dt.date]) -> bool:
    """Whether what was announced is out: the edition it names, early too; else any that came on its day or after."""
    came = out.get(told.edition) if told.edition else None
    if came is not None and came >= told.date - EARLY:
        return True
    return told.state != "cancelled" and any(day >= told.date for day in out.values())


def _by_slot(
    announcements: Sequence[Announcement], published: Sequence[dt.date], usual: Sequence[Slot]
) -> dict[int, list[Announcement]]:
    """Announcements by the usual day that each is meant for; one cancelled and announced anew is the new one."""
    filled = {_slot_of(day, usual) for day in published} - {-1}
    of_edition: dict[str, list[Announcement]] = {}
    for n, a in enumerate(announcements):
        of_edition.setdefault(a.edition or f"#{n}", []).append(a)
    found: dict[int, list[Announcement]] = {}
    for group in of_edition.values():
        best = max(group, key=_standing)
        for a in group:
            if a is not best and a.is_superseded:
                continue
            meant = min(b.meant_for for b in group if b is a or (a is best and b.is_superseded))
            slot = _slot_of(meant, usual)
            # because what came shortly before its day may bear a title that does not say which edition it is
            if a.edition or a.state == "cancelled" or slot not in filled:
                found.setdefault(slot, []).append(a)
    return found


def _standing(told: Announcement) -> tuple[bool, bool, bool, dt.date]:
    """How well an announcement speaks for an edition, to be compared: listed, not cancelled, confirmed, the latest."""
    return not told.unlisted, told.state != "cancelled", told.state == "confirmed", told.date


def _is_same_edition(one: Announcement, other: Announcement) -> bool:
    """Whether two announcements meant for one usual day are of one edition, by what their titles name."""
    return (one.edition or one.title.casefold()) == (other.edition or other.title.casefold())


def _due(
    publication: str, declared: Calendar, slot: Slot, told: Announcement | None, now: dt.datetime, *, looked: bool
) -> Due:
    today = now.date()
    opens, closes = (told.date, told.until) if told else (slot.opens, slot.closes)
    at = in_london(told.at) if told and told.at else None
    if at:
        opens = closes = at.date()
    elif told is None:
        at = _usual_moment(opens, closes, declared.time)
    days = working_days_between(closes, today)
    status: Status
    if not looked:
        status, overdue, reason = "not_looked", False, "Nobody has looked: this says nothing about the publisher."
    elif told and told.state == "cancelled":
        status = "postponed" if _still_owed(told) else "cancelled"
        overdue = _still_owed(told) and days > WORKING_DAYS_OF_GRACE
        reason = f"Announced for {day_in_words(closes)} and cancelled: {told.reason or 'no reason given'}"
    elif told:
        passed = now > at + GRACE if at else today > closes
        # because a date that the calendar no longer shows is no promise, for as long as its page is not plainly left
        overdue = passed and (not told.unlisted or days > WORKING_DAYS_TO_ACT)
        status = "late" if passed else "postponed" if _is_put_off(told, opens) else "expected"
        reason = f"Announced for {day_in_words(closes) if at else _window(opens, closes)} ({told.state})"
        reason += f", moved from {told.previous}" if told.previous else ""
        reason += ", by its own page alone: the release calendar no longer shows it" if told.unlisted else ""
        reason += f": {told.reason}" if told.reason else "."
    else:
        overdue = days > WORKING_DAYS_OF_GRACE
        status = "late" if overdue else "expected"
        usual = declared.usual or "the declared calendar"
        reason = f"Usual: {usual}; so {_window(opens, closes)}. Nothing announced."
    basis: Literal["announced", "usual"] = "announced" if told else "usual"
    days_late = days if overdue else 0
    return Due(publication, status, opens, closes, at, basis, overdue, days_late, reason, announcement=told)


_DAY = re.compile(r"(?:(\d{1,2})\s+)?(" + "|".join(months.month_name[1:]) + r")\s+(\d{4})", re.I)


def _is_put_off(told: Announcement, opens: dt.date) -> bool:
    """Whether a release was moved to a later day than it was announced for: neither to an earlier one, nor from a
    month to a day of it. A date before that cannot be read counts as an earlier one.
    """
    before = told.first or _day_said(told.previous)
    return opens > before if before else bool(told.previous)


def _day_said(words: str) -> dt.date | None:
    """The last day that the words of a date name, or the last of its month; None where they name none."""
    found = _DAY.findall(words)
    if not found:
        return None
    day, name, year = found[-1]
    month = [m.casefold() for m in months.month_name].index(name.casefold())
    return day_in(int(year), month, int(day or 31))


def _tables_due(
    publication: str, declared: Calendar, tables: TableRhythm, releases: Sequence[Due], today: dt.date
) -> Due | None:
    """The next edition with these tables. Late only as its release is: `overdue` is said once, of the release."""
    same_day = tables.months and not tables.weekday and declared.weekday
    rhythm = tables.model_copy(update={"weekday": declared.weekday, "which": declared.which}) if same_day else tables
    start = min([today, *(r.opens for r in releases)])
    coming = slots(rhythm, start, min(declared.until or dt.date.max, today + 3 * _UNHURRIED))
    if not coming:
        return None
    slot = coming[0]
    release = next((r for r in releases if r.opens <= slot.closes and slot.opens <= r.closes), None)
    looked = not releases or releases[0].status != "not_looked"
    at = _usual_moment(slot.opens, slot.closes, tables.time)
    alone: Status = "expected" if looked else "not_looked"
    due = release or Due(publication, alone, slot.opens, slot.closes, at, "usual", False, 0, "")
    reason = f"{tables.tables}: {tables.usual or 'only some editions'}."
    told: dict[str, Any] = {"tables": tables.tables, "characteristics": tables.characteristics, "announcement": None}
    return replace(due, overdue=False, days_late=0, reason=reason, **told)


def _usual_moment(opens: dt.date, closes: dt.date, time: str) -> dt.datetime | None:
    return dt.datetime.combine(opens, dt.time.fromisoformat(time), LONDON) if opens == closes else None


def _still_owed(told: Announcement) -> bool:
    """Cancelled in name, but in its own words only postponed."""
    return told.state == "cancelled" and "postpone" in told.reason.casefold()


def known_until(as_of: dt.date | dt.datetime, looked: dt.datetime | None) -> dt.datetime:
    """The moment up to which anything is known: the end of a day, or the last look where that was before it.

    Nothing is late by a day on which nobody looked after the hour of its release.
    """
    return min(_moment(as_of), in_london(looked)) if looked else _moment(as_of)


def _moment(as_of: dt.date | dt.datetime) -> dt.datetime:
    if isinstance(as_of, dt.datetime):
        return in_london(as_of)
    return dt.datetime.combine(as_of, dt.time(23, 59, 59), LONDON)


def _window(opens: dt.date, closes: dt.date) -> str:
    return day_in_words(opens) if opens == closes else f"{day_in_words(opens)} to {day_in_words(closes)}"
