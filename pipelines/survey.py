"""What a file is broken down by, asked of the file itself.

What it makes true: any workbook, declared or not, answers for each of its tables which characteristics it
separates people by, into which categories, which share is unknown or suppressed, and which are crossed. So
"not broken down by" rests on sheets inspected, not on what somebody declared.

A characteristic counts when a table separates at least two substantive groups with numbers. A constant
("Males" over a whole table) is scope, not a breakdown.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from monitor.store.schema import frame_schema
from monitor.vocabulary import CHARACTERISTICS, best_classification, ordered, read_value
from pipelines.placing import Placing, infer, place
from pipelines.reading.grid import Grid
from pipelines.shape import Table, tables

_NAMED = tuple(c.id for c in CHARACTERISTICS)
GYPSY_ROMA_TRAVELLER = {"Gypsy or Irish Traveller", "Roma"}
"""Ethnic groups whose own row makes the breakdown "Gypsy, Roma and Traveller" present too."""


@dataclass
class Characteristic:
    """One characteristic of one table: its categories as published and harmonised, and what is not known."""

    categories: list[str]
    classification: str | None = None
    unknown_share: float | None = None
    suppressed_share: float | None = None
    cells: tuple[str, ...] = ()


@dataclass
class Surveyed:
    """One table of one sheet, and what it is broken down by."""

    sheet: str
    position: int
    title: str
    first_period: dt.date | None = None
    last_period: dt.date | None = None
    characteristics: dict[str, Characteristic] = field(default_factory=dict)
    crossed: list[list[str]] = field(default_factory=list)
    scope: dict[str, str] = field(default_factory=dict)


def survey(grids: Sequence[Grid], symbols: str = "default") -> list[Surveyed]:
    """Every table of every grid, with what it is broken down by."""
    return [_surveyed(table, symbols) for grid in grids for table in tables(grid)]


def _surveyed(table: Table, symbols: str) -> Surveyed:
    sides = []
    for axis in table.side:
        dimensions = infer(axis)
        if dimensions:
            sides.append(place(axis, dimensions, table.after_blank, fill_down=len(table.side) > 1))
    tops = []
    for axis in table.top:
        dimensions = infer(axis)
        if dimensions:
            tops.append(place(axis, dimensions))
    out = Surveyed(table.grid.sheet, table.position, table.title)
    ends = sorted(p.end for placing in (*sides, *tops) for p in placing.periods if p is not None)
    if ends:
        out.first_period, out.last_period = ends[0], ends[-1]
    along: dict[str, list[Placing]] = {}
    for placing in (*sides, *tops):
        for d in placing.dimensions:
            if d in _NAMED:
                along.setdefault(d, []).append(placing)
    for d, placings in along.items():
        categories = {m.category: m.kind for placing in placings for m in placing.categories(d)}
        groups = [c for c, kind in categories.items() if kind == "group"]
        if len(groups) == 1:
            out.scope[d] = groups[0]
        if len(groups) < 2:
            continue
        named = ordered(d, [c for c, kind in categories.items() if kind != "total"])
        code, _ = best_classification(d, groups)
        out.characteristics[d] = Characteristic(named, code, *_unknown_and_suppressed(table, d, sides, tops, symbols))
        if d == "ethnicity" and GYPSY_ROMA_TRAVELLER & set(groups):
            out.characteristics["gypsy_roma_traveller"] = Characteristic(
                sorted(GYPSY_ROMA_TRAVELLER & set(groups)), None, None, None, out.characteristics[d].cells
            )
    present = [d for d in _NAMED if d in out.characteristics]
    out.crossed = _crossed(present, sides, tops)
    return out


def _crossed(present: list[str], sides: list[Placing], tops: list[Placing]) -> list[list[str]]:
    """Which characteristics vary within one another: a group of each in force for the same row or column."""
    if len(present) < 2:
        return []
    rows, columns = _varying(sides, present), _varying(tops, present)
    together = {row | column for row in rows for column in columns if len(row | column) > 1}
    largest = [t for t in together if not any(t < other for other in together)]
    return sorted([[d for d in present if d in t] for t in largest])


def _varying(placings: list[Placing], present: list[str]) -> set[frozenset[str]]:
    """For each row (or column) the characteristics of which a group is in force, over all its label levels."""
    length = max((len(p.scopes) for p in placings), default=0)
    found = {
        frozenset(d for p in placings if (s := p.scopes[i]) for d in _groups(s, present)) for i in range(length)
    }
    return found or {frozenset()}


def _groups(scope: dict[str, Any], present: list[str]) -> set[str]:
    return {d for d, placed in scope.items() if d in present and placed.meaning.kind == "group"}


def _unknown_and_suppressed(
    table: Table, dimension: str, sides: list[Placing], tops: list[Placing], symbols: str
) -> tuple[float | None, float | None, tuple[str, ...]]:
    """Share unknown at the latest period where all else is "all"; share of the breakdown's cells suppressed."""
    grid = table.grid
    in_rows = [p for p in sides if dimension in p.dimensions]
    in_columns = [p for p in tops if dimension in p.dimensions]
    periods = [p for p in tops if any(p.periods)]
    columns = list(range(len(table.columns)))
    if periods:
        latest = max(x.end for x in periods[0].periods if x is not None)
        columns = [j for j in columns if (x := periods[0].periods[j]) is not None and x.end == latest] or columns
    known = unknown = 0.0
    cells = suppressed = 0
    first = last = ""
    best = None
    names = {m.category for p in (*in_rows, *in_columns) for m in p.categories(dimension)}
    for i, r in enumerate(table.rows):
        scope = _merged(p.scopes[i] for p in sides)
        if in_rows and dimension not in scope:
            continue
        row = grid.rows[r]
        for j in range(len(table.columns)):
            c = table.columns[j]
            raw = row[c] if c < len(row) else None
            if raw is None:
                continue
            here = scope
            if in_columns:
                here = {**scope, **_merged(p.scopes[j] for p in tops)}
                if dimension not in here:
                    continue
            if here[dimension].meaning.kind == "total":
                continue
            cells += 1
            if not first:
                first = grid.address(r, c)
            last = grid.address(r, c)
            if not isinstance(raw, float):
                seen = read_value(str(raw), symbols)
                suppressed += seen is not None and seen.status == "suppressed"
                continue
            if j not in columns:
                continue
            meaning = here[dimension].meaning
            others = sum(1 for d, p in here.items() if d != dimension and p.meaning.kind != "total")
            if best is None or others < best:
                best, known, unknown = others, 0.0, 0.0
            if others == best:
                if meaning.kind == "unknown":
                    unknown += raw
                elif meaning.parent not in names:
                    known += raw
    share = unknown / (known + unknown) if known + unknown else None
    where = (f"{first}:{last}",) if first else ()
    return share, (suppressed / cells if cells else None), where


