"""A look at one publication: what its publisher shows now, and what of it is different."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.declarations import Publication
from pipelines.fetch.finding import Failed, Finding
from pipelines.look.compare import compare
from pipelines.look.desk import Desk
from pipelines.look.elsewhere import link_list, nomis_queries, ons_datasets
from pipelines.look.found import Way
from pipelines.look.on_govuk import collection, pages
from pipelines.look.queries import queries
from pipelines.look.records import EditionSeen, Looked, Status


def look(publication: Publication, desk: Desk) -> Looked:
    """What a publication shows now. Never raises for what a server does or says."""
    way = queries if publication.query else _WAYS.get(kind_of(publication))
    if way is None:
        reason = "no way of finding its editions is declared; add kind and collection or pages"
        return Looked(publication.id, "not_looked", reason=reason)
    findings, reached = list[Finding](), True
    try:
        found = way(publication, desk, findings)
    except Failed as failed:
        found, reached = None, failed.reached
        findings.append(failed.finding)
    before = desk.memory.editions_of(publication.id)
    if found is None or (before and not found.editions):
        if not findings:
            findings.append(_emptied(publication, len(before)))
        editions, reason = tuple(before.values()), findings[-1].message
        return Looked(publication.id, "failed", editions, findings=tuple(findings), reason=reason, reached=reached)
    if not found.editions:
        findings.append(_nothing(publication, found.besides))
    if any(f.no_answer for f in findings):
        # because a page that did not answer has not taken back what it lists
        found = replace(found, editions=[_with_files_of(before.get(e.id), e) for e in found.editions])
    last = desk.memory.looks.get(publication.id)
    first = last is None or last.succeeded_at is None
    # because at a first look everything is new to us and nothing is news
    changes = () if first or found.as_before else compare(before, found.editions)
    status: Status = "new" if changes or (first and found.editions) else "unchanged"
    besides = tuple(found.besides)
    return Looked(publication.id, status, tuple(found.editions), changes, tuple(findings), besides=besides)


def kind_of(publication: Publication) -> str:
    """How a publication is looked at: as declared, or by its address where nothing is."""
    if publication.kind:
        return publication.kind
    return "govuk-collection" if publication.collection.startswith("/government/collections/") else ""


def _with_files_of(was: EditionSeen | None, now: EditionSeen) -> EditionSeen:
    known = {a.url: a for a in (*now.attachments, *(was.attachments if was else ()))}
    return now if len(known) == len(now.attachments) else replace(now, attachments=tuple(known.values()))


def _emptied(publication: Publication, had: int) -> Finding:
    where = publication.collection or ", ".join(publication.pages)
    expected = f"editions, of which {had} were seen before"
    remedy = "What is held is kept. Open the page: was it moved or emptied?"
    return Finding("empty_collection", where, expected, "none", remedy, "critical")


def _nothing(publication: Publication, besides: Sequence[str]) -> Finding:
    found = f"none among {len(besides)} documents, such as {besides[0]!r}" if besides else "none"
    where = publication.collection or ", ".join((*publication.pages, publication.search))
    remedy = "Check the patterns under `editions`."
    return Finding("no_editions", where, "editions of the series", found, remedy, "note")


_WAYS: Mapping[str, Way] = {
    "govuk-collection": collection,
    "govuk-page": pages,
    "statistical-data-set": pages,
    "link-list": link_list,
    "ons-dataset": ons_datasets,
    "nomis": nomis_queries,
}
