"""A series a publisher releases: its identity, calendar, tables, expectations and baselines."""

import re
from typing import Annotated, Self

import pydantic

from monitor.declarations.baseline import Baseline
from monitor.declarations.calendar import Calendar
from monitor.declarations.expectation import Expectation, Known, Practice
from monitor.declarations.record import Record, Sure, compiled, nearest
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
            raise ValueError(f"{value!r} is not a way of finding editions; {nearest(value, kinds)}")
        return value

    @pydantic.field_validator("editions", "not_editions")
    @classmethod
    def _titles_are_patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
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
            if name not in known:
                raise ValueError(f"{name!r} is not a characteristic; {nearest(name, known)}")
        return self

    @pydantic.model_validator(mode="after")
    def _addresses_can_be_asked_for(self) -> Self:
        for path in [self.collection, *self.pages] if self.kind else ():
            if path and not re.fullmatch(r"(/|https://)[^#\s]+", path):
                raise ValueError(f"expected a path (/…) or https address without #; found {path!r}. Write it so")
        return self

    def is_edition(self, title: str) -> bool:
        """Whether a page of that title is an edition of this series (any, where no pattern is declared)."""
        fits = any(compiled(p).search(title) for p in self.editions) if self.editions else True
        return fits and not any(compiled(p).search(title) for p in self.not_editions)

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
