"""Asking a program's questions of the command line, and reading its rows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from monitor.settings import home
from monitor.store.database import Reader
from monitor.store.schema import TABLES

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "published"
WORKBOOK = SHARED / "moj" / "Population_30June2022_Annual.xlsx"
LATEST, NEWEST = SHARED / "moj" / "Population_30June2023_Annual.ods", "2023-06-30"
"""The workbook of the newest edition that is transcribed, and that edition."""

PRISON = "prison-population"
IN_2022 = "--period", "2022-06-30"
"""The day of which most known answers are; a later edition is held too."""
ENGLAND_AND_WALES = "K04000001"

Row = dict[str, Any]

with_originals = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the publishers' originals are not here: no ../shared/published"
)


def rows_of(cli: Any, *arguments: str, **options: Any) -> list[Row]:
    """The rows a verb prints with `--json`."""
    rows: list[Row] = cli(*arguments, "--json", **options).document
    return rows


def by_category(rows: list[Row]) -> Mapping[str, Row]:
    """Rows of one date by category: each category once."""
    found = {row["category"]: row for row in rows}
    assert len(found) == len(rows), "a category stands twice"
    return found


def tables_of(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of a home's published database, whole, in a stated order."""
    with Reader(home(folder)) as store:
        return {name: store.table(name).rows() for name in TABLES}


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The tables that are not identical: named, because a whole table says little in a failure."""
    return [name for name in one if one[name] != other[name]]
