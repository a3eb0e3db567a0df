"""What a pass did, what is due and what is planned, as text."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.sentences import representation, tallied
from dashboards.terminal.disparities import at_equal_ages
from dashboards.terminal.layout import TITLES, aligned, count, heading, listed, number, percent, ratio, span, wrapped
from dashboards.terminal.register import left_open
from monitor.declarations import Baseline, Measure, baselines, measures, publications
from monitor.vocabulary import PROTECTED
from monitor.watch.register import ALL, OURS, SEPARATING, each_once, gravest_first, word
from pipelines.deriving import leading_fit


def summary(done: Mapping[str, Any], disparities: pl.DataFrame, findings: pl.DataFrame, register: pl.DataFrame) -> str:
    """What a pass says: how over-represented, on which baseline, how sure; what the checks found; what is missing.

    Of each measure by ethnicity, or by the first characteristic it has where it has none by ethnicity.
    """
    lines = []
    for measure in measures().values():
        leading = "ethnicity" if "ethnicity" in measure.table else next(iter(measure.table))
        default = leading_fit(measure, leading)
        if default is None:
            continue
        usual = {"measure": measure.id, "characteristic": leading, "baseline": default.baseline}
        held = disparities.filter(**usual, **({} if leading == "sex" else {"sex": "all"}))
        if held.is_empty():
            continue
        latest = held.filter(pl.col("level").is_in(["all", "groups"]), period_end=held["period_end"].max())
        lines.append(_headline(latest, measure, leading, baselines()[default.baseline]))
    news, unchanged = len(done["new"]), done["unchanged"]
    lines += [heading("What the checks found"), _found(done, findings)]
    lines += [heading("What is not broken down"), _missing(register), ""]
    lines.append(f"Held: {done['figures']:,} figures. New this time: {news} files; unchanged: {unchanged}.")
    if done["read_anew"]:
        lines.append("Read anew, because the reader or a declaration is another:")
        lines += [f"* {line}" for line in done["read_anew"]]
    return "\n".join(lines).lstrip("\n")


def _headline(latest: pl.DataFrame, measure: Measure, characteristic: str, baseline: Baseline) -> str:
    first = latest.row(0, named=True)
    word = "ethnic group" if characteristic == "ethnicity" else characteristic
    rows = [[word, "number", "share", f"per {first['per']:,.0f}", f"ratio to {first['reference']}"]]
    rows[0] += ["95% interval", "by census", ""]
    for r in latest.filter(level="groups").iter_rows(named=True):
        shown = [count(r["count"]), percent(r["share"]), number(r["rate"], 1), ratio(r)]
        limits = span(r["ratio_low"], r["ratio_high"])
        by_census = span(r["census_low"], r["census_high"])
        rows.append([r["category"], *shown, limits, by_census, representation(r) or r["reason"] or ""])
    if latest["census_low"].null_count() == latest.height:
        rows = [[*row[:6], row[7]] for row in rows]
    everyone, unknown = latest.filter(category="all")["count"].to_list(), first["unknown_count"]
    left_out = f"{count(unknown)} ({percent(first['unknown_share'])}) are of unknown {TITLES[characteristic].lower()}"
    said_beside = [
        f"Of {count(everyone[0])}, {left_out}: counted, and left out of shares." if everyone else "",
        at_equal_ages(latest),
        f"Baseline: {baseline.sentence} Fit: {first['fit']}",
        measure.caution,
    ]
    title = heading(f"{measure.title} by {TITLES[characteristic].lower()}: {first['period']}, {first['place']}")
    return "\n".join([title, aligned(rows, right=range(1, 6)), *map(wrapped, filter(None, said_beside))])


def _found(done: Mapping[str, Any], findings: pl.DataFrame) -> str:
    failed = findings.filter(pl.col("state") != "passed")
    passed = f"{done['checks_passed']} of {done['checks_total']} checks passed" if done["checks_total"] else ""
    if failed.is_empty():
        return f"{passed}; nothing was found." if passed else "Nothing."
    lines = [f"{passed}. Found, as published and never edited:"] if passed else []
    for r in failed.head(2 * MOST).iter_rows(named=True):
        where = f"{r['severity'].upper()} {r['publication']}, {r['sheet'] or 'several sheets'}"
        lines.append(wrapped(f"* {where}: {r['message']}"))
    if failed.height > 2 * MOST:
        lines.append(f"* and {failed.height - 2 * MOST} more: see `justice-monitor checks`.")
    return "\n".join(lines)


MOST = 10
"""So many things of a kind a pass names; of more it says how many there are, and where the rest is."""
_UNSEEN = {
    "reason": "Not looked at and nothing held, so nothing is said about what they publish",
    "page_only": "Looked at, and none of their files held, so nothing is said about what those hold",
    "unreadable": "Files held, none of which this monitor could read, so nothing is said about what they hold",
}
"""What is said of publications of which no file was read, by the form of the register's sentence."""


def _missing(register: pl.DataFrame) -> str:
    """What is not broken down: of each publication read, then the gravest of what is missing, then what is not read."""
    of_each: list[str] = []
    unseen: dict[str, list[str]] = {}
    read = []
    for slug in publications():
        mine = register.filter(publication=slug)
        nobody = mine.filter(state="not_looked", level="publication")
        if nobody.is_empty() and not mine.is_empty():
            read.append(slug)
            of_each += _inspected(slug, mine, mine.filter(pl.col("characteristic").is_in(PROTECTED)))
            of_each += [wrapped(f"* {slug}: {line}") for line in left_open(mine)]
        elif not nobody.is_empty():
            unseen.setdefault(json.loads(nobody["evidence"][0])["form"], []).append(slug)
    if len(read) > MOST:
        of_each = _counted(register.filter(pl.col("publication").is_in(read), level="publication"), len(read))
    names = ((form, ", ".join(slugs), len(slugs)) for form, slugs in sorted(unseen.items()))
    not_read = [wrapped(f"* {_UNSEEN[form]} ({n}): {slugs}.") for form, slugs, n in names]
    return "\n".join([*of_each, *_gravest(gravest_first(register)), *not_read])


