"""Where a pass asks its questions: each address once, conditionally, and its bytes kept before they are read."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from monitor.declarations import Publication
from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.remembered import Answer
from pipelines.fetch.services import GOVUK, host_of
from pipelines.fetch.session import Session
from pipelines.look import govuk
from pipelines.look.memory import Memory
from pipelines.look.records import EditionSeen

_MOST_MOVES = 5
_FORMAT = 3
"""Changes when this program would read the same page otherwise: every page is then read again."""


@dataclass(frozen=True)
class Asked:
    """What an address said: its status, and its bytes, read from the vault when wanted.

    `unchanged`: all that these bytes ask of the publication looked at is done. `answer` is what came, without them.
    """

    status: int
    unchanged: bool = False
    said: bytes = field(default=b"", repr=False)
    kept: Path | None = None
    answer: Answer | None = field(default=None, repr=False)

    @property
    def body(self) -> bytes:
        """The bytes."""
        return self.kept.read_bytes() if self.kept else self.said


@dataclass(frozen=True)
class Opened:
    """A content item and where it was found; None when it is not there, with the status that said so.

    `led_to` is the address that the one asked for leads to, if it is another.
    """

    item: govuk.Collection | govuk.Page | govuk.Gone | govuk.Announcement | None
    path: str
    url: str
    status: int = 200
    unchanged: bool = False
    led_to: str = ""


@dataclass
class Desk:
    """One pass's session and memory. `back` is how far back editions are opened; None is without end.

    `publication` is whom it looks at now, `_read` what pages showed it.
    """

    session: Session
    memory: Memory
    now: datetime
    back: timedelta | None = None
    publication: str = ""
    _read: dict[str, Asked] = field(default_factory=dict)
    _asked: dict[str, Asked | Failed] = field(default_factory=dict)
    _marks: dict[str, str] = field(default_factory=dict)

    def ask(self, url: str, *, keep: bool = True) -> Asked:
        """An address's answer, of this pass. `keep` puts its bytes into the vault. Raises `Failed`."""
        if url not in self._asked:
            try:
                self._asked[url] = self._ask(url, keep=keep)
            except Failed as failed:
                self._asked[url] = failed
        answer = self._asked[url]
        if isinstance(answer, Failed):
            raise answer
        if answer.kept is None:
            return answer
        self._read[url] = answer
        return replace(answer, unchanged=self.memory.done.get((self.publication, url)) == answer.kept.name)

    def _ask(self, url: str, *, keep: bool) -> Asked:
        seen = self.memory.pages.get(url)
        held = seen if seen and self.memory.vault.is_whole(seen.sha256) else None
        answer = self.session.page(url, held.validators if held else None)
        if held and answer.unchanged:
            return Asked(200, kept=self.memory.vault.path(held.sha256), answer=answer)
        if answer.status != 200 or not keep:
            return Asked(answer.status, said=answer.body)
        digest, _ = self.memory.vault.put(answer.body)
        return Asked(200, kept=self.memory.vault.path(digest), answer=replace(answer, body=b""))

    def look_for(self, publication: str, now: datetime) -> None:
        """Begin to look at a publication."""
        self.publication, self.now = publication, now
        self._read.clear()

    def note_done(self) -> None:
        """Journal that all that was read for a publication is done: to be called in one step with the work itself."""
        for asked in self._read.values():
            if asked.answer is not None and asked.kept is not None:
                self.memory.note_done(self.publication, asked.answer, asked.kept.name, self.now)

    def settled(self, publication: Publication) -> EditionSeen | None:
        """The newest edition, when the last look left nothing to do and its declaration and reach are the same."""
        last = self.memory.looks.get(publication.id)
        editions = self.memory.editions_of(publication.id)
        if last is None or last.newest not in editions or last.settled != self.mark(publication):
            return None
        vault = self.memory.vault
        if not all(vault.path(a.sha256).exists() for a in vault.artefacts_of(publication.id) if a.url):
            return None  # because what was lost here is still there to be fetched
        return editions[last.newest]

    def mark(self, publication: Publication) -> str:
        """A short mark of everything that decides what a look at a publication does with what it is shown."""
        if publication.id not in self._marks:
            said = f"{_FORMAT} {self.back} {publication.model_dump_json()}"
            self._marks[publication.id] = sha256(said.encode()).hexdigest()[:12]
        return self._marks[publication.id]

    def open(self, path: str, findings: list[Finding]) -> Opened:
        """The content item at a path, through every redirect. Raises `Failed` when there is no answer."""
        asked_for = path
        for _ in range(_MOST_MOVES + 1):
            url = govuk.content_url(path)
            asked = self.ask(url)
            if asked.status not in (200, 410):
                return Opened(None, path, url, asked.status)
            item = govuk.read_item(asked.body, url, findings) if asked.body else None
            if isinstance(item, govuk.Moved):
                path = _here(item.to)
                if not path:
                    found = f"a redirect to {item.to[:200]}"
                    remedy = "Declare the new address under `pages`; the files it links to are then followed."
                    findings.append(Finding("moved_elsewhere", url, "a page on the same site", found, remedy))
                    return Opened(None, asked_for, url, 301, led_to=item.to)
                continue
            led_to = govuk.page_url(path) if path != asked_for else ""
            return Opened(item, path, url, asked.status, asked.unchanged, led_to)
        found = f"more, the last to {path}"
        findings.append(Finding("endless_redirects", asked_for, f"at most {_MOST_MOVES} redirects", found))
        return Opened(None, asked_for, govuk.content_url(asked_for), 310)


def _here(to: str) -> str:
    """A redirect's destination as a path of the site, without query and fragment; empty when it leads elsewhere."""
    try:
        parts = urlsplit(to)
    except ValueError:
        return ""
    return parts.path if parts.path.startswith("/") and host_of(to) in ("", host_of(GOVUK)) else ""
