"""What the judge says of an edition: nothing of a sound one, and each planted defect once, with its cells."""

import itertools
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations import CHECKS, Checks, Judgement, TableChecks, Tolerance, judge
from tests.expectations.staged import EDITION, PUBLICATION, Staging

Stage = Callable[..., Staging]


def rows(judgement: Judgement, check: str | None = None) -> list[dict[str, Any]]:
    """Findings, of one check or of all."""
    return [row for row in judgement.findings.to_dicts() if check in (None, row["check"])]


def only(judgement: Judgement) -> dict[str, Any]:
    """The one finding there is."""
    found = rows(judgement)
    assert len(found) == 1, found
    return found[0]


# An edition without fault


def test_an_edition_that_adds_up_passes_every_check_and_has_no_rows(by_sex: Stage) -> None:
    judgement = by_sex().judge(last=date(2022, 6, 30))
    assert rows(judgement) == []
    assert judgement.withholdings.is_empty()
    assert (judgement.passed, judgement.total) == (len(CHECKS), len(CHECKS))


# Sums


def test_a_total_no_other_table_speaks_of_is_a_warning_that_names_every_cell_of_the_sum(
    staging: Staging,
) -> None:
    staging.level("T", "religion", "Christian", "Other religion")
    for cell, value, category in (("B1", 105, "all"), ("B2", 60, "Christian"), ("B3", 40, "Other religion")):
        staging.add("T", cell, value, categories={"religion": category})
    finding = only(judgement := staging.judge())
    assert finding["check"] == "parts_sum_to_total"
    assert (finding["severity"], finding["state"]) == ("warning", "failed")
    assert (finding["sheet"], finding["cells"]) == ("T", ["B1", "B2", "B3"])
    assert "105 on 30 June 2022 (B1)" in finding["message"]
    assert "parts by religion add up to 100 (5 less)" in finding["message"]
    assert "ask the publisher" in finding["message"]
    assert judgement.withholdings.is_empty()
    assert judgement.passed == judgement.total - 1


def test_one_wrong_part_is_named_alone_by_every_check_it_breaks(by_sex: Stage) -> None:
    judgement = by_sex(wrong={"B6": 27}).judge()  # Asian males, 20 in truth
    assert {row["check"]: row["cells"] for row in rows(judgement)} == {
        "parts_sum_to_total": ["B6"],
        "sexes_sum_to_both": ["B6"],
    }
    assert all("(B6) explains this" in row["message"] for row in rows(judgement, "parts_sum_to_total"))
    assert all(row["severity"] == "warning" for row in rows(judgement))


def test_a_wrong_child_is_reported_as_children_sum_to_parent(by_sex: Stage) -> None:
    judgement = by_sex(wrong={"B25": 46}).judge()  # White British males, 45 in truth
    assert {row["check"]: row["cells"] for row in rows(judgement)} == {
        "children_sum_to_parent": ["B25"],
        "sexes_sum_to_both": ["B25"],
    }


def test_a_dimension_that_is_not_a_characteristic_is_summed_through_circumstances(staging: Staging) -> None:
    staging.level("T", "legal_status", "remand", "sentenced")
    for cell, value, category in (("B1", 29, None), ("B2", 10, "remand"), ("B3", 20, "sentenced")):
        staging.add("T", cell, value, categories={"legal_status": category} if category else {})
    assert only(staging.judge())["cells"] == ["B1", "B2", "B3"]


@pytest.mark.parametrize("hidden", ["missing", "suppressed"])
def test_a_sum_with_a_part_that_is_missing_or_suppressed_is_not_asked(by_sex: Stage, hidden: str) -> None:
    staging = by_sex()
    for row in staging.figures:
        if row["ethnicity"] == "Asian" and hidden == "suppressed":
            row |= {"value": None, "status": "suppressed"}
    if hidden == "missing":
        staging.figures = [row for row in staging.figures if row["ethnicity"] != "Asian"]
    assert rows(staging.judge()) == []


def test_a_part_that_is_not_applicable_counts_as_nothing(by_sex: Stage) -> None:
    staging = by_sex()
    for row in staging.figures:
        if row["ethnicity"] == "Not stated" and row["sex"] == "male":
            row |= {"value": None, "status": "not_applicable"}
    assert "but its parts by ethnicity add up to 80" in rows(staging.judge(), "parts_sum_to_total")[0]["message"]


