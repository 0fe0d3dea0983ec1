"""Budgets are kept whatever customers there are: the SQL of the model on made-up customers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from building import PROJECT
from hypothesis import given, settings
from hypothesis import strategies as st

DBT = Path(sys.executable).with_name("dbt")
BUDGETS = {"keep": "12345.67", "win_back": "76543.21"}
MONEY = st.integers(0, 10**7).map(lambda cents: Decimal(cents) / 100)
CUSTOMERS = st.lists(
    st.tuples(st.sampled_from([0, 0.1, 0.5, 0.9, 1]), MONEY, MONEY, st.booleans()), max_size=30
)


@pytest.fixture(scope="module")
def spend(tmp_path_factory):
    """Return a function that runs the model on customers with budgets."""
    folder = tmp_path_factory.mktemp("spend")
    variables = {f"rfm_spend_budget_{purpose}_amount": text for purpose, text in BUDGETS.items()}
    done = subprocess.run(
        [
            str(DBT), "--quiet", "compile", "--select", "allowable_spend", "--output", "json",
            "--profiles-dir", str(PROJECT), "--project-dir", str(PROJECT),
            "--vars", json.dumps(variables),
            "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
        ],
        env=os.environ | {"RFM_DUCKDB_PATH": str(folder / "spend.duckdb")},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    compiled = json.loads(done.stdout[done.stdout.index("{") :])["compiled"]

    def run(customers, budgets):
        sql = compiled
        for purpose, text in BUDGETS.items():
            assert text in sql
            sql = sql.replace(text, str(budgets[purpose]))
        numbered = [(f"c{number:02d}", *row) for number, row in enumerate(customers)]
        with duckdb.connect(folder / "spend.duckdb") as connection:
            connection.execute("create schema if not exists main_intermediate")
            connection.execute(
                "create or replace table customer_ltv (as_of_date date, customer_id text,"
                " alive_probability double, ltv_36m_amount decimal(18, 2))"
            )
            connection.execute(
                "create or replace table main_intermediate.int_value__stakes (customer_id text,"
                " lower_amount decimal(18, 2), value_amount decimal(18, 2))"
            )
            connection.execute(
                "create or replace table customer_rfm (customer_id text, rfm_segment text)"
            )
            connection.execute("create or replace table excluded_customers (customer_id text)")
            for customer, alive, lower, value, is_excluded in numbered:
                connection.execute(
                    "insert into customer_ltv values ('2024-01-01', ?, ?, ?)",
                    [customer, alive, value],
                )
                connection.execute(
                    "insert into main_intermediate.int_value__stakes values (?, ?, ?)",
                    [customer, lower, value],
                )
                if is_excluded:
                    connection.execute("insert into excluded_customers values (?)", [customer])
            return connection.execute(
                "select spend_purpose, customer_id, ceiling_amount, allowed_amount"
                f" from ({sql}) as model order by customer_id"
            ).fetchall()

    return run


@settings(max_examples=60, deadline=None)
@given(customers=CUSTOMERS, keep=MONEY, win_back=MONEY)
def test_no_more_is_allowed_than_there_is(spend, customers, keep, win_back):
    budgets = {"keep": keep, "win_back": win_back}
    rows = spend(customers, budgets)
    assert len(rows) == len(customers)
    excluded = {f"c{number:02d}" for number, row in enumerate(customers) if row[3]}
    for purpose, budget in budgets.items():
        told = [row for row in rows if row[0] == purpose]
        ceilings = sum((row[2] for row in told), Decimal(0))
        assert sum((row[3] for row in told), Decimal(0)) == min(budget, ceilings)
        # All get what an offer may cost, or nothing, but for the one whom the rest of it goes to.
        assert sum(0 < row[3] < row[2] for row in told) <= 1
    for _, customer, ceiling, allowed in rows:
        assert 0 <= allowed <= ceiling
        assert customer not in excluded or ceiling == 0
