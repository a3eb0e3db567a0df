"""The statistics office's own release calendar: when the next of a population source is due, moved, off or out."""

import datetime as dt

import pytest

from pipelines.look import Announcement, announcements_of
from world import World, broken
from world.fixtures import Monitor, series
from world.populations import release, serve_releases

PEOPLE = series("people", "Population estimates", kind="link-list", pages=["/people"], releases="^population estimates")
TITLE = "Population estimates for the UK: mid-2024"
OTHER = release("trade", "UK trade: May 2024", "2024-07-12T08:30:00.000Z", finalised=True)
DAY = "2024-07-15T08:30:00.000Z"


@pytest.fixture
def office(world: World) -> World:
    world.now = dt.datetime(2024, 5, 1, 10, tzinfo=dt.UTC)
    return world


def look(world: World, monitor: Monitor, *releases: dict[str, object]) -> list[Announcement]:
    serve_releases(world, [OTHER, *releases])
    monitor.look(PEOPLE)
    return announcements_of(PEOPLE, monitor.memory())


def test_a_provisional_month_is_a_window(office: World, monitor: Monitor) -> None:
    (seen,) = look(office, monitor, release("people", TITLE, "2024-07-01T08:30:00.000Z", provisional="July 2024"))
    assert (seen.state, seen.precision, str(seen.date), str(seen.until)) == (
        "provisional", "month", "2024-07-01", "2024-07-31"
    )  # fmt: skip
    assert seen.path == "https://www.ons.gov.uk/releases/people"


def test_a_confirmed_day_is_half_past_nine_in_london(office: World, monitor: Monitor) -> None:
    (seen,) = look(office, monitor, release("people", TITLE, DAY, finalised=True))
    assert (seen.state, seen.display) == ("confirmed", "15 July 2024 9:30am")
    assert str(seen.at) == "2024-07-15 08:30:00+00:00"


def test_a_postponement_says_the_date_before_and_why(office: World, monitor: Monitor) -> None:
    moved = [(DAY, "Quality checks take longer.")]
    (seen,) = look(office, monitor, release("people", TITLE, "2024-08-15T08:30:00.000Z", finalised=True, changes=moved))
    assert (seen.previous, seen.reason) == ("15 July 2024 9:30am", "Quality checks take longer.")


def test_a_date_that_moved_without_a_notice_is_remembered(office: World, monitor: Monitor) -> None:
    look(office, monitor, release("people", TITLE, DAY))
    (seen,) = look(office, monitor, release("people", TITLE, "2024-08-15T08:30:00.000Z"))
    assert (seen.display, seen.previous) == ("15 August 2024 9:30am", "15 July 2024 9:30am")
    assert [entry["display"] for entry in monitor.announced(seen.path)] == [
        "15 July 2024 9:30am",
        "15 August 2024 9:30am",
    ]


def test_a_cancellation_stays_known(office: World, monitor: Monitor) -> None:
    (seen,) = look(office, monitor, release("people", TITLE, DAY, cancelled=True))
    assert seen.state == "cancelled"


def test_one_that_is_out_ends_its_announcement(office: World, monitor: Monitor) -> None:
    look(office, monitor, release("people", TITLE, DAY, finalised=True))
    assert look(office, monitor, release("people", TITLE, DAY, published=True)) == []
    assert [e["became"] for e in monitor.journal("announcement_ended")] == ["/releases/people"]


def test_one_that_goes_quietly_is_a_finding(office: World, monitor: Monitor) -> None:
    look(office, monitor, release("people", TITLE, DAY, finalised=True))
    serve_releases(office, [OTHER])
    done = monitor.look(PEOPLE)
    assert "announcement_gone" in {f.check for _, f in done.findings}
    assert announcements_of(PEOPLE, monitor.memory()) == []


def test_every_page_of_the_calendar_is_asked_for(office: World, monitor: Monitor) -> None:
    others = [release(f"other-{n}", f"Other: {n}", DAY) for n in range(1500)]
    (seen,) = look(office, monitor, *others, release("people", TITLE, DAY))
    assert seen.title == TITLE


@pytest.mark.parametrize(
    "fault",
    [broken.status(503), broken.status(404), broken.body(b"{"), broken.body(b'{"releases": 3}'), broken.body(b"[]")],
)
def test_a_calendar_that_cannot_be_read_loses_nothing(office: World, monitor: Monitor, fault: object) -> None:
    look(office, monitor, release("people", TITLE, DAY, finalised=True))
    office.lay("/search/releases", fault)
    done = monitor.look(PEOPLE)
    assert "search/releases" in next(f.where for name, f in done.findings if name == "announcements")
    (seen,) = announcements_of(PEOPLE, monitor.memory())
    assert seen.state == "confirmed"
