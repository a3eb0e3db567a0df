"""A cited table in each format people ask for: one module a format, each `write(table, path)`, byte for byte stable."""

import difflib
from importlib import import_module
from pathlib import Path

from dashboards.cited import CitedTable

FORMATS = {name: name for name in ("docx", "odt", "ods", "xlsx", "csv", "html")} | {"md": "markdown", "json": "json"}
"""The module of each format, by the name it has on the command line."""


class UnknownFormat(ValueError):
    """A format nobody wrote."""


def write(table: CitedTable, format: str, path: Path) -> None:
    """Write `table` in `format` to `path`, whole or not at all. Raises `UnknownFormat`."""
    if format not in FORMATS:
        close = difflib.get_close_matches(format, FORMATS, n=1, cutoff=0.3)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise UnknownFormat(f"no format is called {format!r}; there are {', '.join(FORMATS)}.{hint}")
    partial = path.with_name(f"{path.name}.part")
    # because python-docx and openpyxl take half a second to import, and one run writes one format
    import_module(f"dashboards.writers.{FORMATS[format]}").write(table, partial)
    partial.replace(path)
