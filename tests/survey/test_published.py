"""The survey against published workbooks labelled by hand, sheet by sheet (`labels.csv`).

Labels were written from the sheets themselves: which characteristics a table separates people by, how many
categories it prints (totals left out), what it is limited to, and its first and last period where they are clear.
"""

import csv
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pytest

from monitor.vocabulary import CHARACTERISTICS
from pipelines.reading import read
from pipelines.survey import Survey, Surveyed, survey

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "published"
LABELS = list(csv.DictReader(Path(__file__).with_name("labels.csv").open(encoding="utf-8", newline="")))
FILES = list(dict.fromkeys(row["file"] for row in LABELS))
AT_LEAST = 0.98
ABSENT_AT_LEAST = 0.90
CACHED_FROM_ANOTHER_FILE = "'file:"
"""How the names of empty sheets begin that an OpenDocument workbook keeps of the workbooks it links to."""
NAMED_ONLY = {
    # because these are lists of words and of variables: characteristics are named, and nobody is counted by them
    "ethnicity-facts-figures/classification_definitions.csv": {"ethnicity"},
    "ethnicity-facts-figures/classification_lookup.csv": {"ethnicity"},
    "moj/Dataset_variable_list_for_csv_files.xlsx": {"age", "ethnicity", "religion", "sex"},
    # because the sex printed is an establishment's
    "moj/Population_data_tool_20230630.xlsx": {"sex"},
}
"""Characteristics a file names without separating people by them: neither printed nor truly absent."""

pytestmark = pytest.mark.skipif(not PUBLISHED.exists(), reason="needs the published files beside the checkout")


@lru_cache
def asked(file: str) -> Survey:
    return survey(read(PUBLISHED / file))


def surveyed(file: str) -> list[Surveyed]:
    return asked(file).tables


def table_of(row: dict[str, str]) -> Surveyed | None:
    at = (row["sheet"], int(row["table"]))
    return next((t for t in surveyed(row["file"]) if (t.sheet, t.position) == at), None)


def printed(file: str) -> set[str]:
    return {r["characteristic"] for r in LABELS if r["file"] == file and r["characteristic"]}


def test_every_published_file_and_sheet_is_labelled() -> None:
    assert sorted(FILES) == sorted(str(p.relative_to(PUBLISHED)) for p in PUBLISHED.rglob("*.*"))
    labelled = {(row["file"], row["sheet"]) for row in LABELS}
    sheets = {(file, grid.sheet) for file in FILES for grid in read(PUBLISHED / file)}
    assert labelled == {(file, sheet) for file, sheet in sheets if not sheet.startswith(CACHED_FROM_ANOTHER_FILE)}


def test_precision_and_recall_per_sheet_and_characteristic() -> None:
    true = {(r["file"], r["sheet"], r["characteristic"]) for r in LABELS if r["characteristic"]}
    found = {
        (file, t.sheet, d)
        for file in FILES
        for t in surveyed(file)
        for d in t.characteristics
        if d not in NAMED_ONLY.get(file, ())
    }
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
        if table is None:
            wrong.append(f"{row['sheet']} table {row['table']}: not recognised")
            continue
        where = f"{row['sheet']} table {row['table']} {row['characteristic']}"
        d = row["characteristic"]
        if d:
            characteristics[row["sheet"], row["table"]].add(d)
        if row["categories"] and d in table.characteristics:
            categories = table.characteristics[d].categories
            if len(categories) != int(row["categories"]):
                wrong.append(f"{where}: {len(categories)} categories, {row['categories']} printed: {categories}")
        if row["scope"] and dict([row["scope"].split("=")]) != table.scope:
            wrong.append(f"{where}: scope {table.scope}, not {row['scope']}")
        for name in ("first_period", "last_period"):
            if row[name] and str(getattr(table, name)) != row[name]:
                wrong.append(f"{where}: {name} {getattr(table, name)}, not {row[name]}")
    for (sheet, position), expected in characteristics.items():
        table = table_of({"file": file, "sheet": sheet, "table": position})
        found = set(table.characteristics) if table else set()
        if table and found != expected:
            wrong.append(f"{sheet} table {position}: {sorted(found)}, not {sorted(expected)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("file", FILES)
def test_no_characteristic_that_is_printed_is_called_absent(file: str) -> None:
    answers = asked(file).characteristics
    assert not {d for d in printed(file) if answers[d] == "absent"}


def test_what_is_truly_absent_is_mostly_said_to_be() -> None:
    absent = {
        (file, c.id)
        for file in FILES
        for c in CHARACTERISTICS
        if c.id not in printed(file) | NAMED_ONLY.get(file, set())
    }
    said = {(file, d) for file, d in absent if asked(file).characteristics[d] == "absent"}
    print("not said to be absent:", sorted(absent - said))
    assert not {(file, d) for file, d in absent if asked(file).characteristics[d] == "present"}
    assert len(said) >= ABSENT_AT_LEAST * len(absent)


@pytest.mark.parametrize("file", FILES)
def test_what_is_unclear_names_the_cells_that_made_it_so(file: str) -> None:
    answers = asked(file)
    assert {u.characteristic for u in answers.unclear if u.cells} >= {
        d for d, answer in answers.characteristics.items() if answer == "unclear"
    }


def test_use_of_force_by_what_officers_perceived() -> None:
    file = "home-office/police-use-of-force-apr2017-mar2018-hosb3018-tables.ods"
    answers = asked(file).characteristics
    assert {d for d, answer in answers.items() if answer == "present"} == {"age", "disability", "ethnicity", "sex"}
    perceived = next(t.characteristics for t in surveyed(file) if t.sheet == "Table_4" and t.characteristics)
    assert perceived["ethnicity"].unknown_share == pytest.approx((16816 + 2849) / 313137, abs=0.001)


def test_deaths_by_ethnicity_and_by_nationality_each_with_sex() -> None:
    by_sheet: dict[str, set[str]] = defaultdict(set)
    for table in surveyed("moj/safety-in-custody-Deaths-dec-18.ods"):
        by_sheet[table.sheet] |= set(table.characteristics)
        if table.sheet == "1_9_Self-inflicted_by_ethnicity":
            assert table.characteristics["ethnicity"].categories
            assert (str(table.first_period), str(table.last_period)) == ("1999-12-31", "2018-12-31")
    assert by_sheet["1_9_Self-inflicted_by_ethnicity"] == {"ethnicity", "sex"}
    assert by_sheet["1_10_Self-inflicted_nationality"] == {"nationality", "sex"}


def test_known_shares_of_people_whose_group_is_unknown() -> None:
    # because the edition of 2023 has the sheets of 2022
    files = [file for file in FILES if file != "moj/Population_30June2023_Annual.ods"]
    by_sheet = {(t.sheet, t.position): t for file in files for t in surveyed(file)}
    prison = by_sheet["A1_9i", 0].characteristics["ethnicity"]
    assert prison.unknown_share == pytest.approx((215 + 609) / 80659)
    assert prison.classification == "5B"
    arrests = by_sheet["A_04", 0].characteristics["ethnicity"]
    assert arrests.unknown_share == pytest.approx(82838 / 671126)
    assert arrests.classification == "5A"
    adjudications = by_sheet["AdjudicationsQ32022.csv", 0]
    assert adjudications.characteristics["ethnicity"].unknown_share == pytest.approx(293 / 39282)
    assert adjudications.crossed == [["age", "ethnicity", "religion", "sex"]]
