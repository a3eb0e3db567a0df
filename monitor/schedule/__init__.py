"""The same pass, at declared and announced times: when to look next and why, and a service that waits and calls.

What it makes true: `plan` is a pure function of what is declared, what is known and the moment, so that a year can be
played in seconds and any look can be explained; the service only waits for the first of what is planned, does all
that is due, and plans again. What was missed is due, once. Its state is the journal and one small file of JSON: a
restart, a clock that jumps and the two nights when London's clock moves are nothing but other moments to plan at.

What it refuses: a second instance on one home; to ask a publisher more often than `cadences.csv` and the settings say.
"""

from monitor.schedule.cadences import Cadences, read_cadences
from monitor.schedule.known import State, known_of
from monitor.schedule.planning import Known, Planned, Tried, plan
from monitor.schedule.service import AlreadyRunning, Service, Tasks, holding, last_heartbeat, once, serve

__all__ = [
    "AlreadyRunning",
    "Cadences",
    "Known",
    "Planned",
    "Service",
    "State",
    "Tasks",
    "Tried",
    "holding",
    "known_of",
    "last_heartbeat",
    "once",
    "plan",
    "read_cadences",
    "serve",
]
