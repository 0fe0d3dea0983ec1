"""Makes the orders that are measured (itself not measured): one Parquet file in order of time.

Customers follow BG/NBD and Gamma-Gamma exactly, first orders spread over the first two of three
years. The same arguments give the same file.

    python make_orders.py CUSTOMERS ORDERS_PER_CUSTOMER FILE
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from stopwatch import Stopwatch

from rfm_cli.ltv.parameters import BgParameters, SpendParameters
from rfm_cli.ltv.simulate import Orders, simulate_orders

SEED = 20_240_101
FIRST_DAY = np.datetime64("2022-01-01", "s")
TOTAL_DAYS, ACQUISITION_DAYS = 1095, 730
TRUE_ORDERS = BgParameters("bg_nbd", r=0.9, alpha=30.0, a=0.6, b=6.0)
TRUE_SPEND = SpendParameters(p=6.0, q=4.0, v=15.0)
PART_CUSTOMERS = 250_000  # bounds the memory of the simulation


def draw(parameters: BgParameters, size: int, seed: int) -> Orders:
    return simulate_orders(
        parameters,
        TRUE_SPEND,
        size,
        acquisition_days=ACQUISITION_DAYS,
        total_days=TOTAL_DAYS,
        seed=seed,
    )


def with_mean_orders(wanted: float) -> BgParameters:
    """Find the alpha that gives so many orders a customer, by halving on a pilot sample."""
    low, high = np.log(0.1), np.log(10_000.0)
    for _ in range(20):
        middle = (low + high) / 2
        pilot = draw(replace(TRUE_ORDERS, alpha=float(np.exp(middle))), 50_000, SEED)
        low, high = (middle, high) if len(pilot.day) / 50_000 > wanted else (low, middle)
    return replace(TRUE_ORDERS, alpha=round(float(np.exp(high)), 2))


def write_part(orders: Orders, first_customer: int, seed: int, file: Path) -> None:
    second = np.random.default_rng(seed).integers(0, 86_400, len(orders.day))
    table = pa.table(
        {
            "customer": orders.customer + first_customer,
            "ordered_at": FIRST_DAY + (orders.day * 86_400 + second).astype("timedelta64[s]"),
            "amount": np.maximum(np.round(orders.amount, 2), 0.01),
        }
    )
    pq.write_table(table, file)


def write_sorted(parts: Path, file: Path) -> int:
    """Sort the parts by time and number the orders; returns how many there are."""
    with duckdb.connect(parts / "sorted.duckdb") as connection:
        connection.execute("set memory_limit = '4GB'")
        connection.execute(
            f"create table orders as select * from '{parts}/*.parquet' "
            "order by ordered_at, customer, amount"
        )
        connection.execute(f"""
            copy (
                select
                    printf('O%09d', rowid + 1) as order_id,
                    printf('C%08d', customer) as customer_id,
                    cast(ordered_at as timestamp) as ordered_at,
                    cast(amount as decimal(18, 2)) as amount
                from orders
            ) to '{file}' (format parquet)
        """)
        return connection.execute("select count(*) from orders").fetchall()[0][0]


def main(customers: int, orders_per_customer: float, file: Path) -> None:
    stopwatch = Stopwatch()
    with stopwatch.step("make orders"), tempfile.TemporaryDirectory(dir=file.parent) as folder:
        parts = Path(folder)
        truth = with_mean_orders(orders_per_customer)
        for number, first in enumerate(range(0, customers, PART_CUSTOMERS)):
            size = min(PART_CUSTOMERS, customers - first)
            orders = draw(truth, size, SEED + number)
            write_part(orders, first, SEED + number, parts / f"{number}.parquet")
        order_count = write_sorted(parts, file)
    stopwatch.report(
        customer_count=customers,
        order_count=order_count,
        bg_nbd={name: value for name, value in asdict(truth).items() if name != "model"},
        gamma_gamma=asdict(TRUE_SPEND),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
