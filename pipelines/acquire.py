"""Bytes into the vault: from the starter transcriptions, from a publisher, or from a file a person adds."""

import datetime as dt
from contextlib import suppress
from pathlib import Path

from monitor.declarations import Publication, find, sources
from monitor.store.vault import Artefact, Vault, sha256_of
from pipelines import starter
from pipelines.identity import Named, edition_of
from pipelines.reading import UnreadableFile
from pipelines.reading.parent import kind_of

ORIGINAL, TRANSCRIPTION = "original", "transcription"
SAME_CELLS = "same_cells"
"""The journal's line for a file that was served anew while its cells say what they said before."""


WHOLE = "edition_whole"
"""The journal's line for an edition that a person states to be held in full."""
READ_ANEW = "read_anew"
"""The journal's line for a file of which a later reader, or a changed declaration, made other figures."""


def keep_starter(vault: Vault, now: dt.datetime) -> list[Artefact]:
    """Keep the transcriptions that ship with the project. Returns those that are new."""
    new = []
    declared = sources()
    for source in starter.sources():
        said = Named(source.edition, source.published_on, source.original_sha256)
        artefact, is_new = vault.keep(
            source.path,
            publication=source.publication,
            edition_id=edition_of(declared[source.publication], said, vault.artefacts_of(source.publication)),
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


def keep_original(
    vault: Vault,
    path: Path,
    publication: Publication,
    edition: str,
    now: dt.datetime,
    *,
    name: str,
    edition_title: str = "",
    url: str = "",
    published_on: dt.date | None = None,
    updated_on: dt.date | None = None,
) -> tuple[Artefact, bool]:
    """Keep a publisher's file under the edition that is meant. Returns the artefact and whether it is new.

    What is not said is taken over from the edition's earlier files. A file that comes when the edition is held was
    published when its page was `updated_on`, or today where the page is silent about it, and not when the edition
    first was: so no date asked about sees it too early. A `published_on` without `updated_on` is believed.
    """
    digest = sha256_of(path)
    held = vault.artefacts_of(publication.id)
    edition_id = edition_of(publication, Named(edition, published_on, digest), held)
    siblings = [a for a in held if a.edition_id == edition_id]
    twin = next((a for a in siblings if a.original_sha256 == digest), None)
    like = twin or (siblings[0] if siblings else None)
    before = next((a.seen_at for a in reversed(siblings) if a.kind == ORIGINAL and a.seen_at != now), None)
    if updated_on and before and twin is None:
        published_on = updated_on if updated_on >= before.date() else now.date()
    return vault.keep(
        path,
        publication=publication.id,
        edition_id=edition_id,
        kind=ORIGINAL,
        name=name,
        published_on=published_on or (like.published_on if like else None),
        seen_at=now,
        publisher=publication.publisher,
        title=twin.title if twin else publication.title,
        edition_title=edition_title or (like.edition_title if like else edition),
        url=url or (like.url if like else ""),
        licence=publication.licence,
    )


def add(
    vault: Vault, path: Path, publication: str, edition: str, now: dt.datetime, published_on: dt.date | None = None
) -> tuple[Artefact, bool]:
    """Keep a publisher's file from disk under an edition. Raises `DeclarationError` and `UnreadableFile`."""
    declared: Publication = find(sources(), publication, "publication")
    if not edition.strip():
        raise UnreadableFile("an edition needs a name, such as 2022-06-30 or 2022-Q3; give --edition")
    kind_of(path, path.name)
    return keep_original(vault, path, declared, edition, now, name=path.name, published_on=published_on)


def state_whole(vault: Vault, artefact: Artefact, by: str, now: dt.datetime) -> None:
    """Journal that a person states that the edition of a file is held in full."""
    said = {"publication": artefact.publication, "edition_id": artefact.edition_id, "sha256": artefact.sha256}
    vault.note(WHOLE, **said, by=by, seen_at=now)


def stated_whole(vault: Vault, known_at: dt.datetime | None = None) -> dict[tuple[str, str], str]:
    """Who stated by a moment that an edition is held in full, by publication and edition; broken lines count not."""
    found = {}
    for entry in vault.journal():
        if entry["what"] == WHOLE:
            with suppress(KeyError, TypeError, ValueError):
                if known_at is None or dt.datetime.fromisoformat(str(entry["seen_at"])) <= known_at:
                    found[entry["publication"], entry["edition_id"]] = str(entry["by"])
    return found


def note_same_cells(vault: Vault, artefact: Artefact, other: str) -> None:
    """Journal, once, that a file holds the cells of another that is held: the file changed, the numbers did not."""
    said = {name: getattr(artefact, name) for name in ("publication", "edition_id", "name", "sha256")}
    said |= {"same_as": other, "seen_at": str(artefact.seen_at)}
    if {"what": SAME_CELLS, **said} not in vault.journal():
        vault.note(SAME_CELLS, **said)
