"""Verbs that ask a file: what it is broken down by, and what a declaration makes of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.desk import (
    Failed,
    answer,
    app,
    document,
    given,
    rows_of,
    tell,
)


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
    answer(found, lambda: terminal.surveyed(found))


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
        tell(draft(grids, file.stem))
        return
    tidied = tidy(grids, declared, edition=edition or file.stem)
    tidied.problems += missing_tables(declared, tidied.found, [t.title for grid in grids for t in tables(grid)])
    if given.json:
        document(
            {
                "found": tidied.found,
                "figures": rows_of(tidied.figures),
                "problems": [asdict(p) for p in tidied.problems],
            }
        )
    else:
        tell(terminal.tried(tidied.figures, tidied.found, tidied.problems))
    if tidied.problems:
        raise Failed(f"{file.name}: {len(tidied.problems)} problems, named above with their cells; nothing was kept.")
