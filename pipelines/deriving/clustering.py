"""Limits that allow for what is alike within clusters, such as the events of one prison, of ratios of whole groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from monitor.statistics.arrays import Values
from monitor.statistics.clustered import JACKKNIFE, delete_one, delete_one_p
from monitor.statistics.stratified import without_each
from pipelines.deriving.strata import GROUP, Stratified

_LIMITS = "clustered_low", "clustered_high", "clustered_low_998", "clustered_high_998"


@dataclass(frozen=True)
class Clusters:
    """Counts and people of each group by cluster, in one period; a group with a hidden cell is left out.

    `name` is what a cluster is (`establishment`).
    """

    name: str
    of: Mapping[str, tuple[Values, Values]]

    @classmethod
    def among(cls, one: Stratified) -> "Clusters":
        """The clusters of a period's cells; one that has no row of a group has none of it."""
        every = one.cells[one.cluster].unique().sort()
        found = {}
        for (group,), part in one.cells.group_by([GROUP], maintain_order=True):
            if part["count"].null_count() or part["denominator"].null_count():
                continue
            there = pl.DataFrame({one.cluster: every}).join(part, on=one.cluster, how="left", maintain_order="left")
            found[str(group)] = tuple(there[n].fill_null(0.0).to_numpy() for n in ("count", "denominator"))
        return cls(one.cluster, found)  # type: ignore[arg-type]

    def limits(self, name: str, whom: Sequence[str], cell: tuple[float, float, float, float]) -> dict[str, float | str]:
        """Limits of the ratio in `cell` (count, base, and the reference's) from the ratios without each cluster.

        Nothing where a group is hidden in a cluster, where its clusters do not add up to the cell, or they are too few.
        """
        if name not in self.of or not whom or any(n not in self.of for n in whom):
            return {}
        parts = *self.of[name], *(np.sum([self.of[n][i] for n in whom], axis=0) for i in (0, 1))
        sums = [float(v.sum()) for v in parts]
        if sums != list(cell) or not min(sums) > 0:
            return {}
        # because of a crude ratio everything is one stratum, of which its kind makes no difference
        clusters = np.arange(len(parts[0]))
        ratio, without = sums[0] / sums[1] / (sums[2] / sums[3]), without_each("rate", 0 * clusters, clusters, *parts)
        limits = (*delete_one(ratio, without), *delete_one(ratio, without, 0.998))
        if not np.isfinite(limits).all():
            return {}
        method = f"{JACKKNIFE} by {self.name}, t on K - 1 degrees of freedom"
        found: dict[str, float | str] = dict(zip(_LIMITS, limits, strict=True))
        return found | {"clustered_p": delete_one_p(ratio, without), "clustered_method": method}
