"""A cited table has everything needed to quote it, or it is not made."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from dashboards.cited import CitationMissing, CitedTable, make, runs
from dashboards.writers import write
from dashboards.writers.layout import reading
from monitor.declarations import measures
from monitor.store.database import Reader


def cells(table: CitedTable, group: str) -> dict[str, str]:
    row = next(r for r in table.rows if r.name == group)
    return {c.key: cell.text for c, cell in zip(table.columns, row.cells, strict=True)}


def test_the_table_gives_the_published_count_and_the_ratio_with_its_interval(table: CitedTable) -> None:
    black = cells(table, "Black")
    assert black["count"] == "10,494"
    assert black["share"] == "12.3%"
    assert black["denominator"] == "1,730,025"
    assert black["rate"] == "606.6"
    assert (black["ratio"], black["ratio_low"], black["ratio_high"]) == ("3.89", "3.81", "3.97")


def test_every_number_is_the_one_in_the_derived_rows(table: CitedTable, derived: Callable[..., pl.DataFrame]) -> None:
    rows = derived("prison-population", "ethnicity")
    assert len(table.rows) == rows.height
    held = {r["category"]: r for r in rows.iter_rows(named=True)}
    for row in table.rows:
        source = held.get(row.name, held["all"])
        for column, cell in zip(table.columns, row.cells, strict=True):
            if column.key != "finding":
                assert cell.value == source[column.key], (row.name, column.key)


def test_groups_stand_in_order_with_their_members_under_them_and_unknown_last(table: CitedTable) -> None:
    names = [r.name for r in table.rows]
    assert names[0] == "All, including unknown"
    assert [r.name for r in table.rows if r.level == "groups"] == ["Asian", "Black", "Mixed", "White", "Other"]
    assert names.index("Black") < names.index("Black Caribbean") < names.index("Mixed")
    assert next(r for r in table.rows if r.name == "Black Caribbean").depth == 1
    assert [r.level for r in table.rows][-3:] == ["unknown"] * 3


def test_unknown_is_counted_and_said(table: CitedTable) -> None:
    assert cells(table, "Not stated")["count"] == "177"
    assert cells(table, "Not stated")["share"] == "–"
    assert "854 of 85,851 people (1.0%)" in table.unknown_sentence


def test_the_source_names_publisher_edition_date_designation_cells_file_hash_and_access(table: CitedTable) -> None:
    source = table.sources[0]
    for words in (
        "Source: Ministry of Justice",
        "published 27 July 2023",
        "accredited official statistics",
        "sheet A1_9i, cells X4 to X12",
        "file Population_30June2023_Annual.ods",
        "SHA-256 fcdf2a8f0d70",
        f"accessed {table.accessed.day} {table.accessed:%B %Y}",
    ):
        assert words in source
    assert table.sources[1].startswith("Population: Office for National Statistics")


def test_a_day_of_publication_that_is_not_known_is_not_invented(table: CitedTable) -> None:
    assert "published January 2023 (day not verified)" in table.sources[1]
    assert "31 January 2023" not in table.sources[1]


def test_our_own_sums_are_never_cited_as_an_official_table(cited: Callable[..., CitedTable]) -> None:
    population = cited("arrests", "ethnicity", baseline="census-2011").sources[1]
    assert population.startswith("Population: sums calculated from")
    assert population.endswith("These sums are not an official table.")


def test_people_between_two_censuses_are_said_to_be_grown_and_both_are_cited(cited: Callable[..., CitedTable]) -> None:
    _, *population = cited("arrests", "ethnicity").sources
    assert {p.partition(", from")[0] for p in population} == {"Population: grown between two censuses"}
    assert all(any(year in p for p in population) for year in ("2011", "2021"))
    assert all(p.endswith("in no official table.") for p in population)
    # because another file adds up to the same, and is not what was divided by
    assert any("sheet" not in p and "file census2011-dc2101ew-countries.csv" in p for p in population)
    assert not any("ethnic-population-by-local-authority.csv" in p for p in population)


def test_words_stand_to_the_left_and_numbers_to_the_right_wherever_the_finding_is(
    cited: Callable[..., CitedTable], tmp_path: Path
) -> None:
    table = cited("arrests", "ethnicity")
    assert table.columns[-1].key != "finding"
    write(table, "html", tmp_path / "t.html")
    page = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert '<th scope="col">Finding</th>' in page
    assert '<th scope="col" class="number">By census</th>' in page
    assert "<td>direction depends on the unknown and the census</td>" in page


def test_no_column_of_a_document_is_narrower_than_its_longest_number(table: CitedTable) -> None:
    """A word of n letters of 9 points, as wide as most fonts have them, and the space around it."""
    shown = reading(table)
    for i, column in enumerate(shown.columns):
        if not column.span:
            longest = max(len(word) for row in shown.rows for word in row.cells[i].text.split())
            assert shown.widths[i + 1] >= 0.17 * longest + 0.3, column.header


def test_what_is_not_compared_says_why_and_is_never_blank_or_zero(cited: Callable[..., CitedTable]) -> None:
    table = cited("prison-population", "religion")
    anglican = cells(table, "Anglican")
    assert anglican["count"] == "11,383"
    assert anglican["ratio"] == anglican["rate"] == "[x1]"
    assert anglican["finding"] == "not compared [x1]"
    assert any(n.startswith("[x1] The baseline has no group 'Anglican'") for n in table.notes)
    assert all(c.text for r in table.rows for c in r.cells)


def test_without_a_baseline_there_are_counts_and_shares_and_the_reason(cited: Callable[..., CitedTable]) -> None:
    table = cited("prison-population", "nationality")
    assert [c.key for c in table.columns] == ["count", "share", "finding"]
    assert "counts and shares only" in table.baseline_sentence


def test_dates_the_baseline_is_not_declared_for_are_counts_and_shares_with_the_reason(
    cited: Callable[..., CitedTable],
) -> None:
    table = cited("prison-population", "ethnicity", period=dt.date(2005, 6, 30))
    assert [c.key for c in table.columns] == ["count", "share", "finding"]
    assert cells(table, "Black")["finding"] == "comparison withheld [x1]"
    assert any("27 March 2011" in n for n in table.notes if n.startswith("[x1]"))


def test_a_table_for_women_says_so(cited: Callable[..., CitedTable]) -> None:
    table = cited("prison-population", "ethnicity", baseline="census-2021", sex="female")
    assert table.title.startswith("People in prison (women) by ethnicity")
    assert "--sex female" in table.made_with


def test_of_two_counting_systems_at_one_date_the_later_is_shown_and_the_other_named(
    cited: Callable[..., CitedTable],
) -> None:
    table = cited("prison-population", "ethnicity", period=dt.date(2009, 6, 30))
    names = [r.name for r in table.rows]
    assert len(names) == len(set(names))
    assert any("2 counting systems" in n and "new-system, not old-system" in n for n in table.notes)


def test_every_published_number_names_its_figures_and_every_other_is_calculated(table: CitedTable) -> None:
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if cell.value is None:
                continue
            assert bool(cell.figures) == (column.key in ("count", "denominator"))
            assert cell.calculated != bool(cell.figures)
    white = next(r for r in table.rows if r.name == "White").cells[0]
    assert table.came_from(white).startswith("Population_30June2023_Annual.ods, sheet A1_9i, cell X")


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("baseline_sentence", "baseline"),
        ("sources", "source"),
        ("unknown_sentence", "unknown share"),
        ("licence", "licence"),
        ("interval_sentence", "intervals"),
    ],
)
def test_a_table_that_could_not_be_cited_is_refused(table: CitedTable, field: str, words: str) -> None:
    empty = () if field == "sources" else ""
    with pytest.raises(CitationMissing, match=f"missing here:.*{words}"):
        dataclasses.replace(table, **{field: empty})


def test_rows_of_two_periods_are_not_one_table(store: Reader) -> None:
    frame = store.frame(
        "select * from disparity where measure = 'prison-population' and characteristic = 'ethnicity' "
        "and baseline = 'census-2021' and sex = 'all'"
    )
    with pytest.raises(CitationMissing, match="one period; found"):
        make(store, frame, measures()["prison-population"])


def test_figures_that_are_not_held_are_not_cited(store: Reader, derived: Callable[..., pl.DataFrame]) -> None:
    frame = derived("arrests", "ethnicity").with_columns(numerator_figures=pl.lit(["no-such-figure"]))
    with pytest.raises(CitationMissing, match="figure no-such-figure"):
        make(store, frame, measures()["arrests"])


@pytest.mark.parametrize(
    ("addresses", "said"),
    [
        (["B3", "B4", "B5"], "B3 to B5"),
        (["B3", "C3", "D3"], "B3 to D3"),
        (["B3", "B4", "C3", "C4"], "B3 to C4"),
        (["B3", "D9"], "B3, D9"),
        (["Z1", "AA1"], "Z1 to AA1"),
        (["sum of 14 rows"], "sum of 14 rows"),
    ],
)
def test_cells_are_told_as_ranges(addresses: list[str], said: str) -> None:
    assert runs(addresses) == said


def test_small_numbers_are_marked_where_they_are_read(cited: Callable[..., CitedTable]) -> None:
    table = cited("self-inflicted-deaths", "ethnicity")
    assert cells(table, "Asian")["count"] == "2 [p]"
    assert cells(table, "Asian")["finding"] == "less likely [low] [p]"
    assert any(n.startswith("[low] Small numbers: fewer than 20 events") for n in table.notes)
    prison = cited("prison-population", "ethnicity")
    assert not any("[low]" in c.text for row in prison.rows for c in row.cells)
