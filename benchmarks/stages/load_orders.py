"""Puts a Parquet file of orders into raw.orders of a server (itself not measured).

Spark reads the file where it is; PostgreSQL gets a copy.

    python load_orders.py postgres|spark FILE FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pyarrow.parquet as pq
from stopwatch import Stopwatch

BATCH_ROWS = 500_000


def load_postgres(file: Path) -> None:
    from adbc_driver_postgresql import dbapi

    # The environment says where the server is.
    connected = dbapi.connect("postgresql://", autocommit=True)
    with connected as connection, connection.cursor() as cursor:
        cursor.execute("create schema raw")
        for number, batch in enumerate(pq.ParquetFile(file).iter_batches(BATCH_ROWS)):
            mode = "append" if number else "create"
            cursor.adbc_ingest("orders", batch, mode=mode, db_schema_name="raw")
        cursor.execute("analyze raw.orders")


def load_spark(file: Path, folder: Path) -> None:
    from pyhive import hive

    folder.mkdir()
    os.link(file, folder / file.name)
    host, port = os.environ["RFM_SPARK_HOST"], int(os.environ["RFM_SPARK_PORT"])
    with hive.connect(host=host, port=port) as connection, connection.cursor() as cursor:
        cursor.execute("create schema raw")
        cursor.execute(f"create table raw.orders using parquet location '{folder}'")


def main(engine: str, file: Path, folder: Path) -> None:
    stopwatch = Stopwatch()
    with stopwatch.step("load"):
        if engine == "postgres":
            load_postgres(file)
        else:
            load_spark(file, folder)
    stopwatch.report()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
