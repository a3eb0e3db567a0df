"""A workbook nobody has seen, in the geometry of the probation tables, is read by a declaration and no Python.

People on probation by sex and age, by ethnicity, and by region: cover, contents and notes before the tables, notes
in the headers, suppressed and low numbers, regions as blocks. Every figure is invented and known.
"""

import json
from pathlib import Path

import openpyxl
import pytest

AGES = ["18-20", "21-24", "25-29", "30-39", "40-49", "50-59", "60 and over"]
GROUPS = ["Asian or Asian British", "Black or Black British", "Mixed", "Other ethnic group", "White", "Not stated"]
REGIONS = ["North East", "Wales"]
YEARS = ["30 June 2023", "30 June 2024"]
NAMED = {
    "Asian or Asian British": "Asian",
    "Black or Black British": "Black",
    "Mixed": "Mixed",
    "Other ethnic group": "Other",
    "White": "White",
    "Not stated": "Not stated",
}

DECLARATION = """
id = "caseload"
title = "Probation caseload"
publisher = "A publisher"

[[table]]
id = "age-sex"
title = "People on probation by sex and age"
measure = "probation-caseload"
population = "people on probation"
period_kind = "stock"
rows = ["sex", "age"]

[[table]]
id = "ethnicity"
title = "People on probation by ethnicity"
measure = "probation-caseload"
population = "people on probation"
period_kind = "stock"
rows = ["ethnicity"]

[[table]]
id = "region-ethnicity"
title = "People on probation by region"
measure = "probation-caseload"
population = "people on probation"
period_kind = "stock"
fields = { "Region" = "place", "Ethnic group" = "ethnicity" }
"""


def number(*of: object) -> int:
    """An invented count: the same for the same words, never a year."""
    return 3000 + sum(ord(letter) * (i + 7) for i, letter in enumerate("|".join(map(str, of)))) % 5003


def workbook(path: Path) -> dict[tuple[str, str], int | str]:
    """Write the workbook; return what stands in each cell of a figure, by sheet and address."""
    book = openpyxl.Workbook()
    truth: dict[tuple[str, str], int | str] = {}
    cover = book.active
    cover.title = "Cover"
    for line in ("Probation caseload, England and Wales", "Numbers of Asian, Black and White people are in Table 2."):
        cover.append([line])
    contents = book.create_sheet("Contents")
    contents.append(["Table of contents"])
    contents.append(["Table_1", "People on probation by sex and age"])
    notes = book.create_sheet("Notes")
    notes.append(["Note number", "Note text"])
    notes.append([1, "Asian includes Chinese. [c] is a number from 1 to 5."])

    def table(name: str, title: str, header: list[str], body: list[list[object]], labels: int) -> None:
        sheet = book.create_sheet(name)
        sheet.append([title])
        sheet.append(["This worksheet contains one table. [c] marks a count withheld, [low] one below 1."])
        sheet.append([])
        sheet.append([f"{h} [note 1]" if i == labels else h for i, h in enumerate(header)])
        for row in body:
            sheet.append(row)
            for column, value in enumerate(row[labels:], labels + 1):
                if value is not None:
                    truth[name, sheet.cell(sheet.max_row, column).coordinate] = value  # type: ignore[assignment]

    people: list[list[object]] = []
    for sex in ("All people", "Males", "Females"):
        totals = [
            sum(number(s, a, y) for s in ("Males", "Females") if sex in (s, "All people") for a in AGES) for y in YEARS
        ]
        people.append([sex, *totals])
        for age in AGES:
            people.append(
                [
                    age,
                    *(sum(number(s, age, y) for s in ("Males", "Females") if sex in (s, "All people")) for y in YEARS),
                ]
            )
    table("Table_1", "Table 1: People on probation by sex and age [note 1]", ["Sex and age", *YEARS], people, 1)
    groups: list[list[object]] = [[g, *(number(g, y) for y in YEARS)] for g in GROUPS]
    groups[3][2] = "[c]"
    table("Table_2", "Table 2: People on probation by ethnicity", ["Ethnic group", *YEARS], groups, 1)
    regions: list[list[object]] = [[r, g, *(number(r, g, y) for y in YEARS)] for r in REGIONS for g in GROUPS]
    regions[1][2] = "[low]"
    table("Table_3", "Table 3: People on probation by region", ["Region", "Ethnic group", *YEARS], regions, 2)
    book.save(path)
    return truth


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, cli) -> tuple[dict, dict]:
    """What the workbook holds, and what the declaration makes of it."""
    folder = tmp_path_factory.mktemp("caseload")
    truth = workbook(folder / "caseload.xlsx")
    (folder / "caseload.toml").write_text(DECLARATION, encoding="utf-8")
    answer = cli(
        "try", folder / "caseload.xlsx", "--declaration", folder / "caseload.toml", "--json", "--quiet", home=folder
    )
    return truth, {"code": answer.code, **json.loads(answer.out)}


