"""Which characteristics a release crosses, from the tables seen in its files; nothing is modelled."""

import itertools
import json
from dataclasses import replace
from typing import Any

import polars as pl

from monitor.declarations import Measure
from monitor.vocabulary import CHARACTERISTICS, ordered
from pipelines.deriving.fit import Refused, Request
from pipelines.deriving.references import EACH
from pipelines.deriving.residents import ALL
from pipelines.deriving.selection import varying_by

_ORDER = {c.id: i for i, c in enumerate(CHARACTERISTICS)}


def crossings(surveyed: pl.DataFrame, publication: str | None = None) -> list[dict[str, Any]]:
    """One row a set of crossed characteristics and publication: `publication, crossed, editions, tables[]`.

    `surveyed` are the store's surveyed tables. A table that crosses three also crosses each pair of them.
    """
    found: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}
    for row in surveyed.iter_rows(named=True):
        if publication is not None and row["publication"] != publication:
            continue
        for crossed in json.loads(row["crossed"] or "[]"):
            names = sorted(crossed, key=lambda n: _ORDER.get(n, len(_ORDER)))
            for size in range(len(names), 1, -1):
                for some in itertools.combinations(names, size):
                    entry = found.setdefault(
                        (row["publication"], some),
                        {"publication": row["publication"], "crossed": list(some), "editions": [], "tables": []},
                    )
                    if row["edition_id"] not in entry["editions"]:
                        entry["editions"].append(row["edition_id"])
                    entry["tables"].append({"edition": row["edition_id"], "sheet": row["sheet"], "title": row["title"]})
    return sorted(
        found.values(), key=lambda e: (e["publication"], -len(e["crossed"]), [_ORDER.get(n, 99) for n in e["crossed"]])
    )


def each_within(measure: Measure, request: Request, numerators: pl.DataFrame) -> list[Request]:
    """The request for each published category of what is asked for `each`. Raises `Refused` where none is crossed."""
    open_ = [c for c, name in request.within if name == EACH]
    if not open_:
        return [request]
    other = open_[0]
    rest = {c: name for c, name in request.held.items() if c != other and name != EACH}
    crossed = varying_by(
        [request.characteristic, other], numerators, rest, measure.circumstances, measure.sum_over
    ).filter((pl.col(request.characteristic) != ALL) & (pl.col(other) != ALL))
    if crossed.is_empty():
        raise Refused(
            f"{measure.id} is not published by {request.characteristic} within {other}; `crossings` says what is "
            "published together."
        )
    names = ordered(other, crossed[other].unique().to_list())
    return [
        one
        for name in names
        for one in each_within(
            measure,
            replace(request, within=tuple((c, name if c == other else n) for c, n in request.within)),
            numerators,
        )
    ]
