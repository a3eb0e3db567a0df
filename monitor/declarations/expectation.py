"""What a publication is known, believed or promised to separate people by, each with its source and its day."""

import datetime as dt
from typing import Annotated, Literal

import pydantic

from monitor.declarations.record import Record, Sure, nearest
from monitor.vocabulary import TERMS


class Known(Record):
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
            raise ValueError(f"{value!r} is not a state of the register; {nearest(value, TERMS['gap_state'])}")
        return value


class Practice(Record):
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


class Expectation(Record):
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
