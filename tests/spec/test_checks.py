"""What the checks report of the prison population workbooks: the publisher's own defects, and nothing else.

Each expected row is a defect seen in the published file of 2022 by hand: the check that sees it, how grave it is, its
sheet, and every cell concerned.
"""

import pytest

from tests.spec.rows import PRISON, Row, by_category, rows_of

RELIGION_MEN = ("A1_10", {"AG23"})
ETHNICITY_WOMEN = ("A1_9ii", {"C82"})
NON_CRIMINAL_60_AND_OVER = ("A1_7", {"AR49", "AS49", "AT49", "AR50", "AS50", "AT50", "AS51"})

DEFECTS = [
    # Males, 31 December 2015: 84,968 is the total of both sexes; the parts, and A1_7, say 81,143.
    ("parts_sum_to_total", "critical", *RELIGION_MEN, "81,143"),
    ("sexes_sum_to_both", "critical", *RELIGION_MEN, "31 December 2015"),
    # Females, 30 June 2019: 3,751, and 3,770 by their parts and in three other tables.
    ("parts_sum_to_total", "critical", *ETHNICITY_WOMEN, "3,770"),
    ("sexes_sum_to_both", "critical", *ETHNICITY_WOMEN, "30 June 2019"),
    # Non-criminal, 60 and over and its split: 15, 8 and 2 where 14, 15 and 8 are needed.
    ("parts_sum_to_total", "warning", *NON_CRIMINAL_60_AND_OVER, "non criminal"),
    ("sexes_sum_to_both", "warning", *NON_CRIMINAL_60_AND_OVER, "30 September 2018"),
    # Nationality by sex, 30 June 2002.
    ("sexes_sum_to_both", "warning", "A1_9i", {"B17", "B57", "B97"}, "11 less"),
    ("sexes_sum_to_both", "warning", "A1_9i", {"B28", "B68", "B108"}, "3 more"),
    ("sexes_sum_to_both", "warning", "A1_9i", {"B39", "B79", "B119"}, "7 more"),
    # Unrecorded and not stated, 30 June 2021: two tables of one release.
    (
        "tables_agree",
        "warning",
        "A1_9i, A1_9ii",
        {f"A1_9i!V{row}" for row in (13, 14, 53, 54)} | {f"A1_9ii!E{row}" for row in (39, 40, 78, 79)},
        "30 June 2021",
    ),
]
"""(check, severity, sheet, cells, a word of the message)."""


@pytest.fixture(scope="module")
def found(cli) -> list[Row]:
    return rows_of(cli, "checks", PRISON, "--as-of", "2023-07-26")


def key(row: Row) -> tuple[str, str, str, frozenset[str]]:
    return row["check"], row["severity"], row["sheet"], frozenset(row["cells"])


@pytest.mark.parametrize(("check", "severity", "sheet", "cells", "word"), DEFECTS)
def test_a_defect_of_the_publishers_is_reported_once_with_all_its_cells(
    found, check, severity, sheet, cells, word
) -> None:
    rows = [row for row in found if key(row) == (check, severity, sheet, cells)]
    assert len(rows) == 1
    assert (rows[0]["state"], rows[0]["edition"]) == ("failed", "2022-06-30")
    assert word in rows[0]["message"]


def test_nothing_else_is_reported_of_the_workbook(found) -> None:
    expected = {(check, severity, sheet, frozenset(cells)) for check, severity, sheet, cells, _ in DEFECTS}
    told = [row for row in found if row["check"] != "hidden_figures"]  # because hidden quarters are no defect
    assert [row["message"] for row in told if key(row) not in expected] == []
    assert len(told) == len(DEFECTS)


def test_nothing_is_reported_of_any_other_starter_file(cli) -> None:
    assert [row["message"] for row in rows_of(cli, "checks") if row["publication"] != PRISON] == []


def test_a_message_says_where_and_what_to_do(found) -> None:
    assert [row["message"] for row in found if row["sheet"].split(",")[0] not in row["message"]] == []
    assert [row["message"] for row in found if "ask the publisher" not in row["message"]] == []


