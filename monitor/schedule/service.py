"""The service: one instance a home, which waits for what is planned, does all that is due, and plans again."""

import datetime as dt
import os
import platform
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from filelock import FileLock, Timeout

from monitor import clock
from monitor.clock import aware, in_london
from monitor.declarations import Publication
from monitor.schedule.cadences import Cadences
from monitor.schedule.known import State, known_of
from monitor.schedule.planning import Known, Planned, Tried, plan
from monitor.settings import HEARTBEAT, Home
from monitor.store.vault import Vault, replace_text
from monitor.watch.heartbeat import Heartbeat, read_heartbeat, stale

TICK_SECONDS = 1.0
"""How long at most the service takes to notice a signal, or a clock that jumped."""
JUMP = dt.timedelta(seconds=30)
"""By how much the clock must differ from the seconds counted to have jumped."""
_BEATS = 5
"""How often in each span that it promises the service shows that it lives."""
_ON_THE_DAY = ("announced", "awaited")
"""Reasons to look that the day of a release gives: each such look says what it found."""
_PAUSE, _LONGEST_PAUSE = dt.timedelta(minutes=1), dt.timedelta(hours=1)


class AlreadyRunning(Exception):
    """Another scheduler holds the home; the message says which."""


@dataclass(frozen=True)
class Tasks:
    """What the service calls: a pass over some publications, a look at announced dates alone, a delivery.

    Each gives what it could not do, in words; an exception is one more of these. `alone` is entered while what is due
    is done once, and raises where another is at work.
    """

    look: Callable[[Sequence[str]], Sequence[str]]
    look_ahead: Callable[[], Sequence[str]]
    deliver: Callable[[], Sequence[str]]
    alone: Callable[[], AbstractContextManager[None]] = nullcontext


