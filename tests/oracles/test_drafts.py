"""Every published file, tried with no declaration, against what its cells say (`readings.py`, `../shared/oracles`).

No figure contradicts its cell or says less than it; nine cells of ten that carry a date are read.
"""

import csv
from collections import defaultdict
from datetime import date
from functools import lru_cache

import pytest

from .comparison import compared, contradiction, table, tried
from .readings import READINGS
from .said import CHARACTERISTICS, NOT_ASKED, PUBLISHED, AsPublished, Said, When, number

CELLS = PUBLISHED.parent / "oracles" / "cells.csv"
READ = 0.90
ENOUGH = 150_000

pytestmark = pytest.mark.skipif(not CELLS.exists(), reason="needs the published files beside the checkout")

read_and_compared = lru_cache(compared)


def test_every_published_table_of_figures_has_a_reading() -> None:
    published = {str(p.relative_to(PUBLISHED)) for p in PUBLISHED.rglob("*.*")}
    assert published - set(READINGS) == WITHOUT_FIGURES


WITHOUT_FIGURES = {
    "ethnicity-facts-figures/classification_definitions.csv",
    "ethnicity-facts-figures/classification_lookup.csv",
    "gss/expected_workbook.xlsx",
    "moj/Dataset_variable_list_for_csv_files.xlsx",
}


@pytest.mark.parametrize("file", READINGS)
def test_no_figure_contradicts_its_cell(file: str) -> None:
    found = read_and_compared(file)
    print(table(file, found))
    assert not found.wrong, f"{len(found.wrong)} wrong figures"


def test_nine_cells_of_ten_are_read() -> None:
    everything = {file: read_and_compared(file) for file in READINGS}
    print("\n".join(table(file, found, most=3) for file, found in everything.items()))
    dated = sum(found.cells - found.undated for found in everything.values())
    assert dated >= ENOUGH
    assert sum(found.read for found in everything.values()) >= READ * dated


@pytest.mark.parametrize("file", dict.fromkeys(row["file"] for row in csv.DictReader(CELLS.open(encoding="utf-8"))))
def test_cells_of_the_shared_oracle(file: str) -> None:
    figures = defaultdict(list)
    for figure in tried(file)[0]:
        figures[figure["sheet"], figure["cell"]].append(figure)
    wrong, unread = [], []
    for row in (r for r in csv.DictReader(CELLS.open(encoding="utf-8")) if r["file"] == file):
        said = _said(row)
        found = figures[said.sheet, said.cell]
        unread += [] if found else [said.cell]
        wrong += [f"{said.sheet}!{said.cell}: {why}" for f in found if (why := contradiction(said, f))]
    print(f"{file}: {len(unread)} unread: {unread[:8]}")
    assert not wrong, "\n".join(wrong)


def _said(row: dict[str, str]) -> Said:
    """A row of the shared oracle. What it calls other is a characteristic, a place or a circumstance."""
    other = dict(part.strip().split("=", 1) for part in row["other"].split(";") if "=" in part)
    people = {c: v for c in ("sex", "age", "ethnicity") if (v := row[c]) != "all"} | {
        c: AsPublished(v) if c == "disability" else v for c, v in other.items() if c in CHARACTERISTICS and v != "all"
    }
    if "15-17" in row["other"]:
        people["age"] = "all"
    if "establishment sex" in other:
        people["sex"] = NOT_ASKED
    extra = {k: v for k, v in other.items() if k not in CHARACTERISTICS and k != "place" and v != "all"}
    start, end = (date.fromisoformat(row[k]) if row[k] else None for k in ("start", "end"))
    when = When(start, end, row["kind"])
    sheet = row["sheet"] or file_name(row["file"])
    return Said(
        row["file"], sheet, row["cell"], number(row["value"]), "published", people, extra, *when, other.get("place")
    )


def file_name(file: str) -> str:
    return file.rpartition("/")[2]
