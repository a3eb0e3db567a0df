"""Who is told of what, and by which channel: `alerts.toml` in the home, read into typed records."""

import os
import re
from collections import Counter
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Literal, Self

import pydantic

from monitor.declarations import DeclarationError, parse, publications
from monitor.declarations.record import Record, nearest
from monitor.settings import Home, is_this_machine
from monitor.vocabulary import CHARACTERISTICS

EXAMPLE = Path(__file__).parent / "alerts.toml"
"""A settings file to begin from, with a line on each key."""

_NEEDS = {
    "email": ("host", "sender"),
    "webhook": ("address_from",),
    "notify": ("key_from", "template"),
    "atom": ("file",),
    "json": ("file",),
}
_MAY_HAVE = {"email": ("port", "security", "user_from", "password_from"), "webhook": ("payload",)}
_OTHERS = (
    *("site", "vault", "work", "schedule", "monitor.duckdb", "alerts.toml", "deliver.lock"),
    *("pass.lock", "pass.json"),
)
"""What stands in a home already: pages are replaced whole by each pass, and a file among them would be lost."""
TO_PEOPLE = ("email", "webhook", "notify")
"""Kinds of channel that recipients name; the others are files, written whole."""


def _variable(name: str) -> str:
    if name and not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
        raise ValueError(
            "expected the NAME of an environment variable, in capitals (JUSTICE_ALERTS_PASSWORD); found something "
            "else, not repeated here in case it is the secret. Put the secret into the environment and its name here"
        )
    return name


def _address(text: str) -> str:
    if text:
        name, _, rest = text.rpartition("<")
        try:
            Address(name.strip(), addr_spec=rest.rstrip("> ").strip())
            if "@" not in rest or "\n" in text or "\r" in text:
                raise ValueError
        except (ValueError, IndexError, MessageError):
            raise ValueError(f"expected an e-mail address such as ann@example.org; found {text!r}. Mend it") from None
    return text


Variable = Annotated[str, pydantic.AfterValidator(_variable)]
Mailbox = Annotated[str, pydantic.AfterValidator(_address)]


