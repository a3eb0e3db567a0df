"""The child process that opens a file: run by its path, it prints the sheets as JSON, then the codes of long ones."""

import gc
import sys
from array import array
from pathlib import Path

import orjson

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


def answer(path: Path, kind: str, most_rows: int) -> tuple[int, bytes, list["array[int]"]]:
    """The exit code, the JSON (`sheets`, or `refused` in our words, or `error` in the reader's), and the codes of long
    sheets, whose lengths the JSON tells.
    """
    sys.path.insert(0, str(Path(__file__).parent))
    from opening import Refused, sheets_of
    from opening.sheets import finite

    sys.path.pop(0)
    try:
        sheets = sheets_of(path, kind, most_rows)
        codes = [column for sheet in sheets for column in sheet["codes"]]
        plain = [{**sheet, "codes": [len(column) for column in sheet["codes"]]} for sheet in sheets]
        finite(sheets)
        return 0, orjson.dumps({"sheets": plain}), codes
    except Refused as refused:
        return 1, said("refused", str(refused)), []
    except MemoryError:
        return 1, orjson.dumps({"memory": True}), []
    except BaseException as error:  # because a panic of the reader is no Exception
        return 1, said("error", f"{type(error).__name__}: {str(error)[:500]}"), []


def said(what: str, words: str) -> bytes:
    """Words as JSON, whatever characters of the file or its name they hold."""
    return orjson.dumps({what: words.encode(errors="replace").decode()})


def main(arguments: list[str]) -> int:
    """Read the file named and print its sheets: JSON on a line, then the codes of long sheets as they lie in memory."""
    path, kind = Path(arguments[0]), arguments[1]
    memory_mb, seconds, most_rows = map(int, arguments[2:5])
    gc.disable()  # because a child lives for one file, and counting its cells again and again takes as long as reading
    limit(memory_mb, seconds)
    code, line, codes = answer(path, kind, most_rows)
    sys.stdout.buffer.write(line + b" " * (-len(line) % 4 + 3) + b"\n")  # because numbers are read where they start
    for column in codes:
        sys.stdout.buffer.write(column)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
