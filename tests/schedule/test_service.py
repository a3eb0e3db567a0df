"""The service itself: what it does when tasks fail, the clock jumps, or nobody watched; and for real, as a process.

Tasks are functions of the test where the question is only when they are called. The process looks at a publisher that
is served, and is stopped and killed as a machine would.
"""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import time_machine
from filelock import FileLock
from world import World, workbooks
from world.fixtures import series

from monitor.declarations import Publication
from monitor.schedule import Service, Tasks, last_heartbeat, read_cadences, serve
from monitor.settings import CADENCES, Home, home
from monitor.store.vault import Vault
from monitor.watch.heartbeat import Heartbeat, read_heartbeat, stale, unwell

ROOT = Path(__file__).resolve().parents[2]
NOON = dt.datetime(2025, 2, 5, 12)
MINUTE = dt.timedelta(minutes=1)


@dataclass
class Doings:
    """Tasks that note that they were called. A look is journaled, as a real one is, unless it fails."""

    home: Home
    clock: Callable[[], dt.datetime]
    called: list[str] = field(default_factory=list)
    full_disk: bool = False

    def tasks(self) -> Tasks:
        return Tasks(look=self.look, look_ahead=lambda: self.note("ahead"), deliver=lambda: self.note("digest"))

    def note(self, what: str) -> Sequence[str]:
        self.called.append(what)
        return ()

    def look(self, slugs: Sequence[str]) -> Sequence[str]:
        self.called.append(f"look {' '.join(slugs)}")
        if self.full_disk:
            raise OSError("No space left on device")
        for slug in slugs:
            Vault(self.home).note("look", publication=slug, seen_at=self.clock(), status="unchanged")
        return ()


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> dt.datetime:
        return self.at


def custody() -> dict[str, Publication]:
    return {"custody": series(organisations=["office"])}


@pytest.fixture
def place(tmp_path: Path) -> Home:
    return home(tmp_path / "home")


def serviced(place: Home, clock: Callable[[], dt.datetime]) -> tuple[Service, Doings, list[str]]:
    said: list[str] = []
    doings = Doings(place, clock)
    service = Service(place, custody(), read_cadences(CADENCES), doings.tasks(), said.append, clock)
    return service, doings, said


def test_a_task_that_fails_is_said_done_again_later_and_does_not_stop_the_others(place: Home) -> None:
    clock = Clock()
    service, doings, said = serviced(place, clock)
    doings.full_disk = True

    assert service.turn() == ["looking: OSError: No space left on device"]
    assert sorted(doings.called) == ["ahead", "digest", "look custody"]
    assert any("No space left on device" in line for line in said)
    waits = []
    for _ in range(9):
        at = service.next_at().replace(tzinfo=None)
        waits.append(round((at - clock.at) / MINUTE))
        clock.at = at
        service.turn()
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert "No space left" in unwell(place.heartbeat.read_text(), clock.at)

    doings.full_disk = False
    clock.at = service.next_at().replace(tzinfo=None)
    assert service.turn() == []
    assert unwell(place.heartbeat.read_text(), clock.at) == ""
    assert service.next_at().replace(tzinfo=None) > clock.at + MINUTE


def test_on_a_day_of_release_its_sign_of_life_says_what_it_waits_for(place: Home) -> None:
    clock = Clock()
    service, _, _ = serviced(place, clock)
    quarterly = {"cadence": "quarterly", "months": [1, 4, 7, 10], "which": "last", "weekday": "Thursday"}
    service.publications = {"custody": series(calendar=quarterly)}
    day, seen = "2025-04-24", dt.datetime(2025, 4, 23, 17)
    told = {"title": "Custody statistics: March 2025", "date": day, "until": day, "at": f"{day}T08:30:00+00:00"}
    told |= {"precision": "time", "state": "confirmed", "display": "24 April 2025 9:30am", "path": "/announced"}
    Vault(place).note("announcement", seen_at=seen, **told)
    clock.at = seen
    service.turn()
    waited = []
    for _ in range(3):
        clock.at = dt.datetime(2025, 4, 24, 8, 30) if not waited else service.next_at().replace(tzinfo=None)
        service.turn()
        found = last_heartbeat(place)
        waited.append(found.doing if found else "")
    assert waited == [f"waiting for custody, again at {time}" for time in ("09:32", "09:36", "09:44")]


def test_a_restart_remembers_everything(place: Home) -> None:
    """Another process, later that day: nothing is due again, and nothing is forgotten."""
    clock = Clock()
    service, _, _ = serviced(place, clock)
    service.turn()
    planned = service.planned()
    clock.at += 3 * MINUTE
    again, others, _ = serviced(place, clock)
    assert again.planned() == planned
    again.turn()
    assert others.called == []


