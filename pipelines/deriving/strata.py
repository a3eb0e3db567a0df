"""Counts and people of each group by stratum and cluster: what is hidden stays between its limits, and is no zero."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from monitor.declarations import Baseline, Exposure, Measure, Strata
from monitor.store.schema import FIGURE
from monitor.vocabulary import category, places_of
from pipelines.deriving.denominators import Population
from pipelines.deriving.fit import Refused, Request, leading_fit
from pipelines.deriving.groups import groups_of
from pipelines.deriving.periods import PERIOD, one_run
from pipelines.deriving.references import references
from pipelines.deriving.residents import ALL, NAMED, SYSTEM
from pipelines.deriving.selection import SLICE, at_periods

GROUP = "group"
COUNT, BASE = ("count", "count_low", "count_high"), ("denominator", "denominator_low", "denominator_high")
"""A number and its limits: without the number where a cell of it is hidden, without a limit where none is known."""
CENSUS = ("census_low", "census_high")
"""How many times the ratio to the reference is as large, over the people of one census or of the other."""
FIGURES = {"count": "numerator_figures", "denominator": "denominator_figures"}
"""The ids of the figures that each number is, or is the sum of."""
ABOUT = "edition", "period", "period_start", "period_end", "baseline", "fit", "caution"


@dataclass(frozen=True)
class Stratified:
    """The cells of one period and one thing counted, by stratum, cluster and group, and what is said of all of them.

    `reference` is the one group that these cells can be compared with, where it is not any. Of several periods put
    together each is a stratum, and `periods` says which they are.
    """

    cells: pl.DataFrame
    within: tuple[str, ...]
    cluster: str
    about: Mapping[str, Any]
    reference: str = ""
    periods: str = ""


def by_table(
    measure: Measure,
    strata: Strata,
    request: Request,
    within: Sequence[str],
    figures: pl.DataFrame,
    people: Callable[[pl.DataFrame], pl.DataFrame] | None = None,
) -> list[Stratified]:
    """The cells of each period, or of all `within` them, and of each thing counted, by `strata` the measure declares.

    `figures` are the observations of the table that they name; `people` gives those over whom a period's figures are
    counted, None where those counted are a part of their base. Raises `Refused` where a stratum or they are not held.
    """
    c, fit = request.characteristic, strata.fit or leading_fit(measure, request.characteristic)
    assert fit is not None
    if strata.places:
        places = set(places_of(strata.places)) - {e.place for e in measure.exclude}
        figures = figures.filter(pl.col("place_code").is_in(places))
    frame, periods = at_periods(_of_those_held(figures, request), measure.id, request, strata.table[c]), ""
    if PERIOD in within:
        frame, periods = one_run(frame.filter(pl.col(c) != ALL), c, measure.id)
    keys = tuple(dict.fromkeys([*(w for w in within if w != PERIOD), *filter(None, [strata.cluster])]))
    over = (strata.exposure.id, strata.exposure.sentence) if strata.exposure else (fit.baseline, fit.sentence)
    if request.baseline not in (None, over[0]):
        raise Refused(f"{measure.id} within strata is over {over[0]}; no other people are declared by stratum.")
    found = []
    for part in frame.partition_by("period_start", "period_end", maintain_order=True):
        mine = _keyed(part.filter(pl.col(c) != ALL), c, keys, strata.within)
        base = people(part) if people else _summed(mine, keys, BASE)
        edition, start, end = part.row(0, named=True)["edition_id"], part["period_start"][0], part["period_end"][0]
        about = dict(zip(ABOUT, (edition, f"{start}/{end}", start, end, *over, strata.caution), strict=True))
        for name, circumstances in (strata.counted or {"": measure.circumstances}).items():
            counted = mine.filter(*(_stated(n) == v for n, v in circumstances.items()))
            cells = absent_as_none(_summed(counted, keys, COUNT), base, (*keys, GROUP))
            found.append(Stratified(cells, tuple(within), strata.cluster, {**about, "counted": name or None}))
    return _put_together(found, periods) if periods else found


def by_rows(
    rows: Sequence[tuple[Request, pl.DataFrame]], within: Sequence[str], caution: str, reference: str
) -> list[Stratified]:
    """The cells of each period, or of all `within` them, from the disparities of each category, or of several, of other
    characteristics.

    A group that has no row in a stratum is not a count of none there: nobody knows how many it is.
    Raises `Refused` where a stratum has several rows of a group: of two places, or by two systems of counting.
    """
    ends, share = ("low", "high"), pl.col("baseline_unknown_share")
    of_nobody_knows_whom = (share / (1 - share) * pl.col("denominator") / pl.col("baseline_share")).max()
    groups = [
        found.filter(pl.col("category") != ALL)
        .with_columns(
            pl.when(pl.col("level") == "unknown")
            .then(of_nobody_knows_whom.over("period_start", "period_end"))
            .otherwise(BASE[0])
            .alias(BASE[0]),
            *(pl.coalesce(pl.col(f"census_{end}") / pl.col("ratio"), 1.0).alias(f"census_{end}") for end in ends),
            *(pl.lit(name).alias(c) for c, name in one.within if c in within),
            pl.col("category").alias(GROUP),
        )
        .with_columns(pl.coalesce(f"{n}_{end}", n).alias(f"{n}_{end}") for n in (COUNT[0], BASE[0]) for end in ends)
        for one, found in rows
    ]
    whole, periods, together = pl.concat(groups), "", []
    if PERIOD in within:
        whole, periods = one_run(whole, GROUP, whole["measure"][0])
    keys = list(dict.fromkeys([PERIOD, *within]))
    for part in whole.partition_by("period_start", "period_end", maintain_order=True):
        about = part.select(ABOUT[:-1]).row(0, named=True)
        if part.select(*keys, GROUP).is_duplicated().any():
            raise Refused(f"{about['period']} is published of several places, or by several systems of counting.")
        c = part["characteristic"][0]
        absent = (n for n in whole[GROUP].unique().sort() if periods and not is_unknown(c, n))
        names = pl.DataFrame({GROUP: list(dict.fromkeys([*part[GROUP], *absent]))})
        every = part.select(keys).unique(maintain_order=True).join(names, how="cross")
        numbers = part.select(*keys, GROUP, *COUNT, *BASE, *CENSUS, *FIGURES.values())
        cells = every.join(numbers, on=[*keys, GROUP], how="left")
        about |= {"caution": caution, "counted": None}
        together.append(Stratified(cells, tuple(within), "", about, reference))
    return _put_together(together, periods) if periods else together


def _put_together(each: Sequence[Stratified], periods: str) -> list[Stratified]:
    """The cells of all periods for each thing counted, every one with the period that it is of."""
    found = []
    for counted in dict.fromkeys(one.about["counted"] for one in each):
        mine = [one for one in each if one.about["counted"] == counted]
        cells = [one.cells.with_columns(pl.lit(one.about["period"]).alias(PERIOD)) for one in mine]
        start, end = mine[0].about["period_start"], mine[-1].about["period_end"]
        about = {**mine[-1].about, "period": f"{start}/{end}", "period_start": start}
        found.append(replace(mine[-1], cells=pl.concat(cells), about=about, periods=periods))
    return found


def _of_those_held(figures: pl.DataFrame, request: Request) -> pl.DataFrame:
    return figures.filter(*(pl.col(n) == v for n, v in request.held.items()))


def _stated(circumstance: str) -> pl.Expr:
    return pl.col("circumstances").str.json_path_match(f"$.{circumstance}")


def _keyed(figures: pl.DataFrame, characteristic: str, keys: Sequence[str], stands: Mapping[str, str]) -> pl.DataFrame:
    """The observations with a column for each stratum, by the column or circumstance that it stands as."""
    columns = {k: pl.col(stands[k]) if stands[k] in FIGURE else _stated(stands[k]) for k in keys}
    keyed = figures.with_columns(pl.col(characteristic).alias(GROUP), **columns)
    for k in keys:
        if keyed[k].null_count() or (stands[k] in NAMED and (keyed[k] == ALL).any()):
            raise Refused(f"Not every cell says its {k}, so what it holds cannot be put into strata.")
    return keyed


def _summed(figures: pl.DataFrame, keys: Sequence[str], names: Sequence[str]) -> pl.DataFrame:
    """Sums by `keys` and group: without a value where a part is hidden, between limits where those of each are known.

    A hidden part that its limits give back has none here, because a bound made of them would give it back too.
    """
    good = (pl.col("status") == "published") & (pl.col("value") >= 0)
    least = pl.col("value_low").fill_null(0.0)
    is_open = (pl.col("status") == "suppressed") & (pl.col("value_high") > least)
    limits = (pl.when(good).then("value").when(is_open).then(each) for each in (least, pl.col("value_high")))
    parts = figures.filter(pl.col("status") != "not_applicable")
    sums = zip(names, (pl.when(good).then("value"), *limits), strict=True)
    cells = parts.group_by(*keys, GROUP, maintain_order=True)
    return cells.agg(pl.col("figure_id").alias(FIGURES[names[0]]), *(whole_sum(v).alias(name) for name, v in sums))


def whole_sum(values: pl.Expr) -> pl.Expr:
    """The sum; none where a part has no value, because what is hidden is no zero."""
    return pl.when(values.null_count() == 0).then(values.sum())


def absent_as_none(one: pl.DataFrame, other: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Both side by side; what has no row on a side is a count of none there."""
    both = one.with_columns(_one=True).join(other.with_columns(_other=True), on=keys, how="full", coalesce=True)
    sides = {n: mark for mark, frame in (("_one", one), ("_other", other)) for n in frame.columns if n not in keys}
    absent = {n: pl.col(mark).is_null() for n, mark in sides.items() if both.schema[n].is_numeric()}
    return both.with_columns(pl.when(gone).then(0.0).otherwise(n).alias(n) for n, gone in absent.items()).drop(
        "_one", "_other"
    )


