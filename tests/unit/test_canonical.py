"""The second hash: of what the cells say, whatever holds them."""

import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.styles import Font

from pipelines.canonical import cells_sha256
from pipelines.reading import Grid, read
from pipelines.reading.grid import Column, Rows
from tests.spec.rows import WORKBOOK, with_originals
from tests.world.workbooks import workbook


def of(path: Path) -> str:
    return cells_sha256(read(path), path.name)


def saved(path: Path, body: bytes) -> Path:
    path.write_bytes(body)
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return saved(tmp_path / "custody.xlsx", workbook("March 2024"))


def test_another_format_another_name_and_another_program_are_the_same_cells(book, tmp_path) -> None:
    assert of(book) == of(saved(tmp_path / "renamed.ods", workbook("March 2024", format="ods")))


def test_formatting_order_of_sheets_and_order_in_the_archive_are_not_looked_at(book, tmp_path) -> None:
    made = openpyxl.load_workbook(book)
    sheet = made.worksheets[-1]
    sheet["A1"].font = Font(bold=True)
    sheet.column_dimensions["A"].hidden = True
    made.move_sheet(sheet, offset=-2)
    made.properties.title = "Saved again"
    made.save(tmp_path / "formatted.xlsx")
    shuffled = tmp_path / "shuffled.xlsx"
    with zipfile.ZipFile(tmp_path / "formatted.xlsx") as old, zipfile.ZipFile(shuffled, "w") as new:
        for name in reversed(old.namelist()):
            new.writestr(name, old.read(name))
    assert shuffled.read_bytes() != book.read_bytes()
    assert of(shuffled) == of(book)


@pytest.mark.parametrize(
    ("cell", "value"), [("B4", 1001), ("B4", "1000"), ("A4", "Males"), ("B4", None), ("Z99", 1), ("D4", "[r]")]
)
def test_one_cell_that_differs_is_another_hash(book, tmp_path, cell, value) -> None:
    made = openpyxl.load_workbook(book)
    made["Table_1"][cell] = value
    made.save(tmp_path / "changed.xlsx")
    assert of(tmp_path / "changed.xlsx") != of(book)


def test_a_value_that_moves_and_a_sheet_with_another_name_are_other_cells(book, tmp_path) -> None:
    grids = read(book)
    moved = [Grid(g.sheet, [[], *g.rows]) if n == 1 else g for n, g in enumerate(grids)]
    renamed = [Grid("Table_9", g.rows) if n == 1 else g for n, g in enumerate(grids)]
    assert len({cells_sha256(each, book.name) for each in (grids, moved, renamed)}) == 3


def test_the_name_of_a_csv_is_not_one_of_its_cells(tmp_path) -> None:
    paths = [saved(tmp_path / name, b"a,b\n1,2\n") for name in ("one.csv", "two.csv")]
    assert of(paths[0]) == of(paths[1])


def test_a_sheet_held_by_column_is_the_same_as_by_row() -> None:
    rows = [["a", None, 1.0], [None, None, None], ["b", None, 2.5], ["a", None, None]]
    columns = [Column.of([row[n] for row in rows]) for n in range(3)]
    empty = Column([None, "never used"], np.zeros(4, dtype=np.int32))
    by_column = Grid("t.csv", Rows([*columns, empty]))
    assert cells_sha256([by_column], "t.csv") == cells_sha256([Grid("t.csv", rows)], "t.csv")


@with_originals
def test_a_published_workbook_saved_again_has_the_same_cells(tmp_path) -> None:
    """Through another library, which writes other bytes; formulas and raised notes are not part of this sheet."""
    grids = [g for g in read(WORKBOOK) if g.sheet in ("A1_9ii", "A1_7")]
    made = openpyxl.Workbook()
    made.remove(made.active)
    for grid in grids:
        sheet = made.create_sheet(grid.sheet)
        for row in grid.rows:
            sheet.append(list(row))
    made.save(tmp_path / "again.xlsx")
    assert of(tmp_path / "again.xlsx") == cells_sha256(grids, WORKBOOK.name)
