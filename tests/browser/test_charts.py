"""Charts as specifications: valid, symmetric around parity, never bridging a break, the same in two widths."""

import datetime as dt

import altair as alt
import polars as pl
import pytest

from dashboards import charts
from monitor.statistics.funnel import ABOVE, WITHIN
from monitor.store.schema import frame_schema
from tests.browser.test_hostile_pages import row


def frame(*rows: dict[str, object]) -> pl.DataFrame:
    schema = frame_schema("disparity")
    return pl.DataFrame([{k: r.get(k) for k in schema} for r in rows], schema=schema)


PLACED = {3: ABOVE, 5: None}
GROUPS = frame(row("Asian", ratio=0.5, ratio_low=0.4, ratio_high=0.6), row("Black"), row("White", ratio=1.0))
YEARS = frame(
    *(
        row("Black", period=f"{y}-06-30", period_end=dt.date(y, 6, 30), definition_id="old" if y < 2015 else "new")
        for y in range(2011, 2020)
    )
)
ABOUT = pl.DataFrame(
    [
        {"stratum": f"p{n}", "ratio": 9.0 if n == 3 else 1.2, "common_ratio": 1.4, "standard_error": 1 / (n + 2),
         "low_95": 0.5, "high_95": 3.0, "low_998": 0.3, "high_998": 5.0, "placed": PLACED.get(n, WITHIN)}
        for n in range(60)
    ],
    schema_overrides={"placed": pl.String},
)  # fmt: skip
WORDS = {"title": "t", "subtitle": "s", "alt_text": "words"}
KINDS = {
    "ratios": charts.ratios("r", GROUPS, **WORDS),
    "panels": charts.ratios("p", GROUPS, panel="sex", **WORDS),
    "trend of ratios": charts.trend("t", YEARS, order=["Black"], value="ratio", **WORDS),
    "trend of shares": charts.trend("u", YEARS, order=["Black"], value="share", **WORDS),
    "funnel": charts.funnel("f", ABOUT, **WORDS),
    "bars": charts.bars("b", GROUPS, **WORDS),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_chart_is_valid_vega_lite_in_both_widths(kind: str) -> None:
    for spec in (KINDS[kind].wide, KINDS[kind].narrow):
        alt.Chart.from_dict(spec, validate=True)


@pytest.mark.parametrize("kind", KINDS)
def test_the_narrow_chart_is_the_wide_one_with_its_patch(kind: str) -> None:
    def merged(target: object, patch: object) -> object:
        if not isinstance(patch, dict):
            return patch
        if isinstance(target, list):
            return [merged(v, patch[str(i)]) if str(i) in patch else v for i, v in enumerate(target)]
        held = dict(target) if isinstance(target, dict) else {}
        for key, value in patch.items():
            if value is None:
                held.pop(key, None)
            else:
                held[key] = merged(held.get(key), value)
        return held

    picture = KINDS[kind]
    assert merged(picture.wide, charts.difference(picture.wide, picture.narrow)) == picture.narrow


def test_twice_and_half_are_equally_far_from_parity() -> None:
    low, high = KINDS["ratios"].wide["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low * high == pytest.approx(1)
    assert high >= 2.9, "every interval and bound is inside the picture"


def test_a_trend_has_one_segment_a_definition_and_marks_where_the_new_one_begins() -> None:
    points = KINDS["trend of ratios"].wide["data"]["values"]
    assert {p["s"] for p in points if "s" in p} == {0, 1}
    assert [p["c"] for p in points if "c" in p] == [charts.decimal_year(dt.date(2015, 6, 30))]


def test_an_axis_of_shares_begins_at_zero() -> None:
    layers = KINDS["trend of shares"].wide["spec"]["layer"]
    assert layers[0]["encoding"]["y"]["scale"]["domain"][0] == 0


def test_a_group_without_a_ratio_keeps_its_row_and_says_so() -> None:
    suppressed = row("Mixed", ratio=None, ratio_low=None, ratio_high=None, status="withheld")
    points = charts.ratios("x", frame(row("Black"), suppressed), **WORDS).wide["data"]["values"]
    assert points[1]["g"] == "Mixed" and "not shown" in points[1]["w"] and "r" not in points[1]


def test_two_long_labels_that_begin_alike_stay_two_rows() -> None:
    points = charts.ratios("x", frame(row("A" * 60 + "b"), row("A" * 60 + "c")), **WORDS).wide["data"]["values"]
    assert points[0]["g"] != points[1]["g"]


def test_a_funnel_names_who_lies_beyond_while_they_are_few_and_draws_nobody_who_is_not_placed() -> None:
    points = KINDS["funnel"].wide["data"]["values"]
    assert (len(points), KINDS["funnel"].data.height) == (59, 60)
    assert [(p["g"], p["n"]) for p in points if "k" in p] == [("p3", "p3")]
    many = ABOUT.with_columns(placed=pl.when(pl.col("placed").is_not_null()).then(pl.lit(ABOVE)))
    crowded = charts.funnel("m", many, **WORDS).wide["data"]["values"]
    assert all(p["k"] == 1 and not p["n"] for p in crowded)
    assert all(p["d"] == 5 for p in points if "d" in p), "limits are the places' own"
