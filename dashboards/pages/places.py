"""Who is counted in each place, beside places of the same kind and all of them, by name and in no league."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from dashboards import sentences as say
from dashboards.counts import counted
from dashboards.pages.kinds import Beside, Grid, Held, Page, Section
from dashboards.pages.words import group_label
from monitor.declarations import Measure
from monitor.vocabulary import establishment_functions, ordered, places_of_kind
from pipelines.deriving import shares_together

_LEVELS = ["groups", "unknown"]


class _Kind(NamedTuple):
    """A kind of place in words, and the page that lists its places."""

    one: str
    many: str

    @property
    def path(self) -> str:
        return self.many.replace(" ", "-") + ".html"


_KINDS = {"prison": _Kind("prison", "prisons"), "probation_region": _Kind("probation region", "probation regions")}
_FUNCTIONS = {
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


@dataclass(frozen=True)
class _Compared:
    """What the people of one place are set beside: those of places like it, and everyone's shares."""

    like: str
    together: Mapping[str, tuple[float, float]]
    everywhere: Mapping[str, float]
    everywhere_in: str


def place_pages(held: Held) -> list[Page]:
    """A page for each place of a local measure and one that leads to them; none where no figures are held."""
    found = []
    for measure in (m for m in held.measures.values() if m.local):
        for characteristic in measure.table:
            rows = held.disparities.filter(measure=measure.id, characteristic=characteristic)
            if not rows.is_empty():
                try:
                    found += _of(held, measure, characteristic, rows)
                except Exception as error:
                    found.append(Page(_KINDS[measure.local].path, measure.title, "measures").fault(error))
    return found


def listed_by_place(held: Held, measure: Measure, characteristic: str) -> tuple[str, str] | None:
    """The page that lists the places of what a measure counts, and what each is called; None where there is none."""
    for m in held.measures.values():
        if (
            m.local
            and (m.publication, m.figures) == (measure.publication, measure.figures)
            and characteristic in m.table
        ):
            return _KINDS[m.local].path, _KINDS[m.local].one
    return None


def _of(held: Held, measure: Measure, characteristic: str, rows: pl.DataFrame) -> list[Page]:
    words = _KINDS[measure.local]
    codes = {p.name: p.code for p in places_of_kind(measure.local)}
    functions = establishment_functions()
    likes = {name: _FUNCTIONS[functions[code]] for name, code in codes.items() if code in functions}
    here = rows.filter(pl.col("place").is_in(list(codes))).with_columns(
        like=pl.col("place").replace_strict(likes, default="", return_dtype=pl.String)
    )
    together = {str(like): shares_together(part) for (like,), part in here.partition_by("like", as_dict=True).items()}
    sizes = dict(here.group_by("like").agg(pl.col("place").n_unique()).iter_rows())
    everywhere, where = _everywhere(held, measure, characteristic, here)
    first = here.row(0, named=True)
    when = say.period(first["period"], first["period_start"], first["period_end"])
    everyone = dict(here.filter(category="all").select("place", "count").drop_nulls().iter_rows())
    shared = {"measure": measure, "source": _source(held, measure, characteristic), "kind": words}
    pages, listed = [], []
    for (name,), mine in sorted(here.partition_by("place", as_dict=True).items()):
        like, people = mine["like"][0], "number not held"
        if name in everyone:
            people = f"{say.count(everyone[name])} people"
        path = f"place-{codes[str(name)].partition('/')[2]}.html"
        compared = _Compared(
            like and f"{like} ({sizes[like]})", together[like] if like else {}, everywhere, where or words.many
        )
        grid = _grid(characteristic, f"{name}, {when}", mine, compared)
        section = Section("people", f"By {say.title_of(characteristic).lower()}, {when}", grids=(grid,))
        said = [measure.uncompared, measure.caution, *mine["reason"].drop_nulls().unique(maintain_order=True)]
        context = {
            "sections": (section,),
            "people": people,
            "like": like,
            "said": [*map(say.clean, dict.fromkeys(said))],
        }
        pages.append(Page(path, str(name), "", {**shared, **context}, "place.html"))
        listed.append((path, str(name), people, like))
    index = {"rows": listed, "when": when, "said": [say.clean(measure.caution)], "alike": any(likes.values())}
    return [Page(words.path, measure.title, "measures", {**shared, **index}, "places.html"), *pages]


def _source(held: Held, measure: Measure, characteristic: str) -> str:
    """The citation of the newest file whose table these numbers are of."""
    speaking = held.tables.filter(publication=measure.publication, table_id=measure.table[characteristic][0])
    files = held.artefacts.filter(pl.col("sha256").is_in(speaking["artefact_sha256"].tail(1).to_list()))
    return " ".join(say.citation(row) for row in files.head(1).iter_rows(named=True))


def _everywhere(held: Held, measure: Measure, characteristic: str, here: pl.DataFrame) -> tuple[dict[str, float], str]:
    """Each group's share of everyone counted on the same day, from the measure of all places, and where that is."""
    whole = [
        m.id
        for m in held.measures.values()
        if not m.local and (m.publication, m.figures) == (measure.publication, measure.figures)
    ]
    rows = held.disparities.filter(
        pl.col("measure").is_in(whole), characteristic=characteristic, sex="all", period_end=here["period_end"][0]
    ).unique("category", keep="first", maintain_order=True)
    return dict(rows.select("category", "share_of_all").drop_nulls().iter_rows()), next(iter(rows["place"]), "")


def _grid(characteristic: str, caption: str, mine: pl.DataFrame, compared: _Compared) -> Grid:
    rows = {r["category"]: r for r in mine.filter(pl.col("level").is_in(_LEVELS)).iter_rows(named=True)}
    everyone = mine.filter(category="all")["count"].drop_nulls()
    head = [say.title_of(characteristic), "People here", "Share of everyone here"]
    head += [f"Share in {compared.like}"] if compared.like else []
    lines, bars = [], []
    for category in ordered(characteristic, list(rows)):
        here, like = rows[category]["share_of_all"], compared.together.get(category)
        cells = [group_label(category), counted(rows[category]), _share(here)]
        if compared.like:
            cells.append("–" if like is None else " to ".join(dict.fromkeys(map(say.percent, like))))
        lines.append((*cells, _share(compared.everywhere.get(category))))
        bars.append(Beside(group_label(category), here, like, compared.everywhere.get(category)))
    whole = ("Everyone", say.count(everyone[0]) if len(everyone) else "–")
    lines.append((*whole, *[""] * (len(head) - 1)))
    head.append(f"Share in {compared.everywhere_in}")
    key = (compared.like, compared.everywhere_in)
    return Grid(
        f"People by {say.title_of(characteristic).lower()}: {caption}",
        (*head,),
        tuple(lines),
        bars=tuple(bars),
        key=key,
    )


def _share(share: float | None) -> str:
    return "–" if share is None else say.percent(share)
