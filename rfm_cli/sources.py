"""Where the orders of a run come from: a file, a table of the warehouse, or the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rfm_cli.console import Reporter
from rfm_cli.errors import BadInput
from rfm_cli.orders_file import OrdersFile, Wishes, inspect
from rfm_cli.orders_table import OrdersTable, inspect_table
from rfm_cli.project import project_settings, shipped_project
from rfm_cli.settings import check_settings, column_wishes
from rfm_cli.summary_text import print_source
from rfm_cli.warehouse import Target


def look_at_orders(
    project_dir: Path,
    target: Target,
    variables: Mapping[str, object],
    reporter: Reporter,
    *,
    orders: Path | None,
    table: str | None,
    wishes: Wishes,
) -> OrdersFile | OrdersTable | None:
    """Look at the orders that the command line names, before dbt does.

    Args:
        project_dir: the folder of the dbt project.
        target: the warehouse.
        variables: the settings that the command line overrides.
        reporter: told what was found.
        orders: a file, read by DuckDB.
        table: a table of the warehouse.
        wishes: what the command line says about columns.

    Returns:
        What was found; None when the project's own sources are to be used.

    Raises:
        BadInput: both or the wrong one are named, or what is named cannot be used.
        WarehouseUnavailable: the warehouse cannot be reached.
    """
    if orders is not None and table is not None:
        raise BadInput("a file and a table of orders are named", hint="name one of them")
    settings, shipped = project_settings(project_dir), project_settings(shipped_project())
    if orders is not None:
        if target.engine != "duckdb":
            raise BadInput(
                f"a file can be read by DuckDB only, and the target {target.name} is a server",
                where=f"--orders {orders}",
                hint="load the orders into a table there and name it with --orders-table",
            )
        reporter.step("Looking at the file")
        told = column_wishes("file", wishes, settings, shipped)
        check_settings({**settings, **variables, "rfm_file_path": ""}, project_dir)
        found: OrdersFile | OrdersTable = inspect(orders, told)
    elif table is not None:
        _only_for_files(wishes)
        reporter.step("Looking at the table")
        told = column_wishes("table", wishes, settings, shipped)
        check_settings({**settings, **variables, "rfm_file_path": ""}, project_dir)
        found = inspect_table(target, table, told)
    else:
        return None
    print_source(found, reporter)
    return found


def _only_for_files(wishes: Wishes) -> None:
    if replace(wishes, date_format=None, decimal_mark=None) != wishes:
        raise BadInput(
            "--date-format and --decimal-mark are for files",
            where="--orders-table",
            hint="dates of a table are typed or ISO text, amounts numbers or text with a point; "
            "else make a view that casts them",
        )
