"""Charts of disparities as Vega-Lite, wide and narrow, each with words that say what it shows. Pure."""

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from dashboards import sentences as say
from monitor.statistics.funnel import OUTLYING
from monitor.statistics.verdict import DIRECTIONS

FONT = "Public Sans"
INK, GREY, RULE, PALE, PAPER = "#1d2733", "#56616d", "#dde1e6", "#cfd8e6", "#ffffff"
ACCENT = "#12436d"
"""Every colour used; the style sheet maps each to its counterpart on dark paper."""

WIDE, NARROW = 700, 286
"""Widths of the two pictures in CSS pixels; the narrow one fits a screen of 320."""
LIMITS = (1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 32.0)
"""How far the symmetric ratio axis may reach on either side of parity."""
TICKS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0, 8.0, 16.0)

DOTS = 25
"""With more periods than this a trend has a dot a year, so that a page stays small; the line has every period."""

PRECISION = "Precision: 1 / standard error"
_FUNNEL_LIMITS = {"a": "low_95", "b": "high_95", "c": "low_998", "d": "high_998"}
NAMED = 6
"""Places beyond the limits of a funnel up to which each is named in the picture."""

_TICK_WORDS = (
    "datum.value == 1 ? 'Same' : datum.value > 1 ? format(datum.value, '~r') + '×' "
    ": '1/' + format(1 / datum.value, '~r')"
)
_THEME: dict[str, Any] = {
    "font": FONT,
    "background": "transparent",
    "padding": {"left": 2, "right": 2, "top": 4, "bottom": 2},
    "axis": alt.AxisConfig(labelFontSize=12, labelColor=GREY, gridWidth=1, tickColor=GREY),
    "view": alt.ViewConfig(stroke=None),
    "aria": True,
}
_SCALE: dict[str, Any] = {"title": None, "domain": False, "ticks": False, "gridColor": RULE}
_NAMES: dict[str, Any] = {"title": None, "domain": False, "ticks": False, "labelColor": INK, "labelFontSize": 13}
_PANEL: dict[str, Any] = {"title": None, "labelOrient": "top", "labelAnchor": "start", "labelFontWeight": "bold"}
_PANEL |= {"labelFontSize": 13, "labelColor": INK}
_BESIDE: dict[str, Any] = {"align": "left", "dx": 8, "dy": 0}
_ABOVE: dict[str, Any] = {"align": "right", "dx": 0, "dy": -18}
"""Where the words of a bar stand: after it, or over its end where there is no room."""
_LONGEST = 34
_POINTS = alt.NamedData("points")
"""Stands for a chart's points until they are put in."""


@dataclass(frozen=True)
class Picture:
    """A chart ready to be rendered: both widths as Vega-Lite, and the words that stand for it."""

    id: str
    title: str
    subtitle: str
    alt: str
    wide: dict[str, Any]
    narrow: dict[str, Any]
    data: pl.DataFrame
    """What the CSV download holds: the rows that were drawn, whole."""


def reach(rows: pl.DataFrame) -> float:
    """How far the symmetric axis must reach for every interval and bound drawn: one of `LIMITS`."""
    columns = ("ratio", "ratio_low", "ratio_high", "bound_low", "bound_high", "census_low", "census_high")
    drawn = [v for c in columns if c in rows.columns for v in rows[c].drop_nulls() if v > 0 and math.isfinite(v)]
    far = max([1.2, *drawn, *(1 / value for value in drawn)])
    return next((limit for limit in LIMITS if limit >= far), LIMITS[-1])


def ratios(
    id: str,
    rows: pl.DataFrame,
    *,
    title: str,
    subtitle: str,
    alt_text: str,
    less: str = "Less likely",
    more: str = "More likely",
    panel: str | None = None,
) -> Picture:
    """A ratio a row, with its interval and bounds; `rows` in display order, `panel` the column that splits them."""
    limit = reach(rows)
    points = _ratio_points(rows, panel, limit)

    def chart(narrow: bool) -> Any:
        return _ratio_chart(points, limit, less, more, panel is not None, narrow=narrow)

    return _picture(chart, points, rows, (id, title, subtitle, alt_text))


