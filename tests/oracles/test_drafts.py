"""Every published file, tried with no declaration, against what its cells say (`readings.py`, `../shared/oracles`).

No figure contradicts its cell or says less than it; nine cells of ten that carry a date are read.
"""

import csv
from datetime import date
from functools import lru_cache

import pytest

from .comparison import Compared, compared, table
from .readings import READINGS
from .said import CHARACTERISTICS, NOT_ASKED, PUBLISHED, AsPublished, Said, number

CELLS = PUBLISHED.parent / "oracles" / "cells.csv"
READ = 0.90
ENOUGH = 150_000
WITHOUT_FIGURES = {
    "ethnicity-facts-figures/classification_definitions.csv",
    "ethnicity-facts-figures/classification_lookup.csv",
    "gss/expected_workbook.xlsx",
    "moj/Dataset_variable_list_for_csv_files.xlsx",
}

LONG = (
    "Adjudications", "Population_data_tool", "Population_30June2022", "Population_30June2023", "Deaths",
    "census2021_ethnic20", "localAuthorities", "regions", "local-authority", "la-ethnic-groups",
    "scotland", "ukmidyear", "rogs",
)  # fmt: skip
"""Files that are tried nightly: each takes more processor time than the rest together."""

pytestmark = pytest.mark.skipif(not CELLS.exists(), reason="needs the published files beside the checkout")


@lru_cache
def of(file: str) -> tuple[Compared, Compared]:
    return compared(file, [said for said in shared() if said.file == file])


def test_every_published_table_of_figures_has_a_reading() -> None:
    published = {str(p.relative_to(PUBLISHED)) for p in PUBLISHED.rglob("*.*")}
    assert published - set(READINGS) == WITHOUT_FIGURES
    assert {said.file for said in shared()} <= set(READINGS)


@pytest.mark.parametrize(
    "file", [pytest.param(f, marks=pytest.mark.nightly) if any(n in f for n in LONG) else f for f in READINGS]
)
def test_no_figure_contradicts_its_cell(file: str) -> None:
    ours, theirs = of(file)
    print(table(file, ours))
    assert not ours.wrong, f"{len(ours.wrong)} wrong figures"
    assert not theirs.wrong, "\n".join(theirs.wrong)


@pytest.mark.nightly
def test_nine_cells_of_ten_are_read() -> None:
    everything = {file: of(file)[0] for file in READINGS}
    print("\n".join(table(file, found, most=3) for file, found in everything.items()))
    dated = sum(found.cells - found.undated for found in everything.values())
    assert dated >= ENOUGH
    assert sum(found.read for found in everything.values()) >= READ * dated


@pytest.mark.nightly
def test_nine_cells_of_ten_of_the_shared_oracle_are_read() -> None:
    found = {file: of(file)[1] for file in {said.file for said in shared()}}
    print("\n".join(table(file, theirs) for file, theirs in found.items()))
    assert sum(theirs.read for theirs in found.values()) >= READ * sum(theirs.cells for theirs in found.values())


@lru_cache
def shared() -> list[Said]:
    """The cells of the shared oracle."""
    with CELLS.open(encoding="utf-8", newline="") as lines:
        return [_said(row) for row in csv.DictReader(lines)]


def _said(row: dict[str, str]) -> Said:
    """What it calls other is a characteristic, a place, or a circumstance; a category left blank is not asked."""
    other = dict(part.strip().split("=", 1) for part in row["other"].split(";") if "=" in part)
    people = {c: row[c] or NOT_ASKED for c in ("sex", "age", "ethnicity") if row[c] != "all"}
    for c, category in other.items():
        if c in CHARACTERISTICS and category != "all":
            people[c] = AsPublished(category) if c == "disability" else category
    beside = {"place", "establishment sex", *CHARACTERISTICS}
    extra = {k: v for k, v in other.items() if k not in beside}
    start, end = (date.fromisoformat(row[k]) if row[k] else None for k in ("start", "end"))
    sheet = row["sheet"] or row["file"].rpartition("/")[2]
    value, kind, place = number(row["value"]), row["kind"], other.get("place")
    # because whether a quarter's count is of its last day stands in no cell of this file
    kind = "unknown" if "caseload" in row["file"] else kind
    status = "published" if value is not None else row["value"]
    return Said(row["file"], sheet, row["cell"], value, status, people, extra, start, end, kind, place)
