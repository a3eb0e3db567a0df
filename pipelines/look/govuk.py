"""The Content API and the Search API of GOV.UK: answers to records, told by `document_type`. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote, unquote, urlencode, urljoin

import pydantic

from monitor.watch.calendar import Announcement, State
from pipelines.fetch.finding import Finding
from pipelines.fetch.services import GOVUK
from pipelines.look import links
from pipelines.look.reading import Record, read_json, record, records
from pipelines.look.records import PAGE, Attachment
from pipelines.look.times import announced, london_day, moment

_FIELDS = (
    "title,link,content_id,release_timestamp,display_date,statistics_announcement_state,display_type,public_timestamp"
)
MOST_RESULTS = 1500

Moment = Annotated[datetime | None, pydantic.BeforeValidator(moment)]
Words = Annotated[str, pydantic.BeforeValidator(lambda said: "" if said is None else said)]


class Member(Record):
    """One document of a collection, as its `links.documents` name it."""

    base_path: str
    title: str
    content_id: Words = ""
    document_type: Words = ""
    public_updated_at: Moment = None
    withdrawn: bool = False


class _File(Record):
    attachment_type: str
    url: str
    id: Words = ""
    title: Words = ""
    filename: Words = ""
    file_size: int | None = None


class _Note(Record):
    public_timestamp: Moment = None
    note: Words = ""


class _Redirect(Record):
    path: str
    type: Words = "exact"
    destination: str
    segments_mode: Words = ""


class _Item(Record):
    base_path: Words = ""
    title: Words = ""
    document_type: str
    schema_name: Words = ""
    content_id: Words = ""
    public_updated_at: Moment = None
    first_published_at: Moment = None
    withdrawn_notice: dict[str, Any] | None = None
    details: dict[str, Any] = pydantic.Field(default_factory=dict)
    links: dict[str, Any] = pydantic.Field(default_factory=dict)
    redirects: tuple[Any, ...] = ()


class _Announced(Record):
    display_date: str
    state: State
    release_timestamp: Moment = None
    previous_display_date: Words = ""
    latest_change_note: Words = ""
    cancellation_reason: Words = ""


class _Result(Record):
    title: str
    link: str
    content_id: Words = ""
    display_date: Words = ""
    statistics_announcement_state: State | None = None
    release_timestamp: Moment = None
    public_timestamp: Moment = None


@dataclass(frozen=True)
class Collection:
    """A collection: its members once each, in order."""

    title: str
    members: tuple[Member, ...]
    withdrawn: bool = False


@dataclass(frozen=True)
class Page:
    """A publication, a data set or an html publication, with its files."""

    path: str
    title: str
    content_id: str
    designation: str
    published_on: date | None
    updated_at: datetime | None
    withdrawn: bool
    attachments: tuple[Attachment, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """What any page says of where it stands: its organisations, and the addresses of collections that list it."""

    organisations: tuple[str, ...]
    collections: tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    """A redirect, which answers 200: where to, as a path here or an address elsewhere."""

    to: str


@dataclass(frozen=True)
class Gone:
    """A page taken down, with the publisher's words and alternative, if any."""

    explanation: str
    alternative: str


Item = Collection | Page | Announcement | Moved | Gone


def content_url(path: str) -> str:
    """The address of a page's content item."""
    return f"{GOVUK}/api/content/{quote(unquote(path.lstrip('/')), safe='/')}"


def page_url(path: str) -> str:
    """The address a reader opens; an address that is complete stays, and so does one that cannot be read."""
    if path.startswith("/") and not path.startswith("//"):
        return GOVUK + path
    try:
        return urljoin(f"{GOVUK}/", path)
    except ValueError:
        return path


def announcements_url(day: date, organisations: tuple[str, ...]) -> str:
    """The search for every statistics announcement of some organisations due from a day on."""
    asked = [("filter_format", "statistics_announcement")]
    asked += [("filter_organisations", name) for name in organisations]
    asked += [("filter_release_timestamp", f"from:{day.isoformat()}"), ("order", "release_timestamp")]
    asked += [("count", str(MOST_RESULTS)), ("fields", _FIELDS)]
    return f"{GOVUK}/api/search.json?{urlencode(asked, safe=':,')}"


def discovery_url(
    words: str, organisations: tuple[str, ...], count: int = 100, order: str = "-public_timestamp"
) -> str:
    """The search for pages by words, the likeliest first where no order is asked. The Content API decides of each."""
    asked = [("q", words[:512])]
    asked += [("filter_organisations", name) for name in organisations]
    asked += [("order", order)] if order else []
    asked += [("count", str(count)), ("fields", "title,link,content_id,public_timestamp")]
    return f"{GOVUK}/api/search.json?{urlencode(asked, safe=':,')}"


def read_item(body: bytes, url: str, findings: list[Finding]) -> Item | None:
    """A content item by what it says it is; None and findings when it cannot be read."""
    said = read_json(body, url, findings)
    item = record(_Item, said, f"{url}#", findings) if said is not None else None
    if item is None:
        return None
    if item.document_type == "redirect":
        return _moved(item, url, findings)
    if item.document_type == "gone":
        words = item.details
        return Gone(_plain(words.get("explanation")), str(words.get("alternative_path") or ""))
    if item.schema_name == "statistics_announcement" or item.document_type.endswith("_announcement"):
        return _announcement(item, url, findings)
    if item.document_type == "document_collection":
        return _collection(item, url, findings)
    return _page(item, url, findings)


def read_beside(body: bytes) -> Beside:
    """Where a page stands, as far as it says so."""
    item = record(_Item, read_json(body, "", []), "", [])
    links = item.links if item else {}
    organisations = records(Member, links.get("organisations") or (), "", [])
    collections = records(Member, links.get("document_collections") or (), "", [])
    return Beside(tuple(o.title for o in organisations), tuple(c.base_path for c in collections))


