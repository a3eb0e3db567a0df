"""The starter figures are the publishers' own: each is cited, reads back, and equals its original.

Without the originals the transcriptions are held against totals known from the publications. With them
(`../shared/published` beside the checkout) every transcribed cell and every declared sum is compared with the
publisher's file, read here by other means than the program's own: openpyxl, calamine and the csv module.
"""

import csv
import datetime as dt
import hashlib
import re
import shutil
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from monitor.declarations import DeclarationError
from monitor.declarations import sources as declared
from monitor.vocabulary import place_members, places_of
from pipelines.reading import Grid, UnreadableFile, address, read
from pipelines.reading.transcription import text_of, transcribed_grids, value_of
from pipelines.starter import SOURCES, Source, last_day, sources
from pipelines.starter.transcribe import SELECTIONS, transcribe
from pipelines.tidy import Problem, Tidied, tidy

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT.parent / "shared" / "published"
ORACLE = ROOT.parent / "shared" / "oracles" / "people_of_the_time.csv"
STARTER = {source.file: source for source in sources()}
CELLS = [name for name in STARTER if name.endswith(".cells.csv")]
SUMS = [name for name in STARTER if name.endswith(".sums.csv")]

PRISON = "prison-population-2022-06-30.cells.csv"
PRISON_2023 = "prison-population-2023-06-30.cells.csv"
BY_PRISON = "prison-population-by-prison-2023-06.cells.csv"
VIEWS = ("b Establishment*Sex*Custody type", "e Establishment*Sex*Ethnicity group")
DATES = ("2019-06", "2020-06", "2021-06", "2022-06", "2022-12", "2023-03", "2023-06")
ARRESTS = "arrests-2018-19.cells.csv"
ADJUDICATIONS = "adjudications-2022-Q3.sums.csv"
ADJUDICATIONS_2023 = "adjudications-2023-Q1.sums.csv"
CENSUS_2011 = "census-2011-ethnicity-place.sums.csv"
CENSUS_2011_AGES = "census-2011-ethnicity-sex-age.cells.csv"
LANCASHIRE_2011 = "census-2011-ethnicity-sex-age-place.sums.csv"
CENSUS_2021_SEX = "census-2021-ethnicity-sex.cells.csv"
DEATHS = "safety-in-custody-2018.cells.csv"
CASELOAD, STARTS = "probation-caseload-2023-Q1.cells.csv", "probation-starts-2023-Q1.cells.csv"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
ENGLAND_AND_WALES, LANCASHIRE = "K04000001", "E23000003"
AREAS = places_of(("police_force_area", "E12000007"))
"""The 42 police force areas, London's two as one."""
DISTRICTS = {"E06000008", "E06000009", *(f"E070001{n}" for n in range(17, 29))}
"""Blackburn with Darwen, Blackpool, and the twelve of the county, Burnley to Wyre."""

IN_PART = {BY_PRISON, ADJUDICATIONS_2023}
"""Transcriptions of some of the days, or some of the sums, that the original's declared tables yield."""

FIGURES = {
    PRISON: {
        "custody-age-sex": 6864,
        "ethnicity-nationality-sex": 1704,
        "ethnicity-sex": 390,
        "religion-sex": 2610,
        "custody-nationality": 5104,
    },
    PRISON_2023: {
        "custody-age-sex": 7392,
        "ethnicity-nationality-sex": 1788,
        "ethnicity-sex": 468,
        "religion-sex": 2790,
        "custody-nationality": 5455,
    },
    BY_PRISON: {"establishment-custody": 1729, "establishment-ethnicity": 5176},
    ARRESTS: {"ethnicity": 42, "ethnicity-force": 2 * 55 * 7},
    ADJUDICATIONS: {"outcomes": 903, "outcomes-by-prison": 5452},
    ADJUDICATIONS_2023: {"outcomes-by-prison": 5750},
    CENSUS_2011_AGES: {"ethnicity-sex-age": 3 * 22 * 24},
    LANCASHIRE_2011: {"ethnicity-sex-age-place": 3 * 22 * 24},
    CENSUS_2021_SEX: {"ethnicity-sex": 2 * 19, "ethnicity-sex-place": 42 * 2 * 19},
    "census-2021-ethnicity-age.cells.csv": {"ethnicity-age": 101 * 19},
    "census-2021-ethnicity-sex-age.cells.csv": {"ethnicity-sex-age": 5 * 2 * 23},
    "census-2021-age.cells.csv": {"age": 113},
    "census-2021-religion.cells.csv": {"religion": 9},
    "census-2021-disability.cells.csv": {"disability": 2},
    "census-2021-sexual-orientation.cells.csv": {"sexual-orientation": 5},
    CENSUS_2011: {"ethnicity-place": 43 * 18},
    CASELOAD: {"caseload": 26 + 14, "caseload-region": 310, "caseload-region-everyone": 163},
    STARTS: {"starts": 20 + 10, "starts-region": 228},
    DEATHS: {"self-inflicted-ethnicity": 360, "self-inflicted-nationality": 240, "self-inflicted-age": 1230},
}
"""How many figures each declared table of a starter file yields."""

