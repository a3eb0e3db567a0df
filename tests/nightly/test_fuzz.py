"""At least 5,000 spoiled files: published ones where they are at hand, generated ones of every format always.

A fault is told with the file and its number, which make the case again: `fuzz.bytes_case(folder, original, number)`.
"""

import json
import os
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest

from monitor.settings import READ_BY_COLUMN_ROWS
from pipelines.reading import UnreadableFile, limited
from tests.hostile import fuzz

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system whose processes can divide"),
]

CASES = {"bytes": 2_400, "inside": 1_200, "line": 600, "cells": 1_200, "labels": 1_200}
SLOWEST = 15
"""Seconds within which any case must end, on a busy machine."""


class Divided:
    """Asks the dividing child; takes the place of starting one for each file."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("forking.py")
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.deaths: list[str] = []

    def __call__(self, path: Path, kind: str, name: str) -> bytes:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([str(path), kind, READ_BY_COLUMN_ROWS]).encode() + b"\n")
        self.process.stdin.flush()
        code, size = struct.unpack("<iI", self.process.stdout.read(8))
        said = self.process.stdout.read(size)
        if code in (0, 1) and said:
            return said
        self.deaths.append(f"{name}: {code}")
        raise UnreadableFile(f"{name}: the reader stopped (code {code})")


@pytest.fixture(scope="module")
def divided() -> Iterator[Divided]:
    asked = Divided()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limited, "ask", asked)
        yield asked
    asked.process.stdin.close()  # type: ignore[union-attr]
    asked.process.wait(10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(scope="module")
def originals(divided, folder) -> list[fuzz.Original]:
    return fuzz.originals(folder)


def cases(folder: Path, originals: list[fuzz.Original], how: str) -> Iterator[tuple[str, Callable[[int], str]]]:
    """Without end: which file, and what spoils it by a number and says how that went."""
    if how in ("cells", "labels"):
        endings = ("xlsx", "ods", "xls", "csv") if how == "cells" else ("csv",)
        known = [
            (f"{o.name} {grid.sheet} as {ending}", fuzz.Cells(folder, o, grid, ending))
            for o in originals
            if o.publication and o.name != "made.zip"
            for grid in o.grids
            for ending in endings
            if ending != "xls" or sum(map(len, grid.rows)) < 2_000
        ]
        yield from cycle(
            [(name, cells.case if how == "cells" else cells.label_case) for name, cells in known if cells.figures]
        )
    spoil = {"bytes": fuzz.bytes_case, "inside": fuzz.inside_case, "line": fuzz.line_case}[how]
    fit = {"inside": lambda o: o.is_package, "line": lambda o: o.ending == "csv"}.get(how, lambda o: True)
    yield from cycle([(o.name, lambda n, o=o: spoil(folder, o, n)) for o in originals if fit(o)])


@pytest.mark.parametrize("how", list(CASES))
def test_no_spoiled_file_crashes_hangs_or_becomes_a_wrong_figure(folder, originals, divided, how) -> None:
    answers: Counter[str] = Counter()
    faults: list[str] = []
    divided.deaths.clear()
    for number, (name, case) in zip(range(CASES[how]), cases(folder, originals, how), strict=False):
        start = time.monotonic()
        try:
            answers[case(number)] += 1
        except Exception as fault:
            faults.append(f"{name}, {number}: {type(fault).__name__}: {fault}"[:400])
            print(faults[-1])
        if (took := time.monotonic() - start) > SLOWEST:
            faults.append(f"{name}, {number}: took {took:.0f} s")
    print(f"{how}: {dict(answers)}; readers that died: {divided.deaths}")
    assert faults == [], f"{len(faults)} of {CASES[how]}:\n" + "\n".join(faults[:20])
    # because a cell that holds something else leaves a sound file: it is read, whatever it says
    ways = {"read"} if how in ("cells", "labels") else {"read", "refused"}
    assert set(answers) == ways, "every file went one way: nothing is being tried"
