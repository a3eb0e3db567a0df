"""Periods, units, notes, marks and groups in every spelling met: what each becomes, in figures and in a survey."""

import datetime as dt

import polars as pl
import pytest

from monitor.declarations import parse, sources
from monitor.declarations.publication import Publication
from pipelines.reading import Grid
from pipelines.reading import read as read_file
from pipelines.survey import survey
from pipelines.tidy import tidy
from tests.publications.made import HEAD, NOT_HERE, PUBLISHED, checks, claims, declared, flags, read, sheet

SEX = 'rows = ["sex"]'
ETHNICITY = 'rows = ["ethnicity"]'


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# --- periods ------------------------------------------------------------------------------------------------------

PERIODS = [
    (dt.date(2022, 6, 30), "2022-06-30", "2022-06-30"),
    ("2022-06-30", "2022-06-30", "2022-06-30"),
    ("30 June 2022", "2022-06-30", "2022-06-30"),
    ("30-Jun-09(1)", "2009-06-30", "2009-06-30"),
    ("30-Jun-09(1) (2)", "2009-06-30", "2009-06-30"),
    ("30/06/2022", "2022-06-30", "2022-06-30"),
    ("30.06.2022", "2022-06-30", "2022-06-30"),
    ("As at 30 June 2022", "2022-06-30", "2022-06-30"),
    ("Mid-2019", "2019-06-30", "2019-06-30"),
    ("June 2022 [p]", "2022-06-01", "2022-06-30"),
    ("Jul-Sep 2022", "2022-07-01", "2022-09-30"),
    ("April to June 2024", "2024-04-01", "2024-06-30"),
    ("Q3 2022", "2022-07-01", "2022-09-30"),
    ("Q1 2019/20", "2019-04-01", "2019-06-30"),
    ("year ending March 2019", "2018-04-01", "2019-03-31"),
    ("12 months ending March 2019", "2018-04-01", "2019-03-31"),
    ("2017/18", "2017-04-01", "2018-03-31"),
    ("2018/191", "2018-04-01", "2019-03-31"),
    ("2017-18", "2017-04-01", "2018-03-31"),
    ("Week ending 3 January 2025", "2024-12-28", "2025-01-03"),
    (2019.0, "2019-01-01", "2019-12-31"),
]


@pytest.mark.parametrize(("spelled", "start", "end"), PERIODS, ids=[str(p[0]) for p in PERIODS])
def test_a_period_means_the_same_days_to_figures_and_to_a_survey(spelled, start: str, end: str) -> None:
    other = dt.date(2001, 6, 30) if isinstance(spelled, dt.date) else 2001.0 if isinstance(spelled, float) else "2001"
    across = sheet(("Sex", other, spelled), ("Males", 60, 66), ("Females", 6, 7))
    found = claims(read(across, declared(SEX)), "period_start", "period_end", "value")
    assert found["C4"] == (day(start), day(end), 66.0)
    down = sheet(("Period", "Males", "Females"), (other, 60, 6), (spelled, 66, 7))
    found = claims(read(down, declared('rows = ["period"]\ncolumns = ["sex"]')), "period_start", "period_end", "sex")
    assert found["B5"] == (day(start), day(end), "male")
    for grid in (across, down):
        [surveyed] = survey([grid]).tables
        assert surveyed.last_period == day(end)
        assert set(surveyed.characteristics) == {"sex"}


@pytest.mark.parametrize("edition", ["2022-Q3", "CountsQ32022", "year 2022"])
def test_a_quarter_takes_its_year_from_the_name_of_its_edition(edition: str) -> None:
    grid = sheet(("Period", "Males", "Females"), ("Q3", 66, 7), title="Table 1: People in prison")
    tidied = read(grid, declared('rows = ["period"]\ncolumns = ["sex"]'), edition)
    assert claims(tidied, "period_start", "period_end")["B4"] == (day("2022-07-01"), day("2022-09-30"))


def test_a_quarter_takes_its_year_from_the_title_where_the_edition_names_none() -> None:
    grid = sheet(("Period", "Males", "Females"), ("Q3", 66, 7), title="Table 1: People in prison, 2022")
    tidied = read(grid, declared('rows = ["period"]\ncolumns = ["sex"]'), "summer")
    assert claims(tidied, "period_end")["B4"] == (day("2022-09-30"),)


