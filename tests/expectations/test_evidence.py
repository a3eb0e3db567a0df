"""When a sum that fails is told to a publisher: what the list is known to be, and what titles and notes state."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from expectations.rounding import UNBOUNDED, stated_step
from tests.expectations.staged import EDITION, PUBLICATION, Staging

Column = dict[str, float | None]


def stage(
    staging: Staging, dimension: str, *columns: Column, parents: dict[str, str] | None = None, **more: Any
) -> None:
    """Stage a table of one dimension: each column a period, `all` its total; parents as a table nests them."""
    parents = parents or {}
    for name in columns[0]:
        if name != "all":
            staging.level("T", dimension, name, parent=parents.get(name))
    for place, column in enumerate(columns):
        for row, (name, value) in enumerate(column.items(), 1):
            status = "published" if value is not None else "suppressed"
            categories = {} if name == "all" else {dimension: name}
            cell, day = f"{'BCDEFG'[place]}{row}", date(2017 + place, 6, 30)
            staging.add("T", cell, value, day, status=status, categories=categories, **more)


def told(staging: Staging) -> list[str]:
    return [row["check"] for row in staging.judge().findings.to_dicts()]


FIVE = {"Asian": 90, "Black": 150, "Mixed": 50, "White": 690, "Other": 10}


def test_one_child_alone_is_no_split_of_its_parent(staging: Staging) -> None:
    column = {**FIVE, "White British": 600, "Not stated": 10, "all": 1000}
    stage(staging, "ethnicity", column, column, parents={"White British": "White"})
    assert told(staging) == []


def test_a_child_that_exceeds_its_parent_is_told_whatever_else_is_printed(staging: Staging) -> None:
    column = {**FIVE, "White British": 700, "Not stated": 10, "all": 1000}
    stage(staging, "ethnicity", column, column, parents={"White British": "White"})
    assert told(staging) == ["children_sum_to_parent"]


def test_an_older_band_within_a_band_is_no_split_of_it(staging: Staging) -> None:
    column = {"15-17": 100, "18-20": 300, "21 and over": 600, "50 and over": 150, "all": 1000}
    stage(staging, "age", column, column, parents={"50 and over": "21 and over"})
    assert told(staging) == []


def test_bands_that_fill_their_parent_are_its_split(staging: Staging) -> None:
    column = {"18-20": 300, "21 and over": 600, "21-49": 450, "50 and over": 149, "all": 900}
    stage(staging, "age", column, column, parents={"21-49": "21 and over", "50 and over": "21 and over"})
    assert told(staging) == ["children_sum_to_parent"]


def test_groups_that_overlap_are_not_added(staging: Staging) -> None:
    column = {
        "White": 690,
        "Ethnic minorities (excluding White minorities)": 310,
        "Ethnic minorities": 400,
        "Unknown": 10,
        "all": 1010,
    }
    stage(staging, "ethnicity", column, column)
    assert told(staging) == []


@pytest.mark.parametrize("whole", [985, 1000])
def test_every_group_and_the_unknown_printed_leave_nobody_out(staging: Staging, whole: float) -> None:
    column = {**FIVE, "Not stated": 5, "all": whole}
    stage(staging, "ethnicity", column, column, column)
    assert told(staging) == ["parts_sum_to_total"]


def test_people_of_unknown_group_may_stand_in_the_total_alone(staging: Staging) -> None:
    columns = ({**FIVE, "all": 990 + unknown} for unknown in (3, 0, 7, 2))
    stage(staging, "ethnicity", *columns)
    assert told(staging) == []


def test_a_list_that_nobody_knows_is_complete_where_it_adds_up_everywhere_else(staging: Staging) -> None:
    column = {"Christian": 60, "Muslim": 40, "all": 100.0}
    columns = [{name: value + extra for name, value in column.items()} for extra in range(4)]
    for extra, each in enumerate(columns):
        each["all"] = 100 + 2 * extra
    stage(staging, "religion", *columns)
    assert told(staging) == []
    staging.figures[-1]["value"] += 9
    (finding,) = staging.judge().findings.to_dicts()
    assert finding["cells"] == ["E1", "E2", "E3"]


def test_a_label_that_was_refused_takes_its_part_out_of_every_list(staging: Staging) -> None:
    column = {"British": 800, "Foreign": 200, "Europe": 150, "French": 66, "Irish": 84, "all": 1000}
    parents = {"Europe": "Foreign", "French": "Europe", "Irish": "Europe"}
    columns = [column, column, column, {**column, "French": 40}]
    stage(staging, "nationality", *columns, parents=parents)
    assert told(staging) == ["children_sum_to_parent"]
    staging.level("T", "nationality", "Spannish")
    assert told(staging) == []


def test_shares_are_not_added(staging: Staging) -> None:
    column = {"male": 93.3, "female": 6.6, "Not stated": 0, "all": 100}
    stage(staging, "sex", column, column)
    assert told(staging) == []


@pytest.mark.parametrize("unit", ["percent", "per 1,000 population", "% of arrests", "rate"])
def test_a_unit_of_shares_or_rates_is_not_added(staging: Staging, unit: str) -> None:
    column = {"male": 50, "female": 70, "Not stated": 0, "all": 60}
    stage(staging, "sex", column, column, unit=unit)
    assert told(staging) == []


def test_counts_below_zero_are_a_finding_of_their_own_and_of_no_sum(staging: Staging) -> None:
    column = {**FIVE, "Not stated": 10, "all": 1000}
    stage(staging, "ethnicity", column, {**column, "Black": -999, "Mixed": -1})
    (finding,) = staging.judge().findings.to_dicts()
    assert (finding["check"], finding["cells"]) == ("value_matches_status", ["C2", "C3"])
    assert "below zero" in finding["message"]


# Rounding


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("Table 1: Arrests by ethnic group (rounded to the nearest 10)", 10),
        ("All figures have been rounded to the nearest five.", 5),
        ("Numbers are rounded independently to the nearest thousand", 1000),
        ("Estimates are rounded to the nearest 1,000.", 1000),
        ("Counts are randomly rounded to base 3", 6),
        ("Figures are rounded and may not sum to totals", 0),
        ("Percentages are rounded to the nearest whole number", None),
        ("Percentages may not sum to 100 due to rounding. Counts are rounded to the nearest 5.", 5),
        ("– Nil or rounded to zero.", None),
        ("Data has been perturbed", UNBOUNDED),
        ("Prisons nearest 10 towns", None),
        ("Deaths in prison by age group", None),
    ],
)
def test_the_step_that_titles_and_notes_state(text: str, step: float | None) -> None:
    assert stated_step(text) == step


def noted(staging: Staging, text: str, sheet: str = "T") -> list[dict[str, Any]]:
    keys = {"publication": PUBLICATION, "edition_id": EDITION, "artefact_sha256": "a" * 64}
    staging.footnotes.append({**keys, "sheet": sheet, "cell": "A1", "text": text})
    return staging.judge().findings.to_dicts()


def columns_that_miss_by(difference: float) -> Sequence[Column]:
    whole = {**FIVE, "Not stated": 10, "all": 1000 + difference}
    return (whole, whole)


@pytest.mark.parametrize("sheet", ["T", "Notes"])
def test_every_part_may_be_half_a_step_away_and_so_may_the_whole(staging: Staging, sheet: str) -> None:
    stage(staging, "ethnicity", *columns_that_miss_by(-30))  # six parts and a whole: 35 at most
    assert told(staging) == ["parts_sum_to_total"]
    assert noted(staging, "Figures are rounded to the nearest 10", sheet) == []


def test_what_rounding_cannot_explain_is_told(staging: Staging) -> None:
    stage(staging, "ethnicity", *columns_that_miss_by(-40))
    (finding,) = noted(staging, "Figures are rounded to the nearest 10")
    assert "(40 more)" in finding["message"]


def test_rounding_to_an_unsaid_step_is_that_of_the_figures(staging: Staging) -> None:
    stage(staging, "ethnicity", *columns_that_miss_by(-30))
    assert noted(staging, "Figures may not sum due to rounding.") == []


def test_the_note_of_another_sheet_with_figures_is_not_this_sheets(staging: Staging) -> None:
    stage(staging, "ethnicity", *columns_that_miss_by(-30))
    staging.add("U", "B1", 5)
    assert len(noted(staging, "Figures are rounded to the nearest 10", "U")) == 1
