"""What stands in a row: everything beside the ratio, or a reason in plain words."""

import datetime as dt
import itertools

import numpy as np
import polars as pl
import pytest

from monitor.declarations import Fit
from monitor.statistics.intervals import poisson_rate, poisson_ratio_exact, score_ratio, wilson
from monitor.statistics.simulated import simulated_limits
from monitor.statistics.standardisation import direct
from monitor.statistics.summary import IN_ORDER, OF_THE_LOWEST, WITHOUT_ORDER, in_order, without_order
from pipelines.deriving import EACH, Refused, Request, derive, summaries, trend
from tests.unit.deriving.made import ON, PEOPLE, baseline, disparities, figures, measure

COUNTS = {"Asian": 40.0, "Black": 60.0, "Mixed": 20.0, "White": 300.0, "Other": 5.0, "Not stated": 15.0, "all": 440.0}


def test_size_and_certainty_stand_apart() -> None:
    """A tenth more and yet certain: what is said of it follows the interval and no convention of four fifths."""
    counts = {"Black": 110_000.0, "White": 100_000.0}
    row = disparities(counts, {"Black": 1_000_000.0, "White": 1_000_000.0, "all": 2_000_000.0})["Black"]
    assert (row["band"], row["verdict"], row["significance"]) == (None, "more", "beyond_99_8")
    assert row["ratio"] == pytest.approx(1.1)


def test_both_intervals_of_a_population_ratio_are_exact_conditional() -> None:
    row = disparities(COUNTS)["Black"]
    cell = 60, 2000, 300, 40000
    assert (row["ratio_low"], row["ratio_high"]) == pytest.approx(tuple(poisson_ratio_exact(*cell)))
    assert (row["ratio_low_998"], row["ratio_high_998"]) == pytest.approx(tuple(poisson_ratio_exact(*cell, 0.998)))
    assert row["rate_difference"] == pytest.approx(1000 * (60 / 2000 - 300 / 40000))


@pytest.mark.parametrize(
    ("reference", "count", "people"),
    [("White", 300, 40000), ("Asian", 40, 4000), ("all", 425, 47500), ("all others", 425 - 60, 47500 - 2000)],
)
def test_every_reference_is_people_over_people(reference, count, people) -> None:
    row = disparities(COUNTS, request=Request(reference=reference))["Black"]
    assert (row["reference_count"], row["reference_denominator"]) == (count, people)
    assert row["ratio"] == pytest.approx((60 / 2000) / (count / people))


def test_each_asks_for_every_declared_reference() -> None:
    of = measure(also={"ethnicity": ("White British", "all others", "all")})
    people = figures(PEOPLE, table="people", measure="people")
    found = derive(of, Request(reference=EACH), figures(COUNTS), {"everyone": people}, {"everyone": baseline()})
    assert found["reference"].unique(maintain_order=True).to_list() == ["White", "White British", "all others", "all"]
    assert found["disparity_id"].is_unique().all()
    unpublished = found.filter((pl.col("reference") == "White British") & (pl.col("category") == "Black"))
    assert unpublished["ratio"].to_list() == [None]
    assert "not published" in unpublished["reason"][0]


def test_a_reference_published_nowhere_is_refused_with_those_that_are() -> None:
    with pytest.raises(Refused, match="'Martian' is not published; published: Asian, Black, Mixed, White, Other"):
        disparities(COUNTS, request=Request(reference="Martian"))


def test_events_over_people_say_that_the_interval_is_too_narrow() -> None:
    row = disparities(COUNTS, of=measure(counts="events"))["Black"]
    assert "counts_events" in row["flags"]
    assert "Counts events; the same person may be counted again; the interval is too narrow." in row["reason"]


def test_no_events_in_the_reference_group_is_no_ratio_and_never_infinity() -> None:
    row = disparities({"Black": 3.0, "White": 0.0})["Black"]
    assert (row["ratio"], row["ratio_high"], row["status"]) == (None, None, "shown")
    assert row["ratio_low"] > 0
    assert "undefined" in row["reason"]


