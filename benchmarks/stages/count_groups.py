"""Counts what a run left in the warehouse (itself not measured).

How far equal customers fall into one group, and how many distinct values there are to rank.

    python count_groups.py duckdb|postgres|spark [DATABASE]
"""

from __future__ import annotations

import sys
from pathlib import Path

from stopwatch import Stopwatch

from rfm_cli.project import find_project
from rfm_cli.warehouse import open_warehouse
from rfm_cli.warehouse.targets import find_target

# What is counted, and in which table.
COUNTS = {
    "customers": ("count(*)", "customer_value"),
    "orders": ("sum(order_count)", "customers"),
    "order_groups": ("count(*)", "int_ltv__order_counts"),
    "spend_groups": ("count(*)", "int_ltv__spend_counts"),
    "lookup_pairs": ("count(*)", "int_ltv__expected_orders"),
    "order_counts": ("count(distinct repeat_order_count)", "int_ltv__order_counts"),
    "highest_order_count": ("max(repeat_order_count)", "int_ltv__order_counts"),
    "longest_observed_days": ("max(observed_days)", "int_ltv__order_counts"),
    "nodes": ("count(*)", "fitted_ltv_nodes"),
    "node_order_counts": ("count(distinct repeat_order_count)", "fitted_ltv_nodes"),
    "intervals": ("count(*)", "fitted_ltv_intervals"),
    "recency_values": ("count(distinct recency_days)", "customer_rfm"),
    "monetary_values": ("count(distinct monetary_amount)", "customer_rfm"),
    "future_values": ("count(distinct future_value_amount)", "customer_value"),
    "best_customers": ("count(*)", "best_customers"),
}


def main(engine: str, database: Path | None) -> None:
    stopwatch = Stopwatch()
    with open_warehouse(find_target(find_project(), engine, database)) as warehouse:
        counts = {
            name: int(warehouse.query(f"select {count} from {warehouse.relation(table)}")[0][0])
            for name, (count, table) in COUNTS.items()
        }
    stopwatch.report(**counts)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None)
