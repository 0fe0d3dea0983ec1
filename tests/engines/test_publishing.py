"""What is published appears together, keeps people's views, and outlives failures."""

from __future__ import annotations

import pytest
from comparing import compare
from engines import golden_rows

from rfm_cli.starter import copy_project

pytestmark = pytest.mark.long
ORDERS = golden_rows()


def test_views_on_a_mart_outlive_the_next_run(engine_of, tmp_path_factory):
    engine = engine_of("postgres").within("viewed", tmp_path_factory.mktemp("viewed"))
    engine.load(ORDERS)
    engine.run("--history", "0")
    with engine.open() as warehouse:
        warehouse.query("create schema if not exists bi")
        warehouse.query("create view bi.champions as select * from viewed.customer_rfm")
        before = warehouse.query("select count(*) from bi.champions")[0][0]
    engine.load([*ORDERS, ("new", "2024-03-25", "500.00", "new1")])
    engine.run("--history", "0")
    with engine.open() as warehouse:
        assert warehouse.query("select count(*) from bi.champions")[0][0] == before + 1
        left = warehouse.query(
            "select count(*) from information_schema.tables where table_schema = 'viewed' "
            "and table_name like '%\\_\\_%'"
        )
        assert left[0][0] == 0


def test_a_failed_check_leaves_the_marts(server_engine, tmp_path_factory):
    """A data test of the user's own fails: exit 1, and the marts of the run before stay."""
    folder = tmp_path_factory.mktemp("failing")
    engine = server_engine.within("failing", folder)
    engine.load(ORDERS)
    copy_project(folder / "mine")
    options = ("--project-dir", folder / "mine", "--history", "0")
    engine.run(*options)
    before = engine.marts()
    check = folder / "mine" / "tests" / "dbt" / "assert_nobody_is_new.sql"
    check.write_text("select * from {{ ref('customers') }} where customer_id = 'new'\n")
    engine.load([*ORDERS, ("new", "2024-03-25", "500.00", "new1")])
    failed = engine.rfm("run", "--orders-table", "raw.orders", *options, check=False)
    assert failed.returncode == 1
    assert "assert_nobody_is_new failed: 1 row breaks the claim" in failed.stderr
    after = engine.marts()
    for mart, rows in before.items():
        if mart != "customer_rfm_history":
            assert not compare(mart, after[mart], rows).differences, mart


def test_a_date_that_loses_its_customers_is_emptied(every_engine, tmp_path_factory):
    """All orders before a date turn out to be wrong: the date of the history has no rows left."""
    engine = every_engine.within("emptied", tmp_path_factory.mktemp("emptied"))
    late = ("c", "2024-04-02", "30", "3")

    def build(rows, **settings) -> dict[str, int]:
        engine.load([*rows, late])
        done = engine.build(
            "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
            "--select", "+customer_rfm_history",
            rfm_as_of_date="2024-04-12", rfm_history_periods=2, **settings,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:]
        return _dates(engine)

    before = build([("a", "2024-02-05", "10", "1"), ("b", "2024-03-05", "20", "2")])
    assert before == {"2024-03-01": 1, "2024-04-01": 2, "2024-04-12": 3}
    # A refund without an order keeps the dates on the calendar, and is no customer of theirs.
    after = build([("x", "2024-01-01", "-1", "0")], rfm_restate=True)
    assert after == {"2024-04-12": 1}


def _dates(engine) -> dict[str, int]:
    rows = engine.rows(
        f"select as_of_date, count(*) from {engine.target.schema}.customer_rfm_history group by 1"
    )
    return {str(date): count for date, count in rows}