with_originals = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="the publishers' originals are not here: no ../shared/published"
)


@cache
def transcribed(name: str) -> Tidied:
    source = STARTER[name]
    grids = read(source.path, transcription=True)
    return tidy(grids, declared()[source.publication], edition=source.edition, transcribed=True)


def refusals(tidied: Tidied) -> list[Problem]:
    """What could not be read; that the publisher hides columns is told, and refuses nothing."""
    return [problem for problem in tidied.problems if problem.check != "hidden_figures"]


def original(source: Source) -> Path:
    [path] = PUBLISHED.rglob(source.original_name)
    return path


def lines_of(name: str) -> list[dict[str, str]]:
    with STARTER[name].path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def total(frame: pl.DataFrame, table: str, **where: object) -> float:
    frame = frame.filter(pl.col("table_id") == table, *(pl.col(k) == v for k, v in where.items()))
    assert frame.height, f"no figure of {table} for {where}"
    return float(frame["value"].sum())


# --- always: cited, readable, and of the known size ---------------------------------------------------------


def test_every_starter_file_is_cited_and_every_citation_has_its_file() -> None:
    folder = next(iter(STARTER.values())).path.parent
    surveys = {re.sub(r"[.](cells|sums)[.]csv", ".survey.csv", name) for name in STARTER}
    assert {p.name for p in folder.glob("*.csv")} - surveys == {SOURCES, *STARTER}
    for source in STARTER.values():
        assert re.fullmatch(r"[0-9a-f]{64}", source.original_sha256), source.file
        assert source.licence == "Open Government Licence v3.0", source.file
        assert source.publisher and source.title and source.edition_title, source.file
        assert source.publication in declared(), source.file


def test_citations_lead_to_the_publisher_and_to_nobody_else() -> None:
    publishers = (
        "https://www.gov.uk/",
        "https://www.ons.gov.uk/",
        "https://www.nomisweb.co.uk/",
        "https://www.ethnicity-facts-figures.service.gov.uk/",
    )
    assert [s.url for s in STARTER.values() if s.url and not s.url.startswith(publishers)] == []


def test_a_month_of_publication_counts_from_its_last_day() -> None:
    assert last_day("2022-07-28") == dt.date(2022, 7, 28)
    assert last_day("2023-01") == dt.date(2023, 1, 31)
    assert STARTER[PRISON].published_on == dt.date(2022, 7, 28)


@pytest.mark.parametrize("name", STARTER)
def test_declared_tables_are_found_and_every_label_is_known(name: str) -> None:
    tidied = transcribed(name)
    assert refusals(tidied) == []
    assert dict(tidied.figures.group_by("table_id").len().iter_rows()) == FIGURES[name]
    assert tidied.figures["flags"].list.contains("transcribed").all()


@pytest.mark.parametrize(
    ("name", "day", "people", "groups"),
    [
        (PRISON, dt.date(2022, 6, 30), 80_659, (6533, 10059, 3958, 57974, 1311)),
        (PRISON_2023, dt.date(2023, 6, 30), 85_851, (6840, 10494, 4153, 61823, 1687)),
    ],
)
def test_all_five_prison_tables_give_everyone_and_two_of_them_every_ethnic_group(
    name: str, day: dt.date, people: int, groups: tuple[int, ...]
) -> None:
    figures = transcribed(name).figures.filter(period_end=day)
    everyone = figures.filter(
        pl.col("circumstances") == "{}",
        *(pl.col(c) == "all" for c in ("age", "sex", "ethnicity", "religion", "nationality")),
    )
    assert everyone["value"].to_list() == [people] * 5
    for group, count in zip(("Asian", "Black", "Mixed", "White", "Other"), groups, strict=True):
        where = {"ethnicity": group, "sex": "all", "nationality": "all"}
        assert total(figures, "ethnicity-nationality-sex", **where) == count
        assert total(figures, "ethnicity-sex", **where) == count


