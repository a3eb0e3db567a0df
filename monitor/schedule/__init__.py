"""The schedule: when to look next and why, and a service that waits for it and runs the same pass."""

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
