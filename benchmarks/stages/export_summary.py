"""Hands the hand-written summary to the peers (itself not measured), as they want it.

python export_summary.py HAND_WRITTEN_DATABASE FILE
"""

from __future__ import annotations

import sys

import duckdb


def main(database: str, file: str) -> None:
    with duckdb.connect(database, read_only=True) as connection:
        connection.execute(f"""
            copy (
                select
                    customer_id,
                    repeat_order_count as frequency,
                    cast(first_to_last_days as double) as recency,
                    cast(observed_days as double) as "T",
                    coalesce(mean_repeat_amount, 0) as monetary_value
                from customer_rfm
                order by customer_id
            ) to '{file}' (format parquet)
        """)


if __name__ == "__main__":
    main(*sys.argv[1:])
