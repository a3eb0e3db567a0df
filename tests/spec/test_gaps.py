"""The register: what each publication breaks down by, what it does not, and what nobody has looked for.

The nine protected characteristics of the Equality Act 2010, s.4, are never pooled, and "we have not looked" is
never taken for "they have not published".
"""

import json

import pytest

from monitor.declarations import publications
from tests.spec.rows import PRISON, Row, rows_of

NINE = (
    "age",
    "disability",
    "gender_reassignment",
    "marriage_and_civil_partnership",
    "pregnancy_and_maternity",
    "ethnicity",
    "religion",
    "sex",
    "sexual_orientation",
)
BESIDE = ("nationality", "gypsy_roma_traveller", "learning_disability")

REOFFENDING, COVID = "reoffending", "prison-covid-19"


@pytest.fixture(scope="module")
def register(cli) -> list[Row]:
    return rows_of(cli, "gaps")


def rows_for(register: list[Row], publication: str) -> dict[str, Row]:
    """Its own rows; those of single tables, crossings and the release stand under them."""
    rows = [row for row in register if row["publication"] == publication and row["level"] == "publication"]
    assert len({row["characteristic"] for row in rows}) == len(rows)
    return {row["characteristic"]: row for row in rows}


@pytest.mark.parametrize("publication", sorted(publications()))
def test_nine_rows_and_three_beside_them_for_every_publication(register, publication) -> None:
    assert set(rows_for(register, publication)) == {*NINE, *BESIDE}


# --- the prison population workbook ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("characteristic", "classification", "unknown"),
    [
        ("ethnicity", "18A", 854),  # 177 not stated, 677 not recorded
        ("religion", "religion-prison", 371),
        ("age", "bands", 0),
        ("sex", "sex-2", 0),
    ],
)
def test_what_is_present_has_its_finest_classification_and_unknown_share(
    register, characteristic, classification, unknown
) -> None:
    row = rows_for(register, PRISON)[characteristic]
    assert (row["state"], row["confidence"], row["classification"]) == ("present", "inspected", classification)
    assert row["unknown_share"] == pytest.approx(unknown / 85_851)


def test_nationality_is_published_by_country_and_unknown_for_349_people(register) -> None:
    row = rows_for(register, PRISON)["nationality"]
    assert (row["state"], "A1_12i" in row["reason"]) == ("present", True)
    assert row["classification"] != "nationality-2"  # because A1_12i has some two hundred nationalities
    assert row["unknown_share"] == pytest.approx(349 / 85_851)


@pytest.mark.parametrize(
    "characteristic",
    [
        "disability",
        "gender_reassignment",
        "marriage_and_civil_partnership",
        "pregnancy_and_maternity",
        "sexual_orientation",
        "learning_disability",
    ],
)
def test_what_is_absent_is_absent_of_the_26_sheets_inspected(register, characteristic) -> None:
    row = rows_for(register, PRISON)[characteristic]
    assert (row["state"], row["confidence"], row["edition"]) == ("absent", "inspected", "2023-06-30")
    assert "26 sheets inspected" in row["reason"]
    assert json.loads(row["evidence"])["sheets"] == 26  # 23 of the tables, 3 of the tool


def test_ethnicity_is_found_in_each_of_its_four_sheets(register) -> None:
    evidence = json.loads(rows_for(register, PRISON)["ethnicity"]["evidence"])
    assert set(evidence["sheets"]) == {"A1_9i", "A1_9ii", "A1_15-A1_17", "PT Data"}


def test_gypsies_and_irish_travellers_are_present_since_2018(register) -> None:
    row = rows_for(register, PRISON)["gypsy_roma_traveller"]
    assert (row["state"], row["since"]) == ("present", "2018-06-30")


def test_ethnicity_by_prison_was_given_in_an_answer_only_until_the_tool_was_published(cli) -> None:
    def crossings(day: str) -> list[tuple[str, str, str]]:
        rows = rows_of(cli, "gaps", PRISON, "--as-of", day)
        return [(r["state"], r["crossed"], r["since"]) for r in rows if r["level"] == "crossing"]

    assert crossings("2023-07-26") == [("published_elsewhere", "establishment", "2018-12-31")]
    assert crossings("2023-07-27") == []


# --- not looked is not "not published" -----------------------------------------------------------------------


def test_what_has_not_been_looked_at_has_nothing_said_of_it(register) -> None:
    rows = rows_for(register, REOFFENDING)
    assert {row["state"] for row in rows.values()} == {"not_looked"}
    assert all(row["confidence"] is None and row["edition"] is None for row in rows.values())
    assert all("says nothing about what is published" in row["reason"] for row in rows.values())


def test_a_pass_names_the_publications_of_which_nothing_is_held(first_pass) -> None:
    assert first_pass.code == 0
    assert REOFFENDING in first_pass.out


def test_before_its_edition_was_published_a_publication_had_not_been_looked_at(cli) -> None:
    rows = rows_for(rows_of(cli, "gaps", "--as-of", "2022-07-27"), PRISON)
    assert {row["state"] for row in rows.values()} == {"not_looked"}
    rows = rows_for(rows_of(cli, "gaps", "--as-of", "2022-07-28"), PRISON)
    assert rows["ethnicity"]["state"] == "present"


# --- written evidence PSR0053, published 26 June 2020 -----------------------------------------------------------


@pytest.mark.parametrize("day", ["2020-06-26", "2020-06-27", "2022-12-31", "2026-01-01"])
def test_covid_19_by_ethnicity_stands_as_never_published_from_the_day_of_the_evidence(cli, day) -> None:
    row = rows_for(rows_of(cli, "gaps", "--as-of", day), COVID)["ethnicity"]
    assert (row["state"], row["code"], row["confidence"]) == ("never_published", "NP", "stated")
    assert (row["since"], row["severity"]) == ("2020-06-26", "S1")
    assert "PSR0053" in row["reason"]
    assert "June 2020" in row["reason"]
    assert "PSR0053" in row["evidence"]


def test_the_day_before_nobody_had_looked_or_said(cli) -> None:
    row = rows_for(rows_of(cli, "gaps", "--as-of", "2020-06-25"), COVID)["ethnicity"]
    assert (row["state"], row["confidence"]) == ("not_looked", None)


def test_the_other_characteristics_of_that_publication_are_not_guessed(register) -> None:
    rows = rows_for(register, COVID)
    assert {row["state"] for name, row in rows.items() if name != "ethnicity"} == {"not_looked"}


def test_one_characteristic_can_be_asked_for(cli) -> None:
    rows = rows_of(cli, "gaps", "--characteristic", "disability")
    assert {row["characteristic"] for row in rows} == {"disability"}
    assert len(rows) == len(publications())


@pytest.mark.parametrize(("day", "code"), [("2022-07-28", 3), ("2019-01-01", 0)])
def test_check_exits_3_when_something_is_missing_and_0_when_nobody_has_looked(cli, day, code) -> None:
    assert cli("gaps", "--check", "--as-of", day).code == code


def test_two_publications_cannot_be_asked_for_at_once(cli) -> None:
    answer = cli("gaps", PRISON, "--publication", REOFFENDING)
    assert (answer.code, answer.out) == (2, "")
    assert PRISON in answer.err
