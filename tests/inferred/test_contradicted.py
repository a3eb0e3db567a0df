"""A table whose own numbers contradict each other changes nothing that is shown, and accuses nobody."""

from pathlib import Path

import pytest

from tests.conftest import Cli, speak
from tests.inferred.made import SLUG, by_ethnicity, by_sex, workbook


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def add(home: Path, tmp_path: Path, edition: str, name: str, sheets: dict) -> None:
    file = workbook(tmp_path / name, sheets)
    said = speak("add", file, "--publication", SLUG, "--edition", edition, "--home", home, "--json")
    assert said.code == 0, said.err


def counts(cli: Cli, home: Path, *more: str) -> dict[str, float]:
    rows = cli("ratios", SLUG, "--by", "ethnicity", "--json", *more, home=home).document
    return {r["category"]: r["count"] for r in rows}


def test_a_total_that_its_parts_do_not_give_holds_the_table_back(cli: Cli, home: Path, tmp_path: Path) -> None:
    add(home, tmp_path, "2023-03", "youth.xlsx", {"Table_1": by_ethnicity(total=100), "Table_2": by_sex()})
    said = cli("ratios", SLUG, "--by", "ethnicity", home=home)
    assert said.code == 2, "there is nothing to ask"
    assert cli("ratios", SLUG, "--by", "sex", home=home).code == 0, "the other table stands"
    rows = cli("gaps", SLUG, "--json", home=home).document
    (held,) = [r for r in rows if r["state"] == "not_read"]
    assert "1 of 2 tables" in held["reason"] and "ethnic group" in held["reason"]
    assert cli("checks", SLUG, "--json", home=home).document == [], "it is our reading that is in doubt"


def test_it_replaces_no_number_that_was_shown_before(cli: Cli, home: Path, tmp_path: Path) -> None:
    add(home, tmp_path, "2023-03", "youth.xlsx", {"Table_1": by_ethnicity()})
    before = counts(cli, home)
    add(home, tmp_path, "2023-03", "another.xlsx", {"Table_1": by_ethnicity(total=100)})
    assert counts(cli, home) == before


def test_a_file_that_is_not_understood_leaves_the_others_as_they_are(cli: Cli, home: Path, tmp_path: Path) -> None:
    add(home, tmp_path, "2023-03", "youth.xlsx", {"Table_1": by_ethnicity()})
    before = counts(cli, home)
    add(home, tmp_path, "2023-03", "odd.xlsx", {"Sheet": [["?", "!"], [1, "x"], ["y", 2]]})
    assert counts(cli, home) == before
