"""A number that is not there is called hidden only where its publisher hides it."""

import pytest

from dashboards.counts import counted


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"count": 1234.0, "suppression": "none"}, "1,234"),
        ({"count": None, "suppression": "hidden", "count_low": 1.0, "count_high": 3.0}, "hidden: 1 to 3"),
        ({"count": None, "suppression": "recoverable", "count_low": None, "count_high": None}, "hidden"),
        ({"count": None, "suppression": "not_available", "count_low": None, "count_high": None}, "–"),
    ],
)
def test_hidden_is_said_of_what_is_hidden_alone(row: dict[str, object], shown: str) -> None:
    assert counted(row) == shown
