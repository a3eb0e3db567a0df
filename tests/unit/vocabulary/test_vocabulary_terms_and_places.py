"""Closed terms, places and the room itself."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from monitor import vocabulary
from monitor.vocabulary import (
    GAP_CODES,
    TERMS,
    UnknownWord,
    VocabularyError,
    axis_places,
    category,
    country_named_in,
    meanings,
    place,
    place_members,
)
from monitor.vocabulary.tables import rows


def test_closed_terms_are_those_of_the_contract() -> None:
    assert TERMS["figure_status"][0] == "published"
    assert TERMS["check_state"] == ("passed", "failed", "error", "withheld")
    assert TERMS["disparity_band"] == ("over_clear", "over", "parity", "inconclusive", "under", "under_clear")
    assert TERMS["alert_severity"] == ("S1", "S2", "S3", "S4")
    assert TERMS["gap_confidence"] == ("inspected", "contents", "stated")
    assert len(TERMS["gap_state"]) == 29


def test_every_gap_code_is_two_letters_and_names_one_state() -> None:
    assert GAP_CODES["overdue"] == "OD"
    assert "not_looked" not in GAP_CODES
    assert len(set(GAP_CODES.values())) == len(GAP_CODES) == 23
    assert all(len(code) == 2 and code.isupper() for code in GAP_CODES.values())


def test_a_force_area_names_its_districts_and_a_country_its_regions() -> None:
    assert place("E23000003").name == "Lancashire"
    districts = place_members("E23000003")
    assert len(districts) == 14
    assert {place(code).kind for code in districts} == {"local_authority"}
    assert place_members("K04000001") == {"E92000001", "W92000004"}
    assert len(place_members("E92000001")) == 9


def test_a_place_code_that_is_not_listed_is_refused() -> None:
    with pytest.raises(UnknownWord, match="E92000001"):
        place("E92000002")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("E06000001", "E06000001"),
        ("Hartlepool", "E06000001"),
        ("bristol, city of", "E06000023"),
        ("City of Bristol", "E06000023"),
        ("Avon & Somerset", "E23000036"),
        ("Kent Police", "E23000032"),
        ("London, City of4", "E23000034"),
        ("London", "E12000007"),
        ("West Midlands Region", "E12000005"),
        ("Total Yorkshire and the Humber", "E12000003"),
        ("Moray", "S12000020"),
    ],
)
def test_a_place_is_known_by_code_or_name(text: str, code: str) -> None:
    found = axis_places([text])[0]
    assert found is not None
    assert found.code == code


def test_a_prison_among_places_of_another_kind_is_not_taken_for_one_of_them() -> None:
    assert axis_places(["Durham", "Kent", "Humberside", "Feltham"])[3] is None


@pytest.mark.parametrize(
    ("published", "name"),
    [
        ("The Verne", "The Verne"),
        ("zzz The Verne IRC/HMP (Aug 18-)", "The Verne"),
        ("Verne", "The Verne"),
        ("zzz Morton Hall IRC/HMP (Dec 21-)", "Morton Hall"),
        ("Mount", "The Mount"),
        ("Mount (The)", "The Mount"),
        ("Highpoint (North and South)", "Highpoint"),
        ("Peterborough Male", "Peterborough (Male)"),
        ("Peterborough (Female)", "Peterborough (Female)"),
        ("Swaleside (Sheppey Cluster)", "Swaleside"),
        ("East Sutton ParK", "East Sutton Park"),
    ],
)
def test_a_prison_is_one_place_under_all_its_names(published: str, name: str) -> None:
    [found] = axis_places([published])
    assert found is not None
    assert (found.name, found.kind) == (name, "prison")


@pytest.mark.parametrize("text", ["West Midlands", "Whitecross", "White", "Other", "Total", ""])
def test_what_names_no_place_or_several_is_not_guessed(text: str) -> None:
    assert axis_places([text])[0] is None


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (("Cleveland", "Kent", "West Midlands", "Avon and Somerset"), "police_force_area"),
        (("North East", "South East", "London", "West Midlands"), "region"),
        (("South Central", "Kent, Surrey and Sussex", "London", "West Midlands"), "probation_region"),
        (("Belmarsh", "Durham", "Leeds", "Lincoln"), "prison"),
        (("Hartlepool", "Swansea", "Leeds", "Lincoln"), "local_authority"),
        (("Durham", "Kent", "Humberside", "Cleveland"), "police_force_area"),
    ],
)
def test_a_name_of_several_places_is_settled_by_its_axis(labels: tuple[str, ...], kind: str) -> None:
    assert [each and each.kind for each in axis_places([*labels, "Unknown"])] == [kind] * len(labels) + [None]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Prisoners in Scotland by sex", "S92000003"),
        ("Deaths by council area, Scotland, 2010 to 2011", "S92000003"),
        ("Arrests by ethnic group, England and Wales", "K04000001"),
        ("Prisoners in the United States, 2018", "US"),
        ("Corrective services, Australia", "AU"),
        ("Prisoners in Northern Ireland", "N92000002"),
        ("People born in Jamaica, England and Wales", "K04000001"),
        ("Arrests in South Wales", None),
        ("Prisoners in England, Scotland and Wales", None),
        ("Indian prisoners by sex", None),
    ],
)
def test_the_country_a_title_says_its_figures_are_of(title: str, code: str | None) -> None:
    found = country_named_in(title)
    assert (found and found.code) == code


@pytest.mark.parametrize(
    ("label", "name", "region"),
    [
        ("Spanish", "Spaniard", "Europe"),
        ("Spain", "Spaniard", "Europe"),
        ("Botswana", "Motswana", "Africa"),
        ("Botswanan", "Motswana", "Africa"),
        ("Korea, Republic of", "South Korean", "Asia"),
        ("Other African Country", "Other Africa", "Africa"),
    ],
)
def test_nationalities_are_known_by_people_and_by_country(label: str, name: str, region: str) -> None:
    assert [each.category for each in meanings(label, "nationality")] == [name]
    assert category("nationality", name).parent == region


def test_a_country_is_a_nationality_only_where_nationality_is_asked_for() -> None:
    assert meanings("Georgia") == ()
    assert [each.category for each in meanings("Georgia", "nationality")] == ["Georgian"]


def test_every_country_has_a_nationality_that_is_listed() -> None:
    assert {category("nationality", row["nationality"]).kind for row in rows("countries.csv")} == {"group"}
    assert len(rows("countries.csv")) > 200


def test_a_spelling_of_two_categories_stops_the_load(monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.vocabulary import dictionary

    extra = {
        "dimension": "ethnicity",
        "category": "Blue",
        "parent": "",
        "kind": "group",
        "spellings": "Asian",
        "line": "999",
    }
    monkeypatch.setattr(
        dictionary, "rows", lambda name: [*rows(name), extra] if name == "categories.csv" else rows(name)
    )
    with pytest.raises(VocabularyError, match=r"'Asian'.*line 999"):
        dictionary._dictionary.__wrapped__()


def test_the_room_stands_on_the_standard_library_alone() -> None:
    script = (
        "import sys, monitor.vocabulary as v; v.meanings('White'); "
        "print(*{m.split('.')[0] for m in sys.modules} & {'polars', 'duckdb', 'pandas', 'numpy', 'scipy'})"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


@pytest.mark.nightly
def test_the_data_files_are_in_the_wheel(tmp_path: Path) -> None:
    project = Path(vocabulary.__file__).parents[2]
    uv = shutil.which("uv") or shutil.which("uv", path=str(project / ".tools" / "bin"))
    if uv is None:
        pytest.skip("uv is neither on PATH nor in .tools")
    built = subprocess.run(
        [uv, "build", "--wheel", "--offline", "--out-dir", str(tmp_path), str(project)],
        capture_output=True,
        text=True,
    )
    if built.returncode:
        pytest.skip("the build backend is not in the local cache")
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    expected = {f"monitor/vocabulary/{path.name}" for path in Path(vocabulary.__file__).parent.glob("*.csv")}
    assert expected <= names
