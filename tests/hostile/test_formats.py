"""Whatever format a table is published in, the same cells arrive at the same places, with what the format hides."""

import datetime as dt
import os
from pathlib import Path

import pytest

from pipelines.reading import Grid, read
from tests.hostile import files
from tests.hostile.files import TABLE, ods_cell, xlsx_cell

every_format = pytest.mark.parametrize("ending", list(files.EVERY))


def kept(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def cells(grid: Grid) -> list[tuple]:
    return [tuple(row) for row in grid.rows]


def test_a_file_whose_name_is_no_text_is_read(tmp_path) -> None:
    name = os.fsdecode(b"caf\xe9.csv")
    try:
        path = kept(tmp_path, name, files.EVERY["csv"](TABLE))
    except OSError:
        pytest.skip("this file system takes no such name")
    assert cells(read(path)[0]) == list(TABLE)


@every_format
def test_a_table_is_the_same_in_every_format(tmp_path, ending) -> None:
    grids = read(kept(tmp_path, f"table.{ending}", files.EVERY[ending](TABLE)))
    assert [cells(grid) for grid in grids] == [list(TABLE)]
    assert grids[0].address(3, 1) == "B4"
    assert grids[0].sheet == (f"table.{ending}" if ending == "csv" else "Table_1")


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_dates_arrive_as_dates(tmp_path, ending) -> None:
    rows = [("Date", "People"), (dt.date(2022, 6, 30), 97.0)]
    assert cells(read(kept(tmp_path, f"t.{ending}", files.EVERY[ending](rows)))[0]) == rows


def test_hidden_rows_columns_and_sheets_of_xlsx_are_read_and_marked(tmp_path) -> None:
    shown, scratch = files.xlsx_rows(TABLE, hidden=[4, 6]), files.xlsx_rows([("Scratch", 1.0)])
    parts = files.xlsx_parts(
        head='<cols><col min="2" max="3" hidden="1"/><col min="5" max="9"/></cols>',
        sheets={"Table_1": shown, "Work & notes!": scratch},
    )
    table, work = read(kept(tmp_path, "t.xlsx", files.zipped(parts)))
    assert cells(table) == list(TABLE)
    assert (table.hidden_columns, table.hidden_rows, table.is_hidden) == ({1, 2}, {4, 6}, False)
    assert (work.sheet, work.hidden_rows, work.is_hidden) == ("Work & notes", frozenset(), True)


def test_hidden_rows_columns_and_sheets_of_ods_are_read_and_marked(tmp_path) -> None:
    row = f"{ods_cell('White')}{ods_cell(64.0)}"
    body = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="3"/>'
        f"<table:table-header-rows><table:table-row>{row}</table:table-row></table:table-header-rows>"
        f'<table:table-row table:number-rows-repeated="2">{row}</table:table-row>'
        f'<table:table-row table:visibility="collapse" table:number-rows-repeated="2">{row}</table:table-row>'
        f'<table:table-row table:visibility="filter">{row}</table:table-row>'
    )
    styles = (
        '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    parts = files.ods_parts(styles=styles, sheets={"Table_1": body, "Work": files.ods_rows(TABLE)})
    parts["content.xml"] = parts["content.xml"].replace('table:name="Work"', 'table:name="Work" table:style-name="ta2"')
    table, work = read(kept(tmp_path, "t.ods", files.zipped(parts)))
    assert cells(table) == [("White", 64.0)] * 6
    assert (table.hidden_columns, table.hidden_rows, table.is_hidden) == ({2, 3, 4}, {3, 4, 5}, False)
    assert (work.hidden_rows, work.is_hidden) == (frozenset(), True)


def test_hidden_rows_and_columns_of_xls_are_read_and_marked(tmp_path) -> None:
    made = files.xls(TABLE, hidden_columns=[2], hidden_rows=[4, 5])
    [table] = read(kept(tmp_path, "t.xls", made))
    assert cells(table) == list(TABLE)
    assert (table.hidden_columns, table.hidden_rows) == ({2}, {4, 5})


def test_a_raised_note_does_not_become_a_digit_of_the_number_before_it(tmp_path) -> None:
    """5,678 with a raised 2 is read by every program as 5,6782; labels are left as they are, and the end is told."""
    style = (
        '<style:style style:name="T1" style:family="text"><style:text-properties style:text-position="super 58%"/>'
        "</style:style>"
    )

    def raised(text: str, note: str) -> str:
        return (
            f'<table:table-cell office:value-type="string"><text:p>{text}<text:span text:style-name="T1">{note}'
            "</text:span></text:p></table:table-cell>"
        )

    body = f"<table:table-row>{raised('Under 10', '1')}{raised('5,678', '2')}{raised('..', '3')}</table:table-row>"
    [in_ods] = read(kept(tmp_path, "t.ods", files.ods(body, styles=style)))

    def runs(text: str, note: str) -> str:
        return f'<r><t>{text}</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>{note}</t></r>'

    strings = "".join(f"<si>{runs(*s)}</si>" for s in (("Under 10", "1"), ("5,678", "2")))
    data = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        f'<c r="C1" t="inlineStr"><is>{runs("..", "3")}</is></c></row>'
    )
    [in_xlsx] = read(kept(tmp_path, "t.xlsx", files.xlsx(data, strings=strings)))
    for grid in (in_ods, in_xlsx):
        assert cells(grid) == [("Under 101", "5,678 [2]", ".. [3]")]
        assert grid.superscripts == {(0, 0): "1", (0, 1): "2", (0, 2): "3"}


