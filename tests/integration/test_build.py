"""Promises of every build: alone, empty, twice, as of a date."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from building import PROJECT, Warehouse
from hypothesis import given, settings
from hypothesis import strategies as st


def some_orders(seed: int = 5, customers: int = 60) -> list[tuple]:
    """Orders of several lines, refunds of the same and of later days, some without an order."""
    draw = random.Random(seed)
    rows = []
    for customer in range(customers):
        for order in range(draw.choice([1, 1, 2, 3, 8])):
            day = date(2023, 1, 1) + timedelta(days=draw.randrange(365))
            order_id = f"{customer}-{order}"
            for _ in range(draw.randint(1, 3)):
                rows.append((f"c{customer}", day, round(draw.uniform(1, 90), 2), order_id))
            if draw.random() < 0.2:
                later = day + timedelta(days=draw.randrange(40))
                rows.append((f"c{customer}", later, -round(draw.uniform(1, 50), 2), order_id))
            if draw.random() < 0.1:
                rows.append((f"c{customer}", day, -5, f"refund {order_id}"))
    return rows


def test_dbt_build_works_by_itself(tmp_path):
    """Plain dbt, no file, no fit: every model, test and unit test, and the tables again."""
    environment = os.environ | {
        "RFM_DUCKDB_PATH": str(tmp_path / "rfm.duckdb"),
        "DBT_WRITE_JSON": "true",
    }
    command = [
        str(Path(sys.executable).with_name("dbt")),
        "build",
        "--profiles-dir",
        str(PROJECT),
        "--project-dir",
        str(PROJECT),
        "--target-path",
        str(tmp_path / "target"),
        "--log-path",
        str(tmp_path / "logs"),
    ]
    for more in ([], ["--exclude-resource-type", "unit_test"]):
        done = subprocess.run(
            [*command, *more],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:]
        assert "ERROR=0" in done.stdout
    assert Warehouse(tmp_path / "rfm.duckdb").rows("select count(*) from customer_rfm") == [(0,)]
    # Else a unit test may run before the columns of its inputs are known.
    manifest = json.loads((tmp_path / "target" / "manifest.json").read_text())
    read_by = {
        node["name"]: {name.split(".")[2] for name in node["depends_on"]["nodes"]}
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    assert manifest["unit_tests"]
    for unit_test in manifest["unit_tests"].values():
        inputs = set(re.findall(r"ref\(['\"](\w+)", str([g["input"] for g in unit_test["given"]])))
        model = unit_test["model"]
        assert inputs <= read_by.get(model, inputs) | {model}, unit_test["name"]


def test_no_orders_make_empty_marts(warehouse, orders_file):
    warehouse.build(**orders_file([]))
    marts = warehouse.marts()
    counted = "select source_name, check_name, row_count, status from source_quality"
    assert warehouse.rows(counted) == [("file", "row_count", 0, "ok")]
    del marts["source_quality"]
    for name, rows in marts.items():
        assert rows == [], name


def test_one_order_is_scored(warehouse, orders_file):
    warehouse.build(**orders_file([("a", "2024-01-05", 10, "1")]))
    assert warehouse.rows(
        "select recency_days, frequency, monetary_amount, rfm_code from customer_rfm"
    ) == [(1, 1, 10, "313")]
    valued = (
        "select ltv_method, value_cell from customer_ltv join customer_value using (customer_id)"
    )
    assert warehouse.rows(valued) == [("baseline", "P3F3")]


def test_building_twice_changes_nothing(warehouse, orders_file):
    settings = orders_file(some_orders())
    first = warehouse.build(**settings).marts()
    assert warehouse.build(**settings).marts() == first


def test_row_order_decides_nothing(tmp_path, orders_file):
    rows = some_orders()
    shuffled = rows[:]
    random.Random(1).shuffle(shuffled)
    one = Warehouse(tmp_path / "one" / "rfm.duckdb")
    other = Warehouse(tmp_path / "other" / "rfm.duckdb")
    for place in (one, other):
        place.database.parent.mkdir()
    one.build(**orders_file(rows, "one.csv"))
    other.build(**orders_file(shuffled, "other.csv"))
    assert one.marts() == other.marts()


def test_what_comes_later_changes_nothing(tmp_path, orders_file):
    """The data up to a date and all the data give the same rows for that date."""
    rows = some_orders()
    as_of = date(2023, 8, 10)
    one = Warehouse(tmp_path / "one" / "rfm.duckdb")
    other = Warehouse(tmp_path / "other" / "rfm.duckdb")
    for place in (one, other):
        place.database.parent.mkdir()
    one.build(
        **orders_file([row for row in rows if row[1] < as_of], "known.csv"),
        rfm_as_of_date=str(as_of),
    )
    other.build(**orders_file(rows, "all.csv"), rfm_as_of_date=str(as_of))
    known, everything = one.marts(), other.marts()
    # How many rows are not known yet is the one thing that may be told.
    for mart in ("source_summary", "source_quality"):
        del known[mart], everything[mart]
    assert known["customer_rfm_history"]
    assert known == everything


def test_a_run_at_an_earlier_date_equals_the_history(tmp_path, orders_file):
    rows = some_orders()
    settings = orders_file(rows)
    one = Warehouse(tmp_path / "one" / "rfm.duckdb")
    other = Warehouse(tmp_path / "other" / "rfm.duckdb")
    for place in (one, other):
        place.database.parent.mkdir()
    one.build("+customer_rfm", **settings, rfm_as_of_date="2023-12-31")
    other.build("+customer_rfm", **settings, rfm_as_of_date="2023-07-01", rfm_history_periods=0)
    history = one.rows(
        "select * from customer_rfm_history where as_of_date = '2023-07-01' order by customer_id"
    )
    assert history == other.rows("select * from customer_rfm order by customer_id")


@settings(max_examples=6, deadline=None)
@given(
    orders=st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", "d"]),
            st.dates(date(2023, 1, 1), date(2023, 12, 31)),
            st.decimals(-50, 100, places=2),
            st.sampled_from(["", "1", "2", "3", "4", "5"]),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_marts_agree_with_a_plain_recount(orders, tmp_path_factory):
    """Recency, frequency and money against the same sums written as loops."""
    folder = tmp_path_factory.mktemp("recount")
    path = folder / "orders.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "ordered_at", "amount", "order_id"])
        writer.writerows(orders)
    warehouse = Warehouse(folder / "rfm.duckdb").build(
        "+customer_rfm_history",
        rfm_file_path=str(path),
        rfm_file_order_id="order_id",
        rfm_history_periods=2,
    )
    for (as_of,) in warehouse.rows(
        "select as_of_date from main_intermediate.int_time__as_of_dates"
    ):
        expected = {}
        known = [order for order in orders if order[1] < as_of]
        for customer in {order[0] for order in known}:
            mine = [order for order in known if order[0] == customer]
            sales = [order for order in mine if order[2] >= 0]
            if not sales:
                continue
            starts: dict[str, date] = {}
            for _, day, _, order_id in sales:
                if order_id:
                    starts[order_id] = min(day, starts.get(order_id, day))
            days = {day for _, day, _, order_id in sales if not order_id}
            last = max([*starts.values(), *days])
            expected[customer] = (
                (as_of - last).days,
                len(starts) + len(days),
                sum(order[2] for order in mine),
            )
        found = {
            customer: tuple(values)
            for customer, *values in warehouse.rows(
                "select customer_id, recency_days, frequency, monetary_amount"
                f" from customer_rfm_history where as_of_date = date '{as_of}'"
            )
        }
        assert found == expected
