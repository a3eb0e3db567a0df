"""Inputs of the same kinds as the trials in other words, places and years, made from what their cells are to say.

Each kind is a function of a `World`. A `Figure` is known before the sheet is: the sheet is written from it.
"""

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter

from tests.trials.answering import Answer, Says, says


@dataclass(frozen=True)
class Figure:
    """One figure: what it says, how it is printed, and in what number format."""

    says: Says
    shown: str | int | float | None
    format: str = "General"


Cell = str | int | float | dt.date | None | Figure
Sheet = list[list[Cell]]


@dataclass(frozen=True)
class World:
    """Other words for the same kind of table."""

    name: str
    counted: str
    dimension: str
    heading: str
    groups: Sequence[tuple[str, str]]
    years: Sequence[tuple[str, str]]
    suffix: str = ".csv"
    above: int = 0
    title_rows: int = 1

    def number(self, *of: object) -> int:
        """An invented count, the same every time: never a year, no two alike by design."""
        found = 11
        for letter in "".join(map(str, of)):
            found = (found * 31 + ord(letter)) % 7919
        return 3011 + found


WORLDS = [
    World(
        "ethnicity",
        "Stops and searches",
        "ethnicity",
        "Ethnicity",
        [
            ("Asian or Asian British", "Asian"),
            ("Black or Black British", "Black"),
            ("Mixed", "Mixed"),
            ("White", "White"),
            ("Other ethnic group", "Other"),
        ],
        [("2015/16", "2015/16"), ("2016/17", "2016/17")],
    ),
    World(
        "religion",
        "Complaints made",
        "religion",
        "Religion",
        [
            ("Muslim", "Muslim"),
            ("Christian", "Christian"),
            ("Sikh", "Sikh"),
            ("Hindu", "Hindu"),
            ("No religion", "No religion"),
        ],
        [("2018", "2018"), ("2019", "2019"), ("2020", "2020")],
        ".xlsx",
        above=1,
    ),
    World(
        "age",
        "Self-harm incidents",
        "age",
        "Age group",
        [("18-24", "18-24"), ("25-39", "25-39"), ("40-59", "40-59"), ("60 and over", "60 and over")],
        [("Year ending March 2012", "2011/12"), ("Year ending March 2013", "2012/13")],
        ".csv",
        title_rows=2,
    ),
]


@dataclass
class Made:
    """A sibling: its sheets, and the answer but for the addresses, which the sheets give."""

    sheets: dict[str, Sheet]
    answer: Answer
    suffix: str
    beside: dict[str, object] = field(default_factory=dict)


Kind = Callable[[World], Made]
KINDS: list[Kind] = []


def kind(made: Kind) -> Kind:
    """A kind of table that was misread."""
    KINDS.append(made)
    return made


def made(w: World, sheet: Sheet, title: str | None = "", must: str = "either", **more: object) -> Made:
    """A sibling of one sheet under a title (None: no title)."""
    heading: Sheet = [] if title is None else [[title or f"Table 4: {w.counted} by {w.heading.lower()}"]]
    heading += [[] for _ in range(w.title_rows - 1)] if title is not None else []
    # because a CSV has no lines that a publisher leaves empty above its title
    lead: Sheet = [[] for _ in range(w.above)] if w.suffix == ".xlsx" and title is not None else []
    more.setdefault("present", {w.dimension})
    return Made({"Table_4": [*lead, *heading, *sheet]}, Answer("", must, **more), w.suffix)  # type: ignore[arg-type]


def count(w: World, *of: object, mark: str = "{}", **stands: str) -> Figure:
    """A known count: `mark` is how an answer writes it (`({})` may be refused, `?` must be)."""
    value = w.number(*of, *sorted(stands.values()))
    return Figure(says(mark.format(value), **stands), value)


def shown(figure: Figure, text: str | float | None, **more: object) -> Figure:
    return replace(figure, shown=text, **more)


def by_year(w: World, mark: str = "{}") -> Sheet:
    """The plain table: groups down, years across."""
    return [[w.heading, *(y for y, _ in w.years)]] + [
        [label, *(count(w, mark=mark, period=p, **{w.dimension: c}) for _, p in w.years)] for label, c in w.groups
    ]


