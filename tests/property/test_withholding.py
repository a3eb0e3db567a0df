"""A hidden count, whatever else is published of the block: all ways back tried by an attacker who counts.

The attacker of these tests knows the publisher's totals and what `guarded` lets through, tries every table of whole
numbers that agrees with both, and shares no code with the program.
"""

import itertools
import math
from collections.abc import Iterator, Mapping

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.deriving import guarded
from tests.unit.deriving.made import HIDDEN, figures

GROUPS, SEXES = ("Asian", "Black", "White"), ("female", "male")
Cell = tuple[str, str]
LEAVES = [(g, s) for g in GROUPS for s in SEXES]
TOTALS = [("all", s) for s in SEXES] + [(g, "all") for g in GROUPS] + [("all", "all")]
SAID = ("status", "kept_back", "value", "value_low", "value_high")


def with_totals(leaves: Mapping[Cell, int]) -> dict[Cell, float]:
    whole = {
        (g, s): float(sum(v for (h, t), v in leaves.items() if g in (h, "all") and s in (t, "all"))) for g, s in TOTALS
    }
    return {**{k: float(v) for k, v in leaves.items()}, **whole}


def published(cells: Mapping[Cell, float], hidden: set[Cell]) -> pl.DataFrame:
    """As a publisher would print it; nothing is said of how small a hidden count is."""
    frame = figures({k: HIDDEN if k in hidden else v for k, v in cells.items()}, by=("ethnicity", "sex"))
    return frame.with_columns(value_low=pl.lit(None, pl.Float64), value_high=pl.lit(None, pl.Float64))


def let_through(frame: pl.DataFrame) -> dict[Cell, dict[str, object]]:
    frame = frame if "kept_back" in frame.columns else frame.with_columns(kept_back=pl.lit(None, pl.String))
    return {(r["ethnicity"], r["sex"]): {n: r[n] for n in SAID} for r in frame.iter_rows(named=True)}


def tables(known: Mapping[Cell, float], limits: Mapping[Cell, tuple[float, float]]) -> Iterator[dict[Cell, float]]:
    """Every table that agrees with the counts and limits known, totals among them: any women, and men as are left."""
    for women in itertools.product(*(range(int(known[g, "all"]) + 1) for g in GROUPS)):
        leaves = {(g, "female"): n for g, n in zip(GROUPS, women, strict=True)}
        leaves |= {(g, "male"): int(known[g, "all"]) - leaves[g, "female"] for g in GROUPS}
        full = with_totals(leaves)
        if all(full[k] == v for k, v in known.items()) and all(a <= full[k] <= b for k, (a, b) in limits.items()):
            yield full


@st.composite
def blocks(draw: st.DrawFn) -> tuple[dict[Cell, float], set[Cell]]:
    leaves = {k: draw(st.integers(0, 2)) for k in LEAVES}
    return with_totals(leaves), draw(st.sets(st.sampled_from(LEAVES), min_size=1, max_size=4))


@settings(max_examples=60, deadline=None)
@given(blocks())
def test_no_hidden_count_can_be_worked_out_with_the_publishers_totals(block) -> None:
    cells, hidden = block
    shown = let_through(guarded(published(cells, hidden)))
    totals = {k: cells[k] for k in TOTALS}
    counts = {k: said["value"] for k, said in shown.items() if said["value"] is not None}
    limits = {k: (said["value_low"], said["value_high"]) for k, said in shown.items() if said["value_high"] is not None}
    assert counts.items() <= cells.items()
    assert not hidden & counts.keys()
    possible = list(tables(totals | counts, limits))
    whatever = list(tables(totals, {}))
    for k in hidden:
        # because where the totals leave one value, as under a total of 0, nothing that is kept back changes it
        assert len({t[k] for t in possible}) > 1 or len({t[k] for t in whatever}) == 1, k


@settings(max_examples=60, deadline=None)
@given(blocks())
def test_where_the_publisher_gives_nothing_away_nothing_of_his_is_kept_back_and_limits_are_his(block) -> None:
    cells, hidden = block
    his = {k: v for k, v in cells.items() if k not in hidden}
    possible = list(tables(his, {}))
    shown = let_through(guarded(published(cells, hidden)))
    ends = {k: (min(t[k] for t in possible), max(t[k] for t in possible)) for k in hidden}
    for k, (low, high) in ends.items():
        told = shown[k]
        if low == high:
            assert (told["kept_back"], told["value_low"], told["value_high"]) == ("recoverable", None, None)
        else:
            assert (told["kept_back"], told["value_low"], told["value_high"]) == (None, low, high)
    if all(low < high for low, high in ends.values()):
        assert {k for k, said in shown.items() if said["value"] is None} == hidden


def test_a_womans_count_hidden_takes_the_least_counts_that_close_both_ways_back() -> None:
    """What was left open: a woman's count of another group, kept back in the margin, stood as all less the men."""
    cells = with_totals({
        ("Asian", "female"): 9, ("Asian", "male"): 40, ("Black", "female"): 12, ("Black", "male"): 300,
        ("White", "female"): 90, ("White", "male"): 60,
    })  # fmt: skip
    shown = let_through(guarded(published(cells, {("Asian", "female")})))
    assert {k for k, said in shown.items() if said["kept_back"] == "beside_recoverable"} == {
        ("Asian", "male"), ("White", "female"), ("White", "male"),
    }  # fmt: skip
    assert {k: shown[k]["value"] for k in TOTALS} == {k: cells[k] for k in TOTALS}


