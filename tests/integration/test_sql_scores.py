"""SQL applies the fitted models exactly: 1e-9 relative to closed forms in high precision."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import product

import duckdb
import mpmath as mp
import numpy as np
import pytest
from building import Warehouse
from ltv_reference import mean_living_orders, pareto_alive, pareto_living_orders

from rfm_cli.ltv.intervals import TAIL_PROBABILITIES, interval_table
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import covered_order_counts
from rfm_cli.ltv.parameters import OrderParameters, ParetoParameters, SpendParameters

AS_OF = date(2024, 1, 1)
TOLERANCE = 1e-9
ANNUAL_RATE = 0.10

# In the order of the names of the model (times in days): CDNOW's fits, the awkward a = 1, and much
# heavier and lighter dropout; the same of Pareto/NBD, where s = 1 and alpha = beta are awkward, and
# so are scales of the two rates that are orders of magnitude apart.
PARAMETER_SETS = [
    ("mbg_nbd", 0.525, 43.281, 0.891, 1.614),
    ("bg_nbd", 0.243, 30.898, 0.793, 2.426),
    ("mbg_nbd", 2.0, 100.0, 1.0, 3.0),
    ("bg_nbd", 0.9, 14.0, 0.1, 0.4),
    ("mbg_nbd", 1.3, 60.0, 5.0, 20.0),
    ("pareto_nbd", 0.553, 74.046, 0.606, 81.683),
    ("pareto_nbd", 2.0, 100.0, 1.0, 30.0),
    ("pareto_nbd", 1.5, 90.0, 1.0001, 90.0),
    ("pareto_nbd", 0.5, 1000.0, 0.2, 1.0),
    ("pareto_nbd", 0.3, 0.1, 20.0, 10_000.0),
    # All but equal dropout: hardly any (Complete Journey, in days), and heavy.
    ("pareto_nbd", 1.408, 9.53, 246.56, 1_815_534.0),
    ("pareto_nbd", 0.149, 11.64, 15_552.6, 810_308.0),
    ("bg_nbd", 1.388, 9.39, 5.5, 8103.1),
    ("mbg_nbd", 0.087, 6.181, 1962.0, 8103.1),
]
FIRST = {0, 1, 5, 6}  # CDNOW's, and one that is awkward
ORDER_COUNTS = [0, 1, 2, 3, 7, 20, 60, 150, 500, 2000]
SPEND = SpendParameters(6.25, 3.74, 15.45)


def customers() -> list[tuple[str, int, int, int]]:
    """(id, x, t_x, T) over a wide grid: 0 to 2000 repeat orders, a day to ten years."""
    grid = []
    for x, observed, share in product(
        ORDER_COUNTS,
        [1, 2, 10, 91, 400, 1500, 3650],
        [0.0, 0.5, 0.9, 1.0],
    ):
        last = int(share * (observed - 1)) if x else 0
        grid.append((x, last, observed))
    return [(f"c{number}", *row) for number, row in enumerate(sorted(set(grid)))]


def orders(x: int, t_x: int, observed: int):
    """Make x + 1 orders, all on the first day but the last one."""
    first = AS_OF - timedelta(days=observed)
    yield from [(first, 20.0)] * (x if x else 1)
    if x:
        yield first + timedelta(days=t_x), 30.0


@pytest.fixture(scope="module")
def grid_warehouse(tmp_path_factory):
    """One database with the grid's orders; the fits are put in by each test."""
    folder = tmp_path_factory.mktemp("grid")
    rows = [
        (customer, f"{customer}-{number}", day, amount)
        for customer, x, t_x, observed in customers()
        for number, (day, amount) in enumerate(orders(x, t_x, observed))
    ]
    columns = list(zip(*rows, strict=True))
    path = folder / "orders.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "create table orders as select unnest(?) as customer_id, unnest(?) as order_id,"
            " unnest(?) as ordered_at, unnest(?) as amount",
            [list(column) for column in columns],
        )
        connection.execute(f"copy orders to '{path}' (format parquet)")
    warehouse = Warehouse(folder / "rfm.duckdb")
    settings = {
        "rfm_file_path": str(path),
        "rfm_file_format": "parquet",
        "rfm_file_order_id": "order_id",
        "rfm_as_of_date": AS_OF.isoformat(),
        "rfm_history_periods": 0,
        "rfm_ltv_annual_discount_rate": ANNUAL_RATE,
    }
    return warehouse.build("+int_ltv__modelled", "path:models/fitted", **settings), settings


def store_fit(warehouse, number: int, order: OrderParameters) -> None:
    """Append what `rfm fit` would append, for given parameters."""
    run_id = f"run {number}"
    model = ORDER_MODELS[order.model]
    nodes = model.node_table(order, covered_order_counts(np.array(ORDER_COUNTS)))
    intervals = interval_table(order, SPEND, max(ORDER_COUNTS), 3650).columns()
    with duckdb.connect(warehouse.database) as connection:
        connection.executemany(
            "insert into main_fitted.fitted_ltv_parameters values (?, ?, ?, ?, null)",
            [
                (run_id, owner, name, getattr(parameters, name))
                for owner, parameters, names in (
                    (order.model, order, model.parameter_names),
                    ("gamma_gamma", SPEND, ("p", "q", "v")),
                )
                for name in names
            ],
        )
        connection.execute(
            "insert into main_fitted.fitted_ltv_nodes"
            " select ?, unnest(?), unnest(?), unnest(?), unnest(?)",
            [
                run_id,
                nodes.repeat_order_count.astype(int).tolist(),
                nodes.node_number.astype(int).tolist(),
                nodes.dropout_probability.tolist(),
                nodes.weight.tolist(),
            ],
        )
        connection.execute(
            "insert into main_fitted.fitted_ltv_intervals"
            " select ?, unnest(?), unnest(?), unnest(?), unnest(?)",
            [run_id, *(column.tolist() for column in intervals)],
        )
        connection.execute(
            "insert into main_fitted.fitted_runs values"
            " (?, ?, 'ltv', ?, ?, true, null, 1, 1, 'test')",
            [run_id, number, AS_OF, order.model],
        )


