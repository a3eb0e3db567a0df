"""What was not understood of a table is not shown: it is held back, with the reason, to us and to no publisher."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from monitor.declarations import publications
from monitor.store.vault import Artefact
from pipelines.observe import observe
from tests.inferred.made import SLUG, Row, by_ethnicity, by_sex, workbook


def read(tmp_path: Path, rows: list[Row], slug: str = SLUG, sheet: str = "Table_1", title: str = "") -> pl.DataFrame:
    """The tables read of a sheet of a publication, without the checks of its sums."""
    path = workbook(tmp_path / "file.xlsx", {sheet: rows})
    seen = dt.datetime(2024, 1, 1)
    artefact = Artefact("0" * 64, slug, "2023-03", "original", path.name, 1, "", None, seen, edition_title=title)
    frames = observe(artefact, path, publications()[slug]).frames
    tables = frames["table_read"]
    shown = set(tables.filter(pl.col("state") == "shown")["table_id"])
    assert set(frames["figure"]["table_id"]) == shown, "what is held back has no figure"
    return tables


def reason(tables: pl.DataFrame) -> str:
    (row,) = tables.to_dicts()
    assert row["state"] == "held_back"
    return str(row["reason"])


def test_a_table_that_was_understood_is_shown(tmp_path: Path) -> None:
    (row,) = read(tmp_path, by_ethnicity()).to_dicts()
    assert (row["state"], row["reason"], row["characteristics"]) == ("shown", "", ["ethnicity"])


def test_a_group_that_nobody_knows_holds_its_table_back(tmp_path: Path) -> None:
    assert "Zyxt" in reason(read(tmp_path, by_ethnicity(more=[["Zyxt", 4, 5]])))


def test_a_date_made_of_an_age_band_holds_its_table_back(tmp_path: Path) -> None:
    rows = [["Children in custody by age, England and Wales"], [], ["Age", "31 March 2023"]]
    rows += [[dt.date(2014, 10, 1), 3], ["15", 40], ["16", 60], ["17", 80], ["Total", 183]]
    assert "labels were not understood" in reason(read(tmp_path, rows))


def test_a_table_without_a_period_is_held_back(tmp_path: Path) -> None:
    rows = [["Children in custody by ethnic group"], [], ["Ethnic group", "Number"], ["Asian", 4], ["White", 5]]
    assert "period" in reason(read(tmp_path, [*rows, ["Black", 6], ["Total", 15]]))


def test_numbers_of_which_nobody_says_what_they_are_hold_it_back(tmp_path: Path) -> None:
    rows = [[cell + 0.5 if isinstance(cell, int) else cell for cell in row] for row in by_ethnicity()]
    assert "what its numbers are" in reason(read(tmp_path, rows))


def test_numbers_of_a_day_or_over_a_time_is_never_guessed(tmp_path: Path) -> None:
    rows = [["Table 1: Staff by sex, England and Wales"], [], ["Sex", "2022", "2023"], ["Male", 1, 2], ["Female", 3, 4]]
    assert "a day or over a time" in reason(read(tmp_path, rows, "prison-and-probation-workforce"))


@pytest.mark.parametrize(
    ("title", "place"),
    [("Children in custody in Birmingham by sex, 2022 and 2023", "E08000025"), ("Table 3", "K04000001")],
)
def test_a_place_in_the_title_is_where_its_people_are(tmp_path: Path, title: str, place: str) -> None:
    path = workbook(tmp_path / "file.xlsx", {"T": by_sex(title)})
    artefact = Artefact("0" * 64, SLUG, "2023-03", "original", path.name, 1, "", None, dt.datetime(2024, 1, 1))
    figures = observe(artefact, path, publications()[SLUG]).frames["figure"]
    assert set(figures["place_code"]) == {place}


def test_places_of_which_nobody_knows_which_it_is_hold_a_table_back(tmp_path: Path) -> None:
    title = "Children in custody by sex, all areas except Greater Manchester and Kent"
    assert "Greater Manchester" in reason(read(tmp_path, by_sex(title)))


def test_what_is_no_characteristic_costs_only_its_own_rows(tmp_path: Path) -> None:
    rows = [["Table 1: Children sentenced by offence and sex, England and Wales, 2022/23"], []]
    rows += [["Offence", "Boys", "Girls", "Total"], ["Robbery", 40, 2, 42], ["Theft offences", 20, 3, 23]]
    (row,) = read(tmp_path, [*rows, ["All offences", 60, 5, 65]], "youth-justice").to_dicts()
    assert (row["state"], row["characteristics"]) == ("shown", ["sex"])


def test_a_publication_that_says_nothing_of_its_tables_has_none_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "file.xlsx", {"Table_1": by_ethnicity()})
    silent = publications()[SLUG].model_copy(update={"reads": None})
    artefact = Artefact("0" * 64, SLUG, "2023-03", "original", path.name, 1, "", None, dt.datetime(2024, 1, 1))
    assert observe(artefact, path, silent).frames["table_read"].is_empty()
