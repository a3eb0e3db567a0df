"""What only the numbers can settle: whose "Other" it is, and over which periods an undated total runs."""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache

import numpy as np

from monitor.vocabulary import Period, read_value
from pipelines.labels.meaning import is_total, text_of
from pipelines.labels.walk import OVER_PERIODS, Option, Placed, State
from pipelines.reading.grid import Cell, Column
from pipelines.shape import Table

TWO_MEANINGS = "two meanings, and the numbers do not say which"
Numbers = Callable[[int | Sequence[int]], np.ndarray]
"""The numbers of a row or column by its position, or of several, one under another; "not a number" where none is."""


def numbers_of(table: Table) -> tuple[Numbers, Numbers]:
    """How to ask for the numbers of a table's row, and of its column."""

    @cache
    def numbers() -> np.ndarray:
        columns = (table.cells(c) for c in table.columns)
        return np.column_stack([_numbers(column)[column.codes] for column in columns])

    return lambda i: numbers()[i], lambda j: numbers().T[j]


def _numbers(column: Column) -> np.ndarray:
    found = column.numbers
    return np.array(list(map(_number, column.values))) if found is None else found


def _number(cell: Cell) -> float:
    if isinstance(cell, float):
        return cell
    value = read_value(cell) if isinstance(cell, str) else None
    return math.nan if value is None or value.value is None else value.value


def settled(states: Sequence[State], options: dict[int, Option], numbers: Numbers) -> dict[int, State]:
    """Positions whose label has two meanings, as the sums decide: part of the group above, a group of its own, or no
    figure. After a single part it is a group of its own: a list of parts has two at least.
    """
    found: dict[int, State] = {}
    for i, option in options.items():
        d, inner = option.placed.meaning.dimension, option.placed
        parts = [k for k in range(option.parent_at + 1, i) if _is_part(states[k], d, option.parent)]
        whole, own = numbers(option.parent_at), numbers(i)
        rest = list(numbers(parts))
        if _all_equal(whole, [*rest, own]):
            found[i] = states[i]._replace(scope={**states[i].scope, d: inner})
        elif not _all_equal(whole, rest) and len(parts) > 1:
            found[i] = states[i]._replace(refused=states[i].refused or TWO_MEANINGS)
    return found


def parted(states: Sequence[State], dimensions: Sequence[str], numbers: Numbers) -> Iterator[tuple[int, State]]:
    """Rows of a list that stand under the last group of another list and exceed it: they are of everyone.

    Where rows between two groups exceed the first of them too, the groups are no wholes and nothing is said. A total
    alone that exceeds the group it stands under is of something else.
    """
    own = [next(iter(s.own)) if len(s.own) == 1 else None for s in states]

    def under(head: int, end: int, outer: str, inner: str) -> list[int]:
        return [i for i in range(head + 1, end) if own[i] == inner and outer in states[i].scope]

    def exceeding(head: int, rows: Sequence[int], inner: str, totals: bool) -> list[int]:
        alike = [i for i in rows if (states[i].scope[inner].meaning.kind == "total") == totals]
        return [i for i in alike if bool((numbers(i) > numbers(head) + 0.5).any())]

    for k, outer in enumerate(dimensions):
        heads = [i for i, d in enumerate(own) if d == outer]
        ends: dict[int, int] = {}
        between: dict[int, int] = {}
        for h, after in zip(heads, [*heads[1:], len(states)][: len(heads)], strict=True):
            end = next((i for i in range(h + 1, after) if own[i] in dimensions[:k]), after)
            (between if end == after < len(states) else ends)[h] = end
        for inner in dimensions[k + 1 :]:
            if any(exceeding(h, under(h, end, outer, inner), inner, False) for h, end in between.items()):
                continue
            for h, end in ends.items():
                rows = under(h, end, outer, inner)
                if exceeding(h, rows, inner, False):
                    for i in range(rows[0], end):
                        if inner in states[i].scope and outer in states[i].scope:
                            yield i, states[i]._replace(scope=_without(states[i], outer))
                else:
                    for i in exceeding(h, rows, inner, True):
                        yield i, states[i]._replace(refused=states[i].refused or TWO_MEANINGS)


def _without(state: State, dimension: str) -> dict[str, Placed]:
    return {d: p for d, p in state.scope.items() if d != dimension}


def _is_part(state: State, dimension: str, parent: str) -> bool:
    placed = state.scope.get(dimension)
    return dimension in state.own and placed is not None and placed.meaning.parent == parent


def _all_equal(whole: np.ndarray, parts: Sequence[np.ndarray]) -> bool:
    """Whether a whole is the sum of its parts wherever all are numbers, in one place at least."""
    beyond = whole - np.sum(parts, axis=0)
    compared = ~np.isnan(beyond)
    return bool(compared.any() and (np.abs(beyond[compared]) < 0.5).all() and whole[compared].any())


def dated(table: Table, states: Sequence[State], numbers: Numbers) -> Iterator[tuple[int, State]]:
    """Undated columns beside dated ones: a total runs over their periods where it is their sum, else is no figure."""
    if not any(s.period for s in states) or all(s.period or s.refused for s in states):
        return
    for j, state in enumerate(states):
        if state.period is not None or state.refused:
            continue
        same = [k for k, s in enumerate(states) if s.period and not s.refused and _said(s) == _said(state)]
        periods = [p for k in same if (p := states[k].period)]
        said = [c for axis in table.top if (c := axis.labels[j]) is not None]
        is_sum = len(same) > 1 and _all_equal(numbers(j), [numbers(k) for k in same])
        if is_sum and said and all(_says_total(c) for c in said) and len({p.end for p in periods}) == len(periods):
            first, last = min(periods, key=_start), max(periods, key=_start)
            span = Period(first.start, last.end, "flow", f"{first.label} to {last.label}", (), first.end)
            yield j, state._replace(period=span, unread=False)
        else:
            yield j, state._replace(refused=OVER_PERIODS)


def _start(period: Period) -> date:
    return period.start


def _said(state: State) -> frozenset[tuple[str, str]]:
    return frozenset((d, p.meaning.category) for d, p in state.scope.items() if p.meaning.kind != "total")


def _says_total(cell: Cell) -> bool:
    return is_total(cell) or text_of(cell).casefold().startswith("total")
