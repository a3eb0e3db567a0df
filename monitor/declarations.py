"""What a statistician declares, read into typed records: publications, baselines, measures.

What it makes true: nothing about a publication, a population source or a disparity is written in Python. A
declaration is one TOML file; a wrong key, value or name is one message with the file, the line, what was
expected and the nearest word that exists.

Why TOML and not a spreadsheet or a class per source: a declaration argues (it gives reasons, dates and
sources), and an argument is read and reviewed as text. Why pydantic: it is the library for exactly this.

What it refuses: unknown keys, two declarations of one name, a reference to a name nobody declared.
"""

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import pydantic

from monitor.settings import DECLARATIONS
from monitor.vocabulary import CHARACTERISTICS

ENGLAND_AND_WALES = "K04000001"


class DeclarationError(ValueError):
    """A declaration that cannot be used: names the file, the line and the remedy."""


class _Record(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Symbols(_Record):
    """Which marks the publisher uses for a missing number; names a map in the vocabulary."""

    map: str = "default"


class Definition(_Record):
    """A counting rule in force from or until a date: a change of it is a break in series, not a revision.

    Where one date stands in two columns, `marked` takes the one with that footnote mark and `unless_marked` the
    one without. Without `dimension` it applies to every figure, otherwise to the named categories only.
    """

    id: str
    since: Annotated[dt.date | None, pydantic.Field(alias="from")] = None
    until: dt.date | None = None
    marked: str | None = None
    unless_marked: str | None = None
    dimension: str | None = None
    categories: tuple[str, ...] = ()
    classification: str | None = None
    reason: str
    tolerance: float = 0.0


class Statistic(_Record):
    """A column of its own kind in a table that prints counts, shares and rates side by side.

    `counts = "neither"` marks a rate or share: its parts do not add up to its total.
    """

    header: str
    measure: str
    unit: str
    counts: Literal["people", "events", "neither"] = "people"
    scale: float = 1.0


class Sum(_Record):
    """A declared sum over rows of an open-data file: the dimensions it keeps, and the places it sums to."""

    keep: tuple[str, ...]
    places: tuple[str, ...] = ()
    reason: str


class Table(_Record):
    """One published table: how it is found (by its title or headers, never by position) and what it counts."""

    id: str
    title: str = ""
    sheet: str = ""
    shape: Literal["crosstab", "long"] = "crosstab"
    measure: str
    population: str
    unit: str = "people"
    counts: Literal["people", "events"] = "people"
    period_kind: Literal["stock", "flow"] = "stock"
    period: str | None = None
    place: str = ENGLAND_AND_WALES
    identification: Literal["self", "officer", "combined", "not_applicable"] = "self"
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ("period",)
    fields: dict[str, str] = {}
    statistics: tuple[Statistic, ...] = ()
    only: dict[str, tuple[str, ...]] = {}
    where: dict[str, tuple[str, ...]] = {}
    spellings: dict[str, str] = {}
    classification: str | None = None
    flags: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()
    since: Annotated[dt.date | None, pydantic.Field(alias="from")] = None
    until: dt.date | None = None


class Calendar(_Record):
    """When editions are expected."""

    cadence: str
    usual: str = ""


class Expectation(_Record):
    """Why a breakdown is expected: who asked or promised, where and when. Never a guess."""

    characteristic: str
    measure: str = ""
    since: Annotated[dt.date, pydantic.Field(alias="from")]
    precision: Literal["day", "month", "year"] = "day"
    state: Literal["never_published", "promised", "practice"] = "practice"
    confidence: Literal["inspected", "contents", "stated"] = "stated"
    severity: Literal["S1", "S2", "S3", "S4"] = "S2"
    basis: str
    source: str


class Baseline(_Record):
    """A population that a count is divided by: whose figures, at which date, of which ages and place.

    `table` names, for each characteristic, the table that speaks for it; `by_sex` those that also split by sex.
    """

    id: str
    title: str
    publication: str = ""
    measure: str = "residents"
    population: str = "usual residents"
    date: dt.date
    place: str = ENGLAND_AND_WALES
    table: dict[str, str]
    age_from: int | None = None
    age_to: int | None = None
    by_sex: tuple[str, ...] = ()
    identification: Literal["self", "not_applicable"] = "self"
    sentence: str


class Publication(_Record):
    """A series a publisher releases; a population source is one whose figures are denominators."""

    id: str
    title: str
    publisher: str
    designation: str = ""
    collection: str = ""
    contact: str = ""
    licence: str = "Open Government Licence v3.0"
    verified: str = ""
    symbols: Symbols = Symbols()
    calendar: Calendar | None = None
    not_applicable: dict[str, str] = {}
    definition: tuple[Definition, ...] = ()
    table: tuple[Table, ...] = ()
    expect: tuple[Expectation, ...] = ()
    baseline: tuple[Baseline, ...] = ()

    @pydantic.model_validator(mode="after")
    def _characteristics_are_known(self) -> "Publication":
        known = {c.id for c in CHARACTERISTICS}
        for name in [*self.not_applicable, *(e.characteristic for e in self.expect)]:
            if name not in known:
                raise ValueError(f"{name!r} is not a characteristic; {_nearest(name, known)}")
        return self


class Size(_Record):
    """The group by which an approximation errs, so that its size can be counted at each date."""

    characteristic: str
    category: str


class Fit(_Record):
    """How well a baseline fits a measure: exact, or an approximation named, sized and put in a sentence."""

    baseline: str
    characteristics: tuple[str, ...]
    default: bool = False
    allows: tuple[Literal["place", "period", "ages", "classification", "identification"], ...] = ()
    since: Annotated[dt.date | None, pydantic.Field(alias="from")] = None
    until: dt.date | None = None
    sentence: str = "exact"
    size: Size | None = None


class Regroup(_Record):
    """The residents whom a published group stands for, where its name and the baseline's do not say the same."""

    characteristic: str = "ethnicity"
    category: str
    members: tuple[str, ...]
    baselines: tuple[str, ...] = ()
    since: Annotated[dt.date | None, pydantic.Field(alias="from")] = None
    until: dt.date | None = None
    reason: str


class Exclude(_Record):
    """A place that the numerator does not count, taken out of the denominator."""

    place: str
    baselines: tuple[str, ...] = ()
    reason: str


class Break(_Record):
    """A break in series at a date that readers of a trend must see."""

    at: dt.date
    categories: tuple[str, ...] = ()
    reason: str


class Measure(_Record):
    """A disparity: which table speaks for it, over which population, against which reference group."""

    id: str
    title: str
    question: str
    publication: str
    figures: str
    table: dict[str, tuple[str, ...]]
    counts: Literal["people", "events"] = "people"
    verb: str
    per: float = 100_000
    age_from: int | None = None
    age_to: int | None = None
    circumstances: dict[str, str] = {}
    reference: dict[str, str] = {}
    fit: tuple[Fit, ...] = ()
    regroup: tuple[Regroup, ...] = ()
    exclude: tuple[Exclude, ...] = ()
    caution: str = ""
    order: int = 100
    sum_over: tuple[str, ...] = ()
    author: str
    checker: str = ""
    review: dt.date


R = TypeVar("R", Publication, Baseline, Measure)
Loaded = TypeVar("Loaded", Publication, Measure)


def _nearest(name: str, known: Iterable[str]) -> str:
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    return ("did you mean " + ", ".join(close) + "?") if close else "known: " + ", ".join(known)


def _line_of(text: str, where: tuple[Any, ...]) -> int:
    """The line of the key an error names, found by its words (TOML readers keep no positions)."""
    names = [str(part) for part in where if not isinstance(part, int)]
    index = next((part for part in where if isinstance(part, int)), 0)
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if names and re.match(rf"\s*\[+{re.escape(names[0])}[\].]", line)]
    begin = starts[min(index, len(starts) - 1)] if starts else 0
    for i in range(begin, len(lines)):
        if names and re.match(rf'\s*"?{re.escape(names[-1])}"?\s*=', lines[i]):
            return i + 1
    return begin + 1


