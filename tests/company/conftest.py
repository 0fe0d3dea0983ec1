"""A small company whose truth is known, its systems brought together by the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from company_database import Company

CUSTOMERS = 400


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Company:
    """The company after one round; not to be changed."""
    folder = tmp_path_factory.mktemp("company")
    company = Company(folder / "company.duckdb")
    done = company.rfm("demo", "--data", "company", "--customers", str(CUSTOMERS), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["records"]["source_count"] == 8
    return company


@pytest.fixture
def company(finished: Company, tmp_path: Path) -> Company:
    """The company after one round, to be changed."""
    shutil.copy(finished.database, tmp_path / "company.duckdb")
    return Company(tmp_path / "company.duckdb")


@pytest.fixture
def fresh_company(finished: Company, tmp_path: Path) -> Callable[[str], Company]:
    """The raw tables of the company in a database of their own, nothing built yet."""

    def copy(name: str) -> Company:
        folder = tmp_path / name
        folder.mkdir()
        company = Company(folder / "company.duckdb")
        with duckdb.connect(company.database) as connection:
            connection.execute(f"attach '{finished.database}' as whole (read_only)")
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables()"
                " where database_name = 'whole' and schema_name like 'raw%'"
            ).fetchall():
                connection.execute(f"create schema if not exists {schema}")
                connection.execute(f"create table {schema}.{table} as from whole.{schema}.{table}")
        return company

    return copy
