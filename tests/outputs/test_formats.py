"""Each format, opened again by another reader, says what the table says and nothing runs in it."""

import csv
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from read_again import AGAIN, OFFICE, page, part

from dashboards.cited import CitedTable
from dashboards.sentences import unbroken
from dashboards.writers import FORMATS, UnknownFormat, write

EVERY = pytest.mark.parametrize("format", list(FORMATS))
DATA = ("ods", "xlsx", "csv", "json")


@pytest.fixture
def written(table: CitedTable, tmp_path: Path) -> Callable[[str], Path]:
    def make_one(format: str, of: CitedTable = table) -> Path:
        path = tmp_path / f"table.{format}"
        write(of, format, path)
        return path

    return make_one


@EVERY
def test_caption_source_baseline_unknown_and_licence_are_in_the_file(
    written: Callable[..., Path], table: CitedTable, format: str
) -> None:
    words = AGAIN[format](written(format)).words
    for line in (table.title, *table.sources, table.baseline_sentence, table.unknown_sentence, table.licence):
        assert line in words
    assert table.made_with in words
    assert table.caution in words


@EVERY
def test_every_number_is_the_tables(written: Callable[..., Path], table: CitedTable, format: str) -> None:
    seen = AGAIN[format](written(format))
    assert len(seen.rows) == 1 + len(table.rows)
    keyed = format in ("csv", "json")
    for at, column in enumerate(table.columns):
        if column.key == "finding" or (column.span and format not in DATA):
            continue
        found = seen.column(column.key if keyed else column.header)
        for row in table.rows:
            cell = row.cells[at]
            if format in DATA and cell.value is not None:
                assert float(found[row.name]) == pytest.approx(cell.value, rel=1e-12)
            elif format != "json":
                assert found[row.name] == cell.text


@EVERY
def test_intervals_are_beside_ratios(written: Callable[..., Path], format: str) -> None:
    seen = AGAIN[format](written(format))
    if format in DATA:
        low = "ratio_low" if format in ("csv", "json") else "95% interval: lower"
        assert float(seen.column(low)["Black"]) == pytest.approx(3.806, abs=0.001)
    else:
        assert seen.column("95% interval")["Black"] == "3.81 to 3.97"


@EVERY
def test_two_writes_give_the_same_bytes(table: CitedTable, tmp_path: Path, format: str) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    write(table, format, first)
    time.sleep(1.1 if format in ("docx", "xlsx") else 0)  # because these libraries stamp the second they save in
    write(table, format, second)
    assert first.read_bytes() == second.read_bytes()


@EVERY
def test_hostile_labels_are_words(written: Callable[..., Path], hostile: CitedTable, format: str) -> None:
    path = written(format, hostile)
    seen = AGAIN[format](path)
    names = [unbroken(str(r[0])).removeprefix("'") for r in seen.rows[1:]]
    assert sorted(names) == sorted(unbroken(r.name) for r in hostile.rows)
    assert "<script>alert(1)</script>" in names
    assert "W" * 200 in names
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x07]", seen.words + "".join(names))


def test_a_spreadsheet_never_holds_a_formula(written: Callable[..., Path], hostile: CitedTable) -> None:
    book = openpyxl.load_workbook(written("xlsx", hostile))
    cells = [c for sheet in book for line in sheet.iter_rows() for c in line if c.value is not None]
    assert any(str(c.value).startswith("=cmd") for c in cells)
    assert {c.data_type for c in cells} <= {"s", "n"}
    root = part(written("ods", hostile), "content.xml")
    assert not root.xpath("//@table:formula", namespaces=OFFICE)


def test_csv_words_that_a_spreadsheet_would_run_are_held_back_and_numbers_stay_numbers(
    written: Callable[..., Path], hostile: CitedTable
) -> None:
    with written("csv", hostile).open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert all(not v.startswith(("=", "+", "-", "@", "\t")) for line in lines for v in line.values())
    assert all(float(line["count"]) > 0 for line in lines)


def test_html_has_a_caption_scoped_headers_and_no_foreign_element(
    written: Callable[..., Path], table: CitedTable, hostile: CitedTable
) -> None:
    source = written("html").read_text(encoding="utf-8")
    assert f"<caption>Table 1. {table.title}</caption>" in source
    assert source.count('scope="col"') == len(AGAIN["html"](written("html")).rows[0])
    assert source.count('scope="row"') == len(table.rows)
    assert "style=" not in source
    allowed = {"figure", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "figcaption", "p"}
    assert page(written("html", hostile)).tags == allowed


def test_word_has_a_caption_field_a_repeating_header_british_english_and_a_description(
    written: Callable[..., Path], table: CitedTable
) -> None:
    path = written("docx")
    document = docx.Document(str(path))
    caption = document.paragraphs[0]
    assert caption.style.name == "Caption"
    assert caption.text == f"Table 1. {table.title}"
    assert " SEQ Table " in "".join(caption._p.itertext(qn("w:instrText")))
    made = document.tables[0]
    assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert made._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val")) == table.summary
    assert {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    assert document.core_properties.language == "en-GB"
    assert document.core_properties.modified.date() == table.accessed
    assert document.sections[0].page_width > document.sections[0].page_height


def test_word_and_opendocument_tables_have_no_merged_and_no_empty_cell(written: Callable[..., Path]) -> None:
    for format in ("docx", "odt"):
        rows = AGAIN[format](written(format)).rows
        assert {len(r) for r in rows} == {len(rows[0])}
        assert all(str(c).strip() for r in rows for c in r)


def test_opendocument_has_borders_bold_a_repeating_header_and_british_english(
    written: Callable[..., Path], table: CitedTable
) -> None:
    path = written("odt")
    content, styles = part(path, "content.xml"), part(path, "styles.xml")
    assert len(content.findall(".//table:table-header-rows/table:table-row", OFFICE)) == 1
    assert content.findtext(".//table:desc", namespaces=OFFICE) == table.summary
    assert set(styles.xpath("//@fo:language", namespaces=OFFICE)) == {"en"}
    assert set(styles.xpath("//@fo:country", namespaces=OFFICE)) == {"GB"}
    assert content.xpath("//@fo:border-bottom", namespaces=OFFICE)
    assert "bold" in styles.xpath("//@fo:font-weight", namespaces=OFFICE)
    with zipfile.ZipFile(path) as package:
        first = package.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


@pytest.mark.parametrize("format", ["ods", "xlsx"])
def test_a_spreadsheet_says_where_each_published_number_came_from(written: Callable[..., Path], format: str) -> None:
    words = AGAIN[format](written(format)).words
    assert "Population_30June2023_Annual.ods, sheet A1_9i, cell X" in words


def test_an_unknown_format_answers_with_those_that_exist(table: CitedTable, tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"docx, odt, ods, xlsx, csv, html, md, json\. Did you mean docx\?"):
        write(table, "doc", tmp_path / "x")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not installed here")
@pytest.mark.parametrize("format", ["docx", "odt", "ods", "xlsx"])
def test_an_office_program_opens_it_and_prints_the_table(
    written: Callable[..., Path], table: CitedTable, tmp_path: Path, format: str
) -> None:
    source = written(format)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    printed = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "table.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    line = next(each for each in printed.splitlines() if "Black Caribbean" in each)
    assert "4,740" in line and "5.78" in line
    assert table.licence in printed
    assert f"Table 1. {table.title}" in " ".join(printed.split())
