"""Which warehouse: a target of profiles.yml, filled from the environment; a table of orders."""

from __future__ import annotations

import json

import duckdb
import pytest
from cli_helpers import ordinary_orders, query

from rfm_cli.errors import BadInput
from rfm_cli.project import shipped_project
from rfm_cli.warehouse import targets
from rfm_cli.warehouse.targets import find_target

PROJECT = shipped_project()


@pytest.fixture
def profiles(tmp_path):
    def write(text):
        (tmp_path / "dbt_project.yml").write_text("name: rfm\nprofile: rfm\n")
        (tmp_path / "profiles.yml").write_text(text)
        return tmp_path

    return write


@pytest.fixture
def all_drivers(monkeypatch):
    monkeypatch.setattr(targets, "_need_adapter", lambda engine: None)


def test_the_default_is_a_duckdb_file(tmp_path):
    target = find_target(PROJECT, None, None)
    assert (target.engine, str(target.path)) == ("duckdb", "rfm.duckdb")
    target = find_target(PROJECT, "duckdb", tmp_path / "x.duckdb")
    assert target.where == str(tmp_path / "x.duckdb")


def test_servers_come_from_the_environment(all_drivers, monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGPASSWORD", "hush {{ hush }}")
    monkeypatch.setenv("RFM_POSTGRES_SCHEMA", "shop")
    monkeypatch.delenv("PGPORT", raising=False)
    target = find_target(PROJECT, "postgres", None)
    assert target.settings["password"] == "hush {{ hush }}"
    assert target.schema == "shop"
    assert "db.example:5432" in target.where
    assert "hush" not in f"{target.where} {target!r}"
    assert find_target(PROJECT, "spark", None).settings["port"] == "10000"


def test_a_target_that_is_not_there(rfm, built):
    done = rfm("explain", "c0001", "--target", "oracle", "--database", built.database)
    assert done.returncode == 2
    assert "there is no target oracle" in done.stderr
    assert "duckdb, postgres, spark" in done.stderr


def test_a_file_for_a_server_is_refused(all_drivers, tmp_path):
    with pytest.raises(BadInput, match="target postgres is a server"):
        find_target(PROJECT, "postgres", tmp_path / "x.duckdb")


def test_a_driver_that_is_not_installed(monkeypatch):
    monkeypatch.setitem(targets._ADAPTERS, "postgres", ("dbt.adapters.nothing", "postgres"))
    with pytest.raises(BadInput, match="driver for postgres is not installed") as caught:
        find_target(PROJECT, "postgres", None)
    assert caught.value.hint == "pip install 'rfm[postgres]'"


def test_an_engine_that_only_dbt_knows(profiles):
    folder = profiles("rfm: {target: lake, outputs: {lake: {type: snowflake}}}\n")
    with pytest.raises(BadInput, match="rfm cannot run on snowflake"):
        find_target(folder, None, None)


def test_a_variable_that_is_not_set(profiles, monkeypatch):
    monkeypatch.delenv("SHOP_FILE", raising=False)
    folder = profiles(
        "rfm: {target: d, outputs: {d: {type: duckdb, path: \"{{ env_var('SHOP_FILE') }}\"}}}\n"
    )
    with pytest.raises(BadInput, match="SHOP_FILE is not set"):
        find_target(folder, None, None)


@pytest.mark.parametrize("text", ["", "rfm: [", "other: {}", "rfm: {outputs: 3}"])
def test_profiles_that_cannot_be_read(profiles, text):
    with pytest.raises(BadInput, match=r"profiles\.yml cannot be read"):
        find_target(profiles(text), None, None)


def test_a_table_of_a_duckdb_file(rfm, built, tmp_path):
    """The same orders as a table: the same scores, but for the name of the source."""
    database = tmp_path / "shop.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute("create schema raw")
        connection.execute(f"create table raw.sales as select * from read_csv('{built.orders}')")
    done = rfm("run", "--orders-table", "raw.sales", "--database", database, "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["source"]["columns"]["order_id"] == "order_id"
    assert facts["rows"]["usable_row_count"] == len(ordinary_orders())
    for mart in ("customer_ltv", "customer_value", "customers", "best_customers"):
        rows = f"select * from {mart} order by all"
        assert query(database, rows) == query(built.database, rows), mart
    assert query(database, "select distinct source_name from orders") == [("table",)]


def test_tables_and_files_that_cannot_be_named(rfm, built, tmp_path):
    table = ("run", "--database", built.database, "--orders-table")
    for arguments, problem in (
        (("raw.nothing",), "there is no table raw.nothing"),
        (("orders",), "named with its schema"),
        (("main.orders", "--orders", "x.csv"), "a file and a table"),
        (("main.orders", "--date-format", "%d/%m/%Y"), "are for files"),
        (("main.orders", "--amount", "total"), 'no column "total"'),
    ):
        done = rfm(*table, *arguments)
        assert done.returncode == 2, done.stderr
        assert problem in done.stderr
    new = ("run", "--orders-table", "raw.orders", "--database", tmp_path / "new.duckdb")
    assert "does not exist" in rfm(*new).stderr
