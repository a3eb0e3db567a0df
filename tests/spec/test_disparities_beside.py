"""What stands beside every ratio of the starter figures, as a program reads it; other denominators, other years."""

import json

import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from dashboards.cited import make
from dashboards.pages import pages
from dashboards.site import hold
from monitor.statistics.summary import IN_ORDER, WITHOUT_ORDER
from tests.spec.rows import IN_2022, PRISON, SHARED, by_category, rows_of

PROVED = "adjudications-proved"

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning:statsmodels.*")


@pytest.fixture(scope="module")
def adults(cli):
    return by_category(rows_of(cli, "ratios", PRISON, *IN_2022))


def test_the_wider_interval_and_the_difference_stand_beside_the_ratio(adults) -> None:
    row = adults["Black"]
    x, n, y, m = row["count"], row["denominator"], row["reference_count"], row["reference_denominator"]
    for confidence, low, high in ((0.95, "ratio_low", "ratio_high"), (0.998, "ratio_low_998", "ratio_high_998")):
        p = stats.binomtest(int(x), int(x + y)).proportion_ci(confidence, "exact")
        assert row[low] == pytest.approx(p.low / (1 - p.low) * m / n, rel=1e-9)
        assert row[high] == pytest.approx(p.high / (1 - p.high) * m / n, rel=1e-9)
    assert row["rate_difference"] == pytest.approx(row["per"] * (x / n - y / m))


def test_four_fifths_says_nothing_of_a_population_and_a_small_ratio_can_be_certain(adults) -> None:
    assert {row["band"] for row in adults.values()} == {None}
    assert (adults["Asian"]["verdict"], adults["Asian"]["significance"]) == ("more", "beyond_99_8")
    assert (adults["Other"]["verdict"], adults["Other"]["depends_on"]) == ("depends", ["interval", "unknown"])


def test_suppressed_residents_are_told(adults) -> None:
    assert adults["Mixed"]["suppression"] == "bounded"


def test_each_declared_reference_can_be_asked_for_at_once(cli) -> None:
    rows = rows_of(cli, "ratios", PRISON, "--reference", "each", *IN_2022)
    black = {r["reference"]: r["ratio"] for r in rows if r["category"] == "Black"}
    assert list(black) == ["White", "White British", "all others", "all"]
    assert black["all"] == pytest.approx(next(r["representation"] for r in rows if r["category"] == "Black"))
    assert black["all"] < black["White"] < black["White British"]


def test_the_rri_of_a_group_and_of_its_reference_multiply_to_one(cli, adults) -> None:
    back = by_category(rows_of(cli, "ratios", PRISON, "--reference", "Black", *IN_2022))["White"]
    assert back["ratio"] * adults["Black"]["ratio"] == pytest.approx(1)
    assert back["ratio_low"] * adults["Black"]["ratio_high"] == pytest.approx(1)


def test_crude_and_age_adjusted_stand_together_and_say_so(adults) -> None:
    row = adults["Black"]
    assert row["adjusted_low"] < row["adjusted_ratio"] < row["adjusted_high"]
    assert row["adjusted_ratio"] < row["adjusted_crude"]  # because Black residents are younger than all residents
    assert "Adjusted for age" in row["adjustment"]
    assert row["adjusted_reference"] == "all"


def test_events_say_that_a_person_may_be_counted_again(cli) -> None:
    row = by_category(rows_of(cli, "ratios", "arrests"))["Black"]
    assert "counts_events" in row["flags"]
    assert "the same person may be counted again" in row["reason"]


# --- the stage before ----------------------------------------------------------------------------------------------


def test_a_stage_is_over_the_stage_before_in_the_same_quarter(cli) -> None:
    rows = by_category(rows_of(cli, "ratios", PROVED))
    everyone, black, white = rows["all"], rows["Black"], rows["White"]
    assert (everyone["count"], everyone["denominator"]) == (25_775, 39_282)
    assert (black["count"], black["denominator"]) == (4_409, 7_259)
    assert (white["rate_low"] / 100, white["rate_high"] / 100) == pytest.approx(
        proportion_confint(17384, 25924, method="wilson")
    )


def test_a_stage_without_clusters_has_the_score_interval(cli) -> None:
    row = by_category(rows_of(cli, "ratios", PROVED, "--by", "religion"))["Muslim"]
    cell = (row[n] for n in ("count", "denominator", "reference_count", "reference_denominator"))
    low, high = confint_proportions_2indep(*cell, compare="ratio", method="score", correction=True)
    assert (row["ratio_low"], row["ratio_high"]) == pytest.approx((low, high), rel=1e-5)
    assert row["interval_method"] == "Miettinen-Nurminen score"


