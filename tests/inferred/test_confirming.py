"""A person takes over a table that was read by what it shows: seen, signed, declared, and its figures are declared."""

import shutil
import tomllib
from pathlib import Path

import polars as pl
import pytest

from monitor.run import take_in
from monitor.settings import Home, use
from tests.conftest import Cli, speak
from tests.inferred.made import SLUG, by_ethnicity, by_sex, workbook

TABLE = "children-in-custody-by-ethnic-group-england-and-wales"
SIGNED = ("--by", "A. Statistician", "--on", "2026-11-20")


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds one file and nothing else: whom its people are compared with is another test's question."""
    home = tmp_path_factory.mktemp("confirming") / "home"
    file = workbook(home.parent / "youth.xlsx", {"Table_1": by_ethnicity(), "Table_2": by_sex()})
    assert speak("add", file, "--publication", SLUG, "--edition", "2023-03", "--home", home, "--quiet").code == 0
    return home


def layouts(cli: Cli, home: Path) -> dict[str, str]:
    return {r["table"]: r["layout"] for r in cli("measures", SLUG, "--json", home=home).document}


def test_nothing_is_written_where_nobody_can_be_asked(cli: Cli, home: Path) -> None:
    said = cli("confirm", SLUG, TABLE, home=home)
    assert said.code == 2
    assert "--by" in said.err and "nothing is written" in said.err
    assert "Black" in said.err and "140" in said.err, "the numbers are shown to compare"
    assert not (home / "declarations").exists()


def test_several_tables_are_named(cli: Cli, home: Path) -> None:
    said = cli("confirm", SLUG, *SIGNED, home=home)
    assert said.code == 2 and TABLE in said.err


def test_a_confirmed_table_is_declared_and_the_others_stay_as_they_are(cli: Cli, home: Path) -> None:
    before = cli("ratios", SLUG, "--by", "ethnicity", "--json", home=home).document
    said = cli("confirm", SLUG, TABLE, *SIGNED, "--note", "Compared cell by cell", "--json", home=home).document
    assert said["figures"] == 14
    declared = tomllib.loads(Path(said["declaration"]).read_text(encoding="utf-8"))
    (table,) = declared["table"]
    assert (table["checker"], table["checked_on"], table["note"]) == (
        "A. Statistician", "2026-11-20", "Compared cell by cell",
    )  # fmt: skip
    expected = pl.read_csv(said["expected"])
    assert set(expected.filter(pl.col("ethnicity") == "Black")["value"]) == {130.0, 140.0}
    assert sorted(layouts(cli, home).values()) == ["declared", "inferred"]
    after = cli("ratios", SLUG, "--by", "ethnicity", "--json", home=home).document
    assert [(r["category"], r["count"], r["ratio"]) for r in after] == [
        (r["category"], r["count"], r["ratio"]) for r in before
    ]
    assert {r["layout"] for r in after} == {"declared"}


def test_confirming_again_shows_what_would_change(cli: Cli, home: Path) -> None:
    assert cli("confirm", SLUG, TABLE, *SIGNED, home=home).code == 0
    other = next(t for t, layout in layouts(cli, home).items() if layout == "inferred")
    said = cli("confirm", SLUG, other, *SIGNED, home=home)
    assert said.code == 0
    assert "+[[table]]" in said.err
    held = tomllib.loads((home / "declarations" / f"{SLUG}.toml").read_text(encoding="utf-8"))
    assert {t["id"] for t in held["table"]} == {TABLE, other}
    assert cli("confirm", SLUG, *SIGNED, home=home).code == 2, "there is nothing left to confirm"


def test_trying_a_file_with_write_confirms_all_of_it_by_the_same_path(cli: Cli, home: Path, tmp_path: Path) -> None:
    file = workbook(tmp_path / "again.xlsx", {"Table_1": by_ethnicity(), "Table_2": by_sex()})
    asked = ["try", file, "--publication", SLUG, "--edition", "2023-03", "--write"]
    unsigned = cli(*asked, home=home)
    assert unsigned.code == 2 and "--by" in unsigned.err and not (home / "declarations").exists()
    said = cli(*asked, *SIGNED, "--json", home=home).document
    one_by_one = Path(shutil.copytree(home, tmp_path / "other", ignore=shutil.ignore_patterns("declarations")))
    for table in layouts(cli, home):
        assert cli("confirm", SLUG, table, *SIGNED, home=one_by_one).code == 0
    for path in map(Path, said["written"]):
        beside = one_by_one / path.relative_to(home)
        if path.suffix == ".csv":
            assert path.read_text("utf-8") == beside.read_text("utf-8")
        else:
            mine, other = (tomllib.loads(p.read_text("utf-8"))["table"] for p in (path, beside))
            assert {t["id"]: t for t in mine} == {t["id"]: t for t in other}
    assert len(said["written"]) == 3


def test_a_series_declared_here_as_a_whole_keeps_what_it_says(cli: Cli, home: Path, tmp_path: Path) -> None:
    own = home / "declarations" / "own-series.toml"
    own.parent.mkdir()
    reads = '[reads]\npopulation = "children"\nverb = "in custody"\nbecause = "Nobody is compared."\n'
    own.write_text(f'id = "own-series"\ntitle = "A series of ours"\npublisher = "P"\n\n{reads}', encoding="utf-8")
    file = workbook(tmp_path / "own.xlsx", {"Table_1": by_ethnicity()})
    assert cli("add", file, "--publication", "own-series", "--edition", "2023", "--quiet", home=home).code == 0
    assert cli("confirm", "own-series", *SIGNED, home=home).code == 0
    said = tomllib.loads(own.read_text(encoding="utf-8"))
    assert said["title"] == "A series of ours" and said["reads"]["verb"] == "in custody"
    assert [table["checker"] for table in said["table"]] == ["A. Statistician"]
    assert {r["layout"] for r in cli("measures", "own-series", "--json", home=home).document} == {"declared"}


def test_what_the_file_does_not_say_a_person_may(cli: Cli, home: Path, tmp_path: Path) -> None:
    rows = [[cell + 0.5 if isinstance(cell, int) else cell for cell in row] for row in by_sex()]
    file = workbook(tmp_path / "halves.xlsx", {"Table_9": rows})
    assert cli("add", file, "--publication", SLUG, "--edition", "2024-03", "--quiet", home=home).code == 0
    said = cli("confirm", SLUG, "--edition", "2024-03", *SIGNED, home=home)
    assert said.code == 2 and "--say unit=" in said.err
    assert cli("confirm", SLUG, "--edition", "2024-03", "--say", "unit=people", *SIGNED, home=home).code == 0


def test_a_declaration_that_changed_is_read_anew_and_diff_says_so(cli: Cli, home: Path) -> None:
    assert cli("confirm", SLUG, TABLE, *SIGNED, home=home).code == 0
    path = home / "declarations" / f"{SLUG}.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('place = "K04000001"', 'place = "E92000001"'), "utf-8")
    use(Home(home))
    (line,) = take_in(Home(home), say=lambda _: None).read_anew
    assert SLUG in line and "14 figures appeared, 14 are gone" in line
    file = workbook(path.parent / "later.xlsx", {"Table_1": by_ethnicity()})
    assert cli("add", file, "--publication", SLUG, "--edition", "2024-03", "--quiet", home=home).code == 0
    assert "Read anew by us: youth.xlsx" in cli("diff", SLUG, home=home).out
