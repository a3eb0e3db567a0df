"""Tables of a page of HTML, with the geometry of a workbook's; pandas reads the same real pages beside us."""

import io
import json
from pathlib import Path

import pytest

from pipelines.reading import UnreadableFile, read

EXAMPLES = Path(__file__).resolve().parents[4] / "shared/interfaces/govuk/examples/html_publication/frontend"


def rows(folder: Path, html: str, name: str = "page.html") -> list[list[list[object]]]:
    path = folder / name
    path.write_text(html, encoding="utf-8")
    return [[list(row) for row in grid.rows] for grid in read(path, name)]


def test_a_table_has_its_title_above_it_and_numbers_as_numbers(tmp_path: Path) -> None:
    html = (
        "<html><h2>Table 3: People by sex</h2><table><tr><th>Sex</th><th>2024</th></tr><tr><td>Men</td><td>83,768</td>"
    )
    assert rows(tmp_path, html + "</table>") == [[["Table 3: People by sex"], ["Sex", 2024.0], ["Men", 83768.0]]]


def test_a_merged_cell_stands_in_its_first_place(tmp_path: Path) -> None:
    html = (
        "<div><table><tr><th rowspan=2>Group</th><th colspan=2>2024</th></tr><tr><th>Men</th><th>Women</th></tr>"
        "<tr><td>Asian</td><td>1</td><td>2</td></tr></table>"
    )
    assert rows(tmp_path, html) == [[["Group", 2024.0, None], [None, "Men", "Women"], ["Asian", 1.0, 2.0]]]


def test_cells_that_stand_in_no_row_are_a_row_of_their_own(tmp_path: Path) -> None:
    html = "<table><tbody><tr><td>Men</td><td>1</td></tr><td>Women</td><td>2</td><tr><td>All</td><td>3</td></table>"
    assert rows(tmp_path, html) == [[["Men", 1.0], ["Women", 2.0], ["All", 3.0]]]


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [("5,678<sup>2</sup>", "5,678 [2]"), ("White<sup>[note 3]</sup>", "White [note 3]"), ("m<sup>th</sup>", "mth"),
     ("a<br>b", "a b"), ("&amp;<script>x()</script>", "&"), ("  ", None), ("[c]", "[c]")],
)  # fmt: skip
def test_a_cell_says_what_a_reader_sees(tmp_path: Path, cell: str, read_as: object) -> None:
    ((row,),) = rows(tmp_path, f"<table><tr><td>Label</td><td>{cell}</td><td>1</td></tr></table>")
    assert row == ["Label", read_as, 1.0]


def test_a_page_of_words_has_been_inspected_and_holds_nothing(tmp_path: Path) -> None:
    assert rows(tmp_path, "<!DOCTYPE html><p>The tables will follow.</p>") == [[]]


@pytest.mark.parametrize("name", ["tables.ods", "tables.xlsx", "tables.csv", "tables"])
def test_a_page_where_a_workbook_was_expected_stays_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFile, match="web page"):
        rows(tmp_path, "<!DOCTYPE html><table><tr><td>1</td></tr></table>", name)


@pytest.mark.parametrize("body", ["%PDF-1.7", "a,b\n1,2\n", '{"a": 1}'])
def test_what_is_called_a_page_and_is_none_is_told_by_its_bytes(tmp_path: Path, body: str) -> None:
    try:
        found = rows(tmp_path, body)
    except UnreadableFile:
        return
    assert found == [[["a", "b"], [1.0, 2.0]]]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td colspan=99999999 rowspan=99999999>x</td></tr></table>" * 40,
        "<table>" * 5000,
        "<div>" * 5000 + "<table><tr><td>1",
        "<table><tr><td>1<td>2<tr><td>3",
        "<html><table><tr><td></table></table></td></tr>",
        "<div><![CDATA[<table>]]><!-- <table>",
    ],
)
def test_a_page_that_is_broken_ends_in_rows_or_in_one_message(tmp_path: Path, html: str) -> None:
    try:
        rows(tmp_path, html)
    except UnreadableFile as refused:
        assert "page.html" in str(refused)


@pytest.mark.skipif(not EXAMPLES.exists(), reason="needs ../shared/interfaces beside the checkout")
@pytest.mark.parametrize(
    "name", ["best-practice-HC-paper", "long_form_and_automatically_numbered_headings", "multiple_organisations"]
)
def test_real_pages_give_what_another_reader_gives(tmp_path: Path, name: str) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("lxml")
    body = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))["details"]["body"]
    ours = rows(tmp_path, f"<div>{body}</div>")
    theirs = pandas.read_html(io.StringIO(body), header=None)
    assert len(ours) == len(theirs)
    words = lambda cells: {"".join(c for c in str(cell) if c.isalpha()) for cell in cells}  # noqa: E731
    for mine, other in zip(ours, theirs, strict=True):
        heads = [part for head in other.columns for part in (head if isinstance(head, tuple) else (head,))]
        said = words([*heads, *(cell for row in other.to_numpy().tolist() for cell in row)])
        seen = words(cell for row in mine[1:] for cell in row if cell is not None)
        assert {w for w in seen if len(w) > 3} <= {w for w in said if len(w) > 3} | words(mine[0])
