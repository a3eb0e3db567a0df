"""Every filled cell is accounted for: what a sheet holds adds up, and what yields nothing is named with its cells."""

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.account import Account, Cause, Understood, account
from pipelines.reading import Grid, read
from pipelines.reading.grid import Column, Rows
from pipelines.shape import Role, sheet

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "published"
FILES = sorted(str(p.relative_to(PUBLISHED)) for p in PUBLISHED.rglob("*.*"))

ROWS = [
    ["Table 1: People by ethnic group"],
    ["Source: nobody"],
    [None, "Notes", "Male", "Female"],
    ["Asian", "[note 1]", 10.0, "[c]"],
    ["Plaid", None, 20.0, 30.0],
    ["White", None, 40.0, "forty", None, 999.0],
    [],
    ["1. Counts of people."],
]


def roles(grid: Grid) -> dict[str, str]:
    found = sheet(grid)
    return {
        grid.address(r, c): Role(found.roles[r, c]).name
        for r, row in enumerate(grid.rows) for c, cell in enumerate(row) if cell is not None
    }  # fmt: skip


def test_each_cell_of_a_sheet_has_its_role() -> None:
    assert roles(Grid("T1", ROWS)) == {
        "A1": "TITLE", "A2": "NOTE", "B3": "LABEL", "C3": "LABEL", "D3": "LABEL",
        "A4": "LABEL", "B4": "NOTE", "C4": "FIGURE", "D4": "FIGURE",
        "A5": "LABEL", "C5": "FIGURE", "D5": "FIGURE",
        "A6": "LABEL", "C6": "FIGURE", "D6": "REFUSED", "F6": "NOT_UNDERSTOOD", "A8": "NOTE",
    }  # fmt: skip


def test_figures_of_a_row_that_was_not_understood_are_named_with_the_reason() -> None:
    one = sheet(Grid("T1", ROWS))
    [table] = one.tables
    plaid = Cause("the row 'Plaid'", "the vocabulary has no ethnic group of that name")
    women = Cause("the column 'Female'", "its group is not certain", refused=True)
    said = account([one], {id(table): Understood.of(table, rows={1: plaid}, columns={1: women})})
    assert said.account == Account(17, titles=1, notes=3, labels=6, figures=2, refused=3, not_understood=2)
    named = {u.why: u.cells for u in said.unread}
    assert named[plaid.why] == ("C5",)
    assert named[women.why] == ("D4:D5",)


def test_a_table_of_which_nothing_is_said_was_not_understood() -> None:
    said = account([sheet(Grid("T1", ROWS))], {})
    assert said.account.figures == 0
    assert said.account.not_understood == 6


def test_an_account_that_does_not_add_up_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not add up"):
        Account(cells=3, titles=1)
    assert Account(2, titles=1, notes=1) + Account(1, labels=1) == Account(3, titles=1, notes=1, labels=1)


PROSE = [["Cover"], ["These tables are about people."], ["Contact: 020 7946 0000"]]
CONTENTS = [["Contents"], ["Table", "Title"], *([f"A.{n}", f"People arrested by thing {n}"] for n in range(12))]
SYMBOLS = [["Symbols"], ["..", "Not available"], [0.0, "Nil or less than half"], ["-", "Not applicable"]]
NOTES = [["Notes"], ["Note number", "Note text"], [1.0, "Asian includes Chinese."], [2.0, "Counted on one day."]]


@pytest.mark.parametrize(
    "rows", [[], PROSE, CONTENTS, SYMBOLS, NOTES], ids=["empty", "prose", "contents", "symbols", "notes"]
)
def test_prose_and_lists_are_notes(rows: list) -> None:
    assert set(roles(Grid("Notes", rows)).values()) <= {"TITLE", "NOTE"}


def test_records_of_people_without_counts_are_not_understood() -> None:
    people = [["Sex", "Ethnicity", "Outcome"], *[["Male", "Asian", "Proved"], ["Female", "White", "Dismissed"]] * 9]
    one = sheet(Grid("people.csv", people))
    assert one.tables == []
    [unread] = one.unread
    assert unread.what == "records"


def test_numbers_that_nothing_names_are_not_understood() -> None:
    said = sheet(Grid("Scratch", [["Working"], [1.5, 2.5], [3.5, 4.5]]))
    [unread] = said.unread
    assert unread.cells == ("A2:B3",)
    assert unread.count == 4


cells = st.one_of(
    st.none(), st.floats(0, 9999, allow_nan=False),
    st.sampled_from(["Male", "Table 1: People", "[c]", "1,234", "Note 1: words", "2021/22", "..", "White", "Total"]),
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(st.lists(cells, max_size=6), max_size=14))
def test_any_sheet_is_accounted_for_to_the_last_cell(rows: list) -> None:
    said = account([sheet(Grid("any", rows))], {})
    assert said.account.cells == sum(cell is not None for row in rows for cell in row)
    left = sum(u.count for u in said.unread)
    assert left == said.account.not_understood + said.account.refused


@lru_cache(maxsize=2)
def grids(file: str) -> list[Grid]:
    return read(PUBLISHED / file)


@pytest.mark.skipif(not PUBLISHED.exists(), reason="needs the published files beside the checkout")
@pytest.mark.parametrize("file", FILES)
def test_every_published_sheet_is_accounted_for_by_row_as_by_column(file: str) -> None:
    for grid in grids(file):
        by_row = replace(grid, rows=[list(row) for row in grid.rows])
        by_column = replace(grid, rows=Rows([Column.of(cells) for cells in zip_longest(*by_row.rows)]))
        one, other = sheet(by_row), sheet(by_column)
        assert (one.roles == other.roles).all()
        assert one.unread == other.unread
        filled = Counter(cell is not None for row in by_row.rows for cell in row)[True]
        assert Account.of(one.roles).cells == filled