def test_an_error_that_the_next_edition_repeats_is_told_once_with_its_cells_in_both(cli) -> None:
    """Every defect of 2022 stands in 2023 too, in other cells: the blank rows of the sheets were removed."""
    told = [row for row in rows_of(cli, "checks", PRISON) if row["check"] in {d[0] for d in DEFECTS}]
    assert {row["edition"] for row in told} == {"2023-06-30"}
    assert len(told) == len(DEFECTS)
    for check, severity, sheet, cells, word in DEFECTS:
        before = f"edition 2022-06-30 too ({', '.join(sorted(cells))})"
        mine = [row for row in told if (row["check"], row["severity"], row["sheet"]) == (check, severity, sheet)]
        assert any(word in row["message"] and _sorted_cells(row["message"]) == before for row in mine)
        assert all(row["message"].endswith("Edition 2023-06-30 still has it.") for row in mine)
    [men] = [r for r in told if (r["check"], r["severity"], r["sheet"]) == ("parts_sum_to_total", "critical", "A1_10")]
    assert men["cells"] == ["AG18"]


def test_nobody_knew_of_the_next_edition_before_it_was_published(found) -> None:
    assert not [row["message"] for row in found if "2023-06-30" in row["message"]]


def _sorted_cells(message: str) -> str:
    """The words on the earlier edition, its cells in order."""
    _, _, said = message.partition("It stands in ")
    words, _, cells = said.partition(")")[0].partition(" (")
    return f"{words} ({', '.join(sorted(cells.split(', ')))})"


# --- contradicted by its own parts and by another table: withheld, and never edited ------------------------------

WITHHELD = {
    ("2022-06-30", "A1_10", "AG23"): 84_968, ("2022-06-30", "A1_9ii", "C82"): 3_751,
    ("2023-06-30", "A1_10", "AG18"): 84_968, ("2023-06-30", "A1_9ii", "C55"): 3_751,
}  # fmt: skip


def test_exactly_the_contradicted_figures_are_withheld_and_their_numbers_kept(starter_store) -> None:
    held = starter_store.frame(
        "select edition_id, sheet, cell, value, reason from withholding join figure using (observation_id)"
    )
    assert {(edition, sheet, cell): value for edition, sheet, cell, value, _ in held.rows()} == WITHHELD
    assert all(reason for reason in held["reason"])


def test_no_disparity_rests_on_a_withheld_figure(starter_store) -> None:
    contradicted = set(WITHHELD.values())
    counts = starter_store.frame("select distinct count from disparity where count is not null and sex <> 'all'")
    assert not contradicted & set(counts["count"])


@pytest.mark.parametrize(
    ("asked", "category", "people"),
    [
        (["--by", "sex", "--period", "2015-12-31"], "male", 81_143),
        (["--by", "sex", "--period", "2019-06-30"], "female", 3_770),
        (["--sex", "female", "--baseline", "census-2021", "--period", "2019-06-30"], "all", 3_770),
    ],
)
def test_the_table_that_agrees_with_its_parts_speaks_instead(cli, asked, category, people) -> None:
    assert by_category(rows_of(cli, "ratios", PRISON, *asked))[category]["count"] == people


def test_everything_that_agrees_in_a_table_with_a_defect_flows(cli) -> None:
    asked = ["--sex", "female", "--baseline", "census-2021", "--period", "2019-06-30"]
    rows = rows_of(cli, "ratios", PRISON, *asked)
    top = [row for row in rows if row["level"] == "groups"]
    assert sum(row["count"] for row in rows if row["level"] in ("groups", "unknown")) == 3_770
    assert {row["status"] for row in top} == {"shown"}


# --- numbers that are not figures -----------------------------------------------------------------------------------


def test_scratch_numbers_beside_a_table_never_become_figures(starter_store) -> None:
    near = starter_store.frame(
        "select cell, value from figure where edition_id = '2022-06-30' and sheet = 'A1_9ii' "
        "and regexp_matches(cell, '^[F-Z](39|40|41|96|97)$')"
    )
    assert dict(near.rows()) == {"F39": 609, "F40": 215, "F96": 56}


def test_a_suppressed_number_has_bounds_and_no_value(starter_store) -> None:
    hidden = starter_store.frame(
        "select publication, value, value_low, value_high from figure where status = 'suppressed'"
    )
    assert dict(hidden.group_by("publication").len().iter_rows()) == {"census-2021": 28 + 86, PRISON: 887}
    assert hidden["value"].null_count() == hidden.height
    assert (hidden["value_high"] > hidden["value_low"]).all()
