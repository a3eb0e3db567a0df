"""One file into the vault, checked by its first bytes; what is no spreadsheet is kept and belongs to no edition."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from monitor.declarations import Publication
from monitor.store.vault import Artefact, sha256_of
from pipelines.acquire import keep_original
from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.remembered import FILE, REFUSED, Answer, Remembered, Validators
from pipelines.fetch.session import forbidden
from pipelines.reading import UnreadableFile
from pipelines.reading.parent import kind_of

Outcome = Literal["new", "replaced", "unchanged", "refused", "failed"]

_WORKBOOKS = (".ods", ".xlsx", ".xlsm", ".xls")


@dataclass(frozen=True)
class Wanted:
    """A file to fetch; `by_day` when its edition is only a day, `updated_on` the day its page was last updated.

    `size` is how many bytes it has, where its page says so.
    """

    url: str
    name: str
    edition_id: str
    edition_title: str
    published_on: date | None
    by_day: bool = False
    updated_on: date | None = None
    size: int | None = None


@dataclass(frozen=True)
class Fetched:
    """What came of one file."""

    outcome: Outcome
    artefact: Artefact | None = None
    finding: Finding | None = None
    reached: bool = True


Bring = Callable[[str, Path, Validators | None], Answer]
"""Brings an address's bytes into a file, unless they still carry the marks given: `Session.file`, or like it."""


def fetch(wanted: Wanted, publication: Publication, bring: Bring, remembered: Remembered, now: datetime) -> Fetched:
    """Ask for a file unless it is unchanged, check it, and keep it. Never raises for what a server does."""
    held = remembered.files.get((publication.id, wanted.url))
    if held and not remembered.vault.is_whole(held.sha256):
        held = None  # because unchanged bytes that are not held here would never come again
    with tempfile.TemporaryDirectory(dir=remembered.vault.coming()) as folder:
        path = Path(folder) / "body"
        try:
            answer = bring(wanted.url, path, held.validators if held else None)
        except Failed as failed:
            return Fetched("failed", finding=failed.finding, reached=failed.reached)
        if answer.unchanged and held:
            what = REFUSED if held.refused else FILE
            remembered.note_served(what, answer, held.sha256, now, publication=publication.id)
            return Fetched("refused" if held.refused else "unchanged")
        if answer.status != 200:
            return Fetched("failed", finding=_status(wanted, answer))
        return _kept(wanted, publication, answer, path, remembered, now)


def _kept(
    wanted: Wanted, publication: Publication, answer: Answer, path: Path, remembered: Remembered, now: datetime
) -> Fetched:
    digest, held = sha256_of(path), remembered.files.get((publication.id, wanted.url))
    if finding := _unlike(wanted, answer, path):
        if held is not None and held.refused:
            return Fetched("refused")  # because it was told, and the page of an error is another each time
        with path.open("rb") as stream:
            remembered.vault.put(stream)
        remembered.note_served(REFUSED, answer, digest, now, publication=publication.id)
        return Fetched("refused", finding=finding)
    if wanted.size not in (None, answer.size):
        expected, found = f"{wanted.size:,} bytes, as its page says", f"{answer.size:,} bytes"
        return Fetched("failed", finding=Finding("size_differs", wanted.url, expected, found, _NOT_TAKEN))
    if wanted.by_day and (publication.id, digest) in remembered.editions_of_bytes:
        remembered.note_served(FILE, answer, digest, now, publication=publication.id)
        return Fetched("unchanged")
    artefact, is_new = keep_original(
        remembered.vault,
        path,
        publication,
        wanted.edition_id,
        now,
        name=wanted.name,
        edition_title=wanted.edition_title,
        url=wanted.url,
        published_on=wanted.published_on,
        updated_on=wanted.updated_on,
    )
    edition = artefact.edition_id
    before = remembered.names.get((publication.id, edition, wanted.name))
    remembered.editions_of_bytes[publication.id, digest] = edition
    remembered.names[publication.id, edition, wanted.name] = digest
    remembered.note_served(FILE, answer, digest, now, publication=publication.id)
    if not is_new:
        return Fetched("unchanged")
    replaced = (held is not None and not held.refused and held.sha256 != digest) or before not in (None, digest)
    return Fetched("replaced" if replaced else "new", artefact)


def _unlike(wanted: Wanted, answer: Answer, path: Path) -> Finding | None:
    """What is wrong with the bytes, judged by themselves and not by what the server calls them."""
    try:
        kind = kind_of(path, wanted.name)
    except UnreadableFile as error:
        said = f"{answer.content_type or 'no content type'}, {answer.size} bytes"
        found = f"{_start(path)} ({said}): {str(error).rstrip('.')}"
        return Finding("not_a_spreadsheet", wanted.url, f"a spreadsheet, {wanted.name}", found, _OPEN, "critical")
    if kind == "csv" and wanted.name.lower().endswith(_WORKBOOKS):
        found = f"text ({answer.content_type or 'no content type'}): {_start(path)}"
        return Finding("not_a_spreadsheet", wanted.url, f"a workbook, {wanted.name}", found, _OPEN, "critical")
    return None


_NOT_TAKEN = "It was not taken in; the next pass asks again. If it stays so and is whole, use `justice-monitor add`."
_OPEN = (
    "It was not taken in and is told once; each look asks again, and `justice-monitor doctor` names it until it comes. "
    "Open the address: if the file is there, something between here and there gives another."
)


def _start(path: Path) -> str:
    with path.open("rb") as stream:
        return repr(stream.read(40).decode("utf-8", "replace"))


def _status(wanted: Wanted, answer: Answer) -> Finding:
    check, remedy = "refused_by_server", "The next pass asks again."
    if answer.status == 403:
        return forbidden(wanted.url, "the file")
    if answer.status in (404, 410):
        check, remedy = "dead_link", "It counts as dead when a second look, a day later, finds the same."
    return Finding(check, wanted.url, "the file", f"status {answer.status}", remedy)
