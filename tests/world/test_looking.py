"""What a look at a collection gives, whatever its publisher does with addresses, titles and times."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from pipelines.look.history import looks_of
from pipelines.reading import read
from tests.register.editions import registered
from world import World, broken, items, workbooks
from world.fixtures import Monitor, series
from world.server import Asset

CUSTODY = series(editions=["^custody statistics"], not_editions=["guide"])
DECEMBER, MARCH = (f"/government/statistics/custody-statistics-{m}" for m in ("december-2023", "march-2024"))


def at(day: str, time: str = "08:30") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{time}+00:00")


@pytest.fixture
def opened(world: World) -> World:
    """A world in April 2024 with one series of two editions, the newest of that morning."""
    collection = world.series("custody", "Custody statistics")
    for period, day, time in (("December 2023", "2024-01-25", "09:30"), ("March 2024", "2024-04-25", "08:30")):
        world.now = at(day, time)
        slug = f"custody-statistics-{period.lower().replace(' ', '-')}"
        book = workbooks.workbook(period)
        world.release(collection, slug, f"Custody statistics: {period}", {f"custody-{period[:3]}.xlsx": book})
    return world


COLLECTION = "/government/collections/custody"


def editions(monitor: Monitor) -> list[str]:
    return sorted(monitor.memory().editions["custody"])


def changes(monitor: Monitor) -> list[tuple[str, str]]:
    return [(c.kind, c.edition) for c in monitor.look(CUSTODY).changes.get("custody", ())]


def test_a_first_look_keeps_every_file_under_its_edition(opened: World, monitor: Monitor) -> None:
    done = monitor.look(CUSTODY)
    assert (done.looked, done.of, done.complete) == (1, 1, True)
    assert [(a.edition_id, a.name, str(a.published_on)) for a in monitor.held()] == [
        ("2024-03", "custody-Mar.xlsx", "2024-04-25"),
        ("2023-12", "custody-Dec.xlsx", "2024-01-25"),
    ]
    served = {asset.body for asset in opened.assets.values()}
    assert {monitor.vault.path(a.sha256).read_bytes() for a in monitor.held()} == served
    assert done.changes == {}, "at a first look everything is new to us, and nothing is news"


def test_a_second_look_is_quiet_costs_two_requests_and_is_recorded(opened: World, monitor: Monitor) -> None:
    monitor.look(CUSTODY)
    before = len(opened.requests)
    done = monitor.look(CUSTODY)
    asked = opened.requests[before:]
    assert [r.path.rpartition("/")[2] for r in asked] == ["custody", "custody-statistics-march-2024"]
    assert [r.status for r in asked] == [[304], [304]]
    assert (done.unchanged, done.new, done.changes) == (1, [], {})
    last = monitor.journal("look")[-1]
    assert (last["status"], last["requests"], last["publication"]) == ("unchanged", 2, "custody")


def test_every_request_says_who_asks(opened: World, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUSTICE_MONITOR_CONTACT", "stats@example.org")
    monitor.look(CUSTODY)
    agents = {r.headers["User-Agent"] for r in opened.requests}
    assert len(agents) == 1
    assert "JusticeDisparityMonitor/" in (agent := agents.pop())
    assert "stats@example.org" in agent


def test_a_new_edition_appears_once(opened: World, monitor: Monitor) -> None:
    monitor.look(CUSTODY)
    opened.now = at("2024-07-25")
    book = workbooks.workbook("June 2024")
    opened.release(
        COLLECTION, "custody-statistics-june-2024", "Custody statistics: June 2024", {"custody-jun.xlsx": book}
    )
    done = monitor.look(CUSTODY)
    assert [(c.kind, c.edition) for c in done.changes["custody"]] == [("appeared", "2024-06")]
    assert [(a.edition_id, str(a.published_on)) for a in done.new] == [("2024-06", "2024-07-25")]
    assert changes(monitor) == []


class TestNoFalseAlarm:
    """What publishers do all the time, and what is not a new edition."""

    def test_summer_time(self, opened: World, monitor: Monitor) -> None:
        opened.now = at("2024-07-24", "23:00")  # midnight in London
        opened.release(COLLECTION, "custody-statistics-june-2024", "Custody statistics: June 2024")
        monitor.look(CUSTODY)
        assert str(monitor.memory().editions["custody"]["2024-06"].published_on) == "2024-07-25"

    def test_a_reissue_moves_the_timestamp_only(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        opened.now = at("2024-05-30")
        opened.reissue(MARCH, "Table 2 corrected.")
        assert changes(monitor) == [("reissued", "2024-03")]
        assert len(monitor.held()) == 2
        seen = monitor.memory().editions["custody"]["2024-03"]
        assert (str(seen.published_on), seen.notes[0]) == ("2024-04-25", "2024-05-30: Table 2 corrected.")

    def test_a_second_address_of_one_edition(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        opened.release(COLLECTION, "hm-custody-statistics-march-2024--2", "Custody statistics – March 2024")
        assert ("doubled", "2024-03") in changes(monitor)
        assert editions(monitor) == ["2023-12", "2024-03"]
        assert {a.edition_id for a in monitor.held()} == {"2023-12", "2024-03"}
        assert changes(monitor) == []

    def test_a_changed_address_of_the_same_file_and_edition(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        opened.move(MARCH, "/government/publications/custody-statistics-march-2024")
        assert changes(monitor) == [("moved", "2024-03")]
        assert len(monitor.held()) == 2

    def test_a_renamed_file_with_the_same_bytes(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        opened.now = at("2024-05-30")
        url = opened.documents[MARCH]["details"]["attachments"][0]["url"]
        bytes_ = next(a.body for path, a in opened.assets.items() if url.endswith(path))
        opened.documents[MARCH]["details"]["attachments"] = [opened.attach("custody_Mar_FINAL.xlsx", bytes_)]
        opened.reissue(MARCH)
        done = monitor.look(CUSTODY)
        assert ("files_changed", "custody-Mar.xlsx", "custody_Mar_FINAL.xlsx") in [
            (c.kind, c.was, c.now) for c in done.changes["custody"]
        ]
        assert done.new == []

    def test_a_guide_in_the_collection(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        opened.release(COLLECTION, "guide", "Custody statistics: guide, 2024")
        opened.release(COLLECTION, "ad-hoc", "Deaths of people recalled: June 2024")
        assert changes(monitor) == []
        assert editions(monitor) == ["2023-12", "2024-03"]

    def test_the_collection_moved_and_answers_200(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        old, new = COLLECTION, "/government/collections/custody-and-release"
        opened.collections[new] = opened.collections.pop(old)
        opened.documents[old] = items.redirect(old, new, opened.now)
        done = monitor.look(CUSTODY)
        assert (done.complete, done.changes) == (True, {})
        assert [(f.check, f.severity) for _, f in done.findings] == [("moved", "note")]


class TestNews:
    """What a reader must hear of."""

    def test_a_withdrawn_edition(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        opened.withdraw(MARCH, "Superseded.")
        assert changes(monitor) == [("withdrawn", "2024-03")]
        assert monitor.memory().editions["custody"]["2024-03"].withdrawn

    def test_an_edition_taken_down_vanishes_and_its_bytes_stay(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        opened.take_down(MARCH, "Published in error.")
        assert changes(monitor) == [("vanished", "2024-03")]
        assert editions(monitor) == ["2023-12"]
        assert len(monitor.held()) == 2
        assert changes(monitor) == []

    def test_vanished_is_told_before_appeared(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        opened.take_down(MARCH, "Published in error.")
        opened.release(COLLECTION, "custody-statistics-june-2024", "Custody statistics: June 2024")
        assert changes(monitor) == [("vanished", "2024-03"), ("appeared", "2024-06")]

    def test_an_emptied_collection_is_a_finding_and_loses_nothing(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        opened.collections[COLLECTION][1].clear()
        done = monitor.look(CUSTODY)
        assert [(f.check, f.severity) for _, f in done.findings] == [("empty_collection", "critical")]
        assert not done.complete
        assert editions(monitor) == ["2023-12", "2024-03"]

    def test_a_collection_taken_down_says_why_and_where_to_go(self, opened: World, monitor: Monitor) -> None:
        opened.collections.pop(COLLECTION)
        opened.documents[COLLECTION] = items.gone(COLLECTION, "No longer produced.", opened.now, "/government/other")
        done = monitor.look(CUSTODY)
        assert [f.check for _, f in done.findings] == ["gone"]
        assert "No longer produced." in done.failed[0].reason
        assert "/government/other" in done.failed[0].reason

    @pytest.mark.parametrize("status", [404, 410])
    def test_a_collection_not_found(self, opened: World, monitor: Monitor, status: int) -> None:
        opened.lay(f"/api/content{COLLECTION}", broken.status(status))
        done = monitor.look(CUSTODY)
        assert [f.check for _, f in done.findings] == ["link_fails"]
        assert (done.looked, done.of) == (0, 1)

    def test_a_file_replaced_in_place_is_a_new_artefact_of_the_same_edition(
        self, opened: World, monitor: Monitor
    ) -> None:
        monitor.look(CUSTODY)
        opened.now = at("2024-04-28")
        opened.replace(MARCH, workbooks.workbook("March 2024", shift=5))
        assert monitor.look(CUSTODY).new == [], "files held are asked for again once a week, not at every look"
        opened.now = at("2024-05-03")
        done = monitor.look(CUSTODY)
        assert [(a.edition_id, a.name) for a in done.new] == [("2024-03", "custody-Mar.xlsx")]
        assert len([a for a in monitor.held() if a.edition_id == "2024-03"]) == 2

    def test_a_corrected_file_at_a_new_address_is_fetched_at_once(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        opened.now = at("2024-04-26")
        corrected = opened.attach("custody-Mar.xlsx", workbooks.workbook("March 2024", shift=5))
        opened.documents[MARCH]["details"]["attachments"] = [corrected]
        opened.reissue(MARCH, "Corrected.")
        done = monitor.look(CUSTODY)
        assert [a.edition_id for a in done.new] == ["2024-03"]


class TestAnEditionRedirectedAway:
    """The address of an edition leads to something else: it was published, and is not what it was."""

    ELSEWHERE = "/guidance/prison-statistics"

    def redirect(self, world: World, to: str, *, listed: bool) -> None:
        if not listed:
            world.collections[COLLECTION][1].remove(MARCH)
        # because the collection shows what its documents say, it is the page alone that is a redirect
        world.lay(f"/api/content{MARCH}", broken.body(json.dumps(items.redirect(MARCH, to, world.now)).encode()))

    @pytest.mark.parametrize("listed", [True, False], ids=["still listed", "listed no more"])
    @pytest.mark.parametrize(
        "to", [ELSEWHERE, "/government/collections/custody", DECEMBER, "https://www.example.org/custody"]
    )
    def test_is_a_change_once_and_a_state_for_as_long_as_it_lasts(self, opened, monitor, to: str, listed: bool) -> None:
        opened.documents[self.ELSEWHERE] = items.publication(self.ELSEWHERE, "Guidance", updated=opened.now)
        monitor.look(CUSTODY)
        held = len(monitor.held())
        self.redirect(opened, to, listed=listed)
        where = to if to.startswith("https") else f"https://www.gov.uk{to}"
        assert changes(monitor) == [("redirected", "2024-03")]
        for _ in range(2):
            done = monitor.look(CUSTODY)
            assert (done.complete, done.changes, done.findings) == (True, {}, [])
            assert monitor.memory().editions["custody"]["2024-03"].redirected == where
        look = looks_of(monitor.vault, {"custody": CUSTODY}, opened.now.date())
        gaps = registered([], CUSTODY, as_of=f"{opened.now:%Y-%m-%d}", look=look["custody"]).gaps
        [row] = gaps.filter(state="redirected").to_dicts()
        assert (row["code"], row["edition"]) == ("RD", "2024-03")
        assert f"leads to {where}" in row["reason"]
        assert len(monitor.held()) == held, "and the files of another edition are not its own"

    def test_back_at_its_address_it_is_as_before(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        self.redirect(opened, self.ELSEWHERE, listed=True)
        monitor.look(CUSTODY)
        opened.heal()
        monitor.look(CUSTODY)
        seen = monitor.memory().editions["custody"]["2024-03"]
        assert (seen.redirected, len(seen.attachments)) == ("", 1)


class TestOtherSources:
    """Pages that are not collections."""

    def test_a_rolling_page_gains_a_month(self, world: World, monitor: Monitor) -> None:
        world.now = at("2024-04-12")
        page = world.release(
            None, "youth-custody-data", "Youth custody data", {"youth-feb.xlsx": workbooks.workbook("February 2024")},
            titles={"youth-feb.xlsx": "Youth custody report: February 2024"}, under="/government/publications",
            kind="transparency",
        )  # fmt: skip
        youth = series("youth", "Youth custody data", kind="govuk-page", pages=[page])
        monitor.look(youth)
        world.now = at("2024-05-10")
        newer = world.attach("youth-mar.xlsx", workbooks.workbook("March 2024"), "Youth custody report: March 2024")
        world.documents[page]["details"]["attachments"] = [newer]
        world.reissue(page)
        done = monitor.look(youth)
        assert [(c.kind, c.edition) for c in done.changes["youth"]] == [("appeared", "2024-03")]
        assert [(a.edition_id, str(a.published_on)) for a in done.new] == [("2024-03", "2024-05-10")]
        assert sorted(monitor.memory().editions["youth"]) == ["2024-02", "2024-03"], "the older month is not lost"

    def test_one_file_that_is_replaced_monthly(self, world: World, monitor: Monitor) -> None:
        world.now = at("2024-04-12")
        page = world.release(None, "estate", "Estate figures", {"estate.ods": workbooks.workbook("a", format="ods")})
        estate = series("estate", "Estate figures", kind="govuk-page", pages=[page])
        monitor.look(estate)
        world.now = at("2024-05-10")
        newer = world.attach("estate.ods", workbooks.workbook("b", format="ods"))
        world.documents[page]["details"]["attachments"] = [newer]
        world.reissue(page)
        assert [a.edition_id for a in monitor.look(estate).new] == ["2024-05-10"]
        world.now = at("2024-05-11")
        world.reissue(page)
        assert monitor.look(estate).new == [], "saved again without a new file"

    def test_a_data_set_whose_files_are_links_in_its_text(self, world: World, monitor: Monitor) -> None:
        file = world.attach("vacancies-sep16.csv", workbooks.workbook("September 2016", format="csv"))
        path = "/government/statistical-data-sets/vacancies"
        body = f'<p>See <a href="{file["url"]}">Vacancies: September 2016</a>.</p><a href="/guide.pdf">Guide</a>'
        world.documents[path] = items.data_set(path, "Vacancies", updated=world.now, body=body)
        vacancies = series("vacancies", "Vacancies", kind="statistical-data-set", pages=[path])
        assert [(a.edition_id, a.name) for a in monitor.look(vacancies).new] == [("2016-09", "vacancies-sep16.csv")]

    def test_a_list_of_links_off_the_site(self, world: World, monitor: Monitor) -> None:
        file = world.attach("deaths-2023-24.ods", workbooks.workbook("2023/24", format="ods"))
        html = (
            f'<a href="{file["url"]}"><b>Deaths</b> 2023/24</a><a href="annual.pdf">Report</a><a href="http://[">x</a>'
        )
        world.pages["/crime/deaths/latest/"] = Asset(html.encode(), "text/html", world.now)
        page = "https://www.ethnicity-facts-figures.service.gov.uk/crime/deaths/latest/"
        deaths = series("deaths", "Deaths", kind="link-list", pages=[page])
        assert [(a.edition_id, a.name) for a in monitor.look(deaths).new] == [("2023-24", "deaths-2023-24.ods")]

    def test_what_no_collection_lists_is_searched_for_and_confirmed(self, world: World, monitor: Monitor) -> None:
        title = "Prison education statistics 2022 to 2023"
        world.release(None, "prison-education-2022-to-2023", title, {"education.xlsx": workbooks.workbook("2022/23")})
        education = series(
            "education",
            "Prison education",
            kind="govuk-page",
            search="prison education",
            editions=["education statistics"],
        )
        done = monitor.look(education)
        assert [a.edition_id for a in done.new] == ["2022-23"]

    def test_a_publication_without_a_way_is_not_looked_at_and_not_a_failure(self, monitor: Monitor) -> None:
        done = monitor.look(series("answers", "Written answers", kind=""))
        assert (done.not_looked, done.failed, done.looked) == (["answers"], [], 0)


class TestPopulations:
    """Statistics services: data sets and queries, asked for once a week."""

    QUERY = "dataset/NM_1_1.data.csv?date=latest&geography=1"

    def serve_table(self, world: World, rows: int) -> None:
        """A query service that gives two rows at a time."""

        def answer(handler: Any) -> None:
            asked = dict(parse_qsl(urlsplit(handler.path).query))
            first = int(asked.get("recordoffset", 0))
            last = min(rows, first + int(asked.get("recordlimit", 2)))
            lines = [f'"2021","_{n}",{n * 10},{n},{rows}' for n in range(first, last)]
            head = '"DATE_NAME","C_ETH_CODE","OBS_VALUE","RECORD_OFFSET","RECORD_COUNT"'
            handler.answer(200, "\n".join([head, *lines, ""]).encode(), "text/csv")

        world.faults.clear()
        world.lay("/dataset/NM_1_1.data.csv", answer)

    def test_a_query_is_kept_whole_and_left_alone_for_a_week(self, world: World, monitor: Monitor) -> None:
        self.serve_table(world, 5)
        census = series("census", "Census", kind="nomis", datasets=[self.QUERY])
        done = monitor.look(census)
        assert [(a.edition_id, a.name) for a in done.new] == [("2021", "NM_1_1.csv")]
        assert monitor.vault.path(done.new[0].sha256).read_text().count("\n") == 6
        before = len(world.requests)
        assert monitor.look(census).looked == 1
        assert len(world.requests) == before
        world.now += dt.timedelta(days=8)
        self.serve_table(world, 6)
        assert [a.edition_id for a in monitor.look(census).new] == ["2021"], "another version of the same edition"

    def test_a_data_set_gains_a_version(self, world: World, monitor: Monitor) -> None:
        def version(n: int) -> None:
            base = "https://api.beta.ons.gov.uk/v1/datasets/TS021"
            latest = {"id": "TS021", "links": {"latest_version": {"href": f"{base}/editions/2021/versions/{n}"}}}
            file = f"https://download.beta.ons.gov.uk/downloads/datasets/TS021/editions/2021/versions/{n}.csv"
            said = {"edition": "2021", "version": n, "release_date": "2023-03-28T00:00:00.000Z"}
            table = b"Area,Group,Count\nE,White,%d\n" % n
            shown = said | {"downloads": {"csv": {"href": file, "size": str(len(table))}}}
            world.pages["/datasets/TS021"] = Asset(json.dumps(latest).encode(), "application/json", world.now)
            path = f"/datasets/TS021/editions/2021/versions/{n}"
            world.pages[path] = Asset(json.dumps(shown).encode(), "application/json", world.now)
            world.assets[f"/downloads{path}.csv"] = Asset(table, "text/csv", world.now)

        version(1)
        census = series("census", "Census", kind="ons-dataset", datasets=["TS021"])
        assert [(a.edition_id, str(a.published_on)) for a in monitor.look(census).new] == [("2021", "2023-03-28")]
        world.now += dt.timedelta(days=8)
        version(2)
        done = monitor.look(census)
        assert [(a.edition_id, a.name) for a in done.new] == [("2021", "TS021.csv")]
        assert [c.kind for c in done.changes["census"]] == ["files_changed"]


def test_only_the_declared_files_are_fetched(world: World, monitor: Monitor) -> None:
    collection = world.series("custody", "Custody statistics")
    files = {"a.xlsx": workbooks.workbook("a"), "b.xlsx": workbooks.workbook("b"), "c.pdf": b"%PDF-1.7"}
    titles = {"a.xlsx": "Annual tables", "b.xlsx": "Quarterly tables", "c.pdf": "Annual tables (bulletin)"}
    world.release(collection, "m", "Custody statistics: March 2024", files, titles=titles)
    done = monitor.look(series(attachments=[{"title": "annual"}]))
    assert [a.name for a in done.new] == ["a.xlsx"]


def test_a_file_that_a_transcription_names_joins_its_edition(world: World, monitor: Monitor, tmp_path: Path) -> None:
    book = workbooks.workbook("March 2024")
    transcription = tmp_path / "cells.csv"
    transcription.write_text("sheet,cell,value\n")
    monitor.vault.keep(
        transcription, publication="custody", edition_id="2024-03-31", kind="transcription", name="a.xlsx",
        original_sha256=hashlib.sha256(book).hexdigest(), published_on=None, seen_at=monitor.clock(),
    )  # fmt: skip
    world.release(world.series("custody", "Custody"), "m", "Custody statistics: March 2024", {"a.xlsx": book})
    assert [a.edition_id for a in monitor.look(series()).new] == ["2024-03-31"]


class TestEveryKindOfAttachment:
    """Files, pages of HTML and links away from the site."""

    HTML = (
        "<!DOCTYPE html><html><body><h1>Custody statistics</h1><table><caption>Table 1: People in custody by ethnic "
        "group</caption><thead><tr><th>Ethnic group</th><th>31 March 2024</th></tr></thead><tbody>"
        "<tr><td>Asian</td><td>6,533</td></tr><tr><td>Black</td><td>10,059</td></tr></tbody></table></body></html>"
    )

    def attach(self, world: World, path: str, kind: str, url: str, title: str = "") -> None:
        said = {"attachment_type": kind, "id": "1", "url": url} | ({"title": title} if title else {})
        world.documents[path]["details"]["attachments"].append(said)

    def with_page(self, world: World, files: dict[str, bytes] | None = None) -> str:
        path = world.release(world.series("custody", "Custody"), "m", "Custody statistics: March 2024", files)
        page = f"{path}/tables"
        self.attach(world, path, "html", page, "Custody statistics: tables")
        world.pages[page] = Asset(self.HTML.encode(), "text/html; charset=utf-8", world.now)
        return page

    def test_a_page_of_html_is_kept_and_its_tables_are_read(self, world: World, monitor: Monitor) -> None:
        page = self.with_page(world)
        (artefact,) = monitor.look(CUSTODY).new
        assert (artefact.name, artefact.edition_id, artefact.url) == (
            "tables.html", "2024-03", f"https://www.gov.uk{page}"
        )  # fmt: skip
        path = monitor.vault.path(artefact.sha256)
        assert path.read_text() == self.HTML
        (grid,) = read(path, artefact.name)
        assert [list(row) for row in grid.rows] == [
            ["Table 1: People in custody by ethnic group"],
            ["Ethnic group", "31 March 2024"],
            ["Asian", 6533.0],
            ["Black", 10059.0],
        ]

    def test_beside_a_workbook_it_is_fetched_once_and_where_files_are_declared_only_by_title(
        self, world: World, monitor: Monitor
    ) -> None:
        page = self.with_page(world, {"a.xlsx": workbooks.workbook("a")})
        others = series("others", editions=["^custody"], attachments=[{"title": "^annex"}], collection=COLLECTION)
        assert [a.name for a in monitor.look(others).new] == []
        assert [a.name for a in monitor.look(CUSTODY).new] == ["a.xlsx", "tables.html"]
        world.now += dt.timedelta(days=1)
        monitor.look(CUSTODY)
        assert [path for path in monitor.asked() if path == page] == [page]
        declared = series(editions=["^custody"], attachments=[{"title": "tables$"}])
        world.now += dt.timedelta(days=1)
        world.pages[page] = Asset(self.HTML.replace("6,533", "6,534").encode(), "text/html", world.now)
        world.now += dt.timedelta(days=8)
        assert [a.name for a in monitor.look(declared).new] == ["tables.html"], "a page is corrected at its address"

    @pytest.mark.parametrize("name", ["ethnicity", "ethnicity.html", "ethnicity/?view=table"])
    def test_a_page_on_a_site_of_the_publishers_own_is_read_too_and_nobody_elses(
        self, world: World, monitor: Monitor, name: str
    ) -> None:
        path = world.release(world.series("custody", "Custody"), "m", "Custody statistics: March 2024")
        own, host = "/custody/" + name, "https://www.ethnicity-facts-figures.service.gov.uk"
        self.attach(world, path, "external", host + own, "Tables")
        self.attach(world, path, "external", "https://files.example.org/ethnicity.html", "Somebody else's")
        world.pages[own] = Asset(self.HTML.encode(), "text/html", world.now)
        done = monitor.look(series(pages=[host + "/custody"]))
        assert [a.name for a in done.new] == ["ethnicity.html"]
        assert done.findings == []

    def test_a_page_of_html_that_is_looked_at_itself(self, world: World, monitor: Monitor) -> None:
        page = self.with_page(world)
        item = world.documents["/government/statistics/m"]
        world.documents[page] = item | {"base_path": page, "schema_name": "html_publication", "details": {"body": ""}}
        custody = series(kind="govuk-page", pages=[page])
        assert [(a.edition_id, a.name) for a in monitor.look(custody).new] == [("2024-03", "tables.html")]

    def test_a_file_on_a_host_nobody_declared_is_a_finding_that_says_what_to_do(
        self, world: World, monitor: Monitor
    ) -> None:
        path = world.release(world.series("custody", "Custody"), "m", "Custody statistics: March 2024")
        self.attach(world, path, "external", "https://files.example.org/custody.xlsx", "Tables")
        self.attach(world, path, "external", "https://files.example.org/about", "About the data")
        done = monitor.look(CUSTODY)
        assert [(f.check, f.where) for _, f in done.findings] == [
            ("foreign_address", "https://files.example.org/custody.xlsx")
        ]
        assert "declare the host under `pages`" in done.findings[0][1].remedy

    def test_attachments_of_a_data_set(self, world: World, monitor: Monitor) -> None:
        path = "/government/statistical-data-sets/vacancies"
        files = [
            world.attach("vacancies-sep16.csv", workbooks.workbook("a", format="csv"), "Vacancies: September 2016")
        ]
        world.documents[path] = items.data_set(path, "Vacancies", updated=world.now, attachments=files)
        vacancies = series("vacancies", "Vacancies", kind="statistical-data-set", pages=[path])
        assert [(a.edition_id, a.name) for a in monitor.look(vacancies).new] == [("2016-09", "vacancies-sep16.csv")]


class TestMoved:
    def test_a_redirect_of_a_whole_section_keeps_the_rest_of_the_address(self, world: World, monitor: Monitor) -> None:
        page = world.release(None, "custody", "Custody: March 2024", {"a.xlsx": workbooks.workbook("a")}, under="/new")
        moved = items.redirect("/old/custody", "", world.now)
        rule = {"path": "/old", "type": "prefix", "destination": "/new", "segments_mode": "preserve"}
        world.documents["/old/custody"] = moved | {"redirects": [rule]}
        done = monitor.look(series(kind="govuk-page", pages=["/old/custody"]))
        assert [a.edition_id for a in done.new] == ["2024-03"]
        assert [(f.check, f.found) for _, f in done.findings] == [("moved", f"a redirect to {page}")]

    OFFICE = "https://www.ethnicity-facts-figures.service.gov.uk/custody/"

    def leave(self, world: World) -> None:
        """The publisher leaves the site: its collection becomes a redirect to a page of its own."""
        file = world.attach("custody-2023-24.ods", workbooks.workbook("2023/24", format="ods"))
        html = f'<a href="{file["url"]}">Custody 2023/24</a>'
        world.pages["/custody/"] = Asset(html.encode(), "text/html", world.now)
        world.collections.pop(COLLECTION, None)
        world.documents[COLLECTION] = items.redirect(COLLECTION, self.OFFICE, world.now)

    def test_a_publisher_who_left_is_a_finding_and_nothing_is_lost(self, opened: World, monitor: Monitor) -> None:
        monitor.look(CUSTODY)
        self.leave(opened)
        done = monitor.look(CUSTODY)
        (found,) = [f for _, f in done.findings if f.check == "moved_elsewhere"]
        assert self.OFFICE in found.found
        assert "`pages`" in found.remedy
        assert editions(monitor) == ["2023-12", "2024-03"]

    def test_and_is_followed_once_the_new_address_is_declared(self, opened: World, monitor: Monitor) -> None:
        self.leave(opened)
        done = monitor.look(series(editions=["^custody statistics"], pages=[self.OFFICE]))
        assert [(a.edition_id, a.name) for a in done.new] == [("2023-24", "custody-2023-24.ods")]
        assert done.complete


class TestSearch:
    EDUCATION = series(
        "education", "Prison education", kind="govuk-page", search="prison education",
        editions=["education statistics"], paths=["/government/statistics/prison-education-{yyyy}-to-{yyyy}"],
    )  # fmt: skip

    def publish(self, world: World) -> str:
        title = "Prison education statistics 2022 to 2023"
        book = {"education.xlsx": workbooks.workbook("2022/23")}
        return world.release(None, "prison-education-2022-to-2023", title, book)

    def test_what_it_names_and_is_not_there_does_not_count(self, world: World, monitor: Monitor) -> None:
        path = self.publish(world)
        world.lay(f"/api/content{path}", broken.status(404))
        assert monitor.look(self.EDUCATION).new == []

    @pytest.mark.parametrize("fault", [broken.status(503), broken.status(422), broken.body(b'{"results": []}')])
    def test_it_is_not_the_only_way(self, world: World, monitor: Monitor, fault: object) -> None:
        self.publish(world)
        world.now = at("2023-09-28")
        world.lay("/api/search.json", fault)
        done = monitor.look(self.EDUCATION)
        assert [a.edition_id for a in done.new] == ["2022-23"], "found at its usual address"


def test_a_collection_that_is_saved_again_is_no_news(opened: World, monitor: Monitor) -> None:
    monitor.look(CUSTODY)
    opened.collections[COLLECTION] = ("Custody statistics and more", opened.collections[COLLECTION][1])
    assert changes(monitor) == []


def test_a_file_that_is_held_is_asked_for_conditionally_and_not_sent_again(opened: World, monitor: Monitor) -> None:
    monitor.look(CUSTODY)
    opened.now += dt.timedelta(days=8)
    before = len(opened.requests)
    assert monitor.look(CUSTODY).new == []
    (again,) = [r for r in opened.requests[before:] if r.path.startswith("/media/")]
    assert (again.status, sum(again.sent)) == ([304], 0)
    assert {"If-None-Match", "If-Modified-Since"} <= again.headers.keys()


class TestTopics:
    """A page without files of its own that links to pages of measures, each of which links to its files."""

    ROOT = "https://www.ethnicity-facts-figures.service.gov.uk"
    TOPIC = series("topic", "Facts: justice", kind="link-list", collection=f"{ROOT}/justice")

    def measure(self, world: World, slug: str, rows: str) -> str:
        """Put up a measure with one file, under a name that every measure's file has; gives its address."""
        page = f"/justice/policing/{slug}/latest"
        html = f'<h1>{slug}</h1><a href="{page}/downloads/by-ethnicity.csv">Download table data</a>'
        world.pages[page] = Asset(html.encode(), "text/html", world.now)
        world.assets[f"{page}/downloads/by-ethnicity.csv"] = Asset(rows.encode(), "text/csv", world.now)
        return page

    def topic(self, world: World, *pages: str) -> None:
        besides = [
            "/",
            "/justice",
            "/justice#policing",
            "/health/wards/latest",
            "https://evil.example/justice/x",
            "http://[",
        ]
        links = [f'<a href="{page}">{page}</a>' for page in (*besides, *pages)]
        world.pages["/justice"] = Asset("".join(links).encode(), "text/html", world.now)

    def test_one_step_more_is_taken_to_the_files_of_each_measure(self, world: World, monitor: Monitor) -> None:
        arrests = self.measure(world, "arrests", "Ethnicity,Value\nAsian,1\nBlack,2\n")
        searches = self.measure(world, "stop-and-search", "Ethnicity,Value\nAsian,3\nBlack,4\n")
        self.topic(world, arrests, f"{arrests}?print", searches, searches.replace("latest", "2.1"))
        done = monitor.look(self.TOPIC)
        assert (done.failed, done.findings) == ([], [])
        assert [a.name for a in done.new] == ["arrests-by-ethnicity.csv", "stop-and-search-by-ethnicity.csv"]
        assert [a.url for a in done.new] == [
            f"{self.ROOT}{page}/downloads/by-ethnicity.csv" for page in (arrests, searches)
        ]
        assert len(world.requests) == 5, "the topic, each measure once, each file once"
        again = monitor.look(self.TOPIC)
        assert (again.new, again.changes, again.unchanged) == ([], {}, 1)

    def test_a_measure_that_is_put_up_later_is_found(self, world: World, monitor: Monitor) -> None:
        arrests = self.measure(world, "arrests", "Ethnicity,Value\nAsian,1\n")
        self.topic(world, arrests)
        monitor.look(self.TOPIC)
        world.now += dt.timedelta(days=3)
        self.topic(world, arrests, self.measure(world, "cautions", "Ethnicity,Value\nAsian,5\n"))
        assert [a.name for a in monitor.look(self.TOPIC).new] == ["cautions-by-ethnicity.csv"]

    def test_a_measure_that_does_not_answer_costs_the_others_nothing(self, world: World, monitor: Monitor) -> None:
        arrests = self.measure(world, "arrests", "Ethnicity,Value\nAsian,1\n")
        gone = self.measure(world, "gone", "Ethnicity,Value\nAsian,2\n")
        self.topic(world, gone, arrests)
        world.lay(gone, broken.status(404))
        done = monitor.look(self.TOPIC)
        assert [a.name for a in done.new] == ["arrests-by-ethnicity.csv"]
        assert [(f.check, f.where) for _, f in done.findings] == [("link_fails", f"{self.ROOT}{gone}")]

    def test_how_many_are_opened_is_bounded_and_what_is_left_out_is_said(
        self, world: World, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("pipelines.look.elsewhere.MOST_PAGES_BELOW", 3)
        self.topic(world, *(self.measure(world, f"m{n}", f"Ethnicity,Value\nAsian,{n}\n") for n in range(5)))
        done = monitor.look(self.TOPIC)
        assert len(done.new) == 3
        (line,) = done.noticed
        assert "expected at most 3 pages under it, found 5" in line
