"""Every look of a year, when and why, against a list made by hand from the calendar of 2025 and the office's story.

The rule is written here a second time, and otherwise: by counting weeks from days that are typed in, never by asking
what is next. What the office does is told in `world/year.py`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest
from world.year import DECLARED, Played

Look = tuple[str, str]
SHUT = {"2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05", "2025-05-26", "2025-08-25", "2025-12-25", "2025-12-26"}
NOBODY_WATCHED = {"2025-08-12", "2025-08-13"}
STARTED, CAME_BACK = "2025-01-02 08:00", "2025-08-14 11:20"


def working_days(first: str, last: str) -> Iterator[str]:
    day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    while day <= end:
        if day.weekday() < 5 and day.isoformat() not in SHUT:
            yield day.isoformat()
        day += dt.timedelta(days=1)


def weekly(first: str, last: str, weeks: int = 1) -> list[Look]:
    """Looks for no other reason than the cadence, on one day of the week, from the first to the last."""
    day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    found = []
    while day <= end:
        found.append((f"{day} 09:35", "cadence"))
        day += dt.timedelta(weeks=weeks)
    return found


def at(reason: str, *moments: str) -> list[Look]:
    """Looks at the hour of a release where it was announced, and five minutes later for any other reason."""
    hour = "09:30" if reason == "announced" else "09:35"
    return [(moment if " " in moment else f"{moment} {hour}", reason) for moment in moments]


HALF_HOURS = [f"{hour}:{minute}" for hour in range(10, 18) for minute in (29, 59)][:-1]


FIRST = at("first", STARTED)
EXPECTED: dict[str, list[Look]] = {
    "custody": [
        *FIRST,
        *weekly("2025-01-08", "2025-01-29"),
        *at("announced", "2025-01-30"),
        # its file is not found: a second look a day later says whether it is dead
        *at("recheck", "2025-01-31 09:30"),
        *weekly("2025-02-07", "2025-04-11"),
        # a week later is Good Friday, and Easter follows
        *at("cadence", "2025-04-22"),
        # it does not come all day, and is found on the first working day after it came
        *at("announced", "2025-04-24"),
        *at("awaited", *(f"2025-04-24 {time}" for time in ("09:32", "09:36", "09:44", "09:59", *HALF_HOURS))),
        *at("late", "2025-04-25", "2025-04-28"),
        # a week later is a bank holiday
        *weekly("2025-05-06", "2025-06-24"),
        # announced for some day in July, until the day is known in the evening of the 3rd
        *at("expected", "2025-07-01", "2025-07-02", "2025-07-03"),
        # the 31st was postponed on the 28th: a usual look, and one only
        *weekly("2025-07-10", "2025-08-07"),
        *at("announced", CAME_BACK),
        # it lacks what the edition before had, and that takes a second look a day later
        *at("recheck", "2025-08-15 11:20"),
        *weekly("2025-08-22", "2025-09-26"),
        *at("expected", "2025-10-01", "2025-10-02"),
        *weekly("2025-10-09", "2025-10-23"),
        *at("announced", "2025-10-30"),
        *at("recheck", "2025-10-31 09:30"),
        *weekly("2025-11-07", "2025-12-19"),
        *at("cadence", "2025-12-29"),
    ],
    "courts": [
        *FIRST,
        *weekly("2025-01-08", "2025-03-26"),
        *at("announced", "2025-03-27"),
        *weekly("2025-04-03", "2025-06-19"),
        # cancelled the evening before, in words only postponed: no look at the hour, but owed from that day on
        *at("expected", "2025-06-26"),
        *at("late", *working_days("2025-06-27", "2025-07-10")),
        # until, in the evening of the 10th, there is a new date
        *at("announced", "2025-07-17"),
        *weekly("2025-07-24", "2025-08-07"),
        *at("cadence", CAME_BACK),
        *weekly("2025-08-21", "2025-09-18"),
        # cancelled after the evening's look: one look at the hour finds it, and nothing is awaited
        *at("announced", "2025-09-25"),
        *weekly("2025-10-02", "2025-12-11"),
        *at("announced", "2025-12-18"),
        *at("cadence", "2025-12-29"),
    ],
    "workforce": [
        *FIRST,
        *weekly("2025-01-08", "2025-08-06"),
        *at("cadence", CAME_BACK),
        *weekly("2025-08-21", "2025-11-20"),
        # provisional for the 27th at 09:30, confirmed for the 20th at 12:30
        *at("announced", "2025-11-20 12:30"),
        *weekly("2025-11-27", "2025-12-18"),
        *at("cadence", "2025-12-29"),
    ],
    # every second year: nothing is expected in this one
    "equalities": [
        *FIRST,
        *weekly("2025-01-08", "2025-08-06"),
        *at("cadence", CAME_BACK),
        *weekly("2025-08-21", "2025-12-18"),
        *at("cadence", "2025-12-29"),
    ],
    # ended: nothing is expected any more
    "infections": [
        *FIRST,
        *weekly("2025-01-29", "2025-07-16", weeks=4),
        *at("cadence", CAME_BACK),
        *weekly("2025-09-11", "2025-12-04", weeks=4),
    ],
}


def bulletin() -> Iterator[Look]:
    """Every working day; on Fridays a bulletin is expected. The page is broken on the morning of 9 June."""
    yield FIRST[0]
    for day in working_days("2025-01-02", "2025-12-31"):
        if day in NOBODY_WATCHED:
            continue
        friday = dt.date.fromisoformat(day).weekday() == 4
        yield (CAME_BACK if day == "2025-08-14" else f"{day} 09:35"), "expected" if friday else "cadence"
        if day == "2025-06-09":
            yield from at("failed", f"{day} 10:35", f"{day} 12:35")


EXPECTED["bulletin"] = list(bulletin())


@pytest.mark.parametrize("publication", DECLARED)
def test_every_look_is_when_and_why_it_should_be(year: Played, publication: str) -> None:
    assert year.looks(publication) == EXPECTED[publication]


def test_announced_dates_are_looked_at_each_evening_and_digests_sent_each_morning(year: Played) -> None:
    days = [d for d in working_days("2025-01-02", "2025-12-31") if d not in NOBODY_WATCHED]
    evenings = [f"{d} 18:00" for d in days]
    mornings = [CAME_BACK if d == "2025-08-14" else f"{d} 10:30" for d in days]
    assert year.times("look_ahead") == sorted([STARTED, CAME_BACK, *evenings])
    assert year.times("digest") == sorted([STARTED, *mornings])


def test_the_clock_of_london_is_kept_through_both_changes(year: Played) -> None:
    """30 March and 26 October: 09:35 stays 09:35, which is another hour of UTC."""
    of = {f"{at:%Y-%m-%d}": at.utcoffset() for at, p in year.done if p.publication == "bulletin"}
    assert [of[day] for day in ("2025-03-28", "2025-03-31", "2025-10-24", "2025-10-27")] == [
        dt.timedelta(hours=h) for h in (0, 1, 1, 0)
    ]


def test_no_publisher_is_asked_more_often_than_declared(year: Played) -> None:
    """A look asks for a publication's page once, one that failed as often as the session tries; nothing else does."""
    asked = Counter(request.path.partition("?")[0] for request in year.monitor.world.requests)
    failed = sum("bulletin" in message for _, message in year.failed)
    for publication in DECLARED.values():
        path = publication.collection or publication.pages[0]
        tries = failed * year.monitor.limits.retries if publication.id == "bulletin" else 0
        assert asked[f"/api/content{path}"] == len(EXPECTED[publication.id]) + tries, publication.id
    for publication in DECLARED.values():
        spent = [moment for moment, reason in year.looks(publication.id) if reason in ("cadence", "expected", "late")]
        assert max(Counter(moment[:10] for moment in spent).values()) == 1, "once a day, unless a day is announced"


