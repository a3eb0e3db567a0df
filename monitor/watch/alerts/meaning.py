"""What the codes of the register mean to people, and the ways to ask for what is missing: data beside this code."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

Family = Literal["breakdown", "release", "change", "monitor"]


@dataclass(frozen=True)
class Kind:
    """What a code of the register means to those who are told of it; `family` says what there is to ask for, of whom.

    `says` ends a sentence that begins with the release, `matters` is one.
    """

    code: str
    family: Family
    says: str
    matters: str


@dataclass(frozen=True)
class Route:
    """A way to ask for a breakdown. `working_days` is how long an answer may take; None where a day is named."""

    id: str
    title: str
    working_days: int | None
    clock: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """Every kind of gap that makes an alert, by its code, from `kinds.csv`."""
    return {row["code"]: Kind(**row) for row in _rows("kinds.csv")}  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def routes() -> dict[str, Route]:
    """Every way to ask, by its short name, from `routes.csv`."""
    return {
        row["route"]: Route(row["route"], row["title"], int(row["working_days"] or 0) or None, row["clock"])
        for row in _rows("routes.csv")
    }
