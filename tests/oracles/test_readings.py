"""The independent readings against answers known from elsewhere: a wrong oracle would judge wrongly."""

from collections import Counter
from datetime import date

import pytest

from .home_office import FORCE
from .readings import read_again
from .said import PUBLISHED, Said

pytestmark = pytest.mark.skipif(not PUBLISHED.exists(), reason="needs the published files beside the checkout")
LAST_OF_JUNE = date(2023, 6, 30)


def at(file: str, sheet: str, cell: str) -> Said:
    return next(s for s in read_again(file) if (s.sheet, s.cell) == (sheet, cell))


def test_people_under_supervision_and_court_orders_started() -> None:
    for file, order, men, women in (
        ("moj/caseloadQ12023.csv", "All supervision", 217_979, 21_539),
        ("moj/startsQ12023.csv", "All court orders", 20_692, 3_812),
    ):
        found: Counter[str] = Counter()
        for said in read_again(file):
            if said.extra["order type"] == order:
                found[said.people["sex"]] += int(said.value or 0)
        assert found == {"male": men, "female": women}


def test_people_in_prison_by_ethnicity_where_shown() -> None:
    shown: Counter[str] = Counter()
    cells = [s for s in read_again("moj/Population_data_tool_20230630.xlsx") if s.end == LAST_OF_JUNE]
    by_group = [s for s in cells if "ethnicity" in s.people]
    for said in by_group:
        shown[said.people["ethnicity"]] += int(said.value or 0)
    assert (len(by_group), sum(s.status == "suppressed" for s in by_group)) == (749, 134)
    assert len({s.extra["establishment"] for s in by_group}) == 122
    known = {"Asian": 6_821, "Black": 10_452, "Mixed": 4_080, "Other": 1_400, "White": 61_823}
    assert {group: shown[group] for group in known} == known


def test_adjudications() -> None:
    assert sum(s.value or 0 for s in read_again("moj/AdjudicationsQ12023.csv")) == 45_705
    assert sum(s.value or 0 for s in read_again("moj/AdjudicationsQ32022.csv")) == 39_282


def test_everybody_in_prison_and_in_custody() -> None:
    file = "moj/Population_30June2023_Annual.ods"
    everyone = [s for s in read_again(file) if s.sheet == "A1_1" and s.end == LAST_OF_JUNE and not s.people]
    assert {s.value for s in everyone if s.extra == {"setting": "prisons"}} == {85_851.0}
    ethnicity = {
        s.people["ethnicity"]: s.value
        for s in read_again(file)
        if s.sheet == "A1_9i" and s.end == LAST_OF_JUNE and set(s.people) == {"ethnicity"}
    }
    assert (ethnicity["Asian"], ethnicity["Not stated"], ethnicity["Not recorded"]) == (6_840, 177, 677)


def test_incidents_by_the_group_that_officers_perceived() -> None:
    for sheet in ("Table_2", "Table_3", "Table_4", "Table_5"):
        incidents = [s for s in read_again(FORCE) if s.sheet == sheet and s.measure == "incidents"]
        assert sum(s.value or 0 for s in incidents) == 313_137
        assert {s.extra["identification"] for s in incidents} == {"officer"}
    assert at(FORCE, "Table_4", "I6").value == 16_816
