"""The doors: one function a verb. Parse, call, print, exit code; nothing else lives here.

What it makes true: every verb answers a person in plain words or a program in one JSON document, errors say what
was expected, found and what to do, and no traceback reaches a user. Exit codes: 0 done, 1 something failed, 2
usage, 3 findings (with `--check`).

Heavy libraries are imported inside the verbs that use them, so that `--help` answers at once.
"""

import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.settings import Home
from monitor.settings import home as home_of

if TYPE_CHECKING:
    import polars as pl

    from monitor.store.database import Reader

app = typer.Typer(
    name="justice-monitor",
    help="Who is in prison and on probation in England and Wales, how unequally, and which breakdowns are missing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

FAILED, USAGE, FINDINGS = 1, 2, 3


@dataclass
class _Given:
    """The global flags."""

    home: Home
    as_of: dt.date | None = None
    known_at: dt.datetime | None = None
    json: bool = False
    quiet: bool = False


_given = _Given(home_of())

Check = Annotated[bool, typer.Option("--check", help="Exit 3 when there are findings.")]


@app.callback()
def _globals(
    home: Annotated[Path | None, typer.Option(help="Folder that holds everything (default ./justice-data).")] = None,
    as_of: Annotated[str | None, typer.Option(help="What had been published by this date.")] = None,
    known_at: Annotated[str | None, typer.Option(help="What we had seen by this moment.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Flags every verb takes, before or after it."""
    _given.home = home_of(home)
    _given.as_of = _date(as_of, "--as-of") if as_of else None
    _given.known_at = _moment(known_at) if known_at else None
    _given.json, _given.quiet = as_json, quiet


class _Usage(Exception):
    """Something typed that does not exist or cannot be read."""


def _date(text: str, what: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise _Usage(f"{what}: expected a date such as 2022-06-30, found {text!r}.") from None


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise _Usage(f"--known-at: expected a time such as 2022-07-28T09:35, found {text!r}.") from None


def _say(message: str) -> None:
    if not _given.quiet and not _given.json:
        print(message, file=sys.stderr, flush=True)


def _out(text: str) -> None:
    print(text)


def _document(value: Any) -> None:
    print(json.dumps(value, default=str, ensure_ascii=False, allow_nan=False, indent=1))


def _rows(frame: "pl.DataFrame") -> list[dict[str, Any]]:
    return frame.to_dicts()


def _reader() -> "Reader":
    from monitor.store.database import Reader

    return Reader(_given.home)


# --- the pass --------------------------------------------------------------------------------------------


@app.command()
def run(offline: Annotated[bool, typer.Option("--offline", help="Use only what is held.")] = False) -> None:
    """One whole pass: keep, read, survey, tidy, judge, load, derive, publish; then what it says."""
    from monitor.run import run as whole_pass

    summary = whole_pass(_given.home, offline=offline, say=_say, as_of=_given.as_of)
    _report(asdict(summary))
    if not summary.complete:
        raise _Failed(_unreached(summary.said, summary.failed) + "\nWhat is held was used and published.")


def _unreached(said: str, failed: Sequence[str]) -> str:
    return "\n".join([said, *(f"  {reason}" for reason in failed)])


@app.command()
def fetch(
    slugs: Annotated[list[str] | None, typer.Argument(metavar="[SLUG]...", help="All, when none.")] = None,
) -> None:
    """Look at publishers and bring new files into the vault; the line runs over them with the next pass."""
    from monitor.declarations import publications
    from monitor.run import fetch as look_and_keep
    from monitor.store.vault import Vault

    done = look_and_keep(Vault(_given.home), slugs or list(publications()), _say)
    failed = [f"{f.publication}: {f.reason}" for f in done.failed]
    if _given.json:
        new = [f"{a.publication} {a.edition_id}: {a.name}" for a in done.new]
        _document({"looked": done.looked, "of": done.of, "new": new, "failed": failed})
    else:
        _out(done.sentence)
    if failed:
        raise _Failed(_unreached(done.sentence, failed))


def _report(summary: dict[str, Any]) -> None:
    from dashboards.site import build

    _say("Writing the pages")
    build(_given.home, version=_version())
    if _given.json:
        _document(summary)
        return
    from dashboards import terminal
    from monitor.declarations import baselines, measures, publications
    from monitor.store import reads

    with _reader() as store:
        _out(
            terminal.summary(
                summary,
                reads.disparities(store),
                reads.findings(store),
                reads.gaps(store),
                publications(),
                measures(),
                baselines(),
            )
        )
    _out(f"\nDatabase: {_given.home.main}")
    _out(f"Pages:    {_given.home.site / 'index.html'}")


@app.command()
def rebuild() -> None:
    """Make the database again from the vault: every table comes out identical."""
    from monitor.run import rebuild as again

    _report(asdict(again(_given.home, say=_say, as_of=_given.as_of)))


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="A publisher's file on disk.")],
    publication: Annotated[str, typer.Option(help="The publication it belongs to.")],
    edition: Annotated[str, typer.Option(help="Its edition, such as 2022-06-30.")],
) -> None:
    """Keep a publisher's file in the vault and run the line over it."""
    from monitor import clock
    from monitor.run import take_in
    from monitor.store import reads
    from monitor.store.vault import Vault
    from pipelines.acquire import add as keep

    artefact, is_new = keep(Vault(_given.home), file, publication, edition, clock.now())
    _say(f"{'Kept' if is_new else 'Already held'}: {artefact.name} sha256 {artefact.sha256}")
    summary = take_in(_given.home, say=_say, as_of=_given.as_of)
    with _reader() as store:
        problems = reads.problems_of(store, artefact.sha256)
    if _given.json:
        _document({**asdict(summary), "sha256": artefact.sha256, "is_new": is_new, "problems": _rows(problems)})
    else:
        _out(f"{artefact.publication} {artefact.edition_id}: {artefact.name}, {artefact.bytes:,} bytes, held.")
    if problems.height:
        said = "\n".join(
            f"{p['check']} {p['sheet'] or ''} {' '.join(p['cells'])}: {p['message']}" for p in problems.to_dicts()
        )
        raise _Failed(f"{artefact.name} is kept, but not all of it could be read:\n{said}")


# --- asking a file ---------------------------------------------------------------------------------------


@app.command()
def survey(file: Annotated[Path, typer.Argument(help="Any workbook or CSV.")]) -> None:
    """What any file is broken down by, with no declaration."""
    from dashboards import terminal
    from monitor.store.vault import sha256_of
    from pipelines.reading import read
    from pipelines.survey import document
    from pipelines.survey import survey as ask

    surveyed = ask(read(file))
    found = document(sha256_of(file), surveyed)
    if _given.json:
        _document(found)
    else:
        _out(terminal.surveyed(found))


@app.command(name="try")
def try_(
    file: Annotated[Path, typer.Argument(help="Any workbook or CSV.")],
    publication: Annotated[str | None, typer.Option(help="Read it by this declaration; without, draft one.")] = None,
    declaration: Annotated[Path | None, typer.Option(help="Read it by a declaration not yet among ours.")] = None,
    edition: Annotated[str, typer.Option(help="Its edition, where the year stands only there.")] = "",
) -> None:
    """Read a file by its declaration, or draft one; print figures and what could not be placed."""
    from dashboards import terminal
    from monitor.declarations import Publication, find, parse, sources
    from pipelines.draft import draft
    from pipelines.reading import read
    from pipelines.shape import tables
    from pipelines.tidy import missing_tables, tidy

    grids = read(file)
    if declaration is not None:
        declared = parse(Publication, declaration.read_text(encoding="utf-8"), declaration.name)
    elif publication is not None:
        declared = find(sources(), publication, "publication")
    else:
        _out(draft(grids, file.stem))
        return
    tidied = tidy(grids, declared, edition=edition or file.stem)
    tidied.problems += missing_tables(declared, tidied.found, [t.title for grid in grids for t in tables(grid)])
    if _given.json:
        _document(
            {
                "found": tidied.found,
                "figures": _rows(tidied.figures),
                "problems": [asdict(p) for p in tidied.problems],
            }
        )
    else:
        _out(terminal.tried(tidied.figures, tidied.found, tidied.problems))
    if tidied.problems:
        raise _Failed(f"{file.name}: {len(tidied.problems)} problems, named above with their cells; nothing was kept.")


# --- asking the database ---------------------------------------------------------------------------------


@app.command()
def checks(publication: Annotated[str | None, typer.Argument(help="Only this publication.")] = None) -> None:
    """What validation found: one row a check and cause, with all its cells."""
    from dashboards import terminal
    from monitor.declarations import find, sources
    from monitor.store import reads

    if publication is not None:
        find(sources(), publication, "publication")
    with _reader() as store:
        found = reads.findings(store, publication).rename({"edition_id": "edition"})
    if _given.json:
        _document(_rows(found))
    else:
        _out(terminal.checks(found))


@app.command()
def gaps(
    characteristic: Annotated[str | None, typer.Option(help="Only this characteristic.")] = None,
    check: Check = False,
) -> None:
    """The register: what each publication breaks down by, what it does not, and what was never looked at."""
    import polars as pl

    from dashboards import terminal
    from monitor import clock
    from monitor.run import gaps as register
    from monitor.vocabulary import CHARACTERISTICS

    if characteristic is not None:
        characteristic = _known(characteristic, [c.id for c in CHARACTERISTICS], "characteristic")
    with _reader() as store:
        found = register(store, _given.as_of or clock.today())
    if characteristic is not None:
        found = found.filter(pl.col("characteristic") == characteristic)
    if _given.json:
        _document(_rows(found))
    else:
        _out(terminal.gaps(found))
    if check and found.filter(pl.col("state").is_in(["never_published", "absent", "dropped"])).height:
        raise typer.Exit(FINDINGS)


def _known(name: str, known: Sequence[str], noun: str) -> str:
    import difflib

    if name in known:
        return name
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    raise _Usage(
        f"no {noun} is called {name!r}; "
        + (f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(known)}")
    )


@app.command()
def ratios(
    measure: Annotated[str, typer.Argument(help="A measure, such as those `justice-monitor run` reports.")],
    by: Annotated[str, typer.Option(help="The characteristic.")] = "ethnicity",
    baseline: Annotated[str | None, typer.Option(help="The population compared with.")] = None,
    reference: Annotated[str | None, typer.Option(help="A group, all others, all, or each declared one.")] = None,
    period: Annotated[str | None, typer.Option(help="latest, a date, A/B, or the published label.")] = None,
    sex: Annotated[str, typer.Option(help="all, female or male.")] = "all",
) -> None:
    """Disparities with everything beside them: counts, residents, ratio, interval, unknown share, bounds."""
    from dashboards import terminal
    from monitor.declarations import find, measures
    from monitor.run import disparities
    from monitor.store import reads

    declared = find(measures(), measure, "measure")
    request = _request(by, baseline, reference, period, sex)
    with _reader() as store:
        found = disparities(store, declared, request, reads.Known(_given.as_of, _given.known_at))
    if _given.json:
        _document(_rows(found))
    else:
        _out(terminal.ratios(found, declared))


def _request(by: str, baseline: str | None, reference: str | None, period: str | None, sex: str) -> Any:
    from monitor.vocabulary import CHARACTERISTICS
    from pipelines.deriving import Request

    by = _known(by, [c.id for c in CHARACTERISTICS], "characteristic")
    sex = _known(sex, ["all", "female", "male"], "sex")
    when: Any = None
    if period is not None and period != "latest":
        first, _, last = period.partition("/")
        try:
            when = (dt.date.fromisoformat(first), dt.date.fromisoformat(last)) if last else dt.date.fromisoformat(first)
        except ValueError:
            when = period
    return Request(by, baseline, reference, sex, when)


@app.command()
def table(
    measure: Annotated[str, typer.Argument(help="A measure, such as those `justice-monitor run` reports.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write.")],
    by: Annotated[str, typer.Option(help="The characteristic.")] = "ethnicity",
    baseline: Annotated[str | None, typer.Option(help="The population compared with.")] = None,
    reference: Annotated[str | None, typer.Option(help="The group compared with.")] = None,
    period: Annotated[str | None, typer.Option(help="latest, a date, A/B, or the published label.")] = None,
    sex: Annotated[str, typer.Option(help="all, female or male.")] = "all",
    format: Annotated[str | None, typer.Option(help="docx, odt, ods, xlsx, csv, html, md, json.")] = None,
) -> None:
    """A cited table to paste into evidence: never without its source, baseline, interval and licence."""
    from dashboards.cited import make
    from dashboards.writers import write
    from monitor.declarations import find, measures
    from monitor.run import disparities
    from monitor.store import reads

    declared = find(measures(), measure, "measure")
    request = _request(by, baseline, reference, period, sex)
    with _reader() as store:
        found = disparities(store, declared, request, reads.Known(_given.as_of, _given.known_at))
        cited = make(store, found, declared)
    write(cited, format or out.suffix.lstrip(".") or "docx", out)
    if _given.json:
        _document({"file": str(out), "title": cited.title, "rows": len(cited.rows), "sources": list(cited.sources)})
    else:
        _out(f"{cited.title}\n{out}: {len(cited.rows)} rows. `justice-monitor verify {out}` re-reads each cell.")


@app.command()
def verify(file: Annotated[Path, typer.Argument(help="A table made by us.")]) -> None:
    """Re-read each cell of a table from the vault; name every one that differs. Exit 1 when any does."""
    from dashboards import terminal
    from dashboards.verify import verify as check
    from monitor.run import disparities
    from monitor.store.vault import Vault

    with _reader() as store:
        found = asdict(check(file, store, Vault(_given.home), disparities))
    if _given.json:
        _document(found)
    else:
        _out(terminal.verified(found))
    if found["differing"]:
        raise typer.Exit(FAILED)


@app.command()
def publish(
    to: Annotated[Path | None, typer.Option(help="Write the site here instead of in the home.")] = None,
) -> None:
    """Write the site: the same database gives the same bytes, and a reader never sees half of it."""
    from dashboards.site import build

    written = build(_given.home, version=_version(), to=to)
    if _given.json:
        _document({"site": str(written)})
    else:
        _out(f"Pages: {written / 'index.html'}")


@app.command()
def serve(port: Annotated[int, typer.Option(help="The port, on this machine only.")] = 8000) -> None:
    """Look at the site at http://127.0.0.1:PORT, with the headers a public server should send."""
    from dashboards.serve import serve as answer

    _say(f"http://127.0.0.1:{port}/ until interrupted")
    answer(_given.home.site, port)


def _version() -> str:
    from importlib.metadata import version

    return version("justice-disparity-monitor")


@app.command()
def cite(identifier: Annotated[str, typer.Argument(metavar="ID", help="A figure's or a disparity's id.")]) -> None:
    """The citation of a figure or a disparity, in one line a source."""
    from dashboards.sentences import citation
    from monitor.store import reads

    with _reader() as store:
        found = reads.explained(store, identifier)
    if found is None:
        raise _Usage(f"no figure or disparity has the id {identifier!r}; `ratios --json` prints ids.")
    observations = found.get("observations") or [*found["numerator_figures"], *found["denominator_figures"][:1]]
    lines = list(dict.fromkeys(citation(o) for o in observations))
    if _given.json:
        _document({"id": identifier, "citations": lines})
    else:
        _out("\n".join(lines))


@app.command()
def trend(
    measure: Annotated[str, typer.Argument(help="A measure, such as those `justice-monitor run` reports.")],
    by: Annotated[str, typer.Option(help="The characteristic.")] = "ethnicity",
    baseline: Annotated[str | None, typer.Option(help="The population compared with, in both years.")] = None,
    reference: Annotated[str | None, typer.Option(help="The group compared with.")] = None,
    since: Annotated[str | None, typer.Option(help="A date; five years before the latest by default.")] = None,
    sex: Annotated[str, typer.Option(help="all, female or male.")] = "all",
) -> None:
    """Closer to parity or further from it than before: each ratio over the earlier one, never across a break."""
    from dashboards import terminal
    from pipelines.deriving import trend as changes

    found = changes(_every_period(measure, by, baseline, reference, sex), _date(since, "--since") if since else None)
    if _given.json:
        _document(_rows(found))
    else:
        _out(terminal.trend(found))


@app.command()
def summary(
    measure: Annotated[str, typer.Argument(help="A measure, such as those `justice-monitor run` reports.")],
    by: Annotated[str, typer.Option(help="The characteristic; one whose groups have no order.")] = "ethnicity",
    baseline: Annotated[str | None, typer.Option(help="The population compared with.")] = None,
    sex: Annotated[str, typer.Option(help="all, female or male.")] = "all",
) -> None:
    """How unequal a whole classification is, at each period: index of disparity, variance, Theil and others."""
    from dashboards import terminal
    from pipelines.deriving import summaries

    rows = summaries(_every_period(measure, by, baseline, None, sex))
    if _given.json:
        _document(rows)
    else:
        _out(terminal.summaries(rows))


def _every_period(measure: str, by: str, baseline: str | None, reference: str | None, sex: str) -> "pl.DataFrame":
    from dataclasses import replace

    from monitor.declarations import find, measures
    from monitor.run import disparities
    from monitor.store import reads

    declared = find(measures(), measure, "measure")
    request = replace(_request(by, baseline, reference, None, sex), every_period=True)
    with _reader() as store:
        return disparities(store, declared, request, reads.Known(_given.as_of, _given.known_at))


@app.command()
def crossings(publication: Annotated[str | None, typer.Argument(help="Only this publication.")] = None) -> None:
    """Which characteristics are published crossed with which, in which tables: asked before any number."""
    from dashboards import terminal
    from monitor.declarations import find, sources
    from monitor.store import reads
    from pipelines.deriving import crossings as crossed

    if publication is not None:
        publication = find(sources(), publication, "publication").id
    with _reader() as store:
        rows = crossed(reads.surveyed_tables(store), publication)
    if _given.json:
        _document(rows)
    else:
        _out(terminal.crossings(rows))


@app.command()
def journey(by: Annotated[str, typer.Option(help="The characteristic.")] = "ethnicity") -> None:
    """Every stage of the justice system against everyone and against the stage before, gaps named."""
    from dashboards import terminal
    from monitor.declarations import journey as stages
    from monitor.declarations import measures, published_ratios
    from monitor.store import reads
    from monitor.vocabulary import CHARACTERISTICS
    from pipelines.deriving import journey as way

    by = _known(by, [c.id for c in CHARACTERISTICS], "characteristic")
    with _reader() as store:
        rows = way(stages(), measures(), reads.disparities(store), published_ratios(), by)
    if _given.json:
        _document(rows)
    else:
        _out(terminal.journey(rows))


@app.command()
def calc(
    counts: Annotated[list[str] | None, typer.Argument(help="COUNT/BASE, or two of them to compare.")] = None,
    population: Annotated[bool, typer.Option("--population", help="Residents: events are rare (default).")] = False,
    stage: Annotated[
        bool, typer.Option("--stage", help="A previous stage: those counted are part of the base.")
    ] = False,
    csv: Annotated[Path | None, typer.Option(help="Rows of count,base,ref_count,ref_base,kind.")] = None,
) -> None:
    """A rate or ratio with every interval, for counts typed in or in a CSV."""
    from dashboards import terminal
    from monitor.statistics.calc import calc as one
    from monitor.statistics.calc import calc_rows

    if csv is not None:
        from pipelines.reading import read, records

        answers = calc_rows(records(read(csv)[0]))
        if _given.json:
            _document(answers)
        else:
            _out("\n\n".join(terminal.calculated(a) for a in answers))
        return
    if not counts or len(counts) > 2 or (population and stage):
        raise _Usage("expected COUNT/BASE or COUNT/BASE COUNT/BASE, and at most one of --population and --stage.")
    pairs = [_pair(c) for c in counts]
    reference = pairs[1] if len(pairs) > 1 else (None, None)
    answer = one(*pairs[0], reference[0], reference[1], kind="stage" if stage else "population")
    if _given.json:
        _document(answer)
    else:
        _out(terminal.calculated(answer))


def _pair(text: str) -> tuple[float, float]:
    count, _, base = text.replace(",", "").partition("/")
    try:
        return float(count), float(base)
    except ValueError:
        raise _Usage(f"expected COUNT/BASE such as 252/1933, found {text!r}.") from None


@app.command()
def explain(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A figure's or a disparity's id.")],
) -> None:
    """Every step from published cells to the number."""
    from dashboards import terminal
    from monitor.store import reads

    with _reader() as store:
        found = reads.explained(store, identifier)
    if found is None:
        raise _Usage(f"no figure or disparity has the id {identifier!r}; `ratios --json` prints ids.")
    if _given.json:
        _document(found)
    else:
        _out(terminal.explained(found))


@app.command()
def trace(
    numbers: Annotated[list[str], typer.Argument(help="Numbers as quoted, such as 22324 27.2%.")],
) -> None:
    """Which published cells, sums or shares give a number."""
    from dashboards import terminal
    from monitor.declarations import measures
    from monitor.run import numerators
    from pipelines.trace import NotANumber
    from pipelines.trace import trace as find_numbers

    with _reader() as store:
        held = [(m, numerators(store, m)) for m in measures().values()]
    try:
        found = find_numbers(held, numbers)
    except NotANumber as error:
        raise _Usage(str(error)) from None
    if _given.json:
        _document(found)
    else:
        _out(terminal.traced(found))


@app.command()
def due(check: Check = False) -> None:
    """What is expected, late, postponed or cancelled; of a publication nobody has looked at, nothing is late."""
    from dashboards import terminal
    from monitor import clock
    from monitor.run import expected_by

    rows = expected_by(_given.home, _given.as_of or clock.today(), _given.known_at)
    if _given.json:
        _document(rows)
    else:
        _out(terminal.due(rows))
    if check and any(r["overdue"] for r in rows):
        raise typer.Exit(FINDINGS)


@app.command()
def journal() -> None:
    """What was kept and looked at, and when."""
    from monitor.store.vault import Vault

    entries = list(Vault(_given.home).journal())
    if _given.json:
        _document(entries)
        return
    for e in entries:
        said = (e.get(k, "") for k in ("seen_at", "what", "publication", "edition_id", "name"))
        _out("  ".join(str(word) for word in said))
    if not entries:
        _out("The journal is empty: nothing has been kept yet.")


@app.command()
def doctor(check: Check = False) -> None:
    """Whether declarations load, bytes are what they were, and reviews are due."""
    from dashboards import terminal
    from monitor import clock
    from monitor.run import health

    rows = health(_given.home, clock.today())
    if _given.json:
        _document(rows)
    else:
        _out(terminal.doctored(rows))
    if check and any(r["state"] != "passed" for r in rows):
        raise typer.Exit(FINDINGS)


# --- the way in ------------------------------------------------------------------------------------------


class _Failed(Exception):
    """Something failed after the rest was done."""


_FLAGS = {"--json": 0, "--quiet": 0, "--home": 1, "--as-of": 1, "--known-at": 1}


def _globals_first(arguments: Sequence[str]) -> list[str]:
    """Global flags moved before the verb, so that they may stand anywhere."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        name = word.split("=", 1)[0]
        if name in _FLAGS:
            front.append(word)
            if _FLAGS[name] and "=" not in word:
                front.extend(w for w in [next(words, None)] if w is not None)
        elif word == "--":
            rest += [word, *words]
        else:
            rest.append(word)
    return front + rest


def _known_errors() -> tuple[tuple[type[Exception], ...], tuple[type[Exception], ...]]:
    """Errors that are usage, and errors that are failures. Imported late: some live in heavy rooms."""
    from monitor.declarations import DeclarationError

    failures: list[type[Exception]] = [_Failed, OSError]
    usage: list[type[Exception]] = [_Usage, DeclarationError]
    if "monitor.vocabulary" in sys.modules:
        usage.append(sys.modules["monitor.vocabulary"].UnknownWord)
    for module, name in (
        ("pipelines.reading.grid", "UnreadableFile"),
        ("pipelines.deriving.fit", "Refused"),
        ("monitor.store.database", "NothingHeld"),
        ("monitor.statistics.calc", "InvalidCounts"),
        ("dashboards.cited", "CitationMissing"),
        ("dashboards.writers", "UnknownFormat"),
        ("dashboards.verify", "NotOurs"),
    ):
        if module in sys.modules:
            failures.append(getattr(sys.modules[module], name))
    return tuple(usage), tuple(failures)


def _invoke(command: Callable[..., Any], arguments: list[str]) -> int:
    try:
        result = command(args=arguments, standalone_mode=False, prog_name="justice-monitor")
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort:
        return FAILED
    return result if isinstance(result, int) else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit code."""
    given = _globals_first(sys.argv[1:] if arguments is None else arguments)
    command = typer.main.get_command(app)
    try:
        return _invoke(command, given)
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # because click is vendored by typer
            print(f"justice-monitor: {error.format_message()}", file=sys.stderr)
            return USAGE if not error.__class__.__name__.startswith("NoArgs") else 0
        usage, failures = _known_errors()
        if isinstance(error, usage):
            print(f"justice-monitor: {error}", file=sys.stderr)
            return USAGE
        if isinstance(error, failures):
            print(f"justice-monitor: {error}", file=sys.stderr)
            return FAILED
        if os.environ.get("JUSTICE_MONITOR_DEBUG"):
            raise
        print(
            f"justice-monitor: something we did not expect ({type(error).__name__}: {error}). Nothing held was lost. "
            "Run it again with JUSTICE_MONITOR_DEBUG=1 and report what it prints.",
            file=sys.stderr,
        )
        return FAILED


def entry() -> None:
    """The installed command."""
    sys.exit(main())
