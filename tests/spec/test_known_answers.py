"""What the line must say of real published figures, as a program reads it from the command line.

People in prison on 30 June 2022 and 2023 are from the annual prison population tables; residents from the 2021 and 2011
Censuses; arrests in the years ending March 2018 and 2019 from Home Office table A.04.
"""

import datetime as dt

import pytest
from python_calamine import CalamineWorkbook
from scipy import stats

from tests.spec.rows import IN_2022, LATEST, NEWEST, PRISON, Row, by_category, rows_of, with_originals

NINE_DECIMALS = 1e-9

PEOPLE = {"Asian": 6533, "Black": 10059, "Mixed": 3958, "White": 57974, "Other": 1311}
UNKNOWN = {"Not stated": 215, "Not recorded": 609, "1991 Census codes": 0}
EVERYONE = 80_659


@pytest.fixture(scope="module")
def adults(cli) -> dict[str, Row]:
    """30 June 2022 on the default baseline."""
    return by_category(rows_of(cli, "ratios", PRISON, *IN_2022))


@pytest.fixture(scope="module")
def all_ages(cli) -> dict[str, Row]:
    """30 June 2022 against residents of all ages."""
    return by_category(rows_of(cli, "ratios", PRISON, "--baseline", "census-2021", *IN_2022))


@pytest.fixture(scope="module")
def years(cli) -> list[Row]:
    """Every year of ethnicity, against residents of all ages."""
    return rows_of(cli, "ratios", PRISON, "--baseline", "census-2021", "--period", "2002-01-01/2023-12-31")


def groups(rows: dict[str, Row]) -> dict[str, Row]:
    return {name: row for name, row in rows.items() if row["level"] == "groups"}


# --- people in prison by ethnic group, 30 June 2022 --------------------------------------------------------------


def test_people_in_prison_by_ethnic_group(adults) -> None:
    assert {name: row["count"] for name, row in groups(adults).items()} == PEOPLE
    assert adults["all"]["count"] == EVERYONE


@pytest.mark.parametrize(
    ("group", "per_100_000", "ratio"),
    [
        ("Asian", 118.45, 0.995),
        ("Black", 417.51, 3.507),
        ("Mixed", 230.39, 1.935),
        ("White", 119.04, 1),
        ("Other", 104.41, 0.877),
    ],
)
def test_rates_and_ratios_against_residents_of_all_ages(all_ages, group, per_100_000, ratio) -> None:
    row = all_ages[group]
    assert (round(row["rate"], 2), row["per"], round(row["ratio"], 3)) == (per_100_000, 100_000, ratio)
    assert (row["baseline"], row["reference"], row["status"]) == ("census-2021", "White", "shown")


@pytest.mark.parametrize(
    ("group", "lowest", "highest"),
    [("Asian", 1.104, 1.104), ("Black", 3.972, 3.972), ("Mixed", 3.022, 3.023), ("Other", 0.958, 0.958)],
)
def test_ratios_against_residents_aged_18_and_over_are_the_default(adults, group, lowest, highest) -> None:
    assert adults[group]["baseline"] == "residents-18plus"
    assert lowest <= round(adults[group]["ratio"], 3) <= highest


def test_the_default_baseline_says_how_well_it_fits(adults) -> None:
    for said in ("aged 15 to 17", "includes 333 people, 0.4%", "residents are counted 15 months earlier"):
        assert all(said in row["fit"] for row in adults.values()), said


def test_groups_follow_the_alphabet_then_other_then_unknown(adults) -> None:
    order = [name for name, row in adults.items() if row["level"] in ("all", "groups", "unknown")]
    assert order == ["all", "Asian", "Black", "Mixed", "White", "Other", *UNKNOWN]


def test_every_published_level_stands_once(adults) -> None:
    levels = [row["level"] for row in adults.values()]
    assert {level: levels.count(level) for level in levels} == {"all": 1, "groups": 5, "detail": 18, "unknown": 3}


def test_suppressed_residents_are_a_bound_and_never_a_zero(adults) -> None:
    mixed = adults["Mixed"]
    assert mixed["denominator_low"] < mixed["denominator_high"]
    assert mixed["bound_low"] < mixed["ratio"] < mixed["bound_high"]


