"""What a person keeps of a reading: seen, signed and written; what is there is shown as it would change."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.desk import Usage, a_date, given, say

if TYPE_CHECKING:
    from monitor.declarations import Publication
    from monitor.store.vault import Artefact
    from pipelines.inferring.confirming import Checked
    from pipelines.reading.grid import Grid

By = Annotated[str, typer.Option(help="Who checked it.")]
On = Annotated[str, typer.Option(help="The day it was checked.")]
Note = Annotated[str, typer.Option(help="What there is to say of it.")]
Here = Annotated[bool, typer.Option("--here", help="Write to the checkout instead of the home.")]


@dataclass(frozen=True)
class Signature:
    """Who checked, when, and what they say of it, as typed; each may be empty until it is asked for."""

    by: str = ""
    on: str = ""
    note: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing is left to ask."""
        return bool(self.by and self.on)

    def asked(self) -> "Checked":
        """The signature, what it lacks asked for on a terminal. Raises `Usage` where nobody can be asked."""
        from monitor import clock
        from pipelines.inferring.confirming import Checked

        by, on, note = self.by, self.on, self.note
        if not self.whole:
            if not _terminal():
                raise Usage("expected --by NAME and --on DATE: there is no terminal to ask on; nothing is written.")
            by = by or typer.prompt("Who compared it with the publisher's file?", err=True)
            on = on or typer.prompt("On which day?", default=clock.today().isoformat(), err=True)
            note = note or typer.prompt("Anything to note", default="", show_default=False, err=True)
        return Checked(by, a_date(on, "--on"), note)


def _terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirmed(
    publication: "Publication",
    artefact: "Artefact",
    grids: "Sequence[Grid]",
    rows: Sequence[Mapping[str, Any]],
    signature: Signature,
    told: Mapping[str, str],
    here: bool,
) -> tuple[list[Path], int]:
    """Declare tables of one file that were read by what they show; the files written, and how many figures they yield.

    `rows` say of each table what was read, `told` what the file does not say. Each table is shown before anybody signs.
    """
    from dashboards import terminal
    from monitor import clock
    from monitor.settings import DECLARATIONS
    from pipelines.inferring import confirming

    home = given.home.declarations
    path = DECLARATIONS / "publications" / f"{publication.id}.toml" if here else home / f"{publication.id}.toml"
    beside = Path("tests/publications") if here else home / "expected"
    add = confirming.appended if here else confirming.with_table
    yielded, proposals = {}, {}
    for row in rows:
        table = row["table_id"]
        proposals[table] = confirming.proposed(grids, publication, table, artefact)
        unchecked = confirming.said(proposals[table], publication, confirming.Checked("", clock.today()), told)
        yielded[table] = confirming.must_yield(grids, proposals[table], publication, unchecked, artefact.edition_id)
        say(terminal.to_confirm(row, artefact.name, yielded[table]))
    checked = signature.asked()
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for proposal in proposals.values():
        text = add(text, publication.id, confirming.said(proposal, publication, checked, told))
    texts = {beside / f"{publication.id}.{table}.csv": frame.write_csv() for table, frame in yielded.items()}
    return keep({path: text, **texts}, signature), sum(frame.height for frame in yielded.values())


def keep(texts: Mapping[Path, str], signature: Signature) -> list[Path]:
    """Write files; what would change in those that are there is shown first, and asked for unless it was signed.

    Raises `Usage` where somebody says no, or nobody can be asked: then nothing is written.
    """
    changing = {p: old for p in texts if p.exists() and (old := p.read_text(encoding="utf-8")) != texts[p]}
    for path, old in changing.items():
        say("".join(unified_diff(old.splitlines(True), texts[path].splitlines(True), str(path), str(path))))
    if changing and not signature.whole:
        named = ", ".join(map(str, changing))
        if not _terminal():
            raise Usage(f"{named} would change as shown; say --by NAME and --on DATE to write so. Nothing is written.")
        if not typer.confirm("Write it so?", err=True):
            raise Usage("nothing was written.")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(texts)
