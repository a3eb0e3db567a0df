"""What a hidden count can be, from the whole of its place: never the number itself, never from a threshold."""

import datetime as dt

import polars as pl
import pytest

from pipelines.tidy.bounds import bounded

DAY = dt.date(2023, 6, 30)


def counts(table: str, values: list[float | None], place: str = "here") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "table_id": table, "place_code": place, "period_start": DAY, "period_end": DAY, "value": values,
            "status": ["suppressed" if v is None else "published" for v in values],
            "value_low": None, "value_high": None,
        },
        schema_overrides={"value": pl.Float64, "value_low": pl.Float64, "value_high": pl.Float64},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "everyone", "most"),
    [
        ([56.0, 232.0, None, None], [290.0, 2.0], 3),  # four people for two counts
        ([56.0, None, None, None], [66.0], 8),
        ([56.0, None], [60.0], None),  # because what is left is the count
        ([56.0, None, None], [58.0], None),  # because both are one
        ([56.0, None, None], [57.0], None),  # because the two tables contradict each other
        ([56.0, None, None], [57.0, None], None),  # because nobody knows the whole
    ],
)
def test_bounds_of_hidden_counts(values: list[float | None], everyone: list[float | None], most: float | None) -> None:
    found = bounded(counts("groups", values), [counts("whole", everyone)], "whole")
    hidden = found.filter(status="suppressed")
    assert set(hidden["value_high"]) == {most}
    assert set(hidden["value_low"]) == {None if most is None else 1}
    shown = found.filter(status="published")
    assert (shown["value_low"].null_count(), shown["value_high"].null_count()) == (shown.height, shown.height)


def test_the_whole_of_another_place_bounds_nothing() -> None:
    found = bounded(counts("groups", [56.0, None, None]), [counts("whole", [66.0], place="there")], "whole")
    assert found["value_high"].null_count() == 3


def test_without_the_table_of_everyone_there_are_no_bounds() -> None:
    frame = counts("groups", [56.0, None, None])
    assert bounded(frame, [frame], "whole").equals(frame)
