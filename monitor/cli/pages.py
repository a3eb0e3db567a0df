"""Verbs that write what people open: the cited table, the site."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.desk import Failed, Usage, answer, app, given, reader, say, version, writes
from monitor.cli.disparities import EXPOSURE, MEASURE, POOLED, TABLE, WITHIN, request_of, strata_of

COUNTED = "With --pooled: which of several things counted; the first by default."


@app.command()
def table(
    measure: Annotated[str, typer.Argument(help=MEASURE)],
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write.")],
    by: Annotated[str, typer.Option(help="The characteristic.")] = "ethnicity",
    of_table: Annotated[str | None, typer.Option("--table", help=TABLE)] = None,
    baseline: Annotated[str | None, typer.Option(help="The population compared with.")] = None,
    reference: Annotated[str | None, typer.Option(help="The group compared with.")] = None,
    period: Annotated[str | None, typer.Option(help="latest, a date, A/B, or the published label.")] = None,
    sex: Annotated[str, typer.Option(help="all, female or male.")] = "all",
    within: Annotated[list[str] | None, typer.Option(help=WITHIN)] = None,
    pooled: Annotated[bool, typer.Option("--pooled", help=POOLED)] = False,
    exposure: Annotated[str | None, typer.Option(help=EXPOSURE)] = None,
    counted: Annotated[str | None, typer.Option(help=COUNTED)] = None,
    format: Annotated[str | None, typer.Option(help="docx, odt, ods, xlsx, csv, html, md, json.")] = None,
) -> None:
    """A cited table to paste into evidence: never without its source, baseline, interval and licence."""
    from dashboards.cited import make
    from dashboards.cited_within import Pooling, make_within
    from dashboards.writers import write
    from monitor import run
    from monitor.store import reads

    strata, held = strata_of(within or (), pooled, exposure)
    if counted and not pooled:
        raise Usage("--counted says what is counted within strata: add --pooled and --within.")
    request, known = request_of(by, baseline, reference, period, sex, held), reads.Known(given.as_of, given.known_at)
    with reader() as store:
        declared = run.asked(store, measure, of_table, request.characteristic)
        if pooled:
            rows = run.pooled(store, declared, request, strata, exposure, known)
            cited = make_within(store, rows, declared, Pooling(tuple(strata), exposure, counted))
        else:
            cited = make(store, run.disparities(store, declared, request, known), declared)
    write(cited, format or out.suffix.lstrip(".") or "docx", out)
    answer(
        {"file": str(out), "title": cited.title, "rows": len(cited.rows), "sources": list(cited.sources)},
        lambda: f"{cited.title}\n{out}: {len(cited.rows)} rows. `justice-monitor verify {out}` re-reads each cell.",
    )


@app.command()
@writes
def publish(
    to: Annotated[Path | None, typer.Option(help="Write the site here instead of in the home.")] = None,
) -> None:
    """Write the site: the same database gives the same bytes, and a reader never sees half of it."""
    from dashboards.site import build

    written = build(given.home, version=version(), to=to)
    said = {"site": str(written.folder), "not_made": list(written.not_made)}
    answer(said, lambda: f"Pages: {written.folder / 'index.html'}")
    if written.not_made:
        raise Failed("\n".join(written.not_made))


@app.command()
def serve(port: Annotated[int, typer.Option(help="The port, on this machine only.")] = 8000) -> None:
    """Look at the site at http://127.0.0.1:PORT, with the headers a public server should send."""
    from dashboards.serve import serve as answer

    say(f"http://127.0.0.1:{port}/ until interrupted")
    answer(given.home.site, port)
