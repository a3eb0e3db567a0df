"""Real passes that are killed at a request, and what the pass after them makes of it.

A pass is the command in a process of its own. The publisher kills it with SIGKILL when it asks for the nth time, or
the test does when it says a given thing; then an ordinary pass runs, and what a user can see is compared with what a
pass over the same world left that nobody disturbed. Because most of a small pass is loading the program, one process
loads it (`python -m world.killing`) and each pass is a fork of that one.
"""

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from zlib import crc32

from monitor import settings
from monitor.cli import main
from monitor.settings import Home, home
from monitor.store import schema
from monitor.store.database import Reader
from monitor.store.vault import Vault

from .server import World
from .workbooks import workbook

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.datetime.now(dt.UTC).replace(hour=9, minute=30, second=0, microsecond=0)
_DECLARED = """id = "{id}"
title = "{title}"
publisher = "Office for Made-up Statistics"
kind = "govuk-collection"
collection = "/government/collections/{id}"
editions = ['^{title}:']
organisations = ["made-up"]
[reads]
population = "people in custody"
verb = "in custody"
period = "edition"
period_kind = "stock"
because = "Made-up people live nowhere."
"""
_FACTS = {
    "edition": ("publication", "id", "title", "url", "published_on", "withdrawn", "opened", "attachments", "notes"),
    "edition_vanished": ("publication", "id"),
    "kept": ("publication", "edition_id", "name", "sha256", "published_on", "url", "edition_title"),
    "file": ("publication", "url", "sha256", "etag"),
    "page": ("publication", "url", "sha256", "etag"),
    "announcement": ("path", "title", "date", "state"),
    "announcement_ended": ("path", "became"),
    "link_fails": ("publication", "url"),
}


@dataclass(frozen=True)
class Left:
    """What a home holds: rows of every table, facts of the journal, changes that were noticed, hashes in the vault."""

    tables: dict[str, list[tuple[Any, ...]]]
    facts: list[tuple[Any, ...]]
    changes: list[tuple[Any, ...]]
    bytes: list[str]
    remains: list[str]

    def differing(self, other: "Left") -> list[str]:
        """What of the one is not in the other, in words for whoever reads a failed test."""
        said = []
        mine = {**self.tables, "facts": self.facts, "changes": self.changes, "bytes": self.bytes}
        theirs = {**other.tables, "facts": other.facts, "changes": other.changes, "bytes": other.bytes}
        for name in mine:
            only = [("without", row) for row in theirs[name] if row not in mine[name]]
            only += [("beside", row) for row in mine[name] if row not in theirs[name]]
            said += [f"{name}: {how} {row}"[:500] for how, row in only]
        return said + [f"left behind: {name}" for name in self.remains]


@dataclass(frozen=True)
class Done:
    """How a pass ended, by its exit code or the signal that killed it, and what it said."""

    code: int
    said: str


