"""Options that several commands share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

Database = Annotated[
    Path | None,
    typer.Option(
        "--database",
        "-d",
        envvar="RFM_DATABASE",
        metavar="FILE",
        help="The DuckDB file with the results.  (default: rfm.duckdb)",
        show_default=False,
    ),
]
TargetName = Annotated[
    str | None,
    typer.Option(
        "--target",
        "-t",
        envvar="RFM_TARGET",
        metavar="NAME",
        help="The warehouse: a target of the project's profiles.yml (duckdb, postgres, spark).  "
        "(default: duckdb)",
        show_default=False,
    ),
]
ProjectDir = Annotated[
    Path | None,
    typer.Option(
        "--project-dir",
        metavar="DIR",
        help="The dbt project, if not this folder's or the one that comes with rfm.",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="Score as known on this date; orders from it on do not exist yet.  "
        "(default: the day after the last row of the orders)",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print every step on a line.")]
