"""What an edition lacks is told when it is whole and was looked at again, and never of what was not read.

A small statistics office publishes people in custody by sex in one workbook and by ethnic group in another; looking
at its page is said in plain records, one day after the other.
"""

import datetime as dt
from collections.abc import Mapping

import pytest
from world import workbooks

from monitor.watch.register import Look, Register, Shown
from tests.alerts.made import MONDAY, Journal, named
from tests.register.editions import FIVE, Made, by_ethnicity, by_sex, registered, series, table, the, whole

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
SEX, GROUPS = "custody-sex.xlsx", "custody-ethnicity.xlsx"
CAME = MONDAY.date()
"""The day on which the edition of June was first seen."""


def march() -> list[Made]:
    return [
        Made("2024-03", {"1": by_sex("31 March 2024")}, "2024-04-25", name=SEX, seen="2024-04-25"),
        Made("2024-03", {"2": by_ethnicity("31 March 2024")}, "2024-04-25", name=GROUPS, seen="2024-04-25"),
    ]


def june(sheets: dict, name: str = SEX, **more) -> Made:
    return Made("2024-06", sheets, "2024-11-04", name=name, seen=MONDAY.isoformat(), **more)


JUNE_BY_SEX = {"1": by_sex("30 June 2024")}
JUNE_BY_GROUP = {"2": by_ethnicity("30 June 2024")}


def page(id: str, *files: str, unread: tuple[str, ...] = ()) -> Shown:
    return Shown(id, f"Custody: {id}", f"/{id}", dt.date(2024, 11, 4), opened=True, files=files, unread=unread)


def looked(*shown: Shown, days: int = 1) -> Look:
    """Looks on so many days from the one on which June came; each page as it was last seen."""
    return Look(CAME, {s.id: s for s in shown}, days=tuple(CAME + n * DAY for n in range(days)))


def custody(files: list[Made], look: Look | None, stated: Mapping[tuple[str, str], str] | None = None) -> Register:
    return registered(files, series(), look=look, stated=stated)


BOTH = (page("2024-03", SEX, GROUPS),)


class TestTheSecondFileComesLater:
    """The table by ethnic group is attached forty minutes after the table by sex."""

    first = (*BOTH, page("2024-06", SEX))

    def test_on_the_day_it_is_being_confirmed(self) -> None:
        row = whole(custody([*march(), june(JUNE_BY_SEX)], looked(*self.first)))
        assert (row["state"], row["awaits"]) == ("dropped", "files")
        assert row["reason"].startswith("Not found in what came so far; being confirmed.")

    def test_nobody_is_told_and_it_is_closed_when_the_file_comes(self) -> None:
        journal = Journal()
        journal.run(custody(march(), looked(*BOTH)).gaps.to_dicts(), MONDAY - DAY)
        lacking = custody([*march(), june(JUNE_BY_SEX)], looked(*self.first)).gaps.to_dicts()
        assert set(named(journal.run(lacking, MONDAY))) == {"detected"}
        files = [*march(), june(JUNE_BY_SEX), june(JUNE_BY_GROUP, GROUPS)]
        there = custody(files, looked(*BOTH, page("2024-06", SEX, GROUPS))).gaps.to_dicts()
        assert set(named(journal.run(there, MONDAY + dt.timedelta(minutes=40)))) == {"resolved"}

    def test_nothing_else_that_changed_is_told_and_nothing_is_closed_before(self) -> None:
        many = {"2": by_ethnicity("31 March 2024", unknown=400)}
        before = [march()[0], Made("2024-03", many, "2024-04-25", name=GROUPS, seen="2024-04-25")]
        other = june({"A": by_sex("30 June 2024", number="7.1")}, name="people.ods")
        journal = Journal()
        journal.run(custody(before, looked(*BOTH)).gaps.to_dicts(), MONDAY - DAY)
        lacking = custody([*before, other], looked(*BOTH, page("2024-06", "people.ods"))).gaps.to_dicts()
        assert {"format_change", "renumbered"} <= {r["state"] for r in lacking if r["awaits"] == "files"}
        assert set(named(journal.run(lacking, MONDAY))) == {"detected"}

    def test_at_the_second_look_on_another_day_it_is_told(self) -> None:
        journal = Journal()
        journal.run(custody(march(), looked(*BOTH)).gaps.to_dicts(), MONDAY - DAY)
        files = [*march(), june(JUNE_BY_SEX)]
        journal.run(custody(files, looked(*self.first)).gaps.to_dicts(), MONDAY)
        again = custody(files, looked(*self.first, days=2)).gaps.to_dicts()
        assert "custody.ethnicity.DR" in {e.alert for e in journal.run(again, MONDAY + DAY) if e.event == "confirmed"}
        assert whole(custody(files, looked(*self.first, days=2)))["awaits"] is None

    def test_an_edition_that_has_what_is_declared_has_all_its_files(self) -> None:
        declared = series(attachments=[{"title": "sex", "holds": "everything"}])
        row = whole(registered([*march(), june(JUNE_BY_SEX)], declared, look=looked(*self.first)))
        assert row["awaits"] == "looks"