def test_a_formula_nobody_calculated_and_an_error_are_not_taken_for_an_empty_cell(tmp_path) -> None:
    in_xlsx = files.xlsx(
        f'<row r="1">{xlsx_cell("A1", "Total")}<c r="B1"><f>SUM(B2:B9)</f><v>97</v></c><c r="C1"><f>A1&amp;"x"</f>'
        '<v></v></c><c r="D1"><f t="shared" si="0"/></c><c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="F1" t="str"><f>IF(A1,1,"")</f><v></v></c></row>'
    )

    def calculated(formula: str, value: str = "") -> str:
        return f'<table:table-cell table:formula="of:={formula}" {value}/>'

    error = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
    in_ods = files.ods(
        f"<table:table-row>{ods_cell('Total')}"
        + calculated("SUM([.B2:.B9])", 'office:value-type="float" office:value="97"')
        + calculated("[.A1]&amp;&quot;x&quot;")
        + calculated("")
        + f"<table:table-cell {error}><text:p>#DIV/0!</text:p></table:table-cell>"
        + calculated("", 'office:value-type="string" office:string-value=""')
        + "</table:table-row>"
    )
    [of_xlsx] = read(kept(tmp_path, "t.xlsx", in_xlsx))
    [of_ods] = read(kept(tmp_path, "t.ods", in_ods))
    [of_xls] = read(kept(tmp_path, "t.xls", files.xls(TABLE, error_at=(3, 4))))
    assert cells(of_xlsx) == [("Total", 97.0, '=A1&"x"', "=", "#DIV/0!")]
    assert cells(of_ods) == [("Total", 97.0, '=[.A1]&"x"', "=", "#DIV/0!")]
    assert of_xls.at(3, 4) == "#DIV/0!"


def test_what_a_terminal_would_obey_is_taken_out_of_words(tmp_path) -> None:
    rows = [("White\x1b[2J", "Black\u202e", "Two\nlines"), (1.0, 2.0, 3.0)]
    [grid] = read(kept(tmp_path, "t.csv", files.csv(rows)))
    assert cells(grid)[0] == ("White[2J", "Black", "Two\nlines")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (b"\xef\xbb\xbfGroup,People\nWhite,5\n", "Group"),
        ("Grupé,People\nWhite,5\n".encode("cp1252"), "Grupé"),
        ("Group\tPeople\nWhite\t5\n".encode("utf-16"), "Group"),
        (b"Group;People\nWhite;5\n", "Group"),
        (b"Group\tPeople\nWhite\t5\n", "Group"),
    ],
    ids=["utf-8 with a mark", "windows", "utf-16 with tabs", "semicolons", "tabs"],
)
def test_delimited_text_is_told_by_its_bytes(tmp_path, written, read_as) -> None:
    [grid] = read(kept(tmp_path, "t.csv", written))
    assert cells(grid) == [(read_as, "People"), ("White", 5.0)]


def test_one_damaged_letter_does_not_change_the_others(tmp_path) -> None:
    written = "Café,Crème\nWhite,5\n".encode() + b"Bl\xe9ck,6\n"
    [grid] = read(kept(tmp_path, "t.csv", written))
    assert grid.rows[0] == ["Café", "Crème"]


def test_thousands_of_columns_and_a_million_empty_rows_are_read(tmp_path) -> None:
    wide = [tuple(float(c) for c in range(16384))]
    [grid] = read(kept(tmp_path, "wide.xlsx", files.EVERY["xlsx"](wide)))
    assert grid.at(0, 16383) == 16383.0 and grid.address(0, 16383) == "XFD1"
    padding = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    [grid] = read(kept(tmp_path, "long.ods", files.ods(files.ods_rows(TABLE) + padding)))
    assert cells(grid) == list(TABLE)
    [grid] = read(kept(tmp_path, "long.csv", files.csv(TABLE) + b"\r\n" * 1_000_000))
    assert cells(grid) == list(TABLE)
