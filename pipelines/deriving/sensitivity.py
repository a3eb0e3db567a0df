"""How far a direction rests on what was chosen: every population, reference, nationality and case of the unknown."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from monitor.declarations import Baseline, Measure
from monitor.statistics.verdict import DIRECTIONS, LESS, MORE, Range, verdict
from monitor.vocabulary import ordered
from pipelines.deriving.clustering import Clusters
from pipelines.deriving.disparity import derive
from pipelines.deriving.fit import Refused, Request, leading_fit
from pipelines.deriving.judging import of_this_population
from pipelines.deriving.references import EACH, references
from pipelines.deriving.residents import ALL

EVERYONE, BRITISH = "everyone", "British"
AS_KNOWN, TO_REFERENCE, TO_GROUP = "as known", "all unknown to the reference", "all unknown to the group"
OPEN = "open"
_ABOUT = ("measure", "characteristic", "period", "place", "sex", "within", "definition_id", "category")
_NO_RATIO = "One of the two groups has no events, so there is no ratio that the unknown could move."

Choice = dict[str, Any]


def sensitivity(
    measure: Measure,
    request: Request,
    numerators: pl.DataFrame,
    denominators: Mapping[str, pl.DataFrame],
    baselines: Mapping[str, Baseline],
    rates: pl.DataFrame | None = None,
    clusters: Mapping[tuple[Any, Any], Clusters] | None = None,
) -> list[dict[str, Any]]:
    """One row a group, as `counted` gives it, of every choice that applies; what is given is as for `derive`.

    Raises `Refused` where nothing is compared with, or no choice can be made.
    """
    c = request.characteristic
    fits = [f.baseline for f in measure.fit if c in f.characteristics]
    if not fits:
        raise Refused(measure.uncompared or f"{measure.id} by {c} has no population, so there is nothing to choose.")
    plain, rows, refused = measure.model_copy(update={"adjust": ()}), [], []
    for among, figures in _nationalities(request, numerators):
        beside = (rates, clusters) if among == EVERYONE else (None, None)
        for baseline in fits:
            one = replace(request, baseline=baseline, reference=EACH)
            try:
                found = derive(plain, one, figures, denominators, baselines, *beside).to_dicts()
            except Refused as why:
                each = references(measure, one)
                refused += [_not_made({"baseline": baseline, "reference": r, "among": among}, str(why)) for r in each]
                continue
            rows += [row | {"among": among} for row in found]
    if not rows:
        raise Refused(refused[0]["reason"])
    return counted(measure, rows, leading_fit(measure, c), refused)


def counted(
    measure: Measure, rows: Iterable[Mapping[str, Any]], leads: Any, refused: Sequence[Choice] = ()
) -> list[dict[str, Any]]:
    """One row a group: its `choices`, how many keep, turn or leave open the direction of the default, and in words.

    `rows` are disparities on one or more populations, `leads` is the fit of the default, `refused` are choices that
    were made for no group.
    """
    groups: dict[tuple[Any, ...], list[Choice]] = {}
    first = ""
    for row in rows:
        about = tuple(row[name] for name in _ABOUT)
        # because British nationals may be published apart at other dates, at which everyone is not asked for
        if row["level"] not in ("groups", "detail") or (row.get("among", EVERYONE) != EVERYONE and about not in groups):
            continue
        first = first or references(measure, Request(row["characteristic"]))[0]
        mine = groups.setdefault(about, [])
        if row["category"] != row["reference"]:
            mine += choices_of(row)
    names = ordered(next(iter(groups))[1], [about[-1] for about in groups]) if groups else []
    default = (leads.baseline if leads else None, first, EVERYONE, AS_KNOWN)
    every = sorted(groups.items(), key=lambda item: names.index(item[0][-1]))
    return [
        dict(zip(_ABOUT, about, strict=True)) | _count([*mine, *_apart(about[-1], mine, refused)], default)
        for about, mine in every
    ]


def _apart(name: str, mine: Sequence[Choice], refused: Sequence[Choice]) -> list[Choice]:
    """What was refused to every group, as far as it applies to this one."""
    having = {EVERYONE, *(c["among"] for c in mine)}
    return [c for c in refused if c["reference"] != name and c["among"] in having]


def _nationalities(request: Request, numerators: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Everyone counted and, where they are published crossed, British nationals in their place."""
    yield EVERYONE, numerators
    crossed = (pl.col("nationality") == BRITISH) & (pl.col(request.characteristic) != ALL)
    if "nationality" not in (request.characteristic, *request.held) and not numerators.filter(crossed).is_empty():
        british = numerators.filter(pl.col("nationality") == BRITISH)
        yield BRITISH, british.with_columns(nationality=pl.lit(ALL))


