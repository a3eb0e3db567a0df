"""What the journal remembers of publications: editions, announcements and looks, each as last seen.

What it makes true: a look says what changed since the last one, and a date that a publisher moved without a trace
is still known to us. Lines are appended only when something is new or different, and are never edited, so the
history of an edition or a date is the lines about it.

`journal` lines of this room: `edition`, `edition_vanished`, `announcement`, `announcement_ended`, `look`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any

from monitor.store.vault import Vault
from pipelines.fetch.remembered import Remembered
from pipelines.look.records import Announcement, Attachment, EditionSeen

EDITION, VANISHED, ANNOUNCEMENT, ENDED = "edition", "edition_vanished", "announcement", "announcement_ended"
LOOK = "look"


@dataclass(frozen=True)
class LastLook:
    """When a publication was last looked at, how it went, and when it last went well, and with a request.

    `newest` is the edition that was the newest; `settled` a mark, when nothing was left to do or to say.
    """

    seen_at: datetime
    status: str
    succeeded_at: datetime | None
    asked_at: datetime | None
    newest: str = ""
    settled: str = ""


@dataclass
class Memory(Remembered):
    """Everything a pass needs to know of passes before it. Made once a pass, by `Memory.of`."""

    editions: dict[str, dict[str, EditionSeen]] = field(default_factory=dict)
    announcements: dict[str, Announcement] = field(default_factory=dict)
    looks: dict[str, LastLook] = field(default_factory=dict)
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
            self.editions.setdefault(entry["publication"], {})[entry["id"]] = _edition(entry)
        elif what == VANISHED:
            self.editions.get(entry["publication"], {}).pop(entry["id"], None)
        elif what == ANNOUNCEMENT:
            self.announcements[entry["path"]] = _announcement(entry)
        elif what == ENDED:
            self.announcements.pop(entry["path"], None)
        elif what == LOOK:
            self._look(entry)
        else:
            super().read(entry)

    def _look(self, entry: Mapping[str, Any]) -> None:
        at = datetime.fromisoformat(str(entry["seen_at"]))
        before = self.looks.get(entry["publication"])
        well = entry["status"] in ("new", "unchanged")
        self.looks[entry["publication"]] = LastLook(
            seen_at=at,
            status=entry["status"],
            succeeded_at=at if well else before.succeeded_at if before else None,
            asked_at=at if well and entry.get("requests") else before.asked_at if before else None,
            newest=entry.get("newest", ""),
            settled=entry.get("settled", ""),
        )

    def note_edition(self, publication: str, edition: EditionSeen, now: datetime) -> None:
        """Journal an edition as it stands now, unless it stood so already."""
        held = self.editions.get(publication, {}).get(edition.id)
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

    def history(self, path: str) -> Iterator[tuple[datetime, Announcement]]:
        """Every state of one announcement that we saw, oldest first, with when we saw it."""
        for entry in self.vault.journal():
            if entry.get("what") == ANNOUNCEMENT and entry.get("path") == path:
                yield datetime.fromisoformat(str(entry["seen_at"])), _announcement(entry)


_EDITION = tuple(f.name for f in fields(EditionSeen))
_ANNOUNCEMENT = tuple(f.name for f in fields(Announcement))


def _plain(record: EditionSeen | Announcement) -> dict[str, Any]:
    """A record as JSON keeps it: dates and times in ISO, empty fields left out."""
    said = asdict(record)
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in said.items() if v not in (None, "", (), False)}


def _edition(entry: Mapping[str, Any]) -> EditionSeen:
    said = {name: entry[name] for name in _EDITION if name in entry}
    said["attachments"] = tuple(Attachment(**a) for a in said.get("attachments", ()))
    for name in ("also", "notes"):
        said[name] = tuple(said.get(name, ()))
    if said.get("published_on"):
        said["published_on"] = date.fromisoformat(said["published_on"])
    if said.get("updated_at"):
        said["updated_at"] = datetime.fromisoformat(said["updated_at"])
    return EditionSeen(**said)


def _announcement(entry: Mapping[str, Any]) -> Announcement:
    said = {name: entry[name] for name in _ANNOUNCEMENT if name in entry}
    said["date"], said["until"] = date.fromisoformat(said["date"]), date.fromisoformat(said["until"])
    said["at"] = datetime.fromisoformat(said["at"]) if said.get("at") else None
    return Announcement(**said)
