"""Which hosts are spoken to, and where each service is asked; records carry the publisher's own addresses."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from monitor.settings import is_this_machine, service_root

GOVUK = "https://www.gov.uk"
ASSETS = "https://assets.publishing.service.gov.uk"
ONS = "https://api.beta.ons.gov.uk/v1"
NOMIS = "https://www.nomisweb.co.uk/api/v01"
EFF = "https://www.ethnicity-facts-figures.service.gov.uk"

_ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "GOVUK": (GOVUK,),
    "ASSETS": (ASSETS,),
    "ONS": (ONS, "https://download.beta.ons.gov.uk", "https://static.ons.gov.uk"),
    "NOMIS": (NOMIS,),
    "EFF": (EFF,),
}


_PLAIN = re.compile(
    r"[a-z]+://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]+)?(?=[/?#]|\Z)[^\x00-\x20\x7f\\]*\Z", re.IGNORECASE
)


def is_plain(url: str) -> bool:
    """Whether every reader of an address finds the same host in it: no user, backslash or control character."""
    return _PLAIN.match(url) is not None


def host_of(url: str) -> str:
    """The host and port of an address, lower case; empty when it has none, or when readers could disagree about it."""
    return urlsplit(url).netloc.lower() if is_plain(url) else ""


def _under(url: str, roots: Iterable[tuple[str, str]]) -> str:
    """An address below the first of some roots, as the address below the other one of the pair; else as it is."""
    below = (new + url[len(old) :] for old, new in roots if url == old or url.startswith((f"{old}/", f"{old}?")))
    return next(below, url)


@dataclass(frozen=True)
class Services:
    """`elsewhere` maps a service's own base address to the one that is asked instead."""

    elsewhere: Mapping[str, str]
    declared: frozenset[str] = frozenset()

    @classmethod
    def from_environment(cls, declared: Iterable[str] = ()) -> "Services":
        """The services at the addresses that the environment says; `declared` are further hosts, of publications."""
        moved = {
            address: root
            for service, addresses in _ADDRESSES.items()
            if (root := service_root(service))
            for address in addresses
        }
        return cls(moved, frozenset(h.lower() for h in declared))

    def address(self, url: str) -> str:
        """Where to ask for a publisher's own address."""
        return _under(url, self.elsewhere.items())

    def canonical(self, address: str) -> str:
        """The publisher's own address of what was asked for; the inverse of `address`."""
        return _under(address, ((root, own) for own, root in self.elsewhere.items()))

    def refusal(self, address: str) -> str:
        """Why an address may not be asked, in words; empty when it may."""
        if not is_plain(address):
            return "an address that cannot be read, or that two programs could read as two hosts"
        scheme, host = urlsplit(address).scheme, host_of(address)
        loopback = is_this_machine(urlsplit(address).hostname)
        if host in self._roots and (scheme == "https" or (scheme == "http" and loopback)):
            return ""
        if scheme != "https":
            return f"{scheme or 'no'} scheme"
        return "" if host in self._known else f"host {host or 'missing'}, which no declaration names"

    @cached_property
    def _roots(self) -> frozenset[str]:
        return frozenset(host_of(root) for root in self.elsewhere.values())

    @cached_property
    def _known(self) -> frozenset[str]:
        return self.declared | {host_of(own) for addresses in _ADDRESSES.values() for own in addresses}

    def is_local(self, address: str) -> bool:
        """Whether an address is on this machine, where no proxy should stand between."""
        return is_this_machine(urlsplit(address).hostname)
