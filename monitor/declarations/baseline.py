"""A population that a count is divided by."""

import datetime as dt
from typing import Annotated, Any, Literal, Self

import pydantic

from monitor.declarations.record import ENGLAND_AND_WALES, Record


def _several(said: Any) -> Any:
    """One name as a list of one."""
    return (said,) if isinstance(said, str) else said


class Baseline(Record):
    """A population that a count is divided by: whose figures, at which date, of which ages and place.

    `table` names, for each characteristic, the table that speaks for it; `by_sex` those that also split by sex.
    A previous stage has no `date`: it `follows` the period of what is counted, or is of a `day` (`06-30`) that falls
    in it. One that lies `between` two others (the earlier first) is of any day, grown from the one to the other;
    `joined` names, for a group of the earlier, those of the later that are counted in it, and `or_joined` the group
    they might as well be counted in, which the range beside a ratio takes in. `circumstances` and `sum_over` pick its
    figures as a measure's do.
    """

    id: str
    title: str
    publication: str = ""
    measure: str = "residents"
    population: str = "usual residents"
    date: dt.date | None = None
    follows: bool = False
    between: tuple[str, str] | None = None
    joined: dict[str, tuple[str, ...]] = {}
    or_joined: dict[str, tuple[str, ...]] = {}
    day: Annotated[str, pydantic.Field(pattern=r"^(0[1-9]|1[0-2])-[0-3]\d$")] | None = None
    place: str = ENGLAND_AND_WALES
    table: dict[str, Annotated[tuple[str, ...], pydantic.BeforeValidator(_several)]] = {}
    circumstances: dict[str, str] = {}
    sum_over: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    by_sex: tuple[str, ...] = ()
    identification: Literal["self", "not_applicable"] = "self"
    sentence: str

    @pydantic.model_validator(mode="after")
    def _of_a_date_or_of_the_same_period(self) -> Self:
        said = (self.date is not None, self.follows, self.day is not None, self.between is not None)
        if sum(said) != 1:
            raise ValueError(
                "expected one of a date, follows = true for the period of what is counted, a day (MM-DD) in it, and "
                "between = two other baselines; found several or none"
            )
        if self.day is not None:
            try:
                dt.date.fromisoformat(f"2001-{self.day}")
            except ValueError:
                raise ValueError(f"expected a day that every year has (MM-DD); found {self.day}") from None
        return self

    @property
    def noun(self) -> str:
        """Whom it counts, in the words of a column's heading."""
        return "residents" if self.population.startswith("usual residents") else self.population

    def day_in(self, start: dt.date, end: dt.date) -> dt.date | None:
        """The `day` that falls in a period; None where none does, or where several do."""
        days = [dt.date.fromisoformat(f"{year}-{self.day}") for year in range(start.year, end.year + 1)]
        inside = [day for day in days if start <= day <= end]
        return inside[0] if len(inside) == 1 else None
