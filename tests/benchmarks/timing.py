"""Seconds, measured so that two things can be compared on a machine that is doing something else as well.

What it makes true: what is compared is run in turn, again and again, and the median of each is taken, so that a
slow minute slows both. Refuses: to compare numbers of two runs.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Action = Callable[[], object]


def alternately(
    actions: Mapping[str, Action], repeats: int, before: Mapping[str, Action] | None = None
) -> dict[str, float]:
    """Median seconds of each action, run in turn `repeats` times after one run of each that does not count.

    `before` names what is done ahead of an action each time, outside its seconds.
    """
    seconds: dict[str, list[float]] = {name: [] for name in actions}
    for turn in range(repeats + 1):
        for name, action in actions.items():
            if before and name in before:
                before[name]()
            start = time.perf_counter()
            action()
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in seconds.items()}


def process(*arguments: str) -> Action:
    """An action that runs one whole Python process, such as `process("-c", "import typer")`."""
    return lambda: subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)
