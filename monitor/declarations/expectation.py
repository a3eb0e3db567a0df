"""What a publication is known, believed, asked or promised to separate people by, each with its source and its day."""

import datetime as dt
from typing import Annotated, Literal, Self

import pydantic

from monitor.declarations.record import Record, Sure, compiled, refuse_unknown
from monitor.vocabulary import CHARACTERISTICS, TERMS


class Known(Record):
    """Something known to be missing, changed or broken in a series, in the words of the register's states.

    `crossed` names what the characteristic is not published by (ethnicity by legal status). Never a promise and
    never an alert by itself: it explains what a look finds. `release` is the day for which a cancelled edition had
    been announced; `collected` whether the publisher holds what it does not publish, where a source says so.
    """

    state: str
    characteristic: str = ""
    crossed: tuple[str, ...] = ()
    since: Annotated[dt.date | None, pydantic.Field(alias="from")] = None
    until: dt.date | None = None
    precision: Literal["day", "month", "year"] = "day"
    release: dt.date | None = None
    collected: bool | None = None
    what: str
    source: str
    sure: Sure = "to verify"

    @pydantic.field_validator("state")
    @classmethod
    def _state_is_known(cls, value: str) -> str:
        refuse_unknown(value, TERMS["gap_state"], "a state of the register")
        return value


class Practice(Record):
    """What editions are known or believed to separate people by, and so what the next one is expected to.

    `from` is the day of the edition or source in which it was seen, or on which the belief was declared: in force
    from then, never before. It says nothing about a publication until a file of it has been read.
    """

    characteristics: Annotated[tuple[str, ...], pydantic.Field(min_length=1)]
    tables: str = ""
    categories: str = ""
    crossed: tuple[str, ...] = ()
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
    collected: bool | None = None
    basis: str
    source: str
    sure: Sure = "seen"


class Asked(Record):
    """Where a commitment would be kept: a publication, by a characteristic; or a document that lacks a statement.

    `page` is a policy document's page, `statement` a pattern of the titles of what is expected beside it (an equality
    statement); both, or a publication.
    """

    publication: str = ""
    characteristics: tuple[str, ...] = ()
    page: str = ""
    title: str = ""
    statement: str = ""
    found: str = ""

    @pydantic.model_validator(mode="after")
    def _of_a_publication_or_a_document(self) -> Self:
        if bool(self.publication) == bool(self.page) or bool(self.page) != bool(self.statement):
            raise ValueError("expected publication, or page and statement together; found neither or both. Say which")
        if self.publication and not self.characteristics:
            raise ValueError("expected characteristics beside publication (['ethnicity']); found none. Add them")
        known = {c.id for c in CHARACTERISTICS}
        for name in self.characteristics:
            refuse_unknown(name, known, "a characteristic")
        compiled(self.statement)
        return self


class Commitment(Record):
    """A recommendation, request or promise (`kind`): who said it, when, where, where it would be kept, `due` when."""

    id: str
    title: str
    kind: Literal["contents", "practice", "recommendation", "evidence", "treaty body", "minister", "statute"]
    by: str
    since: Annotated[dt.date, pydantic.Field(alias="from")]
    precision: Literal["day", "month", "year"] = "day"
    due: dt.date | None = None
    said: str
    source: str
    answer: str = ""
    sure: Sure = "seen"
    asked: tuple[Asked, ...] = ()


AuditState = Literal["not implemented", "partly implemented", "in progress", "fully implemented", "unclear"]


class Audited(Record):
    """One recommendation as somebody else's audit judges it; `commitment` is what we hold of the same."""

    recommended: str
    by: str
    accepted: str = ""
    state: AuditState
    source: str
    commitment: str = ""


class Audit(Record):
    """An audit of recommendations by others, kept apart from what the register says: its totals, and rows where each
    has a source of its own.
    """

    id: str
    title: str
    by: str
    since: Annotated[dt.date, pydantic.Field(alias="from")]
    precision: Literal["day", "month", "year"] = "day"
    of: str
    totals: dict[AuditState, int]
    source: str
    row: tuple[Audited, ...] = ()


class Commitments(Record):
    """A file of commitments, and of audits of them."""

    commitment: tuple[Commitment, ...] = ()
    audit: tuple[Audit, ...] = ()
