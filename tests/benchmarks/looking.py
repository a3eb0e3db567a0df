"""A quiet pass over 48 publications against the same requests alone, each time in a process of its own."""

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.measures import Measured

TESTS = Path(__file__).parents[1]


def looking(repeats: int = 3) -> list[Measured]:
    """The quiet pass in seconds of processor time, and on the clock. Raises where it asked or fetched too much."""
    passes = [_pass() for _ in range(repeats)]
    for one in passes:
        if one["most_requests_of_one"] > 2 or one["files_fetched"]:
            raise AssertionError(f"expected at most two requests of each and no file; found {one}")
    middle = sorted(passes, key=lambda one: one["cpu_seconds"] / one["compared_cpu_seconds"])[len(passes) // 2]
    number, requests = middle["publications"], middle["requests"]
    return [
        Measured(
            f"a quiet pass over {number} publications, {requests} requests (processor time)",
            middle["cpu_seconds"],
            "one process, the same requests and json.loads",
            middle["compared_cpu_seconds"],
            1.5,
        ),
        Measured("  on the clock", statistics.median(one["seconds"] for one in passes)),
    ]


def _pass() -> dict[str, Any]:
    command = [sys.executable, "-m", "world.passes"]
    outcome = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=True, timeout=300)
    said: dict[str, Any] = json.loads(outcome.stdout)
    return said
