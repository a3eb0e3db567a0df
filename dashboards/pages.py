"""Pages: frames in, what each template shows out. Pure: no file, no clock, no database.

What it makes true: every page of one kind is made by one function from the same rows as the cited tables, so a
measure, a characteristic or a publication that is declared tomorrow has its page without a line here; a group that
is not shown keeps its row and its reason; what has not been looked at is said to be so wherever it concerns.

Why view models and not frames in templates: a template that computes cannot be tested for what it says.

What it refuses: arithmetic on figures (two numbers may be set side by side, never combined), and a page for a
measure without a row.
"""

import datetime as dt
import itertools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from dashboards import charts
from dashboards import sentences as say
from dashboards.cited import CitationMissing, CitedTable, runs
from monitor.declarations import Baseline, Measure, Publication
from monitor.vocabulary import CHARACTERISTICS, category, ordered

Cite = Callable[[pl.DataFrame, Measure], CitedTable]
"""Makes a cited table of one slice of disparities. Raises `CitationMissing`."""

STATES = {
    "present": "Published",
    "partial": "Partly published",
    "absent": "Not in the files",
    "never_published": "Never published",
    "not_looked": "Not looked at",
    "not_applicable": "Does not apply",
    "not_collected": "Not collected",
}
_HELD = ("present", "partial")
_QUIET = (*_HELD, "absent", "not_looked", "not_applicable")
_SEVERITIES = {"critical": "Critical", "warning": "Warning", "note": "Note"}
YEARS_BACK = 5


@dataclass(frozen=True)
class Held:
    """What the published database holds, and the declarations it was made by."""

    disparities: pl.DataFrame
    gaps: pl.DataFrame
    findings: pl.DataFrame
    artefacts: pl.DataFrame
    surveyed: pl.DataFrame
    measures: Mapping[str, Measure]
    baselines: Mapping[str, Baseline]
    publications: Mapping[str, Publication]
    populations: Mapping[str, Publication]


@dataclass(frozen=True)
class Grid:
    """A table that is not cited by itself: the twin of a trend, baselines side by side. Text only."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: bool = True
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One question answered: words, perhaps a picture, and the tables behind it."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    picture: charts.Picture | None = None
    key: str = ""
    tables: tuple[CitedTable, ...] = ()
    grids: tuple[Grid, ...] = ()
    folded: bool = False


@dataclass(frozen=True)
class Page:
    """One file of the site: where it stands, which template draws it, with what."""

    path: str
    template: str
    title: str
    nav: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that hold pictures and tables."""
        found: tuple[Section, ...] = self.context.get("sections", ())
        return found


def pages(held: Held, cite: Cite) -> list[Page]:
    """Every page of the site, the landing page first."""
    measured = measure_pages(held, cite)
    return [
        index(held, measured),
        *measured,
        coverage(held),
        *(publication(held, slug) for slug in held.publications),
        checks(held),
        sources(held),
        Page("methods.html", "methods.html", "Methods", "methods"),
        Page("accessibility.html", "accessibility.html", "Accessibility"),
    ]


# --- a measure by a characteristic ------------------------------------------------------------------------------------


def measure_pages(held: Held, cite: Cite) -> list[Page]:
    """One page for each measure and characteristic that has rows, in the order they are declared."""
    found = []
    for measure in sorted(held.measures.values(), key=lambda m: (m.publication != m.id, m.counts != "people", m.id)):
        for characteristic in measure.table:
            rows = held.disparities.filter(
                (pl.col("measure") == measure.id) & (pl.col("characteristic") == characteristic)
            )
            if not rows.is_empty():
                found.append(measure_page(held, measure, characteristic, rows, cite))
    return found


def default_baseline(measure: Measure, characteristic: str, rows: pl.DataFrame) -> str | None:
    """The baseline a page leads with: the declared default, else the first declared that has rows."""
    have = set(rows["baseline"].drop_nulls())
    fits = [f for f in measure.fit if characteristic in f.characteristics and f.baseline in have]
    return next((f.baseline for f in fits if f.default), fits[0].baseline if fits else None)