def exposed(exposure: Exposure, request: Request, people: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """People by stratum and group on the day before those counted, or the mean of that day and their period's last.

    Raises `Refused` for a day that is not held, and for groups that are not those counted.
    """
    c, keys, found = request.characteristic, tuple(exposure.within), []
    last = list(counted["period_end"][:1]) if exposure.day == "mean" else []
    for day in (counted["period_start"][0] - dt.timedelta(days=1), *last):
        there = _of_those_held(people, request).filter(pl.col("period_end") == day, pl.col(c) != ALL)
        if there.is_empty() or there.select(SYSTEM).n_unique() > 1:
            have = ", ".join(people["period_end"].unique().sort().cast(pl.String)) or "none"
            raise Refused(f"{exposure.id}: nobody is counted on {day}, or by two systems; the days held are {have}.")
        if lost := _classified(c, counted) - _classified(c, there):
            groups = ", ".join(f"{n} ({code})" for n, code in sorted(lost))
            raise Refused(f"{exposure.id} has no people of {groups}, so there is nobody to divide those counted by.")
        found.append(_summed(_keyed(there, c, keys, exposure.within), keys, BASE))
    if len(found) == 1:
        return found[0]
    ids = FIGURES[BASE[0]]
    both = absent_as_none(found[0], found[1].rename({n: f"later_{n}" for n in (*BASE, ids)}), (*keys, GROUP))
    means = ((pl.col(n) + pl.col(f"later_{n}")) / 2 for n in BASE)
    of_both = pl.concat_list(pl.col(n).fill_null([]) for n in (ids, f"later_{ids}"))
    return both.select(*keys, GROUP, of_both.alias(ids), *means)


def residing(
    measure: Measure,
    strata: Strata,
    request: Request,
    people: Mapping[str, pl.DataFrame],
    baselines: Mapping[str, Baseline],
    counted: pl.DataFrame,
) -> pl.DataFrame:
    """Residents by stratum and group in the middle of the period of those counted, where each stratum is a place.

    `people` are the figures of each baseline. Of a hidden census count the lower limit stands. Raises `Refused` where
    a group has no residents.
    """
    assert strata.fit is not None
    c, baseline, rows = request.characteristic, baselines[strata.fit.baseline], []
    whole = measure.model_copy(update={"exclude": ()})  # because a place left out of a country is in no other place
    least = {name: frame.with_columns(pl.coalesce("value", "value_low")) for name, frame in people.items()}
    reference, *others = references(measure, request)
    for part in counted.with_columns(SYSTEM).partition_by("place_code", maintain_order=True):
        place = part["place_code"][0]
        if (groups := groups_of(c, part, [strata.table[c]])) is None:
            continue
        there = Population(whole, request, baseline.model_copy(update={"place": place}), least, baselines)
        found = there.at(part.select(SLICE).row(0), groups)
        to = None if others else found.base(reference)
        for name, base in found.of.items():
            if isinstance(base, str):
                raise Refused(f"{strata.fit.baseline}, {place}: {base}.")
            over = zip(base.others, to.others, strict=True) if to else ()
            times = [1.0, *(base.value * m / (n * to.value) for n, m in over if to and n and to.value)]
            rows.append((place, name, base.figures, base.value, base.low, base.high, min(times), max(times)))
    return pl.DataFrame(rows, schema=[*strata.within, GROUP, FIGURES[BASE[0]], *BASE, *CENSUS], orient="row")


def _classified(characteristic: str, figures: pl.DataFrame) -> set[tuple[str, str]]:
    """The known groups, each with the classification that says who is in it."""
    named = figures.filter(pl.col(characteristic) != ALL).select(characteristic, "classification").unique()
    return {(n, code or "") for n, code in named.iter_rows() if not is_unknown(characteristic, n)}


def is_unknown(characteristic: str, name: str) -> bool:
    """Whether a category is of people whose group is not known."""
    found = category(characteristic, name)
    return found is not None and found.kind == "unknown"
