"""What has become of the release itself: overdue, cancelled, ended, withdrawn, dead, moved, of another format."""

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

from monitor import settings
from monitor.declarations import Known, Publication
from monitor.watch.calendar import Due, expected, known_until
from monitor.watch.register.completeness import pattern
from monitor.watch.register.held import Edition, File
from monitor.watch.register.looked import Look, Shown
from monitor.watch.register.rows import ALL, Row, in_force
from monitor.watch.register.severity import ACCREDITED, severity
from monitor.watch.register.tables import Series
from monitor.watch.register.wording import day, listed

MACHINE_READABLE = ("ods", "xlsx", "xlsm", "xlsb", "xls", "csv", "zip")


def of_release(series: Series, look: Look | None) -> list[Row]:
    """Rows about the release, from what looking gave; none where nobody has looked."""
    if look is None:
        return []
    out = look.published(series.as_of)
    return [
        *_owed(series, look, out),
        *_ended(series),
        *_withdrawn(series, look, out),
        *_dead(series, look),
        *_moved(series, look),
        *_redirected(series, look, out),
        *_designated(series, out),
    ]


def _of_release(series: Series, state: str, case: str = "", **known: Any) -> Row:
    """A row about the release; unless told otherwise its publisher, or our own look, states it."""
    return series.row(ALL, state, case, **{"level": "release", "confidence": "stated", **known})


def _owed(series: Series, look: Look, out: Sequence[Shown]) -> list[Row]:
    """Editions that are overdue, and those that were cancelled or postponed and have not come."""
    publication, as_of = series.publication, series.as_of
    seen = {e.id: e.published_on for e in out if e.published_on}
    rows = []
    for due in expected(publication, known_until(as_of, look.at), seen, look.announcements):
        if due.tables:
            continue
        known: dict[str, Any] = {
            "edition": f"expected {due.closes.isoformat()}",
            "last_seen": out[-1].id if out else None,
            "confidence": "stated" if due.announcement else "contents",
            "evidence": {
                "basis": due.basis,
                "opens": due.opens,
                "closes": due.closes,
                "looked_at": look.on,
                "page": publication.collection or list(publication.pages),
                "days_late": due.days_late,
                "source": due.source,
                **_announced(due),
            },
        }
        if due.status in ("cancelled", "postponed") and due.announcement is not None:
            by, said = _cancelled(due, series.designation), {"what": due.reason}
            rows.append(_of_release(series, "cancelled", severity=by, since=due.opens, said=said, **known))
        if due.overdue:
            case = "over 20 working days" if due.severity == "S1" else "not in the calendar" if due.is_unlisted else ""
            by = severity("overdue", case, designation=series.designation)
            what = f"{due.reason} {due.days_late} working days late on {day(as_of)}; looked for on {day(look.on)}."
            rows.append(_of_release(series, "overdue", severity=by, since=due.closes, said={"what": what}, **known))
    return rows


def _announced(due: Due) -> dict[str, Any]:
    """Evidence of what was announced of an edition: each other state or date of it is news."""
    told = due.announcement
    if told is None:
        return {}
    said = {"state": told.state, "for": told.display or told.date, "previous": told.previous, "page": told.path}
    return {"announced": said}


def _cancelled(due: Due, designation: str) -> str:
    told = due.announcement
    if told is None or not told.reason:
        return severity("cancelled", "without a reason")
    still_owed = due.status == "postponed" and told.state == "cancelled"
    return severity("cancelled", "without a new date" if still_owed else "with a reason", designation=designation)


def _ended(series: Series) -> list[Row]:
    """A series that its publisher ended: once, with the source."""
    since, said = _end(series.publication, series.as_of)
    if since is None:
        return []
    what, source = (said.what, said.source) if said else ("Its declared calendar ends there.", "declared calendar")
    by = severity("discontinued", designation=series.designation, explained=said is not None)
    evidence = {"source": source, "continued_by": series.publication.continued_by}
    words = {"since": since, "what": what}
    return [_of_release(series, "discontinued", severity=by, since=since, said=words, evidence=evidence)]


def _end(publication: Publication, as_of: dt.date) -> tuple[dt.date | None, Known | None]:
    """The day a series ended, if it had by then, and the source that says so, if one does."""
    said = next((k for k in publication.known if k.state == "discontinued" and in_force(k, as_of)), None)
    since = said.since if said and said.since else publication.calendar.until if publication.calendar else None
    return (since, said) if since is not None and since <= as_of else (None, None)


def ended_on(publication: Publication, as_of: dt.date) -> dt.date | None:
    """The day a series ended, if it had by then."""
    return _end(publication, as_of)[0]


def _withdrawn(series: Series, look: Look, out: Sequence[Shown]) -> list[Row]:
    by = severity("withdrawn", designation=series.designation)
    having = [(e, {"page": e.url}) for e in out if e.withdrawn]
    return [row for e, evidence in having for row in _since_seen(series, look, e, "withdrawn", evidence, severity=by)]


def _redirected(series: Series, look: Look, out: Sequence[Shown]) -> list[Row]:
    """Editions whose address leads to another, for as long as it does."""
    having = [(e, {"was": e.url, "now": e.redirected}) for e in out if e.redirected]
    return [row for e, evidence in having for row in _since_seen(series, look, e, "redirected", evidence)]


def _since_seen(
    series: Series, look: Look, shown: Shown, state: str, evidence: dict[str, str], **known: Any
) -> list[Row]:
    """What an edition's page shows, since the look that first saw it; nothing on a day before that."""
    on = max((e.on for e in look.events if e.kind == state and e.edition == shown.id), default=look.on)
    if on > series.as_of:
        return []
    known |= {"edition": shown.id, "since": on, "last_seen": shown.id, "evidence": evidence}
    return [_of_release(series, state, said={"edition": shown.id, "since": on, **evidence}, **known)]


