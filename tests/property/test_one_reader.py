"""One reader of labels: what the survey says a table separates people by, the drafted reading separates them by."""

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from monitor.declarations import Publication, parse
from pipelines.drafting import declaration, propose
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

pytestmark = pytest.mark.skipif(
    not FILES, reason="neither the publishers' originals nor the trials are here: no ../shared"
)

Key = tuple[str, int]
"""A sheet and the place of a table in it."""


@cache
def read_twice(file: str) -> tuple[dict[Key, Surveyed], dict[Key, str], pl.DataFrame, list[Problem]]:
    """Of a file: its tables as surveyed, the names of the tables drafted, and what the draft reads and refuses."""
    grids = read(SHARED / file)
    surveyed = survey(grids)
    proposed = propose(grids)
    tidied = tidy(grids, parse(Publication, declaration(proposed, Path(file).stem), "the draft"), edition="2022")
    return (
        {(t.sheet, t.position): t for t in getattr(surveyed, "tables", surveyed)},
        {(p.table.grid.sheet, p.table.position): p.id for p in proposed},
        tidied.figures,
        list(tidied.problems),
    )


@pytest.mark.parametrize("file", FILES)
def test_survey_and_draft_see_the_same_tables(file: str) -> None:
    surveyed, drafted, _, _ = read_twice(file)
    assert surveyed.keys() == drafted.keys()


@pytest.mark.parametrize("file", FILES)
def test_the_draft_separates_people_by_nothing_that_the_survey_does_not_say(file: str) -> None:
    surveyed, drafted, figures, _ = read_twice(file)
    assert not [
        (key, sorted(more))
        for key, table in surveyed.items()
        if (more := _separated(figures, drafted[key]) - {*table.characteristics, *table.scope, *table.across})
    ]


@pytest.mark.parametrize("file", FILES)
def test_what_the_survey_says_is_read_by_the_draft_or_refused_in_words(file: str) -> None:
    surveyed, drafted, figures, problems = read_twice(file)
    silent = []
    for key, table in surveyed.items():
        said = " ".join(p.message for p in problems if drafted[key] in p.message)
        told = {name for name, c in table.characteristics.items() if len(c.categories) > 1}
        unread = told - _separated(figures, drafted[key])
        if figures.filter(pl.col("table_id") == drafted[key]).is_empty():
            silent += [(key, sorted(unread))] if unread and not said else []
        else:
            silent += [(key, name) for name in sorted(unread) if name.replace("_", " ") not in said]
    assert not silent


def _separated(figures: pl.DataFrame, table: str) -> set[str]:
    """Characteristics of which the figures of a table say a category other than everyone's."""
    of = figures.filter(pl.col("table_id") == table)
    names = [c.removesuffix("_label") for c in of.columns if c.endswith("_label") and c != "period_label"]
    return {n for n in names if (of.get_column(n).drop_nulls() != "all").any()}
