"""By what a file is read: a name that changes with the reader's code, its vocabulary, or the file's declaration."""

import hashlib
from functools import cache

from monitor.declarations import Publication
from monitor.settings import PROJECT

ROOMS = (
    "monitor/vocabulary",
    *(f"pipelines/{room}" for room in ("reading", "shape", "labels", "tidy", "drafting", "inferring")),
    *(
        f"pipelines/{one}.py"
        for one in ("survey", "answers", "account", "footnotes", "observe", "totals", "starter/surveyed")
    ),
)
"""What decides what is read in a file."""


def reader_of(publication: Publication) -> str:
    """The reader of a publication's files: the same name means the same figures of the same bytes."""
    return _named(publication.id, publication.model_dump_json())


@cache
def _named(publication: str, declared: str) -> str:
    return hashlib.sha256(f"{_code()}\x1f{declared}".encode()).hexdigest()[:16]


@cache
def _code() -> str:
    """The hash of the reader's code and words."""
    found = hashlib.sha256()
    for room in ROOMS:
        path = PROJECT / room
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in (".py", ".csv"))
        for file in files:
            found.update(file.relative_to(PROJECT).as_posix().encode() + file.read_bytes())
    return found.hexdigest()
