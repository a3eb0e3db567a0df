"""What must hold of a spoiled file, whatever was spoiled; used on a sample by each build and on thousands at night."""

import datetime as dt
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from monitor.declarations import Publication, parse, sources
from monitor.store.vault import sha256_of
from pipelines import starter
from pipelines.reading import Grid, UnreadableFile, read
from pipelines.tidy import tidy
from tests.hostile import files, mutations

PUBLISHED = Path(__file__).parents[3] / "shared" / "published"
LARGEST = {".xlsx": 1 << 20, ".ods": 1 << 20, ".csv": 1 << 17, ".xls": 3 << 20}
"""Files above this are left to other tests: a case must be short."""

DECLARED = """
id = "generated"
title = "Generated"
publisher = "nobody"

[[table]]
id = "everyone"
title = "People in prison by ethnic group and sex"
measure = "people"
population = "people"
period = "2022-06-30"
rows = ["ethnicity"]
columns = ["sex"]
"""
_NOT_CLAIMED = {"value", "status", "marker", "flags", "value_low", "value_high", "sheet", "cell"}
"""Columns of a figure that say what was printed."""
_OF_THE_TABLE = {"classification", "mapping", "definition_id"}
"""Columns that say which set of categories the table as a whole has, which one label can change. All other columns
say what is claimed of the figure."""


@dataclass(frozen=True)
class Original:
    """A sound file, and what was understood of it."""

    name: str
    content: bytes
    publication: Publication | None = None
    edition: str = ""
    grids: tuple[Grid, ...] = ()

    @property
    def ending(self) -> str:
        return self.name.rsplit(".", 1)[1]

    @property
    def is_package(self) -> bool:
        return self.content.startswith(b"PK")

    def seed(self, number: int) -> int:
        """A seed of this file's own, the same in every run."""
        return zlib.crc32(f"{self.name} {number}".encode())


def original(folder: Path, name: str, content: bytes, publication: Publication | None, edition: str) -> Original:
    path = folder / f"sound-{name}"
    path.write_bytes(content)
    return Original(name, content, publication, edition, tuple(read(path, name)))


def originals(folder: Path) -> list[Original]:
    """Published files where they are at hand, and generated ones of every format."""
    declared = parse(Publication, DECLARED, "generated.toml")
    found = [original(folder, f"made.{e}", make(files.TABLE), declared, "2022") for e, make in files.EVERY.items()]
    archive = files.zipped({f"tables {e}.{e}": make(files.TABLE) for e, make in files.EVERY.items()})
    found.append(original(folder, "made.zip", archive, None, ""))
    cited = {source.original_sha256: source for source in starter.sources()}
    for path in sorted(PUBLISHED.rglob("*")):
        if path.stat().st_size > LARGEST.get(path.suffix, 0):
            continue
        source = cited.get(sha256_of(path))
        sound = original(folder, path.name, path.read_bytes(), None, source.edition if source else "2022")
        found.append(replace(sound, publication=sources()[source.publication] if source else _declared_for(sound)))
    return found


def _declared_for(sound: Original) -> Publication | None:
    """The publication that yields the most figures of the file, for an edition nobody transcribed."""
    tried = {
        publication.id: tidy(list(sound.grids), publication, edition=sound.edition).figures.height
        for publication in sources().values()
        if publication.table and sound.ending in ("xlsx", "ods")
    }
    best = max(tried, key=lambda slug: tried[slug], default="")
    return sources()[best] if tried.get(best) else None


class Wrong(AssertionError):
    """A spoiled file was taken for something it is not."""


def _read(folder: Path, name: str, content: bytes) -> list[Grid] | None:
    """The grids; None when the file is refused in one line of words. Anything else that is raised is a fault."""
    path = folder / f"spoiled.{name.rsplit('.', 1)[1]}"
    path.write_bytes(content)
    try:
        return read(path, name)
    except UnreadableFile as refused:
        said = str(refused)
        if not said.startswith(f"{name}: ") or "\n" in said or "Traceback" in said or len(said) > 600:
            raise Wrong(f"not one clear line: {said!r}") from None
        return None


def bytes_case(folder: Path, sound: Original, number: int) -> str:
    """Spoil bytes. A package either is refused or says what it said before: its checksums are held to."""
    content = mutations.spoil_bytes(sound.content, sound.seed(number))
    grids = _read(folder, sound.name, content)
    if grids is None:
        return "refused"
    if sound.ending in ("xlsx", "ods", "zip") and content.startswith(b"PK"):
        same(sound.grids, grids)
    return "read"


def inside_case(folder: Path, sound: Original, number: int) -> str:
    """Spoil a part of a package: it is read or refused, in time and in words, and understood without a fault."""
    grids = _read(folder, sound.name, mutations.spoil_inside(sound.content, sound.seed(number)))
    if grids is not None and sound.publication is not None:
        tidy(grids, sound.publication, edition=sound.edition)
    return "refused" if grids is None else "read"