def _collection(item: _Item, url: str, findings: list[Finding]) -> Collection:
    documents = item.links.get("documents")
    if documents is None:
        found = "no such key"
        findings.append(Finding("empty_collection", f"{url}#.links.documents", "the collection's documents", found))
    members = records(Member, documents, f"{url}#.links.documents", findings) if documents is not None else []
    once = {m.content_id or m.base_path: m for m in reversed(members)}
    return Collection(item.title, tuple(reversed(once.values())), bool(item.withdrawn_notice))


def _page(item: _Item, url: str, findings: list[Finding]) -> Page:
    details = item.details
    said = details.get("attachments")
    files = records(_File, said, f"{url}#.details.attachments", findings) if said is not None else []
    attachments = [_attachment(f) for f in files]
    if item.schema_name == "html_publication":
        attachments = [_as_file(page_url(item.base_path), item.title)]
    elif not attachments and isinstance(details.get("body"), str):
        attachments = links.spreadsheets(details["body"], page_url(item.base_path))
    first = moment(details.get("first_public_at")) or item.first_published_at
    notes = details.get("change_history")
    history = records(_Note, notes, f"{url}#.details.change_history", findings) if notes is not None else []
    return Page(
        path=item.base_path,
        title=item.title,
        content_id=item.content_id,
        designation=str(details.get("document_type_label") or item.document_type.replace("_", " ")),
        published_on=london_day(first),
        updated_at=item.public_updated_at,
        withdrawn=bool(item.withdrawn_notice),
        attachments=tuple({a.url: a for a in attachments}.values()),
        notes=tuple(f"{london_day(n.public_timestamp)}: {_plain(n.note)}" for n in history if n.public_timestamp),
    )


def _attachment(file: _File) -> Attachment:
    url = page_url(file.url)
    name = file.filename or unquote(url.partition("?")[0].rpartition("/")[2])
    extension = links.extension(name)
    if file.attachment_type == "html" or (file.attachment_type == "external" and extension in ("", *_PAGES)):
        return _as_file(url, file.title)
    return Attachment(url, name, file.title, extension, file.file_size)


def _as_file(url: str, title: str) -> Attachment:
    """A page that is itself the attachment: its tables are read."""
    name = unquote(url.partition("?")[0].rstrip("/").rpartition("/")[2])
    return Attachment(url, name if links.extension(name) in _PAGES else f"{name}.html", title, PAGE)


_PAGES = ("html", "htm")


def _moved(item: _Item, url: str, findings: list[Finding]) -> Moved | None:
    rules = records(_Redirect, item.redirects, f"{url}#.redirects", findings)
    for rule in sorted(rules, key=lambda r: -len(r.path)):
        if rule.path == item.base_path:
            return Moved(rule.destination)
        if rule.type == "prefix" and item.base_path.startswith(f"{rule.path}/"):
            rest = item.base_path[len(rule.path) :] if rule.segments_mode == "preserve" else ""
            return Moved(rule.destination + rest)
    findings.append(Finding("unexpected_answer", f"{url}#.redirects", f"where {item.base_path} went", "no such rule"))
    return None


def _announcement(item: _Item, url: str, findings: list[Finding]) -> Announcement | None:
    said = record(_Announced, item.details, f"{url}#.details", findings)
    if said is None:
        return None
    known = {"path": item.base_path, "title": item.title, "state": said.state, "content_id": item.content_id}
    reason = _plain(said.cancellation_reason or said.latest_change_note)
    moved = {"previous": said.previous_display_date, "reason": reason}
    where = f"{url}#.details.display_date"
    return dated(where, findings, said.display_date, said.release_timestamp, **known, **moved)


def read_announcements(body: bytes, url: str, findings: list[Finding]) -> list[Announcement] | None:
    """The announcements of a search; None and findings when it cannot be read."""
    found = []
    results = _results(body, url, findings)
    for n, said in enumerate(results or ()):
        if said.statistics_announcement_state is None or not said.display_date:
            continue
        where, state = f"{url}#.results[{n}].display_date", said.statistics_announcement_state
        known = {"path": said.link, "title": said.title, "state": state, "content_id": said.content_id}
        one = dated(where, findings, said.display_date, said.release_timestamp, **known)
        found += [one] if one else []
    return None if results is None else found


def read_discovered(body: bytes, url: str, findings: list[Finding]) -> list[Member]:
    """The pages a search discovered, to be confirmed by their content items."""
    return [
        Member(base_path=r.link, title=r.title, content_id=r.content_id, public_updated_at=r.public_timestamp)
        for r in _results(body, url, findings) or ()
    ]


def _results(body: bytes, url: str, findings: list[Finding]) -> list[_Result] | None:
    said = read_json(body, url, findings)
    if said is None:
        return None
    results = said.get("results") if isinstance(said, dict) else None
    if results is None:
        findings.append(Finding("unexpected_answer", f"{url}#.results", "search results", "no such key"))
        return None
    return records(_Result, results, f"{url}#.results", findings)


def dated(
    where: str, findings: list[Finding], display: str, timestamp: datetime | None, **said: Any
) -> Announcement | None:
    """An announcement of what is `said` of it, dated by the words it displays; None and a finding without a date."""
    read = announced(display, timestamp)
    if read is None:
        findings.append(Finding("unexpected_answer", where, "a day, a month or two months", repr(display)))
        return None
    first, last, at, precision = read
    return Announcement(date=first, until=last, at=at, precision=precision, display=display, **said)


def _plain(said: object) -> str:
    return links.text(said) if isinstance(said, str) else ""
