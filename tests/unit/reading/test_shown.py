"""What a reader of the sheet sees: marks and percentages of number formats, words in boxes, and what nobody opened."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart

from pipelines.reading import Grid, UnreadableFile, read
from tests.hostile import files
from tests.hostile.files import ods_cell, zipped

SHARED = Path(__file__).resolve().parents[4] / "shared"
shared = pytest.mark.skipif(not SHARED.exists(), reason="needs the published files and trials beside the checkout")

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def kept(folder: Path, name: str, content: bytes) -> list[Grid]:
    path = folder / name
    path.write_bytes(content)
    return read(path)


def with_format(folder: Path, code: str, *values: float) -> Grid:
    book = openpyxl.Workbook()
    for column, value in enumerate(values, 1):
        book.active.cell(1, column, value).number_format = code
    path = folder / "t.xlsx"
    book.save(path)
    return read(path)[0]


@pytest.mark.parametrize(
    ("code", "values", "held"),
    [
        ('[<5]"[c]";#,##0', (3, 0, 1234), ["[c]", "[c]", 1234]),
        ('[>=5]#,##0;[>0]"[c]";0', (3, 0, 1234), ["[c]", 0, 1234]),
        ("[<=4]\\*;0", (4, 5), ["*", 5]),
        ('[>=5]0;"-"', (3, 0, 5), ["-", "-", 5]),
        ('[=0]"-";0', (0, 3), [0, 3]),
        ('_-* #,##0_-;\\-* #,##0_-;_-* "-"??_-;_-@_-', (0, 3), [0, 3]),
        ('0;-0;"~"', (0, 3), ["~", 3]),
        (";;;", (3, 0), ["[not shown]", 0]),
        ("0;-0;;@", (3, 0), [3, 0]),
        ('#,##0" [r]"', (1234,), ["1234 [r]"]),
        ('0.0"%"', (8.1,), ["8.1%"]),
        ('"Under "0', (18,), ["Under 18"]),
        ('"£"#,##0.00;[Red]-"£"#,##0.00', (5, -5), [5, -5]),
        ("#,##0_);(#,##0)", (5, -5), [5, -5]),
        ("#,##0,", (1234567,), [1234567]),
        ('0.0,"k"', (1234567,), [1234567]),
    ],
)
def test_a_cell_holds_what_its_number_format_shows(tmp_path, code, values, held) -> None:
    grid = with_format(tmp_path, code, *values)
    assert list(grid.rows[0]) == held
    assert grid.percentages == frozenset()


def test_a_nil_shown_as_a_dash_is_the_number_0_and_a_masked_number_is_not(tmp_path) -> None:
    cells = (
        (3, "[c]"),
        (0, "<text:s/>-<text:s/>"),
        (1234, "1,234"),
        (7, "7 [r]"),
        (1234567, "1,235k"),
        (4, ""),
        (0, ""),
    )
    cell = '<table:table-cell office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    made = "".join(cell.format(*told) for told in cells)
    [grid] = kept(tmp_path, "t.ods", files.ods(f"<table:table-row>{made}</table:table-row>"))
    assert list(grid.rows[0]) == ["[c]", 0, 1234, "7 [r]", 1234567, "[not shown]", 0]


def test_ods_formats_are_looked_at_where_one_of_them_can_hide_a_number(tmp_path) -> None:
    cell = (
        '<table:table-cell office:value-type="float" office:value="3" table:style-name="ce1"><text:p>[c]</text:p>'
        "</table:table-cell>"
    )
    number = '<number:number number:decimal-places="0" number:min-integer-digits="1"/>'
    space = 'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
    styles = (
        f'<number:number-style {space} style:name="N1P0"><number:text>[c]</number:text></number:number-style>'
        f'<number:number-style {space} style:name="N1">{number}<style:map style:condition="value()&lt;5" '
        'style:apply-style-name="N1P0"/></number:number-style>'
    )
    row = f"<table:table-row>{ods_cell('White')}{cell}{ods_cell(64.0)}</table:table-row>"
    assert list(kept(tmp_path, "t.ods", files.ods(row, styles=styles))[0].rows[0]) == ["White", "[c]", 64]


def test_numbers_shown_as_percentages_are_told(tmp_path) -> None:
    assert with_format(tmp_path, "0.0%", 0.081, 0.5).percentages == {(0, 0), (0, 1)}
    twice = 'table:number-columns-repeated="2"'
    percentage = (
        '<table:table-cell office:value-type="percentage" office:value="0.09" {}><text:p>9%</text:p></table:table-cell>'
    )
    body = (
        f"<table:table-row>{ods_cell('a')}</table:table-row><table:table-row>{ods_cell(90.0)}"
        f"{percentage.format(twice)}</table:table-row>"
    )
    [grid] = kept(tmp_path, "t.ods", files.ods(body))
    assert (list(grid.rows[1]), grid.percentages) == ([90, 0.09, 0.09], {(1, 1), (1, 2)})


def drawn(*paragraphs: str) -> str:
    said = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in paragraphs)
    return f"<xdr:sp><xdr:spPr/><xdr:txBody><a:bodyPr/>{said}</xdr:txBody></xdr:sp>"


def with_drawing(drawing: str, kind: str = "drawing", name: str = "drawing1.xml") -> bytes:
    parts = files.xlsx_parts(sheets={"Empty": "", "Table_1": files.xlsx_rows(files.TABLE)})
    sheet = "xl/worksheets/sheet2.xml"
    link = f'<{kind if kind == "drawing" else "legacyDrawing"} xmlns:r="{RELATIONS}" r:id="rId1"/>'
    parts[sheet] = parts[sheet].replace("</worksheet>", f"{link}</worksheet>")
    parts["xl/worksheets/_rels/sheet2.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/{kind}" Target="../drawings/{name}"/></Relationships>'
    )
    parts[f"xl/drawings/{name}"] = drawing
    return zipped(parts)


def test_boxes_of_xlsx_are_notes_of_their_sheet_and_comments_are_not(tmp_path) -> None:
    space = f'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" {A}'
    inside = drawn("Disclosure  control", "Values of two &amp; fewer are *") + drawn() + drawn("Second")
    empty, table = kept(tmp_path, "t.xlsx", with_drawing(f"<xdr:wsDr {space}>{inside}</xdr:wsDr>"))
    assert empty.notes == ()
    assert table.notes == ("Disclosure control Values of two & fewer are *", "Second")
    shape = '<v:shape><v:textbox><div>{}</div></v:textbox><x:ClientData ObjectType="{}"/></v:shape>'
    old = f"<xml>{shape.format('checked by hand', 'Note')}{shape.format('Old <b>box</b>', 'Rect')}</xml>"
    _, table = kept(tmp_path, "t.xlsx", with_drawing(old, "vmlDrawing", "vmlDrawing1.vml"))
    assert table.notes == ("Old box",)


def test_the_title_of_a_chart_is_a_note_and_a_sheet_of_a_chart_is_not_missed(tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    chart = BarChart()
    chart.title = "Arrests by ethnic group"
    book.create_chartsheet("Chart").add_chart(chart)
    book.create_sheet("Very hidden").sheet_state = "veryHidden"
    book.save(tmp_path / "t.xlsx")
    grids = {grid.sheet: grid for grid in read(tmp_path / "t.xlsx")}
    assert grids["Chart"].notes == ("Arrests by ethnic group",)
    assert grids["Very hidden"].is_hidden


def test_boxes_of_ods_are_notes_of_their_sheet_and_annotations_are_not(tmp_path) -> None:
    space = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    inside = "<text:p>Values of  two</text:p><text:p>or fewer</text:p>"
    box = f"<draw:frame {space}><draw:text-box>{inside}</draw:text-box></draw:frame>"
    shape = f'<draw:custom-shape {space} draw:name="x"><text:p>A shape</text:p></draw:custom-shape>'
    annotation = "<office:annotation><text:p>checked by hand</text:p></office:annotation>"
    cell = f'<table:table-cell office:value-type="string">{annotation}<text:p>White</text:p></table:table-cell>'
    sheets = {
        "First": f"<table:shapes>{shape}</table:shapes><table:table-row>{cell}</table:table-row>",
        "Second": f"<table:table-row>{cell}<table:table-cell>{box}</table:table-cell></table:table-row>",
    }
    first, second = kept(tmp_path, "t.ods", zipped(files.ods_parts(sheets=sheets)))
    assert (first.notes, second.notes) == (("A shape",), ("Values of two or fewer",))


def test_what_a_workbook_keeps_of_another_one_it_refers_to_is_no_sheet_of_it(tmp_path) -> None:
    """A published workbook had 13 such copies beside its 23 sheets, named after a folder on somebody's computer."""
    link = '<table:table-source xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="file:///C:/last.ods"/>'
    row = f"<table:table-row>{ods_cell('White')}{ods_cell(64.0)}</table:table-row>"
    sheets = {"Kept": row, "'file:///C:/last.ods'#1_1": link + row, "Linked": link + row}
    grids = kept(tmp_path, "t.ods", zipped(files.ods_parts(sheets=sheets)))
    assert [(grid.sheet, list(grid.rows[0])) for grid in grids] == [("Kept", ["White", 64]), ("Linked", ["White", 64])]


