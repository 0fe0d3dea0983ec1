"""`rfm report`: one HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rfm_cli.commands.options import DEFAULT_DATABASE, Database


def report(
    database: Database = DEFAULT_DATABASE,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="The HTML file to make or replace."),
    ] = Path("rfm_report.html"),
) -> None:
    """Write one self-contained HTML file: segments, value cells, best customers, data quality."""
    from rfm_cli.report.page import write_report

    write_report(database, output)
    typer.echo(f"The report is in {output}", err=True)
