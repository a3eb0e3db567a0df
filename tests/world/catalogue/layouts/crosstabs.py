"""One table a sheet: labels down, something else across."""

from itertools import chain, groupby

from ..sheets import Cell, Row, Sheet, header, line, note, row, title
from ..subject import Subject
from ..words import Period, Word


def name(s: Subject) -> str:
    return f"Table_{s.number}"


def heading(s: Subject, *, span: str | None = None) -> Row:
    return title(f"Table {s.number}: {s.title} by {s.named}, {s.where}, {span or s.span}")


def crosstab(s: Subject) -> list[Sheet]:
    """One list down, another across, at one time; a note above and the source below."""
    across = s.list(1)
    rows = [heading(s, span=s.last.label), note("This worksheet contains one table."), []]
    rows += [header(s.list(0)[0].heading, *(w.label for w in across))]
    rows += [line(w.label, *(s.figure(w, a, when=s.last) for a in across)) for w in s.list(0)]
    return [Sheet(name(s), [*rows, [], note("Source: case management system.")])]


def total_first(s: Subject) -> list[Sheet]:
    """Times across and a list down, with the total above its parts."""
    total = s.total(0)
    rows = [heading(s), [], header(total.heading, *(p.label for p in s.periods))]
    rows += [line(w.label, *(s.figure(w, when=p) for p in s.periods)) for w in (total, *s.list(0, totals=False))]
    return [Sheet(name(s), rows)]


def total_column_first(s: Subject) -> list[Sheet]:
    """A list across with its total in the first column, places or kinds down."""
    total = s.total(1)
    across = (total, *s.list(1, totals=False))
    rows = [heading(s, span=s.last.label), [], header(s.list(0)[0].heading, *(w.label for w in across))]
    rows += [line(w.label, *(s.figure(w, a, when=s.last) for a in across)) for w in s.list(0)]
    return [Sheet(name(s), rows)]


def transposed(s: Subject) -> list[Sheet]:
    """Years down, groups across."""
    across = s.list(0)
    rows = [heading(s), [], header("Year", *(w.label for w in across))]
    rows += [line(p.label, *(s.figure(w, when=p) for w in across)) for p in s.periods]
    return [Sheet(name(s), rows)]


def two_levels(s: Subject) -> list[Sheet]:
    """Groups in a row of their own above the categories, merged or at the left of their columns."""
    outer, inner = s.list(1), s.list(0)
    top = chain.from_iterable([Cell(o.label, "header", width=len(inner)), *[None] * (len(inner) - 1)] for o in outer)
    rows = [heading(s, span=s.last.label), [], header(None, *top)]
    rows += [header(s.list(2)[0].heading, *(i.label for _ in outer for i in inner))]
    rows += [line(w.label, *(s.figure(i, o, w, when=s.last) for o in outer for i in inner)) for w in s.list(2)]
    return [Sheet(name(s), rows)]


def three_levels(s: Subject) -> list[Sheet]:
    """Years, then sexes, then categories: three rows of header."""
    years, outer, inner = s.periods[-2:], s.list(1, totals=False), s.list(0)
    each = len(outer) * len(inner)
    top = chain.from_iterable([Cell(p.label, "header", width=each), *[None] * (each - 1)] for p in years)
    middle = [part for _ in years for o in outer for part in (o.label, *[None] * (len(inner) - 1))]
    span = f"{years[0].label} and {years[-1].label}"
    rows = [heading(s, span=span), [], header(None, *top), header(None, *middle)]
    rows += [header(s.list(2)[0].heading, *(i.label for _ in years for _ in outer for i in inner))]
    rows += [
        line(w.label, *(s.figure(i, o, w, when=p) for p in years for o in outer for i in inner)) for w in s.list(2)
    ]
    return [Sheet(name(s), rows)]


def counts_and_percentages(s: Subject) -> list[Sheet]:
    """Years across, a number and a percentage of the total under each."""
    total = s.total(0)
    top = chain.from_iterable((Cell(p.label, "header", width=2), None) for p in s.periods)
    rows = [heading(s), [], header(None, *top)]
    rows += [header(total.heading, *["Number", "Percentage (%)"] * len(s.periods))]
    for w in s.list(0):
        pairs = ((s.figure(w, when=p), s.share(w, of=[total], when=p)) for p in s.periods)
        rows.append(line(w.label, *chain.from_iterable(pairs)))
    return [Sheet(name(s), rows)]


