"""What is different between editions, in words: one line a change, what vanished first."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import polars as pl

from dashboards.sentences import WORDS

_MOST = 40
"""Lines of one kind of change; `--json` has all of them."""


def changes(rows: pl.DataFrame, publication: str, anew: Sequence[Mapping[str, Any]] = (), unread: str = "") -> str:
    """Rows of `revision` as text: what is compared, how many changes of each kind, and a line each; and which files
    were read anew, which is no change by their publisher. `unread` says why no numbers could be compared.
    """
    told = [f"{publication}: nothing is different.", ""] if rows.is_empty() and not unread else []
    told += [f"{unread} So no numbers were compared.", ""] if unread else []
    for between in rows.partition_by("edition_before", "edition_after", "seen_after", maintain_order=True):
        first = between.row(0, named=True)
        if first["edition_before"] == first["edition_after"]:
            seen = [f"{first[f'seen_{end}']:%Y-%m-%d %H:%M}" for end in ("before", "after")]
            told.append(f"{publication} {first['edition_after']}: as seen {seen[0]}, and as seen {seen[1]}")
        else:
            told.append(f"{publication}: from {first['edition_before']} to {first['edition_after']}")
        for change, group in groupby(between.iter_rows(named=True), key=lambda row: row["change"]):
            lines = [row["message"] for row in group]
            told.append(f"\n{WORDS['change'][change]['heading']} ({len(lines):,})")
            told += [f"  {line}" for line in lines[:_MOST]]
            if len(lines) > _MOST:
                told.append(f"  and {len(lines) - _MOST:,} more: --json has them all.")
        told.append("")
    for line in anew:
        told.append(f"Read anew by us: {line['name']}, edition {line['edition_id']}: {differing(line)}.")
    return "\n".join(told).rstrip()


def differing(line: Mapping[str, Any]) -> str:
    """How many figures of a file came out otherwise when it was read anew."""
    return ", ".join(f"{line[what]:,} {words}" for what, words in _ANEW.items() if line[what])


_ANEW = {"appeared": "figures appeared", "gone": "are gone", "changed": "have another value"}
