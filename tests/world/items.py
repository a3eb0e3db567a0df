"""Content items in the publisher's shapes. `test_shapes.py` holds them against the official schemas."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
Item = dict[str, Any]


def content_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def iso(at: dt.datetime) -> str:
    """A time as top-level keys have it: London's offset."""
    return at.astimezone(LONDON).isoformat()


def zulu(at: dt.datetime) -> str:
    """A time as linked items have it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _base(path: str, title: str, kind: str, schema: str, updated: dt.datetime, first: dt.datetime) -> Item:
    return {
        "analytics_identifier": None,
        "base_path": path,
        "content_id": content_id(path),
        "description": f"{title}.",
        "details": {},
        "document_type": kind,
        "first_published_at": iso(first),
        "links": {},
        "locale": "en",
        "phase": "live",
        "public_updated_at": iso(updated),
        "publishing_app": "whitehall",
        "publishing_request_id": None,
        "publishing_scheduled_at": None,
        "rendering_app": "frontend",
        "scheduled_publishing_delay_seconds": None,
        "schema_name": schema,
        "title": title,
        "updated_at": iso(updated),
        "withdrawn_notice": {},
    }


def file(url: str, title: str | None, size: int | None, media: str) -> Item:
    name = url.rpartition("/")[2]
    said = {
        "accessible": False,
        "attachment_type": "file",
        "content_type": media,
        "filename": name,
        "id": str(int(hashlib.sha256(url.encode()).hexdigest()[:7], 16)),
        "url": url,
    }
    return said | ({"title": title} if title else {}) | ({"file_size": size} if size is not None else {})


def publication(
    path: str,
    title: str,
    *,
    updated: dt.datetime,
    first: dt.datetime | None = None,
    attachments: Iterable[Item] = (),
    kind: str = "official_statistics",
    withdrawn: str = "",
    notes: Sequence[tuple[dt.datetime, str]] = (),
) -> Item:
    first = first or updated
    item = _base(path, title, kind, "publication", updated, first)
    item["details"] = {
        "attachments": list(attachments),
        "body": "",
        "change_history": [{"note": n, "public_timestamp": iso(at)} for at, n in ((first, "First published."), *notes)],
        "documents": [],
        "first_public_at": iso(first),
        "political": False,
    }
    if withdrawn:
        item["withdrawn_notice"] = {"explanation": f"<p>{withdrawn}</p>", "withdrawn_at": iso(updated)}
    return item


def data_set(path: str, title: str, *, updated: dt.datetime, attachments: Iterable[Item] = (), body: str = "") -> Item:
    item = _base(path, title, "statistical_data_set", "statistical_data_set", updated, updated)
    item["details"] = {"attachments": list(attachments), "body": body, "change_history": [], "political": False}
    return item


def link(item: Item) -> Item:
    """An item as a collection's `links.documents` shows it."""
    path = item["base_path"]
    return {
        "api_path": f"/api/content{path}",
        "api_url": f"https://www.gov.uk/api/content{path}",
        "base_path": path,
        "content_id": item["content_id"],
        "document_type": item["document_type"],
        "links": {},
        "locale": "en",
        "public_updated_at": zulu(dt.datetime.fromisoformat(item["public_updated_at"])),
        "schema_name": item["schema_name"],
        "title": item["title"],
        "web_url": f"https://www.gov.uk{path}",
        "withdrawn": bool(item["withdrawn_notice"]),
    }


def collection(path: str, title: str, members: Sequence[Item], *, first: dt.datetime, unmatched: int = 0) -> Item:
    """A collection. Its own dates stand still, as real ones do."""
    item = _base(path, title, "document_collection", "document_collection", first, first)
    ids = [m["content_id"] for m in members] + [content_id(f"{path}/unmatched/{n}") for n in range(unmatched)]
    item["details"] = {
        "body": "",
        "change_history": [{"note": "First published.", "public_timestamp": iso(first)}],
        "collection_groups": [{"body": "", "documents": ids, "title": "Documents"}],
        "emphasised_organisations": [],
        "first_public_at": iso(first),
        "political": False,
    }
    item["links"] = {"documents": [link(m) for m in members]}
    return item


def announcement(
    path: str,
    title: str,
    *,
    display: str,
    release: dt.datetime,
    state: str = "provisional",
    previous: str = "",
    note: str = "",
    cancelled: tuple[dt.datetime, str] | None = None,
    saved: dt.datetime,
) -> Item:
    item = _base(path, title, "official_statistics_announcement", "statistics_announcement", saved, saved)
    details: Item = {
        "display_date": display,
        "format_sub_type": "official",
        "release_timestamp": iso(release),
        "state": state,
    }
    if previous:
        details |= {"previous_display_date": previous, "latest_change_note": note}
    if cancelled:
        details |= {"state": "cancelled", "cancelled_at": iso(cancelled[0]), "cancellation_reason": cancelled[1]}
    item["details"] = details
    return item


def redirect(path: str, to: str, at: dt.datetime) -> Item:
    item = _base(path, "", "redirect", "redirect", at, at)
    return item | {
        "content_id": None,
        "title": None,
        "description": None,
        "rendering_app": None,
        "redirects": [{"path": path, "type": "exact", "destination": to}],
    }


def gone(path: str, explanation: str, at: dt.datetime, alternative: str = "") -> Item:
    item = _base(path, "", "gone", "gone", at, at)
    words = {"explanation": f"<p>{explanation}</p>", "alternative_path": alternative}
    return item | {"content_id": None, "title": None, "description": None, "rendering_app": None, "details": words}


def search_result(item: Item) -> Item:
    """An announcement as the search shows it."""
    details = item["details"]
    return {
        "title": item["title"],
        "link": item["base_path"],
        "content_id": item["content_id"],
        "release_timestamp": zulu(dt.datetime.fromisoformat(details["release_timestamp"])),
        "display_date": details["display_date"],
        "statistics_announcement_state": details["state"],
        "display_type": "Official Statistics",
        "public_timestamp": zulu(dt.datetime.fromisoformat(item["public_updated_at"])),
        "index": "government",
        "es_score": None,
        "_id": item["base_path"],
        "elasticsearch_type": "statistics_announcement",
        "document_type": "edition",
    }


def search(results: Sequence[Mapping[str, Any]]) -> Item:
    return {
        "results": list(results),
        "total": len(results),
        "start": 0,
        "aggregates": {},
        "suggested_queries": [],
        "suggested_autocomplete": [],
        "es_cluster": "A",
    }
