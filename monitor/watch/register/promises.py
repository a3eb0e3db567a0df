"""What was asked or promised, minus what was seen: expectations with their basis, stated facts, commitments.

A promise says nothing about a publication that nobody opened or understood, unless a source states it.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from monitor.declarations import Audit, Commitment, Expectation, Known
from monitor.watch.register.looked import Look
from monitor.watch.register.release import ended_on
from monitor.watch.register.rows import ALL, OURS, SEPARATING, Row, in_force
from monitor.watch.register.severity import severity
from monitor.watch.register.tables import Series
from monitor.watch.register.whole import grave, one_time_of_year
from monitor.watch.register.wording import day, sentence

_UNSEEN = OURS | {"not_looked", "absent", "never_published", "not_collected"}


def with_expectations(rows: list[Row], series: Series) -> list[Row]:
    """The publication's rows, with requests and promises in force in place of what has not been seen.

    Of what nobody opened, or understood, only what a source states is said; else promises count too, and what is known
    to be usual, unless editions of only one time of year are held.
    """
    publication = series.publication
    found = list(rows)
    for n, current in enumerate(rows):
        mine = [
            e
            for e in publication.expect
            if e.characteristic == current["characteristic"]
            and in_force(e, series.as_of)
            and e.state in _counting(series, current, e)
        ]
        if mine and current["state"] in _UNSEEN:
            found[n] = _promised(series, current, mine)
    return found


def _counting(series: Series, current: Row, e: Expectation) -> tuple[str, ...]:
    """The kinds of expectation that may be held against a publisher where a row stands as it does."""
    if current["state"] in OURS:
        return ("never_published",)
    usual = series.newest >= 0 and e.sure != "to verify"
    usual = usual and not one_time_of_year(series.publication, [x for x in series.editions if x.readable])
    return ("never_published", "promised", "practice") if usual else ("never_published", "promised")


def _promised(series: Series, current: Row, expected: Sequence[Expectation]) -> Row:
    first = min(expected, key=lambda e: (e.state == "practice", e.severity, e.since))
    publication = series.publication
    reason = sentence("never_published", "promised", basis=first.basis, since=day(first.since, first.precision))
    if series.newest >= 0:
        reason += f" {current['reason']}"
    if ended := ended_on(publication, series.as_of):
        reason += f" The series ended on {day(ended)}."
    if first.collected:
        reason += " It is collected, and not published."
    by: str = first.severity
    if first.state == "practice":
        case = "deaths or force" if grave(publication, first.measure) else ""
        by = severity(
            "never_published",
            case,
            designation=series.designation,
            characteristic=first.characteristic,
            explained=series.explained("never_published", first.characteristic),
        )
    return series.row(
        first.characteristic,
        "never_published",
        measure=first.measure,
        severity=by,
        edition=current["edition"],
        confidence="inspected" if current["confidence"] == "inspected" else first.confidence,
        since=first.since,
        reason=reason,
        evidence={
            "source": first.source,
            "basis": first.basis,
            "files_inspected": len(series.editions[series.newest].files) if series.newest >= 0 else 0,
            "collected": first.collected,
            "also": [{"basis": e.basis, "source": e.source, "since": e.since} for e in expected if e is not first],
        },
    )


_BY_CROSSING = frozenset({"never_published", "published_elsewhere", "not_collected", "partial"})


def stated(series: Series, looked: bool) -> list[Row]:
    """Declared breaks, changes of coverage and crossings, of publications that were opened or looked at."""
    if series.newest < 0 and not looked:
        return []
    rows = []
    for known in series.publication.known:
        if known.sure == "to verify" or not in_force(known, series.as_of) or known.since is None:
            continue
        if known.crossed and known.state in _BY_CROSSING:
            rows.append(_stated(series, known, "crossing"))
        elif not known.crossed and known.state in ("break", "coverage_change") and _lately(known, series):
            rows.append(_stated(series, known, "release"))
        elif not known.crossed and known.state == "published_elsewhere" and series.newest < 0 and known.characteristic:
            rows.append(_stated(series, known, "crossing"))
    return rows


def _lately(known: Known, series: Series) -> bool:
    return known.since is not None and (series.as_of - known.since).days <= 366


def _stated(series: Series, known: Known, level: str) -> Row:
    d = known.characteristic or ALL
    case = "not asked for" if known.state == "never_published" else ""
    reason = f"{known.what} Source: {known.source}."
    if known.state == "never_published":
        since = day(known.since or series.as_of, known.precision)
        reason = sentence("never_published", "promised", characteristic=d, basis=known.what, since=since)
    crossed = ", ".join(known.crossed) or None
    evidence = {"source": known.source, "collected": known.collected, "sure": known.sure}
    told: dict[str, Any] = {"confidence": "stated", "since": known.since, "reason": reason, "evidence": evidence}
    return series.row(d, known.state, case, level=level, crossed=crossed, **told)


KEPT, NOT_KEPT, IN_PART, UNKNOWN = "kept", "not kept", "kept in part", "not looked"


def answered(
    declared: Iterable[Commitment], gaps: Sequence[Row], pages: Mapping[str, Look], as_of: dt.date
) -> list[dict[str, Any]]:
    """Every commitment in force on a day, with what the register says of each place where it would be kept.

    `gaps` are the register's rows of publications as a whole, `pages` looks at policy documents by their path.
    Rows of `id, title, kind, by, since, due, said, source, state, asked[]`; `state` is kept, kept in part, not kept or
    not looked.
    """
    by_place = {(g["publication"], g["characteristic"]): g for g in gaps if g["level"] == "publication"}
    found = []
    for each in declared:
        if each.since > as_of:
            continue
        places: list[dict[str, Any]] = []
        for asked in each.asked:
            for d in asked.characteristics:
                if gap := by_place.get((asked.publication, d)):
                    places.append({k: gap[k] for k in ("publication", "characteristic", "state", "code", "reason")})
            if asked.page:
                places.append(_document(asked.page, asked.title, asked.statement, pages.get(asked.page)))
        found.append(
            {
                **each.model_dump(exclude={"asked", "sure"}),
                "overdue": each.due is not None and each.due < as_of and _answer(places) != KEPT,
                "state": _answer(places),
                "asked": places,
            }
        )
    return found


def beside_audits(declared: Iterable[Audit], answers: Sequence[Row], as_of: dt.date) -> list[dict[str, Any]]:
    """Audits by others known on a day, each row with what the register says (`ours`) of the commitment it names.

    `answers` are rows of `answered`. What others say and what we saw are never made into one.
    """
    ours = {row["id"]: row["state"] for row in answers}
    return [
        each.model_dump(exclude={"row"})
        | {
            "recommendations": sum(each.totals.values()),
            "rows": [row.model_dump() | {"ours": ours.get(row.commitment)} for row in each.row],
        }
        for each in declared
        if each.since <= as_of
    ]


def _document(page: str, title: str, statement: str, look: Look | None) -> dict[str, Any]:
    """Whether a policy document has the statement expected beside it: among its files, or in its own title."""
    place = {"publication": page, "characteristic": ALL, "code": None}
    shown = list(look.editions.values()) if look else []
    if not shown:
        return {**place, "state": "not_looked", "reason": f"Nobody has looked at {title}."}
    names = [name for s in shown for name in (s.title, *s.attachments)]
    hit = next((name for name in names if re.search(statement, name, re.I)), None)
    if hit:
        return {**place, "state": "present", "reason": f"{title} has {hit!r}."}
    return {
        **place,
        "state": "absent",
        "reason": f"{title}: none of its {len(names) - len(shown)} documents is the statement expected of it.",
    }


def _answer(places: Sequence[Mapping[str, Any]]) -> str:
    kept = [p["state"] in SEPARATING for p in places]
    unseen = [p["state"] in ("not_looked", *OURS) for p in places]
    if all(kept) and kept:
        return KEPT
    if any(kept):
        return IN_PART
    return UNKNOWN if all(unseen) else NOT_KEPT


def deadlines(declared: Iterable[Commitment], as_of: dt.date) -> set[tuple[str, str]]:
    """Publications and characteristics for which a committee or a minister has set a date."""
    return {
        (asked.publication, d)
        for each in declared
        if each.due is not None and each.since <= as_of
        for asked in each.asked
        for d in asked.characteristics
    }