def measure_page(held: Held, measure: Measure, characteristic: str, rows: pl.DataFrame, cite: Cite) -> Page:
    """Everything about one measure by one characteristic."""
    chosen = default_baseline(measure, characteristic, rows)
    on_default = rows.filter(pl.col("baseline").eq_missing(pl.lit(chosen, pl.String)))
    everyone = on_default.filter(pl.col("sex") == "all")
    last = everyone.sort("period_end")["period"][-1]
    latest = everyone.filter(pl.col("period") == last)
    slug = f"{measure.id}-{characteristic}"
    baseline = held.baselines.get(chosen) if chosen else None
    lead = leading(latest)
    first = latest.row(0, named=True)
    total = latest.filter(pl.col("level") == "all")["count"].drop_nulls()
    sections = [
        _now(slug, measure, characteristic, latest, cite, baseline),
        *_detail(slug, measure, characteristic, latest),
        *_by_sex(slug, measure, characteristic, rows, last, cite),
        *_then(slug, measure, characteristic, everyone, last),
        *_trend(slug, held, measure, characteristic, everyone, baseline),
        *_baselines(slug, held, measure, characteristic, rows, last),
    ]
    reasons = latest.filter((pl.col("status") != "shown") & pl.col("reason").is_not_null())["reason"]
    name = say.title_of(characteristic).lower()
    return Page(
        f"{slug}.html",
        "measure.html",
        f"{measure.title} by {name}",
        "measures",
        {
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
            "findings": _findings(held.findings.filter(pl.col("publication") == measure.publication)),
            "sections": tuple(s for s in sections if s is not None),
            "not_looked": [],
        },
    )


def leading(rows: pl.DataFrame) -> dict[str, Any] | None:
    """The row a page leads with: the group furthest from parity among those clearly above or below it, or None."""
    shown = [
        r
        for r in rows.filter((pl.col("level") == "groups") & (pl.col("status") == "shown")).iter_rows(named=True)
        if r["ratio"] and r["ratio_low"] is not None and r["category"] != r["reference"]
    ]
    clear = [r for r in shown if r["ratio_low"] > 1 or r["ratio_high"] < 1] or shown
    return max(clear, key=lambda r: (abs(math.log(r["ratio"])), r["category"]), default=None)


