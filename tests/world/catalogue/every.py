"""Every layout with every fault, one at a time: a planned table laid out anew for each, and changed."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .books import written
from .faults import FAULTS
from .known import Known
from .layouts import LAYOUTS
from .plan import known_of, plan, subject_of
from .sheets import Sheet

NONE = "no fault"


def smallest() -> dict[str, Mapping[str, Any]]:
    """The smallest planned table of each layout."""
    found: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for one in plan().values():
        for file in one.files:
            for sheet, table in zip(_first_sheets(file.tables), file.tables, strict=True):
                size = sum(map(len, sheet.rows))
                held = found.get(table["layout"])
                if held is None or size < held[0]:
                    found[table["layout"]] = size, table
    return {layout: table for layout, (_, table) in found.items()}


def _first_sheets(tables: Sequence[Mapping[str, Any]]) -> Iterator[Sheet]:
    return (LAYOUTS[table["layout"]](subject_of(table, "size"))[-1] for table in tables)


def variants(table: Mapping[str, Any]) -> list[Sheet]:
    """A table's sheets without a fault, then with each that it can have; each sheet has a name of its own."""
    found = []
    for fault in (NONE, *FAULTS):
        for k, sheet in enumerate(LAYOUTS[table["layout"]](subject_of(table, f"every/{table['layout']}"))):
            rng = random.Random(f"{table['layout']}/{fault}/{k}")
            if fault == NONE or FAULTS[fault](sheet, rng):
                sheet.layout, sheet.faults, sheet.name = table["layout"], [fault], f"{fault[:24]} {k}"
                found.append(sheet)
    return found


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Variants as sheets of one workbook, to be read together and understood one by one."""
    return written("every.xlsx", sheets)


def known(sheet: Sheet) -> list[Known]:
    """The truth of a variant."""
    return known_of(sheet, "every", "every.xlsx", sheet.name)
