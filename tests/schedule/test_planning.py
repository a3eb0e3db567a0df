"""When the next look is, and why: a case at a time, in moments that are typed in."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from world.fixtures import series

from monitor.clock import LONDON, in_london
from monitor.declarations import DeclarationError, Publication
from monitor.schedule import Known, Planned, Tried, plan, read_cadences
from monitor.settings import CADENCES, RELEASE_LOOKS
from monitor.watch.calendar import Announcement

USUAL = read_cadences(CADENCES)
THURSDAYS = {"months": [1, 4, 7, 10], "which": "last", "weekday": "Thursday"}


def window(opens: dt.date, closes: dt.date, at: dt.datetime | None = None, **said: Any) -> Announcement:
    """An announcement as a look keeps it."""
    precision = "time" if at else "day" if opens == closes else "month"
    return Announcement(**{"path": "", "title": "", "state": "confirmed", "display": "", **said}, date=opens,
                        until=closes, at=at, precision=precision)  # fmt: skip


def at(text: str) -> dt.datetime:
    """A moment as London's clocks show it, `2025-04-24 09:35`, in UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(dt.UTC)


def told(text: str, **more: Any) -> Announcement:
    moment = at(text)
    return window(in_london(moment).date(), in_london(moment).date(), moment, **more)


def quarterly(**said: Any) -> Publication:
    return series(calendar={"cadence": "quarterly", **THURSDAYS, **said})


def daily() -> Publication:
    return series(calendar={"cadence": "monthly", "windows": [["12-30", "12-31"]]})


def look(
    publication: Publication, now: str, last: str | None, *announced: Announcement, failures: int = 0, **known: Any
) -> Planned:
    """The one next look, `now` and after the last one."""
    tried = {publication.id: Tried(at(last), failures)} if last else {}
    seen = {publication.id: {"2025-01": dt.date(2025, 1, 30)}}
    said = Known(tried, seen, {publication.id: announced}, **known)
    (found,) = (p for p in plan([publication], said, at(now), USUAL) if p.what == "look")
    return found


def when(found: Planned) -> tuple[str, str]:
    return f"{in_london(found.at):%Y-%m-%d %H:%M}", found.reason


def test_what_was_never_looked_at_is_due_now() -> None:
    assert when(look(quarterly(), "2025-03-15 23:10", None)) == ("2025-03-15 23:10", "first")


@pytest.mark.parametrize(
    ("last", "following"),
    [
        ("2025-02-05 09:35", "2025-02-12 09:35"),
        ("2025-02-05 14:20", "2025-02-12 09:35"),
        ("2025-02-05 03:00", "2025-02-11 09:35"),
        ("2025-04-11 09:35", "2025-04-22 09:35"),
    ],
    ids=["a week later", "however late that day", "a look by night counts for the day before", "over Easter"],
)
def test_a_quarterly_series_is_looked_at_every_week_on_working_days(last: str, following: str) -> None:
    nothing_due = quarterly(**{"from": "2026-01-01"})
    assert when(look(nothing_due, last, last)) == (following, "cadence")


@pytest.mark.parametrize(
    ("friday", "monday", "hours"),
    [("2025-03-28", "2025-03-31", 71), ("2025-10-24", "2025-10-27", 73)],
    ids=["clocks go forward", "clocks go back"],
)
def test_the_hour_is_londons_when_its_clocks_change(friday: str, monday: str, hours: int) -> None:
    found = look(daily(), f"{friday} 10:00", f"{friday} 09:35")
    assert when(found) == (f"{monday} 09:35", "cadence")
    assert found.at - at(f"{friday} 09:35") == dt.timedelta(hours=hours)


def test_a_time_that_comes_twice_in_the_night_is_one_moment() -> None:
    """01:30 on 26 October is there twice; waits are counted in hours that pass."""
    first = dt.datetime(2025, 10, 26, 0, 30, tzinfo=dt.UTC)
    assert (in_london(first).hour, in_london(first + dt.timedelta(hours=1)).hour) == (1, 1)
    publication = daily()
    known = Known({publication.id: Tried(first, failures=1)})
    (found,) = (p for p in plan([publication], known, first, USUAL) if p.what == "look")
    assert (found.at, found.reason) == (first + dt.timedelta(hours=1), "failed")


