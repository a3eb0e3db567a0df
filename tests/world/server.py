"""The publisher itself: documents, files and announcements behind a loopback server, changed by a script.

It speaks as the real one does: weak entity tags on content and strong ones on files, 304, a redirect item with
status 200, a gone item with 410 and a body, 404 without one, searches that refuse an unknown parameter with 422.
A fault is laid on a path and lasts as many requests as it says.
"""

import datetime as dt
import email.utils
import hashlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from . import items, workbooks
from .items import Item

ASSETS = "https://assets.publishing.service.gov.uk"
SERVICES = ("GOVUK", "ASSETS", "ONS", "NOMIS", "EFF")
KNOWN_SEARCH = {"filter_format", "filter_organisations", "filter_release_timestamp", "order", "count", "fields", "q"}
COLLECTION, STATISTICS = "/government/collections", "/government/statistics"
ANNOUNCEMENTS = f"{STATISTICS}/announcements"

Fault = Callable[["_Handler"], None]


@dataclass(frozen=True)
class Asset:
    body: bytes
    media: str
    modified: dt.datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}-{len(self.body):x}"'


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    at: float
    status: list[int]
    sent: list[int]


@dataclass
class World:
    """One publisher with one clock. `now` is its time; what is released is there until something changes it."""

    now: dt.datetime = dt.datetime(2024, 1, 2, 12, tzinfo=dt.UTC)
    documents: dict[str, Item] = field(default_factory=dict)
    collections: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    pages: dict[str, Asset] = field(default_factory=dict)
    services: dict[str, Callable[[str], tuple[int, bytes, str]]] = field(default_factory=dict)
    faults: dict[str, list[tuple[Fault, float]]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    script: list[tuple[dt.datetime, Callable[["World"], None]]] = field(default_factory=list)
    on_request: Callable[[], object] = lambda: None
    unlisted: set[str] = field(default_factory=set)
    url: str = ""

    # --- what the publisher does ------------------------------------------------------------------------------------

    def series(self, slug: str, title: str) -> str:
        """Open a collection; gives its path."""
        path = f"{COLLECTION}/{slug}"
        self.collections[path] = (title, [])
        return path

    def release(
        self,
        collection: str | None,
        slug: str,
        title: str,
        files: dict[str, bytes] | None = None,
        *,
        titles: dict[str, str] | None = None,
        under: str = STATISTICS,
        **said: Any,
    ) -> str:
        """Publish an edition with files, first in its collection; gives its path."""
        path = f"{under}/{slug}"
        attached = [self.attach(name, body, (titles or {}).get(name)) for name, body in (files or {}).items()]
        self.documents[path] = items.publication(path, title, updated=self.now, attachments=attached, **said)
        if collection is not None:
            self.collections[collection][1].insert(0, path)
        return path

    def attach(self, name: str, body: bytes, title: str | None = None, *, id: str | None = None) -> Item:
        """Put a file up under a new asset id, as an attachment of a page."""
        id = id or hashlib.sha256(f"{name}{self.now}".encode() + body).hexdigest()[:24]
        path = f"/media/{id}/{name}"
        media = workbooks.MEDIA.get(name.rpartition(".")[2], "application/octet-stream")
        self.assets[path] = Asset(body, media, self.now)
        return items.file(f"{ASSETS}{path}", title, len(body), media)

    def reissue(self, path: str, note: str = "", **changed: Any) -> None:
        """Save a publication again: its time of update moves, and what is given changes."""
        item = self.documents[path]
        item |= changed
        item["public_updated_at"] = item["updated_at"] = items.iso(self.now)
        if note:
            item["details"]["change_history"].insert(0, {"note": note, "public_timestamp": items.iso(self.now)})

    def replace(self, path: str, body: bytes, n: int = 0) -> None:
        """Put other bytes under the address of a page's nth file: but for their size the page does not say so."""
        said = self.documents[path]["details"]["attachments"][n]
        said["file_size"] = len(body)
        asset = self.assets[urlsplit(said["url"]).path]
        self.assets[urlsplit(said["url"]).path] = Asset(body, asset.media, self.now)

    def move(self, path: str, to: str) -> None:
        """Give a page another address; the old one is a redirect that answers 200."""
        item = self.documents[path]
        self.documents[to] = item | {"base_path": to}
        self.documents[path] = items.redirect(path, to, self.now)
        for _, members in self.collections.values():
            members[:] = [to if m == path else m for m in members]

    def withdraw(self, path: str, why: str) -> None:
        item = self.documents[path]
        item["withdrawn_notice"] = {"explanation": f"<p>{why}</p>", "withdrawn_at": items.iso(self.now)}

    def take_down(self, path: str, why: str) -> None:
        """Unpublish a page: 410, and out of its collections."""
        self.documents[path] = items.gone(path, why, self.now)
        for _, members in self.collections.values():
            members[:] = [m for m in members if m != path]

    def announce(self, slug: str, title: str, display: str, release: dt.datetime, **said: Any) -> str:
        """Announce a release, or announce it otherwise; gives the announcement's path."""
        path = f"{ANNOUNCEMENTS}/{slug}"
        self.documents[path] = items.announcement(path, title, display=display, release=release, saved=self.now, **said)
        return path

    def publish_announced(self, announcement: str, to: str) -> None:
        """An announcement becomes a redirect to its publication, and leaves the search."""
        self.documents[announcement] = items.redirect(announcement, to, self.now)

    def lay(self, path: str, fault: Fault, times: float = float("inf")) -> None:
        """Lay a fault on a path of the server (`/api/content/…`, `/media/…`) for so many requests."""
        self.faults.setdefault(path, []).append((fault, times))

    def heal(self) -> None:
        self.faults.clear()

    def at(self, when: dt.datetime, event: Callable[["World"], None]) -> None:
        """Write an event into the calendar."""
        self.script.append((when, event))

    def advance(self, to: dt.datetime) -> None:
        """Let time pass: everything in the calendar up to `to` happens, in order, at its own time."""
        for when, event in sorted((e for e in self.script if e[0] <= to), key=lambda e: e[0]):
            self.now = when
            event(self)
        self.script = [e for e in self.script if e[0] > to]
        self.now = to

    # --- what it serves ---------------------------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """The settings that lead a monitor here, and whom it says to write to."""
        roots = {f"JUSTICE_MONITOR_{service}": self.url for service in SERVICES}
        return {**roots, "JUSTICE_MONITOR_CONTACT": "someone@example.org"}

    def page(self, host: str, path: str) -> Asset | None:
        """A page by its path, or by its host and path where publishers have pages of one path."""
        return self.pages.get(f"https://{host}{path}") or self.pages.get(path)

    def item(self, path: str) -> Item | None:
        if path in self.collections:
            title, members = self.collections[path]
            opened = dt.datetime(2013, 7, 25, tzinfo=items.LONDON)
            return items.collection(path, title, [self.documents[m] for m in members], first=opened, unmatched=1)
        return self.documents.get(path)

    def search(self, query: str) -> tuple[int, Item]:
        asked = parse_qsl(query)
        for name, value in asked:
            if name not in KNOWN_SEARCH:
                return 422, {"error": f"Unexpected parameters: {name}"}
            if name == "count" and int(value) > 1500:
                return 422, {"error": "Maximum result set size (as specified in 'count') is 1500"}
        said = dict(asked)
        if said.get("filter_format") == "statistics_announcement":
            since = said["filter_release_timestamp"].removeprefix("from:")
            found = [i for i in self.documents.values() if i["schema_name"] == "statistics_announcement"]
            found = [i for i in found if i["base_path"] not in self.unlisted]
            results = [items.search_result(i) for i in found]
            return 200, items.search([r for r in results if r["release_timestamp"] >= since])
        words = said.get("q", "").lower().split()
        found = [i for i in self.documents.values() if i["schema_name"] == "publication"]
        found += [i for path in self.collections if (i := self.item(path))]
        hits = [i for i in found if all(w in i["title"].lower() for w in words)]
        keys = ("title", "content_id")
        return 200, items.search([{k: i[k] for k in keys} | {"link": i["base_path"]} for i in hits])

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What answers a connection to this world, whoever took it."""
        return type("Handler", (_Handler,), {"world": self})

    @contextmanager
    def open(self, tls: ssl.SSLContext | None = None) -> Iterator["World"]:
        """Serve on a free port of loopback until the block ends."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # because a client that hangs up is part of the play
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    world: World
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # because headers and body are written one after the other

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.request_seen = Request(self.path, dict(self.headers), time.monotonic(), [], [])
        self.world.requests.append(self.request_seen)
        self.world.on_request()
        laid = self.world.faults.get(parts.path) or []
        if laid:
            fault, times = laid[0]
            laid[0] = (fault, times - 1)
            if times <= 1:
                laid.pop(0)
            fault(self)
        elif parts.path.startswith("/api/content"):
            self._content(parts.path.removeprefix("/api/content"))
        elif parts.path == "/api/search.json":
            status, body = self.world.search(parts.query)
            self.answer(status, json.dumps(body).encode(), "application/json")
        elif service := self.world.services.get(parts.path):
            self.answer(*service(parts.query))
        elif asset := self.world.assets.get(parts.path) or self.world.page(self.headers.get("Host", ""), self.path):
            self._asset(asset)
        else:
            self.answer(404, b'{"_response_info":{"status":"not found"}}', "application/json")

    def _content(self, path: str) -> None:
        item = self.world.item(path)
        if item is None:
            self.answer(404, b"", "application/json")
            return
        body = json.dumps(item, sort_keys=True).encode()
        etag = f'W/"{hashlib.md5(body).hexdigest()}"'
        headers = {"ETag": etag, "Cache-Control": "max-age=300, public", "Vary": "Accept, Accept-Encoding"}
        if self.headers.get("If-None-Match") == etag:
            self.answer(304, b"", "application/json; charset=utf-8", headers)
        else:
            status = 410 if item["document_type"] == "gone" else 200
            self.answer(status, body, "application/json; charset=utf-8", headers)

    def _asset(self, asset: Asset) -> None:
        modified = email.utils.format_datetime(asset.modified.astimezone(dt.UTC), usegmt=True)
        headers = {"ETag": asset.etag, "Last-Modified": modified, "Cache-Control": "max-age=1800, public"}
        if self.headers.get("If-None-Match") == asset.etag:
            self.answer(304, b"", asset.media, headers)
        else:
            self.answer(200, asset.body, asset.media, headers)

    def answer(
        self, status: int, body: bytes, media: str, headers: dict[str, str] | None = None, *, length: int | None = None
    ) -> None:
        """Send an answer. `length` is what Content-Length claims, where that is not the truth."""
        self.request_seen.status.append(status)
        self.send_response(status)
        if status != 304:
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.request_seen.sent.append(len(body))
        if length is not None and length != len(body):
            self.close_connection = True


class broken:
    """What goes wrong with a server, to be laid on a path."""

    @staticmethod
    def status(code: int, *, retry_after: str | None = None, body: bytes = b"") -> Fault:
        headers = {"Retry-After": retry_after} if retry_after else {}
        return lambda handler: handler.answer(code, body, "text/plain", headers)

    @staticmethod
    def redirect(to: str, code: int = 302) -> Fault:
        return lambda handler: handler.answer(code, b"", "text/html", {"Location": to})

    @staticmethod
    def page() -> Fault:
        """A web page, with status 200, where a file was asked for."""
        body = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body>Not here.</body></html>"
        return lambda handler: handler.answer(200, body, "text/html; charset=utf-8")

    @staticmethod
    def body(body: bytes, media: str = "application/json") -> Fault:
        return lambda handler: handler.answer(200, body, media)

    @staticmethod
    def truncated(body: bytes, keep: int, media: str = "application/octet-stream") -> Fault:
        return lambda handler: handler.answer(200, body[:keep], media, length=len(body))

    @staticmethod
    def huge(megabytes: int, *, honest: bool) -> Fault:
        """A body above any cap: announced by its length, or streamed without one."""

        def send(handler: _Handler) -> None:
            handler.send_response(200)
            handler.request_seen.status.append(200)
            if honest:
                handler.send_header("Content-Length", str(megabytes << 20))
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.close_connection = True
            for _ in range(megabytes):
                try:
                    handler.wfile.write(b"0" * (1 << 20))
                except OSError:
                    return
                handler.request_seen.sent.append(1 << 20)

        return send

    @staticmethod
    def drip(seconds: float, *, headers: bool = False) -> Fault:
        """A byte now and then, in the body or already in the headers, for longer than anyone should wait."""

        def send(handler: _Handler) -> None:
            handler.close_connection = True
            handler.request_seen.status.append(200)
            start = b"HTTP/1.1 200 OK\r\nX-Slow: " if headers else b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"
            end = time.monotonic() + seconds
            try:
                handler.wfile.write(start)
                while time.monotonic() < end:
                    handler.wfile.write(b" ")
                    handler.wfile.flush()
                    time.sleep(0.02)
            except OSError:
                return

        return send

    @staticmethod
    def hang_up() -> Fault:
        """The connection closed without a word."""

        def send(handler: _Handler) -> None:
            handler.close_connection = True
            handler.request_seen.status.append(0)

        return send
