"""Several dimensions in one column are told apart by the column that selects them."""

from pathlib import Path

import pytest

from pipelines.drafting.selectors import marked, statistics, views
from pipelines.reading import read

SHARED = Path(__file__).resolve().parents[3] / "shared" / "published"
TOOL = SHARED / "moj" / "Population_data_tool_20230630.xlsx"


def test_views_of_a_column_are_named_by_their_selector_or_by_their_labels() -> None:
    found = views(
        {
            "Breakdown": ["Sex", "Sex", "Ethnic group", "Ethnic group", "part 3", "part 3"],
            "Category": ["Male", "Female", "Asian", "White", "18-20", "21 and over"],
        }
    )
    assert found is not None
    assert (found.selector, found.mixed) == ("Breakdown", "Category")
    assert found.views == {"Sex": "sex", "Ethnic group": "ethnicity", "part 3": "age"}


def test_areas_that_differ_by_region_are_no_views() -> None:
    assert views({"Region": ["North", "North", "South"], "Force": ["Avon", "Kent", "Essex"]}) is None


def test_groups_within_groups_are_one_dimension() -> None:
    assert views({"Ethnic group": ["Asian", "Asian", "Black"], "Detail": ["Indian", "Chinese", "African"]}) is None


def test_a_column_of_statistics_says_which_are_counts() -> None:
    assert statistics(["Value", "Percent", "Value"]) == {"Value": True, "Percent": False}
    assert statistics(["Male", "Female"]) is None


def test_the_header_of_an_open_data_file_says_where_its_value_is() -> None:
    found = marked(["v4_1", "Data Marking", "calendar-years", "Time", "uk-only", "Geography", "sex", "Sex"])
    assert found is not None
    assert (found.value, found.markings, found.pairs) == (0, (1,), ((2, 3), (4, 5), (6, 7)))
    assert marked(["Sex", "Count"]) is None


@pytest.mark.skipif(not TOOL.is_file(), reason="the publishers' originals are not here: no ../shared/published")
def test_the_population_data_tool_has_five_views() -> None:
    grid = next(g for g in read(TOOL, TOOL.name) if len(g.rows) > 100_000)
    header, *rows = list(grid.rows)
    assert len(rows) == 109_023
    found = views({str(name): [row[i] for row in rows] for i, name in enumerate(header[:5])})
    assert found is not None
    assert list(found.views.values()) == ["age", "legal_status", "nationality", "offence", "ethnicity"]
