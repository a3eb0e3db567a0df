"""Whether anybody watches, as rows beside the register's: the alert that says that no other alert can come."""

import datetime as dt
from typing import Any

from monitor.clock import aware, in_london
from monitor.watch.alerts.events import Away
from monitor.watch.heartbeat import read_heartbeat, stale, unwell

HEARD = "heartbeat"
"""The confidence of what a scheduler's own sign of life shows."""


def watching(heartbeat: str | None, now: dt.datetime) -> list[dict[str, Any]]:
    """The row that a heartbeat's text gives at `now` (UTC): `unwatched`, `watched`, or none where it cannot tell."""
    found = read_heartbeat(heartbeat) if heartbeat is not None else None
    if found is None or aware(found.at) > aware(now) + found.cadence:
        return []
    if stale(found.at, found.cadence, now):
        return [unwatched(found.at, unwell(heartbeat, now))]
    return [_row("watched", "S4", f"The scheduler was heard of at {in_london(found.at):%Y-%m-%d %H:%M}.")]


def away(span: Away) -> dict[str, Any]:
    """The row of days in which nobody watched and which are over."""
    since, until = (f"{in_london(moment):%Y-%m-%d %H:%M}" for moment in (span.since, span.until))
    return unwatched(span.since, f"nobody watched from {since} to {until}. What was missed was looked at then.")


def unwatched(since: dt.datetime, reason: str) -> dict[str, Any]:
    """The row of a monitor that does not watch since a moment (UTC)."""
    told = f"{reason[:1].upper()}{reason[1:]}"
    return _row("unwatched", "S1", told, code="NW", since=in_london(since).date().isoformat(), title="Nobody watches")


def _row(state: str, severity: str, reason: str, **more: str) -> dict[str, Any]:
    return {
        "publication": "",
        "level": "monitor",
        "measure": "this monitor",
        "characteristic": "all",
        "state": state,
        "severity": severity,
        "confidence": HEARD,
        "reason": reason,
        "evidence": {"source": "the scheduler's own sign of life, which it gives at least so often"},
        **more,
    }
