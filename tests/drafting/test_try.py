"""`try FILE` on a file nobody declared: a declaration that loads, the figures it yields, and what it could not do."""

import csv
import json
import tomllib
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from monitor.declarations import Publication, parse
from pipelines.drafting import declaration, propose
from pipelines.reading import read
from pipelines.tidy import tidy
from tests.survey.made import Made, made, write

SHARED = Path(__file__).resolve().parents[3] / "shared" / "published"
PUBLISHED = sorted(p for p in SHARED.glob("*/*") if p.suffix in {".xlsx", ".ods", ".csv"}) if SHARED.is_dir() else []
needs_shared = pytest.mark.skipif(
    not PUBLISHED, reason="the publishers' originals are not here: no ../shared/published"
)

ETHNICITY_BY_YEAR = [
    ["Table 3: People recalled to prison by ethnicity"],
    [],
    ["Ethnic group", "2022/23", "2023/24"],
    ["Asian or Asian British", 412, 433],
    ["Black or Black British", 820, "[c]"],
    ["Mixed", 305, 311],
    ["Other ethnic group", 77, 80],
    ["White", 5120, 5307],
    ["Total", 6734, 7000],
]


@pytest.fixture
def recalls(tmp_path: Path) -> Path:
    """A small workbook of one table, whose last total nobody can check: a part of it is suppressed."""
    book = openpyxl.Workbook()
    for row in ETHNICITY_BY_YEAR:
        book.active.append(row)
    book.save(tmp_path / "recalls.xlsx")
    return tmp_path / "recalls.xlsx"


def test_what_is_printed_is_a_declaration_that_reads_the_file(cli, recalls: Path) -> None:
    said = cli("try", recalls, home=recalls.parent)
    assert said.code == 0, said.err
    (table,) = tomllib.loads(said.out)["table"]
    assert (table["title"], table["rows"], table["columns"]) == (
        "People recalled to prison by ethnicity",
        ["ethnicity"],
        ["period"],
    )
    assert "# people-recalled-to-prison-by-ethnicity: sheet Sheet, 12 figures" in said.out
    saved = recalls.parent / "own.toml"
    saved.write_text(said.out, encoding="utf-8")
    again = cli("try", recalls, "--declaration", saved, "--json", home=recalls.parent).document
    values = {(f["ethnicity"], f["period_label"]): (f["value"], f["status"]) for f in again["figures"]}
    assert values["Black", "2022/23"] == (820, "published")
    assert values["Black", "2023/24"] == (None, "suppressed")
    assert values["all", "2023/24"] == (7000, "published")


def test_what_only_a_person_can_say_stands_in_capitals(cli, recalls: Path) -> None:
    drafted = tomllib.loads(cli("try", recalls, "--json", home=recalls.parent).document["declaration"])
    assert drafted["table"][0]["measure"].isupper()
    assert drafted["table"][0]["population"].isupper()


def test_totals_that_do_not_sum_and_unknown_labels_are_said_under_the_draft(cli, recalls: Path) -> None:
    book = openpyxl.load_workbook(recalls)
    book.active["B9"] = 6735
    book.active.cell(10, 1, "Martian")
    book.active.cell(10, 2, 1)
    book.save(recalls)
    said = cli("try", recalls, "--json", home=recalls.parent).document
    problems = {p["check"]: p for p in said["problems"]}
    assert "A10" in problems["labels_known"]["cells"]
    book.active.delete_rows(10)
    book.save(recalls)
    problems = {p["check"]: p for p in cli("try", recalls, "--json", home=recalls.parent).document["problems"]}
    assert "6,735" in problems["parts_sum_to_total"]["message"]
    assert "B9" in problems["parts_sum_to_total"]["cells"]


