"""Editions outside GOV.UK: linked from any page, data sets and queries of the statistics services."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from monitor.declarations import Publication
from monitor.settings import MOST_PAGES_BELOW
from pipelines.fetch.finding import Failed, Finding
from pipelines.look import govuk, links, nomis, ons
from pipelines.look.desk import Desk
from pipelines.look.found import Found, by_period, found_at, join, missing, newest_first, tried
from pipelines.look.members import selected
from pipelines.look.queries import asked_weekly, body_of, latest_version
from pipelines.look.records import QUERY, Attachment, EditionSeen


def link_list(publication: Publication, desk: Desk, findings: list[Finding]) -> Found | None:
    """The files that pages off the site link to."""
    return linked(publication, desk, findings, publication.pages or (publication.collection,))


def linked(publication: Publication, desk: Desk, findings: list[Finding], paths: Sequence[str]) -> Found | None:
    """The files that some pages link to, by the periods they name."""
    editions: dict[str, EditionSeen] = {}
    reached, failures = False, list[Failed]()
    for path in paths:
        url = govuk.page_url(path)
        asked = tried(partial(desk.ask, url), failures)
        if asked is None:
            continue
        if asked.status != 200:
            findings.append(missing(url, asked.status, None, "a page"))
            continue
        reached = True
        html = asked.body.decode("utf-8", "replace")
        files = selected(publication, links.spreadsheets(html, url) or _one_step_on(html, url, desk, findings))
        page = EditionSeen(id="", title=publication.title, url=url, opened=True)
        join(editions, by_period(publication, desk, page, files))
    return found_at(newest_first(editions), reached, failures, findings)


def _one_step_on(html: str, url: str, desk: Desk, findings: list[Finding]) -> list[Attachment]:
    """The files of the pages under a page that has none of its own: of a topic, those of its measures."""
    below = links.pages_below(html, url)
    if len(below) > MOST_PAGES_BELOW:
        found, remedy = f"{len(below)}", "The others were not opened; declare them under `pages`."
        findings.append(Finding("pages_left_out", url, f"at most {MOST_PAGES_BELOW} pages under it", found, remedy))
    files: dict[str, Attachment] = {}
    for page in below[:MOST_PAGES_BELOW]:
        try:
            asked = desk.ask(page)
        except Failed as failed:
            findings.append(failed.finding)
            continue
        if asked.status != 200:
            findings.append(missing(page, asked.status, None, "a page"))
            continue
        html = asked.body.decode("utf-8", "replace")
        measure = links.measure_of(page)
        for file in links.spreadsheets(html, page):
            # because pages of one topic call their files alike, and each is another table
            named = replace(file, name=f"{measure}-{file.name}", title=f"{measure}: {file.title}")
            files.setdefault(file.url, named)
    return list(files.values())


def ons_datasets(publication: Publication, desk: Desk, findings: list[Finding]) -> Found | None:
    """The latest versions of data sets, asked for once a week."""
    asking = [partial(_version, publication, desk, name, findings) for name in publication.datasets]
    return asked_weekly(publication, desk, findings, asking)


def _version(publication: Publication, desk: Desk, name: str, findings: list[Finding]) -> EditionSeen | None:
    """The latest version of a data set, as a file of the edition it is a version of."""
    version = latest_version(name, desk, findings)
    if version is None or version.file is None:
        return None
    title, day = f"{publication.title}, {version.edition}", version.published_on
    seen = EditionSeen(id=version.edition, title=title, url=ons.dataset_url(name), published_on=day, opened=True)
    return replace(seen, attachments=(version.file,))


def nomis_queries(publication: Publication, desk: Desk, findings: list[Finding]) -> Found | None:
    """Tables that are queries, asked for once a week."""
    asking = [partial(_query, publication, desk, query) for query in publication.datasets]
    return asked_weekly(publication, desk, findings, asking)


def _query(publication: Publication, desk: Desk, query: str) -> EditionSeen:
    """A table as its first row describes it; the table itself is a file to fetch."""
    url = nomis.query_url(query)
    first = f"{url}&recordlimit=1"
    table = nomis.first_row(first, body_of(desk, first))
    file = Attachment(url, f"{table.dataset}.csv", f"{table.dataset}, {table.rows} rows", QUERY)
    title = f"{publication.title}, {table.date}"
    return EditionSeen(id=table.date, title=title, url=url, opened=True, attachments=(file,))
