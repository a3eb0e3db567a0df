"""Groups compared within strata and pooled: one row a group, with its strata, what was left out, and why."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from monitor.declarations import Baseline, Measure
from monitor.settings import UNKNOWN_NOTED, UNKNOWN_WITHHELD
from monitor.statistics import stratified as mh
from monitor.statistics.arrays import Values
from monitor.statistics.clustered import JACKKNIFE, LEAST_CLUSTERS, delete_one
from monitor.statistics.funnel import INNER, LEAST_PLACES, OUTER, funnel, limits
from monitor.statistics.verdict import LOW, Range, Verdict, reliability, verdict
from monitor.vocabulary import ordered, places_named
from pipelines.deriving.arithmetic import STAGE
from pipelines.deriving.crossings import each_within
from pipelines.deriving.disparity import derive
from pipelines.deriving.fit import Refused, Request, within_words
from pipelines.deriving.judging import EVENTS
from pipelines.deriving.periods import PERIOD
from pipelines.deriving.references import EACH, REST, references
from pipelines.deriving.residents import ALL, NAMED, part_of
from pipelines.deriving.strata import (
    BASE,
    CENSUS,
    COUNT,
    FIGURES,
    GROUP,
    Stratified,
    absent_as_none,
    by_rows,
    is_unknown,
    whole_sum,
)

LEAST_EXPECTED = 5.0
"""Strata where fewer are expected in a cell are no part of the chi-squared test that strata agree (Cochran 1954)."""
DIFFERENT = 0.05
"""The p-value under which periods are said to differ."""
FOUR = "count", "denominator", "reference_count", "reference_denominator"
_ESTIMATES = (
    *FOUR, "crude_ratio", "crude_low", "crude_high", "ratio", "ratio_low", "ratio_high", "interval_method",
    "independent_low", "independent_high", "clusters", "clustered_low", "clustered_high", "strata", "strata_withheld",
    "strata_one_group", "homogeneity_p", "homogeneity_statistic", "homogeneity_freedom", "homogeneity_test",
    "odds_ratio", "odds_low", "odds_high", "odds_homogeneity_p", "bound_low", "bound_high", "unknown_low",
    "unknown_high", "census_low", "census_high", "overdispersion", "verdict", "depends_on", "reliability", "phi",
    "tau2",
)  # fmt: skip
"""What a row may say besides what it is of: empty where it is not known, or withheld."""
_OF_A_PLACE = (
    "expected", "standard_error", "z", "z_adjusted", "low_95", "high_95", "low_998", "high_998", "placed",
)  # fmt: skip
"""What is said of a stratum in a funnel: its limits are about the common ratio, and allow for overdispersion."""
_UNUSABLE = "a number there is hidden, or cannot be divided"
_UNCLEAR = f"more than {100 * UNKNOWN_WITHHELD:.0f}% are of unknown group"


def by_category(
    measure: Measure,
    request: Request,
    within: Sequence[str],
    numerators: pl.DataFrame,
    denominators: Mapping[str, pl.DataFrame],
    baselines: Mapping[str, Baseline],
) -> list[Stratified]:
    """The cells of a measure within each category of other characteristics, as `derive` answers each by itself.

    Raises `Refused` for strata that are no characteristics, nor declared.
    """
    others = [w for w in within if w != PERIOD]
    if others and (measure.sum_over or any(w not in NAMED or w == request.characteristic for w in others)):
        declared = "; ".join(", ".join(s.within) for s in measure.strata) or "none"
        raise Refused(
            f"{measure.id} by {request.characteristic} has no strata by {' and '.join(others)}. Declared together: "
            f"{declared}. Measures whose tables print their totals can be pooled within what `crossings` names."
        )
    plain = measure.model_copy(update={"adjust": ()})
    each = each_within(plain, replace(request, within=(*request.within, *((w, EACH) for w in others))), numerators)
    found: list[Stratified] = []
    for reference in (r for r in references(measure, request) if r != ALL):
        rows, refused = [], None
        for one in each:
            try:
                against = replace(one, reference=reference)
                rows.append((one, derive(plain, against, numerators, denominators, baselines)))
            except Refused as error:  # because not every category of one is crossed with every category of another
                refused = error
        if not rows:
            raise refused or Refused(f"{measure.id}: nothing is published within {', '.join(within)}.")
        found += by_rows(rows, within, measure.caution, reference)
    return found


def pooled(measure: Measure, request: Request, stratified: Sequence[Stratified]) -> list[dict[str, Any]]:
    """Mantel-Haenszel ratios of each group to each reference asked for, by period and by what is counted.

    Counts, people and the crude ratio are of strata not withheld. `ratio_low` and `ratio_high` are what
    `interval_method` names: clustered where there are clusters enough. `bound_low` and `bound_high` are the least and
    the most the ratio would be with the strata withheld, whatever they hide.
    Raises `Refused` for a reference that is not published, and for everyone, in whom each group is contained.
    """
    c = request.characteristic
    asked = [r for r in references(measure, request) if r != ALL]
    if not asked:
        raise Refused("within strata a group is compared with others, not with all: ask --reference 'all others'.")
    rows = []
    for one in stratified:
        names = ordered(c, one.cells[GROUP].unique().to_list())
        known = [n for n in names if not is_unknown(c, n)]
        if all(r not in (REST, *known) for r in asked):
            raise Refused(f"the reference group {asked[0]!r} is not published; published: {', '.join(known)}.")
        top = [n for n in known if part_of(c, n, known) is None]
        outside = [n for n in names if n not in known]
        unclear = _unknown_of_each(one, [*top, *outside], outside)
        everyone, unknown = _counted(one, [*top, *outside]), _counted(one, outside)
        share = unknown / (everyone or 1.0) if unknown is not None and everyone is not None else None
        for reference, name in itertools.product([one.reference] if one.reference else asked, names):
            row = _described(measure, request, one, name, reference) | {
                "unknown_count": unknown,
                "unknown_share": share,
            }
            if name in outside and (count := _counted(one, [name])) != 0:
                row |= {"count": count, "reason": "Counted and shown; outside the ratio."}
                rows.append(row | ({} if count is None else _figures(one, name, one.cells)))
            elif reference == REST and name in known and name not in top:
                rows.append(row | _withheld("All others are put together for groups that are no part of another."))
            elif name in known:
                rows.append(row | _compared(measure, one, name, reference, top, outside, unclear, share))
    return rows


def _counted(one: Stratified, names: Sequence[str]) -> float | None:
    """All who are counted in some categories; none where one of their cells is hidden."""
    found: float | None = one.cells.filter(pl.col(GROUP).is_in(names)).select(whole_sum(pl.col("count"))).item()
    return found


def _unknown_of_each(one: Stratified, names: Sequence[str], outside: Sequence[str]) -> pl.DataFrame:
    """Of each stratum the share of those counted whose group is not known; none where a count is hidden."""
    of_each = one.cells.filter(pl.col(GROUP).is_in(names)).group_by(one.within)
    everyone, unknown = pl.col("count"), pl.col("count").filter(pl.col(GROUP).is_in(outside))
    sums = of_each.agg(everyone=whole_sum(everyone), unknown=whole_sum(unknown))
    share = pl.when(pl.col("everyone") > 0).then(pl.col("unknown") / pl.col("everyone"))
    return sums.select(*one.within, unknown_share=share)


def _described(measure: Measure, request: Request, one: Stratified, name: str, reference: str) -> dict[str, Any]:
    own = {"measure": measure.id, "kind": measure.kind, "counts": measure.counts, **one.about}
    own |= {"characteristic": request.characteristic, "category": name, "reference": reference}
    own |= {"sex": request.held.get("sex", ALL), "held": within_words(request.within), "within": ", ".join(one.within)}
    own |= dict.fromkeys(_ESTIMATES) | {n: [] for n in FIGURES.values()}
    return own | {"of_strata": [], "status": "shown", "reason": None}


def _figures(one: Stratified, name: str, shown: pl.DataFrame) -> dict[str, list[str]]:
    """The ids of the figures that the numbers of a group are made of, in the strata shown."""
    own = one.cells.filter(pl.col(GROUP) == name).join(shown, on=one.within, how="semi")
    held = (n for n in FIGURES.values() if n in own.columns)
    return {n: own[n].explode().drop_nulls().unique().sort().to_list() for n in held}


def _withheld(reason: str) -> dict[str, Any]:
    return {"status": "withheld", "reason": reason}


def _paired(
    one: Stratified, name: str, reference: str, top: Sequence[str], unclear: pl.DataFrame, kind: mh.Kind
) -> Sequence[pl.DataFrame]:
    """A group and its reference by stratum, and by stratum and cluster: `FOUR`, and `_low` and `_high` of each.

    Of a stratum also whether it is `known` (of enough the group is), `whole` (nothing hidden, and every count
    possible), and, both so, has people of `both`.
    """
    keys, prefix = list(dict.fromkeys([*one.within, *filter(None, [one.cluster])])), "reference_"
    whom = [n for n in top if n != name] if reference == REST else [reference]
    numbers = [whole_sum(pl.col(n)) for n in (*COUNT, *BASE)]
    group, other = (one.cells.filter(pl.col(GROUP).is_in(n)).group_by(keys).agg(numbers) for n in ([name], whom))
    # because sums of the same numbers in another order are not the same to the last digit
    cells = absent_as_none(group, other.rename({n: prefix + n for n in (*COUNT, *BASE)}), keys).sort(keys)
    is_whole = pl.all_horizontal(pl.col(n).is_not_null() for n in FOUR)
    for p in ("", prefix):
        count, people = pl.col(f"{p}count"), pl.col(f"{p}denominator")
        is_whole &= (count % 1 == 0) & ((count <= people) | (kind != "risk"))
    strata = cells.group_by(one.within).agg(whole_sum(pl.all().exclude(keys))).sort(one.within)
    strata = strata.join(unclear, on=one.within, how="left", maintain_order="left")
    # because where strata are of several things at once, a share is one of a handful
    is_known = (pl.col("unknown_share") <= UNKNOWN_WITHHELD).fill_null(True) | (len(one.within) > 1)
    strata = strata.with_columns(whole=is_whole.fill_null(False), known=is_known)
    return strata.with_columns(
        both=pl.col("known") & pl.col("whole") & (pl.min_horizontal(FOUR[1], FOUR[3]) > 0)
    ), cells


def _compared(
    measure: Measure,
    one: Stratified,
    name: str,
    reference: str,
    top: Sequence[str],
    outside: Sequence[str],
    unclear: pl.DataFrame,
    unknown_share: float | None,
) -> dict[str, Any]:
    """What is said of a group and its reference: the ratio with all that stands beside it, or why there is none."""
    kind: mh.Kind = "risk" if measure.kind == STAGE else "rate"
    strata, cells = _paired(one, name, reference, top, unclear, kind)
    known, used = strata.filter("known"), strata.filter("both")
    shown = known.filter("whole")
    found: dict[str, Any] = {n: shown[n].sum() for n in FOUR} if shown.height else {}
    found |= {"strata": used.height, "strata_withheld": strata.height - shown.height}
    found |= {"strata_one_group": shown.height - used.height, "of_strata": _listed(kind, strata, one.within)}
    found |= _figures(one, name, shown)
    if name == reference:
        return {**{n: found.get(n) for n in (*FOUR, *FIGURES.values())}, "ratio": 1.0 if used.height else None}
    if not used.height:
        why = f"No stratum has both {name} and {reference}"
        if not shown.height:
            why = f"A number of {name} or of {reference} is hidden, or not held, in every stratum"
        if not known.height:
            why = f"In every stratum {_UNCLEAR}"
        return found | _withheld(f"{why}: there is no ratio.")
    if unknown_share is not None and unknown_share > UNKNOWN_WITHHELD:
        return found | _withheld(f"{100 * unknown_share:.0f}% are of unknown group, so there is no ratio.")
    estimate = mh.mantel_haenszel(kind, *_four(used))
    if np.isnan(estimate.low):
        return found | _withheld(f"None of {name} or of {reference} are counted in strata with both: no limits fit.")
    crude = mh.mantel_haenszel(kind, *([total] for total in _four(shown.select(pl.col(FOUR).sum()))))
    found |= {"crude_ratio": crude.ratio, "crude_low": crude.low, "crude_high": crude.high}
    found |= {"ratio": estimate.ratio, "ratio_low": estimate.low, "ratio_high": estimate.high}
    found |= {"independent_low": estimate.low, "independent_high": estimate.high, "interval_method": mh.METHODS[kind]}
    if one.cluster:
        found |= _clustered(kind, one, cells, shown, used, estimate.ratio, crude.ratio)
        if found["clusters"] >= LEAST_CLUSTERS and found["clustered_low"] is None:
            whose = f"One {one.cluster} has all there is of a group"
            alone = _withheld(f"{whose}, so no limits can allow for what is alike within it.")
            return found | dict.fromkeys(n for n in found if n.startswith(("crude", "in", "ratio"))) | alone
    found |= _agreeing(kind, used) | _bounded(kind, known)
    found |= _in_a_funnel(kind, known, found)
    found |= _whoever_is_unknown(kind, one, outside, used) | _by_census(one, name, used)
    if measure.counts == "events" and not found.get("clusters"):
        found |= _overdispersed(found)
    sides = ((found[FOUR[0]], found[FOUR[1]]), (found[FOUR[2]], found[FOUR[3]]))
    found["reliability"] = reliability(*sides, of_a_stage=kind == "risk")
    said = _verdict(measure, kind, used, found)
    return {**found, **said._asdict(), "reason": _said(measure, one, found, said, strata, unknown_share)}


def _overdispersed(found: Mapping[str, Any]) -> dict[str, Any]:
    """Limits widened by how much more strata differ than chance would have them; nothing where they do not.

    The chi-squared statistic over its degrees of freedom is the factor of the variance (McCullagh and Nelder 1989).
    """
    factor = found["homogeneity_statistic"] / found["homogeneity_freedom"] if found["homogeneity_freedom"] else 1.0
    if factor <= 1:
        return {}
    ratio, more = found["ratio"], np.sqrt(factor)
    low, high = (float(ratio * (found[n] / ratio) ** more) for n in ("ratio_low", "ratio_high"))
    method = f"{found['interval_method']}, widened by the overdispersion between strata"
    return {"ratio_low": low, "ratio_high": high, "interval_method": method, "overdispersion": factor}


def _verdict(measure: Measure, kind: mh.Kind, used: pl.DataFrame, found: Mapping[str, Any]) -> Verdict:
    """What may be said of a pooled ratio: the hidden, the unknown, and events as if independent may leave it open."""
    beside: dict[str, Range] = {}
    if found.get("bound_low") is not None:
        ends = found["bound_low"], found["ratio"], np.inf if found["bound_high"] is None else found["bound_high"]
        beside["suppression"] = min(ends), max(ends)
    for of in ("unknown", "census"):
        if found.get(f"{of}_low") is not None:
            beside[of] = found[f"{of}_low"], found[f"{of}_high"]
    if measure.counts == "events" and found["interval_method"] == mh.METHODS[kind]:
        beside["clustering"] = mh.mantel_haenszel(kind, *_four(used), confidence=0.998)[1:]
    return verdict((found["ratio_low"], found["ratio_high"]), beside, few=found["reliability"] == LOW)


def _four(frame: pl.DataFrame) -> list[Values]:
    return [frame[n].to_numpy() for n in FOUR]


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _shown(limit: float | None) -> str:
    return "no limit" if limit is None else f"{limit:.3f}"


def _clustered(
    kind: mh.Kind, one: Stratified, cells: pl.DataFrame, shown: pl.DataFrame, used: pl.DataFrame, *ratios: float
) -> dict[str, Any]:
    """Limits from the ratios without each cluster, in place of those as if independent where there are enough."""
    own = cells.join(used.with_row_index("s").select("s", *one.within), on=one.within, maintain_order="left")
    # because of the crude ratio everything is one stratum
    whole = cells.join(shown, on=one.within, how="semi").group_by(one.cluster).agg(pl.col(FOUR).sum())
    whole = whole.sort(one.cluster).with_columns(s=0)
    (low, high), crude = (
        map(_finite, delete_one(ratio, mh.without_each(kind, part["s"], part[one.cluster], *_four(part))))
        for ratio, part in zip(ratios, (own, whole), strict=True)
    )
    clusters = own[one.cluster].n_unique()
    found: dict[str, Any] = {"clusters": clusters, "clustered_low": low, "clustered_high": high}
    if clusters < LEAST_CLUSTERS:
        return found
    method = f"{JACKKNIFE} by {one.cluster}, t on K - 1 degrees of freedom"
    found |= {"ratio_low": low, "ratio_high": high, "interval_method": method}
    return found | dict(zip(("crude_low", "crude_high"), crude, strict=True))


def _agreeing(kind: mh.Kind, used: pl.DataFrame) -> dict[str, Any]:
    """Whether strata agree, and of a stage the same as odds."""
    test = mh.homogeneity(kind, *_four(used), least=LEAST_EXPECTED)
    found: dict[str, Any] = {"homogeneity_test": mh.HOMOGENEITY[kind], "homogeneity_p": _finite(test.p_value)}
    found |= {"homogeneity_statistic": _finite(test.statistic), "homogeneity_freedom": test.freedom}
    if kind == "rate":
        return found
    odds = map(_finite, mh.mantel_haenszel("odds", *_four(used)))
    found |= dict(zip(("odds_ratio", "odds_low", "odds_high"), odds, strict=True))
    return found | {"odds_homogeneity_p": _finite(mh.homogeneity("odds", *_four(used), least=LEAST_EXPECTED).p_value)}


def _bounded(kind: mh.Kind, strata: pl.DataFrame) -> dict[str, Any]:
    """The ratio at the corners of what hidden numbers can be; nothing where none is, or a limit is not known."""
    ends = [[strata[f"{n}_{end}"] for n in FOUR] for end in ("low", "high")]
    impossible = strata.filter(~pl.col("whole")).drop_nulls(FOUR).height
    if strata["whole"].all() or impossible or any(s.null_count() for end in ends for s in end):
        return {}
    low, high = mh.corners(kind, *(tuple(s.to_numpy() for s in end) for end in ends))
    return {"bound_low": _finite(low), "bound_high": _finite(high)}


def _in_a_funnel(kind: mh.Kind, known: pl.DataFrame, found: Mapping[str, Any]) -> dict[str, Any]:
    """Where each stratum with both groups lies about the common ratio, or why it is not placed, put beside its numbers.

    A ratio that what is hidden could move has `bound_low`; one that it could move anywhere puts no stratum beyond.
    """
    ends, used = None, known.filter("both")
    if not known["whole"].all():
        low, high = found.get("bound_low"), found.get("bound_high")
        ends = (0.0 if low is None else low, np.inf if high is None else high)
    shape = funnel(kind, found["ratio"], *_four(used), least=LEAST_EXPECTED, bounds=ends)
    edges = (e for level in (INNER, OUTER) for e in limits(found["ratio"], shape.error, shape.tau2, level))
    columns = (shape.expected, shape.error, shape.z, shape.z_adjusted, *edges)
    for row, *numbers, placed in zip(
        (s for s in found["of_strata"] if s["denominator"] and s["reference_denominator"] and s["status"] == "shown"),
        *columns, shape.placed, strict=True,
    ):  # fmt: skip
        row |= dict(zip(_OF_A_PLACE, (*map(_finite, numbers), placed), strict=True))
        if placed is None:
            row["reason"] = _unplaced(row, np.isnan(shape.tau2))
    return {"phi": _finite(shape.phi), "tau2": _finite(shape.tau2)}


def each_stratum(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The strata of pooled ratios as rows of their own, of ratios within one thing; empty of a reference."""
    alone = (row for row in rows if ", " not in row["within"])
    return [{**r, **s, "stratum": s[r["within"]], "common_ratio": r["ratio"]} for r in alone for s in r["of_strata"]]


