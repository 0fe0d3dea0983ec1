"""Measures the learning of rfm alone: from one row per customer in the database to parameters.

Grouping equal customers happens in the warehouse, by dbt's own SQL; then the counts are read and
each model is fitted. `learn_ltv` adds what SQL scores with: quadrature nodes and intervals.

    python rfm_fit.py DATABASE COMPILED_FOLDER
"""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy loads, as rfm_cli.app does

import duckdb
import pyarrow as pa
from compiled import compiled_sql
from stopwatch import Stopwatch

from rfm_cli.ltv import OrderCounts, SpendCounts, learn_ltv
from rfm_cli.ltv.fit import fit_orders, fit_spend


def floats(table: pa.Table) -> list:
    """Return the columns as arrays, without the as-of date they share."""
    columns = table.drop_columns(["as_of_date"])
    return [column.cast(pa.float64()).to_numpy() for column in columns.columns]


def main(database: str, compiled: Path) -> None:
    stopwatch = Stopwatch()
    connection = duckdb.connect(database, read_only=True)
    with stopwatch.step("group equal customers and read the counts"):
        tables = [
            connection.sql(compiled_sql(compiled, name)).to_arrow_table()
            for name in ("int_ltv__order_counts", "int_ltv__spend_counts")
        ]
        orders = OrderCounts(*floats(tables[0]))
        spend = SpendCounts(*floats(tables[1]))
    connection.close()
    with stopwatch.step("fit BG/NBD"):
        bg_nbd = fit_orders(orders, "bg_nbd")
    with stopwatch.step("fit MBG/NBD"):
        mbg_nbd = fit_orders(orders, "mbg_nbd")
    with stopwatch.step("fit Pareto/NBD"):
        pareto_nbd = fit_orders(orders, "pareto_nbd")
    with stopwatch.step("fit Gamma-Gamma"):
        gamma_gamma = fit_spend(spend)
    with stopwatch.step("learn_ltv"):
        learn_ltv(orders, spend, model="bg_nbd")
    fits = {
        "bg_nbd": bg_nbd,
        "mbg_nbd": mbg_nbd,
        "pareto_nbd": pareto_nbd,
        "gamma_gamma": gamma_gamma,
    }
    stopwatch.report(
        order_group_count=len(orders.customers),
        spend_group_count=len(spend.customers),
        **{
            name: {key: x for key, x in asdict(fit.parameters).items() if key != "model"}
            for name, fit in fits.items()
        },
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
