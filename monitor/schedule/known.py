"""What a plan rests on: the journal, read each time, and a small JSON file for what no journal says."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from monitor.clock import aware
from monitor.declarations import Publication
from monitor.schedule.planning import Known, Tried
from monitor.store.vault import Vault, replace_text
from monitor.watch.alerts import ALERT
from pipelines.look import Memory, announcements_of


@dataclass
class State:
    """What a service remembers besides the journal. Losing it costs one search; no digest is sent twice."""

    ahead: Tried | None = None
    digested: dt.datetime | None = None

    @classmethod
    def read(cls, path: Path) -> "State":
        """The state in a file; nothing where there is none or it cannot be read."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            ahead, digested = said.get("ahead"), said.get("digested")
            return cls(
                Tried(aware(dt.datetime.fromisoformat(ahead["at"])), int(ahead["failures"])) if ahead else None,
                aware(dt.datetime.fromisoformat(digested)) if digested else None,
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def write(self, path: Path) -> None:
        """Keep the state in a file, whole or not at all."""
        ahead = {"at": self.ahead.at.isoformat(), "failures": self.ahead.failures} if self.ahead else None
        said = {"ahead": ahead, "digested": self.digested.isoformat() if self.digested else None}
        replace_text(path, json.dumps(said, indent=1) + "\n")


def known_of(publications: Iterable[Publication], vault: Vault) -> Known:
    """What the journal says of some publications now. Lines of it that cannot be read are passed over."""
    memory, failures = Memory(vault), dict[str, int]()
    awaiting: dict[str, tuple[str, dt.datetime]] = {}
    for entry in vault.journal():
        try:
            memory.read(entry)
            if entry["what"] == ALERT:
                awaiting.pop(entry["alert"], None)
                gap = entry["said"].get("gap", {})
                if entry["event"] == "detected" and gap.get("awaits"):
                    awaiting[entry["alert"]] = gap["publication"], dt.datetime.fromisoformat(str(entry["seen_at"]))
            if entry["what"] == "look":
                name = entry["publication"]
                failures[name] = failures.get(name, 0) + 1 if entry["status"] == "failed" else 0
        except (KeyError, ValueError, TypeError):
            memory.unreadable += 1
    declared = list(publications)
    failing: dict[str, list[dt.datetime]] = {}
    for missing in memory.missing.values():
        if missing.dead_at is None:
            failing.setdefault(missing.publication, []).append(aware(missing.since))
    for publication, since in awaiting.values():
        failing.setdefault(publication, []).append(aware(since))
    return Known(
        tried={name: Tried(aware(look.seen_at), failures.get(name, 0)) for name, look in memory.looks.items()},
        published={
            name: {e.id: e.published_on for e in editions.values() if e.published_on}
            for name, editions in memory.editions.items()
        },
        announcements={p.id: announcements_of(p, memory) for p in declared},
        failing=failing,
    )
