"""Learning appends a run once, cleans up after a crash, and records refusals."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import duckdb
import pytest
from cli_helpers import ordinary_orders
from learned_tables import LEARNED_TABLES

from rfm_cli import learn as learning
from rfm_cli.learn import LEARNING_RELATIONS, learn
from rfm_cli.ltv import FitRefused
from rfm_cli.warehouse.duckdb import DuckDBWarehouse

AS_OF = date(2024, 1, 1)
COUNTS = """
create table int_ltv__order_counts (as_of_date date, repeat_order_count int,
    first_to_last_days int, observed_days int, customer_count bigint);
create table int_ltv__spend_counts (as_of_date date, repeat_order_count int,
    repeat_amount decimal(18, 2), customer_count bigint);
"""
RELATIONS = {name: name for name in LEARNING_RELATIONS}


@pytest.fixture
def warehouse(tmp_path):
    path = tmp_path / "x.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(COUNTS + LEARNED_TABLES)
    with DuckDBWarehouse(path, read_only=False) as opened:
        yield opened


def add_customers(warehouse):
    """Add the counts of 400 customers, one row each."""
    histories = defaultdict(list)
    for customer, day, amount, _ in ordinary_orders():
        histories[customer].append((date.fromisoformat(day), amount))
    for history in histories.values():
        (first, _), (last, _) = history[0], history[-1]
        repeats = len(history) - 1
        warehouse.query(
            "insert into int_ltv__order_counts values (?, ?, ?, ?, 1)",
            [AS_OF, repeats, (last - first).days, (AS_OF - first).days],
        )
        if repeats:
            warehouse.query(
                "insert into int_ltv__spend_counts values (?, ?, ?, 1)",
                [AS_OF, repeats, sum(amount for _, amount in history[1:])],
            )


def count(warehouse, table):
    return warehouse.query(f"select count(*) from {table}")[0][0]


def test_nothing_to_learn_from(warehouse):
    assert learn(warehouse, RELATIONS, "mbg_nbd") is None
    assert count(warehouse, "fitted_runs") == 0


def test_a_fit_is_appended_once(warehouse):
    add_customers(warehouse)
    first = learn(warehouse, RELATIONS, "bg_nbd")
    assert first.is_accepted, first.refusal_reason
    assert first.is_new
    assert first.run_id.startswith("2024-01-01-")
    assert len(first.run_id) == len("2024-01-01-") + 12
    sizes = {table: count(warehouse, table) for table in LEARNING_RELATIONS}
    assert all(sizes.values())
    again = learn(warehouse, RELATIONS, "bg_nbd")
    assert (again.run_id, again.is_new) == (first.run_id, False)
    assert {table: count(warehouse, table) for table in LEARNING_RELATIONS} == sizes
    run = warehouse.records("select * from fitted_runs")[0]
    assert (run["run_number"], run["customer_count"]) == (1, 400)
    assert run["repeat_customer_count"] == count(warehouse, "int_ltv__spend_counts")


def test_row_order_does_not_change_the_run_id(warehouse):
    add_customers(warehouse)
    first = learn(warehouse, RELATIONS, "mbg_nbd")
    warehouse.query(
        "create or replace table int_ltv__order_counts as "
        "select * from int_ltv__order_counts order by observed_days, first_to_last_days"
    )
    assert learn(warehouse, RELATIONS, "mbg_nbd").run_id == first.run_id


def test_other_data_get_another_run(warehouse):
    add_customers(warehouse)
    first = learn(warehouse, RELATIONS, "mbg_nbd")
    warehouse.query("update int_ltv__order_counts set customer_count = 2 * customer_count")
    second = learn(warehouse, RELATIONS, "mbg_nbd")
    assert second.run_id != first.run_id
    assert warehouse.query("select max(run_number) from fitted_runs") == [(2,)]


def test_data_fitted_before_become_the_newest_again(warehouse):
    add_customers(warehouse)
    first = learn(warehouse, RELATIONS, "mbg_nbd")
    warehouse.query("update int_ltv__order_counts set customer_count = 2 * customer_count")
    learn(warehouse, RELATIONS, "mbg_nbd")
    warehouse.query("update int_ltv__order_counts set customer_count = customer_count // 2")
    assert learn(warehouse, RELATIONS, "mbg_nbd").run_id == first.run_id
    runs = "select run_id, run_number, is_accepted, customer_count from fitted_runs"
    known, _, newest = warehouse.query(runs + " order by run_number")
    assert (newest[0], newest[1]) == (first.run_id, 3)
    assert newest[2:] == known[2:]


def test_a_refusal_is_recorded_with_its_reason(warehouse, monkeypatch):
    add_customers(warehouse)

    def refuse(*_, **__):
        raise FitRefused("too few repeat customers")

    monkeypatch.setattr("rfm_cli.ltv.learn_ltv", refuse)
    run = learn(warehouse, RELATIONS, "mbg_nbd")
    assert (run.is_accepted, run.refusal_reason) == (False, "too few repeat customers")
    stored = "select is_accepted, refusal_reason from fitted_runs"
    assert warehouse.query(stored) == [(False, "too few repeat customers")]
    assert count(warehouse, "fitted_ltv_parameters") == 0


def test_leftovers_of_a_crash_are_overwritten(warehouse):
    add_customers(warehouse)
    run = learn(warehouse, RELATIONS, "mbg_nbd")
    whole = warehouse.query("select * from fitted_ltv_parameters order by all")
    # As an engine without transactions would leave it: the rows, but not the run.
    warehouse.query("delete from fitted_runs")
    warehouse.query("delete from fitted_ltv_parameters where parameter = 'r'")
    assert learn(warehouse, RELATIONS, "mbg_nbd").run_id == run.run_id
    assert warehouse.query("select * from fitted_ltv_parameters order by all") == whole


def test_rows_that_travel_are_counted(warehouse):
    add_customers(warehouse)
    groups = sum(count(warehouse, name) for name in LEARNING_RELATIONS[:2])
    run = learn(warehouse, RELATIONS, "mbg_nbd")
    learned = sum(count(warehouse, name) for name in LEARNING_RELATIONS[2:])
    # Beside the groups, the number of the last run is read.
    assert (run.rows_read, run.rows_written) == (groups + 1, learned)


def test_a_crash_while_appending_leaves_no_run(warehouse, monkeypatch):
    add_customers(warehouse)

    def crash(*_):
        raise RuntimeError

    monkeypatch.setattr(learning, "_replace_columns", crash)
    with pytest.raises(RuntimeError):
        learn(warehouse, RELATIONS, "mbg_nbd")
    assert count(warehouse, "fitted_runs") == 0
    assert count(warehouse, "fitted_ltv_parameters") == 0
