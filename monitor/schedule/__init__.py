"""The schedule: when to look next and why, and a service that waits for it and runs the same pass."""

from monitor.schedule.cadences import read_cadences
from monitor.schedule.planning import Known, Planned, Tried, plan
from monitor.schedule.service import AlreadyRunning, Service, Tasks, last_heartbeat, once, serve
