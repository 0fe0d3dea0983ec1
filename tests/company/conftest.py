"""A small company whose truth is known, its systems brought together by the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from company_database import Company

CUSTOMERS = 400


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Company:
    """The company after one round; not to be changed."""
    folder = tmp_path_factory.mktemp("company")
    company = Company(folder / "company.duckdb", folder / "cache")
    done = company.rfm("demo", "--data", "company", "--customers", str(CUSTOMERS), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["records"]["source_count"] == 8
    return company


@pytest.fixture
def company(finished: Company, tmp_path: Path) -> Company:
    """The company after one round, to be changed."""
    shutil.copy(finished.database, tmp_path / "company.duckdb")
    shutil.copy(finished.database.with_name("identity_model.json"), tmp_path)
    return Company(tmp_path / "company.duckdb", finished.cache)
