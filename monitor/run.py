"""One pass, readable top to bottom: acquire, observe, stage, judge, load, derive, publish."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import polars as pl

from dashboards.changes import differing
from expectations.judge import judge
from monitor import clock
from monitor.declarations import (
    Baseline,
    DeclarationError,
    Measure,
    Publication,
    baselines,
    check,
    commitments,
    find,
    measures,
    population_sources,
    publications,
    refuse_left_out,
    sources,
)
from monitor.notify.deliver import Delivered, Underway, standing_failures
from monitor.notify.deliver import deliver as send_what_is_owed
from monitor.notify.forward import Held
from monitor.notify.kept import alerts_of, commit, what_is_new
from monitor.notify.message import line
from monitor.notify.settings import subscriptions
from monitor.settings import Home, contact
from monitor.store import reads
from monitor.store.database import Reader, Writer, forget, stage
from monitor.store.schema import STAGED, frame_schema
from monitor.store.vault import Artefact, NotHeld, Vault, key_of
from monitor.watch.alerts import Alert, Past
from monitor.watch.calendar import expected, known_until
from monitor.watch.heartbeat import unwell
from monitor.watch.register import MOST_NAMED, Register, listed, register
from pipelines import deriving, editions
from pipelines.acquire import READ_ANEW, keep_starter, note_same_cells, stated_whole
from pipelines.inferring import DECLARED, inferred_measures, measure_asked, reader_of
from pipelines.intake import Intake
from pipelines.look import Memory, Watched, announcements_of, session_for, watch
from pipelines.look import look_ahead as ahead
from pipelines.look.history import documents, listed_now, looks_of
from pipelines.look.probing import one_request, probed
from pipelines.look.proposing import AddressesFound, candidates
from pipelines.observe import Observed
from pipelines.totals import supersedes
from pipelines.vintages import every_change

Say = Callable[[str], None]


@dataclass
class Summary:
    """What a pass did, for the terminal and for `--json`."""

    new: list[str] = field(default_factory=list)
    read_anew: list[str] = field(default_factory=list)
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
    lost: list[str] = field(default_factory=list)
    noticed: list[str] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    known_before: int = 0
    undeclared: list[str] = field(default_factory=list)
    undelivered: list[str] = field(default_factory=list)


def run(
    home: Home, *, offline: bool, say: Say, as_of: dt.date | None = None, slugs: Sequence[str] | None = None
) -> Summary:
    """A whole pass: look at publishers and fetch what is new, unless `offline`; then the line over what is held.

    `slugs` names whom to look at, where it is not everybody. Whoever cannot be reached is named in the summary; the
    rest is done all the same.
    """
    check()  # because what cannot be read must stop a pass before anybody is asked
    if not offline:
        contact()  # because without one nobody is asked, and half a pass is no answer
    vault = Vault(home)
    say("Keeping starter figures")
    keep_starter(vault, clock.now())
    with Intake(vault, sources(), say) as intake:
        watched = None if offline else fetch(vault, slugs, say, intake.begin)
        summary = _pass(home, vault, intake, say, as_of or clock.today())
    if watched is not None:
        summary.looked_at, summary.said = watched.looked, watched.sentence
        summary.failed = [f"{f.publication}: {f.reason}" for f in watched.failed]
        summary.noticed = watched.noticed
        summary.complete = watched.complete
    if as_of is None:
        summary.undelivered = _tell(home, offline=offline)
    return summary


def look_ahead(home: Home, *, say: Say, as_of: dt.date | None = None) -> Summary | None:
    """Ask for announced dates alone; where there is news of them, or a failure, a summary of it as of a pass."""
    vault, everybody = Vault(home), list(sources().values())
    with session_for(everybody) as session:
        asked = ahead(everybody, vault, session, clock.now)
    announced = asked.announced
    if announced is None or not (announced.changed or announced.ended or asked.failed):
        return None
    summary = take_in(home, say=say, as_of=as_of)
    summary.failed = [f"{f.publication}: {f.reason}" for f in asked.failed]
    summary.complete = asked.complete
    if as_of is None:
        summary.undelivered = _tell(home, offline=False)
    return summary


def fetch(
    vault: Vault, slugs: Sequence[str] | None, say: Say, kept: Callable[[Artefact], None] = lambda _: None
) -> Watched:
    """Look at some publications and population sources, or at all there is; `kept` hears of each new file."""
    check()
    return _looked_at(list(_everybody(slugs)), vault, say, kept)


def propose(slug: str) -> tuple[Publication, AddressesFound]:
    """Addresses that could be meant by those a publication declares; none is taken. Raises `DeclarationError`."""
    check()
    publication = find(sources(), slug, "publication")
    with session_for([publication]) as session:
        return publication, candidates(publication, session)


def _looked_at(
    wanted: Sequence[Publication], vault: Vault, say: Say, kept: Callable[[Artefact], None] = lambda _: None
) -> Watched:
    with session_for(wanted) as session:
        return watch(wanted, vault, session, clock.now, say, kept=kept)


def _everybody(slugs: Sequence[str] | None) -> Iterator[Publication]:
    """Those named; else everything declared, and the policy documents of which a statement is expected."""
    yield from (find(sources(), slug, "publication") for slug in (sources() if slugs is None else slugs))
    yield from documents(commitments()) if slugs is None else ()


def take_in(home: Home, *, say: Say, as_of: dt.date | None = None) -> Summary:
    """Run the line over whatever the vault holds that the database does not."""
    vault = Vault(home)
    with Intake(vault, sources(), say) as intake:
        return _pass(home, vault, intake, say, as_of or clock.today())


def rebuild(home: Home, *, say: Say, as_of: dt.date | None = None) -> Summary:
    """Make the database again from the vault. Until that is done, readers keep the one they have."""
    check()  # because a wrong declaration must stop this before anything is forgotten
    forget(home)
    return take_in(home, say=say, as_of=as_of)


def _pass(home: Home, vault: Vault, intake: Intake, say: Say, as_of: dt.date) -> Summary:
    summary = Summary(watched=len(publications()), undeclared=check())
    declared = sources()
    for sentence in vault.unreadable():
        say(sentence)
    kept = [a for a in vault.artefacts() if a.publication in declared]
    with Writer(home) as store:
        held = store.held()
        readers = {slug: reader_of(declared[slug]) for slug in {a.publication for a in kept}}
        on_pages = listed_now(vault)
        made_of = {key_of(a): (readers[a.publication], *on_pages.get(key_of(a), (None, None))) for a in kept}
        new = [a for a in kept if held.get(key_of(a)) != made_of[key_of(a)]]
        refiled = {(publication, id) for _, publication, id in held.keys() - made_of.keys() if publication in declared}
        # because files of one edition are judged together, they are read anew together
        anew = refiled | {editions.edition_of(a) for a in new if key_of(a) in held}
        new = [a for a in kept if key_of(a) not in held or editions.edition_of(a) in anew]
        summary.lost, lost = _lost(vault, new)
        anew -= {editions.edition_of(a) for a in lost}  # because what was read of them when they were whole stands
        new = [a for a in new if a not in lost and (key_of(a) not in held or editions.edition_of(a) in anew)]
        if anew:
            say(f"Reading {len(anew):,} editions anew: reader, declaration or what their page lists is another")
            moved = {publication for publication, _ in refiled}
            store.forget(anew, {e for e in map(editions.edition_of, kept) if e[0] in moved})
        for artefact in new:
            intake.begin(artefact)
        for state in editions.rounds(new):
            seen = [intake.observed(a) for a in state]
            for o in seen:
                o.listed(*on_pages.get(key_of(o.artefact), (None, None)))
            _take_in(home, store, vault, seen, say, summary)
        say("Deriving disparities and gaps")
        found, taken = register_of(home, store, as_of), deriving.Taken()
        divided = _disparities(store, taken)
        if taken.blocks:
            say(str(taken))
        store.replace(
            {
                "disparity": divided,
                **_pooled(store),
                "summary": deriving.every_summary(divided, [m.id for m in measures().values() if m.adverse]),
                "gap": found.gaps,
                "coverage": found.coverage,
                "revision": every_change(store, store.underway(), reads.revisions(store)),
                "due": _due(home, as_of),
            }
        )
        summary.new = [f"{a.publication} {a.edition_id}: {a.name} ({a.kind})" for a in new if key_of(a) not in held]
        summary.unchanged = len(kept) - len(summary.new)
        summary.figures = int(store.frame(f"select count(*) as n from ({reads.STANDING})")["n"][0])
        summary.findings = reads.findings(store).filter(pl.col("state") == "failed").height
        again = {key_of(a): a for a in new if key_of(a) in held}
        for said in store.since_published(again).to_dicts():
            name = again[said["artefact_sha256"], said["publication"], said["edition_id"]].name
            vault.note(READ_ANEW, **said, name=name, at=clock.now())
            summary.read_anew.append(f"{said['publication']} {said['edition_id']}: {name}: {differing(said)}")
        store.publish()
    if as_of == clock.today():  # because what was so on another day is not what happens now
        _alert(vault, found.gaps, summary)
    having = {a.publication for a in kept}
    summary.not_held = [slug for slug in publications() if slug not in having]
    return summary


def _lost(vault: Vault, new: Sequence[Artefact]) -> tuple[list[str], list[Artefact]]:
    """Files whose bytes are missing or changed: what is said of each, and which; changed ones are put aside."""
    said, lost = [], []
    for artefact in new:
        try:
            vault.whole(artefact.sha256)
        except NotHeld as error:
            vault.put_aside(artefact.sha256)
            said.append(f"{artefact.publication} {artefact.edition_id}: {artefact.name}: {error}")
            lost.append(artefact)
    return said, lost


def _take_in(home: Home, store: Writer, vault: Vault, observed: Sequence[Observed], say: Say, summary: Summary) -> None:
    """Judge whole every edition that something new belongs to, then load it."""
    declared = sources()
    held = reads.held_of(store, list(dict.fromkeys(editions.edition_of(o.artefact) for o in observed)))
    past = _gone(held)
    for same, other in editions.same_cells(observed, held["artefact"], past):
        same.same_as(other)
        note_same_cells(vault, same.artefact, other)
    news = [o for o in observed if o.cells_are_news]
    if not news:
        store.load(stage(home.work / "staging.duckdb", editions.together(observed)), {}, [])
        return
    touched = list(dict.fromkeys(editions.edition_of(o.artefact) for o in news))
    frames = {name: _with(news, name, held) for name in STAGED}
    gone = _gone(frames)
    counting = editions.standing(frames, gone)
    judged = stage(home.work / "judging.duckdb", counting)
    asked = [c for e in touched if (c := editions.checks_of(declared[e[0]], e, counting)) is not None]
    say(f"Judging {counting['figure'].height:,} figures")
    judgement = judge(judged, asked)
    if not judgement.doubts.is_empty():
        for o in news:
            o.hold_back(judgement.doubts)
        # because what is held back replaces nothing
        frames |= {name: _with(news, name, held) for name in ("figure", "table_read")}
        if not (now_gone := _gone(frames)).equals(gone):
            gone, counting = now_gone, editions.standing(frames, now_gone)
            # because what stands again was not among what was judged
            asked = [c for e in touched if (c := editions.checks_of(declared[e[0]], e, counting)) is not None]
            again = judge(stage(home.work / "judging.duckdb", counting), asked)
            said = pl.concat([again.findings, judgement.findings]).unique("finding_id", maintain_order=True)
            judgement = replace(again, findings=said)
    staging = stage(home.work / "staging.duckdb", editions.together(observed))
    aside = editions.set_aside(gone, frames["artefact"], editions.read_in_part(frames))
    still = editions.standing(
        {"finding": held["finding"]}, gone.join(aside, on=gone.columns, how="anti", nulls_equal=True)
    )
    findings = [
        judgement.findings,
        editions.problems_of(news, gone, declared, counting, aside),
        editions.of_editions(still["finding"], touched).drop("judged_at"),
    ]
    fresh = {o.artefact.sha256 for o in observed}
    found = {
        "finding": pl.concat(findings, how="diagonal"),
        "withholding": judgement.withholdings,
        "supersession": gone.filter(pl.col("artefact_sha256").is_in(fresh) | pl.col("by_sha256").is_in(fresh)),
    }
    store.load(staging, found, touched)
    summary.checks_passed += judgement.passed
    summary.checks_total += judgement.total


def _with(news: Sequence[Observed], name: str, held: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows of a staged table of what is new, and of what is held beside it."""
    parts = [f for f in (editions.together(news).get(name), held.get(name)) if f is not None]
    return pl.concat([pl.DataFrame(schema=frame_schema(name)), *parts], how="diagonal")


