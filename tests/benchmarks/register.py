"""The register, measured: `python -m tests.benchmarks.register`.

Deriving it over 48 publications of 20 editions of 30 tables (under 5 seconds, and linear in the editions), and what it
notices of changed editions of real files (`mutations.py`): of harmful changes at least 99 in 100, and a false alarm on
at most 2 harmless ones in 1,000.
"""

import argparse
import datetime as dt
import json
import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from monitor.declarations import Publication
from monitor.store.schema import frame_schema
from monitor.watch.register import register
from tests.benchmarks import mutations

GROUPS = ("Asian", "Black", "Mixed", "White", "Other", "Not stated")


@dataclass(frozen=True)
class Scale:
    """Processor seconds to derive the register of so many publications, editions and tables."""

    publications: int
    editions: int
    tables: int
    seconds: float


def frames(publications: int, editions: int, tables: int) -> dict[str, pl.DataFrame]:
    """The store's frames of made series: each table by ethnicity, sex and age, in some editions one breakdown less."""
    artefacts: list[dict[str, Any]] = []
    surveyed: list[dict[str, Any]] = []
    breakdowns: list[dict[str, Any]] = []
    for p in range(publications):
        for e in range(editions):
            year, quarter = 2005 + e // 4, e % 4 + 1
            day = dt.date(year, 3 * quarter, 28)
            key = {"publication": f"series-{p}", "edition_id": f"{year}-Q{quarter}", "artefact_sha256": f"{p}-{e}"}
            artefacts.append(
                {"sha256": f"{p}-{e}", "original_sha256": f"{p}-{e}", "publication": f"series-{p}",
                 "edition_id": f"{year}-Q{quarter}", "kind": "original", "name": f"tables-{year}-q{quarter}.xlsx",
                 "published_on": day + dt.timedelta(days=28), "seen_at": dt.datetime(2030, 1, 1)}
            )  # fmt: skip
            for t in range(tables):
                at = {"sheet": f"Table_{t}", "position": 0}
                title = f"Table {t}: People of kind {'abcdefghij'[t % 10]}{'klmnopqrst'[t // 10 % 10]} by group, {year}"
                surveyed.append({**key, **at, "title": title, "first_period": dt.date(2005, 3, 31), "last_period": day,
                                 "crossed": '[["ethnicity", "sex"]]', "scope": "{}",
                                 "headings": ["number", "share"], "places": []})  # fmt: skip
                for d, names in (("ethnicity", GROUPS), ("sex", ("female", "male")), ("age", ("18-20", "21-24"))):
                    if d == "age" and (e + t) % 7 == 0:
                        continue
                    breakdowns.append({**key, **at, "characteristic": d, "classification": None,
                                       "categories": list(names), "unknown_share": 0.02, "suppressed_share": 0.0,
                                       "cells": ["B4:C10"], "unknown_share_before": 0.02})  # fmt: skip
    rows = {"artefact": artefacts, "surveyed_table": surveyed, "breakdown": breakdowns}
    return {
        name: pl.DataFrame([{k: r.get(k) for k in frame_schema(name)} for r in each], schema=frame_schema(name))
        for name, each in rows.items()
    }


def scale(publications: int = 48, editions: int = 20, tables: int = 30) -> Scale:
    """The register derived once."""
    held = frames(publications, editions, tables)
    declared = {
        f"series-{p}": Publication(id=f"series-{p}", title=f"Series {p}", publisher="Office")
        for p in range(publications)
    }
    start = time.process_time()
    register(declared, held["artefact"], held["surveyed_table"], held["breakdown"], as_of=dt.date(2030, 1, 1))
    return Scale(publications, editions, tables, time.process_time() - start)


def quality(number: int) -> dict[str, Any]:
    """How many of `number` changes are answered rightly, by kind; recall and the share of false alarms."""
    right: Counter[tuple[str, bool]] = Counter()
    all_: Counter[tuple[str, bool]] = Counter()
    by_dress: Counter[tuple[str, bool]] = Counter()
    ours = 0
    wrong = []
    for o in mutations.outcomes(number):
        all_[o.change, o.harmful] += 1
        right[o.change, o.harmful] += o.right
        by_dress[o.dress, o.right] += 1
        ours += o.harmful and o.right and {state for _, state, _ in o.said} == {"unclear"}
        if not o.right:
            wrong.append(asdict(o))
    harmful = sum(n for (_, h), n in all_.items() if h)
    harmless = sum(n for (_, h), n in all_.items() if not h)
    return {
        "changes": number,
        "harmful": harmful,
        "recall": sum(n for (_, h), n in right.items() if h) / harmful,
        "noticed_as_not_understood": ours,
        "harmless": harmless,
        "false_alarms": 1 - sum(n for (_, h), n in right.items() if not h) / harmless,
        "by_change": {name: f"{right[name, h]} of {n}" for (name, h), n in sorted(all_.items())},
        "by_dress": {
            name: f"{by_dress[name, True]} of {by_dress[name, True] + by_dress[name, False]}"
            for name in sorted({name for name, _ in by_dress})
        },
        "wrong": wrong,
    }


def main() -> None:
    """Measure and print one JSON document."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--changes", type=int, default=1200)
    chosen = options.parse_args()
    found = {"scale": [asdict(scale(editions=n)) for n in (5, 10, 20, 40)]}
    if mutations.PUBLISHED.exists():
        found["quality"] = quality(chosen.changes)  # type: ignore[assignment]
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