def test_a_quarter_whose_year_nobody_names_is_refused_and_reported() -> None:
    grid = sheet(("Period", "Males", "Females"), ("Q3", 66, 7))
    tidied = read(grid, declared('rows = ["period"]\ncolumns = ["sex"]'), "summer")
    assert tidied.figures.is_empty()
    assert "'Q3'" in checks(tidied)["labels_known"]


def test_a_date_that_does_not_exist_is_reported_with_the_nearest_and_gives_no_figure() -> None:
    grid = sheet((None, "30-Jun-24", "31-Jun-25"), ("Males", 60, 66), ("Females", 6, 7))
    tidied = read(grid, declared(SEX))
    assert set(claims(tidied, "sex")) == {"B4", "B5"}
    [problem] = tidied.problems
    assert "31-Jun-25" in problem.message
    assert problem.cells == ("C3",)


def test_one_day_counted_by_two_systems_is_two_definitions_and_no_figure_is_lost() -> None:
    grid = sheet((None, "30-Jun-09", "30-Jun-09(1)", "30-Jun-10"), ("Males", 60, 61, 62), ("Females", 6, 7, 8))
    found = claims(read(grid, declared(SEX)), "period_end", "definition_id", "value")
    assert found["B4"] == (day("2009-06-30"), "as published", 60.0)
    assert found["C4"] == (day("2009-06-30"), "column marked 1", 61.0)
    assert found["D4"] == (day("2010-06-30"), "as published", 62.0)


def test_one_day_twice_with_nothing_to_tell_the_two_apart_is_refused() -> None:
    grid = sheet((None, "30-Jun-09", "30-Jun-09", "30-Jun-10"), ("Males", 60, 61, 62), ("Females", 6, 7, 8))
    tidied = read(grid, declared(SEX))
    assert set(claims(tidied, "sex")) == {"D4", "D5"}
    assert "labels_once" in checks(tidied)


# --- units --------------------------------------------------------------------------------------------------------


def in_units(line: str, *values: float) -> Grid:
    body = [(label, value) for label, value in zip(("Males", "Females"), values, strict=True)]
    return Grid("T", [["Table 1: People in prison"], [], [line], ["Sex", "30 June 2022"], *map(list, body)])


@pytest.mark.parametrize("line", ["Thousands", "Numbers (thousands)", "000s", "In thousands [note 1]"])
def test_people_counted_in_thousands_are_given_one_by_one(line: str) -> None:
    tidied = read(in_units(line, 79.092, 3.253), declared(SEX))
    assert claims(tidied, "value") == {"B5": (79_092.0,), "B6": (3_253.0,)}
    assert flags(tidied, "estimated") == set()


def test_a_line_of_thousands_over_whole_numbers_is_refused_until_a_person_says_which_is_right() -> None:
    whole = in_units("Thousands", 725_167.0, 3_253.0)
    tidied = read(whole, declared(SEX))
    assert tidied.figures.is_empty()
    said = checks(tidied)["units_agree"]
    assert [word for word in ("'Thousands'", "scale = 1000", "scale = 1") if word not in said] == []
    assert claims(read(whole, declared(SEX + "\nscale = 1")), "value")["B5"] == (725_167.0,)
    assert claims(read(whole, declared(SEX + "\nscale = 1000")), "value")["B5"] == (725_167_000.0,)


def test_percentages_are_not_people_and_numbers_are_numbers() -> None:
    shares = in_units("Percentages", 96.0, 4.0)
    assert read(shares, declared(SEX)).figures.is_empty()
    assert claims(read(shares, declared(SEX + '\nunit = "percent"')), "value")["B5"] == (96.0,)
    assert claims(read(in_units("Numbers", 96.0, 4.0), declared(SEX)), "value")["B5"] == (96.0,)


# --- notes, marks, hidden cells -----------------------------------------------------------------------------------


def test_a_raised_note_is_set_apart_from_the_label_it_is_glued_to() -> None:
    ages = sheet(
        ("30 June", "Under 101", "Aged 10-17", "Total"), ("2022", 1, 2, 3), superscripts={(2, 1): "1"},
    )  # fmt: skip
    tidied = read(ages, declared('rows = ["period"]\ncolumns = ["age"]'))
    assert claims(tidied, "age", "age_label")["B4"] == ("under 10", "Under 10")
    raised = sheet(("30 June", "Aged 152", "Total"), ("2022", 1, 3), superscripts={(2, 1): "2"})
    tidied = read(raised, declared('rows = ["period"]\ncolumns = ["age"]'))
    assert claims(tidied, "age", "age_label")["B4"] == ("15", "Aged 15"), "no dictionary could tell: the file does"


