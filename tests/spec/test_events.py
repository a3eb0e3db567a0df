"""Events of one prison are alike: limits allow for it where the file names prisons, and else no p-value is given."""

import numpy as np
import pytest
from scipy import stats

from tests.spec.rows import by_category, rows_of

SUMMER = "--period", "2022-07-01/2022-09-30"


@pytest.fixture(scope="module")
def proved(cli):
    return by_category(rows_of(cli, "ratios", "adjudications-proved", *SUMMER))


def test_limits_of_events_allow_for_prisons(proved) -> None:
    limits = {g: (proved[g]["ratio_low"], proved[g]["ratio_high"]) for g in ("Black", "Mixed")}
    assert limits["Black"] == pytest.approx((0.868, 0.945), abs=5e-4)
    assert limits["Mixed"] == pytest.approx((0.928, 1.002), abs=5e-4)
    assert (proved["Black"]["verdict"], proved["Mixed"]["verdict"]) == ("less", "depends")
    assert proved["Mixed"]["depends_on"] == ["interval", "unknown"]
    assert proved["Black"]["interval_method"] == "delete-one jackknife by establishment, t on K - 1 degrees of freedom"


def test_the_same_by_a_loop_over_prisons(proved, starter_store) -> None:
    cells = starter_store.frame(
        "select place_code, ethnicity, json_extract_string(circumstances, '$.outcome') as outcome, sum(value) as n "
        "from figure where table_id = 'outcomes-by-prison' and period_end = '2022-09-30' group by all"
    )
    found: dict[tuple[str, str, bool], float] = {}
    for place, group, outcome, n in cells.rows():
        for is_proved in {False, outcome == "proved"}:
            found[place, group, is_proved] = found.get((place, group, is_proved), 0) + n
    prisons = sorted({place for place, _, _ in found})

    def ratio(without: str | None) -> float:
        kept = [p for p in prisons if p != without]
        black, white = (
            sum(found.get((p, g, True), 0) for p in kept) / sum(found.get((p, g, False), 0) for p in kept)
            for g in ("Black", "White")
        )
        return black / white

    logs = np.log([ratio(p) for p in prisons])
    error = np.sqrt((len(logs) - 1) / len(logs) * ((logs - logs.mean()) ** 2).sum())
    row = proved["Black"]
    assert row["ratio"] == pytest.approx(ratio(None))
    for confidence, low, high in ((0.975, "ratio_low", "ratio_high"), (0.999, "ratio_low_998", "ratio_high_998")):
        step = np.exp(stats.t.ppf(confidence, len(logs) - 1) * error)
        assert (row[low], row[high]) == pytest.approx((ratio(None) / step, ratio(None) * step))
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(abs(np.log(ratio(None))) / error, len(logs) - 1))


@pytest.mark.parametrize(("measure", "by"), [("arrests", "ethnicity"), ("adjudications-proved", "religion")])
def test_events_without_clusters_have_no_p_value_and_a_direction_only_far_from_chance(cli, measure, by) -> None:
    rows = [r for r in rows_of(cli, "ratios", measure, "--by", by) if r["ratio_low"] is not None]
    assert rows
    assert (
        {r["p_value"] for r in rows} == {r["p_adjusted"] for r in rows} == {r["significance"] for r in rows} == {None}
    )
    for row in rows:
        near = row["ratio_low_998"] <= 1 <= row["ratio_high_998"]
        far = row["ratio_low"] > 1 or row["ratio_high"] < 1
        assert not near or row["verdict"] not in ("more", "less")
        if near and far:
            assert "clustering" in row["depends_on"]


def test_a_group_is_compared_with_the_rest_of_those_it_is_part_of(cli) -> None:
    rows = by_category(rows_of(cli, "ratios", "prison-population"))
    british = rows["White British"]
    assert (british["ratio_low"], british["ratio_high"]) == pytest.approx((0.958, 0.964), abs=5e-4)
    everyone = by_category(rows_of(cli, "ratios", "prison-population", "--reference", "all"))["Black"]
    rest = by_category(rows_of(cli, "ratios", "prison-population", "--reference", "all others"))["Black"]
    assert everyone["p_value"] == pytest.approx(rest["p_value"])
    share = everyone["denominator"] / everyone["reference_denominator"]
    assert everyone["ratio_low"] == pytest.approx(rest["ratio_low"] / (share * rest["ratio_low"] + 1 - share))
