"""Disparities, their changes, summaries and crossings, as text: never a ratio without what stands beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards import sentences as say
from dashboards.counts import counted
from dashboards.sentences import BY_CENSUS, WORDS
from dashboards.terminal.layout import TITLES, aligned, count, heading, listed, number, percent, ratio, span, wrapped
from monitor.declarations import Measure, baselines
from monitor.statistics.verdict import LOW
from pipelines.deriving import SYSTEM


def ratios(found: pl.DataFrame, measure: Measure) -> str:
    """Disparities as a table per period and counting system, with baseline, fit, unknown share and caution."""
    keys = ["period_end", "system", "place", "reference", "sex", "within"]
    parts = found.with_columns(SYSTEM).partition_by(keys, maintain_order=True)
    return "\n".join(_one_period(part, measure) for part in parts)


def _one_period(part: pl.DataFrame, measure: Measure) -> str:
    first = part.row(0, named=True)
    whom = "".join(f", {w}" for w in (first["sex"] if first["sex"] != "all" else None, first["within"]) if w)
    by = TITLES[first["characteristic"]].lower()
    lines = [heading(f"{measure.title} by {by}{whom}: {first['period']}, {first['place']}")]
    has_base = part["denominator"].null_count() < part.height
    header = ["group", "number", "share of known"]
    if has_base:
        whole = baselines()[first["baseline"]].noun
        header += ["of" if measure.kind == "stage" else whole, f"per {first['per']:,.0f}"]
        header += [f"ratio to {first['reference']}", "95% interval", "if unknown were"]
    by_census = part["census_low"].null_count() < part.height
    header += ["by census"] if by_census else []
    rows = [header]
    for r in part.iter_rows(named=True):
        indent = "  " if r["level"] == "detail" else ""
        cells = [indent + r["category"], counted(r), percent(r["share"])]
        if has_base:
            cells += [count(r["denominator"]), number(r["rate"], 2), ratio(r, 3)]
            cells += [span(r["ratio_low"], r["ratio_high"], 3), span(r["bound_low"], r["bound_high"], 2)]
        if by_census:
            cells.append(span(r["census_low"], r["census_high"], 2))
        rows.append(cells)
    lines.append(aligned(rows, right=range(1, len(header))))
    lines += [wrapped(n) for n in _notes(part)]
    everyone = part.filter(category="all")["count"]
    if first["unknown_share"] is not None:
        unknown = f"{count(first['unknown_count'])} of {count(everyone[0] if len(everyone) else None)}"
        share = percent(first["unknown_share"])
        lines.append(wrapped(f"Unknown: {unknown} ({share}), counted and shown, left out of shares."))
    if first["baseline"]:
        lines.append(wrapped(f"Baseline: {first['baseline']}. {first['fit']}"))
        methods = part["interval_method"].drop_nulls().unique().to_list()
        if by_census:
            lines.append(wrapped(f"{baselines()[first['baseline']].sentence} By census: {BY_CENSUS}"))
        if methods:
            of_rates = "Wilson score" if measure.kind == "stage" else "exact under 10 events, else Byar"
            lines.append(f"Intervals: {', '.join(methods)}, 95%. Rates: {of_rates}.")
    lines += _adjusted(part)
    if measure.caution:
        lines.append(wrapped(measure.caution))
    return "\n".join(lines)


def _notes(part: pl.DataFrame) -> list[str]:
    """What must be said of the rows, shown or not, each text once with the groups it is about; then their flags."""
    of = part.filter(pl.col("level").is_in(["groups", "detail"]))
    said: dict[str, list[str]] = {}
    flagged: dict[str, list[str]] = {}
    for r in of.iter_rows(named=True):
        if r["reason"]:
            text = r["reason"] if r["status"] == "shown" else f"{r['status']}. {r['reason']}"
            said.setdefault(text, []).append(r["category"])
        for flag in r["flags"] or []:
            flagged.setdefault(flag, []).append(r["category"])

    def whose(names: Sequence[str]) -> str:
        return "Every group" if len(names) == of.height else ", ".join(names)

    notes = [f"{whose(names)}: {text}" for text, names in said.items()]
    if small := of.filter(pl.col("reliability") == LOW, pl.col("ratio_low").is_not_null())["category"].to_list():
        notes.append(f"{whose(small)}: {say.SMALL_NUMBERS}.")
    flags = [f"{WORDS['flag'].get(flag, flag)} ({whose(names).lower()})" for flag, names in flagged.items()]
    return [*notes, *([f"Flags: {'; '.join(flags)}."] if flags else [])]


def _adjusted(part: pl.DataFrame) -> list[str]:
    """Crude and adjusted together, where there are adjusted ratios."""
    adjusted = part.filter(pl.col("adjusted_ratio").is_not_null() & (pl.col("level") == "groups"))
    if adjusted.is_empty():
        return []
    first = adjusted.row(0, named=True)
    rows = [["group", f"crude ratio to {first['adjusted_reference']}", "adjusted for age", "95% interval"]]
    said: dict[str, list[str]] = {}
    for r in adjusted.iter_rows(named=True):
        limits = span(r["adjusted_low"], r["adjusted_high"], 3)
        rows.append([r["category"], number(r["adjusted_crude"], 3), number(r["adjusted_ratio"], 3), limits])
        said.setdefault(r["adjustment"], []).append(r["category"])
    notes = [text if len(said) == 1 else f"{', '.join(names)}: {text}" for text, names in said.items()]
    return ["", aligned(rows, right=(1, 2, 3)), *(wrapped(n) for n in notes)]


def at_equal_ages(part: pl.DataFrame) -> str:
    """The crude and the adjusted ratio of every group in one line, both to the same people; empty without any."""
    adjusted = part.filter(pl.col("adjusted_ratio").is_not_null() & (pl.col("level") == "groups"))
    if adjusted.is_empty():
        return ""
    pairs = (
        f"{r['category']} {say.ratio(r['adjusted_crude'])}, {say.ratio(r['adjusted_ratio'])}"
        for r in adjusted.to_dicts()
    )
    return f"Ratio to {adjusted['adjusted_reference'][0]}, as counted and at equal ages: {'; '.join(pairs)}."


def trend(found: pl.DataFrame) -> str:
    """Changes of ratios: then, now, the one over the other, and in words."""
    if found.is_empty():
        return "No group has a ratio at two periods."
    first = found.row(0, named=True)
    beyond = found["change_extrapolated"].null_count() < found.height
    rows = [["group", "then", f"ratio to {first['reference']}", "now", "ratio", "now over then", "95% interval"]]
    rows[0] += ["had groups grown on", ""] if beyond else [""]
    notes = []
    for r in found.iter_rows(named=True):
        group = ("  " if r["level"] == "detail" else "") + r["category"]
        then, now = number(r["earlier_ratio"], 3), number(r["ratio"], 3)
        change = [number(r["change"], 3), span(r["change_low"], r["change_high"], 3)]
        if beyond:
            low, high = r["change_extrapolated_low"], r["change_extrapolated_high"]
            change.append(f"{number(r['change_extrapolated'], 3)} ({span(low, high, 3)})" if low is not None else "–")
        rows.append([group, r["earlier_period"], then, r["period"], now, *change, r["direction"] or r["status"]])
        if r["reason"]:
            notes.append(wrapped(f"{r['category']}: {r['status']}. {r['reason']}"))
    sure = (
        f"Both years on the baseline {first['baseline']}. About the same: the 95% interval leaves room for no change. "
        "Of many changes shown together some would look real by chance; `--json` says which go beyond 99.8%."
    )
    if beyond:
        sure += (
            " After the last census a change is one of the count only; it is said where it holds had each group grown "
            "on since then as it did before."
        )
    title = heading(f"{first['measure']} by {TITLES[first['characteristic']].lower()}: change")
    return "\n".join([title, aligned(rows, right=(2, 4, 5, 6, 7) if beyond else (2, 4, 5, 6)), *notes, wrapped(sure)])


def change_explained(found: pl.DataFrame) -> str:
    """Changes of counts in parts: population, age mix and rate; a part that is not known says so."""
    if found.is_empty():
        return "No group is counted at two periods."
    first = found.row(0, named=True)
    rows = [["group", "then", "number", "now", "number", "change", "of population", "of age mix", "of rate"]]
    said: dict[str, list[str]] = {}
    for r in found.iter_rows(named=True):
        group = ("  " if r["level"] == "detail" else "") + r["category"]
        cells = [group, r["earlier_period"] or "–", count(r["earlier_count"]), r["period"], count(r["count"])]
        whole = number(r["count_change"])
        if r["of_rate"] is None:
            rows.append([*cells, whole, r["status"], "–", "–"])
        else:
            rows.append([*cells, whole, *_parts(r)])
        if r["of_rate_extrapolated"] is not None:
            rows.append(["  had the group grown on", *[""] * 5, *_parts(r, "_extrapolated")])
        mix = f"Age mix withheld, and in the rate. {r['age_mix_reason']}"
        why = r["reason"] if r["of_rate"] is not None else f"{r['status']}. {r['reason']}"
        mixed = r["age_mix_reason"] and r["age_mix_reason"] not in (r["reason"] or "")
        for text in ([why] if r["reason"] else []) + ([mix] if mixed else []):
            said.setdefault(text, []).append(r["category"])
    notes = [wrapped(f"{'Every row' if len(n) == found.height else ', '.join(n)}: {text}") for text, n in said.items()]
    sure = (
        f"Das Gupta 1993, on the baseline {first['baseline']}: parts add up to the change, each with its 95% "
        "limits; people are taken as known, so they are limits of the rates. People of unknown group are in no group's "
        "count."
    )
    title = heading(f"{first['measure']} by {TITLES[first['characteristic']].lower()}: change explained")
    return "\n".join([title, aligned(rows, right=range(2, 9)), *notes, wrapped(sure)])


def _parts(row: Mapping[str, Any], suffix: str = "") -> list[str]:
    """Population, age mix and rate of a change, each with its limits; what nobody counted is said so."""
    said = []
    for part in ("of_population", "of_age_mix", "of_rate"):
        value, low, high = (row[f"{part}{end}{suffix}"] for end in ("", "_low", "_high"))
        said.append("not counted" if value is None else f"{number(value)} ({span(low, high, 0)})")
    return said


def summaries(found: Sequence[Mapping[str, Any]]) -> str:
    """Every summary measure of the last period, with its limits, and the leading one of those before."""
    shown = [r for r in found if r["status"] == "shown"]
    if not shown:
        return "No period has a whole level with rates. " + " ".join(dict.fromkeys(r["reason"] for r in found))
    last = max(r["period_end"] for r in shown)
    lines = []
    for r in (r for r in shown if r["period_end"] == last):
        by = TITLES[r["characteristic"]].lower()
        lines.append(heading(f"{r['measure']} by {by}, {r['level']}: {r['period']}, {r['place']}"))
        rows = [[f"per {r['per']:,.0f}", "", "95% interval"]]
        rows += [
            [w, number(r[m], 2), span(r[f"{m}_low"], r[f"{m}_high"])] for m, w in WORDS["summary"].items() if m in r
        ]
        lines.append(aligned(rows, right=(1,)))
        if r["lowest_group"] and r["population_attributable_risk"] is not None:
            lines.append(wrapped(f"The lowest rate is that of: {r['lowest_group']}."))
        lines += [wrapped(r["reason"])] if r["reason"] else []
    leading = "relative_concentration_index" if "slope_index" in shown[0] else "index_of_disparity"
    rows = [["period", "level", WORDS["summary"][leading], "95% interval"]]
    for r in (r for r in shown if r["period_end"] < last):
        limits = span(r[f"{leading}_low"], r[f"{leading}_high"])
        rows.append([r["period"], r["level"], number(r[leading], 2), limits])
    lines += ["", aligned(rows, right=(2,))] if len(rows) > 1 else []
    said = (
        "One figure says neither which group is more or less likely, nor why. An interval that reaches no difference "
        "does not mean that there is none. Levels that are not whole are left out."
    )
    return "\n".join([*lines, wrapped(said)]).lstrip("\n")


def crossings(found: Sequence[Mapping[str, Any]]) -> str:
    """What is published crossed with what."""
    if not found:
        return "No table inspected crosses two characteristics."
    rows = [["publication", "crossed", "tables"]]
    for r in found:
        sheets = list(dict.fromkeys(t["sheet"] for t in r["tables"]))
        more = f" and {len(sheets) - 3} more" if len(sheets) > 3 else ""
        crossed = " by ".join(TITLES[c].lower() for c in r["crossed"])
        rows.append([r["publication"], crossed, ", ".join(sheets[:3]) + more])
    return aligned(rows)


def journey(found: Sequence[Mapping[str, Any]]) -> str:
    """Every stage, against everyone and against the stage before; gaps named."""
    lines = []
    for stage in dict.fromkeys(r["stage"] for r in found):
        mine = [r for r in found if r["stage"] == stage]
        lines.append(heading(mine[0]["title"]))
        rows = [["group", "against everyone", "against the stage before", "as published", ""]]
        for r in mine:
            printed = ", ".join(f"{p['ratio']:.2f}{p['mark']} ({p['period']})" for p in r["published"]) or "–"
            said = {"yes": "they point opposite ways", "clearly": "they point opposite ways, clearly"}
            sides = [_side(r["population"]), _side(r["previous"])]
            rows.append([r["category"] or "–", *sides, printed, said.get(r["disagree"], "")])
        if any(r["category"] for r in mine):
            lines.append(aligned(rows, right=(1, 2)))
        lines += [wrapped(g) for g in dict.fromkeys(r[s]["missing"] for r in mine for s in ("population", "previous")
                  if "missing" in r[s])]  # fmt: skip
        lines += [wrapped(f"{p['title']}: {p['publisher']}, table {p['table']}. {p['reason']} Read in {p['source']}.")
                  for p in mine[0]["published"]]  # fmt: skip
    return "\n".join(lines).lstrip("\n")


def _side(shown: Mapping[str, Any]) -> str:
    if shown.get("ratio") is None:
        return "–"
    if shown["ratio_low"] is None:
        return "1 (reference)"
    return f"{shown['ratio']:.2f} ({shown['ratio_low']:.2f} to {number(shown['ratio_high'], 2)})"


def calculated(answer: Mapping[str, Any]) -> str:
    """A typed-in rate or ratio."""
    known = {k.replace("_", " "): v for k, v in answer.items() if v is not None}
    rows = [["", ""], *([k, f"{v:.6g}" if isinstance(v, float) else str(v)] for k, v in known.items())]
    return aligned(rows).split("\n", 2)[2]


def measures(rows: Sequence[Mapping[str, Any]], only: str | None = None) -> str:
    """What can be asked, one block a publication: each measure or table, by what, when, and who read it."""
    if not rows and only is not None:
        return f"Nothing can be asked of {only}: none of its tables is held and shown. `gaps {only}` says why."
    if not rows:
        return "Nothing can be asked yet: no figures are held. `justice-monitor run --offline` brings those that ship."
    lines = []
    for publication in dict.fromkeys(row["publication"] for row in rows):
        lines.append(heading(publication))
        for row in (r for r in rows if r["publication"] == publication):
            name = row["id"] if row["is_measure"] else f"{publication} --table {row['table']}"
            read = "declared" if row["layout"] == "declared" else "read by what it shows, checked by nobody"
            lines.append(f"ratios {name} --by {row['characteristics'][0]}")
            lines.append(wrapped(f"{row['title']}. By {listed(row['characteristics'])}; {read}.", "    "))
            lines.append(f"    {row['first_period']} to {row['last_period']}; counts {row['counts']}.")
    return "\n".join(lines).lstrip("\n")
