"""Compares what rfm and a peer say about the same customers (itself not measured).

Largest difference in proportion, of numbers from 0.01 on. Discounted values are left out: months
have 30 days in the peers and a twelfth of a year here.

    python compare_scores.py RFM_DATABASE SCORES_FILE
"""

from __future__ import annotations

import sys

import duckdb
from stopwatch import Stopwatch

COLUMNS = ("alive_probability", "expected_orders_365d", "expected_order_value")


def main(database: str, scores: str) -> None:
    with duckdb.connect(database, read_only=True) as connection:
        found = connection.execute(f"""
            select
                count(*),
                {
            ", ".join(
                f"max(abs(ours.{c} - theirs.{c}) / greatest(abs(ours.{c}), 0.01))" for c in COLUMNS
            )
        }
            from customer_ltv as ours
            inner join read_parquet('{scores}') as theirs using (customer_id)
        """).fetchall()[0]
    Stopwatch().report(customer_count=found[0], **dict(zip(COLUMNS, found[1:], strict=True)))


if __name__ == "__main__":
    main(*sys.argv[1:])
