"""The verb by which a person takes over a table that was read by what it shows."""

from typing import Annotated

import typer

from monitor.cli.desk import Usage, a_name, answer, app, given, reader, say, writing
from monitor.cli.keeping import By, Here, Note, On, Signature, confirmed


@app.command()
def confirm(
    publication: Annotated[str, typer.Argument(metavar="SLUG", help="The publication.")],
    table: Annotated[str | None, typer.Argument(help="The table: `measures SLUG` lists them.")] = None,
    edition: Annotated[str | None, typer.Option(help="The edition to check it in; the latest by default.")] = None,
    by: By = "",
    on: On = "",
    note: Note = "",
    besides: Annotated[
        list[str] | None, typer.Option("--say", help="What the file does not say: unit=offences, period_kind=flow.")
    ] = None,
    here: Here = False,
) -> None:
    """Declare a table that was read by what it shows: see it, say who checked it, and its figures are declared."""
    from monitor.declarations import find, publications
    from monitor.run import take_in
    from monitor.store import reads
    from monitor.store.vault import Vault
    from pipelines.reading import read

    declared = find(publications(), publication, "publication")
    with reader() as store:
        rows = reads.tables_read(store).filter(publication=declared.id, layout="inferred")
    if edition is not None:
        rows = rows.filter(edition_id=a_name(edition, rows["edition_id"].unique().sort().to_list(), "edition"))
    names = rows["table_id"].unique(maintain_order=True).to_list()
    if not names:
        raise Usage(f"{declared.id}: no table is held that was read by what it shows; there is nothing to confirm.")
    if table is None and len(names) > 1:
        raise Usage(f"{declared.id} has {len(names)} tables that nobody has confirmed; name one: {', '.join(names)}.")
    row = rows.filter(table_id=a_name(table or names[0], names, "table")).row(-1, named=True)
    vault = Vault(given.home)
    of = (row["artefact_sha256"], row["publication"], row["edition_id"])
    artefact = next(a for a in vault.artefacts() if (a.sha256, a.publication, a.edition_id) == of)
    grids = read(vault.whole(artefact.sha256), artefact.name)
    told = dict(_told(each) for each in besides or ())
    paths, figures = confirmed(declared, artefact, grids, [row], Signature(by, on, note), told, here)
    with writing("confirm", wait=True):  # because it is declared already
        take_in(given.home, say=say)
    words = f"{row['table_id']}: {figures:,} figures are declared now.\n" + "\n".join(map(str, paths))
    declaration, expected = map(str, paths)
    found = {"table": row["table_id"], "figures": figures, "declaration": declaration, "expected": expected}
    answer(found, lambda: words)


def _told(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise Usage(f"--say: expected a key and what it is, such as unit=offences; found {text!r}.")
    return key.strip(), value.strip()
