"""What people do about alerts: each gives the event that the journal is to keep, or says why it cannot be done."""

import datetime as dt
from typing import Any

from monitor.settings import ALERT_ACCEPTED_MONTHS
from monitor.vocabulary import day_in
from monitor.watch.alerts.events import Event, london_day
from monitor.watch.alerts.meaning import routes
from monitor.watch.alerts.state import Alert
from monitor.watch.calendar import add_working_days

ANSWERS = ("explained", "promised", "refused")


class NotAllowed(ValueError):
    """Something that cannot be done to an alert as it stands: says why, and what can be."""


def acknowledged(alert: Alert, at: dt.datetime, by: str, reason: str = "") -> Event:
    """Somebody takes an alert on, or takes up again one that was set aside. Raises `NotAllowed`."""
    if alert.state in ("raised", "answered"):
        raise NotAllowed(f"{alert.id} is already {alert.state}; acknowledging it would lose that. Nothing was changed.")
    return _by_a_person(alert, "triaged", at, by, reason=reason)


def snoozed(alert: Alert, at: dt.datetime, by: str, until: dt.date, reason: str = "") -> Event:
    """Set an open alert aside until a day, on which it opens again as it was. Raises `NotAllowed`."""
    _must_lie_ahead(until, at, "--until")
    _must_be_open(alert, "snoozed")
    return _by_a_person(alert, "snoozed", at, by, until=until.isoformat(), reason=reason)


def raised(alert: Alert, at: dt.datetime, by: str, to: str, reference: str = "", due: dt.date | None = None) -> Event:
    """Somebody has asked for it by a route; without `due` a reply is due as the route has it. Raises `NotAllowed`."""
    route = routes()[to]
    if due is None and route.working_days is None:
        raise NotAllowed(f"{route.title} has no usual time for a reply; give the day as --due (clock: {route.clock}).")
    day = due or add_working_days(london_day(at), route.working_days or 0)
    return _by_a_person(alert, "raised", at, by, to=to, reference=reference, due=day.isoformat())


def answered(
    alert: Alert, at: dt.datetime, by: str, outcome: str, reason: str = "", promised: dt.date | None = None
) -> Event:
    """An answer came: explained, promised for a day, or refused. Raises `NotAllowed`."""
    if (outcome == "promised") != (promised is not None):
        raise NotAllowed("A promise has a day and only a promise has one: give --promised with its date, or neither.")
    if promised is not None:
        _must_lie_ahead(promised, at, "--promised")
    said = {"promised": promised.isoformat()} if promised else {}
    return _by_a_person(alert, "answered", at, by, outcome=outcome, reason=reason, **said)


def accepted(alert: Alert, at: dt.datetime, by: str, reason: str) -> Event:
    """The gap is legitimate, for a reason; it is asked again in twelve months. Raises `NotAllowed`."""
    until = _months_after(london_day(at), ALERT_ACCEPTED_MONTHS)
    return _by_a_person(alert, "accepted", at, by, reason=_needed(reason, "accepted"), until=until.isoformat())


def false_positive(alert: Alert, at: dt.datetime, by: str, reason: str) -> Event:
    """The alert is our mistake, for a reason that becomes a test. Raises `NotAllowed`."""
    return _by_a_person(alert, "false_positive", at, by, reason=_needed(reason, "a false positive"))


def _by_a_person(alert: Alert, event: str, at: dt.datetime, by: str, **said: Any) -> Event:
    if alert.state == "resolved":
        raise NotAllowed(f"{alert.id} is resolved: {alert.reason} It opens again by itself if the gap comes back.")
    return Event(alert.id, event, at, by, {k: v for k, v in said.items() if v or k == "reason"})


def _must_be_open(alert: Alert, what: str) -> None:
    if not alert.is_open and alert.state not in ("snoozed", "resolved"):
        raise NotAllowed(f"{alert.id} is {alert.state.replace('_', ' ')}; only an open alert can be {what}.")


def _must_lie_ahead(day: dt.date, at: dt.datetime, flag: str) -> None:
    if day <= london_day(at):
        raise NotAllowed(f"{flag}: expected a day after today, found {day}.")


def _needed(reason: str, what: str) -> str:
    if not reason.strip():
        raise NotAllowed(f"An alert is {what} for a reason that others can read; give it as --reason.")
    return reason.strip()


def _months_after(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day_in(year, month + 1, day.day)
