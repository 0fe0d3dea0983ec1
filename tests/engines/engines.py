"""What the tests of the engines share: one warehouse an engine, orders in it, the command on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rfm_cli.warehouse import Target, Warehouse, open_warehouse
from rfm_cli.warehouse.targets import find_target

if TYPE_CHECKING:
    import pyarrow as pa

PROJECT = Path(__file__).parents[2]
RFM = Path(sys.executable).with_name("rfm")
DBT = Path(sys.executable).with_name("dbt")
GOLDEN_ORDERS = PROJECT / "tests" / "golden" / "orders.csv"
# The golden orders as texts, so that what cannot be read is found out on each engine.
TEXT_COLUMNS = {name: "text" for name in ("customer_id", "ordered_at", "amount", "order_id")}
TIMEOUT_SECONDS = 900
ENGINES = ("duckdb", "postgres", "spark")
SERVERS = ("postgres", "spark")


@dataclass(frozen=True)
class Engine:
    """One engine, and one set of schemas on it.

    Attributes:
        name: duckdb, postgres or spark.
        environment: the variables that say where it is.
        folder: for the DuckDB file, caches and outputs.
    """

    name: str
    environment: dict[str, str]
    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)

    def within(self, schema: str, folder: Path) -> Engine:
        """Give the same engine with schemas and a folder of its own."""
        variable = f"RFM_{self.name.upper()}_SCHEMA"
        return replace(
            self, environment={**self.environment, variable: schema}, folder=folder, seconds={}
        )

    @property
    def database(self) -> Path:
        return self.folder / "engine.duckdb"

    @property
    def target(self) -> Target:
        before = {name: os.environ.get(name) for name in self.environment}
        os.environ.update(self.environment)
        try:
            is_file = self.name == "duckdb"
            return find_target(PROJECT, self.name, self.database if is_file else None)
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value

    def open(self) -> Warehouse:
        if self.name == "duckdb" and not self.database.exists():
            import duckdb

            duckdb.connect(self.database).close()
        return open_warehouse(self.target, read_only=False)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.open() as warehouse:
            return warehouse.query(sql)

    def load(
        self,
        rows: Iterable[Sequence[object]],
        columns: dict[str, str] | None = None,
        table: str = "raw.orders",
    ) -> None:
        """Make a table of the given columns (names and types as PostgreSQL calls them)."""
        columns = columns or TEXT_COLUMNS
        with self.open() as warehouse:
            self._create(warehouse, table, columns)
            values = ["(" + ", ".join(_literal(value) for value in row) + ")" for row in rows]
            for start in range(0, len(values), 2000):
                part = ", ".join(values[start : start + 2000])
                names = ", ".join(
                    f"cast(column{n} as {self._type(kind)})"
                    for n, kind in enumerate(columns.values())
                )
                aliases = ", ".join(f"column{n}" for n in range(len(columns)))
                warehouse.query(
                    f"insert into {table} select {names} from (values {part}) as v({aliases})"
                )

    def append(self, columns: dict[str, str], table: str, rows: pa.Table) -> None:
        """Make a table of the given columns and put Arrow rows into it, the way `rfm` does."""
        with self.open() as warehouse:
            self._create(warehouse, table, columns)
            warehouse.append(table, rows)

    def _create(self, warehouse: Warehouse, table: str, columns: dict[str, str]) -> None:
        types = ", ".join(f"{name} {self._type(kind)}" for name, kind in columns.items())
        warehouse.query(f"create schema if not exists {table.partition('.')[0]}")
        warehouse.query(f"drop table if exists {table}")
        using = " using parquet" if self.name == "spark" else ""
        warehouse.query(f"create table {table} ({types}){using}")

    def _type(self, kind: str) -> str:
        spark = {
            "text": "string",
            "double precision": "double",
            "timestamptz": "timestamp",
            "timestamp": "timestamp_ntz",
        }
        return spark.get(kind, kind) if self.name == "spark" else kind

    def variables(self, **more: str) -> dict[str, str]:
        return os.environ | self.environment | {"RFM_CACHE_DIR": str(self.folder / "cache")} | more

    def command(self, *arguments: object) -> list[str]:
        """Write a command line of rfm for this engine."""
        where = ["--target", self.name]
        if self.name == "duckdb":
            where += ["--database", str(self.database)]
        return [str(RFM), *(str(a) for a in arguments), *where]

    def rfm(self, *arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        began = time.monotonic()
        done = subprocess.run(
            self.command(*arguments),
            env=self.variables(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        self.seconds[str(arguments[0])] = time.monotonic() - began
        if check:
            assert done.returncode == 0, done.stderr
        return done

    def run(self, *arguments: object) -> dict[str, Any]:
        """Run the whole round on raw.orders and return its facts."""
        done = self.rfm("run", "--orders-table", "raw.orders", "--json", *arguments)
        facts: dict[str, Any] = json.loads(done.stdout)
        return facts

    def build(
        self, *arguments: str, project: Path = PROJECT, **settings: object
    ) -> subprocess.CompletedProcess[str]:
        """Run plain `dbt build`, as an analytics engineer does."""
        variables = {"rfm_table_name": "orders", "rfm_table_order_id": "order_id", **settings}
        done = subprocess.run(
            [
                str(DBT), "build", "--no-use-colors", "--profiles-dir", str(project),
                "--project-dir", str(project), "--target", self.name,
                "--target-path", str(self.folder / "target"),
                "--log-path", str(self.folder / "logs"),
                "--vars", json.dumps(variables), *arguments,
            ],
            env=self.variables(RFM_DUCKDB_PATH=str(self.database)),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )  # fmt: skip
        return done

    def marts(self) -> dict[str, list[dict[str, Any]]]:
        """Return all rows of all marts."""
        with self.open() as warehouse:
            return {
                name: warehouse.records(f"select * from {warehouse.relation(name)}")
                for name in warehouse.marts()
            }


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, date):
        value = str(value)
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
    return str(value)


def golden_rows() -> list[list[str | None]]:
    """Read the golden orders; an empty field is null."""
    import csv

    with GOLDEN_ORDERS.open(newline="") as file:
        _, *rows = csv.reader(file)
    return [[value or None for value in row] for row in rows]