@pytest.mark.parametrize("people", [{"White": 40000.0}, {"White": 40000.0, "Black": 0.0}])
def test_a_group_without_people_is_withheld_or_refused_in_words(people) -> None:
    row = disparities({"Black": 3.0, "White": 10.0}, {**people, "all": 40000.0})["Black"]
    assert row["status"] in ("withheld", "refused")
    assert (row["rate"], row["ratio"]) == (None, None)
    assert row["reason"]


@pytest.mark.parametrize("order", list(itertools.permutations(["Asian", "White", "Other"])))
def test_the_order_of_rows_never_matters(order) -> None:
    rest = [n for n in COUNTS if n not in order]
    shuffled = disparities({n: COUNTS[n] for n in (*order, *rest)})
    assert {n: r["ratio"] for n, r in shuffled.items()} == {n: r["ratio"] for n, r in disparities(COUNTS).items()}


# --- stages --------------------------------------------------------------------------------------------------------

STAGE = measure(kind="stage")
THROUGH = baseline(date=None, follows=True)
BEFORE = {"Asian": 100.0, "Black": 120.0, "Mixed": 60.0, "White": 900.0, "Other": 20.0, "Not stated": 80.0}


def test_a_stage_has_wilson_and_score_intervals() -> None:
    row = disparities(COUNTS, BEFORE, of=STAGE, over=THROUGH)["Black"]
    assert (row["denominator"], row["interval_method"]) == (120, "Miettinen-Nurminen score")
    assert (row["ratio_low"], row["ratio_high"]) == pytest.approx(tuple(score_ratio(60, 120, 300, 900)))
    assert (row["rate_low"], row["rate_high"]) == pytest.approx(tuple(1000 * v for v in wilson(60, 120)))


def test_the_bounds_of_a_stage_hold_every_way_of_placing_the_unknown_of_both_stages() -> None:
    counts, before = {"Black": 6.0, "White": 10.0, "Not stated": 3.0}, {"Black": 12.0, "White": 30.0, "Not stated": 5.0}
    row = disparities(counts, before, of=STAGE, over=THROUGH)["Black"]
    for here, there in itertools.product(range(4), range(6)):
        x, n, y, m = 6 + here, 12 + there, 10 + 3 - here, 30 + 5 - there
        if x <= n and y <= m:
            assert row["bound_low"] - 1e-12 <= (x / n) / (y / m) <= row["bound_high"] + 1e-12


def test_more_at_a_stage_than_before_it_is_withheld() -> None:
    row = disparities({"Black": 30.0, "White": 10.0}, {"Black": 12.0, "White": 30.0}, of=STAGE, over=THROUGH)["Black"]
    assert (row["status"], row["rate"], row["ratio"]) == ("withheld", None, None)
    assert "cannot be part" in row["reason"]


def test_a_stage_is_compared_with_the_same_period_only() -> None:
    year = dt.date(2022, 3, 21)
    counts = pl.concat([figures(COUNTS), figures({n: 2 * v for n, v in COUNTS.items()}, on=year)])
    before = pl.concat(
        [
            figures(c, table="people", measure="people", on=d)
            for c, d in ((BEFORE, ON), ({n: 4 * v for n, v in BEFORE.items()}, year))
        ]
    )
    assert disparities(counts, before, Request(period=ON), STAGE, THROUGH)["Black"]["denominator"] == 120
    assert disparities(counts, before, Request(period=year), STAGE, THROUGH)["Black"]["denominator"] == 480


# --- equal ages ----------------------------------------------------------------------------------------------------

AGES = ("18-20", "21-24", "25 and over")
RATES = (0.3, 0.1, 0.02)
OLD, YOUNG = (1000.0, 1000.0, 8000.0), (1000.0, 500.0, 500.0)


def crossed(measured: str, cells: dict[str, list[float]]) -> pl.DataFrame:
    """Figures by ethnicity and age, with totals over age."""
    both = {(g, a): v for g, values in cells.items() for a, v in zip(AGES, values, strict=True)}
    whole = {(g, "all"): sum(values) for g, values in cells.items()}
    return figures({**both, **whole}, by=("ethnicity", "age"), table=measured, measure=measured)


