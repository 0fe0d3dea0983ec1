"""Learning where customers are in groups: tables of their own, run ids, what stays as it was."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pytest
from learned_tables import LEARNED_TABLES

from rfm_cli.learn import GROUP_RELATIONS, LATER_RELATIONS, LEARNING_RELATIONS, learn
from rfm_cli.ltv import FitRefused
from rfm_cli.ltv.parameters import BgParameters, SpendParameters
from rfm_cli.ltv.simulate import simulate_customers
from rfm_cli.warehouse.duckdb import DuckDBWarehouse

AS_OF = date(2024, 1, 1)
GROUP_TABLES = """
create table fitted_ltv_group_parameters (run_id varchar, ltv_group varchar, model varchar,
    parameter varchar, estimate double, standard_error double);
create table fitted_ltv_group_nodes (run_id varchar, ltv_group varchar, repeat_order_count int,
    node_number int, dropout_probability double, weight double);
create table fitted_ltv_group_intervals (run_id varchar, ltv_group varchar, repeat_order_count int,
    observed_days int, tail_probability double, value_ratio double);
create table fitted_ltv_group_effects (run_id varchar, model varchar, term varchar,
    parameter varchar, estimate double, standard_error double);
create table fitted_ltv_covariances (run_id varchar, ltv_group varchar, other_group varchar,
    model varchar, parameter varchar, other_parameter varchar, covariance double);
create table fitted_ltv_far_nodes (run_id varchar, ltv_group varchar, repeat_order_count int,
    node_number int, dropout_probability double, weight double);
