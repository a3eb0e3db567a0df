"""A population that a count is divided by."""

import datetime as dt
from typing import Literal, Self

import pydantic

from monitor.declarations.record import ENGLAND_AND_WALES, Record


class Baseline(Record):
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
