"""Like compared with like: the ratios of a page again, within the same prison, offence or whatever is declared."""

from typing import Any

import polars as pl

from dashboards import charts
from dashboards import sentences as say
from dashboards.pages.kinds import Grid, Held, Section
from dashboards.pages.words import between, compared_with, group_label, in_order, slug_of
from monitor.declarations import Measure
from pipelines.deriving import leading


def within_strata(held: Held, measure: Measure, characteristic: str) -> list[Section]:
    """A table for each thing counted, crude and within each of the strata; nothing where none is declared."""
    rows = held.pooled.filter(measure=measure.id, characteristic=characteristic)
    if rows.is_empty():
        return []
    grids = [_grid(part, characteristic) for part in rows.partition_by("counted", maintain_order=True)]
    named = say.strata(rows["within"][0])
    words = (
        f"Groups are not spread alike over every {named}, and each may do things its own way. Each ratio here compares "
        "only within the same, and all are then put into one (Mantel and Haenszel); limits allow for what is alike in "
        f"one {named}. Numbers and crude ratios are of what is not left out.",
        f"{rows['fit'][0].rstrip('.')}. {rows['caution'][0]}",
    )
    return [
        Section("within", "Like compared with like", words, grids=tuple(grids)),
        *_funnel(held, measure, characteristic),
    ]


def _funnel(held: Held, measure: Measure, characteristic: str) -> list[Section]:
    """Each stratum about the common ratio: of what is counted first, and the group to lead with of those placed."""
    rows = held.funnel.filter(pl.col("placed").is_not_null(), measure=measure.id, characteristic=characteristic)
    if rows.is_empty():
        return []
    first = rows.row(0, named=True)
    of = {n: pl.col(n).eq_missing(pl.lit(first[n])) for n in ("counted", "period_start", "within", "reference")}
    placed = rows.filter(*of.values())["category"].unique()
    pooled = held.pooled.filter(*of.values(), measure=measure.id, characteristic=characteristic)
    lead = leading(pooled.filter(pl.col("category").is_in(placed.implode()))) or first
    group, named = lead["category"], say.strata(first["within"])
    mine = held.funnel.filter(*of.values(), measure=measure.id, characteristic=characteristic, category=group)
    said = say.funnel(dict(mine.select("stratum", "placed").iter_rows()), *mine.select("phi", "tau2").row(0))
    left = mine.filter(status="withheld").sort("stratum").group_by("reason", maintain_order=True).agg("stratum")
    said += [f"Left out of the common ratio: {'; '.join(names)}. {reason}" for reason, names in left.iter_rows()]
    common = say.ratio(mine["common_ratio"][0])
    what = (first["counted"], say.period(first["period"], first["period_start"], first["period_end"]))
    picture = charts.funnel(
        f"{slug_of(measure, characteristic)}-funnel",
        mine,
        title=f"{group_label(group)}: ratio to {compared_with(mine)} within each {named}",
        subtitle=", ".join(filter(None, (*what, f"common ratio {common}"))),
        alt_text=f"A funnel: the ratio within each {named} about the common one, {common}. {' '.join(said)}",
    )
    key = (
        f"Dot: the ratio within one {named}, filled where it lies beyond the 99.8% limits. Line: the ratio common to "
        "all. Dashed and thin lines: where 95% and 99.8% would lie by chance and what is allowed for. Further right, "
        "more can be told. Each number, and why some are not placed, is in the data."
    )
    return [Section("funnel", f"Each {named} about the common ratio", tuple(said), picture, key)]


def _grid(rows: pl.DataFrame, characteristic: str) -> Grid:
    """Groups down, what they are compared within across: each ratio with its interval and what may be said of it."""
    first = rows.row(0, named=True)
    parts = rows.partition_by("within", maintain_order=True)
    held = [{r["category"]: r for r in part.to_dicts()} for part in parts]
    lines = []
    for row in in_order(parts[0], characteristic).to_dicts():
        name = row["category"]
        cells = [_ratio(row, "crude_ratio", "crude_low", "crude_high")]
        cells += [_within(each[name]) if name in each else "not published" for each in held]
        counted = say.count(row["count"]) if row["count"] is not None else "hidden"
        lines.append((group_label(name), counted, *cells))
    what = f": {first['counted']}" if first["counted"] else ""
    when = say.period(first["period"], first["period_start"], first["period_end"])
    across = tuple(f"Within the same {say.strata(part['within'][0])}" for part in parts)
    return Grid(
        f"Ratio to {compared_with(rows)} {when}{what}, 95% intervals",
        (say.title_of(characteristic), "Number", "Crude", *across),
        tuple(lines),
        numeric=False,
    )


def _within(row: dict[str, Any]) -> str:
    """A pooled ratio, what may be said of it, how many strata are left out, and its bounds."""
    said = [_ratio(row, "ratio", "ratio_low", "ratio_high")]
    if row["verdict"]:
        said.append(say.direction({**row, "band": None}))
    if left := row["strata_withheld"]:
        of = left + row["strata"] + row["strata_one_group"]
        low, high = row["bound_low"], row["bound_high"]
        beyond = f", {say.interval(low, high)} with them" if low is not None and high is not None else ""
        said.append(f"{left:,.0f} of {of:,.0f} left out{beyond}")
    if row["unknown_low"] is not None and row["unknown_high"] is not None:
        said.append(f"{say.interval(row['unknown_low'], row['unknown_high'])} whatever the unknown are")
    return "; ".join(said)


def _ratio(row: dict[str, Any], ratio: str, low: str, high: str) -> str:
    if row["category"] == row["reference"]:
        return "reference, 1"
    value, least, most = row[ratio], row[low], row[high]
    if value is None or least is None or most is None:
        return "–" if row["status"] == "shown" else str(row["status"])
    return between(value, least, most)
