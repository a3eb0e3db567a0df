"""A heading means the same days however it is spelled; a date that does not exist is never moved to one
that does.
"""

from datetime import date, datetime

import pytest

from monitor.vocabulary import ImpossiblePeriod, Period, axis_periods, parse_period, periods_in

JUNE_30 = (date(2022, 6, 30), date(2022, 6, 30), "stock")
FINANCIAL_2018 = (date(2018, 4, 1), date(2019, 3, 31), "flow")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2022, 6, 30), JUNE_30),
        (datetime(2022, 6, 30, 0, 0), JUNE_30),
        ("2022-06-30", JUNE_30),
        ("2022-06-30 00:00:00", JUNE_30),
        ("30 June 2022", JUNE_30),
        ("At 30th June 2022", JUNE_30),
        ("30-Jun-22", JUNE_30),
        ("30/06/2022", JUNE_30),
        ("30-Jun-49", (date(2049, 6, 30), date(2049, 6, 30), "stock")),
        ("30-Jun-50", (date(1950, 6, 30), date(1950, 6, 30), "stock")),
        ("Jun-22", (date(2022, 6, 1), date(2022, 6, 30), "flow")),
        ("June 2022", (date(2022, 6, 1), date(2022, 6, 30), "flow")),
        ("Feb 2024", (date(2024, 2, 1), date(2024, 2, 29), "flow")),
        ("2018/19", FINANCIAL_2018),
        ("2018-19", FINANCIAL_2018),
        ("2018/2019", FINANCIAL_2018),
        ("Year ending March 2019", FINANCIAL_2018),
        ("year ending 31 March 2019", FINANCIAL_2018),
        ("Apr 2018 - Mar 2019", FINANCIAL_2018),
        ("1 April 2018 to 31 March 2019", FINANCIAL_2018),
        ("1999/00", (date(1999, 4, 1), date(2000, 3, 31), "flow")),
        ("12 months to June 2020", (date(2019, 7, 1), date(2020, 6, 30), "flow")),
        ("Year ending 29 February 2024", (date(2023, 3, 1), date(2024, 2, 29), "flow")),
        ("April to June 2024", (date(2024, 4, 1), date(2024, 6, 30), "flow")),
        ("Oct-Dec 2023", (date(2023, 10, 1), date(2023, 12, 31), "flow")),
        ("October to March 2024", (date(2023, 10, 1), date(2024, 3, 31), "flow")),
        ("Q3 2022", (date(2022, 7, 1), date(2022, 9, 30), "flow")),
        ("2019", (date(2019, 1, 1), date(2019, 12, 31), "flow")),
        (2019, (date(2019, 1, 1), date(2019, 12, 31), "flow")),
        (2019.0, (date(2019, 1, 1), date(2019, 12, 31), "flow")),
        ("18/19", FINANCIAL_2018),
        ("financial year 2018 to 2019", FINANCIAL_2018),
        ("FYE 2019", FINANCIAL_2018),
        ("between 1 April 2018 and 31 March 2019", FINANCIAL_2018),
        ("12 months to September 2018", (date(2017, 10, 1), date(2018, 9, 30), "flow")),
        ("3 months to June 2023", (date(2023, 4, 1), date(2023, 6, 30), "flow")),
        ("2023Q1", (date(2023, 1, 1), date(2023, 3, 31), "flow")),
        ("Q4 2023/24", (date(2024, 1, 1), date(2024, 3, 31), "flow")),
        ("2000 to 2004", (date(2000, 1, 1), date(2004, 12, 31), "flow")),
        ("2000-2004", (date(2000, 1, 1), date(2004, 12, 31), "flow")),
        ("2006/07 to 2018/19", (date(2006, 4, 1), date(2019, 3, 31), "flow")),
        ("year ending March 2012 to March 2022", (date(2011, 4, 1), date(2022, 3, 31), "flow")),
        ("end of June 2022", JUNE_30),
    ],
)
def test_the_days_a_heading_names(value: object, expected: tuple[date, date, str]) -> None:
    period = parse_period(value)  # type: ignore[arg-type]
    assert period is not None
    assert (period.start, period.end, period.kind) == expected


@pytest.mark.parametrize(
    ("label", "end", "markers"),
    [
        ("30-Jun-09(1)", date(2009, 6, 30), ("1",)),
        ("30-Jun-09(1) (2)", date(2009, 6, 30), ("1", "2")),
        ("2018/191", date(2019, 3, 31), ("1",)),
        ("2015/163, 4", date(2016, 3, 31), ("3", "4")),
        ("2010(2)", date(2010, 12, 31), ("2",)),
        ("June 2026 [p]", date(2026, 6, 30), ("p",)),
        ("2021/22r", date(2022, 3, 31), ("r",)),
        ("2021/22 [p]", date(2022, 3, 31), ("p",)),
        ("2021/22 (provisional)", date(2022, 3, 31), ("p",)),
        ("2022/23 (Revised)", date(2023, 3, 31), ("r",)),
        ("2022p", date(2022, 12, 31), ("p",)),
    ],
)
def test_footnotes_of_a_heading_are_kept_beside_its_published_words(
    label: str, end: date, markers: tuple[str, ...]
) -> None:
    period = parse_period(label)
    assert period is not None
    assert (period.end, period.markers, period.label) == (end, markers, label)


@pytest.mark.parametrize("hint", ["2022", "CountsQ32022.csv"])
def test_a_quarter_alone_needs_a_hint_for_its_year(hint: str) -> None:
    assert parse_period("Q3") is None
    period = parse_period("Q3", hint=hint)
    assert period is not None
    assert (period.start, period.end) == (date(2022, 7, 1), date(2022, 9, 30))


