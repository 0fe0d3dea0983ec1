"""Looks at a table of orders before dbt does: that it is there, and which column is what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rfm_cli import order_columns
from rfm_cli.errors import BadInput
from rfm_cli.order_columns import ColumnChoice
from rfm_cli.orders_file import Wishes
from rfm_cli.warehouse import Target, open_warehouse
from rfm_cli.warehouse.base import split_name


@dataclass(frozen=True)
class OrdersTable:
    """How a table of orders is read.

    Attributes:
        name: as the user wrote it.
        columns: which column is what.
    """

    name: str
    columns: ColumnChoice

    def variables(self) -> dict[str, object]:
        """Give the settings of the dbt project that read the table, and nothing else."""
        *database, schema, table = split_name(self.name)
        return {
            "rfm_file_path": "",
            "rfm_table_database": database[0] if database else "",
            "rfm_table_schema": schema,
            "rfm_table_name": table,
            "rfm_table_customer_id": self.columns.customer_id,
            "rfm_table_ordered_at": self.columns.ordered_at,
            "rfm_table_amount": self.columns.amount,
            "rfm_table_order_id": self.columns.order_id or "",
        }


def inspect_table(target: Target, name: str, wishes: Wishes) -> OrdersTable:
    """Find out how to read a table of orders.

    Args:
        target: the warehouse it is in.
        name: `schema.table`, or `database.schema.table` where there are several databases.
        wishes: the columns that were asked for; the others are chosen by their names.

    Raises:
        BadInput: there is no such table, or a column is missing or could be one of several.
        WarehouseUnavailable: the warehouse cannot be reached, or the table may not be read.
    """
    parts = split_name(name)
    if len(parts) not in (2, 3) or not all(parts):
        raise BadInput(
            "a table is named with its schema",
            where=f"--orders-table {name}",
            hint="write it like raw.orders; a name with a dot in it needs double quotes",
        )
    if target.engine == "duckdb" and len(parts) == 3 and not target.path.exists():
        types = _attached_columns(target, name)
    else:
        with open_warehouse(target) as warehouse:
            types = warehouse.columns(warehouse.table(name))
    where = f"table {name} in {target.where}"
    return OrdersTable(name, order_columns.choose(None, where, types, wishes))


def _attached_columns(target: Target, name: str) -> dict[str, str]:
    """Look into an attached database before there is a database file of ours."""
    import tempfile

    import duckdb

    from rfm_cli.warehouse.duckdb import DuckDBWarehouse

    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.duckdb"
        duckdb.connect(empty).close()
        with DuckDBWarehouse(empty, settings=target.settings) as warehouse:
            return warehouse.columns(warehouse.table(name))
