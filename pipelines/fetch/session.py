"""One polite session for a whole pass: rate, time, size, retries and redirects of every request are bounded."""

import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests
import urllib3

from monitor import clock, settings
from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.pace import Pace
from pipelines.fetch.remembered import Answer, Validators
from pipelines.fetch.services import Services, host_of
from pipelines.fetch.trouble import plain

_BUSY = frozenset({429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_PATIENCE = 3
"""After so many questions that a host never answered, it is left alone for the rest of the pass."""
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
class _Request:
    """What is asked for: an address, the marks it had, and how much of it in what time is taken."""

    url: str
    known: Validators | None
    path: Path | None
    headers: Mapping[str, str]
    seconds: float
    megabytes: float


class _Busy(Exception):
    """No answer now, perhaps one later: after `wait` seconds where the server says so. `enough` asks no more."""

    def __init__(self, finding: Finding, host: str, wait: float | None = None, *, enough: bool = False) -> None:
        super().__init__(finding.message)
        self.finding, self.host, self.wait, self.enough = finding, host, wait, enough


class _TooSlow(Exception):
    pass


# because timeouts of `requests` start again with every byte, a server that drips would hold a pass for ever
class _Asker:
    """Connections, and a thread of their own that sends requests, so that a wait for headers can end."""

    def __init__(self, *, trust: bool) -> None:
        self._http = requests.Session()
        self._http.trust_env = trust
        self._asked: queue.SimpleQueue[tuple[str, dict[str, Any]] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[requests.Response | BaseException] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True, name="asking").start()

    def ask(self, seconds: float, address: str, **how: Any) -> requests.Response:
        """The answer with its headers read. Raises what `requests` raises, or `_TooSlow`: then this one is lost."""
        self._asked.put((address, how))
        try:
            got = self._answers.get(timeout=seconds)
        except queue.Empty:
            self.close()
            raise _TooSlow from None
        if isinstance(got, BaseException):
            raise got
        return got

    def close(self) -> None:
        """End the thread when it is free, and the connections with it."""
        self._asked.put(None)

    def _work(self) -> None:
        while (asked := self._asked.get()) is not None:
            address, how = asked
            try:
                self._answers.put(self._http.get(address, **how))
            except BaseException as error:
                self._answers.put(error)
        self._http.close()


@lru_cache(maxsize=8)
def user_agent(contact: str) -> str:
    """How a session names itself: program, version and whom to write to, in ASCII."""
    try:
        release = version("justice-disparity-monitor")
    except PackageNotFoundError:
        release = "0"
    said = f"JusticeDisparityMonitor/{release} ({contact})"
    return said.encode("ascii", "replace").decode("ascii").replace("\r", " ").replace("\n", " ")


def forbidden(url: str, expected: str) -> Finding:
    """What to say of status 403: a refusal of who asks, with what was said of that, and no state of the page."""
    found = f"status 403 to {user_agent(settings.contact())!r}"
    return Finding("forbidden", url, expected, found, _FORBIDDEN)


_FORBIDDEN = (
    "It refuses this monitor, and says nothing of the page. The likely cause is the contact or the user agent: set "
    "JUSTICE_MONITOR_CONTACT to an address that is read, and ask whether a proxy here changes the user agent."
)


class Session:
    """Asks for pages and files. One a pass; not for several threads at once.

    `requests` counts what was really sent, redirects and repeats included; `asked` and `answered` are the addresses
    asked for, and those that gave what they should.
    """

    def __init__(
        self,
        services: Services,
        limits: Limits = Limits(),
        *,
        contact: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.services, self.limits = services, limits
        self.requests = 0
        self.asked: set[str] = set()
        self.answered: set[str] = set()
        self._agent = user_agent(settings.contact() if contact is None else contact)
        self._clock, self._sleep = clock, sleep
        self._pace = Pace(limits.per_second, clock, sleep)
        self._spoken: set[str] = set()
        self._down: dict[str, Finding] = {}
        self._tired: Counter[str] = Counter()
        self._open: dict[bool, _Asker] = {}

    def page(self, url: str, known: Validators | None = None) -> Answer:
        """A page, in memory, whatever status the server means by it (200, 304, 404, 410 …). Raises `Failed`."""
        headers = self._headers(known) | {"Accept": "application/json, */*;q=0.5"}
        return self._ask(_Request(url, known, None, headers, self.limits.page_seconds, self.limits.page_mb))

    def file(self, url: str, path: Path, known: Validators | None = None) -> Answer:
        """A file, streamed into `path`; nothing is written unless the status is 200. Raises `Failed`."""
        # because a compressed answer has no length that a cut could be seen by
        headers = self._headers(known) | {"Accept-Encoding": "identity"}
        return self._ask(_Request(url, known, path, headers, self.limits.file_seconds, self.limits.file_mb))

    def close(self) -> None:
        """Let the connections go."""
        for asker in self._open.values():
            asker.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _headers(self, known: Validators | None) -> dict[str, str]:
        return {"User-Agent": self._agent} | (known.headers() if known else {})

    def _ask(self, request: _Request) -> Answer:
        busy: _Busy | None = None
        self.asked.add(request.url)
        for attempt in range(self.limits.retries + 1):
            if busy is not None:
                self._sleep(busy.wait if busy.wait is not None else 2 ** (attempt - 1) * random.uniform(0.75, 1.25))
            try:
                answer = self._once(request, self._clock() + request.seconds)
                del self._tired[host_of(self.services.address(request.url))]
                if answer.status in (200, 304):
                    self.answered.add(request.url)
                return answer
            except _Busy as said:
                busy = said
                if said.enough:
                    break
        assert busy is not None
        self._tired[busy.host] += 1
        if busy.enough or self._tired[busy.host] >= _PATIENCE:
            self._down[busy.host] = busy.finding
        raise Failed(busy.finding)

    def _once(self, request: _Request, end: float) -> Answer:
        address = self.services.address(request.url)
        for _ in range(_MOST_REDIRECTS + 1):
            with self._response(request, address, end) as response:
                if response.status_code in _BUSY:
                    raise self._busy(request.url, address, response)
                to = response.headers.get("Location")
                if response.status_code in _REDIRECTS and to:
                    address = self._next(request.url, address, to)
                    continue
                return self._answer(request, address, response, end)
        found = f"more, the last to {address[:200]}"
        raise Failed(Finding("endless_redirects", request.url, f"at most {_MOST_REDIRECTS} redirects", found))

    def _next(self, url: str, address: str, to: str) -> str:
        try:
            return self.services.address(urljoin(address, to))
        except ValueError:
            raise Failed(Finding("foreign_address", url, "a redirect to an address", repr(to[:200]))) from None

    def _response(self, request: _Request, address: str, end: float) -> requests.Response:
        url = request.url
        if reason := self.services.refusal(address):
            found = f"{reason} ({address[:200]})"
            remedy = "If the publisher moved, declare the host under `pages` of the publication."
            raise Failed(Finding("foreign_address", url, "a declared host over https", found, remedy))
        host = host_of(address)
        if down := self._down.get(host):
            raise Failed(down, reached=False)
        self._pace.wait(host)
        self.requests += 1
        try:
            response = self._headers_before(address, request.headers, end)
        except _TooSlow:
            raise self._given_up(host, self._slow(url)) from None
        except requests.exceptions.SSLError as error:
            expected, remedy = "a certificate that holds", "Nothing was taken from it."
            raise self._given_up(host, Finding("certificate", url, expected, plain(error), remedy)) from None
        except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
            remedy = "Check the network of this machine, and try again."
            finding = Finding("unreachable", url, "an answer", plain(error), remedy)
            if host in self._spoken:
                raise _Busy(finding, host) from None
            raise self._given_up(host, finding) from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            raise Failed(Finding("unreadable_answer", url, "an HTTP answer", plain(error))) from None
        self._spoken.add(host)
        return response

    def _given_up(self, host: str, finding: Finding) -> Failed:
        self._down[host] = finding
        return Failed(finding, reached=False)

    def _headers_before(self, address: str, headers: Mapping[str, str], end: float) -> requests.Response:
        """Send the request and wait for its headers, on a thread that is left behind when they do not come."""
        local = self.services.is_local(address)
        if local not in self._open:
            self._open[local] = _Asker(trust=not local)
        try:
            seconds, timeout = max(end - self._clock(), 0.01), (self.limits.connect, self.limits.silence)
            asked = {"headers": dict(headers), "stream": True, "allow_redirects": False, "timeout": timeout}
            return self._open[local].ask(seconds, address, **asked)
        except _TooSlow:
            del self._open[local]
            raise

    def _busy(self, url: str, address: str, response: requests.Response) -> _Busy:
        wait = clock.wait_asked_for(response.headers.get("Retry-After"))
        status = f"status {response.status_code}"
        long = wait is not None and wait > self.limits.longest_wait
        found = f"{status}, " + (f"to be left alone for {wait:.0f} seconds" if long else "each time it was asked")
        finding = Finding("server_busy", url, "an answer", found, "The next pass asks again.")
        return _Busy(finding, host_of(address), wait, enough=long)

    def _answer(self, request: _Request, address: str, response: requests.Response, end: float) -> Answer:
        marks = Validators(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
        known = request.known
        final, kind = self.services.canonical(address), response.headers.get("Content-Type", "")
        answer = Answer(request.url, response.status_code, final, marks or known or marks, kind)
        same = known is not None and bool(known.etag) and known.etag == marks.etag
        if response.status_code == 304:
            response.raw.drain_conn()  # because a connection goes back to be used again only when its answer is read
        if response.status_code == 304 or (response.status_code == 200 and same):
            return replace(answer, unchanged=True)
        pieces = self._pieces(request, address, response, end)
        if request.path is None or response.status_code != 200:
            body = b"".join(pieces)
            return replace(answer, validators=marks, body=body, size=len(body))
        with request.path.open("wb") as out:
            return replace(answer, validators=marks, size=sum(map(out.write, pieces)))

    def _pieces(self, request: _Request, address: str, response: requests.Response, end: float) -> Iterator[bytes]:
        cap = int(request.megabytes * (1 << 20))
        length = response.headers.get("Content-Length", "")
        said = f"{int(length) >> 20} MB" if length.isdecimal() else "more"
        too_large = Finding("too_large", request.url, f"at most {request.megabytes:g} MB", said, "Nothing was kept.")
        if length.isdecimal() and int(length) > cap:
            raise Failed(too_large)
        size = 0
        try:
            while piece := response.raw.read1(_PIECE, decode_content=True):
                size += len(piece)
                if size > cap:
                    raise Failed(too_large)
                if self._clock() > end:
                    raise Failed(self._slow(request.url))
                yield piece
        except (urllib3.exceptions.HTTPError, OSError) as error:
            found = f"{size} bytes and then {plain(error)}"
            finding = Finding("cut_short", request.url, "the whole body", found, "The next pass asks again.")
            raise _Busy(finding, host_of(address)) from None

    def _slow(self, url: str) -> Finding:
        found = "a server that drips or says nothing"
        return Finding("too_slow", url, "an answer in time", found, "The next pass asks again.")