def test_equal_rates_at_every_age_are_1_once_adjusted_and_the_crude_ratio_stands_beside() -> None:
    people = crossed("people", {"White": list(OLD), "Black": list(YOUNG)})
    counts = crossed(
        "made", {g: [r * n for r, n in zip(RATES, ns, strict=True)] for g, ns in (("White", OLD), ("Black", YOUNG))}
    )
    row = disparities(counts, people, of=measure(adjust=("ethnicity",)))["Black"]
    assert row["adjusted_ratio"] == pytest.approx(1)
    assert row["adjusted_low"] < 1 < row["adjusted_high"]
    assert row["adjusted_crude"] == pytest.approx(row["ratio"])
    assert row["ratio"] > 2
    assert "Adjusted for age" in row["adjustment"]


def test_a_directly_adjusted_ratio_is_of_rates_over_the_ages_of_everyone() -> None:
    people = crossed("people", {"White": list(OLD), "Black": list(YOUNG)})
    cells = {"White": [200.0, 90.0, 100.0], "Black": [350.0, 60.0, 15.0]}
    row = disparities(crossed("made", cells), people, of=measure(adjust=("ethnicity",)))["Black"]
    standard = np.add(OLD, YOUNG)
    expected = direct(cells["Black"], YOUNG, standard).value / direct(cells["White"], OLD, standard).value
    assert row["adjusted_ratio"] == pytest.approx(float(expected))
    assert row["adjusted_reference"] == "White"


def test_under_ten_events_there_is_no_adjusted_ratio() -> None:
    people = crossed("people", {"White": list(OLD), "Black": list(YOUNG)})
    counts = crossed("made", {"White": [200.0, 90.0, 100.0], "Black": [5.0, 3.0, 1.0]})
    row = disparities(counts, people, of=measure(adjust=("ethnicity",)))["Black"]
    assert (row["adjusted_ratio"], row["adjusted_low"]) == (None, None)


def test_counts_by_group_and_apart_from_that_by_age_are_adjusted_indirectly() -> None:
    """Each group's rates at each age are everyone's: observed over expected is 1, whatever its ages."""
    people = crossed("people", {"White": list(OLD), "Black": list(YOUNG)})
    events = {g: [r * n for r, n in zip(RATES, ns, strict=True)] for g, ns in (("White", OLD), ("Black", YOUNG))}
    by_group = {("White", "all"): sum(events["White"]), ("Black", "all"): sum(events["Black"])}
    by_age = {("all", a): events["White"][i] + events["Black"][i] for i, a in enumerate(AGES)}
    counts = figures({**by_group, **by_age}, by=("ethnicity", "age"))
    row = disparities(counts, people, of=measure(adjust=("ethnicity",)))["Black"]
    assert row["adjusted_ratio"] == pytest.approx(1)
    assert row["adjusted_reference"] == "all"
    assert "not with each other" in row["adjustment"]


def test_nothing_is_adjusted_that_no_measure_declares() -> None:
    people = crossed("people", {"White": list(OLD), "Black": list(YOUNG)})
    counts = crossed("made", {"White": [200.0, 90.0, 100.0], "Black": [350.0, 60.0, 15.0]})
    assert disparities(counts, people)["Black"]["adjusted_ratio"] is None


# --- over time, and a whole classification ---------------------------------------------------------------------------


def years(*counts: tuple[int, float, str]) -> pl.DataFrame:
    """Disparities of Black to White in the years given, each `(year, count of Black, definition)`."""
    held = [figures({"Black": n, "White": 400.0}, on=dt.date(y, 3, 21), definition=d) for y, n, d in counts]
    of = measure(fit=(Fit(baseline="everyone", characteristics=("ethnicity",), allows=("period",)),))
    people = figures({"Black": 2000.0, "White": 40000.0}, table="people", measure="people")
    return derive(of, Request(every_period=True), pl.concat(held), {"everyone": people}, {"everyone": baseline()})


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (400, 200, "closer to parity"),
        (200, 400, "further from parity"),
        (200, 202, "about the same"),
        (5, 60, "to the other side of parity"),
    ],
)
def test_a_change_is_told_against_parity_and_only_when_it_is_sure(before, now, said) -> None:
    row = trend(years((2016, before, "a"), (2021, now, "a"))).row(0, named=True)
    assert (row["direction"], row["status"]) == (said, "shown")
    assert row["change"] == pytest.approx(now / before)
    assert row["change_low"] <= row["change"] <= row["change_high"]


