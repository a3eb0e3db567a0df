"""Which rows of a table a declaration asks for, and which places its labels name."""

from collections.abc import Sequence

import numpy as np

from monitor.vocabulary import axis_places
from pipelines.labels import is_total, narrowed, text_of
from pipelines.reading.grid import Cell, Column
from pipelines.shape import Table
from pipelines.tidy.task import Task, plain


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
    said = ["" if label is None or is_total(label) else text_of(label) for label in labels]
    found = axis_places(said)
    return [p.code if p else text or None for p, text in zip(found, said, strict=True)]
