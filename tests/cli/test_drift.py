"""How a fit has held since, and which fit scores a date in the past."""

from __future__ import annotations

import json
import random
import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from cli_helpers import query, write_orders

from rfm_cli.dbt import Dbt
from rfm_cli.ltv.forecast import expected_orders
from rfm_cli.ltv.nodes import covered_order_counts, node_table
from rfm_cli.ltv.parameters import BgParameters, SpendParameters
from rfm_cli.ltv.simulate import simulate_orders
from rfm_cli.project import shipped_project
from rfm_cli.warehouse.targets import duckdb_target

CURRENT_FIT = "select run_id, fitted_as_of_date from main_intermediate.int_ltv__current_fit"
FITTED, NOW = "2023-08-01", "2023-12-15"


def simulated_orders() -> list[tuple[object, ...]]:
    """Customers who come until August, order at their own pace and stop at their own time."""
    orders = simulate_orders(
        BgParameters("mbg_nbd", 0.9, 40.0, 0.8, 2.5),
        SpendParameters(6.0, 4.0, 150.0),
        800,
        acquisition_days=210,
        total_days=348,
        seed=1,
    )
    days = [(date(2023, 1, 1) + timedelta(days=int(day))).isoformat() for day in orders.day]
    rows = zip(orders.customer, days, orders.amount, strict=True)
    return [(f"c{c:04d}", day, f"{a:.2f}", f"o{n}") for n, (c, day, a) in enumerate(rows)]


def run(rfm, folder: Path, *options: object) -> dict:
    done = rfm("run", "--database", "x.duckdb", "--json", *options, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def scores(database: Path) -> list[tuple]:
    return query(database, "select * from customer_ltv order by customer_id")


def expected_by_python(database: Path) -> float:
    """Add up what the learning code expects of each history that the drift looks at."""
    (fit,) = query(
        database,
        "select r, alpha, a, b, horizon_days from main_intermediate.int_ltv__tested_fits"
        " where ltv_group = ''",
    )
    x, t_x, observed, customers = np.array(
        query(
            database,
            "select repeat_order_count, first_to_last_days, observed_days, customer_count"
            " from main_intermediate.int_ltv__fit_outcomes",
        ),
        dtype=float,
    ).T
    parameters = BgParameters("mbg_nbd", *fit[:4])
    nodes = node_table(parameters, covered_order_counts(x))
    return sum(
        n * float(expected_orders(parameters, nodes, *history, days=fit[4]))
        for *history, n in zip(x, t_x, observed, customers, strict=True)
    )


@pytest.fixture(scope="module")
def fitted(rfm, tmp_path_factory) -> Path:
    """A folder with orders of a year and a database as of August."""
    folder = tmp_path_factory.mktemp("drift")
    orders = write_orders(folder / "orders.csv", simulated_orders())
    facts = run(rfm, folder, "--orders", orders, "--as-of", FITTED)
    assert facts["learned"]["is_accepted"], facts["learned"]
    assert facts["ltv"]["drift"] is None
    return folder


@pytest.fixture
def copy(fitted, tmp_path) -> Path:
    shutil.copytree(fitted, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_a_fit_that_holds_is_no_warning(rfm, copy):
    facts = run(rfm, copy, "--orders", copy / "orders.csv", "--as-of", NOW)
    drift = facts["ltv"]["drift"]
    assert (drift["fitted_as_of_date"], drift["horizon_days"]) == (FITTED, 136)
    assert not drift["is_current_fit"]
    assert not drift["is_warning"], drift
    made = query(
        copy / "x.duckdb",
        "with first as (select customer_id, min(order_date) as first_date from orders group by 1)"
        " select count(*) from orders join first using (customer_id)"
        f" where first_date < '{FITTED}' and order_date >= '{FITTED}'",
    )
    assert made == [(drift["order_count"],)]
    assert abs(drift["standard_errors"]) < 2
    assert drift["expected_order_count"] == pytest.approx(expected_by_python(copy / "x.duckdb"))


def test_a_fit_that_no_longer_holds_is_a_warning(rfm, copy):
    """Since August two in three orders are lost."""
    draw = random.Random(1)
    kept = [row for row in simulated_orders() if row[1] < FITTED or draw.random() < 1 / 3]
    orders = write_orders(copy / "fewer.csv", kept)
    done = rfm("run", "--orders", orders, "--as-of", NOW, "--database", "x.duckdb", cwd=copy)
    assert done.returncode == 0, done.stderr
    assert "warning: The fit of 2023-08-01 expected" in done.stdout
    check = rfm("check", "--database", "x.duckdb", "--json", cwd=copy)
    drift = next(c for c in json.loads(check.stdout)["checks"] if c["name"] == "drift")
    assert drift["result"] == "warn"
    assert drift["hint"] == "a newer fit scores; see whether it holds"


@pytest.mark.long
def test_a_date_in_the_past_scores_with_the_fit_known_then(rfm, copy):
    database = copy / "x.duckdb"
    first = scores(database)
    run(rfm, copy, "--orders", copy / "orders.csv", "--as-of", NOW)
    newer = query(database, CURRENT_FIT)
    settings = {
        "rfm_file_path": str(copy / "orders.csv"),
        "rfm_file_order_id": "order_id",
        "rfm_as_of_date": "2023-08-20",
    }
    dbt = Dbt(shipped_project(), duckdb_target(database), settings)
    dbt.parse()
    dbt.build()
    assert query(database, CURRENT_FIT) != newer
    assert query(database, CURRENT_FIT)[0][1] == date.fromisoformat(FITTED)
    assert query(database, "select distinct as_of_date from customer_ltv") == [(date(2023, 8, 20),)]
    again = run(rfm, copy, "--orders", copy / "orders.csv", "--as-of", FITTED)
    assert not again["learned"]["is_new"]
    assert scores(database) == first
