"""What nests in what: every category a table separates, and the category it is part of.

What it makes true: checks and denominators know that 60-69 is part of 60 and over, and Pakistani of Asian, wherever
both are printed. What it refuses: a parent that the table does not print.
"""

import json
from collections import Counter
from functools import lru_cache
from typing import Any

import polars as pl

from monitor.declarations import Table as Declared
from monitor.vocabulary import DIMENSIONS, categories, parse_age
from monitor.vocabulary import category as known
from pipelines.tidy.task import NAMED


def levels(declared: Declared, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Which category is part of which, for every dimension the table separates."""
    rows = []
    for dimension in NAMED:
        seen = [c for c in _different(frame, dimension) if c != "all"]
        rows += _nested(declared.id, dimension, seen)
    others: dict[str, Counter[str]] = {}
    for text in _different(frame, "circumstances"):
        for dimension, category in json.loads(text).items():
            others.setdefault(dimension, Counter())[category] += 1
    for dimension, seen_others in others.items():
        if dimension not in DIMENSIONS:
            continue  # because of words kept as published nobody knows which is part of which
        rows += _nested(declared.id, dimension, list(seen_others))
    return rows


def unplaced(declared: Declared, refused: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Labels that were refused, as categories without figures: a sum that lacks them is not complete."""
    return [
        {"table_id": declared.id, "dimension": dimension, "category": label, "parent": None, "kind": "group"}
        for dimension, label in dict.fromkeys(refused)
        if dimension not in ("period", "place")
    ]


def _different(frame: pl.DataFrame, column: str) -> list[str]:
    """The different values of a column, in order, without writing out one that says the same everywhere."""
    return frame.select(pl.col(column).unique(maintain_order=True)).to_series().to_list()


def _nested(table: str, dimension: str, seen: list[str]) -> list[dict[str, Any]]:
    rows = []
    for name in seen:
        if dimension == "age":
            parent, kind = containing(name, seen), "group"
            if parse_age(name, bare=True) is None:
                kind = "unknown"
        else:
            record = known(dimension, name) if name in _listed(dimension) else None
            parent = record.parent if record and record.parent in seen else None
            kind = record.kind if record else "group"
        rows.append({"table_id": table, "dimension": dimension, "category": name, "parent": parent, "kind": kind})
    return rows


@lru_cache(maxsize=64)
def _listed(dimension: str) -> frozenset[str]:
    return frozenset(c.category for c in categories(dimension))


def containing(name: str, seen: list[str]) -> str | None:
    """The narrowest other age band that holds this one."""
    band = parse_age(name, bare=True)
    if band is None:
        return None
    wider = []
    for other in seen:
        outer = parse_age(other, bare=True)
        if other == name or outer is None:
            continue
        top = outer.high if outer.high is not None else 999
        mine = band.high if band.high is not None else 999
        if outer.low <= band.low and top >= mine:
            wider.append((top - outer.low, other))
    return min(wider)[1] if wider else None