def _ratio_points(rows: pl.DataFrame, panel: str | None, limit: float) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = []
    taken: dict[str, set[str]] = {}
    for i, row in enumerate(rows.iter_rows(named=True)):
        where = shorten(str(row[panel])) if panel else ""
        shown = row["ratio"] is not None and row["ratio"] > 0 and row["status"] == "shown"
        first = int(where not in taken)
        group = _apart(row["category"], taken.setdefault(where, set()))
        point: dict[str, Any] = {"g": group, "i": i, "p": where, "f": first}
        if shown and row["category"] == row["reference"]:
            point |= {"r": 1, "t": "reference group", "n": "reference"}
        elif shown:
            low, high = row["ratio_low"], row["ratio_high"]
            point |= {"r": _short(row["ratio"]), "t": say.ratio(row["ratio"]), "n": say.ratio(row["ratio"])}
            if low is not None and high is not None:
                point |= {
                    "l": _short(max(low, 1 / limit)),
                    "h": _short(min(high, limit)),
                    "t": f"{say.ratio(row['ratio'])}  ({say.interval(low, high)})",
                    "k": int(row["verdict"] in DIRECTIONS),
                }
            if row["bound_low"] is not None and row["bound_high"] is not None:
                point |= {"a": _short(max(row["bound_low"], 1 / limit)), "b": _short(min(row["bound_high"], limit))}
            if row["census_low"] is not None and row["census_low"] < row["census_high"]:
                point |= {"c": _short(max(row["census_low"], 1 / limit)), "d": _short(min(row["census_high"], limit))}
        else:
            point["w"] = "reference group, 1" if row["category"] == row["reference"] else "not shown: see the table"
        points.append(point)
    return points


def _ratio_chart(
    points: list[dict[str, Any]], limit: float, less: str, more: str, panels: bool, *, narrow: bool
) -> alt.Chart | alt.LayerChart | alt.FacetChart:
    names = [p["g"] for p in points]
    label_room = min(max(8 + 7 * max(map(len, names), default=0), 90), 235)
    plot, room, down, step = (NARROW, NARROW, 6, 46) if narrow else (WIDE - label_room - 150, label_room, 0, 32)
    ticks = [t for t in TICKS if 1 / limit <= t <= limit]
    if narrow and len(ticks) > 7:
        ticks = [t for t in ticks if t == 1 or round(math.log2(t)) % 2 == 0]
    scale = alt.Scale(type="log", domain=[1 / limit, limit], nice=False)
    x_axis = alt.Axis(values=ticks, labelExpr=_TICK_WORDS, **_SCALE)
    y_axis = alt.Axis(labelLimit=room, labelPadding=12, labels=not narrow, **_NAMES)
    base = alt.Chart().encode(y=alt.Y("g:N", sort=list(dict.fromkeys(names)), axis=y_axis))

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=x_axis)

    tooltip = [alt.Tooltip("g:N", title="Group"), alt.Tooltip("t:N", title="Ratio (95% interval)")]
    fill = alt.FillValue(PAPER, condition={"test": "datum.k == 1", "value": ACCENT})
    layers = [
        _having(base, "a").mark_rule(strokeWidth=9, color=PALE, aria=False, yOffset=down).encode(x=x("a"), x2="b:Q"),
        base.transform_filter("datum.f == 1")
        .mark_rule(strokeWidth=1.5, color=INK, aria=False)
        .encode(x=alt.XDatum(1, scale=scale), y=alt.YValue(0), y2=alt.Y2Value("height")),
        _having(base, "c")
        .mark_rule(strokeWidth=1.5, color=GREY, aria=False, yOffset=down + 9)
        .encode(x=x("c"), x2="d:Q"),
        _having(base, "l")
        .mark_rule(strokeWidth=2.5, color=ACCENT, aria=False, yOffset=down)
        .encode(x=x("l"), x2="h:Q"),
        _having(base, "r")
        .mark_point(shape="circle", size=50, strokeWidth=2, opacity=1, aria=False, yOffset=down, stroke=ACCENT)
        .encode(x=x("r"), fill=fill, tooltip=tooltip),
        *_names_inside(base, narrow),
        _having(base, "t")
        .mark_text(align="right" if narrow else "left", fontSize=13, color=INK, aria=False, dy=-18 if narrow else 0)
        .encode(text="n:N" if narrow else "t:N", x=alt.XValue(NARROW if narrow else plot + 14)),
        _having(base, "w")
        .mark_text(align="left", fontSize=12, color=GREY, aria=False, dx=8, dy=down)
        .encode(text="w:N", x=alt.XDatum(1, scale=scale)),
        base.transform_filter("datum.i == 0")
        .mark_text(align="right", fontSize=12, color=GREY, aria=False, dx=-8)
        .encode(text=alt.TextValue(less), x=alt.XDatum(1, scale=scale), y=alt.YValue(-10)),
        base.transform_filter("datum.i == 0")
        .mark_text(align="left", fontSize=12, color=GREY, aria=False, dx=8)
        .encode(text=alt.TextValue(more), x=alt.XDatum(1, scale=scale), y=alt.YValue(-10)),
    ]
    layered = alt.layer(*layers).properties(width=plot, height=alt.Step(step))
    if not panels:
        return layered.properties(data=_POINTS)
    order = list(dict.fromkeys(p["p"] for p in points))
    facet = alt.Facet("p:N", sort=order, header=alt.Header(labelPadding=12 if narrow else 6, **_PANEL))
    chart = alt.FacetChart(data=_POINTS, spec=layered, facet=facet, columns=1)
    return chart.resolve_scale(y="independent").properties(spacing=18)