@dataclass(frozen=True)
class Stage:
    """A world that is served, a home before the pass that is to be killed, and the process that passes are made of."""

    world: World
    home: Path
    folder: Path
    loaded: subprocess.Popen[str]

    def run(self, here: Path, meanwhile: Callable[[int, Path], None] = lambda pid, said: None) -> Done:
        """A whole pass; `meanwhile` is given its process and the file of what it says."""
        said = self.folder / "said.txt"
        assert self.loaded.stdin is not None and self.loaded.stdout is not None
        said.unlink(missing_ok=True)
        print(here, said, file=self.loaded.stdin, flush=True)
        meanwhile(int(self.loaded.stdout.readline()), said)
        return Done(int(self.loaded.stdout.readline()), said.read_text("utf-8"))

    def undisturbed(self) -> tuple[Left, int, list[str]]:
        """What a pass leaves, how many requests it makes, and what it says after them, line by line."""
        here, before = self._copy("undisturbed"), len(self.world.requests)
        left, done = self._left(here)
        return left, len(self.world.requests) - before, [s for s in done.said.splitlines() if s.startswith(SAID)]

    def killed_at(self, n: int) -> Left:
        """What the next pass leaves after one that was killed when it asked for the nth time."""
        here, first = self._copy("killed"), len(self.world.requests)

        started = threading.Event()
        passing: list[int] = []

        def asked() -> None:
            started.wait()  # because a request may come before its process is known here
            if len(self.world.requests) - first >= n:
                os.kill(passing[0], signal.SIGKILL)

        def begun(pid: int, _: Path) -> None:
            passing.append(pid)
            started.set()

        self.world.on_request = asked
        try:
            done = self.run(here, begun)
        finally:
            self.world.on_request = lambda: None
        assert done.code == -signal.SIGKILL, f"expected to be killed at request {n}: {done}"
        return self._left(here)[0]

    def killed_saying(self, words: str) -> Left:
        """What the next pass leaves after one that was killed when it said something."""
        here = self._copy("killed")

        def when_said(pid: int, said: Path) -> None:
            end = time.monotonic() + 120
            while time.monotonic() < end:
                if said.exists() and words in said.read_text("utf-8"):
                    os.kill(pid, signal.SIGKILL)
                    return
                time.sleep(0.001)

        done = self.run(here, when_said)
        assert done.code == -signal.SIGKILL, f"expected to be killed when saying {words}: {done}"
        return self._left(here)[0]

    def _left(self, here: Path) -> tuple[Left, Done]:
        done = self.run(here)
        assert done.code in (0, 1) and "Traceback" not in done.said and "did not expect" not in done.said, done.said
        return left_in(home(here)), done

    def _copy(self, name: str) -> Path:
        here = self.folder / name
        shutil.rmtree(here, ignore_errors=True)
        if self.home.exists():
            shutil.copytree(self.home, here)
        return here


