"""Words that several pages use: groups in order and as named, who is compared with, a ratio with its interval."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards import sentences as say
from dashboards.pages.kinds import Held
from monitor.declarations import Measure
from monitor.vocabulary import ordered


def in_order(rows: pl.DataFrame, characteristic: str) -> pl.DataFrame:
    """Rows in display order of their category: alphabetical, Other then Unknown last; one row a category."""
    rank = {c: i for i, c in enumerate(ordered(characteristic, rows["category"].to_list()))}
    one_each = rows.unique("category", keep="last", maintain_order=True)
    order = pl.col("category").replace_strict(rank, default=len(rank), return_dtype=pl.Int64)
    return one_each.sort(order, maintain_order=True)


def group_label(name: str) -> str:
    """A group as a chart names it."""
    return say.label(name[:1].upper() + name[1:])


def as_labelled(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as a chart draws them: categories as readers see them."""
    return rows.with_columns(pl.col("category", "reference").map_elements(group_label, return_dtype=pl.String))


def compared_with(rows: pl.DataFrame) -> str:
    """The people that these rows compare with."""
    first = rows.row(0, named=True)
    return say.people(first["characteristic"], first["reference"] or "all", first["sex"])


def with_interval(row: Mapping[str, Any]) -> str:
    """A ratio with its 95% interval, or why there is none."""
    if row["ratio"] is None or row["status"] != "shown":
        return str(row["status"])
    if row["ratio_low"] is None:
        return say.ratio(row["ratio"])
    return between(row["ratio"], row["ratio_low"], row["ratio_high"])


def between(ratio: float, low: float, high: float | None) -> str:
    """A ratio and its limits, of which the upper may not be known."""
    return f"{say.ratio(ratio)} ({say.interval(low, high) if high is not None else f'{low:.2f} or more'})"


def title_of(held: Held, slug: str) -> str:
    """A publication's title."""
    known = held.publications.get(slug) or held.populations.get(slug)
    return say.clean(known.title) if known else slug


def slug_of(measure: Measure, characteristic: str) -> str:
    """The name of the page of a measure by a characteristic, and the beginning of the names of its pictures."""
    return f"{measure.id}-{characteristic}"
