"""Editions on GOV.UK: of a collection, of single pages, of what a search names."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from monitor.declarations import Publication
from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.services import GOVUK, host_of
from pipelines.look import govuk
from pipelines.look.desk import Desk
from pipelines.look.elsewhere import linked
from pipelines.look.found import (
    Found,
    by_period,
    found_at,
    join,
    missing,
    moved,
    newest_first,
    say_missing,
    tried,
    with_remembered,
)
from pipelines.look.members import Listed, listed, name_of, selected
from pipelines.look.records import EditionSeen
from pipelines.look.times import london_day
from pipelines.look.titles import period_of


def collection(publication: Publication, desk: Desk, findings: list[Finding]) -> Found | None:
    """The collection's editions; where it cannot be read, those of the first of `pages` that can."""
    if quiet := _quiet(publication, desk):
        return quiet
    failures = list[Failed]()
    here, elsewhere = _apart(publication.pages)
    for path in dict.fromkeys((publication.collection.partition("#")[0], *here)):
        opened = tried(partial(desk.open, path, findings), failures)
        if opened is None:
            continue
        if isinstance(opened.item, govuk.Page):
            return _paged(publication, desk, findings, [opened.path])
        if isinstance(opened.item, govuk.Collection):
            if opened.path != path:
                findings.append(moved(path, opened.path))
            members, besides = listed(publication, opened.item.members)
            editions = _opened(publication, desk, findings, members)
            editions += _redirected(publication, desk, editions)
            if path in publication.pages:
                editions = with_remembered(publication, desk, editions)
            return found_at(editions, True, failures, findings, besides)
        say_missing(opened, findings, "a collection")
    if elsewhere:
        return linked(publication, desk, findings, elsewhere)
    return found_at((), False, failures, findings)


def _apart(paths: Sequence[str]) -> tuple[list[str], list[str]]:
    """Pages of the site, and pages that a publisher who left it moved to."""
    elsewhere = [path for path in paths if host_of(path) not in ("", host_of(GOVUK))]
    return [path for path in paths if path not in elsewhere], elsewhere


def _quiet(publication: Publication, desk: Desk) -> Found | None:
    """The newest edition as remembered, when nothing was left to do, and neither it nor the collection has changed."""
    newest = desk.settled(publication)
    if newest is None:
        return None
    for path in (publication.collection.partition("#")[0], newest.url.removeprefix(GOVUK)):
        try:
            if not desk.ask(govuk.content_url(path)).unchanged:
                return None
        except Failed:
            return None  # because the full look says so
    return Found([newest], as_before=True)


def pages(publication: Publication, desk: Desk, findings: list[Finding]) -> Found | None:
    """The editions of single pages, and of what a search names; the usual addresses where it names nothing."""
    paths, elsewhere = _apart(publication.pages or ((publication.collection,) if publication.collection else ()))
    if not publication.search:
        found = _paged(publication, desk, findings, paths) if paths else None
        return linked(publication, desk, findings, elsewhere) if found is None and elsewhere else found
    # because the index is not reliable, what it names is opened before it counts
    here, besides = listed(publication, _discovered(publication, desk, findings))
    discovered = _opened(publication, desk, findings, here)
    if discovered:
        return Found(with_remembered(publication, desk, discovered), besides)
    return _paged(publication, desk, findings, paths, _usual(publication, desk.now.date()))


def _discovered(publication: Publication, desk: Desk, findings: list[Finding]) -> list[govuk.Member]:
    url = govuk.discovery_url(publication.search, publication.organisations)
    try:
        asked = desk.ask(url, keep=False)
    except Failed as failed:
        findings.append(failed.finding)
        return []
    if asked.status != 200:
        findings.append(missing(url, asked.status, None, "search results"))
        return []
    return govuk.read_discovered(asked.body, url, findings)


def _usual(publication: Publication, today: date) -> list[str]:
    """The usual addresses of this year's and last year's edition, where a year is all they take."""
    found = []
    for path in publication.paths:
        if set(re.findall(r"\{(.*?)\}", path)) == {"yyyy"}:
            last = path.count("{yyyy}")
            found += [
                path.replace("{yyyy}", str(year), 1).replace("{yyyy}", str(year + last - 1))
                for year in (today.year, today.year - 1)
            ]
    return found


