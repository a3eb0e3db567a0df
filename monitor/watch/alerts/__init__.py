"""Alerts: the state of each gap that people should know of, made of the register and of the journal's lines added up.

An alert has one name as long as it lives; nobody having looked closes none.
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
