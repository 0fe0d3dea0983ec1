"""`rfm what-if`: what value would be if customers changed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from rfm_cli.commands.options import AsJson, Database, ProjectDir, TargetName


class SegmentBy(StrEnum):
    """What customers are grouped by."""

    rfm_segment = "rfm_segment"
    value_cell = "value_cell"


def what_if(
    *,
    order_rate: Annotated[
        float, typer.Option(min=-99, max=1000, metavar="PERCENT", help="Orders of the living.")
    ] = 0,
    dropout: Annotated[
        float, typer.Option(min=-99, max=1000, metavar="PERCENT", help="The chance to leave.")
    ] = 0,
    margin: Annotated[
        float, typer.Option(min=-100, max=1000, metavar="PERCENT", help="What an order leaves.")
    ] = 0,
    segment: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Of this segment only; may be given several times."),
    ] = None,
    segment_by: Annotated[
        SegmentBy, typer.Option(help="What customers are grouped by.")
    ] = SegmentBy.rfm_segment,
    database: Database = None,
    target: TargetName = None,
    as_json: AsJson = False,
    project_dir: ProjectDir = None,
) -> None:
    """Ask what value would be if customers ordered more often, left less or left more margin.

    Each change is in percent of what it is: `--order-rate 10 --dropout -5 --margin 2`. It asks the
    fit that scored the customers; nothing is stored.
    """
    from rfm_cli import console
    from rfm_cli.errors import BadInput
    from rfm_cli.project import find_project, project_settings
    from rfm_cli.warehouse.targets import find_target
    from rfm_cli.what_if import Question
    from rfm_cli.what_if import what_if as ask
    from rfm_cli.what_if_text import print_what_if

    if not (order_rate or dropout or margin):
        raise BadInput(
            "nothing changes",
            where="rfm what-if",
            hint="give --order-rate, --dropout or --margin in percent, such as --dropout -10",
        )
    project = find_project(project_dir)
    facts = ask(
        find_target(project, target, database),
        Question(
            segment_by=segment_by.value,
            segments=segment or [],
            order_rate=1 + order_rate / 100,
            dropout=1 + dropout / 100,
            margin=1 + margin / 100,
        ),
        float(project_settings(project)["rfm_ltv_annual_discount_rate"]),
    )
    if as_json:
        console.print_json(facts)
    else:
        print_what_if(facts)