def test_write_keeps_a_draft_in_the_home_and_never_over_what_is_there_unseen(
    cli, recalls: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    said = cli("try", recalls, "--write", "--json", home=home).document
    drafts = home / "declarations" / "drafts"
    assert sorted(p.name for p in drafts.iterdir()) == ["recalls.expected.csv", "recalls.toml"]
    assert {str(p) for p in drafts.iterdir()} == set(said["written"])
    assert parse(Publication, (drafts / "recalls.toml").read_text("utf-8"), "recalls.toml").id == "recalls"
    with (drafts / "recalls.expected.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len(said["figures"]) == 12
    assert {"cell": "C5", "ethnicity": "Black", "value": "", "status": "suppressed"}.items() <= next(
        r.items() for r in rows if r["cell"] == "C5"
    )
    assert cli("try", recalls, "--write", home=home).code == 0, "the same again changes nothing"
    mended = (drafts / "recalls.toml").read_text("utf-8").replace("TITLE OF THE SERIES", "People recalled to prison")
    (drafts / "recalls.toml").write_text(mended, encoding="utf-8")
    again = cli("try", recalls, "--write", home=home)
    assert again.code == 2
    assert '-title = "People recalled to prison"' in again.err and "Nothing is written" in again.err
    assert (drafts / "recalls.toml").read_text("utf-8") == mended
    assert cli("try", recalls, "--write", "--by", "A. Analyst", "--on", "2026-11-20", home=home).code == 0
    assert "TITLE OF THE SERIES" in (drafts / "recalls.toml").read_text("utf-8")


def test_a_series_declared_in_the_home_is_read_beside_those_that_ship(cli, recalls: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    drafted = cli("try", recalls, "--write", "--json", home=home).document["declaration"]
    for said, meant in (
        ("TITLE OF THE SERIES", "People recalled to prison"),
        ("WHAT-IS-COUNTED", "recalls"),
        ("WHO IS COUNTED IN PEOPLE-RECALLED-TO-PRISON-BY-ETHNICITY", "people recalled to prison"),
        ("PUBLISHER", "A publisher"),
        ("WHAT THEY ARE, SUCH AS: in prison", "recalled to prison"),
    ):
        drafted = drafted.replace(said, meant)
    (home / "declarations" / "recalls.toml").write_text(drafted, encoding="utf-8")
    assert cli("add", recalls, "--publication", "recalls", "--edition", "2023-24", "--quiet", home=home).code == 0
    (measure,) = cli("measures", "recalls", "--json", home=home).document
    assert (measure["layout"], measure["last_period"]) == ("declared", "2024-03-31")
    rows = cli("ratios", "recalls", "--by", "ethnicity", "--json", home=home).document
    assert {r["category"]: r["count"] for r in rows}["White"] == 5307


def test_checked_figures_are_compared_cell_by_cell(cli, recalls: Path, tmp_path: Path) -> None:
    cli("try", recalls, "--write", home=tmp_path)
    to = tmp_path / "declarations" / "drafts"
    checked, declared = to / "recalls.expected.csv", to / "recalls.toml"
    asked = ["try", recalls, "--declaration", declared, "--expected", checked]
    assert cli(*asked, home=tmp_path).code == 0
    checked.write_text(checked.read_text("utf-8").replace("820", "280"), encoding="utf-8")
    answer = cli(*asked, home=tmp_path)
    assert answer.code == 1
    assert "B5: value: expected '280.0', found '820.0'" in answer.err
    checked.write_text("a,b\n1,2\n", encoding="utf-8")
    assert cli(*asked, home=tmp_path).code == 2


def test_a_file_that_holds_no_table_says_so(cli, tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text("only,words\nhere,and there\n", encoding="utf-8")
    said = cli("try", file, home=tmp_path)
    assert said.code == 0
    assert "No table was found" in said.out


@pytest.mark.parametrize("workbook", made(), ids=lambda m: m.name)
def test_no_draft_of_any_layout_gives_a_number_another_value(workbook: Made, tmp_path: Path) -> None:
    for path in write(workbook, tmp_path, "xlsx"):
        grids = read(path)
        declared = parse(Publication, declaration(propose(grids), path.stem), "the draft")
        by_sheet = {g.sheet: g for g in grids}
        for f in tidy(grids, declared, edition="2022").figures.iter_rows(named=True):
            if f["status"] == "published" and not f["cell"].startswith("sum of"):
                row, column = openpyxl.utils.cell.coordinate_to_tuple(f["cell"])
                stands = by_sheet[f["sheet"]].at(row - 1, column - 1)
                read_as = float(str(stands).replace(",", "").split("[")[0].split("(")[0].strip("*prPR% "))
                assert f["value"] in (read_as, 1000 * read_as), f  # because a line may say that it counts thousands


@needs_shared
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda p: p.name)
def test_every_published_file_is_drafted_and_the_draft_loads(path: Path) -> None:
    grids = read(path)
    proposed = propose(grids)
    text = declaration(proposed, path.stem)
    declared = parse(Publication, text, "the draft")
    assert [t.id for t in declared.table] == [p.id for p in proposed if not p.refused]
    said = [line for line in text.splitlines() if line.startswith("# sheet ") and ": not read, because " in line]
    assert len(said) == len([p for p in proposed if p.refused]), "a table that is not drafted is told, with the reason"
    assert not [line for line in said if line.endswith("because ")]


def figures_of(cli, tmp_path: Path, file: str, publication: str, edition: str) -> tuple[list[dict], list[dict]]:
    """Figures and problems of a published file read by the declaration of its publication."""
    asked = ("try", SHARED / file, "--publication", publication, "--edition", edition, "--json", "--quiet")
    said = json.loads(cli(*asked, home=tmp_path).out)
    return said["figures"], said["problems"]


def rows_of(file: str) -> list[dict[str, str]]:
    with (SHARED / file).open(encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


@needs_shared
def test_an_open_data_file_is_summed_by_each_of_its_declarations_alone(cli, tmp_path: Path) -> None:
    file = "moj/AdjudicationsQ32022.csv"
    figures, problems = figures_of(cli, tmp_path, file, "adjudications", "2022-Q3")
    assert problems == []
    assert {(f["period_start"], f["period_end"]) for f in figures} == {("2022-07-01", "2022-09-30")}
    tables = {f["table_id"] for f in figures}
    assert tables == {"outcomes", "outcomes-by-prison"}, "the same rows, summed in two ways"
    groups = (("b Black/ African/ Caribbean/ Black British", "Black"), ("d Other ethnic group", "Other"))
    for table, (said, named), outcome in product(tables, groups, ("Proved", "Dismissed")):
        of_it = [f for f in figures if (f["table_id"], f["ethnicity"]) == (table, named)]
        mine = [f["value"] for f in of_it if json.loads(f["circumstances"])["outcome"] == outcome.lower()]
        rows = [r for r in rows_of(file) if r["Ethnicity"] == said and r["Outcomes"] == outcome]
        assert sum(mine) == sum(int(r["Count"]) for r in rows)


@needs_shared
def test_a_column_that_was_dragged_by_accident_is_not_read(cli, tmp_path: Path) -> None:
    file = "ethnicity-facts-figures/custody-rate.csv"
    figures, problems = figures_of(cli, tmp_path, file, "sentences-and-custody", "2017")
    rows = rows_of(file)
    assert len({r["Ethnicity_type"] for r in rows}) == len(rows) == 864
    assert len(figures) == 3 * 864
    values = {f["cell"]: f["value"] for f in figures}
    for i, row in enumerate(rows, 2):
        assert [values[f"{c}{i}"] for c in "HIJ"] == [
            float(row[k]) for k in ("Immediate Custody", "all sentenced", "Value")
        ]
    assert {(f["classification"], f["mapping"]) for f in figures} == {("5A", "exact")}
    # because people whose sex was not recorded are in the whole and in neither part
    assert {p["check"] for p in problems} <= {"sexes_sum_to_both", "parts_sum_to_total"}


@needs_shared
def test_counts_shares_and_rates_side_by_side_are_three_measures(cli, tmp_path: Path) -> None:
    file = "home-office/arrest-police-powers-procedures-mar19-hosb2519-tables.ods"
    figures, problems = figures_of(cli, tmp_path, file, "arrests", "2018-19")
    assert {p["check"] for p in problems} == {"cells_read"}, "what nothing is made of is said, and no more"
    declared = [f for f in figures if f["layout"] == "declared"]
    assert {f["sheet"] for f in declared}.isdisjoint(p["sheet"] for p in problems)
    by_cell = {(f["sheet"], f["cell"]): f for f in declared}
    # because the table by police force area has its regions, countries and all of them too
    areas, years, groups = 55, 2, 7
    assert len(declared) == len(by_cell) == 42 + areas * years * groups
    assert [(by_cell["A_04", c]["measure"], by_cell["A_04", c]["value"]) for c in ("B8", "C8")] == [
        ("arrests", 485_885),
        ("arrests-share", pytest.approx(77.1, abs=0.05)),
    ]


@needs_shared
def test_an_older_edition_is_read_by_the_declaration_of_the_newer(cli, tmp_path: Path) -> None:
    file = "moj/Population_30June2020_Annual.xlsx"
    figures, problems = figures_of(cli, tmp_path, file, "prison-population", "2020-06-30")
    assert {f["table_id"] for f in figures if f["layout"] == "declared"} == {"custody-age-sex", "custody-nationality"}
    book = openpyxl.load_workbook(SHARED / file, data_only=True)
    for f in figures:
        if f["status"] == "published":
            assert book[f["sheet"]][f["cell"]].value == pytest.approx(f["value"])
    # the file holds two tables of the edition; that the others are not in it is said, and no label is unknown
    assert {p["check"] for p in problems} >= {"table_found"}
    assert "labels_known" not in {p["check"] for p in problems}
