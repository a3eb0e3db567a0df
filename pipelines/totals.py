"""Whether a table that was asked for comes to the number of people it should; the difference is a finding."""

import polars as pl

from monitor.declarations import Publication
from monitor.vocabulary.dictionary import ALL
from pipelines.tidy import Problem
from pipelines.tidy.task import NAMED


def totals(publication: Publication, figures: pl.DataFrame, levels: pl.DataFrame) -> list[Problem]:
    """A problem for each table asked for whose people are not the number declared, within its tolerance.

    `figures` and `levels` are what tidying an artefact gave. A table's people are those of the place it is declared
    to be of, else of all its places together; its published total, else the sum of its finest rows.
    """
    problems = []
    tables = {table.id: table for table in publication.table}
    for query in publication.query:
        mine = figures.filter(pl.col("table_id") == query.table)
        if query.total is None or mine.is_empty():
            continue
        here = mine.filter(pl.col("place_code") == tables[query.table].place)
        people = _people(mine if here.is_empty() else here, levels.filter(pl.col("table_id") == query.table))
        if abs(people - query.total) > query.tolerance:
            said = (
                f"{query.title}: {people:,.0f} people; expected {query.total:,.0f}, within {query.tolerance:,.0f} for "
                "rounding and perturbation. The figures are kept: compare areas and categories with the service, or "
                "mend `total` in the declaration."
            )
            problems.append(Problem("total_expected", "warning", said, query.file))
    return problems


def supersedes(asked: pl.DataFrame, offline: pl.DataFrame, tolerance: float) -> bool:
    """Whether figures asked of a service may speak for those held offline: every one of these is among them, equal
    within `tolerance` or suppressed; or none is held offline. What differs is a finding of the checks.
    """
    if asked.is_empty() or offline.is_empty():
        return not asked.is_empty()
    columns = ("figure_id", "value")
    both = offline.select(columns).join(asked.select(columns), on="figure_id", how="left", suffix="_asked")
    if both.height != offline["figure_id"].n_unique():
        return False
    apart = (pl.col("value") - pl.col("value_asked")).abs()
    agrees = pl.col("value_asked").is_not_null() & (pl.col("value").is_null() | (apart <= tolerance))
    return bool(both.select(agrees.all()).item())


def _people(figures: pl.DataFrame, levels: pl.DataFrame) -> float:
    parents = levels.select("dimension", "parent").drop_nulls().unique().rows()
    for dimension in NAMED:
        if (figures[dimension] == ALL).any():
            figures = figures.filter(pl.col(dimension) == ALL)
        outer = [category for d, category in parents if d == dimension]
        figures = figures.filter(~pl.col(dimension).is_in(outer))
    return float(figures["value"].fill_null(0).sum())
