"""What the publishers' own files say, asked of them through the command line.

Numbers are of the Ministry of Justice's offender management statistics to 30 June 2023 (published 27 July 2023), of its
safety in custody statistics to December 2018 and of the Home Office's police use of force statistics 2017/18, read off
the sheets by hand.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

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
    assert len(found) == 2
    return {f["sex"]: f["value"] for f in found}


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