def test_an_announced_day_is_looked_at_more_and_more_rarely_until_it_is_over() -> None:
    publication, announced = quarterly(), told("2025-04-24 09:30")
    moments, last = [], "2025-04-23 09:35"
    while (found := look(publication, last, last, announced)).at < at("2025-04-25 00:00"):
        moments.append(when(found))
        last = f"{in_london(found.at):%Y-%m-%d %H:%M}"
    half_hours = [f"{hour}:{minute}" for hour in range(10, 18) for minute in (29, 59)][1:-1]
    assert [m[11:] for m, _ in moments] == ["09:30", "09:32", "09:36", "09:44", "09:59", "10:29", *half_hours]
    assert len(moments) == len(RELEASE_LOOKS) == 20
    assert {reason for _, reason in moments[1:]} == {"awaited"}
    assert when(found) == ("2025-04-25 09:35", "late")


def test_a_release_late_in_the_evening_is_not_awaited_into_the_next_day() -> None:
    found = look(quarterly(), "2025-04-24 23:57", "2025-04-24 23:56", told("2025-04-24 23:50"))
    assert when(found) == ("2025-04-25 09:35", "late")


@pytest.mark.parametrize("more", [{"state": "provisional"}, {"unlisted": True}])
def test_a_day_that_is_not_confirmed_is_looked_at_once(more: dict[str, Any]) -> None:
    announced = told("2025-04-24 09:30", **more)
    assert when(look(quarterly(), "2025-04-23 10:00", "2025-04-23 09:35", announced)) == (
        "2025-04-24 09:35",
        "expected",
    )
    assert when(look(quarterly(), "2025-04-24 09:36", "2025-04-24 09:35", announced)) == ("2025-04-25 09:35", "late")


def test_once_it_has_come_nothing_is_awaited() -> None:
    publication = quarterly()
    came = {publication.id: {"2025-04": dt.date(2025, 4, 24)}}
    for last in ("2025-04-24 09:30", "2025-04-24 11:59"):
        known = Known({publication.id: Tried(at(last))}, came, {publication.id: [told("2025-04-24 09:30")]})
        (found,) = (p for p in plan([publication], known, at(last), USUAL) if p.what == "look")
        assert when(found) == ("2025-05-01 09:35", "cadence")


def test_a_day_announced_without_an_hour_is_looked_at_at_the_declared_one() -> None:
    on = window(dt.date(2025, 4, 24), dt.date(2025, 4, 24))
    assert when(look(quarterly(time="12:00"), "2025-04-22 10:00", "2025-04-22 09:35", on)) == (
        "2025-04-24 12:00",
        "announced",
    )


def test_a_missed_day_is_made_up_for_once() -> None:
    """Nobody watched from the 23rd to the 28th: one look, for the first thing that was missed, and then as planned."""
    announced = told("2025-04-24 09:30")
    found = look(quarterly(), "2025-04-28 15:00", "2025-04-23 09:35", announced)
    assert when(found) == ("2025-04-24 09:30", "announced")
    assert when(look(quarterly(), "2025-04-28 15:00", "2025-04-28 15:00", announced)) == ("2025-04-29 09:35", "late")


def test_what_is_owed_for_a_month_is_looked_at_as_often_as_before() -> None:
    announced = told("2025-04-24 09:30")
    assert when(look(quarterly(), "2025-05-22 10:00", "2025-05-22 09:35", announced)) == ("2025-05-23 09:35", "late")
    last = "2025-05-23 09:35"  # the twentieth working day after
    assert when(look(quarterly(), last, last, announced)) == ("2025-05-30 09:35", "cadence")


def test_a_cancelled_release_is_not_awaited_and_a_postponed_one_is_owed() -> None:
    gone = told("2025-04-24 09:30", state="cancelled", reason="Merged with another release.")
    assert when(look(quarterly(), "2025-04-22 10:00", "2025-04-22 09:35", gone)) == ("2025-04-29 09:35", "cadence")
    owed = told("2025-04-24 09:30", state="cancelled", reason="Postponed: quality.")
    assert when(look(quarterly(), "2025-04-22 10:00", "2025-04-22 09:35", owed)) == ("2025-04-24 09:35", "expected")


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 24), (60, 24)])
def test_a_look_that_failed_is_made_again_after_longer_and_longer(failures: int, hours: int) -> None:
    nothing_due = quarterly(**{"from": "2026-01-01"})
    found = look(nothing_due, "2025-02-05 09:36", "2025-02-05 09:35", failures=failures)
    assert (found.at - at("2025-02-05 09:35"), found.reason) == (dt.timedelta(hours=hours), "failed")


