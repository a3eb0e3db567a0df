"""Any workbook in a published geometry is asked what it is broken down by, and answers as it was made.

The workbooks of `made` come from known truth; the test asks for all of it, sheet by sheet, so a layout that is read
as more than it says fails as one that is read as less.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from pipelines.reading import read
from pipelines.survey import Surveyed, survey
from tests.survey.made import Made, Truth, made, write

WORKBOOKS = {each.name: each for each in made()}
SHEETS = [(name, sheet) for name, each in WORKBOOKS.items() for sheet in each.truth]
Survey = Callable[[str, str], list[Surveyed]]


@pytest.fixture(scope="session")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """The survey of one made workbook in one format, each made and read once."""

    @lru_cache
    def ask(name: str, kind: str) -> list[Surveyed]:
        folder: Path = tmp_path_factory.mktemp(kind)
        found = [t for path in write(WORKBOOKS[name], folder, kind) for t in survey(read(path)).tables]
        for table in found:
            table.sheet = table.sheet.removesuffix(".csv")
        return found

    return ask


@pytest.mark.parametrize(("name", "sheet"), SHEETS, ids=lambda each: each.replace(" ", "_"))
def test_a_sheet_answers_as_it_was_made(surveyed: Survey, name: str, sheet: str) -> None:
    truth: Truth = WORKBOOKS[name].truth[sheet]
    tables = [t for t in surveyed(name, "xlsx") if t.sheet == sheet]
    assert {d for t in tables for d in t.characteristics} == truth.characteristics
    assert {frozenset(c) for t in tables for c in t.crossed} == truth.crossed
    assert {d: group for t in tables for d, group in t.scope.items()} == truth.scope
    if truth.tables is not None:
        assert [t.title for t in tables] == [t.title for t in tables][: truth.tables]
        assert len(tables) == truth.tables
    if truth.periods is not None:
        first = min(t.first_period for t in tables if t.first_period)
        last = max(t.last_period for t in tables if t.last_period)
        assert (first.isoformat(), last.isoformat()) == truth.periods
    found = {d: c for t in reversed(tables) for d, c in t.characteristics.items()}
    for d, classification in truth.classification.items():
        assert found[d].classification == classification
    for d, categories in truth.categories.items():
        assert sorted(found[d].categories) == sorted(categories)
    for d, share in truth.unknown.items():
        assert found[d].unknown_share == (share if share is None else pytest.approx(share))
    for d, share in truth.suppressed.items():
        assert found[d].suppressed_share == pytest.approx(share)


@pytest.mark.parametrize("kind", ["ods", "csv"])
@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_answer_does_not_depend_on_the_format(surveyed: Survey, name: str, kind: str) -> None:
    def answers(tables: list[Surveyed]) -> dict[str, list[object]]:
        by_sheet: dict[str, list[object]] = {}
        for t in tables:
            by_sheet.setdefault(t.sheet, []).append((sorted(t.characteristics), t.crossed, t.first_period))
        return by_sheet

    assert answers(surveyed(name, kind)) == answers(surveyed(name, "xlsx"))


@pytest.mark.parametrize("each", [w for w in WORKBOOKS.values() if w.present is not None], ids=lambda w: w.name)
def test_sheets_of_one_group_each_are_a_breakdown_together(surveyed: Survey, each: Made) -> None:
    tables = surveyed(each.name, "xlsx")
    assert {d for t in tables for d in (*t.characteristics, *t.across)} == each.present
