"""A series a publisher releases: its identity, calendar, tables, expectations and baselines."""

import datetime as dt
import re
from typing import Annotated, Self

import pydantic

from monitor.declarations.baseline import Baseline
from monitor.declarations.calendar import Calendar
from monitor.declarations.expectation import Expectation, Known, Practice
from monitor.declarations.query import Query
from monitor.declarations.reads import Reads
from monitor.declarations.record import Record, Sure, compiled, nearest, refuse_unknown
from monitor.declarations.table import Definition, Symbols, Table
from monitor.vocabulary import CHARACTERISTICS, TERMS


class Attachment(Record):
    """A file of an edition, known by its title (a pattern): file names change from month to month."""

    title: str
    holds: str = ""

    @pydantic.field_validator("title")
    @classmethod
    def _title_is_a_pattern(cls, value: str) -> str:
        compiled(value)
        return value


class Confirmed(Record):
    """Tables of a publication that somebody has checked here: read beside those that ship with the project."""

    id: str
    table: tuple[Table, ...]


class Doubled(Record):
    """Two or more addresses of one edition: it is counted once."""

    edition: str
    pages: Annotated[tuple[str, ...], pydantic.Field(min_length=2)]
    reason: str


class Denominator(Record):
    """A natural denominator of a publication's counts: a declared baseline, another publication, or only named."""

    population: str
    baseline: str = ""
    publication: str = ""


class Publication(Record):
    """A series a publisher releases; a population source is one whose figures are denominators.

    Identity. `kind` says how its editions are found (closed vocabulary `publication_kind`); `collection` and
    `pages` are paths on the publisher's site, or addresses of pages elsewhere; `datasets` are ids in its API.
    `editions` are patterns of titles that are editions of this series, `not_editions` of guides and ad hoc pages
    beside them; `doubled` are addresses of one edition. `paths` are the usual addresses of editions, for what no
    collection lists; `search` and `organisations` find them otherwise. `attachments` are known by title: without
    any, every spreadsheet of a page is wanted, so they are for a page that several publications share.
    `aliases` are other names of the series; `part_of` names the release it is one part of, looked at once.
    `query` are tables asked of statistics services; `releases` is a pattern of the titles under which a statistics
    office's own release calendar announces the series. `reads` says what its tables count, for those not declared.
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
    query: tuple[Query, ...] = ()
    releases: str = ""
    continued_by: str = ""
    contact: str = ""
    licence: str = "Open Government Licence v3.0"
    verified: str = ""
    sure: Sure = "to verify"
    symbols: Symbols = Symbols()
    reads: Reads | None = None
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
        if value:
            refuse_unknown(value, TERMS["publication_kind"], "a way of finding editions")
        return value

    @pydantic.field_validator("editions", "not_editions", "releases")
    @classmethod
    def _titles_are_patterns(cls, value: tuple[str, ...] | str) -> tuple[str, ...] | str:
        for pattern in (value,) if isinstance(value, str) else value:
            compiled(pattern)
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
            refuse_unknown(name, known, "a characteristic")
        return self

    @pydantic.model_validator(mode="after")
    def _queries_are_read_as_tables(self) -> Self:
        tables = {t.id: t for t in self.table}
        for query in self.query:
            if query.table not in tables:
                raise ValueError(f"query: no table is called {query.table!r}; {nearest(query.table, tables)}")
            if query.instead_of and query.instead_of not in tables:
                raise ValueError(f"query: no table is called {query.instead_of!r}; {nearest(query.instead_of, tables)}")
            for column in tables[query.table].fields:
                if column.lower() in {name.lower() for name in query.dimensions}:
                    raise ValueError(
                        f"table {query.table!r}: {column} is a bare number, which means other groups in other tables; "
                        f"name {column}_NAME instead"
                    )
            if tables[query.table].sheet != query.file:
                raise ValueError(f"table {query.table!r}: its query is kept as {query.file!r}; add sheet = that")
        return self

    @pydantic.model_validator(mode="after")
    def _layouts_of_one_table_follow_one_another(self) -> Self:
        for i, one in enumerate(self.table):
            for other in self.table[i + 1 :]:
                first, last = sorted((one, other), key=lambda t: t.since or dt.date.min)
                if one.id == other.id and (first.until or dt.date.max) >= (last.since or dt.date.min):
                    raise ValueError(
                        f"table {one.id!r} is declared twice for the same days; give each layout `from` and `until` "
                        "dates that do not overlap, or another id"
                    )
        return self

    @pydantic.model_validator(mode="after")
    def _addresses_can_be_asked_for(self) -> Self:
        for path in [self.collection, *self.pages] if self.kind else ():
            if path and not re.fullmatch(r"(/|https://)[^#\s]+", path):
                raise ValueError(f"expected a path (/…) or https address without #; found {path!r}. Write it so")
        return self

    @property
    def is_yearly(self) -> bool:
        """Whether its editions are of a year, or of two: `2011-12` then names a financial year, and no month."""
        return self.calendar is not None and self.calendar.cadence in ("annual", "biennial")

    @property
    def is_counted(self) -> bool:
        """Whether it is one of the releases that are watched: no part of another, and no population."""
        return not (self.part_of or self.query or self.releases)

    def is_edition(self, title: str) -> bool:
        """Whether a page of that title is an edition of this series (any, where no pattern is declared)."""
        fits = any(compiled(p).search(title) for p in self.editions) if self.editions else True
        return fits and not any(compiled(p).search(title) for p in self.not_editions)

    def expected(self) -> tuple[Expectation, ...]:
        """Every expected breakdown, one characteristic each: what was asked or promised, then what is practice."""
        shared = {"since", "until", "precision", "basis", "source", "sure"}
        usual = (
            Expectation.model_validate({"characteristic": name, **p.model_dump(by_alias=True, include=shared)})
            for p in self.practice
            for name in p.characteristics
        )
        return (*self.expect, *usual)
