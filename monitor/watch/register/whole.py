"""A publication as a whole, by each characteristic: what its newest edition separates people by, and what it does not.

Always one row for each of the nine protected characteristics and the three besides; what is not there is a finding
only where every file known of the edition was read and understood.
"""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from monitor import settings
from monitor.declarations import Publication
from monitor.vocabulary import CHARACTERISTICS, Characteristic, spoken_of_by
from monitor.watch.register.held import Edition
from monitor.watch.register.looked import Look
from monitor.watch.register.rows import FILES, TRANSCRIBED, Row, in_force, inspected, left_open, of_doubts, where
from monitor.watch.register.severity import GRAVE
from monitor.watch.register.tables import Series, covers, only_some, shares, told_with_parents
from monitor.watch.register.wording import listed, sentence


def of_publication(series: Series, look: Look | None) -> list[Row]:
    """The row of each characteristic, in the order of the Act."""
    n = series.newest
    if n < 0:
        return [_not_looked(series, c.id, look) for c in CHARACTERISTICS]
    return told_with_parents([_one(series, c, n) for c in CHARACTERISTICS], partial(_is_part_of, series))


def _is_part_of(series: Series, c: Characteristic, own: Row) -> bool:
    """Whether all tables that last separated people by a characteristic did so by what it is derived from."""
    last = next(e for e in series.editions if e.id == own["last_seen"])
    return all(c.derived_from in t.breakdowns for t in last.having(c.id))


def _not_looked(series: Series, characteristic: str, look: Look | None) -> Row:
    form, shown = "reason", 0
    if series.editions:
        form = "unreadable"
    elif look is not None:
        form, shown = "page_only", len(look.published(series.as_of))
    evidence = {"held": len(series.editions), "editions_seen": shown, "form": form}
    return series.row(characteristic, "not_looked", form=form, said={"n_editions": shown}, evidence=evidence)


def _one(series: Series, c: Characteristic, n: int) -> Row:
    publication, edition = series.publication, series.editions[n]
    if named := next((d for d in spoken_of_by(c.id) if d in publication.not_applicable), None):
        return series.row(c.id, "not_applicable", edition=edition.id, reason=publication.not_applicable[named])
    having = [m for m, e in enumerate(series.editions) if e.having(c.id)]
    if having and having[-1] == n:
        return _present(series, c.id, having)
    return _gone(series, c, having) if having else _never(series, c, n)


def _ours(series: Series, c: Characteristic) -> Row | None:
    """The row of what we did not understand, or did not read, of the newest edition; None where all of it was."""
    n = series.newest
    edition = series.editions[n]
    doubts = edition.doubts.get(c.id, ())
    if doubts:
        state, said, evidence = "unclear", left_open(doubts), of_doubts(edition, doubts)
    elif series.not_read[n] and series.not_read[n] != TRANSCRIBED:
        said = series.not_read[n]
        state, evidence = "not_read", {**inspected(edition), "not_understood": [said]}
    else:
        return None
    words = {"edition": edition.id, "inspected": edition.inspected, "what": said}
    last = next((e.id for e in reversed(series.editions) if e.having(c.id)), None)
    return series.row(c.id, state, said=words, edition=edition.id, last_seen=last, evidence=evidence)


def _present(series: Series, d: str, having: Sequence[int]) -> Row:
    n = having[-1]
    edition, tables = series.editions[n], series.editions[n].having(d)
    evidence = {**where(tables, d), **_history(series, having), "files": [f.name for f in edition.files]}
    sheets = list(dict.fromkeys(t.sheet for t in tables))
    finest = max(tables, key=lambda t: len(t.breakdowns[d].categories))
    since = min((t.first_period for t in tables if t.first_period), default=edition.day)
    known: dict[str, Any] = {
        "edition": edition.id,
        "confidence": "inspected",
        "since": since,
        "last_seen": edition.id,
        "covers": covers(series.publication, finest),
        "evidence": evidence,
        **shares(tables, d),
    }
    if stale := _stale(series, d, having):
        said = {"period": stale, "last_seen": series.editions[having[-2]].id}
        return series.row(d, "partial", said=said, **known)
    said = {
        "n_sheets": len(sheets),
        "inspected": edition.inspected,
        "sheets": ", ".join(sheets),
        "n_categories": len(finest.breakdowns[d].categories),
        "finest_sheet": finest.sheet,
    }
    return series.row(d, "present", said=said, **known)


def _stale(series: Series, d: str, having: Sequence[int]) -> dt.date | None:
    """The latest period of the breakdown, where it is no newer than the edition before had; None where it is."""
    if len(having) < 2:
        return None
    now, before = (
        max((t.last_period for t in series.editions[m].having(d) if t.last_period), default=None)
        for m in (having[-1], having[-2])
    )
    return now if now is not None and before is not None and now <= before else None


def _history(series: Series, having: Sequence[int]) -> dict[str, object]:
    return {
        "editions_with": [series.editions[m].id for m in having],
        "editions_inspected": sum(e.readable for e in series.editions),
    }