def test_what_includes_1_has_crossed_nothing() -> None:
    """From clearly below to somewhere about 1, on the other side of it: closer, and across no line."""
    now = trend(years((2016, 5, "a"), (2021, 21, "a"))).row(0, named=True)
    assert now["ratio_low"] < 1 < now["ratio"]
    assert now["direction"] == "closer to parity"


@pytest.mark.parametrize(
    ("extrapolated", "said"),
    [(11.0, "further from parity"), (6.1, "depends on the census"), (2.0, "depends on the census")],
)
def test_a_change_since_the_last_census_is_said_where_it_holds_had_groups_grown_on(extrapolated, said) -> None:
    held = years((2016, 120, "a"), (2021, 200, "a"))
    beyond = pl.when(pl.col("period_end") == pl.col("period_end").max()).then(pl.lit(extrapolated))
    row = trend(held.with_columns(ratio_extrapolated=beyond)).row(0, named=True)
    assert row["direction"] == said
    assert row["change_extrapolated"] == pytest.approx(row["change"] * extrapolated / row["ratio"])


@pytest.mark.parametrize(
    ("now", "of_people", "of_events"),
    [
        (202, "about the same", "about the same"),
        (275, "further from parity", "depends on how often one person is counted"),
        (400, "further from parity", "further from parity"),
    ],
)
def test_a_change_of_events_that_may_be_of_the_same_people_is_said_where_the_wider_interval_holds(
    now, of_people, of_events
) -> None:
    held = years((2016, 200, "a"), (2021, now, "a"))
    assert trend(held)["direction"].to_list() == [of_people]
    row = trend(held.with_columns(counts=pl.lit("events"))).row(0, named=True)
    assert (row["direction"], row["significance"]) == (of_events, None)


def test_a_break_is_never_bridged() -> None:
    row = trend(years((2016, 400, "a"), (2021, 200, "b"))).row(0, named=True)
    assert (row["change"], row["direction"], row["status"]) == (None, None, "refused")
    assert "from a to b" in row["reason"]


def test_the_earlier_year_is_five_years_back_or_as_asked() -> None:
    held = years((2014, 100, "a"), (2016, 200, "a"), (2019, 300, "a"), (2021, 400, "a"))
    assert trend(held)["earlier_period"].to_list() == ["2016-03-21"]
    assert trend(held, dt.date(2020, 1, 1))["earlier_period"].to_list() == ["2019-03-21"]


TWICE = {name: 2 * count for name, count in COUNTS.items()}


def test_a_summary_is_of_a_whole_level() -> None:
    people = figures(PEOPLE, table="people", measure="people")
    found = derive(measure(), Request(), figures(TWICE), {"everyone": people}, {"everyone": baseline()})
    [row] = summaries(found, adverse=True)
    x, n = (np.array([of[name] for name in row["groups"]]) for of in (TWICE, PEOPLE))
    limits = simulated_limits(x, n, lambda r, p: without_order(1000 * r, p))
    for name, value in without_order(1000 * x / n, n).items():
        assert (row[name], row[f"{name}_low"], row[f"{name}_high"]) == pytest.approx((value, *limits[name]))
    assert (row["mean_rate"], row["lowest_group"]) == (pytest.approx(850 / 47.5), "White")
    assert (row["mean_rate_low"], row["mean_rate_high"]) == pytest.approx(tuple(poisson_rate(850, 47_500, 1000)[1:]))
    assert (row["interval_method"], row["reason"]) == ("inverted simulation", None)


def test_no_group_is_a_goal_unless_the_measure_says_that_its_outcome_is_to_be_avoided() -> None:
    people = figures(PEOPLE, table="people", measure="people")
    [row] = summaries(derive(measure(), Request(), figures(COUNTS), {"everyone": people}, {"everyone": baseline()}))
    assert row["lowest_group"] is None and not set(OF_THE_LOWEST) & set(row)
    assert "nobody has declared" in row["reason"]


