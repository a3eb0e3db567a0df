"""The other side of every channel, on loopback: a mail server and a web server that do what a test tells them."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class _OnAFreePort(Controller):
    """Speaks to itself, to see that it answers, on the port that was free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@dataclass
class PostOffice:
    """A mail server. `answer` is what it says to a recipient (`250 OK`), `after` what it says to the message."""

    answer: str = "250 OK"
    after: str = "250 Accepted"
    pause: float = 0.0
    password: bytes = b""
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer.replace("{address}", address)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.pause:
            time.sleep(self.pause)
        if self.after.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
            self.recipients.append(list(envelope.rcpt_tos))
        return self.after

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password == self.password
        return AuthResult(success=good, handled=False)

    @contextmanager
    def open(self, **how: Any) -> Iterator["PostOffice"]:
        """Serve on a free port until the block ends."""
        if self.password:
            how = {"authenticator": self._authenticate, "auth_required": True, "auth_require_tls": False, **how}
        controller = _OnAFreePort(self, hostname="127.0.0.1", port=0, **how)
        controller.start()
        try:
            self.port = controller.port
            yield self
        finally:
            controller.stop()


Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Web:
    """A web server: `replies` are given one after the other, the last one for ever."""

    replies: list[Reply] = field(default_factory=lambda: [(200, {}, b"ok")])
    pause: float = 0.0
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    url: str = ""

    @contextmanager
    def open(self) -> Iterator["Web"]:
        """Serve on a free port until the block ends."""
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                web.requests.append((self.path, dict(self.headers), json.loads(body)))
                time.sleep(web.pause)
                status, headers, answer = web.replies.pop(0) if len(web.replies) > 1 else web.replies[0]
                self.send_response(status)
                for name, value in {"Content-Length": str(len(answer)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


Waited = list[float]


def counting(waited: Waited) -> Callable[[float], None]:
    """A wait that takes no time and is remembered."""
    return waited.append
