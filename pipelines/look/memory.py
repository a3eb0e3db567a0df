"""What the journal remembers of publications: editions, announcements, looks and links that fail, as last seen."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pydantic

from monitor.store.vault import Vault
from monitor.watch.calendar import Announcement
from pipelines.fetch.remembered import Remembered
from pipelines.look.records import EditionSeen, Missing

EDITION, VANISHED, ANNOUNCEMENT, ENDED = "edition", "edition_vanished", "announcement", "announcement_ended"
LOOK = "look"
FAILS, DEAD, MENDED = "link_fails", "link_dead", "link_mended"


@dataclass(frozen=True)
class LastLook:
    """When a publication was last looked at; `newest` its edition, `settled` a mark or nothing."""

    seen_at: datetime
    succeeded_at: datetime | None
    asked_at: datetime | None
    newest: str = ""
    settled: str = ""


class Editions(Mapping[str, EditionSeen]):
    """A publication's editions by id, each made of its journal line when first asked for: there are thousands."""

    def __init__(self) -> None:
        self._said: dict[str, Mapping[str, Any] | EditionSeen] = {}

    def read(self, entry: Mapping[str, Any]) -> None:
        """Take in a journal line about an edition. Raises what a line that is none raises."""
        for name in ("published_on", "updated_at"):
            datetime.fromisoformat(entry.get(name) or "2000-01-01")
        for a in entry.get("attachments", ()):
            a["url"], a["name"]
        self._said[entry["id"]] = entry

    def forget(self, edition: str) -> None:
        """Leave out an edition that vanished."""
        self._said.pop(edition, None)

    def __getitem__(self, edition: str) -> EditionSeen:
        said = self._said[edition]
        if not isinstance(said, EditionSeen):
            said = self._said[edition] = _EDITION.validate_python({"title": "", "url": "", **said})
        return said

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)


@dataclass
class Memory(Remembered):
    """Everything a pass needs to know of passes before it. Made once a pass, by `Memory.of`."""

    editions: dict[str, Editions] = field(default_factory=dict)
    announcements: dict[str, Announcement] = field(default_factory=dict)
    looks: dict[str, LastLook] = field(default_factory=dict)
    missing: dict[str, Missing] = field(default_factory=dict)
    unreadable: int = 0

    @classmethod
    def of(cls, vault: Vault, until: datetime | None = None) -> "Memory":
        """What the journal says, or said `until` a moment: one reading of it. Lines it cannot read are counted."""
        memory = cls(vault)
        for entry in vault.journal():
            try:
                if until is None or datetime.fromisoformat(str(entry["seen_at"])) <= until:
                    memory.read(entry)
            except (KeyError, ValueError, TypeError):
                memory.unreadable += 1
        return memory

    def read(self, entry: Mapping[str, Any]) -> None:
        """Take in one journal line."""
        what = entry.get("what")
        if what == EDITION:
            self.editions_of(entry["publication"]).read(entry)
        elif what == VANISHED:
            self.editions_of(entry["publication"]).forget(entry["id"])
        elif what == ANNOUNCEMENT:
            self.announcements[entry["path"]] = _ANNOUNCEMENT.validate_python({"at": None, **entry})
        elif what == ENDED:
            self.announcements.pop(entry["path"], None)
        elif what == LOOK:
            self._look(entry)
        elif what == FAILS:
            at = datetime.fromisoformat(str(entry["seen_at"]))
            found = Missing(entry["publication"], entry["url"], at, entry["said"], entry["page"])
            self.missing[found.url] = found
        elif what == DEAD:
            at = datetime.fromisoformat(str(entry["seen_at"]))
            self.missing[entry["url"]] = replace(self.missing[entry["url"]], dead_at=at)
        elif what == MENDED:
            self.missing.pop(entry["url"], None)
        else:
            super().read(entry)

    def editions_of(self, publication: str) -> Editions:
        """A publication's editions as last seen; none of one never looked at."""
        if publication not in self.editions:
            self.editions[publication] = Editions()
        return self.editions[publication]

    def unlike(self) -> list[str]:
        """A sentence for each file still listed that gave something else than its page states, and was not taken in."""
        listed = {(p, a.url) for p, editions in self.editions.items() for e in editions.values() for a in e.attachments}
        return [
            f"{publication}: {url} gave another type of file than its page states, last on {seen.seen_at:%-d %B %Y}."
            for (publication, url), seen in self.files.items()
            if seen.refused and (publication, url) in listed
        ]

    def _look(self, entry: Mapping[str, Any]) -> None:
        at = datetime.fromisoformat(str(entry["seen_at"]))
        before = self.looks.get(entry["publication"])
        well = entry["status"] in ("new", "unchanged")
        self.looks[entry["publication"]] = LastLook(
            seen_at=at,
            succeeded_at=at if well else before.succeeded_at if before else None,
            asked_at=at if well and entry.get("requests") else before.asked_at if before else None,
            newest=entry.get("newest", ""),
            settled=entry.get("settled", ""),
        )

    def note_edition(self, publication: str, edition: EditionSeen, now: datetime) -> None:
        """Journal an edition as it stands now, unless it stood so already."""
        held = self.editions_of(publication).get(edition.id)
        if held is not edition and held != edition:
            self.note(EDITION, publication=publication, seen_at=now, **_plain(edition))

    def note_vanished(self, publication: str, edition: str, now: datetime) -> None:
        """Journal that an edition is no longer listed."""
        self.note(VANISHED, publication=publication, id=edition, seen_at=now)

    def note_announcement(self, announcement: Announcement, now: datetime) -> None:
        """Journal a release date as it stands now, unless it stood so already."""
        if self.announcements.get(announcement.path) != announcement:
            self.note(ANNOUNCEMENT, seen_at=now, **_plain(announcement))

    def note_ended(self, path: str, became: str, now: datetime) -> None:
        """Journal that an announcement is none any more, and the path of what it became, if anything."""
        self.note(ENDED, path=path, became=became, seen_at=now)

    def note_missing(self, publication: str, url: str, said: str, now: datetime, *, page: bool) -> None:
        """Journal that an address fails, the first time."""
        self.note(FAILS, publication=publication, url=url, said=said, page=page, seen_at=now)

    def note_dead(self, url: str, now: datetime) -> None:
        """Journal that a failing address failed again, a day or more later."""
        self.note(DEAD, publication=self.missing[url].publication, url=url, seen_at=now)

    def note_mended(self, url: str, how: str, now: datetime) -> None:
        """Journal that a failing address answers again, or is no longer linked to."""
        self.note(MENDED, publication=self.missing[url].publication, url=url, how=how, seen_at=now)


_EDITION, _ANNOUNCEMENT = pydantic.TypeAdapter(EditionSeen), pydantic.TypeAdapter(Announcement)


def _plain(record: EditionSeen | Announcement) -> dict[str, Any]:
    """A record as JSON keeps it: dates and times in ISO, empty fields left out."""
    return asdict(record, dict_factory=_filled)


def _filled(said: list[tuple[str, Any]]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in said if v not in (None, "", (), False)}
