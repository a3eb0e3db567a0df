"""What a pass makes happen to alerts: noticed, confirmed, graver, closed, opened again; and what a day ends."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from monitor.clock import day_in_words, in_london
from monitor.settings import ALERT_RECHECK_HOURS
from monitor.watch.alerts.events import Event, Past, london_day
from monitor.watch.alerts.gaps import Gap, characteristic_of, document_of, fingerprint, gaps_of
from monitor.watch.alerts.meaning import routes
from monitor.watch.alerts.state import OPEN, Alert, standing
from monitor.watch.alerts.watching import HEARD, away
from monitor.watch.register.rows import FILES, OURS


def transitions(
    register: Sequence[Mapping[str, Any]], gaps: Mapping[str, Gap], known: Past, now: dt.datetime
) -> tuple[list[Event], list[str]]:
    """What happens to alerts when a pass has made the register again: new events, and publications now begun.

    `register` is every row of it, `gaps` those that make alerts. Applied a second time the same give no event.
    """
    begins = {str(row["publication"]) for row in register if row.get("confidence") == "inspected"}
    begins |= {_looked(publication) for publication in known.looks}
    happened = list(_unnoticed(known))
    alerts = standing(gaps, [*known.events, *happened])
    for name, gap in gaps.items():
        first = _is_first(gap.publication, known)
        happened += _of_a_gap(gap, alerts.get(name), first, known.looks.get(gap.publication), now)
    for alert in alerts.values():
        if not alert.standing and alert.state != "resolved" and _can_tell(alert, register, known.looks):
            happened.append(Event(alert.id, "resolved", now, said=_now_seen(alert, register, gaps)))
    return happened, sorted(begins - known.begun)


def _unnoticed(known: Past) -> Iterator[Event]:
    """Time in which nobody watched, and which was over before anybody noticed: opened when it ended."""
    for span in known.away:
        seen = away(span)
        name = fingerprint(seen)
        mine = [e for e in known.events if e.alert == name]
        alert = standing({}, mine).get(name)
        if alert is not None and (alert.state in (*OPEN, "snoozed", "accepted") or alert.history[-1].at >= span.until):
            continue
        yield from _of_a_gap(gaps_of([seen])[name], alert, False, None, span.until)


def _looked(publication: str) -> str:
    """The mark of a publication whose page has been looked at; its name alone marks one of which a file was read."""
    return f"{publication} looked at"


def _is_first(publication: str, known: Past) -> bool:
    """Whether what is found now was there before anybody watched: the first file read, or the first look at its page.

    Both count, because the first look brings years of editions that the first file knew nothing of.
    """
    if not publication or _looked(publication) in known.begun:
        return False  # because the monitor itself is no publication, and was well before it was unwell
    return publication in known.looks or publication not in known.begun


def _of_a_gap(
    gap: Gap, alert: Alert | None, baseline: bool, looked: dt.datetime | None, now: dt.datetime
) -> Iterator[Event]:
    today, seen = london_day(now), {"gap": _plain(gap)}
    if alert is None:
        yield Event(gap.id, "detected", now, said={**seen, "baseline": baseline})
        if _shown_by_what_is_held(gap):
            yield Event(gap.id, "confirmed", now, said={"reason": _AT_ONCE[gap.confidence]})
    elif alert.state == "resolved" and gap.awaits:
        yield Event(gap.id, "detected", now, said=seen)
    elif alert.state == "resolved":
        yield Event(gap.id, "reopened", now, said={**seen, "because": "returned", "reason": "The gap has come back."})
    elif alert.state == "detected":
        again = looked is not None and looked >= alert.opened + dt.timedelta(hours=ALERT_RECHECK_HOURS)
        if (again and not gap.awaits) or _shown_by_what_is_held(gap):
            reason = f"Seen again at the look of {in_london(looked):%Y-%m-%d %H:%M}." if looked and again else ""
            yield Event(gap.id, "confirmed", now, said={**seen, "reason": reason or _AT_ONCE[gap.confidence]})
    else:
        yield from (passed := list(_of_the_clock(alert, today, now)))
        if alert.is_open and not gap.awaits and gap.severity < _gravest_said(alert):
            yield Event(gap.id, "worsened", now, said={**seen, "from": _gravest_said(alert)})
        elif not passed and alert.state != "snoozed" and _is_announced_otherwise(gap, alert):
            event = "changed" if alert.is_open else "reopened"
            yield Event(gap.id, event, now, said={**seen, "because": "changed", "reason": gap.reason})


_AT_ONCE = {
    "inspected": "The files held show it.",
    "stated": "A source that is cited says so.",
    HEARD: "The scheduler's own sign of life shows it.",
}
"""Why nothing needs to be looked at a second time, by what a gap rests on."""


def _is_announced_otherwise(gap: Gap, alert: Alert) -> bool:
    """Whether an edition has another state or date than when people were last told: each such change is news once."""
    said: Mapping[str, Any] = next((e.said["gap"] for e in reversed(alert.history) if "gap" in e.said), {})
    before = _announced(said.get("evidence", ()))
    return bool(before and _announced(gap.evidence) - before)


def _announced(evidence: Iterable[Any]) -> set[tuple[str, str]]:
    told = (document.get("announced") for document in evidence if isinstance(document, Mapping))
    return {(str(a["state"]), str(a["for"])) for a in told if a}


def _of_the_clock(alert: Alert, today: dt.date, now: dt.datetime) -> Iterator[Event]:
    """What happens because a day has passed: a snooze, an acceptance, a promise, a reply that was due."""
    if alert.state in ("snoozed", "accepted") and alert.until is not None and alert.until <= today:
        because = "snooze_ended" if alert.state == "snoozed" else "acceptance_expired"
        words = "was set aside until" if alert.state == "snoozed" else "was accepted until"
        said = {"because": because, "reason": f"It {words} {day_in_words(alert.until)}."}
        yield Event(alert.id, "reopened", now, said=said)
    elif alert.state == "answered" and alert.promised is not None and alert.promised < today:
        reason = f"It was promised for {day_in_words(alert.promised)}, and has not been seen."
        yield Event(alert.id, "reopened", now, said={"because": "promise_passed", "reason": reason})
    elif alert.due is not None and alert.due < today and _is_unanswered(alert):
        reason = f"A reply to {routes()[alert.route].title} was due by {day_in_words(alert.due)}."
        yield Event(alert.id, "unanswered", now, said={"reason": reason})


def _is_unanswered(alert: Alert) -> bool:
    """Whether a reply is awaited, and nobody has been told that it is late since it was asked for."""
    if alert.state != "raised":
        return False
    asked = max(n for n, e in enumerate(alert.history) if e.event == "raised")
    return all(e.event != "unanswered" for e in alert.history[asked:])


def _gravest_said(alert: Alert) -> str:
    """The gravest severity since it last opened: a rise is news once."""
    opened = max((n for n, e in enumerate(alert.history) if e.event in ("detected", "reopened")), default=0)
    return min((e.said["gap"]["severity"] for e in alert.history[opened:] if "gap" in e.said), default="S4")


def _shown_by_what_is_held(gap: Gap) -> bool:
    """Whether looking again could add nothing: files that are held show it, or a source that is cited says it."""
    return not gap.awaits and gap.confidence in ("inspected", "stated", HEARD) and gap.code not in ("OD", "DL")


def _can_tell(alert: Alert, register: Iterable[Mapping[str, Any]], looks: Mapping[str, dt.datetime]) -> bool:
    """Whether the register speaks of what the alert is about, so that the gap is gone and not merely unseen."""
    unseen = ("not_looked", *OURS)
    awaited = [r for r in register if r["publication"] == alert.gap.publication and r.get("awaits")]
    if any(r["awaits"] == FILES or r.get("characteristic") == alert.gap.characteristic for r in awaited):
        return False  # because what is not there yet may come, and what took its place may be told of nobody yet
    mine = [r for r in register if r["publication"] == alert.gap.publication and r["state"] not in unseen]
    if alert.gap.characteristic:
        return any(r.get("characteristic") == alert.gap.characteristic for r in mine)
    looked = looks.get(alert.gap.publication)
    return bool(mine) or (looked is not None and looked > alert.history[-1].at)


def _now_seen(
    alert: Alert, register: Iterable[Mapping[str, Any]], gaps: Mapping[str, Gap]
) -> dict[str, Any]:  # fmt: skip
    """What stands in the place of a gap that is gone: a table seen again, or another gap (`became`)."""
    gap = alert.gap
    about = [
        r for r in register
        if r["publication"] == gap.publication and characteristic_of(r) == gap.characteristic
        and r["state"] != "not_looked"
    ]  # fmt: skip
    present = next((r for r in about if r["state"] in ("present", "partial")), None)
    others = [n for n, g in gaps.items() if (g.publication, g.characteristic) == (gap.publication, gap.characteristic)]
    if present is not None or not others:
        seen = present or next(iter(about), {})
        reason = " ".join(filter(None, ["Seen again." if present else "No longer so.", seen.get("reason")]))
        return {"reason": reason, "edition": seen.get("edition") or "", "evidence": document_of(seen.get("evidence"))}
    words = ", ".join(sorted({r["state"].replace("_", " ") for r in about if r.get("code")}))
    return {"reason": f"The register now says: {words}.", "became": others}


def _plain(gap: Gap) -> dict[str, Any]:
    said = {name: getattr(gap, name) for name in Gap.__dataclass_fields__ if name != "id"}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in said.items() if v}
