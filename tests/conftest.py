"""A home made once from the starter figures, and the command line spoken to as a person or a program does.

Whoever changes a home works on a copy: `starter_home` is shared by the whole session.
"""

import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # because no test may speak to a network


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


@pytest.fixture(scope="session")
def starter_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after one whole pass over the starter figures. Read only: copy it to change it."""
    from monitor.run import run
    from monitor.settings import home

    folder = tmp_path_factory.mktemp("starter") / "home"
    run(home(folder), offline=True, say=lambda _: None)
    return folder


@pytest.fixture(scope="session")
def cli(request: pytest.FixtureRequest) -> Cli:
    """The command line in this process: `cli("checks", "--json")`, on the starter home unless `home` is given.

    An error that no verb expects is raised, as JUSTICE_MONITOR_DEBUG=1 does, so that a test cannot take it for
    a message.
    """
    from monitor.cli import main

    def ask(*arguments: str | Path, home: Path | None = None) -> Answer:
        place = home if home is not None else request.getfixturevalue("starter_home")
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setenv("JUSTICE_MONITOR_DEBUG", "1")
            code = main([*map(str, arguments), "--home", str(place)])
        return Answer(code, out.getvalue(), err.getvalue())

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
    """A copy of the starter home that a test may change."""
    return Path(shutil.copytree(starter_home, tmp_path / "home"))
