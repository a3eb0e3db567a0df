"""Four thousand sheets of published files and of generated workbooks, changed once each: see `tests/hostile`."""

import pytest

from tests.hostile import undeclared

pytestmark = pytest.mark.nightly

CASES = 4_000


def test_no_changed_sheet_yields_a_wrong_figure_or_a_false_absence() -> None:
    told = undeclared.told(undeclared.cases([*undeclared.generated(), *undeclared.published()], CASES))
    print(told)
    assert not told.faults, str(told)
