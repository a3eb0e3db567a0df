"""What a file is, by its bytes and never by its name, and what of it is refused before anything is unpacked."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from .refused import ASK_UNLOCKED, MOST_PARTS, MOST_RATIO, MOST_UNPACKED_MB, Refused

WORKBOOK, DELIMITED, ARCHIVE = "workbook", "csv", "zip"

WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".ods", ".xls")
DELIMITED_ENDINGS = (".csv", ".tsv")
_ARCHIVE_ENDINGS = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz")

_LOCKED, _ENTRY = "EncryptedPackage".encode("utf-16-le"), b"PK\x01\x02"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
)
_WEB_PAGE = re.compile(rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]", re.I)
_MARKUP = re.compile(rb"<!doctype|<!--|<[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.I)
_WORKBOOK_PARTS = {"xl/workbook.xml", "content.xml", "xl/workbook.bin"}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_NOT_UNPACKED = "xl/pivotCache/"
"""A copy of the data behind a pivot table: no reader opens it, and it can be far larger than the tables."""

_FETCH_ATTACHMENT = "Open the publisher's page and fetch the attachment itself."


def kind_of(stream: BinaryIO) -> str:
    """`workbook`, `csv` or `zip`. Raises `Refused` for anything else. The stream is left anywhere."""
    head = stream.read(4096)
    if not head.strip():
        raise Refused("the file is empty; expected a workbook or a CSV. Fetch it again.")
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(stream)
    if head.startswith(_OLE):
        if any(_LOCKED in piece for piece in _pieces(stream, len(_LOCKED))):
            raise Refused(ASK_UNLOCKED)
        return WORKBOOK
    for start, what in _OTHERS:
        if head.startswith(start):
            raise Refused(f"{what} was found where a spreadsheet was expected. {_FETCH_ATTACHMENT}")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return DELIMITED
    _refuse_markup(head.lstrip(b"\xef\xbb\xbf \t\r\n"))
    if b"\x00" in head:
        raise Refused("neither a workbook nor text; expected .xlsx, .ods, .xls or .csv. Fetch it again.")
    if not re.search(rb"[,;\t|]", head):
        raise Refused("plain text without columns was found where a spreadsheet was expected. " + _FETCH_ATTACHMENT)
    return DELIMITED


def _refuse_markup(start: bytes) -> None:
    if _WEB_PAGE.search(start) or _MARKUP.match(start):
        raise Refused(f"a web page was served where a spreadsheet was expected. {_FETCH_ATTACHMENT}")
    if start.startswith((b"<?xml", b"<!ENTITY")):
        raise Refused("an XML file was found where a spreadsheet was expected. Save it as .xlsx, .ods or .csv.")
    if start.startswith((b"{", b"[{", b"[\n")):
        raise Refused("a JSON file was found where a spreadsheet was expected. Ask the publisher for a CSV.")


def _pieces(stream: BinaryIO, length: int) -> Iterator[bytes]:
    """The bytes a megabyte at a time, with enough of the piece before to find in one what is of a `length`."""
    stream.seek(0)
    before = b""
    while piece := stream.read(1 << 20):
        yield before + piece
        before = piece[1 - length :]


def _kind_of_zip(stream: BinaryIO) -> str:
    _count_parts(stream)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            _refuse_parts(parts)
            names = {part.filename for part in parts}
            if not names & _WORKBOOK_PARTS:
                return _archive(parts)
            if "META-INF/manifest.xml" in names:
                with archive.open("META-INF/manifest.xml") as manifest:
                    if b"encryption-data" in manifest.read(1 << 22):
                        raise Refused(ASK_UNLOCKED)
            if "mimetype" in names:
                with archive.open("mimetype") as mimetype:
                    said = mimetype.read(100).decode("ascii", "replace").strip()
                if said.startswith(_OPEN_DOCUMENT) and "spreadsheet" not in said:
                    what = said.removeprefix(_OPEN_DOCUMENT)
                    raise Refused(f"an OpenDocument {what} was found where a spreadsheet was expected.")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError):
        raise Refused("the file is cut short or damaged (its zip directory is missing). Fetch it again.") from None
    except (NotImplementedError, RuntimeError, OSError, ValueError, OverflowError, zlib.error) as error:
        raise Refused(
            f"the file is damaged, or packed in a way that is not read ({str(error)[:120]}). Fetch it again."
        ) from None
    return WORKBOOK


def _count_parts(stream: BinaryIO) -> None:
    """Refuse a directory of too many entries before a library makes an object of each.

    Each entry begins with a signature, so their number is an upper bound, whatever the directory says of itself.
    """
    count = 0
    for piece in _pieces(stream, len(_ENTRY)):
        count += piece.count(_ENTRY)
        if count > MOST_PARTS:
            raise Refused(f"holds more than {MOST_PARTS:,} files; refused as a decompression bomb.")
    stream.seek(0)


def _refuse_parts(parts: list[zipfile.ZipInfo]) -> None:
    total, seen = 0, set()
    for part in parts:
        name = part.filename
        steps = PurePosixPath(part.orig_filename.replace("\\", "/"))
        if ".." in steps.parts or steps.is_absolute() or re.match(r"[A-Za-z]:", str(steps)):
            raise Refused(f"member {name!r} points out of the zip file; refused whole. Ask the publisher about it.")
        if stat.S_ISLNK(part.external_attr >> 16):
            raise Refused(f"member {name!r} is a link to another file; refused whole. Ask the publisher about it.")
        if part.flag_bits & 1:
            raise Refused(f"member {name!r} is {ASK_UNLOCKED}")
        if name in seen:
            raise Refused(f"member {name!r} stands in the zip file twice; refused whole. Fetch it again.")
        seen.add(name)
        if part.file_size > 1 << 20 and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise Refused(
                f"part {name} unpacks to {part.file_size >> 20} MB from {part.compress_size >> 10} KB; refused as "
                "a decompression bomb."
            )
        total += 0 if name.startswith(_NOT_UNPACKED) else part.file_size
    if total > MOST_UNPACKED_MB << 20:
        raise Refused(f"unpacks to {total >> 20} MB; above {MOST_UNPACKED_MB} MB is not read.")


def _archive(parts: list[zipfile.ZipInfo]) -> str:
    if members(parts):
        return ARCHIVE
    if any(part.filename == "word/document.xml" for part in parts):
        raise Refused("a Word document was found where a spreadsheet was expected. " + _FETCH_ATTACHMENT)
    found = ", ".join(part.filename for part in parts if not part.is_dir())[:200] or "nothing"
    raise Refused(
        f"a zip file without a workbook in it; expected .xlsx or .ods, or a zip file of .xlsx, .ods, .xls or .csv; "
        f"found {found}."
    )


def members(parts: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The data of a zip file: its workbooks and delimited files, in order. The rest of it is left aside.

    Left aside are folders, what operating systems put there (`__MACOSX`, `.DS_Store`) and documents. Raises
    `Refused` for an archive in the archive, which could hold data.
    """
    data = []
    for part in _members(parts):
        ending = PurePosixPath(part.filename).suffix.lower()
        if ending in _ARCHIVE_ENDINGS:
            raise Refused(
                f"member {part.filename!r} is an archive inside the zip file; one level is read. Unpack it and add "
                "its files one by one."
            )
        if ending in WORKBOOK_ENDINGS + DELIMITED_ENDINGS:
            data.append(part)
    return data


def left_aside(parts: list[zipfile.ZipInfo]) -> list[str]:
    """The members of a zip file that are not read as data, by name: documents, pages, pictures."""
    data = {part.filename for part in members(parts)}
    return [part.filename for part in _members(parts) if part.filename not in data]


def _members(parts: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The files that somebody put into a zip file: no folders, and not what operating systems add."""
    return [
        part
        for part in parts
        if not part.is_dir()
        and not any(step.startswith((".", "__MACOSX")) for step in PurePosixPath(part.filename).parts)
    ]
