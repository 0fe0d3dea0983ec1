"""The checks of orders on simulated shops: chance is no warning, subscriptions and seasons are.

The project is built once; each shop takes the place of its orders, and the SQL of the mart, as dbt
compiled it, is run again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from building import PROJECT, Warehouse

from rfm_cli.ltv.parameters import BgParameters, ParetoParameters, SpendParameters
from rfm_cli.ltv.simulate import simulate_orders
from rfm_cli.project import cache_folder, cache_key

AS_OF = np.datetime64("2024-01-01")
SPEND = SpendParameters(6.0, 4.0, 15.0)
Shop = tuple[np.ndarray, np.ndarray]  # customers in order, and days before the as-of date
Check = Callable[[Shop], dict[str, dict]]


@pytest.fixture(scope="module")
def check(tmp_path_factory) -> Check:
    """Put a shop into the database and return its checks by name."""
    folder = tmp_path_factory.mktemp("checks")
    orders = folder / "orders.csv"
    orders.write_text("customer_id,ordered_at,amount\na,2023-05-01,10\na,2023-12-31,10\n")
    database = folder / "rfm.duckdb"
    Warehouse(database).build("+ltv_checks", rfm_file_path=str(orders))
    cache = cache_folder() / "dbt" / cache_key(PROJECT, database)
    (compiled,) = Path(cache).rglob("compiled/*/models/marts/value/ltv_checks.sql")
    sql = compiled.read_text()
    with duckdb.connect(database) as connection:

        def run(shop: Shop) -> dict[str, dict]:
            customer, days_ago = shop
            rows = pa.table({"customer": customer, "days_ago": days_ago})
            connection.register("shop", rows)
            connection.execute(
                "create or replace table main_intermediate.int_orders__resolved as select"
                " cast(customer as varchar) as customer_id, false as is_refund_only,"
                f" date '{AS_OF}' - cast(days_ago as integer) as order_date from shop"
            )
            connection.execute(
                "create or replace table main_intermediate.int_orders__by_customer as"
                f" select date '{AS_OF}' as as_of_date, customer_id,"
                " min(order_date) as first_order_date"
                " from main_intermediate.int_orders__resolved group by customer_id"
            )
            rows = connection.execute(sql)
            names = [column[0] for column in rows.description]
            records = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
            assert {record["as_of_date"] for record in records} == {date(2024, 1, 1)}
            return {record["check_name"]: record for record in records}

        yield run


def random_shop(truth, size: int, days: int, seed: int) -> Shop:
    orders = simulate_orders(truth, SPEND, size, acquisition_days=days, total_days=days, seed=seed)
    return orders.customer, days - orders.day


def subscribers(size: int, days: int, jitter_days: float, seed: int) -> Shop:
    """Every thirty days, more or less, from a day of their own until they leave."""
    draw = np.random.default_rng(seed)
    rows = []
    for customer in range(size):
        day = int(draw.integers(0, days))
        while day < days:
            rows.append((customer, days - day))
            if draw.random() < 0.03:
                break
            day += 30 + round(draw.normal() * jitter_days)
    customer, days_ago = np.array(rows).T
    return customer, days_ago


def christmas_shop(size: int, days: int, strength: float, seed: int) -> Shop:
    """Repeat orders outside December are thinned out."""
    customer, days_ago = random_shop(BgParameters("mbg_nbd", 0.9, 40.0, 0.3, 2.5), size, days, seed)
    month = (AS_OF - days_ago).astype("datetime64[M]").astype(int) % 12 + 1
    is_first = np.append(True, customer[1:] != customer[:-1])
    draw = np.random.default_rng(seed)
    keep = is_first | (month == 12) | (draw.random(len(customer)) < 1 / strength)
    return customer[keep], days_ago[keep]


@pytest.mark.parametrize(
    ("truth", "size", "days"),
    [
        (BgParameters("mbg_nbd", 0.9, 60.0, 0.8, 2.5), 60, 730),
        (BgParameters("mbg_nbd", 0.9, 60.0, 0.8, 2.5), 600, 1095),
        (BgParameters("bg_nbd", 2.0, 20.0, 0.5, 5.0), 300, 800),
        (ParetoParameters(0.9, 60.0, 0.6, 80.0), 200, 1095),
        (BgParameters("mbg_nbd", 0.5, 200.0, 0.8, 2.5), 400, 1095),
    ],
)
def test_random_orders_are_hardly_ever_warned_about(check, truth, size, days):
    """Customers who order several times a week, too: whole days do not pass for a rhythm."""
    found = [check(random_shop(truth, size, days, seed)) for seed in range(60)]
    for name in ("order_regularity", "season"):
        assert sum(shop[name]["is_warning"] for shop in found) < 0.05 * len(found)
    known = [shop["order_regularity"] for shop in found if shop["order_regularity"]["is_known"]]
    assert np.median([shop["check_value"] for shop in known]) == pytest.approx(1, abs=0.12)
    assert {shop["season"]["is_known"] for shop in found} == {days > 760}


@pytest.mark.parametrize("jitter_days", [0, 3, 8])
def test_subscriptions_are_warned_about(check, jitter_days):
    found = [check(subscribers(50, 600, jitter_days, seed)) for seed in range(25)]
    warned = [shop for shop in found if shop["order_regularity"]["is_warning"]]
    assert len(warned) >= 24
    assert all(shop["order_regularity"]["check_value"] > 3 for shop in warned)


def test_few_subscribers_are_not_judged(check):
    found = check(subscribers(12, 400, 0, seed=1))["order_regularity"]
    assert found["observation_count"] < 20
    assert not found["is_known"]
    assert not found["is_warning"]


def test_one_customer_with_thousands_of_orders_is_no_season(check):
    customer, days_ago = random_shop(BgParameters("mbg_nbd", 0.9, 60.0, 0.8, 2.5), 300, 900, 1)
    bulk = np.full(3000, 1 + customer.max()), np.append(880, np.full(2999, 400))
    found = check((np.append(customer, bulk[0]), np.append(days_ago, bulk[1])))["season"]
    assert found["check_value"] > 3
    assert not found["is_warning"]


@pytest.mark.parametrize(("strength", "least"), [(2, 0.9), (3, 1.0)])
def test_a_christmas_business_is_warned_about(check, strength, least):
    found = [check(christmas_shop(400, 1000, strength, seed))["season"] for seed in range(25)]
    assert sum(shop["is_warning"] for shop in found) >= least * len(found)
    assert {shop["calendar_month"] for shop in found if shop["is_warning"]} == {12}


def test_a_season_cannot_be_known_within_two_years(check):
    found = check(christmas_shop(400, 700, 3, seed=1))["season"]
    assert not found["is_known"]
    assert found["check_value"] is None


def test_growth_and_decay_are_no_season(check):
    """A shop that grows by a third a month; and one cohort whose customers leave one by one."""
    draw = np.random.default_rng(1)
    days_ago = (draw.exponential(105, 4000)).astype(int) + 1
    days_ago = days_ago[days_ago < 1000]
    starts = np.sort(days_ago)[::-1]
    customer = np.repeat(np.arange(len(starts)), 2)
    later = (starts * draw.random(len(starts))).astype(int)
    growing = check((customer, np.column_stack([starts, np.maximum(later, 1)]).ravel()))["season"]
    cohort = simulate_orders(
        BgParameters("mbg_nbd", 0.9, 40.0, 0.8, 2.5),
        SPEND,
        2000,
        acquisition_days=30,
        total_days=1000,
        seed=1,
    )
    decaying = check((cohort.customer, 1000 - cohort.day))["season"]
    for found in (growing, decaying):
        assert found["is_known"]
        assert not found["is_warning"], found
