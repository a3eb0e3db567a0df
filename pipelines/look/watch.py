"""A pass over the publishers: look at each, fetch what is new, journal both, the quiet looks too."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from monitor.declarations import Publication
from monitor.settings import FETCH_BACK_DAYS, RECHECK_DAYS
from monitor.store.vault import Artefact, Vault
from pipelines.fetch.finding import Finding
from pipelines.fetch.keep import Fetched, Wanted, fetch
from pipelines.fetch.services import Services
from pipelines.fetch.session import Limits, Session
from pipelines.look import queries
from pipelines.look.calendar import Announced, look_at_announcements, together
from pipelines.look.dead import judged
from pipelines.look.desk import Desk
from pipelines.look.looker import look
from pipelines.look.members import hosts_of, selected
from pipelines.look.memory import LOOK, Memory
from pipelines.look.records import OBSERVATIONS, QUERY, Attachment, Change, EditionSeen, Looked
from pipelines.look.releases import look_at_releases
from pipelines.look.times import london_day

ANNOUNCEMENTS = "announcements"
"""The journal's name for a look at the release calendar."""
CALENDAR_LOOK = "calendar_look"


@dataclass(frozen=True)
class Failure:
    """One thing that a pass could not do: at which publication, and why."""

    publication: str
    reason: str
    reached: bool = True


@dataclass
class Watched:
    """What a pass did; `looked` and `unchanged` count the releases `counted`, not parts or population sources."""

    counted: frozenset[str] = frozenset()
    looked: int = 0
    unchanged: int = 0
    requests: int = 0
    new: list[Artefact] = field(default_factory=list)
    changes: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    announced: Announced | None = None
    failed: list[Failure] = field(default_factory=list)
    not_looked: list[str] = field(default_factory=list)
    findings: list[tuple[str, Finding]] = field(default_factory=list)

    @property
    def of(self) -> int:
        """How many releases there were to look at."""
        return len(self.counted)

    @property
    def complete(self) -> bool:
        """Whether everybody who can be looked at was reached, and everything wanted was fetched."""
        return not self.failed

    @property
    def sentence(self) -> str:
        """The pass in one sentence."""
        failed = {f.publication for f in self.failed} - {ANNOUNCEMENTS}
        besides = len(failed - self.counted)
        return (
            f"looked at {self.looked} of {self.of}: {len(self.new)} new files, "
            f"{self.unchanged} publications unchanged, {len(failed & self.counted)} failed"
            + (f", and {besides} parts of these or population sources" if besides else "")
        )

    @property
    def noticed(self) -> list[str]:
        """What is different since the last look, and what was not as expected without failing: a line each."""
        failed = {f.reason for f in self.failed}
        lines = [f"{name}: {change.sentence}" for name, changes in self.changes.items() for change in changes]
        return lines + [f"{name}: {f.message}" for name, f in self.findings if f.message not in failed]


def session_for(publications: Sequence[Publication], limits: Limits | None = None) -> Session:
    """A polite session that may speak to the services and to every host a publication names."""
    named = {host for p in publications for host in hosts_of(p)}
    return Session(Services.from_environment(named - {""}), limits or Limits())