def test_two_denominators_that_point_opposite_ways_are_flagged(cli) -> None:
    rows = {(r["stage"], r["category"]): r for r in cli("journey", "--json").document}
    row = rows["within-prison-decision", "Black"]
    assert row["population"]["ratio"] > 1 > row["previous"]["ratio"]
    assert row["disagree"] == "clearly"


def test_a_ratio_that_the_other_denominator_contradicts_says_so_whichever_of_the_two_is_asked_for(cli) -> None:
    there, here = (by_category(rows_of(cli, "ratios", name)) for name in ("adjudications", PROVED))
    for one, other, name in ((there, here, PROVED), (here, there, "adjudications")):
        for group in ("Black", "Mixed"):
            assert "direction_differs" in one[group]["flags"]
            assert f"({name}, over {other[group]['baseline']})" in one[group]["reason"]
            sure = "both" if group == "Black" else "not both"  # because prisons leave the direction open for Mixed
            said = f"has a ratio of {other[group]['ratio']:.2f}; {sure} directions hold on every bound beside them."
            assert said in one[group]["reason"]
        for group in set(one) & set(other) - {"Black", "Mixed"}:
            same_side = None in (one[group]["ratio"], other[group]["ratio"]) or (
                (one[group]["ratio"] - 1) * (other[group]["ratio"] - 1) >= 0
            )
            assert ("direction_differs" in one[group]["flags"]) is not same_side, group


def test_directions_are_compared_with_the_same_people_and_reference_only(cli) -> None:
    asked = by_category(rows_of(cli, "ratios", PROVED, "--reference", "Asian"))
    beside = by_category(rows_of(cli, "ratios", "adjudications", "--reference", "Asian"))
    for name, row in asked.items():
        if row["ratio"] is None or beside[name]["ratio"] is None:
            continue
        differs = (row["ratio"] - 1) * (beside[name]["ratio"] - 1) < 0
        assert ("direction_differs" in row["flags"]) is differs, name
    young = by_category(rows_of(cli, "ratios", PROVED, "--within", "age=18-20"))
    other = by_category(rows_of(cli, "ratios", "adjudications", "--within", "age=18-20"))
    for name, row in young.items():
        both = [r["ratio"] for r in (row, other[name])]
        differs = None not in both and (both[0] - 1) * (both[1] - 1) < 0
        assert ("direction_differs" in row["flags"]) is differs, name
    assert not [r for r in rows_of(cli, "ratios", PRISON) if "direction_differs" in r["flags"]]


def test_what_the_store_holds_is_flagged_as_what_is_asked_for(cli, starter_store) -> None:
    held = dict(starter_store.frame("select disparity_id, flags from disparity").iter_rows())
    for name in ("adjudications", PROVED):
        for row in rows_of(cli, "ratios", name):
            assert row["flags"] == held[row["disparity_id"]]


def test_the_page_of_a_measure_says_that_the_direction_depends_on_the_denominator(starter_store) -> None:
    made = pages(hold(starter_store), lambda rows, measure: make(starter_store, rows, measure))
    said = {page.path: [w for section in page.sections for w in section.words] for page in made}
    words = "For Black and Mixed the direction depends on the denominator: the ratio of"
    for path, other in (
        ("adjudications-ethnicity.html", "Adjudication outcomes that are proved"),
        ("adjudications-proved-ethnicity.html", "Outcomes of adjudications in prison"),
    ):
        assert said[path].count(f"{words} “{other}” is on the other side of 1.") == 1
    assert not [w for w in said[f"{PRISON}-ethnicity.html"] if "depends on the denominator" in w]


def test_every_stage_is_a_value_or_a_named_gap(cli) -> None:
    rows = cli("journey", "--json").document
    stages = list(dict.fromkeys(r["stage"] for r in rows))
    assert stages[:3] == ["stop-and-search", "arrest", "prosecution"]
    assert stages[-3:] == ["release", "recall", "reoffending"]
    for row in rows:
        for side in ("population", "previous"):
            assert row[side].get("ratio") is not None or row[side].get("missing") or row[side].get("reason"), row


def test_ratios_published_without_counts_stand_as_published_with_no_interval(cli) -> None:
    rows = [r for r in cli("journey", "--json").document if r["stage"] == "remand"]
    black = next(r["published"][0] for r in rows if r["category"] == "Black")
    assert (black["ratio"], black["mark"], black["status"]) == (1.28706176912464, "*", "published")
    assert not [key for key in black if key.endswith(("_low", "_high"))]
    assert "not checked against the original" in black["source"]