def parse(kind: type[Loaded], text: str, name: str) -> Loaded:
    """One declaration from its text. `name` is the file as a reader knows it. Raises `DeclarationError`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(f"{name}: not valid TOML: {error}. Mend that line and try again.") from None
    try:
        return kind.model_validate(raw)
    except pydantic.ValidationError as error:
        messages = []
        for item in error.errors():
            where = item["loc"]
            key = ".".join(str(part) for part in where) or "the file"
            line = _line_of(text, where)
            if item["type"] == "extra_forbidden":
                found = f"unknown key {str(where[-1])!r}; {_nearest(str(where[-1]), _keys(kind, where))}"
            elif item["type"] == "missing":
                found = f"{key} is missing; add it"
            else:
                found = f"{key}: {item['msg'].removeprefix('Value error, ')}"
            messages.append(f"{name}, line {line}: {found}")
        raise DeclarationError("\n".join(messages)) from None


def _keys(kind: type[pydantic.BaseModel], where: tuple[Any, ...]) -> list[str]:
    """The keys that would have been accepted at the place an error names."""
    model: Any = kind
    for part in where[:-1]:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        if field is None:
            break
        inner = list(getattr(field.annotation, "__args__", None) or [field.annotation])
        found = [a for a in inner if isinstance(a, type) and issubclass(a, pydantic.BaseModel)]
        if not found:
            break
        model = found[0]
    return [f.alias or n for n, f in model.model_fields.items()]


@lru_cache(maxsize=16)
def _all(kind: type[Loaded], folder: Path) -> dict[str, Loaded]:
    records: dict[str, Loaded] = {}
    for path in sorted(folder.glob("*.toml")):
        record = parse(kind, path.read_text(encoding="utf-8"), f"{folder.name}/{path.name}")
        if record.id != path.stem:
            raise DeclarationError(
                f"{folder.name}/{path.name}, line 1: id is {record.id!r}; expected {path.stem!r}, the file's name"
            )
        records[record.id] = record
    return records


def publications(folder: Path | None = None) -> dict[str, Publication]:
    """Every declared series of statistics by id."""
    return _all(Publication, (folder or DECLARATIONS) / "publications")


def population_sources(folder: Path | None = None) -> dict[str, Publication]:
    """Every declared population source by id: publications whose figures are denominators."""
    return _all(Publication, (folder or DECLARATIONS) / "baselines")


def sources(folder: Path | None = None) -> dict[str, Publication]:
    """Everything that can be read: series of statistics and population sources."""
    return {**publications(folder), **population_sources(folder)}


def baselines(folder: Path | None = None) -> dict[str, Baseline]:
    """Every declared baseline by id, each with the population source it is drawn from."""
    return {
        b.id: b.model_copy(update={"publication": source.id})
        for source in population_sources(folder).values()
        for b in source.baseline
    }


def measures(folder: Path | None = None) -> dict[str, Measure]:
    """Every declared measure by id, in the order they are read."""
    found = _all(Measure, (folder or DECLARATIONS) / "measures")
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def find(records: dict[str, R], name: str, noun: str) -> R:
    """The record of that name, or a `DeclarationError` that names the nearest that exist."""
    if name in records:
        return records[name]
    raise DeclarationError(f"no {noun} is called {name!r}; {_nearest(name, records)}")