def test_marks_are_split_from_numbers_and_read_by_the_publications_own_map() -> None:
    grid = sheet(("Group", "30 June 2022"), ("White", 5), ("Asian", "1,234 [r]"), ("Black", "[x]"), ("Mixed", "[c]"))
    columns = ("value", "status", "marker", "value_low", "value_high")
    usual = claims(read(grid, declared(ETHNICITY)), *columns)
    assert usual["B5"] == (1234.0, "published", "[r]", None, None)
    assert usual["B6"] == (None, "not_available", "[x]", None, None)
    assert usual["B7"] == (None, "suppressed", "[c]", None, None)
    own = claims(read(grid, declared(ETHNICITY, head='symbols = { map = "youth-custody" }\n')), *columns)
    assert own["B6"] == (None, "suppressed", "[x]", 0.0, 4.0), "here [x] means four or fewer"
    assert own["B7"] == usual["B7"], "what a map does not redefine is the standard's"
    assert flags(read(grid, declared(ETHNICITY)), "revised") == {"B5"}


def test_a_month_marked_provisional_in_its_heading_gives_provisional_figures() -> None:
    grid = sheet((None, "May 2026", "June 2026 [p]"), ("Males", 60, 66), ("Females", 6, 7))
    assert flags(read(grid, declared(SEX)), "provisional") == {"C4", "C5"}


def test_the_youth_custody_report_is_declared_with_the_map_in_which_x_is_four_or_fewer() -> None:
    assert sources()["youth-custody"].symbols.map == "youth-custody"
    grid = sheet(("Group", "June 2026"), ("White", 300), ("Black", 40), ("Asian", "[x]"))
    assert survey([grid], "youth-custody").tables[0].characteristics["ethnicity"].suppressed_share > 0
    assert survey([grid]).tables[0].characteristics["ethnicity"].suppressed_share == 0


@pytest.mark.parametrize(("mark", "near"), [("[xx]", "[x] (not available)"), ("[q]", ""), ("see text", "")])
def test_a_mark_that_nobody_declared_is_kept_reported_and_never_zero(mark: str, near: str) -> None:
    grid = sheet(("Group", "30 June 2022", "30 June 2023"), ("Asian", 4, mark), ("White", 6, 7))
    tidied = read(grid, declared(ETHNICITY))
    assert claims(tidied, "value", "status", "marker")["C4"] == (None, "unreadable", mark)
    [problem] = [p for p in tidied.problems if p.check == "values_readable"]
    assert problem.cells == ("C4",)
    assert mark in problem.message and near in problem.message


def test_a_hidden_row_column_or_sheet_is_read_marked_and_told() -> None:
    rows = ((None, "30 June 2021", "30 June 2022"), ("Males", 60, 66), ("Females", 6, 7))
    for said, hidden in (
        ({"hidden_columns": frozenset({1})}, {"B4", "B5"}),
        ({"hidden_rows": frozenset({4})}, {"B5", "C5"}),
        ({"is_hidden": True}, {"B4", "B5", "C4", "C5"}),
    ):
        tidied = read(sheet(*rows, **said), declared(SEX))
        assert len(claims(tidied, "sex")) == 4, "what is hidden is published all the same"
        assert flags(tidied, "hidden") == hidden
        [told] = tidied.problems
        assert (told.check, told.severity) == ("hidden_figures", "note")
        assert f"{len(hidden)} figures" in told.message
    assert flags(read(sheet(*rows), declared(SEX)), "hidden") == set()


def test_records_of_a_hidden_row_are_marked_too() -> None:
    said = declared('shape = "long"\nfields = { "Sex" = "sex", "Count" = "value" }\nperiod = "2022"').table[0]
    publication = parse(Publication, HEAD, "series.toml").model_copy(
        update={"table": (said.model_copy(update={"title": ""}),)}
    )
    grid = Grid("data.csv", [["Sex", "Count"], ["M", 4.0], ["F", 6.0]], hidden_rows=frozenset({2}))
    assert flags(tidy([grid], publication, edition="2022"), "hidden") == {"B3"}


# --- groups -------------------------------------------------------------------------------------------------------