def test_every_number_is_one_figure_at_its_cell(read) -> None:
    truth, said = read
    found = {(f["sheet"], f["cell"]): f for f in said["figures"]}
    assert found.keys() == truth.keys()
    assert len(said["figures"]) == len(truth)
    for at, value in truth.items():
        if isinstance(value, int):
            assert (found[at]["value"], found[at]["status"]) == (value, "published"), at


def test_marks_are_no_numbers_and_keep_what_they_say(read) -> None:
    truth, said = read
    found = {(f["sheet"], f["cell"]): f for f in said["figures"]}
    marked = {at: value for at, value in truth.items() if isinstance(value, str)}
    assert {value: (found[at]["value"], found[at]["status"]) for at, value in marked.items()} == {
        "[c]": (None, "suppressed"),
        "[low]": (None, "rounded_to_zero"),
    }


def test_a_block_of_one_sex_scopes_the_ages_under_it(read) -> None:
    said = [f for f in read[1]["figures"] if f["table_id"] == "age-sex"]
    women = {(f["age"], f["period_end"]): f["value"] for f in said if f["sex"] == "female"}
    assert women["18-20", "2024-06-30"] == number("Females", "18-20", "30 June 2024")
    assert women["60 and over", "2023-06-30"] == number("Females", "60 and over", "30 June 2023")
    everyone = {(f["age"], f["period_end"]): f["value"] for f in said if f["sex"] == "all"}
    assert everyone["all", "2024-06-30"] == sum(
        number(s, a, "30 June 2024") for s in ("Males", "Females") for a in AGES
    )


def test_groups_and_regions_are_named_and_the_publishers_words_kept(read) -> None:
    said = read[1]["figures"]
    by_group = {f["ethnicity_label"]: f["ethnicity"] for f in said if f["table_id"] == "ethnicity"}
    assert by_group == NAMED
    assert {f["classification"] for f in said if f["table_id"] == "ethnicity"} == {"5B"}
    black = [f for f in said if f["place_code"] == "Wales" or f["place_name"] == "Wales"]
    wales = {(f["ethnicity"], f["period_end"]): f["value"] for f in black}
    assert wales["Black", "2024-06-30"] == number("Wales", "Black or Black British", "30 June 2024")


def test_what_does_not_sum_is_said_and_nothing_else(read, tmp_path: Path, cli) -> None:
    assert (read[1]["code"], read[1]["problems"]) == (0, [])
    book_path = tmp_path / "caseload.xlsx"
    workbook(book_path)
    book = openpyxl.load_workbook(book_path)
    book["Table_1"]["B5"] = book["Table_1"]["B5"].value + 1
    book.save(book_path)
    (tmp_path / "caseload.toml").write_text(DECLARATION, encoding="utf-8")
    answer = cli("try", book_path, "--declaration", tmp_path / "caseload.toml", "--json", "--quiet", home=tmp_path)
    assert answer.code == 1
    problems = json.loads(answer.out)["problems"]
    assert {p["check"] for p in problems} <= {"parts_sum_to_total", "sexes_sum_to_both", "tables_agree"}
    assert any("B5" in p["cells"] for p in problems)
