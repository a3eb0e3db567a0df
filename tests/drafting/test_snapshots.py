"""A day is a stock; a column without a date is a total over the dated ones only where the numbers say so."""

from datetime import date

from monitor.vocabulary import Period, parse_period
from pipelines.drafting.snapshots import are_stocks, spanning_total


def periods(*labels: str) -> list[Period | None]:
    return [parse_period(label) for label in labels]


YEARS = periods("2016/17", "2017/18", "2018/19", "Total fatalities")


def test_single_days_are_stocks() -> None:
    days = [p for p in periods("30 June 2022", "31 March 2023") if p]
    assert are_stocks(days)
    assert not are_stocks([*days, *(p for p in YEARS if p)])
    assert not are_stocks([])


def test_a_total_beside_years_spans_them() -> None:
    found = spanning_total(YEARS, [(10, 20, 30, 60), (1, 2, 3, 6), (None, 2, 3, 9)])
    assert found is not None
    assert (found.start, found.end, found.kind) == (date(2016, 4, 1), date(2019, 3, 31), "flow")
    assert found.label == "2016/17 to 2018/19"


def test_a_column_that_is_not_the_sum_is_left_in_doubt() -> None:
    assert spanning_total(YEARS, [(10, 20, 30, 60), (1, 2, 3, 7)]) is None
    assert spanning_total(YEARS, [(0, 0, 5, 5), (None, 1, 2, 3)]) is None


def test_rounding_of_every_part_is_allowed_for() -> None:
    assert spanning_total(YEARS, [(10, 20, 30, 70)]) is None
    assert spanning_total(YEARS, [(10, 20, 30, 70)], step=10) is not None


def test_days_and_overlapping_years_are_never_summed() -> None:
    assert spanning_total(periods("30 June 2021", "30 June 2022", "Total"), [(4, 5, 9), (1, 2, 3)]) is None
    assert spanning_total(periods("2016/17", "2016", "Total"), [(4, 5, 9), (1, 2, 3)]) is None