@dataclass
class Service:
    """One home's plan and the tasks that carry it out. `now` gives the time in UTC; `say` hears what is done."""

    home: Home
    publications: Mapping[str, Publication]
    cadences: Cadences
    tasks: Tasks
    say: Callable[[str], None]
    now: Callable[[], dt.datetime] = clock.now
    every: dt.timedelta = HEARTBEAT
    _state: State = field(default_factory=State)
    _known: tuple[int, Known] | None = None
    _plan: tuple[Known, dt.datetime, tuple[Planned, ...]] | None = None
    _beat: Heartbeat | None = None
    _not_before: dt.datetime | None = None
    _troubles: int = 0
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._state = State.read(self._state_path)

    def planned(self) -> tuple[Planned, ...]:
        """What is planned, from the journal as it stands, by time; what is due stands first."""
        vault = Vault(self.home)
        size = vault.journal_path.stat().st_size if vault.journal_path.exists() else 0
        # because lines are only ever appended, a journal of the same size says the same
        if self._known is None or self._known[0] != size:
            self._known = size, known_of(self.publications.values(), vault)
        known = replace(self._known[1], ahead=self._state.ahead, digested=self._state.digested)
        now = self.now()
        if self._plan is None or self._plan[:2] != (known, now):
            self._plan = known, now, plan(self.publications.values(), known, now, self.cadences)
        return self._plan[2]

    def next_at(self) -> dt.datetime:
        """When the next turn is: the first moment planned, but not at once after a turn that left it as it was."""
        first = self.planned()[0].at
        if self._not_before is None:
            return first
        # because after a clock was put back the pause must not last until it is that time again
        return max(first, min(self._not_before, aware(self.now()) + _LONGEST_PAUSE))

    def turn(self) -> list[str]:
        """Do everything that is due, each thing once. Gives what could not be done."""
        due = _due(self.planned(), self.now())
        slugs = [p.publication for p in due if p.what == "look"]
        failed: list[str] = []
        if slugs:
            self.beat(doing=f"looking at {slugs[0] if len(slugs) == 1 else f'{len(slugs)} publications'}")
            awaited = {p: self._editions(p.publication) for p in due if p.reason in _ON_THE_DAY}
            for p in due:
                if p not in awaited:
                    self.say(f"{_said(self.now())} {p.publication or p.what}: {p.why}")
            failed += self._try("looking", lambda: self.tasks.look(slugs))
            for p, before in awaited.items():
                self.say(f"{_said(self.now())} {p.publication}: {p.why} {self._outcome(p, before)}")
        if any(p.what == "look_ahead" for p in due):
            self.beat(doing="looking at announced dates")
            wrong = self._try("looking at announced dates", self.tasks.look_ahead)
            before = self._state.ahead.failures if self._state.ahead else 0
            self._state.ahead = Tried(aware(self.now()), before + 1 if wrong else 0)
            self._state.write(self._state_path)
            failed += wrong
        if any(p.what == "digest" for p in due):
            self.beat(doing="sending what is not delivered yet")
            failed += self._try("delivering", self.tasks.deliver)
            self._state.digested = aware(self.now())
            self._state.write(self._state_path)
        self._pause_if_nothing_changed(due)
        self.beat(doing=self._waiting(), failing="; ".join(failed)[:1000])
        return failed

    def _editions(self, publication: str) -> int:
        """How many editions of a publication are known to be out, by the journal as it stands."""
        self.planned()
        return len(self._known[1].published.get(publication, ())) if self._known else 0

    def _outcome(self, looked: Planned, before: int) -> str:
        """What a look on the day of a release found, and when the next one is."""
        if self._editions(looked.publication) > before:
            return "It has come."
        following = next(p for p in self.planned() if (p.what, p.publication) == ("look", looked.publication))
        if following.reason in _ON_THE_DAY:
            return f"It has not come yet; looked for again at {in_london(following.at):%H:%M}."
        return f"It has not come. Next look {_said(following.at)}: {following.why}"

    def _waiting(self) -> str:
        """What is awaited on its day, and when it is looked for again; empty where nothing is."""
        waiting = [p for p in self.planned() if p.reason == "awaited"]
        return "; ".join(f"waiting for {p.publication}, again at {in_london(p.at):%H:%M}" for p in waiting)

    def _pause_if_nothing_changed(self, due: Sequence[Planned]) -> None:
        """Wait before another turn when this one left what was due as it was: a task that fails must not spin."""
        if not _things(_due(self.planned(), self.now())) & _things(due):
            self._troubles, self._not_before = 0, None
            return
        pause = min(_PAUSE * 2 ** min(self._troubles, 10), _LONGEST_PAUSE)
        self._troubles, self._not_before = self._troubles + 1, aware(self.now()) + pause

    def _try(self, doing: str, task: Callable[[], Sequence[str]]) -> list[str]:
        try:
            wrong = list(task())
        except Exception as error:  # because one task that fails must not end the service
            wrong = [f"{doing}: {type(error).__name__}: {error}"]
        for message in wrong:
            self.say(f"{_said(self.now())} failed: {message}")
        return wrong

    # --- what it says of itself -------------------------------------------------------------------------------------

    def beat(self, doing: str | None = None, failing: str | None = None, stopped: str = "") -> None:
        """Show that the service lives, what it is doing, and what its last turn could not do."""
        with self._writing:
            at = aware(self.now())
            before = self._beat or Heartbeat(at, self.every.total_seconds(), os.getpid(), platform.node(), at)
            doing = before.doing if doing is None else doing
            failing = before.failing if failing is None else failing
            self._beat = replace(before, at=at, doing=doing, failing=failing, stopped=stopped)
            replace_text(self.home.heartbeat, self._beat.text())

    def beat_when_due(self) -> None:
        """Show that the service lives, some times in each span that it promises."""
        if self._beat is None or abs(aware(self.now()) - self._beat.at) >= self.every / _BEATS:
            self.beat()

    def note_unwatched(self) -> None:
        """Journal since when nobody watched, when the last heartbeat is stale: what was missed is looked at late."""
        last = last_heartbeat(self.home)
        if last is not None and stale(last.at, last.cadence, self.now()):
            Vault(self.home).note("unwatched", seen_at=self.now(), since=last.at.replace(tzinfo=None))
            self.say(f"{_said(self.now())} nobody has watched since {_said(last.at)}; what was missed is done now.")

    @property
    def _state_path(self) -> Path:
        return self.home.schedule / "state.json"


def last_heartbeat(home: Home) -> Heartbeat | None:
    """What the last scheduler on a home said of itself; None where none has run, or it cannot be read."""
    try:
        return read_heartbeat(home.heartbeat.read_text(encoding="utf-8"))
    except OSError:
        return None


def _due(planned: Sequence[Planned], now: dt.datetime) -> list[Planned]:
    return [p for p in planned if p.at <= aware(now)]


