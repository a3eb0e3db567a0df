"""What a statistician declares, read into typed records: publications, baselines, measures.

What it makes true: nothing about a publication, a population source or a disparity is written in Python. A
declaration is one TOML file; a wrong key, value or name is one message with the file, the line, what was
expected and the nearest word that exists.

Why TOML and not a spreadsheet or a class per source: a declaration argues (it gives reasons, dates and
sources), and an argument is read and reviewed as text. Why pydantic: it is the library for exactly this.

What it refuses: unknown keys, two declarations of one name, a reference to a name nobody declared.
"""

import csv
import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import pydantic

from monitor.settings import DECLARATIONS
from monitor.vocabulary import CHARACTERISTICS, DIMENSIONS, TERMS

ENGLAND_AND_WALES = "K04000001"
PLACED_IN = (*DIMENSIONS, "period", "place", "value", "ignored")
"""What a table's labels may say: a dimension of the vocabulary, a period, a place, the value itself, or nothing."""


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

    @pydantic.field_validator("rows", "columns", "fields")
    @classmethod
    def _dimensions_are_known(cls, said: Any) -> Any:
        for name in said.values() if isinstance(said, dict) else said:
            if name not in PLACED_IN:
                raise ValueError(f"{name!r} is not a dimension; {_nearest(name, PLACED_IN)}")
        return said


Sure = Literal["seen", "in part", "to verify"]
"""How far a declared fact is to be trusted: seen in a public source, partly, or to verify on the first live look."""