def _dead(series: Series, look: Look) -> list[Row]:
    """Addresses that do not answer."""
    return [
        _of_release(
            series,
            "dead_link",
            "page" if dead.page else "asset",
            since=dead.since,
            evidence={"page": dead.address},
            said={"what": f"{dead.address} does not answer.", "since": dead.since, "again": dead.again},
        )
        for dead in look.dead
        if dead.again <= series.as_of
    ]


def _moved(series: Series, look: Look) -> list[Row]:
    """Editions that are at another address, while it is news."""
    rows = []
    for event in look.events:
        if event.kind == "moved" and 0 <= (series.as_of - event.on).days <= settings.NEWS_DAYS:
            evidence = {"was": event.was, "now": event.now}
            said = {"edition": event.edition, **evidence}
            known: dict[str, Any] = {"edition": event.edition, "since": event.on, "evidence": evidence}
            rows.append(_of_release(series, "moved", said=said, **known))
    return rows


def _rank(designation: str) -> int:
    """How high a designation stands: transparency, in development, official, accredited (National Statistics)."""
    words = designation.casefold()
    if ACCREDITED.search(words):
        return 3
    if "development" in words or "experimental" in words:
        return 1
    return 2 if "official" in words else 0


def _designated(series: Series, out: Sequence[Shown]) -> list[Row]:
    """The latest change of designation between two editions, while it is news."""
    changed = [
        (was, now)
        for was, now in itertools.pairwise(out)
        if was.designation and now.designation and _rank(was.designation) != _rank(now.designation)
    ]
    rows = []
    for was, now in changed[-1:]:
        since = now.published_on
        if since is None or (series.as_of - since).days > settings.NEWS_DAYS:
            continue
        case = "up" if _rank(now.designation) > _rank(was.designation) else "down"
        names = {"was": was.designation, "now": now.designation}
        known = {"edition": now.id, "last_seen": was.id, "since": since, "evidence": {**names, "page": now.url}}
        said = {"edition": now.id, "last_seen": was.id, **names}
        rows.append(_of_release(series, "designation_change", case, said=said, **known))
    return rows


def of_files(series: Series, look: Look | None) -> list[Row]:
    """Other formats or names than in the edition before, and files that were replaced."""
    rows: list[Row] = []
    n = series.newest
    if n < 0:
        return rows
    for m, edition in enumerate(series.editions):
        rows += _replaced(series, m, edition, look)
    before = max((m for m in range(n) if series.editions[m].readable), default=-1)
    if before < 0 or not series.recent(n) or series.editions[n].transcribed or series.editions[before].transcribed:
        return rows
    was, now = series.editions[before], series.editions[n]
    said, case = _format(was, now)
    if said:
        evidence = {"was": [f.name for f in was.files], "now": [f.name for f in now.files], "sha256": now.hashes}
        what = {"what": " ".join(said)}
        rows.append(series.changed(None, ALL, "format_change", case, last=before, said=what, evidence=evidence))
    return rows


def _format(was: Edition, now: Edition) -> tuple[list[str], str]:
    """What is different about the files of two editions, in sentences, and the case of severity."""
    said = []
    old, new = _extensions(was.files), _extensions(now.files)
    if new and old - new:  # because another format beside those of before takes none away
        said.append(f"Files were {listed(sorted(old))} in {was.id} and are {listed(sorted(new))} in {now.id}.")
    elif len(was.files) == len(now.files) and (gone := _patterns(was.files) - _patterns(now.files)):
        fresh = _patterns(now.files) - _patterns(was.files)
        said.append(f"File names changed: {listed(sorted(gone))} became {listed(sorted(fresh))}.")
    one, two = {s.casefold() for s in was.sheets}, {s.casefold() for s in now.sheets}
    csv = {"csv"}
    if one and two and old != csv and new != csv and len(one & two) < 0.5 * min(len(one), len(two)):
        said.append(f"Sheets have other names: {listed(list(was.sheets), 3)} became {listed(list(now.sheets), 3)}.")
    return said, "" if new & set(MACHINE_READABLE) else "not machine-readable"


def _extensions(files: Sequence[File]) -> set[str]:
    return {f.name.rpartition(".")[2].casefold() for f in files if not f.bare}


def _patterns(files: Sequence[File]) -> set[str]:
    return {pattern(f.name.rpartition(".")[0]) for f in files}


def _replaced(series: Series, m: int, edition: Edition, look: Look | None) -> list[Row]:
    pairs = [(was, now) for was, now in edition.replaced if now.seen_at is None or series.as_of >= now.seen_at.date()]
    if not pairs:
        return []
    on = max((now.seen_at.date() for _, now in pairs if now.seen_at), default=None)
    if on is not None and (series.as_of - on).days > settings.NEWS_DAYS:
        return []
    shown = look.editions.get(edition.id) if look else None
    if shown is None or not shown.opened:
        noted, case = "Whether its page says so is not known.", "noted"
    elif len(shown.noted) > 1:
        noted, case = f"Its page notes: {shown.noted[-1]}", "noted"
    else:
        noted, case = "Its page does not say so.", "silent"
    known: dict[str, Any] = {
        "edition": edition.id,
        "since": on,
        "said": {"n": len(pairs), "what": listed([now.name for _, now in pairs]), "noted": noted},
        "evidence": {"was": [w.original_sha256 for w, _ in pairs], "sha256": [x.original_sha256 for _, x in pairs]},
    }
    return [series.changed(None, ALL, "revised", case, last=m, first=m, **known)]
