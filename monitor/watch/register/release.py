"""What has become of the release itself: overdue, cancelled, ended, withdrawn, dead, moved, of another format.

What it makes true: nothing is overdue that nobody has looked for, that has ended or that was announced for another
day; an edition owed after a cancellation "postponed" without a new date is both cancelled and, in time, overdue. A
change (moved, format, designation, revision) is news for a year.

What it refuses: to take a timestamp that moved for a revision: only other bytes are one.
"""

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from monitor import settings
from monitor.declarations import Known, Publication
from monitor.watch.calendar import Due, expected
from monitor.watch.register.held import Edition, File
from monitor.watch.register.looked import Look, Shown
from monitor.watch.register.rows import ALL, Row, row
from monitor.watch.register.severity import ACCREDITED, severity
from monitor.watch.register.tables import Series
from monitor.watch.register.wording import day, listed, sentence

MACHINE_READABLE = ("ods", "xlsx", "xlsm", "xlsb", "xls", "csv", "zip")
_VARYING = re.compile(
    r"\d+|\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b"
)


@dataclass(frozen=True)
class Declared:
    """An announcement known from a source and not from a look: a cancellation declared as `known`."""

    date: dt.date
    until: dt.date
    at: dt.datetime | None
    state: Literal["provisional", "confirmed", "cancelled"]
    previous: str
    reason: str


def declared_cancellations(publication: Publication, as_of: dt.date) -> list[Declared]:
    """Cancellations that a source states and that were known on the day, as announcements."""
    return [
        Declared(k.release, k.release, None, "cancelled", "", k.what)
        for k in publication.known
        if k.state == "cancelled" and k.release and k.since and k.since <= as_of
    ]


def of_release(publication: Publication, look: Look | None, as_of: dt.date, designation: str) -> list[Row]:
    """Rows about the release, from what looking gave; none where nobody has looked."""
    if look is None:
        return []
    out = look.published(as_of)
    rows = [*_owed(publication, look, out, as_of, designation), *_ended(publication, as_of, designation)]
    rows += _taken_back(publication, look, as_of, designation)
    rows += _designated(publication, out, as_of)
    return rows


def _owed(publication: Publication, look: Look, out: Sequence[Shown], as_of: dt.date, designation: str) -> list[Row]:
    """Editions that are overdue, and those that were cancelled or postponed and have not come."""
    seen = {e.id: e.published_on for e in out if e.published_on}
    told = [*look.announcements, *declared_cancellations(publication, as_of)]
    rows = []
    last = out[-1].id if out else None
    for due in expected(publication, as_of, seen, told):
        if due.tables:
            continue
        evidence = {
            "basis": due.basis,
            "opens": due.opens,
            "closes": due.closes,
            "looked_at": look.on,
            "page": publication.collection or list(publication.pages),
            "days_late": due.days_late,
        }
        known: dict[str, Any] = {
            "level": "release",
            "edition": f"expected {due.closes.isoformat()}",
            "last_seen": last,
            "evidence": evidence,
            "confidence": "stated" if due.announcement else "contents",
        }
        if due.status in ("cancelled", "postponed") and due.announcement is not None:
            rows.append(
                row(
                    publication,
                    ALL,
                    "cancelled",
                    severity=_cancelled(due, designation),
                    since=due.opens,
                    reason=sentence("cancelled", what=due.reason),
                    **known,
                )
            )
        if due.overdue:
            case = "over 20 working days" if due.severity == "S1" else ""
            what = f"{due.reason} {due.days_late} working days late on {day(as_of)}; looked for on {day(look.on)}."
            rows.append(
                row(
                    publication,
                    ALL,
                    "overdue",
                    severity=severity("overdue", case, designation=designation),
                    since=due.closes,
                    reason=sentence("overdue", what=what),
                    **known,
                )
            )
    return rows


def _cancelled(due: Due, designation: str) -> str:
    told = due.announcement
    if told is None or not told.reason:
        return severity("cancelled", "without a reason")
    still_owed = due.status == "postponed" and told.state == "cancelled"
    return severity("cancelled", "without a new date" if still_owed else "with a reason", designation=designation)


def _ended(publication: Publication, as_of: dt.date, designation: str) -> list[Row]:
    """A series that its publisher ended: once, with the source."""
    said = next((k for k in publication.known if k.state == "discontinued" and _in_force(k, as_of)), None)
    until = publication.calendar.until if publication.calendar else None
    since = said.since if said and said.since else until
    if since is None or since > as_of or (said is None and until is None):
        return []
    what = said.what if said else "Its declared calendar ends there."
    by = severity("discontinued", designation=designation, explained=said is not None)
    return [
        row(
            publication,
            ALL,
            "discontinued",
            level="release",
            severity=by,
            since=since,
            confidence="stated",
            reason=sentence("discontinued", since=since, what=what),
            evidence={"source": said.source if said else "declared calendar", "continued_by": publication.continued_by},
        )
    ]