def test_a_split_that_is_not_applicable_as_a_whole_is_not_a_sum(by_sex: Stage) -> None:
    staging = by_sex()
    for row in staging.figures:
        if row["ethnicity"].startswith("White "):
            row |= {"value": None, "status": "not_applicable"}
    assert rows(staging.judge()) == []


def test_categories_of_one_group_may_differ_in_definition_and_are_still_added(by_sex: Stage) -> None:
    staging = by_sex(wrong={"B6": 27})
    for row in staging.figures:
        if row["ethnicity"] == "Asian":
            row["definition_id"] = "new-system+chinese-in-asian"
    finding = rows(staging.judge(), "parts_sum_to_total")[0]
    assert finding["cells"] == ["B6"]
    assert "add up to 97 (7 more)" in finding["message"]


def test_a_tolerance_covers_the_definition_it_names_and_the_default_covers_the_rest(staging: Staging) -> None:
    staging.level("T", "religion", "Christian", "Muslim")
    for column, definition in (("B", "old-system"), ("C", "new-system")):
        for row, value, category in ((1, 98, "all"), (2, 60, "Christian"), (3, 40, "Muslim")):
            staging.add(
                "T",
                f"{column}{row}",
                value,
                day=date(2009, 6, 30),
                definition=definition,
                categories={"religion": category},
            )
    strict_from_the_new = (Tolerance(None, 2), Tolerance("new-system", 0))
    assert only(staging.judge(*strict_from_the_new))["cells"] == ["C1", "C2", "C3"]


def test_a_fraction_left_by_binary_addition_is_no_difference(staging: Staging) -> None:
    staging.level("T", "religion", "Christian", "Muslim")
    for cell, value, category in (("B1", 0.3, "all"), ("B2", 0.1, "Christian"), ("B3", 0.2, "Muslim")):
        staging.add("T", cell, value, categories={"religion": category})
    assert rows(staging.judge()) == []


