"""A hundred sheets changed as publishers and spreadsheet programs change them; thousands more at night.

What is scored leaves evidence in the sheet. Changes that leave none are told, not scored: nobody could know.
"""

from collections import Counter

import pytest

from tests.hostile import undeclared

SAMPLE = 100


@pytest.fixture(scope="module")
def originals() -> list[undeclared.Original]:
    return undeclared.generated()


def test_a_hundred_changed_sheets_yield_no_wrong_figure_and_no_false_absence(
    originals: list[undeclared.Original],
) -> None:
    told = undeclared.told(undeclared.cases(originals, SAMPLE))
    print(told)
    assert not told.faults, str(told)
    assert told.scored > SAMPLE / 2
    assert told.read > told.known / 2, "most figures are refused: nothing is being read"


def test_a_wrong_figure_would_be_noticed(originals: list[undeclared.Original]) -> None:
    """The judge itself: groups that have changed names are read as they now stand, and it says so."""
    told = undeclared.told(case for case in undeclared.cases(originals, 300) if case.change.__name__ == "exchanged")
    assert not told.faults
    assert Counter(told.unseen)["exchanged"] > 5
