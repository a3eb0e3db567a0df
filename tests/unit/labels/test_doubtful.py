"""Labels that are damaged, lost or elsewhere: what they may have said is refused, and is not called absent."""

import datetime as dt
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
