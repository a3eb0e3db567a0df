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
    """Addresses by what they gave: pages by address, files by publication and address."""

    vault: Vault
    pages: dict[str, Seen] = field(default_factory=dict)
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

    def keep_page(self, answer: Answer, digest: str, now: datetime) -> None:
        """Keep a page's bytes, whose hash is given, and journal them, before anyone reads them."""
        held = self.pages.get(answer.url)
        if held and (held.sha256, held.validators) == (digest, answer.validators):
            return
        self.vault.put(answer.body)
        self.note_served(PAGE, answer, digest, now)