"""
RELATIONS = {name: name for name in (*LEARNING_RELATIONS, *LATER_RELATIONS)}
CHANNELS = {"channel=web": (300, 40.0), "channel=shop": (200, 80.0), "channel=(unknown)": (1, 60.0)}


@pytest.fixture
def warehouse(tmp_path):
    path = tmp_path / "x.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(LEARNED_TABLES + GROUP_TABLES)
    with DuckDBWarehouse(path, read_only=False) as opened:
        yield opened


def add_counts(warehouse, group_of=lambda group: group):
    """Store the counts of three groups, named by `group_of`; without a column where it is None."""
    warehouse.query(
        "create table orders (ltv_group varchar, repeat_order_count int, first_to_last_days int,"
        " observed_days int, customer_count bigint)"
    )
    warehouse.query(
        "create table spend (ltv_group varchar, repeat_order_count int,"
        " repeat_amount decimal(18, 2), customer_count bigint)"
    )
    for number, (group, (size, alpha)) in enumerate(CHANNELS.items()):
        customers = simulate_customers(
            BgParameters("mbg_nbd", 0.9, alpha, 0.8, 2.5),
            SpendParameters(6.25, 3.74, 15.4),
            size,
            seed=number,
        )
        for table, counts, names in (
            ("orders", customers.order_counts(), ("first_to_last_days", "observed_days")),
            ("spend", customers.spend_counts(), ("repeat_amount",)),
        ):
            columns = [getattr(counts, n) for n in ("repeat_orders", *names, "customers")]
            for row in np.array(columns).T.tolist():
                marks = ", ".join("?" * len(row))
                warehouse.query(f"insert into {table} values (?, {marks})", [group, *row])
    column = "" if group_of("channel=web") is None else "ltv_group,"
    for table, columns in (
        ("orders", "repeat_order_count, first_to_last_days, observed_days"),
        ("spend", "repeat_order_count, repeat_amount"),
    ):
        for group in CHANNELS:
            warehouse.query(
                f"update {table} set ltv_group = ? where ltv_group = ?", [group_of(group), group]
            )
        warehouse.query(
            f"create table int_ltv__{table.removesuffix('s')}_counts as "
            f"select date '{AS_OF}' as as_of_date, {column} {columns},"
            f" cast(sum(customer_count) as bigint) as customer_count from {table}"
            f" group by {column} {columns}"
        )
    warehouse.query("drop table orders")
    warehouse.query("drop table spend")


def count(warehouse, table):
    return warehouse.query(f"select count(*) from {table}")[0][0]


@pytest.mark.parametrize("pooling", ["partial", "covariates"])
def test_groups_are_appended_beside_the_fit_of_everybody(warehouse, pooling):
    add_counts(warehouse)
    run = learn(warehouse, RELATIONS, "mbg_nbd", pooling)
    assert (run.is_accepted, run.refusal_reason) == (True, None)
    groups = warehouse.query(
        "select ltv_group, count(*), count(estimate), count(standard_error)"
        " from fitted_ltv_group_parameters group by all order by all"
    )
    assert [row[1:] for row in groups] == [(7, 7, 7)] * 3
    assert {row[0] for row in groups} == set(CHANNELS)
    for table in ("fitted_ltv_group_nodes", "fitted_ltv_group_intervals"):
        assert warehouse.query(f"select count(distinct ltv_group) from {table}") == [(3,)]
    terms = warehouse.query("select count(distinct term) from fitted_ltv_group_effects")
    assert terms == [(2 if pooling == "covariates" else 0,)]
    spreads = warehouse.query(
        "select count(*) from fitted_ltv_diagnostics where diagnostic like 'group_spread%'"
    )
    assert spreads == [(7 if pooling == "partial" else 0,)]
    assert count(warehouse, "fitted_ltv_parameters") == 7
    # Each of three groups with each, and everybody alone: 4 x 4 pairs of the order model, 3 x 3.
    covariances = warehouse.query(
        "select model, count(*), count(distinct run_id), count(distinct ltv_group)"
        " from fitted_ltv_covariances group by model order by model"
    )
    assert covariances == [("gamma_gamma", 90, 1, 4), ("mbg_nbd", 160, 1, 4)]
    errors = warehouse.query(
        "select max(abs(sqrt(covariance) * estimate / standard_error - 1)), count(*)"
        " from fitted_ltv_covariances inner join fitted_ltv_group_parameters"
        " using (run_id, ltv_group, model, parameter)"
        " where ltv_group = other_group and parameter = other_parameter"
    )
    assert errors[0] == (pytest.approx(0, abs=1e-9), 21)
    alphas = dict(
        warehouse.query(
            "select ltv_group, estimate from fitted_ltv_group_parameters where parameter = 'alpha'"
        )
    )
    assert alphas["channel=web"] < alphas["channel=shop"]


def test_the_same_groups_are_fitted_once_and_pooling_tells_runs_apart(warehouse):
    add_counts(warehouse)
    first = learn(warehouse, RELATIONS, "mbg_nbd", "partial")
    again = learn(warehouse, RELATIONS, "mbg_nbd", "partial")
    assert (again.run_id, again.is_new) == (first.run_id, False)
    other = learn(warehouse, RELATIONS, "mbg_nbd", "covariates")
    assert (other.run_id != first.run_id, other.is_new) == (True, True)


def test_other_names_of_groups_are_another_run(warehouse):
    add_counts(warehouse)
    first = learn(warehouse, RELATIONS, "mbg_nbd")
    for table in LEARNING_RELATIONS[:2]:
        warehouse.query(
            f"update {table} set ltv_group = 'channel=app' where ltv_group = 'channel=shop'"
        )
    assert learn(warehouse, RELATIONS, "mbg_nbd").run_id != first.run_id


def test_one_group_is_everybody(tmp_path):
    """The same run as without groups, also in a warehouse that has no tables for groups."""
    runs = []
    for name, group_of in (("one", lambda _: "channel=(unknown)"), ("none", lambda _: None)):
        path = tmp_path / f"{name}.duckdb"
        with duckdb.connect(path) as connection:
            connection.execute(LEARNED_TABLES)
        with DuckDBWarehouse(path, read_only=False) as warehouse:
            add_counts(warehouse, group_of)
            runs.append(learn(warehouse, {n: n for n in LEARNING_RELATIONS}, "mbg_nbd"))
    assert runs[0] == runs[1]
    assert runs[0].is_accepted


def test_where_groups_are_refused_everybody_shares_one_fit(warehouse, monkeypatch):
    add_counts(warehouse)

    def refuse(*_, **__):
        raise FitRefused("the groups do not settle")

    monkeypatch.setattr("rfm_cli.ltv.learn_groups", refuse)
    run = learn(warehouse, RELATIONS, "mbg_nbd")
    assert (run.is_accepted, run.refusal_reason) == (True, "the groups do not settle")
    assert count(warehouse, "fitted_ltv_parameters") == 7
    assert all(count(warehouse, name) == 0 for name in GROUP_RELATIONS)
    assert count(warehouse, "fitted_ltv_covariances") == 4 * 4 + 3 * 3


def test_a_warehouse_without_a_table_of_covariances_learns_all_the_same(warehouse):
    """One of an earlier version has none until the next `dbt build`."""
    warehouse.query("drop table fitted_ltv_covariances")
    add_counts(warehouse)
    relations = {name: name for name in RELATIONS if name != "fitted_ltv_covariances"}
    assert learn(warehouse, relations, "mbg_nbd").is_accepted
    assert count(warehouse, "fitted_ltv_group_parameters") == 21
