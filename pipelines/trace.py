"""A quoted number traced back: which published cells, sums of one table or shares give it, or the nearest."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

import polars as pl

from monitor.declarations import Measure
from monitor.vocabulary import category, ordered
from pipelines.deriving.residents import NAMED, SYSTEM

_SUBSETS_UP_TO = 6


class NotANumber(ValueError):
    """A word that is not a number."""


def trace(held: Sequence[tuple[Measure, pl.DataFrame]], numbers: Sequence[str]) -> dict[str, Any]:
    """Matches for each number as quoted (`22,324` or `27.2%`): `{"matches": […], "nearest": […]}`.

    `held` pairs measures with their usable observations. A percentage matches to the decimals quoted.
    """
    wanted = [_read(n) for n in numbers]
    candidates = [c for measure, figures in held for c in _candidates(measure, figures)]
    matches = []
    nearest = []
    for text, value, is_share, places in wanted:
        mine = [c for c in candidates if c["is_share"] == is_share]
        found = [c for c in mine if round(c["value"] * (100 if is_share else 1), places) == value]
        matches += [_shown(c, text) for c in found]
        if not found:
            mine.sort(key=lambda c: abs(c["value"] * (100 if is_share else 1) - value))
            nearest += [_shown(c, text) for c in mine[:3]]
    slice_of = itemgetter("edition", "period", "sex")
    together = Counter(part for part, _ in {(slice_of(m), m["asked"]) for m in matches})
    # because a date that gives every number quoted is the likelier source
    matches.sort(key=lambda m: -together[slice_of(m)])
    return {"matches": matches, "nearest": nearest}


def _read(text: str) -> tuple[str, float, bool, int]:
    plain = text.strip().replace(",", "")
    is_share = plain.endswith("%")
    plain = plain.rstrip("%")
    try:
        return text, float(plain), is_share, len(plain.partition(".")[2])
    except ValueError:
        raise NotANumber(f"expected numbers such as 22,324 or 27.2%, found {text!r}.") from None


def _shown(candidate: dict[str, Any], asked: str) -> dict[str, Any]:
    value = candidate["value"]
    said = f"{100 * value:.2f}%" if candidate["is_share"] else f"{value:,.10g}"
    return {
        "asked": asked,
        "value": said,
        **{k: candidate[k] for k in ("expression", "cells", "edition", "period", "sex", "measure")},
    }


def _candidates(measure: Measure, figures: pl.DataFrame) -> Iterator[dict[str, Any]]:
    published = figures.filter((pl.col("status") == "published") & (pl.col("circumstances") == "{}"))
    for characteristic, tables in measure.table.items():
        others = [d for d in NAMED if d not in (characteristic, "sex")]
        frame = published.filter(
            pl.col("table_id").is_in(tables) & pl.all_horizontal(pl.col(d) == "all" for d in others)
        )
        keys = ["edition_id", "table_id", "sheet", "period_end", "sex", "system"]
        for key, part in frame.with_columns(SYSTEM).partition_by(keys, as_dict=True, maintain_order=True).items():
            yield from _of_slice(measure, characteristic, part, key)


def _of_slice(
    measure: Measure, characteristic: str, part: pl.DataFrame, key: tuple[Any, ...]
) -> Iterator[dict[str, Any]]:
    rows = {r[characteristic]: r for r in part.iter_rows(named=True)}
    total = rows.get("all")
    named = [n for n in rows if n != "all"]
    kinds = {n: (c.kind if (c := category(characteristic, n)) else "group") for n in named}
    top = [n for n in named if (c := category(characteristic, n)) is None or c.parent not in named]
    groups = ordered(characteristic, [n for n in top if kinds[n] == "group"])
    known = sum(rows[n]["value"] for n in groups)
    where = {
        "edition": f"{measure.publication} {key[0]}, {key[2]}",
        "period": str(key[3]),
        "measure": measure.id,
        "sex": key[4],
    }
    sex = "" if key[4] == "all" else f", {key[4]}"

    def candidate(names: Sequence[str], divisor: float | None, of: str) -> dict[str, Any]:
        value = sum(rows[n]["value"] for n in names)
        expression = " + ".join(names) + (f" of {of}" if of else "") + f" on {key[3]}{sex}"
        cells = [f"{rows[n]['sheet']}!{rows[n]['cell']}" for n in names]
        return {
            "value": value / divisor if divisor else value,
            "is_share": divisor is not None,
            "expression": expression,
            "cells": cells,
            **where,
        }

    if total is not None:
        yield candidate(["all"], None, "")
    for names in _sums(named, groups):
        yield candidate(names, None, "")
        if known and all(n in groups for n in names):
            yield candidate(names, known, "those known")
        if total is not None and total["value"]:
            yield candidate(names, total["value"], "all")


def _sums(singles: list[str], groups: list[str]) -> Iterator[tuple[str, ...]]:
    yield from ((n,) for n in singles)
    sizes = range(2, len(groups)) if len(groups) <= _SUBSETS_UP_TO else (len(groups) - 1,)
    for size in sizes:
        if size > 1:
            yield from itertools.combinations(groups, size)