def _having(base: alt.Chart, field: str) -> alt.Chart:
    return base.transform_filter(f"isValid(datum.{field})")


def _names_inside(base: alt.Chart, narrow: bool) -> list[alt.Chart]:
    """Names over their marks, haloed, in a narrow picture; empty layers in a wide one, so the two differ little."""
    base = base.transform_filter("true" if narrow else "false")
    at: dict[str, Any] = {"align": "left", "fontSize": 13, "dy": -18, "aria": False}
    return [
        base.mark_text(stroke=PAPER, strokeWidth=4, color=PAPER, **at).encode(text="g:N", x=alt.XValue(0)),
        base.mark_text(color=INK, **at).encode(text="g:N", x=alt.XValue(0)),
    ]


def trend(
    id: str, rows: pl.DataFrame, *, order: Sequence[str], value: str, title: str, subtitle: str, alt_text: str
) -> Picture:
    """One panel a group, on the same scales: ratio (log, parity marked) or share (percentages from zero).

    `value` is `ratio` or `share`; rows without it are left out. The line is cut at every change of
    `definition_id`, and a dashed rule marks where the new counting rule begins.
    """
    points = _trend_points(rows, order, value)

    def chart(narrow: bool) -> Any:
        return _trend_chart(points, rows, order, value, narrow=narrow)

    return _picture(chart, points, rows, (id, title, subtitle, alt_text))


def breaks(rows: pl.DataFrame, value: str) -> dict[str, list[dt.date]]:
    """For each category, the dates at which a new definition begins among the rows that carry a value."""
    found: dict[str, list[dt.date]] = {}
    kept = rows.filter(pl.col(value).is_not_null())
    for (category,), part in kept.group_by(["category"], maintain_order=True):
        starts = part.group_by("definition_id").agg(pl.col("period_end").min()).sort("period_end")["period_end"]
        if starts.len() > 1:
            found[str(category)] = starts.to_list()[1:]
    return found


def _trend_points(rows: pl.DataFrame, order: Sequence[str], value: str) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = []
    kept = rows.filter(pl.col(value).is_not_null() & pl.col("category").is_in(list(order)))
    scale = 100 if value == "share" else 1
    segments = kept["definition_id"].unique(maintain_order=True).to_list()
    latest = kept["period_end"].max()
    many = kept["period_end"].n_unique() > DOTS
    alone = {key for key, part in kept.group_by(["category", "definition_id"], maintain_order=True) if part.height == 1}
    for row in kept.sort("period_end", "definition_id").iter_rows(named=True):
        point = {"g": shorten(row["category"]), "x": decimal_year(row["period_end"]), "y": _short(row[value] * scale)}
        point["s"] = segments.index(row["definition_id"])
        anniversary = (row["period_end"].month, row["period_end"].day) == (latest.month, latest.day)  # type: ignore[union-attr]
        if not many or anniversary or (row["category"], row["definition_id"]) in alone:
            point["d"] = row["period"]
        if value == "ratio" and row["ratio_low"] is not None and row["ratio_low"] > 0:
            point |= {"l": _short(row["ratio_low"]), "h": _short(row["ratio_high"])}
            if row["ratio_extrapolated"] is not None:
                point["e"] = _short(row["ratio_extrapolated"])
        points.append(point)
    for category, dates in breaks(rows, value).items():
        if category in order:
            points += [{"g": shorten(category), "c": decimal_year(date)} for date in dates]
    return points


