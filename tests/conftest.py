"""A home made once from the starter figures, and the command line spoken to as a person or a program does.

Whoever changes a home works on a copy: `starter_home` is shared by the whole session. It is made once, however many
processes share the tests out among themselves.
"""

import gc
import io
import json
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage
from filelock import FileLock
from xdist.scheduler import LoadFileScheduling

TESTS = Path(__file__).parent
UNMEASURED = (
    "architecture",
    "browser",
    "docs",
    "drafting",
    "hostile",
    "oracles",
    "property",
    "publications/test_starter.py",
    "register",
    "schedule/test_alerts_of_the_year.py",
    "schedule/test_simulated_year.py",
    "spec/test_understood.py",
    "survey",
    "trials",
    "unit/test_account.py",
    "world/test_catalogue.py",
)
"""Rooms that try many inputs alike. Whatever runs here is run by other rooms too, which coverage is measured of:
following every line of it once more takes two or three times as long and tells nothing new."""
TOGETHER = ("tests/browser/", "tests/schedule/")
"""Rooms whose files share what takes long to make, and so are run by one process."""

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # because no test may speak to a network


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """A file is run by one process, and so are the files that share what takes long to make."""

    class ByRoom(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return next((room for room in TOGETHER if file.startswith(room)), file)

    return ByRoom(config, log)


def pytest_collection_finish() -> None:
    """What was imported and collected lives until the end: no later sweep need look through it, nor come so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Coverage looks away from the rooms that it is not measured of, their fixtures included."""
    if not item.path.relative_to(TESTS).as_posix().startswith(UNMEASURED):
        return (yield)
    looking = []
    # because a process among several has two measurements, one within the other, and stopping one wakes the other
    while (measurement := Coverage.current()) is not None:
        measurement.stop()
        looking.append(measurement)
    try:
        return (yield)
    finally:
        for measurement in reversed(looking):
            measurement.start()


@dataclass(frozen=True)
class Answer:
    """What the command line said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output; fails with the message when the verb did."""
        assert self.code == 0, self.err
        return json.loads(self.out)


Cli = Callable[..., Answer]


def speak(*arguments: str | Path) -> Answer:
    """The command line in this process."""
    from monitor.cli import main

    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("JUSTICE_MONITOR_DEBUG", "1")
        code = main([*map(str, arguments)])
    return Answer(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """A home after one whole pass over the starter figures, its pages too; and what that pass said."""
    of_all = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_all = of_all.parent
    made, told = of_all / "starter-home", of_all / "starter-home.json"
    with FileLock(of_all / "starter-home.lock"):
        if not told.exists():
            told.write_text(json.dumps(asdict(speak("run", "--offline", "--home", made))), encoding="utf-8")
    said = Answer(**json.loads(told.read_text("utf-8")))
    assert said.code == 0, said.err
    return Path(shutil.copytree(made, tmp_path_factory.mktemp("starter") / "home")), said


@pytest.fixture(scope="session")
def starter_home(starter: tuple[Path, Answer]) -> Path:
    """The starter home. Read only: copy it to change it."""
    return starter[0]


@pytest.fixture(scope="session")
def first_pass(starter: tuple[Path, Answer]) -> Answer:
    """What a person reads after `run --offline` with nothing held before."""
    return starter[1]


@pytest.fixture(scope="session")
def cli(request: pytest.FixtureRequest) -> Cli:
    """The command line in this process: `cli("checks", "--json")`, on the starter home unless `home` is given.

    An error that no verb expects is raised, as JUSTICE_MONITOR_DEBUG=1 does, so that a test cannot take it for
    a message.
    """

    def ask(*arguments: str | Path, home: Path | None = None) -> Answer:
        return speak(*arguments, "--home", home if home is not None else request.getfixturevalue("starter_home"))

    return ask


@pytest.fixture(scope="session")
def starter_store(starter_home: Path) -> Iterator[Any]:
    """The starter home's database, for questions that no verb answers yet."""
    from monitor.settings import home
    from monitor.store.database import Reader

    with Reader(home(starter_home)) as store:
        yield store


@pytest.fixture
def own_home(starter_home: Path, tmp_path: Path) -> Path:
    """A copy of the starter home, pages apart, that a test may change."""
    return Path(shutil.copytree(starter_home, tmp_path / "home", ignore=shutil.ignore_patterns("site")))
