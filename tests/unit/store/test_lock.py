"""One writer a home: the second is told who is at work since when, or waits; a killed one is in nobody's way."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor import clock
from monitor.settings import home
from monitor.store.lock import AtWork, writing
from monitor.store.vault import Vault

SINCE = dt.datetime(2026, 7, 1, 8, 30)
"""Half past nine in London."""
_WRITER = """
import sys, datetime as dt
from pathlib import Path
from monitor.settings import home
from monitor.store.lock import writing
with writing(home(Path(sys.argv[1])), "run", dt.datetime.fromisoformat(sys.argv[2])):
    print("at work", flush=True)
    sys.stdin.readline()
"""
VERBS = (
    ("run", "--offline"),
    ("fetch",),
    ("add", "FILE", "--publication", "prison-population", "--edition", "2024-06-30"),
    ("rebuild",),
    ("publish",),
    ("schedule", "--once"),
    ("commitments", "--look"),
)


@contextmanager
def at_work(place: Path, since: dt.datetime = SINCE) -> Iterator[subprocess.Popen[str]]:
    """Another process that writes to a home until it is told to end."""
    command = [sys.executable, "-c", _WRITER, str(place), since.isoformat()]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "at work\n"
    try:
        yield process
    finally:
        process.communicate("\n")


def everything(place: Path) -> dict[str, bytes]:
    """Every file of a home but the scheduler's sign of life."""
    files = (p for p in place.rglob("*") if p.is_file())
    return {str(p.relative_to(place)): p.read_bytes() for p in files if "schedule" not in p.parts}


class TestTheSecond:
    def test_is_told_who_is_at_work_since_when_and_what_to_do(self, tmp_path: Path) -> None:
        with at_work(tmp_path) as other, pytest.raises(AtWork) as said:
            self.begin(tmp_path, SINCE + dt.timedelta(hours=1))
        who = f"another pass has been at work since 09:30 (run, process {other.pid})"
        assert str(said.value) == f"{who}; try again, or --wait. Nothing was changed."

    def test_is_told_the_day_too_where_it_is_another(self, tmp_path: Path) -> None:
        with at_work(tmp_path), pytest.raises(AtWork, match="since 09:30 on 1 July 2026"):
            self.begin(tmp_path, SINCE + dt.timedelta(days=1))

    def begin(self, place: Path, now: dt.datetime) -> None:
        with writing(home(place), "add", now):
            pass

    @pytest.mark.parametrize("verb", VERBS, ids=[v[0] for v in VERBS])
    def test_changes_nothing_whichever_verb_it_is(
        self, cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...]
    ) -> None:
        place, file = tmp_path / "home", tmp_path / "people.csv"
        file.write_text("Ethnic group,June 2024\nAsian,1\n", "utf-8")
        place.mkdir()
        monkeypatch.setenv("JUSTICE_MONITOR_CONTACT", "someone@example.org")
        with at_work(place, clock.now()):
            before = everything(place)
            answer = cli(*(str(file) if word == "FILE" else word for word in verb), home=place)
            assert everything(place) == before
        assert answer.code == 1
        [line] = [line for line in answer.err.splitlines() if line.startswith("justice-monitor: ")]
        assert "another pass has been at work since" in line and "IOException" not in answer.err

    def test_waits_where_it_is_asked_to(self, tmp_path: Path) -> None:
        said: list[str] = []
        with at_work(tmp_path) as other:
            ending = threading.Timer(0.3, print, kwargs={"file": other.stdin, "flush": True})
            ending.start()
            began = time.monotonic()
            with writing(home(tmp_path), "add", SINCE, wait=True, say=said.append):
                assert time.monotonic() - began > 0.2
        assert len(said) == 1 and said[0].endswith("waiting for it to end.")


def test_the_lock_of_a_killed_process_is_free_and_what_it_left_half_written_is_gone(tmp_path: Path) -> None:
    vault = Vault(home(tmp_path))
    with at_work(tmp_path) as other:
        (vault.coming() / "half").write_bytes(b"PK")
        (tmp_path / "monitor.duckdb.17.part").write_bytes(b"half")
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        with writing(home(tmp_path), "run", SINCE):
            assert not (tmp_path / "monitor.duckdb.17.part").exists()
            assert not list((tmp_path / "vault").rglob("half"))


def test_within_one_process_a_writer_may_call_another(tmp_path: Path) -> None:
    with writing(home(tmp_path), "schedule", SINCE):
        with writing(home(tmp_path), "run", SINCE):
            pass
        with pytest.raises(subprocess.CalledProcessError):
            command = [sys.executable, "-c", _WRITER, str(tmp_path), SINCE.isoformat()]
            subprocess.run(command, check=True, capture_output=True, input="\n", text=True)


def test_a_reader_is_never_in_anybodys_way(cli, starter_home: Path) -> None:
    with at_work(starter_home):
        assert cli("due", home=starter_home).code == 0
        assert cli("journal", home=starter_home).code == 0
