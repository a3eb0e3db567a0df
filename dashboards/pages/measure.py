"""A measure by a characteristic: who is counted, how unequally, over which population, with its tables and pictures."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl

from dashboards import charts
from dashboards import sentences as say
from dashboards.cited import CitationMissing, CitedTable
from dashboards.pages.evidence import findings_shown
from dashboards.pages.kinds import Cite, Grid, Held, Page, Section
from dashboards.pages.places import listed_by_place
from dashboards.pages.sensitivity import sensitivity
from dashboards.pages.strata import within_strata
from dashboards.pages.trend import over_time, trend
from dashboards.pages.words import as_labelled, compared_with, group_label, in_order, slug_of, with_interval
from monitor.declarations import Baseline, Measure
from monitor.vocabulary import category, ordered
from pipelines.deriving import DIRECTION_DIFFERS, leading, leading_fit, other_denominators


def measure_pages(held: Held, cite: Cite) -> list[Page]:
    """One page for each measure and characteristic that has rows, in the order they are declared."""
    found = []
    everywhere = [m for m in held.measures.values() if not m.local]
    for measure in sorted(everywhere, key=lambda m: (m.publication != m.id, m.counts != "people", m.id)):
        for characteristic in measure.table:
            rows = held.disparities.filter(measure=measure.id, characteristic=characteristic)
            if not rows.is_empty():
                title = f"{measure.title} by {say.title_of(characteristic).lower()}"
                page = Page(f"{slug_of(measure, characteristic)}.html", title, "measures")
                found.append(page.or_fault(partial(measure_page, held, measure, characteristic, rows, cite)))
    return found


def measure_page(held: Held, measure: Measure, characteristic: str, rows: pl.DataFrame, cite: Cite) -> Page:
    """Everything about one measure by one characteristic."""
    fit = leading_fit(measure, characteristic, set(rows["baseline"].drop_nulls()))
    chosen = fit.baseline if fit else None
    on_default = rows.filter(pl.col("baseline").eq_missing(pl.lit(chosen, pl.String)))
    everyone = on_default.filter(sex="all")
    last = everyone.sort("period_end")["period"][-1]
    latest = everyone.filter(period=last)
    slug = slug_of(measure, characteristic)
    baseline = held.baselines.get(chosen) if chosen else None
    lead = leading(latest.filter(level="groups"))
    first = latest.row(0, named=True)
    total = latest.filter(level="all")["count"].drop_nulls()
    sections = [
        _now(measure, characteristic, latest, cite, baseline, held),
        *_detail(measure, characteristic, latest),
        *_by_sex(measure, characteristic, rows.filter(period=last), chosen, cite),
        *within_strata(held, measure, characteristic),
        *over_time(characteristic, everyone, last),
        *trend(held, measure, characteristic, everyone, baseline),
        *_baselines(held, measure, characteristic, rows, last),
        *sensitivity(held, measure, rows, last, fit),
    ]
    reasons = latest.filter((pl.col("status") != "shown") & pl.col("reason").is_not_null())["reason"]
    name = say.title_of(characteristic).lower()
    context = {
        "slug": slug,
        "measure": measure,
        "characteristic": characteristic,
        "name": name,
        "lead": lead,
        "lead_words": _lead_words(lead) if lead else (),
        "standfirst": say.headline(lead, measure, baseline) if lead and baseline else "",
        "card": _card(lead, measure, baseline) if lead and baseline else "",
        "when": say.period(first["period"], first["period_start"], first["period_end"]),
        "total": say.count(total[0]) if len(total) else "not held",
        "baseline": baseline,
        "no_baseline": "" if baseline else say.no_baseline(characteristic),
        "unknown": say.percent(first["unknown_share"]) if first["unknown_share"] is not None else "not held",
        "fit": first["fit"] or "",
        "reasons": list(dict.fromkeys(say.clean(r) for r in reasons)),
        "findings": findings_shown(held.findings.filter(publication=measure.publication)),
        "sections": tuple(sections),
        "not_looked": [],
        "by_place": listed_by_place(held, measure, characteristic),
    }
    return Page(f"{slug}.html", f"{measure.title} by {name}", "measures", context, "measure.html")


def _lead_words(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A headline as cells of a table: group, ratio with its interval, reference group, direction."""
    name = say.people(row["characteristic"], row["category"], row["sex"])
    other = say.people(row["characteristic"], row["reference"], row["sex"])
    return (name[:1].upper() + name[1:], with_interval(row), other, say.representation(row))


