"""Whatever is given, the answer is one clear message that says where and what to do; nothing is half-loaded.

Files are spoiled in the ways that publishers' files arrive spoiled; declarations in the ways that people mistype.
"""

import datetime as dt
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from monitor.settings import home
from monitor.store.database import Reader
from tests.spec.rows import PRISON, ROOT, differing, rows_of, tables_of

FAILED, USAGE = 1, 2


def refused(answer) -> str:
    """The one message of a verb that did not do what was asked."""
    assert answer.code in (FAILED, USAGE), answer.out + answer.err
    assert answer.out == ""
    lines = answer.err.splitlines()
    assert [line for line in lines if line.startswith("justice-monitor: ")] == lines[:1], answer.err
    assert not [word for word in ("Traceback", "Errno", "Error(", "did not expect") if word in answer.err], answer.err
    return str(answer.err)


# --- a workbook in the published geometry -------------------------------------------------------------------------

ROWS = (
    ("Males and Females ", 30, 33),
    (),
    ("Asian or Asian British", 10, 11),
    ("Black or Black British", 5, 6),
    ("White", 15, 16),
)


def workbook(path: Path, rows=ROWS, *, title: str = "Prison population by ethnicity and sex; 30 June 2022") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "A1_9ii"
    sheet.append([f"Table A1.9ii: {title}"])
    sheet.append([])
    sheet.append([None, dt.datetime(2021, 6, 30), dt.datetime(2022, 6, 30)])
    for row in rows:
        sheet.append(list(row) or [None])
    book.save(path)
    return path


# --- files --------------------------------------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def missing(path: Path) -> None:
    """Nothing is there."""


