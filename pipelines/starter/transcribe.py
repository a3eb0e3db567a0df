"""Make every starter figure and survey again from the originals: `python -m pipelines.starter.transcribe FOLDER`.

Originals are recognised by name and SHA-256: the same originals give the same bytes on any machine.
"""

import argparse
import csv
import math
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import pydantic

from monitor.declarations import ENGLAND_AND_WALES, DeclarationError
from monitor.declarations import sources as declared_sources
from monitor.settings import DECLARATIONS
from monitor.store.vault import sha256_of
from monitor.vocabulary import place_members, places_of
from pipelines.reading import Grid, UnreadableFile, address, read
from pipelines.reading.transcription import CELLS_HEADER, HIDDEN, ROWS, SHEET, text_of
from pipelines.starter import Source, sources
from pipelines.starter import surveyed as surveyed_file
from pipelines.survey import survey

SELECTIONS = "selections.toml"


class _Record(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Places(_Record):
    """Sums for places of which the file has only the parts, named in its column of codes."""

    column: str
    codes: tuple[str, ...]


class Selection(_Record):
    """Which facts of one original are transcribed, as `selections.toml` explains."""

    sheets: tuple[str, ...] = ()
    rows: dict[str, tuple[str, ...]] = {}
    leave_out: tuple[str, ...] = ()
    keep: tuple[tuple[str, ...], ...] = ()
    places: Places | None = None
    summed: Annotated[str | None, pydantic.Field(alias="sum")] = None


def selections(folder: Path | None = None) -> dict[str, Selection]:
    """Every declared selection by the starter file it makes. Raises `DeclarationError` for a wrong key."""
    path = (folder or DECLARATIONS / "starter") / SELECTIONS
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: Selection.model_validate(record) for name, record in raw.items()}
    except (tomllib.TOMLDecodeError, pydantic.ValidationError) as error:
        raise DeclarationError(f"starter/{SELECTIONS}: {error}") from None


def transcribe(originals: Path, to: Path | None = None) -> list[Path]:
    """Write every starter file from the originals, anywhere under `originals`, into `to` (default: in place).

    Returns the files written. Raises `UnreadableFile` when an original is absent, is not the one cited, or
    does not hold what is to be transcribed; files before it are written by then.
    """
    declared = selections()
    written = []
    for source in sources(made=False):
        selection = declared.get(source.file)
        if selection is None:
            raise DeclarationError(
                f"starter/{SELECTIONS}: expected a table [{source.file!r}], which sources.csv lists; found "
                f"{', '.join(declared)}"
            )
        grids = read(_original(source, originals))
        lines = _sum_lines(grids[0], selection) if selection.summed else _cell_lines(grids, selection, source)
        target = (to or source.path.parent) / source.file
        with target.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(lines)
        written.append(target)
        written.append(surveyed_file.path_beside(target))
        surveyed_file.write(written[-1], survey(grids, declared_sources()[source.publication].symbols.map))
    return written


def _original(source: Source, originals: Path) -> Path:
    found = sorted(originals.rglob(source.original_name))
    if not found:
        raise UnreadableFile(
            f"{source.original_name}: expected somewhere under {originals}; not found. It is the original of "
            f"{source.file}: {source.publisher}, {source.title}, {source.edition_title}. {source.url}"
        )
    hashes = {sha256_of(path): path for path in found}
    if source.original_sha256 not in hashes:
        raise UnreadableFile(
            f"{found[0]}: expected the file with sha256 {source.original_sha256}, from which {source.file} "
            f"was transcribed; found {next(iter(hashes))}. If the publisher has replaced it, that is a new "
            "edition: give it a row of its own in sources.csv."
        )
    return hashes[source.original_sha256]