def _card(row: Mapping[str, Any], measure: Measure, baseline: Baseline) -> str:
    """What the number on a card says, in one sentence."""
    who = say.people(row["characteristic"], row["category"], row["sex"])
    other = say.people(row["characteristic"], row["reference"], row["sex"])
    when = say.period(row["period"], row["period_start"], row["period_end"])
    events = f"the rate at which {other} were {measure.verb}"
    verb = events if measure.counts == "events" else f"as likely to be {measure.verb} as {other}"
    how = say.representation(row)
    return f"{who[:1].upper()}{who[1:]}, {when}: {verb}{f' ({how})' if how else ''}. Compared with: {baseline.title}."


def _words_for(rows: pl.DataFrame, opening: str) -> str:
    """Words that serve the purpose of a chart of ratios: every group with its ratio and interval."""
    parts = []
    for r in rows.iter_rows(named=True):
        if r["ratio"] is None or r["status"] != "shown":
            said = "not shown"
        elif r["category"] == r["reference"]:
            said = "the reference group, 1"
        else:
            limits = "" if r["ratio_low"] is None else say.interval(r["ratio_low"], r["ratio_high"])
            said = f"{say.ratio(r['ratio'])}{f' (95% interval {limits})' if limits else ''}"
        parts.append(f"{group_label(r['category'])}: {said}")
    return f"{opening} {'; '.join(parts)}. The table under the picture has every number."


def _directions(measure: Measure) -> dict[str, str]:
    if measure.counts == "events":
        return {"less": "Lower rate", "more": "Higher rate"}
    return {"less": "Less likely", "more": "More likely"}


def _key(rows: pl.DataFrame) -> str:
    words = (
        f"Dot: ratio to {compared_with(rows)}, filled where its direction holds on every bound beside it. "
        "Line through the dot: the 95% interval, often narrower than the dot."
    )
    if rows["bound_high"].drop_nulls().len():
        words += " Pale bar: how far the ratio could move, whichever groups those of unknown category belong to."
    if rows["census_low"].drop_nulls().len():
        words += " Thin line under the dot: the ratio over the people of one census or the other."
    return words + " The scale is logarithmic: twice and half are equally far from the line."


def _opposite(held: Held, measure: Measure, characteristic: str, groups: pl.DataFrame) -> tuple[str, ...]:
    """One sentence where the publication's other denominator points the other way; nothing where it does not."""
    flagged = groups.filter(pl.col("flags").list.contains(DIRECTION_DIFFERS))
    if flagged.is_empty():
        return ()
    names = " and ".join(group_label(c) for c in ordered(characteristic, flagged["category"].to_list()))
    titles = " and ".join(m.title for m in other_denominators(measure, held.measures, characteristic))
    return (
        f"For {names} the direction depends on the denominator: the ratio of “{titles}” is on the other side of 1.",
    )


def _now(
    measure: Measure, characteristic: str, latest: pl.DataFrame, cite: Cite, baseline: Baseline | None, held: Held
) -> Section:
    groups = in_order(latest.filter(level="groups"), characteristic)
    name = say.title_of(characteristic).lower()
    first = latest.row(0, named=True)
    when = say.period(first["period"], first["period_start"], first["period_end"])
    tables, words = _cited(cite, latest, measure)
    if groups.is_empty():
        return Section("now", f"By {name}", ("No group is published for this date.", *words), tables=tables)
    if baseline is None or groups["ratio"].drop_nulls().is_empty():
        shown = groups.filter(pl.col("share").is_not_null())
        alt = "; ".join(f"{group_label(r['category'])}: {say.percent(r['share'])}" for r in shown.iter_rows(named=True))
        picture = charts.bars(
            f"{slug_of(measure, characteristic)}-groups",
            as_labelled(groups),
            title=f"{measure.title} by {name}, {when}",
            subtitle=f"Share of those whose {name} is known, {first['place']}",
            alt_text=f"Bar chart of shares from zero. {alt or 'No share is shown'}. The table has every number.",
        )
        return Section("now", "Shares", words, picture, "Bars begin at zero.", tables)
    against = compared_with(groups)
    picture = charts.ratios(
        f"{slug_of(measure, characteristic)}-groups",
        as_labelled(groups),
        title=f"{measure.title} by {name}, {when}: ratio to {against}",
        subtitle=f"{first['place']}. Population: {baseline.title}",
        alt_text=_words_for(groups, f"Dot chart of ratios to {against}, on a logarithmic scale with parity at 1."),
        **_directions(measure),
    )
    words = (*_opposite(held, measure, characteristic, groups), *words)
    return Section("now", f"Ratios by {name}", words, picture, _key(groups), tables)


def _cited(cite: Cite, rows: pl.DataFrame, measure: Measure) -> tuple[tuple[CitedTable, ...], tuple[str, ...]]:
    """The cited table of a slice, or the words that say why there is none."""
    try:
        return (cite(rows, measure),), ()
    except CitationMissing as missing:
        return (), (f"No table is shown: {missing}",)