def test_every_edition_is_found_at_the_first_look_after_it_came(year: Played) -> None:
    found = {
        (name, change.edition): f"{moment:%Y-%m-%d %H:%M}"
        for moment, watched in year.passes
        for name, changes in watched.changes.items()
        for change in changes
        if change.kind == "appeared" and name != "bulletin"
    }
    assert found == {
        ("custody", "2024-12"): "2025-01-30 09:30",
        ("custody", "2025-03"): "2025-04-28 09:35",
        ("custody", "2025-06"): CAME_BACK,
        ("custody", "2025-09"): "2025-10-30 09:30",
        ("courts", "2024-12"): "2025-03-27 09:30",
        ("courts", "2025-03"): "2025-07-17 09:30",
        ("courts", "2025-09"): "2025-12-18 09:30",
        ("workforce", "2024-25"): "2025-11-20 12:30",
    }


def test_the_log_says_of_each_look_on_a_day_of_release_what_it_found_and_when_the_next_is(year: Played) -> None:
    def said(day: str, publication: str) -> list[str]:
        return [line for line in year.monitor.said if line.startswith(day) and f" {publication}: " in line]

    waited = said("2025-04-24", "custody")
    announced = "custody: Announced for 24 April 2025 (confirmed), moved from April 2025."
    assert len(waited) == 20
    assert waited[0] == f"2025-04-24 09:30 {announced} It has not come yet; looked for again at 09:32."
    assert waited[1] == (
        f"2025-04-24 09:32 {announced} Looked for since 09:30. It has not come yet; looked for again at 09:36."
    )
    assert "It has not come. Next look 2025-04-25 09:35" in waited[-1]
    assert [line.endswith("It has come.") for line in said("2025-07-17", "courts")] == [True]
    assert ["It has not come. Next look 2025-10-02" in line for line in said("2025-09-25", "courts")] == [True]


def test_a_link_is_dead_when_it_is_so_a_day_later(year: Played) -> None:
    said = [(e["what"], e["seen_at"]) for e in year.monitor.vault.journal() if e["what"].startswith("link_")]
    assert said == [
        ("link_fails", "2025-01-30 09:30:00"),
        ("link_dead", "2025-01-31 09:30:00"),
        ("link_mended", "2025-02-07 09:35:00"),
    ]


def test_a_day_of_trouble_and_days_away_are_said(year: Played) -> None:
    assert [(f"{moment:%Y-%m-%d %H:%M}", message.partition(":")[0]) for moment, message in year.failed] == [
        ("2025-01-30 09:30", "custody"),
        ("2025-01-31 09:30", "custody"),
        ("2025-06-09 09:35", "bulletin"),
        ("2025-06-09 10:35", "bulletin"),
    ]
    unwatched = year.monitor.journal("unwatched")
    # because the last thing done before was the evening's look at announced dates
    assert [(e["since"], e["seen_at"]) for e in unwatched] == [("2025-08-11 17:00:00", "2025-08-14 10:20:00")]
