"""A heading means the same days however it is spelled; a date that does not exist is never moved to one
that does.
"""

from datetime import date, datetime

import pytest

from monitor.vocabulary import ImpossiblePeriod, parse_period

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
    ["White", "15-17", "2017/19", "May", "", None, 3, 84968, 0.5, True, float("nan"), "1,178", "Under 10"],
)
def test_what_is_no_period_has_none(value: object) -> None:
    assert parse_period(value) is None  # type: ignore[arg-type]
