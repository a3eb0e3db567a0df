"""Verbs that compare what was published with what was published before."""

from typing import Annotated

import typer

from monitor.cli.desk import Usage, answer, app, given, reader


@app.command()
def diff(
    publication: Annotated[str, typer.Argument(metavar="SLUG", help="A publication of which editions are held.")],
    editions: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ED ED]", help="Two editions, or one for its vintages; the latest two when none."),
    ] = None,
) -> None:
    """What changed between editions: what vanished first, then what appeared, was revised, redefined or hidden."""
    from dashboards.changes import changes as words
    from monitor.declarations import find, sources
    from monitor.run import unread
    from monitor.store import reads
    from monitor.store.vault import Vault
    from pipelines.acquire import READ_ANEW
    from pipelines.identity import plain_name
    from pipelines.vintages import changes

    slug = find(sources(), publication, "publication").id
    if editions and len(editions) > 2:
        raise Usage(f"diff: expected at most two editions, found {len(editions)}: {', '.join(editions)}.")
    with reader() as store:
        known = reads.Known(given.as_of, given.known_at)
        found = changes(store, slug, [plain_name(edition) for edition in editions or ()], known)
        why = unread(store, slug, known)
    anew = [line for line in Vault(given.home).journal() if line["what"] == READ_ANEW and line["publication"] == slug]
    answer(
        [*found.to_dicts(), *({**line, "change": READ_ANEW} for line in anew)], lambda: words(found, slug, anew, why)
    )