def test_what_was_not_opened_is_named(tmp_path) -> None:
    book = {**files.xlsx_parts(), "xl/embeddings/oleObject1.bin": "x"}
    assert kept(tmp_path, "t.xlsx", zipped(book))[0].unopened == ("xl/embeddings/oleObject1.bin",)
    assert kept(tmp_path, "t.xlsx", zipped(files.xlsx_parts()))[0].unopened == ()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("tables/one.csv", files.csv(files.TABLE))
        archive.writestr("notes.pdf", b"%PDF")
        archive.writestr("__MACOSX/._one.csv", b"x")
        archive.writestr("book.xlsx", zipped(book))
    one, inside = kept(tmp_path, "t.zip", made.getvalue())
    assert one.unopened == ("notes.pdf",)
    assert inside.unopened == ("book.xlsx/xl/embeddings/oleObject1.bin",)


def test_a_drawing_may_not_declare_a_document_type(tmp_path) -> None:
    with pytest.raises(UnreadableFile, match="declares a document type"):
        kept(tmp_path, "t.xlsx", with_drawing('<!DOCTYPE x [<!ENTITY a "b">]><wsDr/>'))


@shared
def test_the_disclosure_rule_of_the_population_tool_stands_in_a_box() -> None:
    cover, *_ = read(SHARED / "published/moj/Population_data_tool_20230630.xlsx")
    assert any("values of two or fewer have been suppressed (and replaced with *)" in note for note in cover.notes)


@shared
def test_masks_and_percentages_of_the_trials() -> None:
    [masked] = read(SHARED / "trials/C11_numberformat_mask.xlsx")
    assert [row[1:] for row in list(masked.rows)[4:]] == [["[c]", 55], [690, 760], ["[c]", "[c]"]]
    [shares] = read(SHARED / "trials/C12_percent_format.xlsx")
    assert shares.percentages == {(r, c) for r in range(2, 7) for c in (1, 2)}
    [of_ods] = read(SHARED / "trials/G28b_ods_pct.ods")
    assert of_ods.percentages == {(r, 2) for r in range(2, 6)}


@shared
def test_nils_of_the_deaths_are_numbers_although_shown_as_dashes() -> None:
    grids = read(SHARED / "published/moj/safety-in-custody-Deaths-dec-18.ods")
    raw = zipfile.ZipFile(SHARED / "published/moj/safety-in-custody-Deaths-dec-18.ods").read("content.xml")
    assert raw.count(b'office:value="0"') > 100 and b"<text:s/>-<text:s/>" in raw
    assert not any(cell == "[not shown]" for grid in grids for row in grid.rows for cell in row)
    assert sum(cell == 0 for grid in grids for row in grid.rows for cell in row) > 100
