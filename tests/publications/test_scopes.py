"""A damaged label costs the figures it speaks for, and moves none of them under another group."""

import re

import pytest

from monitor.declarations import sources
from pipelines.reading import read as read_file
from pipelines.tidy import tidy
from tests.publications.made import NOT_HERE, PUBLISHED, changed, checks, claims, declared, read, sheet

STACKED = sheet(
    (None, "30 June 2021", "30 June 2022"),
    ("Males", 60, 66),
    ("Remand", 20, 22),
    ("Asian", 5, 6),
    ("Black", 5, 6),
    ("White", 10, 10),
    ("Sentenced", 40, 44),
    ("Asian", 10, 11),
    ("Black", 10, 11),
    ("White", 20, 22),
    ("Females", 6, 6),
    ("Remand", 2, 2),
    ("Asian", 1, 1),
    ("White", 1, 1),
    ("Sentenced", 4, 4),
    ("Asian", 2, 2),
    ("White", 2, 2),
)
BY_ALL = declared('rows = ["sex", "legal_status", "ethnicity"]')
SAID = ("sex", "ethnicity", "circumstances", "value")


def test_a_sound_table_is_read_whole() -> None:
    tidied = read(STACKED, BY_ALL)
    assert tidied.problems == []
    assert len(claims(tidied, *SAID)) == 32
    assert claims(tidied, *SAID)["C11"] == ("male", "Black", '{"legal_status": "sentenced"}', 11.0)


@pytest.mark.parametrize("damage", ["*", "..", "[c]", "-", "zzqx", "Sentnced", 7.0, None], ids=str)
@pytest.mark.parametrize("cell", [f"A{row}" for row in range(4, 20)])
def test_whatever_label_is_lost_no_other_figure_is_said_of_other_people(cell: str, damage: object) -> None:
    sound = claims(read(STACKED, BY_ALL), *SAID)
    spoiled = read(changed(STACKED, {cell: damage}), BY_ALL)
    found = claims(spoiled, *SAID)
    row = cell[1:]
    assert {k: v for k, v in found.items() if k[1:] != row and v != sound[k]} == {}
    assert f"B{row}" not in found, "a figure of a label that nobody can read"
    assert spoiled.problems, "figures were left out without a word"


def test_a_mark_for_a_label_ends_what_stood_above_it() -> None:
    spoiled = read(changed(STACKED, {"A9": "*"}), BY_ALL)
    kept = {cell[1:] for cell in claims(spoiled, *SAID)}
    assert kept == {"4", "5", "6", "7", "8", "13", "14", "15", "16", "17", "18", "19"}
    [under] = [p for p in spoiled.problems if "Asian" in p.message]
    assert "which may have scoped it" in under.message
    assert under.cells == ("A10",)


def test_a_word_nobody_knows_among_its_like_costs_only_itself() -> None:
    spoiled = read(changed(STACKED, {"A7": "Blakc"}), BY_ALL)
    assert {cell[1:] for cell in claims(spoiled, *SAID)} == {str(row) for row in range(4, 20)} - {"7"}
    assert "nearest known" in checks(spoiled)["labels_known"]


def test_a_block_of_an_unknown_place_gives_no_figure_of_the_whole_country() -> None:
    regions = sheet(
        ("Ethnic group", "30 June 2022"), ("North",), ("Asian", 1), ("White", 9), ("South",), ("Asian", 2), ("White", 8)
    )
    assert read(regions, declared('rows = ["ethnicity"]')).figures.is_empty()


def test_headings_that_name_a_characteristic_are_no_unknown_labels() -> None:
    margins = sheet(
        ("Group", "30 June 2022"), ("Total", 10), ("Ethnic group",), ("Asian", 4), ("White", 6), ("Sex",),
        ("Male", 7), ("Female", 3),
    )  # fmt: skip
    tidied = read(margins, declared('rows = ["ethnicity", "sex"]'))
    assert tidied.problems == []
    assert claims(tidied, "ethnicity", "sex") == {
        "B4": ("all", "all"), "B6": ("Asian", "all"), "B7": ("White", "all"), "B9": ("all", "male"),
        "B10": ("all", "female"),
    }  # fmt: skip


def test_margins_side_by_side_do_not_cross() -> None:
    """Girls are not girls of unknown ethnicity because that column stands before theirs."""
    margins = sheet(
        ("Remand type", "Asian", "White", "Unknown Ethnicity", "Girls", "Boys", "Unknown Sex", "Aged 10 to 14",
         "Aged 15 to 17", "Total"),
        ("Remand", 4, 5, 1, 2, 7, 1, 3, 7, 10),
        ("Sentenced", 8, 10, 2, 4, 14, 2, 6, 14, 20),
    )  # fmt: skip
    tidied = read(
        margins, declared('rows = ["legal_status"]\ncolumns = ["ethnicity", "sex", "age"]\nperiod = "2019/20"')
    )
    assert tidied.problems == []
    first = {k: v for k, v in claims(tidied, "ethnicity", "sex", "age").items() if k.endswith("4")}
    assert first == {
        "B4": ("Asian", "all", "all"), "C4": ("White", "all", "all"), "D4": ("Unknown", "all", "all"),
        "E4": ("all", "female", "all"), "F4": ("all", "male", "all"), "G4": ("all", "Unknown", "all"),
        "H4": ("all", "all", "10-14"), "I4": ("all", "all", "15-17"), "J4": ("all", "all", "all"),
    }  # fmt: skip


