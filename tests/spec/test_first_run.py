"""What a new user reads after one command with no network."""

from pathlib import Path
from typing import Any

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.fixture(scope="module")
def said(first_pass: Any, starter_home: Path) -> str:
    assert (starter_home / "site" / "index.html").exists()
    return " ".join(first_pass.out.split())


@pytest.mark.parametrize(
    "line",
    [
        "People in prison by ethnicity: 2023-06-30, England and Wales",
        "Black 10,494 12.3% 606.6 3.89 3.81 to 3.97 3.66 to 3.89 over-represented",
        "Other 1,687 2.0% 180.4 1.16 1.10 to 1.21 0.96 to 1.16 direction depends on the census",
        "Of 85,851, 854 (1.0%) are of unknown ethnicity",
        "Usual residents of England and Wales aged 18 and over at the time: between Census 2011 and Census 2021",
        "Ratio to all, as counted and at equal ages: Asian 0.92, 0.74; Black 3.25, 2.83",
        "includes 326 people, 0.4%",
        "residents are counted 27 months earlier",
    ],
)
def test_how_over_represented_each_group_is_on_which_baseline_and_how_sure(said: str, line: str) -> None:
    assert line in said


@pytest.mark.parametrize("found", ["AG23", "C82", "AR49", "B17", "Kept as published"])
def test_what_the_checks_found_with_the_cells(said: str, found: str) -> None:
    assert found in said


def test_which_of_the_nine_are_not_broken_down_and_what_was_never_looked_at(said: str) -> None:
    assert (
        "not by disability, gender reassignment, marriage and civil partnership, pregnancy and maternity and "
        "sexual orientation (none of the 26 sheets inspected)" in said
    )
    assert "NEVER PUBLISHED" in said and "PSR0053" in said
    assert "probation-caseload" in said


def test_the_readme_shows_what_is_printed(said: str) -> None:
    shown = README.read_text(encoding="utf-8").partition("<!-- demo output -->\n```text\n")[2].partition("```\n")[0]
    pieces = [" ".join(piece.split()) for piece in shown.partition("Held:")[0].split("…")]
    assert len(pieces) >= 3
    assert [piece for piece in pieces if piece not in said] == []
