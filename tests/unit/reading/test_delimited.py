"""Delimited text: the sign between cells is told by the structure, and a number says what its cell says."""

from pathlib import Path

import pytest

from pipelines.reading import limited, read
from tests.hostile import files


def rows(folder: Path, written: str, name: str = "t.csv") -> list[list[object]]:
    path = folder / name
    path.write_bytes(written.encode())
    (grid,) = read(path, name)
    return [list(row) for row in grid.rows]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('Area;"White, British\n(number)"\nA;1\nB;2\n', [["Area", "White, British\n(number)"], ["A", 1], ["B", 2]]),
        ("Area\tPeople\nA, B or C\t1\nD, E or F\t2\n", [["Area", "People"], ["A, B or C", 1], ["D, E or F", 2]]),
        ("Area,People\nA; B,1\nC; D,2\n", [["Area", "People"], ["A; B", 1], ["C; D", 2]]),
        ("Area|People\nA, B|1\nC|2\n", [["Area", "People"], ["A, B", 1], ["C", 2]]),
        ("Table 1: Arrests, by area, 2023\nArea;2022;2023\nA;1;2\nB;3;4\n",
         [["Table 1: Arrests, by area, 2023"], ["Area", 2022, 2023], ["A", 1, 2], ["B", 3, 4]]),
        ('Area, People\nA, "1,234"\nB, 5\n', [["Area", "People"], ["A", 1234], ["B", 5]]),
        ("1,5;2,5\n3,5;4,5\n", [["1,5", "2,5"], ["3,5", "4,5"]]),
        ("Area;Rate\nA;1,725\nB;0,912\n", [["Area", "Rate"], ["A", "1,725"], ["B", "0,912"]]),
        ("Area;A, B;C\r\rA;1;2\rB;3;4\r", [["Area", "A, B", "C"], [], ["A", 1, 2], ["B", 3, 4]]),
    ],
    ids=["quoted comma and line", "tabs", "semicolons in labels", "bars", "commas in the title", "space and quotes",
         "decimal commas", "decimals of three places", "returns only"],
)  # fmt: skip
def test_the_separator_is_what_divides_the_lines_alike(tmp_path: Path, written: str, expected: object) -> None:
    assert rows(tmp_path, written) == expected


def test_a_line_that_names_the_separator_is_no_title_and_later_rows_keep_their_place(tmp_path: Path) -> None:
    assert rows(tmp_path, "sep=;\nArea;People\nA, B;1\n") == [[], ["Area", "People"], ["A, B", 1]]


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [("1 090", 1090), (" 1,090 ", 1090), ("1\u00a0090", 1090), ("-5", -5), ("\u22125", -5), (".5", 0.5), ("1e+05", 1e5),
     (" -   ", " -   "), ("007", "007"), ("1e5", "1e5"), ("10 90", "10 90"), ("[c]", "[c]"), ("1,23,456", "1,23,456"),
     ("0,435", "0,435"), ("(12)", "(12)"), ("12%", "12%"), ("1,102r", "1,102r")],
)  # fmt: skip
def test_a_text_is_a_number_only_where_it_says_one(tmp_path: Path, cell: str, read_as: object) -> None:
    assert rows(tmp_path, f'Area,People\nA,"{cell}"\n')[1][1] == read_as


@pytest.mark.parametrize("most_rows", [10**6, 2])
@pytest.mark.parametrize(
    ("cells", "read_as"),
    [
        (["1,286", "0,435"], ["1,286", "0,435"]),
        (["1.090,5", "1.234"], ["1.090,5", "1.234"]),
        (["1,5", "1,234", "12"], ["1,5", "1,234", 12]),
        (["1,234", "5,678"], [1234, 5678]),
        (["1,234.5", "5,678"], [1234.5, 5678]),
    ],
)
def test_a_column_with_decimal_commas_holds_no_thousands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_rows: int, cells: list[str], read_as: list[object]
) -> None:
    monkeypatch.setattr(limited, "READ_BY_COLUMN_ROWS", most_rows)
    written = "Area,Rate\n" + "".join(f'A{i},"{cell}"\n' for i, cell in enumerate(cells))
    assert [row[1] for row in rows(tmp_path, written)[1:]] == read_as


def test_one_column_with_decimal_commas_tells_how_the_file_is_written(tmp_path: Path) -> None:
    beside = rows(tmp_path, "Area;2022;2023;Mean\nA;0,912;1,812;1.5\nB;1,725;1,001;2\n")
    assert beside[1:] == [["A", "0,912", "1,812", 1.5], ["B", "1,725", "1,001", 2]]
    noted = rows(tmp_path, 'Area,Notes,People\nA,"1,2","1,812"\n')
    assert noted[1] == ["A", "1,2", 1812]


def test_a_workbook_under_another_name_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(files.xlsx(files.xlsx_rows(files.TABLE)))
    [grid] = read(path)
    assert [list(row) for row in grid.rows] == [list(row) for row in files.TABLE]
