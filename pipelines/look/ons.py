"""The ONS interfaces: a data set's latest version, its file, and custom Census tables. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from pipelines.fetch.finding import Finding
from pipelines.fetch.services import ONS
from pipelines.look.govuk import Moment, Words
from pipelines.look.reading import Record, read_json, record
from pipelines.look.records import Attachment
from pipelines.look.times import london_day


class _Link(Record):
    href: str


class _Links(Record):
    latest_version: _Link


class _Dataset(Record):
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
class Version:
    """One version of a data set: its edition, day and CSV file."""

    edition: str
    published_on: date | None
    file: Attachment | None


@dataclass(frozen=True)
class Observations:
    """A custom table: one row an observation (code and name of each category, the area's first, then the count)."""

    dimensions: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class _Option(Record):
    dimension_id: str
    option_id: str
    option: Words = ""


class _Observation(Record):
    dimensions: list[_Option]
    observation: int | float


class _Table(Record):
    observations: list[_Observation]
    total_observations: int | None = None
    blocked_areas: int = 0
    total_areas: int = 0


class _Errors(Record):
    errors: tuple[str, ...] = ()


def dataset_url(name: str) -> str:
    """The address of a data set."""
    return f"{ONS}/datasets/{name}"


def observations_url(population: str, areas: tuple[str, ...], dimensions: tuple[str, ...]) -> str:
    """The address of a custom table: a population, an area type (with codes of areas after it) and variables."""
    asked = urlencode([("area-type", ",".join(areas)), ("dimensions", ",".join(dimensions))], safe=",")
    return f"{ONS}/population-types/{population}/census-observations?{asked}"


def errors_of(body: bytes) -> str:
    """Why a request was refused, in the service's words; empty when it does not say."""
    said = record(_Errors, read_json(body, "", []), "", []) if body.lstrip().startswith(b"{") else None
    return "; ".join(said.errors)[:300] if said else ""


def read_dataset(body: bytes, url: str, findings: list[Finding]) -> str | None:
    """The address of a data set's latest version; None and findings when it cannot be read."""
    said = record(_Dataset, read_json(body, url, findings), f"{url}#", findings) if body else None
    return said.links.latest_version.href if said else None


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
    return Version(edition, london_day(said.release_date), file)


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
    if wrong := next((o for o in said.observations if tuple(d.dimension_id for d in o.dimensions) != names), None):
        found = f"an observation by {', '.join(d.dimension_id for d in wrong.dimensions)}"
        findings.append(Finding("unexpected_answer", url, f"every observation by {', '.join(names)}", found, _AGAIN))
        return None
    if said.total_observations is not None and said.total_observations != len(said.observations):
        expected, found = f"{said.total_observations} observations", f"{len(said.observations)}"
        findings.append(Finding("unexpected_answer", url, expected, found, _AGAIN))
        return None
    rows = tuple(
        (*(word for d in o.dimensions for word in (d.option_id, d.option)), format(o.observation, ".15g"))
        for o in said.observations
    )
    return Observations(names, rows)


_AGAIN = "The table was not whole; nothing was taken. Ask again."
