"""What a declaration yields from a file, as a table a person checks against the file and keeps.

What it makes true: once checked, the table is the known answer: the same file read by a changed declaration, or by
a changed reader, is compared with it cell by cell. What it refuses: to leave out a figure because it has no value.
"""

import json
from collections.abc import Sequence

import polars as pl

from monitor.vocabulary import CHARACTERISTICS

_KEY = ("table_id", "sheet", "cell", "measure")
_FIRST = (*_KEY, "period_label", "period_end", "place_code")
_LAST = ("circumstances", "value", "status", "marker")


def expected(figures: pl.DataFrame) -> pl.DataFrame:
    """One row a figure, in the file's order, with the characteristics that any of them has. All text."""
    used = [c.id for c in CHARACTERISTICS if c.id in figures.columns and (figures[c.id] != "all").any()]
    columns = [c for c in (*_FIRST, *used, *_LAST) if c in figures.columns]
    return figures.select(pl.col(c).cast(pl.String).fill_null("") for c in columns)


def differing(figures: pl.DataFrame, checked: pl.DataFrame) -> list[str]:
    """How figures differ from those a person checked, one sentence a figure; empty where they are the same.

    Raises ValueError for a table that lacks the columns which name a figure.
    """
    lacking = [c for c in _KEY if c not in checked.columns]
    if lacking:
        raise ValueError(
            f"expected the columns {', '.join(_KEY)} of a table written by `try --write`; it lacks {', '.join(lacking)}"
        )
    now = _by_key(expected(figures))
    then = _by_key(checked.select(pl.all().cast(pl.String).fill_null("")))
    said = [f"{_name(k)}: was expected, and is not there" for k in then if k not in now]
    said += [f"{_name(k)}: is there, and was not expected" for k in now if k not in then]
    for key in then:
        for column, value in then[key].items() if key in now else ():
            found = now[key].get(column, "all" if column not in _LAST else "")
            if not _same(found, value):
                said.append(f"{_name(key)}: {column}: expected {value!r}, found {found!r}")
    return said


def _by_key(frame: pl.DataFrame) -> dict[tuple[str, ...], dict[str, str]]:
    """Rows by what names them; those that share a cell (a number that is two figures) are numbered."""
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    seen: dict[tuple[str, ...], int] = {}
    for row in frame.iter_rows(named=True):
        key = tuple(row[c] for c in _KEY)
        if key[2].startswith("sum of"):
            key = (*key, json.dumps({k: v for k, v in row.items() if k not in _LAST[1:]}, sort_keys=True))
        seen[key] = seen.get(key, 0) + 1
        rows[(*key, str(seen[key]))] = row
    return rows


def _name(key: Sequence[str]) -> str:
    return f"{key[0]} {key[1]}!{key[2]}"


def _same(found: str, value: str) -> bool:
    try:
        return found == value or abs(float(found) - float(value)) <= 1e-9 * max(1.0, abs(float(value)))
    except ValueError:
        return False
