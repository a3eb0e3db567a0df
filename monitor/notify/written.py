"""Alerts as files in the home: an Atom feed of what happened, and a JSON document of what stands."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from dashboards import sentences
from monitor.declarations import publications
from monitor.notify.forward import Forwardable
from monitor.notify.message import by_publisher
from monitor.notify.owed import NAMED, NEWS, by_gravity
from monitor.notify.settings import Channel, Subscriptions
from monitor.notify.templates import Templates
from monitor.notify.words import in_words, said
from monitor.settings import Home
from monitor.store.vault import replace_text
from monitor.watch.alerts import Alert, Event, title

ENTRIES = 200
"""How many of the latest transitions a feed holds."""


def write(channel: Channel, home: Home, text: str) -> bool:
    """Write a file of the home, whole or not at all; returns whether it is another than before. Raises OSError."""
    path = home.root / channel.file
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    replace_text(path, text)
    return True


def rows(alerts: Iterable[Alert], forwarded: Sequence[Forwardable]) -> list[dict[str, Any]]:
    """One row an alert for a program, open ones first, gravest first; `wording` and `forward` from `forwarded`."""
    ready = {f.id: f for f in forwarded}
    return [_row(a, ready[a.id]) for a in sorted(alerts, key=lambda a: (not a.is_open, *by_gravity(a)))]


def _row(alert: Alert, ready: Forwardable) -> dict[str, Any]:
    gap = alert.gap
    of_gap = ("edition", "measure", "characteristic", "confidence", "since", "last_seen")
    days = {name: getattr(alert, name) for name in ("raised", "due", "promised", "until")}
    return {
        "id": alert.id,
        **{name: getattr(gap, name) for name in ("code", "severity", "publication", "reason")},
        **{name: getattr(gap, name) or None for name in of_gap},
        **{name: getattr(alert, name) for name in ("state", "baseline", "standing")},
        **{name: getattr(alert, name) or None for name in ("owner", "route", "reference")},
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "opened": alert.opened.isoformat(),
        "title": ready.title,
        "evidence": list(gap.evidence),
        "wording": dict(ready.wording),
        "forward": {k: v for k, v in asdict(ready).items() if k != "wording"},
        "history": [happened(e) for e in alert.history],
    }


def happened(event: Event) -> dict[str, Any]:
    """One transition of an alert for a program: when, what, by whom, why, and the evidence kept with it."""
    what = {"event": event.event, "at": event.at.isoformat(), "by": event.by or None, "said": said(event)}
    return {**what, "cause": event.cause or None, "evidence": event.evidence}


def document(alerts: Iterable[Alert], forwarded: Sequence[Forwardable]) -> str:
    """The JSON document of every alert."""
    return json.dumps(rows(alerts, forwarded), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def feed(alerts: Sequence[Alert], settings: Subscriptions, templates: Templates) -> str:
    """An Atom feed (RFC 4287) of the latest transitions, newest first; ids stay the same for ever."""
    happened = ((a, e) for a in alerts for e in a.history if e.event in NEWS)
    news = [(a, e) for a, e in happened if not (a.baseline and e.event == "confirmed")]
    news.sort(key=lambda pair: (pair[1].at, pair[1].id), reverse=True)
    known = [a for a in alerts if a.baseline]
    entries = [*(_entry(a, e) for a, e in news[:ENTRIES]), *([_known_before(known)] if known else [])]
    updated = entries[0]["updated"] if entries else "1970-01-01T00:00:00Z"
    fields = {"tag": _tag("feed"), "updated": updated, "site": settings.site, "entries": entries}
    return templates.render("feed.atom.j2", **fields)


def _entry(alert: Alert, event: Event) -> dict[str, str]:
    heading = sentences.clean(title(alert.gap, publications()))
    return {
        "tag": _tag(f"{alert.id}/{event.event}/{event.at:%Y%m%dT%H%M%S}"),
        "title": f"{alert.gap.severity}: {heading}",
        "updated": _utc(event.at),
        "severity": alert.gap.severity,
        "publication": alert.gap.publication,
        "characteristic": alert.gap.characteristic,
        "text": f"{said(event)} {sentences.clean(alert.gap.reason)} Now: {in_words(alert)}. Alert {alert.id}",
    }


def _known_before(known: Sequence[Alert]) -> dict[str, str]:
    gravest = (sentences.clean(title(a.gap, publications())) for a in sorted(known, key=by_gravity)[:NAMED])
    return {
        "tag": _tag("known-before"),
        "title": f"{len(known)} gaps were there when watching began",
        "updated": _utc(min(a.opened for a in known)),
        "severity": min(a.gap.severity for a in known),
        "publication": "all",
        "characteristic": "",
        "text": "; ".join([*by_publisher(known), *gravest]),
    }


def _tag(name: str) -> str:
    return f"tag:justice-disparity-monitor,2026:{name}"


def _utc(at: dt.datetime) -> str:
    return f"{at.isoformat()}Z"
