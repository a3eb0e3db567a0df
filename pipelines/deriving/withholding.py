"""What must not be repeated for the sake of counts that a publisher hides: one rule over all that stands together.

A block is one period, place and counting system: every count of it, by whatever its tables separate, and the sums that
tie them. Where the publisher's own tables give a hidden count back, no limits of it are shown, and the least counts
beside it are kept back until nothing that is shown gives it back, the publisher's totals known.
"""

import itertools
import json
import math
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import polars as pl

from monitor.statistics.disclosure import Sum, Table
from monitor.vocabulary import UnknownWord
from pipelines.deriving.groups import BESIDE, RECOVERABLE
from pipelines.deriving.residents import ALL, NAMED, SYSTEM, part_of
from pipelines.deriving.selection import KEPT_BACK

BLOCK = ("period_start", "period_end", "place_code", "system")
MOST_CELLS = 20_000
"""Crossed cells of one table up to which those that are not printed are reckoned with too."""
TOTALS_LAST = 1e6
ROUNDED, ROUNDED_SHARE = 2.0, 0.0005
"""How far parts may be from their whole by rounding: people, or a share of the whole if that is more."""

_CELL = (*NAMED, "circumstances")
_TURN = {"published": 0, "suppressed": 1}
Key = tuple[str, ...]
Tie = tuple[tuple[Any, ...], Key, frozenset[Key]]
"""What kind of sum it is (of one dimension, into one category, of one table), its whole and its parts."""


@dataclass
class Taken:
    """How many blocks had something hidden, and the seconds each took."""

    blocks: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        longest = max(self.blocks, default=0.0)
        return f"Hidden counts: {len(self.blocks):,} blocks in {sum(self.blocks):.1f} s, the longest {longest:.2f} s"


def guarded(
    figures: pl.DataFrame,
    rates: pl.DataFrame | None = None,
    beside: pl.DataFrame | None = None,
    taken: Taken | None = None,
) -> pl.DataFrame:
    """`figures` with what must not be repeated hidden, limits on what is, and the column `kept_back` to tell them.

    `beside` are all the figures of the publication that stand in the same blocks (`figures` where none are given),
    `rates` the rates and shares printed there. Returned as it is where nothing is hidden, or was guarded before.
    """
    everything = figures if beside is None else beside
    hidden = everything.filter(pl.col("status") == "suppressed")
    if KEPT_BACK in figures.columns or hidden.is_empty() or figures.is_empty():
        return figures
    here = {"how": "semi", "on": BLOCK, "nulls_equal": True}
    asked, told = figures.with_columns(SYSTEM), list[dict[str, Any]]()
    blocks = hidden.with_columns(SYSTEM).select(BLOCK).unique().join(asked, **here)  # type: ignore[arg-type]
    parts = everything.with_columns(SYSTEM).join(blocks, **here).partition_by(BLOCK, as_dict=True)  # type: ignore[arg-type]
    printed = {} if rates is None else rates.with_columns(SYSTEM).partition_by(BLOCK, as_dict=True)
    for block, part in parts.items():
        began = time.perf_counter()
        found = _Block(part, printed.get(block)).told()
        told += [dict(zip((*BLOCK, *_CELL), (*block, *cell), strict=True)) | said for cell, said in found]
        if taken is not None:
            taken.blocks.append(time.perf_counter() - began)
    schema = {n: asked.schema[n] for n in (*BLOCK, *_CELL)}
    said = pl.DataFrame(
        told, {**schema, KEPT_BACK: pl.String, "_low": pl.Float64, "_high": pl.Float64, "_is": pl.Boolean}
    )
    joined = asked.join(said, on=[*BLOCK, *_CELL], how="left", nulls_equal=True, maintain_order="left")
    is_told = pl.col("_is").fill_null(False)
    return joined.with_columns(
        value=pl.when(~is_told).then("value"),
        status=pl.when(is_told).then(pl.lit("suppressed")).otherwise("status"),
        value_low=pl.when(is_told).then("_low").otherwise("value_low"),
        value_high=pl.when(is_told).then("_high").otherwise("value_high"),
    ).drop("_low", "_high", "_is", "system")


