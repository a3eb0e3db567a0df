"""Verbs that ask a file: what it is broken down by, and what a declaration makes of it."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.desk import Failed, Usage, answer, app, coloured, given, say
from monitor.cli.keeping import By, Here, Note, On, Signature, confirmed, keep

if TYPE_CHECKING:
    from monitor.declarations import Publication
    from pipelines.shape import Unread
    from pipelines.trial import Trial


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
    write: Annotated[
        bool, typer.Option("--write", help="Keep what was read: a draft, or the tables nobody declared, as checked.")
    ] = False,
    by: By = "",
    on: On = "",
    note: Note = "",
    here: Here = False,
    expected: Annotated[Path | None, typer.Option(help="Figures a person checked: name each that differs.")] = None,
    preview: Annotated[
        Path | None, typer.Option(help="Write each sheet with what its cells were read as: .html.")
    ] = None,
) -> None:
    """Read a file by its declaration, or draft one; print what was read where, what was not, totals that do not sum."""
    from dashboards import terminal
    from dashboards.preview import lines
    from monitor.declarations import Publication, find, parse, sources
    from pipelines.trial import trial

    if preview is not None and preview.suffix != ".html":
        raise Usage(f"--preview: expected the name of a page to write, such as preview.html, found {str(preview)!r}.")
    drafted, undrafted = "", dict[str, str]()
    if declaration is not None:
        declared = parse(Publication, declaration.read_text(encoding="utf-8"), declaration.name)
    elif publication is not None:
        declared = find(sources(), publication, "publication")
    else:
        drafted, declared, undrafted = _drafted(file)
    tried = trial(file, declared, edition or file.stem, say, undrafted)
    signature = Signature(by, on, note)
    written = _kept(tried, declared, drafted, signature, path=file, here=here) if write else []
    if preview is not None:
        written.append(_preview(tried, file, preview))
    differing = _compared(tried, expected) if expected is not None else []
    problems = [*map(_problem, tried.problems()), *map(_unread, tried.account.unread)]
    found = {
        "declaration": drafted or None,
        "found": tried.found,
        "figures": tried.figures.to_dicts(),
        "account": asdict(tried.account.account),
        "unread": [u.document() for u in tried.account.unread],
        "problems": problems,
        "written": [str(path) for path in written],
        "differing": differing,
    }
    answer(found, lambda: _in_words(drafted, terminal.tried(found, lines(tried.account, colour=coloured()))))
    for path in written:
        say(f"Saved {path}")
    if differing:
        more = f"\n… and {len(differing) - 20:,} more" if len(differing) > 20 else ""
        raise Failed(f"{file.name} differs from {expected}:\n" + "\n".join(differing[:20]) + more)
    account = tried.account.account
    if tried.figures.is_empty() and account.figures + account.refused + account.not_understood:
        raise Failed(
            f"{file.name}: nothing was understood; expected tables of figures under labels, found "
            f"{account}. The cells and reasons are named above; "
            "give a --declaration that says what they are."
        )
    wrong = sum(p["severity"] != "note" for p in problems)
    if wrong and not drafted:
        raise Failed(f"{file.name}: {wrong} problems, named above with their cells; nothing was kept.")


def _drafted(file: Path) -> "tuple[str, Publication, dict[str, str]]":
    """A draft as text and as a declaration, and why tables of some sheets were not drafted."""
    from monitor.declarations import Publication, parse
    from pipelines.drafting import declaration, propose
    from pipelines.reading import read

    proposals = propose(read(file))
    text = declaration(proposals, file.stem)
    return text, parse(Publication, text, "the draft"), {p.table.grid.sheet: p.refused for p in proposals if p.refused}


def _kept(
    tried: "Trial", declared: "Publication", drafted: str, signature: Signature, *, path: Path, here: bool
) -> list[Path]:
    """The files written: of a publication that is declared, its tables as confirmed; of nobody's file, the draft.

    A draft is read by nothing until somebody has said what stands in capitals and moved it beside the declarations.
    """
    from monitor.settings import DECLARATIONS
    from pipelines.drafting import expected
    from pipelines.reading import read

    if drafted:
        folder = DECLARATIONS / "drafts" if here else given.home.declarations / "drafts"
        figures = expected(tried.figures).write_csv()
        return keep(
            {folder / f"{declared.id}.toml": drafted, folder / f"{declared.id}.expected.csv": figures}, signature
        )
    rows = tried.tables.filter(layout="inferred", state="shown").to_dicts()
    if not rows:
        raise Usage(f"{path.name}: no table of it was read by what it shows; there is nothing to confirm.")
    return confirmed(declared, tried.artefact, read(path), rows, signature, {}, here)[0]


def _compared(tried: "Trial", checked: Path) -> list[str]:
    import polars as pl

    from pipelines.drafting import differing

    try:
        return differing(tried.figures, pl.read_csv(checked, infer_schema=False))
    except (ValueError, pl.exceptions.PolarsError) as error:
        raise Usage(f"{checked}: {error}") from None


def _problem(finding: dict[str, object]) -> dict[str, object]:
    return {k: finding[k] for k in ("check", "severity", "message", "sheet", "cells")}


def _unread(left: "Unread") -> dict[str, object]:
    """Cells that yield nothing, as a problem."""
    from dashboards.terminal.files import why_nothing

    said = why_nothing(left.document())
    return {"check": "cells_read", "severity": "note", "message": said, "sheet": left.sheet, "cells": list(left.cells)}


def _preview(tried: "Trial", file: Path, path: Path) -> Path:
    """The page written that shows what was read where."""
    from dashboards.preview import page
    from monitor.store.vault import sha256_of

    text = page(file.name, sha256_of(file), tried.account, tried.figures)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _in_words(drafted: str, report: str) -> str:
    """The report, as comments under a draft: the whole is then a declaration that loads."""
    if not drafted:
        return report
    said = ["What this draft yields:", *report.splitlines()]
    return drafted + "\n" + "\n".join(f"# {line}".rstrip() for line in said)