def test_unknown_ethnicity_is_counted_shown_and_left_out_of_shares(adults) -> None:
    assert {name: adults[name]["count"] for name in UNKNOWN} == UNKNOWN
    assert all(adults[name]["share"] is None and adults[name]["status"] == "shown" for name in UNKNOWN)
    known = EVERYONE - sum(UNKNOWN.values())
    for name, count in PEOPLE.items():
        assert adults[name]["share"] == pytest.approx(count / known, rel=NINE_DECIMALS)
        assert adults[name]["share_of_all"] == pytest.approx(count / EVERYONE, rel=NINE_DECIMALS)
        assert adults[name]["unknown_share"] == pytest.approx(824 / EVERYONE, rel=NINE_DECIMALS)


def test_gypsies_and_irish_travellers_have_a_row_of_their_own(all_ages) -> None:
    row = all_ages["Gypsy or Irish Traveller"]
    assert (row["count"], row["denominator"], round(row["ratio"], 2)) == (1459, 67_770, 18.08)
    assert (row["level"], row["label"]) == ("detail", "Irish Traveller or Gypsy")


def test_no_group_is_folded_into_white(all_ages) -> None:
    inside = ("White British", "White Irish", "Gypsy or Irish Traveller", "White other")
    assert sum(all_ages[name]["count"] for name in inside) == all_ages["White"]["count"] == PEOPLE["White"]
    assert sum(all_ages[name]["denominator"] for name in inside) == all_ages["White"]["denominator"]


@pytest.mark.parametrize("level", ["groups", "detail"])
@pytest.mark.parametrize("measured", ["gap_points", "excess"])
def test_gap_and_excess_sum_to_zero_within_one_exhaustive_level(all_ages, adults, level, measured) -> None:
    for rows in (all_ages, adults):
        values = [row[measured] for row in rows.values() if row["level"] == level]
        assert None not in values
        assert sum(values) == pytest.approx(0, abs=1e-6)


def test_every_row_names_the_published_figures_it_rests_on(starter_store, adults) -> None:
    for name, row in groups(adults).items():
        [figure] = row["numerator_figures"]
        cells = starter_store.frame("select sheet, value from figure where figure_id = ?", [figure]).rows()
        assert ("A1_9i", float(PEOPLE[name])) in cells
        marks = ", ".join("?" for _ in row["denominator_figures"])
        residents = starter_store.frame(
            f"select sum(value) from figure where figure_id in ({marks})", row["denominator_figures"]
        )
        assert residents.item() == row["denominator"]


# --- the newest edition, against the cells of the publisher's file read here ---------------------------------------


def test_people_in_prison_on_30_june_2023(cli) -> None:
    rows = by_category(rows_of(cli, "ratios", PRISON))
    assert {row["period"] for row in rows.values()} == {NEWEST}
    counts = {"all": 85_851, "Asian": 6840, "Black": 10494, "Mixed": 4153, "White": 61823, "Other": 1687}
    unknown = {"Not stated": 177, "Not recorded": 677}
    assert {name: rows[name]["count"] for name in (*counts, *unknown)} == counts | unknown
    assert rows["Gypsy or Irish Traveller"]["count"] == 1638
    women = by_category(rows_of(cli, "ratios", PRISON, "--by", "sex"))["female"]
    assert (women["count"], women["period"]) == (3370, NEWEST)


@with_originals
def test_every_ethnic_group_of_each_day_is_the_number_in_the_publishers_column(cli) -> None:
    """The names of the sheet's rows are ambiguous ("Any other background"); their order is not."""
    groups = [
        "all", "Asian", "Pakistani", "Indian", "Bangladeshi", "Chinese", "Asian other", "Black", "Black Caribbean",
        "Black African", "Black other", "Mixed", "Mixed White and Black Caribbean", "Mixed White and Black African",
        "Mixed White and Asian", "Mixed other", "Other", "Arab", "Any other ethnic group", "White", "White British",
        "Gypsy or Irish Traveller", "White Irish", "White other", "Not recorded", "Not stated",
    ]  # fmt: skip
    sheet = CalamineWorkbook.from_path(str(LATEST)).get_sheet_by_name("A1_9ii").to_python()
    for column, day in enumerate(sheet[1][1:7], 1):
        rows = by_category(rows_of(cli, "ratios", PRISON, "--period", f"{day:%Y-%m-%d}"))
        told = [rows[name]["count"] for name in groups]
        published = [line[column] for line in sheet[2 : 2 + len(groups)]]
        if f"{day:%Y}" == "2021":  # because the table by nationality, which speaks for the groups, has them otherwise
            assert (told[:-2], sum(told[-2:])) == (published[:-2], sum(published[-2:]))
        else:
            assert told == published


