"""One known cell: what it says, decided before any sheet is laid out."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CHARACTERISTICS = (
    "age", "disability", "gender_reassignment", "marriage_and_civil_partnership", "pregnancy_and_maternity",
    "ethnicity", "religion", "sex", "sexual_orientation", "nationality",
)  # fmt: skip
"""The characteristics of people, by the names figures have them under."""


@dataclass(frozen=True)
class Claim:
    """What a number is about: its value, or the status of one that is not given.

    `people` has a category and a label of each characteristic, `others` the label under every other heading. `start`
    and `end` are null where the sheet gives no date. `unit` is count, percent or rate; `place` is empty for the whole
    of what the publication covers.
    """

    value: float | None
    status: str
    start: dt.date | None
    end: dt.date | None
    place: str
    unit: str
    people: tuple[tuple[str, str, str], ...]
    others: tuple[tuple[str, str], ...]
    codes: tuple[str, ...] = ()
    """How the official code of a place of this kind begins: Durham is a police force, a county and a prison."""


@dataclass(frozen=True)
class Known:
    """A cell of a file that was served, and its claim; null for a number that no figure may be made of."""

    publication: str
    file: str
    sheet: str
    cell: str
    claim: Claim | None
    layout: str
    faults: tuple[str, ...] = ()


_COLUMNS = ("publication", "file", "sheet", "cell", "layout", "faults", "value", "status", "start", "end", "place")


def write(known: Iterable[Known], path: Path) -> int:
    """The truth as a table, one row a cell: what a person opens beside the file. Gives the number of rows."""
    n = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow([*_COLUMNS, "unit", *CHARACTERISTICS, "others"])
        for n, line in enumerate(map(_line, known), 1):  # noqa: B007
            lines.writerow(line)
    return n


def _line(one: Known) -> list[object]:
    at = [one.publication, one.file, one.sheet, one.cell, one.layout, " ".join(one.faults)]
    if (claim := one.claim) is None:
        return [*at, "", "no figure", *[""] * (len(CHARACTERISTICS) + 5)]
    people = {name: category for name, category, _ in claim.people}
    others = "; ".join(f"{heading}={label}" for heading, label in claim.others)
    said = [claim.value, claim.status, claim.start, claim.end, claim.place, claim.unit]
    return [*at, *said, *(people.get(c, "all") for c in CHARACTERISTICS), others]


def figures(known: Iterable[Known]) -> Iterator[Known]:
    """The cells of which figures are wanted."""
    return (one for one in known if one.claim is not None)
