"""Totals beside their parts in a column of labels, found by testing whether rows equal sums of others.

Labels of which some count the same people, and which no sum explains, may overlap and are not to be added.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from monitor.vocabulary import meanings

_WHOLE = re.compile(r"\b(?:all(?! other)|totals?|sub-?totals?|overall|combined|of which)\b", re.I)
_SEARCHED = 24
"""Labels among which any subset is tried as parts; of longer lists, all of them and runs of neighbours."""
_STEPS = 20_000
"""Subsets tried for one label before it is given up."""
_INFORMATIVE = 3
"""Combinations in which a sum must hold with two parts or more, before a label that no word calls a total is one."""
_SMALL = 5
_ALIKE = 0.9
"""Share of combinations in which two labels have one value, above which they may be the same people."""


@dataclass(frozen=True)
class Totals:
    """What a column's labels are to each other.

    `parts` are safe to add; `totals` gives the parts of each label that is a sum of others; `overlapping` are labels
    that may count the same people as others do: while there are any, `parts` is empty. `whole` is everyone, if a
    label is: the sum of all parts, or what no other label ever exceeds.
    """

    column: str
    parts: tuple[str, ...]
    totals: dict[str, tuple[str, ...]]
    overlapping: tuple[str, ...]
    whole: str | None


def totals_in(frame: pl.DataFrame, columns: Sequence[str], value: str, step: float = 0.0) -> dict[str, Totals]:
    """For each label column of a long table, its totals and parts over all combinations of the other columns.

    A row that is not there counts as 0, a null value as unknown. `step` is what figures are rounded to, 0 for exact
    counts.
    """
    data = frame.select(*(pl.col(c).cast(pl.String).fill_null("") for c in columns), pl.col(value).cast(pl.Float64))
    return {column: _of_column(data, column, _apart_from(data, columns, column), value, step) for column in columns}


def _apart_from(data: pl.DataFrame, columns: Sequence[str], column: str) -> list[str]:
    """The other columns, without those that only say the same more finely or more coarsely."""
    one = data[column].n_unique()
    return [
        other
        for other in columns
        if other != column and data.select(column, other).n_unique() > max(one, data[other].n_unique())
    ]


def _of_column(data: pl.DataFrame, column: str, others: Sequence[str], value: str, step: float) -> Totals:
    labels = data[column].unique(maintain_order=True).to_list()
    at = {label: i for i, label in enumerate(labels)}
    keys = data.select(pl.struct(others) if others else pl.lit(0)).to_series().rank("dense").to_numpy().astype(int) - 1
    known = data[value].is_not_null().to_numpy()
    where = (keys, np.array([at[label] for label in data[column]], dtype=int))
    cells = np.zeros((keys.max(initial=0) + 1, len(labels)))
    np.add.at(cells, where, data[value].fill_null(0).to_numpy())
    hidden = np.zeros(cells.shape, dtype=bool)
    np.logical_or.at(hidden, where, ~known)
    table = _Table(labels, cells, hidden, step)
    totals = table.totals()
    atoms = [label for label in labels if label not in totals]
    doubtful = table.overlapping([at[label] for label in atoms])
    whole = table.whole(list(totals), doubtful)
    if doubtful:
        return Totals(column, (), totals, tuple(atoms), whole)
    return Totals(column, tuple(atoms), totals, (), whole)


@dataclass
class _Table:
    """Values by combination and label."""

    labels: list[str]
    cells: np.ndarray
    hidden: np.ndarray
    step: float

    def totals(self) -> dict[str, tuple[str, ...]]:
        """Labels that are sums of others, the smallest first, so that a total of totals has parts that are none."""
        found: dict[str, tuple[str, ...]] = {}
        for i in np.argsort(self.cells.sum(axis=0), kind="stable"):
            free = [j for j in range(len(self.labels)) if j != i and self.labels[j] not in found and self._within(j, i)]
            parts = next((p for p in self._candidates(int(i), free) if self._is_sum(int(i), p)), None)
            if parts:
                found[self.labels[i]] = tuple(self.labels[j] for j in sorted(parts))
        return found

    def overlapping(self, atoms: Sequence[int]) -> list[str]:
        """Labels that no sum explains: those a word calls a whole, and those that are nearly always another."""
        doubtful = {self.labels[j] for j in atoms if len(atoms) > 1 and _is_whole(self.labels[j])}
        for position, i in enumerate(atoms):
            for j in atoms[position + 1 :]:
                both = (self.cells[:, [i, j]] > _SMALL).all(axis=1) & ~self.hidden[:, [i, j]].any(axis=1)
                # because small counts are often the same, whatever they count
                if (
                    len(np.unique(self.cells[both, i])) >= _INFORMATIVE
                    and np.mean(self.cells[both, i] == self.cells[both, j]) > _ALIKE
                ):
                    doubtful |= {self.labels[i], self.labels[j]}
        return sorted(doubtful, key=self.labels.index)

    def whole(self, totals: Sequence[str], doubtful: Sequence[str]) -> str | None:
        """The label that no other exceeds anywhere, of those that are totals or are called so."""
        for label in dict.fromkeys((*totals[::-1], *doubtful)):
            i = self.labels.index(label)
            if (label in totals or _is_whole(label)) and all(self._within(j, i) for j in range(len(self.labels))):
                return label
        return None

    def _within(self, part: int, whole: int) -> bool:
        known = ~(self.hidden[:, part] | self.hidden[:, whole])
        return bool((self.cells[known, part] <= self.cells[known, whole] + self.step).all())

    def _candidates(self, whole: int, free: Sequence[int]) -> Iterator[list[int]]:
        """Sets of labels that may be the parts: all that fit, neighbours after or before, then any subset."""
        yield list(free)
        for run in (list(range(whole + 1, len(self.labels))), list(range(whole - 1, -1, -1))):
            run = [j for j in run if j in set(free)]
            reached = np.cumsum(self.cells[:, run].sum(axis=0)) if run else np.array([])
            for end in np.flatnonzero(np.abs(reached - self.cells[:, whole].sum()) <= self._slack(len(run))):
                yield run[: int(end) + 1]
        if len(free) <= _SEARCHED:
            yield from self._subsets(whole, sorted(free, key=lambda j: -self.cells[:, j].sum()))

    def _subsets(self, whole: int, free: Sequence[int]) -> Iterator[list[int]]:
        known = ~self.hidden[:, whole]
        target, values = self.cells[known, whole], self.cells[known][:, list(free)]
        slack = self._slack(len(free))
        left = np.cumsum(values[:, ::-1], axis=1)[:, ::-1]
        hides = self.hidden[:, list(free)].any()
        steps = 0
        stack: list[tuple[int, np.ndarray, list[int]]] = [(0, target, [])]
        while stack and steps < _STEPS:
            steps += 1
            at, rest, chosen = stack.pop()
            if not hides and (np.abs(rest) <= slack).all() and len(chosen) > 1:
                yield [free[k] for k in chosen]
            if at == len(free) or (not hides and (left[:, at] < rest - slack).any()):
                continue
            stack.append((at + 1, rest, chosen))
            if (values[:, at] <= rest + slack).all():
                stack.append((at + 1, rest - values[:, at], [*chosen, at]))

    def _is_sum(self, whole: int, parts: Sequence[int]) -> bool:
        if not parts or self.cells[:, whole].sum() == 0:
            return False
        known = ~(self.hidden[:, whole] | self.hidden[:, list(parts)].any(axis=1))
        values = self.cells[known][:, list(parts)]
        apart = np.abs(values.sum(axis=1) - self.cells[known, whole])
        informative = int(((values > 0).sum(axis=1) >= 2).sum())
        called = _is_whole(self.labels[whole])
        enough = informative >= (1 if called else _INFORMATIVE)
        return enough and bool((apart <= self._slack(len(parts))).all())

    def _slack(self, parts: int) -> float:
        return self.step / 2 * (parts + 1) + 1e-6


def _is_whole(label: str) -> bool:
    """Whether a word of the label, or all its meanings, say that it is a total."""
    found = meanings(label)
    return bool(_WHOLE.search(label)) or (bool(found) and all(m.kind == "total" for m in found))
