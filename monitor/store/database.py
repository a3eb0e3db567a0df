"""The database: a staging file a pass, a working file for the one writer, a published copy for readers."""

import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from monitor.settings import Home
from monitor.store import incoming, schema

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",  # because a publication's figures fill one row group, and a second thread makes writing them slower
}
_STAGING = {**_CONFIG, "storage_compatibility_version": "latest", "checkpoint_threshold": "1KB"}
"""A staging file is written once and read by the version that wrote it: in the newest storage, and into the file
itself rather than by way of a log, because both are quicker."""


def _connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path), read_only=read_only, config=_CONFIG)


def _text(columns: Sequence[str]) -> str:
    parts = ", ".join(f"coalesce(\"{c}\"::varchar, '')" for c in columns)
    return f"concat_ws(chr(31), {parts})"


_IDS = {
    "figure_id": "left(sha256(key), 20)",
    "observation_id": f"left(sha256(concat_ws(chr(31), key, {_text(schema.OBSERVATION_IDENTITY)})), 20)",
}
"""The ids of a figure, from `key`: the text of what it claims, which is made once for both."""


def stage(path: Path, frames: Mapping[str, pl.DataFrame]) -> Path:
    """Write a staging file with what a pass observed, ids computed, and close it.

    `frames` maps names of the staged tables to frames; missing columns are null, missing tables empty.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in (path, Path(f"{path}.wal")):
        old.unlink(missing_ok=True)
    connection = duckdb.connect(str(path), config=_STAGING)
    try:
        for table in schema.STAGED:
            frame = frames.get(table)
            if frame is None or frame.is_empty():
                connection.execute(schema.ddl(table))
                continue
            columns = {
                name: f'"{name}"::{kind}' if name in frame.columns else f"null::{kind}"
                for name, kind in schema.TABLES[table].items()
            }
            is_figure = table == "figure"
            key = _text(schema.FIGURE_IDENTITY) if is_figure else "null"
            incoming.create(connection, table, frame, columns | _IDS if is_figure else columns, key)
    finally:
        connection.close()
    return path


_SIDES = {"was": "published.", "now": ""}


class Writer:
    """The one writer: holds the working file open for a pass, then publishes a copy."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.path = home.work / "main.duckdb"

    def __enter__(self) -> "Writer":
        self.home.work.mkdir(parents=True, exist_ok=True)
        self.connection = _connect(self.path)
        if _of_another_release(self.connection):
            # because everything in it can be made again from the vault, and this pass then does
            self.connection.close()
            forget(self.home)
            self.home.work.mkdir(parents=True, exist_ok=True)
            self.connection = _connect(self.path)
        for table in schema.TABLES:
            self.connection.execute(schema.ddl(table))
        self.connection.execute("create table if not exists underway (publication text, edition_id text)")
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.execute("checkpoint")
        self.connection.close()

    def held(self) -> dict[tuple[str, str, str], tuple[Any, ...]]:
        """What has been loaded: by what each artefact `(sha256, publication, edition)` was read, and as listed how."""
        asked = "select sha256, publication, edition_id, reader, listed, left_at from artefact"
        return {row[:3]: row[3:] for row in self.connection.execute(asked).fetchall()}

    def forget(self, editions: Collection[tuple[str, str]], beside: Iterable[tuple[str, str]] = ()) -> None:
        """Let go of all that was observed and found in some editions, to read their files anew.

        Those `beside` them are compared again: they may follow each other now.
        """
        whose = "list_contains(?, publication || chr(31) || edition_id)"
        asked = [[f"{publication}\x1f{edition}" for publication, edition in editions]]
        with self._transaction():
            self.connection.execute(
                f"delete from withholding where observation_id in (select observation_id from figure where {whose})",
                asked,
            )
            for table in (*schema.STAGED, "finding", "supersession"):
                self.connection.execute(f'delete from "{table}" where {whose}', asked)
            for edition in beside:
                self.connection.execute("insert into underway values (?, ?)", edition)

    def since_published(self, artefacts: Collection[tuple[str, str, str]]) -> pl.DataFrame:
        """What readers will find different in the figures of some artefacts, `(sha256, publication, edition)`: one row
        an artefact, `appeared`, `gone` and `changed` figures. Empty where nothing was published, or nothing differs.
        """
        columns = ("publication", "edition_id", "artefact_sha256")
        empty = pl.DataFrame(schema={**dict.fromkeys(columns, pl.String), "appeared": pl.Int64, "gone": pl.Int64})
        if not artefacts or not self.home.main.exists():
            return empty
        quoted = str(self.home.main).replace("'", "''")
        self.connection.execute(f"attach '{quoted}' as published (read_only)")
        try:
            mine = "list_contains(?, artefact_sha256 || chr(31) || publication || chr(31) || edition_id)"
            asked = ["\x1f".join(key) for key in artefacts]
            sides = {side: f"select * from {name}figure where {mine}" for side, name in _SIDES.items()}
            return self.frame(
                f"""
                with was as ({sides["was"]}), now as ({sides["now"]}),
                pair as (
                    select coalesce(was.publication, now.publication) as publication,
                        coalesce(was.edition_id, now.edition_id) as edition_id,
                        coalesce(was.artefact_sha256, now.artefact_sha256) as artefact_sha256,
                        was.figure_id is null as appeared, now.figure_id is null as gone,
                        was.figure_id = now.figure_id
                            and (was.value, was.status) is distinct from (now.value, now.status) as changed
                    from was full join now using (publication, edition_id, artefact_sha256, figure_id, sheet, cell))
                select publication, edition_id, artefact_sha256, count(*) filter (appeared) as appeared,
                    count(*) filter (gone) as gone, count(*) filter (changed) as changed
                from pair group by all having count(*) filter (appeared or gone or changed) > 0 order by all""",
                [asked, asked],
            )
        finally:
            self.connection.execute("detach published")

    def load(self, staging: Path, judged: Mapping[str, pl.DataFrame], editions: Sequence[tuple[str, str]]) -> None:
        """Move a staging file in, in one transaction, with what was found in the editions it touches.

        Findings and withholdings are of those editions as they are now; those of the states before are kept.
        """
        connection = self.connection
        quoted = str(staging).replace("'", "''")
        connection.execute(f"attach '{quoted}' as staging (read_only)")
        try:
            with self._transaction():
                incoming.with_processors(connection, _rows(connection, 'staging."figure"'))
                for table in schema.STAGED:
                    connection.execute(f'insert into "{table}" by name select * from staging."{table}"')
                for table in schema.JUDGED:
                    self._append(table, judged.get(table))
                self._stamp(editions)
                for edition in editions:
                    self.connection.execute("insert into underway values (?, ?)", edition)
        finally:
            incoming.with_processors(connection, 0)
            connection.execute("detach staging")

    def underway(self) -> list[tuple[str, str]]:
        """Editions `(publication, edition)` loaded since derived tables were replaced, by a killed pass too."""
        return self.connection.execute("select distinct publication, edition_id from underway order by all").fetchall()

    def _stamp(self, editions: Sequence[tuple[str, str]]) -> None:
        """Give what was just found the moment that names the state it was found in."""
        touched = [[f"{publication}\x1f{edition}" for publication, edition in editions]]
        state = (
            "select publication, edition_id, max(seen_at) as newest from artefact "
            "where same_as is null and list_contains(?, publication || chr(31) || edition_id) group by all"
        )
        figures = f"select observation_id, newest from figure join ({state}) using (publication, edition_id)"
        for table, source, whose in (
            ("finding", state, "s.publication = t.publication and s.edition_id = t.edition_id"),
            ("withholding", figures, "s.observation_id = t.observation_id"),
        ):
            # because what was seen at the very same moment as an earlier state makes one state with it
            self.connection.execute(
                f"delete from {table} as t using ({source}) as s where {whose} and t.judged_at = s.newest", touched
            )
            self.connection.execute(
                f"update {table} as t set judged_at = s.newest from ({source}) as s "
                f"where {whose} and t.judged_at is null",
                touched,
            )

    def replace(self, derived: Mapping[str, pl.DataFrame]) -> None:
        """Replace derived tables whole, in one transaction, after which no edition is underway."""
        with self._transaction():
            self.connection.execute("delete from underway")
            for table, frame in derived.items():
                if table not in schema.DERIVED:
                    raise KeyError(f"{table} is not a derived table; derived are {', '.join(schema.DERIVED)}")
                # because a table made by an earlier release may lack a column; what is derived is replaced whole
                self.connection.execute(f'drop table if exists "{table}"')
                self.connection.execute(schema.ddl(table))
                self._append(table, frame)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("begin")
        try:
            yield
            self.connection.execute("commit")
        except Exception:
            self.connection.execute("rollback")
            raise

    def _append(self, table: str, frame: pl.DataFrame | None) -> None:
        if frame is None or frame.is_empty():
            return
        self.connection.register("incoming", frame.to_arrow())
        self.connection.execute(f'insert into "{table}" by name select * from incoming')
        self.connection.unregister("incoming")

    def frame(self, sql: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """Rows of a query on the working file, for the pass that is writing it."""
        return self.connection.execute(sql, list(parameters)).pl()

    def publish(self) -> Path:
        """Copy the working file to where readers open it, whole or not at all."""
        self.connection.execute("checkpoint")
        target = self.home.main
        partial = target.with_name(f"{target.name}.{os.getpid()}.part")
        shutil.copyfile(self.path, partial)
        with partial.open("rb+") as stream:
            os.fsync(stream.fileno())
        partial.replace(target)
        return target


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"select count(*) from {table}").fetchone()
    return int(found[0]) if found else 0


