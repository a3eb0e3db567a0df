"""A home with an alert, its settings, and the servers its channels speak to."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monitor.notify.deliver import Delivered, deliver
from monitor.notify.kept import commit
from monitor.notify.settings import subscriptions
from monitor.settings import Home
from monitor.store.vault import Vault
from monitor.watch.alerts import Alert, gaps_of, past, standing
from monitor.watch.register.rows import frame
from tests.alerts.made import MONDAY, OTHER, PUBLICATION, Row, nothing_held, present
from tests.notify.servers import PostOffice, Web, counting

SECRETS = {
    "TEST_USER": "user-of-the-post-office",
    "TEST_PASSWORD": "hunter2-and-more",
    "TEST_KEY": "our_team-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0",
}


@dataclass
class Watching:
    """A home over which passes go by, and from which people are told. Time is `now`."""

    home: Home
    now: dt.datetime = MONDAY
    register: list[Row] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    @property
    def vault(self) -> Vault:
        return Vault(self.home)

    def settings(self, text: str) -> None:
        self.home.root.mkdir(parents=True, exist_ok=True)
        (self.home.root / "alerts.toml").write_text(text, encoding="utf-8")

    def run(self, *register: Row, after: dt.timedelta = dt.timedelta(days=1)) -> list[str]:
        """A pass, a day later, that makes this register."""
        self.now += after
        self.register = list(register)
        return [e.event for e in commit(self.vault, frame(register), self.now)]

    def began(self) -> "Watching":
        self.run(present(PUBLICATION), present(OTHER))
        return self

    def alerts(self) -> list[Alert]:
        return list(standing(gaps_of(self.register), past(self.vault.journal()).events).values())

    def deliver(self, after: dt.timedelta = dt.timedelta(), **how: bool) -> Delivered:
        self.now += after
        settings = subscriptions(self.home)
        assert settings is not None
        sleep = counting(self.waited)
        return deliver(self.home, settings, self.alerts(), nothing_held(), self.now, sleep=sleep, **how)

    def journal(self) -> str:
        return self.vault.journal_path.read_text(encoding="utf-8")


@pytest.fixture
def watching(tmp_path: Path) -> Watching:
    """A home that has been watched for a day, with nothing missing and nobody to tell."""
    return Watching(Home(tmp_path / "home")).began()


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the operator: secrets where the settings say, and nothing that leads elsewhere."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("JUSTICE_MONITOR_ALERTS", raising=False)
    monkeypatch.delenv("JUSTICE_MONITOR_NOTIFY", raising=False)


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with PostOffice().open() as office:
        yield office


@pytest.fixture
def web() -> Iterator[Web]:
    with Web().open() as server:
        yield server


def post(port: int, *more: str) -> str:
    """Settings of a channel to a post office on this machine."""
    lines = ['[[channel]]', 'name = "post"', 'kind = "email"', 'host = "127.0.0.1"', f"port = {port}",
             'security = "none"', 'sender = "Monitor <monitor@example.org>"', *more]  # fmt: skip
    return "\n".join(lines) + "\n"


def person(name: str = "Ann", *more: str, to: str = "ann@example.org", channel: str = "post") -> str:
    """Settings of somebody who is told."""
    whom = [f'to = "{to}"'] if to else []
    return "\n".join(["[[recipient]]", f'name = "{name}"', f'channel = "{channel}"', *whom, *more]) + "\n"


Told = Callable[..., list[str]]
