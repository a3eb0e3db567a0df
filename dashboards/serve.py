"""A server of the pages on 127.0.0.1 alone, with the security headers that a public one should send."""

import http.server
from functools import partial
from pathlib import Path

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'none'; base-uri 'none'; form-action 'none'"
)
"""What pages may load: their own files. Also in a meta element of every page, for `file://`."""

HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}


class _Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, **_TYPES}  # noqa: RUF012

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal belongs to the person."""


def server(site: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """A server of `site`, not yet serving, on a port (0: a free one). Raises FileNotFoundError, OSError."""
    if not (site / "index.html").is_file():
        raise FileNotFoundError(
            f"expected {site / 'index.html'}, found no such file. Write the pages first: justice-monitor publish"
        )
    return http.server.ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(site)))


def serve(site: Path, port: int = 8000) -> None:
    """Serve `site` on 127.0.0.1 until interrupted. Raises as `server` does."""
    with server(site, port) as running:
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            return
