"""One polite request to each service: whether it answers this monitor, with what status, and how fast."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.declarations import Publication
from pipelines.fetch.finding import Failed
from pipelines.fetch.services import ASSETS, EFF, NOMIS, ONS
from pipelines.fetch.session import Limits, Session
from pipelines.look import govuk, nomis, ons
from pipelines.look.found import missing
from pipelines.look.looker import kind_of

_PATIENCE = 20.0
"""Seconds in which a service that works has answered."""


@dataclass(frozen=True)
class Probed:
    """What one service said to one request: no `status` where nothing usable came, and whether that is well."""

    service: str
    url: str
    status: int | None
    milliseconds: int
    well: bool
    said: str


def one_request() -> Limits:
    """The limits under which a service is asked once, and not again when it is busy."""
    return replace(Limits(), retries=0, page_seconds=_PATIENCE)


def probed(publications: Sequence[Publication], session: Session) -> list[Probed]:
    """Every service asked once for what a look would ask it for. Never raises for what a server does."""
    return [_asked(session, service, url) for service, url in _questions(publications)]


def _questions(publications: Sequence[Publication]) -> Iterator[tuple[str, str]]:
    collections = [p.collection for p in publications if kind_of(p) == "govuk-collection" and p.collection]
    queries = [q for p in publications for q in p.query]
    pages = [page for p in publications for page in (p.collection, *p.pages) if page.startswith(f"{EFF}/")]
    tables = [nomis.table_url(q.dataset, q.areas, q.dimensions) for q in queries if q.service == "nomis"]
    yield "GOV.UK content", govuk.content_url(next(iter(collections), "/"))
    yield "GOV.UK search", govuk.discovery_url("statistics", (), 1)
    yield "GOV.UK assets", f"{ASSETS}/robots.txt"
    datasets = [q.dataset for q in queries if q.service == "ons-dataset"]
    yield "ONS", ons.dataset_url(datasets[0]) if datasets else f"{ONS}/datasets?limit=1"
    yield "Nomis", f"{tables[0]}&recordlimit=1" if tables else f"{NOMIS}/dataset/NM_1_1/time.def.sdmx.json"
    yield "Ethnicity facts and figures", next(iter(pages), f"{EFF}/")


def _asked(session: Session, service: str, url: str) -> Probed:
    started = time.perf_counter()
    try:
        answer, why = session.page(url), ""
    except Failed as failed:
        answer, why = None, failed.finding.message
    took = round((time.perf_counter() - started) * 1000)
    if answer is None:
        return Probed(service, url, None, took, False, f"does not work, after {took} ms. {why}")
    well, said = answer.status in (200, 404, 410), f"status {answer.status} in {took} ms"
    if not well:
        why = missing(url, answer.status, None, "an answer").message
    elif answer.status == 200 and not url.startswith(EFF) and answer.body.lstrip()[:1] == b"<":
        well, why = False, f"{url}: expected data, found a web page. Does a proxy or a log-in page stand between?"
    elif answer.status != 200:
        why = f"It works, though what was asked for is not there: {url}"
    return Probed(service, url, answer.status, took, well, f"{said}. {why}".rstrip(". ") + ".")