class TestAWholeEdition:
    """One workbook an edition, and June has no table by ethnic group."""

    before = Made("2024-03", {"1": by_sex("31 March 2024"), "2": by_ethnicity("31 March 2024")}, "2024-04-25",
                  seen="2024-04-25")  # fmt: skip
    files = (before, june(JUNE_BY_SEX, "custody.xlsx"))
    pages = (page("2024-03", "custody.xlsx"), page("2024-06", "custody.xlsx"))

    @pytest.mark.parametrize(("days", "awaits"), [(1, "looks"), (2, None)])
    def test_what_it_lacks_takes_a_second_look_on_another_day(self, days, awaits) -> None:
        row = whole(custody([*self.files], looked(*self.pages, days=days)))
        assert (row["state"], row["awaits"]) == ("dropped", awaits)

    @pytest.mark.parametrize(("hours", "awaits"), [(1, "looks"), (24, None)])
    def test_before_and_after_midnight_is_no_other_day(self, hours, awaits) -> None:
        look = Look(CAME + DAY, {s.id: s for s in self.pages}, days=(CAME, CAME + DAY), at=MONDAY + hours * HOUR)
        assert whole(custody([*self.files], look))["awaits"] == awaits

    def test_what_it_prints_otherwise_is_there_to_be_seen(self) -> None:
        coarse = june({"1": by_sex("30 June 2024"), "2": by_ethnicity("30 June 2024", FIVE[:3])}, "custody.xlsx")
        row = whole(custody([self.before, coarse], looked(*self.pages)))
        assert (row["state"], row["awaits"]) == ("collapsed", None)

    def test_a_later_edition_without_it_confirms_it_too(self) -> None:
        """Editions that follow each other faster than looks do not put off what all of them lack."""
        later = Made("2024-09", {"1": by_sex("30 September 2024")}, "2024-11-06", seen="2024-11-06")
        look = Look(CAME + 2 * DAY, {s.id: s for s in self.pages}, days=(CAME, CAME + 2 * DAY))
        assert whole(custody([*self.files, later], look))["awaits"] is None

    def test_a_person_may_state_that_it_is_whole(self) -> None:
        for files in ([*self.files], [*march(), june(JUNE_BY_SEX)]):
            row = whole(custody(files, None, {("custody", "2024-06"): "A. Person"}))
            assert (row["state"], row["awaits"]) == ("dropped", None)


def test_dropped_back_and_dropped_again_is_told_twice_each_at_its_second_look() -> None:
    def edition(month: int, *, by_group: bool) -> Made:
        day = f"2024-{month:02}-28"
        sheets = {"1": by_sex(f"{day}"), **({"2": by_ethnicity(day)} if by_group else {})}
        return Made(f"2024-{month:02}", sheets, day, seen=day)

    journal, told = Journal(), []
    held: list[Made] = []
    for month, by_group in ((1, True), (2, False), (3, True), (4, False)):
        held.append(edition(month, by_group=by_group))
        came = dt.datetime(2024, month, 28, 10)
        days: list[dt.date] = []
        for at in (came, came + DAY):
            days.append(at.date())
            found = registered(held, as_of=at.date().isoformat(), look=Look(at.date(), days=tuple(days)))
            told += [
                (month, (at - came).days, e.event)
                for e in journal.run(found.gaps.to_dicts(), at)
                if e.alert == "custody.ethnicity.DR"
            ]
    assert told == [
        (2, 0, "detected"), (2, 1, "confirmed"), (3, 0, "resolved"), (4, 0, "detected"), (4, 1, "confirmed"),
    ]  # fmt: skip