def parents_and_children(s: Subject) -> list[Sheet]:
    """Parents and children in one column without indentation, a blank row between a parent and its children."""
    rows: list[Row] = [heading(s), [], header(None, *(p.label for p in s.periods))]
    total = s.total(0)
    rows += [line("All people", *(s.figure(total, when=p) for p in s.periods)), []]
    for w in s.list(0, totals=False):
        if w.kind == "parent":
            rows.append([])
        rows.append(line(w.label, *(s.figure(w, when=p) for p in s.periods)))
        if w.kind == "parent":
            rows.append([])
    return [Sheet(name(s), rows)]


def of_which(s: Subject) -> list[Sheet]:
    """Parts named `of which` below what they are part of."""
    rows = [
        heading(s),
        note("Parts of a group are shown below it."),
        header("Ethnicity", *(p.label for p in s.periods)),
    ]
    rows += [line(w.label, *(s.figure(w, when=p) for p in s.periods)) for w in s.list(0)]
    return [Sheet(name(s), rows)]


def separated_groups(s: Subject) -> list[Sheet]:
    """Two years side by side with an empty column between them, places down: a table of the Home Office."""
    years, groups = s.periods[-2:], s.list(1)
    rows: list[Row] = [heading(s, span=f"{years[0].label} and {years[1].label}"), []]
    rows += [header("Numbers", *[None] * (2 * len(groups)), s.where)]
    rows += [header(None, years[0].label, *[None] * len(groups), years[1].label)]
    rows += [header(s.list(0)[0].heading, *(w.label for w in groups), None, *(w.label for w in groups)), []]
    for w in s.list(0):
        first, second = ([s.figure(w, g, when=p) for g in groups] for p in years)
        rows.append(line(w.label, *first, None, *second))
    return [Sheet(f"A_{s.number}", rows)]


def numbered_ages(s: Subject) -> list[Sheet]:
    """Ages across, groups down, at the end of a year, years of age as they are written in headers."""
    ages = s.list(1)
    rows = [
        heading(s, span=s.last.label),
        [],
        header(None, "Age group"),
        header(s.list(0)[0].heading, *(a.label for a in ages)),
    ]
    rows += [line(w.label, *(s.figure(w, a, when=s.last) for a in ages)) for w in s.list(0)]
    return [Sheet(name(s), rows)]


def labels_once(s: Subject) -> list[Sheet]:
    """Two columns of labels, the outer one only on the first row of its block."""
    outer, inner = s.list(0), s.list(1)
    rows = [heading(s), note("Source: court proceedings database."), []]
    rows += [header(outer[0].heading, inner[0].heading, *(p.label for p in s.periods))]
    for o in outer:
        for k, i in enumerate(inner):
            figures = (s.figure(o, i, when=p) for p in s.periods)
            first = Cell(o.label, "label") if k == 0 else None
            rows.append(row(first, Cell(i.label, "label"), *figures))
    return [Sheet(name(s), rows)]


def every_label(s: Subject) -> list[Sheet]:
    """Columns of labels, each on every row, dates across."""
    lists = [s.list(n) for n in range(len(s.by))]
    rows = [heading(s), [], header(*(each[0].heading for each in lists), *(p.label for p in s.periods))]
    rows += [
        row(*(Cell(w.label, "label") for w in said), *(s.figure(*said, when=p) for p in s.periods))
        for said in _combinations(lists)
    ]
    return [Sheet(name(s), rows)]


def _combinations(lists: list[tuple[Word, ...]]) -> list[tuple[Word, ...]]:
    found: list[tuple[Word, ...]] = [()]
    for each in lists:
        found = [(*one, w) for one in found for w in each]
    return found


def change_at_the_end(s: Subject) -> list[Sheet]:
    """Times across, and the change between two of them as a percentage at the right."""
    first, last = s.periods[-2:]
    label = f"Percentage change \n{first.label} to {last.label}"
    rows = [heading(s), [], header(s.list(0)[0].heading, *(p.label for p in s.periods), label)]
    for w in s.list(0):
        was, now = s.count([w], first), s.count([w], last)
        change = Cell(round(now / was - 1, 3) if was else 0.0, "change", format="0.0%")
        rows.append(line(w.label, *(s.figure(w, when=p) for p in s.periods), change))
    return [Sheet(name(s), rows)]


