"""What people are told of announced dates: each change once, and no publisher accused of what we do not see."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.clock import LONDON
from monitor.watch.alerts import Event, past
from pipelines.look import announcements_of
from world import World, broken
from world.fixtures import Monitor, series
from world.year import Follower, Played

CUSTODY = series(
    editions=["^custody statistics"],
    organisations=["office"],
    calendar={"cadence": "quarterly", "months": [1, 4, 7, 10], "which": "last", "weekday": "Thursday"},
)
TITLE = "Custody statistics: March 2024"
NEWS = ("confirmed", "changed", "worsened", "reopened", "resolved")


def london(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.fixture
def pass_on(world: World, monitor: Monitor, tmp_path: Path) -> Callable[[str], list[str]]:
    """A pass at a moment of London's; gives what people are told because of it, as `CN confirmed`."""
    played, follower = Played(monitor), Follower(tmp_path / "followed", {"custody": CUSTODY})
    told = set[str]()

    def pass_on(when: str) -> list[str]:
        world.now = london(when)
        played.passes.append((world.now, monitor.look(CUSTODY)))
        follower(played)
        news = [e for e in events(monitor) if e.id not in told and e.event in NEWS]
        told.update(e.id for e in news)
        return [f"{e.alert.rpartition('.')[2]} {e.event}" for e in news if e.alert.startswith("custody.")]

    world.now = london("2024-01-25 09:30")
    world.release(world.series("custody", "Custody statistics"), "dec", "Custody statistics: December 2023")
    say(world, "25 April 2024 9:30am", "2024-04-25", state="confirmed")
    assert pass_on("2024-02-01 10:00") == []
    return pass_on


def events(monitor: Monitor) -> tuple[Event, ...]:
    return past(monitor.vault.journal()).events


def say(world: World, display: str, day: str, **said: object) -> str:
    return world.announce("custody-march-2024", TITLE, display, london(f"{day} 09:30"), **said)


def test_postponed_postponed_again_and_cancelled_are_three_pieces_of_news(
    world: World, monitor: Monitor, pass_on: Callable[[str], list[str]]
) -> None:
    moved = {"state": "confirmed", "previous": "25 April 2024 9:30am", "note": "Quality."}
    say(world, "16 May 2024 9:30am", "2024-05-16", **moved)
    assert pass_on("2024-04-22 10:00") == ["CN confirmed"]
    assert pass_on("2024-04-23 10:00") == [], "what was said is not said again"
    # beyond the next usual day: it is still April's edition, and July's is not overdue because of it
    say(world, "8 August 2024 9:30am", "2024-08-08", **moved | {"previous": "16 May 2024 9:30am"})
    assert pass_on("2024-05-13 10:00") == ["CN changed"]
    assert pass_on("2024-05-28 10:00") == [], "past the usual day and the day announced before, nothing is overdue"
    # brought forward a little: still put off from April, and another date
    say(world, "1 August 2024 9:30am", "2024-08-01", **moved | {"previous": "8 August 2024 9:30am"})
    assert pass_on("2024-05-30 10:00") == ["CN changed"]
    say(world, "1 August 2024 9:30am", "2024-08-01", cancelled=(london("2024-06-03 17:00"), "Merged with another."))
    assert pass_on("2024-06-04 10:00") == ["CN changed"]
    assert pass_on("2024-06-05 10:00") == []
    last = [e for e in events(monitor) if e.event == "changed"][-1]
    assert "cancelled: Merged with another." in last.cause
    assert last.evidence[0]["announced"]["state"] == "cancelled"


def test_a_cancellation_without_a_reason_after_a_postponement_is_graver_and_said_once(
    world: World, pass_on: Callable[[str], list[str]]
) -> None:
    say(world, "16 May 2024 9:30am", "2024-05-16", state="confirmed", previous="25 April 2024 9:30am", note="Quality.")
    assert pass_on("2024-04-22 10:00") == ["CN confirmed"]
    say(world, "16 May 2024 9:30am", "2024-05-16", cancelled=(london("2024-05-13 17:00"), ""))
    assert pass_on("2024-05-14 10:00") == ["CN worsened"]
    assert pass_on("2024-05-15 10:00") == []


def test_an_announcement_that_only_its_own_page_still_shows_makes_nobody_late(
    world: World, monitor: Monitor, pass_on: Callable[[str], list[str]]
) -> None:
    path = say(world, "25 April 2024 9:30am", "2024-04-25", state="confirmed")
    world.unlisted.add(path)
    assert pass_on("2024-04-22 10:00") == []
    (seen,) = announcements_of(CUSTODY, monitor.memory())
    assert (seen.unlisted, seen.state, seen.display) == (True, "confirmed", "25 April 2024 9:30am")
    said = [f for entry in monitor.journal("calendar_look") for f in entry["findings"]]
    assert sum("its own page alone" in f for f in said) == 1, "the operator is told, and once"
    for day in ("2024-04-26", "2024-04-29", "2024-05-07", "2024-05-08", "2024-05-23"):
        assert pass_on(f"{day} 10:00") == []
    # twenty working days later it is owed all the same, and nobody need act on the day itself
    assert pass_on("2024-05-30 10:00") == []
    assert pass_on("2024-05-31 10:00") == ["OD confirmed"]
    assert {e.said["gap"]["severity"] for e in events(monitor) if e.alert == "custody.OD" and "gap" in e.said} == {"S2"}
    world.unlisted.clear()
    pass_on("2024-06-03 10:00")
    assert not announcements_of(CUSTODY, monitor.memory())[0].unlisted


def test_what_the_page_of_an_unlisted_announcement_says_counts(
    world: World, monitor: Monitor, pass_on: Callable[[str], list[str]]
) -> None:
    path = say(world, "16 May 2024 9:30am", "2024-05-16", state="confirmed", previous="25 April 2024 9:30am", note="Q.")
    world.unlisted.add(path)
    assert pass_on("2024-04-22 10:00") == ["CN confirmed"]
    say(world, "16 May 2024 9:30am", "2024-05-16", cancelled=(london("2024-05-13 17:00"), "Not ready."))
    assert pass_on("2024-05-14 10:00") == ["CN changed"]


@pytest.mark.parametrize("fault", [broken.status(403), broken.status(500), broken.page()])
def test_a_page_that_cannot_be_read_ends_no_announcement(
    world: World, monitor: Monitor, pass_on: Callable[[str], list[str]], fault: object
) -> None:
    path = say(world, "25 April 2024 9:30am", "2024-04-25", state="confirmed")
    world.unlisted.add(path)
    world.lay(f"/api/content{path}", fault)
    pass_on("2024-04-22 10:00")
    assert [a.display for a in announcements_of(CUSTODY, monitor.memory())] == ["25 April 2024 9:30am"]


def test_an_edition_that_comes_before_its_day_is_late_for_nobody(
    world: World, pass_on: Callable[[str], list[str]]
) -> None:
    """Its announcement is left as it was: nobody led it to the edition."""
    world.now = london("2024-03-20 09:30")
    world.release("/government/collections/custody", "mar", TITLE)
    for day in ("2024-03-20", "2024-04-26", "2024-05-10"):
        assert [n for n in pass_on(f"{day} 10:00") if n.startswith(("OD", "CN"))] == []
