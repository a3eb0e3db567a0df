"""The vault: publishers' bytes by their hash, and an append-only journal. The only thing that cannot be rebuilt.

What it makes true: bytes are kept before they are understood, and what was kept, when and from where is one
line of JSON that is never edited. The database is a consequence of this folder.

What it refuses: to overwrite, and to believe a journal line it cannot read (it says which, and goes on).
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from monitor.settings import Home


@dataclass(frozen=True)
class Artefact:
    """Bytes in the vault and what was known of them when they were kept.

    `kind` is `original` (as served) or `transcription` (facts from the original whose hash is
    `original_sha256`). `seen_at` is our clock, `published_on` the publisher's.
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


class Vault:
    """The folder of bytes and the journal beside it."""

    def __init__(self, home: Home) -> None:
        self.root = home.vault
        self.journal_path = self.root / "journal.jsonl"

    def path(self, sha256: str) -> Path:
        """Where bytes of that hash are kept."""
        return self.root / "bytes" / sha256[:2] / sha256

    def keep(self, source: Path, **known: Any) -> tuple[Artefact, bool]:
        """Keep a file's bytes and journal what is known of them. Returns the artefact and whether it is new.

        The same bytes under the same publication and edition are kept once.
        """
        digest = sha256_of(source)
        for artefact in self.artefacts():
            if (artefact.sha256, artefact.publication, artefact.edition_id) == (
                digest, known["publication"], known["edition_id"],
            ):  # fmt: skip
                return artefact, False
        target = self.path(digest)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with (
                tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as out,
                source.open("rb") as stream,
            ):
                shutil.copyfileobj(stream, out)
                out.flush()
                os.fsync(out.fileno())
            Path(out.name).replace(target)
        known.setdefault("original_sha256", digest)
        artefact = Artefact(sha256=digest, bytes=target.stat().st_size, **known)
        self.note("kept", **asdict(artefact))
        return artefact, True

    def note(self, what: str, **said: Any) -> None:
        """Append one line to the journal, and see it on disk before returning."""
        self.root.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"what": what, **said}, default=str, ensure_ascii=False, sort_keys=True)
        with self.journal_path.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    def journal(self) -> Iterator[dict[str, Any]]:
        """Every journal line, oldest first. An unreadable one is yielded as `{"what": "unreadable", "line": n}`."""
        if not self.journal_path.exists():
            return
        with self.journal_path.open(encoding="utf-8") as stream:
            for n, line in enumerate(stream, 1):
                try:
                    entry = json.loads(line)
                except json.JSONDecodeError:
                    entry = {"what": "unreadable", "line": n}
                yield entry

    def artefacts(self) -> list[Artefact]:
        """Every artefact the journal says is kept, oldest first, each once."""
        names = {f.name for f in fields(Artefact)}
        found: dict[tuple[str, str, str], Artefact] = {}
        for entry in self.journal():
            if entry.get("what") != "kept":
                continue
            said = {k: v for k, v in entry.items() if k in names}
            said["published_on"] = date.fromisoformat(said["published_on"]) if said.get("published_on") else None
            said["seen_at"] = datetime.fromisoformat(said["seen_at"])
            artefact = Artefact(**said)
            found.setdefault((artefact.sha256, artefact.publication, artefact.edition_id), artefact)
        return list(found.values())


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
