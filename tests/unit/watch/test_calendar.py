"""When editions are due, and what is late: the usual days, the announced ones, and the false alarms to avoid."""

import datetime as dt
from typing import Any

import pytest

from monitor.clock import LONDON
from monitor.declarations import DeclarationError, Publication, parse, publications
from monitor.watch.calendar import (
    Announcement,
    Due,
    add_working_days,
    bank_holidays,
    expected,
    is_working_day,
    slots,
    working_days_between,
)


def window(opens: dt.date, closes: dt.date, at: dt.datetime | None = None, **said: Any) -> Announcement:
    """An announcement as a look keeps it."""
    precision = "time" if at else "day" if opens == closes else "month"
    return Announcement(**{"path": "", "title": "", "state": "confirmed", "display": "", **said}, date=opens,
                        until=closes, at=at, precision=precision)  # fmt: skip


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def told(text: str, **more: Any) -> Announcement:
    """An exact announcement: `2024-06-27 09:30`, London."""
    at = moment(text)
    return window(at.date(), at.date(), at, **more)


def series(**calendar: Any) -> Publication:
    quarterly = {
        "cadence": "quarterly",
        "months": [1, 4, 7, 10],
        "which": "last",
        "weekday": "Thursday",
        "usual": "last Thursday of the quarter's first month",
    }
    return Publication.model_validate(
        {"id": "series", "title": "A series", "publisher": "A publisher", "calendar": quarterly | calendar}
    )


def seen(*days: str) -> dict[str, dt.date]:
    return {text: day(text) for text in days}


def releases(due: tuple[Due, ...]) -> list[tuple[str, str]]:
    return [(d.closes.isoformat(), d.status) for d in due if not d.tables]


def overdue(due: tuple[Due, ...]) -> list[str]:
    return [d.opens.isoformat() for d in due if d.overdue]


# --- working days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "holiday",
    [
        "2020-05-08",  # moved for the 75th anniversary of VE Day
        "2022-06-02",
        "2022-06-03",
        "2022-09-19",
        "2023-05-08",
        "2021-12-27",  # Christmas Day was a Saturday
        "2021-12-28",
        "2022-01-03",
        "2026-04-03",
        "2026-12-28",  # Boxing Day is a Saturday
    ],
)
def test_bank_holidays_of_england_and_wales_are_not_working_days(holiday) -> None:
    assert not is_working_day(day(holiday))


@pytest.mark.parametrize("ordinary", ["2020-05-04", "2022-05-30", "2026-12-24", "2024-12-27"])
def test_moved_holidays_leave_their_usual_day_a_working_day(ordinary) -> None:
    assert is_working_day(day(ordinary))


def test_every_year_from_2018_to_2030_has_its_eight_holidays_and_the_three_that_were_added() -> None:
    years = [d.year for d in bank_holidays()]
    added = {2022: 2, 2023: 1}
    assert {y: years.count(y) for y in range(2018, 2031)} == {y: 8 + added.get(y, 0) for y in range(2018, 2031)}
    assert all(d.weekday() < 5 for d in bank_holidays())


def test_working_days_skip_easter() -> None:
    assert add_working_days(day("2024-03-28"), 5) == day("2024-04-08")
    assert working_days_between(day("2024-03-28"), day("2024-04-08")) == 5
    assert working_days_between(day("2024-04-08"), day("2024-03-28")) == 0


# --- usual days ---------------------------------------------------------------------------------------------------


def test_a_usual_weekday_is_counted_from_its_fields() -> None:
    rhythm = series().calendar
    assert rhythm is not None
    found = slots(rhythm, day("2024-01-01"), day("2024-12-31"))
    assert [s.opens.isoformat() for s in found] == ["2024-01-25", "2024-04-25", "2024-07-25", "2024-10-31"]


def test_a_biennial_series_has_no_day_in_the_other_years() -> None:
    rhythm = series(cadence="biennial", months=[11], years="odd").calendar
    assert rhythm is not None
    found = slots(rhythm, day("2019-01-01"), day("2025-12-31"))
    assert [s.opens.isoformat() for s in found] == ["2019-11-28", "2021-11-25", "2023-11-30", "2025-11-27"]


