"""Four months of a publisher, every working day at 09:45: what is looked at, kept, journaled and said, and how often.

A small statistics office publishes custody statistics (quarterly, announced), youth custody data (one page, monthly)
and a workforce release (yearly). On the way it does everything that publishers do.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from world import World, broken, workbooks
from world.fixtures import Monitor, series
from world.items import LONDON

from monitor.declarations import Publication
from monitor.settings import home
from monitor.store.vault import Vault
from pipelines.look import Memory, announcements_of

CUSTODY = series(editions=["^custody statistics:"], organisations=["office"])
YOUTH = series("youth", "Youth custody data", kind="govuk-page", pages=["/government/publications/youth-custody-data"])
WORKFORCE = series("workforce", "Workforce", editions=["workforce .*equalities report"])
ALL: tuple[Publication, ...] = (CUSTODY, YOUTH, WORKFORCE)

CUSTODY_PAGES, WORKFORCE_PAGES = "/government/collections/custody", "/government/collections/workforce"
YOUTH_PAGE = "/government/publications/youth-custody-data"
STATS = "/government/statistics"
SECOND_ADDRESS = "her-majestys-workforce-2022-to-2023"
JUNE_ANNOUNCED = "/government/statistics/announcements/custody-june-2024"


def london(day: str, time: str = "09:30") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=LONDON)


def custody(world: World, period: str, name: str, **varied: object) -> str:
    files = {name: workbooks.workbook(period, **varied)}
    slug = f"custody-statistics-{period.lower().replace(' ', '-')}"
    return world.release(CUSTODY_PAGES, slug, f"Custody statistics: {period}", files)


def youth(world: World, month: str, **varied: object) -> None:
    title = f"Youth custody report: {month}"
    attached = world.attach(f"youth-{month[:3].lower()}.ods", workbooks.workbook(month, format="ods", **varied), title)
    page = world.documents[YOUTH_PAGE]
    page["details"]["attachments"] = [attached, *page["details"]["attachments"]][:2]
    world.reissue(YOUTH_PAGE)


def announce_june(world: World, display: str, day: str, **said: object) -> None:
    title = "Custody statistics: June 2024"
    world.announce("custody-june-2024", title, display, london(day), **said)


def script(world: World) -> None:
    """What the office does from March to July 2024."""
    at = world.at
    # a release on time, announced; its announcement becomes the publication
    at(
        london("2024-03-28"),
        lambda w: w.publish_announced(
            f"{STATS}/announcements/custody-march-2024",
            custody(w, "March 2024", "custody-mar-2024.xlsx"),
        ),
    )
    # saved again for a typing error: no new edition
    at(london("2024-04-03", "16:10"), lambda w: w.reissue(f"{STATS}/custody-statistics-march-2024", "A typing error."))
    # a month is added to the rolling page, from now on in summer time
    at(london("2024-04-12"), lambda w: youth(w, "February 2024"))
    # numbers corrected in a new file
    at(london("2024-04-18", "12:00"), lambda w: correct_march(w))
    # the same edition again at a second address, and a guide
    at(
        london("2024-04-24", "11:00"),
        lambda w: w.release(
            WORKFORCE_PAGES,
            SECOND_ADDRESS,
            "Her Majesty’s Workforce Staff Equalities Report: 2022 to 2023",
        ),
    )
    at(london("2024-05-02", "11:00"), lambda w: w.release(CUSTODY_PAGES, "guide", "Guide to custody statistics, 2024"))
    # the next date: provisional, moved without a trace, confirmed, postponed with a reason
    at(london("2024-04-30", "10:00"), lambda w: announce_june(w, "June 2024", "2024-06-27"))
    at(london("2024-05-14", "10:00"), lambda w: announce_june(w, "July 2024", "2024-07-11"))
    at(
        london("2024-05-28", "10:00"),
        lambda w: announce_june(w, "11 July 2024 9:30am", "2024-07-11", state="confirmed"),
    )
    at(
        london("2024-07-10", "17:30"),
        lambda w: announce_june(
            w,
            "18 July 2024 9:30am",
            "2024-07-18",
            state="confirmed",
            previous="11 July 2024 9:30am",
            note="The breakdown by ethnic group is being checked.",
        ),
    )
    # the rolling page: a web page served for the file, mended two days later
    at(london("2024-05-10"), lambda w: (youth(w, "March 2024"), w.lay(newest_file(w), broken.page())))
    at(london("2024-05-13", "15:00"), lambda w: w.heal())
    # a day of trouble
    at(london("2024-06-03", "08:00"), lambda w: w.lay(f"/api/content{CUSTODY_PAGES}", broken.status(503)))
    at(london("2024-06-04", "08:00"), lambda w: w.heal())
    # the release, renamed, renumbered, its eighteen groups now two; the publisher's page has moved section
    at(
        london("2024-07-18"),
        lambda w: w.publish_announced(
            JUNE_ANNOUNCED, custody(w, "June 2024", "Custody_tables_v2.xlsx", groups="binary", first_table=4)
        ),
    )
    at(
        london("2024-07-22", "14:00"),
        lambda w: w.move(
            f"{STATS}/custody-statistics-june-2024", "/government/publications/custody-statistics-june-2024"
        ),
    )
    # an edition of the workforce release is withdrawn, at one of its addresses and then at both
    at(london("2024-07-23", "14:00"), lambda w: w.withdraw(f"{STATS}/workforce-2022-to-2023", "Listed twice."))
    at(london("2024-07-24", "14:00"), lambda w: w.withdraw(f"{STATS}/{SECOND_ADDRESS}", "Data found wrong."))


def correct_march(world: World) -> None:
    page = f"{STATS}/custody-statistics-march-2024"
    corrected = world.attach("custody-mar-2024.xlsx", workbooks.workbook("March 2024", shift=1))
    world.documents[page]["details"]["attachments"] = [corrected]
    world.reissue(page, "Corrected.")


def newest_file(world: World) -> str:
    url = world.documents[YOUTH_PAGE]["details"]["attachments"][0]["url"]
    return next(path for path in world.assets if url.endswith(path))


@dataclass
class Chronicle:
    """What every pass said, day by day; quiet passes are counted."""

    monitor: Monitor
    said: list[tuple[str, str, str]] = field(default_factory=list)
    passes: int = 0
    quiet: int = 0
    quiet_requests: Counter[int] = field(default_factory=Counter)


def working_days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        if day.weekday() < 5:
            yield day
        day += dt.timedelta(days=1)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chronicle]:
    """The four months, played once for every question about them."""
    with World().open() as world, pytest.MonkeyPatch.context() as patch:
        for name, value in world.environment().items():
            patch.setenv(name, value)
        yield play(world, Monitor(world, Vault(home(tmp_path_factory.mktemp("story")))))


def play(world: World, monitor: Monitor) -> Chronicle:
    world.now = london("2024-01-25")
    world.series("custody", "Custody statistics")
    world.series("workforce", "Workforce statistics")
    custody(world, "December 2023", "custody-dec-2023.xlsx")
    title = "HM Workforce Staff Equalities Report: 2022 to 2023"
    world.release(WORKFORCE_PAGES, "workforce-2022-to-2023", title, {"staff.xlsx": workbooks.workbook("2022/23")})
    world.release(None, "youth-custody-data", "Youth custody data", under="/government/publications")
    youth(world, "January 2024")
    march = "Custody statistics: March 2024"
    world.announce("custody-march-2024", march, "28 March 2024 9:30am", london("2024-03-28"), state="confirmed")
    script(world)

    chronicle = Chronicle(monitor)
    for day in working_days(dt.date(2024, 3, 25), dt.date(2024, 7, 26)):
        world.advance(london(day.isoformat(), "09:45"))
        done = monitor.look(*ALL)
        news = [(day.isoformat(), who, f"{c.kind} {c.edition}") for who, cs in done.changes.items() for c in cs]
        news += [(day.isoformat(), a.publication, f"kept {a.name}") for a in done.new]
        news += [(day.isoformat(), f.publication, "failed") for f in done.failed]
        assert done.announced is not None
        news += [(day.isoformat(), "announced", f"{a.state} {a.display}") for a in done.announced.changed]
        news += [(day.isoformat(), "announced", f"published {path}") for _, path in done.announced.ended]
        chronicle.passes += 1
        chronicle.said += news
        if not news:
            chronicle.quiet += 1
            chronicle.quiet_requests[done.requests] += 1
    return chronicle


MARCH, JUNE = f"{STATS}/custody-statistics-march-2024", f"{STATS}/custody-statistics-june-2024"


def test_a_reader_is_told_each_thing_once_on_its_day(played: Chronicle) -> None:
    assert played.said == [
        ("2024-03-25", "custody", "kept custody-dec-2023.xlsx"),
        ("2024-03-25", "youth", "kept youth-jan.ods"),
        ("2024-03-25", "workforce", "kept staff.xlsx"),
        ("2024-03-25", "announced", "confirmed 28 March 2024 9:30am"),
        ("2024-03-28", "custody", "appeared 2024-03"),
        ("2024-03-28", "custody", "kept custody-mar-2024.xlsx"),
        ("2024-03-28", "announced", f"published {MARCH}"),
        ("2024-04-04", "custody", "reissued 2024-03"),
        ("2024-04-12", "youth", "appeared 2024-02"),
        ("2024-04-12", "youth", "kept youth-feb.ods"),
        ("2024-04-19", "custody", "files_changed 2024-03"),
        ("2024-04-19", "custody", "reissued 2024-03"),
        ("2024-04-19", "custody", "kept custody-mar-2024.xlsx"),
        ("2024-04-25", "workforce", "doubled 2022-23"),
        ("2024-05-01", "announced", "provisional June 2024"),
        ("2024-05-10", "youth", "appeared 2024-03"),
        ("2024-05-10", "youth", "failed"),
        ("2024-05-14", "youth", "kept youth-mar.ods"),
        ("2024-05-15", "announced", "provisional July 2024"),
        ("2024-05-29", "announced", "confirmed 11 July 2024 9:30am"),
        ("2024-06-03", "custody", "failed"),
        ("2024-07-11", "announced", "confirmed 18 July 2024 9:30am"),
        ("2024-07-18", "custody", "appeared 2024-06"),
        ("2024-07-18", "custody", "kept Custody_tables_v2.xlsx"),
        ("2024-07-18", "announced", f"published {JUNE}"),
        ("2024-07-23", "custody", "moved 2024-06"),
        ("2024-07-25", "workforce", "withdrawn 2022-23"),
    ]


def test_quiet_days_are_recorded_and_cheap(played: Chronicle) -> None:
    assert played.passes == 90
    assert played.quiet == 90 - 16
    assert played.quiet_requests.most_common(1)[0][0] == 6, "the calendar, two collections, three pages"
    assert max(played.quiet_requests) <= 9, "and once a week the newest files"
    looks = played.monitor.journal("look")
    assert len(looks) == 3 * played.passes
    assert Counter(e["status"] for e in looks)["failed"] == 1


def test_every_version_of_every_file_is_held_under_its_edition(played: Chronicle) -> None:
    held = Counter((a.publication, a.edition_id) for a in played.monitor.held())
    assert held == {
        ("custody", "2023-12"): 1,
        ("custody", "2024-03"): 2,
        ("custody", "2024-06"): 1,
        ("youth", "2024-01"): 1,
        ("youth", "2024-02"): 1,
        ("youth", "2024-03"): 1,
        ("workforce", "2022-23"): 1,
    }
    assert all(played.monitor.vault.path(a.sha256).exists() for a in played.monitor.held())
    day = {a.name: str(a.published_on) for a in played.monitor.held()}
    assert day["Custody_tables_v2.xlsx"] == "2024-07-18"
    march = [
        str(a.published_on) for a in played.monitor.held() if a.edition_id == "2024-03" and a.publication == "custody"
    ]
    assert march == ["2024-03-28", "2024-04-18"], "a correction was published when it came, not when the edition did"


def test_the_history_of_a_date_is_kept(played: Chronicle) -> None:
    history = [
        (entry["state"], entry["display"], entry.get("previous", ""))
        for entry in played.monitor.announced(JUNE_ANNOUNCED)
    ]
    assert history == [
        ("provisional", "June 2024", ""),
        ("provisional", "July 2024", "June 2024"),
        ("confirmed", "11 July 2024 9:30am", "July 2024"),
        ("confirmed", "18 July 2024 9:30am", "11 July 2024 9:30am"),
    ]
    assert announcements_of(CUSTODY, played.monitor.memory()) == []


def test_what_was_known_on_a_day_can_be_asked(played: Chronicle) -> None:
    then = Memory.of(played.monitor.vault, until=dt.datetime(2024, 4, 1, 12))
    assert sorted(then.editions["custody"]) == ["2023-12", "2024-03"]
    assert "2024-06" in Memory.of(played.monitor.vault).editions["custody"]
