"""Verbs that answer with disparities: ratios, change over time, summaries, crossings, the journey, typed counts."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.desk import Failed, Usage, a_date, a_name, answer, app, given, reader

if TYPE_CHECKING:
    import polars as pl

    from monitor.declarations import Measure
    from pipelines.deriving import Request


WITHIN = "Within a category of another characteristic, as sex=female or sex=each; with --pooled, within each."
SENSITIVITY = "How many choices of population, reference, nationality and unknown keep each direction."
POOLED = "One ratio from all strata of --within, after Mantel and Haenszel."
FUNNEL = "With --pooled: every stratum about the common ratio, and which lie beyond the limits of chance."
EXPOSURE = "With --pooled: people at the start of the period, or the mean of both its ends."
STAGE = "A previous stage: those counted are part of the base."
MEASURE = "A measure or a publication: `measures` lists what can be asked."
TABLE = "A table of the publication, where it has several: `measures` lists them."
EXPLAIN = "In its place each count's change, in parts: of population, age mix and rate."
STANDARD = "Adjust to the ages of this population: european-2013 or england-and-wales-2021."


@app.command()
def measures(
    publication: Annotated[str | None, typer.Argument(metavar="[PUBLICATION]", help="Only this publication.")] = None,
) -> None:
    """What can be asked: declared measures, and every table that was read, with its dates and how it was read."""
    from dashboards import terminal
    from monitor.declarations import find, sources
    from monitor.run import what_can_be_asked

    if publication is not None:
        publication = find(sources(), publication, "publication").id
    with reader() as store:
        rows = [r for r in what_can_be_asked(store) if publication in (None, r["publication"])]
    answer(rows, lambda: terminal.measures(rows, publication))


@app.command()
def ratios(
    measure: Annotated[str, typer.Argument(help=MEASURE)],
    by: Annotated[str, typer.Option(help="The characteristic.")] = "ethnicity",
    table: Annotated[str | None, typer.Option(help=TABLE)] = None,
    baseline: Annotated[str | None, typer.Option(help="The population compared with.")] = None,
    reference: Annotated[str | None, typer.Option(help="A group, all others, all, or each declared one.")] = None,
    period: Annotated[str | None, typer.Option(help="latest, a date, A/B, or the published label.")] = None,
    sex: Annotated[str, typer.Option(help="all, female or male.")] = "all",
    within: Annotated[list[str] | None, typer.Option(help=WITHIN)] = None,
    standard: Annotated[str | None, typer.Option(help=STANDARD)] = None,
    pooled: Annotated[bool, typer.Option("--pooled", help=POOLED)] = False,
    funnel: Annotated[bool, typer.Option("--funnel", help=FUNNEL)] = False,
    exposure: Annotated[str | None, typer.Option(help=EXPOSURE)] = None,
    sensitivity: Annotated[bool, typer.Option("--sensitivity", help=SENSITIVITY)] = False,
) -> None:
    """Disparities with everything beside them: counts, residents, ratio, interval, unknown share, bounds."""
    from dashboards import terminal

    strata, held = strata_of(within or (), pooled, exposure)
    if pooled and standard:
        raise Usage("--pooled takes no --standard.")
    if funnel and not pooled:
        raise Usage("--funnel shows strata about their common ratio: add --pooled and --within.")
    if sensitivity and (pooled or baseline or reference or standard or any(w.endswith("=each") for w in within or ())):
        raise Usage("--sensitivity tries every population and reference: leave out --baseline and the like, and =each.")
    request = replace(request_of(by, baseline, reference, period, sex, held), standard=standard)
    if pooled:
        declared, rows = _pooled(measure, request, table, strata, exposure)
        answer(rows, lambda: terminal.pooled(rows, declared, in_funnel=funnel))
        return
    if sensitivity:
        declared, rows = _sensitivity(measure, request, table)
        answer(rows, lambda: terminal.sensitivity(rows, declared))
        return
    declared, found = _derived(measure, request, table)
    answer(found.to_dicts(), lambda: terminal.ratios(found, declared))


@app.command()
def trend(
    measure: Annotated[str, typer.Argument(help=MEASURE)],
    by: Annotated[str, typer.Option(help="The characteristic.")] = "ethnicity",
    table: Annotated[str | None, typer.Option(help=TABLE)] = None,
    baseline: Annotated[str | None, typer.Option(help="The population compared with, in both years.")] = None,
    reference: Annotated[str | None, typer.Option(help="The group compared with.")] = None,
    since: Annotated[str | None, typer.Option(help="A date; five years before the latest by default.")] = None,
    sex: Annotated[str, typer.Option(help="all, female or male.")] = "all",
    explain: Annotated[bool, typer.Option("--explain", help=EXPLAIN)] = False,
) -> None:
    """Closer to parity or further from it than before: each ratio over the earlier one, never across a break."""
    from dashboards import terminal
    from pipelines.deriving import trend as changes

    day = a_date(since, "--since") if since else None
    if explain:
        request = replace(request_of(by, baseline, reference, None, sex), every_period=True)
        parts = _explained(measure, request, table, day)
        answer(parts.to_dicts(), lambda: terminal.change_explained(parts))
        return
    found = changes(every_period(measure, by, baseline, reference, sex, table), day)
    answer(found.to_dicts(), lambda: terminal.trend(found))


@app.command()
def summary(
    measure: Annotated[str, typer.Argument(help=MEASURE)],
    by: Annotated[str, typer.Option(help="The characteristic.")] = "ethnicity",
    table: Annotated[str | None, typer.Option(help=TABLE)] = None,
    baseline: Annotated[str | None, typer.Option(help="The population compared with.")] = None,
    sex: Annotated[str, typer.Option(help="all, female or male.")] = "all",
) -> None:
    """How unequal a whole classification is, at each period, with limits; by age, how rates rise or fall with it."""
    from dashboards import terminal
    from pipelines.deriving import summaries

    request = replace(request_of(by, baseline, None, None, sex), every_period=True)
    declared, found = _derived(measure, request, table)
    rows = summaries(found, declared.adverse)
    answer(rows, lambda: terminal.summaries(rows))


@app.command()
def crossings(publication: Annotated[str | None, typer.Argument(help="Only this publication.")] = None) -> None:
    """Which characteristics are published crossed with which, in which tables: asked before any number."""
    from dashboards import terminal
    from monitor.declarations import find, sources
    from monitor.store import reads
    from pipelines.deriving import crossings as crossed

    if publication is not None:
        publication = find(sources(), publication, "publication").id
    with reader() as store:
        rows = crossed(reads.surveyed_tables(store), publication)
    answer(rows, lambda: terminal.crossings(rows))


@app.command()
def journey(by: Annotated[str, typer.Option(help="The characteristic.")] = "ethnicity") -> None:
    """Every stage of the justice system against everyone and against the stage before, gaps named."""
    from dashboards import terminal
    from monitor.declarations import journey as stages
    from monitor.declarations import measures, published_ratios
    from monitor.store import reads
    from monitor.vocabulary import CHARACTERISTICS
    from pipelines.deriving import journey as way

    by = a_name(by, [c.id for c in CHARACTERISTICS], "characteristic")
    with reader() as store:
        rows = way(stages(), measures(), reads.disparities(store), published_ratios(), by)
    answer(rows, lambda: terminal.journey(rows))


@app.command()
def calc(
    counts: Annotated[list[str] | None, typer.Argument(help="COUNT/BASE, or two of them to compare.")] = None,
    population: Annotated[bool, typer.Option("--population", help="Residents: events are rare (default).")] = False,
    stage: Annotated[bool, typer.Option("--stage", help=STAGE)] = False,
    csv: Annotated[Path | None, typer.Option(help="Rows of count,base,ref_count,ref_base,kind.")] = None,
) -> None:
    """A rate or ratio with every interval, for counts typed in or in a CSV."""
    from dashboards import terminal
    from monitor.statistics.calc import calc as one

    if csv is not None:
        rows = _calculated(csv)
        answer(rows, lambda: "\n\n".join(_row_in_words(row) for row in rows))
        if wrong := [row for row in rows if row["status"] == "withheld"]:
            lines = " ".join(f"Line {row['line']}: {row['reason']}" for row in wrong[:3])
            more = f" And {len(wrong) - 3} more." if len(wrong) > 3 else ""
            withheld = f"{len(wrong)} of {len(rows)} rows withheld, the others are answered"
            raise Failed(f"{csv.name}: {withheld}. {lines}{more}")
        return
    if not counts or len(counts) > 2 or (population and stage):
        raise Usage("expected COUNT/BASE or COUNT/BASE COUNT/BASE, and at most one of --population and --stage.")
    count, base = _pair(counts[0])
    ref_count, ref_base = _pair(counts[1]) if len(counts) > 1 else (None, None)
    calculated = one(count, base, ref_count, ref_base, kind="stage" if stage else "population")
    answer(calculated, lambda: terminal.calculated(calculated))


COLUMNS = ("count", "base", "ref_count", "ref_base", "kind")


def _calculated(csv: Path) -> list[dict[str, Any]]:
    """Every row of a CSV worked out, or withheld with its line and the reason. Raises `Failed` for a wrong header."""
    from difflib import get_close_matches

    from monitor.statistics.calc import calc_rows
    from pipelines.reading import read, records

    grid = read(csv)[0]
    found = [str(name).strip() for name in (grid.rows[0] if grid.rows else ()) if name is not None]
    meant = {name: near[0] for name in found if name not in COLUMNS and (near := get_close_matches(name, COLUMNS, n=1))}
    if not {"count", "base"} <= set(found) or meant:
        raise Failed(
            f"{csv.name}, line 1: expected the columns count, base and, as needed, ref_count, ref_base and kind; found "
            f"{', '.join(found) or 'nothing'}. "
            + (" ".join(f"Call {name!r} {near}." for name, near in meant.items()) or "Name them in the first line.")
        )
    lines = (number for number, row in enumerate(grid.rows, start=1) if number > 1 and any(c is not None for c in row))
    return calc_rows(records(grid), lines)


def _row_in_words(row: dict[str, Any]) -> str:
    from dashboards import terminal

    said = f"Line {row['line']}: {row['status']}." + (f" {row['reason']}" if row["reason"] else "")
    numbers = {name: value for name, value in row.items() if name not in ("line", "status", "reason")}
    return said if row["status"] == "withheld" else f"{said}\n{terminal.calculated(numbers)}"


def _pair(text: str) -> tuple[float, float]:
    count, _, base = text.replace(",", "").partition("/")
    try:
        return float(count), float(base)
    except ValueError:
        raise Usage(f"expected COUNT/BASE such as 252/1933, found {text!r}.") from None


def strata_of(within: Sequence[str], pooled: bool, exposure: str | None) -> tuple[list[str], list[str]]:
    """The strata of `--within`, each once, and the categories held. Raises `Usage` for what says nothing together."""
    strata = [w.removesuffix("=each") for w in within if "=" not in w or (pooled and w.endswith("=each"))]
    if strata and not pooled:
        raise Usage(f"--within {strata[0]}: add --pooled for one ratio from all its strata, or name one as sex=female.")
    if pooled and not strata:
        raise Usage("--pooled takes --within and a name without a category, such as --within sex.")
    if exposure and not pooled:
        raise Usage("--exposure says over whom strata are pooled: add --pooled and --within.")
    if exposure:
        a_name(exposure, ["start", "mean"], "exposure")
    return list(dict.fromkeys(strata)), [w for w in within if w.removesuffix("=each") not in strata]


def request_of(
    by: str, baseline: str | None, reference: str | None, period: str | None, sex: str, within: Sequence[str] = ()
) -> "Request":
    """What was asked of a measure, as typed. Raises `Usage` for a name that does not exist."""
    from monitor.vocabulary import CHARACTERISTICS
    from pipelines.deriving import Request

    by = a_name(by, [c.id for c in CHARACTERISTICS], "characteristic")
    sex = a_name(sex, ["all", "female", "male"], "sex")
    when: Any = None
    if period is not None and period != "latest":
        first, _, last = period.partition("/")
        try:
            when = (dt.date.fromisoformat(first), dt.date.fromisoformat(last)) if last else dt.date.fromisoformat(first)
        except ValueError:
            when = period
    return Request(by, baseline, reference, sex, when, within=tuple(_within(asked) for asked in within))


def _within(text: str) -> tuple[str, str]:
    """A characteristic and one of its categories, from `age=18-20`. Raises `Usage`."""
    from monitor.vocabulary import CHARACTERISTICS

    characteristic, equals, name = text.partition("=")
    if not equals or not name.strip():
        raise Usage(f"--within: expected a characteristic and a category such as sex=female, found {text!r}.")
    return a_name(characteristic.strip(), [c.id for c in CHARACTERISTICS], "characteristic"), name.strip()


def _derived(measure: str, request: "Request", table: str | None = None) -> "tuple[Measure, pl.DataFrame]":
    """A measure by its name, and the disparities asked for, as published and seen by the days given."""
    from monitor.run import asked, disparities
    from monitor.store import reads

    with reader() as store:
        declared = asked(store, measure, table, request.characteristic)
        return declared, disparities(store, declared, request, reads.Known(given.as_of, given.known_at))


def _sensitivity(measure: str, request: "Request", table: str | None) -> "tuple[Measure, list[dict[str, Any]]]":
    """A measure by its name, and how far its directions rest on what is chosen."""
    from monitor.run import asked, sensitivity
    from monitor.store import reads

    with reader() as store:
        declared = asked(store, measure, table, request.characteristic)
        return declared, sensitivity(store, declared, request, reads.Known(given.as_of, given.known_at))


def _explained(measure: str, request: "Request", table: str | None, since: dt.date | None) -> "pl.DataFrame":
    """The changes of a measure's counts in parts, as published and seen by the days given."""
    from monitor.run import asked, change_explained
    from monitor.store import reads

    with reader() as store:
        declared = asked(store, measure, table, request.characteristic)
        return change_explained(store, declared, request, since, reads.Known(given.as_of, given.known_at))


def _pooled(
    measure: str, request: "Request", table: str | None, within: Sequence[str], exposure: str | None
) -> "tuple[Measure, list[dict[str, Any]]]":
    """A measure by its name, and its ratios pooled over strata, as published and seen by the days given."""
    from monitor.run import asked, pooled
    from monitor.store import reads

    with reader() as store:
        declared = asked(store, measure, table, request.characteristic)
        known = reads.Known(given.as_of, given.known_at)
        return declared, pooled(store, declared, request, within, exposure, known)


def every_period(
    measure: str, by: str, baseline: str | None, reference: str | None, sex: str, table: str | None = None
) -> "pl.DataFrame":
    """The disparities of a measure at each period held."""
    return _derived(measure, replace(request_of(by, baseline, reference, None, sex), every_period=True), table)[1]
