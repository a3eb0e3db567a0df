"""The stages from first contact to reoffending, each compared with everyone and with the stage before."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from monitor.declarations import Measure, PublishedRatio, Stage
from monitor.vocabulary import ordered
from pipelines.deriving.opposite import default_baseline, disagreement

_TAKEN = ("measure", "period", "baseline", "reference", "ratio", "ratio_low", "ratio_high", "significance", "verdict",
          "band", "status", "reason", "disparity_id")  # fmt: skip


def journey(
    stages: Sequence[Stage],
    measures: Mapping[str, Measure],
    disparities: pl.DataFrame,
    published: Sequence[PublishedRatio],
    characteristic: str = "ethnicity",
) -> list[dict[str, Any]]:
    """One row a stage and group, at the latest period held of each measure; one row where a stage has no figures.

    `disparities` are the store's. Keys `population` and `previous` hold what is shown of each comparison, or the
    gap as `{"missing": why}`; `published` the ratios printed without counts; `disagree` is `no`, `yes` (the two
    point opposite ways) or `clearly` (and both directions hold on every bound).
    """
    rows = []
    for stage in stages:
        sides = {
            "population": _latest(disparities, measures.get(stage.population), characteristic),
            "previous": _latest(disparities, measures.get(stage.previous), characteristic),
        }
        printed = [p for p in published if p.stage == stage.id and p.characteristic == characteristic]
        gaps = {"population": stage.missing, "previous": stage.missing_previous}
        names = {*sides["population"], *sides["previous"], *(p.category for p in printed)}
        base = {"stage": stage.id, "title": stage.title, "characteristic": characteristic}
        listed: list[str | None] = [*ordered(characteristic, names)]
        for name in listed or [None]:
            row: dict[str, Any] = base | {"category": name}
            for side, declared in (("population", stage.population), ("previous", stage.previous)):
                who = name if sides[side] else "any group"
                row[side] = sides[side].get(name or "") or {
                    "missing": gaps[side] or f"No figures of {declared} are held for {who}."
                }
            row["published"] = [_as_published(p) for p in printed if p.category == name]
            row["disagree"] = disagreement(row["population"], row["previous"])
            rows.append(row)
    return rows


def _latest(disparities: pl.DataFrame, measure: Measure | None, characteristic: str) -> dict[str, dict[str, Any]]:
    """The broad groups of a measure on its default baseline at the latest period held, by category."""
    if measure is None:
        return {}
    default = default_baseline(measure, characteristic)
    asked = {"measure": measure.id, "characteristic": characteristic, "baseline": default}
    mine = disparities.filter(**asked, sex="all", level="groups")
    if mine.is_empty():
        return {}
    latest = mine.filter(period_end=mine["period_end"].max())
    return {r["category"]: {k: r[k] for k in _TAKEN} for r in latest.iter_rows(named=True)}


def _as_published(ratio: PublishedRatio) -> dict[str, Any]:
    said = ratio.model_dump(include={"decision", "title", "table", "period", "reference", "ratio", "mark", "source"})
    return said | {
        "publisher": f"{ratio.publisher}, {ratio.publication_title}",
        "status": "published",
        "reason": "As published; the counts behind it are not, so there is no interval and it is never recomputed.",
    }
