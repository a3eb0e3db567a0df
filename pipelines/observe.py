"""One artefact observed: read, surveyed, tidied; nothing judged yet. One that cannot be read yields a finding."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl

from monitor.declarations import Publication
from monitor.store.schema import frame_schema
from monitor.store.vault import Artefact
from pipelines.account import FileAccount
from pipelines.canonical import cells_sha256
from pipelines.footnotes import footnotes
from pipelines.reading import Grid, UnreadableFile, read
from pipelines.reckoning import reckoned
from pipelines.survey import Survey, frames, survey
from pipelines.tidy import Problem, tidy
from pipelines.totals import totals


@dataclass
class Observed:
    """What one artefact yielded: staged frames, problems, and which declared tables it holds.

    `cells_sha256` is the hash of its cells; empty for a file that cannot be read.
    """

    artefact: Artefact
    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    found: dict[str, str] = field(default_factory=dict)
    cells_sha256: str = ""
    file: FileAccount | None = None

    @property
    def cells_are_news(self) -> bool:
        """Whether no artefact held before says the same."""
        return self.frames["artefact"]["same_as"][0] is None

    def same_as(self, other: str) -> None:
        """Leave what was observed to another artefact of the edition, which has the same cells."""
        self.frames = {"artefact": self.frames["artefact"].with_columns(same_as=pl.lit(other))}
        self.problems, self.found = [], {}


def observe(
    artefact: Artefact,
    path: Path,
    publication: Publication,
    of_original: Survey | None = None,
    undrafted: Mapping[str, str] | None = None,
) -> Observed:
    """Read, survey and tidy one artefact. `of_original` is the survey of the whole file that a transcription is of.

    With `undrafted` (why tables of some sheets were not drafted) every cell is accounted for by its figures.
    """
    observed = Observed(artefact)
    transcribed = artefact.kind == "transcription"
    try:
        grids = read(path, artefact.name, transcription=transcribed)
    except UnreadableFile as error:
        observed.problems.append(Problem("file_readable", "critical", str(error), ""))
        observed.frames = {"artefact": _artefact_frame(artefact)}
        return observed
    surveyed = of_original or survey(grids, publication.symbols.map)
    tidied = tidy(
        grids, publication, edition=artefact.edition_id, published_on=artefact.published_on, transcribed=transcribed
    )
    keys = {
        "publication": pl.lit(artefact.publication),
        "edition_id": pl.lit(artefact.edition_id),
        "artefact_sha256": pl.lit(artefact.sha256),
    }
    found = frames(surveyed)
    observed.file = reckoned(grids, tidied, undrafted) if undrafted is not None else None
    observed.cells_sha256 = cells_sha256(grids, artefact.name)
    noted = pl.DataFrame(footnotes(grids), schema=dict.fromkeys(("sheet", "cell", "text"), pl.String))
    observed.frames = {
        "artefact": _artefact_frame(artefact).with_columns(cells_sha256=pl.lit(observed.cells_sha256)),
        "footnote": noted.with_columns(**keys),
        **{table: frame.with_columns(**keys) for table, frame in found.items()},
        "level": tidied.levels.with_columns(**keys),
        "figure": tidied.figures.with_columns(
            **keys,
            published_on=pl.lit(artefact.published_on, dtype=pl.Date),
            seen_at=pl.lit(artefact.seen_at, dtype=pl.Datetime("us")),
        ),
    }
    observed.problems += [*tidied.problems, *totals(publication, tidied.figures, tidied.levels)]
    observed.found = tidied.found
    return observed


def _artefact_frame(artefact: Artefact) -> pl.DataFrame:
    return pl.DataFrame([asdict(artefact)], schema=frame_schema("artefact"))


def compare(transcription: Sequence[Grid], original: Sequence[Grid], name: str) -> Problem | None:
    """Every transcribed cell against the original's: the cells that differ, as one problem, or None."""
    by_sheet = {g.sheet: g for g in original}
    differing: list[str] = []
    for grid in transcription:
        if grid.is_sum:
            continue
        other = by_sheet.get(grid.sheet) or (original[0] if len(original) == 1 else None)
        for r, row in enumerate(grid.rows):
            for c, cell in enumerate(row):
                if cell is not None and (other is None or other.at(r, c) != cell):
                    differing.append(f"{grid.sheet}!{grid.address(r, c)}")
    if not differing:
        return None
    return Problem(
        "transcription_agrees",
        "critical",
        f"{len(differing)} transcribed cells differ from {name}. The original's figures are used; "
        "mend the transcription.",
        "",
        tuple(differing),
    )
