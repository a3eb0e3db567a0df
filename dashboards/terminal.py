"""What is shown in a terminal: plain text, aligned, with nothing left out that a reader needs.

What it makes true: no ratio is printed without its counts, baseline, interval and unknown share. What it
refuses: colour that carries meaning, and a number rounded so that it changes what is said.
"""

import json
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from monitor.declarations import Baseline, Measure, Publication
from monitor.vocabulary import CHARACTERISTICS, PROTECTED
from monitor.watch.register import ALL, QUIET, SEPARATING, word

WIDTH = 100
_TITLES = {c.id: c.title for c in CHARACTERISTICS}
_DIRECTION = {
    "over_clear": "over-represented, clearly (outside 0.80 to 1.25)",
    "over": "over-represented",
    "parity": "within 0.80 to 1.25",
    "inconclusive": "too uncertain to say which",
    "under": "under-represented",
    "under_clear": "under-represented, clearly (outside 0.80 to 1.25)",
}
_LIKELY = {
    "over_clear": "more likely, clearly (outside 0.80 to 1.25)",
    "over": "more likely",
    "under": "less likely",
    "under_clear": "less likely, clearly (outside 0.80 to 1.25)",
}
"""Of a stage: those compared are not a population in which a group can be over-represented."""
_FLAGS = {
    "counts_events": "counts events, and a person may be counted again",
    "sum_differs_from_total": "the parts printed do not add up to the total printed",
    "transcribed": "transcribed from the publisher's file",
    "derived": "our own sum of published cells",
    "hidden": "stood in a hidden row or sheet",
    "break_in_series": "a break in the series begins here",
    "disagrees_within_release": "one release prints two values",
}


def number(value: float | None, places: int = 0) -> str:
    """A number with thousands separators; an en dash where there is none."""
    return "–" if value is None else f"{value:,.{places}f}"


def count(value: float | None) -> str:
    """A count: whole unless the publisher printed an estimate."""
    return number(value, 0 if value is None or value == int(value) else 1)


