"""Which rows of a table a declaration asks for, and which places its labels name."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from monitor.vocabulary import axis_places, clean_label
from pipelines.labels import is_total, narrowed, text_of
from pipelines.reading.grid import Cell, Column
from pipelines.shape import Table
from pipelines.tidy.task import Task, plain

MOSTLY = 0.9
"""So many of the places of a column must have one name in another to be the places of that."""
_CODE = re.compile(r"[EWKNSJ]\d{8}|[A-Z]{2,3}|[a-z]+/.+")


def selected(task: Task) -> Table:
    """The table with only the rows that the declaration selects by their labels (`where`). Raises `Unusable`."""
    table = task.table
    if not task.declared.where:
        return table
    by_header = {plain(a.header): a for a in table.side}
    keep = np.ones(len(table.rows), dtype=bool)
    for header, allowed in task.declared.where.items():
        labels = Column.of(by_header[task.header(header, by_header)].labels)
        keep &= np.array([v in allowed for v in labels.values], dtype=bool)[labels.codes]
    return table if keep.all() else narrowed(table, keep)


def places_of(labels: Sequence[Cell]) -> list[str | None]:
    """The codes of the places that labels name; a name on no official list stands for itself."""
    said = ["" if label is None or is_total(label) else clean_label(text_of(label)).text for label in labels]
    found = axis_places(said)
    return [p.code if p else text or None for p, text in zip(found, said, strict=True)]


def finest(columns: Sequence[Sequence[str | None]]) -> list[str | None]:
    """The places of rows that several columns name: the last one's, which are parts of those before.

    Where two columns name the same places, one for one but for a label or two (a code and a name), an official code
    goes before a name.
    """
    found = list(columns[0])
    for column in columns[1:]:
        pairs = {(a, b) for a, b in zip(found, column, strict=True) if a and b and _is_official(a)}
        names, codes = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
        alone = {a for a, b in pairs if names[a] == codes[b] == 1}
        same = alone if len(alone) >= MOSTLY * len(names) else set()
        found = [a if not b or (a in same and not _is_official(b)) else b for a, b in zip(found, column, strict=True)]
    return found


def _is_official(code: str) -> bool:
    return bool(_CODE.fullmatch(code))
