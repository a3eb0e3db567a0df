"""Measures that nobody declared: what can be asked of each table that was read, by what its publication says of it."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from monitor.declarations import Baseline, DeclarationError, Fit, Measure, Publication, find
from monitor.vocabulary import parse_age
from pipelines.inferring.gate import SHOWN

AUTHOR = "Read by what the table shows; checked by nobody"
_YEARS_APART = 5
"""Residents of a census stand beside figures of so many years before and after, where nobody argued for more."""
_IN_NUMBERS = {"Children": "under 18", "Adults": "18 and over"}
_REFERENCE = {"ethnicity": "White", "sex": "male"}
"""The group compared with where a table prints it; otherwise everyone whose group is known."""


def inferred_measures(
    tables: pl.DataFrame, publications: Mapping[str, Publication], baselines: Mapping[str, Baseline]
) -> dict[str, Measure]:
    """A measure for each table that is shown, by `publication.table`: of each publication first those of the latest
    period, and of these those that separate by least.

    `tables` are rows of `table_read` that stand, latest edition last: it speaks for the table.
    """
    counting = tables.filter(
        pl.col("state") == SHOWN, pl.col("measure").is_not_null(), pl.col("characteristics").list.len() > 0
    )
    latest = counting.unique(["publication", "table_id"], keep="last", maintain_order=True).sort(
        "publication", -pl.col("last_period").to_physical(), pl.col("dimensions").list.len(), maintain_order=True
    )
    found: dict[str, Measure] = {}
    for row in latest.iter_rows(named=True):
        publication = publications.get(row["publication"])
        if publication is not None and publication.reads is not None:
            measure = _measure(row, publication, baselines)
            found[measure.id] = measure
    return found


def _measure(row: Mapping[str, Any], publication: Publication, baselines: Mapping[str, Baseline]) -> Measure:
    reads, characteristics, alone = publication.reads, row["characteristics"], ""
    assert reads is not None
    baseline = baselines[reads.baseline] if reads.baseline and row["counts"] != "neither" else None
    scope = dict(each.split("=", 1) for each in row["scope"] or ())
    fits = [c for c in characteristics if baseline is not None and c in baseline.table]
    if baseline is not None and (alone := _of_others(scope, baseline)):
        fits, baseline = [], None
    title = row["title"] or row["table_id"].replace("-", " ")
    why = (
        reads.because
        or alone
        or ("Shares and rates as printed are shown, and none is made of them." if row["counts"] == "neither" else "")
    )
    measure = Measure(
        id=f"{publication.id}.{row['table_id']}",
        title=title,
        question=f"What does the table “{title}” show?",
        publication=publication.id,
        figures=row["measure"],
        table=dict.fromkeys(characteristics, (row["table_id"],)),
        counts="events" if row["counts"] == "events" else "people",
        verb=reads.verb,
        age_from=baseline.age_from if baseline else None,
        age_to=baseline.age_to if baseline else None,
        circumstances=json.loads(row["circumstances"] or "{}"),
        scope=scope,
        reference={c: group for c, group in _REFERENCE.items() if f"{c}={group}" in row["reference"]},
        caution=reads.caution,
        layout=row["layout"],
        uncompared=why,
        order=900,
        author=AUTHOR,
        review=dt.date.max,
    )
    if baseline is None or not fits:
        return measure
    day = baseline.date or dt.date.min
    fit = Fit.model_validate(
        {
            "baseline": baseline.id,
            "characteristics": tuple(fits),
            "default": True,
            "allows": ("period",),
            "from": day.replace(year=day.year - _YEARS_APART),
            "until": day.replace(year=day.year + _YEARS_APART),
            "sentence": reads.fit,
        }
    )
    return measure.model_copy(update={"fit": (fit,)})


def _of_others(scope: Mapping[str, str], baseline: Baseline) -> str:
    """Why people of one scope are not compared with a population; empty where they are the same people."""
    for characteristic, category in scope.items():
        if characteristic == "sex" and baseline.by_sex:
            continue
        band = parse_age(_IN_NUMBERS.get(category, category), bare=True) if characteristic == "age" else None
        if band is not None and band.high == baseline.age_to and band.low <= (baseline.age_from or 0):
            continue
        return f"Everyone in the table is {category}, and {baseline.title} counts others too: shares and change only."
    return ""


def measure_asked(
    name: str, table: str | None, by: str, declared: dict[str, Measure], inferred: dict[str, Measure]
) -> Measure:
    """The measure that is meant by a measure's or a publication's name, and by a table of it where one is named.

    A declared measure goes before what a table shows; of several tables of a publication the one that separates by
    `by`, of the latest period, and by least besides. Raises `DeclarationError` with the nearest names.
    """
    if name in declared and table is None:
        return declared[name]
    publication = declared[name].publication if name in declared else name
    if table is not None:
        mine = {m.id.partition(".")[2]: m for m in inferred.values() if m.publication == publication}
        return find(mine, table, f"table of {publication}")
    if name in inferred:
        return inferred[name]
    for measures in (declared, inferred):
        having = [m for m in measures.values() if m.publication == publication and by in m.table]
        if having:
            return having[0]
    whole = [m for m in (*declared.values(), *inferred.values()) if m.publication == publication]
    if whole:
        characteristics = sorted({c for m in whole for c in m.table})
        raise DeclarationError(
            f"no table of {publication} is read by {by}; its tables are by {_listed(characteristics)}"
        )
    return find({**declared, **inferred}, name, "measure")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"