def choices_of(row: Mapping[str, Any]) -> Iterator[Choice]:
    """A disparity as known and, where people are unknown, at both ends of what they could make of it.

    An end has the limits of the ratio as known, moved with it: with more events its own would hardly be wider.
    """
    about = {"baseline": row["baseline"], "reference": row["reference"], "among": row.get("among", EVERYONE)}
    if row["ratio_low"] is None or row["status"] != "shown":
        yield _not_made(about, row["reason"] or row["status"])
        return
    ratio, ends = row["ratio"], {TO_REFERENCE: row["bound_low"], TO_GROUP: row["bound_high"]}
    yield about | _at(AS_KNOWN, ratio, 1.0, row)
    for case, end in ends.items():
        if row["bound_low"] is None or (ratio and end and math.isclose(ratio, end, rel_tol=1e-9)):
            continue
        yield about | _at(case, end, end / ratio, row) if ratio and end else _not_made(about, _NO_RATIO, case)


def _at(case: str, ratio: float | None, by: float, row: Mapping[str, Any]) -> Choice:
    def moved(limits: Range) -> Range:
        return (None if limits[0] is None else limits[0] * by, None if limits[1] is None else limits[1] * by)

    low, high = moved((row["ratio_low"], row["ratio_high"]))
    found = verdict((low, high), {name: moved(limits) for name, limits in of_this_population(row)}).verdict
    direction = found if found in DIRECTIONS else OPEN
    return {"case": case, "ratio": ratio, "low": low, "high": high, "direction": direction, "reason": None}


def _not_made(about: Choice, reason: str, case: str = AS_KNOWN) -> Choice:
    return about | {"case": case, **dict.fromkeys(("ratio", "low", "high", "direction")), "reason": reason}


def _count(choices: list[Choice], default: tuple[Any, ...]) -> dict[str, Any]:
    leads = next((c for c in choices if (c["baseline"], c["reference"], c["among"], c["case"]) == default), None)
    to = leads["direction"] if leads else None
    of = {d: sum(c["direction"] == d for c in choices) for d in (MORE, LESS, OPEN, None)}
    made, away = len(choices) - of[None], LESS if to == MORE else MORE
    more = f"{of[OPEN]} {'is' if of[OPEN] == 1 else 'are'} open; {of[None]} could not be made"
    counts: dict[str, Any] = {"kept": None, "turned": None, "open": of[OPEN], "not_made": of[None]}
    if to in DIRECTIONS:
        counts |= {"kept": of[to], "turned": of[away]}
        side, turn = "above" if to == MORE else "below", "turns" if of[away] == 1 else "turn"
        said = f"{of[to]} of {made} choices keep the direction, a ratio {side} 1; {of[away]} {turn} it round; {more}."
    elif not made:
        said = f"None of {len(choices)} choices could be made, so there is no direction."
    else:
        why = "is open" if to else "could not be made" if leads else "is to compare others with this group"
        said = f"The default {why}, so there is no direction to keep: of {made} choices {of[MORE]} are above 1, "
        said += f"{of[LESS]} below; {more}."
    return {"choices": choices, "default": to, **counts, "said": said}
