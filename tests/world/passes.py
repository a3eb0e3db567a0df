"""A quiet pass over many publications, measured: requests, time, and processor time beside the same requests alone.

The world is served by another process, so that only the monitor's own work is counted. `measure` is what a
benchmark calls; `python -m world.passes` (from `tests`) prints it.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import requests

from monitor.clock import now
from monitor.declarations import Publication
from monitor.settings import home
from monitor.store.vault import Vault
from pipelines.fetch import Limits
from pipelines.look import Watched, session_for, watch

from .fixtures import series
from .server import COLLECTION, World
from .workbooks import workbook

UNHURRIED = Limits(per_second=1e6)


@dataclass(frozen=True)
class Measured:
    """A quiet pass over `publications`; compared with one process making the same requests and `json.loads`."""

    publications: int
    requests: int
    most_requests_of_one: int
    files_fetched: int
    seconds: float
    cpu_seconds: float
    compared_cpu_seconds: float
    first_seconds: float
    first_files: int


def declared(number: int) -> list[Publication]:
    """Publications of made-up series, as `build` publishes them."""
    return [series(f"s{n}", f"Series {n}", editions=[f"^series {n}:"]) for n in range(number)]


def build(world: World, number: int, editions: int) -> None:
    """Publish `number` series of `editions` monthly editions, a workbook each; all but the newest long ago."""
    for e in range(editions):
        world.now = dt.datetime(2010 + e // 12, e % 12 + 1, 28, 9, 30, tzinfo=dt.UTC)
        book = workbook(f"{world.now:%B %Y}")
        for n in range(number):
            path = f"{COLLECTION}/s{n}" if e else world.series(f"s{n}", f"Series {n}")
            files = {f"s{n}-{e}.xlsx": book + bytes(f"{n} {e}", "ascii")}
            world.release(path, f"s{n}-{e}", f"Series {n}: {world.now:%B %Y}", files)


@contextmanager
def served(number: int, editions: int) -> Iterator[str]:
    """The address of a world in another process."""
    command = [sys.executable, "-m", "world.passes", "serve", str(number), str(editions)]
    folder = Path(__file__).parents[1]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.communicate("")


def measure(number: int = 48, editions: int = 36, back: timedelta | None = timedelta(days=1)) -> Measured:
    """A first pass, then a quiet one, over `number` publications; files of editions before `back` are left."""
    publications = declared(number)
    with served(number, editions) as url, tempfile.TemporaryDirectory() as folder, _environment(World(url=url)):
        vault = Vault(home(Path(folder)))
        started = time.perf_counter()
        first = _pass(publications, vault, back)
        first_seconds = time.perf_counter() - started
        started, cpu = time.perf_counter(), time.process_time()
        quiet = _pass(publications, vault, back)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        looks = [e for e in vault.journal() if e["what"] == "look"][-number:]
        marks = {e["url"]: e["etag"] for e in vault.journal() if e["what"] == "page"}
        asked = [(u, etag) for u, etag in marks.items() if "/collections/" in u or u.endswith(f"-{editions - 1}")]
        compared = _alone(url, asked)
    return Measured(
        publications=number,
        requests=quiet.requests,
        most_requests_of_one=max(e["requests"] for e in looks),
        files_fetched=len(quiet.new),
        seconds=seconds,
        cpu_seconds=cpu,
        compared_cpu_seconds=compared,
        first_seconds=first_seconds,
        first_files=len(first.new),
    )


def _pass(publications: list[Publication], vault: Vault, back: timedelta | None) -> Watched:
    with session_for(publications, UNHURRIED) as session:
        return watch(publications, vault, session, now, lambda _: None, back=back)


def _alone(url: str, asked: list[tuple[str, str]]) -> float:
    """Processor seconds of the same requests, conditional too, and `json.loads` of each body once."""
    bodies = [requests.get(u.replace("https://www.gov.uk", url), timeout=5).content for u, _ in asked]
    started = time.process_time()
    with requests.Session() as http:
        for (u, etag), body in zip(asked, bodies, strict=True):
            http.get(u.replace("https://www.gov.uk", url), headers={"If-None-Match": etag}, timeout=5)
            json.loads(body)
    return time.process_time() - started


@contextmanager
def _environment(world: World) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(world.environment())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _serve(number: int, editions: int) -> None:
    with World().open() as world:
        build(world, number, editions)
        print(world.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        _serve(*map(int, sys.argv[2:]))
    else:
        print(json.dumps(asdict(measure()), indent=2))