def alive(order: OrderParameters, x: int, t_x: int, observed: int):
    if isinstance(order, ParetoParameters):
        return pareto_alive(order, x, t_x, observed)
    if order.model == "bg_nbd" and x == 0:
        return mp.mpf(1)
    b = mp.mpf(order.b) + x - (1 if order.model == "bg_nbd" else 0)
    odds = mp.mpf(order.a) / b
    odds *= ((mp.mpf(order.alpha) + observed) / (mp.mpf(order.alpha) + t_x)) ** (
        mp.mpf(order.r) + x
    )
    return 1 / (1 + odds)


@cache
def living_orders(order: OrderParameters, x: int, observed: int, days):
    """Closed form with Gauss's 2F1 (Fader, Hardie & Lee 2005, equation 10).

    Kept: t_x plays no part, so several customers share it, and the function is slow.
    """
    if isinstance(order, ParetoParameters):
        return pareto_living_orders(order, x, observed, days)
    if order.b > 1000:  # beyond 2F1 as mpmath has it, even with 200 digits
        return mean_living_orders(order, x, observed, days)
    nudge = mp.mpf(10) ** -30 if order.a == 1 else 0
    a = mp.mpf(order.a) + nudge
    b = mp.mpf(order.b) + x + (1 if order.model == "mbg_nbd" else 0)
    k = mp.mpf(order.r) + x
    z = mp.mpf(days) / (mp.mpf(order.alpha) + observed)
    tail = mp.hyp2f1(k, b, a + b - 1, z / (1 + z)) * (1 + z) ** -k
    return (a + b - 1) / (a - 1) * (1 - tail)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=() if number in FIRST else pytest.mark.long)
        for number in range(len(PARAMETER_SETS))
    ],
)
def test_sql_equals_the_closed_forms(grid_warehouse, number):
    warehouse, settings = grid_warehouse
    name, *values = PARAMETER_SETS[number]
    order = ORDER_MODELS[name].parameters(*values)
    store_fit(warehouse, number, order)
    warehouse.build("+int_ltv__modelled", **settings, rfm_ltv_model=order.model)
    scored = {
        row[0]: row[1:]
        for row in warehouse.rows(
            "select customer_id, alive_probability, expected_orders_90d, expected_orders_365d,"
            " expected_order_value, ltv_12m_amount, ltv_36m_amount"
            " from main_intermediate.int_ltv__modelled"
        )
    }
    assert len(scored) == len(customers())
    # Discounted values are checked on part of the grid: a hypergeometric function a month.
    with mp.workdps(60):
        for index, (customer, x, t_x, observed) in enumerate(customers()):
            p_alive = alive(order, x, t_x, observed)
            value = mp.mpf(SPEND.p) * (mp.mpf(SPEND.v) + (20 * (x - 1) + 30 if x else 0))
            value /= mp.mpf(SPEND.p) * x + mp.mpf(SPEND.q) - 1
            expected = [
                p_alive,
                p_alive * living_orders(order, x, observed, 90),
                p_alive * living_orders(order, x, observed, 365),
                value,
            ]
            if index % 9 == 0:
                discounted = before = mp.mpf(0)
                for month in range(1, 37 if index % 45 == 0 else 13):
                    until = living_orders(order, x, observed, mp.mpf(365) * month / 12)
                    factor = (1 + mp.mpf(ANNUAL_RATE)) ** (-mp.mpf(month) / 12)
                    discounted += factor * (until - before)
                    before = until
                    if month in (12, 36):
                        expected.append(p_alive * discounted * value)
            for found, wanted in zip(scored[customer], expected, strict=False):
                error = abs(found - wanted)
                # A probability below 1e-290 is as good as none.
                assert error <= TOLERANCE * abs(wanted) + 1e-290, (customer, x, t_x, observed)


@pytest.mark.parametrize("name", ["mbg_nbd", "pareto_nbd"])
def test_intervals_hold_the_tails_that_sql_reads(grid_warehouse, name):
    """The macro interval_tail_probabilities and the learning code name the same probabilities."""
    warehouse, settings = grid_warehouse
    values = next(values for model, *values in PARAMETER_SETS if model == name)
    order = ORDER_MODELS[name].parameters(*values)
    store_fit(warehouse, 90 + list(ORDER_MODELS).index(name), order)
    warehouse.build("+customer_ltv", **settings, rfm_ltv_model=order.model)
    columns = [f"value_ratio_{number}" for number in range(1, len(TAIL_PROBABILITIES) + 1)]
    table = interval_table(order, SPEND, max(ORDER_COUNTS), 3650)
    rows = warehouse.rows(
        f"select repeat_order_count, observed_days, {', '.join(columns)}"
        " from main_intermediate.int_ltv__lookup"
    )
    assert len(rows) > 50
    for x, observed, *ratios in rows:
        for tail, ratio in zip(TAIL_PROBABILITIES, ratios, strict=True):
            assert ratio == pytest.approx(
                float(table.ratio(x, observed, tail)), rel=1e-9, abs=1e-12
            )
    assert not warehouse.rows(
        "select customer_id from customer_ltv where ltv_lower_amount > ltv_upper_amount"
        " or ltv_lower_amount is null or ltv_upper_amount is null or ltv_upper_amount < 0"
    )
