"""Disparities: a count, over the people it should be compared with, against a reference group."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from monitor.declarations import Baseline, Fit, Measure
from monitor.store.schema import frame_schema
from monitor.vocabulary import ordered
from pipelines.deriving.adjusting import Adjusted, adjusted
from pipelines.deriving.arithmetic import INPUTS, with_intervals
from pipelines.deriving.clustering import Clusters
from pipelines.deriving.denominators import Base, Denominators, Population
from pipelines.deriving.fit import Refused, Request, fit_for, sentence, sizes, unfit, within_words
from pipelines.deriving.groups import (
    BESIDE,
    BOUNDED,
    HIDDEN,
    NO_NUMBER,
    RECOVERABLE,
    Groups,
    groups_of,
)
from pipelines.deriving.judging import judged
from pipelines.deriving.references import REST, Reference, compared_with, nesting, references
from pipelines.deriving.residents import ALL
from pipelines.deriving.selection import SLICE, at_periods, varying_by
from pipelines.deriving.standards import standard
from pipelines.deriving.withholding import guarded

_NOT_SHOWN = {
    HIDDEN: "The publisher hides this count; it is a number between the limits given, and no rate is made of it.",
    RECOVERABLE: "The publisher hides this count, and other published figures give it back: it is not repeated here.",
    BESIDE: "Not repeated here, because with it a count that the publisher hides could be worked out.",
    **NO_NUMBER,
}


def derive(
    measure: Measure,
    request: Request,
    numerators: pl.DataFrame,
    denominators: Mapping[str, pl.DataFrame],
    baselines: Mapping[str, Baseline],
    rates: pl.DataFrame | None = None,
    clusters: Mapping[tuple[Any, Any], Clusters] | None = None,
) -> pl.DataFrame:
    """Disparities of one measure by one characteristic, one row a category, level, period, place and reference.

    `numerators` are the measure's usable observations from all its tables; `denominators` the observations of
    each baseline's table for the characteristic, by baseline id; `rates` the rates and shares that the publisher
    prints beside the counts, by which a hidden count could be worked out; `clusters` of each period (start, end) those
    whose events are alike. Columns are the store's `disparity`.
    Raises `Refused` when the request must not be answered.
    """
    c = request.characteristic
    tables = measure.table.get(c)
    if not tables:
        raise Refused(f"{measure.id} is not published by {c}; it is by {', '.join(measure.table)}.")
    if request.standard is not None:
        standard(request.standard)
    if c in request.held:
        raise Refused(f"{c} cannot be crossed with itself; ask for another characteristic within it.")
    numerators = guarded(numerators, rates)
    frame = varying_by([c], numerators, request.held, measure.circumstances, measure.sum_over)
    frame = at_periods(frame, measure.id, request, tables[0])
    fit, baseline = fit_for(measure, request, baselines) or (None, None)
    population = Population(measure, request, baseline, denominators, baselines) if baseline else None
    errs = sizes(fit, numerators)
    slices = []
    for key, part in frame.partition_by(list(SLICE), as_dict=True, maintain_order=True).items():
        groups = groups_of(c, part, tables)
        if groups is None:
            continue
        people = population.at(key, groups) if population else Denominators()
        at_equal_ages = adjusted(measure, request, groups, population, numerators, key)
        slices.append(
            _Slice(
                measure,
                request,
                fit,
                baseline,
                groups,
                people,
                at_equal_ages,
                errs.get((key[1], key[3])),
                (clusters or {}).get((key[0], key[1])),
            )
        )
    asked = references(measure, request)
    if all(r not in (ALL, REST, *s.groups.names) for s in slices for r in asked):
        named = ordered(c, slices[-1].groups.top) if slices else []
        raise Refused(
            f"the reference group {asked[0]!r} is not published; published: {', '.join(named)}, "
            "or 'all', or 'all others'."
        )
    return finished([row for s in slices for reference in asked for row in s.rows(reference)])


@dataclass(frozen=True)
class _Slice:
    """One period, place and sex: what is published, over whom, and how well that fits."""

    measure: Measure
    request: Request
    fit: Fit | None
    baseline: Baseline | None
    groups: Groups
    people: Denominators
    adjusted: Mapping[str, Adjusted]
    size: tuple[float, float] | None
    clusters: Clusters | None = None

    def rows(self, reference: str) -> list[dict[str, Any]]:
        """Every published category, each once, against one reference."""
        return [self._row(n, reference) for n in ordered(self.request.characteristic, list(self.groups.published))]

    def _row(self, name: str, reference: str) -> dict[str, Any]:
        groups, figure = self.groups, self.groups.published[name]
        row = self._described(name, figure) | {"reference": reference}
        if not groups.is_shown(name):
            low, high = groups.bounds[name]
            row |= {"count_low": low, "count_high": high, "status": "withheld", "numerator_figures": []}
            row["reason"] = _NOT_SHOWN[groups.state[name]]
        elif name != ALL and groups.kinds[name] == "unknown":
            row["reason"] = "Counted and shown; left out of shares of those known."
        else:
            row |= self._divided(name, figure, reference)
        return row

    def _described(self, name: str, figure: Mapping[str, Any]) -> dict[str, Any]:
        groups, measure, c = self.groups, self.measure, self.request.characteristic
        count, total, known, unknown = groups.count(name), groups.total, groups.known, groups.unknown
        is_group = name != ALL and groups.kinds[name] == "group"
        flags = {*(figure["flags"] or [])}
        flags |= {"sum_differs_from_total"} if groups.differs_from_total else set()
        flags |= {"counts_events"} if measure.counts == "events" else set()
        ids = figure["figure_id"]
        return {
            "measure": measure.id,
            "layout": measure.layout,
            "kind": measure.kind,
            "counts": measure.counts,
            "edition": figure["edition_id"],
            "period": _period_words(figure),
            "period_start": figure["period_start"],
            "period_end": figure["period_end"],
            "place": figure["place_name"],
            "sex": self.request.held.get("sex", ALL),
            "within": within_words(self.request.within),
            "characteristic": c,
            "level": self._level(name),
            "category": name,
            "label": figure[f"{c}_label"] or name,
            "classification": figure["classification"],
            "baseline": self.baseline.id if self.baseline else None,
            "count": count,
            "suppression": groups.state[name],
            "per": measure.per,
            "unknown_count": unknown,
            "unknown_share": unknown / total if total and unknown is not None else None,
            "share": count / known if is_group and known and count is not None else None,
            "share_of_all": count / total if total and count is not None else None,
            "definition_id": figure["definition_id"],
            "flags": sorted(flags),
            "numerator_figures": ids if isinstance(ids, list) else [ids],
            "denominator_figures": [],
            "fit": sentence(self.fit, self.baseline, figure["period_end"], self.size, self.people.since),
            "status": "shown",
        }

    def _divided(self, name: str, figure: Mapping[str, Any], reference: str) -> dict[str, Any]:
        """What the denominator adds, or why there is none."""
        if self.baseline is None:
            return _withheld(
                self.measure.uncompared
                or f"No population baseline is held for {self.request.characteristic}; counts and shares only."
            )
        if why_not := unfit(self.fit, self.baseline, figure):
            return {"status": why_not[0], "reason": why_not[1]}
        if self.people.nobody:
            return _withheld(self.people.nobody)
        base = self.people.everyone if name == ALL else self.people.of.get(name)
        if isinstance(base, str):
            return {"status": "refused", "reason": base[0].upper() + base[1:]}
        if base is None or base.value <= 0:
            return _withheld(f"The baseline has no {self.baseline.population} for this group.")
        count = self.groups.count(name)
        if count is not None and (why := _undividable(count, base.value, self.measure.kind)):
            return _withheld(why)
        divided: dict[str, Any] = {
            "denominator": base.value,
            "denominator_low": base.low,
            "denominator_high": base.high,
            "denominator_extrapolated": base.others[0] if self.people.since and base.others else None,
            "denominator_figures": base.figures,
        }
        divided["suppression"] = BOUNDED if base.low != base.high else self.groups.state[name]
        if name == ALL:
            return divided
        return divided | self._against_everyone(name, base) | self._against(name, reference)

    def _against_everyone(self, name: str, base: Base) -> dict[str, Any]:
        groups, people = self.groups, self.people
        count, known = groups.count(name), groups.known
        of_all = base.value / people.known if people.known else None
        found: dict[str, Any] = {"baseline_share": of_all, "baseline_unknown_share": people.unknown_share}
        if of_all and known and count is not None and people.is_exhaustive:
            share = count / known
            found |= {
                "gap_points": 100 * (share - of_all),
                "representation": share / of_all,
                "excess": count - known * of_all,
            }
        if equal := self.adjusted.get(name):
            found |= equal._asdict()
        return found

    def _against(self, name: str, reference: str) -> dict[str, Any]:
        found = compared_with(reference, name, self.groups, self.people)
        if isinstance(found, str):
            return {"reason": found} if found else {}
        if why := _undividable(found.count, found.base.value, self.measure.kind):
            return {"reason": f"There is no ratio to {reference}. {why}"}
        return (
            self._by_census(name, found)
            | self._clustered(name, reference, found)
            | {
                "nesting": nesting(reference, name, self.groups, self.people),
                "reference_count": found.count,
                "reference_denominator": found.base.value,
                "reference_low": found.base.low,
                "reference_high": found.base.high,
                "unknown_at_most": self.groups.unknown_at_most,
                "unknown_base": self.people.unknown,
                "is_reference": name == reference,
            }
        )

    def _clustered(self, name: str, reference: str, found: Reference) -> dict[str, Any]:
        """Limits that allow for clusters, where the events of each are known and add up to what is counted."""
        base, count = self.people.base(name), self.groups.count(name)
        if self.clusters is None or base is None or count is None:
            return {}
        top = [n for n in self.groups.top if reference != REST or n != name]
        whom = top if reference in (ALL, REST) else [reference]
        return self.clusters.limits(name, whom, (count, base.value, found.count, found.base.value))

    def _by_census(self, name: str, reference: Reference) -> dict[str, Any]:
        """The least and the most that the ratio is over the people of the time and those of either census."""
        base, count = self.people.base(name), self.groups.count(name)
        if base is None or not base.others or not count or not reference.count or reference.base is base:
            return {}
        over = zip((base.value, *base.others), (reference.base.value, *reference.base.others), strict=True)
        ratios = [count / mine / (reference.count / theirs) for mine, theirs in over if mine > 0 and theirs > 0]
        fewest = [b.fewest for b in (base, reference.base) if b.fewest is not None]
        return {
            "census_low": min(ratios),
            "census_high": max(ratios),
            "ratio_extrapolated": ratios[1] if self.people.since and len(ratios) > 1 else None,
            "fewest": min(fewest, default=None),
        }

    def _level(self, name: str) -> str:
        if name == ALL:
            return ALL
        if self.groups.kinds[name] == "unknown":
            return "unknown"
        return "groups" if self.groups.parents[name] is None else "detail"


def _undividable(count: float, people: float, kind: str) -> str:
    """Why no rate is made of a count and its people; empty where one is. Of a population these may be an average."""
    if not count.is_integer():
        return f"{count:,.6g} are counted, which is an estimate and not a whole number: no interval fits it."
    if kind == "stage" and not people.is_integer():
        return f"{people:,.6g} are counted at the stage before, which is not a whole number: no interval fits it."
    if kind == "stage" and count > people:
        return (
            f"{count:,.0f} are counted of {people:,.0f} at the stage before: the first cannot be part of the "
            "second, so no rate is made. Ask the publisher which is right."
        )
    return ""


def _withheld(reason: str) -> dict[str, Any]:
    return {"status": "withheld", "reason": reason}


def finished(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as disparities: intervals, notes and ids added, and what the share unknown forbids withheld."""
    schema = frame_schema("disparity")
    if not rows:
        return pl.DataFrame(schema=schema)
    frame = with_intervals(pl.DataFrame(rows, schema={**schema, **INPUTS}))
    said = [judged(row) | {"disparity_id": _identity(row)} for row in frame.iter_rows(named=True)]
    return pl.DataFrame([{name: row[name] for name in schema} for row in said], schema=schema)


def _identity(row: Mapping[str, Any]) -> str:
    """A disparity's id: what is compared with what, the same in every pass."""
    parts = (row[k] for k in ("measure", "period_start", "period_end", "place", "sex", "characteristic", "category"))
    more = (row[k] for k in ("reference", "baseline", "definition_id", *(["within"] if row["within"] else [])))
    return hashlib.sha256("\x1f".join(map(str, (*parts, *more))).encode()).hexdigest()[:16]


def _period_words(figure: Mapping[str, Any]) -> str:
    """A date for a stock; for a flow the published label, or both ends where the label has no year."""
    start, end, label = figure["period_start"], figure["period_end"], figure["period_label"]
    if figure["period_kind"] == "stock":
        return str(end.isoformat())
    return label if re.search(r"\d{4}", label or "") else f"{start.isoformat()}/{end.isoformat()}"