class TestListedAndNotRead:
    """The table by ethnic group is no longer in the workbook, and the page lists something new beside it."""

    before = TestAWholeEdition.before
    june = june(JUNE_BY_SEX, "custody.xlsx")

    @pytest.mark.parametrize("new", ["Custody by ethnicity (web page)", "ethnicity-june-2024.pdf", "Data dashboard"])
    def test_it_may_be_there(self, new) -> None:
        pages = page("2024-03", "custody.xlsx"), page("2024-06", "custody.xlsx", unread=(new,))
        found = custody([self.before, self.june], looked(*pages, days=2))
        row = whole(found)
        assert (row["state"], row["code"]) == ("not_read", "NR")
        assert "Listed, not read: it may be there." in row["reason"]
        assert new in row["reason"]
        assert found.gaps.filter(state="dropped").is_empty()

    PAGES = page("2024-03", "custody.xlsx"), page("2024-06", "custody.xlsx", "tables.html")

    @pytest.mark.parametrize(
        ("web", "state"), [(JUNE_BY_GROUP, "present"), ({"page": []}, "not_read"), (JUNE_BY_SEX, "dropped")]
    )
    def test_a_new_web_page_is_read_and_one_without_a_table_may_show_a_picture_of_it(self, web, state) -> None:
        row = whole(custody([self.before, self.june, june(web, "tables.html")], looked(*self.PAGES, days=2)))
        assert row["state"] == state
        assert state != "not_read" or "tables.html, in which no table was found" in row["reason"]

    def test_a_web_page_of_words_that_was_there_before_is_no_excuse(self) -> None:
        words = {"page": []}
        march = Made("2024-03", words, "2024-04-25", name="bulletin-march-2024.html", seen="2024-04-25")
        pages = page("2024-03", "custody.xlsx", march.name), page("2024-06", "custody.xlsx", "bulletin-june-2024.html")
        files = [self.before, march, self.june, june(words, "bulletin-june-2024.html")]
        assert whole(custody(files, looked(*pages, days=2)))["state"] == "dropped"

    def test_what_was_listed_beside_the_table_before_is_no_excuse(self) -> None:
        pages = (page("2024-03", "custody.xlsx", unread=("Bulletin March 2024",)),
                 page("2024-06", "custody.xlsx", unread=("Bulletin June 2024",)))  # fmt: skip
        assert whole(custody([self.before, self.june], looked(*pages, days=2)))["state"] == "dropped"


def test_a_table_that_is_lost_from_a_whole_edition_takes_a_second_look_too() -> None:
    def sheets(period: str, groups: bool) -> dict:
        deaths = table(f"Table 3: Deaths by ethnic group, {period}", "Ethnic group", FIVE, period)
        plain = table(f"Table 3: Deaths, {period}", "Cause", ["Natural", "Homicide"], period)
        return {"2": by_ethnicity(period), "3": deaths if groups else plain}

    files = [Made("2024-03", sheets("31 March 2024", True), "2024-04-25", seen="2024-04-25"),
             june(sheets("30 June 2024", False), "custody.xlsx")]  # fmt: skip
    for days, awaits in ((1, "looks"), (2, None)):
        assert the(custody(files, looked(*TestAWholeEdition.pages, days=days)), "dropped")["awaits"] == awaits


@pytest.fixture(scope="module")
def added(cli, tmp_path_factory: pytest.TempPathFactory):
    """Two editions added by hand, of which the second has no table by ethnic group."""
    folder = tmp_path_factory.mktemp("added")
    of = ("--publication", "hate-crime", "--json")
    for year, groups in ((2023, "eighteen"), (2024, "none")):
        file = folder / f"tables-{year}.xlsx"
        file.write_bytes(workbooks.workbook(f"March {year}", groups=groups))
        answer = cli("add", file, "--edition", f"{year - 1}-{year % 100}", *of, home=folder / "home")
        assert answer.code == 0, answer.err
    return folder


class TestAddComplete:
    def state(self, cli, folder) -> str:
        alerts = cli("alerts", "--json", home=folder / "home").document
        return next(a["state"] for a in alerts if a["id"] == "hate-crime.ethnicity.DR")

    def test_what_an_added_edition_lacks_is_told_when_a_person_states_that_it_is_whole(self, cli, added) -> None:
        assert self.state(cli, added) == "detected"
        file, of = added / "tables-2024.xlsx", ("--publication", "hate-crime", "--edition", "2023-24")
        answer = cli("add", file, *of, "--complete", "--by", "A. Person", home=added / "home")
        assert answer.code == 0, answer.err
        assert self.state(cli, added) == "confirmed"
        journal = cli("journal", "--json", home=added / "home").document
        (stated,) = [entry for entry in journal if entry["what"] == "edition_whole"]
        assert (stated["by"], stated["edition_id"]) == ("A. Person", "2023-24")

    def test_who_states_it_is_not_asked_where_nothing_is_stated(self, cli, added) -> None:
        file, of = added / "tables-2024.xlsx", ("--publication", "hate-crime", "--edition", "2023-24")
        answer = cli("add", file, *of, "--by", "A. Person", home=added / "home")
        assert answer.code == 2
        assert "--complete" in answer.err