def truncated(path: Path) -> None:
    whole = workbook(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def cut_inside(path: Path) -> None:
    """A sound zip file whose sheet stops in the middle."""
    whole = workbook(path.with_suffix(".whole.xlsx"))
    with zipfile.ZipFile(whole) as there, zipfile.ZipFile(path, "w") as here:
        for name in there.namelist():
            said = there.read(name)
            here.writestr(name, said[: len(said) // 2] if "sheet1" in name else said)


def encrypted_xlsx(path: Path) -> None:
    """A password makes an Excel workbook an OLE file with one stream of this name."""
    path.write_bytes(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2000))


def encrypted_ods(path: Path) -> None:
    manifest = "<manifest:file-entry manifest:full-path='content.xml'><manifest:encryption-data/></manifest:file-entry>"
    with zipfile.ZipFile(path, "w") as here:
        here.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        here.writestr("META-INF/manifest.xml", f"<manifest:manifest>{manifest}</manifest:manifest>")
        here.writestr("content.xml", b"\x8f\x03\xa7" * 100)


def web_page(path: Path) -> None:
    path.write_text("<!DOCTYPE html>\n<html><body>Sorry, there is a problem with the service</body></html>")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def blank(path: Path) -> None:
    path.write_bytes(b"\r\n \r\n")


def folder(path: Path) -> None:
    path.mkdir()


def pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(500))


def other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as here:
        here.writestr("readme.txt", "Data tables are on another page")


SPOILED: list[tuple[Callable[[Path], None], str, str, str]] = [
    (missing, "gone.xlsx", "no such file", "Check the path"),
    (truncated, "half.xlsx", "cut short", "Fetch it again"),
    (encrypted_xlsx, "locked.xlsx", "encrypted", "without a password"),
    (encrypted_ods, "locked.ods", "encrypted", "without a password"),
    (web_page, "tables.ods", "web page", "fetch the attachment"),
    (empty, "nothing.xlsx", "empty", "Fetch it again"),
    (blank, "blank.csv", "empty", "Fetch it again"),
    (folder, "tables.xlsx", "folder", "expected one .xlsx"),
    (pdf, "bulletin.xlsx", "PDF", "spreadsheet"),
    (other_zip, "tables.zip", "without a workbook", "expected .xlsx or .ods"),
]
"""How the file is spoiled, what it is called, what was found, and what to do."""

spoiled = pytest.mark.parametrize(
    ("spoil", "name", "found", "remedy"), SPOILED, ids=[spoil.__name__ for spoil, *_ in SPOILED]
)


@pytest.fixture(scope="module")
def kept(starter_home, tmp_path_factory) -> Path:
    """A copy of the starter home into which nothing spoiled may leave a trace."""
    return Path(shutil.copytree(starter_home, tmp_path_factory.mktemp("kept") / "home"))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@spoiled
@pytest.mark.parametrize("verb", [["survey"], ["try"], ["try", "--publication", PRISON]], ids=" ".join)
def test_a_spoiled_file_is_refused_by_name_with_what_to_do(cli, tmp_path, verb, spoil, name, found, remedy) -> None:
    spoil(tmp_path / name)
    said = refused(cli(*verb, tmp_path / name, home=tmp_path / "home"))
    assert name in said
    assert found in said
    assert remedy in said


@spoiled
def test_a_spoiled_file_is_not_added_and_leaves_no_trace(cli, tmp_path, kept, spoil, name, found, remedy) -> None:
    spoil(tmp_path / name)
    before = bytes_of(kept)
    said = refused(cli("add", tmp_path / name, "--publication", PRISON, "--edition", "2023-06-30", home=kept))
    assert name in said and found in said and remedy in said
    assert bytes_of(kept) == before


def test_a_file_spoiled_inside_is_refused_by_every_verb_that_only_reads(cli, tmp_path) -> None:
    cut_inside(tmp_path / "inside.xlsx")
    for verb in (["survey"], ["try", "--publication", PRISON]):
        said = refused(cli(*verb, tmp_path / "inside.xlsx", home=tmp_path / "home"))
        assert "inside.xlsx: not readable as a spreadsheet" in said
        assert "ask the publisher" in said


def test_a_file_spoiled_inside_is_kept_reported_and_moves_no_figure(cli, tmp_path, own_home) -> None:
    """Bytes are kept before they are understood: what cannot be read loses nothing, is found, and is said."""
    cut_inside(tmp_path / "inside.xlsx")
    before = tables_of(own_home)
    answer = cli(
        "add", tmp_path / "inside.xlsx", "--publication", PRISON, "--edition", "2024-06-30", "--quiet", home=own_home
    )
    after = tables_of(own_home)
    # because what is due says of which edition a file is held
    assert set(differing(before, after)) <= {"artefact", "finding", "due"}
    found = [row for row in rows_of(cli, "checks", PRISON, home=own_home) if row["edition"] == "2024-06-30"]
    assert "file_readable" in {row["check"] for row in found}
    assert "inside.xlsx" in answer.err, "the person who added it is not told that it could not be read"
    assert answer.code == FAILED


# --- labels and declarations ------------------------------------------------------------------------------------

DECLARED = """\
id = "custody"
title = "People in custody"
publisher = "A publisher"

[[table]]
id = "ethnicity-sex"
title = "Prison population by ethnicity and sex"
measure = "custody"
population = "people in prison"
rows = ["sex", "ethnicity"]
"""


@pytest.fixture
def declare(tmp_path, monkeypatch) -> Callable[..., Path]:
    """Puts a folder with one declared publication, changed as a test says, in the place of the project's own."""

    def put(old: str = "", new: str = "") -> Path:
        root = tmp_path / "declared"
        for room in ("publications", "baselines", "measures"):
            (root / room).mkdir(parents=True)
        assert old in DECLARED
        (root / "publications" / "custody.toml").write_text(DECLARED.replace(old, new, 1) if old else DECLARED)
        monkeypatch.setattr("monitor.declarations.load.DECLARATIONS", root)
        return root

    return put


def test_a_sound_workbook_is_read_by_a_declaration_of_a_few_lines(cli, tmp_path, declare) -> None:
    declare()
    book = workbook(tmp_path / "tables.xlsx")
    tried = cli("try", book, "--publication", "custody", "--json", home=tmp_path / "home").document
    assert tried["problems"] == []
    assert {(f["cell"], f["ethnicity"], f["value"]) for f in tried["figures"]} == {
        ("B4", "all", 30), ("C4", "all", 33), ("B6", "Asian", 10), ("C6", "Asian", 11),
        ("B7", "Black", 5), ("C7", "Black", 6), ("B8", "White", 15), ("C8", "White", 16),
    }  # fmt: skip


def misspelt(path: Path) -> Path:
    return workbook(path, [*ROWS[:3], ("Blakc or Black Britsh", 5, 6), *ROWS[4:]])


@pytest.mark.parametrize("verb", [["try"], ["add", "--edition", "2022-06-30"]], ids=lambda v: v[0])
def test_an_unknown_label_is_named_with_sheet_and_cell_and_the_nearest_words(cli, tmp_path, declare, verb) -> None:
    declare()
    book = misspelt(tmp_path / "tables.xlsx")
    answer = cli(*verb, book, "--publication", "custody", "--quiet", home=tmp_path / "home")
    said = " ".join((answer.out + answer.err).split())
    for word in ("Blakc or Black Britsh", "A1_9ii", "A7", "nearest known", "Black", "add the spelling"):
        assert word in said
    assert answer.code == FAILED


def test_an_unknown_label_becomes_no_figure_and_takes_no_other_with_it(cli, tmp_path, declare) -> None:
    declare()
    book = misspelt(tmp_path / "tables.xlsx")
    place = tmp_path / "home"
    cli("add", book, "--publication", "custody", "--edition", "2022-06-30", "--quiet", home=place)
    with Reader(home(place)) as store:
        held = dict(store.frame("select cell, ethnicity from figure where cell like 'B%'").rows())
    assert held == {"B4": "all", "B6": "Asian", "B8": "White"}


def test_a_total_that_misses_an_unknown_label_is_not_laid_at_the_publishers_door(cli, tmp_path, declare) -> None:
    """30 people are published and 25 were understood: the five are ours to find, no sum of theirs is wrong."""
    declare()
    book = misspelt(tmp_path / "tables.xlsx")
    place = tmp_path / "home"
    cli("add", book, "--publication", "custody", "--edition", "2022-06-30", "--quiet", home=place)
    assert {row["check"] for row in rows_of(cli, "checks", home=place)} == {"labels_known"}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("publisher =", "publishers =", 3, ["unknown key 'publishers'", "did you mean", "publisher"]),
        ("title = \"Prison", "titel = \"Prison", 7, ["unknown key 'titel'", "did you mean title"]),
        ('measure = "custody"\n', "", 5, ["measure is missing"]),
        ('["sex", "ethnicity"]', '["sex", "ethnicty"]', 10, ["ethnicty", "ethnicity"]),
        ('["sex", "ethnicity"]', "7", 10, ["rows"]),
        ('id = "custody"', 'id = "custard"', 1, ["custard", "expected 'custody'"]),
        ("[[table]]", "[[table]", 5, ["not valid TOML", "line 5"]),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_refused_with_its_line_and_the_nearest_word(
    cli, tmp_path, declare, old, new, line, said
) -> None:
    declare(old, new)
    answer = cli("try", workbook(tmp_path / "t.xlsx"), "--publication", "custody", home=tmp_path / "home")
    message = refused(answer)
    assert answer.code == USAGE
    assert "publications/custody.toml" in message
    assert f"line {line}" in message
    assert [word for word in said if word not in message] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "Prison population by ethnicity and sex"', 'title = "Prison population by ethnic origin and sex"'),
        ('title = "Prison population by ethnicity and sex"', 'sheet = "A1_9iii"'),
    ],
    ids=["title", "sheet"],
)
def test_a_table_that_the_file_does_not_hold_is_named_beside_what_it_does(cli, tmp_path, declare, old, new) -> None:
    declare(old, new)
    answer = cli("try", workbook(tmp_path / "t.xlsx"), "--publication", "custody", home=tmp_path / "home")
    said = " ".join((answer.out + answer.err).split())
    assert answer.code == FAILED
    assert "t.xlsx" in said
    assert new.split('"')[1] in said
    assert "Prison population by ethnicity and sex" in said or "A1_9ii," in said or "A1_9ii." in said