def forget(home: Home) -> None:
    """Remove the writer's files, to make them again. Readers keep the published copy until it is replaced."""
    shutil.rmtree(home.work, ignore_errors=True)


def _of_another_release(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a database holds tables, and observations in other columns than this release keeps them in."""
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns() where not internal"
    ).fetchall():
        found.setdefault(table, set()).add(column)
    kept = {**schema.STAGED, **schema.JUDGED}
    return bool(found) and any(found.get(table) != set(kept[table]) for table in kept)


class NothingHeld(Exception):
    """No database here yet."""


class Reader:
    """Named reads of the published copy."""

    def __init__(self, home: Home) -> None:
        if not home.main.exists():
            raise NothingHeld(
                f"nothing is held in {home.root}; expected monitor.duckdb there. "
                "Run `justice-monitor run --offline` first, or give --home."
            )
        self.connection = _connect(home.main, read_only=True)
        if _of_another_release(self.connection):
            self.connection.close()
            raise NothingHeld(
                f"{home.main} was made by another release; expected the tables of this one. Nothing is lost: "
                "run `justice-monitor run --offline`, which makes it again from the vault."
            )

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def frame(self, sql: str, parameters: Sequence[Any] = ()) -> pl.DataFrame:
        """Rows of a query."""
        return self.connection.execute(sql, list(parameters)).pl()

    def table(self, name: str) -> pl.DataFrame:
        """A whole table in a stated order, for comparing two databases."""
        return self.frame(f'select * from "{name}" order by all').cast(dict(schema.frame_schema(name)))  # type: ignore[arg-type]
