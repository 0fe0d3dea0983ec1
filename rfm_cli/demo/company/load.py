"""Puts the company into a DuckDB database, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rfm_cli.demo.company.company import check_size, make_company
from rfm_cli.demo.company.contract import SCHEMAS
from rfm_cli.disk import disk_errors
from rfm_cli.errors import BadInput
from rfm_cli.warehouse.duckdb import connect
from rfm_cli.workspace import Workspace

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Counts up when the same number and seed give other tables than before.
EDITION = 1
# A chunk of customers is some 60 batches.
_BATCHES_PER_COMMIT = 120


def load_company(database: Path, customers: int, seed: int) -> bool:
    """Write the raw tables and the truth, unless they are there already.

    The file is replaced whole, like by a round: it holds the old tables or the new.

    Args:
        database: a DuckDB file; it is made when it is not there.
        customers: as `make_company` takes it.
        seed: as `make_company` takes it.

    Returns:
        Whether anything was written.

    Raises:
        BadInput: no company can be made of the numbers, the database cannot be made there, or it
            has raw tables of somebody else in the schemas of the company.
        WarehouseUnavailable: another program has the database, or the disk is full.
    """
    import duckdb

    check_size(customers, seed)
    made_of = json.dumps({"edition": EDITION, "customers": customers, "seed": seed})
    if database.exists():
        with connect(database, read_only=True) as connection:
            there = _made_of(connection)
            if there == made_of:
                return False
            if there is None:
                _refuse_to_replace(connection, database)
    with Workspace(database) as work:
        with disk_errors(database), duckdb.connect(work.path) as connection:
            write_company(connection, customers, seed, made_of)
        work.publish()
    return True


def write_company(
    connection: DuckDBPyConnection, customers: int, seed: int, made_of: str = ""
) -> None:
    """Replace the raw schemas and the truth, some batches to a transaction: memory is bounded.

    Args:
        connection: to a database of which nothing is kept when this fails.
        customers: as `make_company` takes it.
        seed: as `make_company` takes it.
        made_of: kept with the schema `truth`, once all is there.
    """
    connection.execute("begin")
    for schema in dict.fromkeys(name.split(".")[0] for name in SCHEMAS):
        connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute(f"create schema {schema}")
    for name in SCHEMAS:
        connection.execute(f"create table {name} ({_columns(name)})")
    for number, (schema, table, rows) in enumerate(make_company(customers, seed), 1):
        connection.register("made_rows", rows)
        connection.execute(f"insert into {schema}.{table} select * from made_rows")
        connection.unregister("made_rows")
        if number % _BATCHES_PER_COMMIT == 0:
            connection.execute("commit")
            connection.execute("begin")
    text = made_of.replace("'", "''")
    connection.execute(f"comment on table truth.truth_people is '{text}'")
    connection.execute("commit")
    connection.execute("checkpoint")


def _made_of(connection: DuckDBPyConnection) -> str | None:
    found: Iterable[tuple[str | None]] = connection.execute(
        "select comment from duckdb_tables() where schema_name = 'truth' "
        "and table_name = 'truth_people' and database_name = current_database()"
    ).fetchall()
    return next((comment for (comment,) in found), None)


def _refuse_to_replace(connection: DuckDBPyConnection, database: Path) -> None:
    """Leave alone what no company of ours is: raw tables may be the only ones there are."""
    schemas = sorted({name.split(".")[0] for name in SCHEMAS})
    found: list[tuple[str]] = connection.execute(
        "select distinct table_schema from information_schema.tables where table_catalog = "
        "current_database() and list_contains(?, table_schema) order by 1",
        [schemas],
    ).fetchall()
    if found:
        raise BadInput(
            "the database has tables where those of the made-up company would go",
            where=f"{database}: {', '.join(schema for (schema,) in found)}",
            hint="name another file with --database",
        )


_TYPES = {
    "string": "varchar",
    "int64": "bigint",
    "int32": "integer",
    "double": "double",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us]": "timestamp",
}


def _columns(name: str) -> str:
    columns = []
    for field in SCHEMAS[name]:
        arrow = str(field.type)
        kind = _TYPES.get(arrow, arrow.replace("decimal128", "decimal"))
        columns.append(f'"{field.name}" {kind}' + ("" if field.nullable else " not null"))
    return ", ".join(columns)
