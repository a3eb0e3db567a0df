"""The twenty situations of a first live week, each with the exact alerts after each pass: none missed, false or double.

A small office is watched by whole passes with its own clock. Where a situation is told best by another test, that one
is named here and stays where it is.

| # | situation | where |
|---|---|---|
| 1 | a table that is gone, and every page of it | here; every state: `outputs/test_first_pass.py` |
| 2 | killed between a collection and its edition | here at one request; at every request: `test_killed.py` |
| 3 | the second file comes forty minutes later | here; `test_standing.py` |
| 4 | the table is a web page, a link, a PDF | here; `story/test_whole_editions.py` |
| 5 | a workbook becomes a zip of CSV files | here |
| 6 | an announcement leaves the calendar and still answers | `test_announced_news.py` |
| 7 | a file cut to half | here; `test_failing.py` |
| 8 | two files of one name in one edition | here; `test_standing.py` |
| 9 | an edition mistitled, and retitled an hour later | here; `test_standing.py` |
| 10 | a corrected file under a new name, without ethnicity | here; `test_standing.py` |
| 11 | postponed, postponed again, cancelled | `test_announced_news.py` |
| 12 | dropped, back, dropped again | here |
| 13 | an edition redirected away | here; `test_looking.py` |
| 14 | files fetched and not taken in | here; counted by state: `outputs/test_first_pass.py` |
| 15 | what is derived of what comes once a year | here; `story/test_states_of_missing.py` |
| 16 | a file is missing, and others are of another kind | here |
| 17 | a provisional month beside a rhythm | `unit/watch/test_calendar.py` |
| 18 | a wrong name in a declaration | `test_run.py` |
| 19 | two passes at once | `unit/store/test_lock.py` |
| 20 | an address that we guessed | `test_failing.py` |
"""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dashboards.site import build
from monitor import run
from monitor.store.vault import Vault
from pipelines.fetch import Session

from . import items
from .office import DECLARED, Office, book, opened
from .server import Asset, World, broken
from .workbooks import sheets, workbook, write

LOST = ["ethnicity.DR confirmed"]
"""What people are told when the one table by ethnic group is gone from a whole edition, at the second look."""
NOT_KNOWN = [f"people-custody-ethnic-group.{d}.UN resolved" for d in ("ethnicity", "gypsy_roma_traveller")]
"""With the table goes what was known to be amiss of it: a share of people of unknown ethnicity."""
MARCH, NAME = "March 2024", "custody-2024-04.xlsx"
BY_SEX = book(MARCH, groups="none")
CAME, THE_SAME_DAY = "2024-04-25 09:30", "2024-04-25 10:00"
FOUR_DAYS = (THE_SAME_DAY, "2024-04-26 10:00", "2024-04-27 10:00", "2024-04-28 10:00")


