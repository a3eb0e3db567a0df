"""How a measure has changed over time: shares or ratios, breaks marked and never bridged."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence

import polars as pl

from dashboards import charts
from dashboards import sentences as say
from dashboards.pages.kinds import Grid, Held, Section
from dashboards.pages.words import as_labelled, between, compared_with, group_label, in_order, slug_of, with_interval
from monitor.declarations import Baseline, Measure
from monitor.vocabulary import ordered
from pipelines.deriving import SYSTEM, five_years_before
from pipelines.deriving import trend as changes

AFTER_THE_CENSUS = (
    "Nobody has counted the residents since the last census: a change since then is said where it holds over the "
    "people of that census and, as well, had each group grown on as it did before."
)


def over_time(characteristic: str, everyone: pl.DataFrame, last: str) -> list[Section]:
    """The latest ratios beside those of five years before, as `trend` reads them; never across a break."""
    end = everyone.filter(period=last)["period_end"][0]
    since = five_years_before(end)
    if everyone.filter(pl.col("period_end") <= since, pl.col("ratio").is_not_null(), level="groups").is_empty():
        return []
    found = in_order(changes(everyone, since).filter(level="groups", period=last), characteristic)
    if found.is_empty():
        return []
    lines = []
    for r in found.iter_rows(named=True):
        shown = r["status"] == "shown"
        then = _ratio(r["earlier_ratio"], r["earlier_low"], r["earlier_high"])
        change = _ratio(r["change"], r["change_low"], r["change_high"]) if shown else r["status"]
        now = _ratio(r["ratio"], r["ratio_low"], r["ratio_high"])
        lines.append(
            (group_label(r["category"]), r["earlier_period"], then, now, change, r["direction"] or r["reason"])
        )
    words = (AFTER_THE_CENSUS,) if found["change_extrapolated"].null_count() < found.height else ()
    grid = Grid(
        f"Ratio to {compared_with(everyone)}, five years apart, on the same baseline, with 95% intervals",
        (say.title_of(characteristic), "Before", "Ratio then", f"Ratio on {say.day(end)}", "Now over then", "Reading"),
        tuple(lines),
        numeric=False,
    )
    return [Section("then", "Compared with five years before", words, grids=(grid,))]


def _ratio(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None:
        return "not shown"
    return between(value, low, high)


def trend(
    held: Held, measure: Measure, characteristic: str, everyone: pl.DataFrame, baseline: Baseline | None
) -> list[Section]:
    """How each group's ratio, or share where there is no baseline, has moved; few editions are listed, not drawn."""
    name = say.title_of(characteristic).lower()
    groups = everyone.filter(level="groups")
    value = "ratio" if baseline is not None and groups["ratio"].drop_nulls().len() else "share"
    drawn = groups.filter(pl.col(value).is_not_null() & (pl.col("category") != pl.col("reference")) if value == "ratio"
                          else pl.col(value).is_not_null())  # fmt: skip
    order = list(ordered(characteristic, drawn["category"].unique(maintain_order=True).to_list()))
    if drawn["period"].n_unique() < 3 or not order:
        return _few(characteristic, groups, value)
    against = compared_with(groups)
    shares = f"Share of those whose {name} is known, over time"
    population = f". Population: {baseline.title}" if baseline and value == "ratio" else ""
    cut = charts.breaks(drawn, value)
    picture = charts.trend(
        f"{slug_of(measure, characteristic)}-trend",
        as_labelled(drawn),
        order=[group_label(c) for c in order],
        value=value,
        title=f"Ratio to {against} over time" if value == "ratio" else shares,
        subtitle=f"{everyone['place'][0]}. Every panel has the same scales{population}",
        alt_text=_trend_words(drawn, order, value),
    )
    words = []
    early = groups.filter(pl.col(value).is_null() & pl.col("reason").is_not_null() & (pl.col("status") != "shown"))
    for (reason,), part in early.group_by(["reason"], maintain_order=True):
        dates = part.sort("period_end")["period_end"]
        whom = ", ".join(group_label(c) for c in ordered(characteristic, part["category"].unique().to_list()))
        words.append(f"Not shown from {say.day(dates[0])} to {say.day(dates[-1])} ({whom}): {say.clean(str(reason))}")
    key = "Shaded band: the 95% interval. " if value == "ratio" else ""
    if value == "ratio" and drawn["ratio_extrapolated"].null_count() < drawn.height:
        key += "Dotted line: had each group grown on since the last census as it did before. "
    if cut:
        key += "Dashed upright line: what is counted changed, so the line is cut and the two sides are not compared. "
        key += " ".join(_break_reasons(held, measure, drawn, cut))
    grids: tuple[Grid, ...] = (_history(characteristic, groups, order, value),)
    if value == "ratio":
        whole = list(ordered(characteristic, groups["category"].unique(maintain_order=True).to_list()))
        grids = (*grids, _history(characteristic, groups, whole, "share"))
    return [Section("trend", "Over time", tuple(words), picture, key.strip(), grids=grids, folded=True)]