def test_people_by_prison_and_ethnicity_are_those_published_where_shown() -> None:
    figures = transcribed(BY_PRISON).figures.filter(period_end=dt.date(2023, 6, 30))
    by_ethnicity = figures.filter(table_id="establishment-ethnicity")
    assert by_ethnicity["place_code"].n_unique() == 122
    assert by_ethnicity["status"].value_counts().sort("status").rows() == [("published", 615), ("suppressed", 134)]
    shown = dict(by_ethnicity.group_by("ethnicity").agg(pl.col("value").sum()).iter_rows())
    assert {name: shown[name] for name in ("Asian", "Black", "Mixed", "Other", "White")} == {
        "Asian": 6821, "Black": 10452, "Mixed": 4080, "Other": 1400, "White": 61823,
    }  # fmt: skip
    assert total(figures, "establishment-custody") == 85_851
    belmarsh = by_ethnicity.filter(place_name="Belmarsh")
    assert {r["ethnicity"]: (r["value"], r["value_low"], r["value_high"]) for r in belmarsh.iter_rows(named=True)} == {
        "Asian": (56, None, None), "Black": (232, None, None), "Mixed": (58, None, None), "Other": (43, None, None),
        "White": (283, None, None), "Not stated": (None, 1, 3), "Not recorded": (None, 1, 3),
    }  # fmt: skip
    assert set(by_ethnicity["sex"]) == {"all"}, "the sex a prison is for is no person's"


def test_scratch_numbers_are_transcribed_but_never_become_figures() -> None:
    scratch = {"G40": 3.0, "G41": 213.0, "G96": 0.0, "G97": 2.0}
    [sheet] = [g for g in read(STARTER[PRISON].path, transcription=True) if g.sheet == "A1_9ii"]
    assert {cell: sheet_value(sheet, cell) for cell in scratch} == scratch
    figures = transcribed(PRISON).figures.filter(pl.col("sheet") == "A1_9ii")
    assert not set(figures["cell"]) & set(scratch)


def sheet_value(grid: Grid, cell: str) -> object:
    found = {address(r, c): v for r, row in enumerate(grid.rows) for c, v in enumerate(row)}
    return found.get(cell)


def test_quarters_that_the_publisher_hides_are_marked_hidden() -> None:
    grids = {g.sheet: g for g in read(STARTER[PRISON].path, transcription=True)}
    assert {11, 12, 13, 15, 16, 17} <= grids["A1_7"].hidden_columns  # because L:N and P:R hold the quarters
    assert grids["A1_9i"].hidden_columns == frozenset()
    tidied = transcribed(PRISON)
    hidden = tidied.figures.filter(pl.col("flags").list.contains("hidden"))
    assert set(hidden["sheet"]) == {"A1_7", "A1_10", "A1_11"}
    quarters = {(day.month, day.day) for day in hidden["period_end"]}
    assert quarters == {(3, 31), (9, 30), (12, 31)}
    told = {p.sheet: p.message for p in tidied.problems if p.check == "hidden_figures"}
    assert set(told) == {"A1_7", "A1_10", "A1_11"}
    assert "L, M, N, P, Q, R" in told["A1_7"]


def test_arrests_carry_the_published_rates_to_the_last_decimal() -> None:
    figures = transcribed(ARRESTS).figures.filter(pl.col("measure") == "arrest-rate")
    year = figures.filter(pl.col("period_end") == dt.date(2019, 3, 31))
    rates = {row["ethnicity"]: row["value"] for row in year.iter_rows(named=True)}
    assert round(rates["Black"], 6) == 32.328895
    assert round(rates["all"], 6) == 12.288305


def test_adjudications_count_each_row_of_the_file_once() -> None:
    lines = lines_of(ADJUDICATIONS)
    assert sum(int(line["rows"]) for line in lines) == 2 * 22_175  # because the file is summed in two ways
    outcomes = transcribed(ADJUDICATIONS).figures.filter(table_id="outcomes")
    assert outcomes["value"].sum() == 39_282
    assert total(outcomes, "outcomes", ethnicity="White") == 25_924


@pytest.mark.parametrize(
    ("name", "white", "black"),
    [(ADJUDICATIONS, 25_924, 7_259), (ADJUDICATIONS_2023, 29_875, 8_550)],
)
def test_adjudications_by_prison_are_those_of_every_prison(name: str, white: int, black: int) -> None:
    figures = transcribed(name).figures.filter(table_id="outcomes-by-prison")
    assert total(figures, "outcomes-by-prison", ethnicity="White") == white
    assert total(figures, "outcomes-by-prison", ethnicity="Black") == black
    assert figures["place_code"].n_unique() == 121
    assert set(figures["place_code"].str.head(7)) == {"prison/"}, "a prison under a name that no list knows"


