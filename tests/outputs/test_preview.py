"""`try` shows what was read where: in the terminal, and as one page on which every cell has its role."""

import json
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from lxml import html

HOSTILE = "<img src=x onerror=alert(1)>\"'&"
ROWS = [
    ["Table 3: People recalled to prison by ethnicity"],
    [],
    ["Ethnic group", "2022/23", "2023/24"],
    ["Asian or Asian British", 412, 433],
    ["Black or Black British", 820, "[c]"],
    [HOSTILE, 7, 8],
    ["White", 5120, 5307],
    [],
    ["Note: recalls are counted once."],
]
ROLES = {
    "A1": "title",
    **dict.fromkeys(("A3", "B3", "C3", "A4", "A5", "A6", "A7"), "label"),
    **dict.fromkeys(("B4", "C4", "B5", "C5", "B7", "C7"), "figure"),
    **dict.fromkeys(("B6", "C6"), "refused"),
    "A9": "note",
}


@pytest.fixture
def recalls(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "recalls.xlsx")
    return tmp_path / "recalls.xlsx"


def role_of(cell: html.HtmlElement) -> str:
    return cell.get("class").split()[0]


def cells_of(page: html.HtmlElement, sheet: int = 1) -> dict[str, html.HtmlElement]:
    """The filled cells of a sheet's table by their address."""
    [table] = page.xpath(f"//section[h2[@id='s-{sheet}']]//table")
    columns = table.xpath("./thead/tr/th[@scope='col']/text()")[1:]
    found = {}
    for row in table.xpath("./tbody/tr[not(td[@class='gap'])]"):
        [number] = row.xpath("./th[@scope='row']/text()")
        for letters, cell in zip(columns, row.xpath("./td"), strict=False):
            if cell.get("class"):
                found[letters + number] = cell
    return found


def test_every_filled_cell_stands_on_the_page_with_its_role(cli, recalls: Path, tmp_path: Path) -> None:
    said = cli("try", recalls, "--preview", tmp_path / "p.html", "--json", home=tmp_path).document
    assert said["written"] == [str(tmp_path / "p.html")]
    page = html.parse(tmp_path / "p.html").getroot()
    cells = cells_of(page)
    assert {at: role_of(cell) for at, cell in cells.items()} == ROLES
    kinds = Counter(ROLES.values())
    assert {f"{k}s": n for k, n in kinds.items() if k != "refused"}.items() <= said["account"].items()
    key = {li.get("class"): li.findtext("i") for li in page.xpath("//ul[@class='key']/li")}
    assert {(role_of(c), c.findtext("i")) for c in cells.values()} <= key.items()  # because colour alone says nothing


def test_a_figure_says_what_it_was_read_as_and_a_refused_cell_why(cli, recalls: Path, tmp_path: Path) -> None:
    cli("try", recalls, "--preview", tmp_path / "p.html", home=tmp_path)
    page = html.parse(tmp_path / "p.html").getroot()
    cells = cells_of(page)
    title = cells["C5"].get("title")
    assert title.startswith("Read as suppressed")
    for part in ("1 April 2023 to 31 March 2024", "Ethnicity: Black", "Unit: people", "Stock or flow: not understood"):
        assert part in title
    assert "Black" in cells["C5"].findtext("small")
    [reasons] = page.xpath("//section[h2[@id='s-1']]//ol")
    [number] = re.findall(r"\d+", cells["B6"].findtext("small"))
    why = reasons[int(number) - 1].text_content()
    assert "unknown label" in why
    assert cells["B6"].get("title").split(": ", 1)[1] in why


def test_what_a_file_says_is_never_markup_and_the_page_needs_nothing_else(cli, recalls: Path, tmp_path: Path) -> None:
    cli("try", recalls, "--preview", tmp_path / "p.html", home=tmp_path)
    page = html.parse(tmp_path / "p.html").getroot()
    assert HOSTILE in cells_of(page)["A6"].text_content()
    assert page.xpath("//img | //script | //link | //@src | //@*[starts-with(name(), 'on')]") == []
    assert "url(" not in page.findtext(".//style")
    [policy] = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "default-src 'none'" in policy


