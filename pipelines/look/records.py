"""What a look at a publication gives: editions, attachments, announcements and changes, whatever the protocol."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from pipelines.fetch.finding import Finding

Status = Literal["new", "unchanged", "failed", "not_looked"]
Kind = Literal[
    "appeared", "vanished", "reissued", "retitled", "moved", "withdrawn", "restored", "files_changed", "gone",
    "doubled", "redirected",
]  # fmt: skip

READABLE = ("ods", "xlsx", "xlsm", "xls", "csv", "zip")
"""Extensions of files that are fetched; what a file really is, its bytes say."""
QUERY = "query"
"""What an attachment that is a query to a service, served in pages, and not a file has for a medium."""
OBSERVATIONS = "observations"
"""What one has that is a custom table, served as counts with their categories."""


PAGE = "html"
"""What one has that is a page of HTML, which may have tables."""


@dataclass(frozen=True)
class Attachment:
    """A file of an edition as its page names it; `published_on` is its own day where it is not its edition's."""

    url: str
    name: str
    title: str = ""
    media: str = ""
    size: int | None = None
    published_on: dt.date | None = None


@dataclass(frozen=True)
class EditionSeen:
    """One release as its publisher shows it now.

    `id` is made of the period in its title, so that a new address or a second one is the same edition.
    `published_on` is the day in London, of first publication where the page was opened and said so, else of the
    latest update; `opened` says whether its files are known; `by_day` that nothing named a period, so that the id is
    only the day it was first seen; `redirected` where its address leads to, if somewhere else.
    """

    id: str
    title: str
    url: str
    published_on: dt.date | None = None
    updated_at: dt.datetime | None = None
    content_id: str = ""
    designation: str = ""
    withdrawn: bool = False
    redirected: str = ""
    opened: bool = False
    by_day: bool = False
    attachments: tuple[Attachment, ...] = ()
    also: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Missing:
    """An address (of a page or file) that fails, since when, and when a second look, a day or more later, agreed."""

    publication: str
    url: str
    since: dt.datetime
    said: str = ""
    page: bool = True
    dead_at: dt.datetime | None = None


@dataclass(frozen=True)
class Change:
    """What is different since the last look: at which edition, from what to what."""

    kind: Kind
    edition: str
    was: str = ""
    now: str = ""

    @property
    def sentence(self) -> str:
        """The change in a few words, for a reader."""
        said = f"{self.edition} {self.kind.replace('_', ' ')}"
        if self.was and self.now:
            return f"{said}: {self.was} is now {self.now}"
        return f"{said}: {self.was or self.now}" if self.was or self.now else said


@dataclass(frozen=True)
class Looked:
    """One look at one publication."""

    publication: str
    status: Status
    editions: tuple[EditionSeen, ...] = ()
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    reached: bool = True
    besides: tuple[str, ...] = field(default=(), repr=False)
