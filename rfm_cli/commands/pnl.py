"""`rfm pnl`: the profit and loss statement of the customers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, Database, ProjectDir, TargetName


class By(StrEnum):
    """What the statement can be parted by."""

    customer = "customer"
    segment = "segment"
    product_line = "product-line"
    month = "month"
    source = "source"


def pnl(
    *,
    by: Annotated[
        By | None, typer.Option("--by", help="Show the parts of it too.", show_default=False)
    ] = None,
    top: Annotated[
        int,
        typer.Option(
            "--top",
            min=1,
            metavar="N",
            help="How many parts: the latest months, else those that leave most; of customers "
            "also those that leave least.",
        ),
    ] = 20,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Show what sales leave when goods, orders, messages and service are paid.

    Says what is estimated, what nobody caused, and what is not known.
    """
    from rfm_cli import console
    from rfm_cli.profit.statement import statement
    from rfm_cli.profit.statement_text import print_statement
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    where = find_target(find_project(project_dir), target, database)
    facts = statement(where, by.value if by else None, top)
    if as_json:
        console.print_json(facts)
    else:
        print_statement(facts)