def test_the_next_edition_adds_a_year_and_revises_nothing(cli) -> None:
    rows = rows_of(cli, "diff", PRISON)
    assert {row["change"] for row in rows} == {"appeared", "renumbered"}
    came = {row["table"]: row["period"] for row in rows if row["change"] == "appeared"}
    yearly, quarterly = NEWEST, "2022-09-30, 2022-12-31, 2023-03-31, 2023-06-30"
    assert came == {
        "ethnicity-nationality-sex": yearly, "ethnicity-sex": yearly,
        "custody-age-sex": quarterly, "custody-nationality": quarterly, "religion-sex": quarterly,
    }  # fmt: skip


# --- women ---------------------------------------------------------------------------------------------------------


def test_women_are_3_253_of_80_659_and_under_represented(cli) -> None:
    rows = by_category(rows_of(cli, "ratios", PRISON, "--by", "sex", *IN_2022))
    women = rows["female"]
    assert (women["count"], rows["all"]["count"]) == (3253, EVERYONE)
    assert women["share_of_all"] == pytest.approx(3253 / EVERYONE, rel=NINE_DECIMALS)
    assert (women["representation"] < 0.1, women["verdict"]) == (True, "less")


def test_under_representation_is_never_called_better(cli) -> None:
    said = cli("ratios", PRISON, "--by", "sex").out.lower()
    assert not [word for word in ("better", "worse", "worst", "advantage") if word in said]


def test_women_in_prison_by_ethnic_group(cli) -> None:
    rows = by_category(rows_of(cli, "ratios", PRISON, "--sex", "female", "--baseline", "census-2021", *IN_2022))
    expected = {"Asian": 110, "Black": 234, "Mixed": 163, "Other": 25, "White": 2695, "Not stated": 2}
    assert {name: rows[name]["count"] for name in expected} == expected
    assert (rows["Not recorded"]["count"], rows["all"]["count"]) == (24, 3253)
    assert {row["sex"] for row in rows.values()} == {"female"}


# --- ethnic minorities at 30 June 2019, in the form that evidence PSR0053 used -----------------------------------


def test_ethnic_minorities_on_30_june_2019(cli) -> None:
    rows = by_category(rows_of(cli, "ratios", PRISON, "--period", "2019-06-30", "--baseline", "census-2011"))
    minorities = [rows[name] for name in ("Asian", "Black", "Mixed", "Other")]
    known = sum(row["count"] for row in groups(rows).values())
    assert sum(row["count"] for row in minorities) == 22_324
    assert (known, rows["all"]["count"]) == (82_185, 82_710)
    assert round(100 * sum(row["share"] for row in minorities), 1) == 27.2
    assert round(100 * sum(row["share_of_all"] for row in minorities), 1) == 27.0
    assert round(100 * sum(row["baseline_share"] for row in minorities), 2) == 14.03


def test_the_number_in_the_evidence_leads_to_its_cells(cli) -> None:
    matches = cli("trace", "22324", "--json").document["matches"]
    assert ["A1_9i!T5", "A1_9i!T6", "A1_9i!T7", "A1_9i!T8"] in [sorted(m["cells"], key=_row) for m in matches]


def _row(cell: str) -> int:
    return int("".join(c for c in cell.partition("!")[2] if c.isdigit()))


# --- arrests: the publisher's own rates come out --------------------------------------------------------------------

IN_2011 = "--baseline", "census-2011"
"""The residents whom the publisher's own rates stand over; ours by default are those of the time."""

DECIMALS_PRINTED = 15
"""The table's cells carry every digit a spreadsheet keeps: the 32.328895 it shows is 32.32889471598209."""


@pytest.mark.parametrize("year", ["2017/18", "2018/19"])
def test_arrest_rates_are_those_the_home_office_published(cli, starter_store, year) -> None:
    ours = by_category(rows_of(cli, "ratios", "arrests", "--period", year, *IN_2011))
    published = dict(
        starter_store.frame(
            "select ethnicity, value from figure where measure = 'arrest-rate' and period_label = ? "
            "and status = 'published'",
            [year],
        ).rows()
    )
    assert set(published) == {"all", "Asian", "Black", "Mixed", "White", "Chinese or Other"}
    for group, rate in published.items():
        assert f"{ours[group]['rate']:.{DECIMALS_PRINTED}g}" == f"{rate:.{DECIMALS_PRINTED}g}", group


