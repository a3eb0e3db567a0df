"""JSON, for programs: each cell with its text, its value, where it came from and every figure it is made of."""

import json
from dataclasses import asdict
from pathlib import Path

from dashboards.cited import CitedTable


def write(table: CitedTable, path: Path) -> None:
    """Write the table as one JSON document."""
    document = {
        "title": table.title,
        "number": table.number,
        "group_header": table.group_header,
        "columns": [asdict(c) for c in table.columns],
        "rows": [
            {
                "group": row.name,
                "label": row.label,
                "level": row.level,
                "cells": {
                    column.key: {
                        "text": cell.text,
                        "value": cell.value,
                        "from": table.came_from(cell),
                        "figures": list(cell.figures),
                    }
                    for column, cell in zip(table.columns, row.cells, strict=True)
                },
            }
            for row in table.rows
        ],
        "unknown": table.unknown_sentence,
        "baseline": table.baseline_sentence,
        "fit": table.fit,
        "intervals": table.interval_sentence,
        "notes": list(table.notes),
        "caution": table.caution,
        "sources": list(table.sources),
        "licence": table.licence,
        "calculated_by": table.calculated_by,
        "accessed": table.accessed.isoformat(),
        "made_with": table.made_with,
        "summary": table.summary,
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
