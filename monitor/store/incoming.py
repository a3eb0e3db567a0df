"""A frame on its way into a table, a piece at a time; a column that says one thing everywhere is said once."""

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

PIECE = 61_440
"""Rows handed over at once: a whole number of the vectors the database works with, and half of its row groups."""
MANY = 250_000
"""Rows from which more processors make writing quicker: fewer fill one row group or two."""
MOST_PROCESSORS, MEMORY_MB = 4, 300
"""What writing many rows may take beside the frame they come from; what does not fit waits on disk."""


def create(
    connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame, columns: Mapping[str, str], key: str
) -> None:
    """Make a table whose `columns` are expressions over the frame's, and over `key`, worked out once for all."""
    constants = _constants(frame)
    varying = frame.drop(constants)
    connection.register(
        "incoming", pa.RecordBatchReader.from_batches(varying.head(0).to_arrow().schema, _pieces(varying))
    )
    # because what is written into the query is worked out once, and what is handed to it as a parameter is not
    source = [f'"{name}"' for name in varying.columns] + [f'{_said(v)} as "{c}"' for c, v in constants.items()]
    made = [f'{expression} as "{name}"' for name, expression in columns.items()]
    with_processors(connection, frame.height)
    if frame.height >= MANY:
        connection.execute(f"set memory_limit = '{MEMORY_MB}MB'")
    try:
        connection.execute(
            f'create table "{table}" as with source as (select {", ".join(source)} from incoming) '
            f"select {', '.join(made)} from (select *, {key} as key from source)"
        )
    finally:
        connection.unregister("incoming")


def with_processors(connection: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Let a connection write many rows with several processors, and few with one."""
    connection.execute(f"set threads = {min(os.cpu_count() or 1, MOST_PROCESSORS) if rows >= MANY else 1}")


def _pieces(frame: pl.DataFrame) -> Iterator[pa.RecordBatch]:
    for piece in frame.iter_slices(PIECE):
        yield from piece.to_arrow().to_batches()


def _said(value: Any) -> str:
    """A value as the database reads it in a query."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{', '.join(map(_said, value))}]"
    if isinstance(value, float):
        return f"'{value!r}'::double"
    if isinstance(value, bool | int):
        return str(value)
    quoted = "'" + str(value).replace("'", "''") + "'"
    if isinstance(value, dt.datetime):
        return f"timestamp {quoted}"
    return f"date {quoted}" if isinstance(value, dt.date) else quoted


def _constants(frame: pl.DataFrame) -> dict[str, Any]:
    """Columns that say the same in every row, and what; one column is left to count the rows by."""
    some = [c for c, alike in zip(frame.columns, _alike(frame.head(PIECE)), strict=True) if alike]
    same = [c for c, alike in zip(some, _alike(frame.select(some)), strict=True) if alike][: frame.width - 1]
    return dict(zip(same, frame.head(1).select(same).row(0), strict=True)) if same else {}


def _alike(frame: pl.DataFrame) -> tuple[bool, ...]:
    return frame.select(pl.all().eq_missing(pl.all().first()).all()).row(0) if frame.width else ()
