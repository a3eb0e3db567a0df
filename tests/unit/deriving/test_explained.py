"""A change of a count in parts, or the reason why there are none."""

import math

import numpy as np
import polars as pl
import pytest

from monitor.statistics.decomposition import decomposed
from pipelines.deriving import explained
from tests.unit.deriving.test_rows import years


def of_black(held: pl.DataFrame) -> dict:
    (row,) = explained(held).filter(pl.col("category") == "Black").to_dicts()
    return row


def on_other_people(held: pl.DataFrame, people: float) -> pl.DataFrame:
    """The later year over other people, its rate and limits with them."""
    is_later = pl.col("period_end") == pl.col("period_end").max()
    return held.with_columns(denominator=pl.when(is_later).then(pl.lit(people)).otherwise("denominator"))


def test_without_ages_the_parts_are_the_symmetric_average_and_age_mix_is_not_none() -> None:
    held = on_other_people(years((2016, 100, "a"), (2021, 180, "a")), 2400.0)
    row = of_black(held)
    assert (row["count_change"], row["of_population"], row["of_rate"]) == pytest.approx((80, 25, 55))
    assert row["of_age_mix"] is None
    assert row["age_mix_reason"]


def test_limits_of_the_rate_are_from_those_that_each_rate_carries() -> None:
    held = years((2016, 100, "a"), (2021, 180, "a"))
    row = of_black(held)
    then, now = held.filter(pl.col("category") == "Black").sort("period_end").to_dicts()
    by = 2000 / then["per"]
    down = math.hypot(now["rate"] - now["rate_low"], then["rate_high"] - then["rate"])
    up = math.hypot(now["rate_high"] - now["rate"], then["rate"] - then["rate_low"])
    assert (row["of_rate_low"], row["of_rate_high"]) == pytest.approx((80 - by * down, 80 + by * up))


def test_on_one_count_of_the_people_the_population_did_not_move_because_none_counted_it() -> None:
    row = of_black(years((2016, 100, "a"), (2021, 180, "a")))
    assert (row["of_population"], row["of_rate"], row["status"]) == (None, 80, "shown")
    assert row["reason"].startswith("Nobody was counted between")


def test_across_a_break_nothing_is_divided() -> None:
    row = of_black(years((2016, 100, "a"), (2021, 180, "b")))
    assert (row["of_rate"], row["status"]) == (None, "refused")
    assert "from a to b" in row["reason"]


def test_people_at_one_date_only_and_people_gone_are_said_in_words() -> None:
    row = of_black(years((2021, 180, "a")))
    assert (row["count"], row["of_rate"], row["status"]) == (180, None, "withheld")
    assert row["reason"]
    row = of_black(on_other_people(years((2016, 100, "a"), (2021, 180, "a")), 0.0))
    assert (row["of_population"], row["of_rate"], row["status"]) == (None, None, "withheld")
    assert "nobody" in row["reason"]


@pytest.mark.filterwarnings("error")
def test_a_population_of_nobody_is_no_infinity() -> None:
    for cell in (([10], [100], [0], [0]), ([10], [0], [5], [100]), ([-1], [10], [1], [10])):
        assert np.isnan(np.asarray(decomposed(*cell), dtype=float)).all()
