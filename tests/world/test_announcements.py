"""Release dates as announced, moved, cancelled and kept: also where the publisher leaves no trace."""

import datetime as dt

import pytest

from pipelines.look import Announcement, announcements_of
from world import World, broken
from world.fixtures import Monitor, series

CUSTODY = series(editions=["^custody statistics"], organisations=["office"])
TITLE = "Custody statistics: March 2024"
DAY = dt.datetime(2024, 4, 25, 8, 30, tzinfo=dt.UTC)


@pytest.fixture
def opened(world: World) -> World:
    world.now = dt.datetime(2024, 2, 1, 10, tzinfo=dt.UTC)
    world.release(world.series("custody", "Custody statistics"), "dec", "Custody statistics: December 2023")
    return world


def say(world: World, display: str, release: dt.datetime = DAY, **said: object) -> str:
    return world.announce("custody-march-2024", TITLE, display, release, **said)


def only(monitor: Monitor) -> Announcement:
    (announcement,) = announcements_of(CUSTODY, monitor.memory())
    return announcement


def test_a_provisional_month_is_a_window_and_no_moment(opened: World, monitor: Monitor) -> None:
    say(opened, "April 2024")
    monitor.look(CUSTODY)
    seen = only(monitor)
    assert (seen.state, seen.precision, seen.at) == ("provisional", "month", None)
    assert (str(seen.date), str(seen.until)) == ("2024-04-01", "2024-04-30")


def test_two_months_are_a_window_too(opened: World, monitor: Monitor) -> None:
    say(opened, "April to May 2024")
    monitor.look(CUSTODY)
    assert (str(only(monitor).date), str(only(monitor).until)) == ("2024-04-01", "2024-05-31")


def test_a_confirmed_time_is_london_time(opened: World, monitor: Monitor) -> None:
    say(opened, "25 April 2024 9:30am", state="confirmed")
    monitor.look(CUSTODY)
    seen = only(monitor)
    assert (seen.state, seen.precision, seen.at) == ("confirmed", "time", DAY)


def test_a_provisional_date_that_moves_without_a_trace_is_remembered(opened: World, monitor: Monitor) -> None:
    path = say(opened, "April 2024")
    monitor.look(CUSTODY)
    opened.now += dt.timedelta(days=7)
    say(opened, "May 2024", DAY + dt.timedelta(days=30))
    monitor.look(CUSTODY)
    assert only(monitor).previous == "April 2024"
    assert [entry["display"] for entry in monitor.announced(path)] == ["April 2024", "May 2024"]


def test_a_postponement_keeps_the_date_before_and_the_reason(opened: World, monitor: Monitor) -> None:
    say(opened, "25 April 2024 9:30am", state="confirmed")
    monitor.look(CUSTODY)
    later = DAY + dt.timedelta(days=21)
    said = {"state": "confirmed", "previous": "25 April 2024 9:30am", "note": "Quality checks take longer."}
    say(opened, "16 May 2024 9:30am", later, **said)
    done = monitor.look(CUSTODY)
    assert done.announced is not None
    assert [a.path for a in done.announced.changed] == [only(monitor).path]
    assert (only(monitor).previous, only(monitor).reason) == ("25 April 2024 9:30am", "Quality checks take longer.")


def test_a_cancellation_the_evening_before(opened: World, monitor: Monitor) -> None:
    say(opened, "25 April 2024 9:30am", state="confirmed")
    monitor.look(CUSTODY)
    opened.now = DAY - dt.timedelta(hours=15)
    say(opened, "25 April 2024 9:30am", cancelled=(opened.now, "The data are not ready."))
    monitor.look(CUSTODY)
    assert (only(monitor).state, only(monitor).reason) == ("cancelled", "The data are not ready.")
    opened.now = DAY + dt.timedelta(days=2)
    monitor.look(CUSTODY)
    assert only(monitor).state == "cancelled", "it stays known after its day"


def test_an_announcement_becomes_its_publication(opened: World, monitor: Monitor) -> None:
    path = say(opened, "25 April 2024 9:30am", state="confirmed")
    monitor.look(CUSTODY)
    opened.now = DAY
    published = opened.release("/government/collections/custody", "mar", TITLE)
    opened.publish_announced(path, published)
    done = monitor.look(CUSTODY)
    assert done.announced is not None
    assert done.announced.ended == ((path, published),)
    assert announcements_of(CUSTODY, monitor.memory()) == []
    assert [c.kind for c in done.changes["custody"]] == ["appeared"]


def test_an_announcement_that_goes_quietly_is_a_finding(opened: World, monitor: Monitor) -> None:
    path = say(opened, "25 April 2024 9:30am", state="confirmed")
    monitor.look(CUSTODY)
    del opened.documents[path]
    done = monitor.look(CUSTODY)
    assert [f.check for _, f in done.findings] == ["announcement_gone"]
    assert "25 April 2024" in done.findings[0][1].expected


def test_one_that_is_late_stays_in_view(opened: World, monitor: Monitor) -> None:
    say(opened, "25 April 2024 9:30am", state="confirmed")
    monitor.look(CUSTODY)
    opened.now = DAY + dt.timedelta(days=30)
    monitor.look(CUSTODY)
    assert only(monitor).at == DAY


def test_only_declared_series_are_followed_and_a_quiet_look_is_one_request(opened: World, monitor: Monitor) -> None:
    say(opened, "April 2024")
    opened.announce("other", "Vehicle licensing statistics: March 2024", "April 2024", DAY)
    monitor.look(CUSTODY)
    assert only(monitor).title == TITLE
    before = len(opened.requests)
    monitor.look(CUSTODY)
    assert monitor.asked(before)[0].partition("?")[0] == "/api/search.json"
    assert not any("announcements" in p for p in monitor.asked(before))
    assert len(monitor.journal("announcement")) == 1
    assert [e["requests"] for e in monitor.journal("calendar_look")] == [2, 1]


@pytest.mark.parametrize(
    "fault",
    [
        broken.status(422, body=b'{"error": "no"}'),
        broken.body(b"[]"),
        broken.body(b'{"results": 3}'),
        broken.status(503),
    ],
)
def test_a_calendar_that_cannot_be_read_loses_nothing(opened: World, monitor: Monitor, fault: object) -> None:
    say(opened, "April 2024")
    monitor.look(CUSTODY)
    opened.lay("/api/search.json", fault)
    done = monitor.look(CUSTODY)
    assert only(monitor).display == "April 2024"
    assert done.looked == 1, "the publications themselves are looked at all the same"
    assert done.findings[0][0] == "announcements"


def test_a_date_in_other_words_is_a_finding_and_the_others_are_read(opened: World, monitor: Monitor) -> None:
    say(opened, "Spring, probably")
    opened.announce("custody-june-2024", "Custody statistics: June 2024", "July 2024", DAY)
    done = monitor.look(CUSTODY)
    assert only(monitor).title == "Custody statistics: June 2024"
    assert "Spring, probably" in done.findings[0][1].found
