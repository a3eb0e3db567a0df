"""Where tables are, in the layouts of published sheets: every figure invented, the answer read off the sheet by eye."""

import pytest

from pipelines.reading import Grid
from pipelines.shape import Table, tables


def drawn(*rows: list) -> list[Table]:
    return tables(Grid("Sheet", [list(row) for row in rows]))


def read(table: Table) -> dict[tuple[object, ...], object]:
    """Each value by the labels of its row and the labels over its column."""
    found = {}
    for i, r in enumerate(table.rows):
        for j, c in enumerate(table.columns):
            if (value := table.grid.at(r, c)) is not None:
                labels = [axis.labels[i] for axis in table.side] + [axis.labels[j] for axis in table.top]
                found[tuple(label for label in labels if label is not None)] = value
    return found


TITLE = ["Table 1: Arrests by ethnic group"]


@pytest.mark.parametrize("cells", [("1 090", "1\u00a0102"), ("8.1%", "8.2%"), ("£90", "£102"), (" 90 ", "102r")])
def test_numbers_stored_as_text_are_the_body_of_a_table(cells: tuple[str, str]) -> None:
    [table] = drawn(TITLE, ["Ethnic group", "2021/22", "2022/23"], ["Asian", *cells], ["White", *cells])
    assert len(read(table)) == 4
    assert [axis.labels for axis in table.side] == [["Asian", "White"]]


def test_one_column_of_text_among_numbers_is_a_column_of_values() -> None:
    [table] = drawn(TITLE, ["Ethnic group", "2022", "2023"], ["Asian", 90.0, " 111 "], ["White", 690.0, "(777)"])
    assert read(table) == {
        ("Asian", "2022"): 90.0, ("Asian", "2023"): " 111 ", ("White", "2022"): 690.0, ("White", "2023"): "(777)",
    }  # fmt: skip


def test_a_header_cut_off_from_the_names_of_the_labels_is_one_header() -> None:
    [table] = drawn(
        ["Table 4. Uses of force, by officer-perceived age"],
        [],
        [None, None, "Perceived age"],
        [None, None, "Under 18", "18 and over"],
        ["Total number of incidents", None, 519.0, 28709.0],
        [],
        ["Type of force", "Tactic", None, None, None, "Total per tactic"],
        ["Restraint", "Handcuffing", 199.0, 19879.0, None, 21009.0],
        ["Restraint", "Ground restraint", 99.0, 987.0, None, 1203.0],
    )
    assert [axis.header for axis in table.side] == ["Type of force", "Tactic"]
    said = read(table)
    assert said["Restraint", "Handcuffing", "Perceived age", "18 and over"] == 19879.0
    assert said["Restraint", "Handcuffing", "Total per tactic"] == 21009.0
    assert said["Total number of incidents", "Perceived age", "Under 18"] == 519.0


def test_labels_in_steps_to_the_right_are_one_list_with_depths() -> None:
    [table] = drawn(
        ["Table 8A.4", None, None, None, "Prisoner population"],
        [None, None, None, None, "Unit", "North", "South"],
        ["Prisoner population"],
        [None, "Daily average"],
        [None, None, "2022-23"],
        [None, None, None, "Male", "no.", 11699.0, 6272.0],
        [None, None, None, "Female", "no.", 822.0, 339.0],
        [None, None, "2021-22"],
        [None, None, None, "Male", "no.", 11000.0, 6000.0],
        [None, None, None, "Female", "no.", 800.0, 300.0],
        ["(a)", "Excludes people in police cells."],
    )
    assert table.title == "Table 8A.4 Prisoner population"
    steps, unit = table.side
    assert list(zip(steps.labels, steps.depths, strict=True))[:6] == [
        ("Prisoner population", 0), ("Daily average", 1), ("2022-23", 2), ("Male", 3), ("Female", 3), ("2021-22", 2),
    ]  # fmt: skip
    assert unit.header == "Unit"
    assert table.blocks == {0, 1, 2, 5}


def test_two_tables_side_by_side_with_nothing_between_them() -> None:
    left, right = drawn(
        ["Table 1: Arrests by ethnic group and by sex"],
        ["Ethnic group", "2021/22", "2022/23", "Sex", "2021/22", "2022/23"],
        ["Asian", 90.0, 102.0, "Male", 800.0, 850.0],
        ["Black", 151.0, 160.0, "Female", 179.0, 239.0],
        ["White", 690.0, 760.0],
    )
    assert read(left)["White", "2022/23"] == 760.0
    assert read(right) == {
        ("Male", "2021/22"): 800.0, ("Male", "2022/23"): 850.0,
        ("Female", "2021/22"): 179.0, ("Female", "2022/23"): 239.0,
    }  # fmt: skip
    assert left.title == right.title