def test_sums_of_ours_say_how_many_rows_they_stand_for() -> None:
    lines = lines_of(CENSUS_2011)
    said = {line["Geography_code"]: int(line["rows"]) for line in lines}
    assert set(said) == {ENGLAND_AND_WALES, *AREAS}
    assert (said[ENGLAND_AND_WALES], said[LANCASHIRE]) == (348, 14)
    assert sum(said[area] for area in AREAS) == 348
    figures = transcribed(CENSUS_2011).figures
    assert set(figures["cell"]) == {f"sum of {n} rows" for n in said.values()}
    assert figures["flags"].list.contains("derived").all()


def test_census_2011_residents_with_and_without_lancashire() -> None:
    figures = transcribed(CENSUS_2011).figures
    everyone = total(figures, "ethnicity-place", place_code=ENGLAND_AND_WALES)
    assert everyone == 56_075_912
    assert everyone - total(figures, "ethnicity-place", place_code=LANCASHIRE) == 54_615_019


def test_census_2011_by_group_sex_and_age_is_as_published_and_its_parts_make_its_totals() -> None:
    figures = transcribed(CENSUS_2011_AGES).figures
    for (sex, age, group), people in {
        ("all", "all", "all"): 56_075_912,
        ("male", "all", "all"): 27_573_376,
        ("female", "25-29", "Black"): 77_664,
        ("male", "18-19", "Gypsy or Irish Traveller"): 940,
        ("all", "85 and over", "Arab"): 485,
    }.items():
        assert total(figures, "ethnicity-sex-age", sex=sex, age=age, ethnicity=group) == people
    five = pl.col("ethnicity").is_in(["Asian", "Black", "Mixed", "Other", "White"])
    eighteen = ~five & (pl.col("ethnicity") != "all")
    assert figures.filter(eighteen)["ethnicity"].n_unique() == 18
    everyone = figures.filter(ethnicity="all").select("sex", "age", "value").sort("sex", "age")
    for groups in (five, eighteen):
        parts = figures.filter(groups).group_by("sex", "age").agg(pl.col("value").sum()).sort("sex", "age")
        assert parts.equals(everyone)
    for dimension in ("sex", "age"):
        rest = [c for c in ("sex", "age", "ethnicity") if c != dimension]
        parts = figures.filter(pl.col(dimension) != "all").group_by(rest).agg(pl.col("value").sum()).sort(rest)
        assert parts.equals(figures.filter(pl.col(dimension) == "all").select(*rest, "value").sort(rest))


def test_lancashire_by_group_sex_and_age_in_2011_is_the_sum_of_14_authorities() -> None:
    figures = transcribed(LANCASHIRE_2011).figures
    assert set(figures["cell"]) == {"sum of 14 rows"}
    assert set(figures["place_code"]) == {LANCASHIRE}
    assert figures["flags"].list.contains("derived").all()
    for (sex, age, group), people in {
        ("all", "all", "all"): 1_460_893,
        ("male", "20-24", "Pakistani"): 2_071,
        ("female", "16-17", "Black"): 60,
    }.items():
        assert total(figures, "ethnicity-sex-age-place", sex=sex, age=age, ethnicity=group) == people


def test_lancashire_in_2021_is_a_sum_where_every_authority_is_shown_and_else_bounds() -> None:
    """A hidden count of the census is below 10, so that three of them leave 27 people open and no more."""
    figures = transcribed(CENSUS_2021_SEX).figures.filter(table_id="ethnicity-sex-place", place_code=LANCASHIRE)
    assert set(figures["cell"]) == {"sum of 14 rows"}
    assert total(figures, "ethnicity-sex-place", sex="female", ethnicity="Pakistani") == 42_815
    assert total(figures, "ethnicity-sex-place", sex="male", ethnicity="White British") == 621_935
    hidden = figures.filter(pl.col("value").is_null())
    assert set(hidden.select("sex", "ethnicity", "value_low", "value_high").rows()) == {
        ("female", "Black other", 460, 487), ("male", "Black other", 595, 604), ("male", "Bangladeshi", 4225, 4234),
        ("female", "Gypsy or Irish Traveller", 615, 633), ("male", "Gypsy or Irish Traveller", 655, 664),
        ("female", "Roma", 540, 558), ("male", "Roma", 695, 704),
    }  # fmt: skip
    assert set(hidden["status"]) == {"suppressed"}