def test_every_figure_names_the_classification_of_its_groups_and_what_was_merged() -> None:
    groups = ("Asian", "Black", "Mixed", "White", "Other")
    five = sheet(("Group", "30 June 2022"), *((g, 5) for g in groups), ("Total", 25))
    assert set(claims(read(five, declared(ETHNICITY)), "classification", "mapping").values()) == {("5B", "exact")}
    finer = sheet(("Group", "30 June 2022"), *((g, 5) for g in groups[:-1]), ("Arab", 1), ("Any other ethnic group", 4))
    merged = read(finer, declared(ETHNICITY)).figures
    assert set(merged["classification"]) == {"5B"}
    assert set(merged["mapping"]) == {"lossy: merged Arab, Any other ethnic group into Other"}


def test_chinese_moving_out_of_other_is_a_change_of_definition_between_two_editions() -> None:
    same = (("Asian", 5), ("Black", 4), ("Mixed", 3), ("White", 9))
    before = sheet(("Group", "2018/19"), *same, ("Chinese or Other", 2))
    after = sheet(("Group", "2019/20"), *same, ("Other", 1))
    columns = ("ethnicity", "classification", "definition_id")
    old, new = (
        {group: said for group, *said in read(grid, declared(ETHNICITY)).figures.select(*columns).rows()}
        for grid in (before, after)
    )
    assert old["Chinese or Other"] == ["5A", "as published+Chinese or Other of 5A"]
    assert new["Other"] == ["5B", "as published"], "the two are not forced into one"
    assert old["Asian"][1] != new["Asian"][1], "Chinese people are in one and not in the other"
    assert old["White"][1] == new["White"][1], "the same people as before"


@pytest.mark.parametrize("label", ["Mixed or Other", "White (including white minorities)", "Chinese or Other"])
def test_a_group_of_several_is_not_forced_into_its_neighbour(label: str) -> None:
    grid = sheet(("Group", "30 June 2022"), ("Asian", 5), ("Black", 4), (label, 3))
    found = claims(read(grid, declared(ETHNICITY)), "ethnicity", "ethnicity_label")
    assert found["B6"][1] == label
    assert found["B6"][0] not in ("Other", "Mixed", "Chinese")


def test_a_spelling_nobody_knows_is_named_with_the_closest_and_refused() -> None:
    grid = sheet(("Group", "30 June 2022"), ("Asian", 5), ("Balck or Black Brittish", 4), ("White", 9))
    tidied = read(grid, declared(ETHNICITY))
    assert set(claims(tidied, "ethnicity").values()) == {("Asian",), ("White",)}
    assert "Black or Black British" in checks(tidied)["labels_known"]


# --- published tables ---------------------------------------------------------------------------------------------

ARRESTS = """
symbols = { map = "home-office-arrests" }

[[table]]
id = "sex"
title = "Number of persons arrested for notifiable offences by sex"
measure = "arrests"
unit = "arrests"
population = "people arrested"
rows = ["period"]
columns = ["sex"]

[[table]]
id = "age"
title = "Number of persons arrested for notifiable offences by age group"
measure = "arrests"
unit = "arrests"
population = "people arrested"
rows = ["period"]
columns = ["sex", "age"]

[[table]]
id = "offence"
title = "Persons arrested for notifiable offences by type of offence and sex"
measure = "arrests"
unit = "arrests"
population = "people arrested"
rows = ["sex", "period"]
columns = ["offence"]
"""


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason=NOT_HERE)
def test_thousands_are_multiplied_where_the_numbers_agree_and_refused_where_they_do_not() -> None:
    """A.02 says thousands and shows units: only its declaration can say so."""
    [path] = (PUBLISHED / "home-office").glob("arrest*.ods")
    grids, publication = read_file(path), parse(Publication, HEAD + ARRESTS, "series.toml")
    tidied = tidy(grids, publication, edition="2018-19")
    found = tidied.figures.filter(pl.col("period_label") == "2006/07")
    said = {(r["table_id"], r["sex"], r["age"]): r["value"] for r in found.iter_rows(named=True)}
    assert said["sex", "all", "all"] == 1_423_562
    assert said["sex", "all", "all"] == said["age", "all", "all"], "two published tables disagree by a factor"
    assert said["age", "all", "under 10"] == 241
    under = tidied.figures.filter(pl.col("age") == "under 10")
    assert set(under["age_label"]) == {"Under 10"}, "the raised note is no part of the label"
    assert "offence" not in set(tidied.figures["table_id"])
    assert "units_agree" in checks(tidied)
