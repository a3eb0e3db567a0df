"""Figures to disparities: a count, over the residents it should be compared with, against a reference group.

What it makes true: every disparity has its counts, its denominator and the figures they come from, a named
baseline and how well it fits, an interval with its method, the share unknown with the bounds it leaves, or it is
withheld or refused with a reason. The same pure function answers the declared tables and a reader's request.

What it refuses: what `fit` and `residents` refuse.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from monitor.declarations import Baseline, Fit, Measure
from monitor.store.schema import frame_schema
from monitor.vocabulary import category, ordered
from pipelines.deriving.arithmetic import with_intervals
from pipelines.deriving.fit import Refused, Request, fit_for, sentence, sizes, unfit
from pipelines.deriving.residents import ALL, NAMED, Residents, covering, part_of, residents

REST = "all others"


def derive(
    measure: Measure,
    request: Request,
    numerators: pl.DataFrame,
    denominators: Mapping[str, pl.DataFrame],
    baselines: Mapping[str, Baseline],
) -> pl.DataFrame:
    """Disparities of one measure by one characteristic, one row a category, level, period and place.

    `numerators` are the measure's usable observations from all its tables; `denominators` the observations of
    each baseline's table for the characteristic, by baseline id. Columns are the store's `disparity`.
    Raises `Refused` when the request must not be answered.
    """
    tables = measure.table.get(request.characteristic)
    if not tables:
        raise Refused(
            f"{measure.id} is not published by {request.characteristic}; it is by {', '.join(measure.table)}."
        )
    frame = _numerators(measure, request, numerators)
    if frame.is_empty():
        raise Refused(f"{measure.id} by {request.characteristic}: no figures are held for sex {request.sex!r}.")
    frame = _periods(frame, measure, request, tables[0])
    rows: list[dict[str, Any]] = []
    chosen = fit_for(measure, request, baselines, frame["place_code"][0])
    fit, baseline = chosen if chosen else (None, None)
    held = Residents()
    if baseline is not None:
        source = denominators.get(baseline.id, pl.DataFrame(schema=frame_schema("figure")))
        held = residents(source, baseline, request.characteristic, request.sex, baseline.place)
        for exclude in measure.exclude:
            if not exclude.baselines or baseline.id in exclude.baselines:
                held = held.without(residents(source, baseline, request.characteristic, request.sex, exclude.place))
    errs = sizes(fit, numerators)
    for key, part in frame.partition_by(
        ["period_start", "period_end", "place_code", "system"], as_dict=True, maintain_order=True
    ).items():
        rows += _slice(measure, request, fit, baseline, held, part, tables, errs.get((key[1], key[3])))
    return with_intervals(rows)


def _numerators(measure: Measure, request: Request, figures: pl.DataFrame) -> pl.DataFrame:
    """Observations of the measure that vary only by the characteristic asked for, for the sex asked for."""
    kept = figures
    if measure.sum_over:
        kept = _summed_over(measure, request, figures)
    for d in NAMED:
        if d == request.characteristic:
            continue
        kept = kept.filter(pl.col(d) == (request.sex if d == "sex" else ALL))
    wanted = "{" + ", ".join(f'"{k}": "{v}"' for k, v in sorted(measure.circumstances.items())) + "}"
    kept = kept.filter(pl.col("circumstances") == wanted)
    # because one date may be published by two counting systems: the first part of a definition names the system
    return kept.with_columns(system=pl.col("definition_id").str.split("+").list.first())


def _summed_over(measure: Measure, request: Request, figures: pl.DataFrame) -> pl.DataFrame:
    """Sums over dimensions that a file never totals, as the measure declares."""
    named = [
        d
        for d in measure.sum_over
        if d in NAMED and d != request.characteristic and not (d == "sex" and request.sex != ALL)
    ]
    keys = [c for c in figures.columns if c not in ("value", "figure_id", "observation_id", "cell", "flags", "marker")]
    keys = [k for k in keys if k not in {*named, *(f"{d}_label" for d in named), "circumstances"}]
    keep = figures.filter(pl.col("status") == "published")
    if measure.circumstances or "circumstances" not in measure.sum_over:
        keys.append("circumstances")
    summed = keep.group_by(keys, maintain_order=True).agg(
        pl.col("value").sum(), pl.col("figure_id"), flags=pl.lit(["derived"], dtype=pl.List(pl.String))
    )
    total = (
        summed.group_by(
            [k for k in keys if k not in (request.characteristic, f"{request.characteristic}_label")],
            maintain_order=True,
        )
        .agg(
            pl.col("value").sum(),
            pl.col("figure_id").list.explode(),
            flags=pl.lit(["derived"], dtype=pl.List(pl.String)),
        )
        .with_columns(pl.lit(ALL).alias(request.characteristic), pl.lit("All").alias(f"{request.characteristic}_label"))
    )
    out = pl.concat([summed, total], how="diagonal")
    return out.with_columns(*(pl.lit(ALL).alias(d) for d in named)).with_columns(
        circumstances=pl.lit("{}") if "circumstances" not in out.columns else pl.col("circumstances")
    )


def _periods(frame: pl.DataFrame, measure: Measure, request: Request, table: str) -> pl.DataFrame:
    if request.every_period:
        return frame
    asked = request.period
    if asked is None:
        latest = frame.filter((pl.col("table_id") == table) & (pl.col(request.characteristic) != ALL))[
            "period_end"
        ].max()
        return frame.filter(pl.col("period_end") == latest)
    if isinstance(asked, dt.date):
        kept = frame.filter(pl.col("period_end") == asked)
    elif isinstance(asked, tuple):
        kept = frame.filter((pl.col("period_start") >= asked[0]) & (pl.col("period_end") <= asked[1]))
    else:
        kept = frame.filter(pl.col("period_label") == asked)
    if kept.is_empty():
        have = frame.sort("period_end")["period_end"].unique(maintain_order=True).to_list()
        raise Refused(
            f"{measure.id} by {request.characteristic} has no figures for {asked}; it has "
            f"{len(have)} dates from {have[0]} to {have[-1]}, the nearest "
            + ", ".join(str(d) for d in _nearest(have, asked))
            + "."
        )
    return kept


def _nearest(have: list[dt.date], asked: Any) -> list[dt.date]:
    if isinstance(asked, tuple):
        asked = asked[1]
    if not isinstance(asked, dt.date):
        return have[-2:]
    return sorted(sorted(have, key=lambda d: abs((d - asked).days))[:2])


def _slice(
    measure: Measure,
    request: Request,
    fit: Fit | None,
    baseline: Baseline | None,
    held: Residents,
    part: pl.DataFrame,
    tables: tuple[str, ...],
    size: tuple[float, float] | None,
) -> list[dict[str, Any]]:
    """One period, place and sex: every published category, each once, from the first table that has it."""
    c = request.characteristic
    by_category: dict[str, dict[str, Any]] = {}
    for table in tables:
        for figure in part.filter(pl.col("table_id") == table).iter_rows(named=True):
            if figure["status"] == "published":
                by_category.setdefault(figure[c], figure)
    groups = {n: f for n, f in by_category.items() if n != ALL}
    if not groups:
        return []
    kinds = {n: (r.kind if (r := category(c, n)) else "group") for n in groups}
    parents = {n: part_of(c, n, list(groups)) for n in groups}
    top = [n for n in groups if parents[n] is None]
    known_top = [n for n in top if kinds[n] == "group"]
    unknown = sum(groups[n]["value"] for n in top if kinds[n] == "unknown")
    total = by_category[ALL]["value"] if ALL in by_category else sum(groups[n]["value"] for n in top)
    known = sum(groups[n]["value"] for n in known_top)
    incomplete = ALL in by_category and abs(known + unknown - total) > max(2, 0.0005 * total)
    first = next(iter(groups.values()))
    period_end = first["period_end"]
    why_not = unfit(fit, baseline, first)
    denominators: dict[str, tuple[float, float, float, list[str]] | str] = {}
    for n in groups:
        if kinds[n] == "unknown" or baseline is None or fit is None:
            continue
        regroup = next(
            (
                g
                for g in measure.regroup
                if g.characteristic == c and g.category == n
                and (not g.baselines or baseline.id in g.baselines)
                and (g.since is None or period_end >= g.since) and (g.until is None or period_end <= g.until)
            ),
            None,
        )  # fmt: skip
        cover = list(regroup.members) if regroup else covering(n, held, c, groups[n]["classification"])
        if isinstance(cover, list) and (lost := [m for m in cover if m not in held.value]):
            cover = f"the baseline has no {', '.join(lost)}; it has {', '.join(held.value) or 'no figures'}"
        denominators[n] = cover if isinstance(cover, str) else held.sum(cover)
    base_known = sum(d[0] for n in known_top if isinstance(d := denominators.get(n), tuple))
    exhaustive = all(isinstance(denominators.get(n), tuple) for n in known_top)
    reference = request.reference or measure.reference.get(c, ALL)
    if reference not in (ALL, REST) and reference not in groups:
        raise Refused(
            f"the reference group {reference!r} is not published at {period_end}; published: "
            f"{', '.join(ordered(c, [n for n in groups if kinds[n] == 'group']))}, or 'all', or 'all others'."
        )
    everyone, everyone_figures = held.everyone or (None, [])
    rows = []
    names = ordered(c, [ALL, *groups])
    for n in names:
        if n not in by_category:
            continue
        figure = by_category[n]
        count = figure["value"]
        found = denominators.get(n)
        if n == ALL and baseline is not None and everyone:
            found = (everyone, everyone, everyone, everyone_figures)
        is_group = n != ALL and kinds[n] == "group"
        ref_count, ref_base, ref_low, ref_high = _reference(reference, n, groups, denominators, known, base_known)
        level = _level(c, n, parents, kinds) if n != ALL else ALL
        row: dict[str, Any] = {
            "measure": measure.id,
            "period": _period_words(figure),
            "period_start": figure["period_start"],
            "period_end": period_end,
            "place": figure["place_name"],
            "sex": request.sex,
            "characteristic": c,
            "level": level,
            "category": n,
            "label": figure[f"{c}_label"] or n,
            "classification": figure["classification"],
            "reference": reference,
            "baseline": baseline.id if baseline else None,
            "count": count,
            "per": measure.per,
            "unknown_count": unknown,
            "unknown_share": unknown / total if total else None,
            "share": count / known if is_group and known else None,
            "share_of_all": count / total if total else None,
            "definition_id": figure["definition_id"],
            "flags": sorted({*(figure["flags"] or []), *(["sum_differs_from_total"] if incomplete else [])}),
            "numerator_figures": figure["figure_id"]
            if isinstance(figure["figure_id"], list)
            else [figure["figure_id"]],
            "denominator_figures": [],
            "fit": sentence(fit, baseline, measure, period_end, size),
            "status": "shown",
            "reason": None,
            "ref_count": None,
            "ref_base": None,
        }
        if n != ALL and kinds[n] == "unknown":
            row["reason"] = "Counted and shown; left out of shares of those known."
        elif baseline is None:
            row["status"], row["reason"] = (
                "withheld",
                f"No population baseline is held for {c}; counts and shares only.",
            )
        elif why_not is not None:
            row["status"], row["reason"] = why_not
        elif isinstance(found, str):
            row["status"], row["reason"] = "refused", found[0].upper() + found[1:]
        elif found is not None and found[0] > 0:
            (
                row["denominator"],
                row["denominator_low"],
                row["denominator_high"],
                row["denominator_figures"],
            ) = found
            if is_group:
                if base_known:
                    row["baseline_share"] = found[0] / base_known
                if row.get("baseline_share") and row["share"] is not None and exhaustive:
                    row["gap_points"] = 100 * (row["share"] - row["baseline_share"])
                    row["representation"] = row["share"] / row["baseline_share"]
                    row["excess"] = count - known * row["baseline_share"]
                if ref_base:
                    row.update(
                        ref_count=ref_count,
                        ref_base=ref_base,
                        unknown=unknown,
                        ref_low=ref_low,
                        ref_high=ref_high,
                    )
                    row["is_reference"] = n == reference
        else:
            row["status"], row["reason"] = "withheld", "The baseline has no residents for this group."
        rows.append(row)
    return rows


def _period_words(figure: Mapping[str, Any]) -> str:
    """A date for a stock; for a flow the published label, or both ends where the label has no year."""
    start, end, label = figure["period_start"], figure["period_end"], figure["period_label"]
    if figure["period_kind"] == "stock":
        return str(end.isoformat())
    return label if re.search(r"\d{4}", label or "") else f"{start.isoformat()}/{end.isoformat()}"


def _level(characteristic: str, name: str, parents: Mapping[str, str | None], kinds: Mapping[str, str]) -> str:
    if kinds[name] == "unknown":
        return "unknown"
    return "groups" if parents[name] is None else "detail"


def _reference(
    reference: str,
    name: str,
    groups: Mapping[str, dict[str, Any]],
    denominators: Mapping[str, tuple[float, float, float, list[str]] | str],
    known: float,
    base_known: float,
) -> tuple[float | None, float | None, float | None, float | None]:
    """Count and residents of whom a group is compared with."""
    if reference == ALL:
        return known, base_known, base_known, base_known
    own = denominators.get(name)
    if reference == REST:
        if not isinstance(own, tuple):
            return None, None, None, None
        rest = base_known - own[0]
        return known - groups[name]["value"], rest, rest, rest
    found = denominators.get(reference)
    if not isinstance(found, tuple):
        return None, None, None, None
    return groups[reference]["value"], found[0], found[1], found[2]