def _few(characteristic: str, groups: pl.DataFrame, value: str) -> list[Section]:
    """With one or two periods there is no line to draw; the numbers stand beside each other."""
    if groups["period"].n_unique() < 2:
        return []
    whole = list(ordered(characteristic, groups["category"].unique(maintain_order=True).to_list()))
    words = (f"{groups['period'].n_unique()} periods are held, too few to draw as a line.",)
    grids = tuple(_history(characteristic, groups, whole, v) for v in dict.fromkeys((value, "share")))
    return [Section("trend", "Over time", words, grids=grids)]


def _trend_words(drawn: pl.DataFrame, order: Sequence[str], value: str) -> str:
    form = say.ratio if value == "ratio" else say.percent
    parts = []
    for name in order:
        part = drawn.filter(category=name).sort("period_end")
        first, last = part.row(0, named=True), part.row(-1, named=True)
        then, now = (f"{form(row[value])} on {say.day(row['period_end'])}" for row in (first, last))
        parts.append(f"{group_label(name)}: {then}, {now}")
    return f"Line charts, one a group. {'; '.join(parts)}. Tables of every date are under the picture."


def _break_reasons(
    held: Held, measure: Measure, drawn: pl.DataFrame, cut: Mapping[str, Sequence[dt.date]]
) -> list[str]:
    """What changed at each break, in the declaration's words."""
    source = held.publications.get(measure.publication)
    declared = {d.id: d for d in source.definition} if source else {}
    said = []
    for name in cut:
        used = drawn.filter(category=name)["definition_id"].unique(maintain_order=True)
        parts = [(definition or "").split("+") for definition in used]
        changed = [p for p in dict.fromkeys(itertools.chain(*parts)) if not all(p in each for each in parts)]
        for rule in (declared[part] for part in changed if part in declared):
            groups = ", ".join(group_label(c) for c in cut if c in rule.categories)
            said.append(f"{rule.reason} ({groups})" if rule.categories else rule.reason)
    return list(dict.fromkeys(said))


def _history(characteristic: str, groups: pl.DataFrame, order: Sequence[str], value: str) -> Grid:
    """Every period down, groups across: the twin of the trend."""
    kept = groups.filter(pl.col("category").is_in(list(order))).with_columns(SYSTEM.fill_null(""))
    twice = {p for (p,), part in kept.group_by(["period"]) if part["system"].n_unique() > 1}
    table: dict[tuple[dt.date, str], dict[str, str]] = {}
    names: dict[tuple[dt.date, str], str] = {}
    for r in kept.sort("period_end", descending=True).iter_rows(named=True):
        key = (r["period_end"], r["system"])
        whole = r["period_start"] in (None, r["period_end"])
        system = f" ({r['system'].replace('-', ' ')})" if r["period"] in twice else ""
        names[key] = (say.day(r["period_end"]) if whole else say.clean(r["period"])) + system
        if value == "ratio":
            text = "reference, 1" if r["category"] == r["reference"] else with_interval(r)
        else:
            text = say.percent(r["share"]) if r["share"] is not None else "not shown"
        table.setdefault(key, {})[r["category"]] = text
    if value == "ratio":
        no_ratio = {"withheld", "refused", "reference, 1"}
        table = {key: cells for key, cells in table.items() if not set(cells.values()) <= no_ratio}
    what = "Ratios with 95% intervals" if value == "ratio" else "Share of those whose category is known"
    return Grid(
        f"{what} by {say.title_of(characteristic).lower()}, every period held",
        ("Period", *(group_label(c) for c in order)),
        tuple((names[k], *(cells.get(c, "not published") for c in order)) for k, cells in table.items()),
    )
