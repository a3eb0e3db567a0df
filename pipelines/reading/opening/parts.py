"""The parts of a zipped workbook, each unpacked once: whole, and declaring no document type."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from .refused import Refused

_PIECE = 1 << 20
_ROOT = re.compile(rb"<(?![?!])")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_MARKUP = (".xml", ".rels", ".bin")
_NOT_READ = ("xl/pivotCache/", "xl/media/", "xl/drawings/", "xl/charts/", "Pictures/", "Thumbnails/")


class Parts:
    """The parts of one package, by name. Every method raises `Refused` for a part that is damaged or declares."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self.names = package.namelist()
        self.opened: set[str] = set()
        self._unread = {
            p.filename
            for p in package.infolist()
            if p.filename.endswith(_MARKUP) and not p.filename.startswith(_NOT_READ)
        }

    def read(self, name: str) -> bytes:
        """The whole part; empty when there is none."""
        if name not in self.names:
            return b""
        with _undamaged(name):
            content = self._package.read(name)
        self._unread.discard(name)
        self.opened.add(name)
        _refuse_declarations(content[:_PIECE], name)
        return content

    def head(self, name: str) -> bytes:
        """The first kilobytes of a part that is not unpacked whole."""
        with _undamaged(name), self._package.open(name) as stream:
            return stream.read(1 << 16)

    def check_rest(self) -> None:
        """Check the parts of markup that nobody read, a piece at a time."""
        for name in sorted(self._unread):
            with _undamaged(name), self._package.open(name) as stream:
                head = stream.read(_PIECE)
                while stream.read(_PIECE):
                    pass
            _refuse_declarations(head, name)


@contextmanager
def _undamaged(name: str) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise Refused(f"part {name} is damaged ({str(error)[:120]}). Fetch it again.") from None


def _refuse_declarations(head: bytes, name: str) -> None:
    if name.endswith(".bin"):
        return
    if b"\x00" in head[:200]:  # because readers find nothing in it, and say nothing
        raise Refused(f"part {name} is not in UTF-8, as a spreadsheet's are. Save it again, or ask the publisher.")
    root = _ROOT.search(head)
    if _DECLARES.search(head, 0, root.start() if root else len(head)):
        raise Refused(
            f"part {name} declares a document type (DTD), which no spreadsheet needs and which can name other files "
            "or grow without end; refused. Ask the publisher for the file as their program saves it."
        )
