"""What changed between two looks: vanished first, then appeared, then changed. Pure."""

from collections.abc import Mapping, Sequence

from pipelines.look.records import Change, EditionSeen


def compare(before: Mapping[str, EditionSeen], now: Sequence[EditionSeen]) -> tuple[Change, ...]:
    """Changes of the editions remembered; a moved date is a reissue, a new address of one edition is a move."""
    seen = {e.id: e for e in now}
    vanished = [Change("vanished", e.id, was=e.url) for e in before.values() if e.id not in seen]
    appeared = [Change("appeared", e.id, now=e.title) for e in now if e.id not in before]
    changed = [change for e in now if before.get(e.id, e) is not e for change in _changes(before[e.id], e)]
    return (*vanished, *appeared, *changed)


def _changes(was: EditionSeen, now: EditionSeen) -> list[Change]:
    found = []
    if now.withdrawn != was.withdrawn:
        found.append(Change("withdrawn" if now.withdrawn else "restored", now.id, was.url, now.url))
    if now.redirected and now.redirected != was.redirected:
        found.append(Change("redirected", now.id, was.url, now.redirected))
    if more := [url for url in (now.url, *now.also) if url not in (was.url, *was.also) and _beside(was, now)]:
        found.append(Change("doubled", now.id, was.url, ", ".join(more)))
    if now.url != was.url and now.url not in was.also and not _beside(was, now):
        found.append(Change("moved", now.id, was.url, now.url))
    files_were, files_are = {a.url for a in was.attachments}, {a.url for a in now.attachments}
    if was.opened and now.opened and files_were != files_are:
        gone = sorted(a.name for a in was.attachments if a.url not in files_are)
        come = sorted(a.name for a in now.attachments if a.url not in files_were)
        found.append(Change("files_changed", now.id, ", ".join(gone), ", ".join(come)))
    if now.url != was.url and _beside(was, now):
        return found  # because title and time are now those of the other address
    if now.title != was.title:
        found.append(Change("retitled", now.id, was.title, now.title))
    if now.updated_at != was.updated_at:
        found.append(Change("reissued", now.id, str(was.updated_at or ""), str(now.updated_at or "")))
    return found


def _beside(was: EditionSeen, now: EditionSeen) -> bool:
    """Whether the address remembered is still one of the edition's."""
    return was.url in (now.url, *now.also)