def _trend_chart(
    points: list[dict[str, Any]], rows: pl.DataFrame, order: Sequence[str], value: str, *, narrow: bool
) -> alt.FacetChart:
    columns = 2 if narrow else 3 if len(order) in (5, 6) else min(4, max(2, len(order)))
    plot, between = (NARROW - 34, 14) if narrow else (WIDE - 44, 20)
    width = (plot - between * (columns - 1)) // columns
    names = [shorten(c) for c in order]
    dates = [p["x"] for p in points if "x" in p] or [2000.0, 2001.0]
    first, last = math.floor(min(dates)), math.floor(max(dates))
    years = [first, last] if narrow else sorted({first, (first + last) // 2, last})
    x_axis = alt.Axis(values=years, format="d", title=None, grid=False, labelFlush=True, domainColor=GREY)
    x = alt.X("x:Q", scale=alt.Scale(domain=[first, max(dates) + 0.1], nice=False), axis=x_axis)
    if value == "ratio":
        limit = reach(rows.filter(pl.col("category").is_in(list(order))).drop("bound_low", "bound_high"))
        scale: Any = alt.Scale(type="log", domain=[1 / limit, limit], nice=False)
        ticks = [t for t in TICKS if 1 / limit <= t <= limit]
        y_axis = alt.Axis(values=ticks, labelExpr=_TICK_WORDS, **_SCALE)
    else:
        top = max((p["y"] for p in points if "y" in p), default=1.0)
        scale = alt.Scale(domain=[0, top * 1.08], nice=True, zero=True)
        y_axis = alt.Axis(tickCount=4, labelExpr="datum.label + '%'", **_SCALE)
    base = alt.Chart()

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=y_axis)

    label, places = ("Ratio", ".2f") if value == "ratio" else ("Share, %", ".1f")
    tooltip = [alt.Tooltip("g:N", title="Group"), alt.Tooltip("d:N", title="Period")]
    tooltip.append(alt.Tooltip("y:Q", title=label, format=places))
    layers: list[alt.Chart] = []
    if value == "ratio":
        layers.append(
            _having(base, "l").mark_area(color=PALE, aria=False).encode(x=x, y=y("l"), y2="h:Q", detail="s:N")
        )
        parity = base.mark_rule(strokeWidth=1.2, color=INK, aria=False).encode(y=alt.YDatum(1, scale=scale))
        layers.append(parity.transform_aggregate(n="count()", groupby=["g"]))
    layers += [
        _having(base, "y")
        .mark_line(color=ACCENT, strokeWidth=2, aria=False, strokeJoin="round")
        .encode(x=x, y=y("y"), detail="s:N"),
        _having(base, "e")
        .mark_line(color=GREY, strokeWidth=1.5, strokeDash=[1, 2], aria=False)
        .encode(x=x, y=y("e"), detail="s:N"),
        _having(base, "d")
        .mark_point(color=ACCENT, fill=ACCENT, filled=True, opacity=1, aria=False, size=14)
        .encode(x=x, y=y("y"), tooltip=tooltip),
        _having(base, "c").mark_rule(color=GREY, strokeDash=[3, 3], aria=False).encode(x=alt.X("c:Q")),
    ]
    layered = alt.layer(*layers).properties(width=width, height=110 if narrow else 150)
    header = alt.Header(labelLimit=width, labelPadding=4, **_PANEL)
    facet = alt.Facet("g:N", sort=names, header=header)
    chart = alt.FacetChart(data=_POINTS, spec=layered, facet=facet, columns=columns)
    return chart.properties(spacing=between)


def bars(id: str, rows: pl.DataFrame, *, title: str, subtitle: str, alt_text: str) -> Picture:
    """Shares as bars from zero, a group a row: for what has no population to compare with."""
    taken: set[str] = set()
    points: list[dict[str, Any]] = []
    for r in rows.iter_rows(named=True):
        withheld = {"w": "not shown: see the table"}
        shown = withheld if r["share"] is None else {"v": _short(100 * r["share"]), "t": f"{100 * r['share']:.1f}%"}
        points.append({"g": _apart(r["category"], taken), **shown})

    def chart(narrow: bool) -> Any:
        plot = NARROW if narrow else WIDE - 190
        y_axis = alt.Axis(labelPadding=12, labelLimit=180, labels=not narrow, **_NAMES)
        base = alt.Chart().encode(y=alt.Y("g:N", sort=[str(p["g"]) for p in points], axis=y_axis))
        quarters = [0, 25, 50, 75, 100]
        x_axis = alt.Axis(values=quarters, labelExpr="datum.label + '%'", labelFlush=True, **_SCALE)
        x = alt.X("v:Q", scale=alt.Scale(domain=[0, 100]), axis=x_axis)
        down, beside = (8, _ABOVE) if narrow else (0, _BESIDE)
        tooltip = [alt.Tooltip("g:N", title="Group"), alt.Tooltip("t:N", title="Share")]
        layers = [
            *_names_inside(base, narrow),
            _having(base, "v").mark_bar(color=ACCENT, height=16, aria=False, yOffset=down).encode(x=x, tooltip=tooltip),
            _having(base, "t")
            .mark_text(fontSize=13, color=INK, aria=False, **beside)
            .encode(text="t:N", x=alt.XValue(NARROW) if narrow else x),
            _having(base, "w")
            .mark_text(align="left", fontSize=12, color=GREY, aria=False, dy=down)
            .encode(text="w:N", x=alt.XValue(0)),
        ]
        return alt.layer(*layers).properties(width=plot, height=alt.Step(46 if narrow else 34), data=_POINTS)

    return _picture(chart, points, rows, (id, title, subtitle, alt_text))


def funnel(id: str, rows: pl.DataFrame, *, title: str, subtitle: str, alt_text: str) -> Picture:
    """Strata by how precisely their ratio can be told, with the common ratio and the limits about it.

    `rows` are of one group in one funnel; those not placed are in the data and not drawn. Those beyond the outer limits
    are filled, and named where they are few.
    """
    placed = rows.filter(pl.col("placed").is_not_null()).sort("standard_error", "stratum", descending=True)
    limit = reach(placed.select("ratio", ratio_low="low_998", ratio_high="high_998"))
    points = _funnel_points(placed, limit)
    common = _short(placed["common_ratio"][0])

    def chart(narrow: bool) -> Any:
        return _funnel_chart(points, common, limit, narrow=narrow)

    return _picture(chart, points, rows, (id, title, subtitle, alt_text))


def _funnel_points(placed: pl.DataFrame, limit: float) -> list[dict[str, Any]]:
    def inside(value: float) -> float:
        return _short(min(max(value, 1 / limit), limit))

    few = placed["placed"].is_in(OUTLYING).sum() <= NAMED
    every = max(placed.height // DOTS, 1)
    points: list[dict[str, Any]] = []
    for i, row in enumerate(placed.iter_rows(named=True)):
        point: dict[str, Any] = {"x": _short(1 / row["standard_error"]), "y": inside(row["ratio"])}
        point |= {"g": shorten(row["stratum"]), "t": f"{say.ratio(row['ratio'])}: {row['placed']}"}
        if row["placed"] in OUTLYING:
            point |= {"k": 1, "n": point["g"] if few else ""}
        if i < DOTS or i % every == 0 or i == placed.height - 1:  # because limits bend where little can be told
            point |= {key: inside(row[end]) for key, end in _FUNNEL_LIMITS.items()}
        points.append(point)
    return points


def _funnel_chart(
    points: list[dict[str, Any]], common: float, limit: float, *, narrow: bool
) -> alt.LayerChart | alt.FacetChart:
    scale, farthest = alt.Scale(type="log", domain=[1 / limit, limit], nice=False), points[-1]["x"]
    y_axis = alt.Axis(values=[t for t in TICKS if 1 / limit <= t <= limit], labelExpr=_TICK_WORDS, **_SCALE)
    x_axis = alt.Axis(title=PRECISION, tickCount=4, grid=False, domainColor=GREY, titleColor=GREY, titleFontWeight=400)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, farthest * 1.02], nice=False), axis=x_axis)
    base = alt.Chart()

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=y_axis)

    layers = []
    for field, end in _FUNNEL_LIMITS.items():
        line = _having(base, field).encode(x=x, y=y(field))
        dash = [4, 3] if end.endswith("95") else [1, 0]
        words = {"low_95": "95%", "low_998": "99.8%"}.get(end, "")
        at_end = line.transform_filter(f"datum.x == {farthest}")
        layers.append(line.mark_line(color=GREY, strokeWidth=1.2, strokeDash=dash, aria=False))
        layers.append(
            at_end.mark_text(align="left", dx=6, fontSize=12, color=GREY, aria=False).encode(text=alt.TextValue(words))
        )
    rule = base.mark_rule(strokeWidth=1.5, color=INK, aria=False).encode(y=alt.YDatum(common, scale=scale))
    tooltip = [alt.Tooltip("g:N", title="Where"), alt.Tooltip("t:N", title="Ratio")]
    fill = alt.FillValue(PAPER, condition={"test": "datum.k == 1", "value": ACCENT})
    layers += [
        rule.transform_aggregate(n="count()"),
        base.mark_point(shape="circle", size=34, strokeWidth=1.5, opacity=1, aria=False, stroke=ACCENT).encode(
            x=x, y=y("y"), fill=fill, tooltip=tooltip
        ),
        _having(base, "n").mark_text(fontSize=13, color=INK, aria=False, **_BESIDE).encode(x=x, y=y("y"), text="n:N"),
    ]
    return alt.layer(*layers).properties(width=(NARROW if narrow else WIDE) - 92, height=340, data=_POINTS)


