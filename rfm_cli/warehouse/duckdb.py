"""Read relations of a DuckDB file as Arrow in batches, append Arrow to a relation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rfm_cli.errors import BadInput, WarehouseUnavailable
from rfm_cli.warehouse.base import (
    BATCH_ROWS,
    SCHEMA_SUFFIXES,
    StoredTable,
    Warehouse,
    quote,
    split_name,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection


class DuckDBWarehouse(Warehouse):
    """One open DuckDB file; use it with `with`, which closes it and so releases its lock.

    Args:
        path: the database file, which exists.
        read_only: open for reading, so that other readers are welcome.
        settings: of the target: the databases to attach, when a table of theirs is named.

    Raises:
        BadInput: the file does not exist.
        WarehouseUnavailable: the file is locked, or is no DuckDB database.
    """

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = True,
        settings: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        super().__init__(str(path))
        self._settings = settings
        self._connection = connect(path, read_only=read_only)

    def close(self) -> None:
        """Release the lock of the file."""
        self._connection.close()

    def reader(self, relation: str, batch_rows: int = BATCH_ROWS) -> pa.RecordBatchReader:
        """Return the rows of a relation or of a query in brackets, never all of them at once."""
        import pyarrow as pa

        rows: Any = self._connection.sql(f"select * from {relation}")
        reader: pa.RecordBatchReader = (
            rows.to_arrow_reader(batch_rows)
            if hasattr(rows, "to_arrow_reader")
            else rows.fetch_arrow_reader(batch_rows)  # DuckDB before 2.0
        )
        return pa.RecordBatchReader.from_batches(reader.schema, self._counted(reader))

    def append(self, relation: str, rows: pa.Table) -> None:
        """Add rows to a relation; columns meet by name."""
        self._connection.register("appended_rows", rows)
        try:
            self._connection.execute(f"insert into {relation} by name select * from appended_rows")
        finally:
            self._connection.unregister("appended_rows")
        self.traffic.rows_written += rows.num_rows

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of it or nothing of it; afterwards it is in the file, not in the log only.

        Closing would fold the log into the file too, but would keep quiet if the disk is full.
        """
        self._connection.execute("begin")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")
        self._connection.execute("checkpoint")

    def find_relation(self, name: str) -> str | None:
        """Return the relation with this name, quoted; `main` wins where several schemas have it."""
        _, found = self._execute(
            "select table_schema from information_schema.tables "
            "where table_catalog = current_database() and table_name = ? "
            "order by table_schema <> 'main', table_schema",
            [name],
        )
        return f"{quote(found[0][0])}.{quote(name)}" if found else None

    def marts(self) -> list[str]:
        """Return the tables of the schema that holds customer_rfm."""
        _, rows = self._execute(
            "select table_name from information_schema.tables "
            "where table_catalog = current_database() and table_schema in ("
            "select table_schema from information_schema.tables "
            "where table_name = 'customer_rfm' and table_catalog = current_database()) order by 1"
        )
        return [row[0] for row in rows]

    def tables(self) -> list[tuple[str, str]]:
        """Return schema and name of every table, in order; not the system's."""
        return self._execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_catalog = current_database() order by 1, 2"
        )[1]

    def stored_tables(self) -> list[StoredTable]:
        """Return the tables of the schemas of the project, in order; views store nothing."""
        base = str(self._settings.get("schema", "main"))
        schemas = [base + suffix for suffix in SCHEMA_SUFFIXES]
        marks = ", ".join("?" for _ in schemas)
        _, rows = self._execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_catalog = current_database() and table_type = 'BASE TABLE' "
            f"and table_schema in ({marks}) order by 1, 2",
            schemas,
        )
        return [
            StoredTable(f"{quote(schema)}.{quote(name)}", schema, name, schema == base)
            for schema, name in rows
        ]

    def columns(self, relation: str) -> dict[str, str]:
        """Return the columns of a relation and their types, in order."""
        return {row[0]: str(row[1]) for row in self._execute(f"describe {relation}")[1]}

    def table(self, name: str) -> str:
        """Return a table that the user names, `schema.table` or `table`, quoted.

        Raises:
            BadInput: it does not exist.
            WarehouseUnavailable: it is in a database that cannot be attached.
        """
        import duckdb

        parts = split_name(name)
        relation = ".".join(quote(part) for part in parts)
        if len(parts) == 3:
            attach(self._connection, self._settings, parts[0])
        try:
            self._connection.execute(f"describe {relation}")
        except duckdb.Error as error:
            raise BadInput(
                f"there is no table {name}",
                where=f"{self.where} ({str(error).splitlines()[0]})",
                hint="name it with its schema, such as raw.orders",
            ) from error
        return relation

    def _execute(
        self, sql: str, parameters: Sequence[object] = ()
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        with self._explained():
            cursor = self._connection.execute(sql, list(parameters))
            rows = cursor.fetchall()
        return [column[0] for column in cursor.description or ()], list(rows)

    def _counted(self, batches: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            self.traffic.rows_read += batch.num_rows
            yield batch

    @contextmanager
    def _explained(self) -> Iterator[None]:
        import duckdb

        try:
            yield
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise BadInput(
                "the database was made by another version of rfm or its project",
                where=f"{self.where} ({str(error).splitlines()[0]})",
                hint="make it anew with `rfm run`",
            ) from error


def attach(connection: DuckDBPyConnection, settings: Mapping[str, Any], alias: str) -> None:
    """Attach the database that a target's settings give this name, as dbt does.

    Raises:
        WarehouseUnavailable: it cannot be attached, for want of the extension, say.
    """
    import duckdb

    options = {**settings.get("config_options", {}), **settings.get("settings", {})}
    wanted = next((one for one in settings.get("attach", ()) if one.get("alias") == alias), None)
    if wanted is None:
        return
    kind = f"type {wanted['type']}, " if wanted.get("type") else ""
    path = str(wanted["path"]).replace("'", "''")
    try:
        if "extension_directory" in options:
            folder = str(options["extension_directory"]).replace("'", "''")
            connection.execute(f"set extension_directory = '{folder}'")
        connection.execute(f"attach '{path}' as {quote(alias)} ({kind}read_only)")
    except duckdb.Error as error:
        raise WarehouseUnavailable(
            f"the database {alias} cannot be attached: {str(error).splitlines()[0]}",
            where=f"profiles.yml, attach {wanted['path']}",
            hint=f"once, where the internet is: `install {wanted.get('type', 'the extension')}` "
            "in DuckDB; or correct the path",
        ) from error


def rewrite(path: Path, fresh: Path) -> None:
    """Write what a DuckDB file holds into a new one: of what was deleted, nothing is in it.

    A file keeps the bytes of deleted rows until it needs the room. The new one is as readable for
    old clients as the file is; views do not name the database, so it may take the file's place.

    Args:
        path: a database that nobody writes to.
        fresh: the file to make.
    """
    import duckdb

    with duckdb.connect() as connection:
        for name, file, options in (
            ("old", path, "read_only"),
            ("fresh", fresh, f"storage_version '{_storage_version(path)}'"),
        ):
            text = str(file).replace("'", "''")
            connection.execute(f"attach '{text}' as {name} ({options})")
        connection.execute("copy from database old to fresh")
        connection.execute("detach fresh")


def _storage_version(path: Path) -> str:
    """Return the oldest version of DuckDB that can read a file, such as v1.2.0."""
    with connect(path, read_only=True) as connection:
        (told,) = first_row(
            connection,
            "select tags['storage_version'] from duckdb_databases() "
            "where database_name = current_database()",
        )
    found = re.match(r"v[0-9.]+", told or "")
    return found[0] if found else "latest"


def first_row(
    connection: DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()
) -> tuple[Any, ...]:
    """Return the row of a query that always has one."""
    return connection.execute(sql, list(parameters)).fetchall()[0]


def connect(path: Path, *, read_only: bool) -> DuckDBPyConnection:
    """Open a DuckDB file that exists.

    Raises:
        BadInput: it does not exist, or is a folder.
        WarehouseUnavailable: it is locked, cannot be read, or is no DuckDB database.
    """
    import duckdb

    if not path.exists():
        raise BadInput(
            "the database does not exist",
            where=str(path),
            hint="make it with `rfm run --orders FILE --database FILE`, or try `rfm demo`",
        )
    if path.is_dir():
        raise BadInput("the database is a folder", where=str(path), hint="name a file in it")
    try:
        return duckdb.connect(path, read_only=read_only)
    except duckdb.Error as error:
        raise explain_open_error(path, error) from error


def explain_open_error(path: Path, error: Exception) -> WarehouseUnavailable:
    """Say in our words why DuckDB cannot open a file."""
    message = str(error)
    if "lock" in message.lower():
        process = re.search(r"PID (\d+)", message)
        holder = f"process {process[1]}" if process else "another process"
        return WarehouseUnavailable(
            f"the database is in use: {holder} has it open for writing",
            where=str(path),
            hint="close that program (DuckDB allows one writer) and run the command again",
        )
    if "permission denied" in message.lower():
        return WarehouseUnavailable(
            "the database may not be read or written",
            where=str(path),
            hint="give yourself the permission, or choose another file",
        )
    if "newer version" in message or "storage version" in message.lower():
        return WarehouseUnavailable(
            "the database was written by a newer DuckDB",
            where=str(path),
            hint="upgrade with `pip install --upgrade duckdb`",
        )
    return WarehouseUnavailable(
        "the file is not a DuckDB database, or it is damaged",
        where=f"{path} ({' '.join(message.split())[:200]})",
        hint="choose another --database, or move this file away so that a new one is made",
    )
