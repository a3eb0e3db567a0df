"""What publishers do every year that is no news: none of it may raise an alarm."""

import datetime as dt

import pytest

from monitor.watch.calendar import Announcement
from monitor.watch.register import Event, Look, Register, Shown
from tests.register.editions import Made, by_ethnicity, by_sex, news, registered, series, whole

QUARTERLY = {
    "cadence": "quarterly", "months": [1, 4, 7, 10], "which": "last", "weekday": "Thursday", "usual": "last Thursday",
}  # fmt: skip
MARCH = Made("2024-03", {"1": by_sex("31 March 2024"), "2": by_ethnicity("31 March 2024")}, "2024-04-25")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def looked(*editions: tuple[str, str], **more) -> Look:
    shown = {id: Shown(id, f"Custody statistics: {id}", f"/statistics/{id}", day(on)) for id, on in editions}
    return Look(on=day("2024-12-31"), editions=shown, **more)


def lost(found: Register) -> set[tuple[str, str]]:
    """News of what the office does publish; that it never published the rest is known after three editions."""
    return {(d, state) for d, state in news(found) if d in ("ethnicity", "sex", "all")}


def test_a_date_that_summer_time_shows_as_the_day_before_is_no_second_edition() -> None:
    """Midnight in London is 23:00 of the day before in a list: the edition is due, and came, on one day."""
    look = looked(("2023-12", "2024-01-25"), ("2024-03", "2024-04-25"))
    assert news(registered([MARCH], series(calendar=QUARTERLY), look=look, as_of="2024-07-24")) == set()


def test_a_reissue_that_moves_the_timestamp_is_neither_an_edition_nor_a_revision() -> None:
    event = Event(day("2024-06-08"), "reissued", "2024-03", "2024-04-25", "2024-06-08")
    look = looked(("2024-03", "2024-04-25"), events=(event,))
    assert news(registered([MARCH], series(calendar=QUARTERLY), look=look, as_of="2024-07-01")) == set()


def test_the_same_file_saved_again_with_the_same_cells_is_no_revision() -> None:
    again = Made("2024-03", MARCH.sheets, "2024-04-25", name="custody.xlsx", seen="2030-01-02",
                 more={"same_as": "the first", "sha256": "other"})  # fmt: skip
    assert (
        news(registered([MARCH, again], look=looked(("2024-03", "2024-04-25")), as_of="2030-02-01"))
        - {("all", "overdue")}
        == set()
    )


@pytest.mark.parametrize("event", ["doubled", "retitled"])
def test_two_addresses_of_one_edition_and_a_new_title_are_no_news(event) -> None:
    look = looked(("2024-03", "2024-04-25"), events=(Event(day("2024-05-01"), event, "2024-03", "/hm-a", "/her-a"),))
    assert news(registered([MARCH], series(calendar=QUARTERLY), look=look, as_of="2024-07-01")) == set()


def test_an_address_with_a_suffix_is_the_same_edition_at_another_address() -> None:
    look = looked(("2024-03", "2024-04-25"), events=(Event(day("2024-05-01"), "doubled", "2024-03", "/a", "/a--2"),))
    assert news(registered([MARCH], series(calendar=QUARTERLY), look=look, as_of="2024-07-01")) == set()


@pytest.mark.parametrize(("as_of", "late"), [("2024-12-20", False), ("2025-11-28", False), ("2025-12-05", True)])
def test_a_biennial_series_is_not_missed_in_the_years_between(as_of, late) -> None:
    biennial = {"cadence": "biennial", "months": [11], "which": "last", "weekday": "Thursday", "years": "odd"}
    look = looked(("2022", "2024-03-19"))
    found = registered([], series(calendar=biennial), look=look, as_of=as_of)
    assert (("all", "overdue") in news(found)) is late


def test_a_collection_that_moved_is_a_move_and_the_series_goes_on() -> None:
    event = Event(day("2024-05-01"), "moved", "2024-03", "/statistics/a", "/publications/a")
    found = registered([MARCH], series(calendar=QUARTERLY), look=looked(("2024-03", "2024-04-25"), events=(event,)),
                       as_of="2024-07-01")  # fmt: skip
    assert news(found) == {("all", "moved")}
    assert set(found.gaps.filter(found.gaps["state"] == "moved")["severity"]) == {"S3"}