def _merged(scopes: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for scope in scopes:
        if scope:
            out.update(scope)
    return out


def summary(surveyed: Sequence[Surveyed]) -> dict[str, str]:
    """Each of the nine characteristics and the three besides: `present` or `absent`."""
    return {d: "present" if any(d in t.characteristics for t in surveyed) else "absent" for d in _NAMED}


def frames(surveyed: Sequence[Surveyed], empty_sheets: Sequence[str] = ()) -> dict[str, pl.DataFrame]:
    """The survey as the store keeps it: every table and every breakdown; sheets without a table count too."""
    tables_ = [
        {
            "sheet": t.sheet,
            "position": t.position,
            "title": t.title,
            "first_period": t.first_period,
            "last_period": t.last_period,
            "crossed": json.dumps(t.crossed),
            "scope": json.dumps(t.scope, sort_keys=True),
        }
        for t in surveyed
    ] + [{"sheet": sheet, "position": -1} for sheet in empty_sheets]
    breakdowns = [
        {
            "sheet": t.sheet,
            "position": t.position,
            "characteristic": d,
            "classification": c.classification,
            "categories": c.categories,
            "unknown_share": c.unknown_share,
            "suppressed_share": c.suppressed_share,
            "cells": list(c.cells),
        }
        for t in surveyed
        for d, c in t.characteristics.items()
    ]
    keys = ("publication", "edition_id", "artefact_sha256")
    return {
        name: pl.DataFrame(
            [_complete(r, name) for r in rows],
            schema={k: v for k, v in frame_schema(name).items() if k not in keys},
        )
        for name, rows in (("surveyed_table", tables_), ("breakdown", breakdowns))
    }


def _complete(row: dict[str, Any], table: str) -> dict[str, Any]:
    return {name: row.get(name) for name in frame_schema(table)}


def document(sha256: str, surveyed: Sequence[Surveyed]) -> dict[str, Any]:
    """The survey as one JSON document for other programs."""
    return {
        "sha256": sha256,
        "tables": [
            {
                "sheet": t.sheet,
                "title": t.title,
                "first_period": t.first_period.isoformat() if t.first_period else None,
                "last_period": t.last_period.isoformat() if t.last_period else None,
                "characteristics": {
                    d: {
                        "classification": c.classification,
                        "categories": c.categories,
                        "unknown_share": c.unknown_share,
                        "suppressed_share": c.suppressed_share,
                    }
                    for d, c in t.characteristics.items()
                },
                "crossed": t.crossed,
                "scope": t.scope,
            }
            for t in surveyed
        ],
        "characteristics": summary(surveyed),
    }
