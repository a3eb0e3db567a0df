"""What sums give away of the counts that they hide: exactly, and between which limits; and what to hide besides.

A table is a list of cells, known or not, and of sums: cells that add up to another. Whether a cell is determined is
decided in fractions, by the space of the sums' rows (Handbook on Statistical Disclosure Control, chapter 4); limits are
the least and the most of all tables of whole numbers from 0 that agree with what is known; what to hide besides is the
cheapest pattern by linear programming (Fischetti and Salazar 2000, after Cox 1980).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack

MOST_WHOLE = 200
"""Unknown cells that depend on each other up to which limits are of whole numbers; beyond, those of any numbers."""
_FREE, _NOTHING = 1e-3, 1e-7


@dataclass(frozen=True)
class Sum:
    """Cells that add up to `whole`, give or take `slack` where the publisher's own sums are out by as much."""

    parts: frozenset[int]
    whole: int
    slack: float = 0.0

    def signed(self) -> Iterator[tuple[int, int]]:
        """Each cell with its sign in `parts - whole = 0`."""
        yield from ((part, 1) for part in self.parts)
        yield self.whole, -1


@dataclass
class Table:
    """Cells, by number: what is known of each. A cell without a `value` lies from `low` (else 0) to `high`."""

    sums: Sequence[Sum]
    values: dict[int, float]
    low: dict[int, float] = field(default_factory=dict)
    high: dict[int, float] = field(default_factory=dict)

    def without(self, cells: Collection[int]) -> Table:
        """The same table for one who does not know some cells' values."""
        left = {n: v for n, v in self.values.items() if n not in cells}
        return Table(self.sums, left, self.low, self.high)

    def determined(self) -> set[int]:
        """The cells without a value that the sums give back, whatever the values are."""
        solved: dict[int, dict[int, Fraction]] = {}
        for each in self.sums:
            row = {n: Fraction(sign) for n, sign in each.signed() if n not in self.values}
            for pivot in [n for n in row if n in solved]:
                _take(row, solved[pivot], row[pivot])
            if not row:
                continue
            pivot = next(iter(row))
            row = {n: v / row[pivot] for n, v in row.items()}
            for other in solved.values():
                if pivot in other:
                    _take(other, row, other[pivot])
            solved[pivot] = row
        return {pivot for pivot, row in solved.items() if len(row) == 1}

    def gives(self, cell: int) -> bool:
        """Whether a cell without a value can be worked out: by the sums, or because no other count is possible."""
        low, high = self.limits([cell])[cell]
        return low == high or cell in self.determined()

    def limits(self, asked: Collection[int]) -> dict[int, tuple[float, float]]:
        """The least and the most that each cell asked for can be; (nan, nan) where no counts add up as they should."""
        found: dict[int, tuple[float, float]] = {}
        for cells, sums in self._together(asked):
            wanted = [n for n in cells if n in asked]
            found |= self._of_one(sums[0], wanted) if len(sums) == 1 else self._of_several(cells, sums, wanted)
        return found

    def _between(self, cell: int) -> tuple[float, float]:
        return self.low.get(cell, 0.0), self.high.get(cell, math.inf)

    def _left(self, each: Sum) -> float:
        """What the unknown cells of a sum, each with its sign, add up to."""
        return -sum(sign * self.values[n] for n, sign in each.signed() if n in self.values)

    def _together(self, asked: Collection[int]) -> Iterator[tuple[list[int], list[Sum]]]:
        """The unknown cells that depend on each other, and the sums by which they do, for all cells asked for."""
        of: dict[int, list[Sum]] = {}
        for each in self.sums:
            for n, _ in each.signed():
                if n not in self.values:
                    of.setdefault(n, []).append(each)
        seen: set[int] = set()
        for start in asked:
            if start in seen:
                continue
            cells, sums = [start], dict[Sum, None]()
            seen.add(start)
            for cell in cells:
                for each in of.get(cell, ()):
                    if each not in sums:
                        sums[each] = None
                        new = [n for n, _ in each.signed() if n not in self.values and n not in seen]
                        cells += new
                        seen.update(new)
            yield cells, list(sums) or [Sum(frozenset(), start, math.inf)]

    def _of_one(self, each: Sum, wanted: Sequence[int]) -> dict[int, tuple[float, float]]:
        signs = {n: sign for n, sign in each.signed() if n not in self.values}
        reach = {n: sorted(sign * end for end in self._between(n)) for n, sign in signs.items()}
        left, found = self._left(each), {}
        for n in wanted:
            rest = [sum(reach[m][end] for m in signs if m != n) for end in (0, 1)]
            ends = sorted(signs[n] * (left + out - r) for r, out in zip(rest, (each.slack, -each.slack), strict=True))
            low, high = self._between(n)
            low, high = max(low, math.ceil(ends[0]) if math.isfinite(ends[0]) else 0.0), min(high, ends[1])
            found[n] = (low, math.floor(high) if math.isfinite(high) else high) if low <= high else (math.nan, math.nan)
        return found

    def _of_several(
        self, cells: Sequence[int], sums: Sequence[Sum], wanted: Sequence[int]
    ) -> dict[int, tuple[float, float]]:
        place = {n: i for i, n in enumerate(cells)}
        left = np.array([self._left(each) for each in sums])
        slack = np.array([each.slack for each in sums])
        matrix = _matrix(sums, place)
        box = np.array([self._between(n) for n in cells])
        whole = len(cells) <= MOST_WHOLE and all(float(v).is_integer() for v in left)

        def least(n: int, sign: int) -> float:
            aim = np.zeros(len(cells))
            aim[place[n]] = sign
            found = milp(
                aim,
                integrality=np.full(len(cells), int(whole)),
                bounds=Bounds(box[:, 0], box[:, 1]),
                constraints=LinearConstraint(matrix, left - slack, left + slack),
            )
            # because of a status that tells of no limit the program may not know whether there is a table at all
            return float(found.fun) if found.status == 0 else math.nan if found.status == 2 else -math.inf

        ends = {n: (least(n, 1), -least(n, -1)) for n in wanted}
        return {
            n: (math.ceil(max(low, 0.0) - _FREE), math.floor(high + _FREE) if math.isfinite(high) else high)
            if low <= high
            else (math.nan, math.nan)
            for n, (low, high) in ends.items()
        }

    def cover(self, cell: int, cost: Mapping[int, float]) -> set[int]:
        """The known cells that cost least and without which the sums no longer give a cell back.

        `cost` is of each known cell; unknown ones cost nothing. Empty where the sums say what it is by themselves.
        """
        cells = sorted({cell, *(n for each in self.sums for n, _ in each.signed())})
        place = {n: i for i, n in enumerate(cells)}
        matrix = _matrix(self.sums, place)
        price = np.array([_FREE + (cost[n] if n in self.values else 0.0) for n in cells])
        limits = np.tile([0.0, math.inf], (2 * len(cells), 1))
        limits[place[cell]], limits[len(cells) + place[cell]] = (1.0, 1.0), (0.0, 0.0)
        moved = linprog(
            np.concatenate([price, price]),
            A_eq=hstack([matrix, -matrix]),
            b_eq=np.zeros(len(self.sums)),
            bounds=limits,
            method="highs",
        )
        if moved.status != 0:
            return set()
        by = moved.x[: len(cells)] - moved.x[len(cells) :]
        return {n for n in cells if n in self.values and abs(by[place[n]]) > _NOTHING}


def _take(row: dict[int, Fraction], other: Mapping[int, Fraction], times: Fraction) -> None:
    for n, v in other.items():
        left = row.get(n, Fraction(0)) - times * v
        if left:
            row[n] = left
        else:
            row.pop(n, None)


def _matrix(sums: Sequence[Sum], place: Mapping[int, int]) -> csr_array:
    entries = [(i, place[n], sign) for i, each in enumerate(sums) for n, sign in each.signed() if n in place]
    rows, columns, signs = (np.array(each) for each in zip(*entries, strict=True))
    return csr_array((signs.astype(float), (rows, columns)), shape=(len(sums), len(place)))
