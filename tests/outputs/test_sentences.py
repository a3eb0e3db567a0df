"""What is said follows from the row beside it, in words a reader can quote."""

import datetime as dt
from collections.abc import Callable

import polars as pl
import pytest

from dashboards import sentences as say
from monitor.declarations import baselines, measures


def row(frame: pl.DataFrame, category: str) -> dict[str, object]:
    return frame.filter(category=category).row(0, named=True)


def test_people_in_prison_are_told_as_how_likely_they_are_to_be_there(derived: Callable[..., pl.DataFrame]) -> None:
    black = row(derived("prison-population", "ethnicity"), "Black")
    said = say.headline(black, measures()["prison-population"], baselines()["residents-18plus"])
    assert said == (
        "On 30 June 2023 in England and Wales, people from the Black ethnic group were 12.3% of people in prison and "
        "3.7% of residents aged 18 and over, 3.89 times as likely to be in prison as people from the White ethnic "
        "group (95% interval 3.81 to 3.97). Compared with: Usual residents of England and Wales aged 18 and over at "
        "the time. By census the ratio is 3.66 to 3.89. Beside people of all ethnic groups together the ratio is 3.25 "
        "as counted and 2.83 at equal ages. Ethnicity was unknown for 1.0%; whatever they are, the ratio lies between "
        "3.83 and 4.20."
    )


def test_events_are_told_as_a_rate_of_events_and_not_of_people(derived: Callable[..., pl.DataFrame]) -> None:
    black = row(derived("arrests", "ethnicity", baseline="census-2011"), "Black")
    said = say.headline(black, measures()["arrests"], baselines()["census-2011"])
    assert "were arrested at 3.35 times the rate of people from the White ethnic group" in said
    assert "one person may be counted more than once" in said
    assert "likely" not in said


def test_a_row_without_a_ratio_has_no_headline(derived: Callable[..., pl.DataFrame]) -> None:
    anglican = row(derived("prison-population", "religion"), "Anglican")
    with pytest.raises(ValueError, match="Show the reason instead"):
        say.headline(anglican, measures()["prison-population"], baselines()["census-2021"])


@pytest.mark.parametrize(
    ("characteristic", "name", "sex", "words"),
    [
        ("ethnicity", "Black", "all", "people from the Black ethnic group"),
        ("ethnicity", "Black", "female", "women from the Black ethnic group"),
        ("ethnicity", "Unknown", "all", "people whose ethnicity is unknown"),
        ("ethnicity", "all others", "all", "people from all other ethnic groups combined"),
        ("religion", "Muslim", "all", "Muslim people"),
        ("religion", "No religion", "male", "men with no religion"),
        ("sex", "female", "all", "women"),
        ("age", "18-20", "all", "people aged 18-20"),
        ("nationality", "British", "all", "people of British nationality"),
        ("disability", "Disabled", "all", "disabled people"),
        ("religion", "Never heard of", "all", "Never heard of people"),
    ],
)
def test_groups_are_people_first(characteristic: str, name: str, sex: str, words: str) -> None:
    assert say.people(characteristic, name, sex) == words


def verdict(said: str, *depends_on: str, **beside: str) -> dict[str, object]:
    plain = {"kind": "population", "counts": "people", "band": None}
    return plain | {"verdict": said, "depends_on": list(depends_on)} | beside


def test_an_open_direction_is_never_told_as_no_disparity() -> None:
    assert say.direction(verdict("too_few")) == "too few to say"
    assert "open" in say.representation(verdict("depends", "interval", "unknown"))
    assert say.direction(verdict("depends", "unknown", "census")) == "direction depends on the unknown and the census"


def test_no_verdict_is_told_as_better_or_worst() -> None:
    said = " ".join(f(verdict(v)) for f in (say.direction, say.representation) for v in say.WORDS["verdict"])
    assert not {"better", "worse", "worst", "best"} & set(said.split())
    assert say.representation(verdict("less")) == "under-represented"
    assert say.representation(verdict("less", kind="stage", band="under_clear")) == "clearly less likely"
    assert "represented" not in say.representation(verdict("same", kind="stage", band="parity"))


def test_events_are_never_clear() -> None:
    assert say.direction(verdict("less", kind="stage", band="under_clear", counts="events")) == "less likely"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (say.count(10059), "10,059"),
        (say.count(12.5), "12.5 [e]"),
        (say.percent(0.1), "10.0%"),
        (say.ratio(3.9718), "3.97"),
        (say.rate(581.4367), "581.4"),
        (say.interval(3.888, 4.0569), "3.89 to 4.06"),
        (say.interval(0.0388, 0.0418), "0.039 to 0.042"),
        (say.period("2022-06-30", dt.date(2022, 6, 30), dt.date(2022, 6, 30)), "on 30 June 2022"),
        (
            say.period("2018/19", dt.date(2018, 4, 1), dt.date(2019, 3, 31)),
            "in 2018/19 (1 April 2018 to 31 March 2019)",
        ),
    ],
)
def test_numbers_and_dates_have_one_form(said: str, words: str) -> None:
    assert said == words


def test_text_from_outside_loses_what_hides_or_reverses_it() -> None:
    assert say.clean("a\u202eb\x07c\u200f d\n\te\ufeff") == "a b c d e"
    assert say.unbroken(say.label("W" * 200)) == "W" * 200
    assert max(map(len, say.label("W" * 200).split("\u200b"))) <= 30


def test_the_licence_line_is_the_licences_own_and_said_once() -> None:
    assert say.licence(["Open Government Licence v3.0"] * 2) == say.OGL_LINE
    assert say.licence(["Open Government Licence v3.0", "CC BY 4.0"]).endswith("Licence: CC BY 4.0.")
