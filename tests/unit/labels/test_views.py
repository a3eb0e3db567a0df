"""One column that holds several dimensions is as many lists as its selector has words."""

from dataclasses import replace

import numpy as np

from pipelines.labels import views
from pipelines.reading import Grid
from pipelines.reading.grid import Cell, Column
from pipelines.shape import Table, tables

AGES, GROUPS = ("18 - 20", "21 - 24"), ("Asian", "Black")


def stacked() -> Table:
    rows: list[list[Cell]] = [["View", "Prison", "Group", "People"]]
    for view, labels in (("By age", AGES), ("By ethnicity", GROUPS)):
        rows += [[view, prison, label, 3.0] for prison in ("Ashfield", "Bedford") for label in labels]
    [table] = tables(Grid("Data", rows))
    return table


def test_a_selector_is_known_by_the_words_that_stand_in_its_rows() -> None:
    """A column of a large sheet knows the sheet's other words too: its header, and nothing."""
    table = stacked()
    side = []
    for axis in table.side:
        column = Column.of(axis.labels)
        known = Column([None, axis.header, *column.values], np.asarray(column.codes) + 2)
        side.append(replace(axis, labels=known))
    for held in (table, replace(table, side=side)):
        assert [v.where for v in views(held)] == [{0: ("By age",)}, {0: ("By ethnicity",)}]
        assert [set(v.table.side[2].labels) for v in views(held)] == [set(AGES), set(GROUPS)]