@pytest.fixture
def office(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return opened(world, tmp_path, monkeypatch)


def test_what_an_edition_lacks_is_told_once_at_the_second_look(office: Office) -> None:
    """The measure of all that follows: it is not silence that is tested."""
    office.release(MARCH, {NAME: BY_SEX}, CAME)
    assert office.passes(THE_SAME_DAY) == []
    assert office.passes("2024-04-25 18:00") == []
    assert office.passes("2024-04-26 10:00") == sorted(LOST + NOT_KNOWN)
    assert office.passes("2024-04-27 10:00") == []


class TestATableThatIsGone:  # 1
    def test_has_its_words_on_every_page(self, office: Office) -> None:
        office.release(MARCH, {NAME: BY_SEX}, CAME)
        office.passes(*FOUR_DAYS)
        written = build(office.home, version="1")
        assert written.not_made == ()
        assert "Table not there" in (office.home.site / "publication-custody.html").read_text("utf-8")


class Killed(BaseException):
    """The process ends here."""


class TestKilledAfterTheCollection:  # 2
    def test_the_edition_is_found_and_nobody_is_late(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        page = office.release(MARCH, {NAME: workbook(MARCH)}, CAME)
        asked = Session.page

        def ask(session: Session, url: str, *how: Any) -> Any:
            if url.endswith(page):
                raise Killed
            return asked(session, url, *how)

        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(Session, "page", ask)
            office.passes(THE_SAME_DAY)
        assert office.passes(*FOUR_DAYS[1:]) == []
        assert office.edition() == "2024-03"


class TestTheSecondFileComesLater:  # 3, 16
    """Custody by sex and by ethnic group are two files; of March the first is out forty minutes before the second."""

    @pytest.fixture
    def two(self, office: Office) -> Office:
        page = office.release("February 2024", {"sex.xlsx": book("February 2024", groups="none")}, "2024-03-28 09:30")
        office.add(page, "ethnicity.xlsx", book("February 2024", without="by sex"), "2024-03-28 09:31")
        office.passes("2024-03-28 10:00", "2024-03-29 10:00")
        return office

    def test_nobody_is_accused_of_what_comes_forty_minutes_later(self, two: Office) -> None:
        page = two.release(MARCH, {"sex.xlsx": BY_SEX}, CAME)
        assert two.passes(THE_SAME_DAY) == []
        two.add(page, "ethnicity.xlsx", book(MARCH, without="by sex"), "2024-04-25 10:40")
        assert two.passes("2024-04-25 10:45", "2024-04-26 10:00", "2024-04-27 10:00") == []

    def test_nor_of_another_kind_of_file_while_one_is_missing(self, two: Office) -> None:
        page = two.release(MARCH, {"people.ods": workbook(MARCH, groups="none", format="ods")}, CAME)
        assert two.passes(THE_SAME_DAY) == []
        two.add(page, "ethnicity.xlsx", book(MARCH, without="by sex"), "2024-04-25 10:40")
        assert two.passes("2024-04-25 10:45") == ["FC confirmed"]
        assert two.passes("2024-04-26 10:00") == []

    def test_what_never_comes_is_told_a_day_later(self, two: Office) -> None:
        two.release(MARCH, {"sex.xlsx": BY_SEX}, CAME)
        assert two.passes(THE_SAME_DAY) == []
        assert two.passes("2024-04-26 10:00") == sorted(LOST + NOT_KNOWN)


class TestTheTableIsListedAndNotRead:  # 4
    @pytest.mark.parametrize("kind", ["html", "external", "pdf"])
    def test_it_may_be_there_and_nobody_is_told(self, office: Office, kind: str) -> None:
        page = office.release(MARCH, {NAME: BY_SEX}, CAME)
        if kind == "pdf":
            office.add(page, "ethnicity-march-2024.pdf", b"%PDF-1.7", CAME)
        else:
            url = f"{page}/by-ethnicity" if kind == "html" else "https://data.example.org/ethnicity"
            listed = {"attachment_type": kind, "id": "1", "url": url, "title": "Custody by ethnic group"}
            office.attached(page).append(listed)
            if kind == "html":
                picture = b"<!DOCTYPE html><html><body><h1>Custody by ethnic group</h1><img alt=Chart></body></html>"
                office.world.pages[url] = Asset(picture, "text/html; charset=utf-8", office.world.now)
        assert office.passes(*FOUR_DAYS) == []
        assert office.state() == "not_read"

    def test_the_page_of_html_alone_is_read(self, office: Office) -> None:
        page = office.release(MARCH, {}, CAME)
        office.attached(page).append({"attachment_type": "html", "id": "1", "url": f"{page}/tables", "title": "Tables"})
        rows = "".join(
            f"<h2>Table {n}: People in custody by {of}, {MARCH}</h2><table><tr><th>{head}</th><th>{MARCH}</th></tr>"
            + "".join(f"<tr><th>{g}</th><td>{100 + k}</td></tr>" for k, g in enumerate(groups))
            + "</table>"
            for n, of, head, groups in (
                (1, "sex", "Sex", ("Male", "Female")),
                (2, "ethnic group", "Ethnic group", ("Asian", "Black", "Mixed", "White", "Other")),
            )
        )
        html = f"<!DOCTYPE html><html><body>{rows}</body></html>".encode()
        office.world.pages[f"{page}/tables"] = Asset(html, "text/html; charset=utf-8", office.world.now)
        said = office.passes(*FOUR_DAYS)
        assert "ethnicity.DR confirmed" not in said
        assert office.state() in ("present", "collapsed")


class TestOtherContainers:  # 5
    def test_a_workbook_that_becomes_a_zip_of_csv_files_has_lost_nothing(self, office: Office) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in ("by sex", "by ethnic group"):
                other = "by ethnic group" if name == "by sex" else "by sex"
                table = book(MARCH, without=other, format="csv")
                archive.writestr(f"{name.removeprefix('by ').split()[0].replace('ethnic', 'ethnicity')}.csv", table)
        office.release(MARCH, {"custody-2024-04.zip": out.getvalue()}, CAME)
        assert office.passes(THE_SAME_DAY) == ["FC confirmed"]
        assert office.passes(*FOUR_DAYS[1:]) == []
        assert office.state() == "unknown_share"

    def test_what_is_told_of_a_table_goes_on_under_another_title(self, office: Office) -> None:
        office.release(MARCH, {NAME: workbook(MARCH, groups="binary")}, CAME)
        collapsed = "people-custody-ethnic-group.ethnicity.CC confirmed"
        assert collapsed in office.passes(THE_SAME_DAY)
        office.passes(*FOUR_DAYS[1:])
        renamed = [
            (name, [[str(rows[0][0]).replace("People in custody", "Prison population"), *rows[0][1:]], *rows[1:]])
            for name, rows in sheets("June 2024", groups="binary")
        ]
        office.release("June 2024", {"custody-2024-07.xlsx": write(renamed)}, "2024-07-25 09:30")
        assert office.passes("2024-07-25 10:00", "2024-07-26 10:00", "2024-07-27 10:00") == []


class TestCutToHalf:  # 7
    def test_it_is_not_taken_in_and_the_whole_file_is_no_revision(self, office: Office) -> None:
        table = workbook(MARCH, format="csv")
        page = office.release(MARCH, {"ethnicity.csv": table}, CAME)
        asset = office.attached(page)[0]["url"].partition("/media")[2]
        office.world.lay(f"/media{asset}", broken.body(table[: len(table) // 2], "text/csv"))
        assert office.passes(THE_SAME_DAY) == []
        assert len(office.summary.failed) == 1
        office.world.heal()
        office.passes("2024-04-25 12:00", *FOUR_DAYS[1:])
        assert office.gaps().filter(state="revised").is_empty()


class TestOneNameTwice:  # 8
    def test_two_files_of_one_name_are_no_revision(self, office: Office) -> None:
        page = office.release(MARCH, {NAME: workbook(MARCH)}, CAME)
        assert office.passes(THE_SAME_DAY) == []
        deaths = [["Table 3: Deaths in custody by religion, March 2024"], [], ["Religion", MARCH]]
        deaths += [["Christian", 7], ["Muslim", 3], ["Total", 10]]
        office.add(page, NAME, write([("Table_3", deaths)]), "2024-04-25 11:00")
        assert office.passes("2024-04-25 12:00", *FOUR_DAYS[1:]) == ["religion.NP resolved"]


class TestRetitled:  # 9
    def test_its_file_moves_with_it_and_nobody_is_told(self, office: Office) -> None:
        page = office.release("March 2023", {NAME: workbook(MARCH)}, CAME)
        assert office.passes(THE_SAME_DAY) == []
        office.world.reissue(page, title=f"Custody statistics: {MARCH}")
        assert office.passes("2024-04-25 11:00", *FOUR_DAYS[1:]) == []
        assert office.edition() == "2024-03"


class TestCorrectedUnderANewName:  # 10
    def test_it_is_a_revision_and_what_it_lost_is_told_a_day_later(self, office: Office) -> None:
        page = office.release(MARCH, {NAME: workbook(MARCH)}, CAME)
        assert office.passes(THE_SAME_DAY) == []
        office.exchange(page, "corrected.xlsx", workbook(MARCH, groups="none", shift=3), "2024-05-02 09:30")
        assert office.passes("2024-05-02 10:00") == ["FC confirmed", "RV confirmed"]
        assert office.passes("2024-05-03 10:00") == sorted(LOST + NOT_KNOWN)
        assert office.passes("2024-05-04 10:00") == []


class TestDroppedTwice:  # 12
    def test_each_time_is_news(self, office: Office) -> None:
        office.release(MARCH, {NAME: BY_SEX}, CAME)
        assert office.passes(THE_SAME_DAY, "2024-04-26 10:00") == sorted(LOST + NOT_KNOWN)
        office.release("June 2024", {"custody-2024-07.xlsx": workbook("June 2024")}, "2024-07-25 09:30")
        back = [news.replace("confirmed", "resolved") for news in LOST]
        again = [news.replace("resolved", "reopened") for news in NOT_KNOWN]
        assert office.passes("2024-07-25 10:00", "2024-07-26 10:00") == sorted(back + again)
        office.release(
            "September 2024", {"custody-2024-10.xlsx": book("September 2024", groups="none")}, "2024-10-31 09:30"
        )
        assert office.passes("2024-10-31 10:00") == []
        assert office.passes("2024-11-01 10:00") == sorted(LOST + NOT_KNOWN)
        assert office.passes("2024-11-02 10:00") == []


class TestRedirectedAway:  # 13
    def test_it_is_told_once_and_closed_when_it_leads_back(self, office: Office) -> None:
        page = office.release(MARCH, {NAME: workbook(MARCH)}, CAME)
        assert office.passes(THE_SAME_DAY) == []
        to = "/guidance/prison-statistics"
        office.world.documents[to] = items.publication(to, "Guidance", updated=office.world.now)
        away = items.redirect(page, to, office.world.now)
        office.world.lay(f"/api/content{page}", broken.body(json.dumps(away).encode()))
        assert office.passes("2024-04-26 10:00") == ["RD confirmed"]
        assert office.passes("2024-04-27 11:00", "2024-04-29 11:00") == []
        assert office.gaps().filter(state="redirected").height == 1
        office.world.heal()
        assert office.passes("2024-04-30 11:00") == ["RD resolved"]


class TestFetchedAndNotTakenIn:  # 14
    def test_an_offline_pass_makes_of_it_what_a_whole_one_does(self, office: Office) -> None:
        office.release(MARCH, {NAME: workbook(MARCH)}, CAME)
        run.fetch(Vault(office.home), None, lambda _: None)
        summary = run.run(office.home, offline=True, say=lambda _: None)
        assert (summary.not_held, len(summary.new)) == ([], 1)
        assert office.gaps().filter(state="not_looked").is_empty()
        assert office.passes(*FOUR_DAYS) == []


class TestOnceAYear:  # 15
    KNOWN = """
[[known]]
state = "annual_only"
characteristic = "ethnicity"
what = "Ethnicity is published once a year, in December."
source = "Background quality report"
sure = "seen"
"""

    def test_what_is_derived_of_it_comes_once_a_year_too(self, world: World, tmp_path: Path, monkeypatch) -> None:
        office = opened(world, tmp_path, monkeypatch, DECLARED + self.KNOWN)
        office.release(MARCH, {NAME: BY_SEX}, CAME)
        assert [n for n in office.passes(*FOUR_DAYS) if "DR" in n] == []
        assert (office.state(), office.state("gypsy_roma_traveller")) == ("annual_only", "annual_only")
