"""Counts typed in get what a published cell gets, or a sentence saying why not."""

import json
import math

import pytest

from monitor.statistics.calc import InvalidCounts, calc, calc_rows

KEYS = {
    "rate", "rate_low", "rate_high", "ratio", "ratio_low", "ratio_high", "ratio_low_998", "ratio_high_998",
    "interval_method", "gap_points", "verdict", "band",
}  # fmt: skip


def test_a_rate_alone_has_an_interval_and_no_ratio():
    found = calc(5, 100)
    assert set(found) == KEYS
    assert found["rate"] == 0.05
    assert (found["rate_low"], found["rate_high"]) == pytest.approx((0.0162348639, 0.1166833208))
    assert found["interval_method"] == "Garwood exact Poisson"
    assert {found[key] for key in KEYS if key.startswith(("ratio", "gap", "verdict", "band"))} == {None}


def test_the_method_named_is_the_one_used():
    assert calc(10, 100)["interval_method"] == "Byar"
    assert calc(10, 100, kind="stage")["interval_method"] == "Wilson score"
    assert calc(10, 100, 5, 100)["interval_method"] == "exact conditional Poisson"
    assert calc(10, 100, 5, 100, "stage")["interval_method"] == "Miettinen-Nurminen score"


def test_the_kind_of_denominator_decides_whether_a_difference_is_seen():
    counts = 26, 304, 645, 11111
    stage, population = calc(*counts, kind="stage"), calc(*counts, kind="population")
    assert stage["ratio"] == population["ratio"] == pytest.approx(1.47330681)
    assert (stage["verdict"], population["verdict"]) == ("more", "depends")
    assert (stage["band"], population["band"]) == ("over", None)
    assert stage["ratio_low"] == pytest.approx(1.0095447739654415, rel=1e-9)
    assert stage["ratio_low_998"] < stage["ratio_low"] < stage["ratio_high"] < stage["ratio_high_998"]
    assert stage["gap_points"] == pytest.approx(100 * (26 / 304 - 645 / 11111))


def test_nothing_undefined_or_unbounded_reaches_a_reader_as_a_number():
    found = calc(3, 37, 0, 900)
    assert (found["ratio"], found["ratio_high"]) == (None, None)
    assert found["ratio_low"] == pytest.approx(10.051573500751479)
    assert found["verdict"] == "more"
    nobody = calc(0, 37, 0, 900)
    assert (nobody["ratio"], nobody["ratio_low"], nobody["verdict"]) == (None, 0.0, "too_few")
    json.dumps([found, nobody], allow_nan=False)


def test_numbers_may_come_as_text():
    assert calc("1,234", " 50000 ", "20", "1000") == calc(1234, 50000, 20, 1000)


def test_a_population_may_be_an_average():
    assert calc(60, 51477.5, 30, 54308.7)["ratio"] == pytest.approx(2.1099975717546497)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((-1, 10), "count must be 0 or more; found -1"),
        ((1.5, 10), "count must be a whole number of people or events; found 1.5"),
        ((None, 10), "count is missing"),
        ((math.nan, 10), "count is missing"),
        ((1, ""), "base is missing"),
        ((1, 0), "base must be above 0; found 0"),
        ((1, -10), "base must be above 0; found -10"),
        (("1,5", 10), "count must be a number; found '1,5'"),
        (("about 5", 10), "count must be a number; found 'about 5'"),
        ((True, 10), "count must be a number; found True"),
        (([1], 10), "count must be a number"),
        ((math.inf, 10), "count must be a number; found inf"),
        ((1, 1e15), "more than there can be"),
        ((1, 10, 5), "ref_base is missing"),
        ((1, 10, None, 5), "ref_count is missing"),
        ((1, 10, -5, 50), "ref_count must be 0 or more; found -5"),
        ((1, 10, 5, 50, "stages"), "kind must be population or stage; found 'stages'"),
        ((1_200_000, 1_000_000, 5, 50, "stage"), r"count \(1,200,000\) is above the base \(1,000,000\)"),
        ((1, 10, 51, 50, "stage"), r"ref_count \(51\) is above the ref_base \(50\)"),
        ((1, 10.5, 5, 50, "stage"), "base of a stage must be a whole number"),
    ],
)
def test_counts_that_cannot_be_are_refused_in_words(counts, said):
    with pytest.raises(InvalidCounts, match=said):
        calc(*counts)


def test_rows_are_worked_out_each_by_its_kind_and_in_their_order():
    rows = [
        {"count": "26", "base": "304", "ref_count": "645", "ref_base": "11111", "kind": "stage"},
        {"count": "5", "base": "100"},
        {"count": "26", "base": "304", "ref_count": "645", "ref_base": "11111", "kind": ""},
        {"count": 5, "base": 100, "ref_count": "", "ref_base": "", "kind": "stage"},
    ]
    assert [{key: row[key] for key in KEYS} for row in calc_rows(rows)] == [
        calc(26, 304, 645, 11111, "stage"),
        calc(5, 100),
        calc(26, 304, 645, 11111),
        calc(5, 100, kind="stage"),
    ]
    assert calc_rows([]) == []


def test_a_wrong_row_is_withheld_with_its_line_and_takes_no_other_with_it():
    rows = [{"count": 1, "base": 2}, {"count": -1, "base": 2}, {"count": 3, "base": 4, "ref_count": 0, "ref_base": 9}]
    good, wrong, undefined = calc_rows(rows, [2, 3, 7])
    assert (good["line"], good["status"], good["rate"]) == (2, "shown", 0.5)
    assert (wrong["line"], wrong["status"]) == (3, "withheld")
    assert "count must be 0 or more; found -1" in wrong["reason"]
    assert {wrong[key] for key in KEYS} == {None}
    assert (undefined["line"], undefined["status"], undefined["ratio"]) == (7, "shown", None)
    assert "no events, so the ratio is undefined" in undefined["reason"]
