"""The ONS data set API: a data set's latest version, its file, and custom Census tables. Pure.

A new version is another artefact of the same edition (the Census of a year); a version's number and day are told.
Custom tables lose whole areas to disclosure control: `blocked` says how many, and is never silent.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.fetch.finding import Finding
from pipelines.fetch.services import ONS
from pipelines.look.govuk import Moment, Words
from pipelines.look.reading import Record, read_json, record
from pipelines.look.records import Attachment
from pipelines.look.times import london_day


class _Link(Record):
    href: str
    id: Words = ""


class _Links(Record):
    latest_version: _Link


class _Dataset(Record):
    id: str
    title: Words = ""
    links: _Links


class _Download(Record):
    href: str
    size: Words = ""


class _Version(Record):
    edition: Words = ""
    version: int
    release_date: Moment = None
    downloads: dict[str, Any]


@dataclass(frozen=True)
class Latest:
    """Where the latest version of a data set is."""

    title: str
    version_url: str


@dataclass(frozen=True)
class Version:
    """One version of a data set: its edition, number, day and CSV file."""

    edition: str
    version: int
    published_on: date | None
    file: Attachment | None


@dataclass(frozen=True)
class Observations:
    """A custom table: one row an observation (category ids, the area's first, then the count)."""

    dimensions: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    blocked: int
    areas: int


class _Option(Record):
    dimension_id: str
    option_id: str


class _Observation(Record):
    dimensions: list[_Option]
    observation: int | float


class _Table(Record):
    observations: list[_Observation]
    blocked_areas: int = 0
    total_areas: int = 0


def dataset_url(name: str) -> str:
    """The address of a data set."""
    return f"{ONS}/datasets/{name}"


def read_dataset(body: bytes, url: str, findings: list[Finding]) -> Latest | None:
    """A data set's latest version; None and findings when it cannot be read."""
    said = record(_Dataset, read_json(body, url, findings), f"{url}#", findings) if body else None
    return Latest(said.title or said.id, said.links.latest_version.href) if said else None


def read_version(body: bytes, url: str, findings: list[Finding]) -> Version | None:
    """A version and its CSV file; None and findings when it cannot be read."""
    said = record(_Version, read_json(body, url, findings), f"{url}#", findings)
    if said is None:
        return None
    csv = record(_Download, said.downloads.get("csv"), f"{url}#.downloads.csv", findings)
    size = int(csv.size) if csv and csv.size.isdecimal() else None
    edition = said.edition or url.partition("/editions/")[2].partition("/")[0]
    name = f"{url.partition('/datasets/')[2].partition('/')[0]}.csv"
    file = Attachment(csv.href, name, f"{name} version {said.version}", "csv", size) if csv else None
    return Version(edition, said.version, london_day(said.release_date), file)


def read_observations(body: bytes, url: str, findings: list[Finding]) -> Observations | None:
    """A custom table; None and findings when it cannot be read. Blocked areas are always a finding."""
    said = record(_Table, read_json(body, url, findings), f"{url}#", findings)
    if said is None:
        return None
    if said.blocked_areas:
        found = f"{said.blocked_areas} of {said.total_areas} areas withheld by disclosure control"
        remedy = "Ask for fewer categories or larger areas; a sum over these areas is not the population."
        findings.append(Finding("blocked_areas", url, "every area", found, remedy))
    names = tuple(d.dimension_id for d in said.observations[0].dimensions) if said.observations else ()
    rows = tuple((*(d.option_id for d in o.dimensions), f"{o.observation:g}") for o in said.observations)
    return Observations(names, rows, said.blocked_areas, said.total_areas)
