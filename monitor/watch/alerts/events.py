"""What happens to alerts, as the journal keeps it, and what the journal remembers of them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.clock import in_london

ALERT, WATCHED, UNWATCHED = "alert", "alert_baseline", "unwatched"
"""The journal's words for a transition of an alert, for a publication whose first gaps have been taken as known, and
for time in which nobody watched."""

_MACHINE = ("detected", "confirmed", "worsened", "changed", "reopened", "unanswered", "resolved")
_PEOPLE = ("triaged", "snoozed", "raised", "answered", "accepted", "false_positive")


def london_day(at: dt.datetime) -> dt.date:
    """The day in London of a moment (UTC)."""
    return in_london(at).date()


@dataclass(frozen=True)
class Event:
    """One transition of one alert: by a pass (`by` is empty) or by a person. `at` is UTC, as the journal keeps it.

    `said` holds what was said with it: the gap (`detected`, `worsened`, `changed`, `reopened`), `reason`, `until`,
    `to`, `reference`, `due`, `outcome`, `promised`, `baseline`, `evidence`.
    """

    alert: str
    event: str
    at: dt.datetime
    by: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """What a delivery remembers it by; the same however often the journal is read."""
        return f"{self.alert} {self.event} {self.at.isoformat()}"

    @property
    def cause(self) -> str:
        """Why it happened: the reason given with it, else what the register said then."""
        return str(self.said.get("reason") or self.said.get("gap", {}).get("reason") or "")

    @property
    def evidence(self) -> Any:
        """What it rests on, as documents; None where nothing but its cause was kept with it."""
        return self.said.get("evidence") or self.said.get("gap", {}).get("evidence")

    def line(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        return {"alert": self.alert, "event": self.event, "seen_at": self.at, "by": self.by, "said": dict(self.said)}


@dataclass(frozen=True)
class Away:
    """Time in which nobody watched, as whoever came back noticed it. Both are UTC."""

    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True)
class Past:
    """What the journal remembers: events in order, what had begun before, each last good look, time nobody watched in.

    `unreadable` counts lines that are broken or that name no event we know: they are passed over.
    """

    events: tuple[Event, ...] = ()
    begun: frozenset[str] = frozenset()
    looks: Mapping[str, dt.datetime] = field(default_factory=dict)
    away: tuple[Away, ...] = ()
    unreadable: int = 0


def past(journal: Iterable[Mapping[str, Any]], until: dt.datetime | None = None) -> Past:
    """What the journal says of alerts, up to and with the moment `until` (UTC)."""
    events: list[Event] = []
    begun: set[str] = set()
    looks: dict[str, dt.datetime] = {}
    away: list[Away] = []
    unreadable = 0
    for entry in journal:
        what = entry.get("what")
        try:
            if what == "unreadable":
                unreadable += 1
            elif what in (ALERT, WATCHED, UNWATCHED, "look"):
                at = dt.datetime.fromisoformat(str(entry["seen_at"]))
                if until is not None and at > until:
                    continue
                if what == WATCHED:
                    begun.update(entry["publications"])
                elif what == UNWATCHED:
                    away.append(Away(dt.datetime.fromisoformat(str(entry["since"])), at))
                elif what == "look":
                    if entry["status"] in ("new", "unchanged"):
                        looks[entry["publication"]] = at
                else:
                    events.append(_event(entry, at))
        except (KeyError, TypeError, ValueError):
            unreadable += 1
    return Past(tuple(events), frozenset(begun), looks, tuple(away), unreadable)


def _event(entry: Mapping[str, Any], at: dt.datetime) -> Event:
    if entry["event"] not in (*_MACHINE, *_PEOPLE):
        raise ValueError(f"no event is called {entry['event']!r}")
    said = dict(entry["said"])
    for name in ("until", "due", "promised"):
        if said.get(name):
            dt.date.fromisoformat(said[name])
    return Event(str(entry["alert"]), entry["event"], at, str(entry.get("by") or ""), said)
