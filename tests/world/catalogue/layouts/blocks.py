"""Several blocks, or several tables, on one sheet."""

from dataclasses import replace

from ..known import Claim
from ..sheets import Cell, Row, Sheet, header, line, note, title
from ..subject import Subject
from ..words import CODES
from .crosstabs import heading, name


def blocks_of_sex(s: Subject) -> list[Sheet]:
    """A block for everyone and one for each sex, the header repeated above each, the block's total on its own row."""
    rows: list[Row] = [heading(s), []]
    groups = s.list(0, totals=False)
    for sex in (s.total(1), *s.list(1, totals=False)):
        rows += [header(None, *(p.label for p in s.periods))]
        rows += [line(sex.label, *(s.figure(s.total(0), sex, when=p) for p in s.periods)), []]
        rows += [line(w.label, *(s.figure(w, sex, when=p) for p in s.periods)) for w in groups]
        rows += [[]]
    return [Sheet(name(s), [*rows, note("(1) Figures are drawn from administrative systems.")])]


def nested_blocks(s: Subject) -> list[Sheet]:
    """Sexes, in each of them nationalities, in each of those ethnic groups: one column of labels."""
    rows: list[Row] = [heading(s), [], header(None, *(p.label for p in s.periods))]
    groups = s.list(0, totals=False)
    for sex in (s.total(1), *s.list(1, totals=False)):
        rows.append([Cell(sex.label, "label")])
        for nation in (s.total(2), *s.list(2, totals=False)):
            rows += [line(nation.label, *(s.figure(s.total(0), sex, nation, when=p) for p in s.periods)), []]
            rows += [line(w.label, *(s.figure(w, sex, nation, when=p) for p in s.periods)) for w in groups]
        rows.append([])
    return [Sheet(name(s), rows)]


def blocks_of_places(s: Subject) -> list[Sheet]:
    """A block for each area, named in a row of its own, with its total last."""
    rows: list[Row] = [heading(s), [], header(None, *(p.label for p in s.periods))]
    for place in s.list(1):
        rows += [[Cell(place.label, "label")]]
        rows += [line(w.label, *(s.figure(w, place, when=p) for p in s.periods)) for w in s.list(0)]
        rows += [[]]
    return [Sheet(name(s), rows)]


def blocks_of_years(s: Subject) -> list[Sheet]:
    """A block for each year, named in a row of its own; groups down, sexes across."""
    across = s.list(1)
    rows: list[Row] = [heading(s), [], header(s.list(0)[0].heading, *(w.label for w in across))]
    for p in s.periods:
        rows += [[Cell(p.label, "label")]]
        rows += [line(w.label, *(s.figure(w, a, when=p) for a in across)) for w in s.list(0)]
    return [Sheet(name(s), rows)]


def titled_tables(s: Subject) -> list[Sheet]:
    """A table for each list, one below the other, each under its own title."""
    rows: list[Row] = []
    for n in range(len(s.by)):
        of = s.list(n)[0].heading
        rows += [title(f"Table {s.number}.{n + 1}: {s.title} by {of.lower()}, {s.where}, {s.span}"), []]
        rows += [header(of, *(p.label for p in s.periods))]
        rows += [line(w.label, *(s.figure(w, when=p) for p in s.periods)) for w in s.list(n)]
        rows += [[], []]
    return [Sheet(f"{s.number}", rows)]


def tables_beside(s: Subject) -> list[Sheet]:
    """Two tables side by side, an empty column between them."""
    left, right = s.list(0), s.list(1)
    titles = [f"Table {s.number}{part}: {s.title} by {w[0].heading.lower()}, {s.last.label}" for part, w in
              (("a", left), ("b", right))]  # fmt: skip
    rows: list[Row] = [[Cell(titles[0], "title"), Cell(), Cell(), Cell(titles[1], "title")], []]
    rows += [header(left[0].heading, "Number", None, right[0].heading, "Number")]
    for k in range(max(len(left), len(right))):
        cells = [Cell(), Cell(), Cell()]
        if k < len(left):
            cells = [Cell(left[k].label, "label"), s.figure(left[k], when=s.last), Cell()]
        if k < len(right):
            cells += [Cell(right[k].label, "label"), s.figure(right[k], when=s.last)]
        rows.append(cells)
    return [Sheet(name(s), rows)]


