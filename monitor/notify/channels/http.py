"""One JSON document posted to one address: retried when the other side is busy, never redirected."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests

from monitor import clock, settings
from monitor.notify.channels import Post
from monitor.settings import DELIVERY_CONNECT_SECONDS, DELIVERY_LONGEST_WAIT_SECONDS, DELIVERY_SECONDS, DELIVERY_TRIES

_BUSY = (429, 502, 503, 504)
_MOST = 4096


def post_json(
    post: Post, address: str, document: Any, *, headers: Mapping[str, str] | None = None, hide: tuple[str, ...] = ()
) -> tuple[int, str]:
    """Status and beginning of the answer. The address and `hide` are never repeated. Raises `NotDelivered`."""
    hide = (*hide, address)
    if not _is_safe(address):
        raise post.failed("expected an https address in the environment variable; found another", "Correct it.")
    for attempt in range(1, DELIVERY_TRIES + 1):
        with _quietly(), requests.Session() as http:
            http.trust_env = not settings.is_this_machine(urlsplit(address).hostname)
            try:
                with http.post(
                    address, json=document, headers=dict(headers or {}), allow_redirects=False, stream=True,
                    timeout=(DELIVERY_CONNECT_SECONDS, DELIVERY_SECONDS),
                ) as answer:  # fmt: skip
                    status, body = answer.status_code, _beginning(answer)
                    wait = clock.wait_asked_for(answer.headers.get("Retry-After"))
            except requests.exceptions.Timeout:
                found = f"no answer within {DELIVERY_SECONDS:.0f} seconds"
                raise post.failed(found, "The next run sends it again.") from None
            except requests.exceptions.SSLError:
                raise post.failed("no certificate that holds", "Check the address.") from None
            except (requests.exceptions.RequestException, ValueError, OSError):
                found = "the address cannot be reached"
                raise post.failed(found, "Check the address and the network. The next run sends it again.") from None
        if status not in _BUSY:
            return status, body
        if attempt == DELIVERY_TRIES or (wait or 0) > DELIVERY_LONGEST_WAIT_SECONDS:
            asked = f", and asks to be left alone for {wait:.0f} seconds" if wait else ""
            raise post.failed(f"it is busy (status {status}){asked}", "A later run sends it again.", wait=wait)
        post.sleep(wait if wait is not None else float(attempt))
    raise AssertionError("the loop ends by an answer or an error")


def _beginning(answer: requests.Response) -> str:
    end, held = time.monotonic() + DELIVERY_SECONDS, b""
    for piece in answer.iter_content(512):
        held += piece
        if len(held) >= _MOST or time.monotonic() > end:
            break
    return held[:_MOST].decode("utf-8", "replace")


def _is_safe(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and settings.is_this_machine(parts.hostname))
    )


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the library's own log of requests, whose lines hold the address."""
    log = logging.getLogger("urllib3.connectionpool")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before
