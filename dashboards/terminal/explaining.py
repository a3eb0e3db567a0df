"""From a number to its cells and back, as text: every step with its formula."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.terminal.layout import count, heading, number, percent, wrapped
from monitor.vocabulary import CHARACTERISTICS

_FORMULAS = {
    "population": (
        "Byar from 10 events (Breslow and Day 1987), Garwood's exact limits (1936) under 10",
        "p of Clopper and Pearson (1934) for the group's events among both groups' events, as p / (1 - p) × reference "
        "people / people; Przyborowski and Wilenski 1940",
        "all unknown to the reference, count/people ÷ (reference + unknown)/reference people; and all to the group "
        "(worst case, after Manski 1995)",
    ),
    "stage": (
        "Wilson's score limits (1927)",
        "the two ratios at which Miettinen and Nurminen's score statistic (1985, equations 9 and 10, with N/(N-1)) "
        "is -1.96 and 1.96",
        "the unknown of this stage and of the one before given to either group, both sides moved (worst case, after "
        "Manski 1995)",
    ),
}
"""Formula and source of the interval of a rate, of a ratio, and of the bounds, by kind of denominator."""


def explained(found: Mapping[str, Any]) -> str:
    """A figure traced to its cells, or a disparity step by step."""
    if "disparity" not in found:
        return _observations(found["observations"])
    d = found["disparity"]
    lines = [
        heading(f"{d['category']}: {d['measure']}, {d['period']}, against {d['reference']}"),
        f"1. Number: {count(d['count'])}, from",
        textwrap.indent(_observations(found["numerator_figures"]), "   "),
        f"2. {'Of' if d['kind'] == 'stage' else 'Residents'}: {count(d['denominator'])}, "
        f"the sum of {len(found['denominator_figures'])} figures"
        + (
            f" (between {count(d['denominator_low'])} and {count(d['denominator_high'])}: suppressed cells)"
            if d["denominator_low"] != d["denominator_high"]
            else ""
        ),
    ]
    if found["denominator_figures"]:
        o = found["denominator_figures"][0]
        cells = ", ".join(o["cell"] for o in found["denominator_figures"][:8])
        more = len(found["denominator_figures"]) - 8
        lines.append(
            f"   {o['publisher']}, {o['name']}, sha256 {o['original_sha256'][:16]}…: {cells}"
            + (f" and {more} more" if more > 0 else "")
        )
    lines += _worked_out(d)
    lines.append(wrapped(f"Fit: {d['fit'] or d['reason'] or '–'}"))
    return "\n".join(lines)


def _chance(p: float | None) -> str:
    """A p-value, never shown as none at all."""
    return "–" if p is None else "below 0.0001" if p < 0.0001 else f"{p:.4f}"


def _worked_out(d: Mapping[str, Any]) -> list[str]:
    """The arithmetic of one disparity, each step with its formula and where the formula is from."""
    of_rate, of_ratio, of_bounds = _FORMULAS[d["kind"] or "population"]
    lines = [f"3. Rate: {count(d['count'])} / {count(d['denominator'])} × {d['per']:,.0f} = {number(d['rate'], 4)}"]
    if d["rate_low"] is not None:
        lines.append(wrapped(f"95%: {number(d['rate_low'], 4)} to {number(d['rate_high'], 4)}, by {of_rate}.", "   "))
    if d["ratio_low"] is None:
        return lines
    lines += [
        f"4. Ratio: ({count(d['count'])} / {count(d['denominator'])}) / ({count(d['reference_count'])} / "
        f"{count(d['reference_denominator'])}) = {number(d['ratio'], 6)}",
        "   The relative rate index (Uhrig 2016, after the United States' juvenile justice office).",
        f"5. Interval: 95% {d['ratio_low']:.6f} to {number(d['ratio_high'], 6)}; "
        f"99.8% {number(d['ratio_low_998'], 6)} to {number(d['ratio_high_998'], 6)}",
        wrapped(f"{d['interval_method']}: {of_ratio}.", "   "),
        f"6. If all of unknown {d['characteristic']} were of the reference group, or of this one: "
        f"{number(d['bound_low'], 4)} to {number(d['bound_high'], 4)}",
        wrapped(f"{of_bounds[0].upper() + of_bounds[1:]}.", "   "),
    ]
    if d["share"] is not None and d["gap_points"] is not None:
        lines += [
            f"7. Share of those known {percent(d['share'])}, of the people compared with "
            f"{percent(d['baseline_share'])}: gap {number(d['gap_points'], 4)} points,",
            f"   representation {number(d['representation'], 4)} (one over the other), excess {number(d['excess'], 1)} "
            "(count less that share of those known).",
            "   The gap as in NI 044; the excess of the kind of the Lammy Review's.",
        ]
    lines += [
        f"8. Band {d['band']}, from the interval and 0.80 to 1.25 (29 CFR 1607.4(D) and its reciprocal);",
        f"   apart from it, {d['significance']}.",
        wrapped(
            f"p {_chance(d['p_value'])}; among all ratios of the edition {_chance(d['p_adjusted'])} (Benjamini and "
            "Hochberg 1995).",
            "   ",
        ),
    ]
    if d["tipping_share"] is not None:
        lines.append(
            f"   Share of the unknown that would have to belong to the group for a ratio of 1: {d['tipping_share']:.3f}"
        )
    if d["adjusted_ratio"] is not None:
        lines.append(
            f"9. Against {d['adjusted_reference']}: crude {number(d['adjusted_crude'], 4)}, adjusted "
            f"{d['adjusted_ratio']:.4f} ({number(d['adjusted_low'], 4)} to {number(d['adjusted_high'], 4)})"
        )
        lines.append(wrapped(d["adjustment"], "   "))
    return lines


def _observations(found: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for o in found:
        named = ", ".join(f"{c.title.lower()} {o[c.id]}" for c in CHARACTERISTICS if o[c.id] != "all") or "everyone"
        lines += [
            f"{count(o['value'])} {o['unit']} ({o['status']}): {named}; {o['period_label']}; {o['place_name']}",
            f"  cell {o['cell']} of sheet {o['sheet']}, file {o['name']}",
            f"  sha256 {o['original_sha256']}",
            f"  {o['publisher']}, {o['title']}, {o['edition_title']}, published {o['published_on']}",
            f"  definition {o['definition_id']}; circumstances {o['circumstances']}; "
            f"flags {', '.join(o['flags'] or []) or 'none'}",
        ]
        if o["withheld_because"]:
            lines.append(f"  WITHHELD: {o['withheld_because']}")
    return "\n".join(lines)


def traced(found: Mapping[str, Any]) -> str:
    """Where a quoted number may come from."""
    lines = [f"{m['expression']} = {m['value']}  ({m['edition']}: {', '.join(m['cells'])})" for m in found["matches"]]
    if not lines:
        lines = ["No edition held reproduces that. Nearest:"]
        lines += [
            f"{m['expression']} = {m['value']}  ({m['edition']}: {', '.join(m['cells'])})" for m in found["nearest"]
        ]
    return "\n".join(lines)


def verified(found: Mapping[str, Any]) -> str:
    """What re-reading a table's cells gave."""
    lines = [f"{found['agreed']} of {found['checked']} cells agree with the {found['checked_against']} in the vault."]
    for d in found["differing"]:
        where = f"row {d['row']!r}, column {d['column']!r}"
        lines.append(f"DIFFERS: {where}: the table says {d['found']!r}, the vault {d['expected']!r}")
    return "\n".join(lines)
