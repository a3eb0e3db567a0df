"""How often a publication is looked at between releases, as an operator declares it by cadence."""

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from monitor.declarations import DeclarationError, Publication, Rhythm

Cadences = Mapping[str, dt.timedelta]
"""From a declared cadence to the time between looks that nothing else asks for."""

UNDECLARED = "irregular"
"""The cadence of a publication without a calendar."""


def read_cadences(path: Path) -> Cadences:
    """The cadences of a CSV of `cadence,hours`: each cadence that can be declared, once. Raises `DeclarationError`."""
    known = get_args(Rhythm.model_fields["cadence"].annotation)
    if not path.is_file():
        raise DeclarationError(
            f"{path}: expected a file of cadence,hours; found none. Mend JUSTICE_MONITOR_CADENCES, or leave it out."
        )
    found: dict[str, dt.timedelta] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            cadence = row.get("cadence") or ""
            if cadence not in known or cadence in found:
                wrong = "a second time" if cadence in found else f"as {cadence!r}"
                expected = f"expected each of {', '.join(known)} once"
                raise DeclarationError(f"{path}, line {line}: {expected}; found one {wrong}.")
            try:
                found[cadence] = dt.timedelta(hours=float(row.get("hours") or ""))
            except (ValueError, OverflowError):
                found[cadence] = dt.timedelta(0)
            if found[cadence] <= dt.timedelta(0):
                said = f"expected hours above 0, such as 24; found {row.get('hours')!r}"
                raise DeclarationError(f"{path}, line {line}: {said}.")
    if missing := [name for name in known if name not in found]:
        raise DeclarationError(f"{path}: expected a row for each cadence; found none for {', '.join(missing)}. Add it.")
    return found


def between_looks(publication: Publication, cadences: Cadences, today: dt.date) -> dt.timedelta:
    """The time between two looks at a publication that nothing else asks for."""
    calendar = publication.calendar
    if calendar is None:
        return cadences[UNDECLARED]
    return cadences["ended" if calendar.until and calendar.until < today else calendar.cadence]