def edited(sheet: Sheet, column: int, how: Callable[[Figure], Cell]) -> Sheet:
    """The sheet with the figures of one column changed (all of them for column 0)."""
    return [[how(c) if isinstance(c, Figure) and column in (0, n) else c for n, c in enumerate(row)] for row in sheet]


def refused(figure: Figure) -> Figure:
    return replace(figure, says=says("?"))


def total(figures: Iterable[Cell], mark: str = "{}", **stands: str) -> Figure:
    value = sum(f.says.value or 0 for f in figures if isinstance(f, Figure))
    return Figure(says(mark.format(int(value)), **stands), int(value))


def of(w: World, category: str, **more: str) -> dict[str, str]:
    return {w.dimension: category, **more}


SEXES = [("Males", "male"), ("Females", "female")]


# totals beside their parts ------------------------------------------------------------------------------------


@kind
def types_beside_their_total(w: World) -> Made:
    (_, period), names = w.years[0], ("Suspended order", "Community order", "Post-release licence")
    rows: Sheet = [["Year", w.heading, "Order type", "Number"]]
    for label, c in w.groups:
        parts = [count(w, n, mark="({})", period=period, order_type=n.lower(), **of(w, c)) for n in names]
        rows += [[w.years[0][0], label, n, f] for n, f in zip(names, parts, strict=True)]
        rows.append(
            [w.years[0][0], label, "All orders", total(parts, "({})", period=period, order_type="all", **of(w, c))]
        )
    return made(w, rows, None)


@kind
def bare_other_below_children(w: World) -> Made:
    parent, children, group = {
        "ethnicity": ("White", [("British", "White British"), ("Irish", "White Irish")], ("Other", "White other")),
        "religion": ("Asian", [("Indian", "Indian"), ("Chinese", "Chinese")], ("Other", "Asian other")),
        "age": ("Mixed", [("White and Asian", "Mixed White and Asian")], ("Other", "Mixed other")),
    }[w.name]
    w = replace(w, dimension="ethnicity", heading="Ethnic group")
    inner = [[label, *(count(w, period=p, ethnicity=c) for _, p in w.years)] for label, c in [*children, group]]
    whole = [total([r[n + 1] for r in inner], period=p, ethnicity=parent) for n, (_, p) in enumerate(w.years)]
    others = [[c, *(count(w, period=p, ethnicity=c) for _, p in w.years)] for c in ("Black",)]
    return made(w, [[w.heading, *(y for y, _ in w.years)], [parent, *whole], *inner, *others], must="read")


@kind
def subset_below_its_parent(w: World) -> Made:
    parent, child = {
        "ethnicity": (("Asian", "Asian"), ("Pakistani", "Pakistani")),
        "religion": (("Christian", "Christian"), ("of which: Roman Catholic", "Roman Catholic")),
        "age": (("18 and over", "18 and over"), ("65 and over", "65 and over")),
    }[w.name]
    rows = [
        [
            parent[0],
            *(Figure(says(9000 + n, period=p, **of(w, parent[1])), 9000 + n) for n, (_, p) in enumerate(w.years)),
        ],
        [child[0], *(Figure(says(400 + n, period=p, **of(w, child[1])), 400 + n) for n, (_, p) in enumerate(w.years))],
    ]
    return made(w, [[w.heading, *(y for y, _ in w.years)], *rows])


@kind
def rounded_parts(w: World) -> Made:
    rows = [
        [label, *(Figure(says(v, period=p, **of(w, c)), v) for _, p in w.years)]
        for (label, c), v in zip(w.groups, (120, 330, 240, 560, 10), strict=False)
    ]
    whole = [total([r[1] for r in rows], period=p, **of(w, "all")) for _, p in w.years]
    whole = [Figure(replace(f.says, value=(f.says.value or 0) + 10), int(f.says.value or 0) + 10) for f in whole]
    return made(
        w,
        [[w.heading, *(y for y, _ in w.years)], *rows, ["Total", *whole]],
        f"Table 4: {w.counted} by {w.heading.lower()}, figures are rounded to the nearest 10",
    )