def _forked() -> None:
    """Load the program once; for each line (a home, and a file for what is said) a pass that is a fork of this."""
    settings.REQUESTS_PER_SECOND = 1e6  # because the wait is a publisher's due, and not a loopback server's
    for room in ("great_expectations", "expectations.judge", "dashboards.site", "monitor.run"):
        import_module(room)
    for line in sys.stdin:
        here, said = line.split()
        pid = os.fork()
        if not pid:
            out = os.open(said, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
            os.dup2(out, 1), os.dup2(out, 2)
            os._exit(main(["run", "--home", here]))
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


SAID = ("Reading ", "Judging ", "Deriving ", "Writing ")
"""How the lines begin that a pass says when it has asked for everything."""


def left_in(home: Home) -> Left:
    """What a home holds, without the moments at which we saw it."""
    with Reader(home) as store:
        tables = {}
        for name, columns in schema.TABLES.items():
            # because the moment at which we saw something is another in two passes, and nothing else may be
            kept = [c for c, kind in columns.items() if kind != "TIMESTAMP"]
            frame = store.table(name).select(kept)
            tables[name] = sorted((tuple(map(str, row)) for row in frame.iter_rows()), key=repr)
    vault = Vault(home)
    facts, changes = {}, []
    for entry in vault.journal():
        what = entry["what"]
        if what in _FACTS:
            row = (what, *(str(entry.get(name, "")) for name in _FACTS[what]))
            facts[row] = row
        elif what == "look":
            changes += [(entry["publication"], *sorted(c.items())) for c in entry.get("changes", ())]
        assert what != "unreadable", entry
    held = sorted(p.name for p in (vault.root / "bytes").rglob("*") if p.is_file())
    remains = [str(p.relative_to(home.root)) for p in home.root.rglob("*") if p.is_file() and _is_partial(p)]
    return Left(tables, sorted(facts), sorted(changes, key=repr), held, remains)


def _is_partial(path: Path) -> bool:
    return path.name.endswith((".part", ".tmp")) or path.parent.name in ("coming", "bytes")


# --- the situations ---------------------------------------------------------------------------------------------------


def first_pass(world: World) -> None:
    """Three editions of each series, two files in the newest and one in the others: nobody has ever looked at it."""
    for edition in range(3):
        for path in world.collections:
            _release(world, path, 310 - 90 * edition, files=1 + edition // 2)
    world.announce("next-0", "Series 0: next", "1 January 2035 9:30am", TODAY + dt.timedelta(days=3000))


def everything_changes(world: World) -> None:
    """A new edition, files attached without a word, a revision, a withdrawal, a move, a page taken down, and the
    rest saved again.
    """
    newest = [members[0] for _, members in world.collections.values()]
    oldest = [members[-1] for _, members in world.collections.values()]
    world.now = TODAY - dt.timedelta(days=20)
    for path in {*world.documents} - {*newest}:
        if world.documents[path]["schema_name"] == "publication":
            world.reissue(path, "Saved again.")
    _release(world, next(iter(world.collections)), 20, files=3)
    late = world.documents[newest[1]]["details"]["attachments"]
    late.append(world.attach("late.csv", workbook("July 2026", format="csv", shift=500)))
    revised = world.documents[newest[2]]["details"]["attachments"]
    name = revised[0]["filename"]
    revised[0] = world.attach(name, workbook("July 2026", format="csv", shift=900))
    world.reissue(newest[2], "Corrected.")
    world.withdraw(newest[3], "An error was found.")
    world.move(newest[4], f"{newest[4]}-moved")
    world.take_down(oldest[4], "No longer needed.")
    world.announce("next-0", "Series 0: next", "1 February 2035 9:30am", TODAY + dt.timedelta(days=3031))
    world.announce("next-1", "Series 1: next", "2 January 2035 9:30am", TODAY + dt.timedelta(days=3001))


def two_new_editions(world: World) -> None:
    """An edition appears in the first series and in the last, and everything else is as it was."""
    for path in (next(iter(world.collections)), list(world.collections)[-1]):
        _release(world, path, -20)
    world.publish_announced("/government/statistics/announcements/next-0", world.collections[path][1][0])


def _release(world: World, collection: str, days_ago: int, *, files: int = 2) -> None:
    """Publish the edition of so many days ago; it came out on the day it is of, or today."""
    of, slug = TODAY - dt.timedelta(days=days_ago), collection.rpartition("/")[2]
    world.now = min(of, TODAY - dt.timedelta(days=1))
    names = [f"{slug}-{n}-{of:%Y-%m}.csv" for n in range(files)]
    books = {name: workbook(f"{of:%B %Y}", format="csv", shift=crc32(name.encode()) % 997) for name in names}
    world.release(collection, f"{slug}-{of:%Y-%m}", f"{world.collections[collection][0]}: {of:%B %Y}", books)


@contextmanager
def staged(folder: Path, *changes: Callable[[World], None], series: int = 5) -> Iterator[Stage]:
    """The stage on which the last of some changes of the world has not been looked at; all before it have."""
    world = World()
    for n in range(series):
        world.series(f"s{n}", f"Series {n}")
    declared = _declare(folder / "declarations", series)
    with world.open():
        known = {"JUSTICE_MONITOR_DECLARATIONS": str(declared), "JUSTICE_MONITOR_CONTACT": "someone@example.org"}
        loaded = subprocess.Popen(
            [sys.executable, "-m", "world.killing"],
            env={**os.environ, **world.environment(), **known, "PYTHONPATH": str(ROOT)},
            cwd=ROOT / "tests",
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        stage = Stage(world, folder / "home", folder, loaded)
        try:
            for change in changes[:-1]:
                change(world)
                done = stage.run(stage.home)
                assert done.code == 0, done.said
            changes[-1](world)
            yield stage
        finally:
            loaded.communicate("")


def _declare(place: Path, series: int) -> Path:
    for name in ("publications", "baselines", "measures", "commitments", "starter", "journey"):
        (place / name).mkdir(parents=True)
    for n in range(series):
        text = _DECLARED.format(id=f"s{n}", title=f"Series {n}")
        (place / "publications" / f"s{n}.toml").write_text(text, "utf-8")
    first = (ROOT / "pipelines" / "starter" / "sources.csv").read_text("utf-8").splitlines(keepends=True)[0]
    (place / "starter" / "sources.csv").write_text(first, "utf-8")
    shutil.copy(ROOT / "pipelines" / "starter" / "selections.toml", place / "starter")
    shutil.copy(ROOT / "pipelines" / "journey" / "published.csv", place / "journey")
    return place


SITUATIONS: Sequence[Sequence[Callable[[World], None]]] = (
    (first_pass,),
    (first_pass, everything_changes),
    (first_pass, everything_changes, two_new_editions),
)


if __name__ == "__main__":
    _forked()
