"""Ratios pooled over strata, as text: crude and within together, what was left out, and the strata themselves."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dashboards import sentences as say
from dashboards.terminal.layout import TITLES, aligned, count, heading, number, ratio, span, wrapped
from monitor.declarations import Measure
from monitor.statistics.verdict import LOW

FOLDED = 5
"""Strata listed of a group where there are more: those with the most weight."""


def pooled(rows: Sequence[Mapping[str, Any]], measure: Measure, *, in_funnel: bool = False) -> str:
    """Pooled ratios, a table for each period, reference and thing counted; all strata `in_funnel`, or a few."""
    parts: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        parts.setdefault((row["period"], row["counted"], row["reference"]), []).append(row)
    return "\n".join(_one(part, measure, _funnel if in_funnel else _strata) for part in parts.values()).lstrip("\n")


def _one(part: Sequence[Mapping[str, Any]], measure: Measure, listed: Callable[[Mapping[str, Any]], list[str]]) -> str:
    first = part[0]
    what = ", ".join(w for w in (first["counted"], first["held"], first["period"]) if w)
    lines = [heading(f"{measure.title} by {TITLES[first['characteristic']].lower()} within {first['within']}: {what}")]
    over = "of" if measure.kind == "stage" else "people"
    table = [["group", "number", over, f"crude, to {first['reference']}", "within", "95% interval", "strata",
              "left out", "alike, p", ""]]  # fmt: skip
    for r in part:
        numbers = [count(r["count"]), count(r["denominator"]), number(r["crude_ratio"], 3), ratio(r, 3)]
        limits = [span(r["ratio_low"], r["ratio_high"], 3), number(r["strata"]), number(r["strata_withheld"])]
        p = r["homogeneity_p"]
        table.append([r["category"], *numbers, *limits, "–" if p is None else say.p_value(p)])
        table[-1].append(say.direction({**r, "band": None}))
    lines.append(aligned(table, right=range(1, 9)))
    lines += map(wrapped, say.of_groups(part, shown=False))
    if small := [r["category"] for r in part if r["reliability"] == LOW]:
        lines.append(wrapped(f"{', '.join(small)}: {say.SMALL_NUMBERS}."))
    shown = next((r for r in part if r["interval_method"]), None)
    if shown:
        alone = [
            f"{r['category']} {span(r['independent_low'], r['independent_high'], 3)} (K = {r['clusters']})"
            for r in part
            if r["clustered_low"] is not None
        ]
        lines.append(wrapped(f"Mantel-Haenszel; intervals: {shown['interval_method']}."))
        lines += [wrapped(f"As if every one were independent: {'; '.join(alone)}.")] if alone else []
        lines.append(wrapped(say.alike(shown["homogeneity_test"])))
        lines += [line for r in part if r["interval_method"] for line in listed(r)]
    if first["baseline"]:
        lines.append(wrapped(f"Baseline: {first['baseline']}. {first['fit'].rstrip('.')}."))
    caution = first["caution"]
    return "\n".join([*lines, wrapped(caution)])


def _strata(row: Mapping[str, Any]) -> list[str]:
    """The strata of a group with the most weight, and how many more there are; all of a short list."""
    names = row["within"].split(", ")
    strata = sorted(row["of_strata"], key=lambda s: -(s["weight"] or 0))
    table = [[*names, row["category"], "of", row["reference"], "of", "ratio", "weight"]]
    for s in strata if len(strata) <= 2 * FOLDED else strata[:FOLDED]:
        four = [count(s[n]) for n in ("count", "denominator", "reference_count", "reference_denominator")]
        table.append([*(s[n] for n in names), *four, number(s["ratio"], 2), number(s["weight"], 3)])
    more = len(strata) - len(table) + 1
    return ["", aligned(table, right=range(len(names), len(table[0]))), *([f"and {more} more: --json"] if more else [])]


def _funnel(row: Mapping[str, Any]) -> list[str]:
    """Who lies beyond the limits about the common ratio of a group, then every stratum in the order of names."""
    names = row["within"].split(", ")
    strata = {", ".join(s[n] for n in names): s for s in row["of_strata"]}
    said = say.funnel({name: s["placed"] for name, s in strata.items()}, row["phi"], row["tau2"])
    table = [
        [row["within"], row["category"], "of", row["reference"], "of", "ratio", "95% limits", "99.8% limits", "z", ""]
    ]
    unplaced: dict[str, list[str]] = {}
    for name, s in sorted(strata.items()):
        four = [count(s[n]) for n in ("count", "denominator", "reference_count", "reference_denominator")]
        limits = [span(s["low_95"], s["high_95"]), span(s["low_998"], s["high_998"]), number(s["z_adjusted"], 1)]
        table.append([name, *four, number(s["ratio"], 2), *limits, s["placed"] or "not placed"])
        if not s["placed"]:
            unplaced.setdefault(s["reason"], []).append(name)
    about = f"{row['category']} to {row['reference']}, about {number(row['ratio'], 3)}. {' '.join(said)}"
    why = [wrapped(f"Not placed: {'; '.join(each)}. {reason}") for reason, each in unplaced.items()]
    return ["", wrapped(about), aligned(table, right=range(1, 9)), *why]
