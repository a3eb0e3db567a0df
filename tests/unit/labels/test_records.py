"""A list of persons or events is said to be one, and a table of counts never is."""

import csv
from pathlib import Path

import pytest

from pipelines.labels.records import records
from pipelines.reading.grid import Cell

TRIALS = Path(__file__).resolve().parents[4] / "shared" / "trials"


def columns(*rows: tuple[Cell, ...]) -> dict[str, list[Cell]]:
    return {str(header): [row[i] for row in rows[1:]] for i, header in enumerate(rows[0])}


PEOPLE = (("Person ID", "Age", "Sex", "Ethnicity"), (1001.0, 34.0, "Male", "White"), (1002.0, 51.0, "Male", "Black"),
          (1003.0, 29.0, "Female", "White"))  # fmt: skip
STOPS = (("Date", "Gender", "Outcome"), ("1 May", "Male", "Arrest"), ("1 May", "Male", "Arrest"),
         ("2 May", "Female", "Nothing found"))  # fmt: skip


def test_one_row_a_person_is_said_with_what_shows_it() -> None:
    said = records(columns(*PEOPLE))
    assert said is not None
    assert "'Person ID' is another in each of 3 rows" in said
    assert "'Age'" in said


def test_rows_that_repeat_each_other_and_hold_no_number_are_events() -> None:
    assert "1 rows have the labels of another row" in str(records(columns(*STOPS)))


@pytest.mark.parametrize(
    "name", ["Count", "Number of people", "OBS_VALUE", "Population", "2022/23", "Adults", "Age total"]
)
def test_a_column_that_may_be_a_count_is_read_as_one(name: str) -> None:
    rows = [(*PEOPLE[0], name), *((*row, 7.0) for row in PEOPLE[1:])]
    assert records(columns(*rows)) is None


def test_a_table_whose_counts_could_not_be_read_is_no_list_of_records() -> None:
    assert records(columns(("Sex", "Year", "Count"), *[("Male", 2020.0, "1 010 (9%)")] * 3)) is None


def test_a_list_of_words_that_repeats_some_is_no_list_of_events() -> None:
    words = [(f"word {i}", "Asian") for i in range(30)]
    assert records(columns(("Label", "Group"), *words, words[0])) is None


@pytest.mark.skipif(not TRIALS.is_dir(), reason="the trials are not here: no ../shared/trials")
def test_no_open_data_file_of_counts_is_said_to_be_records() -> None:
    said, seen = [], 0
    for path in [*TRIALS.glob("*.csv"), *TRIALS.parent.glob("published/*/*.csv")]:
        try:
            header, *rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
        except (UnicodeDecodeError, ValueError):
            continue
        if len(set(header)) == len(header) > 1 and all(len(row) == len(header) for row in rows):
            seen += 1
            if records({h: [number(row[i]) for row in rows] for i, h in enumerate(header)}):
                said.append(path.name)
    assert (said, seen > 20) == ([], True)


def number(text: str) -> Cell:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return text or None
