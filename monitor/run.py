"""One pass, readable top to bottom: acquire, observe, stage, judge, load, derive, publish.

What it makes true: online, offline or after `add`, the same line runs over whatever the vault holds that the
database does not; then the derived tables are replaced and a copy is published. `rebuild` is the same pass over
an empty database.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from expectations.judge import judge
from monitor import clock
from monitor.declarations import Baseline, Measure, Publication, baselines, find, measures, publications, sources
from monitor.settings import Home
from monitor.store import reads
from monitor.store.database import Writer, forget, stage
from monitor.store.schema import STAGED, frame_schema
from monitor.store.vault import Artefact, Vault, sha256_of
from monitor.watch.calendar import expected
from monitor.watch.register import register
from pipelines.acquire import ORIGINAL, TRANSCRIPTION, keep_starter
from pipelines.deriving import Refused, Request, derive
from pipelines.editions import checks_of, edition_of, problems_of, superseded, together
from pipelines.look import Memory, Watched, announcements_of, session_for, watch
from pipelines.observe import Observed, compare, observe
from pipelines.reading import UnreadableFile, read
from pipelines.starter.surveyed import survey_of
from pipelines.tidy import Problem

Say = Callable[[str], None]


@dataclass
class Summary:
    """What a pass did, for the terminal and for `--json`."""

    new: list[str] = field(default_factory=list)
    unchanged: int = 0
    figures: int = 0
    checks_passed: int = 0
    checks_total: int = 0
    findings: int = 0
    not_held: list[str] = field(default_factory=list)
    looked_at: int = 0
    watched: int = 0
    complete: bool = True
    said: str = ""
    failed: list[str] = field(default_factory=list)


def run(home: Home, *, offline: bool, say: Say, as_of: dt.date | None = None) -> Summary:
    """A whole pass: look at publishers and fetch what is new, unless `offline`; then the line over what is held.

    Whoever cannot be reached is named in the summary; the rest is done all the same.
    """
    vault = Vault(home)
    say("Keeping starter figures")
    keep_starter(vault, clock.now())
    watched = None if offline else fetch(vault, list(publications()), say)
    summary = take_in(home, say=say, as_of=as_of)
    if watched is not None:
        summary.looked_at, summary.said = watched.looked, watched.sentence
        summary.failed = [f"{f.publication}: {f.reason}" for f in watched.failed]
        summary.complete = watched.complete
    return summary


def fetch(vault: Vault, slugs: Sequence[str], say: Say) -> Watched:
    """Look at some publications and keep what is new."""
    wanted = [find(publications(), slug, "publication") for slug in slugs]
    with session_for(wanted) as session:
        return watch(wanted, vault, session, clock.now, say)


def take_in(home: Home, *, say: Say, as_of: dt.date | None = None) -> Summary:
    """Run the line over whatever the vault holds that the database does not."""
    return _pass(home, Vault(home), say, as_of or clock.today())


def rebuild(home: Home, *, say: Say, as_of: dt.date | None = None) -> Summary:
    """Make the database again from the vault. Until that is done, readers keep the one they have."""
    sources(), measures()  # because a wrong declaration must stop this before anything is forgotten
    forget(home)
    return take_in(home, say=say, as_of=as_of)


def _pass(home: Home, vault: Vault, say: Say, as_of: dt.date) -> Summary:
    summary = Summary(watched=len(publications()))
    declared = sources()
    measures()  # because a wrong declaration must stop a pass before it begins
    kept = [a for a in vault.artefacts() if a.publication in declared]
    with Writer(home) as store:
        held = store.held()
        new = [a for a in kept if (a.sha256, a.publication, a.edition_id) not in held]
        observed = [_observe(vault, a, declared[a.publication], kept, say) for a in new]
        if observed:
            _judge_and_load(home, store, observed, superseded(kept), declared, say, summary)
        say("Deriving disparities and gaps")
        store.replace({"disparity": _disparities(store), "gap": _gaps(store, as_of)})
        summary.new = [f"{a.publication} {a.edition_id}: {a.name} ({a.kind})" for a in new]
        summary.unchanged = len(kept) - len(new)
        summary.figures = int(store.frame(f"select count(*) as n from ({reads.STANDING})")["n"][0])
        summary.findings = store.frame("select 1 from finding where state = 'failed'").height
        store.publish()
    having = {a.publication for a in kept}
    summary.not_held = [slug for slug in publications() if slug not in having]
    return summary


def _judge_and_load(
    home: Home,
    store: Writer,
    observed: Sequence[Observed],
    gone: set[str],
    declared: dict[str, Publication],
    say: Say,
    summary: Summary,
) -> None:
    """Judge every edition that something new belongs to, whole and as it stands; then load what is new."""
    touched = list(dict.fromkeys(edition_of(o.artefact) for o in observed))
    standing = together(o for o in observed if o.artefact.sha256 not in gone)
    before = reads.standing_of(store, touched, gone)
    for name, frame in before.items():
        if name in STAGED:
            standing[name] = pl.concat([standing[name], frame], how="diagonal") if name in standing else frame
    staging = stage(home.work / "staging.duckdb", together(observed))
    judged = stage(home.work / "judging.duckdb", standing)
    asked = [c for e in touched if (c := checks_of(declared[e[0]], e, standing)) is not None]
    say(f"Judging {standing['figure'].height if 'figure' in standing else 0:,} figures")
    judgement = judge(judged, asked)
    findings = pl.concat(
        [judgement.findings, problems_of(observed, gone, declared, standing), before["finding"]], how="diagonal"
    )
    store.load(staging, {"finding": findings, "withholding": judgement.withholdings}, touched)
    summary.checks_passed, summary.checks_total = judgement.passed, judgement.total


def _observe(
    vault: Vault, artefact: Artefact, publication: Publication, kept: Sequence[Artefact], say: Say
) -> Observed:
    say(f"Reading {artefact.publication} {artefact.edition_id}: {artefact.name}")
    also = survey_of(artefact.original_sha256) if artefact.kind == TRANSCRIPTION else ()
    observed = observe(artefact, vault.path(artefact.sha256), publication, also)
    if artefact.kind == ORIGINAL:
        for other in kept:
            if other.kind == TRANSCRIPTION and other.original_sha256 == artefact.sha256:
                observed.problems += _against(vault, other, artefact)
    return observed


def _against(vault: Vault, transcription: Artefact, original: Artefact) -> list[Problem]:
    try:
        ours = read(vault.path(transcription.sha256), transcription.name, transcription=True)
        theirs = read(vault.path(original.sha256), original.name)
    except UnreadableFile:
        return []
    problem = compare(ours, theirs, original.name)
    return [problem] if problem else []


# --- derived tables -------------------------------------------------------------------------------------------------


def numerators(store: reads.Queries, measure: Measure, known: reads.Known = reads.EVERYTHING) -> pl.DataFrame:
    """Usable observations of a measure from every table that speaks for it."""
    tables = list(dict.fromkeys(t for speaking in measure.table.values() for t in speaking))
    return reads.figures(store, measure.publication, measure.figures, tables, known)


def denominators(
    store: reads.Queries,
    characteristic: str,
    declared: dict[str, Baseline],
    known: reads.Known = reads.EVERYTHING,
) -> dict[str, pl.DataFrame]:
    """Observations of each baseline's own table for a characteristic."""
    return {
        b.id: reads.figures(store, b.publication, b.measure, [b.table[characteristic]], known)
        for b in declared.values()
        if characteristic in b.table
    }


