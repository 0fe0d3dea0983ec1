"""The baseline on simulated shops that are too small for a fit: the total of a year is about right.

The project is built once; each shop takes the place of its customers.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from building import Warehouse

from rfm_cli.ltv.fit import MIN_REPEAT_CUSTOMERS
from rfm_cli.ltv.parameters import BgParameters, ParetoParameters, SpendParameters
from rfm_cli.ltv.simulate import Customers, simulate_customers

SPEND = SpendParameters(6.0, 4.0, 15.0)
SHOPS = 20  # of each kind, size and history
SIZES = (10, 50)
HISTORIES = (120, 365, 730)
# Times in days: as in CDNOW, loyal and fickle customers, slow and fast ones, nobody who leaves.
KINDS = {
    "cdnow": BgParameters("mbg_nbd", 0.525, 43.3, 0.891, 1.614),
    "loyal": BgParameters("mbg_nbd", 0.9, 60.0, 0.3, 5.0),
    "fickle": BgParameters("mbg_nbd", 1.0, 40.0, 1.0, 1.5),
    "slow": BgParameters("mbg_nbd", 0.7, 150.0, 0.6, 3.0),
    "staying": BgParameters("mbg_nbd", 1.0, 80.0, 0.01, 10.0),
    "pareto": ParetoParameters(0.553, 74.0, 0.606, 81.7),
    "pareto_slow": ParetoParameters(1.0, 80.0, 1.0, 400.0),
    "fast": BgParameters("bg_nbd", 1.5, 20.0, 0.6, 6.0),
}


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    """Return the orders of a year that the baseline expects of a shop."""
    folder = tmp_path_factory.mktemp("small")
    orders = folder / "orders.csv"
    orders.write_text("customer_id,ordered_at,amount\na,2023-05-01,10\na,2023-12-31,10\n")
    database = folder / "rfm.duckdb"
    Warehouse(database).build("+int_ltv__baseline", rfm_file_path=str(orders))
    with duckdb.connect(database) as connection:

        def expected(customers: Customers) -> float:
            shop = pa.table(
                {
                    "customer_id": [str(row) for row in range(len(customers.repeat_orders))],
                    "repeat_order_count": customers.repeat_orders.astype(int),
                    "first_to_last_days": customers.first_to_last_days.astype(int),
                    "observed_days": customers.observed_days.astype(int),
                    "revenue_amount": 10.0 * (customers.repeat_orders + 1),
                }
            )
            connection.register("shop", shop)
            connection.execute("create or replace table small_shop as select * from shop")
            rows = connection.execute(
                "select sum(expected_orders_365d) from main_intermediate.int_ltv__baseline"
            ).fetchall()
            return rows[0][0]

        connection.execute(
            "create table small_shop (customer_id varchar, repeat_order_count bigint,"
            " first_to_last_days bigint, observed_days bigint, revenue_amount double)"
        )
        connection.execute(
            "create or replace view main_intermediate.int_ltv__customer_summary as"
            " select date '2024-01-01' as as_of_date, *, revenue_amount as profit_amount,"
            " 0.0 as repeat_amount from main.small_shop"
        )
        yield expected


def shops(kind: str, size: int, days: int):
    for seed in range(SHOPS):
        customers = simulate_customers(
            KINDS[kind], SPEND, size, observed_days=days, future_days=365, seed=seed
        )
        if (customers.repeat_orders > 0).sum() < MIN_REPEAT_CUSTOMERS:
            yield customers


def test_the_total_of_a_year_is_about_right(baseline):
    """Bias over shops alike, and over all of them."""
    biases = {}
    for kind in KINDS:
        for days in HISTORIES:
            pairs = [
                (baseline(shop), shop.future_orders.sum())
                for size in SIZES
                for shop in shops(kind, size, days)
            ]
            expected, made = np.sum(pairs, axis=0)
            biases[kind, days] = expected / made - 1
    values = np.array(list(biases.values()))
    assert abs(np.median(values)) < 0.10, biases
    assert np.abs(values).mean() < 0.18, biases
    assert values.min() > -0.40, biases
    assert values.max() < 0.60, biases
    # Short histories are where simple rates go wrong: nobody has had the time to leave.
    of_history = {days: np.mean([biases[kind, days] for kind in KINDS]) for days in HISTORIES}
    assert max(abs(bias) for bias in of_history.values()) < 0.15, of_history


@pytest.mark.parametrize("size", [10, 50])
def test_a_day_of_orders_is_no_year_of_them(baseline, size):
    """Two orders on one day are not 365 in a year."""
    one_day = Customers(
        repeat_orders=np.ones(size),
        first_to_last_days=np.zeros(size),
        observed_days=np.ones(size),
        repeat_amount=np.ones(size),
        future_orders=np.zeros(size),
        future_amount=np.zeros(size),
    )
    assert baseline(one_day) < 20 * size
