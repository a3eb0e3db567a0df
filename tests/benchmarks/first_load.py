"""The first load of two hundred editions from a publisher on loopback: fetched, read, surveyed, tidied and stored.

What is compared: the line as a pass runs it, reading each file as soon as it is kept, against fetching everything and
then reading file after file. The publisher is another process; judging, the work of a library, is left out.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from monitor import clock
from monitor.declarations import Publication
from monitor.settings import Home
from monitor.store.database import Writer, stage
from monitor.store.vault import Artefact, Vault
from pipelines.editions import together
from pipelines.intake import Intake
from pipelines.look import session_for, watch
from tests.benchmarks.measures import Measured
from tests.benchmarks.timing import ROOT

sys.path.insert(0, str(ROOT / "tests"))  # because the world is a package of its own, and serves itself

from world.fixtures import series
from world.passes import UNHURRIED, served
from world.server import World

MOST_MEMORY_MB = 2000
TABLE = {
    "id": "ethnic-group",
    "title": "People in custody by ethnic group",
    "measure": "custody",
    "population": "people in custody",
    "rows": ["ethnicity"],
}


@dataclass(frozen=True)
class Loaded:
    """What one load took."""

    files: int
    figures: int
    seconds: float
    busy: float


def first_load(editions: int = 200) -> list[Measured]:
    """Every row of this part."""
    each = max(1, editions // 10)
    publications = [
        series(f"s{n}", f"Series {n}", editions=[f"^series {n}:"], table=[TABLE]) for n in range(min(10, editions))
    ]
    with served(len(publications), each) as url, patch.dict(os.environ, World(url=url).environment()):
        together_, apart = _load(publications, ahead=True), _load(publications, ahead=False)
    files = len(publications) * each
    for loaded in (together_, apart):
        if loaded.files != files or not loaded.figures:
            raise AssertionError(f"expected {files} files with figures, found {loaded}")
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    cores = os.cpu_count() or 1
    return [
        Measured(
            f"first load of {files} editions, reading while fetching", together_.seconds,
            "fetching, then reading", apart.seconds, 0.9,
        ),
        Measured("  seconds a file", together_.seconds / files),
        Measured("  files a second", files / together_.seconds),
        Measured("  idle processors (this process and its readers)", cores - together_.busy, "processors", cores),
        Measured(
            "  peak memory, MB, with a reader on each processor", own + cores * children,
            "limit", float(MOST_MEMORY_MB), 1,
        ),
    ]  # fmt: skip


def _load(publications: list[Publication], *, ahead: bool) -> Loaded:
    declared = {p.id: p for p in publications}
    with _place() as home:
        vault = Vault(home)
        started, cpu = time.perf_counter(), _processor_seconds()
        with Intake(vault, declared, lambda _: None) as intake, session_for(publications, UNHURRIED) as session:
            kept: list[Artefact] = []

            def keep(artefact: Artefact) -> None:
                kept.append(artefact)
                if ahead:
                    intake.begin(artefact)

            watch(publications, vault, session, clock.now, lambda _: None, back=None, kept=keep)
            frames = together(intake.observed(artefact) for artefact in kept)
            with Writer(home) as store:
                store.load(stage(home.work / "staging.duckdb", frames), {}, [])
                figures = store.frame("select 1 from figure").height
        seconds = time.perf_counter() - started
        return Loaded(len(kept), figures, seconds, (_processor_seconds() - cpu) / seconds)


@contextmanager
def _place() -> Iterator[Home]:
    with tempfile.TemporaryDirectory() as name:
        yield Home(Path(name) / "home")


def _processor_seconds() -> float:
    """Of this process, and of the readers it has waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    from tests.benchmarks.__main__ import report

    print(report(first_load()))
