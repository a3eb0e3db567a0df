"""Who is held in each prison, beside prisons of the same function and all prisons, by name and in no league."""

from collections.abc import Sequence

import polars as pl

from dashboards import sentences as say
from dashboards.pages.kinds import Grid, Held, Page, Section
from dashboards.pages.words import group_label
from monitor.declarations import Measure
from monitor.vocabulary import establishment_functions, ordered, places_of_kind
from pipelines.deriving import share_together

_LEVELS = ["groups", "unknown"]
_KINDS = {
    "local": "local prisons",
    "category_a": "prisons of category A",
    "category_b": "prisons of category B",
    "category_c": "prisons of category C",
    "category_d": "open prisons",
    "female_establishment": "women’s prisons",
    "young_offender_institution": "young offender institutions",
    "children": "places for children",
}
"""The prisons of each predominant function, in words."""


def prison_pages(held: Held) -> list[Page]:
    """A page for each prison and one that leads to them; none where no figures by prison are held."""
    found = []
    for measure in (m for m in held.measures.values() if m.local):
        for characteristic in measure.table:
            rows = held.disparities.filter(measure=measure.id, characteristic=characteristic)
            if not rows.is_empty():
                found += _of(held, measure, characteristic, rows)
    return found


def _of(held: Held, measure: Measure, characteristic: str, rows: pl.DataFrame) -> list[Page]:
    prisons = {p.name: p.code for p in places_of_kind("prison")}
    here = rows.filter(pl.col("place").is_in(list(prisons)))
    function = establishment_functions()
    everywhere = _everywhere(held, measure, characteristic, here)
    first = here.row(0, named=True)
    when = say.period(first["period"], first["period_start"], first["period_end"])
    pages, listed = [], []
    by_place = here.partition_by("place", as_dict=True)
    for (name,), mine in sorted(by_place.items()):
        kind = function.get(prisons[str(name)], "")
        alike = [part for (other,), part in by_place.items() if function.get(prisons[str(other)]) == kind and kind]
        path = f"place-{prisons[str(name)].partition('/')[2]}.html"
        total = mine.filter(category="all")["count"].to_list()
        people = f"{say.count(total[0])} people" if total and total[0] is not None else "number not held"
        grid = _grid(characteristic, str(name), when, mine, alike, _KINDS.get(kind, ""), everywhere)
        section = Section("people", f"By {say.title_of(characteristic).lower()}, {when}", grids=(grid,))
        said = [measure.uncompared, measure.caution, *mine["reason"].drop_nulls().unique(maintain_order=True)]
        context = {"sections": (section,), "measure": measure, "people": people, "function": _KINDS.get(kind, "")}
        context["said"] = [say.clean(s) for s in dict.fromkeys(said)]
        pages.append(Page(path, str(name), "", context, "prison.html"))
        listed.append((path, str(name), people, _KINDS.get(kind, "")))
    index = {"rows": listed, "measure": measure, "when": when, "said": [say.clean(measure.caution)]}
    return [Page("prisons.html", measure.title, "measures", index), *pages]


def _everywhere(held: Held, measure: Measure, characteristic: str, here: pl.DataFrame) -> pl.DataFrame:
    """The people of all prisons on the same day, from the measure that counts them together."""
    rows = held.disparities.filter(
        measure=measure.publication, characteristic=characteristic, sex="all", period_end=here["period_end"][0]
    )
    return rows.unique("category", keep="first", maintain_order=True)


def _grid(
    characteristic: str,
    name: str,
    when: str,
    mine: pl.DataFrame,
    alike: Sequence[pl.DataFrame],
    kind: str,
    everywhere: pl.DataFrame,
) -> Grid:
    head = [say.title_of(characteristic), f"People in {name}", "Share of everyone there"]
    head += [f"Share in {kind} ({len(alike)})"] if kind else []
    head.append("Share in all prisons")
    groups = mine.filter(pl.col("level").is_in(_LEVELS))
    lines = []
    for category in ordered(characteristic, groups["category"].to_list()):
        row = groups.filter(category=category).row(0, named=True)
        share = row["share_of_all"]
        cells = [group_label(category), _number(row), "–" if share is None else say.percent(share)]
        cells += [_together(alike, category)] if kind else []
        all_of_it = everywhere.filter(category=category)["share_of_all"].drop_nulls().to_list()
        lines.append((*cells, say.percent(all_of_it[0]) if all_of_it else "–"))
    total = mine.filter(category="all")["count"].to_list()
    whole = ["Everyone", say.count(total[0]) if total and total[0] is not None else "–", ""]
    lines.append((*whole, *([""] if kind else []), ""))
    return Grid(f"People in {name} by {say.title_of(characteristic).lower()}, {when}", tuple(head), tuple(lines))


def _number(row: dict[str, float | None]) -> str:
    if row["count"] is not None:
        return say.count(row["count"])
    low, high = row["count_low"], row["count_high"]
    return "hidden" if low is None or high is None else f"hidden: {low:,.0f} to {high:,.0f}"


def _together(alike: Sequence[pl.DataFrame], category: str) -> str:
    """The share of a group in several prisons together: between two limits where a number is hidden."""
    found = share_together(alike, category)
    return " to ".join(dict.fromkeys(map(say.percent, found))) if found else "–"
