"""Rates of activities against a plain loop over days and rates, drawn at random.

The SQL is what dbt makes of the models for the company; it runs on tables of the test's own.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from company_database import RFM, project_with
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_cli.demo.company.settings import COMPANY_SETTINGS

FIRST = date(2024, 1, 1)
DAYS = 20
MODELS = ("int_profit__activity_rates", "int_profit__driver_rates")


@dataclass(frozen=True)
class Rate:
    """A rate of the one activity: days since FIRST, the last included or None while it holds."""

    is_of_seed: bool
    amount: Decimal
    first: int
    last: int | None

    def holds(self, day: int) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


RATES = st.lists(
    st.builds(
        Rate,
        st.booleans(),
        st.decimals(-2, 9, places=4),
        st.integers(0, DAYS),
        st.one_of(st.none(), st.integers(0, DAYS)),
    ),
    max_size=6,
)


def plain_rate(rates: list[Rate], day: int) -> Decimal | None:
    """Say what one costs on a day, by looking at every pair of rates."""
    for is_of_seed in (True, False):
        usable = [
            rate
            for rate in rates
            if rate.is_of_seed is is_of_seed
            and rate.amount >= 0
            and (rate.last is None or rate.last >= rate.first)
        ]
        alone = [
            one
            for one in usable
            if not any(
                other is not one and one.holds(shared) and other.holds(shared)
                for other in usable
                for shared in range(DAYS + 2)
            )
        ]
        for rate in alone:
            if rate.holds(day):
                return rate.amount
    return None


@pytest.fixture(scope="module")
def compiled(fresh_company_of_module, tmp_path_factory) -> dict[str, str]:
    """Return the SQL of the models, as dbt makes it for the company."""
    folder = tmp_path_factory.mktemp("compiled")
    company = fresh_company_of_module
    project = project_with(folder / "project", COMPANY_SETTINGS)
    target = folder / "target"
    done = subprocess.run(
        [
            RFM.with_name("dbt"), "compile", "--select", *MODELS, "--project-dir", project,
            "--profiles-dir", project, "--target-path", target, "--log-path", folder / "logs",
        ],
        env=os.environ | {"RFM_DUCKDB_PATH": str(company)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    return {
        path.stem: path.read_text()
        for path in (target / "compiled").rglob("*.sql")
        if path.stem in MODELS
    }


@pytest.fixture(scope="module")
def fresh_company_of_module(tmp_path_factory) -> Path:
    """A database that is called what the compiled SQL calls it, with nothing in it."""
    path = tmp_path_factory.mktemp("rates") / "costs.duckdb"
    duckdb.connect(path).close()
    return path


@settings(max_examples=60, deadline=None)
@given(rates=RATES)
def test_rates_cost_what_a_plain_loop_says(compiled, rates):
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as costs; use costs")
        connection.execute("set timezone = 'UTC'")
        for schema in ("main_seeds", "main_intermediate", "main_staging"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table main_seeds.cost_activities as"
            " select 'order' as activity, 'order' as driver, 'fulfilment_cost' as statement_line,"
            " 'shop' as source_name"
        )
        columns = (
            "rate_amount decimal(19, 8), currency text, valid_from_date date, valid_to_date date"
        )
        connection.execute(f"create table main_seeds.activity_rates (activity text, {columns})")
        connection.execute(
            f"create table main_staging.stg_accounting__activity_costs (activity text, {columns},"
            " quarantine_reason text)"
        )
        connection.execute(
            "create table main_intermediate.int_money__rates"
            " (currency text, rate_date date, rate decimal(19, 8), is_known_currency boolean)"
        )
        days = [FIRST + timedelta(days=day) for day in range(DAYS + 2)]
        connection.execute(
            "create table main_intermediate.int_orders__judged_counts as"
            " select unnest(?::date[]) as order_date",
            [days],
        )
        connection.execute(
            "create table main_intermediate.int_interactions__judged (interaction_date date)"
        )
        names = "activity, rate_amount, currency, valid_from_date, valid_to_date"
        for rate in rates:
            last = None if rate.last is None else FIRST + timedelta(days=rate.last)
            row = ["order", rate.amount, "EUR", FIRST + timedelta(days=rate.first), last]
            table = (
                "main_seeds.activity_rates"
                if rate.is_of_seed
                else "main_staging.stg_accounting__activity_costs"
            )
            connection.execute(f"insert into {table} ({names}) values (?, ?, ?, ?, ?)", row)
        for name in MODELS:
            connection.execute(f"create table main_intermediate.{name} as {compiled[name]}")
        found = {
            day: (rate, missing)
            for day, rate, missing in connection.execute(
                "select rate_date, rate_amount, missing_count"
                " from main_intermediate.int_profit__driver_rates"
            ).fetchall()
        }
    wanted = {day: plain_rate(rates, number) for number, day in enumerate(days)}
    if rates:
        assert found == {day: (rate, int(rate is None)) for day, rate in wanted.items()}
    else:
        assert found == {}
