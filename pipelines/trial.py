"""A file read by a declaration as a pass would read it, and judged as a pass would judge it; nothing is kept.

What it makes true: what `try` says of a file is what `add` would find, because both call the same line. What it
refuses: to touch the vault or the database.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from expectations.judge import judge
from monitor import clock
from monitor.declarations import Publication
from monitor.store.database import stage
from monitor.store.schema import frame_schema
from monitor.store.vault import Artefact, sha256_of
from pipelines.account import FileAccount
from pipelines.acquire import ORIGINAL
from pipelines.editions import checks_of, edition_of, problems_of
from pipelines.observe import observe
from pipelines.reading import UnreadableFile
from pipelines.reading.parent import kind_of


@dataclass(frozen=True)
class Trial:
    """Figures a declaration yields from a file, the tables found (with their sheets), all that was found wrong, and
    what became of every cell; `tables` are those read, declared or by what they show, and `artefact` the file.
    """

    artefact: Artefact
    figures: pl.DataFrame
    tables: pl.DataFrame
    found: dict[str, str]
    findings: pl.DataFrame
    account: FileAccount

    def problems(self) -> Sequence[dict[str, object]]:
        """What was found wrong, gravest first."""
        rank = {"critical": 0, "warning": 1, "note": 2}
        return sorted(self.findings.to_dicts(), key=lambda f: (rank.get(f["severity"], 3), f["check"]))


def trial(
    path: Path,
    declared: Publication,
    edition: str,
    say: Callable[[str], None] = lambda _: None,
    undrafted: Mapping[str, str] | None = None,
) -> Trial:
    """Read a file by a declaration and ask every check of what it yields (which takes seconds, once a process).

    Raises `UnreadableFile` for a file that cannot be read.
    """
    kind_of(path, path.name)
    artefact = _artefact(path, declared, edition)
    observed = observe(artefact, path, declared, undrafted=undrafted or {})
    if unreadable := next((p.message for p in observed.problems if p.check == "file_readable"), None):
        raise UnreadableFile(unreadable)
    nothing = pl.DataFrame(schema=frame_schema("supersession"))
    problems = problems_of([observed], nothing, {declared.id: declared}, observed.frames, nothing)
    if observed.found:
        # because an edition has other files, which may hold the tables that this one does not
        elsewhere = (pl.col("check") == "table_found") & pl.col("artefact_sha256").is_null()
        problems = problems.with_columns(severity=pl.when(elsewhere).then(pl.lit("note")).otherwise("severity"))
    figures = observed.frames.get("figure", pl.DataFrame(schema=frame_schema("figure")))
    asked = checks_of(declared, edition_of(artefact), observed.frames)
    if asked is not None:
        say(f"Judging {figures.height:,} figures")
        with TemporaryDirectory() as folder:
            staging = stage(Path(folder) / "trial.duckdb", observed.frames)
            problems = pl.concat([problems, judge(staging, [asked]).findings], how="diagonal")
    tables = observed.frames.get("table_read", pl.DataFrame(schema=frame_schema("table_read")))
    return Trial(artefact, figures, tables, observed.found, problems, observed.file or FileAccount())


def _artefact(path: Path, declared: Publication, edition: str) -> Artefact:
    # because nothing was published to us: a trial has no date of publication, and its file was seen just now
    return Artefact(
        sha256=sha256_of(path),
        publication=declared.id,
        edition_id=edition,
        kind=ORIGINAL,
        name=path.name,
        bytes=path.stat().st_size,
        original_sha256="",
        published_on=None,
        seen_at=clock.now(),
    )
