"""What the tests of whole builds share: a database to build, files of installed packages."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from rfm_cli.dbt import Dbt
from rfm_cli.warehouse.targets import duckdb_target

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Warehouse:
    database: Path
    project: Path = PROJECT

    def rows(self, sql: str) -> list[tuple]:
        with duckdb.connect(self.database, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def build(self, *select: str, **variables: Any) -> Warehouse:
        """Build what is selected, everything if nothing is."""
        dbt = Dbt(self.project, duckdb_target(self.database), variables)
        dbt.parse()
        dbt.build(select=select)
        return self

    def marts(self) -> dict[str, list[tuple]]:
        """Return every public table, its rows in an order that does not depend on storage."""
        names = [
            name
            for (name,) in self.rows(
                "select table_name from information_schema.tables where table_schema = 'main'"
            )
        ]
        return {name: self.rows(f'select * from "{name}" order by all') for name in sorted(names)}


def package_file(package: str, *parts: str) -> Path:
    """Find a data file of an installed package without importing the package."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]).joinpath(*parts)