def _paged(
    publication: Publication, desk: Desk, findings: list[Finding], paths: Sequence[str], perhaps: Sequence[str] = ()
) -> Found | None:
    """Editions of pages, one for each period named; `perhaps` are addresses where a page may be or not."""
    editions: dict[str, EditionSeen] = {}
    besides: list[str] = []
    reached, failures = False, list[Failed]()
    for path in (*paths, *perhaps):
        opened = tried(partial(desk.open, path, findings), failures)
        if opened is None:
            continue
        if isinstance(opened.item, govuk.Collection):
            here, others = listed(publication, opened.item.members)
            join(editions, _opened(publication, desk, findings, here))
            besides += others
        elif isinstance(opened.item, govuk.Page):
            if opened.path != path:
                findings.append(moved(path, opened.path))
            page = replace(opened.item, path=opened.path)
            join(editions, _editions_of_page(publication, desk, page))
        else:
            if path not in perhaps:
                say_missing(opened, findings, "a page")
            continue
        reached = True
    return found_at(newest_first(editions), reached, failures, findings, besides)


def _editions_of_page(publication: Publication, desk: Desk, page: govuk.Page) -> list[EditionSeen]:
    known = {name: value for name, value in vars(page).items() if name != "path"}
    whole = EditionSeen(id="", url=govuk.page_url(page.path), opened=True, **known)
    if period_of(page.title):
        name = name_of(publication, page.title)
        return [replace(whole, id=name)] if name else []
    return by_period(publication, desk, whole, selected(publication, page.attachments))


def _opened(publication: Publication, desk: Desk, findings: list[Finding], here: Sequence[Listed]) -> list[EditionSeen]:
    """Editions with their files, where they are new, changed or the newest, and not older than the pass goes back."""
    before = desk.memory.editions_of(publication.id)
    since = desk.now.date() - desk.back if desk.back is not None else date.min
    editions = []
    for n, one in enumerate(here):
        was = before.get(one.edition.id)
        as_before = was is not None and was.opened and _as_listed(was, one.edition)
        recent = (london_day(one.edition.updated_at) or date.max) >= since
        if n == 0 or (recent and not as_before):
            editions.append(_open(publication, desk, findings, one, was if as_before else None, was))
        else:
            editions.append(was if was is not None and _as_listed(was, one.edition) else one.edition)
    return editions


def _as_listed(was: EditionSeen, now: EditionSeen) -> bool:
    """Whether a list shows an edition as it was remembered."""
    listed_as = (was.title, was.url, was.updated_at, was.also) == (now.title, now.url, now.updated_at, now.also)
    return listed_as and now.withdrawn <= was.withdrawn  # because only the page itself may know that it is withdrawn


def _redirected(publication: Publication, desk: Desk, here: Sequence[EditionSeen]) -> list[EditionSeen]:
    """Editions that are listed no more and whose address leads to another: they were published all the same."""
    found, seen = [], {e.id for e in here}
    for was in list(desk.memory.editions_of(publication.id).values()):
        if was.id not in seen and was.url.startswith(f"{GOVUK}/"):
            opened = tried(partial(desk.open, was.url.removeprefix(GOVUK), []), [])
            if opened and opened.led_to:
                found.append(replace(was, redirected=opened.led_to))
    return found


def _open(
    publication: Publication,
    desk: Desk,
    findings: list[Finding],
    one: Listed,
    same: EditionSeen | None,
    was: EditionSeen | None,
) -> EditionSeen:
    """An edition with what its pages say. `same` is what is remembered, when the list shows no change of it."""
    read, led_to = [], ""
    for path in one.paths:
        mine = list[Finding]()
        try:
            opened = desk.open(path, mine)
        except Failed as failed:
            findings.append(failed.finding)
            continue
        if same is not None and opened.unchanged and opened.led_to == same.redirected:
            return same
        if opened.led_to:
            led_to = opened.led_to
        else:
            findings += mine
        if isinstance(opened.item, govuk.Page) and (not opened.led_to or _is_of(publication, one.edition, opened.item)):
            read.append(opened.item)
        elif not opened.led_to:
            say_missing(opened, findings, "an edition's page")
    if not read:
        return replace(was if was is not None else one.edition, redirected=led_to)
    files = {a.url: a for page in reversed(read) for a in page.attachments}
    first = [page.published_on for page in read if page.published_on]
    return replace(
        one.edition,
        published_on=min(first) if first else one.edition.published_on,
        designation=read[0].designation or one.edition.designation,
        withdrawn=one.edition.withdrawn or all(page.withdrawn for page in read),
        redirected=led_to,
        opened=True,
        attachments=tuple(files.values()),
        notes=read[0].notes,
    )


def _is_of(publication: Publication, edition: EditionSeen, page: govuk.Page) -> bool:
    """Whether the page that an edition's address leads to is its own: by its title, or by the site's name for it."""
    named = name_of(publication, page.title)
    return named == edition.id if named else page.content_id == edition.content_id