def test_a_group_of_an_upper_header_that_was_lost_makes_no_column_of_everyone() -> None:
    crossed = sheet(
        (None, "Males", None, "Females", None),
        ("30 June", "Asian", "White", "Asian", "White"),
        ("2021", 1, 2, 3, 4),
        ("2022", 5, 6, 7, 8),
    )
    by_both = declared('rows = ["period"]\ncolumns = ["sex", "ethnicity"]')
    assert claims(read(crossed, by_both), "sex", "ethnicity")["D5"] == ("female", "Asian")
    for damage in ("*", "Femmes", None):
        spoiled = read(changed(crossed, {"D3": damage}), by_both)
        assert not {k for k, (sex, _) in claims(spoiled, "sex", "ethnicity").items() if sex == "all"}
        assert not {k for k in claims(spoiled, "sex") if k[0] in "DE"}
        assert spoiled.problems


def test_a_table_that_lost_a_declared_breakdown_is_refused_whole() -> None:
    only = sheet(("Group", "30 June 2022"), ("Asian", 4), ("White", 6))
    tidied = read(only, declared('rows = ["sex", "ethnicity"]'))
    assert tidied.figures.is_empty()
    assert "expected labels for sex" in checks(tidied)["columns_found"]


def test_two_rows_of_one_name_are_both_doubted_and_both_named() -> None:
    twice = sheet(("Group", "30 June 2022"), ("Asian", 4), ("White", 6), ("Black", 3), ("White", 2))
    tidied = read(twice, declared('rows = ["ethnicity"]'))
    assert set(claims(tidied, "ethnicity")) == {"B4", "B6"}
    [problem] = [p for p in tidied.problems if p.check == "labels_once"]
    assert problem.cells == ("A5", "A7")
    assert "stands twice" in problem.message


def test_a_second_section_of_percentages_is_not_taken_for_people() -> None:
    sections = sheet(
        ("Group", "30 June 2022"), ("Asian", 40), ("White", 60), ("Total", 100), (), ("Asian", 40), ("White", 60),
        ("Total", 100),
    )  # fmt: skip
    tidied = read(sections, declared('rows = ["ethnicity"]'))
    assert set(claims(tidied, "ethnicity")) >= {"B4", "B5", "B6"}
    assert not {"B8", "B9"} & set(claims(tidied, "ethnicity"))
    assert "labels_once" in checks(tidied)


@pytest.mark.parametrize("row", [4, 5])
def test_a_record_without_its_group_is_not_a_record_of_everyone(row: int) -> None:
    records = sheet(("Group", "Count"), ("Asian", 4), ("White", 6), ("Total", 10))
    tidied = read(
        changed(records, {f"A{row}": None}),
        declared(
            'fields = { "Group" = "ethnicity" }\ncolumns = []\nperiod = "2022"\n'
            'statistics = [{ header = "Count", measure = "people", unit = "people" }]'
        ),
    )
    sound = {"B4": ("Asian",), "B5": ("White",), "B6": ("all",)}
    found = claims(tidied, "ethnicity")
    assert f"B{row}" not in found
    assert {k: v for k, v in found.items() if sound[k] != v} == {}


def test_a_bare_number_among_ages_in_words_is_no_age() -> None:
    ages = sheet(("30 June", "Aged 10 years", "Aged 11 years", "Aged 12 years", "12 [r]"), ("2022", 1, 2, 3, 4))
    tidied = read(ages, declared('rows = ["period"]\ncolumns = ["age"]'))
    assert claims(tidied, "age") == {"B4": ("10",), "C4": ("11",), "D4": ("12",)}
    assert "labels_known" in checks(tidied)


# --- the published workbook in which this was met -----------------------------------------------------------------


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason=NOT_HERE)
@pytest.mark.parametrize("damage", ["*", "zzqx", None])
def test_sentenced_people_are_not_said_to_await_trial_when_their_label_is_lost(damage: str | None) -> None:
    [grid] = [g for g in read_file(PUBLISHED / "moj" / "Population_30June2020_Annual.xlsx") if g.sheet == "A1_11"]
    assert grid.at(33, 0) == "Sentenced"
    prison = sources()["prison-population"]
    sound = claims(tidy([grid], prison, edition="2020-06-30"), "nationality", "circumstances", "value")
    spoiled = tidy([changed(grid, {"A34": damage})], prison, edition="2020-06-30")
    found = claims(spoiled, "nationality", "circumstances", "value")
    assert {k: (v, sound[k]) for k, v in found.items() if v != sound[k]} == {}
    lost = {int(re.sub(r"\D", "", k)) for k in sound} - {int(re.sub(r"\D", "", k)) for k in found}
    assert {34, 35, 36} <= lost <= set(range(34, 53)), "only what stands in that block may be lost"