def _unplaced(row: Mapping[str, Any], are_few: bool) -> str:
    if not (row["count"] and row["reference_count"]):
        return "Nobody of one of the two groups is counted: too few to place."
    if are_few:
        return f"Fewer than {LEAST_PLACES} can be compared, so how much they differ is not known."
    return f"Fewer than {LEAST_EXPECTED:.0f} are expected in a cell: too few to place."


def _whoever_is_unknown(
    kind: mh.Kind, one: Stratified, outside: Sequence[str], used: pl.DataFrame
) -> dict[str, float | None]:
    """The least and the most that the ratio is, to whichever group those of unknown group belong (Manski 1995)."""
    ends = "count_high", "denominator_high"
    unknown = (
        one.cells.filter(pl.col(GROUP).is_in(outside)).group_by(one.within).agg(whole_sum(pl.col(n)) for n in ends)
    )
    if unknown.is_empty():
        return {}
    most = absent_as_none(used.select(*one.within, *FOUR), unknown, one.within).join(used, on=one.within, how="semi")
    if any(most[n].null_count() for n in ends):
        return {}
    least = _four(most.sort(one.within))
    more = (most.sort(one.within)[n].to_numpy() for n in (*ends, *ends))
    low, high = mh.corners(kind, tuple(least), tuple(n + u for n, u in zip(least, more, strict=True)))
    return {"unknown_low": _finite(low), "unknown_high": _finite(high)}