def _gravest(news: Sequence[dict[str, Any]]) -> list[str]:
    """The gravest of what is missing or changed; of many, how many by publisher."""
    lines = []
    once = each_once(news)
    for r in once[:MOST]:
        of = f" of {r['measure'].replace('-', ' ')}" if r["measure"] else ""
        of += f" by {r['crossed'].replace('_', ' ')}" if r["crossed"] else ""
        what = "the release" if r["characteristic"] == ALL else TITLES[r["characteristic"]].lower() + of
        state = f"{word(r['state']).upper()} ({r['confidence']}, {r['severity']})"
        more = f" And {r['alike']} more like it." if r["alike"] else ""
        lines.append(wrapped(f"* {r['publication']}: {what}: {state}. {r['reason']}{more}"))
    if len(once) > MOST:
        by = tallied((publications()[r["publication"]].publisher, word(r["state"])) for r in news)
        lines += [f"* These are the {MOST} gravest of {len(news)}:", *(wrapped(line, "  ") for line in by)]
        lines.append("  All of them: `justice-monitor gaps`, and missing.html of the pages.")
    return lines


def _counted(kept: pl.DataFrame, read: int) -> list[str]:
    """Of how many of the publications read each characteristic is published, and is not known, by state."""
    by = (
        (TITLES[c].lower(), kept.filter(pl.col("state").is_in(SEPARATING), characteristic=c).height) for c in PROTECTED
    )
    ours = kept.filter(pl.col("state").is_in(OURS))["publication"].n_unique()
    said = f"* Files of {read} publications were read. Broken down {', '.join(f'by {name}: {n}' for name, n in by)}."
    not_all = f"* Of {ours} of them this monitor did not read or understand everything, which is told to no publisher:"
    return [wrapped(said), wrapped(f"{not_all} `justice-monitor gaps SLUG` says what.")]


def _inspected(slug: str, mine: pl.DataFrame, protected: pl.DataFrame) -> list[str]:
    absent, present = (
        list(dict.fromkeys(TITLES[c].lower() for c in protected.filter(pl.col("state").is_in(s))["characteristic"]))
        for s in (("absent",), SEPARATING - {"annual_only"})
    )
    now_and_then = protected.filter(state="annual_only", level="publication")["characteristic"].to_list()
    sheets = json.loads(mine.filter(state="absent")["evidence"][0])["sheets"] if absent else 0
    where = f"none of the {sheets} sheets inspected" if sheets > 1 else "not in the one sheet inspected"
    said = [f"broken down by {listed(present)}"] if present else []
    said += [f"by {listed([TITLES[c].lower() for c in now_and_then])} only in some editions"] if now_and_then else []
    said += [f"not by {listed(absent)} ({where})"] if absent else []
    return [wrapped(f"* {slug}: of the nine protected characteristics, {'; '.join(said)}.")] if said else []


def due(rows: Sequence[Mapping[str, Any]]) -> str:
    """What is expected of each publication, next or late."""
    cells = [["publication", "state", "when", "by", "held"]]
    for r in rows:
        when = r["at"] or (f"{r['opens']} to {r['closes']}" if r["opens"] else "–")
        late = f" ({r['days_late']} working days)" if r["overdue"] else ""
        state = r["status"].replace("_", " ")
        cells.append([r["publication"], state + late, str(when), r["source"] or "–", r["held"] or "–"])
    return aligned(cells) + "\nOf a publication that nobody has looked at, nothing is late by what we know."


def happened(rows: Sequence[Mapping[str, Any]]) -> str:
    """What happened to an alert, oldest first: the moment (UTC), what and by whom, why, and the evidence under it."""
    lines = []
    for r in rows:
        by = f" by {r['by']}" if r["by"] else ""
        lines.append(f"{r['at'][:16].replace('T', ' ')}  {r['event'].replace('_', ' ')}{by}: {r['cause'] or '–'}")
        lines += [f"    {json.dumps(r['evidence'], ensure_ascii=False)}"] if r["evidence"] else []
    return "\n".join(lines)


def planned(rows: Sequence[Mapping[str, Any]]) -> str:
    """What a scheduler does next, one line a thing, by time."""
    cells = [[r["at"][:16].replace("T", " "), r["publication"] or r["what"].replace("_", " "), r["why"]] for r in rows]
    told = "Times are London's; what is in the past is due now. Each look changes what comes after it."
    return f"{aligned([['when', 'what', 'why'], *cells])}\n{told}"


def doctored(rows: Sequence[Mapping[str, str]]) -> str:
    """Health, one line a question."""
    return aligned([["check", "state", ""], *([r["check"], r["state"], r["message"]] for r in rows)])


def proposed(found: Mapping[str, Any]) -> str:
    """Where a publication could be, the best first, and how a person accepts one."""
    lines = [f"Declared: {said}." for said in found["declared"]]
    if not found["candidates"]:
        return "\n".join([*lines, "The search names no page like it. Look for it on the publisher's site."])
    for place, c in enumerate(found["candidates"], 1):
        whose = ", ".join(c["organisations"]) or "no organisation named"
        lines += ["", f"{place}. {c['title']} ({whose})", f"   {c['address']}", f"   {c['why']}"]
        lines += [
            f"   To accept it, write in {c['file']}, line {c['line']}, in place of what is there:",
            *(f"     {w}" for w in c["write"]),
        ]
    return "\n".join([*lines, "", "Nothing was changed. Open a page before you accept it."])
