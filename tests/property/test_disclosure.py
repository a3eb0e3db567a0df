"""What sums give away: against every table of whole numbers there is, and against the rank of a matrix.

The oracles know nothing of the code: they try all counts, or ask numpy for a rank.
"""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.statistics.disclosure import Sum, Table

Grid = tuple[int, int, list[list[int]]]


@st.composite
def grids(draw: st.DrawFn, most: int = 4) -> tuple[dict[int, float], list[Sum], int, int]:
    """A table of rows and columns with all its totals: values by number, its sums, and how many rows and columns."""
    height, width = draw(st.integers(2, 3)), draw(st.integers(2, 3))
    inner = [[draw(st.integers(0, most)) for _ in range(width)] for _ in range(height)]
    full = [[*row, sum(row)] for row in inner]
    full.append([sum(column) for column in zip(*full, strict=True)])
    number = {(i, j): i * (width + 1) + j for i in range(height + 1) for j in range(width + 1)}
    values = {n: float(full[i][j]) for (i, j), n in number.items()}
    sums = [Sum(frozenset(number[i, j] for j in range(width)), number[i, width]) for i in range(height + 1)]
    sums += [Sum(frozenset(number[i, j] for i in range(height)), number[height, j]) for j in range(width + 1)]
    return values, sums, height, width


def every_table(values: dict[int, float], sums: Sequence[Sum], unknown: Sequence[int], most: int) -> Iterator[tuple]:
    """All counts that the unknown cells can be at once, none above `most`: cell after cell."""

    def can_be(full: dict[int, float]) -> bool:
        for each in sums:
            so_far, whole = sum(full.get(p, 0.0) for p in each.parts), full.get(each.whole)
            if whole is not None and (so_far > whole or (each.parts <= full.keys() and so_far < whole)):
                return False
        return True

    def further(full: dict[int, float], left: Sequence[int]) -> Iterator[tuple]:
        if not can_be(full):
            return
        if not left:
            yield tuple(full[n] for n in unknown)
            return
        for tried in range(most + 1):
            yield from further(full | {left[0]: tried}, left[1:])

    yield from further(values, unknown)


def gives_back(sums: Sequence[Sum], unknown: Sequence[int], cell: int) -> bool:
    """Whether a cell is a combination of what is known: by the rank of the sums over what is not."""
    signs = [[(n in each.parts) - (n == each.whole) for n in unknown] for each in sums]
    alone = [int(n == cell) for n in unknown]
    return bool(np.linalg.matrix_rank([*signs, alone]) == np.linalg.matrix_rank(signs))


@settings(max_examples=60, deadline=None)
@given(grids(most=2), st.data())
def test_limits_and_what_is_determined_are_those_of_every_table_there_is(grid, data) -> None:
    values, sums, *_ = grid
    unknown = sorted(data.draw(st.sets(st.sampled_from(sorted(values)), min_size=1, max_size=4)))
    known = {n: v for n, v in values.items() if n not in unknown}
    table, most = Table(sums, known), max(12, int(max(values.values())))
    found, limits = table.determined(), table.limits(unknown)
    possible = list(every_table(known, sums, unknown, most))
    for at, cell in enumerate(unknown):
        tried = {each[at] for each in possible}
        low, high = limits[cell]
        assert low == min(tried)
        assert high == max(tried) or (high > most and max(tried) <= most)
        assert (cell in found) == gives_back(sums, unknown, cell)
        if high <= most:
            assert table.gives(cell) == (len(tried) == 1)


@settings(max_examples=40, deadline=None)
@given(grids(), st.data())
def test_what_is_hidden_besides_is_enough_and_the_cheapest_there_is(grid, data) -> None:
    values, sums, height, width = grid
    inner = [i * (width + 1) + j for i in range(height) for j in range(width)]
    cell = data.draw(st.sampled_from(inner))
    cost = {n: v + (0.0 if n in inner else 1000.0) for n, v in values.items()}
    table = Table(sums, values).without([cell])
    besides = table.cover(cell, cost)
    assert not gives_back(sums, [cell, *besides], cell)
    others = [n for n in inner if n != cell]
    enough = [
        sum(cost[n] for n in some)
        for size in range(1, len(others) + 1)
        for some in itertools.combinations(others, size)
        if not gives_back(sums, [cell, *some], cell)
    ]
    assert sum(cost[n] for n in besides) <= min(enough) + 1e-2 * len(besides)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=5), st.integers(0, 9), st.integers(0, 9))
def test_limits_of_a_publisher_hold_beside_those_of_the_sum(parts, low, high) -> None:
    """One sum, its first cells hidden and each between stated limits: the formula's and every table's are the same."""
    low, high = sorted((low, high))
    hidden = [n for n, v in enumerate(parts) if low <= v <= high][:3]
    values = {n: float(v) for n, v in enumerate(parts) if n not in hidden} | {len(parts): float(sum(parts))}
    each = Sum(frozenset(range(len(parts))), len(parts))
    found = Table([each], values, dict.fromkeys(hidden, low), dict.fromkeys(hidden, high)).limits(hidden)
    possible = [
        t for t in itertools.product(range(low, high + 1), repeat=len(hidden))
        if sum(t) + sum(values[n] for n in range(len(parts)) if n in values) == sum(parts)
    ]  # fmt: skip
    for at, n in enumerate(hidden):
        assert found[n] == (min(t[at] for t in possible), max(t[at] for t in possible))


def test_a_cell_of_no_sum_has_the_limits_it_came_with() -> None:
    found = Table([], {}, {1: 1.0}, {1: 5.0}).limits([1, 2])
    assert found == {1: (1, 5), 2: (0, float("inf"))}


def test_sums_that_cannot_be_have_no_limits() -> None:
    line, column = Sum(frozenset({1, 2}), 3), Sum(frozenset({1, 4}), 5)
    found = Table([line, column], {3: 4.0, 2: 9.0, 5: 2.0}).limits([1, 4])
    assert all(np.isnan(end) for ends in found.values() for end in ends)


@pytest.mark.parametrize(("slack", "expected"), [(0.0, (0, 7)), (2.0, (0, 9))])
def test_what_the_publishers_sums_are_out_by_widens_the_limits(slack, expected) -> None:
    assert Table([Sum(frozenset({1, 2, 3}), 4, slack)], {3: 3.0, 4: 10.0}).limits([1])[1] == expected


def test_a_combination_of_three_sums_is_found_where_no_single_one_tells() -> None:
    """Men and women by two groups: one woman hidden, her column's other count too, and every total known."""
    rows = [Sum(frozenset({0, 1}), 2), Sum(frozenset({3, 4}), 5)]
    columns = [Sum(frozenset({0, 3}), 6), Sum(frozenset({1, 4}), 7)]
    table = Table(rows + columns, {2: 9.0, 4: 5.0, 5: 8.0, 6: 7.0, 7: 10.0})
    assert table.determined() == {0, 1, 3}
    assert Table([*rows, *columns], {2: 9.0, 5: 8.0, 6: 7.0, 7: 10.0}).determined() == set()
