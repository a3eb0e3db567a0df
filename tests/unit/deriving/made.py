"""Figures, a measure and a baseline made for one test: what a publisher might print, in a few numbers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from monitor.declarations import Baseline, Fit, Measure
from monitor.store.schema import frame_schema
from monitor.vocabulary import CHARACTERISTICS
from pipelines.deriving import Request, derive

ON = dt.date(2021, 3, 21)
HIDDEN = None
"""A count that the publisher hides: between 1 and 5."""

Cells = Mapping[tuple[str, ...] | str, float | None]


def figures(
    cells: Cells,
    by: Sequence[str] = ("ethnicity",),
    table: str = "made",
    measure: str = "made",
    on: dt.date = ON,
    definition: str = "as published",
) -> pl.DataFrame:
    """Observations from `{category or (category, category): count}`; None is a suppressed cell."""
    rows = []
    for number, (names, value) in enumerate(cells.items()):
        named = dict(zip(by, (names,) if isinstance(names, str) else names, strict=True))
        row: dict[str, Any] = {c.id: "all" for c in CHARACTERISTICS} | named
        row |= {
            "figure_id": f"{measure}-{on}-{number}",
            "observation_id": f"{measure}-{on}-{number}",
            "table_id": table,
            "measure": measure,
            "value": value,
            "status": "suppressed" if value is None else "published",
            "value_low": 1.0 if value is None else None,
            "value_high": 5.0 if value is None else None,
            "flags": [],
            "period_start": on,
            "period_end": on,
            "period_kind": "stock",
            "period_label": on.isoformat(),
            "place_code": "K04000001",
            "place_name": "England and Wales",
            "circumstances": "{}",
            "classification": "5B",
            "identification": "self",
            "definition_id": definition,
        }
        rows.append(row)
    return pl.DataFrame(rows, schema=frame_schema("figure"))


def measure(**changed: Any) -> Measure:
    """A measure of people by ethnicity, religion and sex over the baseline `everyone`."""
    return Measure.model_validate(
        {
            "id": "made",
            "title": "Made",
            "question": "?",
            "publication": "made",
            "figures": "made",
            "table": {"ethnicity": ("made",), "religion": ("made",)},
            "verb": "counted",
            "per": 1000,
            "reference": {"ethnicity": "White"},
            "fit": (Fit(baseline="everyone", characteristics=("ethnicity",), default=True),),
            "author": "nobody",
            "review": dt.date(2030, 1, 1),
            **changed,
        }
    )


def baseline(**changed: Any) -> Baseline:
    """Everyone, at the date of the figures."""
    return Baseline.model_validate(
        {
            "id": "everyone",
            "title": "Everyone",
            "measure": "people",
            "date": ON,
            "table": {"ethnicity": "people"},
            "by_sex": ("ethnicity",),
            "sentence": "Everyone.",
            **changed,
        }
    )


PEOPLE = {"Asian": 4000.0, "Black": 2000.0, "Mixed": 1000.0, "White": 40000.0, "Other": 500.0, "all": 47500.0}


def disparities(
    counts: Cells | pl.DataFrame,
    people: Cells | pl.DataFrame = PEOPLE,
    request: Request | None = None,
    of: Measure | None = None,
    over: Baseline | None = None,
) -> dict[str, dict[str, Any]]:
    """Disparities of made counts over made people, by category."""
    numerators = counts if isinstance(counts, pl.DataFrame) else figures(counts)
    denominators = people if isinstance(people, pl.DataFrame) else figures(people, table="people", measure="people")
    found = derive(
        of or measure(), request or Request(), numerators, {"everyone": denominators}, {"everyone": over or baseline()}
    )
    return {row["category"]: row for row in found.to_dicts()}
