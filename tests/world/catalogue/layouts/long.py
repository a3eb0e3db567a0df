"""Open data: a row a count, the labels in columns."""

import zlib
from collections.abc import Iterator
from itertools import product

from ...populations import ENGLAND_AND_WALES, Variable, query_rows
from ..sheets import Cell, Row, Sheet, header, row
from ..subject import Subject
from ..words import Word


def combinations(s: Subject, totals: bool) -> Iterator[tuple[Word, ...]]:
    return product(*(s.list(n, totals=totals) for n in range(len(s.by))))


def open_data(s: Subject) -> list[Sheet]:
    """A column for the year, one for each list, and the count; combinations of nobody are left out."""
    rows: list[Row] = [
        header("Year", *(s.list(n)[0].heading for n in range(len(s.by))), s.options.get("count", "Count"))
    ]
    for p in s.periods:
        for said in combinations(s, totals=False):
            if s.count(said, p):
                rows.append(row(p.label, *(Cell(w.label, "label") for w in said), s.figure(*said, when=p)))
    return [Sheet("open_data", rows)]


def machine_names(s: Subject) -> list[Sheet]:
    """Open data with headings as a program writes them, by police force."""
    said_so = {
        "place": "police_force_area",
        "age": "age_group",
        "ethnicity": "self_defined_ethnicity_group",
        "sex": "gender",
    }
    names = [said_so.get(s.list(n)[0].dimension, s.list(n)[0].dimension) for n in range(len(s.by))]
    rows: list[Row] = [header("financial_year", *names, s.options.get("count", "number_of_arrests"))]
    for p in s.periods:
        for said in combinations(s, totals=False):
            if s.count(said, p):
                rows.append(row(p.label, *(Cell(w.label, "label") for w in said), s.figure(*said, when=p)))
    return [Sheet("OD_5+1", rows)]


def quarters_coded(s: Subject) -> list[Sheet]:
    """Open data of quarters such as 2023Q1, its headings in capitals."""
    rows: list[Row] = [header(*(s.list(n)[0].heading.upper() for n in range(len(s.by))), "DATE", "COUNT")]
    for p in s.periods:
        for said in combinations(s, totals=False):
            if s.count(said, p):
                rows.append(row(*(Cell(w.label, "label") for w in said), p.label, s.figure(*said, when=p)))
    return [Sheet("data", rows)]


def two_ethnicities(s: Subject) -> list[Sheet]:
    """Ethnicity as people say it in one column, as an officer sees it in another."""
    rows: list[Row] = [header("Year", "Self-identified ethnicity", "Officer-observed ethnicity", "Number of searches")]
    for p in s.periods:
        for said, seen in product(s.list(0, totals=False), s.list(1, totals=False)):
            alike = 1.0 if said.category == seen.category else 0.08
            count = round(s.count([said, seen], p) * alike) + zlib.crc32(f"{said.label}{seen.label}".encode()) % 7 + 5
            cell = s.cell(count, [said], p, also={"officer-observed ethnicity": seen.label})
            rows.append(row(p.label, Cell(said.label, "label"), Cell(seen.label, "label"), cell))
    return [Sheet("open_data", rows)]


def measures_stacked(s: Subject) -> list[Sheet]:
    """Open data of several measures, told apart by a column that names them."""
    measures = (("Number of people", "count", 1.0), ("Number released on licence", "count", 0.4))
    rows: list[Row] = [header("Measure", "Year", *(s.list(n)[0].heading for n in range(len(s.by))), "Value")]
    for named, unit, part in measures:
        for p in s.periods:
            for said in combinations(s, totals=False):
                value = s.part(named, part).count(said, p)
                cell = s.cell(value, said, p, unit=unit, also={"measure": named})
                rows.append(row(Cell(named, "label"), p.label, *(Cell(w.label, "label") for w in said), cell))
    return [Sheet("data", rows)]


def views_stacked(s: Subject) -> list[Sheet]:
    """A column that says which list the next column is of: the same people counted once for each."""
    rows: list[Row] = [header("view", "Date", "Establishment", "Sex / Age / Ethnicity", "Population")]
    for n in range(1, len(s.by)):
        view = f"{'abcde'[n - 1]} Establishment*{s.list(n)[0].heading}"
        for p in s.periods:
            for prison in s.list(0):
                for w in s.list(n, totals=False):
                    labels = Cell(view, "label"), p.label, Cell(prison.label, "label"), Cell(w.label, "label")
                    rows.append(row(*labels, s.figure(prison, w, when=p)))
    return [Sheet("PT Data", rows)]


def wide(s: Subject) -> list[Sheet]:
    """A row an area, a column a combination named whole: a bulk download of the census."""
    every = list(product(s.list(1), s.list(2)))
    named = [f"{a.heading}: {a.label}; {b.heading}: {b.label}; measures: Value" for a, b in every]
    rows: list[Row] = [header("date", "geography", *named)]
    for place in s.list(0):
        rows.append(
            row(s.last.label, Cell(place.label, "label"), *(s.figure(place, a, b, when=s.last) for a, b in every))
        )
    return [Sheet("data", rows)]


def long_with_totals(s: Subject) -> list[Sheet]:
    """Open data in which rows of totals stand beside the rows of their parts."""
    rows: list[Row] = [header("Time", *(s.list(n)[0].heading for n in range(len(s.by))), "Number")]
    for p in s.periods:
        for said in combinations(s, totals=True):
            rows.append(row(p.label, *(Cell(w.label, "label") for w in said), s.figure(*said, when=p)))
    return [Sheet("data", rows)]


def nomis_query(s: Subject) -> list[Sheet]:
    """The answer of a query to Nomis: each category's code, name and type in columns, the count near the end."""
    lists = [s.list(n, totals=False) for n in range(len(s.by))]
    variables = [Variable(f"c_{w[0].dimension}", [(str(k + 1), a.label) for k, a in enumerate(w)]) for w in lists]
    every = {tuple(str(w.index(a) + 1) for w, a in zip(lists, said, strict=True)): said for said in product(*lists)}
    counts = {(ENGLAND_AND_WALES[0], *codes): float(s.count(said, s.last)) for codes, said in every.items()}
    head, *answered = query_rows(ENGLAND_AND_WALES, variables, counts, s.last.label)
    value, at = head.index("OBS_VALUE"), [head.index(f"{v.name.upper()}_CODE") for v in variables]
    rows: list[Row] = [header(*head)]
    for one in answered:
        cells = row(*one)
        cells[value] = s.figure(*every[tuple(one[k].lstrip("_") for k in at)], when=s.last)
        rows.append(cells)
    return [Sheet("data", rows)]
