"""A zip file of data: every member is read under its name, or the whole is refused and the member named.

Reading the rest would make a table that we could not open look like one that was not published.
"""

import io
import stat
import zipfile

import pytest

from pipelines.reading import UnreadableFile, read
from pipelines.survey import survey
from tests.hostile import files
from tests.hostile.files import EVERY, TABLE

GOOD = {"Ch 5 - Sentencing.xlsx": EVERY["xlsx"](TABLE), "open data/by area.csv": EVERY["csv"](TABLE)}


def test_every_member_is_a_grid_under_its_name_and_junk_is_left_aside(tmp_path) -> None:
    junk = {
        "__MACOSX/._by area.csv": b"\x00\x05\x16\x07",
        ".DS_Store": b"\x00\x00\x00\x01Bud1",
        "readme.txt": b"Tables for 2024",
        "open data/": b"",
        "method note.pdf": b"%PDF-1.7",
    }
    more = {"tables.ods": EVERY["ods"](TABLE), "old/tables.xls": EVERY["xls"](TABLE)}
    path = tmp_path / "tables.zip"
    path.write_bytes(files.zipped({**junk, **GOOD, **more}))
    grids = read(path)
    assert [grid.sheet for grid in grids] == [
        "Ch 5 - Sentencing.xlsx/Table_1",
        "open data/by area.csv",
        "tables.ods/Table_1",
        "old/tables.xls/Table_1",
    ]
    assert {tuple(map(tuple, grid.rows)) for grid in grids} == {TABLE}
    assert {table.sheet for table in survey(grids, "default").tables} == {grid.sheet for grid in grids}


def hostile(name: str, content: bytes = b"a,b\n1,2\n", *, mode: int = 0o100644) -> bytes:
    out = io.BytesIO(files.zipped(GOOD))
    with zipfile.ZipFile(out, "a") as archive:
        part = zipfile.ZipInfo(name)
        part.external_attr = mode << 16
        archive.writestr(part, content)
    return out.getvalue()


def locked() -> bytes:
    """A zip file whose last member says of itself, in both places, that it is encrypted."""
    made = bytearray(hostile("locked.csv"))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.rindex(mark) + offset] |= 1
    return bytes(made)


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return hostile("open data/by area.csv")


@pytest.mark.parametrize(
    ("made", "member", "found", "remedy"),
    [
        (lambda: hostile("../../etc/cron.d/x.csv"), "../../etc/cron.d/x.csv", "points out of", "Ask the publisher"),
        (lambda: hostile("/etc/x.csv"), "/etc/x.csv", "points out of", "Ask the publisher"),
        (lambda: hostile("..\\x.csv"), "x.csv", "points out of", "Ask the publisher"),
        (lambda: hostile("C:/x.csv"), "C:/x.csv", "points out of", "Ask the publisher"),
        (lambda: hostile("x.csv", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "x.csv", "a link", "Ask the publisher"),
        (lambda: hostile("more.zip", files.zipped(GOOD)), "more.zip", "inside the zip file", "Unpack it"),
        (lambda: hostile("disguised.xlsx", files.zipped(GOOD)), "disguised.xlsx", "inside the zip file", "Unpack it"),
        (lambda: hostile("half.xlsx", GOOD["Ch 5 - Sentencing.xlsx"][:400]), "half.xlsx", "cut short", "Fetch it"),
        (lambda: hostile("page.csv", b"<!DOCTYPE html><html>"), "page.csv", "web page", "fetch the attachment"),
        (lambda: hostile("none.csv", b""), "none.csv", "empty", "Fetch it again"),
        (locked, "locked.csv", "encrypted", "without a password"),
        (twice, "by area.csv", "twice", "Fetch it again"),
    ],
    ids=["up", "absolute", "up, other slash", "drive", "link", "nested", "nested, disguised", "half", "web page",
         "empty", "locked", "twice"],
)  # fmt: skip
def test_a_member_that_cannot_be_trusted_or_read_refuses_the_whole_and_is_named(
    tmp_path, made, member, found, remedy
) -> None:
    path = tmp_path / "tables.zip"
    path.write_bytes(made())
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    said = str(refused.value)
    assert said.startswith("tables.zip: ")
    assert [word for word in (member, found, remedy) if word not in said.replace("\\\\", "\\")] == []
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["tables.zip"], "something was unpacked"


def test_a_damaged_member_is_found_by_its_checksum(tmp_path) -> None:
    made = bytearray(files.zipped({"data.csv": b"a,b\n1,2\n"}, store=True))
    made[made.index(b"1,2")] = ord("7")
    path = tmp_path / "t.zip"
    path.write_bytes(bytes(made))
    with pytest.raises(UnreadableFile, match=r"data\.csv.*CRC"):
        read(path)
