"""What the publishers' own files say, asked of them through the command line.

Numbers are of the Ministry of Justice's offender management statistics to 30 June 2023 (published 27 July 2023), of its
safety in custody statistics to December 2018 and of the Home Office's police use of force statistics 2017/18, read off
the sheets by hand.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pipelines.reading import read
from tests.spec.rows import SHARED, with_originals

pytestmark = with_originals

MOJ = SHARED / "moj"
Figures = list[dict[str, Any]]


@pytest.fixture(scope="module")
def tried(cli, tmp_path_factory: pytest.TempPathFactory):
    """What `try` says of a file, read by a declaration or drafted, asked once a module."""
    home = tmp_path_factory.mktemp("understood")
    known: dict[tuple[Path, tuple[str, ...]], dict[str, Any]] = {}

    def ask(file: Path, *options: str) -> dict[str, Any]:
        if (file, options) not in known:
            known[file, options] = cli("try", file, *options, "--json", "--quiet", home=home).document
        return known[file, options]

    return ask


@pytest.fixture(scope="module")
def surveyed(cli, tmp_path_factory: pytest.TempPathFactory):
    """What `survey` says of a file."""
    home = tmp_path_factory.mktemp("surveyed")
    return lambda file: cli("survey", file, "--json", "--quiet", home=home).document


def adds_up(account: dict[str, int]) -> bool:
    return account["cells"] == sum(count for kind, count in account.items() if kind != "cells")


def where(figures: Iterable[dict[str, Any]], **said: Any) -> Figures:
    return [f for f in figures if all(f[name] == value for name, value in said.items())]


# --- probation, January to March 2023 ---------------------------------------------------------------------------------


def of_order(figures: Figures, words: str, **said: Any) -> dict[str, float]:
    found = where(figures, circumstances=f'{{"order_type": "{words}"}}', place_name="England and Wales", **said)
    by_sex = {f["sex"]: f["value"] for f in found}
    assert len(found) == len(by_sex) == 3
    assert by_sex.pop("all") == sum(by_sex.values())
    return by_sex


@pytest.fixture(scope="module")
def caseload(tried) -> Figures:
    figures: Figures = tried(MOJ / "caseloadQ12023.csv", "--publication", "probation-caseload")["figures"]
    return figures


@pytest.mark.parametrize(
    ("order", "men", "women"),
    [
        ("All supervision", 217_979, 21_539),
        ("All court orders", 95_678, 15_360),
        ("All pre- and post-release supervision", 126_328, 6_544),
    ],
)
def test_people_on_probation_are_summed_over_regions_and_never_over_order_types(caseload, order, men, women) -> None:
    assert of_order(caseload, order) == {"male": men, "female": women}
    assert {f["value"] for f in caseload if f["circumstances"] == "{}"} == set()


def test_the_caseload_of_a_quarter_is_counted_on_its_last_day(caseload) -> None:
    kinds = {(f["period_kind"], f["period_start"], f["period_end"], f["period_label"]) for f in caseload}
    assert kinds == {("stock", "2023-03-31", "2023-03-31", "2023Q1")}


def test_every_region_keeps_its_own_count_at_its_cell(caseload) -> None:
    [men] = where(caseload, cell="E3")
    assert (men["place_name"], men["sex"], men["value"]) == ("East Midlands", "male", 3705)
    assert len({f["place_name"] for f in caseload}) == 14 + 1


def test_starts_on_probation_are_a_flow_over_the_quarter(tried) -> None:
    figures = tried(MOJ / "startsQ12023.csv", "--publication", "probation-caseload")["figures"]
    orders = of_order(figures, "All court orders", period_start="2023-01-01", period_end="2023-03-31")
    assert orders == {"male": 20_692, "female": 3_812}
    assert {(f["measure"], f["period_kind"]) for f in figures} == {("probation-starts", "flow")}


@pytest.mark.parametrize(("file", "rows"), [("caseloadQ12023.csv", 310), ("startsQ12023.csv", 228)])
def test_with_no_declaration_each_row_is_one_figure_and_nobody_says_stock_or_flow(tried, file, rows) -> None:
    said = tried(MOJ / file)
    figures = said["figures"]
    assert adds_up(said["account"])
    assert (len(figures), len({f["cell"] for f in figures}), said["account"]["figures"]) == (rows, rows, rows)
    assert {f["period_kind"] for f in figures} == {"not_understood"}
    assert {(f["period_start"], f["period_end"]) for f in figures} == {("2023-01-01", "2023-03-31")}
    assert {f["sex"] for f in figures} == {"female", "male"}
    assert len({f["place_name"] for f in figures}) == 14
    assert len({f["circumstances"] for f in figures}) == {310: 14, 228: 10}[rows]


# --- people in prison, 30 June 2023 -----------------------------------------------------------------------------------

ANNUAL = MOJ / "Population_30June2023_Annual.ods"
DATA_TOOL = MOJ / "Population_data_tool_20230630.xlsx"


def test_the_declared_tables_of_the_annual_workbook_give_a_figure_a_cell(cli, tmp_path: Path) -> None:
    # because the publisher's own sums do not hold there, which is said: exit 1
    said = json.loads(cli("try", ANNUAL, "--publication", "prison-population", "--json", "--quiet", home=tmp_path).out)
    declared = [f for f in said["figures"] if f["layout"] == "declared"]
    assert len({(f["sheet"], f["cell"]) for f in declared}) == len(declared) == 17_893
    assert len({(f["sheet"], f["cell"]) for f in said["figures"]}) == len(said["figures"]), "no cell is read twice"
    assert adds_up(said["account"])


@pytest.mark.nightly
def test_those_in_prison_are_of_all_ages_though_they_stand_under_the_youngest(tried) -> None:
    figures = where(tried(ANNUAL)["figures"], sheet="A1_1", period_end="2023-06-30")
    by_cell = {f["cell"]: f for f in figures}
    prisons = by_cell["FK92"]
    assert (prisons["value"], prisons["age"], prisons["sex"]) == (85_851, "all", "all")
    assert json.loads(prisons["circumstances"]) == {"custody_setting": "prison"}
    assert (by_cell["FK69"]["value"], by_cell["FK69"]["age"]) == (326, "15-17")
    of_men = [f for f in figures if f["sex"] == "male" and "custody_setting" in f["circumstances"]]
    assert {(f["value"], f["age"]) for f in of_men} == {(82_481, "all"), (0, "all"), (65, "all"), (54, "all")}


BY_ETHNICITY = {"Asian": 6_821, "Black": 10_452, "Mixed": 4_080, "Other": 1_400, "White": 61_823,
                "Not recorded": 538, "Not stated": 106}  # fmt: skip


def test_one_column_that_holds_five_characteristics_is_five_lists(surveyed) -> None:
    said = surveyed(DATA_TOOL)
    assert adds_up(said["account"])
    views = [t for t in said["tables"] if t["sheet"] == "PT Data" and t["characteristics"]]
    assert {"age", "ethnicity", "nationality"} <= {c for t in views for c in t["characteristics"]}
    assert {c for c, state in said["characteristics"].items() if state == "present"} >= {
        "age", "ethnicity", "nationality"
    }  # fmt: skip


@pytest.mark.nightly
@pytest.mark.parametrize("options", [(), ("--publication", "prison-population")], ids=["drafted", "declared"])
def test_every_row_of_the_five_views_is_a_figure_and_a_blank_is_a_count_withheld(tried, options) -> None:
    said = tried(DATA_TOOL, *options)
    figures = where(said["figures"], sheet="PT Data")
    assert len(figures) == len({f["cell"] for f in figures}) == 109_023
    assert len({f["table_id"] for f in figures}) == 5
    by_prison = [f for f in where(figures, period_end="2023-06-30") if f["ethnicity"] != "all"]
    assert len(by_prison) == 749
    assert len({json.loads(f["circumstances"])["establishment"] for f in by_prison}) == 122
    assert len(where(by_prison, status="suppressed", value=None)) == 134
    assert len(where(by_prison, status="published")) == 749 - 134
    shown = {group: sum(f["value"] or 0 for f in where(by_prison, ethnicity=group)) for group in BY_ETHNICITY}
    assert shown == BY_ETHNICITY


@pytest.mark.nightly
def test_the_sex_of_the_data_tool_is_the_establishments_by_its_declaration(tried) -> None:
    figures = tried(DATA_TOOL, "--publication", "prison-population")["figures"]
    assert {f["sex"] for f in figures} == {"all"}
    assert {json.loads(f["circumstances"])["establishment_sex"] for f in figures} == {
        "female_establishment",
        "male_establishment",
    }
    assert {(f["period_kind"], f["period_start"] == f["period_end"]) for f in figures} == {("stock", True)}


def test_the_rule_of_disclosure_is_read_from_its_box() -> None:
    [cover] = [grid for grid in read(DATA_TOOL) if grid.sheet == "Cover & User Guide"]
    assert any("Suppressed values appear as blanks in the PT Data tab" in note for note in cover.notes)


# --- the police's use of force, 2017/18 -------------------------------------------------------------------------------


def test_use_of_force_is_by_age_sex_ethnicity_and_disability_as_officers_perceive(surveyed) -> None:
    said = surveyed(SHARED / "home-office" / "police-use-of-force-apr2017-mar2018-hosb3018-tables.ods")
    present = {c for c, state in said["characteristics"].items() if state == "present"}
    assert present == {"age", "sex", "ethnicity", "disability"}
    assert "absent" not in {said["characteristics"][c] for c in present}
    [ethnicity] = [t["characteristics"]["ethnicity"] for t in said["tables"] if "ethnicity" in t["characteristics"]]
    assert round(100 * ethnicity["unknown_share"], 1) == 6.3
    [disability] = [t for t in said["tables"] if "disability" in t["characteristics"]]
    assert (disability["sheet"], len(disability["characteristics"]["disability"]["categories"])) == ("Table_5", 5)


# --- deaths in prison custody, 1978 to 2018 ---------------------------------------------------------------------------

DEATHS = MOJ / "safety-in-custody-Deaths-dec-18.ods"


@pytest.fixture(scope="module")
def deaths(tried) -> dict[tuple[str, str], dict[str, Any]]:
    return {(f["sheet"], f["cell"]): f for f in tried(DEATHS)["figures"]}


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "sex", "ethnicity", "nationality", "year"),
    [
        ("1_9_Self-inflicted_by_ethnicity", "U9", 92, "all", "all", "all", "2018"),
        ("1_9_Self-inflicted_by_ethnicity", "S12", 7, "all", "Black", "all", "2016"),
        ("1_9_Self-inflicted_by_ethnicity", "U17", 89, "male", "all", "all", "2018"),
        ("1_9_Self-inflicted_by_ethnicity", "U20", 4, "male", "Black", "all", "2018"),
        ("1_9_Self-inflicted_by_ethnicity", "U28", 1, "female", "Black", "all", "2018"),
        ("1_10_Self-inflicted_nationality", "S11", 10, "all", "all", "EEA", "2016"),
        ("1_10_Self-inflicted_nationality", "U22", 3, "female", "all", "British", "2018"),
        ("1_2_Deaths_by_gender", "AP19", 314, "male", "all", "all", "2018"),
        ("1_2_Deaths_by_gender", "AP29", 11, "female", "all", "all", "2018"),
    ],
)
def test_deaths_are_of_the_block_they_stand_in(deaths, sheet, cell, value, sex, ethnicity, nationality, year) -> None:
    figure = deaths[sheet, cell]
    assert figure["value"] == value
    assert (figure["sex"], figure["ethnicity"], figure["nationality"]) == (sex, ethnicity, nationality)
    assert (figure["period_label"], figure["period_kind"], figure["counts"]) == (year, "flow", "events")


def test_marks_in_a_row_of_their_own_flag_the_years_above_them(deaths) -> None:
    of_ethnicity = [f for (sheet, _), f in deaths.items() if sheet.startswith("1_9_")]
    flags = {f["period_label"]: tuple(f["flags"]) for f in of_ethnicity}
    assert {year: said for year, said in flags.items() if said} == {
        "2016": ("revised",),
        "2017": ("revised",),
        "2018": ("provisional",),
    }


def test_deaths_by_ethnicity_are_crossed_with_sex_and_those_by_nationality_type_are_no_absence(surveyed) -> None:
    said = surveyed(DEATHS)
    tables = {t["sheet"]: t for t in said["tables"]}
    assert tables["1_9_Self-inflicted_by_ethnicity"]["crossed"] == [["ethnicity", "sex"]]
    assert [set(pair) for pair in tables["1_10_Self-inflicted_nationality"]["crossed"]] == [{"nationality", "sex"}]
    assert said["characteristics"]["nationality"] == "present"