@kind
def total_of_all_years(w: World) -> Made:
    first, last = says(1, period=w.years[0][1]).period, says(1, period=w.years[-1][1]).period
    assert first and last
    rows = [
        [*row, total(row, "({})", period=f"{first[0]}..{last[1]}", **of(w, c))]
        for row, (_, c) in zip(by_year(w)[1:], w.groups, strict=True)
    ]
    return made(
        w,
        [[w.heading, *(y for y, _ in w.years), "All years"], *rows],
        f"Table 4: {w.counted} by {w.heading.lower()}, {w.years[0][0]} to {w.years[-1][0]}",
    )


# labels that are empty, or over something else -----------------------------------------------------------------


@kind
def empty_category_in_long_data(w: World) -> Made:
    unknown = "Unknown,Not recorded,Not stated,Not known"
    rows: Sheet = [["Year", "Sex", w.heading, "Incidents"]]
    for _, sex in SEXES:
        for label, c in [*w.groups, (None, unknown)]:
            rows.append(
                [w.years[0][0], sex.title(), label, count(w, mark="({})", period=w.years[0][1], sex=sex, **of(w, c))]
            )
    return made(w, rows, None, present={"sex", w.dimension})


@kind
def outer_label_on_its_first_row_only(w: World) -> Made:
    rows: Sheet = [["Sex", w.heading, *(y for y, _ in w.years)]]
    for label, sex in SEXES:
        inner = [[count(w, period=p, sex=sex, mark="({})", **of(w, c)) for _, p in w.years] for _, c in w.groups]
        rows += [[label if n == 0 else None, g, *inner[n]] for n, (g, _) in enumerate(w.groups)]
        rows.append(
            [
                f"{label} total",
                None,
                *(total([i[n] for i in inner], "({})", period=p, sex=sex) for n, (_, p) in enumerate(w.years)),
            ]
        )
    return made(w, rows, present={"sex", w.dimension})


@kind
def group_headers_that_do_not_line_up(w: World) -> Made:
    over: list[Cell] = [None, None, "Males", None, None, "Females", None]
    rows: Sheet = [over, [w.heading, 2014, 2015, 2016, 2014, 2015, 2016]]
    rows += [[g, *(refused(count(w, n, **of(w, c))) for n in range(6))] for g, c in w.groups]
    return made(w, rows, must="refuse", not_absent={"sex"})


@kind
def total_beside_the_last_group(w: World) -> Made:
    (label, period), pair = w.years[0], w.groups[:2]
    rows: Sheet = [
        [None, pair[0][0], None, pair[1][0], None, None],
        ["Sentence", "Male", "Female", "Male", "Female", "Total"],
    ]
    for n in ("Fine", "Community sentence", "Absolute discharge"):
        parts = [
            count(w, n, mark="({})", period=period, circumstance=f"*{n.lower()}*", sex=s, **of(w, c))
            for _, c in pair
            for s in ("male", "female")
        ]
        rows.append([n, *parts, total(parts, "({})", period=period, circumstance=f"*{n.lower()}*")])
    return made(w, rows, f"{w.counted} by {w.heading.lower()} and sex, {label}", present={"sex", w.dimension})


@kind
def years_as_blocks_with_totals(w: World) -> Made:
    rows: Sheet = [[f"Year and {w.heading.lower()}", "Male", "Female"]]
    for label, period in w.years:
        inner = [
            [g, *(count(w, mark="({})", period=period, sex=s, **of(w, c)) for s in ("male", "female"))]
            for g, c in w.groups
        ]
        rows += [
            [
                label,
                *(total([i[n] for i in inner], "({})", period=period, sex=s) for n, s in ((1, "male"), (2, "female"))),
            ],
            *inner,
        ]
    return made(w, rows, present={"sex", w.dimension})


@kind
def outer_total_after_nested_rows(w: World) -> Made:
    (label, period), outer = w.years[-1], [("Community", "community"), ("Custody", "custody")]
    rows: Sheet = [["Setting", w.heading, label]]
    everything: list[Cell] = []
    for name, word in outer:
        inner: list[Cell] = [
            count(w, name, mark="({})", period=period, circumstance=f"*{word}*", **of(w, c)) for _, c in w.groups
        ]
        rows += [[name if n == 0 else None, g, f] for n, ((g, _), f) in enumerate(zip(w.groups, inner, strict=True))]
        everything += inner
    rows.append(["All settings", None, total(everything, "({})", period=period)])
    return made(w, rows)


