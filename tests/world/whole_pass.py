"""One real pass over the catalogue: the command as a person runs it, in a process of its own, against the world."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from monitor.settings import Home, home
from monitor.store import reads
from monitor.store.database import Reader
from monitor.store.vault import Vault

from .catalogue import Planned
from .catalogue.elsewhere import answering_for
from .catalogue.serving import hosts, serve
from .server import World

ROOT = Path(__file__).resolve().parents[2]
FIGURES = """
    select f.*, a.name as file from figure f
    join artefact a on a.sha256 = f.artefact_sha256 and a.publication = f.publication and a.edition_id = f.edition_id
"""


@dataclass(frozen=True)
class Passed:
    """What a pass said, and the home it left."""

    code: int
    out: str
    err: str
    home: Home

    def held(self) -> dict[str, set[str]]:
        """The hashes of the files in the vault, by publication."""
        found: dict[str, set[str]] = {}
        for artefact in Vault(self.home).artefacts():
            found.setdefault(artefact.publication, set()).add(artefact.sha256)
        return found

    def findings(self, publication: str) -> set[str]:
        """The checks that one publication failed."""
        with Reader(self.home) as store:
            found = reads.findings(store).filter(publication=publication, state="failed")
        return set(found["check"])

    def figures(self) -> pl.DataFrame:
        """Every figure that the pass made, with the name of its file."""
        with Reader(self.home) as store:
            return store.frame(FIGURES)


def one_pass(
    planned: Sequence[Planned],
    folder: Path,
    *,
    real: bool = False,
    starter: bool = False,
    before: Callable[[World], None] = lambda _: None,
) -> Passed:
    """Serve what is planned, change it by `before`, and run. `starter`: with the starter figures, which take long."""
    world = World()
    serve(world, planned, real=real)
    before(world)
    declarations = ROOT / "pipelines" if starter else _without_starter(folder)
    with world.open(), answering_for(world, hosts(planned), folder) as beside:
        # because a host is asked a few times a second, and files have a host of their own in life too
        files = {"JUSTICE_MONITOR_ASSETS": world.url.replace("127.0.0.1", "localhost")}
        said = {"JUSTICE_MONITOR_DECLARATIONS": str(declarations), "JUSTICE_MONITOR_CONTACT": "someone@example.org"}
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "run", "--home", str(folder / "home")],
            cwd=ROOT,
            env={**os.environ, **world.environment(), **files, **beside, **said},
            capture_output=True,
            text=True,
            check=False,
        )
    return Passed(done.returncode, done.stdout, done.stderr, home(folder / "home"))


def _without_starter(folder: Path) -> Path:
    """The declarations as they are, without the figures that ship with them."""
    place = folder / "declarations"
    shutil.copytree(ROOT / "pipelines", place, ignore=shutil.ignore_patterns("*.py", "__pycache__", "starter"))
    (place / "starter").mkdir()
    first = (ROOT / "pipelines" / "starter" / "sources.csv").read_text("utf-8").splitlines(keepends=True)[0]
    (place / "starter" / "sources.csv").write_text(first, "utf-8")
    return place