def test_an_announced_postponement_is_told_as_one_and_is_not_overdue() -> None:
    told = Announcement(
        path="/june",
        title="Custody statistics: June 2024",
        date=day("2024-08-08"),
        until=day("2024-08-08"),
        at=dt.datetime(2024, 8, 8, 8, 30),
        precision="time",
        state="confirmed",
        display="8 August 2024 9:30am",
        previous="25 July 2024 9:30am",
        reason="A late delivery of data.",
    )
    look = looked(("2024-03", "2024-04-25"), announcements=(told,))
    assert news(registered([], series(calendar=QUARTERLY), look=look, as_of="2024-08-05")) == {("all", "cancelled")}
    late = news(registered([], series(calendar=QUARTERLY), look=look, as_of="2024-08-09"))
    assert ("all", "overdue") in late


def test_a_quarterly_edition_of_a_table_that_carries_ethnicity_yearly_has_lost_nothing() -> None:
    yearly = {"tables": "by ethnicity", "characteristics": ["ethnicity"], "cadence": "annual", "months": [4],
              "weekday": "Thursday", "which": "last"}  # fmt: skip
    publication = series(calendar=QUARTERLY | {"tables": [yearly]})
    quarters = [Made(f"2024-{m:02}", {"1": by_sex(f"30 {name} 2024")}, on)
                for m, name, on in ((6, "June", "2024-07-25"), (9, "September", "2024-10-31"))]  # fmt: skip
    for held in ([MARCH, quarters[0]], [MARCH, *quarters]):
        assert lost(registered(held, publication)) == set()


def test_what_has_come_and_gone_twice_before_has_lost_nothing_by_going_again() -> None:
    def edition(month: int, name: str, with_ethnicity: bool) -> Made:
        sheets = {"1": by_sex(f"28 {name} 2024"), **({"2": by_ethnicity(f"28 {name} 2024")} if with_ethnicity else {})}
        return Made(f"2024-{month:02}", sheets, f"2024-{month:02}-28")

    once = [edition(1, "January", True), edition(2, "February", False), edition(3, "March", True)]
    again = [*once, edition(4, "April", False)]
    assert whole(registered(again))["state"] == "dropped", "one absence teaches no rhythm"
    twice = [*again, edition(5, "May", True), edition(6, "June", False)]
    assert lost(registered(twice)) == set()
    assert whole(registered([*twice, edition(7, "July", False)]))["state"] == "dropped"


def test_guides_and_pages_beside_a_series_are_no_editions_and_hold_no_files() -> None:
    assert news(registered([MARCH], look=looked(("2024-03", "2024-04-25")), as_of="2024-06-01")) == set()


def test_an_edition_of_which_not_every_file_is_held_has_dropped_nothing() -> None:
    shown = Shown("2024-06", "Custody statistics: June 2024", "/june", day("2024-07-25"), opened=True,
                  files=("custody.xlsx", "custody-ethnicity.xlsx"))  # fmt: skip
    look = Look(on=day("2024-12-31"), editions={"2024-06": shown})
    june = Made("2024-06", {"1": by_sex("30 June 2024")}, "2024-07-25")
    found = registered([MARCH, june], look=look)
    assert news(found) == set()
    assert "Not every file" in whole(found)["reason"]
    held = Made("2024-06", {"9": [["Notes"]]}, "2024-07-25", name="custody-ethnicity.xlsx")
    assert whole(registered([MARCH, june, held], look=look))["state"] == "dropped"


def test_a_table_with_another_number_sheet_file_and_place_in_the_book_is_the_same_table() -> None:
    sheets = {"Table_7": by_ethnicity("30 June 2024", number="7"), "Table_8": by_sex("30 June 2024", number="8")}
    june = Made("2024-06", sheets, "2024-07-25", name="final-2024.xlsx")
    found = registered([MARCH, june])
    assert {state for _, state in news(found)} <= {"renumbered", "format_change"}
    assert set(found.gaps.filter(found.gaps["state"].is_in(["renumbered", "format_change"]))["severity"]) == {"S3"}


def test_what_nobody_has_opened_says_nothing_of_the_publisher() -> None:
    found = registered([], look=None)
    assert set(found.gaps["state"]) == {"not_looked"}
    assert found.gaps.height == 12
    paged = registered([], look=looked(("2024-03", "2024-04-25")))
    assert "1 editions" in whole(paged)["reason"] or "none of its files has been opened" in whole(paged)["reason"]
