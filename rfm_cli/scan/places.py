"""Where the tables to scan are: a DuckDB file, a folder of files, or the warehouse of a target."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rfm_cli.errors import BadInput
from rfm_cli.order_columns import normalise
from rfm_cli.warehouse import Target, Warehouse, open_warehouse
from rfm_cli.warehouse.base import SCHEMA_SUFFIXES, quote
from rfm_cli.warehouse.duckdb import DuckDBWarehouse

_SUFFIXES = (".csv", ".tsv", ".txt", ".parquet")
# Where the tests of a demo company find its truth; no source.
_NO_SOURCES = ("truth",)
_KNOWN = "known_database"


@dataclass(frozen=True)
class Table:
    """A table to look at.

    Attributes:
        source: what the source could be called.
        schema: the schema it is in, or the folder.
        name: its name, or that of the file without its ending.
        relation: what it is called in SQL.
        reading: how DuckDB reads the file; None for a table.
    """

    source: str
    schema: str
    name: str
    relation: str
    reading: str | None = None


@dataclass(frozen=True)
class ScanPlace:
    """An open warehouse, its tables to look at, and where known records are to be found.

    Attributes:
        warehouse: open for reading.
        engine: duckdb, postgres or spark.
        tables: what to look at.
        known: the database that holds results of a run, as the prefix of a relation; None where
            there are no results.
    """

    warehouse: Warehouse
    engine: str
    tables: list[Table]
    known: str | None


@contextmanager
def open_place(what: Path | None, target: Target) -> Iterator[ScanPlace]:
    """Open what is to be scanned.

    Args:
        what: a DuckDB file or a folder of CSV and Parquet files; None for the target itself.
        target: the warehouse with the results of earlier runs, which may not exist yet.

    Raises:
        BadInput: there is nothing to look at.
        WarehouseUnavailable: it cannot be read.
    """
    if what is None:
        with open_warehouse(target) as warehouse:
            yield ScanPlace(warehouse, target.engine, _tables(warehouse, target), "")
    elif what.is_dir() or what.suffix.lower() in _SUFFIXES:
        with _open_files(what) as (warehouse, tables):
            yield ScanPlace(warehouse, "duckdb", tables, _attach(warehouse, target))
    else:
        with DuckDBWarehouse(what) as warehouse:
            tables = _tables(warehouse, target)
            is_same = target.database is not None and (target.path.resolve() == what.resolve())
            known = "" if is_same else _attach(warehouse, target)
            yield ScanPlace(warehouse, "duckdb", tables, known)


def _tables(warehouse: Warehouse, target: Target) -> list[Table]:
    """List the tables that are not the project's own."""
    marts = target.schema
    own = {marts + suffix for suffix in SCHEMA_SUFFIXES if suffix} | set(_NO_SOURCES)
    ours = set(warehouse.marts())
    return [
        Table(_source_name(schema, marts), schema, name, _relation(target, schema, name))
        for schema, name in warehouse.tables()
        if schema not in own and not (schema == marts and name in ours)
    ]


def _relation(target: Target, schema: str, name: str) -> str:
    return f"{quoted_for(target.engine, schema)}.{quoted_for(target.engine, name)}"


def quoted_for(engine: str, name: str) -> str:
    """Write a name as an identifier of an engine, whatever is in it."""
    return "`" + name.replace("`", "``") + "`" if engine == "spark" else quote(name)


def _source_name(schema: str, marts: str) -> str:
    plain = re.sub(r"^(raw|src|source|stage|landing)_|_(raw|src)$", "", normalise(schema))
    return "scanned" if schema in (marts, "public", "default") else plain or "scanned"


@contextmanager
def _open_files(what: Path) -> Iterator[tuple[DuckDBWarehouse, list[Table]]]:
    import duckdb

    from rfm_cli.project import cache_folder

    found = sorted(what.iterdir()) if what.is_dir() else [what]
    files = [path for path in found if path.suffix.lower() in _SUFFIXES and path.is_file()]
    if not files:
        raise BadInput(
            "there are no CSV or Parquet files",
            where=str(what),
            hint=f"their names end in {', '.join(_SUFFIXES)}",
        )
    folder = what if what.is_dir() else what.parent
    source = normalise(folder.resolve().name) or "scanned"
    with tempfile.TemporaryDirectory(prefix="scan-", dir=cache_folder()) as scratch:
        path = Path(scratch) / "scan.duckdb"
        tables: list[Table] = []
        with duckdb.connect(path) as connection:
            for file in files:
                reading = _reading(file)
                name = _free_name(normalise(file.stem), {table.name for table in tables})
                try:
                    connection.execute(f"create view {quote(name)} as from {reading}")
                except duckdb.Error as error:
                    raise BadInput(
                        "the file cannot be read",
                        where=f"{file} ({' '.join(str(error).split())[:160]})",
                        hint="correct it, or take it out of the folder",
                    ) from error
                tables.append(Table(source, str(folder), name, quote(name), reading))
        with DuckDBWarehouse(path) as warehouse:
            yield warehouse, tables


def _free_name(name: str, taken: set[str]) -> str:
    """Return the name, numbered where another file is called alike (orders.csv, Orders.parquet)."""
    free, number = name or "file", 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _reading(file: Path) -> str:
    path = str(file.resolve()).replace("'", "''")
    if file.suffix.lower() == ".parquet":
        return f"read_parquet('{path}')"
    # Text stays text: telephone numbers and postcodes begin with noughts.
    return f"read_csv('{path}', all_varchar = true, header = true)"


def _attach(warehouse: DuckDBWarehouse, target: Target) -> str | None:
    """Attach the database with the results of earlier runs; None when there is none."""
    if target.engine != "duckdb" or not target.path.exists():
        return None
    path = str(target.path.resolve()).replace("'", "''")
    warehouse.query(f"attach '{path}' as {_KNOWN} (read_only)")
    return f"{_KNOWN}."
