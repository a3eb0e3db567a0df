"""Which of the documents listed are editions of a series, and which documents are one edition."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from monitor.declarations import Publication
from pipelines.fetch.services import ASSETS, GOVUK, host_of
from pipelines.look.govuk import Member, page_url
from pipelines.look.records import OBSERVATIONS, PAGE, QUERY, READABLE, Attachment, EditionSeen
from pipelines.look.times import london_day
from pipelines.look.titles import edition_id, nearness, period_of, series_words

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Listed:
    """An edition as a list shows it: `paths` of all its addresses, the latest first; `ends` orders editions."""

    edition: EditionSeen
    paths: tuple[str, ...]
    ends: date


def listed(publication: Publication, members: Iterable[Member]) -> tuple[list[Listed], list[str]]:
    """The editions among some documents, newest period first, and the titles of the documents beside them."""
    groups: dict[str, list[Member]] = defaultdict(list)
    besides = []
    declared = {urlsplit(page).path: d.edition for d in publication.doubled for page in d.pages}
    for member in members:
        name = declared.get(member.base_path) or name_of(publication, member.title)
        if name is None:
            besides.append(member.title)
        else:
            groups[name].append(member)
    found = []
    for name, group in groups.items():
        kept, others = (group, []) if publication.editions else _one_series(publication, group)
        besides += [m.title for m in others]
        found.append(_listed(name, sorted(kept, key=lambda m: m.public_updated_at or _LONG_AGO, reverse=True)))
    return sorted(found, key=lambda one: (one.ends, one.edition.id), reverse=True), besides


def name_of(publication: Publication, title: str) -> str | None:
    """The id of the edition a title names; None when it is no edition of the series."""
    if not publication.is_edition(title):
        return None
    period = period_of(title)
    if period is not None:
        return edition_id(period)
    return "-".join(title.lower().split())[:60] if publication.editions else None


def selected(publication: Publication, attachments: Iterable[Attachment]) -> list[Attachment]:
    """The files a declaration asks for, by title (by file name where a file has none); every one otherwise.

    A file is a spreadsheet, or a page of HTML on the site or on a host that the publication declares.
    """
    patterns = [re.compile(a.title, re.IGNORECASE) for a in publication.attachments]
    sites = {host_of(GOVUK), host_of(ASSETS), *hosts_of(publication)}
    found = []
    for a in attachments:
        is_file = a.media in READABLE or (a.media == PAGE and host_of(a.url) in sites)
        declared = not patterns or any(p.search(a.title or a.name) for p in patterns)
        if (is_file and declared) or a.media in (QUERY, OBSERVATIONS):
            found.append(a)
    return found


def hosts_of(publication: Publication) -> set[str]:
    """The hosts that a publication declares pages on, besides the site's own."""
    return {host_of(page) for page in (publication.collection, *publication.pages) if page.startswith("https://")}


def _one_series(publication: Publication, group: Sequence[Member]) -> tuple[list[Member], list[Member]]:
    """Documents of one period, told apart by their titles where no pattern does: those nearest to the series'."""
    own = series_words(publication.title)
    by_words: dict[frozenset[str], list[Member]] = defaultdict(list)
    for member in group:
        by_words[series_words(member.title)].append(member)
    nearest = max(by_words, key=lambda words: nearness(words, own))
    return by_words[nearest], [m for words, ms in by_words.items() if words != nearest for m in ms]


def _listed(name: str, group: Sequence[Member]) -> Listed:
    first = group[0]
    period = period_of(first.title)
    updated = first.public_updated_at
    edition = EditionSeen(
        id=name,
        title=first.title,
        url=page_url(first.base_path),
        published_on=london_day(updated),
        updated_at=updated,
        content_id=first.content_id,
        designation=first.document_type.replace("_", " "),
        withdrawn=all(m.withdrawn for m in group),
        also=tuple(page_url(m.base_path) for m in group[1:]),
    )
    ends = period.end if period else london_day(updated) or date.min
    return Listed(edition, tuple(m.base_path for m in group), ends)
