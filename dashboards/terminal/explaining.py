"""From a number to its cells and back, as text: every step with its formula."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.sentences import BY_CENSUS, WORDS, direction
from dashboards.terminal.layout import count, heading, number, percent, wrapped
from monitor.vocabulary import CHARACTERISTICS


def explained(found: Mapping[str, Any]) -> str:
    """A figure traced to its cells, or a disparity step by step."""
    if "disparity" not in found:
        return _observations(found["observations"])
    d, people = found["disparity"], found["denominator_figures"]
    low, high = d["denominator_low"], d["denominator_high"]
    between = f"between {count(low)} and {count(high)}"
    whole = sum(each["value"] or 0.0 for each in people)
    how = "the sum of" if whole == d["denominator"] else "grown from one census to the next, from"
    lines = [
        heading(f"{d['category']}: {d['measure']}, {d['period']}, against {d['reference']}"),
        f"1. Number: {count(d['count'])}, from",
        textwrap.indent(_observations(found["numerator_figures"]), "   "),
        f"2. {'Of' if d['kind'] == 'stage' else 'Residents'}: {count(d['denominator'])}, "
        f"{how} {len(people)} figures{f' ({between}: suppressed cells)' if low != high else ''}",
    ]
    if people:
        o, more = people[0], f" and {len(people) - 8} more" if len(people) > 8 else ""
        cells = ", ".join(each["cell"] for each in people[:8])
        lines.append(f"   {o['publisher']}, {o['name']}, sha256 {o['original_sha256'][:16]}…: {cells}{more}")
    lines += _worked_out(d)
    lines.append(wrapped(f"Fit: {d['fit'] or d['reason'] or '–'}"))
    return "\n".join(lines)


def _chance(p: float | None) -> str:
    """A p-value, never shown as none at all."""
    return "–" if p is None else "below 0.0001" if p < 0.0001 else f"{p:.4f}"


def _worked_out(d: Mapping[str, Any]) -> list[str]:
    """The arithmetic of one disparity, each step with its formula and where the formula is from."""
    formula = WORDS["formula"][d["kind"] or "population"]
    lines = [f"3. Rate: {count(d['count'])} / {count(d['denominator'])} × {d['per']:,.0f} = {number(d['rate'], 4)}"]
    if d["rate_low"] is not None:
        lines.append(
            wrapped(f"95%: {number(d['rate_low'], 4)} to {number(d['rate_high'], 4)}, by {formula['rate']}.", "   ")
        )
    if d["ratio_low"] is None:
        return lines
    lines += [
        f"4. Ratio: ({count(d['count'])} / {count(d['denominator'])}) / ({count(d['reference_count'])} / "
        f"{count(d['reference_denominator'])}) = {number(d['ratio'], 6)}",
        "   The relative rate index (Uhrig 2016, after the United States' juvenile justice office).",
        f"5. Interval: 95% {d['ratio_low']:.6f} to {number(d['ratio_high'], 6)}; "
        f"99.8% {number(d['ratio_low_998'], 6)} to {number(d['ratio_high_998'], 6)}",
        wrapped(f"{d['interval_method']}: {formula['ratio']}.", "   "),
        f"6. If all of unknown {d['characteristic']} were of the reference group, or of this one: "
        f"{number(d['bound_low'], 4)} to {number(d['bound_high'], 4)}",
        wrapped(f"{formula['bounds'][0].upper() + formula['bounds'][1:]}.", "   "),
    ]
    if d["share"] is not None and d["gap_points"] is not None:
        lines += [
            f"7. Share of those known {percent(d['share'])}, of the people compared with "
            f"{percent(d['baseline_share'])}: gap {number(d['gap_points'], 4)} points,",
            f"   representation {number(d['representation'], 4)} (one over the other), excess {number(d['excess'], 1)} "
            "(count less that share of those known).",
            "   The gap as in NI 044; the excess of the kind of the Lammy Review's.",
        ]
    chance = f"{_chance(d['p_adjusted'])} (Benjamini and Hochberg 1995)"
    lines += [
        f"8. Said: {direction(d)}; of the intervals, {d['significance']}.",
        wrapped(f"p {_chance(d['p_value'])}; among all ratios of the page {chance}.", "   "),
    ]
    if d["band"] is not None:
        lines.append(f"   Band {d['band']}, from the interval and 0.80 to 1.25 (29 CFR 1607.4(D) and its reciprocal).")
    if d["census_low"] is not None:
        lines.append(wrapped(f"By census {d['census_low']:.4f} to {d['census_high']:.4f}: {BY_CENSUS}", "   "))
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
    reproduced = found["matches"]
    lines = [] if reproduced else ["No edition held reproduces that. Nearest:"]
    for m in reproduced or found["nearest"]:
        lines.append(f"{m['expression']} = {m['value']}  ({m['edition']}: {', '.join(m['cells'])})")
    return "\n".join(lines)


def verified(found: Mapping[str, Any]) -> str:
    """What re-reading a table's cells gave."""
    lines = [f"{found['agreed']} of {found['checked']} cells agree with the {found['checked_against']} in the vault."]
    for d in found["differing"]:
        where = f"row {d['row']!r}, column {d['column']!r}"
        lines.append(f"DIFFERS: {where}: the table says {d['found']!r}, the vault {d['expected']!r}")
    return "\n".join(lines)
