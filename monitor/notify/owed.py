"""Who must hear what now: from the alerts, what each recipient asked for, and what the journal says they were told."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.clock import in_london
from monitor.notify.settings import Recipient
from monitor.settings import ALERT_REMINDER_DAYS
from monitor.watch.alerts import Alert, Event
from monitor.watch.register import gravity

DELIVERY, RECIPIENT = "delivery", "recipient"
"""The journal's words for an attempt to deliver, and for a person who is told from now on."""

_OPENING = ("confirmed", "worsened", "changed", "reopened")
NEWS = (*_OPENING, "unanswered", "answered", "accepted", "false_positive", "resolved")
"""Transitions that people are told of."""


@dataclass
class Told:
    """What one recipient, or one file, was told: what the journal's deliveries add up to.

    `alerts` are those of whose opening it was told, with when; `listed` those that were known before.
    `failing` counts attempts since the last that succeeded; `reason` is the latest one's.
    """

    since: dt.datetime | None = None
    subscription: str = ""
    events: set[str] = field(default_factory=set)
    alerts: dict[str, dt.datetime] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    reminded: dt.datetime | None = None
    succeeded: dt.datetime | None = None
    failing: int = 0
    reason: str = ""
    not_before: dt.datetime | None = None


def told(journal: Iterable[Mapping[str, Any]]) -> dict[str, Told]:
    """What each recipient was told, by name. A line that is broken counts for nothing."""
    found: dict[str, Told] = {}
    for entry in journal:
        if entry.get("what") not in (DELIVERY, RECIPIENT):
            continue
        try:
            at = dt.datetime.fromisoformat(str(entry["seen_at"]))
            mine = found.setdefault(entry["recipient"], Told())
            if entry["what"] == RECIPIENT:
                mine.since, mine.subscription = at, entry["subscription"]
            elif entry["result"] == "sent":
                _sent(mine, entry, at)
            else:
                mine.failing, mine.reason = mine.failing + 1, str(entry.get("reason") or "")
                wait = entry.get("not_before")
                mine.not_before = dt.datetime.fromisoformat(str(wait)) if wait else None
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _sent(mine: Told, entry: Mapping[str, Any], at: dt.datetime) -> None:
    mine.succeeded, mine.failing, mine.reason, mine.not_before = at, 0, "", None
    mine.events |= set(entry.get("events", ()))
    mine.listed |= set(entry.get("listed", ()))
    if entry.get("reminder"):
        mine.reminded = at
    mine.alerts |= dict.fromkeys(entry.get("alerts", ()), at)


@dataclass(frozen=True)
class Digest:
    """Everything one recipient is owed now.

    `opened` in full; `changed` and `closed` with the event; `passed` opened and closed before anyone could be told;
    `listed` what was known before, gravest first; `reminders` what is still open. `events` are the transitions that
    need not be told again once this has been delivered.
    """

    recipient: Recipient
    opened: tuple[Alert, ...] = ()
    changed: tuple[tuple[Alert, Event], ...] = ()
    closed: tuple[tuple[Alert, Event], ...] = ()
    passed: tuple[Alert, ...] = ()
    listed: tuple[Alert, ...] = ()
    reminders: tuple[Alert, ...] = ()
    events: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say; then nothing is sent."""
        return not any((self.opened, self.changed, self.closed, self.passed, self.listed, self.reminders))


NAMED = 10
"""How many of the alerts known before are named; the rest are counted."""


def owed(recipient: Recipient, alerts: Iterable[Alert], mine: Told, now: dt.datetime) -> Digest:
    """What a recipient is owed at `now` (UTC), of all alerts there have been."""
    began = mine.since or now
    recent = began - dt.timedelta(days=ALERT_REMINDER_DAYS)
    opened, changed, closed, passed, listed, reminders, events = [], [], [], [], [], [], []
    for alert in sorted(alerts, key=by_gravity):
        news = [e for e in alert.history if e.event in NEWS and e.id not in mine.events]
        if alert.id in mine.alerts:
            closing = [e for e in news if e.event in ("resolved", "false_positive")]
            if closing and not alert.is_open:
                closed.append((alert, closing[-1]))
            elif news:
                changed.append((alert, news[-1]))
            elif alert.is_open:
                reminders.append(alert)
            events += [e.id for e in news]
            continue
        asked = recipient.asked_for(alert.gap.publication, alert.gap.characteristic, alert.gap.severity)
        if not asked or alert.state == "detected":
            continue
        opening = [e for e in news if e.event in _OPENING and e.at >= recent]
        told_of = [e for e in opening if not (alert.baseline and e.event == "confirmed")]
        if alert.is_open and told_of:
            opened.append(alert)
        elif alert.is_open and alert.id not in mine.listed:
            listed.append(alert)
        elif alert.state == "resolved" and told_of and alert.id not in mine.listed:
            passed.append(alert)
        else:
            continue
        events += [e.id for e in news]
    return Digest(
        recipient, tuple(opened), tuple(changed), tuple(closed), tuple(passed), tuple(listed),
        tuple(reminders) if _reminder_is_due(reminders, mine, now) else (), tuple(events),
    )  # fmt: skip


def by_gravity(alert: Alert) -> tuple[str, bool, str]:
    """The order in which alerts are read: gravest first, those of ethnicity before others, then by name."""
    return *gravity(alert.gap.severity, alert.gap.characteristic), alert.id


def _reminder_is_due(reminders: Iterable[Alert], mine: Told, now: dt.datetime) -> bool:
    """Whether a week has passed since the last reminder, and since the first of what is open now was told."""
    first = min((mine.alerts[a.id] for a in reminders), default=now)
    last = max(first, mine.reminded or first)
    return (in_london(now).date() - in_london(last).date()).days >= ALERT_REMINDER_DAYS


def noted(digest: Digest) -> dict[str, Any]:
    """What a delivery of a digest leaves in the journal: names of alerts and transitions, never an address."""
    named = [a.id for a in (*digest.opened, *digest.listed[:NAMED])]
    return {
        "events": list(digest.events),
        "alerts": named,
        "listed": [a.id for a in digest.listed],
        "reminder": bool(digest.reminders),
    }
