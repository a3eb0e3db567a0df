"""The child that reads a file, started once and divided for each file: `python forking.py`, asked line by line.

Why: a case of the night's thousands costs a hundredth of a second instead of a tenth. What reads, and under which
limits, is the product's own child; each file still has a process of its own, which may die of it.
"""

import json
import os
import signal
import struct
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 20
"""After which a case hangs."""


def serve() -> None:
    """Answer each line `[path, kind, most rows]` with the exit code, the length of the answer, and the answer.

    A sheet of more rows than that is held by column, as the product's child does.
    """
    sys.path.insert(0, str(ROOT / "pipelines" / "reading"))
    import child
    import opening.delimited
    import opening.office
    import opening.old_excel
    import opening.opendocument
    import python_calamine

    assert opening.delimited and opening.office and opening.old_excel and opening.opendocument and python_calamine
    for line in sys.stdin:
        path, kind, most_rows = json.loads(line)
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            signal.alarm(SECONDS)
            child.limit(2048, SECONDS)
            code, said, codes = child.answer(Path(path), kind, most_rows)
            with os.fdopen(writing, "wb") as out:
                out.write(said + b" " * (-len(said) % 4 + 3) + b"\n")
                for column in codes:
                    out.write(column)
            os._exit(code)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        sys.stdout.buffer.write(struct.pack("<iI", code, len(said)) + said)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve()
