"""What rows and headings put in force, where a total, a generic word or a list for everyone stands in a block."""

import pytest

from pipelines.labels import State, read_labels
from pipelines.reading import Grid
from pipelines.reading.grid import Cell
from pipelines.shape import tables


def rows_of(*body: tuple[Cell, ...], title: str = "Table 1: Deaths by ethnicity and sex") -> dict[int, State]:
    """What is in force at each row of a small table, by its place in the body."""
    cells: list[list[Cell]] = [[float(c) if isinstance(c, int) else c for c in row] for row in body]
    [table] = tables(Grid("Table_1", [[title], [], [None, "2021/22", "2022/23"], *cells]))
    labels = read_labels(table)
    return {r - 3: labels.row(i) for i, r in enumerate(table.rows)}


def said(state: State) -> dict[str, str] | str:
    return state.refused or {d: p.meaning.category for d, p in state.scope.items() if p.meaning.kind != "total"}


ETHNICITY = (("Total", 9, 8), ("White", 5, 5), ("Asian", 3, 1), ("Black", 1, 1), ("Other", 0, 1))


def test_a_total_right_under_a_heading_is_of_those_the_heading_names() -> None:
    found = rows_of(("MALES AND FEMALES",), *ETHNICITY, ("MALES",), *ETHNICITY, ("FEMALES",), *ETHNICITY)
    assert [said(found[i]) for i in (1, 2, 5)] == [{}, {"ethnicity": "White"}, {"ethnicity": "Other"}]
    for first, sex in ((7, "male"), (13, "female")):
        assert [said(found[first + i]) for i in (0, 1, 4)] == [
            {"sex": sex}, {"sex": sex, "ethnicity": "White"}, {"sex": sex, "ethnicity": "Other"}
        ]  # fmt: skip


def test_a_bare_other_under_a_heading_of_men_is_no_sex() -> None:
    body = (("Total", 9, 8), ("Homicides", 5, 5), ("Self-inflicted", 3, 1), ("Other", 1, 2))
    found = rows_of(("MALES",), *body, ("FEMALES",), *body, title="Table 1: Deaths by cause and gender")
    assert [said(found[i]) for i in (1, 6)] == [{"sex": "male"}, {"sex": "female"}]
    assert all(found[i].refused for i in (4, 9))


SENTENCED = (("Remand", 2, 3), ("Sentenced", 4, 5))


@pytest.mark.parametrize(
    ("prisons", "expected"), [((12, 16), [{"sex": "male", "custody_setting": "prison"}]), ((10, 14), None)]
)
def test_a_list_for_the_whole_block_after_its_last_group_is_not_of_that_group(prisons, expected) -> None:
    """Men: 12 and 16, of whom 6 and 8 of each age; those in prison are as many as the block, or nobody can say."""
    block = (("15-17 year olds", 6, 8), *SENTENCED, ("18-20 year olds", 6, 8), *SENTENCED)
    after = (("Prisons", *prisons), ("Police cells", 0, 1))
    title = "Table 1: Prison population by type of custody, age group and sex"
    found = rows_of(("Males", 12, 16), *block, *after, ("Females", 12, 16), *block, *after, title=title)
    assert said(found[5]) == {"sex": "male", "age": "18-20", "legal_status": "remand"}
    if expected:
        assert [said(found[7])] == expected
        assert said(found[8]) == {"sex": "male", "custody_setting": "police_cell"}
    else:
        assert found[7].refused and found[8].refused