def test_census_2021_totals_are_those_of_the_tables_that_publish_them() -> None:
    age = transcribed("census-2021-age.cells.csv").figures
    assert total(age, "age", age="all") == 59_597_546
    assert total(transcribed(CENSUS_2021_SEX).figures, "ethnicity-sex") == 59_597_540
    religion = transcribed("census-2021-religion.cells.csv").figures
    assert total(religion, "religion", religion="Muslim") == 3_868_189
    assert religion["flags"].list.contains("derived").all()


def test_residents_aged_18_and_over_are_the_same_by_sex_as_by_single_year_of_age() -> None:
    """Two tables of one census, perturbed each for itself, differ by tens and not by thousands."""
    banded = transcribed("census-2021-ethnicity-sex-age.cells.csv").figures
    adults = banded.filter(~pl.col("age").is_in(["under 3", "3-4", "5-7", "8-9", "10-14", "15", "16-17"]))
    assert set(adults.group_by("sex").agg(pl.col("value").sum()).iter_rows()) == {
        ("female", 24_378_967.0),
        ("male", 22_826_361.0),
    }
    single = transcribed("census-2021-age.cells.csv").figures
    over = single.filter(pl.col("age").str.contains(r"^(1[89]|[2-9]\d|100 and over)$"))
    assert abs(adults["value"].sum() - over["value"].sum()) < 1000


def test_people_on_probation_are_summed_over_regions_and_over_nothing_else() -> None:
    caseload = transcribed(CASELOAD).figures.filter(table_id="caseload")
    all_supervision = {"circumstances": '{"order_type": "All supervision"}', "period_end": dt.date(2023, 3, 31)}
    assert total(caseload, "caseload", sex="male", **all_supervision) == 217_979
    assert total(caseload, "caseload", sex="female", **all_supervision) == 21_539
    starts = transcribed(STARTS).figures
    court_orders = {"circumstances": '{"order_type": "All court orders"}', "period_start": dt.date(2023, 1, 1)}
    assert total(starts, "starts", sex="male", **court_orders) == 20_692
    assert total(starts, "starts", sex="female", **court_orders) == 3_812


def test_deaths_of_2018_are_those_published() -> None:
    deaths = transcribed(DEATHS).figures.filter(period_end=dt.date(2018, 12, 31))
    by_ethnicity = "self-inflicted-ethnicity"
    assert total(deaths, by_ethnicity, sex="all", ethnicity="all") == 92
    assert total(deaths, by_ethnicity, sex="male", ethnicity="Black") == 4
    assert total(deaths, by_ethnicity, sex="female", ethnicity="Black") == 1
    assert total(deaths, "self-inflicted-age", sex="male", age="25-29") == 9
    assert deaths["flags"].list.contains("provisional").all()


def test_suppressed_census_counts_are_bounds_at_the_oldest_ages_and_never_zero() -> None:
    figures = transcribed("census-2021-ethnicity-age.cells.csv").figures
    suppressed = figures.filter(pl.col("status") == "suppressed")
    assert suppressed.height == 28
    assert suppressed["value"].null_count() == 28
    assert suppressed["value_high"].null_count() == 0
    assert min(int(re.match(r"\d+", age)[0]) for age in suppressed["age"]) >= 93  # type: ignore[index]
    assert figures["value"].sum() == 59_597_435


# --- the form of a transcription ---------------------------------------------------------------------------


@given(
    st.one_of(
        st.text(min_size=1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.dates(),
        st.sampled_from(
            [
                "1",
                "-2.5",
                "1e5",
                "1e-05",
                "2022-06-30",
                "2022-06-31",
                '"',
                '""',
                '"1"',
                " 1",
                "..",
                "-",
                "c",
                "٣",
            ]
        ),
    )
)
def test_a_cell_value_written_down_reads_back_as_itself(value: str | float | dt.date) -> None:
    again = value_of(text_of(value))
    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "found nothing"),
        ("Sex,Count\nM,1\n", "found Sex,Count"),
        ("sheet,cell,value,hidden\nS,seven,1,\n", "line 2"),
        ("sheet,cell,value,hidden\nS,A1\n", "line 2"),
        ("sheet,Sex,rows,Count\nS,M,many,1\n", "line 2"),
        ("sheet,Sex,rows,Count\nS,M\n", "line 2"),
    ],
)
def test_a_broken_transcription_is_refused_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "broken.cells.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile, match=words) as error:
        transcribed_grids(path)
    assert "broken.cells.csv" in str(error.value)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("licence", "", "line 2: licence is empty"),
        ("original_sha256", "a5f8", "expected 64 hexadecimal digits"),
        ("published_on", "July 2022", "expected a day"),
        ("file", "other.cells.csv", "no file 'other.cells.csv'"),
    ],
)
def test_a_citation_that_is_not_one_is_refused_with_its_line(
    tmp_path: Path, column: str, value: str, words: str
) -> None:
    with (STARTER[PRISON].path.parent / SOURCES).open(encoding="utf-8", newline="") as stream:
        row = next(r for r in csv.DictReader(stream) if r["file"] == PRISON)
    shutil.copy(STARTER[PRISON].path, tmp_path)
    with (tmp_path / SOURCES).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, row)
        writer.writeheader()
        writer.writerow({**row, column: value})
    with pytest.raises(DeclarationError, match=words):
        sources(tmp_path)