@pytest.mark.skipif(not (SHARED.parent / "oracles").is_dir(), reason="no ../shared/oracles here")
def test_published_ratios_are_those_of_the_list_they_come_from(cli) -> None:
    import csv

    with (SHARED.parent / "oracles" / "moj_published_rri_2024.csv").open() as lines:
        told = {(r["table"], r["ethnicity"]): float(r["rri_published"]) for r in csv.DictReader(lines)}
    ours = {(p["table"], r["category"]): p["ratio"] for r in cli("journey", "--json").document for p in r["published"]}
    assert ours == told


# --- over time, whole classifications, crossings ---------------------------------------------------------------------


def test_five_years_on_the_same_baseline(cli) -> None:
    rows = by_category(rows_of(cli, "trend", PRISON))
    black = rows["Black"]
    assert (black["earlier_period"], black["period"]) == ("2018-06-30", "2023-06-30")
    assert black["change"] == pytest.approx(black["ratio"] / black["earlier_ratio"])
    assert (black["direction"], rows["Mixed"]["direction"]) == ("closer to parity", "depends on the census")


def test_no_change_is_given_across_the_year_in_which_chinese_people_moved(cli) -> None:
    rows = by_category(rows_of(cli, "trend", PRISON, "--since", "2014-06-30"))
    for name in ("Asian", "Other"):
        assert (rows[name]["status"], rows[name]["change"]) == ("refused", None)
        assert "break in the series" in rows[name]["reason"]
    assert rows["Black"]["status"] == "shown"


def test_a_summary_has_every_measure_with_its_limits(cli) -> None:
    latest = [r for r in rows_of(cli, "summary", PRISON) if r["period"] == "2022-06-30" and r["level"] == "groups"]
    [row] = latest
    assert row["largest_ratio"] == pytest.approx(581.437 / 140.201, rel=1e-4)
    assert row["lowest_group"] == "Other"
    assert row["population_attributable_risk"] == pytest.approx(140.201 - row["mean_rate"], rel=1e-4)
    assert all(row[f"{name}_low"] <= row[name] <= row[f"{name}_high"] for name in ("mean_rate", *WITHOUT_ORDER))
    printed = cli("summary", PRISON).out
    assert "between-group standard deviation" in printed and "The lowest rate is that of: White." in printed


def test_the_attributable_risk_is_against_the_lowest_and_not_the_reference(cli) -> None:
    [row] = rows_of(cli, "summary", PROVED)
    assert row["lowest_group"] == "Black"  # of White, the reference, the rate is above the overall one by 1.46
    assert row["population_attributable_risk"] == pytest.approx(100 * (4409 / 7259) - row["mean_rate"])
    assert "too narrow" in row["reason"]


def test_ages_have_an_order_and_the_measures_of_one(cli) -> None:
    shown = [r for r in rows_of(cli, "summary", PRISON, "--by", "age") if r["status"] == "shown"]
    [row] = [r for r in shown if r["period"] == "2022-06-30"]
    assert row["groups"][0] == "15-17"
    assert all(row[f"{name}_low"] <= row[name] <= row[f"{name}_high"] for name in IN_ORDER)
    assert row["relative_index"] < 1
    [events] = rows_of(cli, "summary", "adjudications", "--by", "age")
    assert events["slope_index"] is None and "more than one event a person" in events["reason"]


def test_what_can_be_crossed_is_answered_before_any_number(cli) -> None:
    rows = rows_of(cli, "crossings", PRISON)
    crossed = [r["crossed"] for r in rows]
    assert ["ethnicity", "sex"] in crossed
    assert ["age", "ethnicity"] not in crossed  # because no table inspected has both
    assert all(r["tables"] for r in rows)


def test_groups_are_compared_within_a_sex_or_an_age_where_both_are_published_together(cli) -> None:
    rows = rows_of(cli, "ratios", PROVED, "--within", "age=each")
    black = {r["within"]: r for r in rows if r["category"] == "Black"}
    assert (black["age 18-20"]["count"], black["age 18-20"]["denominator"]) == (848, 1_335)
    assert black["age 18-20"]["ratio"] == pytest.approx((848 / 1335) / (1467 / 1972))
    women = by_category(
        rows_of(cli, "ratios", PRISON, "--within", "sex=female", "--baseline", "census-2021", *IN_2022)
    )["Black"]
    assert (
        women
        == by_category(rows_of(cli, "ratios", PRISON, "--sex", "female", "--baseline", "census-2021", *IN_2022))[
            "Black"
        ]
    )
    refused = cli("ratios", PRISON, "--within", "age=18-20")
    assert (refused.code, "`crossings`" in refused.err) == (1, True)
    assert cli("ratios", PRISON, "--within", "age").code == 2


