"""Where the people of a table are: never in a place that its words do not say, and what is no count is no people."""

from typing import Any

import pytest

from pipelines.drafting import propose
from pipelines.reading.grid import Grid
from tests.hostile.undeclared import drafted

YEARS = ["2021/22", "2022/23"]
BIRMINGHAM, ENGLAND_AND_WALES = "E08000025", "K04000001"


def sheet(*rows: list[Any], name: str = "1") -> Grid:
    return Grid(name, [[float(c) if isinstance(c, int) else c for c in row] for row in rows])


def read(*rows: list[Any], name: str = "1") -> dict[str, dict[str, Any]]:
    return {f["cell"]: f for f in drafted(sheet(*rows, name=name))}


PRISONS = (["Birmingham", 40, 50], ["Cardiff", 60, 70], ["Leeds", 80, 90], ["Belmarsh", 20, 30])


@pytest.mark.parametrize("header", ["Establishment", "Prison name", "Reporting_establishment"])
def test_a_prison_with_the_name_of_a_town_is_not_the_town(header: str) -> None:
    figures = read(["People in prison, 2022"], [], [header, "Men", "Women"], *PRISONS)
    assert figures
    assert {f["place_code"] for f in figures.values()}.isdisjoint({BIRMINGHAM, "W06000015", "E08000035"})


def test_towns_are_towns_under_a_heading_of_areas() -> None:
    figures = read(["Arrests, 2022"], [], ["Local authority", "Men", "Women"], *PRISONS[:3])
    assert figures["B4"]["place_code"] == BIRMINGHAM


def test_a_region_over_a_block_is_where_the_people_of_the_block_are() -> None:
    def block(region: str, *counts: int) -> list[list[Any]]:
        return [[region], ["Asian", *counts[:2]], ["White", *counts[2:4]], ["Total", *counts[4:]], []]

    rows = [*block("North East", 1, 2, 3, 4, 4, 6), *block("South West", 5, 6, 7, 8, 12, 14)]
    figures = read(["Releases by ethnic group and region, England and Wales"], [], [None, *YEARS], *rows)
    assert {figures[c]["place_code"] for c in ("B5", "B6", "B7")} == {"E12000001"}
    assert {figures[c]["place_code"] for c in ("B10", "B11", "B12")} == {"E12000009"}
    assert [figures[c]["ethnicity"] for c in ("B10", "B11", "B12")] == ["Asian", "White", "all"]


def test_words_under_a_region_are_no_places() -> None:
    def block(region: str, *counts: int) -> list[list[Any]]:
        return [[region], ["Category 1", *counts[:2]], ["Category 2", *counts[2:]], []]

    rows = [*block("North East", 1, 2, 3, 4), *block("South West", 5, 6, 7, 8), *block("Wales", 9, 8, 7, 6)]
    figures = read(["People managed by category and region, England and Wales"], [], [None, *YEARS], *rows)
    assert {f["place_code"] for f in figures.values()} <= {"E12000001", "E12000009", "W92000004"}


def place_of(*titles: str) -> list[str]:
    tables = [[[title], [], ["Sex", *YEARS], ["Male", 4, 5], ["Female", 6, 7]] for title in titles]
    return [p.place for p in propose([sheet(*rows, name=f"Table {n}") for n, rows in enumerate(tables, 1)])]


def test_the_country_of_one_title_is_not_where_other_people_are() -> None:
    assert place_of("People in prison in Wales by sex", "Table 2", "Table 3") == ["W92000004", "", ""]


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("Deaths by sex since 1978 England and Wales", ENGLAND_AND_WALES),
        ("Police officers by sex, England and Wales2, 2006 to 2017", ENGLAND_AND_WALES),
        ("PT Data: e Sex", ""),
        ("People in prison by sex, Birmingham", BIRMINGHAM),
    ],
)
def test_a_title_says_where_people_are_and_a_letter_does_not(title: str, place: str) -> None:
    assert place_of(title) == [place]


def test_one_selector_in_two_spellings_selects_one_list() -> None:
    rows = [["view", "Group", "People"]]
    for n in range(3):
        spelled = " a By age " if n % 2 else "a By age"
        rows += [[spelled, f"{20 + 10 * n}-{29 + 10 * n}", 5 + n]]
        rows += [["b By sex" if n % 2 else " b By sex ", ("Male", "Female", "Male")[n], 9 + n]]
    found = propose([sheet(*rows)])
    assert [sorted(p.where["view"]) for p in found] == [[" a By age ", "a By age"], [" b By sex ", "b By sex"]]


def test_codes_beside_names_count_nobody() -> None:
    header = ["DATE", "DATE_NAME", "C_SEX", "C_SEX_NAME", "C_SEX_SORTORDER", "OBS_VALUE", "RECORD_COUNT"]
    figures = read(header, [2021, 2021, 1, "Male", 0, 500, 2], [2021, 2021, 2, "Female", 1, 600, 2])
    assert {cell: f["value"] for cell, f in figures.items()} == {"F2": 500.0, "F3": 600.0}


def test_what_a_mark_means_is_a_note_and_no_group() -> None:
    rows = [["Sex", *YEARS], ["Male", 4, "[c]"], ["Female", 6, 7], ["[c] = suppressed to protect confidentiality"]]
    (proposal,) = propose([sheet(*rows)])
    assert len(proposal.table.rows) == 2


@pytest.mark.parametrize(
    "header", ["Percentage (%)", "Rate per 1,000 population", "Percentage change 2021/22 to 2022/23"]
)
def test_a_share_beside_counts_is_no_number_of_people(header: str) -> None:
    rows = [["Ethnic group", "2022/23", header], ["Asian", 40, 7.5], ["White", 60, 92.5], ["Total", 100, 100]]
    figures = read(["People sentenced by ethnic group"], [], *rows)
    assert {f["value"] for f in figures.values() if f["unit"] == "people"} <= {40.0, 60.0, 100.0}
    assert not any(f["cell"].startswith("C") and f["unit"] == "people" for f in figures.values())


def test_a_corner_that_says_percentage_says_what_the_numbers_are() -> None:
    rows = [["Percentage who answered yes", "White", "Black"], ["Do you feel safe?", 74, 49], ["Is it clean?", 50, 75]]
    figures = read(["Survey of people in prison, 2022/23"], [], *rows)
    assert {f["unit"] for f in figures.values()} <= {"percentage"}
