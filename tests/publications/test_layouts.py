"""A layout that drifts is data: tables are followed by their words, and what cannot be told is refused by name."""

import datetime as dt

import pytest

from monitor.declarations import DeclarationError, sources
from pipelines.reading import Grid
from pipelines.reading import read as read_file
from pipelines.tidy import in_force, tidy
from tests.publications.made import NOT_HERE, PUBLISHED, changed, checks, claims, declared, read, sheet

SEX = 'rows = ["sex"]'
PEOPLE = sheet((None, "30 June 2021", "30 June 2022"), ("Males", 60, 66), ("Females", 6, 7))
SAID = ("sex", "period_end", "value")
FOUND = {
    "B4": ("male", dt.date(2021, 6, 30), 60.0),
    "C4": ("male", dt.date(2022, 6, 30), 66.0),
    "B5": ("female", dt.date(2021, 6, 30), 6.0),
    "C5": ("female", dt.date(2022, 6, 30), 7.0),
}


def moved(found: dict[str, tuple[object, ...]], down: int = 0) -> dict[str, tuple[object, ...]]:
    return {f"{cell[0]}{int(cell[1:]) + down}": said for cell, said in found.items()}


# --- what a declaration written by words outlives -----------------------------------------------------------------


def test_a_header_moved_down_or_up_changes_nothing_but_addresses() -> None:
    for down in (1, 4):
        lower = Grid("Table_1", [PEOPLE.rows[0], *[[]] * down, ["Source: a publisher"], *PEOPLE.rows[1:]])
        assert claims(read(lower, declared(SEX)), *SAID) == moved(FOUND, down + 1)
    higher = Grid("Table_1", [PEOPLE.rows[0], *PEOPLE.rows[2:]])
    assert claims(read(higher, declared(SEX)), *SAID) == moved(FOUND, -1)


def test_a_sheet_renamed_or_a_title_with_another_end_is_followed() -> None:
    renamed = Grid("Data tab", [["Table 1: People in prison, 30 June 2021 to 30 June 2023 [note 2]"], *PEOPLE.rows[1:]])
    assert claims(read(renamed, declared(SEX)), *SAID) == FOUND


def test_a_column_added_by_the_publisher_is_read_if_it_is_a_date_and_named_if_it_is_not() -> None:
    wider = sheet((None, "30 June 2021", "30 June 2022", "Change"), ("Males", 60, 66, 6), ("Females", 6, 7, 1))
    tidied = read(wider, declared(SEX))
    assert claims(tidied, *SAID) == FOUND
    [problem] = tidied.problems
    assert "'Change'" in problem.message and problem.cells == ("D3",)


def test_a_column_of_labels_added_beside_those_declared_does_not_matter() -> None:
    by_header = 'fields = { "Sex" = "sex" }'
    narrow = sheet(("Sex", "30 June 2022"), ("Males", 66), ("Females", 7))
    wide = sheet(("Code", "Sex", "30 June 2022"), ("E1", "Males", 66), ("E2", "Females", 7))
    assert claims(read(narrow, declared(by_header)), "sex", "value") == {"B4": ("male", 66), "B5": ("female", 7)}
    assert claims(read(wide, declared(by_header)), "sex", "value") == {"C4": ("male", 66), "C5": ("female", 7)}


# --- renumbered ---------------------------------------------------------------------------------------------------


def test_a_table_with_another_number_is_followed_by_its_title_and_told() -> None:
    numbered = declared('number = "1.4"\n' + SEX)
    grid = Grid("1_Q_6", [["Table 1.Q.6: People in prison"], *PEOPLE.rows[1:]])
    tidied = read(grid, numbered)
    assert claims(tidied, *SAID) == FOUND
    [told] = tidied.problems
    assert (told.check, told.severity, told.sheet) == ("renumbered", "note", "1_Q_6")
    assert "1.Q.6" in told.message and "1.4" in told.message


def test_one_number_written_in_two_ways_is_not_renumbered() -> None:
    for title in ("Table 1.4: People in prison", "1_4: People in prison"):
        grid = Grid("T", [[title], *PEOPLE.rows[1:]])
        assert read(grid, declared('number = "1.4"\n' + SEX)).problems == []


# --- dated layouts ------------------------------------------------------------------------------------------------


def dated(old: str, new: str) -> str:
    return f'{old}\n\n[[table]]\nid = "one"\ntitle = "People in prison"\nmeasure = "m"\npopulation = "p"\n{new}'


def test_each_edition_is_read_by_the_layout_of_its_day() -> None:
    publication = declared(
        dated(f"{SEX}\nuntil = 2022-12-31", 'from = 2023-01-01\nrows = ["period"]\ncolumns = ["sex"]')
    )
    turned = sheet(("Date", "Males", "Females"), ("30 June 2023", 70, 8))
    assert claims(read(PEOPLE, publication, "2022-06-30"), *SAID) == FOUND
    assert claims(read(turned, publication, "2023-06-30"), "sex", "value") == {"B4": ("male", 70), "C4": ("female", 8)}
    assert read(turned, publication, "2022-06-30").figures.is_empty(), "the old layout was not left as it was"