def _by_census(one: Stratified, name: str, used: pl.DataFrame) -> dict[str, float | None]:
    """The least and the most that a ratio of rates is over the people of either census; nothing where they are of one
    day.
    """
    if not set(CENSUS) <= set(one.cells.columns):
        return {}
    times = used.join(one.cells.filter(pl.col(GROUP) == name), on=one.within, maintain_order="left")
    if (times.select(CENSUS) == 1).to_numpy().all():
        return {}
    x1, n1, x0, n0 = _four(used)
    ratios = (mh.mantel_haenszel("rate", x1, n1 / times[end].to_numpy(), x0, n0).ratio for end in CENSUS)
    return dict(zip(CENSUS, map(_finite, ratios), strict=True))


def _listed(kind: mh.Kind, strata: pl.DataFrame, within: Sequence[str]) -> list[dict[str, Any]]:
    """Each stratum with its numbers, its ratio and its weight in the pooled one, which is their weighted mean."""
    above, below = mh.parts(kind, *(np.where(strata["both"], strata[n].fill_null(0.0), 0.0) for n in FOUR))
    rows = []
    for row, top, weight in zip(strata.iter_rows(named=True), above, below, strict=True):
        named = {n: _title(row[n]) for n in within} | {n: row[n] for n in FOUR}
        named |= {"ratio": float(top / weight) if weight else None, "weight": None, "status": "shown", "reason": None}
        named |= dict.fromkeys(_OF_A_PLACE) | {"unknown_share": row["unknown_share"]}
        if not row["known"]:
            named |= _withheld(f"There {_UNCLEAR}.")
        elif row["both"]:
            named["weight"] = float(weight / below.sum()) if below.any() else None
        elif row["whole"]:
            named["reason"] = "Nobody of one of the two groups: nothing to compare."
        else:
            named |= _withheld(f"{_UNUSABLE[0].upper()}{_UNUSABLE[1:]}.")
        rows.append(named)
    return rows