class _Block:
    """One block: its cells by number, the sums that tie them, and which of them the publisher hides."""

    def __init__(self, figures: pl.DataFrame, rates: pl.DataFrame | None) -> None:
        self.more = sorted({c for said in figures["circumstances"].unique() for c in json.loads(said)})
        dims, low, high = (*NAMED, *self.more), dict[int, float](), dict[int, float]()
        rows = sorted(figures.iter_rows(named=True), key=lambda f: _TURN.get(f["status"], 2))
        number: dict[Key, int] = {}
        first: dict[Key, str] = {}
        values: dict[int, float] = {}
        tables: dict[str, set[Key]] = {}
        for figure in rows:
            key = self._key(figure)
            n = number.setdefault(key, len(number))
            status = first.setdefault(key, figure["status"])
            tables.setdefault(figure["table_id"], set()).add(key)
            if status == figure["status"] == "suppressed":
                low[n] = max(low.get(n, 0.0), figure["value_low"] or 0.0)
                most = figure["value_high"]
                high[n] = min(high.get(n, math.inf), math.inf if most is None else most)
            elif figure["status"] == status == "not_applicable":
                values[n] = 0.0
            elif figure["status"] == "published" and figure["value"] >= 0:
                values.setdefault(n, figure["value"])
        self.hidden = [number[key] for key, status in first.items() if status == "suppressed"]
        ties = [tie for table, keys in tables.items() for tie in _ties(keys, dims, table)]
        ties += _ties(first, dims, None) if len(tables) > 1 else []
        for key in sorted({key for _, whole, parts in ties for key in (whole, *parts)}):
            number.setdefault(key, len(number))
        self.cells = {n: key for key, n in number.items()}
        of_kind: dict[tuple[Any, ...], list[Sum]] = {}
        for kind, whole, parts in ties:
            of_kind.setdefault(kind, []).append(Sum(frozenset(number[p] for p in parts), number[whole]))
        table = Table([], values, low, high)
        table.sums = list(dict.fromkeys(each for sums in of_kind.values() for each in _true(sums, table)))
        self.table = table
        shown = [] if rates is None else rates.filter(pl.col("status") == "published").iter_rows(named=True)
        self.printed = {number[k]: f["value"] for f in shown if set(json.loads(f["circumstances"])) <= {*self.more}
                        and (k := self._key(f)) in number}  # fmt: skip

    def _key(self, figure: Mapping[str, Any]) -> Key:
        said = json.loads(figure["circumstances"]) if self.more else {}
        return (*(figure[c] for c in NAMED), *(said.get(c, ALL) for c in self.more))

    def _stored(self, cell: int) -> Key:
        key = self.cells[cell]
        said = {c: name for c, name in zip(self.more, key[len(NAMED) :], strict=True) if name != ALL}
        return (*key[: len(NAMED)], json.dumps(said))

    def told(self) -> Iterator[tuple[Key, dict[str, Any]]]:
        """Each cell hidden or kept back, as the store names it, with what is said of it."""
        given, known = self._by_rates()
        limits = known.limits(self.hidden)
        alone = self.table.determined() | {n for n in self.hidden if limits[n][0] == limits[n][1]} | given
        stated = {n: limits[n] for n in self.hidden if n not in alone and all(map(math.isfinite, limits[n]))}
        for n in self.hidden:
            yield self._stored(n), _said(RECOVERABLE if n in alone else None, *stated.get(n, (None, None)))
        for n in self._beside([n for n in self.hidden if n in alone], stated):
            yield self._stored(n), _said(BESIDE)

    def _beside(self, alone: Sequence[int], stated: Mapping[int, tuple[float, float]]) -> set[int]:
        """The least counts without which nothing shown, limits `stated` included, gives back those given away."""
        whole = {each.whole for each in self.table.sums}
        cost = {n: v + (TOTALS_LAST if n in whole else 0.0) for n, v in self.table.values.items()}
        low, high = ({n: ends[i] for n, ends in stated.items()} for i in (0, 1))
        table = Table(self.table.sums, self.table.values, self.table.low | low, self.table.high | high)
        kept: set[int] = set()
        for n in alone:
            if table.low.get(n, 0.0) == table.high.get(n, math.inf):
                continue  # because limits that the publisher states are one number: nothing kept back changes it
            while (left := table.without(kept)).gives(n):
                tied = [cells for each in table.sums if {n, *kept} & (cells := {each.whole, *each.parts})]
                beside = sorted(left.values.keys() & set[int]().union(*tied), key=cost.__getitem__)
                more = left.cover(n, cost) or set(beside[:1])
                if not more:
                    break
                kept |= more
        return kept

    def _by_rates(self) -> tuple[set[int], Table]:
        """The hidden cells that a printed rate gives away; and of shares of a known whole, limits by their rounding."""
        given, known = set[int](), Table(self.table.sums, self.table.values, {**self.table.low}, {**self.table.high})
        above = {n: self._above(n) for n in self.printed}
        for n in self.printed.keys() & {*self.hidden}:
            wholes = [t for t in above[n] if self.table.values.get(t) and self._is_share_of(t, above)]
            if not wholes:
                given.add(n)
                continue
            whole = self.table.values[wholes[0]]
            low, high = (whole * end / 100 for end in self._rounded(n))
            known.low[n] = max(known.low.get(n, 0.0), math.ceil(low - 1e-9))
            known.high[n] = min(known.high.get(n, math.inf), math.floor(high + 1e-9))
        return given, known

    def _is_share_of(self, whole: int, above: Mapping[int, set[int]]) -> bool:
        """Whether what is printed of the counts shown is their per cent of a whole."""
        shown = [n for n in self.printed if whole in above[n] and n in self.table.values]
        shares = ((100 * self.table.values[n] / self.table.values[whole], self._rounded(n)) for n in shown)
        return bool(shown) and all(low - 1e-9 <= share <= high + 1e-9 for share, (low, high) in shares)

    def _rounded(self, cell: int) -> tuple[float, float]:
        """The least and the most that a rate can have been, printed with as many decimals as any beside it."""
        half = 0.5 * 10.0 ** -max(len(f"{v:.9f}".rstrip("0").partition(".")[2]) for v in self.printed.values())
        return self.printed[cell] - half, self.printed[cell] + half

    def _above(self, cell: int) -> set[int]:
        found: set[int] = set()
        new = {cell}
        while new := {each.whole for each in self.table.sums if new & each.parts} - found:
            found |= new
        return found