def shorten(label: str) -> str:
    """A label as it fits beside a chart: long ones are cut with an ellipsis; the table has them whole."""
    label = label.replace("\u200b", "")
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip() + "…"


def _apart(label: str, taken: set[str]) -> str:
    """A shortened label that no other row of the chart has, so that two rows are never drawn as one."""
    short, n = shorten(label), 1
    while short in taken:
        n += 1
        short = f"{shorten(label)[: _LONGEST - 4]} ({n})"
    taken.add(short)
    return short


def decimal_year(day: dt.date) -> float:
    """A date as a year with decimals, so that no time zone moves it: 30 June 2022 is 2022.493."""
    start = dt.date(day.year, 1, 1)
    length = (dt.date(day.year + 1, 1, 1) - start).days
    return round(day.year + (day - start).days / length, 3)


def difference(wide: Any, narrow: Any) -> Any:
    """What must change in the wide chart to get the narrow one.

    A JSON merge patch (RFC 7396), except that a list of the same length is patched by position, as an object whose
    keys are positions: layers differ in a number or two, and a page should not hold them twice.
    """
    if isinstance(wide, list) and isinstance(narrow, list) and len(wide) == len(narrow) > 0:
        pairs = zip(wide, narrow, strict=True)
        return {str(i): difference(one, other) for i, (one, other) in enumerate(pairs) if one != other}
    if not (isinstance(wide, Mapping) and isinstance(narrow, Mapping)):
        return narrow
    patch: dict[str, Any] = {key: None for key in wide if key not in narrow}
    patch |= {key: narrow[key] for key in narrow if key not in wide}
    patch |= {key: difference(wide[key], narrow[key]) for key in wide if key in narrow and wide[key] != narrow[key]}
    return patch


def _short(value: float) -> float:
    """Four significant figures: more than a picture can show, and a page stays small."""
    return float(f"{value:.4g}")


def _picture(
    chart: Callable[[bool], Any],
    points: Sequence[Mapping[str, Any]],
    rows: pl.DataFrame,
    said: tuple[str, str, str, str],
) -> Picture:
    """A chart in both widths; `chart` makes it, narrow or not. `said`: id, title, subtitle and what stands for it."""
    wide, narrow = (_spec(chart, points, said[-1], narrow) for narrow in (False, True))
    return Picture(*said, wide, narrow, rows)


def _spec(
    chart: Callable[[bool], Any], points: Sequence[Mapping[str, Any]], description: str, narrow: bool
) -> dict[str, Any]:
    """A chart as Vega-Lite; its points are put in last, because Altair validates all it holds at every step."""
    with alt.utils.schemapi.debug_mode(False):
        whole = chart(narrow).configure(**_THEME).properties(description=description)
        spec: dict[str, Any] = whole.to_dict(validate=False, context={"consolidate_datasets": False})
    spec.pop("usermeta", None)
    return {**spec, "data": {"values": list(points)}}
