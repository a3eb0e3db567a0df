"""Closed terms, places and the room itself."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from monitor import vocabulary
from monitor.vocabulary import GAP_CODES, TERMS, UnknownWord, VocabularyError, place, place_members
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
    built = subprocess.run(
        ["uv", "build", "--wheel", "--offline", "--out-dir", str(tmp_path), str(project)],
        capture_output=True,
        text=True,
    )
    if built.returncode:
        pytest.skip("the build backend is not in the local cache")
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    expected = {f"monitor/vocabulary/{path.name}" for path in Path(vocabulary.__file__).parent.glob("*.csv")}
    assert expected <= names
