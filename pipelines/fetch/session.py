"""One polite session for a whole pass.

What it makes true: every request says who asks, keeps the declared rate, has an end (in time and in size), is
asked again only when that can help, and waits as long as the server says. A host that cannot be reached is asked
once a pass, so a pass without a network ends at once.

Why not `requests` alone: its timeouts start again with every byte, so a server that drips holds a pass for ever;
and it follows a redirect to anywhere. Headers are awaited on a thread that can be left behind, bodies are read as
they come with a look at the time, and each redirect is judged before it is followed.

What it refuses: hosts nobody declared, plain http except on a loopback root, bodies above the cap, redirects
without end.
"""

import email.utils
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin

import requests
import urllib3

from monitor import settings
from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.pace import Pace
from pipelines.fetch.remembered import Validators
from pipelines.fetch.services import Services, host_of

_BUSY = frozenset({429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_PIECE = 1 << 16


@dataclass(frozen=True)
class Limits:
    """What a session allows a server: times in seconds, sizes in MB."""

    per_second: float = settings.REQUESTS_PER_SECOND
    connect: float = settings.CONNECT_SECONDS
    silence: float = settings.READ_TIMEOUT_SECONDS
    page_seconds: float = settings.PAGE_SECONDS
    file_seconds: float = settings.FILE_SECONDS
    page_mb: float = settings.PAGE_MAX_MB
    file_mb: float = settings.FILE_MAX_MB
    retries: int = settings.RETRIES
    longest_wait: float = settings.LONGEST_WAIT_SECONDS


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


class _Busy(Exception):
    def __init__(self, finding: Finding, wait: float | None = None, *, fatal: bool = False) -> None:
        super().__init__(finding.message)
        self.finding, self.wait, self.fatal = finding, wait, fatal


class _TooSlow(Exception):
    pass


def user_agent(contact: str) -> str:
    """How a session names itself: program, version and whom to write to, in ASCII."""
    try:
        release = version("justice-disparity-monitor")
    except PackageNotFoundError:
        release = "0"
    said = f"JusticeDisparityMonitor/{release} ({contact})"
    return said.encode("ascii", "replace").decode("ascii").replace("\r", " ").replace("\n", " ")


class Session:
    """Asks for pages and files. One a pass; not for several threads at once.

    `requests` counts what was really sent, redirects and repeats included.
    """

    def __init__(
        self,
        services: Services,
        limits: Limits = Limits(),  # noqa: B008 - because it is frozen
        *,
        contact: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.services, self.limits = services, limits
        self.requests = 0
        self._agent = user_agent(settings.contact() if contact is None else contact)
        self._clock, self._sleep = clock, sleep
        self._pace = Pace(limits.per_second, clock, sleep)
        self._spoken: set[str] = set()
        self._down: dict[str, Finding] = {}
        self._open: dict[bool, requests.Session] = {}

    def page(self, url: str, known: Validators | None = None) -> Answer:
        """A page, its body in memory. Any status the server means (200, 304, 404, 410 …) is an answer.

        Raises `Failed` when there is none.
        """
        limits = self.limits
        return self._ask(url, known, None, limits.page_seconds, limits.page_mb, {"Accept": "application/json, */*;q=0.5"})

    def file(self, url: str, path: Path, known: Validators | None = None) -> Answer:
        """A file, streamed into `path`; nothing is written unless the status is 200. Raises `Failed`."""
        limits = self.limits
        # because a compressed answer has no length that a cut could be seen by
        return self._ask(url, known, path, limits.file_seconds, limits.file_mb, {"Accept-Encoding": "identity"})

    def close(self) -> None:
        """Let the connections go."""
        for http in self._open.values():
            http.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(
        self, url: str, known: Validators | None, path: Path | None, seconds: float, megabytes: float, say: Mapping[str, str]
    ) -> Answer:
        headers = {"User-Agent": self._agent, **say, **(known.headers() if known else {})}
        busy: _Busy | None = None
        for attempt in range(self.limits.retries + 1):
            if busy is not None:
                self._sleep(busy.wait if busy.wait is not None else 2 ** (attempt - 1) * random.uniform(0.75, 1.25))
            try:
                return self._once(url, known, headers, path, self._clock() + seconds, megabytes)
            except _Busy as said:
                busy = said
                if said.fatal:
                    break
        assert busy is not None
        raise Failed(busy.finding)

    def _once(
        self, url: str, known: Validators | None, headers: Mapping[str, str], path: Path | None, end: float, megabytes: float
    ) -> Answer:
        address = self.services.address(url)
        for _ in range(_MOST_REDIRECTS + 1):
            with self._response(url, address, headers, end) as response:
                if response.status_code in _BUSY:
                    raise self._busy(url, address, response)
                to = response.headers.get("Location")
                if response.status_code in _REDIRECTS and to:
                    address = self.services.address(urljoin(address, to))
                    continue
                return self._answer(url, address, known, response, path, end, megabytes)
        raise Failed(
            Finding("endless_redirects", url, f"at most {_MOST_REDIRECTS} redirects", f"more, the last to {address}")
        )

    def _response(self, url: str, address: str, headers: Mapping[str, str], end: float) -> requests.Response:
        if reason := self.services.refusal(address):
            raise Failed(
                Finding(
                    "foreign_address",
                    url,
                    "a declared host over https",
                    f"{reason} ({address[:200]})",
                    "If the publisher moved, declare the host under `pages` of the publication.",
                )
            )
        host = host_of(address)
        if down := self._down.get(host):
            raise Failed(down, reached=False)
        self._pace.wait(host)
        self.requests += 1
        try:
            response = self._headers_before(address, headers, end)
        except _TooSlow:
            raise self._given_up(host, self._slow(url)) from None
        except requests.exceptions.SSLError as error:
            finding = Finding("certificate", url, "a certificate that holds", _reason(error), "Nothing was taken from it.")
            raise self._given_up(host, finding) from None
        except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
            finding = Finding("unreachable", url, "an answer", _reason(error), "Check the network and try again.")
            if host in self._spoken:
                raise _Busy(finding) from None
            raise self._given_up(host, finding) from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            raise Failed(Finding("unreadable_answer", url, "an HTTP answer", _reason(error))) from None
        self._spoken.add(host)
        return response

    def _given_up(self, host: str, finding: Finding) -> Failed:
        self._down[host] = finding
        return Failed(finding, reached=False)

    def _headers_before(self, address: str, headers: Mapping[str, str], end: float) -> requests.Response:
        """Send the request and wait for its headers, on a thread that is left behind when they do not come."""
        local = self.services.is_local(address)
        http = self._open.setdefault(local, _http(trust=not local))
        box: queue.Queue[requests.Response | BaseException] = queue.Queue(1)

        def ask() -> None:
            try:
                timeout = (self.limits.connect, self.limits.silence)
                box.put(http.get(address, headers=dict(headers), stream=True, allow_redirects=False, timeout=timeout))
            except BaseException as error:
                box.put(error)

        threading.Thread(target=ask, daemon=True, name="asking").start()
        try:
            got = box.get(timeout=max(end - self._clock(), 0.01))
        except queue.Empty:
            del self._open[local]  # because the thread left behind still holds it
            raise _TooSlow from None
        if isinstance(got, BaseException):
            raise got
        return got

    def _busy(self, url: str, address: str, response: requests.Response) -> _Busy:
        wait = _retry_after(response.headers.get("Retry-After"))
        finding = Finding("server_busy", url, "an answer", f"status {response.status_code}, {self.limits.retries} repeats later")
        if wait is not None and wait > self.limits.longest_wait:
            asked = f"status {response.status_code}, and to be left alone for {wait:.0f} seconds"
            finding = Finding("server_busy", url, "an answer", asked, "The next pass asks again.")
            self._down[host_of(address)] = finding
            return _Busy(finding, fatal=True)
        return _Busy(finding, wait)

    def _answer(
        self,
        url: str,
        address: str,
        known: Validators | None,
        response: requests.Response,
        path: Path | None,
        end: float,
        megabytes: float,
    ) -> Answer:
        validators = Validators(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
        said = {
            "url": url,
            "status": response.status_code,
            "final_url": self.services.canonical(address),
            "content_type": response.headers.get("Content-Type", ""),
        }
        same = known is not None and bool(known.etag) and known.etag == validators.etag
        if response.status_code == 304 or (response.status_code == 200 and same):
            return Answer(**said, validators=validators if validators else known or validators, unchanged=True)
        pieces = self._pieces(url, response, end, megabytes)
        if path is None or response.status_code != 200:
            body = b"".join(pieces)
            return Answer(**said, validators=validators, body=body, size=len(body))
        with path.open("wb") as out:
            return Answer(**said, validators=validators, size=_pour(pieces, out))

    def _pieces(self, url: str, response: requests.Response, end: float, megabytes: float) -> Iterator[bytes]:
        cap = int(megabytes * (1 << 20))
        too_large = Finding("too_large", url, f"at most {megabytes:g} MB", "more", "Nothing of it was kept.")
        if (response.headers.get("Content-Length") or "0").isdecimal() and int(response.headers.get("Content-Length", 0)) > cap:
            raise Failed(too_large)
        size = 0
        try:
            while piece := response.raw.read1(_PIECE, decode_content=True):
                size += len(piece)
                if size > cap:
                    raise Failed(too_large)
                if self._clock() > end:
                    raise Failed(self._slow(url))
                yield piece
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _Busy(
                Finding("cut_short", url, "the whole body", f"{size} bytes and then {_reason(error)}", "It is asked for again.")
            ) from None

    def _slow(self, url: str) -> Finding:
        return Finding("too_slow", url, "an answer in time", "a server that drips or says nothing", "The next pass asks again.")


def _http(*, trust: bool) -> requests.Session:
    http = requests.Session()
    http.trust_env = trust
    return http


def _pour(pieces: Iterator[bytes], out: BinaryIO) -> int:
    return sum(out.write(piece) for piece in pieces)


def _retry_after(said: str | None) -> float | None:
    """Seconds to wait: given as seconds, or as a date against the server's own `Date`; None when not given."""
    if not said:
        return None
    if said.strip().isdecimal():
        return float(said)
    try:
        at = email.utils.parsedate_to_datetime(said)
    except ValueError:
        return None
    from monitor import clock

    return max((at.replace(tzinfo=None) - clock.now()).total_seconds(), 0.0)


def _reason(error: BaseException) -> str:
    """The innermost cause, short."""
    while True:
        inner = getattr(error, "reason", None) or error.__cause__ or next(
            (a for a in error.args if isinstance(a, BaseException)), None
        )
        if not isinstance(inner, BaseException) or inner is error:
            return f"{type(error).__name__}: {str(error).splitlines()[0][:160]}" if str(error) else type(error).__name__
        error = inner
