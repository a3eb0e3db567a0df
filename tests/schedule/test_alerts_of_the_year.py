"""Every alert of the simulated year, opened and closed, against a script made by rule from the office's story.

The script says what people are told, with the day in London on which they could be told and the day on which the
monitor closed it. Whatever stands in `world/year.py` and not here must raise nothing: both changes of London's clocks,
bank holidays, a bulletin renamed each week and another sheet and file name each edition, a date narrowed from a month
to a day, a release brought forward, a file out of reach for a day, a page broken for a morning, a series that ends or
comes every second year.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from world.year import Played

from monitor.clock import in_london
from monitor.watch.alerts import Event, past

Told = tuple[str, str, str]
"""An alert's name, the day it was opened, and the day it was closed (empty: it is open at the end of the year)."""

NEVER = (
    "age", "disability", "gender_reassignment", "learning_disability", "marriage_and_civil_partnership", "nationality",
    "pregnancy_and_maternity", "religion", "sexual_orientation",
)  # fmt: skip
"""What no table of this office separates people by."""
TABLE = "people-custody-ethnic-group"

BEFORE = {
    # one table in twenty people is of unknown ethnicity: a log entry, for as long as the table has its groups
    *((f"{series}.{TABLE}.{of}.UN", "2025-01-02", "") for series in ("courts", "workforce", "equalities", "infections")
      for of in ("ethnicity", "gypsy_roma_traveller")),
    ("bulletin.bulletin.ethnicity.UN", "2025-01-02", ""),
    ("bulletin.bulletin.gypsy_roma_traveller.UN", "2025-01-02", ""),
    (f"custody.{TABLE}.ethnicity.UN", "2025-01-02", "2025-10-31"),
    (f"custody.{TABLE}.gypsy_roma_traveller.UN", "2025-01-02", "2025-08-15"),
    ("infections.DI", "2025-01-02", ""),
}  # fmt: skip
"""What was so when watching began: listed, and no news."""


def never_published() -> Iterator[Told]:
    """What three editions in a row do not have was never published: said once, when the third is held."""
    third = {"bulletin": "2025-01-10", "custody": "2025-04-28", "courts": "2025-07-17"}
    for series, day in third.items():
        for characteristic in NEVER:
            yield f"{series}.{characteristic}.NP", day, ""
    yield "bulletin.sex.NP", third["bulletin"], ""


NEWS = {
    *never_published(),
    # not there on 24 April, nor a day later; the calendar's look of that evening finds that it has come
    ("custody.OD", "2025-04-25", "2025-04-25"),
    # cancelled the evening before, in words postponed; owed after five working days, confirmed on the next look;
    # a new date ends both
    ("courts.CN", "2025-06-25", "2025-07-10"),
    ("courts.OD", "2025-07-07", "2025-07-10"),
    # postponed with a new date and a reason
    ("custody.CN", "2025-07-28", "2025-08-14"),
    # the machine was off, and nobody noticed before it was on again
    ("this-monitor.NW", "2025-08-14", "2025-08-14"),
    # eighteen groups became two, so that Gypsy, Roma and Traveller people are counted nowhere; then none
    (f"custody.{TABLE}.ethnicity.CC", "2025-08-14", "2025-10-31"),
    # what an edition lacks is told a day later, when a second look has confirmed it
    ("custody.gypsy_roma_traveller.DR", "2025-08-15", ""),
    ("custody.ethnicity.DR", "2025-10-31", ""),
    # cancelled for good; the next edition ends it
    ("courts.CN", "2025-09-25", "2025-12-18"),
}

SEEN_ONCE = [
    # its file was dead at two looks a day apart, and there at the third
    ("custody.DL", "2025-01-31", "2025-02-07"),
]
"""What was noticed, was gone when it was looked at again, and is therefore told to nobody."""


def day(event: Event) -> str:
    return in_london(event.at).date().isoformat()


def lives(events: tuple[Event, ...], opening: tuple[str, ...]) -> list[Told]:
    """Each time an alert was open: its name, the day of its opening, and that of its end."""
    found: list[list[str]] = []
    for event in events:
        if event.event in opening:
            found.append([event.alert, day(event), ""])
        elif event.event == "resolved":
            for life in found:
                if life[0] == event.alert and not life[2]:
                    life[2] = day(event)
    return sorted((name, opened, closed) for name, opened, closed in found)


@pytest.fixture(scope="module")
def events(year: Played) -> tuple[Event, ...]:
    """What happened to alerts, in order."""
    return past(year.monitor.vault.journal()).events


@pytest.fixture(scope="module")
def listed(events: tuple[Event, ...]) -> set[str]:
    return {e.alert for e in events if e.said.get("baseline")}


def test_exactly_the_scripted_alerts_are_raised_and_closed(events, listed) -> None:
    raised = lives(tuple(e for e in events if e.alert not in listed), ("confirmed", "reopened"))
    assert raised == sorted(NEWS)


def test_what_was_so_before_watching_began_is_listed_and_is_no_news(events, listed) -> None:
    assert lives(tuple(e for e in events if e.alert in listed), ("confirmed", "reopened")) == sorted(BEFORE)


def test_what_was_gone_at_the_second_look_is_told_to_nobody(events) -> None:
    confirmed = {e.alert for e in events if e.event == "confirmed"}
    once = lives(tuple(e for e in events if e.alert not in confirmed), ("detected",))
    assert once == SEEN_ONCE


def test_nothing_becomes_graver_and_nothing_is_said_twice(events) -> None:
    assert {e.event for e in events} == {"detected", "confirmed", "resolved", "reopened", "worsened"}
    assert max(Counter((e.alert, e.event, e.at) for e in events).values()) == 1
