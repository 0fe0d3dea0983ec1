"""`rfm report`: one HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rfm_cli.commands.options import Database, ProjectDir, TargetName


def report(
    database: Database = None,
    target: TargetName = None,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="The HTML file to make or replace."),
    ] = Path("rfm_report.html"),
    project_dir: ProjectDir = None,
) -> None:
    """Write one self-contained HTML file: segments, value cells, best customers, data quality."""
    from rfm_cli.project import find_project
    from rfm_cli.report.page import write_report
    from rfm_cli.warehouse.targets import find_target

    write_report(find_target(find_project(project_dir), target, database), output)
    typer.echo(f"The report is in {output}", err=True)
