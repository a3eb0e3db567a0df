"""Who is held in each prison, beside prisons of the same function and all prisons, by name and in no league."""

from collections.abc import Mapping

import polars as pl

from dashboards import sentences as say
from dashboards.pages.kinds import Grid, Held, Page, Section
from dashboards.pages.words import counted, group_label
from monitor.declarations import Measure
from monitor.vocabulary import establishment_functions, ordered, places_of_kind
from pipelines.deriving import shares_together

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
    functions = establishment_functions()
    kinds = {name: _KINDS[functions[code]] for name, code in prisons.items() if code in functions}
    here = rows.filter(pl.col("place").is_in(list(prisons))).with_columns(
        kind=pl.col("place").replace_strict(kinds, default="", return_dtype=pl.String)
    )
    together = {str(kind): shares_together(part) for (kind,), part in here.partition_by("kind", as_dict=True).items()}
    everywhere = _everywhere(held, measure, characteristic, here)
    first = here.row(0, named=True)
    when = say.period(first["period"], first["period_start"], first["period_end"])
    sizes = dict(here.group_by("kind").agg(pl.col("place").n_unique()).iter_rows())
    counted = dict(here.filter(category="all").select("place", "count").iter_rows())
    source = _source(held, measure, characteristic)
    pages, listed = [], []
    for (name,), mine in sorted(here.partition_by("place", as_dict=True).items()):
        kind, count = mine["kind"][0], counted.get(name)
        path = f"place-{prisons[str(name)].partition('/')[2]}.html"
        everyone = "number not held" if count is None else f"{say.count(count)} people"
        grid = _grid(
            characteristic, str(name), when, mine, kind and f"{kind} ({sizes[kind]})", together[kind], everywhere, count
        )
        section = Section("people", f"By {say.title_of(characteristic).lower()}, {when}", grids=(grid,))
        said = [measure.uncompared, measure.caution, *mine["reason"].drop_nulls().unique(maintain_order=True)]
        context = {"sections": (section,), "measure": measure, "people": everyone, "function": kind, "source": source}
        context["said"] = [say.clean(s) for s in dict.fromkeys(said)]
        pages.append(Page(path, str(name), "", context, "prison.html"))
        listed.append((path, str(name), everyone, kind))
    index = {"rows": listed, "measure": measure, "when": when, "said": [say.clean(measure.caution)], "source": source}
    return [Page("prisons.html", measure.title, "measures", index), *pages]


def _source(held: Held, measure: Measure, characteristic: str) -> str:
    """The citation of the newest file whose table these numbers are of."""
    speaking = held.tables.filter(publication=measure.publication, table_id=measure.table[characteristic][0])
    files = held.artefacts.filter(pl.col("sha256").is_in(speaking["artefact_sha256"].tail(1).to_list()))
    return " ".join(say.citation(row) for row in files.head(1).iter_rows(named=True))


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
    kind: str,
    together: Mapping[str, tuple[float, float]],
    everywhere: pl.DataFrame,
    everyone: float | None,
) -> Grid:
    shares = dict(everywhere.select("category", "share_of_all").drop_nulls().iter_rows())
    rows = {r["category"]: r for r in mine.filter(pl.col("level").is_in(_LEVELS)).iter_rows(named=True)}
    head = [say.title_of(characteristic), f"People in {name}", "Share of everyone there"]
    head += [f"Share in {kind}"] if kind else []
    lines = []
    for category in ordered(characteristic, list(rows)):
        cells = [group_label(category), counted(rows[category]), _share(rows[category]["share_of_all"])]
        cells += [" to ".join(dict.fromkeys(map(say.percent, together[category]))) if category in together else "–"]
        lines.append((*(cells if kind else cells[:-1]), _share(shares.get(category))))
    whole = ("Everyone", "–" if everyone is None else say.count(everyone))
    lines.append((*whole, *[""] * (len(head) - 1)))
    caption = f"People in {name} by {say.title_of(characteristic).lower()}, {when}"
    return Grid(caption, (*head, "Share in all prisons"), tuple(lines))


def _share(share: float | None) -> str:
    return "–" if share is None else say.percent(share)
