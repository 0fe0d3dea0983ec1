"""Every mart of one small run, row by row.

A change here is a change of the data users get: say so in the data changes of the CHANGELOG, then
`pytest tests/golden --update-golden`.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

HERE = Path(__file__).parent
ORDERS = HERE / "orders.csv"
MARTS = [
    "allowable_spend",
    "best_customer_flow",
    "best_customers",
    "best_segments",
    "cohort_values",
    "customer_loyalty",
    "customer_ltv",
    "customer_opportunities",
    "customer_rfm",
    "customer_rfm_history",
    "customer_value",
    "customers",
    "customers_at_risk",
    "excluded_customers",
    "loyalty_summary",
    "ltv_backtest",
    "ltv_calibration",
    "ltv_checks",
    "ltv_drift",
    "ltv_parameters",
    "ltv_segment_totals",
    "orders",
    "profit_concentration",
    "profit_curve",
    "quarantined_rows",
    "rfm_segment_moves",
    "rfm_segment_summary",
    "rfm_thresholds",
    "segment_spend",
    "source_quality",
    "source_summary",
    "step_up_customers",
    "value_cell_summary",
    "value_levers",
]
# Learned numbers may differ in their last digits between processors.
RELATIVE = 1e-6
CENT = 0.011


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("golden")
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("rfm")),
            "run",
            "--orders",
            str(ORDERS),
            "--database",
            str(folder / "golden.duckdb"),
            "--history",
            "3",
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "golden.duckdb"


def as_text(value) -> str:
    if isinstance(value, float):
        return f"{value:.9g}"
    return "" if value is None else str(value)


def same(found: str, wanted: str) -> bool:
    if found == wanted:
        return True
    try:
        difference = abs(float(found) - float(wanted))
    except ValueError:
        return False
    is_money = "." in wanted and len(wanted.split(".")[1]) == 2
    return difference <= max(RELATIVE * abs(float(wanted)), CENT if is_money else 0)


def test_every_mart_is_golden(database):
    with duckdb.connect(database, read_only=True) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables"
            " where table_schema = 'main' order by 1"
        ).fetchall()
    assert [name for (name,) in names] == MARTS


@pytest.mark.parametrize("mart", MARTS)
def test_mart_is_as_before(database, mart, request):
    with duckdb.connect(database, read_only=True) as connection:
        cursor = connection.execute(f"select * from {mart} order by all")
        names = [column[0] for column in cursor.description]
        rows = [[as_text(value) for value in row] for row in cursor.fetchall()]
    golden = HERE / "marts" / f"{mart}.csv"
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(exist_ok=True)
        with golden.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([names, *rows])
        return
    with golden.open(newline="") as file:
        wanted_names, *wanted = list(csv.reader(file))
    assert names == wanted_names
    assert len(rows) == len(wanted)
    for found_row, wanted_row in zip(rows, wanted, strict=True):
        for name, found, value in zip(names, found_row, wanted_row, strict=True):
            assert same(found, value), (name, found_row, wanted_row)
