"""A child process held to limits of memory and time while it reads one file, and ended in any case."""

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

import psutil

from monitor.settings import READ_BY_COLUMN_ROWS, READ_MEMORY_MB, READ_SECONDS
from pipelines.reading.grid import UnreadableFile

CHILD = Path(__file__).with_name("child.py")
MOST_ANSWERED_MB = 1024
_WATCH_SECONDS = 0.05
"""How often the child's memory and time are looked at."""


class _Answer(threading.Thread):
    """Takes what the child prints as it comes, up to the limit."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self.pipe, self.pieces, self.size = pipe, list[bytes](), 0

    def run(self) -> None:
        while piece := self.pipe.read(1 << 20):
            self.size += len(piece)
            if self.size > MOST_ANSWERED_MB << 20:
                break
            self.pieces.append(piece)


def ask(path: Path, kind: str, name: str) -> bytes:
    """What the child says of the file: JSON on a line, then the codes of long sheets. Raises `UnreadableFile`."""
    limits = map(str, (READ_MEMORY_MB, READ_SECONDS, READ_BY_COLUMN_ROWS))
    # because without `-P` what lies in the working folder could be taken for a library
    command = [sys.executable, "-P", str(CHILD), str(path), kind, *limits]
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints)
        assert child.stdout is not None
        answer = _Answer(child.stdout)
        answer.start()
        end = time.monotonic() + READ_SECONDS
        reason = ""
        try:
            while answer.is_alive() and not reason:
                answer.join(_WATCH_SECONDS)
                reason = _excess(child.pid, end) if answer.is_alive() else ""
        finally:
            if reason or answer.is_alive() or answer.size > MOST_ANSWERED_MB << 20:
                child.kill()
            code = child.wait()
            answer.join()
            child.stdout.close()
        complaints.seek(0)
        said = complaints.read(4096)
    if answer.size > MOST_ANSWERED_MB << 20:
        reason = f"more than {MOST_ANSWERED_MB} MB of cells"
    if reason:
        raise UnreadableFile(f"{name}: reading it took {reason}; refused. The bytes are kept.")
    if code in (0, 1) and answer.pieces:
        return b"".join(answer.pieces)
    raise UnreadableFile(_stopped(name, code, said))


def out_of_memory(name: str) -> str:
    """The message for a file that outgrew its memory."""
    return (
        f"{name}: reading it took more than {READ_MEMORY_MB} MB of memory, as repeated or far-off cells make it; "
        "refused. The bytes are kept; ask the publisher for a CSV."
    )


def _stopped(name: str, code: int, said: bytes) -> str:
    if b"memory allocation" in said or b"MemoryError" in said or b"capacity overflow" in said:
        return out_of_memory(name)
    if code == -24:  # because SIGXCPU is how a limit of processor time ends a process
        return f"{name}: reading it took more than {READ_SECONDS} seconds; refused. The bytes are kept."
    return f"{name}: the reader stopped (code {code}); the file is not readable. The bytes are kept."


def _excess(pid: int, end: float) -> str:
    """Which limit the child is over, in words; empty while it keeps to them."""
    if time.monotonic() > end:
        return f"more than {READ_SECONDS} seconds"
    try:
        if psutil.Process(pid).memory_info().rss > READ_MEMORY_MB << 20:
            return f"more than {READ_MEMORY_MB} MB of memory"
    except psutil.Error:
        pass  # because it has just ended, and its answer is on its way
    return ""
