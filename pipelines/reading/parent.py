"""Bytes on disk to grids, safely: what a file is by its first bytes, then a child process with limits.

What it makes true: whatever a file is, the answer is its grids or one `UnreadableFile` that says what was
expected, what was found and what to do. What it refuses: trusting a file's name for what it is.
"""

import datetime as dt
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import psutil

from monitor.settings import READ_MAX_MB, READ_MEMORY_MB, READ_SECONDS
from pipelines.reading.child import DATE
from pipelines.reading.grid import Cell, Grid, UnreadableFile
from pipelines.reading.transcription import transcribed_grids

_CHILD = Path(__file__).with_name("child.py")
_WATCH_SECONDS = 0.05
"""How often the child's memory and time are looked at."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(path: Path, name: str) -> str:
    """`workbook`, `csv` or `transcription`, by the first bytes. Raises `UnreadableFile` for anything else."""
    if not path.exists():
        raise UnreadableFile(f"{name}: no such file; expected an .xlsx, .ods, .xls or .csv file. Check the path.")
    if path.is_dir():
        raise UnreadableFile(f"{name}: is a folder; expected one .xlsx, .ods, .xls or .csv file.")
    if (size := path.stat().st_size) > READ_MAX_MB << 20:
        raise UnreadableFile(f"{name}: {size >> 20} MB; files above {READ_MAX_MB} MB are not read.")
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip():
        raise UnreadableFile(f"{name}: the file is empty; expected a workbook or a CSV. Fetch it again.")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        raise UnreadableFile(
            f"{name}: a web page was served where a spreadsheet was expected. Open the publisher's page and "
            "fetch the attachment itself."
        )
    if head.startswith(b"PK\x03\x04"):
        return _zipped_kind(path, name)
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes()[: 1 << 20]:
            raise UnreadableFile(f"{name}: encrypted; ask the publisher for the file without a password.")
        return "workbook"
    if head.startswith(b"%PDF"):
        raise UnreadableFile(f"{name}: a PDF was found where a spreadsheet was expected.")
    if b"\x00" in head:
        raise UnreadableFile(f"{name}: neither a workbook nor text; expected .xlsx, .ods, .xls or .csv.")
    return "csv"


def _zipped_kind(path: Path, name: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise UnreadableFile(f"{name}: encrypted; ask the publisher for the file without a password.")
            total = 0
            for part in archive.infolist():
                total += part.file_size
                if part.file_size > 1 << 20 and part.file_size > 200 * max(part.compress_size, 1):
                    raise UnreadableFile(
                        f"{name}: part {part.filename} unpacks to {part.file_size >> 20} MB from "
                        f"{part.compress_size >> 10} KB; refused as a decompression bomb."
                    )
            if total > 1 << 29:
                raise UnreadableFile(f"{name}: unpacks to {total >> 20} MB; above 512 MB is not read.")
    except zipfile.BadZipFile:
        raise UnreadableFile(
            f"{name}: the file is cut short or damaged (its zip directory is missing). Fetch it again."
        ) from None
    if not {"xl/workbook.xml", "content.xml", "xl/workbook.bin"} & names:
        raise UnreadableFile(f"{name}: a zip file without a workbook in it; expected .xlsx or .ods.")
    return "workbook"


def read(path: Path, name: str | None = None, *, transcription: bool = False) -> list[Grid]:
    """Every sheet of the file as a `Grid`. `name` is how the file is called in messages.

    Raises `UnreadableFile`; nothing else escapes for any content of the file.
    """
    name = name or path.name
    if transcription:
        return transcribed_grids(path)
    kind = kind_of(path, name)
    grids = _grids(_in_child(path, kind, name), name)
    if kind == "csv":
        grids[0].sheet = name  # because a CSV's only sheet is the file, by the publisher's name and not by ours
    return grids


def _in_child(path: Path, kind: str, name: str) -> bytes:
    """The child's answer: JSON on success. Killed when it takes too long or too much memory.

    `-P` keeps the working folder off its path, so that nothing lying there is taken for a library.
    """
    command = [sys.executable, "-P", str(_CHILD), str(path), kind, str(READ_MEMORY_MB), str(READ_SECONDS)]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    end = time.monotonic() + READ_SECONDS
    reason = ""
    while True:
        try:
            answer, _ = child.communicate(timeout=_WATCH_SECONDS)
            break
        except subprocess.TimeoutExpired:
            reason = reason or _excess(child.pid, end)
            if reason:
                child.kill()
    if reason:
        raise UnreadableFile(f"{name}: reading it took {reason}; refused. The bytes are kept.")
    if child.returncode not in (0, 1) or not answer:
        raise UnreadableFile(
            f"{name}: the reader stopped (code {child.returncode}); the file is not readable. The bytes are kept."
        )
    return answer


def _excess(pid: int, end: float) -> str:
    """Which limit the child is over, in words; empty while it keeps to them."""
    if time.monotonic() > end:
        return f"more than {READ_SECONDS} seconds"
    try:
        if psutil.Process(pid).memory_info().rss > READ_MEMORY_MB << 20:
            return f"more than {READ_MEMORY_MB} MB of memory"
    except psutil.NoSuchProcess:
        pass  # because it has just ended, and its answer is on its way
    return ""


def _value(cell: str | float | None) -> Cell:
    if isinstance(cell, str) and cell.startswith(DATE):
        return dt.date.fromisoformat(cell[1:])
    return cell


def _grids(answer: bytes, name: str) -> list[Grid]:
    said = json.loads(answer)
    if "error" in said:
        raise UnreadableFile(
            f"{name}: not readable as a spreadsheet ({said['error'][:200]}). Expected .xlsx, .ods, .xls or .csv; "
            "fetch it again or ask the publisher."
        )
    return [
        Grid(
            sheet=s["sheet"],
            rows=[[_value(c) for c in row] for row in s["rows"]],
            hidden_columns=frozenset(s["hidden"]),
        )
        for s in said["sheets"]
    ]
