"""The measurements: what of ours, compared with what, and the ratio aimed at.

Child start, imports and judging have rows of their own: the first two are paid once a file or once a process,
whatever the file's size, and judging is the work of a library.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas
import polars as pl
from python_calamine import CalamineWorkbook

from expectations.records import Checks, TableChecks
from monitor.settings import Home
from monitor.store.database import Writer, forget, stage
from pipelines.reading import Grid, read
from pipelines.survey import survey
from pipelines.tidy import tidy
from tests.benchmarks.timing import alternately, process
from tests.benchmarks.workbooks import ROWS_A_DATE, Workbook, generated

IMPORTS = ("monitor.cli", "polars", "duckdb", "monitor.store.database", "great_expectations")
"""Imports reported: the doors, the libraries of every pass, and the one that is slow."""


@dataclass(frozen=True)
class Measured:
    """One line of the report, in seconds. Without `target` it is told and not judged."""

    what: str
    ours: float
    compared_with: str = ""
    theirs: float | None = None
    target: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours by theirs; None where nothing is compared."""
        return self.ours / self.theirs if self.theirs else None

    @property
    def met(self) -> bool | None:
        """Whether the ratio is within its target; None where there is none."""
        return None if self.ratio is None or self.target is None else self.ratio <= self.target


class Line:
    """The line from one workbook to a database, and each stage of it by itself."""

    def __init__(self, folder: Path, workbook: Workbook) -> None:
        self.workbook = workbook
        self.home = Home(folder)
        self.staging = folder / "staging.duckdb"
        self.grids = self.read()
        self.frames = self.tidy(self.grids)
        self.stage(self.frames)
        self.store = Writer(self.home).__enter__()

    def read(self) -> list[Grid]:
        """Bytes to grids, in a child process."""
        return read(self.workbook.path)

    def tidy(self, grids: list[Grid]) -> dict[str, pl.DataFrame]:
        """Grids to the frames that are staged."""
        tidied = tidy(grids, self.workbook.publication, edition=self.workbook.edition)
        keys = {
            "publication": pl.lit(self.workbook.publication.id),
            "edition_id": pl.lit(self.workbook.edition),
            "artefact_sha256": pl.lit("0" * 64),
        }
        return {"figure": tidied.figures.with_columns(**keys), "level": tidied.levels.with_columns(**keys)}

    def stage(self, frames: dict[str, pl.DataFrame]) -> None:
        """Frames to a closed staging file."""
        stage(self.staging, frames)

    def load(self) -> None:
        """The staging file into the database."""
        self.store.load(self.staging, {}, ())

    def whole(self) -> None:
        """Read, tidy, stage and load."""
        self.stage(self.tidy(self.read()))
        self.load()

    def survey(self) -> None:
        """Read, and ask every sheet what it is broken down by."""
        survey(self.read(), self.workbook.publication.symbols.map)

    def judge(self) -> None:
        """Hold the staged figures against the checks that the declaration compiles to."""
        from expectations.judge import judge  # because this import is a measurement of its own

        tables = tuple(
            TableChecks(t.id, t.title or t.id, tuple(d for d in (*t.rows, *t.columns) if d != "period"))
            for t in self.workbook.publication.table
        )
        judge(self.staging, [Checks(self.workbook.publication.id, self.workbook.edition, tables)])

    def empty(self) -> None:
        """Begin with an empty database again."""
        self.store.__exit__()
        forget(self.home)
        self.store = Writer(self.home).__enter__()


@contextmanager
def line(folder: Path, workbook: Workbook) -> Iterator[Line]:
    """A `Line` whose database is closed at the end."""
    made = Line(folder, workbook)
    try:
        yield made
    finally:
        made.store.__exit__()


def bare_calamine(path: Path) -> None:
    """Every cell of every sheet by python-calamine alone, in this process."""
    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def openpyxl_by_pandas(path: Path) -> None:
    """Every sheet by pandas with openpyxl."""
    pandas.read_excel(path, sheet_name=None, engine="openpyxl")


def the_line(folder: Path, workbook: Workbook, repeats: int) -> list[Measured]:
    """Read, tidy and load, and the survey, against two bare readings of the same file."""
    smallest = generated(folder, 1)
    with line(folder / "line", workbook) as ours:
        took = alternately(
            {
                "child": lambda: read(smallest.path),
                "whole": ours.whole,
                "survey": ours.survey,
                "read": ours.read,
                "tidy": lambda: ours.tidy(ours.grids),
                "stage": lambda: ours.stage(ours.frames),
                "load": ours.load,
                "openpyxl": partial(openpyxl_by_pandas, workbook.path),
                "calamine": partial(bare_calamine, workbook.path),
            },
            repeats,
            before={"whole": ours.empty, "load": ours.empty},
        )
        figures = ours.frames["figure"].height
    child, calamine, openpyxl = took["child"], took["calamine"], took["openpyxl"]
    return [
        Measured(
            f"read, tidy and load {figures:,} figures of {workbook.path.name}",
            took["whole"] - child,
            "pandas with openpyxl, reading only",
            openpyxl,
            0.5,
        ),
        Measured("the same", took["whole"] - child, "calamine, reading only", calamine, 8),
        Measured("survey of the same file", took["survey"] - child, "calamine, reading only", calamine, 5),
        Measured("  of which reading", took["read"] - child, "calamine, reading only", calamine),
        Measured("  of which tidying", took["tidy"], "calamine, reading only", calamine),
        Measured("  of which staging", took["stage"], "calamine, reading only", calamine),
        Measured("  of which loading", took["load"], "calamine, reading only", calamine),
        Measured("apart: start of the child that reads", child),
    ]


def growth(folder: Path, dates: int, repeats: int) -> list[Measured]:
    """The line over 1×, 4× and 16× the rows, against as many times what 1× takes; child start left out."""
    smallest = generated(folder, 1)
    seconds: dict[int, float] = {}
    for factor in (1, 4, 16):
        with line(folder / f"{factor}x", generated(folder, dates * factor)) as ours:
            actions = {"child": lambda: read(smallest.path), "whole": ours.whole}
            took = alternately(actions, repeats, before={"whole": ours.empty})
        seconds[factor] = took["whole"] - took["child"]
    return [
        Measured(
            f"read, tidy and load {dates * factor * ROWS_A_DATE:,} rows ({factor}×)",
            seconds[factor],
            f"{factor}× the seconds of {dates * ROWS_A_DATE:,} rows",
            factor * seconds[1],
            1.25,
        )
        for factor in (4, 16)
    ]


def doors(repeats: int) -> list[Measured]:
    """Whole processes: asking for help against importing typer, and what each import costs (timed once, warm)."""
    took = alternately(
        {
            "help": process("-m", "monitor", "--help"),
            "nothing": process("-c", "pass"),
            "typer": process("-c", "import typer"),
        },
        repeats,
    )
    took |= alternately({name: process("-c", f"import {name}") for name in IMPORTS}, 1)
    return [
        Measured("justice-monitor --help", took["help"], "python -c 'import typer'", took["typer"], 2),
        *(Measured(f"apart: import {name}", took[name] - took["nothing"]) for name in IMPORTS),
    ]


def judging(folder: Path, workbook: Workbook, repeats: int) -> list[Measured]:
    """What judging the file's figures takes once Great Expectations is imported."""
    with line(folder / "judged", workbook) as ours:
        took = alternately({"judge": ours.judge}, repeats)
    return [Measured("apart: judging the figures of the same file", took["judge"])]
