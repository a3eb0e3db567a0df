"""Which files each publication has, read from `publications.toml`, and made: the truth first, then the bytes."""

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .books import written
from .faults import FAULTS
from .known import Known
from .layouts import LAYOUTS
from .sheets import Sheet, address
from .subject import Subject
from .words import HERE


def subject_of(table: Mapping[str, Any], seed: str, number: str = "1") -> Subject:
    """What a planned table is about."""
    return Subject(
        seed=seed,
        title=table["of"],
        base=table["base"],
        by=tuple(table["by"]),
        times=table.get("times", "financial"),
        where=table.get("where", "England and Wales"),
        number=table.get("number", number),
        among=tuple(table.get("among", ())),
        options=table.get("options", {}),
    )


def known_of(sheet: Sheet, publication: str, file: str, name: str) -> list[Known]:
    """Every number on a sheet, by the name that a reader has for it: with its claim, or none where it is no figure."""
    return [
        Known(publication, file, name, address(r, c), cell.claim, sheet.layout, tuple(sheet.faults))
        for r, c, cell in sheet.cells("figure", "scratch", "change")
    ]


@dataclass(frozen=True)
class File:
    """A file as it is planned: tables in layouts, with faults. `real` is where the published one is kept, if it is.

    `seen` says how its layout is known: file (a file of the publication), described, or assumed (of a sibling).
    """

    publication: str
    name: str
    title: str
    seen: str
    tables: tuple[Mapping[str, Any], ...]
    real: str = ""

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The sheets, with everything they claim, before a byte is written."""
        found: list[Sheet] = []
        for n, table in enumerate(self.tables, 1):
            subject = subject_of(table, f"{self.publication}/{self.name}/{n}", str(n))
            made = LAYOUTS[table["layout"]](subject)
            for k, sheet in enumerate(made):
                sheet.layout = table["layout"]
                rng = random.Random(f"{subject.seed}/{k}")
                sheet.faults = [fault for fault in table.get("faults", ()) if FAULTS[fault](sheet, rng)]
            found += made
        return found

    @cached_property
    def known(self) -> list[Known]:
        """Every number on the sheets, with its claim, or with none where it is no figure."""
        every = ((sheet, self._sheet(sheet)) for sheet in self.sheets)
        return [known for sheet, name in every for known in known_of(sheet, self.publication, self.name, name)]

    def _sheet(self, sheet: Sheet) -> str:
        """A CSV has one sheet, and no name for it; one in an archive is called as its member is."""
        names = {"csv": "", "zip": f"{sheet.name}.csv"}
        return names.get(self.name.rpartition(".")[2], sheet.name)

    @cached_property
    def body(self) -> bytes:
        return written(self.name, self.sheets)


@dataclass(frozen=True)
class Planned:
    """A publication as it is served: the title of its edition, where, and its files."""

    publication: str
    edition: str
    slug: str
    files: tuple[File, ...]


def plan() -> dict[str, Planned]:
    """Every publication of the plan."""
    return {one.publication: one for one in _planned()}


def _planned() -> Iterator[Planned]:
    said = tomllib.loads((HERE / "publications.toml").read_text("utf-8"))
    for publication, entry in said.items():
        files = tuple(
            File(
                publication,
                f["name"],
                f.get("title", ""),
                f.get("seen", "assumed"),
                tuple(f["table"]),
                f.get("real", ""),
            )
            for f in entry["file"]
        )
        yield Planned(publication, entry["edition"], entry.get("slug", ""), files)