def test_a_long_sheet_is_cut_and_says_how_much_is_not_shown(cli, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Establishment", "2022/23", "2023/24"])
    for k in range(500):
        book.active.append([f"Prison {k}", k, "see note" if k in (250, 300) else k + 1])
    book.save(tmp_path / "long.xlsx")
    cli("try", tmp_path / "long.xlsx", "--preview", tmp_path / "p.html", home=tmp_path)
    page = html.parse(tmp_path / "p.html").getroot()
    shown = cells_of(page)
    assert {"C252", "C302", "B2", "C501"} <= shown.keys()
    assert role_of(shown["C252"]) == "refused"
    left_out = [int(n.replace(",", "")) for n in re.findall(r"not shown: ([\d,]+) cells", page.text_content())]
    assert sum(left_out) + len(shown) == 501 * 3
    assert len(shown) < 150


def test_the_terminal_shows_the_ends_of_each_table_with_marks(cli, recalls: Path, tmp_path: Path) -> None:
    out = cli("try", recalls, home=tmp_path).out
    assert "T title, N note, L label, # figure, R refused, ? not understood" in out
    rows = {line.split()[1]: line for line in out.splitlines() if re.match(r"#\s+\d+ ", line)}
    assert re.search(r"5 +L Black or Bl… +# 820 +# \[c\]", rows["5"])
    assert "T Table 3: People recalled to prison by ethnicity" in rows["1"]
    assert re.search(r"R 7 +R 8", rows["6"])
    assert "\x1b" not in out


@pytest.mark.parametrize("verb", ["survey", "try"])
def test_cells_that_yield_nothing_are_named_with_the_reason(cli, recalls: Path, tmp_path: Path, verb: str) -> None:
    [block] = cli(verb, recalls, "--json", home=tmp_path).document["unread"]
    assert (block["sheet"], block["cells"], block["count"]) == ("Sheet", ["B6:C6"], 2)
    said = cli(verb, recalls, home=tmp_path).out
    assert "B6:C6" in said
    assert f"2 cells yield no figure ({block['what']}): {block['why']}" in " ".join(said.replace("#", "").split())


def test_colours_are_for_a_terminal_alone() -> None:
    from dashboards.preview import lines
    from pipelines.account import account
    from pipelines.reading.grid import Grid
    from pipelines.shape import sheet

    grid = Grid("T\x1b[2J", [["Table 1: People"], ["Group", "Male"], ["Asian\x1b[31m", 10.0], ["White", 20.0]])
    found = account([sheet(grid)], {})
    plain, coloured = ("\n".join(lines(found, colour=c)) for c in (False, True))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured).split() == plain.split()
    assert "\x1b[31m" not in coloured
    assert "\x1b[2J" not in coloured


def test_a_preview_is_written_of_a_file_of_which_nothing_is_understood(cli, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Stop,Self-defined\n" + "".join(f"{k},{k * 7}\n" for k in range(9)), encoding="utf-8")
    said = cli("try", file, "--preview", tmp_path / "p.html", "--json", home=tmp_path)
    document = json.loads(said.out)
    assert said.code == 1
    assert document["figures"] == []
    assert document["account"]["cells"] == 20
    assert "20 cells" in said.err
    assert len(cells_of(html.parse(tmp_path / "p.html").getroot())) == 20


def test_a_preview_is_a_page_and_never_the_file_itself(cli, recalls: Path, tmp_path: Path) -> None:
    before = recalls.read_bytes()
    said = cli("try", recalls, "--preview", recalls, home=tmp_path)
    assert said.code == 2
    assert ".html" in said.err
    assert recalls.read_bytes() == before
