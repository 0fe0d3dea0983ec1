"""Read relations of PostgreSQL as Arrow in batches, append Arrow, by way of ADBC."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rfm_cli.errors import BadInput
from rfm_cli.warehouse.base import (
    BATCH_ROWS,
    SCHEMA_SUFFIXES,
    StoredTable,
    Warehouse,
    in_order,
    quote,
    split_name,
)
from rfm_cli.warehouse.refusals import server_refusal
from rfm_cli.warehouse.targets import Target

if TYPE_CHECKING:
    import pyarrow as pa

_TYPE_KEY = b"ADBC:postgresql:typname"
_LOCK_SECONDS = 30
_UNDEFINED = ("42P01", "42703", "3F000")  # no such table, column, schema


class PostgresWarehouse(Warehouse):
    """One connection to PostgreSQL; use it with `with`.

    Args:
        target: where it is and who we are.

    Raises:
        WarehouseUnavailable: it cannot be reached or refuses us.
    """

    def __init__(self, target: Target) -> None:
        from adbc_driver_postgresql import dbapi

        super().__init__(target.where)
        self.target = target
        self._schemas = [target.schema + suffix for suffix in SCHEMA_SUFFIXES]
        with self._explained():
            self._connection: Any = dbapi.connect(_uri(target), autocommit=True)

    def close(self) -> None:
        """End the session, and with it its locks."""
        self._connection.close()

    def reader(self, relation: str, batch_rows: int = BATCH_ROWS) -> pa.RecordBatchReader:
        """Return the rows of a relation or of a query in brackets, never all of them at once."""
        import pyarrow as pa

        alias = " as read_rows" if relation.startswith("(") else ""
        cursor = self._connection.cursor()
        with self._explained():
            cursor.execute(f"select * from {relation}{alias}")
            reader = cursor.fetch_record_batch()
        schema = pa.schema([_plain_field(field) for field in reader.schema])

        def batches() -> Iterator[pa.RecordBatch]:
            with self._explained(), cursor:
                for batch in reader:
                    self.traffic.rows_read += batch.num_rows
                    plain = pa.Table.from_batches([batch]).cast(schema)
                    yield from plain.to_batches(batch_rows)

        return pa.RecordBatchReader.from_batches(schema, batches())

    def append(self, relation: str, rows: pa.Table) -> None:
        """Add rows to a relation; columns meet by name."""
        schema, table = split_name(relation)[-2:]  # dbt names the database too
        with self._explained(), self._connection.cursor() as cursor:
            cursor.adbc_ingest(table, rows, mode="append", db_schema_name=schema)
        self.traffic.rows_written += rows.num_rows

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of it or nothing of it."""
        self._execute("begin")
        try:
            yield
        except BaseException:
            self._execute("rollback")
            raise
        self._execute("commit")

    def find_relation(self, name: str) -> str | None:
        """Return the relation with this name, quoted; marts win over other schemas."""
        wanted = ", ".join(f"'{schema}'" for schema in self._schemas)
        rows = self._execute(
            "select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            f"where c.relname = ? and n.nspname in ({wanted}) "
            "and c.relkind in ('r', 'v', 'm', 'p')",
            [name],
        )[1]
        return in_order({row[0]: f"{quote(row[0])}.{quote(name)}" for row in rows}, self._schemas)

    def marts(self) -> list[str]:
        """Return the names of the public tables, in order."""
        rows = self._execute(
            "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname = ? and c.relkind in ('r', 'v', 'm', 'p') order by 1",
            [self.target.schema],
        )[1]
        return [row[0] for row in rows if "__" not in row[0]]

    def tables(self) -> list[tuple[str, str]]:
        """Return schema and name of every table that may be read, in order; not the system's."""
        return self._execute(
            "select n.nspname::text, c.relname::text from pg_class c "
            "join pg_namespace n on n.oid = c.relnamespace "
            "where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname !~ '^pg_' "
            "and n.nspname <> 'information_schema' and has_schema_privilege(n.oid, 'usage') "
            "and has_table_privilege(c.oid, 'select') order by 1, 2"
        )[1]

    def stored_tables(self) -> list[StoredTable]:
        """Return the tables of the schemas of the project, in order; views store nothing."""
        wanted = ", ".join(f"'{schema}'" for schema in self._schemas)
        rows = self._execute(
            "select n.nspname::text, c.relname::text from pg_class c "
            f"join pg_namespace n on n.oid = c.relnamespace where n.nspname in ({wanted}) "
            "and c.relkind = 'r' order by 1, 2"
        )[1]
        return [
            StoredTable(
                f"{quote(schema)}.{quote(name)}", schema, name, schema == self.target.schema
            )
            for schema, name in rows
        ]

    def wipe(self, relations: Sequence[str]) -> list[str]:
        """Rewrite tables without their deleted rows, which PostgreSQL keeps for a while.

        Returns:
            What could not be rewritten, because somebody reads it, say.
        """
        from adbc_driver_manager import Error

        self._execute(f"set lock_timeout = '{_LOCK_SECONDS}s'")
        notes = []
        for relation in relations:
            try:
                with self._connection.cursor() as cursor:
                    cursor.execute(f"vacuum (full) {relation}")
            except Error as error:
                notes.append(
                    f"the deleted rows of {relation} are out of reach, but still stored "
                    f"({_first_line(error)}): run `vacuum full {relation}`"
                )
        self._execute("set lock_timeout = default")
        return notes

    def columns(self, relation: str) -> dict[str, str]:
        """Return the columns of a relation and their types, in order."""
        rows = self._execute(
            "select attname::text, format_type(atttypid, atttypmod) from pg_attribute "
            "where attrelid = cast(? as regclass) and attnum > 0 and not attisdropped "
            "order by attnum",
            [relation],
        )[1]
        return dict(rows)

    def table(self, name: str) -> str:
        """Return a table that the user names, `schema.table` or `table`, quoted.

        Raises:
            BadInput: it does not exist.
            WarehouseUnavailable: it may not be read.
        """
        relation = ".".join(quote(part) for part in split_name(name))
        found = self._execute("select to_regclass(?) is not null", [relation])[1]
        if not found[0][0]:
            raise BadInput(
                f"there is no table {name}",
                where=self.where,
                hint="name it with its schema, such as raw.orders; upper case needs quotes",
            )
        self._execute(f"select 1 from {relation} where 1 = 0")
        return relation

    def nearest(self, relation: str, column: str, text: str, count: int) -> list[str]:
        """Return the texts that begin or end like a text: PostgreSQL has no edit distance."""
        likeness = " + ".join(
            f"case when {side}({column}, {length}) = {side}(?, {length}) then 1 else 0 end"
            for length in range(1, min(len(text), 20) + 1)
            for side in ("left", "right")
        )
        rows = self.query(
            f"select {column} from {relation} order by {likeness or '0'} desc, "
            f'{column} collate "C" limit {count}',
            [text] * (2 * min(len(text), 20)),
        )
        return [row[0] for row in rows]

    def replace_tables(self, schema: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Let new tables take the place of old ones, all at once.

        An old table that other people's views are built on stays and gets the new rows, where its
        columns are the same; else it is dropped, and what depends on it with it.

        Args:
            schema: of all of them.
            pairs: the names of the new and of the old.
        """
        with self.transaction():
            for new, old in pairs:
                relation, next_one = (
                    f"{quote(schema)}.{quote(old)}",
                    f"{quote(schema)}.{quote(new)}",
                )
                if self._has_views(relation) and self.columns(relation) == self.columns(next_one):
                    names = ", ".join(quote(name) for name in self.columns(relation))
                    self._execute(f"truncate table {relation}")
                    self._execute(
                        f"insert into {relation} ({names}) select {names} from {next_one}"
                    )
                    self._execute(f"drop table {next_one}")
                    continue
                kind = self._kind(relation)
                if kind:
                    self._execute(f"drop {kind} {relation} cascade")
                self._execute(f"alter table {next_one} rename to {quote(old)}")

    def try_lock(self, name: str) -> bool:
        """Take a lock that lasts as long as the connection; whether it was free."""
        rows = self._execute("select pg_try_advisory_lock(hashtext('rfm'), hashtext(?))", [name])[1]
        return bool(rows[0][0])

    def _has_views(self, relation: str) -> bool:
        rows = self._execute(
            "select count(*) > 0 from pg_depend d join pg_rewrite r on r.oid = d.objid "
            "where d.classid = cast('pg_rewrite' as regclass) and d.refobjid = to_regclass(?) "
            "and r.ev_class <> d.refobjid",
            [relation],
        )[1]
        return bool(rows[0][0])

    def _kind(self, relation: str) -> str | None:
        rows = self._execute(
            "select relkind::text from pg_class where oid = to_regclass(?)", [relation]
        )[1]
        return {"v": "view", "m": "materialized view"}.get(rows[0][0], "table") if rows else None

    def _execute(
        self, sql: str, parameters: Sequence[object] = ()
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        numbers = iter(range(1, len(parameters) + 1))
        numbered = re.sub(r"\?", lambda _: f"${next(numbers)}", sql) if parameters else sql
        with self._explained(), self._connection.cursor() as cursor:
            cursor.execute(numbered, list(parameters) or None)
            if not cursor.description:
                return [], []
            table = cursor.fetch_arrow_table()
        names = table.column_names
        columns = [_values(field, table[i]) for i, field in enumerate(table.schema)]
        return names, list(zip(*columns, strict=True))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        from adbc_driver_manager import Error

        try:
            yield
        except Error as error:
            refusal = server_refusal(self.target, str(error))
            if refusal is not None:
                raise refusal from error
            if error.sqlstate in _UNDEFINED:
                raise BadInput(
                    "the tables were made by another version of rfm or its project",
                    where=f"{self.where} ({_first_line(error)})",
                    hint="make them anew with `rfm run`",
                ) from error
            raise


def _uri(target: Target) -> str:
    """Write libpq's connection string; an empty password leaves it to ~/.pgpass."""
    wanted = {
        "host": target.settings.get("host"),
        "port": target.settings.get("port"),
        "user": target.settings.get("user"),
        "password": target.settings.get("password") or target.settings.get("pass"),
        "dbname": target.settings.get("dbname") or target.settings.get("database"),
        "sslmode": target.settings.get("sslmode"),
        "connect_timeout": target.settings.get("connect_timeout", 10),
        "application_name": "rfm",
        "options": "-c timezone=UTC",
    }
    escaped = {
        name: str(value).replace("\\", "\\\\").replace("'", "\\'")
        for name, value in wanted.items()
        if value not in (None, "")
    }
    return " ".join(f"{name}='{value}'" for name, value in escaped.items())


def _is_numeric(field: pa.Field) -> bool:
    """Whether a field is PostgreSQL's numeric, which ADBC hands over as text."""
    metadata = field.metadata or {}
    return metadata.get(_TYPE_KEY) == b"numeric" or "numeric" in str(
        getattr(field.type, "type_name", "")
    )


def _plain_field(field: pa.Field) -> pa.Field:
    import pyarrow as pa

    if _is_numeric(field):
        return pa.field(field.name, pa.decimal128(38, 2))
    return pa.field(field.name, getattr(field.type, "storage_type", field.type))


def _values(field: pa.Field, column: pa.ChunkedArray) -> list[Any]:
    values: list[Any] = column.to_pylist()
    if _is_numeric(field):
        return [None if value is None else Decimal(value) for value in values]
    return values


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