def ended_on(publication: Publication, as_of: dt.date) -> dt.date | None:
    """The day a series ended, if it had by then."""
    found = _ended(publication, as_of, "")
    return found[0]["since"] if found else None


def _in_force(known: Known, as_of: dt.date) -> bool:
    return (known.since is None or known.since <= as_of) and (known.until is None or as_of <= known.until)


def _taken_back(publication: Publication, look: Look, as_of: dt.date, designation: str) -> list[Row]:
    """Editions withdrawn, addresses dead, editions moved."""
    rows = []
    for shown in look.published(as_of):
        on = max((e.on for e in look.events if e.kind == "withdrawn" and e.edition == shown.id), default=look.on)
        if shown.withdrawn and on <= as_of:
            rows.append(
                row(
                    publication,
                    ALL,
                    "withdrawn",
                    level="release",
                    edition=shown.id,
                    since=on,
                    confidence="stated",
                    severity=severity("withdrawn", designation=designation),
                    last_seen=shown.id,
                    reason=sentence("withdrawn", edition=shown.id, since=on),
                    evidence={"page": shown.url},
                )
            )
    for dead in look.dead:
        if dead.again <= as_of:
            what = f"{dead.address} does not answer."
            case = "page" if dead.page else "asset"
            rows.append(
                row(
                    publication,
                    ALL,
                    "dead_link",
                    level="release",
                    since=dead.since,
                    confidence="stated",
                    severity=severity("dead_link", case),
                    evidence={"page": dead.address},
                    reason=sentence("dead_link", what=what, since=dead.since, again=dead.again),
                )
            )
    for event in look.events:
        if event.kind == "moved" and event.on <= as_of and (as_of - event.on).days <= settings.NEWS_DAYS:
            rows.append(
                row(
                    publication,
                    ALL,
                    "moved",
                    level="release",
                    edition=event.edition,
                    since=event.on,
                    confidence="stated",
                    severity=severity("moved"),
                    evidence={"was": event.was, "now": event.now},
                    reason=sentence("moved", edition=event.edition, was=event.was, now=event.now),
                )
            )
    return rows


def _rank(designation: str) -> int:
    """How high a designation stands: transparency, in development, official, accredited (National Statistics)."""
    words = designation.casefold()
    if ACCREDITED.search(words):
        return 3
    if "development" in words or "experimental" in words:
        return 1
    return 2 if "official" in words else 0


def _designated(publication: Publication, out: Sequence[Shown], as_of: dt.date) -> list[Row]:
    """The latest change of designation between two editions, while it is news."""
    changed = [
        (was, now)
        for was, now in itertools.pairwise(out)
        if was.designation and now.designation and _rank(was.designation) != _rank(now.designation)
    ]
    rows = []
    for was, now in changed[-1:]:
        since = now.published_on
        if since is None or (as_of - since).days > settings.NEWS_DAYS:
            continue
        case = "up" if _rank(now.designation) > _rank(was.designation) else "down"
        rows.append(
            row(
                publication,
                ALL,
                "designation_change",
                level="release",
                edition=now.id,
                since=since,
                confidence="stated",
                severity=severity("designation_change", case),
                last_seen=was.id,
                reason=sentence(
                    "designation_change", edition=now.id, last_seen=was.id, was=was.designation, now=now.designation
                ),
                evidence={"was": was.designation, "now": now.designation, "page": now.url},
            )
        )
    return rows


# --- the files of an edition ------------------------------------------------------------------------------------------


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
        rows.append(
            series.row(
                None,
                ALL,
                "format_change",
                n,
                severity=series.severity("format_change", case),
                since=now.day,
                last_seen=was.id,
                reason=sentence("format_change", what=" ".join(said)),
                evidence={"was": [f.name for f in was.files], "now": [f.name for f in now.files], "sha256": now.hashes},
            )
        )
    return rows


def _format(was: Edition, now: Edition) -> tuple[list[str], str]:
    """What is different about the files of two editions, in sentences, and the case of severity."""
    said = []
    old, new = _extensions(was.files), _extensions(now.files)
    if old != new:
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
    return {f.name.rpartition(".")[2].casefold() for f in files}


def _patterns(files: Sequence[File]) -> set[str]:
    """File names without what changes from one edition to the next: numbers and months."""
    found = set()
    for f in files:
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", f.name.rpartition(".")[0])
        words = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])|[^a-z\d]+", " ", words.casefold())
        found.add(" ".join(_VARYING.sub(" ", words).split()))
    return found


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
    reason = sentence(
        "revised", n=len(pairs), edition=edition.id, what=listed([now.name for _, now in pairs]), noted=noted
    )
    return [
        series.row(
            None,
            ALL,
            "revised",
            m,
            severity=series.severity("revised", case),
            since=on,
            reason=reason,
            last_seen=edition.id,
            evidence={"was": [w.original_sha256 for w, _ in pairs], "sha256": [x.original_sha256 for _, x in pairs]},
        )
    ]
