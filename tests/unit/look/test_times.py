"""Times as publishers write them, and the day in London."""

import datetime as dt

import pytest

from pipelines.look.times import announced, london_day, moment


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2024-04-24T23:00:00Z", "2024-04-25"),  # midnight in London, in summer
        ("2024-10-31T00:00:00Z", "2024-10-31"),
        ("2024-07-25T00:00:00.000+01:00", "2024-07-25"),
        ("2013-07-25T00:00:00+01:00", "2013-07-25"),
        ("2026-07-31T08:30:05Z", "2026-07-31"),
        ("2024-12-31T23:59:59+00:00", "2024-12-31"),
    ],
)
def test_the_day_is_the_day_in_london(said: str, day: str) -> None:
    assert str(london_day(moment(said))) == day


@pytest.mark.parametrize("said", [None, 7, "", "yesterday", "2024-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time_is_none(said: object) -> None:
    assert moment(said) is None


@pytest.mark.parametrize(
    ("display", "first", "last", "precision"),
    [
        ("20 January 2016 9:30am", "2016-01-20", "2016-01-20", "time"),
        ("20 January 2016", "2016-01-20", "2016-01-20", "day"),
        ("January 2016", "2016-01-01", "2016-01-31", "month"),
        ("January to February 2016", "2016-01-01", "2016-02-29", "months"),
    ],
)
def test_an_announced_date_is_as_precise_as_its_words(display: str, first: str, last: str, precision: str) -> None:
    placeholder = dt.datetime(2016, 1, 31, 9, 30, tzinfo=dt.UTC)
    read = announced(display, placeholder)
    assert read is not None
    assert (str(read[0]), str(read[1]), read[3]) == (first, last, precision)
    assert (read[2] is None) == (precision != "time"), "the timestamp is a placeholder unless the words are exact"


@pytest.mark.parametrize(
    ("display", "utc"),
    [
        ("25 April 2024 9:30am", "2024-04-25T08:30"),
        ("25 January 2024 9:30am", "2024-01-25T09:30"),
        ("25 January 2024 12:15am", "2024-01-25T00:15"),
        ("25 January 2024 2pm", "2024-01-25T14:00"),
    ],
)
def test_a_time_in_words_is_london_time(display: str, utc: str) -> None:
    read = announced(display, None)
    assert read is not None
    assert read[2] == dt.datetime.fromisoformat(f"{utc}+00:00")


@pytest.mark.parametrize("display", ["Spring 2024", "31 June 2024 9:30am", "", "soon"])
def test_other_words_are_no_date(display: str) -> None:
    assert announced(display, None) is None