@pytest.mark.parametrize(
    ("group", "arrests", "residents", "per_1_000"),
    [
        ("White", 452_320, 46_889_360, 9.646538),
        ("Black", 60_116, 1_859_513, 32.328895),
        ("Asian", 42_872, 3_711_606, 11.550795),
        ("Mixed", 21_832, 1_208_100, 18.071352),
        ("Chinese or Other", 11_148, 946_440, 11.778877),
        ("all", 671_126, 54_615_019, 12.288305),
    ],
)
def test_arrests_2018_19_rest_on_these_counts_and_residents(cli, group, arrests, residents, per_1_000) -> None:
    row = by_category(rows_of(cli, "ratios", "arrests", *IN_2011))[group]
    assert (row["count"], row["denominator"], row["per"]) == (arrests, residents, 1000)
    assert round(row["rate"], 6) == per_1_000


def test_arrests_of_those_whose_ethnicity_is_not_stated_leave_the_shares(cli) -> None:
    rows = by_category(rows_of(cli, "ratios", "arrests", *IN_2011))
    assert rows["Not stated"]["count"] == 82_838
    assert round(100 * rows["White"]["share"], 4) == 76.8875
    assert round(rows["Black"]["ratio"], 3) == 3.351
    assert round(100 * rows["all"]["unknown_share"], 2) == 12.34
    assert "12.3% are of unknown ethnicity" in rows["Black"]["reason"]


# --- the trend ----------------------------------------------------------------------------------------------------


def test_counts_and_shares_for_every_year_from_2004_to_2023(years) -> None:
    top = [row for row in years if row["level"] == "groups"]
    assert {row["period"][:4] for row in top} == {str(year) for year in range(2004, 2024)}
    assert all(row["count"] > 0 and 0 < row["share"] < 1 for row in top)


def test_shares_of_those_known_add_up_to_one_in_every_year_and_counting_system(years) -> None:
    sums: dict[tuple[str, str], float] = {}
    for row in years:
        if row["level"] == "groups":
            key = row["period"], row["definition_id"].split("+")[0]
            sums[key] = sums.get(key, 0) + row["share"]
    assert len(sums) == 21  # because 30 June 2009 is published from both systems
    assert list(sums.values()) == pytest.approx([1] * 21)


def test_ratios_stand_on_one_named_baseline_from_2010_on(years) -> None:
    assert {row["baseline"] for row in years} == {"census-2021"}
    shown = {row["period"][:4] for row in years if row["level"] == "groups" and row["ratio"] is not None}
    assert shown == {str(year) for year in range(2010, 2024)}
    earlier = [row for row in years if row["period"] < "2010" and row["level"] == "groups"]
    assert {row["status"] for row in earlier} == {"withheld"}
    assert all("2010-06-30" in row["reason"] for row in earlier)


@pytest.mark.parametrize("group", ["Asian", "Black", "Mixed", "White", "Other"])
def test_the_trend_breaks_at_2015_for_asian_and_other_only(years, group) -> None:
    line = {r["period"]: r["definition_id"] for r in years if r["category"] == group and r["period"] >= "2010"}
    changed = [later for earlier, later in zip(line, list(line)[1:], strict=False) if line[earlier] != line[later]]
    assert changed == (["2015-06-30"] if group in ("Asian", "Other") else [])


def test_chinese_people_are_counted_with_other_until_2015_and_with_asian_after(years) -> None:
    at = {(row["category"], row["period"][:4]): row["denominator"] for row in years if row["period"] >= "2010"}
    chinese = at["Chinese", "2022"]
    assert at["Asian", "2015"] - at["Asian", "2014"] == chinese
    assert at["Other", "2014"] - at["Other", "2015"] == chinese


@pytest.mark.parametrize("group", ["Asian", "Black", "Mixed", "White", "Other"])
def test_the_trend_breaks_at_the_change_of_system_for_everyone(years, group) -> None:
    line = [row for row in years if row["category"] == group and row["period"] < "2011"]
    systems = [(row["period"][:4], row["definition_id"].split("+")[0]) for row in line]
    old = [(str(year), "old-system") for year in range(2004, 2010)]
    assert sorted(systems) == sorted([*old, ("2009", "new-system"), ("2010", "new-system")])


@pytest.mark.parametrize(
    ("period", "asian"), [("2009-06-30", {6010.95, 6040}), ("30-Jun-09(1)", {6040}), ("2022-06-30", {6533})]
)
def test_both_systems_figures_of_30_june_2009_are_kept(cli, period, asian) -> None:
    rows = rows_of(cli, "ratios", PRISON, "--baseline", "census-2021", "--period", period)
    assert {row["count"] for row in rows if row["category"] == "Asian"} == asian


