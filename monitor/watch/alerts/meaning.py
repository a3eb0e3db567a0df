"""What the codes of the register mean to people, and the ways to ask for what is missing: data beside this code."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from monitor.vocabulary.tables import rows

_ROOM = "monitor.watch.alerts"
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


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """Every kind of gap that makes an alert, by its code, from `kinds.csv`."""
    found: list[dict[str, Any]] = [{k: r[k] for k in Kind.__dataclass_fields__} for r in rows("kinds.csv", _ROOM)]
    return {row["code"]: Kind(**row) for row in found}


@lru_cache(maxsize=1)
def routes() -> dict[str, Route]:
    """Every way to ask, by its short name, from `routes.csv`."""
    return {
        row["route"]: Route(row["route"], row["title"], int(row["working_days"] or 0) or None, row["clock"])
        for row in rows("routes.csv", _ROOM)
    }