def two_languages(s: Subject) -> list[Sheet]:
    """Every label in two languages."""
    groups = s.list(0)
    rows = [title(f"Table {s.number}: {s.title} by ethnic group, {s.span} / Tabl {s.number}"), []]
    rows += [header("Ethnic group / Grŵp ethnig", *(p.label for p in s.periods))]
    rows += [line(w.label, *(s.figure(w, when=p) for p in s.periods)) for w in groups]
    return [Sheet(f"Table {s.number}", rows)]


def rates_beside_counts(s: Subject) -> list[Sheet]:
    """Numbers, shares of those stated, and a rate per 1,000 residents under each year."""
    years, groups = s.periods[-2:], s.list(0)
    residents = {
        "White": 48.7e6,
        "Asian": 5.5e6,
        "Black": 2.4e6,
        "Mixed": 1.7e6,
        "Other": 1.25e6,
        "Chinese or Other": 1.7e6,
    }
    top = chain.from_iterable((p.label, None, None) for p in years)
    rows = [heading(s, span=f"{years[0].label} and {years[1].label}"), [], header("Year", *top)]
    rows += [header("Ethnicity", *["Number", "Proportion\n(%)", "Arrest rate per 1,000 population"] * 2), []]
    stated = [w for w in groups if w.category in residents]
    for w in groups:
        cells: list[Cell | str] = []
        for p in years:
            cells.append(s.figure(w, when=p))
            if w in stated:
                whole = sum(s.count([g], p) for g in stated)
                cells.append(s.cell(round(100 * s.count([w], p) / whole, 2), [w], p, unit="percent"))
                cells.append(s.cell(round(1000 * s.count([w], p) / residents[w.category], 2), [w], p, unit="rate"))
            else:
                cells += [s.cell(None, [w], p, unit=u, status="not_applicable", shown="-") for u in ("percent", "rate")]
        rows.append(line(w.label, *cells))
    return [Sheet(f"A_{s.number}", rows)]


def comments_at_the_right(s: Subject) -> list[Sheet]:
    """Establishments down with padded names, sexes across, and a column of prose."""
    across = s.list(1)
    rows = [heading(s, span=s.last.label), [], header(s.list(0)[0].heading, *(w.label for w in across), "Comments")]
    for k, w in enumerate(s.list(0)):
        said = "Formerly two sites" if k == 2 else None
        rows.append(line(f"{w.label}  ", *(s.figure(w, a, when=s.last) for a in across), Cell(said)))
    return [Sheet(name(s), rows)]


def stages_across(s: Subject) -> list[Sheet]:
    """Applicants at each stage of a selection, by group."""
    stages = (("Applications", 1.0), ("Shortlisted", 0.3), ("Recommended", 0.07))
    rows = [heading(s, span=s.last.label), [], header(s.list(0)[0].heading, *(stage for stage, _ in stages))]
    for w in s.list(0):
        counts = ((stage, s.part(stage, part).count([w], s.last)) for stage, part in stages)
        rows.append(line(w.label, *(s.cell(n, [w], s.last, also={"measure": stage}) for stage, n in counts)))
    return [Sheet(name(s), rows)]


def nested_times(periods: tuple[Period, ...]) -> list[tuple[int, list[Period]]]:
    """Periods by the calendar year they end in."""
    return [(year, list(those)) for year, those in groupby(periods, lambda p: p.end.year)]


def years_above_months(s: Subject) -> list[Sheet]:
    """A year above its quarters or months, which do not name it."""
    years = nested_times(s.periods)
    top = chain.from_iterable([str(year), *[None] * (len(those) - 1)] for year, those in years)
    short = [p.label.rsplit(" ", 1)[0] for p in s.periods]
    rows = [heading(s), [], header(None, *top), header(s.list(0)[0].heading, *short)]
    rows += [line(w.label, *(s.figure(w, when=p) for p in s.periods)) for w in s.list(0)]
    return [Sheet(name(s), rows)]
