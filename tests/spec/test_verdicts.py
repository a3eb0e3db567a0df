"""What is said of a ratio holds on every bound that stands beside it, or says on what it depends."""

import math
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.statistics.verdict import GOOD, LOW, reliability, verdict
from monitor.store import reads
from tests.spec.rows import IN_2022, PRISON, by_category, rows_of


def ends_of(row: dict[str, Any], low: str, high: str) -> tuple[float, float]:
    return row[low], math.inf if row[high] is None else row[high]


def beside(row: dict[str, Any]) -> list[tuple[float, float]]:
    """Every range printed beside a ratio, of events the wider interval too."""
    pairs = [("ratio_low", "ratio_high"), ("bound_low", "bound_high"), ("census_low", "census_high")]
    pairs += [("ratio_low_998", "ratio_high_998")] if row["counts"] == "events" else []
    return [ends_of(row, *pair) for pair in pairs if row[pair[0]] is not None]


def test_every_direction_held_holds_on_every_bound_beside_it(starter_store) -> None:
    rows = [r for r in reads.disparities(starter_store).to_dicts() if r["ratio_low"] is not None]
    said = defaultdict(int)
    for row in rows:
        said[row["verdict"]] += 1
        if row["verdict"] == "more":
            assert all(low > 1 for low, _ in beside(row)), row
        elif row["verdict"] == "less":
            assert all(high < 1 for _, high in beside(row)), row
        elif row["verdict"] == "depends":
            assert row["depends_on"], row
        if row["verdict"] in ("more", "less") and row["adjusted_ratio"] is not None:
            assert (row["adjusted_ratio"] - 1) * (row["adjusted_crude"] - 1) >= 0, row
    assert min(said[v] for v in ("more", "less", "depends", "too_few")) > 10, dict(said)


def test_a_direction_that_the_unknown_could_turn_is_never_said_to_be_clear(cli, tmp_path) -> None:
    religions = by_category(rows_of(cli, "ratios", PRISON, "--by", "religion", *IN_2022))
    buddhist = religions["Buddhist"]
    assert (buddhist["bound_low"] < 1, buddhist["ratio_low"] > 1) == (True, True)
    assert (buddhist["verdict"], buddhist["depends_on"]) == ("depends", ["unknown"])
    assert "the ratio lies between" in buddhist["reason"]
    assert cli("table", PRISON, "--by", "religion", *IN_2022, "--out", str(tmp_path / "table.md")).code == 0
    said = (tmp_path / "table.md").read_text(encoding="utf-8")
    assert "clearly" not in said
    assert "direction depends on the unknown" in said


def test_four_fifths_is_said_of_stages_only(starter_store) -> None:
    bands = defaultdict(set)
    for row in reads.disparities(starter_store).to_dicts():
        bands[row["kind"]].add(row["band"])
    assert bands["population"] == {None}
    assert {"over", "under", "parity", "inconclusive"} <= bands["stage"]


def test_where_equal_ages_turn_a_ratio_round_it_is_said(cli) -> None:
    asian = by_category(rows_of(cli, "ratios", PRISON, "--period", "2016-06-30"))["Asian"]
    assert asian["adjusted_ratio"] < 1 < asian["adjusted_crude"]
    assert (asian["verdict"], asian["depends_on"]) == ("depends", ["adjustment"])
    assert "At equal ages the direction is the other" in asian["reason"]


def test_a_ratio_to_everyone_never_turns_one_to_another_group_by_itself(cli) -> None:
    asian = by_category(rows_of(cli, "ratios", PRISON, *IN_2022))["Asian"]
    assert (asian["adjusted_reference"], asian["reference"]) == ("all", "White")
    assert asian["adjusted_ratio"] < asian["adjusted_crude"] < 1 < asian["ratio"]
    assert asian["verdict"] == "more"


# --- the rule itself -------------------------------------------------------------------------------------------------

limits = st.tuples(st.floats(0.01, 4), st.floats(0.01, 4)).map(lambda pair: (min(pair), max(pair)))
ranges = st.dictionaries(st.sampled_from(["unknown", "census", "suppression", "clustering"]), limits, max_size=4)


@given(limits, ranges, st.booleans(), st.booleans())
@settings(deadline=None)
def test_a_verdict_never_contradicts_a_bound(interval, beside, turned, few) -> None:
    opposed = ("adjustment",) if turned else ()
    found = verdict(interval, beside, opposed=opposed, few=few)
    everything = [interval, *beside.values()]
    if found.verdict == "more":
        assert min(low for low, _ in everything) > 1 and not turned
    if found.verdict == "less":
        assert max(high for _, high in everything) < 1 and not turned
    if found.verdict == "same":
        assert all(low > 0.95 and high < 1.06 for low, high in everything)
    assert bool(found.depends_on) == (found.verdict == "depends")
    assert set(found.depends_on) <= {"interval", *beside, *opposed}


@given(limits, ranges)
@settings(deadline=None)
def test_the_reverse_of_a_ratio_has_the_reverse_verdict(interval, beside) -> None:
    def back(bounds):
        return 1 / bounds[1], 1 / bounds[0]

    turned = {"more": "less", "less": "more"}
    there = verdict(interval, beside)
    here = verdict(back(interval), {name: back(bounds) for name, bounds in beside.items()})
    assert here == (turned.get(there.verdict, there.verdict), there.depends_on)


@pytest.mark.parametrize(
    ("cells", "of_a_stage", "found"),
    [
        (((3, 8), (200, 400)), True, LOW),
        (((19, 100_000), (900, 100_000)), False, LOW),
        (((990, 1000), (500, 1000)), True, LOW),
        (((20, 49), (500, 1000)), False, LOW),
        (((99, 10_000), (500, 1000)), False, "fair"),
        (((100, 10_000), (500, 1000)), False, GOOD),
    ],
)
def test_small_numbers_are_marked(cells, of_a_stage, found) -> None:
    assert reliability(*cells, of_a_stage=of_a_stage) == found
