"""Whether the scheduler still watches: what it last said of itself, against the time. Pure: the text comes in."""

import datetime as dt
import json
from dataclasses import asdict, dataclass, fields

from monitor.clock import aware, in_london


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a scheduler says of itself. `at` and `since` are UTC; `every` is the seconds to the next one, at most.

    `doing` says what it is at, `stopped` why it has stopped, `failing` what its last turn could not do.
    """

    at: dt.datetime
    every: float
    process: int = 0
    host: str = ""
    since: dt.datetime | None = None
    doing: str = ""
    stopped: str = ""
    failing: str = ""

    @property
    def cadence(self) -> dt.timedelta:
        """How long to the next one, at most."""
        return dt.timedelta(seconds=self.every)

    def text(self) -> str:
        """As its file keeps it."""
        return json.dumps(asdict(self), default=lambda moment: aware(moment).isoformat(), indent=1) + "\n"


def read_heartbeat(text: str) -> Heartbeat | None:
    """The heartbeat in a file's text; None when it is not one."""
    try:
        said = json.loads(text)
        moments = {k: aware(dt.datetime.fromisoformat(said[k])) for k in ("at", "since") if said.get(k)}
        names = {f.name for f in fields(Heartbeat)}
        return Heartbeat(**{k: v for k, v in said.items() if k in names} | moments)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def stale(heartbeat: dt.datetime, cadence: dt.timedelta, now: dt.datetime) -> bool:
    """Whether a heartbeat is older than two cadences; moments without a zone are UTC."""
    return aware(now) - aware(heartbeat) > 2 * cadence


def unwell(text: str | None, now: dt.datetime) -> str:
    """What is wrong with the scheduler whose heartbeat file says `text` (None: no file); empty when nothing is."""
    if text is None:
        return ""
    found = read_heartbeat(text)
    if found is None:
        return (
            "the scheduler's heartbeat cannot be read; start `justice-monitor schedule` again, which writes a new one."
        )
    last = f"{in_london(found.at):%Y-%m-%d %H:%M}"
    if stale(found.at, found.cadence, now):
        said = f"it stopped then: {found.stopped}" if found.stopped else "it did not say that it would stop"
        return (
            f"nobody has watched since {last}: the scheduler should be heard of every {_said(found.cadence)} and has "
            f"not been for two ({said}). Start it again: what was missed is looked at then."
        )
    return f"the scheduler's last turn, at {last}, failed: {found.failing}" if found.failing else ""


def _said(span: dt.timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours:g} hours" if hours >= 1 else f"{hours * 60:g} minutes"
