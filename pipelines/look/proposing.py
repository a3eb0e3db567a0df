"""Addresses that could be meant by a declared one that does not answer: searched for and opened, never taken."""

import json
from collections import deque
from dataclasses import dataclass

from monitor.declarations import Publication
from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.services import GOVUK
from pipelines.fetch.session import Session
from pipelines.look import govuk
from pipelines.look.found import missing
from pipelines.look.members import listed
from pipelines.look.titles import nearness, series_words

_MOST_SEARCHES, _MOST_RESULTS, _MOST_OPENED = 4, 10, 16
_KINDS = ("govuk-collection", "govuk-page", "statistical-data-set")


@dataclass(frozen=True)
class Candidate:
    """A page that could be the series: what it is called, whose it is, where, why; `write` is what accepts it."""

    title: str
    organisations: tuple[str, ...]
    address: str
    why: str
    write: tuple[str, ...]
    rank: tuple[object, ...]


@dataclass(frozen=True)
class AddressesFound:
    """What each declared address says now, candidates with the best first, and what could not be asked."""

    declared: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    failed: tuple[str, ...]


def candidates(publication: Publication, session: Session) -> AddressesFound:
    """Pages of the site that could be a publication, by its title and organisations. Never raises for an answer."""
    failed: list[str] = []
    declared = []
    for path in dict.fromkeys(filter(None, (publication.collection, *publication.pages))):
        if path.startswith("/"):
            declared.append(f"{govuk.page_url(path)}: {_said(publication, *_opened(session, path, failed))}")
    if not declared:
        declared.append("no address of a page on the site that is searched")
    paths: deque[str] = deque(_searched(publication, session, failed))
    found, seen = [], set[str]()
    while paths and len(seen) < _MOST_OPENED:
        path = paths.popleft()
        if path in seen or not path.startswith("/") or path.startswith("//"):
            continue
        seen.add(path)
        item, beside, _ = _opened(session, path, failed)
        if isinstance(item, govuk.Page) and beside.collections:
            paths.extendleft(reversed(beside.collections))  # because an edition stands in the collection that is meant
        elif isinstance(item, govuk.Page | govuk.Collection) and (one := _candidate(publication, path, item, beside)):
            found.append(one)
    best = sorted(found, key=lambda c: c.rank, reverse=True)
    return AddressesFound(tuple(declared), tuple(best), tuple(dict.fromkeys(failed)))


def _searched(publication: Publication, session: Session, failed: list[str]) -> list[str]:
    """Paths that the search names for a title, else for other names, else of any organisation."""
    names = list(dict.fromkeys(filter(None, (publication.title, publication.search, *publication.aliases))))
    asked = [(words, publication.organisations) for words in names[: _MOST_SEARCHES - 1]]
    for words, organisations in dict.fromkeys([*asked, (publication.title, ())]):
        url, findings = govuk.discovery_url(words, organisations, _MOST_RESULTS, ""), list[Finding]()
        try:
            answer = session.page(url)
        except Failed as error:
            failed.append(error.finding.message)
            continue
        if answer.status != 200:
            failed.append(missing(url, answer.status, None, "search results").message)
            continue
        found = [m.base_path for m in govuk.read_discovered(answer.body, url, findings)]
        failed += [f.message for f in findings]
        if found:
            return found
    return []


def _opened(session: Session, path: str, failed: list[str]) -> tuple[govuk.Item | None, govuk.Beside, int]:
    url = govuk.content_url(path)
    try:
        answer = session.page(url)
    except Failed as error:
        failed.append(error.finding.message)
        return None, govuk.Beside((), ()), 0
    read = govuk.read_item(answer.body, url, []) if answer.status in (200, 410) and answer.body else None
    return read, govuk.read_beside(answer.body) if read else govuk.Beside((), ()), answer.status


def _said(publication: Publication, item: govuk.Item | None, _: govuk.Beside, status: int) -> str:
    """What a declared address says now, in words."""
    if isinstance(item, govuk.Collection):
        return f"answers: {_lists(publication, item)[1]}"
    if isinstance(item, govuk.Page):
        return f"answers, as a page of its own: {item.title!r}"
    if isinstance(item, govuk.Moved):
        return f"leads to {govuk.page_url(item.to)}"
    if item is not None:
        return f"answers, and is neither a collection nor a page with files (status {status})"
    return f"does not answer (status {status})" if status else "could not be asked"


def _lists(publication: Publication, item: govuk.Collection) -> tuple[int, str]:
    here, _ = listed(publication, item.members)
    return len(here), f"a collection of {len(item.members)} documents, {len(here)} of them editions of the series"


def _candidate(
    publication: Publication, path: str, item: govuk.Page | govuk.Collection, beside: govuk.Beside
) -> Candidate | None:
    own = series_words(publication.title)
    common, fewer, _ = nearness(series_words(item.title), own)
    editions, what = _lists(publication, item) if isinstance(item, govuk.Collection) else (0, "a page of its own")
    if own and not common:
        return None
    theirs = any(name.lower() in publication.publisher.lower() for name in beside.organisations)
    why = [what, f"{common} of {len(own)} telling words of the title are the same"]
    why += ["its organisation is the one declared"] if theirs else []
    why += ["it is what is declared"] if path in (publication.collection, *publication.pages) else []
    why += ["it is withdrawn"] if item.withdrawn else []
    rank = (not item.withdrawn, common, editions > 0, isinstance(item, govuk.Collection), theirs, fewer, editions, path)
    write = _write(publication, path, isinstance(item, govuk.Collection))
    return Candidate(item.title, beside.organisations, GOVUK + path, "; ".join(why), write, rank)


def _write(publication: Publication, path: str, lists: bool) -> tuple[str, ...]:
    """The lines of a declaration that accept an address."""
    pages = [*publication.pages, path] if len(publication.pages) > 1 else [path]
    key = f'collection = "{path}"' if publication.collection or lists else f"pages = {json.dumps(pages)}"
    kind = "govuk-collection" if lists else "govuk-page"
    return (key,) if publication.kind in ("", *_KINDS) else (f'kind = "{kind}"', key)