class Rhythm(_Record):
    """How often something is published, and on which usual day: what `monitor.watch.calendar` counts from.

    Either `which` `weekday` of each of the `months` (`last Thursday`; `every` for weekly series), or `windows` in
    a year as pairs of `MM-DD`, or both, or neither where no day is usual. A month without a weekday is a window of
    its own. `from` and `until` bound the series. `usual` says the same for a reader.
    """

    cadence: Literal[
        "weekly", "monthly", "quarterly", "biannual", "annual", "biennial", "decennial", "irregular", "ended"
    ]
    usual: str = ""
    months: tuple[Annotated[int, pydantic.Field(ge=1, le=12)], ...] = ()
    weekday: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] | None = None
    which: Literal["every", "first", "second", "third", "fourth", "last"] | None = None
    windows: tuple[tuple[str, str], ...] = ()
    years: Literal["every", "odd", "even"] = "every"
    time: Annotated[str, pydantic.Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "09:30"
    since: Annotated[dt.date | None, pydantic.Field(alias="from")] = None
    until: dt.date | None = None
    sure: Sure = "to verify"

    @pydantic.model_validator(mode="after")
    def _days_can_be_counted(self) -> Self:
        if (self.weekday is None) != (self.which is None):
            raise ValueError("expected weekday and which together (Thursday, last); found one of them. Add the other")
        if self.which == "every" and self.cadence not in ("weekly", "ended"):
            raise ValueError("which = 'every' is for weekly series; say first, second, third, fourth or last")
        if self.weekday and self.which != "every" and not self.months:
            raise ValueError("expected months beside weekday (months = [1, 4, 7, 10]); found none. Add them")
        if self.cadence == "ended" and self.until is None:
            raise ValueError("expected until, the day of the last edition of an ended series; found none. Add it")
        if (self.cadence == "biennial") != (self.years != "every"):
            raise ValueError("expected years = 'odd' or 'even' for a biennial series, and for no other")
        for start, end in self.windows:
            if not (_month_day(start) <= _month_day(end)):
                raise ValueError(f"expected a window inside one year, MM-DD to MM-DD; found {start} to {end}")
        return self


class TableRhythm(Rhythm):
    """Tables that come more slowly than their release: ethnicity is often only in the annual edition."""

    tables: str
    characteristics: tuple[str, ...]


class Calendar(Rhythm):
    """When editions are expected. `announced` says whether dates are announced in advance."""

    announced: bool = True
    tables: tuple[TableRhythm, ...] = ()


class Attachment(_Record):
    """A file of an edition, known by its title (a pattern): file names change from month to month."""

    title: str
    holds: str = ""

    @pydantic.field_validator("title")
    @classmethod
    def _title_is_a_pattern(cls, value: str) -> str:
        _compiled(value)
        return value


class Doubled(_Record):
    """Two or more addresses of one edition: it is counted once."""

    edition: str
    pages: Annotated[tuple[str, ...], pydantic.Field(min_length=2)]
    reason: str


class Denominator(_Record):
    """A natural denominator of a publication's counts: a declared baseline, another publication, or only named."""

    population: str
    baseline: str = ""
    publication: str = ""


class Known(_Record):
    """Something known to be missing, changed or broken in a series, in the words of the register's states.

    `crossed` names what the characteristic is not published by (ethnicity by legal status). Never a promise and
    never an alert by itself: it explains what a look finds.
    """

    state: str
    characteristic: str = ""
    crossed: tuple[str, ...] = ()
    since: Annotated[dt.date | None, pydantic.Field(alias="from")] = None
    until: dt.date | None = None
    precision: Literal["day", "month", "year"] = "day"
    what: str
    source: str
    sure: Sure = "to verify"

    @pydantic.field_validator("state")
    @classmethod
    def _state_is_known(cls, value: str) -> str:
        if value not in TERMS["gap_state"]:
            raise ValueError(f"{value!r} is not a state of the register; {_nearest(value, TERMS['gap_state'])}")
        return value


class Practice(_Record):
    """What editions are known or believed to separate people by, and so what the next one is expected to.

    `from` is the day of the edition or source in which it was seen, or on which the belief was declared: in force
    from then, never before. It says nothing about a publication until a file of it has been read.
    """

    characteristics: Annotated[tuple[str, ...], pydantic.Field(min_length=1)]
    tables: str = ""
    categories: str = ""
    since: Annotated[dt.date, pydantic.Field(alias="from")]
    until: dt.date | None = None
    precision: Literal["day", "month", "year"] = "day"
    basis: str
    source: str
    sure: Sure = "to verify"


class Expectation(_Record):
    """Why a breakdown is expected: who asked or promised, where and when. Never a guess.

    `never_published` and `promised` stand in the register from `from` until a table is seen; `practice` (earlier
    editions, a statute, a recommendation) says nothing until a file has been read.
    """

    characteristic: str
    measure: str = ""
    since: Annotated[dt.date, pydantic.Field(alias="from")]
    until: dt.date | None = None
    precision: Literal["day", "month", "year"] = "day"
    state: Literal["never_published", "promised", "practice"] = "practice"
    confidence: Literal["inspected", "contents", "stated"] = "stated"
    severity: Literal["S1", "S2", "S3", "S4"] = "S2"
    basis: str
    source: str
    sure: Sure = "seen"


class Baseline(_Record):
    """A population that a count is divided by: whose figures, at which date, of which ages and place.

    `table` names, for each characteristic, the table that speaks for it; `by_sex` those that also split by sex.
    A previous stage has no `date`: it `follows` the period of what is counted. `circumstances` and `sum_over`
    pick its figures as a measure's do.
    """

    id: str
    title: str
    publication: str = ""
    measure: str = "residents"
    population: str = "usual residents"
    date: dt.date | None = None
    follows: bool = False
    place: str = ENGLAND_AND_WALES
    table: dict[str, str]
    circumstances: dict[str, str] = {}
    sum_over: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    by_sex: tuple[str, ...] = ()
    identification: Literal["self", "not_applicable"] = "self"
    sentence: str

    @pydantic.model_validator(mode="after")
    def _of_a_date_or_of_the_same_period(self) -> Self:
        if (self.date is None) != self.follows:
            raise ValueError(
                "expected a date, or follows = true for the period of what is counted; found both or neither"
            )
        return self


class Publication(_Record):
    """A series a publisher releases; a population source is one whose figures are denominators.

    Identity. `kind` says how its editions are found (closed vocabulary `publication_kind`); `collection` and
    `pages` are paths on the publisher's site, or addresses of pages elsewhere; `datasets` are ids in its API.
    `editions` are patterns of titles that are editions of this series, `not_editions` of guides and ad hoc pages
    beside them; `doubled` are addresses of one edition. `paths` are the usual addresses of editions, for what no
    collection lists; `search` and `organisations` find them otherwise. `attachments` are known by title: without
    any, every spreadsheet of a page is wanted, so they are for a page that several publications share.
    `aliases` are other names of the series; `part_of` names the release it is one part of, looked at once.
    """

    id: str
    title: str
    publisher: str
    designation: str = ""
    aliases: tuple[str, ...] = ()
    part_of: str = ""
    kind: str = ""
    collection: str = ""
    pages: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    search: str = ""
    organisations: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    not_editions: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    doubled: tuple[Doubled, ...] = ()
    continued_by: str = ""
    contact: str = ""
    licence: str = "Open Government Licence v3.0"
    verified: str = ""
    sure: Sure = "to verify"
    symbols: Symbols = Symbols()
    calendar: Calendar | None = None
    not_applicable: dict[str, str] = {}
    denominator: tuple[Denominator, ...] = ()
    definition: tuple[Definition, ...] = ()
    table: tuple[Table, ...] = ()
    practice: tuple[Practice, ...] = ()
    expect: tuple[Expectation, ...] = ()
    known: tuple[Known, ...] = ()
    baseline: tuple[Baseline, ...] = ()

    @pydantic.field_validator("kind")
    @classmethod
    def _kind_is_known(cls, value: str) -> str:
        kinds = TERMS["publication_kind"]
        if value and value not in kinds:
            raise ValueError(f"{value!r} is not a way of finding editions; {_nearest(value, kinds)}")
        return value

    @pydantic.field_validator("editions", "not_editions")
    @classmethod
    def _titles_are_patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            _compiled(pattern)
        return value

    @pydantic.model_validator(mode="after")
    def _characteristics_are_known(self) -> Self:
        known = {c.id for c in CHARACTERISTICS}
        named = [
            *self.not_applicable,
            *(e.characteristic for e in self.expect),
            *(k.characteristic for k in self.known if k.characteristic),
            *(name for p in self.practice for name in p.characteristics),
            *(name for t in (self.calendar.tables if self.calendar else ()) for name in t.characteristics),
        ]
        for name in named:
            if name not in known:
                raise ValueError(f"{name!r} is not a characteristic; {_nearest(name, known)}")
        return self

    @pydantic.model_validator(mode="after")
    def _addresses_can_be_asked_for(self) -> Self:
        for path in [self.collection, *self.pages] if self.kind else ():
            if path and not re.fullmatch(r"(/|https://)[^#\s]+", path):
                raise ValueError(f"expected a path (/…) or https address without #; found {path!r}. Write it so")
        return self

    def is_edition(self, title: str) -> bool:
        """Whether a page of that title is an edition of this series (any, where no pattern is declared)."""
        fits = any(_compiled(p).search(title) for p in self.editions) if self.editions else True
        return fits and not any(_compiled(p).search(title) for p in self.not_editions)

    def expected(self) -> tuple[Expectation, ...]:
        """Every expected breakdown, one characteristic each: what was asked or promised, then what is practice."""
        usual = (
            Expectation.model_validate(
                {
                    "characteristic": name,
                    "from": p.since,
                    "until": p.until,
                    "precision": p.precision,
                    "basis": p.basis,
                    "source": p.source,
                    "sure": p.sure,
                }
            )
            for p in self.practice
            for name in p.characteristics
        )
        return (*self.expect, *usual)


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
    """A disparity: which table speaks for it, over which population, against which reference group.

    `kind` says what the denominator is: `population`, of whom a few are counted, or `stage`, of which those
    counted are a subset; it decides the intervals. `baseline` are previous stages that only this measure uses.
    `also` names further groups to compare with, `adjust` the characteristics whose rates are also given as they
    would be at equal ages.
    """

    id: str
    title: str
    question: str
    publication: str
    figures: str
    table: dict[str, tuple[str, ...]]
    kind: Literal["population", "stage"] = "population"
    counts: Literal["people", "events"] = "people"
    verb: str
    per: float = 100_000
    age_from: int | None = None
    age_to: int | None = None
    circumstances: dict[str, str] = {}
    reference: dict[str, str] = {}
    also: dict[str, tuple[str, ...]] = {}
    adjust: tuple[str, ...] = ()
    baseline: tuple[Baseline, ...] = ()
    fit: tuple[Fit, ...] = ()
    regroup: tuple[Regroup, ...] = ()
    exclude: tuple[Exclude, ...] = ()
    caution: str = ""
    order: int = 100
    sum_over: tuple[str, ...] = ()
    author: str
    checker: str = ""
    review: dt.date


class Stage(_Record):
    """A stage of the way through the justice system: the measures that speak for it, or why none does.

    `population` compares those counted with everyone, `previous` with the stage before; `missing` and
    `missing_previous` name the gap in its place.
    """

    id: str
    title: str
    population: str = ""
    previous: str = ""
    missing: str = ""
    missing_previous: str = ""

    @pydantic.model_validator(mode="after")
    def _a_measure_or_a_gap(self) -> Self:
        for measure, gap in (("population", "missing"), ("previous", "missing_previous")):
            if bool(getattr(self, measure)) == bool(getattr(self, gap)):
                raise ValueError(f"expected {measure} or {gap}, and not both; a stage is a value or a named gap")
        return self


class Journey(_Record):
    """The stages in order."""

    stage: tuple[Stage, ...]


class PublishedRatio(_Record):
    """A ratio that a publisher prints without its counts: kept as printed, with no interval, never recomputed.

    `mark` is the publisher's own mark of significance; `source` says where it was read.
    """

    stage: str
    decision: str
    title: str
    table: str
    period: str
    characteristic: str
    category: str
    reference: str
    ratio: float
    mark: str
    publisher: str
    publication_title: str
    source: str


R = TypeVar("R", Publication, Baseline, Measure)
Loaded = TypeVar("Loaded", Publication, Measure)
Parsed = TypeVar("Parsed", Publication, Measure, Journey)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"expected a pattern of a title; {pattern!r} is not one: {error}. Mend it") from None


