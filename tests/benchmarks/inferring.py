"""Tables that nobody declared: what reading them costs beside declared ones, and a whole pass over files of them.

A pass is everything but the network: each file in a child process, survey, figures, judging, disparities, register.
It runs in a process of its own, so that its peak of memory is its own.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from monitor import clock
from monitor.declarations import Reads
from monitor.settings import Home, use
from monitor.store.vault import Artefact, Vault, sha256_of
from pipelines.acquire import add
from pipelines.observe import observe
from tests.benchmarks.measures import Measured
from tests.benchmarks.timing import ROOT, alternately
from tests.benchmarks.workbooks import Workbook

sys.path.insert(0, str(ROOT / "tests"))  # because the world is a package of its own

FILES = 200
MOST_MEMORY_MB = 2000
_READS = Reads(population="people", verb="counted", period_kind="stock", because="They are compared with nobody.")


def inferred(workbook: Workbook, repeats: int) -> list[Measured]:
    """The same workbook read whole (survey and figures), by what it shows and by its declaration."""
    declared = workbook.publication.model_copy(update={"reads": workbook.publication.reads or _READS})
    shown = declared.model_copy(update={"table": ()})
    of_it = Artefact(
        sha256_of(workbook.path), declared.id, workbook.edition, "original", workbook.path.name,
        workbook.path.stat().st_size, "", None, clock.now(),
    )  # fmt: skip
    seconds = alternately(
        {
            "declared": lambda: observe(of_it, workbook.path, declared),
            "inferred": lambda: observe(of_it, workbook.path, shown),
        },
        repeats,
    )
    return [
        Measured(
            f"{workbook.path.name} read by what it shows", seconds["inferred"],
            "read by its declaration, and the rest by what it shows", seconds["declared"], 1.5,
        )
    ]  # fmt: skip


def passes(most: int = FILES) -> list[Measured]:
    """Passes over a sixteenth, a quarter and all of so many new files of the catalogue's publications."""
    told = [_pass(max(1, most // part)) for part in (16, 4, 1)]
    each = [one["seconds"] / one["files"] for one in told]
    files = [round(one["files"]) for one in told]
    if not all(one["figures"] for one in told):
        raise AssertionError(f"expected figures of each pass, found {told}")
    return [
        Measured(
            f"a pass over {files[2]} new files of {round(told[2]['publications'])} publications", told[2]["seconds"]
        ),
        Measured("  files a second", files[2] / told[2]["seconds"]),
        Measured(f"  seconds a file of {files[1]}", each[1], f"a file of {files[0]}", each[0], 1.2),
        Measured(f"  seconds a file of {files[2]}", each[2], f"a file of {files[1]}", each[1], 1.2),
        Measured("  peak memory, MB, without its readers", told[2]["peak"], "limit", float(MOST_MEMORY_MB), 1),
    ]


def _pass(files: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.inferring", str(files)]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    said: dict[str, float] = json.loads(outcome.stdout)
    return said


def _held(vault: Vault, folder: Path, files: int) -> int:
    """Put so many files in a vault, each of other bytes, as editions of the publications they are made for."""
    from world.catalogue import plan

    made = [file for planned in plan().values() for file in planned.files if file.publication != "census-ethnic-group"]
    for n in range(files):
        file, edition = made[n % len(made)], 2000 + n // len(made)
        path = folder / str(edition) / file.name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.body)
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path, "a") as book:
                book.comment = str(edition).encode()
        else:
            path.write_bytes(file.body + b"\n" * (n // len(made)))
        add(vault, path, file.publication, str(edition), clock.now())
    return len({made[n % len(made)].publication for n in range(files)})


def main() -> None:
    """One pass, as a JSON document."""
    from monitor.run import take_in
    from monitor.store.database import Reader

    files = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name) / "home")
        use(home)
        publications = _held(Vault(home), Path(name), files)
        started = time.perf_counter()
        take_in(home, say=lambda _: None)
        seconds = time.perf_counter() - started
        with Reader(home) as store:
            figures = store.frame("select count(*) as n from figure")["n"][0]
    # because a child counts as its own what its parent held when it was made, the children's peak says nothing
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = {"files": files, "publications": publications, "seconds": seconds, "figures": figures, "peak": peak}
    print(json.dumps(said))


if __name__ == "__main__":
    main()
