"""The vault: publishers' bytes by their hash, and an append-only journal. The only thing that cannot be rebuilt."""

import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from monitor.settings import Home

KEPT, REFILED, UNREADABLE, STEP = "kept", "refiled", "unreadable", "step"
_PIECE = 1 << 20


@dataclass(frozen=True)
class Artefact:
    """Bytes in the vault and what was known of them when they were kept.

    `seen_at` is our clock, but never before that of a file of the edition that was kept earlier: the order of the
    journal decides, because a clock can be set back.

    `kind` is `original` (as served) or `transcription` (facts from the original whose hash is `original_sha256`).
    """

    sha256: str
    publication: str
    edition_id: str
    kind: str
    name: str
    bytes: int
    original_sha256: str
    published_on: date | None
    seen_at: datetime
    publisher: str = ""
    title: str = ""
    edition_title: str = ""
    url: str = ""
    licence: str = ""


_KNOWN = tuple(f.name for f in fields(Artefact))
Key = tuple[str, str, str]
"""What makes an artefact one: sha256, publication, edition."""


def key_of(artefact: Artefact) -> Key:
    """The sha256, publication and edition of an artefact."""
    return artefact.sha256, artefact.publication, artefact.edition_id


class NotHeld(OSError):
    """Bytes that the journal says are kept and that are not there, or are not what their hash says."""


@dataclass
class _Index:
    """What the journal says is kept, read up to the byte `read`."""

    read: int = 0
    held: dict[Key, Artefact] = field(default_factory=dict)
    of: dict[str, list[Artefact]] = field(default_factory=dict)
    moments: dict[tuple[str, str], tuple[datetime, datetime]] = field(default_factory=dict)
    """By publication and edition the last moment at which a file was seen, by the clock and in the journal's order."""

    def take(self, line: bytes) -> None:
        """Take in a line of the journal, if it tells of files that are kept, or moved to another edition."""
        for entry in _entries(line, 0) if b'"kept"' in line or b'"refiled"' in line else ():
            if entry["what"] == KEPT:
                self.add(_artefact(entry))
            elif entry["what"] == REFILED:
                self.move(entry)

    def add(self, artefact: Artefact) -> None:
        """Take in a file that is kept, unless it is held already."""
        if key_of(artefact) in self.held:
            return
        edition, by_clock = (artefact.publication, artefact.edition_id), artefact.seen_at
        last, moment = self.moments.get(edition, (by_clock, by_clock))
        if by_clock != last:  # because files seen at one moment were published beside each other
            moment = max(by_clock, moment + timedelta(seconds=1))
        self.moments[edition] = by_clock, moment
        artefact = replace(artefact, seen_at=moment)
        self.held[key_of(artefact)] = artefact
        self.of.setdefault(artefact.publication, []).append(artefact)

    def move(self, entry: dict[str, Any]) -> None:
        """Take in that a file belongs to another edition than was thought."""
        found = self.held.pop((entry["sha256"], entry["publication"], entry["was"]), None)
        if found is not None:
            self.of[found.publication].remove(found)
            self.add(replace(found, edition_id=entry["edition_id"], edition_title=entry["edition_title"]))