@pytest.mark.parametrize(("counts", "said"), [
    (TWICE | {"Other": 0.0}, "a group has no events"),
    (COUNTS | {"Other": 1.0, "White": 30.0, "all": 166.0}, "fewer than 5 expected"),
    ({name: value / 100 for name, value in PEOPLE.items()}, "agree exactly"),
])  # fmt: skip
def test_limits_that_would_not_hold_are_withheld_with_the_reason(counts, said) -> None:
    people = figures(PEOPLE, table="people", measure="people")
    [row] = summaries(derive(measure(), Request(), figures(counts), {"everyone": people}, {"everyone": baseline()}))
    assert said in row["reason"]
    assert all(row[f"{name}{end}"] is None for name in row if name in WITHOUT_ORDER for end in ("_low", "_high"))
    assert row["difference"] is not None and row["mean_rate_low"] is not None


def test_events_have_limits_that_say_they_are_too_narrow_as_their_ratios_do() -> None:
    people = figures(PEOPLE, table="people", measure="people")
    of = measure(counts="events")
    [row] = summaries(derive(of, Request(), figures(TWICE), {"everyone": people}, {"everyone": baseline()}), True)
    assert row["theil_low"] is not None
    assert "the interval is too narrow" in row["reason"]


OF_AN_AGE = {"18-20": 4000.0, "21-29": 9000.0, "30-49": 20000.0, "50 and over": 14500.0, "all": 47500.0}
COUNTED_OF_AN_AGE = {"18-20": 40.0, "21-29": 130.0, "30-49": 200.0, "50 and over": 55.0, "all": 425.0}


def by_age(counts: dict[str, float], people: dict[str, float]) -> pl.DataFrame:
    of = measure(
        table={"age": ("made",)},
        reference={"age": "all"},
        fit=(Fit(baseline="everyone", characteristics=("age",), default=True),),
    )
    bases = {"everyone": figures(people, by=("age",), table="people", measure="people")}
    over = {"everyone": baseline(table={"age": "people"}, by_sex=("age",))}
    return derive(of, Request("age"), figures(counts, by=("age",)), bases, over)


def test_ages_are_summed_up_youngest_first_however_they_are_listed() -> None:
    names = list(OF_AN_AGE)[:-1]
    x, n = (np.array([of[name] for name in names]) for of in (COUNTED_OF_AN_AGE, OF_AN_AGE))
    [row] = summaries(by_age(dict(reversed(COUNTED_OF_AN_AGE.items())), OF_AN_AGE), adverse=True)
    assert {name: row[name] for name in IN_ORDER} == pytest.approx(in_order(1000 * x / n, n, 1000))
    assert all(row[f"{name}_low"] < row[name] < row[f"{name}_high"] for name in IN_ORDER)
    assert not set(WITHOUT_ORDER) & set(row)


@pytest.mark.parametrize("name", ["18-29", "young"])
def test_ages_that_overlap_or_are_none_have_no_summary(name) -> None:
    whole = by_age(COUNTED_OF_AN_AGE, OF_AN_AGE)
    [row] = summaries(whole.with_columns(pl.col("category").replace("21-29", name)))
    assert (row["status"], row["reason"]) == ("withheld", "No summary: two of its ages overlap, or one is not an age.")


def test_one_group_alone_has_no_summary() -> None:
    alone = {"everyone": figures({"White": 40_000.0, "all": 40_000.0}, table="people", measure="people")}
    found = derive(measure(), Request(), figures({"White": 300.0, "all": 300.0}), alone, {"everyone": baseline()})
    [row] = summaries(found)
    assert (row["status"], "one group alone" in row["reason"]) == ("withheld", True)


def test_a_level_with_a_group_missing_has_no_summary() -> None:
    people = figures({n: v for n, v in PEOPLE.items() if n != "Mixed"}, table="people", measure="people")
    found = derive(measure(), Request(), figures(COUNTS), {"everyone": people}, {"everyone": baseline()})
    [row] = summaries(found)
    assert row["status"] == "withheld"
    assert "Mixed" in row["reason"]
