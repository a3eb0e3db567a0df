"""Which edition a file is of: by its bytes, by what its name means, by the day it came out; never by its address."""

import datetime as dt

import pytest

from monitor.declarations import Publication
from monitor.store.vault import Artefact
from pipelines.identity import Named, edition_of, plain_name
from pipelines.look.titles import edition_id, period_of

JULY = dt.date(2022, 7, 28)


def file(edition: str, published_on: dt.date | None = None, original: str = "of an original") -> Artefact:
    at = dt.datetime(2022, 8, 1)
    return Artefact("of a file", "custody", edition, "original", "custody.xlsx", 1, original, published_on, at)


def declared(cadence: str) -> Publication:
    return Publication.model_validate(
        {"id": "custody", "title": "Custody", "publisher": "Office", "calendar": {"cadence": cadence}}
    )


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("2022-06-30", "2022-06-30"),
        ("30 June 2022", "2022-06-30"),
        ("Q1 2022", "2022-Q1"),
        ("2022-Q1", "2022-Q1"),
        ("January to March 2022", "2022-Q1"),
        (" 2018/19 ", "2018-19"),
        ("2018-19", "2018-19"),
        ("2024-06", "2024-06"),
        ("June 2024", "2024-06"),
        ("2012-07--2013-06", "2012-07--2013-06"),
        ("third  wave", "third wave"),
    ],
)
def test_names_of_one_period_are_one_name(typed: str, id: str) -> None:
    assert plain_name(typed) == id
    assert plain_name(plain_name(typed)) == id


def test_a_title_looked_up_and_a_name_typed_give_one_id() -> None:
    period = period_of("Offender statistics quarterly: January to March 2022")
    assert period is not None
    assert edition_id(period) == plain_name("Q1 2022")


def test_bytes_that_are_held_are_of_the_edition_that_has_them() -> None:
    held = [file("2022-06-30", original="the workbook")]
    assert edition_of(declared("quarterly"), Named("2022-Q1", None, "the workbook"), held) == "2022-06-30"


def test_a_release_its_page_calls_by_the_quarter_and_its_tables_by_a_day_is_one_edition() -> None:
    held = [file("2022-Q4", dt.date(2022, 4, 28)), file("2022-06-30", JULY)]
    assert edition_of(declared("quarterly"), Named("2022-Q1", JULY), held) == "2022-06-30"


@pytest.mark.parametrize(
    ("cadence", "said", "held"),
    [
        ("monthly", "2024-02", "2024-01"),
        ("quarterly", "2022-Q2", "2022-Q1"),
        ("annual", "2022-23", "2021-22"),
        ("weekly", "2022-06-30", "2022-06-23"),
        ("quarterly", "2021-Q1", "2022-06-30"),
        ("quarterly", "guide", "2022-06-30"),
    ],
)
def test_two_editions_published_on_one_day_stay_two(cadence: str, said: str, held: str) -> None:
    assert edition_of(declared(cadence), Named(said, JULY), [file(held, JULY)]) == said


def test_an_edition_keeps_its_first_name() -> None:
    held = [file("Q1 2022", None)]
    assert edition_of(declared("quarterly"), Named("January to March 2022"), held) == "Q1 2022"


def test_what_is_not_held_is_a_new_edition_under_its_plain_name() -> None:
    assert edition_of(declared("quarterly"), Named("Q2 2022", JULY), [file("2022-03-31")]) == "2022-Q2"