@pytest.mark.parametrize("lost", ["state.json", "heartbeat.json"])
@pytest.mark.parametrize("text", ["", "{", "[]", '{"ahead": {"at": "soon"}}', '{"at": 7}'])
def test_a_damaged_file_of_its_own_costs_no_look(place: Home, lost: str, text: str) -> None:
    clock = Clock()
    service, _, _ = serviced(place, clock)
    service.turn()
    (place.schedule / lost).write_text(text, encoding="utf-8")
    clock.at += MINUTE
    again, doings, _ = serviced(place, clock)
    again.note_unwatched()
    again.turn()
    assert "look custody" not in doings.called
    assert read_heartbeat(place.heartbeat.read_text()) is not None, "and it writes a whole one again"


def test_time_in_which_nobody_watched_is_in_the_journal_once(place: Home) -> None:
    clock = Clock()
    service, _, said = serviced(place, clock)
    service.turn()
    clock.at += 10 * MINUTE
    service.note_unwatched()
    assert [e for e in Vault(place).journal() if e["what"] == "unwatched"] == [], "twice the span is not yet over"
    clock.at += MINUTE
    service.note_unwatched()
    service.beat()
    service.note_unwatched()
    (entry,) = (e for e in Vault(place).journal() if e["what"] == "unwatched")
    assert (entry["since"], entry["seen_at"]) == ("2025-02-05 12:00:00", "2025-02-05 12:11:00")
    assert "nobody has watched since 2025-02-05 12:00" in said[-1]


# --- the heartbeat ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "old"), [(0, False), (5, False), (10, False), (10.1, True), (100_000, True), (-30, False)]
)
def test_a_heartbeat_is_stale_after_two_cadences(minutes: float, old: bool) -> None:
    assert stale(NOON, 5 * MINUTE, NOON + minutes * MINUTE) is old


def test_a_heartbeat_says_what_is_wrong_and_what_to_do() -> None:
    beat = Heartbeat(NOON, 300, 4711, "a-machine", NOON)
    assert unwell(None, NOON) == "", "where none has ever run, nothing is wrong"
    assert unwell(beat.text(), NOON + MINUTE) == ""
    assert unwell(beat.text(), NOON + 11 * MINUTE) == (
        "nobody has watched since 2025-02-05 12:00: the scheduler should be heard of every 5 minutes and has not been "
        "for two (it did not say that it would stop). Start it again: what was missed is looked at then."
    )
    stopped = Heartbeat(NOON, 300, stopped="told to stop by SIGTERM").text()
    assert "it stopped then: told to stop by SIGTERM" in unwell(stopped, NOON + dt.timedelta(days=1))
    assert "cannot be read" in unwell("{", NOON)


def test_doctor_reports_a_stale_heartbeat(own_home: Path, cli: Callable[..., object]) -> None:
    def scheduler() -> dict[str, str]:
        (row,) = (r for r in cli("doctor", "--json", home=own_home).document if r["check"] == "scheduler")
        return row

    assert scheduler()["state"] == "passed"
    place = home(own_home)
    place.schedule.mkdir()
    place.heartbeat.write_text(Heartbeat(NOON, 300).text(), encoding="utf-8")
    assert scheduler()["state"] == "failed"
    assert "nobody has watched since 2025-02-05 12:00" in scheduler()["message"]
    assert cli("doctor", "--check", home=own_home).code == 3


# --- waiting ----------------------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_is_noticed_while_waiting(place: Home) -> None:
    """Everything was done today. Eight days forward, it is all due, once; five hours back, nothing is done again."""
    with time_machine.travel(dt.datetime(2025, 2, 5, 12, tzinfo=dt.UTC), tick=True) as traveller:
        from monitor import clock

        service, doings, said = serviced(place, clock.now)

        def jumps() -> None:
            try:
                _until(lambda: len(doings.called) == 3)
                traveller.shift(dt.timedelta(days=8))
                _until(lambda: len(doings.called) == 6)
                traveller.shift(dt.timedelta(hours=-5))
                _until(lambda: any("moved by -1" in line for line in said))
                time.sleep(1.5)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        meddling = threading.Thread(target=jumps)
        meddling.start()
        serve(service)
        meddling.join()

    assert sorted(doings.called) == sorted(2 * ["ahead", "digest", "look custody"])
    assert any("the clock has moved by 691" in line for line in said)
    assert [e["since"][:10] for e in Vault(place).journal() if e["what"] == "unwatched"] == ["2025-02-05"]
    last = last_heartbeat(place)
    assert last is not None and last.stopped == "told to stop by SIGTERM"


