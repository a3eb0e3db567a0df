"""What headings put in force over a total, an "Other" or an "of which" in the list under them."""

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


def test_a_bare_other_under_a_heading_of_men_is_no_sex_and_of_which_ends_no_heading() -> None:
    body = (("Total", 9, 8), ("Homicides", 5, 5), ("Other", 4, 3), ("of which",), ("Awaiting an inquest", 1, 2))
    found = rows_of(("MALES",), *body, ("FEMALES",), *body, title="Table 1: Deaths by cause and gender")
    assert [found[i].category("sex") for i in range(1, 6)] == ["male"] * 5
    assert [found[i].category("sex") for i in range(7, 12)] == ["female"] * 5
