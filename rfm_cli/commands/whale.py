"""`rfm whale`: who makes the profit, and who eats it."""

from __future__ import annotations

from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, Database, ProjectDir, TargetName


def whale(
    *,
    top: Annotated[
        int, typer.Option("--top", min=1, metavar="N", help="How many customers of each kind.")
    ] = 5,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Show how much of the profit the best customers make, and who takes from it.

    Names who loses money, who spends much and leaves nothing, and who gets too much or too little
    attention for it. Without costs it shows how much of the revenue the best customers bring.
    """
    from rfm_cli import console
    from rfm_cli.profit.whale import whale as look
    from rfm_cli.profit.whale_text import print_whale
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    facts = look(find_target(find_project(project_dir), target, database), top)
    if as_json:
        console.print_json(facts)
    else:
        print_whale(facts)
