"""Tables asked of statistics services once a week: each a delimited file of its edition, whole or not at all."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType

from monitor.declarations import Publication, Query
from monitor.settings import RECHECK_DAYS
from pipelines.fetch.finding import Failed, Finding
from pipelines.fetch.remembered import Answer, Validators
from pipelines.look import codes, nomis, ons
from pipelines.look.desk import Desk
from pipelines.look.found import Found, found_at, join, missing, newest_first, tried
from pipelines.look.records import OBSERVATIONS, QUERY, Attachment, EditionSeen

Asking = Callable[[Query, Desk, list[Finding]], EditionSeen | None]
"""How one service is asked what it has: an edition with one file, or None with findings. Raises `Failed`."""


def queries(publication: Publication, desk: Desk, findings: list[Finding]) -> Found | None:
    """The tables a publication declares, as files of their editions."""
    asking = [partial(_ASKED[query.service], query, desk, findings) for query in publication.query]
    return asked_weekly(publication, desk, findings, asking)


def asked_weekly(
    publication: Publication, desk: Desk, findings: list[Finding], asking: Iterable[Callable[[], EditionSeen | None]]
) -> Found | None:
    """The editions that some questions to a service give, each asked once a week."""
    if recent := _asked_lately(publication, desk):
        return recent
    editions: dict[str, EditionSeen] = {}
    failures = list[Failed]()
    for ask in asking:
        edition = tried(ask, failures)
        join(editions, [edition] if edition else [])
    return found_at(newest_first(editions), bool(editions), failures, findings)


def _asked_lately(publication: Publication, desk: Desk) -> Found | None:
    """What is remembered of a source that changes once in years, when it was asked within the week and gave all."""
    last = desk.memory.looks.get(publication.id)
    before = desk.memory.editions_of(publication.id)
    if not before or last is None or last.asked_at is None or desk.now - last.asked_at >= timedelta(days=RECHECK_DAYS):
        return None
    files = [a for edition in before.values() for a in edition.attachments]
    held = {a.name for a in files if (publication.id, a.url) in desk.memory.files}
    wanted = {query.file for query in publication.query} or {a.name for a in files}
    return Found(newest_first(before)) if wanted <= held else None


def body_of(desk: Desk, url: str) -> bytes:
    """What a service answered. Raises `Failed` with its own words when it refused."""
    asked = desk.ask(url)
    if asked.status == 200:
        return asked.body
    if said := ons.errors_of(asked.body):
        remedy = "Ask for fewer categories or larger areas in `query`, or mend its names."
        raise Failed(Finding("refused_by_service", url, "a table", f"status {asked.status}: {said}", remedy))
    raise Failed(missing(url, asked.status, None, "data"))


def _edition(query: Query, url: str, file: Attachment) -> EditionSeen:
    return EditionSeen(
        id=query.edition, title=query.title, url=url, published_on=file.published_on, opened=True, attachments=(file,)
    )


def _file(query: Query, url: str, title: str, media: str) -> Attachment:
    return Attachment(url, query.file, title, media, published_on=query.published_on)


def _nomis(query: Query, desk: Desk, findings: list[Finding]) -> EditionSeen:
    url = nomis.table_url(query.dataset, query.areas, query.dimensions)
    first = f"{url}&recordlimit=1"
    table = nomis.first_row(first, body_of(desk, first))
    return _edition(query, url, _file(query, url, f"{query.dataset}, {table.rows} rows", QUERY))


def _observations(query: Query, desk: Desk, findings: list[Finding]) -> EditionSeen | None:
    url = ons.observations_url(query.dataset, query.areas, tuple(query.dimensions))
    table = ons.read_observations(body_of(desk, url), url, findings)
    if table is None:
        return None
    return _edition(query, url, _file(query, url, f"{len(table.rows)} observations", OBSERVATIONS))


def _dataset(query: Query, desk: Desk, findings: list[Finding]) -> EditionSeen | None:
    version = latest_version(query.dataset, desk, findings)
    if version is None or version.file is None:
        return None
    day = version.published_on or query.published_on
    return _edition(query, ons.dataset_url(query.dataset), replace(version.file, name=query.file, published_on=day))


def latest_version(dataset: str, desk: Desk, findings: list[Finding]) -> ons.Version | None:
    """The latest version of a data set; None and findings when it cannot be read. Raises `Failed`."""
    url = ons.dataset_url(dataset)
    latest = ons.read_dataset(body_of(desk, url), url, findings)
    return ons.read_version(body_of(desk, latest), latest, findings) if latest else None


_ASKED: Mapping[str, Asking] = MappingProxyType(
    {"nomis": _nomis, "ons-observations": _observations, "ons-dataset": _dataset}
)


def bring(desk: Desk, media: str, url: str, path: Path, known: Validators | None) -> Answer:
    """A whole table into `path`, its codes compared with the code list. Raises `Failed`."""
    if media == OBSERVATIONS:
        findings: list[Finding] = []
        table = ons.read_observations(body_of(desk, url), url, findings)
        if table is None:
            raise Failed(findings[-1])
        lines = [[f"{name}_{part}" for name in table.dimensions for part in ("code", "name")] + ["observation"]]
        lines += [list(row) for row in table.rows]
    else:
        served = nomis.whole_table(url, lambda page: desk.session.page(page).body)
        lines = list(csv.reader(io.StringIO(served.decode(), newline="")))
    codes.compare(url, lines[0], lines[1:])
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(lines)
    return Answer(url, 200, url, known or Validators(), "text/csv", size=path.stat().st_size)
