"""A population of a day that falls in the period counted."""

import datetime as dt

import pytest

from monitor.declarations import Baseline

SAID = {"id": "in-prison", "title": "People in prison", "table": {"sex": "sex"}, "sentence": "People in prison."}


def test_the_day_is_of_the_year_that_is_counted() -> None:
    june = Baseline(**SAID, day="06-30")
    assert june.day_in(dt.date(2018, 1, 1), dt.date(2018, 12, 31)) == dt.date(2018, 6, 30)
    assert june.day_in(dt.date(2018, 7, 1), dt.date(2019, 3, 31)) is None, "no June is in it"
    assert june.day_in(dt.date(2017, 1, 1), dt.date(2018, 12, 31)) is None, "two are, and nobody could say which"


@pytest.mark.parametrize("day", ["06-31", "02-29", "13-01", "6-30", "June"])
def test_a_day_that_not_every_year_has_is_refused(day: str) -> None:
    with pytest.raises(ValueError, match=r"day"):
        Baseline(**SAID, day=day)


@pytest.mark.parametrize("said", [{}, {"day": "06-30", "follows": True}, {"day": "06-30", "date": "2018-06-30"}])
def test_a_population_is_of_one_date_one_period_or_one_day(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        Baseline(**SAID, **said)
