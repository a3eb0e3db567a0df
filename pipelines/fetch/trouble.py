"""What went wrong with a connection, in plain words; what is not known is given as the library says it."""

import errno
import socket
import ssl

import urllib3.exceptions as connection

_CLOSED, _NO_WAY = "a connection closed without an answer", "no network, or no way to that address"
_BY_NUMBER = {
    errno.ECONNREFUSED: "a refusal: nothing answers at that address",
    errno.ETIMEDOUT: "no answer in time",
    **dict.fromkeys((errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED), _CLOSED),
    **dict.fromkeys((errno.ENETUNREACH, errno.EHOSTUNREACH), _NO_WAY),
}


def plain(error: BaseException) -> str:
    """The cause of a failed request, short."""
    causes = list(_causes(error))
    for cause in reversed(causes):
        if said := _known(cause):
            return said
    last = causes[-1]
    words = str(last).splitlines()
    return f"{type(last).__name__}: {words[0][:160]}" if words and words[0] else type(last).__name__


def _known(cause: BaseException) -> str:
    if isinstance(cause, socket.gaierror | connection.NameResolutionError):
        return "no host of that name: there is no network, or the name is wrong"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"one that does not hold ({cause.verify_message})"
    if isinstance(cause, ssl.SSLError):
        return f"a connection that is not secure ({cause.reason or 'no reason given'})"
    if isinstance(cause, connection.ProxyError):
        return "a proxy that does not let it through"
    if isinstance(cause, TimeoutError | connection.TimeoutError):
        return "no answer in time"
    if isinstance(cause, connection.IncompleteRead):
        return "the end, too early"
    if isinstance(cause, OSError) and cause.errno in _BY_NUMBER:
        return _BY_NUMBER[cause.errno]
    if "closed connection without response" in str(cause):
        return _CLOSED
    return ""


def _causes(error: BaseException) -> list[BaseException]:
    """An error and what is inside it, outermost first."""
    found: list[BaseException] = []
    inner: BaseException | None = error
    while inner is not None and inner not in found:
        found.append(inner)
        reason = getattr(inner, "reason", None)
        within = next((a for a in inner.args if isinstance(a, BaseException)), None)
        inner = reason if isinstance(reason, BaseException) else inner.__cause__ or within
    return found
