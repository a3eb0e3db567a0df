"""An empty staging, and one of a table by sex and ethnicity that adds up but for what a test plants."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.expectations.staged import Staging


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    """An empty staging."""
    return Staging(tmp_path)


@pytest.fixture
def by_sex(staging: Staging) -> Callable[..., Staging]:
    """Stage table T: ethnicity by sex, with two ethnic groups inside one of them, all adding up.

    Rows 1-4 both sexes, 5-8 males, 9-12 females: total, Asian, White, Not stated; White's children stand in
    rows 21-22, 25-26 and 29-30. `wrong` maps a cell to the number published in its place (None: left out).
    """

    def stage(wrong: Mapping[str, float | None] | None = None, **kwargs: Any) -> Staging:
        wrong = wrong or {}
        staging.level("T", "sex", "male", "female")
        staging.level("T", "ethnicity", "Asian", "White", "Not stated")
        staging.level("T", "ethnicity", "White British", "White other", parent="White")
        numbers = {"male": (90, 20, 60, 10, 45, 15), "female": (30, 5, 22, 3, 20, 2)}
        numbers["all"] = tuple(sum(pair) for pair in zip(*numbers.values(), strict=True))  # type: ignore[assignment]
        groups = ("all", "Asian", "White", "Not stated", "White British", "White other")
        for block, sex in enumerate(("all", "male", "female")):
            for position, (group, value) in enumerate(zip(groups, numbers[sex], strict=True)):
                cell = f"B{4 * block + position + 1 + (16 if position > 3 else 0)}"
                published = wrong.get(cell, value)
                if published is not None:
                    categories = {"sex": sex, "ethnicity": group}
                    staging.add("T", cell, published, categories=categories, **kwargs)
        return staging

    return stage
