"""A long sheet is read by column and a short one by row: whichever way, the same cells, tables and figures."""

from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from monitor.declarations import Publication, parse, sources
from pipelines.reading import Grid, limited, read
from pipelines.reading.grid import Column, Rows
from pipelines.reading.opening import Refused, delimited
from pipelines.reading.opening.columns import Columns
from pipelines.shape import Table, listed, tables
from pipelines.tidy import Tidied, tidy

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "published"
FILES = sorted(str(p.relative_to(PUBLISHED)) for p in PUBLISHED.rglob("*.*"))
LONG = {"moj/AdjudicationsQ32022.csv", "ethnicity-facts-figures/ethnic-population-by-local-authority.csv"}
"""Published open data whose declarations say `shape = "long"`."""
EVERY, NONE = 3, 10**9
"""Rows above which a sheet is read by column."""

published = pytest.mark.skipif(not PUBLISHED.exists(), reason="needs the published files beside the checkout")


@lru_cache(maxsize=4)
def grids(file: str, most_rows: int) -> list[Grid]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limited, "READ_BY_COLUMN_ROWS", most_rows)
        return read(PUBLISHED / file)


def by_column(grid: Grid) -> Grid:
    return replace(grid, rows=Rows([Column.of(cells) for cells in zip_longest(*grid.rows)]))


def said(table: Table) -> tuple[object, ...]:
    """Everything a table says, in plain values."""
    return (
        table.position,
        table.title,
        list(table.rows),
        table.columns,
        [(axis.header, list(axis.labels)) for axis in (*table.side, *table.top)],
        list(table.after_blank),
        table.header_rows,
        table.notes,
        table.blocks,
    )


def assert_same(a: Tidied, b: Tidied) -> None:
    assert_frame_equal(a.figures, b.figures)
    assert_frame_equal(a.levels, b.levels)
    assert a.problems == b.problems
    assert a.found == b.found


@published
@pytest.mark.parametrize("file", FILES)
def test_every_published_sheet_holds_the_same_cells_and_tables(file: str) -> None:
    for row_wise, column_wise in zip(grids(file, NONE), grids(file, EVERY), strict=True):
        assert not isinstance(row_wise.rows, Rows)
        assert isinstance(column_wise.rows, Rows) == (len(row_wise.rows) > EVERY)
        whole = [row[: len(row) - next((i for i, c in enumerate(reversed(row)) if c is not None), len(row))]
                 for row in row_wise.rows]  # fmt: skip
        ended = [list(row)[: max((i + 1 for i, c in enumerate(row) if c is not None), default=0)]
                 for row in column_wise.rows]  # fmt: skip
        assert ended == whole
        assert replace(row_wise, rows=[]) == replace(column_wise, rows=[])
        assert [said(t) for t in tables(row_wise)] == [said(t) for t in tables(column_wise)]


@published
@pytest.mark.parametrize("file", sorted(LONG))
def test_published_open_data_is_drawn_by_column_and_gives_the_same_figures(file: str) -> None:
    [row_wise], [column_wise] = grids(file, NONE), grids(file, EVERY)
    assert isinstance(column_wise.rows, Rows)
    assert listed.table(column_wise, column_wise.rows) is not None
    declared = [p for p in sources().values() if any(t.shape == "long" for t in p.table)]
    speaking = [p for p in declared if not tidy([row_wise], p, edition="2022").figures.is_empty()]
    assert speaking
    for publication in speaking:
        ours = tidy([column_wise], publication, edition="2022")
        assert ours.figures.height > 0
        assert_same(tidy([row_wise], publication, edition="2022"), ours)


DECLARED = parse(
    Publication,
    """
id = "made"
title = "Made"
publisher = "nobody"

[[table]]
id = "outcomes"
shape = "long"
measure = "outcomes"
population = "people"
fields = { "Year" = "period", "Area" = "place", "Ethnicity" = "ethnicity", "Outcome" = "outcome", "Count" = "value" }
""",
    "made.toml",
)
HEADER = ["Year", "Area", "Ethnicity", "Outcome", "Count"]
WORDS = {
    "Year": st.sampled_from(["2019", "2020/21", "31 June 2022", "year ending March 2019", None]),
    "Area": st.sampled_from(["E06000001", "E12000007", None]),
    "Ethnicity": st.sampled_from(["Asian", "White", "Any other background", "Plaid", "Table 1: White", None]),
    "Outcome": st.sampled_from(["Proved", "Dismissed", "Total", "Unheard of"]),
    "Count": st.one_of(
        st.integers(0, 9999).map(float),
        st.sampled_from(["[c]", "..", "5,678 [r]", "=A1+B1", "#N/A", "words", "Count", None]),
    ),
}
records = st.lists(st.tuples(*WORDS.values()).map(list), min_size=1, max_size=12)
asides = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.sampled_from([[], ["Note 1: words"], HEADER, ["Source: somewhere"], ["Table 2: Again"], [None, None, "x"]]),
    ),
    max_size=2,
)


@settings(deadline=None, max_examples=200)
@given(records, asides, st.integers(1, 4))
@example([["2019", None, None, "Proved", 0.0]], [(2, HEADER)], 2)
@example([["2019", None, None, "Proved", 0.0], ["2019", "E06000001", "Asian", "Proved", None]], [], 2)
def test_any_list_of_records_gives_the_same_tables_and_figures(some, beside, times) -> None:
    rows = [HEADER, *(row for row in some for _ in range(times * 10))]
    for at, aside in beside:
        rows.insert(at, aside)
    row_wise = Grid("made.csv", [list(row) for row in rows])
    column_wise = by_column(row_wise)
    assert [said(t) for t in tables(row_wise)] == [said(t) for t in tables(column_wise)]
    assert_same(tidy([row_wise], DECLARED, edition="2022"), tidy([column_wise], DECLARED, edition="2022"))


cells = st.one_of(
    st.integers(-99, 99999).map(str),
    st.sampled_from(["", " ", "1,234", "007", "White", 'a "b" c', '"quoted"', '"a,b"', '"a""b"', "é", "x\ty", "1e5"]),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(cells, max_size=5), min_size=5, max_size=40), st.sampled_from(["\n", "\r\n"]))
def test_any_delimited_text_gives_the_same_cells(lines, ending) -> None:
    raw = ("a,b\n" + ending.join(",".join(line) for line in lines)).encode()
    try:
        row_wise = delimited.rows_of(raw, NONE)
    except Refused as refused:
        with pytest.raises(Refused) as also:
            delimited.rows_of(raw, 2)
        assert str(also.value) == str(refused)
        return
    column_wise = delimited.rows_of(raw, 2)
    assert isinstance(row_wise, list)
    if not isinstance(column_wise, Columns):
        assert column_wise == row_wise
        return
    values, codes = column_wise.finished(delimited.value_of)
    ours = Rows([Column(v, pl.Series(c, dtype=pl.Int32).to_numpy()) for v, c in zip(values, codes, strict=True)])
    ended = [row[: max((i + 1 for i, c in enumerate(row) if c is not None), default=0)] for row in row_wise]
    while ended and not ended[-1]:
        ended.pop()
    assert list(ours) == ended
