"""What one cell is by itself: a value or words. The sheet around it decides the few that may be either."""

import pytest

from pipelines.shape.cells import is_spelled, is_value


@pytest.mark.parametrize(
    "text",
    [
        "12", " 1,090 ", "1 090", "8.1%", "0,435", "1,102r", "160 (r)", "5 [r]", "1,234(2)", "[c]", "..", "-", "\u2013",
        "*", "~", "!", "N/A", "na", ":", "c", "<5", "\u22645", "4 or fewer", "#DIV/0!", "=SUM(A1:A2)", "1,010 (9%)",
    ],
)  # fmt: skip
def test_what_stands_where_a_value_stands(text: str) -> None:
    assert is_value(text) or is_spelled(text)


@pytest.mark.parametrize(
    "text", ["White", "15-17", "2017/18", "30 June 2022", "", "X", "E06000001", "18 and over", "Q1", "a" * 90]
)
def test_words_ages_and_periods_stand_for_themselves(text: str) -> None:
    assert not is_value(text)
    assert not is_spelled(text)


def test_a_number_in_brackets_may_be_a_note_and_is_no_value_by_itself() -> None:
    assert not is_value("(1)")
