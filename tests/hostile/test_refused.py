"""Files made to do harm, and files that are something else: one clear message each, within limits, nothing lost."""

import datetime as dt
import os
import random
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.declarations import sources
from monitor.settings import Home
from monitor.store.vault import Vault
from pipelines.acquire import add
from pipelines.observe import observe
from pipelines.reading import UnreadableFile, read
from pipelines.reading.parent import kind_of
from tests.hostile import files
from tests.hostile.files import TABLE, zipped

Spoil = Callable[[Path], None]

ODS_CELL = '<table:table-cell office:value-type="float" office:value="2"'
SHEET = "xl/worksheets/sheet1.xml"
SECRET = "the content of another file"


def writing(content: Callable[[], bytes]) -> Spoil:
    return lambda path: path.write_bytes(content()) and None


def repeating(rows: int, columns: int) -> Callable[[], bytes]:
    row = f'<table:table-row table:number-rows-repeated="{rows}">{ODS_CELL} table:number-columns-repeated="{columns}"/>'
    return lambda: files.ods(f"{row}</table:table-row>")


def repeating_text() -> bytes:
    """18 million cells, below the limit of cells; 54 GB of text."""
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="900"><text:p>{}</text:p>'
    row = f"{cell.format('x' * 3000)}</table:table-cell>"
    return files.ods(f'<table:table-row table:number-rows-repeated="20000">{row}</table:table-row>')


def far_off_xlsx() -> bytes:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return files.xlsx(files.xlsx_rows(TABLE) + far)


def far_off_ods() -> bytes:
    empty = '<table:table-cell table:number-columns-repeated="{}"/>'
    between = f'<table:table-row table:number-rows-repeated="1048500">{empty.format(16384)}</table:table-row>'
    return files.ods(
        f"{files.ods_rows(TABLE)}{between}<table:table-row>{empty.format(16383)}{ODS_CELL}/></table:table-row>"
    )


def with_prolog(prolog: str, cell: str) -> bytes:
    parts = files.xlsx_parts()
    parts[SHEET] = parts[SHEET].replace("<worksheet", f"{prolog}<worksheet").replace("Asian", cell)
    return zipped(parts)


def laughs() -> str:
    told = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{told}]>'


def deflated(part: bytes) -> bytes:
    return zipped({**files.xlsx_parts(), SHEET: part})


def many_parts() -> bytes:
    """Each part is modest, and all together are not."""
    part = random.Random(0).randbytes(8000) * 128
    return zipped({**files.xlsx_parts(), **{f"xl/worksheets/more{i}.xml": part for i in range(600)}})


def wide_markup() -> bytes:
    parts: dict[str, bytes | str] = dict(files.xlsx_parts())
    parts[SHEET] = str(parts[SHEET]).replace("UTF-8", "UTF-16").encode("utf-16")
    return zipped(parts)


def cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def sparse(path: Path) -> None:
    """500 MB that take no room on disk."""
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(500 << 20)


def pipe(path: Path) -> None:
    os.mkfifo(path)