def disparities(
    store: reads.Queries, measure: Measure, request: Request, known: reads.Known = reads.EVERYTHING
) -> pl.DataFrame:
    """The disparities a request asks for, from what was published and seen by then. Raises `Refused`."""
    declared = baselines()
    figures = numerators(store, measure, known)
    if figures.is_empty() and known != reads.EVERYTHING:
        raise Refused(
            f"{measure.id}: no figures had been published by {known.published_by or 'then'}"
            + (f" and seen by us by {known.seen_by}" if known.seen_by else "")
            + "; ask for a later day, or leave --as-of and --known-at out."
        )
    return derive(
        measure,
        request,
        figures,
        denominators(store, request.characteristic, declared, known),
        declared,
    )


def _disparities(store: reads.Queries) -> pl.DataFrame:
    """Every declared measure, by every characteristic it is published by, on every baseline it declares."""
    declared = baselines()
    characteristics = {c for m in measures().values() for c in m.table}
    bases = {c: denominators(store, c, declared) for c in characteristics}
    parts = [pl.DataFrame(schema=frame_schema("disparity"))]
    for measure in measures().values():
        figures = numerators(store, measure)
        if figures.is_empty():
            continue
        for characteristic in measure.table:
            fits: list[str | None] = [f.baseline for f in measure.fit if characteristic in f.characteristics] or [None]
            for baseline in fits:
                for sex in ("all",) if characteristic == "sex" else ("all", "female", "male"):
                    request = Request(characteristic, baseline, sex=sex, every_period=True)
                    try:
                        parts.append(derive(measure, request, figures, bases[characteristic], declared))
                    except Refused:
                        continue
    return pl.concat(parts)


