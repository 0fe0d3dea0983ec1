"""`rfm export`: one table as CSV or Parquet."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rfm_cli.commands.options import Database, ProjectDir, TargetName


class ExportFormat(StrEnum):
    """The formats of an export."""

    csv = "csv"
    parquet = "parquet"


def export(
    table: Annotated[str, typer.Argument(help="A table, such as best_customers.")],
    *,
    database: Database = None,
    target: TargetName = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="(default: stdout)"),
    ] = None,
    format: Annotated[
        ExportFormat | None,
        typer.Option(help="(default: by the ending of FILE, else csv)", show_default=False),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace FILE.")] = False,
    allowed_only: Annotated[
        bool,
        typer.Option(
            "--allowed-only", help="Leave out rows of sources that may not leave the warehouse."
        ),
    ] = False,
    project_dir: ProjectDir = None,
) -> None:
    """Write a table as CSV that is safe to open in a spreadsheet, or as Parquet.

    In CSV a text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay
    numbers. A table with data of sources whose allowed_use (seeds/source_register.csv) is neither
    all nor export is refused.
    """
    from rfm_cli.exporting import export_table
    from rfm_cli.project import find_project
    from rfm_cli.warehouse.targets import find_target

    by_ending = "parquet" if output and output.suffix.lower() == ".parquet" else "csv"
    chosen = format.value if format else by_ending
    warehouse = find_target(find_project(project_dir), target, database)
    row_count = export_table(
        warehouse, table, output, chosen, overwrite=overwrite, allowed_only=allowed_only
    )
    if output is not None:
        typer.echo(f"{row_count:,} rows of {table} are in {output}", err=True)