@kind
def margins_side_by_side(w: World) -> Made:
    label, period = w.years[0]
    width = len(w.groups)
    rows: Sheet = [
        [None, "Sex", None, None, w.heading, *[None] * (width - 1)],
        ["Court", "Male", "Female", None, *(g for g, _ in w.groups)],
    ]
    for court in ("Crown Court", "Magistrates' court"):
        beside = {"period": period, "circumstance": f"*{court.lower()}*"}
        rows.append(
            [
                court,
                *(count(w, mark="({})", sex=s, **beside) for s in ("male", "female")),
                None,
                *(count(w, mark="({})", **of(w, c, **beside)) for _, c in w.groups),
            ]
        )
    return made(
        w, rows, f"{w.counted} by sex and {w.heading.lower()}, {label}", present={"sex", w.dimension}, not_crossed=True
    )


@kind
def several_views_in_one_column(w: World) -> Made:
    rows: Sheet = [["Year", "View", "Category", "Count"]]
    rows += [
        [w.years[0][0], "Sex", s.title(), count(w, mark="({})", period=w.years[0][1], sex=s)]
        for s in ("male", "female")
    ]
    rows += [
        [w.years[0][0], w.heading, g, count(w, mark="({})", period=w.years[0][1], **of(w, c))] for g, c in w.groups
    ]
    return made(w, rows, None, present={"sex", w.dimension}, not_crossed=True)


# ages ----------------------------------------------------------------------------------------------------------


@kind
def ages_that_became_dates(w: World) -> Made:
    date = {".csv": "Nov-15", ".xlsx": dt.date(2023, 11, 15)}[w.suffix]
    bands: list[tuple[Cell, str]] = [(date, ""), ("16-17", "16-17"), ("18-20", "18-20"), ("21 and over", "21 and over")]
    rows: Sheet = [["Age band", *(y for y, _ in w.years)]]
    rows += [[b, *(count(w, mark="{}" if c else "?", period=p, age=c or "?") for _, p in w.years)] for b, c in bands]
    return made(w, rows, f"{w.counted} by age band", "read", present={"age"})


@kind
def ages_in_words(w: World) -> Made:
    bands = {
        "ethnicity": [("Under 18 years", "under 18"), ("18 - 20 years", "18-20"), ("21+ yrs", "21 and over")],
        "religion": [
            ("<21", "under 21"),
            ("21 - under 30", "21-29"),
            ("30 - under 40", "30-39"),
            ("40 & over", "40 and over"),
        ],
        "age": [("15-17 year olds", "15-17"), ("18-24 yrs", "18-24"), ("25 +", "25 and over")],
    }[w.name]
    return made(
        replace(w, dimension="age", heading="Age", groups=bands),
        by_year(replace(w, dimension="age", heading="Age", groups=bands)),
        must="read",
    )


# periods -------------------------------------------------------------------------------------------------------


def _crossed_with_sex(w: World, period: str) -> Sheet:
    return [[w.heading, "Male", "Female"]] + [
        [g, *(count(w, period=period, sex=s, **of(w, c)) for s in ("male", "female"))] for g, c in w.groups
    ]


@kind
def period_in_the_title(w: World) -> Made:
    words, period = {
        "ethnicity": ("2018-19", "2018/19"),
        "religion": ("1 July 2019 to 30 June 2020", "2019-07-01..2020-06-30"),
        "age": ("Q3 2021/22", "2021-10-01..2021-12-31"),
    }[w.name]
    return made(
        w,
        _crossed_with_sex(w, period),
        f"{w.counted} by {w.heading.lower()} and sex, {words}",
        "read",
        present={"sex", w.dimension},
    )


@kind
def period_in_the_sheet_name(w: World) -> Made:
    names = {
        "ethnicity": [("2016-17", "2016/17"), ("2017-18", "2017/18")],
        "religion": [("2011-12", "2011/12"), ("2012-13", "2012/13")],
        "age": [("Mar 2019", "2019-03"), ("Jun 2019", "2019-06")],
    }[w.name]
    found = made(w, [], f"{w.counted} by {w.heading.lower()} and sex", present={"sex", w.dimension})
    if w.name == "age":
        names = [("2019-20", "2019/20"), ("2020-21", "2020/21")]
    found.sheets = {n: [[f"{w.counted} by {w.heading.lower()} and sex"], *_crossed_with_sex(w, p)] for n, p in names}
    found.suffix = ".xlsx"
    return found


