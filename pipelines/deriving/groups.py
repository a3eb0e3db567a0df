"""The published groups of one period and place: which are parts of which, how many are known, what is hidden."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from monitor.vocabulary import category
from pipelines.deriving.residents import ALL, part_of
from pipelines.deriving.selection import KEPT_BACK

NONE, BOUNDED, HIDDEN, RECOVERABLE, BESIDE = "none", "bounded", "hidden", "recoverable", "beside_recoverable"
"""States of suppression; `bounded` is a shown count whose denominator includes suppressed cells."""
NO_NUMBER = {
    "rounded_to_zero": "The publisher rounds this count to zero: it is small and need not be nothing.",
    "low_reliability": "The publisher calls this count too unreliable to use.",
    "not_collected": "The publisher says that this was not collected.",
    "not_available": "The publisher says that this is not available.",
    "not_applicable": "The publisher says that this does not apply here.",
    "withdrawn": "The publisher has withdrawn this count.",
    "unreadable": "What is printed here cannot be read as a number.",
    "negative": "What is printed here is below zero, which no count can be. Ask the publisher what is meant.",
}
"""Why a category has a row and no number: the other states that a published cell can be in, in plain words."""


@dataclass
class Groups:
    """The categories of one characteristic at one period and place. `published` includes `all` where printed."""

    characteristic: str
    published: Mapping[str, Mapping[str, Any]]
    kinds: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    state: dict[str, str] = field(default_factory=dict)
    bounds: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = self.names
        for n in names:
            known = category(self.characteristic, n)
            self.kinds[n] = known.kind if known else "group"
            self.parents[n] = part_of(self.characteristic, n, names)
        self.state = dict.fromkeys(self.published, NONE)
        for name, figure in self.published.items():
            low, high = figure["value_low"], figure["value_high"]
            if figure["status"] in NO_NUMBER:
                self._keep_back(name, figure["status"])
            elif figure["status"] == "suppressed":
                state = figure.get(KEPT_BACK)
                self._keep_back(name, state or HIDDEN, None if state or high is None else (low or 0.0, high))
            elif (figure["value"] or 0) < 0:
                self._keep_back(name, "negative")

    @property
    def names(self) -> list[str]:
        """Every category, `all` apart."""
        return [n for n in self.published if n != ALL]

    @property
    def top(self) -> list[str]:
        """The groups that are part of no other and are known: one level that counts everyone known once."""
        return [n for n in self.names if self.parents[n] is None and self.kinds[n] == "group" and self._applies(n)]

    @property
    def unknown_names(self) -> list[str]:
        """The categories of people whose group is not known."""
        return [n for n in self.names if self.parents[n] is None and self.kinds[n] == "unknown" and self._applies(n)]

    def _applies(self, name: str) -> bool:
        return bool(self.published[name]["status"] != "not_applicable")

    def count(self, name: str) -> float | None:
        """The published count, None where it is hidden or must stay so."""
        return float(self.published[name]["value"]) if self.is_shown(name) else None

    def is_shown(self, name: str) -> bool:
        """Whether the count of a category may be shown, and what is computed from it."""
        return self.state.get(name) == NONE

    @property
    def known(self) -> float | None:
        """Everyone whose group is known; None where a group is hidden, because the sum would give it back."""
        counts = [self.count(n) for n in self.top]
        return sum(c for c in counts if c is not None) if None not in counts else None

    @property
    def unknown(self) -> float | None:
        """Everyone whose group is not known; None where a cell is hidden."""
        counts = [self.count(n) for n in self.unknown_names]
        return sum(c for c in counts if c is not None) if None not in counts else None

    @property
    def unknown_at_most(self) -> float:
        """As `unknown`, with the most that hidden cells can be (without limit where that is not known)."""
        highest = (self.count(n) if self.is_shown(n) else self.bounds[n][1] for n in self.unknown_names)
        return sum(math.inf if h is None else h for h in highest)

    @property
    def total(self) -> float | None:
        """Everyone: as published, else the sum of those known and unknown."""
        if ALL in self.published:
            return self.count(ALL)
        known, unknown = self.known, self.unknown
        return None if known is None or unknown is None else known + unknown

    @property
    def differs_from_total(self) -> bool:
        """Whether the parts miss the published total by more than rounding."""
        total, known, unknown = self.total, self.known, self.unknown
        if ALL not in self.published or total is None or known is None or unknown is None:
            return False
        return abs(known + unknown - total) > max(2, 0.0005 * total)

    def _keep_back(self, name: str, state: str, limits: tuple[float, float] | None = None) -> None:
        self.state[name] = state
        self.bounds[name] = limits or (None, None)


def groups_of(characteristic: str, part: pl.DataFrame, tables: Sequence[str]) -> Groups | None:
    """The groups of one period and place, each from the first table that publishes it; None where there is none."""
    of_status = {status: n for n, status in enumerate(("published", "suppressed", *NO_NUMBER))}
    of_table = {table: n for n, table in enumerate(dict.fromkeys(tables))}
    speaking = [f for f in part.iter_rows(named=True) if f["table_id"] in of_table and f["status"] in of_status]
    found: dict[str, dict[str, Any]] = {}
    for figure in sorted(speaking, key=lambda f: (of_status[f["status"]], of_table[f["table_id"]])):
        found.setdefault(figure[characteristic], figure)
    if not any(f["status"] == "published" for n, f in found.items() if n != ALL):
        return None
    return Groups(characteristic, found)
