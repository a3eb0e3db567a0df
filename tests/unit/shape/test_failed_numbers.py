"""A number that a spreadsheet could not work out is an unreadable number: not a label, not a gap in the table."""

import time

import pytest

from monitor.declarations import Publication, parse
from pipelines.reading import Grid
from pipelines.shape import is_value, tables
from pipelines.tidy import tidy

DECLARED = """
id = "made"
title = "Made"
publisher = "nobody"

[[table]]
id = "people"
title = "People by ethnic group and sex"
measure = "people"
population = "people"
period = "30 June 2022"
rows = ["ethnicity"]
columns = ["sex"]
"""
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


def figures_with(cell: str):
    rows = [
        ["Table 1: People by ethnic group and sex"],
        [None, "Male", "Female"],
        ["Asian", cell, 20.0],
        ["White", cell, 40.0],
    ]
    return tidy([Grid("Table_1", rows)], parse(Publication, DECLARED, "made.toml"), edition="2022")


@pytest.mark.parametrize("cell", ["=SUM(B4:B9)", "='Sheet 2'!B3*100", *ERRORS])
def test_what_could_not_be_worked_out_is_kept_as_unreadable_with_its_cell_and_reported(cell: str) -> None:
    tidied = figures_with(cell)
    unread = tidied.figures.filter(status="unreadable")
    assert sorted(unread["cell"]) == ["B3", "B4"]
    assert unread["value"].null_count() == 2
    assert tidied.figures.filter(status="published")["value"].to_list() == [20.0, 40.0]
    [problem] = [p for p in tidied.problems if p.check == "values_readable"]
    assert problem.cells == ("B3", "B4")


def test_a_table_of_nothing_but_formulas_is_still_a_table() -> None:
    rows = [[None, "Male", "Female"], ["Asian", "=A1", "=A2"], ["White", "=A3", "=A4"]]
    [table] = tables(Grid("Table_1", rows))
    assert table.rows == [1, 2]
    assert table.columns == [1, 2]


@pytest.mark.parametrize("label", ["White", "Number of people", "#hashtag", "A = B", "N/A (not asked)"])
def test_words_are_no_numbers(label: str) -> None:
    assert not is_value(label)


def test_a_cell_of_a_novel_is_looked_at_once() -> None:
    """The pattern for a number with marks would go over it again for every letter."""
    start = time.perf_counter()
    assert not is_value("1" * 32_000 + " words")
    assert not is_value("1,(1)" * 6_000)
    assert time.perf_counter() - start < 0.5
