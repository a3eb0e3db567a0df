"""The child process that opens a file: run by its path, it prints the sheets of the file it is given as JSON.

What it makes true: a file that exhausts memory, time or the reader itself ends the child, never the pass.
Why JSON and not pickle: the parent must not run anything that a hostile file could have made the child say.

It imports nothing of ours but `opening` beside it, so that it starts in a few hundredths of a second.
"""

import json
import sys
from pathlib import Path

MOST_WRITTEN = 1 << 20
"""Bytes the child may write to any file: it has nothing to write but complaints."""


def limit(memory_mb: int, seconds: int) -> bool:
    """Have the operating system hold this process to its limits. False where it cannot; the parent's watch remains."""
    try:
        import resource
    except ImportError:  # because Windows has no such limits
        return False
    for what, value in (
        (resource.RLIMIT_AS, memory_mb << 20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (value, value))
        except (ValueError, OSError):  # because a container can hold a lower limit, and macOS refuses one of memory
            continue
    return True


def answer(path: Path, kind: str) -> tuple[int, str]:
    """The exit code and the JSON: `sheets`, or `refused` in our words, or `error` in the reader's."""
    sys.path.insert(0, str(Path(__file__).parent))
    from opening import Refused, sheets_of
    from opening.sheets import finite

    sys.path.pop(0)
    try:
        sheets = sheets_of(path, kind)
        # because dumps is written in C and dump is not
        try:
            return 0, json.dumps({"sheets": sheets}, separators=(",", ":"), allow_nan=False)
        except ValueError:
            finite(sheets)
            return 0, json.dumps({"sheets": sheets}, separators=(",", ":"), allow_nan=False)
    except Refused as refused:
        return 1, json.dumps({"refused": str(refused)})
    except MemoryError:
        return 1, json.dumps({"memory": True})
    except BaseException as error:  # because a panic of the reader is no Exception
        return 1, json.dumps({"error": f"{type(error).__name__}: {str(error)[:500]}"})


def main(arguments: list[str]) -> int:
    """Read the file named and print its sheets."""
    path, kind, memory_mb, seconds = Path(arguments[0]), arguments[1], int(arguments[2]), int(arguments[3])
    limit(memory_mb, seconds)
    code, said = answer(path, kind)
    sys.stdout.write(said)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