def _gone(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    in_part = editions.read_in_part(frames)
    return editions.supersessions(frames["artefact"], frames["figure"], frames["surveyed_table"], in_part)


# --- derived tables -------------------------------------------------------------------------------------------------


def numerators(
    store: reads.Queries,
    measure: Measure,
    known: reads.Known = reads.EVERYTHING,
    taken: deriving.Taken | None = None,
) -> pl.DataFrame:
    """Usable observations of a measure from every table that speaks for it, those hidden or kept back marked."""
    tables = list(dict.fromkeys(t for speaking in measure.table.values() for t in speaking))
    figures = reads.figures(store, measure.publication, measure.figures, tables, known)
    figures = _guarded(store, figures, measure.publication, measure.figures, known, taken)
    # because what everyone in a table is separates nobody; of one sex the residents are of that sex too
    return figures.with_columns(pl.lit("all").alias(c) for c in measure.scope if c != "sex")


def _guarded(
    store: reads.Queries,
    figures: pl.DataFrame,
    publication: str,
    measure: str,
    known: reads.Known,
    taken: deriving.Taken | None = None,
) -> pl.DataFrame:
    """Figures with what must not be repeated kept back, by all that their publication's tables print beside them."""
    beside = reads.beside_hidden(store, publication, known)
    if beside.is_empty():
        return figures
    is_rate = pl.col("counts") == "neither"
    return deriving.guarded(figures, beside.filter(is_rate), beside.filter(~is_rate, measure=measure), taken)


def _of_table(store: reads.Queries, publication: str, measure: str, table: str, known: reads.Known) -> pl.DataFrame:
    """Usable observations of one table, those hidden or kept back marked."""
    return _guarded(store, reads.figures(store, publication, measure, [table], known), publication, measure, known)


def denominators(
    store: reads.Queries, characteristic: str, declared: dict[str, Baseline], known: reads.Known = reads.EVERYTHING
) -> dict[str, pl.DataFrame]:
    """Observations of each baseline's own table for a characteristic."""
    held = sources()
    return {
        b.id: pl.concat(_speaking(store, b, table, held[b.publication], known) for table in b.table[characteristic])
        for b in declared.values()
        if b.table.get(characteristic)
    }


def _speaking(
    store: reads.Queries, baseline: Baseline, table: str, source: Publication, known: reads.Known
) -> pl.DataFrame:
    """Figures of a baseline's table, or of the one asked of a service in its place, once that agrees with it."""
    offline = reads.figures(store, baseline.publication, baseline.measure, [table], known)
    if baseline.publication in publications():  # because those of a stage before are what a measure counts too
        return _guarded(store, offline, baseline.publication, baseline.measure, known)
    for query in source.query:
        if query.instead_of == table:
            asked = reads.figures(store, baseline.publication, baseline.measure, [query.table], known)
            if supersedes(asked, offline, query.tolerance):
                return asked
    return offline


def inferred(store: reads.Queries, known: reads.Known = reads.EVERYTHING) -> dict[str, Measure]:
    """What can be asked of every table that was read, by publication and table."""
    return inferred_measures(reads.tables_read(store, known), publications(), baselines())


def what_can_be_asked(store: reads.Queries) -> list[dict[str, Any]]:
    """One row a measure with figures: declared, then every table read; by what, when, and how it was read."""
    declared, tables = measures(), reads.tables_read(store)
    shown = tables.filter(pl.col("state") == "shown", pl.col("last_period").is_not_null())
    rows = []
    for m in [*declared.values(), *inferred(store).values()]:
        speaking = {t for named in m.table.values() for t in named}
        mine = shown.filter(pl.col("publication") == m.publication, pl.col("table_id").is_in(sorted(speaking)))
        if mine.is_empty():
            continue
        is_declared = m.id in declared
        row = {"id": m.id, "publication": m.publication, "table": None if is_declared else mine["table_id"][0]}
        row |= {"title": m.title, "characteristics": list(m.table), "layout": m.layout, "counts": m.counts}
        row |= {"first_period": mine["first_period"].min(), "last_period": mine["last_period"].max()}
        rows.append(row | {"is_measure": is_declared, "compared_with": [f.baseline for f in m.fit] or None})
    return rows


def unread(store: reads.Queries, slug: str, known: reads.Known = reads.EVERYTHING) -> str:
    """Why no figures of a publication can be shown or were checked, in a sentence; empty where some were read."""
    files = reads.artefacts(store, known).filter(publication=slug)
    tables = reads.tables_read(store, known).filter(publication=slug)
    if not tables.filter(state="shown").is_empty():
        return ""
    if files.is_empty():
        return f"{slug}: no file of it is held, so none was read or checked; `fetch {slug}` or `add FILE` brings one."
    held_back = {f"{t['title'] or t['sheet']} ({t['reason'].rstrip('.')})": None for t in tables.to_dicts()}
    source = find(sources(), slug, "publication")
    if held_back:
        because = f"these tables are held back: {listed(list(held_back), MOST_NAMED)}"
    elif reads.breakdowns(store, known).filter(publication=slug).is_empty():
        because = "no table was found in them that separates people"
    elif source.reads is None and not source.table:
        because = "its declaration does not say what its tables count: add [reads] or [[table]]"
    else:
        because = "none of the tables found in them could be read"
    return (
        f"{slug}: {files.height} files are held and surveyed, and no figures were read or checked, because {because}."
    )


def asked(store: reads.Queries, name: str, table: str | None, by: str) -> Measure:
    """The measure meant by a name as typed, declared or of a table.

    Raises `DeclarationError` with the nearest, `Refused` for a publication of which no figures were read.
    """
    declared = measures()
    if name not in declared:
        refuse_left_out(name)
        if name in sources() and (why := unread(store, name)):
            raise deriving.Refused(why)
    return (
        declared[name]
        if name in declared and table is None
        else measure_asked(name, table, by, declared, inferred(store))
    )


def disparities(
    store: reads.Queries, measure: Measure, request: deriving.Request, known: reads.Known = reads.EVERYTHING
) -> pl.DataFrame:
    """The disparities a request asks for, from what was published and seen by then. Raises `Refused`."""
    declared = baselines()
    figures = numerators(store, measure, known)
    if figures.is_empty() and known != reads.EVERYTHING:
        raise deriving.Refused(
            f"{measure.id}: no figures had been published by {known.published_by or 'then'}"
            + (f" and seen by us by {known.seen_by}" if known.seen_by else "")
            + "; ask for a later day, or leave --as-of and --known-at out."
        )
    request = _of_its_sex(measure, request)
    people = denominators(store, request.characteristic, declared, known)
    rates = rates_beside(store, measure, known)
    asked = deriving.each_within(measure, request, figures)
    clusters = _clusters(store, measure, request, known)
    found = pl.concat([deriving.derive(measure, one, figures, people, declared, rates, clusters) for one in asked])
    others = [pl.DataFrame(schema=frame_schema("disparity"))]
    for other in deriving.other_denominators(measure, measures(), request.characteristic):
        counted, printed = numerators(store, other, known), rates_beside(store, other, known)
        plain = other.model_copy(update={"adjust": ()})  # because only the direction of its ratios is asked for
        for one in asked:
            with suppress(deriving.Refused):  # because a comparison that is not made contradicts nothing
                leading = replace(one, baseline=None, standard=None, period=None, every_period=True)
                others.append(deriving.derive(plain, leading, counted, people, declared, printed))
    flagged = deriving.directions_flagged(found, pl.concat(others), measures())
    return deriving.adjusted_together(flagged, reads.disparities(store))


def change_explained(
    store: reads.Queries,
    measure: Measure,
    request: deriving.Request,
    since: dt.date | None = None,
    known: reads.Known = reads.EVERYTHING,
) -> pl.DataFrame:
    """The change of each count since a day, in parts of population, age mix and rate. Raises `Refused`."""
    found, request = disparities(store, measure, request, known), _of_its_sex(measure, request)
    declared, ages = baselines(), None
    if base := next(iter(found["baseline"].drop_nulls()), None):
        people = denominators(store, request.characteristic, declared, known)
        population = deriving.Population(measure, request, declared[base], people, declared)
        ages = deriving.Ages(measure, request, numerators(store, measure, known), population)
    return deriving.explained(found, since, ages)


def _of_its_sex(measure: Measure, request: deriving.Request) -> deriving.Request:
    """The request, of the one sex that everyone in a measure's table is of, where it is."""
    is_one = request.sex == "all" and "sex" in measure.scope
    return replace(request, sex=measure.scope["sex"]) if is_one else request


def _clusters(
    store: reads.Queries, measure: Measure, request: deriving.Request, known: reads.Known = reads.EVERYTHING
) -> dict[Any, deriving.Clusters]:
    """The clusters whose events are alike, by period, of a measure whose declared strata name them; else none."""
    c = request.characteristic
    having = (s for s in measure.strata if c in s.table and s.cluster and s.exposure is s.fit is None)
    strata = next(having, None)
    if strata is None or request.within:
        return {}
    figures = _of_table(store, measure.publication, measure.figures, strata.table[c], known)
    try:
        every = replace(request, period=None, every_period=True, baseline=None)
        found = deriving.by_table(measure, strata, every, (), figures)
    except deriving.Refused:
        return {}
    return {(s.about["period_start"], s.about["period_end"]): deriving.Clusters.among(s) for s in found}


def pooled(
    store: reads.Queries,
    measure: Measure,
    request: deriving.Request,
    within: Sequence[str],
    exposure: str | None = None,
    known: reads.Known = reads.EVERYTHING,
) -> list[dict[str, Any]]:
    """The ratios of a measure's groups pooled over the strata `within`, of what was known by then. Raises `Refused`.

    `period` is a stratum like others: each of several is one then, and in place of the latest all that can be.
    """
    c, request = request.characteristic, _of_its_sex(measure, request)
    others = set(within) - {deriving.PERIOD}
    if deriving.PERIOD in within:
        request = replace(request, every_period=request.period is None)
    having = (s for s in measure.strata if c in s.table and c not in within and others <= set(s.within))
    # because of everyone counted at each period, people hidden in one prison would hide all
    strata = next((s for s in having if others or (s.cluster and s.exposure is s.fit is None)), None)
    over = strata.exposure if strata else None
    if exposure and not over:
        raise deriving.Refused(
            f"{measure.id} is not counted over people of a day by stratum, so --exposure says nothing."
        )
    declared, people = baselines(), None
    if strata:
        figures = _of_table(store, measure.publication, measure.figures, strata.table[c], known)
        if over:
            over = over.model_copy(update={"day": exposure or over.day})
            there = _of_table(store, over.publication, over.measure, over.table[c], known)
            people = partial(deriving.exposed, over, request, there)
        elif strata.fit:
            of_each = denominators(store, c, declared, known)
            people = partial(deriving.residing, measure, strata, request, of_each, declared)
        cells = deriving.by_table(measure, strata, request, within, figures, people)
    else:
        held = denominators(store, c, declared, known)
        cells = deriving.by_category(measure, request, within, numerators(store, measure, known), held, declared)
    return deriving.pooled(measure, request, cells)


def _pooled(store: reads.Queries) -> dict[str, pl.DataFrame]:
    """The newest ratios within each of the strata that measures declare with clusters, and within all of them, and
    the strata of each about what is common to them.
    """
    rows: list[dict[str, Any]] = []
    for measure in measures().values():
        for strata in (s for s in measure.strata if s.cluster):
            names = tuple(strata.within)
            for characteristic, within in itertools.product(
                strata.table, dict.fromkeys([*((n,) for n in names), names])
            ):
                with suppress(deriving.Refused):
                    rows += pooled(store, measure, deriving.Request(characteristic), within)
    schemas = {table: frame_schema(table) for table in ("pooled", "funnel")}
    made = {"pooled": rows, "funnel": deriving.each_stratum(rows)}
    return {t: pl.DataFrame([{n: r.get(n) for n in s} for r in made[t]], schema=s) for t, s in schemas.items()}


def sensitivity(
    store: reads.Queries, measure: Measure, request: deriving.Request, known: reads.Known = reads.EVERYTHING
) -> list[dict[str, Any]]:
    """How far each group's direction rests on what is chosen, of what was known by then. Raises `Refused`."""
    request, declared = _of_its_sex(measure, request), baselines()
    people = denominators(store, request.characteristic, declared, known)
    clusters = _clusters(store, measure, request, known)
    figures, rates = numerators(store, measure, known), rates_beside(store, measure, known)
    return deriving.sensitivity(measure, request, figures, people, declared, rates, clusters)


def rates_beside(store: reads.Queries, measure: Measure, known: reads.Known = reads.EVERYTHING) -> pl.DataFrame:
    """The rates and shares that the tables of a measure print beside its counts."""
    tables = list(dict.fromkeys(t for speaking in measure.table.values() for t in speaking))
    return reads.rates(store, measure.publication, tables, known)


def _disparities(store: reads.Queries, taken: deriving.Taken | None = None) -> pl.DataFrame:
    """Every declared measure, by every characteristic it is published by, on every baseline it declares."""
    declared = baselines()
    characteristics = {c for m in measures().values() for c in m.table}
    bases = {c: denominators(store, c, declared) for c in characteristics}
    parts = [pl.DataFrame(schema=frame_schema("disparity"))]
    for measure in measures().values():
        figures = numerators(store, measure, taken=taken)
        if figures.is_empty():
            continue
        rates = rates_beside(store, measure)
        if measure.local:
            parts += [deriving.derive(measure, deriving.Request(c), figures, {}, {}, rates) for c in measure.table]
            continue
        for characteristic in measure.table:
            fits: list[str | None] = [f.baseline for f in measure.fit if characteristic in f.characteristics] or [None]
            for baseline in fits:
                for sex in ("all",) if characteristic == "sex" else ("all", "female", "male"):
                    request = deriving.Request(characteristic, baseline, sex=sex, every_period=True)
                    try:
                        clusters = _clusters(store, measure, request)
                        people = bases[characteristic]
                        parts.append(deriving.derive(measure, request, figures, people, declared, rates, clusters))
                    except deriving.Refused:
                        continue
    found = pl.concat(parts)
    flagged = deriving.adjusted_together(deriving.directions_flagged(found, found, measures()))
    return pl.concat([flagged, *_of_tables(store, declared, bases)])


def _of_tables(
    store: reads.Queries, declared: dict[str, Baseline], bases: dict[str, dict[str, pl.DataFrame]]
) -> Iterator[pl.DataFrame]:
    """The newest disparities of tables that nobody declared: by each characteristic that of its publication's tables
    which goes first.
    """
    seen = {(m.publication, c) for m in measures().values() for c in m.table}
    for measure in inferred(store).values():
        asked = [c for c in measure.table if (measure.publication, c) not in seen]
        if measure.layout == DECLARED or not asked:
            continue
        figures, rates = numerators(store, measure), rates_beside(store, measure)
        for c in asked:
            bases[c] = bases[c] if c in bases else denominators(store, c, declared)
            with suppress(deriving.Refused):
                whom = deriving.Request(c, sex=measure.scope.get("sex", "all"))
                yield deriving.derive(measure, whom, figures, bases[c], declared, rates)
                seen.add((measure.publication, c))


def register_of(home: Home, store: reads.Queries, as_of: dt.date, known_at: dt.datetime | None = None) -> Register:
    """The register as it stood on a day, of what we had seen by a moment: gaps, coverage, commitments."""
    known, asked, vault = reads.Known(seen_by=known_at), commitments(), Vault(home)
    watched = {**publications(), **{p.id: p for p in documents(asked)}}
    return register(
        publications(),
        reads.artefacts(store, known),
        *(reads.inspected(store, table, known) for table in ("surveyed_table", "breakdown")),
        unclear=reads.inspected(store, "unclear", known),
        tables_read=reads.tables_read(store, known),
        as_of=as_of,
        known_at=known_at,
        looks=looks_of(vault, watched, as_of, known_at),
        commitments=asked,
        whole=stated_whole(vault, known_at),
        superseded=reads.superseded(store, known),
    )


def look_at_documents(home: Home, say: Say) -> Watched:
    """Look at the policy documents of which a statement is expected. Nothing of them is fetched."""
    return _looked_at(documents(commitments()), Vault(home), say)


def gaps(home: Home, store: reads.Queries, as_of: dt.date, known_at: dt.datetime | None = None) -> pl.DataFrame:
    """The register's gaps as they stood on a day."""
    return register_of(home, store, as_of, known_at).gaps


def alerts(home: Home, as_of: dt.date | None = None, known_at: dt.datetime | None = None) -> tuple[list[Alert], Past]:
    """Every alert as it stood: now, or at the end of a day, or as we knew it at a moment; and what the journal says."""
    now = clock.now() if as_of is None else clock.london_time(as_of, dt.time(23, 59, 59)).replace(tzinfo=None)
    with Reader(home) as store:
        register = gaps(home, store, as_of or clock.today(), known_at)
    return alerts_of(Vault(home), register, min(now, known_at) if known_at else now)


def settle(home: Home) -> list[Alert]:
    """Write what the register of today makes happen to alerts, and give them as they stand then."""
    vault, now = Vault(home), clock.now()
    with Reader(home) as store:
        register = gaps(home, store, clock.today())
    commit(vault, register, now)
    return alerts_of(vault, register, now)[0]


def deliver(home: Home, *, dry_run: bool = False, files_only: bool = False) -> Delivered | None:
    """Send what is owed to those who asked for it, and write the files; None where nobody asked for anything.

    Raises `DeclarationError` for settings that cannot be used, `Underway` while another delivery runs.
    """
    settings, vault, now = subscriptions(home), Vault(home), clock.now()
    with Reader(home) as store:
        register = gaps(home, store, clock.today())
        if not dry_run:
            commit(vault, register, now)
        if settings is None:
            return None
        known, _ = alerts_of(vault, register, now)
        return send_what_is_owed(home, settings, known, Held.of(store), now, dry_run=dry_run, files_only=files_only)


def _alert(vault: Vault, register: pl.DataFrame, summary: Summary) -> None:
    """Write what the register makes happen to alerts, and say what is new."""
    now = clock.now()
    happened = commit(vault, register, now)
    news, summary.known_before = what_is_new(happened, alerts_of(vault, register, now)[0])
    summary.alerts = [line(a) for a in news]


def _tell(home: Home, *, offline: bool) -> list[str]:
    """Deliver after a pass; offline, only files are written. Gives whom it could not reach, and why."""
    try:
        done = deliver(home, files_only=offline)
    except (DeclarationError, Underway) as error:
        return [str(error)]
    return done.shortcomings(clock.now()) if done else []


def expected_by(home: Home, as_of: dt.date, known_at: dt.datetime | None = None) -> list[dict[str, Any]]:
    """What is owed and what comes next, one row an edition; `not_looked` where nobody has looked."""
    vault = Vault(home)
    memory = Memory.of(vault, known_at)
    held = {a.publication: a.edition_id for a in vault.artefacts()}
    # because what is decennial is not due, and would only be noise
    populations = {p.id: p for p in population_sources().values() if p.releases}
    rows = []
    for slug, publication in {**publications(), **populations}.items():
        row = {"publication": slug, "title": publication.title, "held": held.get(slug)}
        looked = memory.looks[slug].succeeded_at if slug in memory.looks else None
        if looked is None:
            nothing = {"at": None, "opens": None, "closes": None, "basis": None, "source": None, "days_late": 0}
            rows.append({**row, "status": "not_looked", "overdue": False, "reason": "", **nothing})
            continue
        seen = {e.id: e.published_on for e in memory.editions.get(slug, {}).values() if e.published_on}
        mine: dict[tuple[dt.date, dt.date], dict[str, Any]] = {}
        told = announcements_of(publication, memory)
        for due in expected(publication, known_until(as_of, looked), seen, told):
            if due.tables and (same := mine.get((due.opens, due.closes))):
                same["reason"] += f" {due.reason}"  # because tables of an edition are no edition of their own
                continue
            names = ("status", "at", "opens", "closes", "basis", "source", "overdue", "days_late", "reason", "severity")
            mine[due.opens, due.closes] = {**row, **{name: getattr(due, name) for name in names}}
            rows.append(mine[due.opens, due.closes])
    return rows


def _due(home: Home, as_of: dt.date) -> pl.DataFrame:
    """What is owed and expected on a day, as the store keeps it: moments as a clock in London shows them."""
    schema, rows = frame_schema("due"), []
    for r in expected_by(home, as_of):
        at = r["at"] and clock.in_london(r["at"]).replace(tzinfo=None)
        rows.append({**{k: r.get(k) for k in schema}, "at": at, "as_of": as_of})
    return pl.DataFrame(rows, schema=schema)


def services() -> list[dict[str, Any]]:
    """One row a service, which was asked once: whether it works, with status and time. Raises `ContactNotSet`."""
    everybody = list(sources().values())
    with session_for(everybody, one_request()) as session:
        return [
            {"check": p.service, "state": "passed" if p.well else "failed", "message": p.said}
            | {"url": p.url, "status": p.status, "milliseconds": p.milliseconds}
            for p in probed(everybody, session)
        ]


def health(home: Home, today: dt.date) -> list[dict[str, str]]:
    """One row a question of health: declarations, reviews, the journal, bytes, database, delivery, scheduler."""
    rows = []

    def ask(name: str, passed: bool, said: str) -> None:
        rows.append({"check": name, "state": "passed" if passed else "failed", "message": said})

    try:
        undeclared, reviewed = check(), list(measures().values())
        loaded = f"{len(sources())} sources, {len(baselines())} baselines, {len(reviewed)} measures load."
    except DeclarationError as error:  # because the rest can be asked all the same
        undeclared, reviewed, loaded = [str(error)], [], ""
    ask("declarations", not undeclared, "\n".join(undeclared) or loaded)
    for m in reviewed:
        if m.review < today:
            ask("review_due", False, f"measure {m.id} was due for review on {m.review}; check it and set a new date.")
    vault = Vault(home)
    broken = vault.unreadable()
    ask("journal", not broken, " ".join(broken) or "every line of the journal can be read.")
    kept = [(a, vault.path(a.sha256)) for a in vault.artefacts()]
    lost = [a.name for a, path in kept if not path.exists()]
    changed = [a.name for a, path in kept if path.exists() and not vault.is_whole(a.sha256)]
    said = f"{len(kept)} artefacts; lost: {lost or 'none'}; changed: {changed or 'none'}."
    ask("bytes", not lost and not changed, said)
    unlike = Memory.of(vault).unlike()
    ask("files", not unlike, " ".join(unlike) or "every file that came is of the type that its page states.")
    there = home.main.exists()
    ask("database", there, f"{home.main} is {'there' if there else 'not there: run `justice-monitor run --offline`'}.")
    try:
        unreached = standing_failures(home, subscriptions(home), clock.now())
    except DeclarationError as error:
        unreached = [str(error)]
    ask("delivery", not unreached, " ".join(unreached) or "nobody who asked to be told is waiting.")
    heartbeat = home.heartbeat.read_text(encoding="utf-8") if home.heartbeat.exists() else None
    wrong = unwell(heartbeat, clock.now())
    ask(
        "scheduler",
        not wrong,
        wrong or ("it watches." if heartbeat else "none has run here: nothing watches by itself."),
    )
    return rows
