"""How far each direction on a page rests on the population and on the unknown: counted from what is stored."""

import polars as pl

from dashboards import sentences as say
from dashboards.pages.kinds import Grid, Held, Section
from dashboards.pages.words import compared_with, group_label
from dashboards.turned import NOT_EVIDENCE, OPEN, turning
from monitor.declarations import Fit, Measure
from pipelines.deriving import counted


def sensitivity(held: Held, measure: Measure, rows: pl.DataFrame, last: str, leads: Fit | None) -> list[Section]:
    """Of every population and case of the unknown, how many keep each group's direction; nothing without a choice."""
    here = rows.filter(pl.col("reference").is_not_null(), period=last, sex="all", level="groups")
    found = [r for r in counted(measure, here.to_dicts(), leads) if len(r["choices"]) > 1]
    if not found or not leads:
        return []
    titles = {name: baseline.title for name, baseline in held.baselines.items()}
    body = []
    for r in found:
        counts = ("–" if r[n] is None else str(r[n]) for n in ("kept", "turned", "open", "not_made"))
        made = len(r["choices"]) - r["not_made"]
        turned = "; ".join(text.split(": ", 1)[1] for text in turning(r, titles)) or "none"
        body.append((group_label(r["category"]), str(made), *counts, turned if r["kept"] is not None else "–"))
    grid = Grid(
        f"Choices that keep the direction of the ratio to {compared_with(here)}, or turn it round",
        (say.title_of(found[0]["characteristic"]), "Choices made", "Keep", "Turn", "Open", "Not made", "Turned by"),
        tuple(body),
    )
    words = (
        "A choice is a population above with the unknown as known, all in the reference group or all in the group. "
        "The direction is that of the first population, as known; where it is open (–) there is none to keep. " + OPEN,
        f"{NOT_EVIDENCE} Other groups compared with, and British nationals only, are tried by "
        f"justice-monitor ratios {measure.id} --by {found[0]['characteristic']} --sensitivity.",
    )
    return [Section("sensitivity", "How far directions depend on choices", words, grids=(grid,), folded=True)]