def _lead_words(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A headline as cells of a table: group, ratio with its interval, reference group, direction."""
    name = say.people(row["characteristic"], row["category"], row["sex"])
    other = say.people(row["characteristic"], row["reference"], row["sex"])
    return (name[:1].upper() + name[1:], _with_interval(row), other, say.representation(row["band"]))


def _card(row: Mapping[str, Any], measure: Measure, baseline: Baseline) -> str:
    """What the number on a card says, in one sentence."""
    who = say.people(row["characteristic"], row["category"], row["sex"])
    other = say.people(row["characteristic"], row["reference"], row["sex"])
    when = say.period(row["period"], row["period_start"], row["period_end"])
    verb = (
        f"the rate at which {other} were {measure.verb}"
        if measure.counts == "events"
        else f"as likely to be {measure.verb} as {other}"
    )
    how = say.representation(row["band"])
    return f"{who[:1].upper()}{who[1:]}, {when}: {verb}{f' ({how})' if how else ''}. Compared with: {baseline.title}."


def in_order(rows: pl.DataFrame, characteristic: str) -> pl.DataFrame:
    """Rows in display order of their category: alphabetical, Other then Unknown last; one row a category."""
    rank = {c: i for i, c in enumerate(ordered(characteristic, rows["category"].to_list()))}
    return (
        rows.unique("category", keep="last", maintain_order=True)
        .with_columns(pl.col("category").replace_strict(rank, default=len(rank), return_dtype=pl.Int64).alias("_rank"))
        .sort("_rank", maintain_order=True)
        .drop("_rank")
    )


def _label(name: str) -> str:
    return say.label(name[:1].upper() + name[1:])


def _as_labelled(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as a chart draws them: categories as readers see them."""
    return rows.with_columns(
        pl.col("category").map_elements(_label, return_dtype=pl.String),
        pl.col("reference").map_elements(_label, return_dtype=pl.String),
    )


def _words_for(rows: pl.DataFrame, opening: str) -> str:
    """Words that serve the purpose of a chart of ratios: every group with its ratio and interval."""
    parts = []
    for r in rows.iter_rows(named=True):
        if r["ratio"] is None or r["status"] != "shown":
            parts.append(f"{_label(r['category'])}: not shown")
        elif r["category"] == r["reference"]:
            parts.append(f"{_label(r['category'])}: the reference group, 1")
        else:
            limits = (
                f" (95% interval {say.interval(r['ratio_low'], r['ratio_high'])})" if r["ratio_low"] is not None else ""
            )
            parts.append(f"{_label(r['category'])}: {say.ratio(r['ratio'])}{limits}")
    return f"{opening} {'; '.join(parts)}. The table under the picture has every number."


def _directions(measure: Measure) -> dict[str, str]:
    if measure.counts == "events":
        return {"less": "Lower rate", "more": "Higher rate"}
    return {"less": "Less likely", "more": "More likely"}


def _against(rows: pl.DataFrame) -> str:
    first = rows.row(0, named=True)
    return say.people(first["characteristic"], first["reference"] or "all", first["sex"])


def _key(rows: pl.DataFrame) -> str:
    words = (
        f"Dot: ratio to {_against(rows)}, filled where the 95% interval leaves out 1. "
        "Line through the dot: the 95% interval, often narrower than the dot."
    )
    if rows["bound_high"].drop_nulls().len():
        words += " Pale bar: how far the ratio could move, whichever groups those of unknown category belong to."
    return words + " The scale is logarithmic: twice and half are equally far from the line."


def _now(
    slug: str, measure: Measure, characteristic: str, latest: pl.DataFrame, cite: Cite, baseline: Baseline | None
) -> Section:
    groups = in_order(latest.filter(pl.col("level") == "groups"), characteristic)
    name = say.title_of(characteristic).lower()
    first = latest.row(0, named=True)
    when = say.period(first["period"], first["period_start"], first["period_end"])
    tables, words = _cited(cite, latest, measure)
    if groups.is_empty():
        return Section("now", f"By {name}", ("No group is published for this date.", *words), tables=tables)
    if baseline is None or groups["ratio"].drop_nulls().is_empty():
        shown = groups.filter(pl.col("share").is_not_null())
        alt = "; ".join(f"{_label(r['category'])}: {say.percent(r['share'])}" for r in shown.iter_rows(named=True))
        picture = charts.bars(
            f"{slug}-groups",
            _as_labelled(groups),
            title=f"{measure.title} by {name}, {when}",
            subtitle=f"Share of those whose {name} is known, {first['place']}",
            alt_text=f"Bar chart of shares from zero. {alt or 'No share is shown'}. The table has every number.",
        )
        return Section("now", "Shares", words, picture, "Bars begin at zero.", tables)
    against = _against(groups)
    picture = charts.ratios(
        f"{slug}-groups",
        _as_labelled(groups),
        title=f"{measure.title} by {name}, {when}: ratio to {against}",
        subtitle=f"{first['place']}. Population: {baseline.title}",
        alt_text=_words_for(groups, f"Dot chart of ratios to {against}, on a logarithmic scale with parity at 1."),
        **_directions(measure),
    )
    return Section("now", f"Ratios by {name}", words, picture, _key(groups), tables)


def _cited(cite: Cite, rows: pl.DataFrame, measure: Measure) -> tuple[tuple[CitedTable, ...], tuple[str, ...]]:
    """The cited table of a slice, or the words that say why there is none."""
    try:
        return (cite(rows, measure),), ()
    except CitationMissing as missing:
        return (), (f"No table is shown: {missing}",)


def _detail(slug: str, measure: Measure, characteristic: str, latest: pl.DataFrame) -> list[Section]:
    detail = in_order(latest.filter(pl.col("level") == "detail"), characteristic)
    shown = detail.filter(pl.col("ratio").is_not_null() & (pl.col("status") == "shown"))
    if shown.height < 2:
        return []
    name = say.title_of(characteristic).lower()

    def parent(name: str) -> str:
        known = category(characteristic, name)
        return (known.parent if known else None) or "Other"

    detail = detail.with_columns(pl.col("category").map_elements(parent, return_dtype=pl.String).alias("parent"))
    rank = {p: i for i, p in enumerate(ordered(characteristic, detail["parent"].to_list()))}
    detail = detail.sort(pl.col("parent").replace_strict(rank, return_dtype=pl.Int64), maintain_order=True)
    against = _against(detail)
    picture = charts.ratios(
        f"{slug}-detail",
        _as_labelled(detail),
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


def _by_sex(
    slug: str, measure: Measure, characteristic: str, rows: pl.DataFrame, last: str, cite: Cite
) -> list[Section]:
    name = say.title_of(characteristic).lower()
    sexed = rows.filter((pl.col("sex") != "all") & (pl.col("period") == last))
    if sexed.is_empty():
        return []
    tables: tuple[CitedTable, ...] = ()
    words: tuple[str, ...] = ()
    parts = []
    for sex, part in sorted(sexed.group_by(["sex"]), key=lambda pair: str(pair[0][0])):
        slice_ = part.filter(pl.col("baseline").eq_missing(pl.lit(part.sort("baseline")["baseline"][0], pl.String)))
        found, missing = _cited(cite, slice_, measure)
        tables, words = tables + found, words + missing
        noun = {"female": "Women", "male": "Men"}.get(str(sex[0]), str(sex[0]))
        parts.append(
            in_order(slice_.filter(pl.col("level") == "groups"), characteristic).with_columns(panel=pl.lit(noun))
        )
    together = pl.concat(parts)
    if together["ratio"].drop_nulls().is_empty():
        return [Section("sex", "Women and men", words, tables=tables, folded=True)]
    picture = charts.ratios(
        f"{slug}-sex",
        _as_labelled(together),
        title=f"Women compared with women, men with men, by {name}",
        subtitle="Each ratio is to the reference group of the same sex",
        alt_text=_words_for(together, "Dot chart of ratios within each sex: first women, then men."),
        panel="panel",
        **_directions(measure),
    )
    base = together["baseline"].drop_nulls()
    words = (
        "Populations by sex are held for fewer baselines, so this chart may rest on another one than the first: "
        f"{base[0]}." if len(base) else "",
        *words,
    )  # fmt: skip
    key = "As in the first chart."
    return [Section("sex", "Women and men", tuple(w for w in words if w), picture, key, tables, folded=True)]


def _then(slug: str, measure: Measure, characteristic: str, everyone: pl.DataFrame, last: str) -> list[Section]:
    """The latest ratios beside those five years before, on the same baseline; never across a break."""
    now = in_order(everyone.filter((pl.col("period") == last) & (pl.col("level") == "groups")), characteristic)
    now = now.filter(pl.col("ratio").is_not_null() & (pl.col("category") != pl.col("reference")))
    if now.is_empty():
        return []
    end = now["period_end"][0]
    try:
        before_end = end.replace(year=end.year - YEARS_BACK)
    except ValueError:  # because 29 February has no counterpart in most years
        before_end = end.replace(year=end.year - YEARS_BACK, day=28)
    before = everyone.filter(
        (pl.col("period_end") == before_end) & (pl.col("level") == "groups") & pl.col("ratio").is_not_null()
    )
    if before.is_empty():
        return []
    then = {r["category"]: r for r in before.iter_rows(named=True)}
    lines = []
    for r in now.iter_rows(named=True):
        old = then.get(r["category"])
        if old is None:
            lines.append((_label(r["category"]), "not shown", _with_interval(r), "not comparable"))
            continue
        if old["definition_id"] != r["definition_id"]:
            reading = "not compared: the counting rule changed"
        elif old["ratio_high"] < r["ratio_low"]:
            reading = "higher"
        elif old["ratio_low"] > r["ratio_high"]:
            reading = "lower"
        else:
            reading = "about the same: the intervals overlap"
        lines.append((_label(r["category"]), _with_interval(old), _with_interval(r), reading))
    grid = Grid(
        f"Ratio to {_against(now)}, five years apart, on the same baseline, with 95% intervals",
        (say.title_of(characteristic), say.day(before_end), say.day(end), "Reading"),
        tuple(lines),
        numeric=False,
    )
    return [Section("then", "Compared with five years before", grids=(grid,))]


def _with_interval(row: Mapping[str, Any]) -> str:
    if row["ratio"] is None or row["status"] != "shown":
        return str(row["status"])
    if row["ratio_low"] is None:
        return say.ratio(row["ratio"])
    return f"{say.ratio(row['ratio'])} ({say.interval(row['ratio_low'], row['ratio_high'])})"


def _trend(
    slug: str, held: Held, measure: Measure, characteristic: str, everyone: pl.DataFrame, baseline: Baseline | None
) -> list[Section]:
    name = say.title_of(characteristic).lower()
    groups = everyone.filter(pl.col("level") == "groups")
    value = "ratio" if baseline is not None and groups["ratio"].drop_nulls().len() else "share"
    drawn = groups.filter(pl.col(value).is_not_null() & (pl.col("category") != pl.col("reference")) if value == "ratio"
                          else pl.col(value).is_not_null())  # fmt: skip
    order = list(ordered(characteristic, drawn["category"].unique(maintain_order=True).to_list()))
    if drawn["period"].n_unique() < 3 or not order:
        return _few(slug, characteristic, groups, value)
    labelled = _as_labelled(drawn)
    against = _against(groups)
    cut = charts.breaks(drawn, value)
    picture = charts.trend(
        f"{slug}-trend",
        labelled,
        order=[_label(c) for c in order],
        value=value,
        title=(
            f"Ratio to {against} over time" if value == "ratio" else f"Share of those whose {name} is known, over time"
        ),
        subtitle=f"{everyone['place'][0]}. Every panel has the same scales"
        + (f". Population: {baseline.title}" if baseline and value == "ratio" else ""),
        alt_text=_trend_words(drawn, order, value),
    )
    words = []
    early = groups.filter(pl.col(value).is_null() & pl.col("reason").is_not_null() & (pl.col("status") != "shown"))
    for (reason,), part in early.group_by(["reason"], maintain_order=True):
        dates = part.sort("period_end")["period_end"]
        whom = ", ".join(_label(c) for c in ordered(characteristic, part["category"].unique().to_list()))
        words.append(f"Not shown from {say.day(dates[0])} to {say.day(dates[-1])} ({whom}): {say.clean(str(reason))}")
    key = "Shaded band: the 95% interval. " if value == "ratio" else ""
    if cut:
        key += "Dashed line: what is counted changed, so the line is cut and the two sides are not compared. "
        key += " ".join(_break_reasons(held, measure, drawn, cut))
    grids: tuple[Grid, ...] = (_history(characteristic, groups, order, value),)
    if value == "ratio":
        whole = list(ordered(characteristic, groups["category"].unique(maintain_order=True).to_list()))
        grids = (*grids, _history(characteristic, groups, whole, "share"))
    return [Section("trend", "Over time", tuple(words), picture, key.strip(), grids=grids, folded=True)]


def _few(slug: str, characteristic: str, groups: pl.DataFrame, value: str) -> list[Section]:
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
        part = drawn.filter(pl.col("category") == name).sort("period_end")
        first, last = part.row(0, named=True), part.row(-1, named=True)
        parts.append(
            f"{_label(name)}: {form(first[value])} on {say.day(first['period_end'])}, "
            f"{form(last[value])} on {say.day(last['period_end'])}"
        )
    return f"Line charts, one a group. {'; '.join(parts)}. Tables of every date are under the picture."


def _break_reasons(
    held: Held, measure: Measure, drawn: pl.DataFrame, cut: Mapping[str, Sequence[dt.date]]
) -> list[str]:
    """What changed at each break, in the declaration's words."""
    source = held.publications.get(measure.publication)
    declared = {d.id: d for d in source.definition} if source else {}
    said = []
    for name in cut:
        used = drawn.filter(pl.col("category") == name)["definition_id"].unique(maintain_order=True)
        parts = [(definition or "").split("+") for definition in used]
        changed = [p for p in dict.fromkeys(itertools.chain(*parts)) if not all(p in each for each in parts)]
        for part in changed:
            if part in declared:
                groups = ", ".join(
                    _label(c) for c in cut if not declared[part].categories or c in declared[part].categories
                )
                said.append(declared[part].reason + (f" ({groups})" if declared[part].categories else ""))
    return list(dict.fromkeys(said))


def _history(characteristic: str, groups: pl.DataFrame, order: Sequence[str], value: str) -> Grid:
    """Every period down, groups across: the twin of the trend."""
    kept = groups.filter(pl.col("category").is_in(list(order))).with_columns(
        system=pl.col("definition_id").fill_null("").str.split("+").list.first()
    )
    twice = {p for (p,), part in kept.group_by(["period"]) if part["system"].n_unique() > 1}
    table: dict[tuple[dt.date, str], dict[str, str]] = {}
    names: dict[tuple[dt.date, str], str] = {}
    for r in kept.sort("period_end", descending=True).iter_rows(named=True):
        key = (r["period_end"], r["system"])
        names[key] = (
            (say.day(r["period_end"]) if r["period_start"] in (None, r["period_end"]) else say.clean(r["period"]))
            + (f" ({r['system'].replace('-', ' ')})" if r["period"] in twice else "")
        )  # fmt: skip
        if value == "ratio":
            text = "reference, 1" if r["category"] == r["reference"] else _with_interval(r)
        else:
            text = say.percent(r["share"]) if r["share"] is not None else "not shown"
        table.setdefault(key, {})[r["category"]] = text
    if value == "ratio":
        table = {
            k: v for k, v in table.items() if any(t not in ("withheld", "refused", "reference, 1") for t in v.values())
        }
    what = "Ratios with 95% intervals" if value == "ratio" else "Share of those whose category is known"
    return Grid(
        f"{what} by {say.title_of(characteristic).lower()}, every period held",
        ("Period", *(_label(c) for c in order)),
        tuple((names[k], *(cells.get(c, "not published") for c in order)) for k, cells in table.items()),
    )


def _baselines(
    slug: str, held: Held, measure: Measure, characteristic: str, rows: pl.DataFrame, last: str
) -> list[Section]:
    """The same count against every population declared for it: the baseline moves the headline."""
    here = rows.filter((pl.col("period") == last) & (pl.col("sex") == "all") & (pl.col("level") == "groups"))
    fits = [f for f in measure.fit if characteristic in f.characteristics]
    used = [f for f in fits if f.baseline in set(here["baseline"].drop_nulls())]
    if len(used) < 2:
        return []
    known = held.baselines
    titles = {f.baseline: known[f.baseline].title if f.baseline in known else f.baseline for f in used}
    order = [c for c in ordered(characteristic, here["category"].unique(maintain_order=True).to_list())
             if c != here["reference"][0]]  # fmt: skip
    columns = []
    for fit in used:
        mine = {r["category"]: r for r in here.filter(pl.col("baseline") == fit.baseline).iter_rows(named=True)}
        columns.append([_with_interval(mine[c]) if c in mine else "not published" for c in order])
    grid = Grid(
        f"Ratio to {_against(here)}, by population compared with, 95% intervals",
        (
            say.title_of(characteristic),
            *(titles[f.baseline] for f in used),
        ),
        tuple((_label(c), *(column[i] for column in columns)) for i, c in enumerate(order)),
    )
    words = (
        "The population decides the ratio at least as much as the count does. Groups differ in age, so a population "
        "of all ages and one of adults give different ratios for the same count.",
        *(f"{titles[f.baseline]}: {f.sentence.rstrip('.')}." for f in used),
    )
    return [Section("baselines", "Against other populations", words, grids=(grid,))]


# --- what is and is not published -------------------------------------------------------------------------------------


def _evidence(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _gap(row: Mapping[str, Any]) -> dict[str, Any]:
    evidence = _evidence(row["evidence"])
    categories = [say.label(str(c)) for c in evidence.get("categories", [])]
    state = row["state"]
    under = {
        "present": f"{len(categories)} categories" if categories else "",
        "partial": f"{len(categories)} categories" if categories else "",
        "absent": f"{evidence.get('sheets')} inspected" if isinstance(evidence.get("sheets"), int) else "",
        "not_looked": "no file held",
    }.get(state, "")
    sheets = evidence.get("sheets")
    return {
        **row,
        "word": STATES.get(state, state.replace("_", " ").capitalize()),
        "under": under,
        "categories": categories,
        "sheets": [str(s) for s in sheets] if isinstance(sheets, list) else [],
        "sha256": evidence.get("sha256", []),
        "source": evidence.get("source", ""),
        "unknown": say.percent(row["unknown_share"]) if row["unknown_share"] is not None else "",
        "since_words": say.day(row["since"]) if row["since"] else "",
        "reason": say.clean(row["reason"] or ""),
    }


def _by_publication(held: Held) -> dict[str, dict[str, list[dict[str, Any]]]]:
    rank = {"S1": 0, "S2": 1, "S3": 2, "S4": 3}
    table: dict[str, dict[str, list[dict[str, Any]]]] = {p: {} for p in held.publications}
    rows = sorted(held.gaps.iter_rows(named=True), key=lambda r: (rank.get(r["severity"], 9), r["state"]))
    for row in rows:
        table.setdefault(row["publication"], {}).setdefault(row["characteristic"], []).append(_gap(row))
    return table


def least_covered_first(gaps: pl.DataFrame) -> tuple[list[str], list[str]]:
    """The nine protected characteristics, then those beside them; each list begins with the least covered."""
    counts = {
        c.id: gaps.filter((pl.col("characteristic") == c.id) & pl.col("state").is_in(_HELD))["publication"].n_unique()
        for c in CHARACTERISTICS
    }
    nine = sorted((c.id for c in CHARACTERISTICS if c.protected), key=lambda c: counts[c])
    beside = sorted((c.id for c in CHARACTERISTICS if not c.protected), key=lambda c: counts[c])
    return nine, beside


def coverage(held: Held) -> Page:
    """The matrix: publications down, nine characteristics and those beside across, least covered first."""
    nine, beside = least_covered_first(held.gaps)
    table = _by_publication(held)
    return Page(
        "coverage.html",
        "coverage.html",
        "What is published, and what is not",
        "coverage",
        {
            "nine": [(c, say.title_of(c)) for c in nine],
            "beside": [(c, say.title_of(c)) for c in beside],
            "rows": [(slug, _title(held, slug), cells) for slug, cells in table.items()],
            "wide": True,
        },
    )


def _title(held: Held, slug: str) -> str:
    known = held.publications.get(slug) or held.populations.get(slug)
    return say.clean(known.title) if known else slug


def publication(held: Held, slug: str) -> Page:
    """The evidence about one publication: each characteristic, the files, what the checks found."""
    record = held.publications[slug]
    cells = _by_publication(held).get(slug, {})
    return Page(
        f"publication-{slug}.html",
        "publication.html",
        say.clean(record.title),
        "coverage",
        {
            "record": record,
            "rows": [(c.id, c.title, c.protected, cells.get(c.id, [])) for c in CHARACTERISTICS],
            "files": _files(held, slug),
            "findings": _findings(held.findings.filter(pl.col("publication") == slug)),
        },
    )


def _findings(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Findings as shown: those that failed or could not be made, worst first as the store gives them."""
    return [
        {
            **r,
            "word": _SEVERITIES.get(r["severity"], r["severity"]),
            "message": say.clean(r["message"] or ""),
            "where": runs(r["cells"] or []),
            "check_words": say.clean(r["check"].replace("_", " ")),
        }
        for r in frame.iter_rows(named=True)
        if r["state"] != "passed"
    ]


def checks(held: Held) -> Page:
    """What the checks found, in their own plain words, with the cells."""
    groups = []
    for slug in [*held.publications, *held.populations]:
        found = _findings(held.findings.filter(pl.col("publication") == slug))
        if found:
            groups.append((slug, _title(held, slug), found, slug in held.publications))
    return Page("checks.html", "checks.html", "What the checks found", "checks", {"groups": groups})


def _files(held: Held, slug: str) -> list[dict[str, Any]]:
    record = held.publications.get(slug) or held.populations.get(slug)
    rows = []
    for a in held.artefacts.filter(pl.col("publication") == slug).iter_rows(named=True):
        sheets = held.surveyed.filter(pl.col("artefact_sha256") == a["sha256"])["sheet"].unique(maintain_order=True)
        rows.append(
            {
                **a,
                "sheets": [say.clean(str(s)) for s in sheets],
                "hash": a["original_sha256"] or a["sha256"],
                "citation": say.citation(
                    {**a, "original_sha256": a["original_sha256"] or a["sha256"]},
                    designation=record.designation if record else "",
                ),
                "transcribed": a["kind"] == "transcription",
            }
        )
    return rows


def sources(held: Held) -> Page:
    """Every file that figures rest on, with its hash, where it came from and its licence."""
    statistics = [(s, _title(held, s), _files(held, s)) for s in held.publications]
    populations = [(s, _title(held, s), _files(held, s)) for s in held.populations]
    return Page(
        "sources.html",
        "sources.html",
        "Sources",
        "sources",
        {
            "statistics": [x for x in statistics if x[2]],
            "populations": [x for x in populations if x[2]],
            "licence": say.licence(held.artefacts["licence"].drop_nulls().unique().sort().to_list()) or say.OGL_LINE,
        },
    )


# --- the landing page -------------------------------------------------------------------------------------------------


def not_looked(held: Held) -> list[tuple[str, str]]:
    """Publications of which nothing is held and at which nobody has looked: slug and title."""
    slugs = held.gaps.filter(pl.col("state") == "not_looked")["publication"].unique(maintain_order=True)
    return [(s, _title(held, s)) for s in slugs]


def _headlines(measured: Sequence[Page]) -> list[Page]:
    """Three pages whose headline opens the site: the first of each measure, in the order of the pages."""
    first: dict[str, Page] = {}
    for page in measured:
        if page.context["card"]:
            first.setdefault(page.context["measure"].id, page)
    return list(first.values())[:3]


def index(held: Held, measured: Sequence[Page]) -> Page:
    """The landing page: what is held, headline disparities, what is missing, what the checks found."""
    latest = held.disparities["period_end"].drop_nulls()
    titles = held.artefacts.filter(pl.col("publication").is_in(list(held.publications)))
    missing = [
        {**_gap(r), "title": _title(held, r["publication"]), "name": say.title_of(r["characteristic"])}
        for r in held.gaps.sort("severity", "publication", "characteristic").iter_rows(named=True)
        if r["state"] not in _QUIET
    ]
    absent = held.gaps.filter(pl.col("state") == "absent")
    nine, _ = least_covered_first(held.gaps)
    never = [
        say.title_of(c)
        for c in nine
        if held.gaps.filter((pl.col("characteristic") == c) & pl.col("state").is_in(_HELD)).is_empty()
    ]
    return Page(
        "index.html",
        "index.html",
        "Justice Disparity Monitor",
        "index",
        {
            "measured": measured,
            "cards": _headlines(measured),
            "leads": [p for p in measured if p.context["lead"]],
            "to": say.day(latest.max()) if len(latest) else "",  # type: ignore[arg-type]
            "publications_held": titles["publication"].n_unique(),
            "publications": len(held.publications),
            "files": held.artefacts.height,
            "transcribed": bool(len(held.artefacts)) and set(held.artefacts["kind"]) == {"transcription"},
            "missing": missing,
            "absent": absent.height,
            "absent_in": absent["publication"].n_unique(),
            "never": never,
            "critical": held.findings.filter((pl.col("severity") == "critical") & (pl.col("state") != "passed")).height,
            "found": held.findings.filter(pl.col("state") != "passed").height,
        },
    )
