"""A world that is served, and a monitor that looks at it with the world's clock and without waiting."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from monitor.declarations import Publication
from monitor.settings import home
from monitor.store.vault import Artefact, Vault
from pipelines.fetch import Limits, Session
from pipelines.look import Memory, Watched, session_for, watch

from .server import World

FAST = Limits(per_second=100_000, connect=2, silence=2, page_seconds=2, file_seconds=2, retries=2)


@dataclass
class Monitor:
    """A monitor of one world. `slept` are the seconds it would have waited, `said` what it said."""

    world: World
    vault: Vault
    limits: Limits = FAST
    slept: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def session(self, publications: Sequence[Publication] = ()) -> Session:
        session = session_for(publications, self.limits)
        session._sleep = self.slept.append
        return session

    def clock(self) -> dt.datetime:
        return self.world.now.astimezone(dt.UTC).replace(tzinfo=None)

    def look(self, *publications: Publication, **options: Any) -> Watched:
        """One pass over some publications."""
        with self.session(publications) as session:
            return watch(publications, self.vault, session, self.clock, self.said.append, **options)

    def memory(self) -> Memory:
        return Memory.of(self.vault)

    def held(self) -> list[Artefact]:
        return self.vault.artefacts()

    def journal(self, what: str) -> list[dict[str, Any]]:
        return [entry for entry in self.vault.journal() if entry["what"] == what]

    def announced(self, path: str) -> list[dict[str, Any]]:
        """Every state of one announcement that was journaled, oldest first."""
        return [entry for entry in self.journal("announcement") if entry["path"] == path]

    def asked(self, since: int = 0) -> list[str]:
        """The paths asked of the world, from the nth request on."""
        return [request.path for request in self.world.requests[since:]]


def series(id: str = "custody", title: str = "Custody statistics", **said: Any) -> Publication:
    """A declared publication, of a collection of its own unless said otherwise."""
    known = {"publisher": "Office for Made-up Statistics", "kind": "govuk-collection"}
    if "kind" not in said:
        known["collection"] = f"/government/collections/{id}"
    return Publication.model_validate({"id": id, "title": title, **known, **said})


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A publisher on loopback, and an environment that leads there and nowhere else."""
    with World().open() as world:
        for name, value in world.environment().items():
            monkeypatch.setenv(name, value)
        yield world


@pytest.fixture
def monitor(world: World, tmp_path: Path) -> Monitor:
    """A monitor with an empty vault that looks at the world."""
    return Monitor(world, Vault(home(tmp_path / "home")))