def test_a_usual_day_on_a_bank_holiday_becomes_a_window_around_it() -> None:
    rhythm = series(months=[12]).calendar
    assert rhythm is not None
    (christmas,) = slots(rhythm, day("2025-12-20"), day("2025-12-31"))
    assert (christmas.opens, christmas.closes) == (day("2025-12-18"), day("2025-12-29"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ('cadence = "quarterly"\nweekday = "Thursday"', "weekday and which together"),
        ('cadence = "quarterly"\nweekday = "Thursday"\nwhich = "last"', "months beside weekday"),
        ('cadence = "ended"', "until"),
        ('cadence = "biennial"\nmonths = [11]', "odd"),
        ('cadence = "annual"\nwindows = [["11-20", "11-31"]]', "MM-DD"),
        ('cadence = "annual"\nwindows = [["12-20", "01-10"]]', "inside one year"),
        ('cadence = "anual"', "annual"),
    ],
)
def test_a_calendar_that_cannot_be_counted_is_refused_with_what_was_expected(fields, said) -> None:
    text = f'id = "x"\ntitle = "X"\npublisher = "P"\n[calendar]\n{fields}\n'
    with pytest.raises(DeclarationError, match=said):
        parse(Publication, text, "x.toml")


# --- expected and late --------------------------------------------------------------------------------------------


def test_what_nobody_has_looked_for_is_never_late() -> None:
    (due,) = expected(series(), day("2024-12-31"))
    assert (due.status, due.overdue, due.severity) == ("not_looked", False, None)
    assert due.closes == day("2025-01-30")


def test_after_an_edition_the_next_usual_day_is_expected_at_half_past_nine_in_london() -> None:
    (due,) = expected(series(), day("2024-05-01"), seen("2024-04-25"))
    assert (due.status, due.basis) == ("expected", "usual")
    assert due.at is not None
    assert due.at.isoformat() == "2024-07-25T09:30:00+01:00"


@pytest.mark.parametrize(
    ("as_of", "status", "days_late", "severity"),
    [
        ("2024-07-25", "expected", 0, None),
        ("2024-08-01", "expected", 0, None),  # five working days after
        ("2024-08-02", "late", 6, "S2"),
        ("2024-08-23", "late", 21, "S1"),
    ],
)
def test_with_nothing_announced_an_edition_is_late_after_five_working_days(as_of, status, days_late, severity) -> None:
    due = expected(series(), day(as_of), seen("2024-04-25"))[0]
    assert (due.closes, due.status, due.days_late, due.severity) == (day("2024-07-25"), status, days_late, severity)


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2024-07-25 09:29", "expected"), ("2024-07-25 11:30", "expected"), ("2024-07-25 11:31", "late")],
)
def test_an_announced_time_has_two_hours(as_of, status) -> None:
    due = expected(series(), moment(as_of), seen("2024-04-25"), [told("2024-07-25 09:30")])[0]
    assert (due.status, due.basis, due.overdue) == (status, "announced", status == "late")


def test_times_without_a_zone_are_utc_as_the_journal_keeps_them() -> None:
    summer = dt.datetime(2024, 7, 25, 10, 31)  # 11:31 in London
    winter = dt.datetime(2024, 1, 25, 10, 31)  # 10:31 in London
    assert expected(series(), summer, seen("2024-04-25"), [told("2024-07-25 09:30")])[0].status == "late"
    assert expected(series(), winter, seen("2023-10-26"), [told("2024-01-25 09:30")])[0].status == "expected"


def test_an_announced_month_is_late_only_when_it_is_over() -> None:
    july = window(day("2024-07-01"), day("2024-07-31"), state="provisional")
    assert expected(series(), day("2024-07-31"), seen("2024-04-25"), [july])[0].status == "expected"
    assert expected(series(), day("2024-08-01"), seen("2024-04-25"), [july])[0].status == "late"