def test_fractional_estimates_are_kept_and_flagged(years) -> None:
    fractional = [row for row in years if row["count"] != int(row["count"])]
    assert {row["period"] for row in fractional} == {"2004-06-30", "2009-06-30"}
    assert all("estimated" in row["flags"] for row in fractional)
    assert not [row for row in years if row["count"] == int(row["count"]) and "estimated" in row["flags"]]


# --- intervals, worked again from the counts by other means ------------------------------------------------------


@pytest.fixture(scope="module", params=["all", "female", "male"])
def compared(cli, request) -> list[Row]:
    """Every group of 30 June 2022 that is compared, for one sex."""
    rows = rows_of(cli, "ratios", PRISON, "--baseline", "census-2021", "--sex", request.param, *IN_2022)
    return [row for row in rows if row["level"] in ("groups", "detail")]


PARTS_OF_WHITE = "White British", "White Irish", "Gypsy or Irish Traveller", "White other"


def test_a_ratio_of_population_rates_has_exact_conditional_limits(compared) -> None:
    [reference] = [row for row in compared if row["category"] == "White"]
    others = [row for row in compared if row is not reference]
    assert len(others) == 22
    for row in others:
        scale = reference["denominator"] / row["denominator"]
        if row["category"] in PARTS_OF_WHITE:  # a share of the events of the whole, over its share of the people
            told = stats.binomtest(int(row["count"]), int(reference["count"])).proportion_ci(0.95, "exact")
            expected = [p * scale for p in (told.low, told.high)]
        else:
            both = int(row["count"] + reference["count"])
            told = stats.binomtest(int(row["count"]), both).proportion_ci(0.95, "exact")
            expected = [p / (1 - p) * scale for p in (told.low, told.high)]
        assert [row["ratio_low"], row["ratio_high"]] == pytest.approx(expected, rel=1e-7), row["category"]
        assert row["interval_method"] == "exact conditional Poisson"


def test_a_single_rate_is_exact_under_ten_events_and_byars_from_ten_on(compared) -> None:
    for row in compared:
        expected = [row["per"] * limit / row["denominator"] for limit in limits(row["count"])]
        assert [row["rate_low"], row["rate_high"]] == pytest.approx(expected, rel=1e-9), row["category"]


def limits(count: float) -> tuple[float, float]:
    """Garwood's limits from chi-squared under 10 events, else Byar's as OHID writes them."""
    if count < 10:
        return (stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0), stats.chi2.ppf(0.975, 2 * count + 2) / 2
    z, more = stats.norm.ppf(0.975), count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * count**0.5)) ** 3
    return low, more * (1 - 1 / (9 * more) + z / (3 * more**0.5)) ** 3


def test_small_counts_of_women_reach_the_exact_rule(cli) -> None:
    rows = by_category(rows_of(cli, "ratios", PRISON, "--baseline", "census-2021", "--sex", "female", *IN_2022))
    assert (rows["Arab"]["count"], rows["Bangladeshi"]["count"]) == (2, 9)
    assert rows["Arab"]["rate_low"] == pytest.approx(1e5 * stats.gamma.ppf(0.025, 2) / rows["Arab"]["denominator"])


# --- other published totals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("characteristic", "category", "people"),
    [
        ("religion", "Christian", 36_307),
        ("religion", "Muslim", 14_037),
        ("religion", "No religion", 25_218),
        ("nationality", "all", EVERYONE),
    ],
)
def test_people_in_prison_by_religion_and_nationality(cli, characteristic, category, people) -> None:
    assert by_category(rows_of(cli, "ratios", PRISON, "--by", characteristic, *IN_2022))[category]["count"] == people


@pytest.mark.parametrize(("age", "percent"), [("all", 18.3675), ("15-17", 19.3984)])
def test_the_share_of_people_in_prison_on_remand_is_the_uk_reported_to_the_united_nations(
    starter_store, age, percent
) -> None:
    """Sustainable Development Goal indicator 16.3.2, 30 June 2002, reported by ONS from the same table."""
    values = dict(
        starter_store.frame(
            "select circumstances, value from figure where table_id = 'custody-age-sex' and sheet = 'A1_7' "
            "and period_end = ? and sex = 'all' and age = ?",
            [dt.date(2002, 6, 30), age],
        ).rows()
    )
    assert round(100 * values['{"legal_status": "remand"}'] / values["{}"], 4) == percent
