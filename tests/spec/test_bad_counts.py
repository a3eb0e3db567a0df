"""Counts that cannot be: withheld with the reason in plain words, whoever gives them; never inf, NaN or a silent drop.

The same five faults (negative, fractional, missing, mismatched, zero) are typed in, put into a CSV, and published.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.deriving import Refused, Request
from tests.spec.rows import Row
from tests.unit.deriving.made import PEOPLE, baseline, disparities, measure

GOOD = ("26,304,645,11111,stage", "3,37,0,900,", "5,100,,,")
HEADER = "count,base,ref_count,ref_base,kind"
BAD = {
    "-1,10,5,50,": "count must be 0 or more; found -1",
    "1,-10,5,50,": "base must be above 0; found -10",
    "1.5,10,5,50,": "count must be a whole number",
    "1,10.5,5,50,stage": "base of a stage must be a whole number",
    ",10,5,50,": "count is missing",
    "5,,5,50,": "base is missing",
    "5,10,5,,": "ref_base is missing",
    "5,10,,50,": "ref_count is missing",
    "[c],10,5,50,": "count must be a number; found '[c]'",
    "11,10,5,50,stage": "count (11) is above the base (10) it is part of",
    "1,10,51,50,stage": "ref_count (51) is above the ref_base (50)",
    "5,0,5,50,": "base must be above 0; found 0",
    "5,10,5,0,": "ref_base must be above 0; found 0",
    "5,10,5,50,stages": "kind must be population or stage; found 'stages'",
}


def table(folder: Path, *lines: str) -> Path:
    (folder / "counts.csv").write_text("\n".join(lines) + "\n")
    return folder / "counts.csv"


def rows_beside(answer: Any) -> list[Row]:
    """The rows of an answer that exits with 1: strictly JSON, in which neither NaN nor infinity can stand."""
    assert answer.code == 1, answer.err
    rows: list[Row] = json.loads(answer.out, parse_constant=pytest.fail)
    return rows


@pytest.mark.parametrize("bad", BAD)
def test_one_bad_row_is_withheld_with_its_line_and_loses_no_good_row(cli, tmp_path, bad) -> None:
    good = cli("calc", "--csv", table(tmp_path, HEADER, *GOOD), "--json").document
    answer = cli("calc", "--csv", table(tmp_path, HEADER, GOOD[0], bad, "", *GOOD[1:]), "--json")
    first, wrong, *others = rows_beside(answer)
    numbers = [{k: v for k, v in row.items() if k != "line"} for row in (first, *others)]
    assert numbers == [{k: v for k, v in row.items() if k != "line"} for row in good]
    assert [row["line"] for row in (first, wrong, *others)] == [2, 3, 5, 6]
    assert wrong["status"] == "withheld"
    assert BAD[bad] in wrong["reason"]
    assert {v for k, v in wrong.items() if k not in ("line", "status", "reason")} == {None}
    assert "1 of 4 rows withheld" in answer.err
    assert f"Line 3: {wrong['reason']}" in answer.err


@pytest.mark.parametrize("bad", BAD)
def test_the_same_in_words(cli, tmp_path, bad) -> None:
    answer = cli("calc", "--csv", table(tmp_path, HEADER, bad, *GOOD))
    assert answer.code == 1
    assert answer.out.startswith("Line 2: withheld. ")
    assert BAD[bad] in answer.out
    assert all(f"Line {line}: shown." in answer.out for line in (3, 4, 5))
    assert not [word for word in ("nan", "inf ", "Traceback") if word in answer.out + answer.err]


def test_every_row_that_has_no_ratio_says_why(cli, tmp_path) -> None:
    _, undefined, alone = cli("calc", "--csv", table(tmp_path, HEADER, *GOOD), "--json").document
    assert (undefined["status"], undefined["ratio"]) == ("shown", None)
    assert "no events" in undefined["reason"]
    assert (alone["rate"], alone["ratio"]) == (0.05, None)
    assert "No reference is given" in alone["reason"]


@pytest.mark.parametrize(
    ("header", "said"),
    [("count,bse", "Call 'bse' base"), ("count,base,refcount,ref_base", "Call 'refcount' ref_count"), ("a,b", "a, b")],
)
def test_columns_that_are_not_known_are_refused_whole_because_every_row_would_be_wrong(
    cli, tmp_path, header, said
) -> None:
    answer = cli("calc", "--csv", table(tmp_path, header, "1,2,3,4"))
    assert (answer.code, answer.out) == (1, "")
    assert "counts.csv, line 1: expected the columns count, base" in answer.err
    assert said in answer.err


@pytest.mark.parametrize(
    ("typed", "as_row"), [("1.5/10", "1.5,10,5,50,"), ("5/0", "5,0,5,50,"), ("1/-10", "1,-10,5,50,")]
)
def test_the_same_counts_typed_in_are_refused_in_the_same_words(cli, typed, as_row) -> None:
    answer = cli("calc", typed)
    assert (answer.code, answer.out) == (1, "")
    assert BAD[as_row] in answer.err


# --- the same, printed by a publisher -------------------------------------------------------------------------------

COUNTS = {"Asian": 40.0, "Black": 60.0, "Mixed": 20.0, "White": 300.0, "Other": 5.0, "Not stated": 15.0}
BEFORE = {"Asian": 100.0, "Black": 120.0, "Mixed": 60.0, "White": 900.0, "Other": 20.0, "Not stated": 80.0}


def published(counts: dict[str, Any], people: dict[str, Any], kind: str) -> dict[str, Row]:
    found = (
        disparities(counts, people, of=measure(kind="stage"), over=baseline(date=None, follows=True))
        if kind == "stage"
        else disparities(counts, people)
    )
    json.dumps(list(found.values()), default=str, allow_nan=False)
    assert set(found) >= set(counts), "a published group has no row"
    for row in found.values():
        assert row["rate"] is None or row["rate"] >= 0
        assert row["ratio"] is None or row["ratio"] >= 0
        if row["level"] == "groups" and row["ratio"] is None:
            assert row["reason"], f"{row['category']} has no ratio and no reason"
    return found


@pytest.mark.parametrize("kind", ["population", "stage"])
@pytest.mark.parametrize(
    ("counts", "people", "said"),
    [
        ({"Black": -3.0}, {}, "below zero"),
        ({"Black": 3.5}, {}, "not a whole number"),
        ({}, {"Black": 0.0}, "has no"),
        ({}, {"Black": -5.0}, "has no"),
        ({}, {"Black": None}, ""),
    ],
)
def test_a_published_group_that_cannot_be_divided_is_withheld_and_the_others_stand(kind, counts, people, said) -> None:
    base = BEFORE if kind == "stage" else PEOPLE
    found = published(COUNTS | counts, base | people, kind)
    row = found["Black"]
    assert row["status"] in ("withheld", "refused")
    assert said in row["reason"]
    assert row["rate"] is row["ratio"] is row["gap_points"] is row["excess"] is row["band"] is None
    assert found["Asian"]["ratio"] == pytest.approx((40 / base["Asian"]) / (300 / base["White"]))


@pytest.mark.parametrize("kind", ["population", "stage"])
@pytest.mark.parametrize(
    ("counts", "people", "said"),
    [
        ({"White": -3.0}, {}, "below zero"),
        ({"White": 30.5}, {}, "not a whole number"),
        ({}, {"White": 0.0}, "has nobody"),
        ({}, {"White": -5.0}, "has nobody"),
    ],
)
def test_a_reference_group_that_cannot_be_divided_leaves_rates_and_says_so(kind, counts, people, said) -> None:
    base = BEFORE if kind == "stage" else PEOPLE
    row = published(COUNTS | counts, base | people, kind)["Black"]
    assert row["rate"] == pytest.approx(1000 * 60 / base["Black"])
    assert row["ratio"] is row["ratio_low"] is row["ratio_high"] is None
    assert said in row["reason"]


def test_people_who_are_an_average_may_be_a_fraction_and_those_at_a_stage_may_not() -> None:
    average = published(COUNTS, PEOPLE | {"Black": 2000.5}, "population")["Black"]
    assert average["ratio"] == pytest.approx((60 / 2000.5) / (300 / 40_000))
    stage = published(COUNTS, BEFORE | {"Black": 120.5}, "stage")["Black"]
    assert (stage["status"], stage["ratio"]) == ("withheld", None)
    assert "not a whole number" in stage["reason"]


def test_more_in_the_reference_group_than_at_the_stage_before_it_is_no_ratio_and_says_so() -> None:
    row = published(COUNTS | {"White": 1000.0}, BEFORE, "stage")["Black"]
    assert (row["ratio"], row["ratio_low"]) == (None, None)
    assert "cannot be part" in row["reason"]


def test_a_reference_group_that_is_absent_is_refused_with_those_that_are_there() -> None:
    with pytest.raises(Refused, match="'White' is not published; published: Asian, Black, Mixed, Other, or 'all'"):
        disparities({name: count for name, count in COUNTS.items() if name != "White"})


def test_a_group_that_the_people_cannot_be_matched_to_is_refused_and_the_others_stand() -> None:
    found = published(COUNTS, {name: n for name, n in PEOPLE.items() if name != "Black"}, "population")
    assert (found["Black"]["status"], found["Black"]["rate"]) == ("refused", None)
    assert "Declare a regroup" in found["Black"]["reason"]
    assert found["Asian"]["ratio"] is not None


def test_where_a_level_is_not_whole_no_group_of_it_has_a_gap(  # because shares of two different wholes do not compare
) -> None:
    for people in (PEOPLE | {"Other": 0.0}, {name: n for name, n in PEOPLE.items() if name != "Other"}):
        found = disparities(COUNTS, people, Request())
        assert {found[name]["gap_points"] for name in COUNTS} == {None}
        assert {found[name]["excess"] for name in COUNTS} == {None}
