"""A file arrives of a publication that declares no table: what it separates people by can be asked at once."""

import io
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Answer, speak
from tests.inferred.made import COUNTS, GROUPS, SLUG, by_ethnicity, by_sex, workbook

TABLE = "children-in-custody-by-ethnic-group-england-and-wales"


@pytest.fixture(scope="module")
def home(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("inferred") / "home"
    shutil.copytree(starter_home, copy)
    return copy


@pytest.fixture(scope="module")
def added(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """What `add` of the file says."""
    file = workbook(tmp_path_factory.mktemp("file") / "youth.xlsx", {"Table_1": by_ethnicity(), "Table_2": by_sex()})
    return speak("add", file, "--publication", SLUG, "--edition", "2023-03", "--home", home, "--json")


@pytest.fixture(scope="module")
def ask(home: Path, added: Answer):
    assert added.code == 0, added.err
    return lambda *words: speak(*words, "--home", home)


def test_adding_it_ends_with_commands_that_answer(added: Answer, ask) -> None:
    commands = [c for c in added.document["ask"] if c.startswith("ratios")]
    assert any(TABLE in c for c in commands)
    for command in commands:
        assert ask(*command.split()).code == 0, command


def test_every_number_is_the_number_in_its_cell(ask, home: Path) -> None:
    (kept,) = [p for p in (home / "vault").rglob("*") if p.is_file() and p.read_bytes()[:2] == b"PK"]
    rows = ask("ratios", SLUG, "--by", "ethnicity", "--period", "2023-03-31", "--json").document
    sheet = openpyxl.load_workbook(io.BytesIO(kept.read_bytes()))["Table_1"]
    printed = {row[0].value: row[2].value for row in sheet.iter_rows(min_row=4) if row[0].value}
    assert {r["label"]: r["count"] for r in rows if r["category"] != "all"} == {
        name: n for name, n in printed.items() if name != "Total"
    }
    assert [r["count"] for r in rows if r["category"] == "all"] == [printed["Total"]]
    assert {r["layout"] for r in rows} == {"inferred"}


def test_it_is_compared_with_the_residents_its_publication_names(ask) -> None:
    rows = {r["category"]: r for r in ask("ratios", SLUG, "--by", "ethnicity", "--json").document}
    black, white = rows["Black"], rows["White"]
    assert black["baseline"] == "census-2021-10-17"
    by_hand = (COUNTS["2023"][1] / black["denominator"]) / (COUNTS["2023"][4] / white["denominator"])
    assert black["ratio"] == pytest.approx(by_hand)
    assert black["ratio_low"] < black["ratio"] < black["ratio_high"]
    assert black["unknown_share"] == pytest.approx(4 / 490)


def test_measures_lists_it_apart_from_what_a_person_declared(ask) -> None:
    rows = ask("measures", "--json").document
    mine = [r for r in rows if r["publication"] == SLUG]
    assert [(r["layout"], r["characteristics"]) for r in mine] == [("inferred", ["ethnicity"]), ("inferred", ["sex"])]
    assert {str(r["first_period"]) for r in mine} == {"2022-03-31"}
    assert {r["layout"] for r in rows if r["is_measure"]} == {"declared"}
    assert "checked by nobody" in ask("measures", SLUG).out


@pytest.mark.parametrize("verb", ["trend", "summary"])
def test_change_and_summaries_answer_too(ask, verb: str) -> None:
    assert ask(verb, SLUG, "--by", "ethnicity", "--json").document


def test_a_cited_table_of_it_verifies_against_the_file(ask, tmp_path: Path) -> None:
    made = tmp_path / "table.docx"
    assert ask("table", SLUG, "--by", "ethnicity", "-o", made).code == 0
    found = ask("verify", made, "--json").document
    assert found["differing"] == [] and found["agreed"] == found["checked"] > 20
    assert found["checked_against"] == "transcription", "the residents are transcribed, the children are not"


def test_a_number_leads_back_to_its_cell(ask) -> None:
    row = next(r for r in ask("ratios", SLUG, "--by", "sex", "--json").document if r["category"] == "female")
    explained = ask("explain", row["numerator_figures"][0], "--json").document
    assert [(o["sheet"], o["cell"], o["value"]) for o in explained["observations"]] == [("Table_2", "C5", 13.0)]
    assert "youth.xlsx" in ask("cite", row["numerator_figures"][0]).out


def test_its_page_shows_what_was_read_and_says_that_nobody_checked_it(ask, home: Path) -> None:
    assert ask("publish").code == 0
    page = (home / "site" / f"publication-{SLUG}.html").read_text(encoding="utf-8")
    assert "2 of 2 tables of edition 2023-03 that separate people were read" in page
    assert "No person has compared it with the file yet" in page
    for name, count in zip(GROUPS[:5], COUNTS["2023"], strict=False):
        assert str(count) in page, name


def test_a_name_that_is_no_table_is_answered_with_the_nearest(ask) -> None:
    said = ask("ratios", SLUG, "--table", "children-in-custody-by-ethnicity", "--by", "ethnicity")
    assert said.code == 2
    assert TABLE in said.err
    unread = ask("ratios", SLUG, "--by", "religion")
    assert unread.code == 2
    assert "by religion" in unread.err and "ethnicity" in unread.err


def test_a_rebuilt_database_has_the_same_tables(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = workbook(tmp_path / "youth.xlsx", {"Table_1": by_ethnicity()})
    assert speak("add", file, "--publication", SLUG, "--edition", "2023-03", "--home", home, "--quiet").code == 0
    asked = ("ratios", SLUG, "--by", "ethnicity", "--home", home, "--json")
    before = speak(*asked).document
    assert speak("rebuild", "--home", home, "--json").code == 0
    assert speak(*asked).document == before != []
