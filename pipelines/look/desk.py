"""Where a pass asks its questions: each address once, conditionally, and its bytes kept before they are read.

What it makes true: four publications that share a page cost one request; a page that has not changed is read from
the vault; a redirect that answers 200 is followed like any other, to a declared host, and not for ever.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.services import GOVUK, host_of
from pipelines.fetch.session import Session
from pipelines.look import govuk
from pipelines.look.memory import Memory

_MOST_MOVES = 5


@dataclass(frozen=True)
class Asked:
    """What an address said: its status, its bytes, and whether they are those of the last time."""

    url: str
    status: int
    body: bytes = field(default=b"", repr=False)
    unchanged: bool = False


@dataclass(frozen=True)
class Opened:
    """A content item and where it was found; None when it is not there, with the status that said so."""

    item: govuk.Collection | govuk.Page | govuk.Gone | govuk.Announcement | None
    path: str
    url: str
    status: int = 200
    unchanged: bool = False


@dataclass
class Desk:
    """One pass's session and memory. `back` is how far back editions are opened; None is without end."""

    session: Session
    memory: Memory
    now: datetime
    back: timedelta | None = None
    _asked: dict[str, Asked | Failed] = field(default_factory=dict)

    def ask(self, url: str, *, keep: bool = True) -> Asked:
        """An address's answer, of this pass. `keep` puts its bytes into the vault. Raises `Failed`."""
        held = self._asked.get(url)
        if held is None:
            try:
                held = self._ask(url, keep=keep)
            except Failed as failed:
                self._asked[url] = failed
                raise
            # because a first pass opens thousands of pages, and what was kept can be read again
            forgotten = Asked(url, held.status, b"" if keep and held.status == 200 else held.body, held.unchanged)
            self._asked[url] = forgotten
            return held
        if isinstance(held, Failed):
            raise held
        if held.status == 200 and not held.body:
            return Asked(url, 200, self.memory.body(url) or b"", held.unchanged)
        return held

    def _ask(self, url: str, *, keep: bool) -> Asked:
        body = self.memory.body(url)
        seen = self.memory.pages[url] if body is not None else None
        answer = self.session.page(url, seen.validators if seen else None)
        if answer.unchanged and body is not None:
            return Asked(url, 200, body, unchanged=True)
        if answer.status == 200 and keep:
            # because a server may answer 200 with the bytes it gave before
            same = seen is not None and seen.sha256 == sha256(answer.body).hexdigest()
            self.memory.keep_page(url, answer.body, answer.validators, answer.final_url, self.now)
            return Asked(url, 200, answer.body, unchanged=same)
        return Asked(url, answer.status, answer.body)

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
                    findings.append(
                        Finding(
                            "moved_elsewhere",
                            url,
                            "a page on the same site",
                            f"a redirect to {item.to[:200]}",
                            "Declare the new address under `pages`, as kind link-list.",
                        )
                    )
                    return Opened(None, asked_for, url, 301)
                continue
            return Opened(item, path, url, asked.status, asked.unchanged)
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
