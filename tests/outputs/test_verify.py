"""A table we made is read back against the vault: it agrees, and one changed digit is found and named."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.cited import CitedTable
from dashboards.verify import NotOurs, verify
from dashboards.writers import FORMATS, write
from monitor import run
from monitor.settings import Home
from monitor.store.database import Reader
from monitor.store.vault import Vault

EVERY = pytest.mark.parametrize("format", list(FORMATS))


def change(path: Path, old: str, new: str) -> None:
    """Change words once wherever a file of any format keeps its table."""
    if not zipfile.is_zipfile(path):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return
    with zipfile.ZipFile(path) as package:
        parts = {e.filename: package.read(e) for e in package.infolist()}
    holding = [n for n in ("word/document.xml", "content.xml", "xl/worksheets/sheet1.xml") if n in parts]
    assert old.encode() in parts[holding[0]]
    parts[holding[0]] = parts[holding[0]].replace(old.encode(), new.encode(), 1)
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


@EVERY
def test_a_good_file_agrees_in_every_cell(
    table: CitedTable, store: Reader, made_home: Home, tmp_path: Path, format: str
) -> None:
    path = tmp_path / f"good.{format}"
    write(table, format, path)
    found = verify(path, store, Vault(made_home), run.disparities, run.pooled, run.asked)
    assert found.differing == ()
    assert found.checked == found.agreed >= len(table.rows) * 8
    assert found.checked_against == "transcription"


@EVERY
def test_a_changed_digit_is_found_and_named(
    table: CitedTable, store: Reader, made_home: Home, tmp_path: Path, format: str
) -> None:
    path = tmp_path / f"changed.{format}"
    write(table, format, path)
    old, new = {
        "ods": ('office:value="10494.0"', 'office:value="10493.0"'),
        "xlsx": ("<v>10494</v>", "<v>10493</v>"),
        "csv": ("10494.0", "10493.0"),
        "json": ('"value": 10494.0', '"value": 10493.0'),
    }.get(format, ("10,494", "10,493"))
    change(path, old, new)
    found = verify(path, store, Vault(made_home), run.disparities, run.pooled, run.asked)
    assert found.agreed == found.checked - 1
    (one,) = found.differing
    assert (one.row, one.expected) == ("Black", "10,494")
    assert one.column in ("Number of people", "count")
    assert one.found.replace(",", "") == "10493"


@EVERY
def test_a_changed_ratio_is_found_although_nobody_published_it(
    cited: Callable[..., CitedTable], store: Reader, made_home: Home, tmp_path: Path, format: str
) -> None:
    table = cited("arrests", "ethnicity", baseline="census-2011")
    path = tmp_path / f"changed.{format}"
    write(table, format, path)
    ratio = next(r for r in table.rows if r.name == "Black").cells[4].value
    assert ratio is not None
    old = {"xlsx": f"{ratio:.16g}"}.get(format, repr(ratio) if format in ("ods", "csv", "json") else "3.35")
    change(path, old, old.replace("3.35", "3.53"))
    (one,) = verify(path, store, Vault(made_home), run.disparities, run.pooled, run.asked).differing
    assert (one.row, one.expected) == ("Black", "3.35")


def test_words_changed_beside_the_number_in_json_are_found(
    table: CitedTable, store: Reader, made_home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "changed.json"
    write(table, "json", path)
    change(path, '"text": "10,494"', '"text": "10,493"')
    assert len(verify(path, store, Vault(made_home), run.disparities, run.pooled, run.asked).differing) == 1


def test_a_row_taken_out_and_a_row_put_in_are_found(
    table: CitedTable, store: Reader, made_home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "changed.md"
    write(table, "md", path)
    change(path, "| Black |", "| Martian |")
    found = verify(path, store, Vault(made_home), run.disparities, run.pooled, run.asked)
    assert {(d.row, d.found) for d in found.differing} == {("Black", "no such row"), ("Martian", "Martian")}


def test_a_changed_database_does_not_deceive_it(
    table: CitedTable, made_home: Home, store: Reader, tmp_path: Path
) -> None:
    class Edited:
        """The same store with one figure changed after it was read from the vault."""

        def frame(self, sql: str, parameters: object = ()) -> object:
            frame = store.frame(sql, parameters)  # type: ignore[arg-type]
            if "figure_id" in frame.columns and "value" in frame.columns:
                import polars as pl

                return frame.with_columns(value=pl.when(pl.col("value") == 10494).then(1.0).otherwise("value"))
            return frame

    path = tmp_path / "good.csv"
    write(table, "csv", path)
    assert verify(path, Edited(), Vault(made_home), run.disparities, run.pooled, run.asked).differing == ()  # type: ignore[arg-type]


def test_bytes_of_the_vault_that_are_not_those_kept_are_refused(
    table: CitedTable, store: Reader, made_home: Home, tmp_path: Path
) -> None:
    copy = Home(tmp_path / "copy")
    shutil.copytree(made_home.vault, copy.vault)
    vault = Vault(copy)
    kept = next(a for a in vault.artefacts() if a.publication == "prison-population")
    with vault.path(kept.sha256).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    path = tmp_path / "good.csv"
    write(table, "csv", path)
    with pytest.raises(NotOurs, match="expected the bytes with that SHA-256, found others"):
        verify(path, store, vault, run.disparities, run.pooled, run.asked)


@pytest.mark.parametrize(
    ("name", "content"),
    [("note.txt", "x"), ("x.csv", "a,b\n1,2\n"), ("x.docx", "not a zip"), ("x.json", "{}"), ("x.html", "<p>no</p>")],
)
def test_a_file_that_is_not_ours_is_told_so(
    store: Reader, made_home: Home, tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NotOurs, match=name):
        verify(path, store, Vault(made_home), run.disparities, run.pooled, run.asked)


def test_a_table_within_a_category_says_so_and_is_verified_by_the_same_command(cli, tmp_path) -> None:
    file = tmp_path / "young.csv"
    made = cli("table", "adjudications-proved", "--within", "age=18-20", "--within", "sex=female", "-o", file, "--json")
    assert "(women) by ethnicity, age 18-20" in made.document["title"]
    assert "--sex female --within age=18-20" in file.read_text()
    asked = cli("ratios", "adjudications-proved", "--within", "age=18-20", "--within", "sex=female", "--json").document
    assert "Black,b Black/ African/ Caribbean/ Black British,groups,7.0," in file.read_text()
    assert {r["category"]: r["count"] for r in asked}["Black"] == 7
    assert cli("verify", file).code == 0
    file.write_text(file.read_text().replace("age=18-20", "age=21-24"))
    assert cli("verify", file).code != 0


def test_a_table_of_every_category_at_once_is_refused_because_it_would_be_many(cli, tmp_path) -> None:
    answer = cli("table", "adjudications-proved", "--within", "age=each", "-o", tmp_path / "each.csv")
    assert (answer.code, answer.out) == (1, "")
    assert "shows one within" in answer.err
    assert not (tmp_path / "each.csv").exists()
