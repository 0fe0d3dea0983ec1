"""Measures the scoring of rfm alone: dbt's own SQL, run on the database that `rfm run` built.

Everyone gets P(alive), expected orders in 90 and 365 days, order value, the discounted value of 12
and 36 months and its interval (which no peer has). Writing the tables and closing the database
count.

    python rfm_score.py DATABASE COMPILED_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from compiled import compiled_sql
from stopwatch import Stopwatch

TABLES = {
    "int_ltv__expected_orders": "main_intermediate",
    "int_ltv__lookup": "main_intermediate",
    "customer_ltv": "main",
}


def main(database: str, compiled: Path) -> None:
    stopwatch = Stopwatch()
    connection = duckdb.connect(database)
    # As in profiles.yml.
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set disabled_compression_methods = 'dictionary'")
    for name, schema in TABLES.items():
        with stopwatch.step(name):
            connection.execute(
                f"create or replace table {schema}.{name} as {compiled_sql(compiled, name)}"
            )
    with stopwatch.step("close the database"):
        connection.close()
    stopwatch.report()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
