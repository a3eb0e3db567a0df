"""An alert ready to forward: who, what is missing, where it was looked for, why it matters, and words to use."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dashboards import sentences
from monitor.declarations import Expectation, Publication, baselines, measures, publications
from monitor.notify.templates import TemplateError, Templates
from monitor.notify.words import SEVERITIES, in_words, next_step, said
from monitor.store import reads
from monitor.vocabulary import CHARACTERISTICS
from monitor.vocabulary.tables import rows
from monitor.watch.alerts import Alert, Gap, characteristic_in_words, measure_in_words, title
from pipelines.deriving import leading, leading_fit

_ROOM = "monitor.notify"
_SAID_ELSEWHERE = ("sha256", "source", "basis", "also", "collected", "sure")
WORDINGS = {
    "breakdown": ("producer", "foi", "pq", "osr"),
    "release": ("producer", "foi", "osr"),
    "change": ("producer",),
    "monitor": (),
}
"""What there is to send, by what kind of gap it is."""


@dataclass(frozen=True)
class Held:
    """What is held that an alert may need to be explained: frames of the store, read once for many alerts."""

    artefacts: pl.DataFrame
    breakdowns: pl.DataFrame
    disparities: pl.DataFrame

    @classmethod
    def of(cls, store: reads.Queries) -> "Held":
        """From a store."""
        return cls(reads.artefacts(store), reads.breakdowns(store), reads.disparities(store))


@dataclass(frozen=True)
class Forwardable:
    """One alert, ready to be forwarded. Every text is plain; `wording` holds the texts to send, by route."""

    id: str
    title: str
    severity: str
    urgency: str
    state: str
    who: str
    contact: str
    missing: str
    looked_for: str
    looked_in: tuple[str, ...]
    last_seen: str
    expected: str
    matters: tuple[str, ...]
    confidence: str
    found: str
    next_step: str
    opened: str
    history: tuple[str, ...]
    wording: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def forwardable(alert: Alert, held: Held, templates: Templates, now: dt.datetime) -> Forwardable:
    """One alert with everything that belongs beside it. `problems` names wordings whose template cannot be used."""
    known = publications()
    publication = known.get(alert.gap.publication)
    last = _last_with(alert, held)
    fields = _fields(alert, publication, held, last, now)
    sure = sentences.WORDS["confidence"]
    wording, problems = {}, []
    for route in WORDINGS[alert.kind.family]:
        if route == "pq" and not fields["minister"]:
            continue
        try:
            wording[route] = templates.render(f"{route}.txt.j2", **fields)
        except TemplateError as error:
            problems.append(str(error))
    return Forwardable(
        id=alert.id,
        title=sentences.clean(title(alert.gap, known)),
        severity=alert.gap.severity,
        urgency=SEVERITIES[alert.gap.severity],
        state=in_words(alert),
        **_whom(alert, publication),
        missing=_missing(alert, publication),
        looked_for=_looked_for(alert),
        looked_in=_looked_in(alert, held),
        last_seen=last["said"],
        expected=fields["expected"],
        matters=(fields["matters"], *_figures(alert, publication, held)),
        confidence=sure.get(alert.gap.confidence, sure["looked"]),
        found=sentences.clean(alert.gap.reason),
        next_step=next_step(alert),
        opened=sentences.day(alert.opened.date()),
        history=tuple(said(e) for e in alert.history),
        wording=wording,
        problems=tuple(problems),
    )


def _whom(alert: Alert, publication: Publication | None) -> dict[str, str]:
    """Who answers for it, and how they are reached."""
    if alert.kind.family == "monitor":
        return {"who": "this monitor, and no publisher", "contact": "whoever runs it"}
    return {
        "who": publication.publisher if publication else "the publisher is no longer declared",
        "contact": (publication.contact if publication else "") or "no address is declared; see the publication's page",
    }


# --- what, where and why --------------------------------------------------------------------------------------------


def _missing(alert: Alert, publication: Publication | None) -> str:
    if alert.kind.family == "monitor":
        return "Every look since then: nothing that any publisher does is noticed."
    named = publication.title if publication else alert.gap.publication
    edition = f", edition {alert.gap.edition}" if alert.gap.edition else ""
    of = f" of {measure_in_words(alert.gap, {})}" if alert.gap.measure else ""
    characteristic = _named(alert.gap)
    if alert.kind.family == "breakdown":
        return f"{characteristic[:1].upper()}{characteristic[1:]}{of}, in {named}{edition}."
    return f"{named}{edition}{of}."


def _named(gap: Gap) -> str:
    return characteristic_in_words(gap) or "each protected characteristic"


def _looked_for(alert: Alert) -> str:
    if alert.kind.family == "monitor":
        return "a sign of life of the scheduler"
    c = next((c for c in CHARACTERISTICS if c.id == alert.gap.characteristic), None)
    if c is None:
        return "the release itself, on the publisher's pages and in its calendar"
    names = [c.title, *c.aliases][:8]
    return "any sheet or column that separates people by " + ", ".join(n.lower() for n in names) + ", or by its groups"


def _looked_in(alert: Alert, held: Held) -> tuple[str, ...]:
    lines: list[str] = []
    for evidence in alert.gap.evidence:
        if not isinstance(evidence, Mapping):
            lines.append(sentences.clean(str(evidence)))
            continue
        hashes = evidence.get("sha256") or ()
        for sha256 in (hashes,) if isinstance(hashes, str) else hashes:
            lines.append(_file(sha256, held))
        lines += [
            f"{key.replace('_', ' ')}: {_listed(value)}"
            for key, value in evidence.items()
            if key not in _SAID_ELSEWHERE and value not in (None, "", [], {})
        ]
    inspected = [line for line in dict.fromkeys(lines) if line]
    return tuple(inspected) or ("no file of ours: see why it was expected, and the confidence",)


def _file(sha256: str, held: Held) -> str:
    mine = held.artefacts.filter((pl.col("original_sha256") == sha256) | (pl.col("sha256") == sha256))
    name = f"{mine['name'][0]}, edition {mine['edition_id'][0]}, " if mine.height else ""
    return f"{name}SHA-256 {sha256}"


def _listed(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{sentences.clean(str(k))}: {_listed(v)}" for k, v in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        shown = ", ".join(_listed(v) for v in value[:40])
        return f"{shown} and {len(value) - 40} more" if len(value) > 40 else shown
    return sentences.clean(str(value))


def _last_with(alert: Alert, held: Held) -> dict[str, str]:
    """The last edition held that had the breakdown: in words, and its edition and table."""
    gap = alert.gap
    mine = held.breakdowns.filter(publication=gap.publication, characteristic=gap.characteristic)
    if gap.last_seen:
        mine = mine.filter(edition_id=gap.last_seen)
    if gap.code == "NP" or mine.is_empty():
        if gap.last_seen:
            return {"said": f"edition {gap.last_seen}", "edition": gap.last_seen, "table": ""}
        return {"said": "never, in what is held" if gap.characteristic else "see found", "edition": "", "table": ""}
    row = mine.filter(edition_id=mine["edition_id"].max()).row(0, named=True)
    cells = ", ".join((row["cells"] or [])[:3])
    where = f"edition {row['edition_id']}, sheet {row['sheet']}" + (f", cells {cells}" if cells else "")
    said = f"{where}; {_file(row['artefact_sha256'], held)}"
    return {"said": said, "edition": row["edition_id"], "table": sentences.clean(row["sheet"])}


def _expected(alert: Alert, publication: Publication | None) -> str:
    bases = [
        f"{e.basis.rstrip('.')} ({e.source})."
        for e in (publication.expected() if publication else ())
        if e.characteristic == alert.gap.characteristic and _is_of(e, alert)
    ]
    sources = [e["source"] for e in alert.gap.evidence if isinstance(e, Mapping) and e.get("source")]
    if bases:
        return " ".join(dict.fromkeys(bases))
    if sources:
        return "; ".join(dict.fromkeys(_listed(s) for s in sources)) + "."
    calendar = publication.calendar if publication else None
    if not alert.gap.characteristic and calendar is not None:
        return f"Its usual day: {calendar.usual}."
    return "Earlier editions had it." if alert.gap.last_seen else "See what was found."


def _is_of(expected: Expectation, alert: Alert) -> bool:
    return not alert.gap.measure or not expected.measure or expected.measure == alert.gap.measure


# --- the last known figures ---------------------------------------------------------------------------------------


def _figures(alert: Alert, publication: Publication | None, held: Held) -> tuple[str, ...]:
    """The latest disparity held of the publication itself, else of the population its people are counted among."""
    if publication is None:
        return ()
    beside = [d.publication for d in publication.denominator if d.publication]
    characteristic = alert.gap.characteristic or "ethnicity"
    for slug in dict.fromkeys([publication.id, *beside]):
        line = _headline(slug, characteristic, held)
        if line:
            return (f"{'Last known' if slug == publication.id else 'Of the people concerned'}: {line}",)
    return ("No figures of it are held.",)


def _headline(publication: str, characteristic: str, held: Held) -> str:
    """The disparity furthest from parity in the latest period, on the usual baseline; empty where there is none."""
    for measure in measures().values():
        fit = leading_fit(measure, characteristic)
        if measure.publication != publication or fit is None:
            continue
        usual = {"measure": measure.id, "characteristic": characteristic, "baseline": fit.baseline, "sex": "all"}
        rows = held.disparities.filter(level="groups", status="shown", **usual)
        lead = leading(rows.filter(period_end=rows["period_end"].max())) if rows.height else None
        if lead is not None:
            return sentences.headline(lead, measure, baselines()[fit.baseline])
    return ""


# --- what the templates may use -----------------------------------------------------------------------------------


def _fields(
    alert: Alert, publication: Publication | None, held: Held, last: Mapping[str, str], now: dt.datetime
) -> dict[str, Any]:
    """Every field a wording template may use, each a text (empty where nothing is known) or a flag."""
    gap = alert.gap
    asked = next((row for row in rows("asked_for.csv", _ROOM) if row["characteristic"] == gap.characteristic), {})
    release = publication.title if publication else gap.publication
    edition = held.artefacts.filter(publication=gap.publication, edition_id=gap.edition)
    edition_title = sentences.clean(edition["edition_title"][0] or gap.edition) if edition.height else gap.edition
    published = edition["published_on"].drop_nulls()
    since = dt.date.fromisoformat(gap.since[:10]) if gap.since else None
    producer = [e for e in alert.history if e.event == "raised" and e.said["to"] == "producer"]
    named = _named(gap)
    unasked = {"asked": named, "level": "as recorded", "beside": "sex and age band", "groups": named}
    unasked["unknown"] = "that are unknown"
    publisher = publication.publisher if publication else ""
    return {
        "release": release,
        "edition": edition_title,
        "editions": ", ".join(gap.editions),
        "measure": measure_in_words(gap, {gap.publication: publication} if publication else {}),
        "has_measure": bool(gap.measure),
        "characteristic": named,
        **{name: asked.get(name, usual) for name, usual in unasked.items()},
        "period": edition_title or (f"each period since {sentences.day(since)}" if since else "the latest period"),
        "year": gap.edition or (str(since.year) if since else "the latest year"),
        "published": sentences.day(published[0]) if len(published) else "",
        "publisher": publisher,
        "contact": publication.contact if publication else "",
        "designation": publication.designation if publication else "",
        "minister": next((r["minister"] for r in rows("ministers.csv", _ROOM) if r["publisher"] in publisher), ""),
        "last_edition": last["edition"],
        "last_table": last["table"],
        "found": sentences.clean(gap.reason),
        "expected": _expected(alert, publication),
        "state": gap.state,
        "family": alert.kind.family,
        "says": alert.kind.says.format(characteristic=named),
        "matters": alert.kind.matters.format(characteristic=named),
        "inspected": gap.confidence == "inspected",
        "checked": sentences.day(now.date()),
        "asked_on": sentences.day(producer[-1].at.date()) if producer else "",
        "reference": producer[-1].said.get("reference", "") if producer else "",
    }
