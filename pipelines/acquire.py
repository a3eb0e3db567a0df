"""Bytes into the vault: from the starter transcriptions, or from a file a person adds.

What it makes true: everything after this takes an artefact, however it came. What it refuses: a publication
nobody declared, and an edition without a name.
"""

import datetime as dt
from pathlib import Path

from monitor.declarations import Publication, find, sources
from monitor.store.vault import Artefact, Vault, sha256_of
from pipelines import starter
from pipelines.reading import UnreadableFile
from pipelines.reading.parent import kind_of

ORIGINAL, TRANSCRIPTION = "original", "transcription"


def keep_starter(vault: Vault, now: dt.datetime) -> list[Artefact]:
    """Keep the transcriptions that ship with the project. Returns those that are new."""
    new = []
    for source in starter.sources():
        artefact, is_new = vault.keep(
            source.path,
            publication=source.publication,
            edition_id=source.edition,
            kind=TRANSCRIPTION,
            name=source.original_name,
            original_sha256=source.original_sha256,
            published_on=source.published_on,
            seen_at=now,
            publisher=source.publisher,
            title=source.title,
            edition_title=source.edition_title,
            url=source.url,
            licence=source.licence,
        )
        if is_new:
            new.append(artefact)
    return new


def add(vault: Vault, path: Path, publication: str, edition: str, now: dt.datetime) -> tuple[Artefact, bool]:
    """Keep a publisher's file from disk under a declared publication and an edition.

    Facts of the edition that an earlier artefact of it carries (title, date, address) are taken over.
    Raises `DeclarationError` for an undeclared publication, `UnreadableFile` for bytes that are not a spreadsheet.
    """
    declared: Publication = find(sources(), publication, "publication")
    if not edition.strip():
        raise UnreadableFile("an edition needs a name, such as 2022-06-30 or 2022-Q3; give --edition")
    kind_of(path, path.name)
    held = [a for a in vault.artefacts() if (a.publication, a.edition_id) == (publication, edition)]
    digest = sha256_of(path)
    sibling = next((a for a in held if a.original_sha256 == digest), held[0] if held else None)
    return vault.keep(
        path,
        publication=publication,
        edition_id=edition,
        kind=ORIGINAL,
        name=path.name,
        published_on=sibling.published_on if sibling else None,
        seen_at=now,
        publisher=declared.publisher,
        title=sibling.title if sibling else declared.title,
        edition_title=sibling.edition_title if sibling else edition,
        url=sibling.url if sibling else "",
        licence=declared.licence,
    )
