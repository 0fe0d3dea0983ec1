"""Read relations of Spark as Arrow in batches, append Arrow, over Thrift.

Parquet tables of Spark have no transactions and no deletes. What is learned is partitioned by its
run, so that putting a run again overwrites it; the row that says the run happened comes last.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rfm_cli.errors import BadInput, DbtFailed
from rfm_cli.warehouse.base import (
    BATCH_ROWS,
    SCHEMA_SUFFIXES,
    StoredTable,
    Warehouse,
    in_order,
    split_name,
)
from rfm_cli.warehouse.refusals import server_refusal, spark_cause
from rfm_cli.warehouse.targets import Target

if TYPE_CHECKING:
    import pyarrow as pa

_INSERT_ROWS = 5_000
_RUN_COLUMN = "run_id"
_OLD = "__old"
_NEW = "__new"


class SparkWarehouse(Warehouse):
    """One session of a Spark Thrift server; use it with `with`.

    Args:
        target: where it is and who we are.

    Raises:
        WarehouseUnavailable: it cannot be reached or refuses us.
    """

    def __init__(self, target: Target) -> None:
        from pyhive import hive

        # The driver would print what we say in our own words.
        logging.getLogger("thrift").addHandler(logging.NullHandler())
        super().__init__(target.where)
        self.target = target
        self._schemas = [target.schema + suffix for suffix in SCHEMA_SUFFIXES]
        self._held: dict[str, list[str]] = {}
        settings = target.settings
        with self._explained():
            self._connection: Any = hive.connect(
                host=settings.get("host"),
                port=int(settings.get("port", 10000)),
                username=settings.get("user"),
                auth=settings.get("auth"),
                kerberos_service_name=settings.get("kerberos_service_name"),
                password=settings.get("password"),
                configuration={"spark.sql.session.timeZone": "UTC"},
            )

    def close(self) -> None:
        """End the session."""
        self._connection.close()

    def reader(self, relation: str, batch_rows: int = BATCH_ROWS) -> pa.RecordBatchReader:
        """Return the rows of a relation or of a query in brackets, never all of them at once."""
        import pyarrow as pa

        cursor = self._connection.cursor(arraysize=batch_rows)
        with self._explained():
            cursor.execute(f"select * from {relation}")
            # The driver forgets precision and scale; every decimal of ours is money.
            schema = pa.schema(
                [(_plain(name), _arrow_type(kind)) for name, kind, *_ in cursor.description]
            )

        def batches() -> Iterator[pa.RecordBatch]:
            with self._explained():
                while rows := cursor.fetchmany(batch_rows):
                    self.traffic.rows_read += len(rows)
                    columns = zip(*rows, strict=True)
                    yield pa.record_batch(
                        [
                            pa.array([_value(value, field.type) for value in column], field.type)
                            for column, field in zip(columns, schema, strict=True)
                        ],
                        schema=schema,
                    )
                cursor.close()

        return pa.RecordBatchReader.from_batches(schema, batches())

    def append(self, relation: str, rows: pa.Table) -> None:
        """Add rows to a relation; columns meet by name."""
        self._insert("insert into", relation, rows)

    def replace_run(self, relation: str, run_id: str, rows: pa.Table) -> None:
        """Put the rows of a run of learning into a relation, in place of any it has of the run."""
        partition = f" partition ({_RUN_COLUMN} = {_literal(run_id)})"
        plain = rows.drop_columns([_RUN_COLUMN])
        first, rest = plain.slice(0, _INSERT_ROWS), plain.slice(_INSERT_ROWS)
        self._insert("insert overwrite", relation, first, partition)
        if rest.num_rows:
            self._insert("insert into", relation, rest, partition)

    def append_secret(self, relation: str, column: str) -> None:
        """Add a row with a random text, made by the server: what we send it may log."""
        random_text = "reflect('java.util.UUID', 'randomUUID')"
        self._execute(
            f"insert into {relation} ({column}) "
            f"select sha2(concat({random_text}, {random_text}), 256)"
        )

    def delete_rows(self, table: StoredTable, condition: str, parameters: Sequence[object]) -> None:
        """Delete the rows of a table for which a condition holds; it is never null."""
        self._rewrite(table, f"select * from {table.relation} where not ({condition})", parameters)

    def clear_column(
        self, table: StoredTable, column: str, condition: str, parameters: Sequence[object]
    ) -> None:
        """Make a column null in the rows of a table for which a condition holds."""
        columns = ", ".join(
            f"case when not ({condition}) then {name} end" if name == column else quote(name)
            for name in self.columns(table.relation)
        )
        self._rewrite(table, f"select {columns} from {table.relation}", parameters)

    def _rewrite(self, table: StoredTable, rows: str, parameters: Sequence[object]) -> None:
        """Let the rows of a query take the place of those of a table, whose form stays.

        They are whole in a table of their own before the old one is put aside; should the command
        die between the two renames, `stored_tables` puts it back.
        """
        new = table.name + _NEW
        relation = f"{quote(table.schema)}.{quote(new)}"
        self._execute(f"drop table if exists {relation}")
        self._execute(f"create table {relation} like {table.relation}")
        self._execute(f"insert into {relation} {rows}", parameters)
        self.replace_tables(table.schema, [(new, table.name)])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do it: Spark has no transactions."""
        yield

    def find_relation(self, name: str) -> str | None:
        """Return the relation with this name, quoted; marts win over other schemas."""
        found = {
            schema: f"{quote(schema)}.{quote(name)}"
            for schema in self._schemas
            if name in self._tables(schema)
        }
        return in_order(found, self._schemas)

    def marts(self) -> list[str]:
        """Return the names of the public tables, in order."""
        return [name for name in self._tables(self.target.schema) if "__" not in name]

    def tables(self) -> list[tuple[str, str]]:
        """Return schema and name of every table, in order."""
        schemas = sorted(row[0] for row in self._execute("show schemas")[1])
        return [(schema, name) for schema in schemas for name in self._tables(schema)]

    def stored_tables(self) -> list[StoredTable]:
        """Return the tables of the schemas of the project, in order; views store nothing.

        A table that a killed command had put aside, and nothing in its place, is put back.
        """
        self._held.clear()
        found = []
        for schema in self._schemas:
            tables = set(self._tables(schema))
            if not tables:
                continue
            tables -= {row[1] for row in self._execute(f"show views in {quote(schema)}")[1]}
            for aside in [name for name in tables if name.endswith(_OLD)]:
                name = aside.removesuffix(_OLD)
                if name not in tables:
                    self._rename(schema, aside, name)
                    tables ^= {aside, name}
            found += [
                StoredTable(
                    f"{quote(schema)}.{quote(name)}", schema, name, schema == self.target.schema
                )
                for name in sorted(tables)
            ]
        self._held.clear()
        return found

    def columns(self, relation: str) -> dict[str, str]:
        """Return the columns of a relation and their types, in order."""
        columns: dict[str, str] = {}
        for name, kind, _ in self._execute(f"describe {relation}")[1]:
            if not name or name.startswith("#"):
                break  # what follows repeats the partition columns
            columns[name] = kind
        return columns

    def table(self, name: str) -> str:
        """Return a table that the user names, `schema.table` or `table`, quoted.

        Raises:
            BadInput: it does not exist.
        """
        relation = ".".join(quote(part) for part in split_name(name))
        try:
            self._execute(f"describe {relation}")
        except DbtFailed as error:
            raise BadInput(
                f"there is no table {name}",
                where=f"{self.where} ({error.problem})",
                hint="name it with its schema, such as raw.orders",
            ) from error
        return relation

    def replace_tables(self, schema: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Let new tables take the place of old ones, one after the other.

        Args:
            schema: of all of them.
            pairs: the names of the new and of the old.
        """
        tables = self._tables(schema)
        for new, old in pairs:
            aside = f"{quote(schema)}.{quote(old + _OLD)}"
            self._execute(f"drop table if exists {aside}")
            if old in tables:
                self._rename(schema, old, old + _OLD)
            self._rename(schema, new, old)
            self._execute(f"drop table if exists {aside}")
        self._held.clear()

    def _rename(self, schema: str, name: str, to: str) -> None:
        self._execute(
            f"alter table {quote(schema)}.{quote(name)} rename to {quote(schema)}.{quote(to)}"
        )

    def _tables(self, schema: str) -> list[str]:
        if schema not in self._held:
            schemas = {row[0] for row in self._execute("show schemas")[1]}
            rows = self._execute(f"show tables in {quote(schema)}")[1] if schema in schemas else []
            self._held[schema] = sorted(row[1] for row in rows)
        return self._held[schema]

    def _insert(self, verb: str, relation: str, rows: pa.Table, partition: str = "") -> None:
        """Send rows as JSON texts: one literal is parsed in no time, thousands are not."""
        types = self.columns(relation)
        if partition:
            types.pop(_RUN_COLUMN)
        struct = ", ".join(f"{name}: {types[name]}" for name in rows.column_names)
        columns = ", ".join(
            f"row.{name}" if name in rows.column_names else f"cast(null as {types[name]})"
            for name in types
        )
        for start in range(0, max(rows.num_rows, 1), _INSERT_ROWS):
            part = rows.slice(start, _INSERT_ROWS)
            text = json.dumps(part.to_pylist(), default=str)
            self._execute(
                f"{verb} {relation}{partition} select {columns} from (select explode("
                f"from_json({_literal(text)}, 'array<struct<{struct}>>')) as row) as sent_rows"
            )
        self.traffic.rows_written += rows.num_rows

    def _execute(
        self, sql: str, parameters: Sequence[object] = ()
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        values = iter(parameters)
        sql = re.sub(r"\?", lambda _: _literal(next(values)), sql) if parameters else sql
        with self._explained(), self._connection.cursor() as cursor:
            cursor.execute(sql)
            if cursor.description is None:
                return [], []
            names = [_plain(column[0]) for column in cursor.description]
            kinds = [_arrow_type(column[1]) for column in cursor.description]
            rows = [
                tuple(_value(value, kind) for value, kind in zip(row, kinds, strict=True))
                for row in cursor.fetchall()
            ]
        return names, rows

    @contextmanager
    def _explained(self) -> Iterator[None]:
        from pyhive.exc import Error
        from thrift.Thrift import TException

        try:
            yield
        except (Error, TException, OSError) as error:
            refusal = server_refusal(self.target, str(error))
            if refusal is not None:
                raise refusal from error
            raise DbtFailed(
                f"Spark could not do it: {spark_cause(str(error))}",
                where=self.where,
                hint="the log of the Spark server has every detail",
            ) from error


def quote(name: str) -> str:
    """Write a name as an SQL identifier."""
    return "`" + name.replace("`", "``") + "`"


def _literal(value: object) -> str:
    """Write a value as an SQL literal."""
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"date '{value.isoformat()}'"
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _plain(name: str) -> str:
    """Strip the table that Hive writes before a column."""
    return name.rsplit(".", 1)[-1]


def _arrow_type(kind: str) -> pa.DataType:
    import pyarrow as pa

    return {
        "BOOLEAN_TYPE": pa.bool_(),
        "TINYINT_TYPE": pa.int8(),
        "SMALLINT_TYPE": pa.int16(),
        "INT_TYPE": pa.int32(),
        "BIGINT_TYPE": pa.int64(),
        "FLOAT_TYPE": pa.float32(),
        "DOUBLE_TYPE": pa.float64(),
        "DECIMAL_TYPE": pa.decimal128(38, 2),
        "DATE_TYPE": pa.date32(),
        "TIMESTAMP_TYPE": pa.timestamp("us"),
    }.get(kind, pa.string())


def _value(value: Any, kind: pa.DataType) -> Any:  # noqa: ANN401 (any column)
    """Turn what the driver hands over as text into what it is."""
    import pyarrow as pa

    if isinstance(value, str):
        if pa.types.is_date(kind):
            return date.fromisoformat(value)
        if pa.types.is_decimal(kind):
            return Decimal(value)
        if pa.types.is_timestamp(kind):
            return datetime.fromisoformat(value)
    return value