@pytest.mark.parametrize(
    ("edition", "published_on", "layout"),
    [
        ("2022-12-31", dt.date(2023, 4, 27), "old"),
        ("2023-Q1", None, "new"),
        ("2021/22", dt.date(2023, 4, 27), "old"),
        ("April edition", dt.date(2023, 4, 27), "new"),
        ("April edition", dt.date(2022, 4, 28), "old"),
        ("tables-2022", None, "old"),
        ("the latest", None, "new"),
    ],
)
def test_the_day_of_an_edition_is_that_of_its_name_else_that_of_its_publication(edition, published_on, layout) -> None:
    publication = declared(
        dated(f'{SEX}\nuntil = 2022-12-31\nsheet = "old"', f'{SEX}\nfrom = 2023-01-01\nsheet = "new"')
    )
    assert [table.sheet for table in in_force(publication, edition, published_on)] == [layout]


def test_two_layouts_for_one_day_are_refused_before_anything_is_read() -> None:
    with pytest.raises(DeclarationError, match="declared twice for the same days"):
        declared(dated(f"{SEX}\nuntil = 2023-01-01", f"{SEX}\nfrom = 2023-01-01"))


# --- what cannot be told is refused ------------------------------------------------------------------------------


def test_two_tables_that_answer_to_one_title_are_both_named_and_neither_is_read() -> None:
    first = Grid("A", [["Table 1: People in prison by sex"], *PEOPLE.rows[1:]])
    second = Grid("B", [["Table 2: People in prison by sex and day"], *PEOPLE.rows[1:]])
    tidied = tidy([first, second], declared(SEX), edition="2022-06-30")
    assert tidied.figures.is_empty()
    said = checks(tidied)["table_found"]
    assert [word for word in ("A (Table 1", "B (Table 2", "None is read", "name the sheet") if word not in said] == []


def test_a_title_that_is_exactly_the_one_declared_goes_before_a_longer_one() -> None:
    longer = Grid("B", [["Table 2: People in prison by establishment"], *PEOPLE.rows[1:]])
    tidied = tidy([longer, PEOPLE], declared(SEX), edition="2022-06-30")
    assert set(tidied.figures["sheet"]) == {"Table_1"}


# --- the published workbooks --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ethnic_groups() -> Grid:
    if not PUBLISHED.is_dir():
        pytest.skip(NOT_HERE)
    return next(g for g in read_file(PUBLISHED / "moj" / "Population_30June2022_Annual.xlsx") if g.sheet == "A1_9i")


def test_a_published_table_renumbered_renamed_and_moved_gives_the_same_figures(ethnic_groups: Grid) -> None:
    prison = sources()["prison-population"]
    title = str(ethnic_groups.at(0, 0)).replace("A1.9i", "1.A.15")
    drifted = Grid("1_A_15", [[title], ["Back to contents"], [], *ethnic_groups.rows[1:]])
    sound = tidy([ethnic_groups], prison, edition="2022-06-30")
    spoiled = tidy([drifted], prison, edition="2022-06-30")
    assert sound.figures.height == 1704
    columns = [c for c in sound.figures.columns if c not in ("cell", "sheet")]
    assert spoiled.figures.select(columns).equals(sound.figures.select(columns))
    assert set(checks(spoiled)) == {"renumbered"}


def test_a_published_table_with_one_more_year_and_a_note_column_is_read_in_the_old_words(ethnic_groups: Grid) -> None:
    prison = sources()["prison-population"]
    rows = [[*row, *[None] * (23 - len(row))] for row in ethnic_groups.rows]
    for r, row in enumerate(rows):
        row += ["30-Jun-23" if r in (2, 42, 82) else row[22], "Comment" if r == 2 else None]
    wider = tidy([Grid("A1_9i", rows)], prison, edition="2023-06-30")
    sound = tidy([ethnic_groups], prison, edition="2022-06-30").figures
    added = wider.figures.filter(wider.figures["period_end"] == dt.date(2023, 6, 30))
    latest = sound.filter(sound["period_end"] == dt.date(2022, 6, 30))
    groups = ["sex", "nationality", "ethnicity", "value"]
    assert added.height == 84
    assert added.select(groups).equals(latest.select(groups))
    assert wider.figures.height == sound.height + added.height


def test_a_published_table_whose_title_is_gone_is_refused_and_not_looked_for_by_its_place(ethnic_groups: Grid) -> None:
    untitled = changed(ethnic_groups, {"A1": "Statistics"})
    assert tidy([untitled], sources()["prison-population"], edition="2022-06-30").figures.is_empty()


ORDERS = [
    ["Region", "Order", "Sex", "Date", "Count"],
    ["North", "All", "Female", "2023Q1", 5],
    ["North", "Community order", "Female", "2023Q1", 3],
    ["South", "All", "Female", "2023Q1", 7],
    ["South", "Community order", "Female", "2023Q1", 2],
]
SUMMED = """
shape = "long"
period_kind = "{kind}"
fields = {{ "Region" = "place", "Order" = "as_published", "Sex" = "sex", "Date" = "period", "Count" = "value" }}
sums = [{{ keep = ["order", "sex"], reason = "No national row." }}]
"""


@pytest.mark.parametrize(("kind", "start"), [("stock", dt.date(2023, 3, 31)), ("flow", dt.date(2023, 1, 1))])
def test_a_sum_keeps_the_publishers_words_apart_and_a_stock_is_counted_at_the_end(kind, start) -> None:
    figures = read(sheet(*ORDERS), declared(SUMMED.format(kind=kind))).figures
    said = figures.sort("value").select("value", "circumstances", "period_start", "period_end").rows()
    end = dt.date(2023, 3, 31)
    assert said == [(5, '{"order": "Community order"}', start, end), (12, '{"order": "All"}', start, end)]