def test_a_folder_without_starter_figures_has_none(tmp_path: Path) -> None:
    assert sources(tmp_path) == []


def test_an_original_that_is_absent_or_another_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"AdjudicationsQ32022\.csv: expected somewhere under"):
        transcribe(tmp_path, tmp_path)
    (tmp_path / STARTER[ADJUDICATIONS].original_name).write_text("Date,Count\nQ3,1\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="sha256 cc1cc09c"):
        transcribe(tmp_path, tmp_path)


def test_every_starter_file_has_a_selection_and_every_selection_a_file() -> None:
    text = (STARTER[PRISON].path.parent / SELECTIONS).read_text(encoding="utf-8")
    assert sorted(re.findall(r'(?m)^\["(.+)"\]$', text)) == sorted(STARTER)


# --- against the originals ---------------------------------------------------------------------------------


@with_originals
@pytest.mark.parametrize("name", STARTER)
def test_the_original_is_the_file_cited(name: str) -> None:
    source = STARTER[name]
    assert hashlib.sha256(original(source).read_bytes()).hexdigest() == source.original_sha256


Facts = dict[tuple[str, str], object]
"""(sheet, cell) → value."""


@cache
def by_prison() -> list[list[object]]:
    """The rows of the tool that are transcribed, each with its number, as calamine reads them."""
    book = CalamineWorkbook.from_path(str(original(STARTER[BY_PRISON])))
    rows = enumerate(book.get_sheet_by_name("PT Data").to_python(skip_empty_area=False))
    return [[r, *row] for r, row in rows if r == 0 or (row[0] in VIEWS and row[1] in DATES)]


def facts(name: str) -> tuple[Facts, set[tuple[str, str]]]:
    """What the original says in the sheets and rows transcribed, and which of those cells are hidden."""
    if name == BY_PRISON:
        told = ((address(r, c), value) for r, *row in by_prison() for c, value in enumerate(row))
        return {("PT Data", cell): value for cell, value in told if value != ""}, set()
    path, found, hidden = original(STARTER[name]), {}, set()
    sheets = {line["sheet"] for line in lines_of(name)}
    for sheet, row, column, value, concealed in cells_of(path, sheets):
        found[sheet, address(row, column)] = value
        if concealed:
            hidden.add((sheet, address(row, column)))
    return found, hidden


def cells_of(path: Path, sheets: set[str]) -> Iterator[tuple[str, int, int, object, bool]]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, data_only=True)
        for sheet in sheets:
            hidden = set()
            for span in book[sheet].column_dimensions.values():
                hidden |= set(range(span.min - 1, span.max)) if span.hidden else set()
            for row in book[sheet].iter_rows():
                for cell in row:
                    if cell.value is not None:
                        yield sheet, cell.row - 1, cell.column - 1, cell.value, cell.column - 1 in hidden
    elif path.suffix == ".ods":
        book = CalamineWorkbook.from_path(str(path))
        concealed = hidden_columns(path)
        for sheet in sheets:
            for r, row in enumerate(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)):
                yield from ((sheet, r, c, value, c in concealed[sheet]) for c, value in enumerate(row) if value != "")
    else:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for r, row in enumerate(csv.reader(stream)):
                whole = path.name.startswith(("derived", "caseload", "starts", "census2021_ethnic20_by_sex_la"))
                if r == 0 or whole or (ENGLAND_AND_WALES in row[:3] and "Does not apply" not in row):
                    yield from ((path.name, r, c, value, False) for c, value in enumerate(row))


