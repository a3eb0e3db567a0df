"""One artefact observed: read, surveyed, tidied; nothing judged yet. One that cannot be read yields a finding."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from monitor.declarations import Publication
from monitor.store.schema import frame_schema
from monitor.store.vault import Artefact
from pipelines.account import FileAccount
from pipelines.canonical import cells_sha256
from pipelines.footnotes import footnotes
from pipelines.inferring import DECLARED, HELD_BACK, INFERRED, Inferred, contradicted, infer, reader_of
from pipelines.reading import Grid, UnreadableFile, read
from pipelines.reckoning import reckoned
from pipelines.survey import Survey, frames, survey
from pipelines.tidy import Problem, Tidied, tidy
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

    def hold_back(self, doubts: pl.DataFrame) -> None:
        """Let go of the figures of undeclared tables whose numbers a check found to contradict each other.

        `doubts` name them by publication, edition, file and table, with a `message`.
        """
        if "table_read" not in self.frames:  # because a file that cannot be read holds no table
            return
        tables = contradicted(self.frames["table_read"], doubts)
        held = tables.filter(pl.col("state") == HELD_BACK).select("table_id", "layout")
        self.frames["table_read"] = tables
        self.frames["figure"] = self.frames["figure"].join(held, on=["table_id", "layout"], how="anti")

    def listed(self, now: bool | None, left_at: datetime | None) -> None:
        """Note whether the page of its edition lists the artefact, and when it was seen that it no longer does."""
        columns = {"listed": pl.lit(now, dtype=pl.Boolean), "left_at": pl.lit(left_at, dtype=pl.Datetime("us"))}
        self.frames["artefact"] = self.frames["artefact"].with_columns(**columns)

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
    observed, reader = Observed(artefact), reader_of(publication)
    try:
        grids = read(path, artefact.name, transcription=artefact.kind == "transcription")
    except UnreadableFile as error:
        observed.problems.append(Problem("file_readable", "critical", str(error), ""))
        observed.frames = {"artefact": _artefact_frame(artefact, reader)}
        return observed
    surveyed = of_original or survey(grids, publication.symbols.map)
    tidied, inferred, figures = figures_of(grids, publication, artefact)
    keys = {
        "publication": pl.lit(artefact.publication),
        "edition_id": pl.lit(artefact.edition_id),
        "artefact_sha256": pl.lit(artefact.sha256),
    }
    found = frames(surveyed)
    if undrafted is not None:
        observed.file = reckoned(grids, tidied, figures, inferred.refusals, {**undrafted, **inferred.held_back()})
    observed.cells_sha256 = cells_sha256(grids, artefact.name)
    noted = pl.DataFrame(footnotes(grids), schema=dict.fromkeys(("sheet", "cell", "text"), pl.String))
    observed.frames = {
        "artefact": _artefact_frame(artefact, reader).with_columns(cells_sha256=pl.lit(observed.cells_sha256)),
        "footnote": noted.with_columns(**keys),
        **{table: frame.with_columns(**keys) for table, frame in found.items()},
        "table_read": inferred.tables.with_columns(**keys, reader=pl.lit(reader)),
        "level": pl.concat([tidied.levels, inferred.levels]).with_columns(**keys),
        "figure": figures.with_columns(
            **keys,
            published_on=pl.lit(artefact.published_on, dtype=pl.Date),
            seen_at=pl.lit(artefact.seen_at, dtype=pl.Datetime("us")),
        ),
    }
    observed.problems += [*tidied.problems, *totals(publication, tidied.figures, tidied.levels)]
    observed.found = tidied.found
    return observed


def _artefact_frame(artefact: Artefact, reader: str) -> pl.DataFrame:
    return pl.DataFrame([asdict(artefact) | {"reader": reader}], schema=frame_schema("artefact"))


def figures_of(
    grids: Sequence[Grid], publication: Publication, artefact: Artefact
) -> tuple[Tidied, Inferred, pl.DataFrame]:
    """A file's figures: of tables as declared, of the others by what they show; and both readings."""
    tidied = tidy(
        grids,
        publication,
        edition=artefact.edition_id,
        published_on=artefact.published_on,
        transcribed=artefact.kind == "transcription",
    )
    inferred = infer(grids, publication, tidied, artefact)
    figures = tidied.figures.with_columns(layout=pl.lit(DECLARED))
    if not inferred.figures.is_empty():
        figures = pl.concat([figures, inferred.figures.with_columns(layout=pl.lit(INFERRED))])
    return tidied, inferred, figures


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