def _gone(series: Series, c: Characteristic, having: Sequence[int]) -> Row:
    """It was in an earlier edition and is not in the newest: dropped, only in some editions, or not all was read."""
    n, last = series.newest, having[-1]
    edition, before = series.editions[n], series.editions[last]
    tables = before.having(c.id)
    titles = listed([t.title for t in tables], 2)
    evidence = {
        **inspected(edition),
        "sheets": len(edition.sheets),
        "was": {"edition": before.id, **where(tables, c.id)},
        "looked_for": _looked_for(c),
        **_history(series, having),
    }
    known: dict[str, Any] = {"edition": edition.id, "confidence": "inspected", "last_seen": before.id}
    known["evidence"] = evidence
    said = {"last_seen": before.id, "where": titles, "inspected": edition.inspected}
    if why := only_some(series, c.id, last, n):
        said |= {"why": why, "edition": edition.id}
        return series.row(c.id, "annual_only", said=said, since=before.day, **known, **shares(tables, c.id))
    if ours := _ours(series, c):
        return ours
    if series.not_read[n]:
        reason = sentence("absent", characteristic=c.id, inspected=edition.inspected)
        reason += f" Not every file of edition {edition.id} was read, so this is no finding; last seen in {before.id}."
        return series.row(c.id, "absent", _absent(c), reason=reason, **known)
    read = (m for m in range(last + 1, n + 1) if series.editions[m].answers(c.id) and not series.not_read[m])
    since = next(read, n)
    first = series.editions[since]
    said["edition"] = first.id
    known |= {"since": first.day, "covers": covers(series.publication, tables[0])}
    known["awaits"] = series.awaited("dropped", since)
    return series.row(c.id, "dropped", said=said, **known)


def _never(series: Series, c: Characteristic, n: int) -> Row:
    """No edition held has it: not collected, only elsewhere, never published (after enough editions), or absent."""
    publication, edition = series.publication, series.editions[n]
    evidence = {**inspected(edition), "sheets": len(edition.sheets), "looked_for": _looked_for(c)}
    found = partial(series.row, c.id, edition=edition.id)
    for state in ("not_collected", "published_elsewhere"):
        if said := series.stated(state, c.id):
            evidence |= {"source": said.source, "collected": said.collected}
            words = {"what": said.what, "source": said.source}
            return found(state, said=words, confidence="stated", since=said.since, evidence=evidence)
    read = _read(series, c.id)
    first, last = (read[0], read[-1]) if read else (edition, edition)
    time = one_time_of_year(publication, read)
    often = len(read) >= settings.NEVER_AFTER_EDITIONS or _months(first, last) >= settings.NEVER_AFTER_MONTHS
    if (said := series.stated("annual_only", c.id, believed=True)) and not (often and not time and series.listed[n]):
        reason = f"{said.what} Source: {said.source}. No table of edition {edition.id} that was read shows otherwise."
        evidence["source"] = said.source
        return found("annual_only", reason=reason, confidence="stated", since=said.since, evidence=evidence)
    if ours := _ours(series, c):
        return ours
    if often and not time:
        counted: dict[str, Any] = {"n_editions": len(read), "first_edition": first.id, "edition": last.id}
        reason = sentence("never_published", characteristic=c.id, **counted)
        if said := series.stated("never_published", c.id):
            reason += f" {said.what}" + (" It is collected." if said.collected else "")
            evidence |= {"source": said.source, "collected": said.collected}
        evidence["editions_inspected"] = len(read)
        known: dict[str, Any] = {"confidence": "inspected", "since": first.day, "evidence": evidence}
        return found("never_published", "not asked for", reason=reason, **known)
    reason = sentence("absent", characteristic=c.id, inspected=edition.inspected)
    practice = _practice(series, c.id, edition)
    if time:
        reason = sentence("absent", "elsewhere", characteristic=c.id, time=time)
        usual = next((p for p in publication.practice if c.id in p.characteristics), None)
        if usual:
            reason += f" Editions of another time of year may have it: {usual.basis} Source: {usual.source}."
    elif practice:
        reason += f" Expected because: {practice}"
    case = _absent(c, bool(practice) and not time)
    return found("absent", case, confidence="inspected", reason=reason, evidence=evidence)


def _read(series: Series, d: str) -> list[Edition]:
    """The editions that were read whole, and understood as far as a characteristic goes."""
    every = enumerate(series.editions)
    return [
        e for m, e in every
        if e.answers(d) and not e.transcribed and not series.not_read[m] and series.awaits[m] != FILES
    ]  # fmt: skip


def one_time_of_year(publication: Publication, editions: Sequence[Edition]) -> str:
    """The day of the year to which all of some editions go, where a series may have others; empty where not."""
    cadence = publication.calendar.cadence if publication.calendar else ""
    if publication.is_yearly or (len(editions) < 2 and cadence != "biannual"):
        return ""
    ends = {e.ends or max((t.last_period for t in e.tables if t.last_period), default=None) for e in editions}
    times = {(day.month, day.day) for day in ends if day}
    return f"{day.day} {day:%B}" if len(times) == 1 and None not in ends and (day := max(filter(None, ends))) else ""


def _absent(c: Characteristic, expected: bool = False) -> str:
    """The case by which an absence is graded."""
    return "practice" if expected else "" if c.protected else "beside the nine"


def _practice(series: Series, d: str, edition: Edition) -> str:
    """What other editions are known to carry, where all known files of this one were read and it does not."""
    if series.not_read[series.newest] or edition.transcribed or only_some(series, d, -1, series.newest):
        return ""
    for p in series.publication.practice:
        if d in p.characteristics and p.sure == "seen" and edition.day is not None and in_force(p, edition.day):
            return f"{p.basis} Source: {p.source}."
    return ""


def _looked_for(c: Characteristic) -> list[str]:
    return [c.title, *c.aliases]


def _months(first: Edition, last: Edition) -> float:
    if first.day is None or last.day is None:
        return 0.0
    return (last.day - first.day).days / 30.44


def grave(publication: Publication, measure: str = "") -> bool:
    """Whether a publication or a measure is about deaths, force or restraint."""
    return bool(GRAVE.search(f"{publication.title} {measure.replace('-', ' ')}"))
