"""One reader of labels: what the survey says a table separates people by, the drafted reading separates them by."""

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from monitor.declarations import Publication, parse
from pipelines.drafting import Proposal, declaration, propose
from pipelines.reading import read
from pipelines.survey import Surveyed, survey
from pipelines.tidy import Problem, tidy

SHARED = Path(__file__).resolve().parents[3] / "shared"
READABLE = {".xlsx", ".ods", ".csv", ".tsv"}
FILES = sorted(
    str(p.relative_to(SHARED))
    for p in (*(SHARED / "published").rglob("*.*"), *(SHARED / "trials").glob("*"))
    if p.suffix in READABLE and p.name != "trials.tsv"
)
LONG = ("scotland-census-2022-religion.csv",)
"""Tried nightly: as much processor time as all the others, and long tables of a census are among them."""
TRIED = [pytest.param(f, marks=pytest.mark.nightly) if f.endswith(LONG) else f for f in FILES]

pytestmark = pytest.mark.skipif(
    not FILES, reason="neither the publishers' originals nor the trials are here: no ../shared"
)


@cache
def read_twice(file: str) -> tuple[dict[str, list[Surveyed]], dict[str, list[Proposal]], pl.DataFrame, list[Problem]]:
    """Of a file, sheet by sheet: its tables as surveyed and as drafted; and what the draft reads and refuses."""
    grids = read(SHARED / file)
    surveyed: dict[str, list[Surveyed]] = {}
    for table in survey(grids).tables:
        surveyed.setdefault(table.sheet, []).append(table)
    drafted: dict[str, list[Proposal]] = {}
    for proposal in (proposed := propose(grids)):
        drafted.setdefault(proposal.table.grid.sheet, []).append(proposal)
    tidied = tidy(grids, parse(Publication, declaration(proposed, Path(file).stem), "the draft"), edition="2022")
    return surveyed, drafted, tidied.figures, list(tidied.problems)


@pytest.mark.parametrize("file", TRIED)
def test_survey_and_draft_see_the_same_tables(file: str) -> None:
    surveyed, drafted, _, _ = read_twice(file)
    assert surveyed.keys() == drafted.keys()
    # because a draft parts rows of counts from rows of shares, and margins from one another
    assert all(len(drafted[sheet]) >= len(tables) for sheet, tables in surveyed.items())


@pytest.mark.parametrize("file", TRIED)
def test_the_draft_separates_people_by_nothing_that_the_survey_does_not_say(file: str) -> None:
    surveyed, drafted, figures, _ = read_twice(file)
    for sheet, tables in surveyed.items():
        said = {name for table in tables for name in (*table.characteristics, *table.scope, *table.across)}
        assert _separated(figures, drafted[sheet]) <= said, sheet


@pytest.mark.parametrize("file", TRIED)
def test_what_the_survey_says_is_read_by_the_draft_or_refused_in_words(file: str) -> None:
    surveyed, drafted, figures, problems = read_twice(file)
    silent = []
    for sheet, tables in surveyed.items():
        words = [p.message for p in problems if p.sheet in (sheet, "")] + [
            p.refused for p in drafted[sheet] if p.refused
        ]
        told = {name for table in tables for name, c in table.characteristics.items() if len(c.categories) > 1}
        unread = told - _separated(figures, drafted[sheet])
        silent += [(sheet, sorted(unread))] if unread and not words else []
    assert not silent


def _separated(figures: pl.DataFrame, proposals: list[Proposal]) -> set[str]:
    """Characteristics of which the figures of some drafted tables say two categories other than everyone's."""
    of = figures.filter(pl.col("table_id").is_in([p.id for p in proposals]))
    names = [c.removesuffix("_label") for c in of.columns if c.endswith("_label") and c != "period_label"]
    return {n for n in names if of.get_column(n).drop_nulls().filter(of[n].drop_nulls() != "all").n_unique() > 1}