@kind
def months_that_look_like_years(w: World) -> Made:
    months = {
        "ethnicity": ["2009-09", "2009-10", "2009-11"],
        "religion": ["2010-10", "2010-11", "2010-12"],
        "age": ["2012-11", "2012-12", "2013-01", "2013-02"],
    }[w.name]
    return made(w, by_year(replace(w, years=[(m, m) for m in months])), must="read")


@kind
def months_down_years_across(w: World) -> Made:
    months = [("January", "01"), ("February", "02"), ("March", "03")]
    rows: Sheet = [["Month", "2018", "2019"]]
    rows += [[m, *(count(w, period=f"{y}-{n}") for y in (2018, 2019))] for m, n in months]
    return made(w, rows, f"{w.counted} by month", present=set(), must="read")


@kind
def a_day_is_a_stock(w: World) -> Made:
    days = [("31 March 2019", "2019-03-31"), ("31 March 2020", "2020-03-31")]
    return made(w, by_year(replace(w, years=days)), f"People on probation by {w.heading.lower()}", "read")


@kind
def years_with_letters(w: World) -> Made:
    marks = {"ethnicity": (" (p)", "provisional"), "religion": (" [r]", "revised"), "age": (" [p]", "provisional")}
    sign, flag = marks[w.name]
    years = [w.years[0], (w.years[-1][0] + sign, w.years[-1][1])]
    sheet = by_year(replace(w, years=years))
    return made(w, edited(sheet, 2, lambda f: replace(f, says=replace(f.says, flags=frozenset({flag})))), must="read")


@kind
def compound_headers(w: World) -> Made:
    heads = [(f"{label} {y}", sex, p) for y, p in w.years for label, sex in SEXES]
    if w.name == "religion":
        heads = [(f"{y} {label}", sex, p) for y, p in w.years for label, sex in SEXES]
    rows: Sheet = [[w.heading, *(h for h, _, _ in heads)]]
    rows += [[g, *(count(w, period=p, sex=s, **of(w, c)) for _, s, p in heads)] for g, c in w.groups]
    return made(w, rows, f"{w.counted} by {w.heading.lower()} and sex", present={"sex", w.dimension}, must="read")


@kind
def compound_rows(w: World) -> Made:
    between = {"ethnicity": "Female - {}", "religion": "F - {}", "age": "Women: {}"}[w.name]
    other = {"ethnicity": "Male - {}", "religion": "M - {}", "age": "Men: {}"}[w.name]
    rows: Sheet = [["Group", *(y for y, _ in w.years)]]
    for pattern, sex in ((between, "female"), (other, "male")):
        rows += [
            [pattern.format(g), *(count(w, period=p, sex=sex, **of(w, c)) for _, p in w.years)] for g, c in w.groups
        ]
    return made(w, rows, f"{w.counted} by sex and {w.heading.lower()}", present={"sex", w.dimension}, must="read")


# what a cell holds ---------------------------------------------------------------------------------------------


@kind
def figures_with_marks(w: World) -> Made:
    sign, flag = {
        "ethnicity": ("{:,}r", "revised"),
        "religion": ("{:,} (p)", "provisional"),
        "age": ("{} R", "revised"),
    }[w.name]
    sheet = by_year(w)
    first = sheet[1][1]
    assert isinstance(first, Figure)
    sheet[1][1] = Figure(replace(first.says, flags=frozenset({flag})), sign.format(int(first.says.value or 0)))
    return made(w, sheet, must="read")


@kind
def a_column_of_text(w: World) -> Made:
    how = {"ethnicity": " {} ", "religion": "{:,}", "age": "{:,} "}[w.name]
    return made(w, edited(by_year(w), 2, lambda f: shown(f, how.format(int(f.says.value or 0)))), must="read")


@kind
def a_column_of_money(w: World) -> Made:
    sign = {"ethnicity": "£{}", "religion": "€{:,}", "age": "£{:,}"}[w.name]
    return made(w, edited(by_year(w), 2, lambda f: Figure(says("?"), sign.format(int(f.says.value or 0)))), must="read")


