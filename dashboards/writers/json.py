"""JSON, for programs: each cell with its text, its value, where it came from and every figure it is made of."""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from dashboards.cited import Cell, CitedTable

_KEYS = {"unknown_sentence": "unknown", "baseline_sentence": "baseline", "interval_sentence": "intervals"}


def write(table: CitedTable, path: Path) -> None:
    """Write the table as one JSON document."""
    document = {_KEYS.get(f.name, f.name): getattr(table, f.name) for f in fields(table) if f.name != "places"}
    document["columns"] = [asdict(c) for c in table.columns]
    document["rows"] = [
        {
            "group": row.name,
            "label": row.label,
            "level": row.level,
            "cells": {c.key: _cell(table, cell) for c, cell in zip(table.columns, row.cells, strict=True)},
        }
        for row in table.rows
    ]
    document["accessed"] = table.accessed.isoformat()
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _cell(table: CitedTable, cell: Cell) -> dict[str, Any]:
    return {"text": cell.text, "value": cell.value, "from": table.came_from(cell), "figures": list(cell.figures)}