def _cell_lines(grids: Sequence[Grid], selection: Selection, source: Source) -> Iterator[list[str]]:
    yield CELLS_HEADER
    by_name = {grid.sheet: grid for grid in grids}
    left_out = re.compile("|".join(f"(?:{pattern})" for pattern in selection.leave_out) or r"(?!)")
    for name in selection.sheets or by_name:
        grid = by_name.get(name)
        if grid is None:
            raise UnreadableFile(
                f"{source.original_name}: expected a sheet {name!r}; found {', '.join(by_name)}. Mend {SELECTIONS}."
            )
        for r in _selected(grid, selection):
            for c, cell in enumerate(grid.rows[r]):
                if cell is None or (isinstance(cell, str) and left_out.match(cell)):
                    continue
                yield [name, address(r, c), text_of(cell), HIDDEN if c in grid.hidden_columns else ""]


def _column(grid: Grid, name: str) -> int:
    header = grid.rows[0] if grid.rows else []
    if name not in header:
        raise UnreadableFile(
            f"{grid.sheet}: expected a column {name!r} in row 1; found {', '.join(map(str, header))}. "
            f"Mend {SELECTIONS}."
        )
    return header.index(name)


def _selected(grid: Grid, selection: Selection) -> list[int]:
    """Rows that are taken: all, or the header and those with a wanted value in each column named."""
    wanted = [(_column(grid, name), values) for name, values in selection.rows.items()]
    if not wanted:
        return list(range(len(grid.rows)))
    return [0, *(r for r in range(1, len(grid.rows)) if all(grid.at(r, c) in values for c, values in wanted))]


def _sum_lines(grid: Grid, selection: Selection) -> Iterator[list[str]]:
    """One line for each combination of a list of columns kept, sorted; of each place, where places are named.

    A column that is not in the list is summed over, and empty.
    """
    assert selection.summed is not None
    places = selection.places
    columns = list(dict.fromkeys(name for kept in selection.keep for name in kept))
    at = [c for c, name in enumerate(grid.rows[0]) if re.fullmatch(selection.summed, str(name))]
    if not at:
        raise UnreadableFile(f"{grid.sheet}: expected columns {selection.summed!r}; found none. Mend {SELECTIONS}.")
    yield [SHEET, *columns, *([places.column] if places else []), ROWS, *(str(grid.at(0, c)) for c in at)]
    where = _column(grid, places.column) if places else None
    codes = {code: _parts_of(code) for code in places_of(places.codes)} if places else {"": None}
    for listed in selection.keep:
        kept = [_column(grid, name) if name in listed else None for name in columns]
        parts: dict[tuple[str, ...], list[list[float]]] = {}
        for r in _selected(grid, selection)[1:]:
            members = [code for code, of in codes.items() if where is None or of is None or grid.at(r, where) in of]
            if not members:
                continue
            key = tuple("" if c is None else text_of(grid.at(r, c)) for c in kept)
            values = [_number(grid, r, c) for c in at]
            for code in members:
                parts.setdefault((*key, *([code] if places else [])), []).append(values)
        for key, lines in sorted(parts.items()):
            sums = (text_of(math.fsum(column)) for column in zip(*lines, strict=True))
            yield [grid.sheet, *key, str(len(lines)), *sums]


def _number(grid: Grid, r: int, c: int) -> float:
    value = grid.at(r, c)
    if not isinstance(value, float):
        raise UnreadableFile(
            f"{grid.sheet}, cell {address(r, c)}: expected a number to sum; found {value!r}. A sum over "
            f"a missing number is not a figure: leave the row out in {SELECTIONS}, or do not sum."
        )
    return value


def _parts_of(code: str) -> frozenset[str] | None:
    """The places that make up `code`; None means every row, because the file is of England and Wales only."""
    return None if code == ENGLAND_AND_WALES else place_members(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Exit 1 with one message when an original cannot be transcribed."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.starter.transcribe", description=(__doc__ or "").partition(":")[0]
    )
    parser.add_argument("originals", type=Path, help="a folder that holds the publishers' files, at any depth")
    parser.add_argument("--to", type=Path, default=None, help="write here instead of in place")
    given = parser.parse_args(arguments)
    try:
        for path in transcribe(given.originals, given.to):
            print(f"{path.name}: {path.stat().st_size:,} bytes")
    except (UnreadableFile, DeclarationError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
