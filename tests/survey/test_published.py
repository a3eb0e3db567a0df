"""The survey against published workbooks labelled by hand, sheet by sheet (`labels.csv`).

Labels were written from the sheets themselves: which characteristics a table separates people by, how many
categories it prints (totals left out), what it is limited to, and its first and last period where they are clear.
"""

import csv
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pytest

from pipelines.reading import read
from pipelines.survey import Surveyed, survey

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "published"
LABELS = list(csv.DictReader(Path(__file__).with_name("labels.csv").open(encoding="utf-8", newline="")))
FILES = list(dict.fromkeys(row["file"] for row in LABELS))
AT_LEAST = 0.98

pytestmark = pytest.mark.skipif(not PUBLISHED.exists(), reason="needs the published files beside the checkout")


@lru_cache
def surveyed(file: str) -> list[Surveyed]:
    return survey(read(PUBLISHED / file)).tables


def table_of(row: dict[str, str]) -> Surveyed:
    return next(t for t in surveyed(row["file"]) if t.sheet == row["sheet"] and t.position == int(row["table"]))


def test_every_published_file_and_sheet_is_labelled() -> None:
    assert sorted(FILES) == sorted(str(p.relative_to(PUBLISHED)) for p in PUBLISHED.rglob("*.*"))
    labelled = {(row["file"], row["sheet"]) for row in LABELS}
    assert labelled == {(file, grid.sheet) for file in FILES for grid in read(PUBLISHED / file)}


def test_precision_and_recall_per_sheet_and_characteristic() -> None:
    true = {(r["file"], r["sheet"], r["characteristic"]) for r in LABELS if r["characteristic"]}
    found = {(file, t.sheet, d) for file in FILES for t in surveyed(file) for d in t.characteristics}
    print("missed:", sorted(true - found))
    print("claimed wrongly:", sorted(found - true))
    assert len(true & found) >= AT_LEAST * len(found), "precision"
    assert len(true & found) >= AT_LEAST * len(true), "recall"


@pytest.mark.parametrize("file", FILES)
def test_tables_categories_scope_and_periods(file: str) -> None:
    wrong: list[str] = []
    characteristics: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in (r for r in LABELS if r["file"] == file and r["table"]):
        table = table_of(row)
        where = f"{row['sheet']} table {row['table']} {row['characteristic']}"
        d = row["characteristic"]
        if d:
            characteristics[row["sheet"], row["table"]].add(d)
        if row["categories"] and len(table.characteristics[d].categories) != int(row["categories"]):
            wrong.append(f"{where}: {len(table.characteristics[d].categories)} categories, {row['categories']} printed")
        if row["scope"] and dict([row["scope"].split("=")]) != table.scope:
            wrong.append(f"{where}: scope {table.scope}, not {row['scope']}")
        for name in ("first_period", "last_period"):
            if row[name] and str(getattr(table, name)) != row[name]:
                wrong.append(f"{where}: {name} {getattr(table, name)}, not {row[name]}")
    for (sheet, position), expected in characteristics.items():
        found = set(table_of({"file": file, "sheet": sheet, "table": position}).characteristics)
        if found != expected:
            wrong.append(f"{sheet} table {position}: {sorted(found)}, not {sorted(expected)}")
    assert not wrong, "\n".join(wrong)


def test_known_shares_of_people_whose_group_is_unknown() -> None:
    by_sheet = {(t.sheet, t.position): t for file in FILES for t in surveyed(file)}
    prison = by_sheet["A1_9i", 0].characteristics["ethnicity"]
    assert prison.unknown_share == pytest.approx((215 + 609) / 80659)
    assert prison.classification == "5B"
    arrests = by_sheet["A_04", 0].characteristics["ethnicity"]
    assert arrests.unknown_share == pytest.approx(82838 / 671126)
    assert arrests.classification == "5A"
    adjudications = by_sheet["AdjudicationsQ32022.csv", 0]
    assert adjudications.characteristics["ethnicity"].unknown_share == pytest.approx(293 / 39282)
    assert adjudications.crossed == [["age", "ethnicity", "religion", "sex"]]
