"""When editions are expected: how often, and on which usual day."""

import datetime as dt
from typing import Annotated, Literal, Self

import pydantic

from monitor.declarations.record import Record, Sure, month_day


class Rhythm(Record):
    """How often something is published, and on which usual day.

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
            if not (month_day(start) <= month_day(end)):
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