class Vault:
    """The folder of bytes and the journal beside it."""

    def __init__(self, home: Home) -> None:
        self.root = home.vault
        self.journal_path = self.root / "journal.jsonl"
        self._index = _Index()
        self._reading = threading.Lock()
        self._step: list[str] | None = None

    def path(self, sha256: str) -> Path:
        """Where bytes of that hash are kept."""
        return self.root / "bytes" / sha256[:2] / sha256

    def whole(self, sha256: str) -> Path:
        """Where bytes are that are still what their hash says. Raises `NotHeld` for missing and changed ones.

        To be asked before every reading of them.
        """
        path = self.path(sha256)
        if path.exists() and sha256_of(path) == sha256:
            return path
        raise NotHeld(
            f"{path}: expected the bytes with that SHA-256, found {'others' if path.exists() else 'no file'}. They "
            "come again with the starter figures or when their publisher is next looked at; a file that was added by "
            "hand must be added again."
        )

    def is_whole(self, sha256: str) -> bool:
        """Whether bytes are there and still what their hash says."""
        try:
            self.whole(sha256)
        except NotHeld:
            return False
        return True

    def put_aside(self, sha256: str) -> None:
        """Move changed bytes into `damaged/`, so that they are missing, and are brought again."""
        if self.path(sha256).exists() and not self.is_whole(sha256):
            aside = self.root / "damaged" / sha256
            aside.parent.mkdir(exist_ok=True)
            self.path(sha256).replace(aside)

    def coming(self) -> Path:
        """The folder of bytes that have not come whole yet: what a pass that was killed left there is nothing."""
        folder = self.root / "coming"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def put(self, source: BinaryIO | bytes) -> tuple[str, int]:
        """Put bytes into the vault, whole or not at all, without a journal line. Returns their sha256 and size."""
        stream = BytesIO(source) if isinstance(source, bytes) else source
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self.coming(), delete=False) as out:
            coming = Path(out.name)
            try:
                while piece := stream.read(_PIECE):
                    digest.update(piece)
                    size += out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            except BaseException:
                coming.unlink(missing_ok=True)
                raise
        target = self.path(digest.hexdigest())
        if self.is_whole(digest.hexdigest()):
            coming.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            coming.replace(target)
        return digest.hexdigest(), size

    def keep(self, source: Path, **known: Any) -> tuple[Artefact, bool]:
        """Keep and journal a file, once under one edition. Returns the artefact and whether it is new.

        Bytes of it that were lost or changed are put back.
        """
        digest, size = sha256_of(source), source.stat().st_size
        if not self.is_whole(digest):
            with source.open("rb") as stream:
                digest, size = self.put(stream)
        held = self._indexed().held.get((digest, known["publication"], known["edition_id"]))
        if held is not None:
            return held, False
        known.setdefault("original_sha256", digest)
        artefact = Artefact(sha256=digest, bytes=size, **known)
        self.note(KEPT, **asdict(artefact))
        return self._indexed().held[key_of(artefact)], True

    def refile(self, artefact: Artefact, edition_id: str, edition_title: str, now: datetime) -> None:
        """Journal that a file belongs to another edition, because its page is that edition's."""
        said = {"sha256": artefact.sha256, "publication": artefact.publication, "was": artefact.edition_id}
        self.note(REFILED, **said, edition_id=edition_id, edition_title=edition_title, seen_at=now)

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """Journal all that is noted within as one line: after a crash the whole of it is there, or nothing.

        An error does not undo what was noted before it; being interrupted does.
        """
        if self._step is not None:
            yield  # because a step within a step is part of it
            return
        self._step = []
        try:
            yield
        except Exception:
            self._end_step()
            raise
        except BaseException:
            self._step, self._index = None, _Index()
            raise
        self._end_step()

    def _end_step(self) -> None:
        lines, self._step = self._step, None
        if lines:
            self._append(lines[0] if len(lines) == 1 else f'{{"what": "{STEP}", "lines": [{", ".join(lines)}]}}')

    def note(self, what: str, **said: Any) -> None:
        """Append one line to the journal, and see it on disk before returning; within a step, at its end."""
        line = json.dumps({"what": what, **said}, default=str, ensure_ascii=False, sort_keys=True)
        if self._step is None:
            self._append(line)
            return
        self._step.append(line)
        with self._reading:
            self._index.take(line.encode(errors="replace"))

    def _append(self, line: str) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        with self.journal_path.open("ab+") as stream:
            # because a line that was cut off by a crash must not take this one with it
            if stream.seek(0, os.SEEK_END) and (stream.seek(-1, os.SEEK_END), stream.read(1))[1] != b"\n":
                stream.write(b"\n")
            stream.write(line.encode(errors="replace") + b"\n")  # because a file's name on disk may be no text
            stream.flush()
            os.fsync(stream.fileno())

    def journal(self) -> Iterator[dict[str, Any]]:
        """Every line, oldest first; an unreadable one is `{"what": "unreadable", "line": n, "why": …}`."""
        if not self.journal_path.exists():
            return
        with self.journal_path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                yield from _entries(line, number)

    def artefacts(self) -> list[Artefact]:
        """Every artefact the journal says is kept, oldest first, each once."""
        return list(self._indexed().held.values())

    def artefacts_of(self, publication: str) -> list[Artefact]:
        """The artefacts of one publication, oldest first."""
        return list(self._indexed().of.get(publication, ()))

    def unreadable(self) -> list[str]:
        """What is wrong with the journal, a sentence a line that cannot be read; empty when nothing is."""
        return [
            f"{self.journal_path}, line {e['line']}: expected one line of JSON, found {e['why']}. The other lines are "
            "used. Put the line back from a copy of the vault; what it told of is not known until then."
            for e in self.journal()
            if e["what"] == UNREADABLE
        ]

    def _indexed(self) -> _Index:
        with self._reading:
            return self._read_on()

    def _read_on(self) -> _Index:
        """What the journal says is kept, what was appended since the last reading included."""
        index = self._index
        size = self.journal_path.stat().st_size if self.journal_path.exists() else 0
        if size < index.read:
            index = self._index = _Index()  # because a journal that is shorter than it was is another journal
        if size > index.read:
            with self.journal_path.open("rb") as stream:
                stream.seek(index.read)
                for line in stream:
                    if not line.endswith(b"\n"):
                        break  # because it is still being written
                    index.read += len(line)
                    index.take(line)
        return index


def _entries(line: bytes, number: int) -> list[dict[str, Any]]:
    """What a line of the journal tells: one thing, or all that was noted in one step."""
    try:
        entry = json.loads(line)
        entries = entry["lines"] if isinstance(entry, dict) and entry.get("what") == STEP else [entry]
        for each in entries:
            if not isinstance(each, dict) or not isinstance(each.get("what"), str):
                return _unreadable(number, "JSON that does not say `what` it tells of")
            if each["what"] == KEPT:
                _artefact(each)
            if each["what"] == REFILED:
                each["sha256"], each["publication"], each["was"], each["edition_id"], each["edition_title"]
    except UnicodeDecodeError:
        return _unreadable(number, "bytes that are not UTF-8")
    except json.JSONDecodeError as error:
        return _unreadable(number, f"something else ({error.msg}, character {error.pos + 1})")
    except (KeyError, TypeError, ValueError) as error:
        return _unreadable(number, f"a file that was kept, without what is known of it ({error})")
    return entries


def _unreadable(number: int, why: str) -> list[dict[str, Any]]:
    return [{"what": UNREADABLE, "line": number, "why": why}]


def _artefact(entry: dict[str, Any]) -> Artefact:
    said = {k: entry[k] for k in _KNOWN if k in entry}
    said["published_on"] = date.fromisoformat(said["published_on"]) if said.get("published_on") else None
    said["seen_at"] = datetime.fromisoformat(said["seen_at"])
    return Artefact(**said)


def replace_text(path: Path, text: str) -> None:
    """Write a small file whole or not at all: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
