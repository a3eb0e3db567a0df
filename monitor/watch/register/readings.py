"""Which tables of the newest edition were read, and which are held back: about us, never about a publisher."""

from typing import Any

import polars as pl

from monitor.watch.register.rows import ALL, Row, inspected
from monitor.watch.register.tables import Series
from monitor.watch.register.wording import listed, sentence

MOST_NAMED = 5


def newest_read(tables: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of the tables read of a publication those of the newest edition, and which of these are held back."""
    mine = tables.filter(pl.col("edition_id") == tables["edition_id"][-1])
    return mine, mine.filter(pl.col("state") == "held_back")


def of_readings(series: Series, tables: pl.DataFrame) -> list[Row]:
    """One row where tables that separate people are held back; `tables` are those read of the publication."""
    if tables.is_empty():
        return []
    mine, held_back = newest_read(tables)
    edition = next((e for e in series.editions if e.id == mine["edition_id"][0]), None)
    if held_back.is_empty() or edition is None:
        return []
    named = [f"“{title}” ({why.rstrip('.')})" for title, why in held_back.select("title", "reason").iter_rows()]
    fields: dict[str, Any] = {"edition": edition.id, "of": mine.height, "read": mine.height - held_back.height}
    said = sentence("not_read", "tables", left=held_back.height, what=listed(named, MOST_NAMED), **fields)
    evidence = {**inspected(edition), "tables": held_back.select("table_id", "sheet", "title", "reason").to_dicts()}
    known: dict[str, Any] = {"level": "release", "edition": edition.id, "confidence": "inspected", "since": edition.day}
    return [series.row(ALL, "not_read", reason=said, evidence=evidence, **known)]