def test_a_fit_to_a_baseline_that_nobody_declared_is_refused_by_name(cli, starter_home, tmp_path, monkeypatch) -> None:
    root = Path(shutil.copytree(ROOT / "pipelines", tmp_path / "declared", ignore=shutil.ignore_patterns("*.py")))
    measure = root / "measures" / "arrests.toml"
    measure.write_text(measure.read_text().replace('baseline = "census-2011"', 'baseline = "census-2012"'))
    monkeypatch.setattr("monitor.declarations.load.DECLARATIONS", root)
    said = refused(cli("ratios", "arrests", home=starter_home))
    assert "census-2012" in said
    assert "census-2011" in said
    assert "measures/arrests.toml" in said


def test_a_rebuild_stopped_by_a_wrong_declaration_leaves_the_database_as_it_was(cli, own_home, declare) -> None:
    before = (own_home / "monitor.duckdb").read_bytes()
    declare("publisher =", "publishers =")
    assert "publications/custody.toml" in refused(cli("rebuild", "--quiet", home=own_home))
    assert (own_home / "monitor.duckdb").exists(), "the published database is gone"
    assert (own_home / "monitor.duckdb").read_bytes() == before


# --- names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (["ratios", "prison-populaton"], USAGE, ["'prison-populaton'", PRISON]),
        (["ratios", PRISON, "--by", "etnicity"], USAGE, ["'etnicity'", "ethnicity"]),
        (["ratios", PRISON, "--sex", "femal"], USAGE, ["'femal'", "female"]),
        (["ratios", PRISON, "--baseline", "census-2020"], None, ["'census-2020'", "census-2021"]),
        (["ratios", PRISON, "--reference", "Wite"], None, ["'Wite'", "White"]),
        (["ratios", PRISON, "--period", "2022-06-31"], None, ["2022-06-31", "2022-06-30"]),
        (["ratios", PRISON, "--period", "30 June"], None, ["30 June", "2022-06-30"]),
        (["ratios", PRISON, "--as-of", "2022-13-01"], USAGE, ["--as-of", "'2022-13-01'", "2022-06-30"]),
        (["ratios", PRISON, "--known-at", "yesterday"], USAGE, ["--known-at", "'yesterday'"]),
        (["ratios", PRISON, "--as-of", "2001-01-01"], None, ["2001-01-01"]),
        (["ratios"], USAGE, ["measure"]),
        (["checks", "prison-poplation"], USAGE, ["'prison-poplation'", PRISON]),
        (["gaps", "--characteristic", "religon"], USAGE, ["'religon'", "religion"]),
        (["explain", "abc"], None, ["'abc'"]),
        (["calc", "252-1933"], USAGE, ["'252-1933'", "COUNT/BASE"]),
        (["ratio", PRISON], USAGE, ["'ratio'", "ratios"]),
        (["ratios", PRISON, "--basline", "census-2021"], USAGE, ["--basline", "--baseline"]),
    ],
)  # fmt: skip
def test_a_name_that_does_not_exist_is_answered_with_the_closest_that_do(cli, asked, code, said) -> None:
    answer = cli(*asked)
    message = refused(answer)
    assert answer.code in ((code,) if code else (FAILED, USAGE))
    assert [word for word in said if word not in message] == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--publication", "prison-poplation", "--edition", "2022-06-30"], ["'prison-poplation'", PRISON]),
        (["--publication", PRISON, "--edition", " "], ["edition", "2022-06-30"]),
        (["--publication", PRISON], ["--edition"]),
    ],
)
def test_a_file_is_not_added_to_what_nobody_declared_or_named(cli, tmp_path, kept, options, said) -> None:
    before = bytes_of(kept)
    message = refused(cli("add", workbook(tmp_path / "t.xlsx"), *options, home=kept))
    assert [word for word in said if word not in message] == []
    assert bytes_of(kept) == before


def test_a_home_that_is_a_file_is_refused(cli, tmp_path) -> None:
    (tmp_path / "home").write_text("not a folder")
    assert "home" in refused(cli("checks", home=tmp_path / "home"))