def test_a_dead_address_is_looked_at_again_a_day_later_and_not_just_before() -> None:
    """The second look is at least 24 hours after the first; the usual one seconds before it is left out."""
    first = at("2025-02-05 09:35") + dt.timedelta(seconds=20)
    found = look(daily(), "2025-02-05 10:00", "2025-02-05 09:35", failing={"custody": [first]})
    assert (found.at, found.reason) == (first + dt.timedelta(hours=24), "recheck")
    over_a_weekend = look(
        daily(), "2025-02-07 10:00", "2025-02-07 09:35", failing={"custody": [at("2025-02-07 09:35")]}
    )
    assert when(over_a_weekend) == ("2025-02-08 09:35", "recheck")
    rechecked = look(daily(), "2025-02-06 10:00", "2025-02-06 09:36", failing={"custody": [first]})
    assert when(rechecked) == ("2025-02-07 09:35", "cadence")
    another = [first, at("2025-02-05 15:00")]
    assert when(look(daily(), "2025-02-06 10:00", "2025-02-06 09:36", failing={"custody": another})) == (
        "2025-02-06 15:00",
        "recheck",
    )


def test_a_clock_put_forward_makes_looks_due_once() -> None:
    assert look(daily(), "2025-02-05 09:36", "2025-02-05 09:35").at > at("2025-02-05 09:36")
    assert look(daily(), "2025-03-05 11:00", "2025-02-05 09:35").at <= at("2025-03-05 11:00")
    assert when(look(daily(), "2025-03-05 11:00", "2025-03-05 11:00")) == ("2025-03-06 09:35", "cadence")


def test_a_clock_put_back_neither_repeats_looks_nor_ends_them() -> None:
    hours_ago = look(daily(), "2025-02-05 07:00", "2025-02-05 09:35")
    assert when(hours_ago) == ("2025-02-06 09:35", "cadence"), "what was done today is not done again"
    years_ago = look(daily(), "2025-02-05 07:00", "2031-06-01 09:35")
    assert when(years_ago) == ("2025-02-05 07:00", "first"), "a look in 2031 is not believed"
    known = Known(ahead=Tried(at("2031-06-01 18:00")), digested=at("2031-06-01 10:30"))
    announced = series(organisations=["office"])
    planned = {p.what: p.at for p in plan([announced], known, at("2025-02-05 07:00"), USUAL)}
    assert planned["look_ahead"] == planned["digest"] == at("2025-02-05 07:00")


def test_announced_dates_that_could_not_be_asked_for_are_asked_for_again() -> None:
    known = Known(ahead=Tried(at("2025-02-05 18:00"), failures=2))
    (found,) = (
        p
        for p in plan([series(organisations=["office"])], known, at("2025-02-05 18:01"), USUAL)
        if p.what == "look_ahead"
    )
    assert when(found) == ("2025-02-05 20:00", "failed")


def test_an_operator_may_declare_hours() -> None:
    cadences = {**USUAL, "monthly": dt.timedelta(hours=6)}
    known = Known({"custody": Tried(at("2025-02-08 22:00"))})
    (found,) = (p for p in plan([daily()], known, at("2025-02-08 22:00"), cadences) if p.what == "look")
    assert when(found) == ("2025-02-09 04:00", "cadence")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cadence,hours\nfortnightly,12\n", "line 2: expected each of weekly"),
        ("cadence,hours\nweekly,24\nweekly,24\n", "line 3"),
        ("cadence,hours\nweekly,soon\n", "line 2: expected hours above 0, such as 24; found 'soon'"),
        ("cadence,hours\nweekly,0\n", "found '0'"),
        ("cadence,hours\nweekly,24\n", "found none for monthly"),
    ],
)
def test_a_wrong_file_of_cadences_names_the_line_and_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "cadences.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"cadences\.csv") as error:
        read_cadences(path)
    assert said in str(error.value)


def test_a_missing_file_of_cadences_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="JUSTICE_MONITOR_CADENCES"):
        read_cadences(tmp_path / "none.csv")


def test_everything_declared_has_a_plan_and_a_reason() -> None:
    from monitor.schedule.tasks import watchable

    declared = watchable()
    now = at("2025-02-05 12:00")
    planned = plan(declared.values(), Known({slug: Tried(now) for slug in declared}), now, USUAL)
    assert sorted(p.publication for p in planned if p.what == "look") == sorted(declared)
    assert all(now < p.at <= now + dt.timedelta(days=31) and p.why for p in planned if p.what == "look")