def percent(share: float | None) -> str:
    """A share as a percentage to one decimal."""
    return "–" if share is None else f"{100 * share:.1f}%"


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows of cells as aligned columns; the first row is the header."""
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    lines = []
    for k, row in enumerate(rows):
        cells = [c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
        if k == 0:
            lines.append("  ".join("-" * w for w in widths))
    return "\n".join(lines)


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _heading(text: str) -> str:
    return f"\n{text}\n{'=' * len(text)}"


# --- ratios ----------------------------------------------------------------------------------------------


def ratios(found: pl.DataFrame, measure: Measure) -> str:
    """Disparities as a table per period and counting system, with baseline, fit, unknown share and caution."""
    keyed = found.with_columns(system=pl.col("definition_id").str.split("+").list.first())
    parts = keyed.partition_by(["period_end", "system", "place", "reference", "sex", "within"], maintain_order=True)
    return "\n".join(_one_period(part, measure) for part in parts)


def _one_period(part: pl.DataFrame, measure: Measure) -> str:
    first = part.row(0, named=True)
    whom = "".join(f", {w}" for w in (first["sex"] if first["sex"] != "all" else None, first["within"]) if w)
    lines = [
        _heading(
            f"{measure.title} by {_TITLES[first['characteristic']].lower()}{whom}: {first['period']}, {first['place']}"
        )
    ]
    has_base = part["denominator"].null_count() < part.height
    per = f"{first['per']:,.0f}"
    header = ["group", "number", "share of known"]
    if has_base:
        header += [
            "of" if measure.kind == "stage" else "residents",
            f"per {per}",
            f"ratio to {first['reference']}",
            "95% interval",
            "if unknown were",
        ]
    rows = [header]
    for r in part.iter_rows(named=True):
        indent = "  " if r["level"] == "detail" else ""
        hidden = r["count"] is None and r["count_low"] is not None
        counted = f"{count(r['count_low'])} to {count(r['count_high'])}" if hidden else count(r["count"])
        cells = [indent + r["category"], counted, percent(r["share"])]
        if has_base:
            interval = "–" if r["ratio_low"] is None else f"{r['ratio_low']:.3f} to {number(r['ratio_high'], 3)}"
            bounds = "–" if r["bound_low"] is None else f"{r['bound_low']:.2f} to {number(r['bound_high'], 2)}"
            ratio = "1 (reference)" if r["ratio"] == 1 and r["ratio_low"] is None else number(r["ratio"], 3)
            cells += [count(r["denominator"]), number(r["rate"], 2), ratio, interval, bounds]
        rows.append(cells)
    lines.append(aligned(rows, right=range(1, len(header))))
    lines += [_wrapped(n) for n in _notes(part)]
    unknown = first["unknown_count"]
    everyone = part.filter(pl.col("category") == "all")
    total = everyone["count"][0] if everyone.height else None
    if first["unknown_share"] is not None:
        lines.append(
            _wrapped(
                f"Unknown: {count(unknown)} of {count(total)} ({percent(first['unknown_share'])}), "
                "counted and shown, left out of shares."
            )
        )
    if first["baseline"]:
        lines.append(_wrapped(f"Baseline: {first['baseline']}. {first['fit']}"))
        methods = part["interval_method"].drop_nulls().unique().to_list()
        if methods:
            of_rates = "Wilson score" if measure.kind == "stage" else "exact under 10 events, else Byar"
            lines.append(f"Intervals: {', '.join(methods)}, 95%. Rates: {of_rates}.")
    lines += _adjusted(part)
    if measure.caution:
        lines.append(_wrapped(measure.caution))
    return "\n".join(lines)


def _notes(part: pl.DataFrame) -> list[str]:
    """What must be said of the rows, shown or not, each text once with the groups it is about; then their flags."""
    of = part.filter(pl.col("level").is_in(["groups", "detail"]))
    said: dict[str, list[str]] = {}
    flagged: dict[str, list[str]] = {}
    for r in of.iter_rows(named=True):
        if r["reason"]:
            said.setdefault(r["reason"] if r["status"] == "shown" else f"{r['status']}. {r['reason']}", []).append(
                r["category"]
            )
        for flag in r["flags"] or []:
            flagged.setdefault(flag, []).append(r["category"])

    def whose(names: Sequence[str]) -> str:
        return "Every group" if len(names) == of.height else ", ".join(names)

    notes = [f"{whose(names)}: {text}" for text, names in said.items()]
    flags = [f"{_FLAGS.get(flag, flag)} ({whose(names).lower()})" for flag, names in flagged.items()]
    return [*notes, *([f"Flags: {'; '.join(flags)}."] if flags else [])]


def _adjusted(part: pl.DataFrame) -> list[str]:
    """Crude and adjusted together, where there are adjusted ratios."""
    adjusted = part.filter(pl.col("adjusted_ratio").is_not_null() & (pl.col("level") == "groups"))
    if adjusted.is_empty():
        return []
    first = adjusted.row(0, named=True)
    rows = [["group", f"crude ratio to {first['adjusted_reference']}", "adjusted for age", "95% interval"]]
    for r in adjusted.iter_rows(named=True):
        limits = "–" if r["adjusted_low"] is None else f"{r['adjusted_low']:.3f} to {number(r['adjusted_high'], 3)}"
        rows.append([r["category"], number(r["adjusted_crude"], 3), number(r["adjusted_ratio"], 3), limits])
    said: dict[str, list[str]] = {}
    for r in adjusted.iter_rows(named=True):
        said.setdefault(r["adjustment"], []).append(r["category"])
    notes = [text if len(said) == 1 else f"{', '.join(names)}: {text}" for text, names in said.items()]
    return ["", aligned(rows, right=(1, 2, 3)), *(_wrapped(n) for n in notes)]


def trend(found: pl.DataFrame) -> str:
    """Changes of ratios: then, now, the one over the other, and in words."""
    if found.is_empty():
        return "No group has a ratio at two periods."
    first = found.row(0, named=True)
    rows = [["group", "then", f"ratio to {first['reference']}", "now", "ratio", "now over then", "95% interval", ""]]
    notes = []
    for r in found.iter_rows(named=True):
        interval = "–" if r["change_low"] is None else f"{r['change_low']:.3f} to {number(r['change_high'], 3)}"
        rows.append(
            [
                ("  " if r["level"] == "detail" else "") + r["category"],
                r["earlier_period"],
                number(r["earlier_ratio"], 3),
                r["period"],
                number(r["ratio"], 3),
                number(r["change"], 3),
                interval,
                r["direction"] or r["status"],
            ]
        )
        if r["reason"]:
            notes.append(_wrapped(f"{r['category']}: {r['status']}. {r['reason']}"))
    lines = [
        _heading(f"{first['measure']} by {_TITLES[first['characteristic']].lower()}: change"),
        aligned(rows, right=(2, 4, 5, 6)),
        *notes,
        _wrapped(
            f"Both years on the baseline {first['baseline']}. About the same: the 95% interval leaves room for no "
            "change. "
            "Of many changes shown together some would look real by chance; `--json` says which go beyond 99.8%."
        ),
    ]
    return "\n".join(lines)


def summaries(found: Sequence[Mapping[str, Any]]) -> str:
    """Summary measures, one line a period and level."""
    rows = [
        ["period", "level", "index of disparity", "variation", "Theil", "highest less lowest", "highest over lowest"]
    ]
    for r in found:
        if r["status"] == "shown":
            names = ("index_of_disparity", "coefficient_of_variation", "theil", "difference", "largest_ratio")
            rows.append([r["period"], r["level"], *(number(r[n], 2) for n in names)])
    if len(rows) == 1:
        return "No period has a whole level with rates. " + " ".join(dict.fromkeys(r["reason"] for r in found))
    return (
        aligned(rows, right=range(2, 7))
        + "\n"
        + _wrapped(
            "Index of disparity and variation are per cent of the mean rate, Theil times 1,000; none says which group "
            "is more or less likely. Levels that are not whole are left out."
        )
    )


def crossings(found: Sequence[Mapping[str, Any]]) -> str:
    """What is published crossed with what."""
    if not found:
        return "No table inspected crosses two characteristics."
    rows = [["publication", "crossed", "tables"]]
    for r in found:
        sheets = list(dict.fromkeys(t["sheet"] for t in r["tables"]))
        more = f" and {len(sheets) - 3} more" if len(sheets) > 3 else ""
        rows.append(
            [r["publication"], " by ".join(_TITLES[c].lower() for c in r["crossed"]), ", ".join(sheets[:3]) + more]
        )
    return aligned(rows)


def journey(found: Sequence[Mapping[str, Any]]) -> str:
    """Every stage, against everyone and against the stage before; gaps named."""
    lines = []
    for stage in dict.fromkeys(r["stage"] for r in found):
        mine = [r for r in found if r["stage"] == stage]
        lines.append(_heading(mine[0]["title"]))
        rows = [["group", "against everyone", "against the stage before", "as published", ""]]
        for r in mine:
            printed = ", ".join(f"{p['ratio']:.2f}{p['mark']} ({p['period']})" for p in r["published"]) or "–"
            said = {"yes": "they point opposite ways", "clearly": "they point opposite ways, clearly"}
            sides = [_side(r["population"]), _side(r["previous"])]
            rows.append([r["category"] or "–", *sides, printed, said.get(r["disagree"], "")])
        if any(r["category"] for r in mine):
            lines.append(aligned(rows, right=(1, 2)))
        lines += [_wrapped(g) for g in dict.fromkeys(r[s]["missing"] for r in mine for s in ("population", "previous")
                  if "missing" in r[s])]  # fmt: skip
        lines += [_wrapped(f"{p['title']}: {p['publisher']}, table {p['table']}. {p['reason']} Read in {p['source']}.")
                  for p in mine[0]["published"]]  # fmt: skip
    return "\n".join(lines).lstrip("\n")


def _side(shown: Mapping[str, Any]) -> str:
    if shown.get("ratio") is None:
        return "–"
    if shown["ratio_low"] is None:
        return "1 (reference)"
    return f"{shown['ratio']:.2f} ({shown['ratio_low']:.2f} to {number(shown['ratio_high'], 2)})"


# --- checks and gaps -------------------------------------------------------------------------------------


def checks(found: pl.DataFrame) -> str:
    """Findings, worst first, with their cells."""
    if found.is_empty():
        return "The checks found nothing."
    lines = []
    for r in found.iter_rows(named=True):
        cells = list(r["cells"] or [])
        shown = ", ".join(cells[:12]) + (f" and {len(cells) - 12} more" if len(cells) > 12 else "")
        lines.append(f"{r['severity'].upper()}  {r['publication']} {r['edition']}  {r['check']}  {r['sheet'] or ''}")
        lines.append(_wrapped(r["message"], "  "))
        if shown:
            lines.append(_wrapped(f"Cells: {shown}", "  "))
        lines.append("")
    return "\n".join(lines).rstrip()


def gaps(found: pl.DataFrame) -> str:
    """The register, one block a publication: its characteristics, then what is news of tables and of the release."""
    lines = []
    for key, part in found.partition_by("publication", as_dict=True, maintain_order=True).items():
        lines.append(_heading(str(key[0])))
        rows = [["characteristic", "state", "severity", "confidence", "finest", "unknown", "since"]]
        for r in part.iter_rows(named=True):
            if r["level"] != "publication":
                continue
            rows.append(
                [
                    _TITLES[r["characteristic"]],
                    _state(r),
                    r["severity"],
                    r["confidence"] or "–",
                    r["classification"] or "–",
                    percent(r["unknown_share"]),
                    str(r["since"] or "–"),
                ]
            )
        lines.append(aligned(rows))
        of_publication = part.filter((pl.col("level") == "publication") & (pl.col("state") != "absent"))
        lines += [
            _wrapped(reason, "  ") for reason in of_publication["reason"].unique(maintain_order=True).to_list()[:3]
        ]
        news = part.filter(pl.col("level") != "publication").sort("severity", maintain_order=True)
        for r in news.iter_rows(named=True):
            of = r["measure"] or ("release" if r["characteristic"] == "all" else _TITLES[r["characteristic"]])
            lines.append(_wrapped(f"{r['severity']}  {_state(r)}: {of}. {r['reason']}", "  "))
    return "\n".join(lines)


def _state(row: Mapping[str, Any]) -> str:
    return row["state"].replace("_", " ") + (f" ({row['code']})" if row["code"] else "")


def coverage(found: pl.DataFrame) -> str:
    """The history of the register: for each table, in which state it was by each characteristic, from when to when."""
    lines = []
    for key, part in found.partition_by("publication", as_dict=True, maintain_order=True).items():
        lines.append(_heading(str(key[0])))
        rows = [["table", "characteristic", "state", "from", "to", "editions", "finest", "unknown"]]
        for r in part.iter_rows(named=True):
            rows.append(
                [
                    r["table"][:60],
                    _TITLES[r["characteristic"]],
                    r["state"],
                    r["first_edition"],
                    r["last_edition"],
                    str(r["editions"]),
                    r["classification"] or "–",
                    percent(r["unknown_share"]),
                ]
            )
        lines.append(aligned(rows, right=(5,)))
    return "\n".join(lines) if lines else "No file that is held separates people by it."


def commitments(rows: Sequence[Mapping[str, Any]]) -> str:
    """What was asked or promised, and what the register says of each place where it would be kept."""
    if not rows:
        return "Nothing had been asked or promised by that day."
    lines = []
    for r in rows:
        lines.append(_heading(f"{r['title']}: {r['state']}"))
        lines.append(_wrapped(f"{r['said']} Source: {r['source']}.", "  "))
        if r["due"]:
            lines.append(_wrapped(f"Due {r['due']}{': the day has passed' if r['overdue'] else ''}.", "  "))
        for place in r["asked"]:
            what = "" if place["characteristic"] == "all" else f", {_TITLES[place['characteristic']].lower()}"
            lines.append(_wrapped(f"{place['publication']}{what}: {place['reason']}", "  "))
    return "\n".join(lines).lstrip("\n")


# --- the summary of a pass -------------------------------------------------------------------------------


def summary(
    done: Mapping[str, Any],
    disparities: pl.DataFrame,
    findings: pl.DataFrame,
    register: pl.DataFrame,
    publications: Mapping[str, Publication],
    measures: Mapping[str, Measure],
    baselines: Mapping[str, Baseline],
) -> str:
    """What a pass says: how over-represented, on which baseline, how sure; what the checks found; what is missing."""
    lines = []
    for measure in measures.values():
        default = next((f for f in measure.fit if f.default and "ethnicity" in f.characteristics), None)
        if default is None:
            continue
        held = disparities.filter(
            (pl.col("measure") == measure.id)
            & (pl.col("characteristic") == "ethnicity")
            & (pl.col("baseline") == default.baseline)
            & (pl.col("sex") == "all")
        )
        if held.is_empty():
            continue
        latest = held.filter(
            (pl.col("period_end") == held["period_end"].max()) & pl.col("level").is_in(["all", "groups"])
        )
        lines.append(_headline(latest, measure, baselines[default.baseline]))
    lines.append(_heading("What the checks found"))
    lines.append(_found(done, findings))
    lines.append(_heading("What is not broken down"))
    lines.append(_missing(register, publications))
    lines.append("")
    lines.append(
        f"Held: {done['figures']:,} figures. New this time: {len(done['new'])} files; unchanged: {done['unchanged']}."
    )
    return "\n".join(lines).lstrip("\n")


def _headline(latest: pl.DataFrame, measure: Measure, baseline: Baseline) -> str:
    first = latest.row(0, named=True)
    rows = [["ethnic group" if first["characteristic"] == "ethnicity" else first["characteristic"], "number", "share",
             f"per {first['per']:,.0f}", f"ratio to {first['reference']}", "95% interval", ""]]  # fmt: skip
    for r in latest.filter(pl.col("level") == "groups").iter_rows(named=True):
        rows.append(
            [
                r["category"],
                count(r["count"]),
                percent(r["share"]),
                number(r["rate"], 1),
                "1 (reference)" if r["ratio"] == 1 and r["ratio_low"] is None else number(r["ratio"], 2),
                "–" if r["ratio_low"] is None else f"{r['ratio_low']:.2f} to {r['ratio_high']:.2f}",
                ((_DIRECTION | _LIKELY) if measure.kind == "stage" else _DIRECTION).get(
                    r["band"] or "", r["reason"] or ""
                ),
            ]
        )
    total = latest.filter(pl.col("category") == "all")["count"][0]
    return "\n".join(
        [
            _heading(f"{measure.title} by ethnicity: {first['period']}, {first['place']}"),
            aligned(rows, right=range(1, 6)),
            _wrapped(
                f"Of {count(total)}, {count(first['unknown_count'])} ({percent(first['unknown_share'])}) are of "
                "unknown ethnicity: counted, and left out of shares."
            ),
            _wrapped(f"Baseline: {baseline.sentence} Fit: {first['fit']}"),
            _wrapped(measure.caution),
        ]
    )


def _found(done: Mapping[str, Any], findings: pl.DataFrame) -> str:
    failed = findings.filter(pl.col("state") != "passed")
    if failed.is_empty():
        return (
            f"{done['checks_passed']} of {done['checks_total']} checks passed; nothing was found."
            if done["checks_total"]
            else "Nothing."
        )
    lines = []
    if done["checks_total"]:
        lines.append(
            f"{done['checks_passed']} of {done['checks_total']} checks passed. Found, as published and never edited:"
        )
    for r in failed.iter_rows(named=True):
        lines.append(
            _wrapped(f"* {r['severity'].upper()} {r['publication']}, {r['sheet'] or 'several sheets'}: {r['message']}")
        )
    return "\n".join(lines)


def _missing(register: pl.DataFrame, publications: Mapping[str, Publication]) -> str:
    lines = []
    not_looked = []
    for slug in publications:
        mine = register.filter(pl.col("publication") == slug)
        protected = mine.filter(pl.col("characteristic").is_in(PROTECTED))
        news = mine.filter(~pl.col("state").is_in(QUIET))
        stated = news.filter(pl.col("state") == "never_published")
        if (protected["state"] == "not_looked").sum() >= len(PROTECTED) - stated.height:
            not_looked.append(slug)
        else:
            lines.append(_inspected(slug, mine, protected))
        for r in news.iter_rows(named=True):
            of = f" of {r['measure'].replace('-', ' ')}" if r["measure"] else ""
            of += f" by {r['crossed'].replace('_', ' ')}" if r["crossed"] else ""
            what = "the release" if r["characteristic"] == ALL else _TITLES[r["characteristic"]].lower() + of
            lines.append(
                _wrapped(
                    f"* {slug}: {what}: {word(r['state']).upper()} ({r['confidence']}, {r['severity']}). {r['reason']}"
                )
            )
    if not_looked:
        lines.append(
            _wrapped(
                f"* Not looked at and nothing held, so nothing is said about what they publish ({len(not_looked)}): "
                + ", ".join(not_looked)
                + "."
            )
        )
    return "\n".join(lines)


def _inspected(slug: str, mine: pl.DataFrame, protected: pl.DataFrame) -> str:
    absent, present = (
        list(
            dict.fromkeys(_TITLES[c].lower() for c in protected.filter(pl.col("state").is_in(states))["characteristic"])
        )
        for states in (("absent",), SEPARATING)
    )
    sheets = json.loads(mine.filter(pl.col("state") == "absent")["evidence"][0])["sheets"] if absent else 0
    where = f"none of the {sheets} sheets inspected" if sheets > 1 else "not in the one sheet inspected"
    return _wrapped(
        f"* {slug}: of the nine protected characteristics, broken down by {_list(present)}; "
        f"not by {_list(absent)} ({where})."
    )


def _list(names: Sequence[str]) -> str:
    names = list(names)
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else (names[0] if names else "none")


# --- asking a file ---------------------------------------------------------------------------------------


def surveyed(document: Mapping[str, Any]) -> str:
    """A survey in words."""
    lines = [f"sha256 {document['sha256']}"]
    for t in document["tables"]:
        span = f"{t['first_period']} to {t['last_period']}" if t["first_period"] else "no period found"
        lines.append(f"\n{t['sheet']}: {t['title'][:90]} ({span})")
        for name, c in t["characteristics"].items():
            shown = ", ".join(c["categories"][:8]) + (
                f" and {len(c['categories']) - 8} more" if len(c["categories"]) > 8 else ""
            )
            kind = f" [{c['classification']}]" if c["classification"] else ""
            unknown = f"; {percent(c['unknown_share'])} unknown" if c["unknown_share"] else ""
            lines.append(_wrapped(f"{_TITLES[name]}{kind}: {shown}{unknown}", "  "))
        if not t["characteristics"]:
            lines.append("  broken down by no characteristic")
        if t["crossed"]:
            lines.append("  crossed: " + "; ".join(" by ".join(c) for c in t["crossed"]))
    lines.append("")
    rows = [["characteristic", "in this file"]] + [[_TITLES[k], v] for k, v in document["characteristics"].items()]
    return "\n".join(lines) + "\n" + aligned(rows)


def tried(figures: pl.DataFrame, found: Mapping[str, str], problems: Sequence[Any]) -> str:
    """What a declaration yields from a file."""
    lines = []
    for table, sheet in found.items():
        mine = figures.filter(pl.col("table_id") == table)
        lines.append(f"{table}: sheet {sheet}, {mine.height:,} figures")
        for r in mine.head(3).iter_rows(named=True):
            named = {c.id: r[c.id] for c in CHARACTERISTICS if r[c.id] != "all"}
            lines.append(
                f"  {r['cell']}: {count(r['value'])} {r['status']} {r['period_label']} {named} {r['circumstances']}"
            )
    for p in problems:
        where = f" {p['sheet']}" if p["sheet"] else ""
        lines.append(
            _wrapped(f"{p['severity'].upper()} {p['check']}{where}: {p['message']} {' '.join(p['cells'][:12])}")
        )
    return "\n".join(lines) or "Nothing was found."


# --- small answers ---------------------------------------------------------------------------------------


def calculated(answer: Mapping[str, Any]) -> str:
    """A typed-in rate or ratio."""
    rows = [["", ""]] + [
        [k.replace("_", " "), f"{v:.6g}" if isinstance(v, float) else str(v)]
        for k, v in answer.items()
        if v is not None
    ]
    return aligned(rows).split("\n", 2)[2]


def explained(found: Mapping[str, Any]) -> str:
    """A figure traced to its cells, or a disparity step by step."""
    if "disparity" not in found:
        return _observations(found["observations"])
    d = found["disparity"]
    lines = [
        _heading(f"{d['category']}: {d['measure']}, {d['period']}, against {d['reference']}"),
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
    lines.append(_wrapped(f"Fit: {d['fit'] or d['reason'] or '–'}"))
    return "\n".join(lines)


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


def _chance(p: float | None) -> str:
    """A p-value, never shown as none at all."""
    return "–" if p is None else "below 0.0001" if p < 0.0001 else f"{p:.4f}"


def _worked_out(d: Mapping[str, Any]) -> list[str]:
    """The arithmetic of one disparity, each step with its formula and where the formula is from."""
    of_rate, of_ratio, of_bounds = _FORMULAS[d["kind"] or "population"]
    lines = [f"3. Rate: {count(d['count'])} / {count(d['denominator'])} × {d['per']:,.0f} = {number(d['rate'], 4)}"]
    if d["rate_low"] is not None:
        lines.append(_wrapped(f"95%: {number(d['rate_low'], 4)} to {number(d['rate_high'], 4)}, by {of_rate}.", "   "))
    if d["ratio_low"] is None:
        return lines
    lines += [
        f"4. Ratio: ({count(d['count'])} / {count(d['denominator'])}) / ({count(d['reference_count'])} / "
        f"{count(d['reference_denominator'])}) = {number(d['ratio'], 6)}",
        "   The relative rate index (Uhrig 2016, after the United States' juvenile justice office).",
        f"5. Interval: 95% {d['ratio_low']:.6f} to {number(d['ratio_high'], 6)}; "
        f"99.8% {number(d['ratio_low_998'], 6)} to {number(d['ratio_high_998'], 6)}",
        _wrapped(f"{d['interval_method']}: {of_ratio}.", "   "),
        f"6. If all of unknown {d['characteristic']} were of the reference group, or of this one: "
        f"{number(d['bound_low'], 4)} to {number(d['bound_high'], 4)}",
        _wrapped(f"{of_bounds[0].upper() + of_bounds[1:]}.", "   "),
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
        _wrapped(
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
        lines.append(_wrapped(d["adjustment"], "   "))
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


def due(rows: Sequence[Mapping[str, Any]]) -> str:
    """What is expected of each publication, next or late."""
    cells = [["publication", "state", "when", "basis", "held"]]
    for r in rows:
        when = r["at"] or (f"{r['opens']} to {r['closes']}" if r["opens"] else "–")
        late = f" ({r['days_late']} working days)" if r["overdue"] else ""
        state = r["status"].replace("_", " ")
        cells.append([r["publication"], state + late, str(when), r["basis"] or "–", r["held"] or "–"])
    return aligned(cells) + "\nOf a publication that nobody has looked at, nothing is late by what we know."


def planned(rows: Sequence[Mapping[str, Any]]) -> str:
    """What a scheduler does next, one line a thing, by time."""
    cells = [["when", "what", "why"]]
    for r in rows:
        cells.append([r["at"][:16].replace("T", " "), r["publication"] or r["what"].replace("_", " "), r["why"]])
    return (
        aligned(cells) + "\nTimes are London's; what is in the past is due now. Each look changes what comes after it."
    )


def doctored(rows: Sequence[Mapping[str, str]]) -> str:
    """Health, one line a question."""
    return aligned([["check", "state", ""], *([r["check"], r["state"], r["message"]] for r in rows)])
