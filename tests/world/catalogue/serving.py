"""The plan into the world: every publication where its own declaration looks for it, an edition and its files."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .. import populations
from ..server import ASSETS, Asset, World
from .plan import File, Planned

DECLARED = Path(__file__).resolve().parents[3] / "pipelines" / "publications"
PUBLISHED = Path(__file__).resolve().parents[4] / "shared" / "published"
RELEASED = dt.datetime(2024, 7, 25, 8, 30, tzinfo=dt.UTC)
"""When everything was published: one look finds all of it new."""


@cache
def declared() -> Mapping[str, Mapping[str, Any]]:
    """What the declarations say, as data."""
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(DECLARED.glob("*.toml"))}


def hosts(planned: Iterable[Planned]) -> list[str]:
    """The hosts of publishers who have sites of their own."""
    found = {urlsplit(url).hostname for one in planned for url in _pages(declared()[one.publication])}
    ours = {None, "www.gov.uk", "www.ethnicity-facts-figures.service.gov.uk"}
    return sorted(host for host in found - ours if host)


def serve(world: World, planned: Iterable[Planned], *, real: bool = False) -> None:
    """Publish everything planned; `real`: the published files that are at hand, in place of those made."""
    world.now = RELEASED
    together: dict[tuple[str, str], list[File]] = {}
    for one in planned:
        kind, said = declared()[one.publication]["kind"], declared()[one.publication]
        if kind == "govuk-collection":
            together.setdefault((said["collection"], one.edition), []).extend(one.files)
        elif kind == "govuk-page":
            path = one.slug or (said.get("pages") or said["paths"])[0]
            _release(world, None, _filled(path), one.edition, one.files, real)
        elif kind == "nomis":
            _answer(world, one.files)
        else:
            _linked(world, said, one, real)
    for (collection, edition), files in together.items():
        if collection not in world.collections:
            world.series(collection.rpartition("/")[2], collection.rpartition("/")[2].replace("-", " ").capitalize())
        slug = re.sub(r"[^a-z0-9]+", "-", edition.lower()).strip("-")
        _release(world, collection, f"/government/statistics/{slug}", edition, files, real)


def bytes_of(file: File, real: bool) -> bytes:
    """The published file, where it is wanted and at hand; else the one made in its place."""
    path = PUBLISHED / file.real
    return path.read_bytes() if real and file.real and path.exists() else file.body


def is_real(file: File) -> bool:
    """Whether the published file is at hand."""
    return bool(file.real) and (PUBLISHED / file.real).exists()


def _release(world: World, collection: str | None, path: str, title: str, files: Iterable[File], real: bool) -> None:
    under, _, slug = path.rpartition("/")
    bodies = {f.name: bytes_of(f, real) for f in files}
    world.release(collection, slug, title, bodies, titles={f.name: f.title or title for f in files}, under=under)


def _filled(path: str) -> str:
    """A usual address with the years of the edition."""
    years = iter((str(RELEASED.year - 1), str(RELEASED.year)))
    return re.sub(r"\{yyyy\}", lambda _: next(years), path)


def _pages(said: Mapping[str, Any]) -> Iterator[str]:
    yield from (url for url in (*said.get("pages", ()), said.get("collection", "")) if url.startswith("https://"))


def _linked(world: World, said: Mapping[str, Any], one: Planned, real: bool) -> None:
    """A page of the publisher's own, with links to the files."""
    links = []
    for f in one.files:
        item = world.attach(f.name, bytes_of(f, real), f.title)
        links.append(f'<li><a href="{ASSETS}{urlsplit(item["url"]).path}">{f.title or one.edition}</a></li>')
    body = f"<!DOCTYPE html><html><body><h1>{one.edition}</h1><ul>{''.join(links)}</ul></body></html>"
    for url in said.get("pages") or [said["collection"]]:
        parts = urlsplit(url)
        page = Asset(body.encode(), "text/html; charset=utf-8", world.now)
        world.pages[f"https://{parts.netloc}{parts.path or '/'}"] = page
        if parts.netloc == "www.ethnicity-facts-figures.service.gov.uk":
            world.pages[parts.path] = page


def _answer(world: World, files: Iterable[File]) -> None:
    """Queries, answered row for row as the sheets have it."""
    for f in files:
        rows = [["" if c.shown is None else str(c.shown) for c in line] for line in f.sheets[0].rows]
        populations.serve_rows(world, f.name.removesuffix(".csv"), rows)