def test_a_provisional_month_and_the_usual_day_are_one_row_with_the_best_source_of_its_date() -> None:
    """The month begins long before the usual day in it, and sooner than an edition could be about to come."""
    month = window(day("2024-07-01"), day("2024-07-31"), state="provisional")
    confirmed = told("2024-07-18 09:30")
    for announced, closes, source in (
        ([], "2024-07-25", "declared rhythm"),
        ([month], "2024-07-31", "provisional month"),
        ([month, confirmed], "2024-07-18", "confirmed date"),
        ([told("2024-07-25 09:30", state="provisional")], "2024-07-25", "provisional date"),
    ):
        (due,) = expected(series(), day("2024-06-20"), seen("2024-04-25"), announced)
        assert (due.closes.isoformat(), due.source, due.status) == (closes, source, "expected")


def test_an_edition_put_off_beyond_the_next_usual_day_is_still_the_edition_that_was_put_off() -> None:
    """April's is now due in August: it is not overdue, and July's is expected in July."""
    once = told("2024-08-08 09:30", previous="25 April 2024 9:30am")
    twice = told("2024-08-08 09:30", previous="11 July 2024 9:30am", first=day("2024-04-25"))
    for moved in (once, twice):
        due = expected(series(), day("2024-06-03"), seen("2024-01-25"), [moved])
        assert sorted(releases(due)) == [("2024-07-25", "expected"), ("2024-08-08", "postponed")]
        assert overdue(due) == []


def test_a_cancelled_edition_that_is_announced_anew_is_one_edition_however_late() -> None:
    cancelled = told("2024-04-25 09:30", state="cancelled", reason="Postponed.", edition="2024-03")
    anew = told("2024-08-08 09:30", edition="2024-03")
    due = expected(series(), day("2024-06-03"), seen("2024-01-25"), [cancelled, anew])
    assert sorted(releases(due)) == [("2024-07-25", "expected"), ("2024-08-08", "expected")]


def test_an_edition_that_came_before_its_announced_day_is_not_awaited_any_more() -> None:
    came = {"2024-01-25": day("2024-01-25"), "2024-03": day("2024-04-18")}
    named = told("2024-04-25 09:30", edition="2024-03")
    for announced in (named, told("2024-04-25 09:30")):
        assert releases(expected(series(), day("2024-04-26"), came, [announced])) == [("2024-07-25", "expected")]


def test_two_editions_announced_for_one_usual_day_are_two_rows() -> None:
    both = [told("2024-04-25 09:30", edition="2024-03"), told("2024-05-09 09:30", edition="2023-12")]
    due = expected(series(), day("2024-04-02"), seen("2024-01-25"), both)
    assert releases(due) == [("2024-04-25", "expected"), ("2024-05-09", "expected")]


def test_a_date_that_only_its_own_page_still_shows_accuses_nobody_for_twenty_working_days() -> None:
    alone = told("2024-07-25 09:30", unlisted=True)
    for as_of, status, late in (("2024-07-24", "expected", False), ("2024-08-21", "late", False)):
        due = expected(series(), day(as_of), seen("2024-04-25"), [alone])[0]
        assert (due.status, due.overdue, due.severity) == (status, late, None)
        assert "the release calendar no longer shows it" in due.reason
    due = expected(series(), day("2024-09-30"), seen("2024-04-25"), [alone])[0]
    assert (due.status, due.overdue, due.severity) == ("late", True, "S2")


def test_a_cancellation_in_the_calendar_outdoes_an_older_date_that_it_no_longer_shows() -> None:
    alone = told("2024-07-25 09:30", unlisted=True, edition="2024-06")
    cancelled = told("2024-07-25 09:30", state="cancelled", reason="Merged.", edition="2024-06")
    due = expected(series(), day("2024-07-26"), seen("2024-04-25"), [alone, cancelled])
    assert releases(due) == [("2024-07-25", "cancelled"), ("2024-10-31", "expected")]


def test_a_moved_date_is_postponed_until_the_new_one_passes() -> None:
    moved = told("2024-08-08 09:30", previous="25 July 2024 9:30am", reason="a late delivery of data")
    waiting = expected(series(), day("2024-08-01"), seen("2024-04-25"), [moved])[0]
    assert (waiting.status, waiting.overdue, waiting.closes) == ("postponed", False, day("2024-08-08"))
    assert "moved from 25 July 2024 9:30am: a late delivery of data" in waiting.reason
    assert expected(series(), day("2024-08-08"), seen("2024-04-25"), [moved])[0].status == "late"