def _said(state: str | None, low: float | None = None, high: float | None = None) -> dict[str, Any]:
    return {KEPT_BACK: state, "_low": low, "_high": high, "_is": True}


def _ties(keys: Iterable[Key], dims: Sequence[str], table: str | None) -> Iterator[Tie]:
    """The sums by which cells are tied: of one table, those crossed that it does not print too."""
    keys = {*keys}
    names = [sorted({key[at] for key in keys}) for at in range(len(dims))]
    if table is not None and math.prod(map(len, names)) <= MOST_CELLS:
        keys = {*itertools.product(*names)}
    for at, dim in enumerate(dims):
        beside: dict[tuple[Key, Key], list[str]] = {}
        for key in sorted(keys) if len(names[at]) > 1 else ():
            beside.setdefault((key[:at], key[at + 1 :]), []).append(key[at])
        for (before, after), named in beside.items():
            for whole, parts in _families(dim, frozenset(named)):
                cells = frozenset((*before, part, *after) for part in parts)
                yield (dim, whole, table), (*before, whole, *after), cells


@lru_cache(maxsize=4096)
def _families(dim: str, names: frozenset[str]) -> list[tuple[str, list[str]]]:
    """Categories of which at least two others are parts; all of them together is one."""
    parts: dict[str, list[str]] = {}
    for name in sorted(names - {ALL}):
        whole = None
        with suppress(UnknownWord):  # because a circumstance may be the publisher's own, of which no nesting is known
            whole = part_of(dim, name, sorted(names))
        parts.setdefault(whole or ALL, []).append(name)
    return [(whole, some) for whole, some in parts.items() if whole in names and len(some) > 1]


def _true(sums: Collection[Sum], table: Table) -> Iterator[Sum]:
    """Sums of one kind, with how far those that can be added up are out; none where most of those do not add up."""
    out = []
    for each in sums:
        if {each.whole, *each.parts} <= table.values.keys():
            whole = table.values[each.whole]
            apart = abs(whole - sum(table.values[n] for n in each.parts))
            out.append((apart <= max(ROUNDED, ROUNDED_SHARE * whole), apart))
    if 2 * sum(is_near for is_near, _ in out) < len(out):
        return
    slack = max((apart for is_near, apart in out if is_near), default=0.0)
    for each in sums:
        least = sum(table.values.get(n, table.low.get(n, 0.0)) for n in each.parts)
        if least <= table.values.get(each.whole, math.inf) + slack or table.values.keys() >= {each.whole, *each.parts}:
            yield Sum(each.parts, each.whole, slack)
