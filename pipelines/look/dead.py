"""Links that fail: dead only when a second look, at least a day later, finds the same; else noted as mended.

An address that we only guessed and that never answered is not dead: perhaps it is wrong, which is ours.
"""

from collections.abc import Sequence
from dataclasses import replace

from monitor.declarations import Publication
from monitor.settings import DEAD_LINK_WAIT
from pipelines.fetch.finding import Finding
from pipelines.fetch.keep import Fetched
from pipelines.fetch.services import GOVUK
from pipelines.look.desk import Desk
from pipelines.look.records import Looked

_MAY_BE_DEAD = ("dead_link", "too_slow")


def judged(
    publication: Publication, looked: Looked, fetched: Sequence[Fetched], desk: Desk
) -> tuple[Looked, list[Fetched]]:
    """A look and its files with every failing link judged, and what is new of them noted."""
    looked = replace(looked, findings=tuple(_searched_for(publication, f) for f in looked.findings))
    failing = [f for f in looked.findings if _may_be_dead(f, looked.reached)]
    failing_files = [f.finding for f in fetched if f.finding and _may_be_dead(f.finding, f.reached)]
    said = {f.where: _judged(publication, f, desk, page=True) for f in failing}
    said |= {f.where: _judged(publication, f, desk, page=False) for f in failing_files}
    for url in [u for u, m in desk.memory.missing.items() if m.publication == publication.id and u not in said]:
        mended = url in desk.session.answered
        if mended or (looked.status in ("new", "unchanged") and url not in desk.session.asked):
            desk.memory.note_mended(url, "answers" if mended else "no longer linked", desk.now)
    findings = tuple(said.get(f.where, f) if f in failing else f for f in looked.findings)
    reason = findings[-1].message if looked.status == "failed" and findings else looked.reason
    files = [replace(f, finding=said.get(f.finding.where, f.finding)) if f.finding else f for f in fetched]
    return replace(looked, findings=findings, reason=reason), files


def _may_be_dead(finding: Finding, reached: bool) -> bool:
    return finding.check in _MAY_BE_DEAD and (reached or finding.check == "too_slow")


def _is_guess(publication: Publication, address: str, desk: Desk) -> bool:
    """Whether an address is declared, was never seen for sure by whoever declared it, and has never answered us."""
    never = address not in desk.memory.pages
    return publication.sure != "seen" and never and _is_declared(publication, address)


def _is_declared(publication: Publication, address: str) -> bool:
    declared = [p.removeprefix(GOVUK) for p in (publication.collection, *publication.pages) if p]
    return any(address.endswith(path) for path in declared)


def _searched_for(publication: Publication, finding: Finding) -> Finding:
    """What was found at a declared address that shows something else than was expected, with how to search for it."""
    if finding.check not in ("unexpected_answer", "gone") or not _is_declared(publication, finding.where):
        return finding
    return replace(finding, remedy=f"{finding.remedy} {_search(publication)}".strip())


def _search(publication: Publication) -> str:
    return f"`justice-monitor fetch --propose {publication.id}` searches for where it is; a person accepts what fits."


def _judged(publication: Publication, finding: Finding, desk: Desk, *, page: bool) -> Finding:
    if page and _is_guess(publication, finding.where, desk):
        return replace(finding, check="link_fails", severity="warning", remedy=f"{_GUESSED} {_search(publication)}")
    held = desk.memory.missing.get(finding.where)
    if held is None:
        desk.memory.note_missing(publication.id, finding.where, finding.found, desk.now, page=page)
    if held is None or (held.dead_at is None and desk.now - held.since < DEAD_LINK_WAIT):
        check = "link_fails" if finding.check == "dead_link" else finding.check
        return replace(finding, check=check, severity="warning", remedy=_FIRST)
    if held.dead_at is None:
        desk.memory.note_dead(finding.where, desk.now)
    found = f"{finding.found}, as on {held.since:%-d %B %Y}"
    remedy = f"{_DEAD} {_search(publication)}" if page else f"{_DEAD} Look for it on the publisher's site."
    return replace(finding, check="dead_link", found=found, severity="critical", remedy=remedy)


_FIRST = "It counts as dead when a second look, a day later, finds the same."
_GUESSED = "Perhaps our address is wrong: it is not known for sure and has never answered."
_DEAD = "It is dead: what is held is kept."