def _gaps(store: reads.Queries, as_of: dt.date) -> pl.DataFrame:
    return register(
        publications(),
        reads.artefacts(store),
        reads.surveyed_tables(store),
        reads.breakdowns(store),
        as_of=as_of,
    )


def gaps(store: reads.Queries, as_of: dt.date) -> pl.DataFrame:
    """The register as it stood on a day."""
    return _gaps(store, as_of)


def expected_by(home: Home, as_of: dt.date, known_at: dt.datetime | None = None) -> list[dict[str, Any]]:
    """What is owed and what comes next, one row an edition; `not_looked` where nobody has looked."""
    vault = Vault(home)
    memory = Memory.of(vault, known_at)
    held = {a.publication: a.edition_id for a in vault.artefacts()}
    rows = []
    for slug, publication in publications().items():
        row = {"publication": slug, "title": publication.title, "held": held.get(slug)}
        if slug not in memory.looks:
            nothing = {"at": None, "opens": None, "closes": None, "basis": None, "days_late": 0}
            rows.append({**row, "status": "not_looked", "overdue": False, "reason": "", **nothing})
            continue
        seen = {e.id: e.published_on for e in memory.editions.get(slug, {}).values() if e.published_on}
        for due in expected(publication, as_of, seen, announcements_of(publication, memory)):
            said = {k: getattr(due, k) for k in ("status", "at", "opens", "closes", "basis", "overdue", "days_late")}
            rows.append({**row, **said, "reason": due.reason, "severity": due.severity})
    return rows


def health(home: Home, today: dt.date) -> list[dict[str, str]]:
    """One row a question of health: declarations, the vault's bytes, the journal, the database, reviews due."""
    rows = []

    def ask(name: str, passed: bool, said: str) -> None:
        rows.append({"check": name, "state": "passed" if passed else "failed", "message": said})

    ask(
        "declarations",
        True,
        f"{len(sources())} sources, {len(baselines())} baselines, {len(measures())} measures load.",
    )
    for m in measures().values():
        if m.review < today:
            ask(
                "review_due",
                False,
                f"measure {m.id} was due for review on {m.review}; check it and set a new date.",
            )
    vault = Vault(home)
    broken = [e["line"] for e in vault.journal() if e["what"] == "unreadable"]
    ask("journal", not broken, f"unreadable journal lines: {broken or 'none'}.")
    lost = [a.name for a in vault.artefacts() if not vault.path(a.sha256).exists()]
    changed = [
        a.name
        for a in vault.artefacts()
        if vault.path(a.sha256).exists() and sha256_of(vault.path(a.sha256)) != a.sha256
    ]
    ask(
        "bytes",
        not lost and not changed,
        f"{len(vault.artefacts())} artefacts; lost: {lost or 'none'}; changed: {changed or 'none'}.",
    )
    ask(
        "database",
        home.main.exists(),
        f"{home.main} {'is there' if home.main.exists() else 'is not there: run `justice-monitor run --offline`'}.",
    )
    return rows


__all__ = ["Summary", "disparities", "gaps", "health", "rebuild", "run", "take_in"]