def _detail(measure: Measure, characteristic: str, latest: pl.DataFrame) -> list[Section]:
    detail = in_order(latest.filter(level="detail"), characteristic)
    if detail.filter(pl.col("ratio").is_not_null(), status="shown").height < 2:
        return []
    name = say.title_of(characteristic).lower()

    def parent(name: str) -> str:
        known = category(characteristic, name)
        return (known.parent if known else None) or "Other"

    detail = detail.with_columns(parent=pl.col("category").map_elements(parent, return_dtype=pl.String))
    rank = {p: i for i, p in enumerate(ordered(characteristic, detail["parent"].to_list()))}
    detail = detail.sort(pl.col("parent").replace_strict(rank, return_dtype=pl.Int64), maintain_order=True)
    against = compared_with(detail)
    picture = charts.ratios(
        f"{slug_of(measure, characteristic)}-detail",
        as_labelled(detail),
        title=f"The same, by every group that is published: ratio to {against}",
        subtitle="Groups are under the group they are part of; the two levels are never added together",
        alt_text=_words_for(detail, f"Dot chart of ratios to {against}, on a logarithmic scale with parity at 1."),
        panel="parent",
        **_directions(measure),
    )
    words = (
        f"The {detail.height} groups are in the table above, under the group each is part of. Small groups have wide "
        "intervals, and unknown people matter more to them.",
    )
    return [Section("detail", f"All {detail.height} groups by {name}", words, picture, _key(detail))]


def _by_sex(measure: Measure, characteristic: str, rows: pl.DataFrame, chosen: str | None, cite: Cite) -> list[Section]:
    """Women and men apart, on the page's baseline; where it has neither, everyone again on the one that has them."""
    name = say.title_of(characteristic).lower()
    having = rows.filter(pl.col("sex") != "all")["baseline"].unique(maintain_order=True).to_list()
    if not having:
        return []
    on = chosen if chosen in having else having[0]
    there = rows.filter(pl.col("baseline").eq_missing(pl.lit(on, pl.String)))
    tables: tuple[CitedTable, ...] = ()
    words: tuple[str, ...] = () if on == chosen else (f"{_NO_SEXES}: {on}.",)
    parts = []
    for sex in ("female", "male") if on == chosen else ("all", "female", "male"):
        slice_ = there.filter(sex=sex)
        if slice_.is_empty():
            continue
        found, missing = _cited(cite, slice_, measure)
        tables, words = tables + found, words + missing
        noun = say.WORDS["noun"][sex].capitalize()
        groups = in_order(slice_.filter(level="groups"), characteristic)
        parts.append(groups.with_columns(panel=pl.lit(noun)))
    together = pl.concat(parts)
    if together["ratio"].drop_nulls().is_empty():
        return [Section("sex", "Women and men", words, tables=tables, folded=True)]
    picture = charts.ratios(
        f"{slug_of(measure, characteristic)}-sex",
        as_labelled(together),
        title=f"Women compared with women, men with men, by {name}",
        subtitle="Each ratio is to the reference group of the same sex",
        alt_text=_words_for(together, "Dot chart of ratios within each sex: first women, then men."),
        panel="panel",
        **_directions(measure),
    )
    return [Section("sex", "Women and men", words, picture, "As in the first chart.", tables, folded=True)]


_NO_SEXES = (
    "The population compared with above has no women and men apart, so everyone is shown again on the one that has"
)


def _baselines(held: Held, measure: Measure, characteristic: str, rows: pl.DataFrame, last: str) -> list[Section]:
    """The same count against every population declared for it: the baseline moves the headline."""
    here = rows.filter(period=last, sex="all", level="groups")
    fits = [f for f in measure.fit if characteristic in f.characteristics]
    used = [f for f in fits if f.baseline in set(here["baseline"].drop_nulls())]
    if len(used) < 2:
        return []
    known = held.baselines
    titles = {f.baseline: known[f.baseline].title if f.baseline in known else f.baseline for f in used}
    names = here.filter(pl.col("category") != here["reference"][0])["category"].unique(maintain_order=True)
    order = ordered(characteristic, names.to_list())
    columns = []
    for fit in used:
        mine = {r["category"]: r for r in here.filter(baseline=fit.baseline).iter_rows(named=True)}
        columns.append([with_interval(mine[c]) if c in mine else "not published" for c in order])
    grid = Grid(
        f"Ratio to {compared_with(here)}, by population compared with, 95% intervals",
        (say.title_of(characteristic), *(titles[f.baseline] for f in used)),
        tuple((group_label(c), *(column[i] for column in columns)) for i, c in enumerate(order)),
    )
    words = (
        "The population decides the ratio at least as much as the count does. Groups differ in age, so a population "
        "of all ages and one of adults give different ratios for the same count.",
        *(f"{titles[f.baseline]}: {f.sentence.rstrip('.')}." for f in used),
    )
    return [Section("baselines", "Against other populations", words, grids=(grid,))]
