"""A small office that is watched by whole passes, day after day, and what people were told because of each."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from monitor import run
from monitor.clock import LONDON
from monitor.settings import Home, home
from monitor.store import reads
from monitor.store.database import Reader
from monitor.store.vault import Vault
from monitor.watch.alerts import Event, past
from pipelines.look import session_for

from .fixtures import FAST
from .server import Item, World
from .workbooks import Format, sheets, workbook, write

NEWS = ("confirmed", "changed", "worsened", "reopened", "resolved")
NAME = "Custody statistics"
SLUG = "custody"
DECLARED = f"""
id = "{SLUG}"
title = "{NAME}"
publisher = "Office for Made-up Statistics"
kind = "govuk-collection"
collection = "/government/collections/{SLUG}"
editions = ['^custody statistics']
organisations = ["office"]
"""


def london(text: str) -> dt.datetime:
    """A moment of London's clock: `2024-04-25 09:30`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def book(period: str, *, without: str = "", format: Format = "xlsx", **varied: Any) -> bytes:
    """A file of an edition, `without` the sheets whose title has a word."""
    return write([s for s in sheets(period, **varied) if not without or without not in str(s[1][0])], format)


@dataclass
class Office:
    """An office whose monitor makes whole passes: `world` is what it publishes, `page` finds an edition's page."""

    world: World
    home: Home
    summary: run.Summary = field(default_factory=run.Summary)
    _told: set[str] = field(default_factory=set)

    def release(self, month: str, files: Mapping[str, bytes], on: str, slug: str = "") -> str:
        """Publish the edition of a month (`March 2024`); gives its page."""
        self.world.now = london(on)
        slug = slug or f"custody-{month.lower().replace(' ', '-')}"
        return self.world.release(f"/government/collections/{SLUG}", slug, f"{NAME}: {month}", dict(files))

    def attached(self, page: str) -> list[Item]:
        found: list[Item] = self.world.documents[page]["details"]["attachments"]
        return found

    def add(self, page: str, name: str, body: bytes, on: str) -> None:
        """Attach another file."""
        self.world.now = london(on)
        self.attached(page).append(self.world.attach(name, body))
        self.world.reissue(page)

    def exchange(self, page: str, name: str, body: bytes, on: str) -> None:
        """Put one file in the place of every other."""
        self.attached(page).clear()
        self.add(page, name, body, on)

    def passes(self, *moments: str) -> list[str]:
        """Whole passes at some moments; what people are told because of them, as `ethnicity.DR confirmed`."""
        for moment in moments:
            self.world.now = london(moment)
            self.summary = run.run(self.home, offline=False, say=lambda _: None)
        news = self._news()
        self._told |= {e.id for e in news}
        return sorted(f"{e.alert.removeprefix(f'{SLUG}.')} {e.event}" for e in news)

    def _news(self) -> list[Event]:
        told: set[str] = set()
        news = []
        for e in past(Vault(self.home).journal()).events:
            if e.event == "resolved" and e.alert not in told:
                continue  # because it was closed before anybody was told of it
            told = told - {e.alert} if e.event == "resolved" else told | ({e.alert} if e.event in NEWS else set())
            if e.event in NEWS and e.id not in self._told:
                news.append(e)
        return news

    def gaps(self) -> pl.DataFrame:
        """The register as the last pass left it."""
        with Reader(self.home) as store:
            return reads.gaps(store)

    def edition(self, characteristic: str = "ethnicity") -> str:
        """The edition of which the register says what it says of a characteristic as a whole."""
        found: str = self.gaps().filter(characteristic=characteristic, level="publication")["edition"].item()
        return found

    def state(self, characteristic: str = "ethnicity") -> str:
        """What the register says of a characteristic as a whole."""
        found: str = self.gaps().filter(characteristic=characteristic, level="publication")["state"].item()
        return found


def opened(world: World, folder: Path, patch: pytest.MonkeyPatch, declared: str = DECLARED) -> Office:
    """An office with three editions out, and a monitor that has looked at them: what was so before is no news."""
    place = folder / "declared"
    for name in ("publications", "baselines", "measures", "commitments"):
        (place / name).mkdir(parents=True)
    (place / "publications" / f"{SLUG}.toml").write_text(declared, "utf-8")
    patch.setattr("monitor.declarations.load.DECLARATIONS", place)
    patch.setattr("monitor.run.keep_starter", lambda *_: None)  # because what ships is not this office's
    patch.setattr("monitor.run.session_for", lambda wanted: session_for(wanted, FAST))
    patch.setattr("monitor.clock.now", lambda: world.now.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0))
    patch.setattr("monitor.clock.today", lambda: world.now.astimezone(LONDON).date())
    patch.setenv("JUSTICE_MONITOR_CONTACT", "someone@example.org")
    world.series(SLUG, NAME)
    office = Office(world, home(folder / "home"))
    for month, on in (("June 2023", "2023-07-27"), ("September 2023", "2023-10-26"), ("December 2023", "2024-01-25")):
        office.release(month, {f"custody-{on[:7]}.xlsx": workbook(month)}, f"{on} 09:30")
    office.passes("2024-02-01 10:00")
    assert office.passes("2024-02-02 10:00") == []
    return office