def _month_day(text: str) -> tuple[int, int]:
    """Month and day of `MM-DD`, in a leap year so that 29 February can be named."""
    try:
        day = dt.date.fromisoformat(f"2024-{text}")
    except ValueError:
        raise ValueError(f"expected a day of the year as MM-DD; found {text!r}") from None
    return day.month, day.day


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


def parse(kind: type[Parsed], text: str, name: str) -> Parsed:
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
    """Every declared baseline by id, each with the publication it is drawn from: residents, or a previous stage."""
    declared = [(source.id, b) for source in sources(folder).values() for b in source.baseline]
    declared += [(measure.publication, b) for measure in _measures(folder).values() for b in measure.baseline]
    return {b.id: b.model_copy(update={"publication": b.publication or of}) for of, b in declared}


def _measures(folder: Path | None) -> dict[str, Measure]:
    return _all(Measure, (folder or DECLARATIONS) / "measures")


def measures(folder: Path | None = None) -> dict[str, Measure]:
    """Every declared measure by id, in the order they are read. Raises for a name that nobody declared."""
    found = _measures(folder)
    known, having = baselines(folder), sources(folder)
    for measure in found.values():
        names: list[tuple[str, Iterable[str], str]] = [(f.baseline, known, "baseline") for f in measure.fit]
        names.append((measure.publication, having, "publication"))
        for name, declared, noun in names:
            if name not in declared:
                raise DeclarationError(
                    f"measures/{measure.id}.toml: no {noun} is called {name!r}; {_nearest(name, declared)}"
                )
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def journey(folder: Path | None = None) -> tuple[Stage, ...]:
    """The stages of the way through the justice system, in order. Measures they name are declared."""
    path = (folder or DECLARATIONS) / "journey" / "stages.toml"
    stages = parse(Journey, path.read_text(encoding="utf-8"), f"journey/{path.name}").stage
    known = measures(folder)
    for stage in stages:
        for name in filter(None, (stage.population, stage.previous)):
            if name not in known:
                raise DeclarationError(
                    f"journey/{path.name}: stage {stage.id}: no measure {name!r}; {_nearest(name, known)}"
                )
    return stages


def published_ratios(folder: Path | None = None) -> tuple[PublishedRatio, ...]:
    """Every ratio kept as published, in the order listed."""
    path = (folder or DECLARATIONS) / "journey" / "published.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(PublishedRatio.model_validate(row) for row in csv.DictReader(lines))


def find(records: dict[str, R], name: str, noun: str) -> R:
    """The record of that name, or a `DeclarationError` that names the nearest that exist."""
    if name in records:
        return records[name]
    for record in records.values():
        if name in getattr(record, "aliases", ()):
            raise DeclarationError(f"no {noun} is called {name!r}; it is declared as {record.id}")
    raise DeclarationError(f"no {noun} is called {name!r}; {_nearest(name, records)}")
