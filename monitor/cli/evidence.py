"""Verbs that lead from a number to its cells and back: explain, cite, trace, verify."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.desk import FAILED, Usage, answer, app, given, reader


def _known(identifier: str) -> dict[str, Any]:
    """A figure or a disparity with all it rests on. Raises `Usage` where there is none of that name."""
    from monitor.store import reads

    with reader() as store:
        found = reads.explained(store, identifier)
    if found is None:
        raise Usage(f"no figure or disparity has the id {identifier!r}; `ratios --json` prints ids.")
    return found


@app.command()
def explain(identifier: Annotated[str, typer.Argument(metavar="ID", help="A figure's or a disparity's id.")]) -> None:
    """Every step from published cells to the number."""
    from dashboards import terminal

    found = _known(identifier)
    answer(found, lambda: terminal.explained(found))


@app.command()
def cite(identifier: Annotated[str, typer.Argument(metavar="ID", help="A figure's or a disparity's id.")]) -> None:
    """The citation of a figure or a disparity, in one line a source."""
    from dashboards.sentences import citation

    found = _known(identifier)
    observations = found.get("observations") or [*found["numerator_figures"], *found["denominator_figures"][:1]]
    lines = list(dict.fromkeys(citation(o) for o in observations))
    answer({"id": identifier, "citations": lines}, lambda: "\n".join(lines))


@app.command()
def trace(numbers: Annotated[list[str], typer.Argument(help="Numbers as quoted, such as 22324 27.2%.")]) -> None:
    """Which published cells, sums or shares give a number."""
    from dashboards import terminal
    from monitor.declarations import measures
    from monitor.run import numerators
    from pipelines.trace import NotANumber
    from pipelines.trace import trace as find_numbers

    with reader() as store:
        held = [(m, numerators(store, m)) for m in measures().values()]
    try:
        found = find_numbers(held, numbers)
    except NotANumber as error:
        raise Usage(str(error)) from None
    answer(found, lambda: terminal.traced(found))


@app.command()
def verify(file: Annotated[Path, typer.Argument(help="A table made by us.")]) -> None:
    """Re-read each cell of a table from the vault; name every one that differs. Exit 1 when any does."""
    from dashboards import terminal
    from dashboards.verify import verify as check
    from monitor.run import asked, disparities, pooled
    from monitor.store.vault import Vault

    with reader() as store:
        found = asdict(check(file, store, Vault(given.home), disparities, pooled, asked))
    answer(found, lambda: terminal.verified(found))
    if found["differing"]:
        raise typer.Exit(FAILED)
