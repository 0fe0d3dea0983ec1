"""`rfm fit`: learn only; the next build scores with what was learned."""

from __future__ import annotations

from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, Database, ProjectDir, TargetName
from rfm_cli.commands.run import OrderModel


def fit(
    database: Database = None,
    target: TargetName = None,
    model: Annotated[
        OrderModel | None,
        typer.Option(
            help="The lifetime value model.  (default: the project's)", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Learn the lifetime value models from what `rfm run` made, and nothing else.

    The scores stay as they are until the next `rfm run` or `dbt build`.
    """
    from dataclasses import asdict

    from rfm_cli import console
    from rfm_cli.ltv_checks import findings, read_checks, read_diagnostics, with_diagnostics
    from rfm_cli.project import find_project, project_settings
    from rfm_cli.round import learn_again
    from rfm_cli.warehouse import open_warehouse
    from rfm_cli.warehouse.targets import find_target

    project = find_project(project_dir)
    settings = project_settings(project)
    warehouse = find_target(project, target, database)
    learned = learn_again(
        warehouse,
        model.value if model else str(settings["rfm_ltv_model"]),
        str(settings.get("rfm_ltv_pooling", "partial")),
    )
    with open_warehouse(warehouse) as opened:
        checks = with_diagnostics(read_checks(opened), read_diagnostics(opened, learned.run_id))
    warnings = [found.text for found in findings(checks, None) if found.is_warning]
    if as_json:
        console.print_json({**asdict(learned), "checks": checks, "warnings": warnings})
        return
    if not learned.is_accepted:
        text = f"{learned.model} was not fitted: {learned.refusal_reason}"
    elif learned.is_new:
        text = (
            f"{learned.model} is fitted as of {learned.as_of_date}; the next build scores with it."
        )
        if learned.group_count:
            text += f" Each of {learned.group_count} groups of customers has a fit of its own."
        elif learned.refusal_reason:
            text += f" No fits of groups: {learned.refusal_reason}"
    else:
        text = f"{learned.model} was fitted to these orders before; nothing changed."
    travelled = (
        f"{learned.rows_read:,} rows of counts were read, "
        f"{learned.rows_written:,} learned rows written."
    )
    console.stdout().print(text, travelled, soft_wrap=True, markup=False)
    for warning in warnings:
        console.stdout().print(f"warning: {warning}", soft_wrap=True, markup=False)
