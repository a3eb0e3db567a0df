"""Alerts as they stand: events added up, each with its gap as the register shows it now."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from monitor.watch.alerts.events import Event, london_day
from monitor.watch.alerts.gaps import Gap
from monitor.watch.alerts.meaning import Kind, kinds

OPEN = ("detected", "confirmed", "triaged", "raised", "answered")
"""States in which somebody still has to do or to await something."""


@dataclass(frozen=True)
class Alert:
    """One alert as it stands. `opened` is when this monitor first noticed it (UTC), `since` the publisher's date.

    `standing` says whether the register shows the gap now. `baseline`: it was there when the publication was first
    looked at. `until` ends a snooze or an acceptance, `due` is when a reply is due, `promised` when a breakdown is.
    """

    gap: Gap
    state: str
    opened: dt.datetime
    baseline: bool = False
    standing: bool = True
    owner: str = ""
    reason: str = ""
    route: str = ""
    reference: str = ""
    raised: dt.date | None = None
    due: dt.date | None = None
    outcome: str = ""
    promised: dt.date | None = None
    until: dt.date | None = None
    before: str = ""
    history: tuple[Event, ...] = ()

    @property
    def id(self) -> str:
        """Its name, which never changes."""
        return self.gap.id

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do or to await something."""
        return self.state in OPEN

    @property
    def kind(self) -> Kind:
        """What its code means."""
        return kinds()[self.gap.code]


def standing(gaps: Mapping[str, Gap], events: Iterable[Event]) -> dict[str, Alert]:
    """Every alert there has been, by name: events added up, each with its gap as the register shows it now."""
    found: dict[str, Alert] = {}
    for event in events:
        before = found.get(event.alert)
        if before is None:
            # because its beginning may be on a line that cannot be read, and what was done later is not lost with it
            gap = _gap_said(event) if "gap" in event.said else gaps.get(event.alert)
            if gap is None:
                continue
            before = Alert(gap, "detected", event.at, baseline=bool(event.said.get("baseline")))
        found[event.alert] = after(before, event)
    return {name: replace(alert, gap=gaps.get(name, alert.gap), standing=name in gaps) for name, alert in found.items()}


def _gap_said(event: Event) -> Gap:
    said = event.said["gap"]
    known = {name: said[name] for name in Gap.__dataclass_fields__ if name in said and name != "id"}
    plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in known.items()}
    return Gap(id=event.alert, **plain)


def after(alert: Alert, event: Event) -> Alert:
    """The alert as it stands once this has happened to it."""
    said = event.said
    gap = _gap_said(event) if "gap" in said else alert.gap
    now = replace(alert, gap=gap, history=(*alert.history, event))
    reason = said.get("reason", "")
    match event.event:
        case "detected":
            cleared = replace(now, until=None, promised=None, due=None, before="", reason="")
            return replace(cleared, state="detected", opened=event.at)
        case "confirmed":
            return replace(now, state="confirmed")
        case "reopened":
            back = alert.before if said.get("because") == "snooze_ended" else "confirmed"
            cleared = replace(now, until=None, promised=None, due=None, before="", reason=reason)
            return replace(cleared, state=back or "confirmed")
        case "resolved" | "triaged" | "false_positive":
            owner = event.by if event.event == "triaged" else alert.owner
            return replace(now, state=event.event, owner=owner, until=None, before="", reason=reason)
        case "snoozed":
            before = alert.before if alert.state == "snoozed" else alert.state
            return replace(now, state="snoozed", before=before, until=_day(said, "until"), reason=reason)
        case "raised":
            asked = {"route": said["to"], "reference": said.get("reference", ""), "due": _day(said, "due")}
            cleared = replace(now, until=None, before="", promised=None, outcome="")
            return replace(cleared, state="raised", raised=london_day(event.at), **asked)
        case "answered":
            came = {"outcome": said["outcome"], "promised": _day(said, "promised"), "reason": reason}
            return replace(now, state="answered", due=None, until=None, before="", **came)
        case "accepted":
            return replace(now, state="accepted", until=_day(said, "until"), before="", reason=reason)
    return now


def _day(said: Mapping[str, Any], name: str) -> dt.date | None:
    return dt.date.fromisoformat(said[name]) if said.get(name) else None
