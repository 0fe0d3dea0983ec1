"""Read relations as Arrow and append Arrow to them; one file per engine, one face for all.

Open one with `open_warehouse(target)`; which engine and where it is says `targets.find_target`.
"""

from __future__ import annotations

from rfm_cli.warehouse.base import Warehouse
from rfm_cli.warehouse.targets import Target

__all__ = ["Target", "Warehouse", "open_warehouse"]


def open_warehouse(target: Target, *, read_only: bool = True) -> Warehouse:
    """Connect to the warehouse of a target; use it with `with`, which ends the connection.

    Raises:
        BadInput: the database does not exist, or the driver of the engine is not installed.
        WarehouseUnavailable: it cannot be reached, is locked, or refuses us.
    """
    if target.engine == "postgres":
        from rfm_cli.warehouse.postgres import PostgresWarehouse

        return PostgresWarehouse(target)
    if target.engine == "spark":
        from rfm_cli.warehouse.spark import SparkWarehouse

        return SparkWarehouse(target)
    from rfm_cli.warehouse.duckdb import DuckDBWarehouse

    return DuckDBWarehouse(target.path, read_only=read_only, settings=target.settings)