def line_case(folder: Path, sound: Original, number: int) -> str:
    """Spoil one line of delimited text: no other record changes, or the file is refused."""
    content, line = mutations.spoil_line(sound.content, sound.seed(number))
    grids = _read(folder, sound.name, content)
    if grids is None:
        return "refused"
    before = {tuple(row) for row in sound.grids[0].rows}
    changed = [row for row in grids[0].rows if tuple(row) not in before]
    if line == 0 or len(changed) <= 2:  # because a line end can make two records of one
        return "read"
    raise Wrong(f"line {line + 1} was changed, and {len(changed)} records are not as they were: {changed[:3]}")


def same(before: tuple[Grid, ...], after: list[Grid]) -> None:
    """Raises `Wrong` unless the sheets are those they were, cell by cell."""
    for sound, spoiled in zip(before, after, strict=False):
        if (sound.sheet, sound.rows) != (spoiled.sheet, spoiled.rows):
            raise Wrong(f"sheet {sound.sheet}: read without a word, and not as it was")
    if len(before) != len(after):
        raise Wrong(f"{len(before)} sheets were {len(after)} afterwards")


class Cells:
    """One sheet of a sound file written in one format, and its figures, to be compared cell by cell."""

    def __init__(self, folder: Path, sound: Original, grid: Grid, ending: str) -> None:
        self.folder, self.sound, self.grid = folder, sound, grid
        self.name = f"{sound.name.rsplit('.', 1)[0]}.{ending}"
        self.ending = ending
        self.clean = self._grids(mutations.written(grid.rows, ending))

    @cached_property
    def figures(self) -> dict[str, dict]:
        """What was claimed of each cell before anything was spoiled."""
        return self._figures(self.clean)

    def _grids(self, content: bytes) -> list[Grid]:
        grids = _read(self.folder, self.name, content) or []
        for grid in grids:
            grid.sheet = self.grid.sheet
        return grids

    def _figures(self, grids: list[Grid]) -> dict[str, dict]:
        assert self.sound.publication is not None
        frame: pl.DataFrame = tidy(grids, self.sound.publication, edition=self.sound.edition).figures
        found: dict[str, dict] = {}
        for row in frame.iter_rows(named=True):
            found.setdefault(f"{row['cell']} {row['measure']} {row['table_id']}", row)
        return found

    def case(self, number: int) -> str:
        """Spoil one cell. No other cell is read differently; no figure of another cell changes its value.

        Where the spoiled cell held a number, no figure of another cell changes in anything it claims. Where it held
        words, what stands under them may lose its meaning and may not take another's.
        """
        rows, r, c = mutations.spoil_cell(self.grid, self.sound.seed(number))
        grids = self._grids(mutations.written(rows, self.ending))
        if not grids:
            return "refused"
        self._only(grids[0], r, c)
        self._claimed_as_before(grids, rows, r, c)
        return "read"

    def label_case(self, number: int) -> str:
        """Spoil one cell that holds words, as read: what stands under them may lose its meaning, never take another."""
        rows, r, c = mutations.spoil_label(self.clean[0], self.sound.seed(number))
        self._claimed_as_before([replace(self.clean[0], rows=rows)], rows, r, c)
        return "read"

    def _claimed_as_before(self, grids: list[Grid], rows: Sequence[Sequence[files.Cell]], r: int, c: int) -> None:
        """Raises `Wrong` where a figure of another cell has another value, or says more or other than before."""
        was, at = self.clean[0].at(r, c), self.clean[0].address(r, c)
        for key, figure in self._figures(grids).items():
            if figure["cell"] == at:
                continue
            before = self.figures.get(key)
            spoiled = f"{at} ({was!r} is now {str(rows[r][c])[:40]!r})"
            if before is None:
                raise Wrong(f"{spoiled}: {key} became a figure: {_claims(figure)}")
            if (figure["value"], figure["status"]) != (before["value"], before["status"]):
                raise Wrong(f"{spoiled}: {key} was {before['value']}, and is {figure['value']}")
            changed = {
                name: (before[name], figure[name])
                for name in figure
                if name not in _NOT_CLAIMED | _OF_THE_TABLE and figure[name] != before[name]
            }
            if changed and (isinstance(was, float) or not _reworded(rows[r][c])):
                raise Wrong(f"{spoiled}: {key} now claims otherwise: {changed}")

    def _only(self, spoiled: Grid, row: int, column: int) -> None:
        sound = self.clean[0]
        for r in range(max(len(sound.rows), len(spoiled.rows))):
            for c in range(max(_width(sound, r), _width(spoiled, r))):
                if (r, c) != (row, column) and sound.at(r, c) != spoiled.at(r, c):
                    raise Wrong(f"{sound.address(r, c)} was not touched and changed to {spoiled.at(r, c)!r}")


def _width(grid: Grid, row: int) -> int:
    return len(grid.rows[row]) if row < len(grid.rows) else 0


def _reworded(cell: files.Cell) -> bool:
    """Whether the new words mean something by themselves, so that another meaning is what the file now says."""
    return isinstance(cell, float | dt.date) or cell in ("Total", "White", "31-Jun-25") or "Table" in str(cell)


def _claims(figure: dict) -> dict:
    return {k: v for k, v in figure.items() if v is not None and v != "all" and k not in _NOT_CLAIMED}