def _until(is_so: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_the_plan_can_be_asked_for_and_changes_nothing(starter_home: Path, cli: Callable[..., object]) -> None:
    rows = cli("schedule", "--plan", "--json").document
    looks = [r for r in rows if r["what"] == "look"]
    assert {(r["reason"], r["why"]) for r in looks} == {("first", "Not looked at before.")}
    assert len({r["publication"] for r in looks}) == len(looks) > 40
    assert all(dt.datetime.fromisoformat(r["at"]).tzinfo for r in rows)
    said = cli("schedule", "--plan").out
    assert "Not looked at before." in said and "Times are London's" in said
    assert not (starter_home / "schedule").exists()
    refused = cli("schedule", "--plan", "--once")
    assert refused.code == 2 and "found both" in refused.err


# --- as a process -----------------------------------------------------------------------------------------------------


@dataclass
class Machine:
    """A machine with a home, a declaration of its own, and a publisher that is served."""

    world: World
    folder: Path
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def home(self) -> Home:
        return home(self.folder / "home")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "schedule", *arguments],
            cwd=ROOT,
            env={
                **os.environ,
                **self.world.environment(),
                "JUSTICE_MONITOR_HOME": str(self.home.root),
                "JUSTICE_MONITOR_DECLARATIONS": str(self.folder / "pipelines"),
                "JUSTICE_MONITOR_CADENCES": str(self.folder / "cadences.csv"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.running.append(process)
        return process

    def asked(self) -> int:
        """How often the publication's page was asked for."""
        return sum("collections" in request.path for request in self.world.requests)

    def journal(self, what: str) -> list[dict[str, object]]:
        return [e for e in Vault(self.home).journal() if e["what"] == what]

    def slow(self, seconds: float) -> None:
        """The next answer about the collection takes a while, and is then as usual."""
        path = "/government/collections/custody"

        def wait(handler: object) -> None:
            time.sleep(seconds)
            handler._content(path)  # type: ignore[attr-defined]

        self.world.lay(f"/api/content{path}", wait, times=1)


@pytest.fixture
def machine(world: World, tmp_path: Path) -> Iterator[Machine]:
    for room in ("publications", "baselines", "measures", "corrections", "starter"):
        (tmp_path / "pipelines" / room).mkdir(parents=True)
    (tmp_path / "pipelines" / "publications" / "custody.toml").write_text(
        'id = "custody"\ntitle = "Custody statistics"\npublisher = "Office for Made-up Statistics"\n'
        'kind = "govuk-collection"\ncollection = "/government/collections/custody"\n'
        'editions = ["^custody statistics:"]\n[calendar]\ncadence = "weekly"\n',
        encoding="utf-8",
    )
    hours = {**dict.fromkeys(read_cadences(CADENCES), 1.0), "weekly": 2 / 3600}
    rows = "".join(f"{cadence},{number}\n" for cadence, number in hours.items())
    (tmp_path / "cadences.csv").write_text(f"cadence,hours\n{rows}", encoding="utf-8")
    collection = world.series("custody", "Custody statistics")
    book = workbooks.workbook("December 2023")
    world.release(collection, "custody-december-2023", "Custody statistics: December 2023", {"custody.xlsx": book})
    machine = Machine(world, tmp_path)
    yield machine
    for process in machine.running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_a_service_is_started_twice_stopped_killed_and_started_again(machine: Machine) -> None:
    machine.slow(2)
    service = machine.start()
    _until(lambda: machine.asked() == 1)

    # a second one is refused, and told by whom; one that a timer started leaves without ado
    second, by_timer = machine.start(), machine.start("--once")
    _, said = second.communicate(timeout=120)
    assert second.returncode == 1
    assert f"process {service.pid} on " in said and "Stop that one first" in said and "Traceback" not in said
    assert by_timer.wait(120) == 0

    # told to stop in the middle of a job, it finishes it
    machine.slow(2)
    _until(lambda: machine.asked() == 2)
    looks = len(machine.journal("look"))
    service.send_signal(signal.SIGTERM)
    _, said = service.communicate(timeout=120)
    assert service.returncode == 0, said
    assert len(machine.journal("look")) == looks + 1, "the look that was under way is whole"
    assert [a.name for a in Vault(machine.home).artefacts()] == ["custody.xlsx"]
    assert machine.home.main.exists() and (machine.home.site / "index.html").exists()
    last = last_heartbeat(machine.home)
    assert last is not None and (last.process, last.stopped) == (service.pid, "told to stop by SIGTERM")
    with FileLock(machine.home.schedule / "lock", timeout=0):
        pass

    # killed in the middle of a job, it leaves nothing that stands in another's way
    asked = machine.asked()
    machine.slow(2)
    killed = machine.start()
    _until(lambda: machine.asked() == asked + 1)
    killed.kill()
    killed.wait(120)
    looks = len(machine.journal("look"))
    once = machine.start("--once")
    _, said = once.communicate(timeout=120)
    assert once.returncode == 0, said
    assert len(machine.journal("look")) == looks + 1
