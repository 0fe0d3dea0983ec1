"""What servers refuse is said in words to act on, with the right exit code and without secrets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engines import golden_rows
from servers import free_port

from rfm_cli.starter import copy_project

SCHEMAS = ("", "_staging", "_intermediate", "_fitted", "_seeds")


def refused(engine, *arguments, exit_code):
    done = engine.rfm(*arguments, check=False)
    assert done.returncode == exit_code, done.stderr
    assert "Traceback" not in done.stderr
    assert "org.apache" not in done.stderr
    assert len(done.stderr) < 1500
    for part in ("error:", "where:", "hint:"):
        assert part in done.stderr
    return done.stderr


RUN = ("run", "--orders-table", "raw.orders", "--history", "0")


@pytest.fixture(scope="module")
def server(server_engine, tmp_path_factory):
    engine = server_engine.within("refusing", tmp_path_factory.mktemp("refusing"))
    engine.load(golden_rows())
    return engine


@pytest.fixture(scope="module")
def postgres(engine_of, tmp_path_factory):
    engine = engine_of("postgres").within("refusing", tmp_path_factory.mktemp("refusing"))
    engine.load(golden_rows())
    return engine


def with_environment(engine, **variables):
    return replace(engine, environment={**engine.environment, **variables})


def test_nobody_listens(server):
    variable = "PGPORT" if server.name == "postgres" else "RFM_SPARK_PORT"
    nobody = with_environment(server, **{variable: str(free_port())})
    said = refused(nobody, *RUN, exit_code=4)
    assert "cannot be reached" in said
    assert variable.partition("_")[0] in said
    check = nobody.rfm("check", check=False)
    assert check.returncode == 1
    assert "cannot be reached" in check.stdout


def test_no_such_table(server):
    said = refused(server, "run", "--orders-table", "raw.nothing", exit_code=2)
    assert "there is no table raw.nothing" in said
    said = refused(server, "run", "--orders-table", "nowhere.orders", exit_code=2)
    assert "there is no table nowhere.orders" in said
    said = refused(server, "run", "--orders-table", "orders", exit_code=2)
    assert "named with its schema" in said


def test_nothing_was_run_yet(server, tmp_path):
    fresh = server.within("fresh", tmp_path)
    for command in (("explain", "c001"), ("report",), ("fit",)):
        assert "the database has no table" in refused(fresh, *command, exit_code=2)


def test_a_broken_model_is_told_by_its_cause(server, tmp_path):
    copy_project(tmp_path / "mine")
    model = tmp_path / "mine" / "models" / "intermediate" / "orders" / "int_orders__row_counts.sql"
    model.write_text("select no_such_column from {{ ref('int_orders__unioned') }}\n")
    place = server.within("refusing", tmp_path)
    said = refused(place, *RUN, "--project-dir", tmp_path / "mine", exit_code=3)
    assert "model int_orders__row_counts could not be built" in said
    assert "no_such_column" in said


def test_a_file_is_not_for_servers(server, tmp_path):
    (tmp_path / "orders.csv").write_text("customer_id,date,amount\na,2024-01-01,1\n")
    said = refused(server, "run", "--orders", tmp_path / "orders.csv", exit_code=2)
    assert "--orders-table" in said
    said = refused(server, *RUN, "--database", "x.duckdb", exit_code=2)
    assert "is a server" in said


def test_the_wrong_password_user_or_database(postgres):
    secret = "not-the-password"
    said = refused(with_environment(postgres, PGPASSWORD=secret), *RUN, exit_code=4)
    assert "refused the password of user postgres" in said
    assert secret not in said
    said = refused(with_environment(postgres, PGDATABASE="nowhere"), *RUN, exit_code=4)
    assert "PostgreSQL has no database nowhere" in said
    said = refused(with_environment(postgres, PGUSER="nobody"), *RUN, exit_code=4)
    assert "user nobody" in said


def test_secrets_stay_out_of_all_files(postgres, tmp_path):
    secret = "s3cret-of-rfm"
    with postgres.open() as warehouse:
        warehouse.query(f"create role keeper superuser login password '{secret}'")
    keeper = with_environment(
        postgres.within("keeping", tmp_path), PGUSER="keeper", PGPASSWORD=secret
    )
    done = keeper.rfm(*RUN, "--verbose")
    assert secret not in done.stdout + done.stderr
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 50
    assert not [path for path in files if secret.encode() in path.read_bytes()]


@pytest.mark.long
def test_least_privilege(postgres, tmp_path):
    """The grants of docs/engines.md: reads raw, writes only its own schemas, and that is enough."""
    schema = "least"
    with postgres.open() as warehouse:
        warehouse.query("create role least login password 'least'")
        for suffix in SCHEMAS:
            warehouse.query(f"create schema {schema}{suffix} authorization least")
    least = with_environment(postgres.within(schema, tmp_path), PGUSER="least", PGPASSWORD="least")
    said = refused(least, *RUN, exit_code=4)
    assert "user least may not use schema raw" in said
    assert "grant usage on schema raw to least;" in said
    with postgres.open() as warehouse:
        warehouse.query("grant usage on schema raw to least")
    said = refused(least, *RUN, exit_code=4)
    assert "may not use table orders" in said
    assert "grant select" in said
    with postgres.open() as warehouse:
        warehouse.query("grant select on raw.orders to least")
    least.run("--history", "0")
    least.run("--history", "0")
    for command in (("explain", "c001"), ("fit",), ("report",), ("export", "customers")):
        least.rfm(*command)
    for forbidden in (
        "insert into raw.orders select * from raw.orders",
        "create schema elsewhere",
        "create table public.mine (a integer)",
    ):
        with least.open() as warehouse, pytest.raises(Exception, match="may not use"):
            warehouse.query(forbidden)


def test_no_right_to_make_schemas(postgres, tmp_path):
    with postgres.open() as warehouse:
        warehouse.query("create role reader login password 'reader'")
        warehouse.query("grant usage on schema raw to reader")
        warehouse.query("grant select on raw.orders to reader")
    reader = with_environment(
        postgres.within("not_made", tmp_path), PGUSER="reader", PGPASSWORD="reader"
    )
    said = refused(reader, *RUN, exit_code=4)
    assert "may not use database postgres" in said
    assert "grant create on database postgres to reader" in said


def test_tables_of_another_user(postgres, tmp_path):
    with postgres.open() as warehouse:
        warehouse.query("create role other login superuser password 'other'")
        warehouse.query("create role heir login password 'heir'")
    owner = with_environment(postgres.within("owned", tmp_path), PGUSER="other", PGPASSWORD="other")
    owner.build("--select", "path:seeds")
    with postgres.open() as warehouse:
        warehouse.query("grant usage on schema raw to heir")
        warehouse.query("grant select on raw.orders to heir")
        warehouse.query("grant create on database postgres to heir")
        warehouse.query("grant all on schema owned_seeds to heir")
    heir = with_environment(postgres.within("owned", tmp_path), PGUSER="heir", PGPASSWORD="heir")
    said = refused(heir, *RUN, exit_code=4)
    assert "heir may not" in said