@pytest.mark.parametrize(
    ("label", "start"),
    [("January", date(2023, 1, 1)), ("May", date(2022, 5, 1)), ("Q4", date(2023, 1, 1)), ("1 March", date(2023, 3, 1))],
)
def test_what_stands_under_a_financial_year_is_inside_it(label: str, start: date) -> None:
    period = parse_period(label, hint="2022/23")
    assert period is not None
    assert period.start == start


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Arrests, England and Wales, 2022-23", [("2022-04-01", "2023-03-31")]),
        ("Table 3: Arrests, 1 April 2022 to 31 March 2023", [("2022-04-01", "2023-03-31")]),
        ("Stops by sex, Q4 2023/24", [("2024-01-01", "2024-03-31")]),
        ("Deaths, 2006/07 to 2018/19", [("2006-04-01", "2019-03-31")]),
        ("Deaths by 5-year period, 2000-2004 to 2019-2023", [("2000-01-01", "2023-12-31")]),
        ("Prison population, 30 June 2022", [("2022-06-30", "2022-06-30")]),
        ("At 30 June 2021 and 30 June 2022", [("2021-06-30", "2021-06-30"), ("2022-06-30", "2022-06-30")]),
        ("2021-22", [("2021-04-01", "2022-03-31")]),
        ("Table_2021-22", [("2021-04-01", "2022-03-31")]),
        ("Table 3 March 2022", [("2022-03-01", "2022-03-31")]),
        ("Deaths, 12 months to September 2018 (provisional)", [("2017-10-01", "2018-09-30")]),
        ("Use of force by force, year ending 31 March 2018", [("2017-04-01", "2018-03-31")]),
        ("Sentenced under the Criminal Justice Act 2003", []),
        ("Aged 15-17, rate per 2000 population, 2018-based", []),
        ("1,900 to 2,000 people", []),
    ],
)
def test_the_periods_that_a_title_spells_out(title: str, expected: list[tuple[str, str]]) -> None:
    assert [(p.start.isoformat(), p.end.isoformat()) for p in periods_in(title)] == expected


@pytest.mark.parametrize(
    ("title", "first_end"),
    [
        ("2006/07 to 2018/19", date(2007, 3, 31)),
        ("30 June 2012 to 30 June 2022", date(2012, 6, 30)),
        ("2000-2004 to 2019-2023", date(2004, 12, 31)),
        ("April 2022 to March 2023", None),
        ("1 April 2020 to 31 March 2023", None),
    ],
)
def test_a_longer_range_says_where_its_first_year_ends(title: str, first_end: date | None) -> None:
    assert [p.first_end for p in periods_in(title)] == [first_end]


def days(*labels: str) -> list[tuple[str, str] | None]:
    return [(p.start.isoformat(), p.end.isoformat()) if isinstance(p, Period) else None for p in axis_periods(labels)]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (("2011-10", "2011-11", "2012-01"), ("2011-12-01", "2011-12-31")),
        (("January 2012", "February 2012"), ("2011-12-01", "2011-12-31")),
        (("2010-11", "2012-13"), ("2011-04-01", "2012-03-31")),
        (("White", "Black"), ("2011-04-01", "2012-03-31")),
        (("2011-10", "2012-13"), None),
    ],
)
def test_a_year_and_a_month_are_told_apart_by_the_whole_axis(
    others: tuple[str, ...], expected: tuple[str, str] | None
) -> None:
    assert days("2011-12", *others)[0] == expected


def test_other_pairs_of_numbers_are_read_by_the_whole_axis() -> None:
    assert days("2000-04", "2005-09") == [("2000-01-01", "2004-12-31"), ("2005-01-01", "2009-12-31")]
    assert days("2000-04") == [("2000-04-01", "2000-04-30")]
    assert days("2018 to 2019", "2019 to 2020") == [("2018-04-01", "2019-03-31"), ("2019-04-01", "2020-03-31")]
    assert days("10/11", "12/13", "14/15") == [None] * 3  # pairs of ages
    assert days("04/05", "05/05") == [None] * 2
    assert days("2009-10", "2010-11", "2010-12") == [("2009-04-01", "2010-03-31"), ("2010-04-01", "2011-03-31"), None]


def test_days_go_first_unless_one_label_is_possible_only_with_the_month_first() -> None:
    assert days("1/7/2021", "2/4/2021") == [("2021-07-01", "2021-07-01"), ("2021-04-02", "2021-04-02")]
    assert days("06/30/2021", "07/01/2021") == [("2021-06-30", "2021-06-30"), ("2021-07-01", "2021-07-01")]
    assert days("06/30/2021", "30/06/2021") == [None, ("2021-06-30", "2021-06-30")]


@pytest.mark.parametrize(
    ("label", "nearest"),
    [
        ("31-Jun-25", "30 June 2025"),
        ("2022-02-30", "28 February 2022"),
        ("30 February 2024(1)", "29 February 2024"),
    ],
)
def test_a_date_that_does_not_exist_is_refused_with_the_nearest_that_does(label: str, nearest: str) -> None:
    with pytest.raises(ImpossiblePeriod) as refusal:
        parse_period(label)
    assert label in str(refusal.value)
    assert nearest in str(refusal.value)


@pytest.mark.parametrize(
    "value",
    [
        "White",
        "15-17",
        "2017/19",
        "2018 to 2019",
        "15-16",
        "04/06",
        "May",
        "",
        None,
        3,
        84968,
        0.5,
        True,
        float("nan"),
        "1,178",
        "Under 10",
    ],
)
def test_what_is_no_period_has_none(value: object) -> None:
    assert parse_period(value) is None  # type: ignore[arg-type]
