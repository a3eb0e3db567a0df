"""What is wrong with what comes, or with our clock, is refused or survived: one message each, and nobody accused."""

import datetime as dt
import time
from pathlib import Path
from typing import Any

import pytest

from pipelines.look import announcements_of

from .fixtures import Monitor, series
from .office import Office, book, opened
from .server import World, broken
from .workbooks import workbook

MARCH, NAME, CAME = "March 2024", "custody-2024-04.xlsx", "2024-04-25 09:30"
DAYS = ("2024-04-25 10:00", "2024-04-26 10:00", "2024-04-27 10:00")
NOW = dt.datetime(2024, 4, 25, 10, tzinfo=dt.UTC)


@pytest.fixture
def office(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return opened(world, tmp_path, monkeypatch)


def media(office: Office, page: str) -> str:
    return str(office.attached(page)[0]["url"]).partition(".uk")[2]


class TestAFileThatIsNotOne:
    @pytest.mark.parametrize(
        ("fault", "again"),
        [(broken.page(), 0), (broken.body(b"", "text/csv"), 0), (broken.truncated(b"PK" * 99, 50), 1)],
    )
    def test_for_days_it_is_one_message_and_no_news_and_then_it_is_read(self, office: Office, fault, again) -> None:
        """What came and is no file is told once, and kept for `doctor`; what came cut short is told by each pass."""
        page = office.release(MARCH, {NAME: workbook(MARCH)}, CAME)
        office.world.lay(media(office, page), fault)
        for day in DAYS:
            assert office.passes(day) == []
            said = {s for s in (*office.summary.failed, *office.summary.noticed) if NAME in s}
            assert len(said) == (1 if day == DAYS[0] else again), said
            assert not any(".." in s.replace("...", "") for s in said)
        office.world.heal()
        assert office.passes("2024-04-28 10:00", "2024-04-29 10:00") == []
        assert office.edition() == "2024-03"


class TestALyingSize:
    @pytest.mark.parametrize("size", [-1, 0, 10**18, 1.5, "many", None, [7], True])
    def test_it_is_said_once_or_passed_over_and_the_next_edition_is_read(self, office: Office, size: Any) -> None:
        page = office.release(MARCH, {NAME: workbook(MARCH)}, CAME)
        office.attached(page)[0]["file_size"] = size
        assert office.passes(*DAYS) == []
        assert len({*office.summary.failed, *office.summary.noticed}) <= 1
        office.release("June 2024", {"custody-2024-07.xlsx": workbook("June 2024")}, "2024-07-25 09:30")
        assert office.passes("2024-07-25 10:00", "2024-07-26 10:00") == []
        assert office.edition() == "2024-06"


class TestOurClock:
    @pytest.mark.parametrize("wrong", ["2024-04-25 08:00", "2019-01-01 10:00", "1970-01-01 10:00"])
    def test_set_back_for_a_pass_nobody_is_told_anything_twice(self, office: Office, wrong: str) -> None:
        office.release(MARCH, {NAME: book(MARCH, groups="none")}, CAME)
        told = office.passes(*DAYS)
        assert "ethnicity.DR confirmed" in told
        assert office.passes(wrong) == []
        assert office.passes("2024-04-28 10:00", "2024-04-29 10:00") == []

    def test_in_another_zone_the_day_is_londons(self, office: Office) -> None:
        """Half past midnight in London is the evening before in UTC: both looks are of the 26th."""
        office.release(MARCH, {NAME: book(MARCH, groups="none")}, "2024-04-26 00:10")
        assert office.passes("2024-04-26 00:30", "2024-04-26 02:00", "2024-04-26 23:00") == []
        assert "ethnicity.DR confirmed" in office.passes("2024-04-27 09:35")


def test_ours_is_found_among_ten_thousand_announcements_and_the_next_look_is_quiet(
    world: World, monitor: Monitor
) -> None:
    custody = series(editions=["^custody statistics"], organisations=["office"])
    world.series("custody", "Custody statistics")
    world.now = NOW
    for n in range(10_000):
        world.announce(f"other-{n}", f"Vehicle licensing statistics {n}: March 2024", "May 2024", NOW)
    world.announce("ours", "Custody statistics: March 2024", "25 May 2024 9:30am", NOW.replace(month=5))
    started = time.process_time()
    for _ in range(2):
        monitor.look(custody)
        assert [a.title for a in announcements_of(custody, monitor.memory())] == ["Custody statistics: March 2024"]
    assert time.process_time() - started < 20
    assert len(monitor.journal("announcement")) == 1


def test_a_thousand_announcements_of_one_series_are_survived(office: Office) -> None:
    office.world.now = NOW
    for n in range(1_000):
        office.world.announce(f"ours-{n}", f"Custody statistics: {n}", "25 May 2025 9:30am", NOW.replace(year=2025))
    started = time.process_time()
    assert office.passes("2024-04-25 10:00", "2024-04-26 10:00") == []
    assert time.process_time() - started < 30