class Channel(Record):
    """A way to tell people. `email` is an SMTP server, `webhook` an address that takes JSON (Slack, Teams or plain),
    `notify` the government's own service, `atom` and `json` files in the home, written at each run.
    """

    name: str
    kind: Literal["email", "webhook", "notify", "atom", "json"]
    host: str = ""
    port: Annotated[int, pydantic.Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Mailbox = ""
    user_from: Variable = ""
    password_from: Variable = ""
    address_from: Variable = ""
    payload: Literal["slack", "teams", "json"] = "json"
    key_from: Variable = ""
    template: str = ""
    file: str = ""

    @pydantic.model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        for key in _NEEDS[self.kind]:
            if not getattr(self, key):
                raise ValueError(f"channel {self.name!r}: {self.kind} needs {key}; add it")
        takes = {"name", "kind", *_NEEDS[self.kind], *_MAY_HAVE.get(self.kind, ())}
        foreign = sorted(self.model_fields_set - takes)
        if foreign:
            raise ValueError(f"channel {self.name!r}: {self.kind} does not use {foreign[0]}; take it out")
        if bool(self.user_from) != bool(self.password_from):
            raise ValueError(f"channel {self.name!r}: user_from and password_from go together; add the other")
        if self.password_from and self.security == "none" and not is_this_machine(self.host):
            raise ValueError(
                f'channel {self.name!r}: security = "none" would send the password for everyone to read; use starttls'
            )
        return self

    @pydantic.field_validator("file")
    @classmethod
    def _stays_in_the_home(cls, value: str) -> str:
        path = Path(value)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError(f"expected a file inside the home, such as alerts/alerts.atom; found {value!r}. Mend it")
        if path.parts and path.parts[0] in _OTHERS:
            raise ValueError(f"{path.parts[0]} is written by others; take a folder of its own, such as alerts/")
        return value


class Recipient(Record):
    """Somebody who is told, by a channel, of alerts on the publications and characteristics named (all, when none)
    that are as severe as `severity` or more. Deliveries are remembered by `name`.

    That nobody watches is told to an `operator`, and to whoever asked for every publication and characteristic.
    """

    name: Annotated[str, pydantic.Field(min_length=1)]
    channel: str
    to: Mailbox = ""
    publications: tuple[str, ...] = ()
    characteristics: tuple[str, ...] = ()
    severity: Literal["S1", "S2", "S3", "S4"] = "S2"
    operator: bool = False

    @pydantic.field_validator("publications")
    @classmethod
    def _publications_exist(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _all_known(value, list(publications()), "publication")

    @pydantic.field_validator("characteristics")
    @classmethod
    def _characteristics_exist(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _all_known(value, [c.id for c in CHARACTERISTICS], "characteristic")

    def asked_for(self, publication: str, characteristic: str, severity: str) -> bool:
        """Whether an alert is asked for; of a whole release it concerns every characteristic, of none the monitor."""
        if not publication:
            return self.operator or not (self.publications or self.characteristics)
        return (
            severity <= self.severity
            and (not self.publications or publication in self.publications)
            and (not self.characteristics or not characteristic or characteristic in self.characteristics)
        )

    @property
    def subscription(self) -> str:
        """What is asked for, in one line: a change of it begins anew what counts as known before."""
        return "|".join((",".join(sorted(self.publications)), ",".join(sorted(self.characteristics)), self.severity))


def _all_known(names: tuple[str, ...], known: list[str], noun: str) -> tuple[str, ...]:
    for name in names:
        if name not in known:
            raise ValueError(f"no {noun} is called {name!r}; {nearest(name, known)}")
    return names


class Subscriptions(Record):
    """The whole file. `site` is where the pages can be read; `templates` a folder beside it that overrides ours."""

    site: str = ""
    templates: str = ""
    channel: tuple[Channel, ...] = ()
    recipient: tuple[Recipient, ...] = ()

    @pydantic.model_validator(mode="after")
    def _names_fit(self) -> Self:
        for name, n in Counter([c.name for c in self.channel]).items():
            if n > 1:
                raise ValueError(f"two channels are called {name!r}; rename one")
        for name, n in Counter([r.name for r in self.recipient]).items():
            if n > 1:
                raise ValueError(f"two recipients are called {name!r}; deliveries are remembered by name: rename one")
        kinds = {c.name: c.kind for c in self.channel}
        for r in self.recipient:
            if r.channel not in kinds:
                known = nearest(r.channel, kinds)
                raise ValueError(f"recipient {r.name!r}: no channel is called {r.channel!r}; {known}")
            if wrong := _misfit(r, kinds[r.channel]):
                raise ValueError(f"recipient {r.name!r}: {wrong}")
        return self


def _misfit(recipient: Recipient, kind: str) -> str:
    if kind not in TO_PEOPLE:
        return f"{recipient.channel!r} is a file, which nobody needs to ask for; take the recipient out"
    if kind == "webhook" and recipient.to:
        return "a webhook goes where its address says; take `to` out"
    if kind != "webhook" and not recipient.to:
        return f"{kind} needs an e-mail address as `to`; add it"
    return ""


def path_of(home: Home) -> Path:
    """Where the settings stand: `JUSTICE_MONITOR_ALERTS`, else `alerts.toml` in the home."""
    return Path(os.environ.get("JUSTICE_MONITOR_ALERTS") or home.root / "alerts.toml")


def subscriptions(home: Home) -> Subscriptions | None:
    """The settings, None where there are none. Raises `DeclarationError` with file, line and remedy."""
    path = path_of(home)
    if not path.exists():
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path.name}: expected a text file in UTF-8; it cannot be read ({error}).") from None
    return parse(Subscriptions, text, path.name)
