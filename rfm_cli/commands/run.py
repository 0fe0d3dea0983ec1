"""`rfm run`: the whole round, from orders to scores, values and the best customers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rfm_cli.commands.options import (
    AsJson,
    AsOf,
    Database,
    ProjectDir,
    Quiet,
    TargetName,
    Verbose,
)


class Cadence(StrEnum):
    """How far the as-of dates of the history lie apart."""

    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"


class OrderModel(StrEnum):
    """The model of when customers order and when they stop."""

    mbg_nbd = "mbg_nbd"
    bg_nbd = "bg_nbd"
    pareto_nbd = "pareto_nbd"


class DecimalMark(StrEnum):
    """What stands before the decimals of an amount."""

    point = "."
    comma = ","


_FILE = "The file of orders"
_HISTORY = "History"


def run(
    *,
    orders: Annotated[
        Path | None,
        typer.Option(
            "--orders",
            "-o",
            metavar="FILE",
            help="CSV or Parquet, one row per order or order line.  "
            "(default: the sources of the project)",
        ),
    ] = None,
    orders_table: Annotated[
        str | None,
        typer.Option(
            metavar="SCHEMA.TABLE", help="A table of orders in the warehouse, instead of a file."
        ),
    ] = None,
    database: Database = None,
    target: TargetName = None,
    as_of: AsOf = None,
    model: Annotated[
        OrderModel | None, typer.Option(help="The lifetime value model.", show_default=False)
    ] = None,
    customer_id: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Who ordered.", rich_help_panel=_FILE),
    ] = None,
    ordered_at: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="When.", rich_help_panel=_FILE),
    ] = None,
    amount: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN", help="For how much; refunds are negative.", rich_help_panel=_FILE
        ),
    ] = None,
    order_id: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN", help="Rows with one order id are one order.", rich_help_panel=_FILE
        ),
    ] = None,
    date_format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT", help="Such as %d/%m/%Y %H:%M, or iso.", rich_help_panel=_FILE
        ),
    ] = None,
    decimal_mark: Annotated[
        DecimalMark | None,
        typer.Option(
            help="What stands before the decimals.", rich_help_panel=_FILE, show_default=False
        ),
    ] = None,
    cadence: Annotated[
        Cadence | None,
        typer.Option(help="The rhythm of the history.", rich_help_panel=_HISTORY),
    ] = None,
    history: Annotated[
        int | None,
        typer.Option(
            min=0, metavar="N", help="How many earlier as-of dates.", rich_help_panel=_HISTORY
        ),
    ] = None,
    restate: Annotated[
        bool,
        typer.Option(
            "--restate", help="Compute finished history dates anew.", rich_help_panel=_HISTORY
        ),
    ] = False,
    accept_fewer_rows: Annotated[
        bool,
        typer.Option(
            "--accept-fewer-rows",
            help="Go on though a source lost more than half of its rows since the last run.",
        ),
    ] = False,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Score customers from their orders: build, learn, build.

    Columns, dates and decimal marks are found and printed; options overrule what was found.
    The marts are replaced all together, or left as they were.
    """
    from rfm_cli import console
    from rfm_cli.orders_file import Wishes
    from rfm_cli.project import find_project
    from rfm_cli.round import run_round
    from rfm_cli.sources import look_at_orders
    from rfm_cli.summary import add_source, summarise
    from rfm_cli.summary_text import print_summary
    from rfm_cli.warehouse.targets import find_target

    variables: dict[str, object] = {
        "rfm_as_of_date": as_of.date().isoformat() if as_of else None,
        "rfm_cadence": cadence.value if cadence else None,
        "rfm_history_periods": history,
        "rfm_ltv_model": model.value if model else None,
        "rfm_restate": True if restate else None,
        "rfm_accept_fewer_rows": True if accept_fewer_rows else None,
    }
    variables = {name: value for name, value in variables.items() if value is not None}
    mark = decimal_mark.value if decimal_mark else None
    wishes = Wishes(customer_id, ordered_at, amount, order_id, date_format, mark)
    project = find_project(project_dir)
    warehouse = find_target(project, target, database)
    with console.reporter(quiet=quiet or as_json, verbose=verbose) as reporter:
        source = look_at_orders(
            project,
            warehouse,
            variables,
            reporter,
            orders=orders,
            table=orders_table,
            wishes=wishes,
        )
        if source is not None:
            variables = {**source.variables(), **variables}
        result = run_round(project, warehouse, variables, reporter, source)
        facts = add_source(summarise(warehouse, result), source)
    if as_json:
        console.print_json(facts)
    elif not quiet:
        print_summary(facts)