def margins_down(s: Subject) -> list[Sheet]:
    """One characteristic after the other down one column, each under its name, and the total last."""
    rows: list[Row] = [title(f"Table {s.number}: {s.title} by characteristic, {s.where}, {s.span}"), []]
    rows += [header("Characteristic", *(p.label for p in s.periods))]
    for n in range(len(s.by)):
        rows += [[Cell(s.list(n)[0].heading, "label")]]
        rows += [line(w.label, *(s.figure(w, when=p) for p in s.periods)) for w in s.list(n, totals=False)]
    return [Sheet(name(s), rows)]


def margins_across(s: Subject) -> list[Sheet]:
    """One characteristic after the other across, the total at the right; kinds of remand down."""
    kinds, margins = s.list(0), [s.list(n, totals=False) for n in range(1, len(s.by))]
    labels = [w for margin in margins for w in margin]
    rows: list[Row] = [title(f"Table {s.number}: {s.title} by demographic characteristics, {s.last.label}"), []]
    rows += [header(kinds[0].heading, *(w.label for w in labels), "Total")]
    for kind in kinds:
        figures = (s.figure(kind, w, when=s.last) for w in labels)
        rows.append(line(kind.label, *figures, s.figure(kind, when=s.last)))
    return [Sheet(name(s), rows)]


def margins_listed(s: Subject) -> list[Sheet]:
    """A column that names the characteristic and a column of its groups; number and percentage beside them."""
    rows: list[Row] = [title(f"Table {s.number}: {s.title} by protected characteristic, {s.last.label}"), []]
    rows += [header("Protected characteristic", "Group", "Number", "%")]
    for n in range(len(s.by)):
        every = s.list(n, totals=False)
        for w in every:
            figures = s.figure(w, when=s.last), s.share(w, of=every, when=s.last)
            rows.append([Cell(w.heading, "label"), Cell(w.label, "label"), *figures])
    return [Sheet(name(s), rows)]


def numbers_then_proportions(s: Subject) -> list[Sheet]:
    """A section of numbers above, one of proportions below, under one header."""
    groups, kinds = s.list(1), s.list(0)
    rows: list[Row] = [heading(s, span=s.last.label), [], header(kinds[0].heading, *(w.label for w in groups))]
    rows += [[Cell("Number", "label")]]
    rows += [line(k.label, *(s.figure(k, g, when=s.last) for g in groups)) for k in kinds]
    rows += [[], [Cell("Proportion (%)", "label")]]
    total = s.total(1)
    rows += [line(k.label, *(s.share(k, g, of=[k, total], when=s.last) for g in groups)) for k in kinds]
    return [Sheet(name(s), rows)]


def regions_among_forces(s: Subject) -> list[Sheet]:
    """Police forces under their regions, the region's total in bold among them and the country last."""
    groups = s.list(1)
    regions = {"North East": ("Cleveland", "Durham", "Northumbria"),
               "North West": ("Cheshire", "Cumbria", "Greater Manchester", "Merseyside")}  # fmt: skip
    forces = {w.label: w for w in s.list(0)}
    rows: list[Row] = [heading(s, span=s.last.label), [], header(s.list(0)[0].heading, *(w.label for w in groups)), []]
    for region, those in regions.items():
        rows += [line(f, *(s.figure(forces[f], g, when=s.last) for g in groups)) for f in those]
        total = []
        for g in groups:
            cell = s.figure(forces[those[0]], g, when=s.last)
            assert cell.claim is not None
            value = sum(s.count([forces[f], g], s.last) for f in those)
            total.append(Cell(value, "figure", _in(cell.claim, region, value)))
        rows += [line(f"{region} Region", *total), []]
    return [Sheet(f"S_{s.number}", rows)]


def _in(claim: Claim, place: str, value: float) -> Claim:
    return replace(claim, place=place, value=value, codes=CODES["place.regions"])