def test_more_failures_than_the_library_lists_are_all_told(staging: Staging) -> None:
    staging.level("T", "religion", "Christian", "Muslim")
    for column in range(1, 301):
        day = date(1900 + column // 12, column % 12 + 1, 1)
        for row, value, category in ((1, 95, "all"), (2, 60, "Christian"), (3, 40, "Muslim")):
            name = chr(65 + column // 26) + chr(65 + column % 26)
            staging.add("T", f"{name}{row}", value, day=day, categories={"religion": category})
    finding = only(staging.judge())
    assert len(finding["cells"]) == 900
    assert "288 more periods" in finding["message"]


# The publisher's own defects, as published


def test_a_total_contradicted_by_its_parts_and_by_another_table_is_critical_and_withheld(
    staging: Staging,
) -> None:
    """Religion by sex, 31 December 2015: the row of males repeats the number of both sexes."""
    day = date(2015, 12, 31)
    for table in ("A1_7", "A1_10"):
        staging.level(table, "sex", "male", "female")
    staging.level("A1_10", "religion", "Muslim", "All other")
    for cell, value, sex in (("AG5", 84968, "all"), ("AG56", 81143, "male"), ("AG107", 3825, "female")):
        staging.add("A1_7", cell, value, day, categories={"sex": sex})
    for cell, value, sex, religion in (
        ("AG5", 84968, "all", "all"),
        ("AG23", 84968, "male", "all"),
        ("AG30", 12000, "male", "Muslim"),
        ("AG31", 69143, "male", "All other"),
        ("AG41", 3825, "female", "all"),
    ):
        staging.add("A1_10", cell, value, day, categories={"sex": sex, "religion": religion})
    judgement = staging.judge()
    assert [(row["check"], row["severity"], row["cells"]) for row in rows(judgement)] == [
        ("parts_sum_to_total", "critical", ["AG23"]),
        ("sexes_sum_to_both", "critical", ["AG23"]),
    ]
    withheld = judgement.withholdings.to_dicts()
    assert len(withheld) == 1
    assert withheld[0]["observation_id"].endswith("A1_10!AG23")
    assert withheld[0]["finding_id"] == rows(judgement, "parts_sum_to_total")[0]["finding_id"]
    for part in ("84,968", "81,143", "A1_7", "31 December 2015"):
        assert part in withheld[0]["reason"]


def test_a_total_that_only_its_parts_contradict_is_not_withheld(staging: Staging) -> None:
    for table in ("one", "two"):
        staging.level(table, "sex", "male", "female")
        for cell, value, sex in (("B1", 101, "all"), ("B2", 60, "male"), ("B3", 40, "female")):
            staging.add(table, cell, value, categories={"sex": sex})
    judgement = staging.judge()
    assert [(row["sheet"], row["severity"]) for row in rows(judgement)] == [
        ("one", "warning"),
        ("two", "warning"),
    ]
    assert judgement.withholdings.is_empty()


def test_a_row_and_its_split_wrong_at_three_dates_is_one_cause(staging: Staging) -> None:
    """Custody by age and sex, "60 and over" and its split among people held for no crime, 2018 and 2019."""
    staging.level("A1_7", "sex", "male", "female")
    staging.level("A1_7", "legal_status", "sentenced", "non_criminal")
    staging.level("A1_7", "age", "under 60", "60 and over")
    staging.level("A1_7", "age", "60-69", "70 and over", parent="60 and over")
    ages = ("all", "under 60", "60 and over", "60-69", "70 and over")
    days = (date(2018, 9, 30), date(2018, 12, 31), date(2019, 3, 31))
    published = {49: (15, 8, 2), 50: (13, 7, 1), 51: (2, 1, 1)}
    men_held = ((764, 750, 14, 12, 2), (765, 750, 15, 13, 2), (758, 750, 8, 7, 1))
    for column, day, held, index in zip(("AR", "AS", "AT"), days, men_held, range(3), strict=True):
        true = {
            ("male", "sentenced"): (2000, 1700, 300, 200, 100),
            ("female", "sentenced"): (200, 170, 30, 20, 10),
            ("male", "non_criminal"): held,
            ("female", "non_criminal"): (10, 10, 0, 0, 0),
        }
        blocks = itertools.product(("all", "male", "female"), ("all", "sentenced", "non_criminal"))
        for block, (sex, status) in enumerate(blocks):
            added = [v for (s, c), v in true.items() if sex in ("all", s) and status in ("all", c)]
            for position, age in enumerate(ages):
                row = 47 + position if (sex, status) == ("all", "non_criminal") else 100 + 10 * block + position
                value = published[row][index] if row in published else sum(v[position] for v in added)
                categories = {"sex": sex, "age": age, "legal_status": status}
                staging.add("A1_7", f"{column}{row}", value, day, categories=categories)
    judgement = staging.judge()
    wrong = ["AR49", "AS49", "AT49", "AR50", "AS50", "AT50", "AS51"]
    assert {row["check"]: row["cells"] for row in rows(judgement)} == {
        "parts_sum_to_total": wrong,
        "sexes_sum_to_both": wrong,
    }
    assert len(rows(judgement)) == 2
    assert all(row["severity"] == "warning" for row in rows(judgement))
    message = rows(judgement, "sexes_sum_to_both")[0]["message"]
    for part in (
        "15 on 30 September 2018 (AR49)",
        "8 on 31 December 2018 (AS49)",
        "14 (1 less), 15 (7 more)",
    ):
        assert part in message


def test_rows_that_share_no_cell_are_causes_of_their_own(staging: Staging) -> None:
    """Nationality by sex at 30 June 2002: out by 11, 3 and 7."""
    staging.level("A1_9i", "sex", "male", "female")
    numbers = {17: ("British", 62564, 59095, 3458), 28: ("Foreign", 7716, 6900, 819)}
    numbers[39] = ("Not recorded", 939, 800, 146)
    for row, (nationality, *values) in numbers.items():
        for block, (sex, value) in enumerate(zip(("all", "male", "female"), values, strict=True)):
            categories = {"nationality": nationality, "sex": sex}
            staging.add("A1_9i", f"B{row + 40 * block}", value, date(2002, 6, 30), categories=categories)
    judgement = staging.judge(Tolerance(None, 2))
    assert [(row["severity"], row["cells"]) for row in rows(judgement, "sexes_sum_to_both")] == [
        ("warning", ["B17", "B57", "B97"]),
        ("warning", ["B28", "B68", "B108"]),
        ("warning", ["B39", "B79", "B119"]),
    ]
    assert ["(11 less)" in row["message"] for row in rows(judgement)] == [True, False, False]
    assert len(rows(judgement)) == 3


def test_two_tables_that_differ_at_one_date_are_one_finding_with_every_cell_by_sheet(
    staging: Staging,
) -> None:
    """Not stated and not recorded in 2021: 195 and 424 in one table, 202 and 417 in the other."""
    for table, cells, values in (
        ("A1_9i", ("V13", "V14", "V15"), (195, 424, 6451)),
        ("A1_9ii", ("E40", "E39", "E6"), (202, 417, 6451)),
    ):
        for cell, value, group in zip(cells, values, ("Not stated", "Not recorded", "Asian"), strict=True):
            staging.add(table, cell, value, date(2021, 6, 30), categories={"ethnicity": group})
    finding = only(judgement := staging.judge())
    assert (finding["check"], finding["severity"]) == ("tables_agree", "warning")
    assert finding["cells"] == ["A1_9i!V13", "A1_9i!V14", "A1_9ii!E39", "A1_9ii!E40"]
    assert finding["sheet"] == "A1_9i, A1_9ii"
    assert "195 in A1_9i (V13) and 202 in A1_9ii (E40)" in finding["message"]
    assert judgement.withholdings.is_empty()


def test_an_estimate_rounded_in_one_table_only_agrees_within_the_tolerance(staging: Staging) -> None:
    for table, value in (("one", 8942), ("two", 8941.63)):
        staging.add(table, "B1", value, date(2004, 6, 30), definition="old-system")
    assert rows(staging.judge(Tolerance("old-system", 2))) == []


# Integrity


def test_one_figure_in_two_cells_of_a_sheet_is_critical(by_sex: Stage) -> None:
    staging = by_sex()
    staging.add("T", "C99", 20, categories={"sex": "male", "ethnicity": "Asian"})
    finding = only(staging.judge())
    assert (finding["check"], finding["severity"]) == ("keys_unique", "critical")
    assert finding["cells"] == ["B6", "C99"]


def test_one_observation_staged_twice_is_critical(by_sex: Stage) -> None:
    staging = by_sex()
    staging.figures.append(dict(staging.figures[3]))
    finding = next(row for row in rows(staging.judge()) if row["check"] == "keys_unique")
    assert finding["severity"] == "critical"
    assert finding["cells"] == [staging.figures[3]["cell"]]


def test_a_category_the_table_is_not_known_to_have_is_named(by_sex: Stage) -> None:
    staging = by_sex()
    staging.add("T", "B40", 1, categories={"ethnicity": "Martian"})
    finding = only(staging.judge())
    assert (finding["check"], finding["cells"]) == ("categories_known", ["B40"])
    assert 'ethnicity "Martian"' in finding["message"]


def test_a_figure_without_a_category_of_a_characteristic_is_found(by_sex: Stage) -> None:
    staging = by_sex()
    staging.figures[5]["disability"] = None
    finding = only(staging.judge())
    assert (finding["check"], finding["cells"]) == ("categories_known", [staging.figures[5]["cell"]])
    assert "disability" in finding["message"]


def test_values_that_contradict_their_status_are_found(staging: Staging) -> None:
    staging.add("T", "A1", 5)
    told = {
        "B1": (None, "published", "published without a value"),
        "B2": (3.0, "suppressed", "although the status is suppressed"),
        "B3": (float("nan"), "published", "not a number"),
        "B4": (None, "lost", "not one of published"),
        "B5": (None, None, "no status"),
    }
    for position, (cell, (value, status, _)) in enumerate(told.items()):
        staging.add("T", cell, value, day=date(2010 + position, 6, 30), status=status)
    staging.add("T", "B6", float("inf"))
    staging.figures[-1]["figure_id"] = "another"
    found = {tuple(row["cells"]): row for row in rows(staging.judge())}
    assert {row["check"] for row in found.values()} == {"value_matches_status"}
    assert set(found) == {("B1",), ("B2",), ("B3", "B6"), ("B4",), ("B5",)}
    for cells, row in found.items():
        assert told[cells[0]][2] in row["message"]


def test_periods_outside_the_edition_are_found(staging: Staging) -> None:
    staging.add("T", "B1", 5)
    staging.add("T", "C1", 6, day=date(2022, 9, 30))
    staging.add("T", "D1", 6, day=date(2022, 7, 15))
    staging.add("T", "F1", 6, period_end=None)
    found = rows(staging.judge(last=date(2022, 6, 30)), "periods_inside_edition")
    told = {row["cells"][0]: row["message"] for row in found}
    assert sorted(told) == ["C1", "D1", "F1"]
    assert "after the day of publication" in told["C1"]
    assert "after the last of the edition, 2022-06-30" in told["D1"]
    assert "no period" in told["F1"]


# What cannot be asked, and what must not happen


def test_a_check_that_breaks_is_a_finding_and_the_others_are_still_made(by_sex: Stage) -> None:
    staging = by_sex(wrong={"B1": None})
    staging.figures[0]["value"] = None
    path = staging.write()
    with duckdb.connect(str(path)) as connection:
        connection.execute("drop table level")
    judgement = judge(path, [staging.checks()])
    states = {row["check"]: row["state"] for row in rows(judgement)}
    assert states == {
        "parts_sum_to_total": "error",
        "children_sum_to_parent": "error",
        "sexes_sum_to_both": "error",
        "categories_known": "error",
        "value_matches_status": "failed",
    }
    assert all("could not be made" in r["message"] for r in rows(judgement) if r["state"] == "error")
    assert judgement.passed == judgement.total - len(states)


def test_a_file_that_is_not_a_database_fails_every_check_as_an_error(staging: Staging, tmp_path: Path) -> None:
    staging.add("T", "B1", 5)
    path = tmp_path / "broken.duckdb"
    path.write_bytes(b"not a database" * 100)
    judgement = judge(path, [staging.checks()])
    assert {(row["check"], row["state"]) for row in rows(judgement)} == {(c.name, "error") for c in CHECKS}
    assert judgement.passed == 0


def test_a_missing_file_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.duckdb"):
        judge(tmp_path / "nowhere.duckdb", [])


def test_the_file_is_left_as_it_was_and_free_to_be_loaded(by_sex: Stage) -> None:
    staging = by_sex()
    path = staging.write()
    before = path.read_bytes()
    judge(path, [staging.checks()])
    assert path.read_bytes() == before
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table written (a integer)")


def test_another_edition_in_the_same_file_is_another_judgement(by_sex: Stage) -> None:
    staging = by_sex()
    staging.add("T", "B77", None, edition_id="2020-06-30", status="lost")
    path = staging.write()
    other = Checks(PUBLICATION, "2020-06-30", (TableChecks("T", "T", ()),))
    assert rows(judge(path, [staging.checks()])) == []
    both = judge(path, [staging.checks(), other])
    assert [row["edition_id"] for row in rows(both)] == ["2020-06-30"]
    assert both.total == 2 * len(CHECKS)


def test_the_same_file_gives_the_same_rows_under_the_same_ids(by_sex: Stage) -> None:
    staging = by_sex(wrong={"B6": 27, "B25": 46})
    path = staging.write()
    one, two = judge(path, [staging.checks()]), judge(path, [staging.checks()])
    assert one.findings.equals(two.findings)
    assert one.findings["finding_id"].n_unique() == one.findings.height > 2


def test_names_with_signs_that_sql_or_the_library_would_read_are_taken_literally(staging: Staging) -> None:
    name = "Age: men's {50%} [a:b] \\ ?"
    staging.level(name, "religion", "Christian", "Muslim")
    for cell, value, category in (("B1", 95, "all"), ("B2", 60, "Christian"), ("B3", 40, "Muslim")):
        staging.add(name, cell, value, categories={"religion": category})
    assert only(staging.judge(Tolerance("it's: {x}", 50)))["sheet"] == name


def test_importing_the_expectations_waits_for_neither_the_library_nor_frames() -> None:
    program = "import sys, expectations; print({'great_expectations', 'polars', 'sqlalchemy'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_the_judge_is_quiet(by_sex: Stage, capfd: pytest.CaptureFixture[str]) -> None:
    by_sex(wrong={"B6": 27}).judge()
    assert capfd.readouterr() == ("", "")


# Declarations that make no sense


def test_a_negative_tolerance_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0 or more; -1 was declared for old-system"):
        Tolerance("old-system", -1)


def test_a_table_declared_twice_is_refused() -> None:
    table = TableChecks("A1_7", "", ("sex",))
    with pytest.raises(ValueError, match="A1_7 is declared twice"):
        Checks(PUBLICATION, EDITION, (table, table))