def test_residents_who_did_not_answer_widen_the_bounds(cli) -> None:
    row = by_category(rows_of(cli, "ratios", PRISON, "--by", "religion", *IN_2022))["Buddhist"]
    everyone_else = by_category(rows_of(cli, "ratios", PRISON, "--by", "religion", *IN_2022))
    x, n = row["count"], row["denominator"]
    y, m = row["reference_count"], row["reference_denominator"]
    assert row["bound_low"] == pytest.approx((x / (n + 3_595_377)) / ((y + everyone_else["Not recorded"]["count"]) / m))
    assert row["baseline_unknown_share"] == pytest.approx(3_595_377 / 59_597_267, abs=1e-4)
    assert "of those compared with" in row["reason"]


def test_a_named_standard_population_is_a_choice_that_is_shown(cli) -> None:
    own = by_category(rows_of(cli, "ratios", PROVED))["Black"]
    european = by_category(rows_of(cli, "ratios", PROVED, "--standard", "european-2013"))["Black"]
    assert own["adjusted_crude"] == european["adjusted_crude"]
    assert own["adjusted_ratio"] != european["adjusted_ratio"]
    assert "European Standard Population 2013" in european["adjustment"]
    assert "european-2013" in cli("ratios", PROVED, "--standard", "world").err


def test_summary_measures_are_kept_for_each_edition(starter_store) -> None:
    held = starter_store.frame("select * from summary where status = 'shown' and period = '2023-06-30'")
    assert set(held["edition"]) == {"2023-06-30"}
    in_order = held["characteristic"] == "age"
    assert held.filter(~in_order)["index_of_disparity"].null_count() == 0
    assert held.filter(in_order)["slope_index"].null_count() == 0


def test_p_values_are_adjusted_within_the_edition_whatever_is_asked_for(cli, starter_store, adults) -> None:
    held = starter_store.frame("select disparity_id, p_value, p_adjusted from disparity")
    asked = {r["disparity_id"]: r["p_adjusted"] for r in adults.values() if r["p_adjusted"] is not None}
    kept = dict(held.select("disparity_id", "p_adjusted").iter_rows())
    assert asked
    assert {i: kept[i] for i in asked} == pytest.approx(asked)
    assert held.filter(held["p_adjusted"] < held["p_value"]).is_empty()


def test_what_must_be_said_of_shown_rows_is_printed_too(cli) -> None:
    said = " ".join(cli("ratios", "arrests").out.split())
    assert "Black: 12.3% are of unknown ethnicity" in said
    assert "Flags: counts events" in said


def test_a_ratio_is_explained_with_formulas_and_their_sources(cli) -> None:
    [row] = [r for r in rows_of(cli, "ratios", PROVED) if r["category"] == "Black"]
    said = cli("explain", row["disparity_id"]).out
    assert "(4,409 / 7,259) / (17,384 / 25,924)" in said
    for source in (
        "Wilson", "Miettinen and Nurminen", "Uhrig", "Manski", "NI 044", "29 CFR 1607.4(D)", "Benjamini and Hochberg",
        "Dobson",
    ):  # fmt: skip
        assert source in said
    assert "interval" in json.dumps(row)


# --- a publisher's own file, beside the checkout ---------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.is_dir(), reason="the publishers' originals are not here: no ../shared/published")
def test_custody_is_over_those_sentenced_in_the_same_year(cli, own_home) -> None:
    file = SHARED / "ethnicity-facts-figures" / "custody-rate.csv"
    added = cli("add", file, "--publication", "sentences-and-custody", "--edition", "2017", "--quiet", home=own_home)
    assert added.code == 0, added.err
    rows = by_category(rows_of(cli, "ratios", "custodial-sentences", home=own_home))
    black = rows["Black"]
    assert (black["count"], black["denominator"], black["reference_count"]) == (6_001, 18_142, 45_505)
    low, high = confint_proportions_2indep(6001, 18142, 45505, 138834, compare="ratio", method="score", correction=True)
    assert (black["ratio_low"], black["ratio_high"]) == pytest.approx((low, high), rel=1e-5)
    # 18.9% are of unknown ethnicity on the one side and 21.8% on the other: both sides move
    assert black["bound_low"] < 1 < black["bound_high"]
    assert "whatever they are" in black["reason"]
    women = by_category(rows_of(cli, "ratios", "custodial-sentences", "--sex", "female", home=own_home))
    assert (women["Black"]["count"], women["Black"]["denominator"]) == (290, 1_417)
