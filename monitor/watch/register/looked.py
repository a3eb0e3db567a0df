"""What looking at publishers gave, in the shape the register asks for: plain records, whatever the protocol."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.watch.calendar import Announcement


@dataclass(frozen=True, slots=True)
class Shown:
    """An edition as its publisher showed it last: `files` that a pass wants of it, `unread` what it has beside them.

    `noted` are the changes that its page tells of; `redirected` is where its address leads now.
    """

    id: str
    title: str
    url: str
    published_on: dt.date | None = None
    designation: str = ""
    withdrawn: bool = False
    redirected: str = ""
    files: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    opened: bool = False
    noted: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was different from one look to the next: at which edition, from what to what."""

    on: dt.date
    kind: str
    edition: str
    was: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Dead:
    """An address that did not answer at two looks, at least a day apart. `page` is false for a file of an edition."""

    address: str
    since: dt.date
    again: dt.date
    page: bool = True


@dataclass(frozen=True)
class Look:
    """What is known of one publication from looking at it; of one never looked at there is none.

    `editions` is every edition by its id, `announcements` what was announced of the series, as known by the day asked.
    `at` is the moment of the last look (UTC), where it is known; `days` are those on which looking at it succeeded.
    """

    on: dt.date
    editions: Mapping[str, Shown] = field(default_factory=dict)
    announcements: tuple[Announcement, ...] = ()
    events: tuple[Event, ...] = ()
    dead: tuple[Dead, ...] = ()
    at: dt.datetime | None = None
    days: tuple[dt.date, ...] = ()

    def published(self, as_of: dt.date) -> list[Shown]:
        """Editions that were out on a day, oldest first; those without a day of publication are left out."""
        out = [e for e in self.editions.values() if e.published_on and e.published_on <= as_of]
        return sorted(out, key=lambda e: (e.published_on or dt.date.min, e.id))
