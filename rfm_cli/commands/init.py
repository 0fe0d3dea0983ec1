"""`rfm init`: a dbt project to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that is empty or does not exist.")
    ] = Path("rfm"),
) -> None:
    """Copy the dbt project out, to change its settings, rules and models."""
    from rfm_cli.starter import copy_project

    copy_project(directory)
    typer.echo(f"Your project is in {directory}. Next:")
    typer.echo(f"  cd {directory}")
    typer.echo("  rfm run --orders FILE")
