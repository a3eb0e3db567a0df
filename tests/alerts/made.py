"""Rows of the register, and passes over them, made by hand: what an alert is made of, without a pass over files."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from monitor.notify.forward import Held
from monitor.store.schema import frame_schema
from monitor.vocabulary import GAP_CODES
from monitor.watch.alerts import (
    ALERT,
    WATCHED,
    Alert,
    Event,
    gaps_of,
    past,
    standing,
    transitions,
)

MONDAY = dt.datetime(2024, 11, 4, 10, 30)
PUBLICATION, OTHER = "prison-population", "arrests"
Row = dict[str, Any]


def row(state: str, publication: str = PUBLICATION, characteristic: str = "ethnicity", **more: Any) -> Row:
    """A row of the register, as its own room makes one."""
    return {
        "publication": publication,
        "edition": "2024-06-30",
        "measure": None,
        "characteristic": characteristic,
        "state": state,
        "code": GAP_CODES.get(state) or None,
        "severity": "S2",
        "confidence": "inspected",
        "since": dt.date(2024, 10, 31),
        "last_seen": None,
        "reason": f"It is {state.replace('_', ' ')}.",
        "evidence": json.dumps({"sha256": ["ab" * 32], "sheets": ["A1_7"]}),
        "level": "publication",
        "crossed": None,
        "title": f"Ethnicity: {state.replace('_', ' ')}",
        **more,
    }


def present(publication: str = PUBLICATION, characteristic: str = "ethnicity") -> Row:
    return row("present", publication, characteristic, severity="S4", reason="In 2 of the 23 sheets inspected.")


@dataclass
class Journal:
    """A journal in memory that passes write to: `(register, when)` one after the other."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    def look(self, publication: str, at: dt.datetime) -> None:
        self.lines.append(
            {"what": "look", "publication": publication, "status": "unchanged", "seen_at": at.isoformat()}
        )

    def keep(self, *events: Event) -> None:
        self.lines += [json.loads(json.dumps({"what": ALERT, **e.line()}, default=str)) for e in events]

    def run(self, register: Iterable[Row], at: dt.datetime) -> list[Event]:
        """What a pass at a moment makes happen, now in the journal."""
        rows = list(register)
        happened, begun = transitions(rows, gaps_of(rows), past(self.lines), at)
        self.keep(*happened)
        if begun:
            self.lines.append({"what": WATCHED, "publications": begun, "seen_at": at.isoformat()})
        return happened

    def began(self, at: dt.datetime, *publications: str) -> "Journal":
        """Watched before anything was missing."""
        self.run([present(p) for p in publications or (PUBLICATION, OTHER)], at)
        return self

    def alerts(self, register: Iterable[Row]) -> list[Alert]:
        return list(standing(gaps_of(register), past(self.lines).events).values())

    def alert(self, register: Iterable[Row]) -> Alert:
        (found,) = self.alerts(register)
        return found


def named(events: Iterable[Event]) -> list[str]:
    return [e.event for e in events]


def nothing_held(**frames: Iterable[Mapping[str, Any]]) -> Held:
    """What is held, of rows given: nothing, when none are."""
    made = {
        table: pl.DataFrame(
            [{k: r.get(k) for k in frame_schema(table)} for r in frames.get(table, ())], schema=frame_schema(table)
        )
        for table in ("artefact", "breakdown", "disparity")
    }
    return Held(made["artefact"], made["breakdown"], made["disparity"])
