"""`rfm explain`: why a customer has these scores, this segment and this value."""

from __future__ import annotations

from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, Database, ProjectDir, TargetName


def explain(
    *,
    customer: Annotated[
        str,
        typer.Argument(metavar="CUSTOMER", help="The id of a customer, or a record (source:id)."),
    ],
    record: Annotated[
        str | None,
        typer.Argument(
            metavar="RECORD", help="Another record (source:id): why both are one customer."
        ),
    ] = None,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Say in plain words who a customer is, and why these scores, this segment, this value."""
    from rfm_cli import console
    from rfm_cli.explanation import explain_customer, explain_records, in_words
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    warehouse = find_target(find_project(project_dir), target, database)
    if record is None:
        facts = explain_customer(warehouse, customer)
        lines = in_words(facts)
    else:
        facts, lines = explain_records(warehouse, customer, record)
    if as_json:
        console.print_json(facts)
        return
    out = console.stdout()
    for line in lines:
        # Lines are broken for people; a program gets each whole.
        out.print(line, markup=False, soft_wrap=not out.is_terminal)