def _title(stratum: str) -> str:
    found = places_named(stratum)
    return found[0].name if found and found[0].code == stratum else stratum


def _said(
    measure: Measure,
    one: Stratified,
    found: Mapping[str, Any],
    verdict: Verdict,
    strata: pl.DataFrame,
    unknown_share: float | None,
) -> str | None:
    """What must be said with a pooled ratio."""
    said = [one.periods] if one.periods else []
    if one.within == (PERIOD,) and (p := found["homogeneity_p"]) is not None and p < DIFFERENT:
        said.append("The periods differ, as if every one were independent: one ratio hides a change.")
    shown = strata.filter(pl.col("known") & pl.col("whole"))
    if unclear := strata.height - strata["known"].sum():
        said.append(f"{unclear} of {strata.height} strata are left out: there {_UNCLEAR}.")
    if left := found["strata_withheld"] - unclear:
        low, high = found.get("bound_low"), found.get("bound_high")
        beyond = "" if low is None else f"; with them the ratio would lie from {low:.3f} to {_shown(high)}"
        said.append(f"{left} of {strata.height} strata are left out: {_UNUSABLE}{beyond}.")
        if "suppression" in verdict.depends_on:
            said.append("The direction depends on what is hidden.")
    if nobody := sum(shown.filter(pl.col(f"{n}denominator") == 0)[f"{n}count"].sum() for n in ("", "reference_")):
        said.append(f"Counted where there is nobody of their group, and left out: {nobody:,.0f}.")
    if unknown_share is None:
        said.append("A count is hidden, so which share is of unknown group is not known.")
    elif unknown_share > UNKNOWN_NOTED or "unknown" in verdict.depends_on:
        low, high = found.get("unknown_low"), found.get("unknown_high")
        whoever = "" if low is None else f"; whoever they are, it lies from {low:.3f} to {_shown(high)}"
        said.append(f"{100 * unknown_share:.1f}% are of unknown group: counted, and outside the ratio{whoever}.")
    if "census" in verdict.depends_on:
        over = f"{found['census_low']:.3f} to {found['census_high']:.3f}"
        said.append(f"The direction depends on the census: over the people of one or the other it is {over}.")
    if measure.counts == "events":
        within = f"Counts events; the limits allow for what is alike within one {one.cluster}."
        said.append(within if str(found["interval_method"]).startswith(JACKKNIFE) else EVENTS)
        if factor := found.get("overdispersion"):
            said.append(
                f"Strata differ {factor:.1f} times as much as chance would have them, and the limits allow for it."
            )
    return " ".join(said) or None