@pytest.mark.parametrize("before", ["August 2024", "July to August 2024", "15 August 2024 9:30am", "8 August 2024"])
def test_a_day_within_the_month_announced_or_an_earlier_day_is_no_postponement(before: str) -> None:
    now = told("2024-08-08 09:30", previous=before)
    assert expected(series(), day("2024-08-01"), seen("2024-04-25"), [now])[0].status == "expected"


@pytest.mark.parametrize("before", ["July 2024", "25 July 2024", "some time ago"])
def test_a_day_after_all_that_was_announced_is_a_postponement(before: str) -> None:
    now = told("2024-08-08 09:30", previous=before)
    assert expected(series(), day("2024-08-01"), seen("2024-04-25"), [now])[0].status == "postponed"


def test_an_edition_that_came_ends_the_wait_whatever_its_day() -> None:
    for came in ("2024-07-18", "2024-07-25", "2024-08-30"):
        due = expected(series(), day("2024-09-01"), seen("2024-04-25", came), [told("2024-07-18 09:30")])
        assert releases(due) == [("2024-10-31", "expected")]


def test_a_late_edition_is_not_taken_for_the_next_one() -> None:
    due = expected(series(), day("2024-06-21"), seen("2024-01-25", "2024-06-20"))
    assert releases(due) == [("2024-07-25", "expected")]


def test_a_reissue_or_a_second_address_of_one_edition_counts_once() -> None:
    doubled = {"2024-Q1": day("2024-04-25"), "2024-Q1--2": day("2024-04-25")}
    assert releases(expected(series(), day("2024-05-01"), doubled)) == [("2024-07-25", "expected")]


def test_editions_that_were_not_out_yet_do_not_count() -> None:
    due = expected(series(), day("2024-08-15"), seen("2024-04-25", "2024-08-20"))
    assert overdue(due) == ["2024-07-25"]


def test_what_should_have_come_before_the_first_look_is_not_owed() -> None:
    assert overdue(expected(series(), day("2024-08-15"), {})) == []


def test_a_series_without_a_usual_day_is_due_only_when_announced() -> None:
    irregular = series(cadence="irregular", months=[], which=None, weekday=None)
    assert expected(irregular, day("2024-08-15"), seen("2020-05-28")) == ()
    due = expected(irregular, day("2024-08-15"), seen("2020-05-28"), [told("2024-09-05 09:30")])
    assert releases(due) == [("2024-09-05", "expected")]


def test_a_window_has_five_working_days_after_its_end() -> None:
    autumn = series(cadence="annual", months=[], which=None, weekday=None, windows=[["10-20", "11-10"]])
    assert overdue(expected(autumn, day("2023-11-17"), seen("2022-10-27"))) == []
    assert overdue(expected(autumn, day("2023-11-20"), seen("2022-10-27"))) == ["2023-10-20"]


def test_tables_that_come_once_a_year_have_their_own_next_date() -> None:
    annual = {"tables": "by ethnicity", "characteristics": ["ethnicity"], "cadence": "annual", "months": [7]}
    quarterly = series(tables=[annual])
    release, tables = expected(quarterly, day("2024-09-01"), seen("2024-07-25"))
    assert (release.closes, release.characteristics) == (day("2024-10-31"), ())
    assert (tables.closes, tables.characteristics, tables.tables) == (day("2025-07-31"), ("ethnicity",), "by ethnicity")


def test_a_missing_annual_edition_is_overdue_once_as_a_release() -> None:
    annual = {"tables": "by ethnicity", "characteristics": ["ethnicity"], "cadence": "annual", "months": [7]}
    due = expected(series(tables=[annual]), day("2024-08-15"), seen("2024-04-25"))
    assert overdue(due) == ["2024-07-25"]
    assert next(d for d in due if d.tables).status == "late"


def test_across_a_change_of_clocks_the_release_stays_at_half_past_nine() -> None:
    days = [
        expected(series(), day(d), seen(s))[0].at
        for d, s in (("2024-02-01", "2024-01-25"), ("2024-08-01", "2024-07-25"))
    ]
    assert [at and (at.hour, at.minute, at.utcoffset()) for at in days] == [
        (9, 30, dt.timedelta(hours=1)),
        (9, 30, dt.timedelta(0)),
    ]