def test_two_tables_stacked_under_titles_of_their_own_without_an_empty_row() -> None:
    header = ["Ethnic group", "2021/22", "2022/23"]
    one, other = drawn(
        ["Arrests by ethnic group"], header, ["Asian", 90.0, 102.0], ["White", 690.0, 760.0],
        ["Convictions by ethnic group"], header, ["Asian", 9.0, 10.0], ["White", 69.0, 76.0],
    )  # fmt: skip
    assert (one.title, other.title) == ("Arrests by ethnic group", "Convictions by ethnic group")
    assert read(other)["White", "2022/23"] == 76.0


AGES = [10.0, 11.0, 12.0, 13.0]
OVER = [None, "Ethnicity", None, None, "Gender", None, None, "Age", None, None, None, None, None]
HEADER = ["Area", "Asian", "White", None, "Girls", "Boys", None, *AGES, None, "Total"]


def test_margins_side_by_side_with_single_ages_and_a_total_in_blocks_of_areas() -> None:
    def row(area: str, n: float) -> list:
        return [area, *(None if name is None else n + k for k, name in enumerate(HEADER[1:]))]

    [table] = drawn(
        ["Young people by demographics, 2012-13"], [],
        ["East"], OVER, HEADER, row("Bedford", 20.0), row("Luton", 40.0), [],
        ["North"], OVER, HEADER, row("Leeds", 60.0), row("Hull", 80.0),
    )  # fmt: skip
    said = read(table)
    assert said["Bedford", "Ethnicity", "Asian"] == 20.0
    assert said["Bedford", "Age", 10.0] == 26.0
    assert said["Hull", "Total"] == 91.0, "no group reaches over an empty column that ends each group"
    labels = [table.side[0].labels[i] for i in sorted(table.blocks)]
    assert labels == ["East", "North"]
    assert table.unsure == {}


def test_counts_under_a_heading_are_no_ages() -> None:
    [table] = drawn(
        ["Table 1: Children"], ["Area", "Asian", "White", "Age"], ["Kent", 5.0, 50.0, 20.0], ["Hull", 4.0, 40.0, 10.0]
    )
    assert [axis.header for axis in table.side] == ["Area"]


YEARS = ["2021/22", "2022/23"]


@pytest.mark.parametrize(
    ("over", "under", "unsure"),
    [
        (["Male", None, "Female", None], YEARS * 2, []),
        (["Total", None, "Male", None, "Female", None], YEARS * 3, []),
        ([None, "Male", None, "Female"], YEARS * 2, [0, 1, 2, 3]),
        ([None, "Male", None, None, "Female", None], ["2021", "2022", "2023"] * 2, [0, 1, 2, 3, 4, 5]),
        (["Asian", None, "Black", None, None], ["Male", "Female", "Male", "Female", "Total"], [4]),
        (["Male", None, "Female", None, None], [*YEARS, *YEARS, "2022/23 persons"], [4]),
    ],
    ids=["left", "three groups", "right-aligned", "centred", "a total under no group", "a column under no group"],
)
def test_a_group_header_that_does_not_line_up_is_not_certain(over: list, under: list, unsure: list[int]) -> None:
    counts = [
        [label, *(float(10 * n + k) for k in range(len(under)))] for n, label in enumerate(["Theft", "Robbery"], 7)
    ]
    [table] = drawn(["Table 9: Arrests"], [None, *over], ["Offence", *under], *counts)
    assert sorted(table.unsure) == unsure


def test_a_row_whose_label_was_lost_is_a_row_of_the_table() -> None:
    [table] = drawn(
        TITLE, ["Ethnic group", "2022", "2023"], ["Asian", 1.0, 2.0], [None, 3.0, 4.0], ["White", 5.0, 6.0],
        [], [None, 7.0, 8.0],
    )  # fmt: skip
    assert table.side[0].labels == ["Asian", None, "White"]


def test_a_record_without_its_count_is_a_row_and_no_heading() -> None:
    [table] = drawn(
        ["Prison", "Sex", "Ethnicity", "People"],
        ["Hull", "Male", "Asian", 12.0], ["Hull", "Male", "Black", None], ["Hull", "Male", "White", 70.0],
    )  # fmt: skip
    assert len(table.rows) == 3
    assert table.blocks == frozenset()


def test_marks_in_a_column_of_their_own_belong_to_the_figures_left_of_them() -> None:
    [table] = drawn(
        ["Table 15: Use"], ["Region", "Total", None, "Drawn", None], ["North", 344.0, "R", 54.0, None],
        ["South", 75.0, None, 11.0, "R"],
    )  # fmt: skip
    assert table.columns == [1, 3]
    assert table.beside == {0: 2, 1: 4}


def test_lines_about_the_file_under_a_table_are_no_table() -> None:
    [table] = drawn(
        TITLE, ["Ethnic group", "2021/22", "2022/23"], ["Asian", 90.0, 102.0], ["White", 690.0, 760.0],
        [], ["Data extracted", "12/03/2024"], ["Total records", 990.0, 1089.0], ["White", 1.0, 2.0],
    )  # fmt: skip
    assert len(table.rows) == 2
