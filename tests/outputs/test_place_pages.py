"""A page for each prison and probation region: its people beside those like it and all; what is hidden stays so."""

import csv
import re
from pathlib import Path

import pytest

from monitor import vocabulary
from tests.conftest import Cli

BELMARSH = {"Asian": "56", "Black": "232", "Mixed": "58", "White": "283", "Other": "43"}


@pytest.fixture(scope="module")
def site(starter_home: Path) -> Path:
    return starter_home / "site"


def cells(page: str) -> dict[str, list[str]]:
    """The rows of a page's table, by their first cell."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page, flags=re.S)
    return {re.sub(r"<.*?>", "", name): re.findall(r"<td[^>]*>(.*?)</td>", rest, flags=re.S) for name, rest in rows}


def test_the_people_of_a_prison_are_those_of_the_publishers_tool(site: Path) -> None:
    rows = cells((site / "place-belmarsh.html").read_text(encoding="utf-8"))
    assert {name: rows[name][0] for name in BELMARSH} == BELMARSH
    assert rows["Everyone"][0] == "676"
    assert rows["Black"][1] == "34.3%", "232 of 676"


def test_a_hidden_number_is_shown_between_its_limits_and_nowhere_else(site: Path) -> None:
    rows = cells((site / "place-belmarsh.html").read_text(encoding="utf-8"))
    for group in ("Not stated", "Not recorded"):
        assert rows[group][0] == "hidden: 1 to 3"
        assert rows[group][1] == "–"


def test_beside_it_stand_prisons_of_the_same_function_and_all_prisons(site: Path) -> None:
    page = (site / "place-belmarsh.html").read_text(encoding="utf-8")
    assert "prisons of category A" in page
    assert cells(page)["Black"][-1] == "12.2%", "10,494 of 85,851"


def test_every_prison_has_a_page_and_none_is_ranked(site: Path) -> None:
    page = (site / "prisons.html").read_text(encoding="utf-8")
    named = re.findall(r'<a href="(place-[\w-]+\.html)">(.*?)</a>', page)
    assert len(named) == 122
    assert [name for _, name in named] == sorted(name for _, name in named)
    assert all((site / path).exists() for path, _ in named)


def test_a_share_of_several_prisons_lies_between_limits_where_one_of_them_hides(cli: Cli, site: Path) -> None:
    words = Path(vocabulary.__file__).parent
    with (words / "establishment_functions.csv").open(encoding="utf-8", newline="") as lines:
        high_security = {r["code"] for r in csv.DictReader(lines) if r["function"] == "category_a"}
    with (words / "places.csv").open(encoding="utf-8", newline="") as lines:
        names = {r["name"] for r in csv.DictReader(lines) if r["code"] in high_security}
    rows = [r for r in cli("ratios", "people-by-prison", "--json").document if r["place"] in names]
    everyone = sum(r["count"] for r in rows if r["category"] == "all")
    other = [r for r in rows if r["category"] == "Other"]
    assert any(r["count"] is None for r in other), "one of them hides its number"
    least = sum(r["count_low"] if r["count"] is None else r["count"] for r in other)
    most = sum(r["count_high"] if r["count"] is None else r["count"] for r in other)
    page = (site / "place-belmarsh.html").read_text(encoding="utf-8")
    assert cells(page)["Other"][2] == f"{100 * least / everyone:.1f}% to {100 * most / everyone:.1f}%"


def test_the_national_page_leads_there(site: Path) -> None:
    assert 'href="prisons.html"' in (site / "prison-population-ethnicity.html").read_text(encoding="utf-8")


def test_every_region_of_the_probation_service_has_a_page(site: Path) -> None:
    page = (site / "probation-regions.html").read_text(encoding="utf-8")
    assert len(re.findall(r'href="place-[\w-]+\.html"', page)) == 13, (
        "twelve regions and the National Security Division"
    )
    rows = cells((site / "place-london.html").read_text(encoding="utf-8"))
    assert {name: row[0] for name, row in rows.items()} == {"Female": "2,618", "Male": "35,612", "Everyone": "38,230"}
    assert (rows["Female"][1], rows["Female"][-1]) == ("6.8%", "9.0%"), "2,618 of 38,230; 21,539 of 239,518"
    assert 'href="probation-regions.html"' in (site / "probation-caseload-sex.html").read_text(encoding="utf-8")
    assert "region by probation region" not in (site / "probation-starts-sex.html").read_text(encoding="utf-8")


def test_shares_are_drawn_beside_their_table_and_say_the_same(site: Path) -> None:
    page = (site / "place-belmarsh.html").read_text(encoding="utf-8")
    drawn = dict(re.findall(r'<div><span>(.*?)</span>.*?class="here"[^>]*width="([\d.]+)%"', page))
    shown = {name: row[1] for name, row in cells(page).items() if row[1].endswith("%")}
    assert {name: f"{float(width):.1f}%" for name, width in drawn.items()} == shown, "none is drawn of a hidden number"