# --- what has happened ----------------------------------------------------------------------------------------------


def declared(name: str) -> Publication:
    return next(p for p in publications().values() if name in (p.id, *p.aliases))


CANCELLED_IN_2024 = told(
    "2024-06-27 09:30",
    state="cancelled",
    reason="Postponed following concerns about the quality of key data inputs.",
)


def test_criminal_courts_cancelled_the_evening_before_and_said_to_be_postponed() -> None:
    courts = declared("ccsq")
    evening = expected(courts, moment("2024-06-26 19:00"), seen("2023-12-14", "2024-03-28"), [CANCELLED_IN_2024])
    assert releases(evening)[0] == ("2024-06-27", "postponed")
    assert (evening[0].overdue, evening[0].severity) == (False, "S2")
    assert "cancelled: Postponed following concerns" in evening[0].reason


def test_on_20_november_2024_two_editions_of_criminal_courts_were_outstanding() -> None:
    courts = declared("ccsq")
    due = expected(courts, day("2024-11-20"), seen("2023-12-14", "2024-03-28"), [CANCELLED_IN_2024])
    assert overdue(due) == ["2024-06-27", "2024-09-26"]
    assert releases(due)[-1] == ("2024-12-20", "expected")


def test_reoffending_cancelled_with_a_reason_is_not_overdue_and_the_next_edition_moves_on() -> None:
    cancelled = told("2020-04-30 09:30", state="cancelled", reason="COVID-19")
    due = expected(declared("reoffending"), day("2020-06-15"), seen("2020-01-30"), [cancelled])
    assert releases(due) == [("2020-04-30", "cancelled"), ("2020-07-30", "expected")]
    assert overdue(due) == []
    assert due[0].severity == "S2"


def test_a_cancellation_without_a_reason_is_to_be_acted_on_today() -> None:
    cancelled = told("2024-07-25 09:30", state="cancelled")
    assert expected(series(), day("2024-07-24"), seen("2024-04-25"), [cancelled])[0].severity == "S1"


@pytest.mark.parametrize("as_of", ["2023-03-11", "2023-04-30", "2026-11-22"])
def test_nothing_is_due_of_covid_19_after_its_last_edition(as_of) -> None:
    for name in ("covid-monthly", "covid-weekly-os", "covid-weekly-mi", "covid-staff"):
        assert expected(declared(name), day(as_of), seen("2020-09-11", "2023-02-10")) == ()


def test_covid_19_was_due_month_by_month_while_it_lasted() -> None:
    due = expected(declared("covid-monthly"), day("2020-10-01"), seen("2020-09-11"))
    assert releases(due) == [("2020-10-09", "expected")]


def test_two_addresses_of_one_workforce_edition_are_declared_to_be_one() -> None:
    (doubled,) = declared("workforce").doubled
    assert doubled.edition == "2022-03"
    assert len({page.rpartition("/")[2][:4] for page in doubled.pages}) == 2  # hm-p… and her-…


def test_offender_equalities_stays_a_november_release_after_a_reissue_in_march() -> None:
    first_published = seen("2022-11-24", "2023-11-30")
    due = expected(declared("offender-equalities"), day("2024-04-02"), first_published)
    assert releases(due) == [("2024-11-28", "expected")]


def test_section_95_is_not_missed_in_the_years_between() -> None:
    ethnicity = declared("ecjs")
    assert releases(expected(ethnicity, day("2024-12-20"), seen("2024-03-19"))) == [("2025-11-27", "expected")]
    assert releases(expected(ethnicity, day("2025-11-28"), seen("2024-03-19", "2025-11-27"))) == [
        ("2027-11-25", "expected")
    ]


def test_probation_by_ethnicity_is_expected_with_the_july_edition_only() -> None:
    due = expected(declared("probation-caseload"), day("2024-11-20"), seen("2024-07-25", "2024-10-31"))
    assert releases(due) == [("2025-01-30", "expected")]
    (tables,) = [d for d in due if d.tables]
    assert (tables.characteristics, tables.closes) == (("ethnicity",), day("2025-07-31"))