def test_what_one_table_hides_and_another_prints_is_no_secret() -> None:
    both = pl.concat([
        published({("Asian", "all"): 3.0, ("White", "all"): 5.0}, {("Asian", "all")}),
        published({("Asian", "all"): 3.0, ("White", "all"): 5.0}, set()).with_columns(table_id=pl.lit("other")),
    ])  # fmt: skip
    assert {r["value"] for r in guarded(both).filter(table_id="other").iter_rows(named=True)} == {3.0, 5.0}


def test_tables_that_share_cells_are_one_block() -> None:
    """Hidden in a table by sex, and given back by another by age: something is kept back of either."""
    by_sex = figures(
        {("Asian", "all"): 9.0, ("Asian", "female"): HIDDEN, ("Asian", "male"): 5.0}, by=("ethnicity", "sex")
    )
    by_age = figures(
        {("female", "18-20"): 1.0, ("female", "21+"): 3.0, ("female", "all"): HIDDEN},
        by=("sex", "age"), table="ages",
    ).with_columns(ethnicity=pl.lit("Asian"))  # fmt: skip
    alone = {r["sex"]: r["kept_back"] for r in guarded(by_sex).iter_rows(named=True)}
    assert alone == {"all": None, "female": "recoverable", "male": "beside_recoverable"}
    together = pl.concat([by_sex, by_age.filter(pl.col("age") != "all")])
    told = {r["age"]: (r["kept_back"], r["value"]) for r in guarded(by_age, beside=together).iter_rows(named=True)}
    assert told == {"18-20": ("beside_recoverable", None), "21+": (None, 3.0), "all": ("recoverable", None)}


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [(3.0, 2.5, 3.5), (3.25, 3.245, 3.255), (0.2, 0.15, 0.25)],
)
def test_a_printed_share_of_a_known_whole_leaves_what_its_rounding_leaves(share, low, high) -> None:
    whole = 100_000.0
    cells = {("Asian", "all"): HIDDEN, ("Black", "all"): HIDDEN, ("White", "all"): 90_000.0, ("all", "all"): whole}
    frame = figures(cells, by=("ethnicity", "sex")).with_columns(value_low=pl.lit(None), value_high=pl.lit(None))
    rates = figures({("Asian", "all"): share, ("White", "all"): 90.0}, by=("ethnicity", "sex"), measure="share")
    told = let_through(guarded(frame, rates))["Asian", "all"]
    assert told["kept_back"] is None
    assert (told["value_low"], told["value_high"]) == (math.ceil(whole * low / 100), math.floor(whole * high / 100))


def test_a_printed_share_that_leaves_one_count_gives_it_away_and_the_one_beside_it() -> None:
    cells = {("Asian", "all"): HIDDEN, ("Black", "all"): HIDDEN, ("White", "all"): 92.0, ("all", "all"): 100.0}
    rates = figures({("Asian", "all"): 4.0, ("White", "all"): 92.0}, by=("ethnicity", "sex"), measure="share")
    told = let_through(guarded(figures(cells, by=("ethnicity", "sex")), rates))
    assert {g: told[g, "all"]["kept_back"] for g in ("Asian", "Black", "White", "all")} == {
        "Asian": "recoverable", "Black": "recoverable", "White": None, "all": None,
    }  # fmt: skip


def test_nothing_hidden_is_nothing_done() -> None:
    frame = published(with_totals(dict.fromkeys(LEAVES, 3)), set())
    assert guarded(frame) is frame


def test_a_frame_is_guarded_once() -> None:
    once = guarded(published(with_totals(dict.fromkeys(LEAVES, 3)), {("Asian", "male")}))
    assert guarded(once) is once


def test_sums_out_by_rounding_widen_limits_and_a_list_that_is_no_sum_ties_nothing() -> None:
    rounded = {("Asian", "all"): HIDDEN, ("Black", "all"): HIDDEN, ("White", "all"): 50.0, ("all", "all"): 60.0}
    men = {("Asian", "male"): 5.0, ("Black", "male"): 5.0, ("White", "male"): 41.0, ("all", "male"): 50.0}
    frame = figures({**rounded, **men}, by=("ethnicity", "sex")).with_columns(
        value_low=pl.lit(None), value_high=pl.lit(None)
    )
    assert let_through(guarded(frame))["Asian", "all"]["value_high"] == 11
    some_of_all = figures({("Asian", "male"): 5.0, ("Black", "male"): 5.0, ("all", "male"): 90.0, ("Asian", "all"): 9.0,
                           ("Black", "all"): HIDDEN, ("all", "all"): 200.0}, by=("ethnicity", "sex"))  # fmt: skip
    told = let_through(guarded(some_of_all))["Black", "all"]
    assert (told["kept_back"], told["value_low"], told["value_high"]) == (None, 1, 5)


def test_what_stands_by_a_circumstance_of_the_publishers_own_is_tied_too() -> None:
    """Of one sort of order hidden: the other sort and the whole give it back, although no vocabulary lists them."""
    cells = [(None, "community"), (5.0, "suspended"), (9.0, None)]
    frame = pl.concat(
        figures({("Asian", "all"): value}, by=("ethnicity", "sex")).with_columns(
            circumstances=pl.lit("{}" if sort is None else f'{{"order_type": "{sort}"}}')
        )
        for value, sort in cells
    )
    told = {r["circumstances"]: r["kept_back"] for r in guarded(frame).iter_rows(named=True)}
    assert list(told.values()) == ["recoverable", "beside_recoverable", None]