def hidden_columns(path: Path) -> dict[str, set[int]]:
    """The hidden columns of each sheet of an .ods file, counted along its columns as the file lists them."""
    found: dict[str, set[int]] = {}
    for table in etree.fromstring(zipfile.ZipFile(path).read("content.xml")).iter(f"{TABLE}table"):
        at, hidden = 0, found.setdefault(table.get(f"{TABLE}name"), set())
        for column in table.iter(f"{TABLE}table-column"):
            columns = range(at, at := at + int(column.get(f"{TABLE}number-columns-repeated", 1)))
            hidden.update(columns if column.get(f"{TABLE}visibility") == "collapse" else ())
    return found


def is_a_sentence_or_a_link(sheet: str, cell: str, value: object) -> bool:
    """What is left out: footnotes and sources under a table, and the link back to the contents."""
    if not isinstance(value, str):
        return False
    notes = re.match(
        r"\(\d\) \w| {5,}\w|Source: |Notes$|\d\.  \w|' \* ' = |Data Sources and Quality\n", value
    ) and cell.startswith("A")
    return bool(notes) or (value == "Contents" and cell.endswith("1") and cell != "A1")


def same(said: object, publishers: object) -> bool:
    if isinstance(publishers, dt.datetime):
        return said == publishers.date()
    if isinstance(said, float):
        return float(publishers) == said  # type: ignore[arg-type]
    return said == publishers


@with_originals
@pytest.mark.parametrize("name", CELLS)
def test_every_transcribed_cell_is_the_publishers_and_none_is_missing(name: str) -> None:
    published, hidden = facts(name)
    lines = lines_of(name)
    said = {(line["sheet"], line["cell"]): value_of(line["value"]) for line in lines}
    assert len(said) == len(lines), "a cell is transcribed twice"
    differing = {k: (v, published.get(k)) for k, v in said.items() if k not in published or not same(v, published[k])}
    assert differing == {}
    missing = {k: v for k, v in published.items() if k not in said and not is_a_sentence_or_a_link(*k, v)}
    assert missing == {}
    assert {(line["sheet"], line["cell"]) for line in lines if line["hidden"]} == hidden & set(said)


@with_originals
@pytest.mark.parametrize("name", CELLS)
def test_no_sentence_of_the_publishers_is_transcribed(name: str) -> None:
    # because the longest headers of the 2011 Census name a sex, an age and a group, and a title its table
    longest = max((v for line in lines_of(name) if not (v := line["value"]).endswith("; measures: Value")), key=len)
    assert len(longest) < 130, longest


@with_originals
def test_hidden_counts_by_prison_lie_between_one_and_what_everyone_there_leaves_them() -> None:
    """Everyone is in the view by custody; shown and hidden counts by ethnicity are parts of them."""
    left: Counter[tuple[object, object]] = Counter()
    hidden: Counter[tuple[object, object]] = Counter()
    for _, view, date, prison, _, _, people in by_prison()[1:]:
        left[date, prison] += (people or 0) * (1 if view == VIEWS[0] else -1)  # type: ignore[operator]
        hidden[date, prison] += people == ""
    said = transcribed(BY_PRISON).figures.filter(status="suppressed")
    assert said.height == hidden.total() == 887
    assert all((left[key] >= n + 1 and n > 1) if n else left[key] == 0 for key, n in hidden.items())
    assert set(said["value_low"]) == {1}
    most = pl.col("value_high")
    of_place = said.group_by("period_label", "place_code").agg(most.min(), most.max().alias("also"), n=pl.len())
    assert sorted((low, high, n) for _, _, low, high, n in of_place.iter_rows()) == sorted(
        (left[key] - n + 1, left[key] - n + 1, n) for key, n in hidden.items() if n
    )


@with_originals
@pytest.mark.parametrize("name", [ADJUDICATIONS, ADJUDICATIONS_2023])
def test_every_declared_sum_of_adjudications_is_the_sum_of_its_rows(name: str) -> None:
    lines = lines_of(name)
    with original(STARTER[name]).open(encoding="ascii", newline="") as stream:
        published = list(csv.DictReader(stream))
    over = {tuple(c for c, text in line.items() if text and c not in ("sheet", "rows", "Count")) for line in lines}
    assert len(over) == len(FIGURES[name])
    for columns in over:
        sums: Counter[tuple[str, ...]] = Counter()
        rows: Counter[tuple[str, ...]] = Counter()
        for line in published:
            key = tuple(line[c] for c in columns)
            sums[key] += int(line["Count"])
            rows[key] += 1
        mine = [line for line in lines if all(line[c] for c in columns)]
        assert {tuple(line[c] for c in columns): int(line["Count"]) for line in mine} == dict(sums)
        assert {tuple(line[c] for c in columns): int(line["rows"]) for line in mine} == dict(rows)
        assert len(mine) == len(sums)