@kind
def spaces_between_thousands(w: World) -> Made:
    between = {"ethnicity": " ", "religion": "\u00a0", "age": "\u2009"}[w.name]
    return made(
        w, edited(by_year(w), 0, lambda f: shown(f, f"{int(f.says.value or 0):,}".replace(",", between))), must="read"
    )


@kind
def decimal_commas(w: World) -> Made:
    def rate(f: Figure) -> Figure:
        value = (f.says.value or 0) % 997 / 1000
        return Figure(replace(f.says, value=value, unit="rate", may_be_refused=True), f"{value:.3f}".replace(".", ","))

    return made(w, edited(by_year(w), 0, rate), f"Rate of {w.counted.lower()} by {w.heading.lower()}")


@kind
def percentages_as_text(w: World) -> Made:
    def share(f: Figure) -> Figure:
        value = round((f.says.value or 0) % 991 / 10, 1)
        return Figure(replace(f.says, value=value, unit="percent"), f"{value:.1f}%")

    return made(w, edited(by_year(w), 0, share), f"Percentage of {w.counted.lower()} by {w.heading.lower()}", "read")


@kind
def rates_beside_counts(w: World) -> Made:
    per = {"ethnicity": "1,000", "religion": "100,000", "age": "10,000"}[w.name]
    label, period = w.years[0]
    rows: Sheet = [[w.heading, "Number", f"Rate per {per} population"]]
    for g, c in w.groups:
        value = round(w.number(g) % 97 / 10 + 0.1, 1)
        rows.append(
            [
                g,
                count(w, period=period, **of(w, c)),
                Figure(says(value, unit=f"per {per}", period=period, **of(w, c)), value),
            ]
        )
    return made(w, rows, f"{w.counted} by {w.heading.lower()}, {label}", "read")


@kind
def a_line_that_says_per_something(w: World) -> Made:
    per = {"ethnicity": "1,000", "religion": "100,000", "age": "10,000"}[w.name]

    def rate(f: Figure) -> Figure:
        value = round((f.says.value or 0) % 89 / 10 + 0.3, 1)
        return Figure(replace(f.says, value=value, unit=f"per {per}", may_be_refused=True), value)

    return made(
        w,
        [[f"Rates per {per} population."], *edited(by_year(w), 0, rate)],
        f"{w.counted}: rates by {w.heading.lower()}",
    )


@kind
def masked_by_a_number_format(w: World) -> Made:
    sign = {"ethnicity": "[c]", "religion": "*", "age": "[c]"}[w.name]
    sheet = edited(by_year(w), 0, lambda f: replace(f, format=f'[<10]"{sign}";#,##0'))
    row = next(r for r in sheet if isinstance(r[1], Figure))
    assert isinstance(row[1], Figure)
    row[1] = Figure(replace(row[1].says, value=None, statuses=frozenset({"suppressed"})), 7, f'[<10]"{sign}";#,##0')
    return made(replace(w, suffix=".xlsx"), sheet, must="read")


@kind
def negative_counts(w: World) -> Made:
    sheet = by_year(w)
    first = sheet[2][1]
    assert isinstance(first, Figure)
    value = {"ethnicity": -99, "religion": -1, "age": -9999}[w.name]
    sheet[2][1] = Figure(replace(first.says, value=value, must_be_named=True, may_be_refused=True), value)
    return made(w, sheet, must="read")


@kind
def an_empty_cell_is_not_a_number(w: World) -> Made:
    sheet = by_year(w)
    sheet[2][1] = Figure(replace(says(".", **of(w, w.groups[1][1])), period=says(1, period=w.years[0][1]).period), None)
    return made(w, sheet)


# places, records, measures -------------------------------------------------------------------------------------


@kind
def areas_as_columns(w: World) -> Made:
    areas = {
        "ethnicity": ["Kent", "Essex"],
        "religion": ["Glasgow City", "Highland"],
        "age": ["Leeds", "Bradford", "Kirklees"],
    }[w.name]
    label, period = w.years[0]
    rows: Sheet = [[w.heading, *areas]]
    rows += [[g, *(count(w, mark="({})", period=period, place=a, **of(w, c)) for a in areas)] for g, c in w.groups]
    return made(w, rows, f"{w.counted} by {w.heading.lower()} and area, {label}")


