"""Alerts: the state of each gap that people should know of, made from the register and the journal.

What it makes true: an alert is a state and has one name for as long as it lives, made of the publication, the
measure or table, the characteristic and the kind of gap, never of a date or an edition. What happens to
it is a line of the journal, written once by a pass or by a person, and the alert is those lines added up: delete the
database, and the same alerts come back. A gap that no held file shows is confirmed only when it has been seen again.
An alert opens again by itself when a promised day passes, when an acceptance or a snooze ends, and when the gap
comes back.

Why this way: the register says what is so now; only a journal can say since when we know it, who was told, and what
they did. Both are arguments here, so that any day can be asked again and nothing depends on when this is called.

What it refuses: to call a gap closed because nobody looked (`not_looked`), to be told by a person that a gap is
closed which the register still shows, and to treat as news what was already missing when a publication was first
looked at (`baseline`: listed, not pushed).

One alert is about no publisher: that nobody has been watching (`watching`).
"""

from monitor.watch.alerts.events import ALERT, WATCHED, Event, Past, past
from monitor.watch.alerts.gaps import Gap, fingerprint, gaps_of
from monitor.watch.alerts.meaning import Kind, Route, kinds, routes
from monitor.watch.alerts.passing import transitions
from monitor.watch.alerts.people import (
    ANSWERS,
    NotAllowed,
    accepted,
    acknowledged,
    answered,
    false_positive,
    raised,
    snoozed,
)
from monitor.watch.alerts.state import OPEN, Alert, after, standing
from monitor.watch.alerts.watching import watching
from monitor.watch.alerts.words import characteristic_in_words, measure_in_words, title

__all__ = [
    "ALERT",
    "ANSWERS",
    "OPEN",
    "WATCHED",
    "Alert",
    "Event",
    "Gap",
    "Kind",
    "NotAllowed",
    "Past",
    "Route",
    "accepted",
    "acknowledged",
    "after",
    "answered",
    "characteristic_in_words",
    "false_positive",
    "fingerprint",
    "gaps_of",
    "kinds",
    "measure_in_words",
    "past",
    "raised",
    "routes",
    "snoozed",
    "standing",
    "title",
    "transitions",
    "watching",
]
