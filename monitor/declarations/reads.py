"""What the tables of a publication count, said once: for every table that nobody has declared one by one."""

from typing import Annotated, Literal, Self

import pydantic

from monitor.declarations.record import ENGLAND_AND_WALES, Record, Sure, compiled, counting_days


class TablesRead(Record):
    """What is said of those tables of a publication whose title has some words: `title` is a pattern.

    Each of the others is as in `Reads`, and empty where these tables are like the rest.
    """

    title: str
    counts: Literal["people", "events", ""] = ""
    unit: str = ""
    period_kind: Literal["stock", "flow", ""] = ""
    days: Annotated[tuple[str, ...], pydantic.AfterValidator(counting_days)] = ()

    @pydantic.field_validator("title")
    @classmethod
    def _title_is_a_pattern(cls, said: str) -> str:
        return compiled(said).pattern


class Reads(Record):
    """Who is counted in a publication's tables, when and where, and whom they may be compared with.

    `population` and `verb` are words (`people on probation`; `on probation`); `counts` says people or what happened,
    and `unit` what (`offences`); `period_kind` whether numbers are of a day or over a time, where the publication's
    tables are all of one kind; `place` where tables that name no place are of; `period = "edition"` that tables which
    name no period are of the one in the edition's title; `days` on which people are counted where a table names only
    the year, `2021-03-21` or each year's `12-31`. Each is empty where tables must say it, and `tables` say what is so
    of some tables alone. `baseline` is a declared population to compare with, and `fit` how well it fits; without one
    only shares and change are told, and `because` says why. `previous` is a publication in which people stand before;
    `caution` always stands beside.
    """

    population: str
    verb: str
    counts: Literal["people", "events"] = "people"
    unit: str = "people"
    period_kind: Literal["stock", "flow", ""] = ""
    place: str = ENGLAND_AND_WALES
    period: Literal["edition", ""] = ""
    days: Annotated[tuple[str, ...], pydantic.AfterValidator(counting_days)] = ()
    tables: tuple[TablesRead, ...] = ()
    baseline: str = ""
    fit: str = ""
    previous: str = ""
    because: str = ""
    caution: str = ""
    sure: Sure = "to verify"

    @pydantic.model_validator(mode="after")
    def _compared_or_said_why_not(self) -> Self:
        if bool(self.baseline) == bool(self.because):
            raise ValueError(
                "expected `baseline` (and `fit`, how well it fits), or `because` (why no ratio is made); found "
                + ("both" if self.baseline else "neither")
            )
        if self.baseline and not self.fit:
            raise ValueError("expected `fit`: in words, how well the people of `baseline` fit those counted")
        return self

    def of(self, title: str) -> Self:
        """What is said of a table of this title: by the first of `tables` whose pattern is in it, and else of all."""
        for some in self.tables:
            if compiled(some.title).search(title):
                own = {key: value for key, value in some if key != "title" and value}
                return self.model_copy(update=own)
        return self