@kind
def another_country_in_the_title(w: World) -> Made:
    land = {"ethnicity": "Scotland", "religion": "Northern Ireland", "age": "Wales"}[w.name]
    sheet = edited(by_year(w), 0, lambda f: replace(f, says=replace(f.says, place=land, may_be_refused=True)))
    return made(w, sheet, f"{w.counted} by {w.heading.lower()}, {land}")


@kind
def one_row_a_person(w: World) -> Made:
    rows: Sheet = [["Case", "Date of event", w.heading, "Sex", "Age in years"]]
    for n in range(12):
        g, sex = w.groups[n % len(w.groups)][0], ("Male", "Female")[n % 2]
        rows.append([f"C{n:04}", dt.date(2021, 1 + n % 9, 3), g, sex, Figure(says("?"), 19 + n * 3)])
    found = made(w, rows, None, "refuse", present=set())
    return replace_answer(found, not_absent=frozenset({"sex", w.dimension, "age"}))


def replace_answer(found: Made, **more: object) -> Made:
    return replace(found, answer=replace(found.answer, **more))  # type: ignore[arg-type]


@kind
def measures_in_one_column(w: World) -> Made:
    rows: Sheet = [["DATE", "GEOGRAPHY_NAME", "GEOGRAPHY_CODE", w.heading, "MEASURES_NAME", "OBS_VALUE"]]
    for n, (g, c) in enumerate(w.groups):
        stands = {"period": "2021", "kind": "any", **of(w, c)}
        share = Figure(says(f"{10.5 + n}", unit="percent", **stands), 10.5 + n)
        both = (("Value", count(w, **stands)), ("Percent", share))
        rows += [[2021, "England and Wales", "K04000001", g, m, f] for m, f in both]
    return made(w, rows, None, must="read")


# words ---------------------------------------------------------------------------------------------------------


@kind
def generic_words_make_no_characteristic(w: World) -> Made:
    heading, words = {
        "ethnicity": ("Punishment", ["Stopped earnings", "Caution", "Others", "All"]),
        "religion": ("Type of complaint", ["Property", "Food", "Other", "Unknown"]),
        "age": ("Tactic", ["Handcuffs", "Other", "None", "Not known"]),
    }[w.name]
    rows: Sheet = [[heading, *(y for y, _ in w.years)]]
    rows += [
        [x, *(count(w, x, mark="({})", period=p, circumstance="*" if x != "All" else "all") for _, p in w.years)]
        for x in words
    ]
    return made(w, rows, f"{w.counted} by {heading.lower()}", present=set())


@kind
def a_word_nobody_knows(w: World) -> Made:
    word = {"ethnicity": "Atlantean", "religion": "Jedi Knight", "age": "Old enough"}[w.name]
    sheet = [
        *by_year(w),
        [word, *(count(w, word, mark="({})", period=p, **of(w, f"*{word.lower()}*")) for _, p in w.years)],
    ]
    return made(w, sheet, must="read")


@kind
def unknown_in_other_words(w: World) -> Made:
    words = {
        "ethnicity": ["Not known / Not stated", "Don't know"],
        "religion": ["Not reported", "Not known"],
        "age": ["Not known", "Not recorded"],
    }
    every = "Unknown,Not known*,Not stated,Not re*,Don't know"
    return made(
        w,
        [
            *by_year(w),
            *([x, *(count(w, x, mark="({})", period=p, **of(w, every)) for _, p in w.years)] for x in words[w.name]),
        ],
        must="read",
    )


@kind
def words_in_two_languages(w: World) -> Made:
    welsh = {
        "White": "Gwyn",
        "Mixed": "Cymysg",
        "Muslim": "Mwslim",
        "Christian": "Cristion",
        "Sikh": "Sikh",
        "Hindu": "Hindŵ",
        "No religion": "Dim crefydd",
        "Asian or Asian British": "Asiaidd",
        "Black or Black British": "Du",
        "Other ethnic group": "Arall",
    }
    groups = [(f"{g} / {welsh.get(g, g + ' oed')}", c) for g, c in w.groups]
    return made(w, by_year(replace(w, groups=groups)), must="read")


@kind
def notes_glued_to_labels(w: World) -> Made:
    signs = {"ethnicity": "{}2", "religion": "{} [note 3]", "age": "{} (1)"}[w.name]
    groups = [(signs.format(w.groups[0][0]), w.groups[0][1]), *w.groups[1:]]
    return made(w, by_year(replace(w, groups=groups)), must="read")


