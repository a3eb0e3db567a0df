"""What a pass did, what is due and what is planned, as text."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.terminal.layout import TITLES, aligned, count, heading, listed, number, percent, wrapped
from dashboards.terminal.register import left_open
from monitor.declarations import Baseline, Measure, Publication
from monitor.vocabulary import PROTECTED
from monitor.watch.register import ALL, QUIET, SEPARATING, word

DIRECTION = {
    "over_clear": "over-represented, clearly (outside 0.80 to 1.25)",
    "over": "over-represented",
    "parity": "within 0.80 to 1.25",
    "inconclusive": "too uncertain to say which",
    "under": "under-represented",
    "under_clear": "under-represented, clearly (outside 0.80 to 1.25)",
}
LIKELY = {
    "over_clear": "more likely, clearly (outside 0.80 to 1.25)",
    "over": "more likely",
    "under": "less likely",
    "under_clear": "less likely, clearly (outside 0.80 to 1.25)",
}
"""Of a stage: those compared are not a population in which a group can be over-represented."""


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
    lines.append(heading("What the checks found"))
    lines.append(_found(done, findings))
    lines.append(heading("What is not broken down"))
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
                ((DIRECTION | LIKELY) if measure.kind == "stage" else DIRECTION).get(
                    r["band"] or "", r["reason"] or ""
                ),
            ]
        )
    total = latest.filter(pl.col("category") == "all")["count"][0]
    return "\n".join(
        [
            heading(f"{measure.title} by ethnicity: {first['period']}, {first['place']}"),
            aligned(rows, right=range(1, 6)),
            wrapped(
                f"Of {count(total)}, {count(first['unknown_count'])} ({percent(first['unknown_share'])}) are of "
                "unknown ethnicity: counted, and left out of shares."
            ),
            wrapped(f"Baseline: {baseline.sentence} Fit: {first['fit']}"),
            wrapped(measure.caution),
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
            wrapped(f"* {r['severity'].upper()} {r['publication']}, {r['sheet'] or 'several sheets'}: {r['message']}")
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
        lines += [wrapped(f"* {slug}: {line}") for line in left_open(mine)]
        for r in news.iter_rows(named=True):
            of = f" of {r['measure'].replace('-', ' ')}" if r["measure"] else ""
            of += f" by {r['crossed'].replace('_', ' ')}" if r["crossed"] else ""
            what = "the release" if r["characteristic"] == ALL else TITLES[r["characteristic"]].lower() + of
            lines.append(
                wrapped(
                    f"* {slug}: {what}: {word(r['state']).upper()} ({r['confidence']}, {r['severity']}). {r['reason']}"
                )
            )
    if not_looked:
        lines.append(
            wrapped(
                f"* Not looked at and nothing held, so nothing is said about what they publish ({len(not_looked)}): "
                + ", ".join(not_looked)
                + "."
            )
        )
    return "\n".join(lines)


def _inspected(slug: str, mine: pl.DataFrame, protected: pl.DataFrame) -> str:
    absent, present = (
        list(
            dict.fromkeys(TITLES[c].lower() for c in protected.filter(pl.col("state").is_in(states))["characteristic"])
        )
        for states in (("absent",), SEPARATING)
    )
    sheets = json.loads(mine.filter(pl.col("state") == "absent")["evidence"][0])["sheets"] if absent else 0
    where = f"none of the {sheets} sheets inspected" if sheets > 1 else "not in the one sheet inspected"
    return wrapped(
        f"* {slug}: of the nine protected characteristics, broken down by {listed(present)}; "
        f"not by {listed(absent)} ({where})."
    )


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