@with_originals
def test_every_declared_sum_of_residents_in_2011_is_the_sum_of_its_authorities() -> None:
    kind = ("% of local population in this ethnic group", "ONS 2011 18+1")
    sums: dict[tuple[str, str], int] = defaultdict(int)
    with original(STARTER[CENSUS_2011]).open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            if (line["Measure"], line["Ethnicity_type"]) != kind:
                continue
            sums[line["Ethnicity"], ENGLAND_AND_WALES] += int(line["Numerator"])
            [area] = (area for area in AREAS if line["Geography_code"] in place_members(area))
            sums[line["Ethnicity"], area] += int(line["Numerator"])
    lines = lines_of(CENSUS_2011)
    assert {(x["Ethnicity"], x["Geography_code"]): int(x["Numerator"]) for x in lines} == sums
    assert {(x["Measure"], x["Ethnicity_type"]) for x in lines} == {kind}
    assert len(lines) == len(sums) == 43 * 18


@with_originals
def test_every_declared_sum_by_sex_and_age_in_2011_is_the_sum_of_14_authorities() -> None:
    [line] = lines_of(LANCASHIRE_2011)
    with original(STARTER[LANCASHIRE_2011]).open(encoding="utf-8", newline="") as stream:
        districts = [row for row in csv.DictReader(stream) if row["geography code"] in DISTRICTS]
    assert int(line["rows"]) == len(districts) == 14
    counted = [header for header in districts[0] if header.endswith("; measures: Value")]
    assert len(counted) == 1584
    assert {h: int(line[h]) for h in counted} == {h: sum(int(row[h]) for row in districts) for h in counted}


@pytest.mark.skipif(not ORACLE.exists(), reason="no ../shared/oracles/people_of_the_time.csv")
def test_adults_of_2011_are_to_each_other_as_another_computation_has_them() -> None:
    """That file gives rates as ratios to one group; a count over its ratio is in proportion to the residents."""
    with ORACLE.open(encoding="utf-8", newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if (r["period"], r["ages"]) == ("2016-06-30", "18")]
    theirs = {r["group"]: float(r["count"]) / float(r["ratio_2011"]) for r in rows}
    minors = ["all", "under 5", "5-7", "8-9", "10-14", "15", "16-17"]
    adults = transcribed(CENSUS_2011_AGES).figures.filter(~pl.col("age").is_in(minors))
    ours = {group: total(adults, "ethnicity-sex-age", sex="all", ethnicity=group) for group in theirs}
    assert len(ours) == 4
    scale = ours["Black"] / theirs["Black"]
    assert {g: n * scale for g, n in theirs.items()} == pytest.approx(ours, rel=1e-5)


def test_no_declared_sum_goes_unchecked() -> None:
    assert set(SUMS) == {ADJUDICATIONS, ADJUDICATIONS_2023, CENSUS_2011, LANCASHIRE_2011}
    assert {*SUMS, *CELLS} == set(STARTER)


@with_originals
def test_transcribing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    transcribe(PUBLISHED, tmp_path)
    folder = next(iter(STARTER.values())).path.parent
    shipped = [*(source.path for source in STARTER.values()), *folder.glob("*.survey.csv")]
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {p.name: p.read_bytes() for p in shipped}


@with_originals
@pytest.mark.parametrize("name", STARTER)
def test_the_original_gives_the_same_figures_as_its_transcription(name: str) -> None:
    source = STARTER[name]
    ours = transcribed(name)
    theirs = tidy(read(original(source)), declared()[source.publication], edition=source.edition)
    assert refusals(theirs) == []
    if name in IN_PART:
        both = ours.figures.select("table_id", "period_end").unique()
        theirs.figures = theirs.figures.join(both, on=["table_id", "period_end"], how="semi")
        theirs.levels = theirs.levels.filter(pl.col("table_id").is_in(both["table_id"].unique().to_list()))
    columns = [c for c in ours.figures.columns if c != "flags"]
    assert ours.figures.select(columns).sort(columns).equals(theirs.figures.select(columns).sort(columns))
    assert theirs.levels.sort(theirs.levels.columns).equals(ours.levels.sort(ours.levels.columns))
    flags = ours.figures.sort(columns)["flags"].list.set_difference(["transcribed"]).list.sort()
    assert flags.to_list() == theirs.figures.sort(columns)["flags"].list.sort().to_list()