def _things(planned: Sequence[Planned]) -> set[tuple[str, str, dt.datetime | None]]:
    """What is planned as things to compare: the same look at a later time is another, unless it is the first."""
    return {(p.what, p.publication, None if p.reason == "first" else p.at) for p in planned}


def _said(moment: dt.datetime) -> str:
    return f"{in_london(moment):%Y-%m-%d %H:%M}"


# --- one instance, until it is told to stop ---------------------------------------------------------------------------


@contextmanager
def holding(home: Home) -> Iterator[None]:
    """Be the one scheduler of a home; freed by the operating system whatever happens. Raises `AlreadyRunning`."""
    home.schedule.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home.schedule / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        other = last_heartbeat(home)
        who = "another process"
        if other is not None and other.since is not None:
            who = f"process {other.process} on {other.host}, since {_said(other.since)}"
        raise AlreadyRunning(
            f"a scheduler watches {home.root} already: {who}. Nothing was done. Stop that one first, or give this one "
            "a home of its own with --home."
        ) from None
    try:
        yield
    finally:
        lock.release()


def once(service: Service) -> list[str]:
    """Do what is due now, and leave: for cron and timers. Gives what could not be done. Raises `AlreadyRunning`."""
    with holding(service.home), service.tasks.alone():
        service.note_unwatched()
        service.beat(doing="what is due")
        return service.turn()


def serve(service: Service) -> None:
    """Do what is due, when it is due, until a signal says to stop; then finish the running turn and return.

    Raises `AlreadyRunning`, and OSError when the journal cannot be read or written. Call it from the main thread.
    """
    with holding(service.home), _told_to_stop() as told:
        service.note_unwatched()
        service.beat(doing="starting")
        with _turning(service) as turn_at:
            while not told:
                at = service.next_at()
                service.say(f"{_said(service.now())} next: {_said(at)}")
                _wait(service, turn_at(at), told)
        service.beat(doing="", stopped=f"told to stop by {told[0]}")
        service.say(f"{_said(service.now())} stopped, as {told[0]} asked.")


@contextmanager
def _told_to_stop() -> Iterator[list[str]]:
    """A list that holds the name of the signal that said to stop, once one has."""
    told: list[str] = []  # because a handler runs wherever the main thread stands, and may not touch a lock

    def stop(number: int, _: FrameType | None) -> None:
        told.append(signal.Signals(number).name)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Turn:
    """A turn that is waited for: whether it has begun, and whether it has ended."""

    def __init__(self) -> None:
        self.begun, self.ended = threading.Event(), threading.Event()


@contextmanager
def _turning(service: Service) -> Iterator[Callable[[dt.datetime], _Turn]]:
    """A scheduler's thread, and how it is told when the next turn is. Leaving waits for a turn that has begun."""
    # because the journal alone says what is due: a job store could contradict it
    scheduler = BackgroundScheduler(timezone=dt.UTC, executors={"default": ThreadPoolExecutor(1)})

    def turn_at(at: dt.datetime) -> _Turn:
        turn = _Turn()

        def run() -> None:
            turn.begun.set()
            try:
                service.turn()
            finally:
                turn.ended.set()

        # because a moment that has passed by then is a turn that is due, however late
        scheduler.add_job(run, DateTrigger(at), id="turn", replace_existing=True, misfire_grace_time=None)
        return turn

    scheduler.start()
    try:
        yield turn_at
    finally:
        scheduler.remove_all_jobs()
        leaving = threading.Thread(target=scheduler.shutdown)
        leaving.start()
        while leaving.is_alive():
            service.beat_when_due()
            leaving.join(TICK_SECONDS)


def _wait(service: Service, turn: _Turn, told: Sequence[str]) -> None:
    """Until the turn has ended, a signal says to stop, or the clock has jumped so that the plan holds no more."""
    clock_then, counted_then = aware(service.now()), time.monotonic()
    while not told and not turn.ended.wait(TICK_SECONDS):
        clock_now, counted_now = aware(service.now()), time.monotonic()
        jumped = (clock_now - clock_then) - dt.timedelta(seconds=counted_now - counted_then)
        clock_then, counted_then = clock_now, counted_now
        if abs(jumped) > JUMP and not turn.begun.is_set():
            moved = f"the clock has moved by {jumped.total_seconds():.0f} seconds"
            service.say(f"{_said(clock_now)} {moved}; planning again.")
            service.note_unwatched()
            return
        service.beat_when_due()
