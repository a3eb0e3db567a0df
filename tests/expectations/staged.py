"""Staging files built by hand: a few figures, the levels of their tables, one edition."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from expectations import Checks, Judgement, TableChecks, Tolerance, judge
from monitor.store import schema

CHARACTERISTICS = [c.id for c in schema.CHARACTERISTICS]
PUBLICATION, EDITION = "people-counted", "2022-06-30"


@dataclass
class Staging:
    """Figures and levels as a pass would stage them; `judge` writes them to a file and asks."""

    folder: Path
    figures: list[dict[str, Any]] = field(default_factory=list)
    levels: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    footnotes: list[dict[str, Any]] = field(default_factory=list)

    def level(self, table: str, dimension: str, *categories: str, parent: str | None = None) -> None:
        """Declare which categories a table nests under all, or under a parent."""
        for category in categories:
            self.levels[table, dimension, category] = {
                "publication": PUBLICATION,
                "edition_id": EDITION,
                "artefact_sha256": "a" * 64,
                "table_id": table,
                "dimension": dimension,
                "category": category,
                "parent": parent,
                "kind": "unknown" if category.startswith("Not ") else "group",
            }

    def add(
        self,
        table: str,
        cell: str,
        value: float | None,
        day: date = date(2022, 6, 30),
        definition: str = "new-system",
        status: str | None = "published",
        categories: Mapping[str, str] | None = None,
        **changed: Any,
    ) -> None:
        """One figure; categories that are no characteristic go to circumstances."""
        categories = categories or {}
        circumstances = {k: v for k, v in sorted(categories.items()) if k not in CHARACTERISTICS and v != "all"}
        row: dict[str, Any] = dict.fromkeys(schema.FIGURE)
        row |= {
            "publication": PUBLICATION,
            "edition_id": EDITION,
            "artefact_sha256": "a" * 64,
            "table_id": table,
            "sheet": table,
            "cell": cell,
            "published_on": date(2022, 7, 28),
            "seen_at": datetime(2022, 7, 28, 9, 30),
            "measure": "people",
            "value": value,
            "unit": "people",
            "status": status,
            "flags": [],
            "period_start": day,
            "period_end": day,
            "period_kind": "stock",
            "period_label": f"{day} {definition}",
            "place_code": "K04000001",
            "population": "people in prison",
            "counts": "people",
            "circumstances": json.dumps(circumstances, separators=(",", ":")),
            "definition_id": definition,
        }
        row |= {name: categories.get(name, "all") for name in CHARACTERISTICS}
        identity = [str(row[column]) for column in schema.FIGURE_IDENTITY]
        row["figure_id"] = hashlib.sha256("|".join(identity).encode()).hexdigest()[:16]
        row["observation_id"] = f"{row['figure_id']} {table}!{cell}"
        self.figures.append(row | changed)

    def write(self, name: str = "staging.duckdb") -> Path:
        """The closed staging file."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        frames = {
            "figure": pl.DataFrame(self.figures, schema=schema.frame_schema("figure"), orient="row"),
            "footnote": pl.DataFrame(self.footnotes, schema=schema.frame_schema("footnote"), orient="row"),
            "level": pl.DataFrame(list(self.levels.values()), schema=schema.frame_schema("level"), orient="row"),
        }
        with duckdb.connect(str(path)) as connection:
            for table in schema.STAGED:
                connection.execute(schema.ddl(table))
            for table, frame in frames.items():
                connection.register("frame", frame)
                connection.execute(f"insert into {table} select * from frame")
        return path

    def checks(self, *tolerances: Tolerance, **bounds: date) -> Checks:
        """What a declaration of these tables and dimensions would ask."""
        dimensions: dict[str, list[str]] = {row["table_id"]: [] for row in self.figures}
        for table, dimension, _ in self.levels:
            if dimension not in dimensions[table]:
                dimensions[table].append(dimension)
        return Checks(
            PUBLICATION,
            EDITION,
            tuple(
                TableChecks(table, f"people in {table}", tuple(names), tolerances, **bounds)
                for table, names in dimensions.items()
            ),
        )

    def judge(self, *tolerances: Tolerance, **bounds: date) -> Judgement:
        """Write, and ask every check."""
        return judge(self.write(), [self.checks(*tolerances, **bounds)])
