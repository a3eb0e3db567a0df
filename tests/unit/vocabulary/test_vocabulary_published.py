"""The labels of real published tables are known (the files stand beside the checkout, for development and
CI only).
"""

import csv
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from monitor.vocabulary import best_classification, meanings, parse_period, read_value

PUBLISHED = Path(__file__).resolve().parents[4] / "shared" / "published"
PRISON = PUBLISHED / "moj" / "Population_30June2022_Annual.xlsx"
ARRESTS = PUBLISHED / "home-office" / "arrest-police-powers-procedures-mar19-hosb2519-tables.ods"
ADJUDICATIONS = PUBLISHED / "moj" / "AdjudicationsQ32022.csv"
CENSUS = PUBLISHED / "ons-census" / "census2021_ethnic20_by_single_age__census.csv"
FACTS_AND_FIGURES = PUBLISHED / "ethnicity-facts-figures" / "ethnic-population-by-local-authority.csv"

pytestmark = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="published files are not beside this checkout")


def grid(path: Path, sheet: str) -> list[list[object]]:
    return [
        list(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    ]


def labels_below(rows: list[list[object]], header: int) -> list[str]:
    """Labels of column A below row `header` (1-based) that stand beside a number."""
    return [str(row[0]) for row in rows[header:] if row[0] and isinstance(row[-1] if row[-1] != "" else row[2], float)]


@pytest.mark.parametrize("sheet", ["A1_1", "A1_7", "A1_8", "A1_9i", "A1_10", "A1_11", "A1_12i"])
def test_every_row_label_of_the_prison_population_is_known(sheet: str) -> None:
    labels = labels_below(grid(PRISON, sheet), 4 if sheet == "A1_12i" else 3)
    assert len(labels) > 20
    assert [label for label in labels if not meanings(label)] == []


def test_every_child_of_the_18_group_table_is_known_under_its_parent() -> None:
    parent: str | None = None
    unknown, found = [], set()
    for row in grid(PRISON, "A1_9ii")[3:42]:
        label = str(row[0])
        if not label or label.startswith("("):
            continue
        free = meanings(label, ["ethnicity", "sex"])
        if free and free[0].parent is None and free[0].kind == "group" and free[0].dimension == "ethnicity":
            parent = free[0].category
        under = free or meanings(label, ["ethnicity"], parent)
        unknown += [] if under else [label]
        found |= {meaning.category for meaning in under if meaning.dimension == "ethnicity"}
    assert unknown == []
    assert best_classification("ethnicity", found) == ("18A", "exact")


@pytest.mark.parametrize("sheet", ["A1_1", "A1_7", "A1_9i", "A1_9ii", "A1_10", "A1_11"])
def test_every_heading_of_the_prison_population_is_a_day(sheet: str) -> None:
    header = [cell for cell in grid(PRISON, sheet)[2][1:] if cell != ""]
    periods = [parse_period(cell) for cell in header]  # type: ignore[arg-type]
    assert len(header) >= 5
    assert all(period is not None and period.kind == "stock" for period in periods)


def test_arrests_by_ethnicity_are_the_2001_groups() -> None:
    rows = grid(ARRESTS, "A_04")
    labels = [str(row[0]) for row in rows[7:15] if row[0]]
    found = [meaning.category for label in labels for meaning in meanings(label, ["ethnicity"])]
    assert len(found) == 7
    assert best_classification("ethnicity", found) == ("5A", "exact")


def test_ages_and_years_of_the_arrests_tables_are_known_with_their_footnotes_glued_on() -> None:
    ages = [
        str(cell)
        for row in grid(ARRESTS, "A_01b")[3:7]
        for cell in row
        if str(cell).startswith(("Under", "Aged", "Age "))
    ]
    assert [meanings(age, ["age"])[0].category for age in ages] == [
        "under 10",
        "10-17",
        "18-20",
        "21 and over",
        "Unknown",
    ]
    glued = parse_period("2015/163, 4")
    assert glued is not None
    assert glued.markers == ("3", "4")


def test_every_category_and_count_of_the_adjudications_is_known() -> None:
    columns = {
        "Outcomes": "outcome",
        "Predominant function of establishment": "establishment_function",
        "Adjudicator": "adjudicator",
        "Sex": "sex",
        "Age group": "age",
        "Ethnicity": "ethnicity",
        "Religion": "religion",
        "Offence": "adjudication_offence",
    }
    total = 0.0
    met: set[tuple[str, str]] = set()
    with ADJUDICATIONS.open(encoding="ascii", newline="") as file:
        for row in csv.DictReader(file):
            met |= {(dimension, row[column]) for column, dimension in columns.items()}
            value = read_value(row["Count"])
            total += value.value if value and value.value else 0
    assert [(dimension, label) for dimension, label in sorted(met) if not meanings(label, [dimension])] == []
    assert total == 39_282


def test_census_headings_are_the_19_groups() -> None:
    with CENSUS.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file))[3:]
    found = [meaning.category for label in header for meaning in meanings(label, ["ethnicity"])]
    assert len(found) == 19
    assert best_classification("ethnicity", found) == ("19A", "exact")


def test_every_ethnicity_of_the_local_authority_table_is_known() -> None:
    with FACTS_AND_FIGURES.open(encoding="utf-8-sig", newline="") as file:
        met = {row["Ethnicity"] for row in csv.DictReader(file)}
    assert len(met) == 23
    assert [label for label in sorted(met) if not meanings(label, ["ethnicity"])] == []
