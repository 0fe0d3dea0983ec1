"""`rfm audit`: can the three questions be answered, and what is missing."""

from __future__ import annotations

from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, Database, ProjectDir, TargetName


def audit(
    *,
    database: Database = None,
    target: TargetName = None,
    project_dir: ProjectDir = None,
    active_days: Annotated[
        int,
        typer.Option(min=1, metavar="DAYS", help="A customer who ordered within them is active."),
    ] = 365,
    as_json: AsJson = False,
) -> None:
    """Say how many customers there are, who they are and what they buy, as far as data allows.

    Grades what is there from A to F and names each thing that is missing with what it would unlock.
    """
    from rfm_cli import console
    from rfm_cli.audit.audit import audit as look
    from rfm_cli.audit.text import print_audit
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    project = find_project(project_dir)
    facts = look(project, find_target(project, target, database), active_days)
    if as_json:
        console.print_json(facts)
    else:
        print_audit(facts)
