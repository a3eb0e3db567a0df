"""Labels that are damaged, lost or elsewhere: what they may have said is refused, and is not called absent."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from pipelines.reading.grid import Grid
from pipelines.survey import survey
from tests.hostile.undeclared import drafted

YEARS = ["2019/20", "2020/21", "2021/22"]


def sheet(*rows: list[Any], name: str = "1") -> Grid:
    return Grid(name, [[float(c) if isinstance(c, int) else c for c in row] for row in rows])


def read(*rows: list[Any], name: str = "1") -> dict[str, dict[str, Any]]:
    return {f["cell"]: f for f in drafted(sheet(*rows, name=name))}


def answers(*rows: list[Any], name: str = "1") -> dict[str, str]:
    return survey([sheet(*rows, name=name)]).characteristics


def test_a_mark_is_no_group() -> None:
    figures = read(["Sex", *YEARS], ["Male", 4, 5, 6], ["Female", 7, 8, 9], ["[x]", 1, 2, 3], ["Total", 12, 15, 18])
    assert figures["B2"]["sex"] == "male"
    assert "B4" not in figures


def test_a_header_one_column_beside_its_numbers_is_refused() -> None:
    assert not read(["Sex", None, *YEARS], ["Male", 4, 5, 6], ["Female", 7, 8, 9])
    assert read(["Sex", *YEARS], ["Male", 4, 5, 6], ["Female", 7, 8, 9])


def test_a_group_over_a_label_is_no_parent_of_another_dimensions_group() -> None:
    groups = ["Asian", "Black", "Mixed", "Other", "White", "Not stated"]
    figures = read(
        ["Defendants by sex and ethnicity, 2021"],
        [None, "Male", *[None] * 5, "Female"],
        ["Offence group", *groups, *groups],
        ["Robbery", *range(40, 52)],
        ["Theft offences", *range(60, 72)],
    )
    assert [(figures[f"{c}4"]["sex"], figures[f"{c}4"]["ethnicity"]) for c in "EGHK"] == [
        ("male", "Other"), ("male", "Not stated"), ("female", "Asian"), ("female", "Other"),
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["Table 2: Disability", "Table 2"])
def test_one_group_beside_a_row_without_a_label_leaves_its_characteristic_open(title: str) -> None:
    rows = [title], [], ["Group", *YEARS], ["Disabled", 4, 5, 6], [None, 7, 8, 9], ["Not known", 1, 2, 3]
    assert answers(*rows)["disability"] == "unclear"


def test_a_heading_over_an_empty_column_names_its_characteristic() -> None:
    rows = [
        ["year", "age_group", "sex", "count"],
        *(["2021/22", None, s, n] for s, n in zip("MFMF", (4, 5, 6, 7), strict=True)),
    ]
    assert answers(*rows, name="open.csv")["age"] == "unclear"
    assert not read(*rows, name="open.csv"), "the rows stand twice: an age parts them that nobody can read"


def test_a_date_among_words_dates_nothing() -> None:
    rows = (
        ["Previous offences", *YEARS],
        ["0", 4, 5, 6],
        ["1 - 2", 4, 5, 6],
        ["Nov-14", 1, 2, 3],
        ["15 or more", 4, 5, 6],
    )
    assert {f["period_start"] for f in read(*rows).values()} <= {"2019-04-01", "2020-04-01", "2021-04-01"}
    assert not read([None, *YEARS], [dt.date(2014, 10, 1), 4, 5, 6], [dt.date(2015, 10, 1), 7, 8, 9])


def test_blocks_that_lost_their_labels_are_all_in_doubt() -> None:
    block = ["Male", 4, 5, 6], ["Female", 7, 8, 9], ["Not known", 1, 2, 3]
    assert not read([None, *YEARS], *block, *block, *block)


def test_a_total_that_stands_again_with_other_numbers_is_another_total() -> None:
    block = ["All ethnicities", 11, 13, 15], ["Asian", 4, 5, 6], ["Black", 7, 8, 9]
    assert {"B2", "B5"} <= read(["Ethnicity", *YEARS], *block, ["All ethnicities", 11, 13, 15]).keys()
    assert not {"B2", "B5"} & read(["Ethnicity", *YEARS], *block, ["All ethnicities", 5, 6, 7]).keys()


def test_a_column_of_one_header_twice_is_refused() -> None:
    rows = [["Sex", "Searches", "Searches", "Rate"], ["Male", 4, 4, 0.5], ["Female", 7, 7, 0.5]]
    assert set(read(*rows)) & {"B2", "C2"} == set()


def test_a_total_over_areas_is_of_the_whole() -> None:
    figures = read(["Region", *YEARS], ["North East", 4, 5, 6], ["Wales", 7, 8, 9], ["Sub-total", 11, 13, 15])
    assert figures["B4"]["place_code"] == "not stated"  # because nothing there says of which country


def test_labels_made_alike_say_each_for_itself() -> None:
    rows = [["Ethnicity and legal basis", *YEARS], ["White - Remand", 4, 5, 6], ["White - DTO", 7, 8, 9]]
    assert "remand" not in (read(*rows).get("B3") or {"circumstances": ""})["circumstances"]


def test_one_date_among_words_is_no_period() -> None:
    october = dt.date(2014, 10, 1)
    rows = [["Code", "Name", "All ages", 0, 1, 2, 3], ["E1", october, 96, 4, 5, 6, 7], ["W1", "WALES", 96, 4, 5, 6, 7]]
    assert not any(f["period_end"] == october.isoformat() for f in read(["Males by age, mid-2019"], [], *rows).values())
    assert read(["Date", "Male"], [october, 5], [dt.date(2015, 10, 1), 6])["B2"]["period_end"] == october.isoformat()


def test_a_word_beside_the_name_of_a_group_is_no_measure() -> None:
    assert not read(["Remand"], [], ["Date", "aMle", "Female"], ["2024-01-28", 4, 5], ["2024-02-28", 6, 7])


def test_a_header_that_moved_within_the_columns_is_refused() -> None:
    years = [None, None, 2022, None, None, 2023]
    figures = read(
        ["Prisoners by age"], [], years, ["Age", None, None, "Male", "Female", None, "Male", "Female"],
        ["18-20", None, 100, 20, None, 100, 20], ["21-24", None, 200, 20, None, 100, 20],
    )  # fmt: skip
    assert not figures


def test_a_group_not_recorded_is_of_the_list_it_closes() -> None:
    offences = ["Robbery", "Theft offences", "Drug offences"]
    rows = [[label, 9, 9, 9] for offence in offences for label in (offence, "Male", "Female", "Not known")]
    figures = read(["Offences by sex"], [], ["Offence group", *YEARS], *rows)
    assert figures["B7"]["sex"] == "Not known"
    assert '"robbery"' in figures["B7"]["circumstances"]


def test_rows_that_exceed_every_group_they_stand_under_are_still_of_it() -> None:
    rows = [[label, n, n, n] for offence in ("Robbery", "Fraud offences") for label, n in ((offence, 5), ("Male", 8))]
    figures = read(["Offences by sex"], [], ["Offence group", *YEARS], *rows, ["Female", 9, 9, 9], ["*", 1, 1, 1])
    assert '"fraud_offences"' in figures["B7"]["circumstances"]


def test_a_total_at_the_foot_is_not_of_the_last_group() -> None:
    groups = [["Males", 9, 9, 9], ["White", 5, 5, 5], ["Black", 4, 4, 4]]
    rows = [*groups, ["Females", 3, 3, 3], ["White", 2, 2, 2], ["Black", 1, 1, 1], ["All", 12, 12, 12]]
    assert "B10" not in (figures := read(["Sex and ethnicity"], [], ["Group", *YEARS], *rows))
    assert (figures["B8"]["sex"], figures["B8"]["ethnicity"]) == ("female", "White")


def test_a_list_of_blocks_whose_heading_was_lost_is_refused_with_its_total() -> None:
    block = [["Total", 3, 3, 3], ["White", 2, 2, 2], ["Black", 1, 1, 1]]
    lost = [["Total", 8, 8, 8], ["White", 4, 4, 4], ["Black", 4, 4, 4]]
    rows = (
        ["Sex and ethnicity"],
        [],
        ["", *YEARS],
        ["MALES AND FEMALES"],
        *block,
        [],
        [],
        *lost,
        [],
        ["FEMALES"],
        *block,
    )
    assert "B9" not in read(*rows) and "B10" not in read(*rows)
    assert answers(*rows)["sex"] == "unclear"


def test_a_row_of_a_place_that_stands_twice_is_refused() -> None:
    rows = [["South East", "Kent", 6], ["South East", "Surrey", 7], ["South East", "Surrey", 7], ["London", None, 4]]
    figures = read(["Use of force, 2018"], [], ["Region", "Police force", "Male"], *rows)
    assert set(figures) == {"C4", "C7"}


def test_the_total_of_a_region_is_not_of_the_force_of_its_name() -> None:
    forces = [["West Midlands", name, 5] for name in ("Total West Midlands", "Staffordshire", "West Midlands")]
    others = [["North East", name, 4] for name in ("Total North East", "Durham", "Northumbria")]
    figures = read(["Use of force, 2018"], [], ["Region", "Police force", "Male"], *others, *forces)
    assert [figures[f"C{r}"]["place_code"] for r in (7, 9)] == ["E12000005", "E23000014"]


def test_the_number_of_a_note_labels_no_row() -> None:
    rows = [[None, "[note 1]", 4, 5, 6], [None, None, 7, 8, 9]]
    assert not read(["Ethnicity"], ["Ethnic group", "Notes", *YEARS], *rows)


def test_a_year_since_which_figures_run_is_not_their_period() -> None:
    figures = read(["Deaths by ethnicity, since 1978"], [], ["Ethnic group", "Deaths"], ["White", 5], ["Black", 6])
    assert not any(f["period_end"] == "1978-12-31" for f in figures.values())


def nested(*lengths: str) -> list[list[Any]]:
    """Two blocks of nationality, in each the sentenced by length; `lengths` are the words in the second."""
    first = [["Remand", 30, 33, 36], ["Sentenced", 60, 64, 68], *([w, 10, 11, 12] for w in LENGTHS)]
    again = [["Remand", 20, 21, 22], ["Sentenced", 40, 41, 42], *([w, 7, 8, 9] for w in lengths)]
    return [[None, *YEARS], ["British", 90, 97, 104], *first, ["Foreign", 60, 62, 64], *again]


LENGTHS = ("Less than or equal to 6 months", "12 months to less than 4 years", "Indeterminate sentences")


@pytest.mark.parametrize(
    "words", [("Less thna 6 months", *LENGTHS[1:]), LENGTHS[:2], LENGTHS[:1]], ids=["damaged", "cut", "nearly all cut"]
)
def test_an_inner_list_stays_inside_when_one_of_its_words_is_lost(words: tuple[str, ...]) -> None:
    figures = read(*nested(*words))
    said = {cell: json.loads(f["circumstances"]) for cell, f in figures.items()}
    assert {"B5", "B6"} <= set(said)
    assert all(s["legal_status"] == "sentenced" for s in said.values() if "sentence_length" in s)


def test_the_total_of_a_block_whose_heading_was_lost_is_refused_where_its_first_group_is_equal() -> None:
    """A row of the lost block that equals the one above it is no reason to keep the total over it."""
    ages = ["15-17", "18-20", "21-24"]

    def block(*counts: int) -> list[list[Any]]:
        return [["Total", *[sum(counts)] * 3], *([age, *[n] * 3] for age, n in zip(ages, counts, strict=True)), [], []]

    figures = read(
        [None, *YEARS], ["Males and females"], *block(1, 7, 9), *block(1, 6, 7), ["Females"], *block(0, 1, 2)
    )
    assert figures["B3"]["sex"] == figures["B3"]["age"] == "all"
    assert not {"B9", "B10", "B11", "B12"} & set(figures)


def test_a_mark_is_no_word_to_keep() -> None:
    figures = read([None, *YEARS], ["Males"], ["Fraud with a twist", 4, 5, 6], ["-", 1, 2, 3], ["Lost causes", 3, 3, 3])
    assert "B3" in figures
    assert "B4" not in figures


def test_a_word_after_an_empty_row_may_not_be_of_the_group_above_it() -> None:
    rows = [["Remand", 4, 5, 6], ["Sentenced", 8, 8, 8], ["Of some kind", 5, 5, 5], [], ["Of no kind at all", 1, 1, 1]]
    figures = read([None, *YEARS], ["Males"], *rows, ["Females"], *rows)
    assert json.loads(figures["B5"]["circumstances"])["legal_status"] == "sentenced"
    assert "B7" not in figures


@pytest.mark.parametrize("rows", [[["Sex", "Male"], ["Sex", "Female"]], [["Age", "18-20"], ["Age", "21-24"]]])
def test_a_header_that_moved_in_open_data_is_refused(rows: list[list[Any]]) -> None:
    counts = [[*row, 40 + k, 0.5] for k, row in enumerate([*rows, ["Disability", "Yes"], ["Disability", "No"]])]
    assert read(["Characteristic", "Group", "Number", "%"], *counts)
    assert not read(["Characteristic", "Group", None, "Number", "%"], *counts)


def test_one_group_beside_a_date_and_other_words_is_no_group() -> None:
    """`Separated` among kinds of cell says nothing of marriage, whatever the program made of the others."""
    first: list[Any] = ["Single occupancy", dt.date(2014, 10, 1)]
    for label in first:
        figures = read(["Cell type", *YEARS], [label, 4, 5, 6], ["Double occupancy", 5, 5, 5], ["Separated", 1, 2, 3])
        assert all(f["marriage_and_civil_partnership"] == "all" for f in figures.values())


@pytest.mark.parametrize("label", ["Ehtnic minority groups (excluding white minorities)", dt.date(2014, 10, 1)])
def test_one_group_left_of_two_leaves_its_characteristic_open(label: Any) -> None:
    rows = [None, *YEARS], [label, 4, 5, 6], ["White", 7, 8, 9], ["Unknown", 1, 2, 3]
    assert answers(*rows)["ethnicity"] == "unclear"


@pytest.mark.parametrize("cell", ["[c]", " 1000 ", "1,000 (r)"])
def test_a_first_row_of_marks_or_of_numbers_in_text_is_no_header(cell: str) -> None:
    rows = ["Offenders by sex"], [], ["Sex", "2023"], ["Male", cell], ["Female", 100]
    assert answers(*rows)["sex"] == "present"
    assert read(*rows)["B5"]["sex"] == "female"


def test_a_total_that_is_not_the_number_of_its_group_is_refused_with_it() -> None:
    def block(sex: str, total: int) -> list[list[Any]]:
        groups = [["Asian", 10, 10, 10], ["Black", 20, 20, 20], ["White", 30, 30, 30]]
        return [[sex, 60, 60, 60], *groups, ["All", *[total] * 3]]

    assert {"B6", "B7", "B11"} <= set(read([None, *YEARS], *block("Males", 60), *block("Females", 60)))
    figures = read([None, *YEARS], *block("Males", 60), *block("Females", 50))
    assert {"B6", "B8"} <= set(figures)
    assert not {"B7", "B11"} & set(figures)


def test_a_total_under_a_heading_nobody_can_read_is_refused() -> None:
    block = ["All nationalities", 9, 9, 9], ["British", 5, 5, 5], ["Foreign nationals", 4, 4, 4]
    figures = read([None, *YEARS], ["Males and females"], *block, ["aMles"], *block, ["Females"], *block)
    assert figures["B3"]["sex"] == "all"
    assert not {"B7", "B8", "B9"} & set(figures)


def test_a_column_of_groups_with_nothing_under_its_heading_leaves_no_figure() -> None:
    rows = ["E06000001", "Hartlepool"], ["E06000002", "Middlesbrough"], ["E06000003", "Redcar and Cleveland"]
    header, counts = ["Geography Code", "Region", "Sex", "White", "Black"], [145, 120]
    assert read(header[:2] + header[3:], *([*row, *counts] for row in rows), name="open.csv")
    assert not read(header, *([*row, None, *counts] for row in rows), name="open.csv")


def test_a_column_of_labels_that_could_not_be_worked_out_leaves_no_figure() -> None:
    header = ["date", "geography", "geography code", "Male", "Female"]
    assert read(header, [2021, "Hartlepool", "E06000001", 95, 96], name="open.csv")
    assert not read(header, [2021, "#REF!", "E06000001", 95, 96], name="open.csv")


def test_a_note_at_the_code_of_a_place_is_no_part_of_it() -> None:
    rows = [2021, "E06000001", 50, 51], [2021, "E06000002 [note 2]", 70, 71]
    figures = read(["date", "geography code", "Male", "Female"], *rows, name="open.csv")
    assert figures["C3"]["place_code"] == "E06000002"


def test_the_country_on_the_line_over_a_header_is_the_place() -> None:
    rows = ["Arrests by sex, 2018/19"], ["Numbers", None, "England and Wales"], ["Sex", "Count"]
    figures = read(*rows, ["Male", 40], ["Female", 10])
    assert figures["B4"]["place_code"] == "K04000001"


def test_an_inner_list_stays_inside_when_one_of_its_words_is_spelled_in_two_ways() -> None:
    figures = read(*nested("LESS THAN OR EQUAL TO 6 MONTHS"))
    said = {cell: json.loads(f["circumstances"]) for cell, f in figures.items()}
    assert said["B11"]["legal_status"] == said["B5"]["legal_status"] == "sentenced"


def test_words_under_a_heading_that_says_nothing_are_refused_until_the_next_heading() -> None:
    causes = ["Accidents of work", 4, 5, 6], ["Acts of God", 1, 2, 3]
    figures = read([None, *YEARS], ["IN THE WORKSHOPS"], *causes, ["#REF!"], *causes, ["IN THE KITCHENS"], *causes)
    assert {cell for cell in figures if cell.startswith("B")} == {"B3", "B4", "B9", "B10"}


def test_counts_above_shares_are_in_no_unit_that_anybody_could_say() -> None:
    """A list of deaths over its shares, in one sheet: a count is not called a fraction."""
    rows = [
        ["Cause", *YEARS],
        ["Total", 8.0, 9.0, 10.0],
        ["Homicide", 6.0, 3.0, 5.0],
        ["Share that are", 0.75, 0.33, 0.5],
    ]
    shares = frozenset((3, c) for c in (1, 2, 3))
    units = {f["unit"] for f in drafted(replace(sheet(*rows), percentages=shares))}
    assert units == {"not_understood"}
    assert {
        f["unit"] for f in drafted(replace(sheet(rows[0], rows[3]), percentages=frozenset({(1, 1), (1, 2), (1, 3)})))
    } == {"fraction"}
