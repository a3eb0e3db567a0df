"""Which characteristics a label leaves open that nobody could read, in tables made up for it."""

import pytest

from monitor.vocabulary import CHARACTERISTICS
from pipelines.reading.grid import Grid
from pipelines.survey import survey

HEADER = ["Offence", "Asian", "Black", "White"]
OFFENCES = ["Robbery", "Theft offences", "Drug offences"]
COUNTS = [10.0, 20.0, 70.0]


def left_open(more: str) -> set[str]:
    """What is unclear of a table of offences by ethnic group with one more column of this header."""
    rows = [["Arrests by ethnic group and offence, 2021/22"], [], [*HEADER, more]]
    rows += [[offence, *COUNTS, 7.0] for offence in OFFENCES]
    answers = survey([Grid("1", rows)]).characteristics
    assert answers["ethnicity"] == "present"
    return {d for d, answer in answers.items() if answer == "unclear"}


@pytest.mark.parametrize("header", ["Not stated", "Other", "Change (%)", "%", "Ethnicity of the officer, coded"])
def test_a_rest_a_rate_and_words_of_what_was_read_leave_nothing_else_open(header: str) -> None:
    assert left_open(header) == set()


@pytest.mark.parametrize(
    ("header", "characteristic"), [("Disabled people seen by two doctors", "disability"), ("Of no faith", "religion")]
)
def test_words_of_a_characteristic_leave_that_one_open(header: str, characteristic: str) -> None:
    assert left_open(header) == {characteristic}


def test_a_code_leaves_every_other_characteristic_open() -> None:
    assert left_open("Q7") == {c.id for c in CHARACTERISTICS} - {"ethnicity"}


def test_a_number_by_itself_beside_a_table_leaves_nothing_open() -> None:
    rows = [["Arrests by ethnic group and offence, 2021/22"], [], [*HEADER]]
    rows += [[offence, *COUNTS] for offence in OFFENCES]
    rows[4] += [None, 3.0]
    surveyed = survey([Grid("1", rows)])
    assert surveyed.account.not_understood == 1
    assert {d for d, answer in surveyed.characteristics.items() if answer != "absent"} == {"ethnicity"}


def test_a_block_of_numbers_beside_a_table_leaves_everything_open() -> None:
    rows = [["Arrests by ethnic group and offence, 2021/22"], [], [*HEADER]]
    rows += [[offence, *COUNTS, None, 3.0, 9.0] for offence in OFFENCES]
    assert survey([Grid("1", rows)]).characteristics["religion"] == "unclear"


@pytest.mark.parametrize("codes", [[-8.0, 1.0, 2.0], [-8.0, 1.0, 1.0]])
def test_codes_that_stand_one_for_one_beside_words_leave_nothing_open(codes: list[float]) -> None:
    rows = [["Code", "Sex", "Offence", "Count"]]
    for code, sex in zip(codes, ("Male", "Female", "Not recorded"), strict=True):
        rows += [[code, sex, offence, 10.0] for offence in OFFENCES]
    one_for_one = len(set(codes)) == 3
    assert (survey([Grid("1.csv", rows)]).characteristics["religion"] == "absent") == one_for_one


@pytest.mark.parametrize("said", ["{} / 9%", "about {} of 9,000", "n={}; 9%", "{}|9%", "{} out of 9,000"])
def test_counts_in_a_form_that_nobody_reads_are_no_notes(said: str) -> None:
    rows = [["Custody"], ["Group", "People", "Before"]]
    rows += [[group, said.format(f"1,0{n}0"), said.format(f"1,1{n}0")] for n, group in enumerate(HEADER[1:])]
    surveyed = survey([Grid("1", rows)])
    assert surveyed.account.not_understood == 6
    assert surveyed.characteristics["ethnicity"] == "unclear"
    assert surveyed.unclear[0].cells == ("B3:C5",)


def test_a_column_of_codes_says_what_the_words_beside_it_say() -> None:
    groups = (-8, "Does not apply"), (1, "Asian"), (2, "Black"), (3, "White")
    rows = [["Ethnic group Code", "Ethnic group", "Sex Code", "Sex", "Observation"]]
    rows += [[float(c), g, k + 1.0, s, 10.0 + c + k] for c, g in groups for k, s in enumerate(("Female", "Male"))]
    surveyed = survey([Grid("open.csv", rows)])
    assert {d for d, answer in surveyed.characteristics.items() if answer != "absent"} == {"ethnicity", "sex"}
    assert surveyed.account.figures == 8


@pytest.mark.parametrize("label", ["Rape of a female aged 16 and over", "Religiously aggravated assault"])
def test_whom_an_offence_is_against_leaves_nothing_open(label: str) -> None:
    rows = [["Offences by sex, 2021/22"], [], ["Sex", "2021/22"], ["Males", 4.0], ["Females", 5.0], [label, 3.0]]
    answers = survey([Grid("1", rows)]).characteristics
    assert {d for d, answer in answers.items() if answer == "unclear"} == set()


def test_years_outside_every_table_leave_nothing_open() -> None:
    table = [
        ["Deaths in prison by sex"],
        [],
        ["Sex", "2017/18", "2018/19"],
        ["Males", 314.0, 9.0],
        ["Females", 11.0, 9.0],
    ]
    after = [["Table 2: Prisons that opened"], []]
    for numbers, open_ in ([1997.0, 1998.0, 1992.0, 2007.0], False), ([97.0, 98.0, 92.0, 4107.0], True):
        years = [["A prison that opened", None, None, None, n] for n in numbers]
        answers = survey([Grid("1", [*table, [], *after, *years])]).characteristics
        assert answers["sex"] == "present"
        assert (answers["ethnicity"] == "unclear") == open_