@contextmanager
def _undisturbed() -> Iterator[None]:
    """What is loaded already is not looked through for garbage: that takes a third of a quiet pass, and finds none."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@_undisturbed()
def watch(
    publications: Sequence[Publication],
    vault: Vault,
    session: Session,
    clock: Callable[[], datetime],
    say: Callable[[str], None],
    *,
    back: timedelta | None = timedelta(days=FETCH_BACK_DAYS),
    kept: Callable[[Artefact], None] = lambda _: None,
) -> Watched:
    """Look at every publication, fetch what is new, and journal it.

    `clock` gives the time in UTC without a zone mark; `kept` is called with each new artefact as it arrives; `back`
    is how far back files are fetched (None: everything). Raises only for what this machine does (a full disk).
    """
    desk = Desk(session, Memory.of(vault), clock(), back)
    done = Watched(frozenset(p.id for p in publications if p.is_counted) or frozenset(p.id for p in publications))
    done.announced = _announcements(publications, desk, done)
    for n, publication in enumerate(publications, 1):
        say(f"Looking at {publication.title} ({n} of {len(publications)})")
        desk.look_for(publication.id, clock())
        looked, fetched = _one(publication, desk, say, kept)
        _count(looked, fetched, done)
    done.requests = session.requests
    return done


def look_ahead(
    publications: Sequence[Publication], vault: Vault, session: Session, clock: Callable[[], datetime]
) -> Watched:
    """Ask for announced dates alone, and journal what is new of them. Raises only for what this machine does."""
    done = Watched()
    done.announced = _announcements(publications, Desk(session, Memory.of(vault), clock()), done)
    done.requests = session.requests
    return done


def _one(
    publication: Publication, desk: Desk, say: Callable[[str], None], kept: Callable[[Artefact], None]
) -> tuple[Looked, Sequence[Fetched]]:
    """A look and what it fetches, journaled in one step after the work; a mistake of ours at one publication is a
    failed look at that one.
    """
    started = desk.session.requests
    try:
        looked = look(publication, desk)
        _refile(publication, looked, desk)
        fetched: Sequence[Fetched] = _fetch(publication, looked, desk, say, kept)
        with desk.memory.vault.one_step():
            looked, fetched = judged(publication, looked, fetched, desk)
            _remember(publication, looked, desk)
            _journal(publication, looked, fetched, desk.session.requests - started, desk)
        return looked, fetched
    except OSError:
        raise  # because a full disk is no publication's fault
    except Exception as error:
        expected, found = "an answer this program understands", f"{type(error).__name__}: {error}"
        mistake = Finding("monitor_error", publication.id, expected, found, _TELL, "critical")
    looked = Looked(publication.id, "failed", findings=(mistake,), reason=mistake.message)
    _journal(publication, looked, [], desk.session.requests - started, desk)
    return looked, []


def _remember(publication: Publication, looked: Looked, desk: Desk) -> None:
    """Journal the editions that were seen, and that the pages read show nothing more to do."""
    if looked.status not in ("new", "unchanged"):
        return
    for change in looked.changes:
        if change.kind == "vanished":
            desk.memory.note_vanished(publication.id, change.edition, desk.now)
    for edition in looked.editions:
        desk.memory.note_edition(publication.id, edition, desk.now)
    desk.note_done()


def _refile(publication: Publication, looked: Looked, desk: Desk) -> None:
    """Move files with their page: what an edition listed before, and only another lists now, belongs to that one."""
    if looked.status not in ("new", "unchanged"):
        return
    remembered = desk.memory.editions_of(publication.id)
    if all(remembered.get(e.id) == e for e in looked.editions):
        return  # because nothing moved to an edition that lists what it did
    held = desk.memory.vault.artefacts_of(publication.id)
    now = {e.id: {a.url for a in e.attachments} for e in looked.editions}
    for was in list(remembered.values()):
        left = {a.url for a in was.attachments} - now.get(was.id, set())
        for edition in looked.editions if left else ():
            moved = left & now[edition.id] if edition.id != was.id else ()
            mine = {seen.sha256 for url in moved if (seen := desk.memory.files.get((publication.id, url)))}
            for artefact in held:
                if artefact.edition_id == was.id and (artefact.sha256 in mine or artefact.url in moved):
                    desk.memory.vault.refile(artefact, edition.id, edition.title, desk.now)
                    desk.memory.editions_of_bytes[publication.id, artefact.sha256] = edition.id


_TELL = "Keep the journal and the vault, and report it with this message."


def _announcements(publications: Sequence[Publication], desk: Desk, done: Watched) -> Announced:
    started = desk.session.requests
    desk.look_for(ANNOUNCEMENTS, desk.now)
    announced = together([look_at_announcements(publications, desk), look_at_releases(publications, desk)])
    requests = desk.session.requests - started
    with desk.memory.vault.one_step():
        for announcement in announced.changed:
            desk.memory.note_announcement(announcement, desk.now)
        for path, became in announced.ended:
            desk.memory.note_ended(path, became, desk.now)
        desk.note_done()
        if requests:
            desk.memory.vault.note(
                CALENDAR_LOOK,
                seen_at=desk.now,
                status="looked" if announced.looked else "failed",
                requests=requests,
                changed=[a.path for a in announced.changed],
                ended=[path for path, _ in announced.ended],
                findings=[f.message for f in announced.findings],
            )
    done.findings += [(ANNOUNCEMENTS, f) for f in announced.findings]
    if requests and not announced.looked:
        done.failed += [Failure(ANNOUNCEMENTS, f.message, reached=not f.no_answer) for f in announced.findings]
    return announced


def _fetch(
    publication: Publication, looked: Looked, desk: Desk, say: Callable[[str], None], kept: Callable[[Artefact], None]
) -> list[Fetched]:
    """The files of every edition that is opened and not too old: those not held, and the newest again once a week."""
    if looked.status not in ("new", "unchanged"):
        return []
    since = desk.now.date() - desk.back if desk.back is not None else date.min
    done = []
    for n, edition in enumerate(e for e in looked.editions if e.opened):
        if n and (london_day(edition.updated_at) or edition.published_on or date.max) < since:
            continue
        with desk.memory.vault.one_step():  # because the files of an edition that come together came at one moment
            for attachment in selected(publication, edition.attachments):
                if not _wanted(publication, attachment, desk, newest=n == 0):
                    continue
                say(f"Fetching {attachment.name}")
                got = _bring(publication, edition, attachment, desk)
                done.append(got)
                if got.artefact is not None:
                    kept(got.artefact)
    return done


def _wanted(publication: Publication, attachment: Attachment, desk: Desk, *, newest: bool) -> bool:
    held = desk.memory.files.get((publication.id, attachment.url))
    if held is None or held.refused:
        return True
    if not desk.memory.vault.path(held.sha256).exists():
        return True
    # because a file may be replaced under its address
    return newest and desk.now - held.seen_at >= timedelta(days=RECHECK_DAYS)


def _bring(publication: Publication, edition: EditionSeen, attachment: Attachment, desk: Desk) -> Fetched:
    wanted = Wanted(
        url=attachment.url,
        name=attachment.name,
        edition_id=edition.id,
        edition_title=edition.title,
        published_on=attachment.published_on or edition.published_on,
        by_day=edition.by_day,
        updated_on=london_day(edition.updated_at),
        size=attachment.size,
    )
    asked = attachment.media in (QUERY, OBSERVATIONS)
    bring = partial(queries.bring, desk, attachment.media) if asked else desk.session.file
    return fetch(wanted, publication, bring, desk.memory, desk.now)


def _journal(publication: Publication, looked: Looked, fetched: Sequence[Fetched], requests: int, desk: Desk) -> None:
    findings = [*looked.findings, *(f.finding for f in fetched if f.finding)]
    well = looked.status in ("new", "unchanged")
    refused = any(f.outcome == "refused" for f in fetched)
    said = {
        "changes": [asdict(c) for c in looked.changes],
        "new": [f.artefact.name for f in fetched if f.artefact],
        "findings": [f.message for f in findings],
        "reason": looked.reason,
        "newest": looked.editions[0].id if well and looked.editions else "",
        "settled": desk.mark(publication) if well and not findings and not refused else "",
    }
    counts = {
        "requests": requests,
        "editions": len(desk.memory.editions_of(publication.id)),
        "unchanged": sum(f.outcome == "unchanged" for f in fetched),
    }
    told = {name: value for name, value in said.items() if value}
    desk.memory.note(LOOK, publication=publication.id, seen_at=desk.now, status=looked.status, **counts, **told)


def _count(looked: Looked, fetched: Sequence[Fetched], done: Watched) -> None:
    name = looked.publication
    is_counted = name in done.counted
    new = [f.artefact for f in fetched if f.artefact]
    if looked.status == "not_looked":
        done.not_looked.append(name)
    elif looked.status == "failed":
        done.failed.append(Failure(name, looked.reason, looked.reached))
    else:
        done.looked += is_counted
        done.unchanged += is_counted and looked.status == "unchanged" and not new
        done.failed += [Failure(name, f.message) for f in looked.findings if f.no_answer]
    done.failed += [Failure(name, f.finding.message, f.reached) for f in fetched if f.finding]
    done.new += new
    done.findings += [(name, f) for f in looked.findings]
    done.findings += [(name, f.finding) for f in fetched if f.finding]
    if looked.changes:
        done.changes[name] = looked.changes
