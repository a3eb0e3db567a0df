"""The child process that opens a file: run by its path, it prints the sheets of the file it is given as JSON.

What it makes true: a file that exhausts memory, time or the reader itself ends the child, never the pass.
Why JSON and not pickle: the parent must not run anything that a hostile file could have made the child say.

It imports nothing of ours and is run by path, not as a module of a package, so that it starts in a few hundredths
of a second. Empty cells that end a row are not sent.
"""

import csv
import datetime as dt
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

DATE = "\x00"
"""Marks a date among the strings, because JSON has none."""


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(DATE, "") if value.strip() else None
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.datetime):
        return DATE + value.date().isoformat()
    if isinstance(value, dt.date):
        return DATE + value.isoformat()
    return None if value is None else str(value)


def _row(values: list[Any]) -> list[Any]:
    """One row without the empty cells that end it; numbers, which are most of it, go by untouched."""
    cells = [v if type(v) is float else _cell(v) for v in values]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


_HIDDEN_XLSX = re.compile(rb"<col\b[^>]*\bhidden=\"(?:1|true)\"[^>]*>")
_FIRST, _LAST = re.compile(rb'\bmin="(\d+)"'), re.compile(rb'\bmax="(\d+)"')


def _hidden_columns(path: Path, sheets: list[str]) -> dict[str, list[int]]:
    """Hidden columns of an xlsx workbook, which the reader does not tell.

    Read from the head of each sheet's part, before its data; sheets are matched by the workbook's own relations.
    """
    if not zipfile.is_zipfile(path):
        return {}
    hidden: dict[str, list[int]] = {}
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
            return {}
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        targets = {}
        for tag in re.findall(r"<Relationship\b[^>]*>", relations):
            identity, target = re.search(r'\bId="([^"]+)"', tag), re.search(r'\bTarget="([^"]+)"', tag)
            if identity and target:
                targets[identity[1]] = target[1].lstrip("/")
        order = [re.search(r'\br:id="([^"]+)"', tag) for tag in re.findall(r"<sheet\b[^>]*>", book)]
        for name, relation in zip(sheets, order, strict=False):
            part = targets.get(relation[1], "") if relation else ""
            part = part if part in names else f"xl/{part}"
            if part not in names:
                continue
            with archive.open(part) as stream:
                head = stream.read(1 << 16)
            head = head[: head.find(b"<sheetData")] if b"<sheetData" in head else head
            columns: set[int] = set()
            for tag in _HIDDEN_XLSX.findall(head):
                first, last = _FIRST.search(tag), _LAST.search(tag)
                if first and last:
                    columns.update(range(int(first[1]) - 1, min(int(last[1]), 16384)))
            hidden[name] = sorted(columns)
    return hidden


def _workbook(path: Path) -> list[dict[str, Any]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    hidden = _hidden_columns(path, book.sheet_names)
    return [
        {
            "sheet": name,
            "rows": [_row(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)],
            "hidden": hidden.get(name, []),
        }
        for name in book.sheet_names
    ]


_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\Z")


def _text_cell(value: str) -> Any:
    if _NUMBER.match(value) and not (len(value) > 1 and value[0] == "0" and value[1].isdigit()):
        return float(value.replace(",", ""))
    return value if value.strip() else None


def _delimited(path: Path) -> list[dict[str, Any]]:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = raw.decode("utf-8", "replace")
    rows = [[_text_cell(v) for v in row] for row in csv.reader(text.splitlines(keepends=True))]
    return [{"sheet": path.name, "rows": rows, "hidden": []}]


def _limit(memory_mb: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # because Windows has no rlimits; the parent's own watch holds there
        return
    for what, value in ((resource.RLIMIT_AS, memory_mb << 20), (resource.RLIMIT_CPU, seconds)):
        resource.setrlimit(what, (value, value))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> int:
    """Read the file named, print its sheets. Exit 1 with one line of reason when it cannot be read."""
    path, kind, memory_mb, seconds = Path(arguments[0]), arguments[1], int(arguments[2]), int(arguments[3])
    _limit(memory_mb, seconds)
    try:
        sheets = _delimited(path) if kind == "csv" else _workbook(path)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
        return 1
    # because dumps is written in C and dump is not
    sys.stdout.write(json.dumps({"sheets": sheets}, separators=(",", ":"), allow_nan=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
