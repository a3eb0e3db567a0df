"""Periods put together: small groups read over several years, never over a break, a date or the same months twice.

Self-inflicted deaths are of the Ministry of Justice's annual tables to December 2018, arrests of the Home Office's for
the years ending March 2018 and 2019, adjudications of the open data of two quarters.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from pipelines.deriving import PERIOD, Refused, Request, by_category, pooled
from tests.spec.rows import Row, rows_of
from tests.spec.rows import by_category as each_once
from tests.unit.deriving.made import PEOPLE, baseline, figures, measure

DEATHS, ARRESTS, PROVED = "self-inflicted-deaths", "arrests", "adjudications-proved"
TOGETHER = "--within", PERIOD, "--pooled"


@pytest.fixture(scope="module")
def deaths(cli) -> dict[str, Row]:
    return dict(each_once(rows_of(cli, "ratios", DEATHS, *TOGETHER)))


@pytest.fixture(scope="module")
def arrests(cli) -> dict[str, Row]:
    return dict(each_once(rows_of(cli, "ratios", ARRESTS, *TOGETHER)))


def used(row: Row) -> np.ndarray:
    """Count and people of a group and of the reference, of each period that has both."""
    names = "count", "denominator", "reference_count", "reference_denominator"
    return np.array([[s[n] for n in names] for s in row["of_strata"] if s["weight"]]).T


def of_a_model(row: Row) -> Any:
    """A Poisson regression on the group, with a rate of its own for each period."""
    x1, n1, x0, n0 = used(row)
    years = np.eye(len(x1))
    design = np.column_stack([np.repeat([1, 0], len(x1)), np.vstack([years, years])])
    people = np.log(np.concatenate([n1, n0]))
    return sm.GLM(np.concatenate([x1, x0]), design, family=sm.families.Poisson(), offset=people).fit()


def of_years(cli: Any, measure: str, *more: str) -> dict[str, list[Row]]:
    """Every period asked for by itself, by group."""
    found: dict[str, list[Row]] = {}
    for row in rows_of(cli, "ratios", measure, "--period", "1999-01-01/2023-12-31", *more):
        found.setdefault(row["category"], []).append(row)
    return found


def test_too_few_to_say_of_one_year_can_be_said_of_fourteen(cli, deaths) -> None:
    one = each_once(rows_of(cli, "ratios", DEATHS))
    assert [(one[g]["count"], one[g]["reliability"], one[g]["verdict"]) for g in ("Mixed", "Black")] == [
        (1, "low", "too_few"), (5, "low", "less"),
    ]  # fmt: skip
    assert [(deaths[g]["count"], deaths[g]["reliability"], deaths[g]["verdict"]) for g in ("Mixed", "Black")] == [
        (26, "fair", "less"), (69, "fair", "less"),
    ]  # fmt: skip
    assert (deaths["Other"]["count"], deaths["Other"]["reliability"], deaths["Other"]["verdict"]) == (
        10, "low", "too_few",
    )  # fmt: skip


@pytest.mark.parametrize("group", ["Black", "Mixed", "Asian"])
def test_years_are_strata_and_each_is_listed_as_it_is_by_itself(cli, deaths, group) -> None:
    alone = {r["period"]: r for r in of_years(cli, DEATHS)[group]}
    strata = {s[PERIOD]: s for s in deaths[group]["of_strata"]}
    assert set(strata) == set(alone) and len(strata) == 20
    for year, stratum in strata.items():
        assert (stratum["count"], stratum["denominator"]) == (alone[year]["count"], alone[year]["denominator"])
        if stratum["weight"] and alone[year]["ratio"] is not None:
            assert stratum["ratio"] == pytest.approx(alone[year]["ratio"])
    left = [year for year, s in strata.items() if s["status"] == "withheld"]
    assert len(left) == deaths[group]["strata_withheld"] and all(alone[y]["denominator"] is None for y in left)
    assert {"1999", "2000", "2001"} <= set(left), "nobody is held of whom to divide by"


@pytest.mark.parametrize("group", ["Black", "Mixed", "Asian", "Other"])
def test_the_ratio_and_its_limits_are_those_of_a_model_with_a_rate_of_its_own_for_each_year(deaths, group) -> None:
    """A Poisson regression on the group and the year: by maximum likelihood, so alike and not the same."""
    row = deaths[group]
    x1, n1, x0, n0 = used(row)
    fitted = of_a_model(row)
    found = np.log([row["ratio"], row["ratio_low"], row["ratio_high"]])
    assert found == pytest.approx([fitted.params[0], *fitted.conf_int()[0]], abs=0.02)
    above, below = x1 * n0 / (n1 + n0), x0 * n1 / (n1 + n0)
    assert row["ratio"] == pytest.approx(above.sum() / below.sum())


def test_whether_periods_agree_is_what_a_model_with_a_ratio_for_each_says(arrests) -> None:
    """The deviance that one ratio leaves over is chi-squared where periods agree: two score and likelihood tests."""
    for group in ("Asian", "Black", "Mixed", "Chinese or Other"):
        row = arrests[group]
        fitted, freedom = of_a_model(row), len(used(row)[0]) - 1
        assert row["homogeneity_p"] == pytest.approx(stats.chi2.sf(fitted.deviance, freedom), rel=0.02)
        assert row["overdispersion"] == pytest.approx(fitted.deviance / freedom, rel=0.01)
        wider = np.log([row["ratio_low"], row["ratio_high"]]) - np.log(row["ratio"])
        alone = np.log([row["independent_low"], row["independent_high"]]) - np.log(row["ratio"])
        assert wider == pytest.approx(alone * np.sqrt(row["overdispersion"]))


def test_one_ratio_of_periods_that_differ_says_that_it_hides_a_change(arrests, deaths) -> None:
    for row in (*arrests.values(), *deaths.values()):
        p = row["homogeneity_p"]
        assert ("one ratio hides a change" in (row["reason"] or "")) == (p is not None and p < 0.05)
    assert arrests["Black"]["homogeneity_p"] < 0.001 and deaths["Black"]["homogeneity_p"] > 0.05


def test_a_direction_holds_whoever_is_unknown_and_over_either_census(cli, arrests) -> None:
    """As it does of one year: the unknown of each year to the reference, or to the group."""
    unknown = {r["period"]: r["count"] for r in of_years(cli, ARRESTS)["Not stated"]}
    for group in ("Asian", "Black", "Mixed", "Chinese or Other"):
        row, (x1, n1, x0, n0) = arrests[group], used(arrests[group])
        u = np.array([unknown[s[PERIOD]] for s in row["of_strata"]])

        def ratio(a: Any, b: Any, n: Any = n1, m: Any = n0) -> float:
            return float((a * m / (n + m)).sum() / (b * n / (n + m)).sum())

        assert (row["unknown_low"], row["unknown_high"]) == pytest.approx((ratio(x1, x0 + u), ratio(x1 + u, x0)))
        years = of_years(cli, ARRESTS)[group]
        for end in ("low", "high"):
            assert (
                min(y[f"census_{end}"] for y in years) <= row[f"census_{end}"] <= max(y[f"census_{end}"] for y in years)
            )
        if row["verdict"] in ("more", "less"):
            ends = [row[f"{of}_{end}"] for of in ("ratio", "unknown", "census") for end in ("low", "high")]
            assert len(set(np.sign(np.log(ends)))) == 1, group
    assert set(arrests["Chinese or Other"]["depends_on"]) == {"unknown", "census"}


def test_of_a_stage_quarters_are_what_statsmodels_makes_of_them_and_prisons_are_clusters_in_all(cli) -> None:
    black = each_once(rows_of(cli, "ratios", PROVED, *TOGETHER))["Black"]
    x1, n1, x0, n0 = used(black)
    tables = [np.array([[a, n - a], [b, m - b]]) for a, n, b, m in zip(x1, n1, x0, n0, strict=True)]
    assert black["ratio"] == pytest.approx(float(StratifiedTable(tables).riskratio_pooled))
    assert black["odds_ratio"] == pytest.approx(float(StratifiedTable(tables).oddsratio_pooled))
    assert [s[PERIOD] for s in black["of_strata"]] == ["2022-07-01/2022-09-30", "2023-01-01/2023-03-31"]
    assert black["clusters"] == 121 and "jackknife by establishment" in black["interval_method"]
    assert black["ratio_low"] < black["independent_low"] and black["independent_high"] < black["ratio_high"]


def test_periods_and_prisons_are_strata_together(cli) -> None:
    asked = "ratios", "adjudications", "--within", "establishment"
    both = next(r for r in rows_of(cli, *asked, *TOGETHER) if r["category"] == "Black")
    each = [r for q in ("2022-07-01/2022-09-30", "2023-01-01/2023-03-31")
            for r in rows_of(cli, *asked, "--pooled", "--period", q) if r["category"] == "Black"
            and r["counted"] == both["counted"]]  # fmt: skip
    for name in ("count", "denominator", "strata", "strata_withheld"):
        assert both[name] == sum(r[name] for r in each), name
    assert min(r["ratio"] for r in each) < both["ratio"] < max(r["ratio"] for r in each)


def test_a_range_says_which_periods(cli) -> None:
    asked = rows_of(cli, "ratios", DEATHS, *TOGETHER, "--period", "2014-01-01/2018-12-31")
    black = each_once(asked)["Black"]
    assert [s[PERIOD] for s in black["of_strata"]] == ["2014", "2015", "2016", "2017", "2018"]
    assert (black["period"], black["count"]) == ("2014-01-01/2018-12-31", sum(s["count"] for s in black["of_strata"]))
    assert "5 periods are put together." in black["reason"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("prison-population", *TOGETHER), "the same people are there at each date"),
        (("probation-starts", "--by", "sex", *TOGETHER), "is the one period there is to put together"),
        ((DEATHS, *TOGETHER, "--period", "2018-12-31"), "is the one period there is to put together"),
        ((DEATHS, "--within", PERIOD), "add --pooled"),
    ],
)
def test_what_cannot_be_put_together_says_why(cli, asked, said) -> None:
    answer = cli("ratios", *asked)
    assert answer.code in (1, 2) and said in answer.err


# --- made figures -----------------------------------------------------------------------------------------------------


def year(
    n: int, months: tuple[int, int] = (1, 12), definition: str = "as published", **counts: float | None
) -> pl.DataFrame:
    """Figures of the months of a year."""
    end = dt.date(n + months[1] // 12, months[1] % 12 + 1, 1) - dt.timedelta(days=1)
    cells = {"Black": 30.0, "White": 400.0, **counts}
    start = dt.date(n, months[0], 1)
    made = figures({g: v for g, v in cells.items() if v != -1}, definition=definition)
    return made.with_columns(
        pl.lit(start).alias("period_start"), pl.lit(end).alias("period_end"),
        pl.lit("flow").alias("period_kind"), pl.lit(f"{start:%Y-%m}").alias("period_label"),
        pl.concat_str(pl.col("figure_id"), pl.lit(f" {start} {end}")).alias("figure_id"),
    )  # fmt: skip


def together(*years: pl.DataFrame, reference: str | None = None, **of: Any) -> dict[str, Row]:
    people = figures(PEOPLE, table="people", measure="people")
    request = Request(every_period=True, reference=reference)
    mine = measure(fit=(measure().fit[0].model_copy(update={"allows": ("period",)}),), **of)
    cells = by_category(mine, request, [PERIOD], pl.concat(years), {"everyone": people}, {"everyone": baseline()})
    return {r["category"]: r for r in pooled(mine, request, cells)}


def periods(row: Row) -> list[str]:
    return [s[PERIOD] for s in row["of_strata"]]


def test_twelve_months_to_each_quarter_are_put_together_only_where_they_are_apart() -> None:
    rolling = [rolled(n, m) for n in (2018, 2019, 2020) for m in (1, 4, 7, 10)]
    black = together(*rolling)["Black"]
    assert periods(black) == ["2018-10", "2019-10", "2020-10"]
    assert "3 periods are put together; left out are 9 that overlap a later one." in black["reason"]
    assert black["count"] == 90


def rolled(n: int, month: int) -> pl.DataFrame:
    """Twelve months from a month of a year."""
    start, end = dt.date(n, month, 1), dt.date(n + 1, month, 1) - dt.timedelta(days=1)
    return year(n).with_columns(
        pl.lit(start).alias("period_start"),
        pl.lit(end).alias("period_end"),
        pl.lit(f"{start:%Y-%m}").alias("period_label"),
    )


def test_years_and_quarters_are_never_put_together() -> None:
    quarters = [year(2018, (1, 3)), year(2018, (4, 6))]
    black = together(*quarters, year(2019), year(2020))["Black"]
    assert periods(black) == ["2019-01", "2020-01"]
    assert "left out are 2 of another length" in black["reason"]


def test_only_what_is_counted_by_one_definition_is_put_together_back_to_the_break() -> None:
    before = [year(2017, definition="old"), year(2018, definition="old")]
    black = together(*before, year(2019), year(2020))["Black"]
    assert periods(black) == ["2019-01", "2020-01"]
    assert "none before 2019-01-01 is. The definition of" in black["reason"]
    assert "a break in the series, which is not bridged" in black["reason"]
    with pytest.raises(Refused, match="is the one period there is to put together; none before 2020-01-01"):
        together(*before, year(2020))


def test_a_classification_that_changed_is_a_break() -> None:
    old = year(2018).with_columns(classification=pl.lit("18"))
    with pytest.raises(Refused, match=r"changed from as published, 18 to as published, 5B"):
        together(old, year(2019))


def test_a_hidden_count_and_a_group_not_published_are_no_zeros() -> None:
    hidden = together(year(2018, Black=None), year(2019), year(2020))["Black"]
    absent = together(year(2018, Black=-1), year(2019), year(2020))["Black"]
    alone = together(year(2019), year(2020))["Black"]
    for row in (hidden, absent):
        assert (row["ratio"], row["count"], row["strata_withheld"]) == (alone["ratio"], 60, 1)
        assert periods(row)[0] == "2018-01" and row["of_strata"][0]["weight"] is None
        assert row["bound_low"] is None, "of how many people the hidden are is said by nobody"


def test_what_several_references_are_asked_for_is_counted_once_for_each() -> None:
    one, both = (together(year(2019), year(2020), reference=r)["Black"] for r in (None, "each"))
    last = together(year(2019), year(2020), reference="all others")["Black"]
    assert one["count"] == both["count"] == 60
    for name in ("ratio", "ratio_low", "ratio_high"):
        assert both[name] == last[name], name


def test_two_places_in_one_period_are_refused_and_not_added_up() -> None:
    other = year(2019).with_columns(place_code=pl.lit("E92000001"), place_name=pl.lit("England"))
    with pytest.raises(Refused, match="published of several places"):
        together(year(2019), other, year(2020))


# --- cited ------------------------------------------------------------------------------------------------------------

ASKED = {
    "prisons": ("adjudications", "--within", "establishment", "--pooled"),
    "proved": ("adjudications", "--within", "establishment", "--pooled", "--counted", "proved", "--exposure", "mean"),
    "years": (DEATHS, *TOGETHER),
    "residents": (ARRESTS, *TOGETHER),
    "ages of women": (PROVED, "--within", "age", "--within", "sex=female", "--pooled"),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_table_of_them_is_cited_and_each_of_its_cells_is_read_again(cli, tmp_path: Path, asked) -> None:
    file = tmp_path / "table.csv"
    made = cli("table", *asked, "-o", file, "--json").document
    found = cli("verify", file, "--json").document
    assert found["differing"] == [] and found["checked"] == found["agreed"] > 50
    said = file.read_text()
    assert any("SHA-256" in s and s.startswith("Source") for s in made["sources"])
    assert any("SHA-256" in s and s.startswith("Population") for s in made["sources"])
    for words in ("Mantel-Haenszel", "Intervals: 95%", "Strata alike", "No causative links", " --pooled"):
        assert words in said, words


@pytest.mark.parametrize("format", ["docx", "odt", "xlsx", "ods", "html", "md", "json"])
def test_every_format_of_it_is_verified(cli, tmp_path: Path, format: str) -> None:
    file = tmp_path / f"table.{format}"
    assert cli("table", *ASKED["prisons"], "-o", file).code == 0
    found = cli("verify", file, "--json").document
    assert found["differing"] == [] and found["checked"] > 50


def test_a_ratio_changed_in_it_is_found(cli, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    cli("table", *ASKED["prisons"], "-o", file)
    told = {r["category"]: r for r in rows_of(cli, "ratios", *ASKED["prisons"]) if r["counted"] == "all outcomes"}
    old = repr(told["Black"]["ratio"])
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, repr(told["Black"]["ratio"] + 0.1)))
    (one,) = json.loads(cli("verify", file, "--json").out)["differing"]
    assert (one["row"], one["column"]) == ("Black", "ratio")


def test_it_says_what_the_command_says_and_of_how_many_rows_each_number_is(cli, tmp_path: Path) -> None:
    file = tmp_path / "table.json"
    cli("table", *ASKED["prisons"], "-o", file)
    table = pl.read_json(file.read_bytes())
    told = {r["category"]: r for r in rows_of(cli, "ratios", *ASKED["prisons"]) if r["counted"] == "all outcomes"}
    cells = {row["group"]: row["cells"] for row in table["rows"][0]}
    for name in ("count", "denominator", "crude_ratio", "ratio", "ratio_low", "strata_withheld", "homogeneity_p"):
        assert {g: c[name]["value"] for g, c in cells.items()} == {g: told[g][name] for g in cells}, name
    assert list(cells["Black"]["count"]["figures"]) == told["Black"]["numerator_figures"]
    assert cells["Black"]["count"]["from"] == "AdjudicationsQ12023.csv, sum of 5,041 rows"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((DEATHS, *TOGETHER, "--reference", "each"), "shows one reference"),
        ((*ASKED["prisons"], "--counted", "dismissed"), "--counted is all outcomes, proved"),
        ((DEATHS, "--counted", "proved"), "add --pooled"),
        ((DEATHS, "--within", "sex"), "add --pooled"),
        ((DEATHS, "--exposure", "mean"), "add --pooled"),
    ],
)
def test_what_is_no_one_table_is_refused(cli, tmp_path: Path, asked, said) -> None:
    answer = cli("table", *asked, "-o", tmp_path / "table.csv")
    assert answer.code in (1, 2) and said in answer.err
    assert not (tmp_path / "table.csv").exists()
