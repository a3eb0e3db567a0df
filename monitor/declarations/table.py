"""One published table: how it is found, what it counts, and how its rows are read."""

import datetime as dt
from typing import Annotated, Any, Literal

import pydantic

from monitor.declarations.record import ENGLAND_AND_WALES, Record, counting_days, refuse_unknown
from monitor.vocabulary import DIMENSIONS

PLACED_IN = (*DIMENSIONS, "period", "place", "as_published", "part_of_period", "value", "ignored")
"""What a table's labels may say: a dimension of the vocabulary, a period, a place, words kept as published, the value
itself, or nothing.
"""


NOT_UNDERSTOOD = "not_understood"
"""What a draft says of a unit, or of a stock or flow, that nothing in the file tells."""


class Symbols(Record):
    """Which marks the publisher uses for a missing number; names a map in the vocabulary."""

    map: str = "default"


class Definition(Record):
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


class Statistic(Record):
    """A column of its own kind beside counts; `counts = "neither"` marks a rate or share, which does not add up."""

    header: str
    measure: str
    unit: str
    counts: Literal["people", "events", "neither"] = "people"
    scale: float = 1.0


class Sum(Record):
    """A declared sum over rows of a file: the dimensions it keeps, and the places (or kinds of place) it sums to."""

    keep: tuple[str, ...]
    places: tuple[str, ...] = ()
    reason: str


class Table(Record):
    """One published table: how it is found (by its title or headers, never by position) and what it counts.

    Several with one id are the layouts of one table, each in force `from` and `until` dates that do not overlap.
    `number` is the publisher's, which may change: it only serves to say so. `scale` is what numbers are multiplied
    by (1000 where they are in thousands), for a table whose line of units does not say so or is wrong. `days` are those
    on which people are counted where the table names only a year: `2021-03-21`, or each year's `12-31`. `scope` is what
    everyone counted in it is, where its labels do not say so (`{ sex = "male" }`). `inferred` says that its labels are
    read by what they show and not by `rows` and `columns`, as in a draft. `empty` is what an empty cell stands for,
    where the file's notes do not say so. `whole` names the table whose counts, added up, are everyone whom this one
    counts at a place, hidden ones among them. `checker`, `checked_on` and `note` say who compared what it yields with
    the publisher's file.
    """

    id: str
    title: str = ""
    number: str = ""
    sheet: str = ""
    shape: Literal["crosstab", "long"] = "crosstab"
    measure: str
    population: str
    unit: str = "people"
    scale: float | None = None
    counts: Literal["people", "events"] = "people"
    period_kind: Literal["stock", "flow", "not_understood"] = "stock"
    period: str | None = None
    days: Annotated[tuple[str, ...], pydantic.AfterValidator(counting_days)] = ()
    place: str = ENGLAND_AND_WALES
    identification: Literal["self", "officer", "combined", "not_applicable"] = "self"
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ("period",)
    fields: dict[str, str] = {}
    statistics: tuple[Statistic, ...] = ()
    only: dict[str, tuple[str, ...]] = {}
    where: dict[str, tuple[str, ...]] = {}
    spellings: dict[str, str] = {}
    scope: dict[str, str] = {}
    inferred: bool = False
    empty: Literal["suppressed", "not_available", ""] = ""
    whole: str = ""
    checker: str = ""
    checked_on: dt.date | None = None
    note: str = ""
    classification: str | None = None
    flags: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()
    since: Annotated[dt.date | None, pydantic.Field(alias="from")] = None
    until: dt.date | None = None

    @pydantic.field_validator("rows", "columns", "fields")
    @classmethod
    def _dimensions_are_known(cls, said: Any) -> Any:
        for name in said.values() if isinstance(said, dict) else said:
            refuse_unknown(name, PLACED_IN, "a dimension")
        return said
