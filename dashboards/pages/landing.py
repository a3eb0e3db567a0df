"""The landing page: what changed, headline disparities, what is missing, what is due."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboards import sentences as say
from dashboards.pages.kinds import Held, Page
from dashboards.pages.register import HELD, gap_shown, least_covered_first
from dashboards.pages.words import title_of
from monitor.watch.register import ALL, each_once, gravest_first


def not_looked(held: Held) -> list[tuple[str, str]]:
    """Publications of which nothing is held and at which nobody has looked: slug and title."""
    slugs = held.gaps.filter(state="not_looked")["publication"].unique(maintain_order=True)
    return [(s, title_of(held, s)) for s in slugs]


def _headlines(measured: Sequence[Page]) -> list[Page]:
    """Three pages whose headline opens the site: the first of each measure, in the order of the pages."""
    first: dict[str, Page] = {}
    for page in measured:
        if page.context["card"]:
            first.setdefault(page.context["measure"].id, page)
    return list(first.values())[:3]


DAYS_AHEAD = 14
"""How far ahead the landing page says what is due."""


def changed(held: Held) -> list[dict[str, Any]]:
    """The newest comparison of each publication's editions: how many changes of each kind, and what vanished."""
    found = []
    for slug in held.revisions["publication"].unique(maintain_order=True):
        rows = held.revisions.filter(publication=slug)
        newest = rows.filter(seen_after=rows["seen_after"].max())
        counts = {kind: newest.filter(change=kind).height for kind in say.WORDS["change"]}
        first = newest.row(0, named=True)
        said = ", ".join(f"{n:,} {say.WORDS['change'][kind]['counted']}" for kind, n in counts.items() if n)
        gone = [say.clean(m) for m in newest.filter(change="vanished")["message"].head(3)]
        editions = {"edition": first["edition_after"], "before": first["edition_before"], "seen": first["seen_after"]}
        found.append({"slug": slug, "title": title_of(held, slug), **editions, "counted": said, "gone": gone})
    return sorted(found, key=lambda c: (c["seen"] is None, c["seen"]), reverse=True)


def due_soon(held: Held) -> list[dict[str, Any]]:
    """What is late, and what is due in the fortnight after the day of the pass, soonest first."""
    found = []
    for r in held.due.filter(pl.col("status") != "not_looked").iter_rows(named=True):
        soon = r["opens"] is not None and r["opens"] <= r["as_of"] + dt.timedelta(days=DAYS_AHEAD)
        if r["overdue"] or (soon and r["closes"] is not None and r["closes"] >= r["as_of"]):
            when = f"{say.day(r['at'].date())} at {r['at']:%H:%M}" if r["at"] else _between(r["opens"], r["closes"])
            late = f" ({r['days_late']} working days late)" if r["overdue"] else ""
            word = "late" if r["overdue"] else r["status"].replace("_", " ")
            title = say.clean(r["title"])
            found.append({**r, "when": when + late, "word": word[:1].upper() + word[1:], "title": title})
    return sorted(found, key=lambda r: (not r["overdue"], r["at"] or dt.datetime.combine(r["opens"], dt.time())))


def _between(first: dt.date, last: dt.date) -> str:
    return say.day(first) if first == last else f"between {say.day(first)} and {say.day(last)}"


MOST = 10
"""So many of what is missing stand on the landing page; the rest have a page of their own."""


def missing(held: Held) -> list[dict[str, Any]]:
    """What is missing or changed, gravest first."""
    return [
        {
            **gap_shown(r),
            "alike": 0,
            "title": title_of(held, r["publication"]),
            "publisher": held.publications[r["publication"]].publisher,
            "name": "Release" if r["characteristic"] == ALL else say.title_of(r["characteristic"]),
        }
        for r in gravest_first(held.gaps)
    ]


def _gravest(news: list[dict[str, Any]], shown: list[dict[str, Any]]) -> dict[str, Any]:
    by = say.tallied((g["publisher"], g["word"]) for g in news) if len(news) > MOST else []
    return {"missing": shown, "missing_of": len(news), "missing_by": [*map(say.clean, by)]}


def all_missing(held: Held) -> Page:
    """All that is missing or changed, and how much of it by publisher."""
    news = missing(held)
    return Page("missing.html", "What is missing or changed", "coverage", _gravest(news, news))


def index(held: Held, measured: Sequence[Page]) -> Page:
    """The landing page: what is held, headline disparities, what is missing, what the checks found."""
    latest = held.disparities["period_end"].drop_nulls()
    titles = held.artefacts.filter(pl.col("publication").is_in(list(held.publications)))
    news = missing(held)
    absent = held.gaps.filter(state="absent")
    nine, _ = least_covered_first(held.gaps)
    separated = set(held.gaps.filter(pl.col("state").is_in(HELD))["characteristic"])
    found = held.findings.filter(pl.col("state") != "passed")
    context = {
        "measured": measured,
        "cards": _headlines(measured),
        "leads": [p for p in measured if p.context["lead"]],
        "to": say.day(latest.max()) if len(latest) else "",  # type: ignore[arg-type]
        "publications_held": titles["publication"].n_unique(),
        "publications": len(held.publications),
        "files": held.artefacts.height,
        "transcribed": bool(len(held.artefacts)) and set(held.artefacts["kind"]) == {"transcription"},
        **_gravest(news, each_once(news)[:MOST]),
        "changed": changed(held),
        "due": due_soon(held),
        "days_ahead": DAYS_AHEAD,
        "anybody_looked": bool(held.looked),
        "absent": absent.height,
        "absent_in": absent["publication"].n_unique(),
        "unclear": held.gaps.filter(state="unclear", level="publication").height,
        "never": [say.title_of(c) for c in nine if c not in separated],
        "critical": found.filter(severity="critical").height,
        "found": found.height,
    }
    return Page("index.html", "Justice Disparity Monitor", "index", context)
