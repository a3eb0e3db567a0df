"""DuckDB as Great Expectations can read it: a result survives a rollback, and columns of a read-only file are listed.

Nothing may be written through it: begin, commit and rollback do nothing.
"""

from collections.abc import Collection
from typing import Any

import duckdb_engine
from sqlalchemy import text, types
from sqlalchemy.dialects import registry

from expectations import queries

NAME = "duckdb_gx"

_COLUMNS = text(
    """
    select table_name, column_name, data_type, is_nullable
    from duckdb_columns()
    where database_name = current_database() and schema_name = coalesce(:schema, current_schema())
    order by table_name, column_index
    """
)


class Dialect(duckdb_engine.Dialect):
    """duckdb_engine's dialect, without transactions and with columns read from `duckdb_columns()`."""

    supports_statement_cache = True

    def connect(self, *arguments: Any, **named: Any) -> Any:
        """A connection that has the working table every question reads: made once, not once a question."""
        connection = super().connect(*arguments, **named)
        connection.execute(queries.prepared())
        return connection

    def do_begin(self, connection: Any) -> None:
        """No transaction is opened: a rollback would wipe results that are still to be read."""

    def do_rollback(self, connection: Any) -> None:
        """Nothing to roll back."""

    def do_commit(self, connection: Any) -> None:
        """Nothing to commit."""

    def get_multi_columns(
        self,
        connection: Any,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        scope: Any = None,
        kind: Any = None,
        **kw: Any,
    ) -> Any:
        """Columns of each table, as SQLAlchemy asks for them: ((schema, table), [column, …]) pairs."""
        tables: dict[tuple[str | None, str], list[dict[str, Any]]] = {}
        for table, name, declared, nullable in connection.execute(_COLUMNS, {"schema": schema}).fetchall():
            if filter_names and table not in filter_names:
                continue
            sql_type = self.ischema_names.get(declared.lower().split("(")[0], types.NullType)
            column = {
                "name": name,
                "type": types.to_instance(sql_type),
                "nullable": nullable,
                "default": None,
            }
            tables.setdefault((schema, table), []).append(column)
        return tables.items()


registry.register(NAME, __name__, "Dialect")
