"""Links that fail: dead only when a second look, at least a day later, finds the same; else noted as mended."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.declarations import Publication
from monitor.settings import DEAD_LINK_WAIT
from pipelines.fetch.finding import Finding
from pipelines.fetch.keep import Fetched
from pipelines.look.desk import Desk
from pipelines.look.records import Looked

_MAY_BE_DEAD = ("dead_link", "too_slow")


def judged(
    publication: Publication, looked: Looked, fetched: Sequence[Fetched], desk: Desk
) -> tuple[Looked, list[Fetched]]:
    """A look and its files with every failing link judged, and what is new of them noted."""
    failing = [f for f in looked.findings if _may_be_dead(f, looked.reached)]
    failing_files = [f.finding for f in fetched if f.finding and _may_be_dead(f.finding, f.reached)]
    said = {f.where: _judged(publication, f, desk, page=True) for f in failing}
    said |= {f.where: _judged(publication, f, desk, page=False) for f in failing_files}
    for url in [u for u, m in desk.memory.missing.items() if m.publication == publication.id and u not in said]:
        mended = url in desk.session.answered
        if mended or (looked.status in ("new", "unchanged") and url not in desk.session.asked):
            desk.memory.note_mended(url, "answers" if mended else "no longer linked", desk.now)
    if not said:
        return looked, list(fetched)
    findings = tuple(said.get(f.where, f) if f in failing else f for f in looked.findings)
    reason = findings[-1].message if looked.status == "failed" and findings else looked.reason
    files = [replace(f, finding=said.get(f.finding.where, f.finding)) if f.finding else f for f in fetched]
    return replace(looked, findings=findings, reason=reason), files


def _may_be_dead(finding: Finding, reached: bool) -> bool:
    return finding.check in _MAY_BE_DEAD and (reached or finding.check == "too_slow")


def _judged(publication: Publication, finding: Finding, desk: Desk, *, page: bool) -> Finding:
    held = desk.memory.missing.get(finding.where)
    if held is None:
        desk.memory.note_missing(publication.id, finding.where, finding.found, desk.now, page=page)
    if held is None or (held.dead_at is None and desk.now - held.since < DEAD_LINK_WAIT):
        check = "link_fails" if finding.check == "dead_link" else finding.check
        return replace(finding, check=check, severity="warning", remedy=_FIRST)
    if held.dead_at is None:
        desk.memory.note_dead(finding.where, desk.now)
    found = f"{finding.found}, as on {held.since:%-d %B %Y}"
    return replace(finding, check="dead_link", found=found, severity="critical", remedy=_DEAD)


_FIRST = "It counts as dead when a second look, a day later, finds the same."
_DEAD = "It is dead: what is held is kept. Look for it on the publisher's site and tell the publisher."
