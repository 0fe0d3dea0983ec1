"""DuckDB reads the tables of an attached SQLite and PostgreSQL where they are.

DuckDB fetches the extensions for that from the internet; PyPI has them for one version of DuckDB,
so an environment with that version is made.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import venv
from pathlib import Path

import pytest
from engines import PROJECT, golden_rows

from rfm_cli.starter import copy_project

pytestmark = pytest.mark.long
VERSION = "1.5.5"
COLUMNS = ("customer_id", "ordered_at", "amount", "order_id")
# Loads the extensions that the packages carry into the folder that DuckDB looks into.
INSTALL = """
import pathlib, sys, duckdb
with duckdb.connect(config={"extension_directory": sys.argv[1]}) as connection:
    for name in ("sqlite", "postgres"):
        package = __import__(f"duckdb_extension_{name}_scanner")
        for file in pathlib.Path(package.__file__).parent.rglob("*.duckdb_extension"):
            connection.execute(f"install '{file}'")
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """Make an environment, a folder of extensions, and a project."""
    folder = tmp_path_factory.mktemp("attached")
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    packages = [str(PROJECT), f"duckdb=={VERSION}"]
    packages += [f"duckdb-extension-{name}-scanner=={VERSION}" for name in ("sqlite", "postgres")]
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *packages], check=True)
    subprocess.run([python, "-c", INSTALL, folder / "extensions"], check=True)
    copy_project(folder / "mine")
    return folder


def attach(place: Path, entry: str, *, extensions: str = "extensions") -> None:
    profiles = (PROJECT / "profiles.yml").read_text()
    before = "      threads: 2\n      # Files stay"
    option = "        storage_compatibility_version: v1.2.0\n"
    assert before in profiles
    assert option in profiles
    profiles = profiles.replace(before, f"      attach:\n        - {entry}\n{before}")
    profiles = profiles.replace(
        option, f"{option}        extension_directory: {place / extensions}\n"
    )
    (place / "mine" / "profiles.yml").write_text(profiles)


def run(place: Path, table: str, database: str, **environment: str):
    return subprocess.run(
        [
            place / "env" / "bin" / "rfm", "run", "--project-dir", place / "mine",
            "--orders-table", table, "--database", place / database, "--history", "0", "--json",
        ],
        env=os.environ | {"RFM_CACHE_DIR": str(place / "cache")} | environment,
        cwd=place,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip


def test_a_table_of_an_attached_sqlite(place):
    with sqlite3.connect(place / "shop.sqlite") as shop:
        shop.execute(f"create table orders ({', '.join(f'{name} text' for name in COLUMNS)})")
        shop.executemany("insert into orders values (?, ?, ?, ?)", golden_rows())
    shop.close()
    attach(place, f"{{path: {place / 'shop.sqlite'}, type: sqlite, alias: shop}}")
    done = run(place, "shop.main.orders", "sqlite.duckdb")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["rows"]["row_count"] == len(golden_rows())
    assert facts["customer_count"] == 151
    # Once more, when there is a database.
    assert run(place, "shop.main.orders", "sqlite.duckdb").returncode == 0


def test_a_table_of_an_attached_postgres(place, engine_of, tmp_path_factory):
    engine = engine_of("postgres").within("attached", tmp_path_factory.mktemp("server"))
    engine.load(golden_rows(), table="attached_raw.orders")
    attach(place, "{path: 'dbname=postgres', type: postgres, alias: shop}")
    done = run(place, "shop.attached_raw.orders", "postgres.duckdb", **engine.environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["customer_count"] == 151


def test_an_extension_that_is_not_there(place):
    attach(
        place, f"{{path: {place / 'shop.sqlite'}, type: sqlite, alias: shop}}", extensions="none"
    )
    done = run(place, "shop.main.orders", "none.duckdb")
    assert done.returncode == 4
    assert "the database shop cannot be attached" in done.stderr
    assert "install sqlite" in done.stderr