ENTRY = b"PK\x01\x02" + bytes(42)
"""An entry of a zip file's directory: a member of no name and no size."""
LARGE = "a,b\n" + "1,2\n" * 10
HOSTILE: dict[str, tuple[Spoil, str, str, str]] = {
    "cells repeated": (writing(repeating(10_000, 9_900)), "t.ods", "99,009,900 cells", "CSV in parts"),
    "a whole sheet repeated": (writing(repeating(1 << 20, 16_384)), "t.ods", "17,179,885,568 cells", "CSV in parts"),
    "repeated without number": (writing(repeating(10**30, 1)), "t.ods", "cells", "CSV in parts"),
    "text repeated": (writing(repeating_text), "t.ods", "MB of memory", "ask the publisher"),
    "a far-off cell, xlsx": (writing(far_off_xlsx), "t.xlsx", "far-off cells", "ask the publisher"),
    "a far-off cell, ods": (writing(far_off_ods), "t.ods", "more cells than can be read", "ask the publisher"),
    "billion laughs": (writing(lambda: files.ods(prolog=laughs())), "t.ods", "content.xml declares", "Ask the pub"),
    "another file named": (
        writing(lambda: with_prolog('<!DOCTYPE x [<!ENTITY e SYSTEM "secret.txt">]>', "&e;")),
        "t.xlsx", "sheet1.xml declares a document type", "Ask the publisher",
    ),
    "another host named": (
        writing(lambda: with_prolog('<!-- --><!doctype x SYSTEM "http://127.0.0.1:9/x.dtd">', "Asian")),
        "t.xlsx", "sheet1.xml declares a document type", "Ask the publisher",
    ),
    "markup in two bytes": (writing(wide_markup), "t.xlsx", "not in UTF-8", "ask the publisher"),
    "a part inflated": (writing(lambda: deflated(b" " * (300 << 20))), "t.xlsx", "decompression bomb", "300 MB"),
    "many parts inflated": (writing(many_parts), "t.xlsx", "unpacks to 585 MB", "512 MB"),
    "too many entries": (writing(lambda: b"PK\x03\x04" + ENTRY * 50_000), "t.zip", "10,000", "bomb"),
    "500 MB": (sparse, "t.xlsx", "500 MB", "in parts"),
    "a pipe": (pipe, "t.csv", "neither a file", "expected .xlsx"),
    "cut in half": (writing(lambda: cut(files.xlsx(), 0.5)), "t.xlsx", "cut short", "Fetch it again"),
    "cut near its end": (writing(lambda: cut(files.ods(), 0.95)), "t.ods", "cut short", "Fetch it again"),
    "cut, xls": (writing(lambda: cut(files.xls(), 0.3)), "t.xls", "not readable", "fetch it again"),
    "encrypted, xls": (writing(lambda: files.xls(encrypted=True)), "t.xls", "encrypted", "without a password"),
    "a word document": (writing(lambda: zipped({"word/document.xml": "<w/>"})), "t.docx", "a Word", "attachment"),
    "an old word document": (
        writing(lambda: files.xls(stream_name="WordDocument")), "t.xls", "not readable", "Expected",
    ),
    "a text document": (
        writing(lambda: zipped({"mimetype": files.ODS_TYPE.replace("spreadsheet", "text"), "content.xml": "<x/>"})),
        "t.ods", "OpenDocument text", "spreadsheet was expected",
    ),
    "a web page": (writing(lambda: b"<html lang='en'><body>Sorry"), "t.ods", "a web page", "fetch the attachment"),
    "xml": (writing(lambda: b"<?xml version='1.0'?><rows/>"), "t.xlsx", "an XML file", "Save it as"),
    "json": (writing(lambda: b'{"rows": []}'), "t.csv", "a JSON file", "CSV"),
    "a picture": (writing(lambda: b"\x89PNG\r\n\x1a\n" + bytes(99)), "t.xlsx", "a picture", "fetch the attachment"),
    "a pdf": (writing(lambda: b"%PDF-1.7\n" + bytes(99)), "t.ods", "a PDF", "fetch the attachment"),
    "a letter": (writing(lambda: b"The tables are late this month.\n"), "t.csv", "plain text", "spreadsheet"),
    "a quotation mark never closed": (
        writing(lambda: (LARGE + '5,"6\n' + "7,8\n" * 9).encode()), "t.csv", "opened at line 12 is never", "Fetch it",
    ),
    "quotation marks that do not match": (
        writing(lambda: b'"a","b"\n"1,"2"\n"3","4\n"5","6"\n'), "t.csv", "do not match", "Fetch it again",
    ),
    "an endless cell, ods": (
        writing(lambda: files.EVERY["ods"]([("a", random.Random(0).randbytes(40_000).hex())])),
        "t.ods", "32,767 characters", "fetch it again",
    ),
    "an endless cell": (
        writing(lambda: b"a,b\n1," + b"x" * 5_000_000), "t.csv", "32,767 characters", "fetch it again",
    ),
}  # fmt: skip
"""How a file is spoiled, its name, what is said to be found, and what to do."""

hostile = pytest.mark.parametrize("case", list(HOSTILE))


@pytest.fixture
def spoiled(tmp_path, case) -> tuple[Path, str, str]:
    spoil, name, found, remedy = HOSTILE[case]
    (tmp_path / "secret.txt").write_text(SECRET)
    spoil(tmp_path / name)
    return tmp_path / name, found, remedy


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


@hostile
def test_it_is_refused_in_one_clear_message_in_little_time_and_memory(spoiled) -> None:
    path, found, remedy = spoiled
    before, start = peak_mb(), time.monotonic()
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    took, grown = time.monotonic() - start, peak_mb() - before
    said = str(refused.value)
    assert said.startswith(f"{path.name}: ")
    assert [word for word in (found, remedy) if word not in said] == []
    assert len(said) < 500 and "\n" not in said and "Traceback" not in said
    assert SECRET not in said
    assert took < 30, "a person waits"
    assert grown < 300, f"the parent grew by {grown} MB"


@hostile
def test_its_bytes_are_kept_and_the_reason_is_a_finding_or_it_is_refused_at_the_door(spoiled, tmp_path) -> None:
    """What is not a spreadsheet at all is not added, and stays where it is; every other file is kept, then judged."""
    path, found, _ = spoiled
    publication = next(iter(sources().values()))
    vault, now = Vault(Home(tmp_path / "home")), dt.datetime(2026, 1, 5, 9, 30)
    try:
        kind_of(path, path.name)
    except UnreadableFile:
        with pytest.raises(UnreadableFile, match=path.name):
            add(vault, path, publication.id, "2026", now)
        assert path.exists()
        assert vault.artefacts() == []
        return
    artefact, is_new = add(vault, path, publication.id, "2026", now)
    assert is_new
    assert vault.path(artefact.sha256).read_bytes() == path.read_bytes()
    [problem] = observe(artefact, vault.path(artefact.sha256), publication).problems
    assert (problem.check, problem.severity) == ("file_readable", "critical")
    assert found in problem.message


def test_a_sound_file_is_read_after_every_hostile_one(tmp_path) -> None:
    path = tmp_path / "t.ods"
    path.write_bytes(repeating(10_000, 9_900)())
    with pytest.raises(UnreadableFile):
        read(path)
    path.write_bytes(files.ods())
    assert [tuple(row) for row in read(path)[0].rows] == list(TABLE)


def test_a_part_that_no_reader_opens_may_be_damaged(tmp_path) -> None:
    """A picture on the cover that arrived broken takes no table with it."""
    made = bytearray(zipped({**files.xlsx_parts(), "xl/media/logo.png": b"picture" * 50}, store=True))
    made[made.index(b"picture")] = 0
    path = tmp_path / "t.xlsx"
    path.write_bytes(bytes(made))
    with zipfile.ZipFile(path) as package:
        assert package.testzip() == "xl/media/logo.png"
    assert [tuple(row) for row in read(path)[0].rows] == list(TABLE)