@kind
def what_an_officer_saw(w: World) -> Made:
    codes = {
        "ethnicity": (
            "Officer-defined ethnicity",
            [("White", "White"), ("Black", "Black"), ("Asian", "Asian"), ("Other", "Other")],
        ),
        "religion": (
            "Ethnic appearance",
            [
                ("IC1 - White North European", "*North*European*"),
                ("IC3 - Black", "*Black*"),
                ("IC4 - Asian", "*Asian*"),
            ],
        ),
        "age": ("Officer perceived ethnicity", [("White", "White"), ("Mixed", "Mixed"), ("Black", "Black")]),
    }[w.name]
    there = replace(w, dimension="ethnicity", heading=codes[0], groups=codes[1])
    sheet = edited(by_year(there), 0, lambda f: replace(f, says=replace(f.says, identification="officer")))
    return made(there, sheet, must="read")


@kind
def codes_before_words(w: World) -> Made:
    codes = [
        ("W1 - White British", "White British"),
        ("W2 - White Irish", "White Irish"),
        ("B2 - African", "Black African"),
        ("A3 - Bangladeshi", "Bangladeshi"),
        ("M3 - White and Asian", "Mixed White and Asian"),
        ("O2 - Arab", "Arab"),
        ("NS - Not Stated", "Not stated"),
    ]
    some = {"ethnicity": codes, "religion": codes[2:], "age": codes[:4]}[w.name]
    there = replace(w, dimension="ethnicity", heading="Self-defined ethnicity", groups=some)
    return made(there, by_year(there), must="read")


@kind
def nationalities(w: World) -> Made:
    names = {
        "ethnicity": ["Romanian", "Somali", "Polish"],
        "religion": ["Portuguese", "Jamaican", "Vietnamese"],
        "age": ["Albanian", "Irish", "Greek"],
    }
    groups = [(n, f"{n}*,{n.removesuffix('n')}*") for n in names[w.name]]
    there = replace(w, dimension="nationality", heading="Nationality", groups=groups)
    return made(there, by_year(there), must="read")


@kind
def sexes_in_other_words(w: World) -> Made:
    words = {
        "ethnicity": [("M", "male"), ("F", "female"), ("X", "x,*other*,*indeterminate*,*unspecified*")],
        "religion": [("Men", "male"), ("Women", "female"), ("Other", "*other*,x")],
        "age": [("Boys", "male"), ("Girls", "female"), ("Indeterminate", "*indeterminate*,*other*,x")],
    }[w.name]
    there = replace(w, dimension="sex", heading="Sex", groups=words)
    return made(there, by_year(there), must="read")


# writing -------------------------------------------------------------------------------------------------------


def write_siblings(folder: Path) -> list[tuple[Answer, Path]]:
    """Every kind in every world, written to `folder`, each with its answer."""
    return [written(kind, world, folder) for kind in KINDS for world in WORLDS]


def written(make: Kind, world: World, folder: Path) -> tuple[Answer, Path]:
    """One kind in one world, written to `folder`, with its answer."""
    made = make(world)
    path = folder / f"{make.__name__}-{world.name}{made.suffix}"
    cells = {
        ("" if made.suffix == ".csv" else name, f"{get_column_letter(c)}{r}"): [cell.says]
        for name, sheet in made.sheets.items()
        for r, row in enumerate(sheet, 1)
        for c, cell in enumerate(row, 1)
        if isinstance(cell, Figure)
    }
    answer = replace(
        made.answer,
        file=path.name,
        cells=cells,
        present=frozenset(made.answer.present),
        not_absent=frozenset(made.answer.not_absent),
    )
    if made.suffix == ".csv":
        (sheet,) = made.sheets.values()
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([[_plain(c) for c in row] for row in sheet])
    else:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, sheet in made.sheets.items():
            there = book.create_sheet(name)
            for r, row in enumerate(sheet, 1):
                for c, cell in enumerate(row, 1):
                    there.cell(r, c, _plain(cell))
                    if isinstance(cell, Figure):
                        there.cell(r, c).number_format = cell.format
        book.save(path)
    return answer, path


def _plain(cell: Cell) -> str | int | float | dt.date | None:
    return cell.shown if isinstance(cell, Figure) else cell
