"""What the journal remembers of each address: how it was marked when last served, and which bytes it gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.store.vault import REFILED, Vault

PAGE, FILE, REFUSED = "page", "file", "refused"
"""Journal lines of this room: a page's bytes, a file's bytes, and bytes that were not what was asked for."""


@dataclass(frozen=True)
class Validators:
    """The marks by which a server recognises what it served: entity tag, date of change."""

    etag: str = ""
    last_modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)

    def headers(self) -> dict[str, str]:
        """The headers that make a request conditional on them."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class Answer:
    """What a server said. Addresses are the publisher's own; `unchanged` means there is no body to read."""

    url: str
    status: int
    final_url: str
    validators: Validators
    content_type: str = ""
    unchanged: bool = False
    body: bytes = field(default=b"", repr=False)
    size: int = 0


@dataclass(frozen=True)
class Seen:
    """What an address gave when last served: which bytes, and when."""

    sha256: str
    validators: Validators
    seen_at: datetime
    refused: bool = False


@dataclass
class Remembered:
    """Addresses by what they gave: pages by address, files by publication and address.

    `done` are the bytes of each page, by publication and address, of which all the work is done.
    """

    vault: Vault
    pages: dict[str, Seen] = field(default_factory=dict)
    done: dict[tuple[str, str], str] = field(default_factory=dict)
    files: dict[tuple[str, str], Seen] = field(default_factory=dict)
    editions_of_bytes: dict[tuple[str, str], str] = field(default_factory=dict)
    names: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def read(self, entry: Mapping[str, Any]) -> None:
        """Take in one journal line; lines of other rooms are passed over."""
        what = entry.get("what")
        if what in (PAGE, FILE, REFUSED):
            seen = Seen(
                sha256=entry["sha256"],
                validators=Validators(entry.get("etag", ""), entry.get("last_modified", "")),
                seen_at=datetime.fromisoformat(str(entry["seen_at"])),
                refused=what == REFUSED,
            )
            if what == PAGE:
                self.pages[entry["url"]] = seen
                self.done[entry.get("publication", ""), entry["url"]] = seen.sha256
            else:
                self.files[entry["publication"], entry["url"]] = seen
        elif what == "kept":
            self.editions_of_bytes[entry["publication"], entry["sha256"]] = entry["edition_id"]
            self.editions_of_bytes[entry["publication"], entry["original_sha256"]] = entry["edition_id"]
            self.names[entry["publication"], entry["edition_id"], entry["name"]] = entry["sha256"]
        elif what == REFILED:
            self.editions_of_bytes[entry["publication"], entry["sha256"]] = entry["edition_id"]

    def note(self, what: str, **said: Any) -> None:
        """Append a line to the journal and remember it."""
        self.vault.note(what, **said)
        self.read({"what": what, **{k: str(v) if isinstance(v, datetime) else v for k, v in said.items()}})

    def note_served(self, what: str, answer: Answer, digest: str, now: datetime, **of: str) -> None:
        """Journal which bytes an address gave, and how they were marked."""
        marks = {**vars(answer.validators), "final_url": answer.final_url}
        self.note(what, **of, url=answer.url, sha256=digest, seen_at=now, **marks)

    def note_done(self, publication: str, answer: Answer, digest: str, now: datetime) -> None:
        """Journal that what a page shows a publication is done: to be called in one step with the work itself."""
        held = self.pages.get(answer.url)
        known = held is not None and (held.sha256, held.validators) == (digest, answer.validators)
        if not known or self.done.get((publication, answer.url)) != digest:
            self.note_served(PAGE, answer, digest, now, publication=publication)
